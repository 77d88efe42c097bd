"""docker-compose.yml and the Dockerfile as data: what each service runs, and with what."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
OURS = [name for name, found in SERVICES.items() if found["image"].startswith("nexxio")]
VALUES = {
    "NEXXIO_SITE_URL": "https://nexxio.example",
    "NEXXIO_ADMIN_URL": "https://admin.nexxio.example",
    "NEXXIO_ALLOWED_HOSTS": "nexxio.example,admin.nexxio.example",
    "NEXXIO_MAIL_FROM": "Nexxio <ne-pas-repondre@nexxio.example>",
}


def image_environment() -> dict[str, str]:
    """ENV of the image of the site, but the path."""
    pattern = re.compile(r"^FROM \S+ AS site$.*?^ENV (.*?[^\\])$", re.MULTILINE | re.DOTALL)
    (text,) = pattern.findall(DOCKERFILE)
    pairs = re.findall(r"(\w+)=(\S+)", text)
    return {name: value for name, value in pairs if name != "PATH"}


def environment(service: str) -> dict[str, str]:
    """Variables of a service, `${…}` filled in as on a machine with only what is demanded."""
    found = {}
    for name, value in SERVICES[service].get("environment", {}).items():
        found[name] = re.sub(
            r"\$\{(\w+)(?::[?-]([^}]*))?\}",
            lambda match: VALUES.get(match[1], "" if "-" not in match[0] else match[2] or ""),
            str(value),
        )
    return found


def image_command() -> list[str]:
    """CMD of the image of the site."""
    commands = re.findall(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    return list(json.loads(commands[0]))


def command(service: str) -> list[str]:
    """What a service of ours runs."""
    return list(SERVICES[service].get("command") or image_command())


def secrets(service: str) -> set[str]:
    """Files that the service finds below /run/secrets."""
    return set(SERVICES[service].get("secrets", ()))
