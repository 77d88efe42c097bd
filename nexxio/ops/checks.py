"""What must hold together on a real site: `manage.py check --deploy` (and --database default).

Nothing here can be seen to be wrong by a page that works: http addresses, a mail server that is
this machine, one login for everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from nexxio.core.db.roles import OWNER_ROLE, SYSTEM_ROLE
from nexxio.ops.walls import missing_walls


@register(deploy=True)
def check_addresses(**_kwargs: Any) -> list[CheckMessage]:
    """People and links reach site and administration by https, at a host that is allowed."""
    found: list[CheckMessage] = []
    for name in ("SITE_URL", "ADMIN_URL"):
        parts = urlsplit(getattr(settings, name))
        if parts.scheme != "https" or not parts.hostname:
            found.append(Error(f"NEXXIO_{name} must be an https address.", id="nexxio.E010"))
        elif parts.hostname not in settings.ALLOWED_HOSTS:
            message = f"NEXXIO_ALLOWED_HOSTS lacks the host of NEXXIO_{name}."
            found.append(Error(message, id="nexxio.E011"))
    return found


@register(deploy=True)
def check_mail(**_kwargs: Any) -> list[CheckMessage]:
    """Messages leave this machine, from an address of ours, encrypted."""
    found: list[CheckMessage] = []
    if settings.EMAIL_BACKEND.rpartition(".")[0].endswith(("console", "filebased", "locmem")):
        found.append(Error("E-mails go nowhere: set NEXXIO_MAIL_URL.", id="nexxio.E012"))
    elif not settings.EMAIL_HOST:
        found.append(Error("NEXXIO_MAIL_URL names no server.", id="nexxio.E012"))
    elif not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL) and settings.EMAIL_HOST_PASSWORD:
        message = "NEXXIO_MAIL_URL sends a password in clear: use smtp+tls or smtps."
        found.append(Error(message, id="nexxio.E013"))
    if settings.DEFAULT_FROM_EMAIL.rstrip(">").endswith("localhost"):
        message = "NEXXIO_MAIL_FROM must be an address that people can recognise."
        found.append(Error(message, id="nexxio.E014"))
    return found


@register(deploy=True)
def check_logins(**_kwargs: Any) -> list[CheckMessage]:
    """Site, system and owner log in by names of their own, as far as this process knows them."""
    known = [user for user in settings.DATABASE_LOGINS.values() if user]
    if len(set(known)) != len(known):
        message = "DATABASE_URL, DATABASE_SYSTEM_URL and DATABASE_OWNER_URL share a login."
        return [Error(message, id="nexxio.E015")]
    return []


@register(Tags.database)
def check_login_rights(
    databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """The login of this process is no stronger than its work: asked from PostgreSQL itself."""
    if "default" not in (databases or ()):
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolbypassrls,"
            " EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p')),"
            " pg_has_role(r.oid, %s, 'MEMBER'), pg_has_role(r.oid, %s, 'MEMBER')"
            " FROM pg_roles r WHERE rolname = session_user",
            [OWNER_ROLE, SYSTEM_ROLE],
        )
        login, is_super, bypasses, owns, is_owner, is_system = cursor.fetchone()
    found: list[CheckMessage] = []
    if is_super or bypasses:
        message = f"The login {login} is a superuser or bypasses row-level security."
        found.append(Error(message, id="nexxio.E016"))
    if settings.LOGIN != "owner" and (owns or is_owner):
        message = f"The login {login} owns tables, or may become their owner."
        found.append(Error(message, id="nexxio.E017"))
    if settings.LOGIN == "site" and is_system:
        message = f"The site's login {login} may enter the system's scope."
        found.append(Error(message, id="nexxio.E018"))
    return found


@register(Tags.database)
def check_walls(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Row-level security stands as the models ask for it, once every migration has run."""
    if "default" not in (databases or ()):
        return []
    executor = MigrationExecutor(connections["default"])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return []  # `migrate` asks before it builds them
    with connections["default"].cursor() as cursor:
        missing = missing_walls(cursor)
    return [Error(f"The second wall lacks {name}.", id="nexxio.E019") for name in missing]
