"""Typed readers of the environment that fail loudly.

A secret may come from a file: ``NAME_FILE`` holds its path. An unknown ``NEXXIO_…`` variable is
an error, because a misspelt setting is worse than a missing one.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

KNOWN = {
    "NEXXIO_ADMIN_URL",
    "NEXXIO_ALLOWED_HOSTS",
    "NEXXIO_DATA",
    "NEXXIO_DEMO",
    "NEXXIO_FILE_READING_DAYS",
    "NEXXIO_HEARTBEAT",
    "NEXXIO_IMPORT_FILE_DAYS",
    "NEXXIO_LINK_KEY",
    "NEXXIO_LOGIN",
    "NEXXIO_MAIL_FROM",
    "NEXXIO_MAIL_URL",
    "NEXXIO_METRICS_TOKEN",
    "NEXXIO_POOL",
    "NEXXIO_PROXIES",
    "NEXXIO_SEAL",
    "NEXXIO_SITE_URL",
    "NEXXIO_STAFF_SECOND_FACTOR",
    "NEXXIO_STATIC",
    "NEXXIO_SUPPORT_EMAIL",
    "NEXXIO_SUPPORT_NAME",
    "NEXXIO_SUPPORT_PHONE",
}


def text(name: str, default: str | None = None) -> str:
    """Value of `name` (or content of the file that ``name_FILE`` points to).

    Raises ImproperlyConfigured when it is missing and has no default.
    """
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE: {error}") from error
    value = os.environ.get(name, default)
    if value is None or (value == "" and default is None):
        raise ImproperlyConfigured(f"{name} is not set (nor {name}_FILE).")
    return value


def flag(name: str, *, default: bool = False) -> bool:
    """Read 1/0, true/false, yes/no; anything else is an error."""
    value = os.environ.get(name)
    if value is None or value == "":
        return default
    if value.lower() in {"1", "true", "yes"}:
        return True
    if value.lower() in {"0", "false", "no"}:
        return False
    raise ImproperlyConfigured(f"{name}: {value!r} is neither 1 nor 0.")


def number(name: str, default: int) -> int:
    """Read a whole number."""
    value = os.environ.get(name)
    if not value:
        return default
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {value!r} is not a whole number.") from error


def choice(name: str, allowed: tuple[str, ...], default: str) -> str:
    """Read one of the allowed words."""
    value = os.environ.get(name) or default
    if value not in allowed:
        raise ImproperlyConfigured(f"{name}: {value!r} is not one of {', '.join(allowed)}.")
    return value


def words(name: str, default: str = "") -> list[str]:
    """Read a comma-separated list."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def database(url: str) -> dict[str, object]:
    """Turn ``postgresql://login:password@host:port/name?option=value`` into Django's entry."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured("A database address looks like postgresql://login:…@host/name.")
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def refuse_unknown() -> None:
    """Raise ImproperlyConfigured when a NEXXIO_ variable is not one that we read."""
    unknown = sorted(
        name
        for name in os.environ
        if name.startswith("NEXXIO_") and name.removesuffix("_FILE") not in KNOWN
    )
    if unknown:
        raise ImproperlyConfigured(f"Unknown settings in the environment: {', '.join(unknown)}.")
