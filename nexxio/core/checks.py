"""System checks: what must hold together."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

_SCOPE = "nexxio.core.middleware.ScopeMiddleware"
_AUTH = "django.contrib.auth.middleware.AuthenticationMiddleware"


@register()
def check_scope_middleware(**_kwargs: Any) -> list[CheckMessage]:
    """The scope comes after log-in, and is the innermost."""
    order = list(settings.MIDDLEWARE)
    if _SCOPE not in order or order.index(_SCOPE) < order.index(_AUTH):
        return [
            Error("ScopeMiddleware must stand after AuthenticationMiddleware.", id="nexxio.E001")
        ]
    return []


@register()
def check_backend(**_kwargs: Any) -> list[CheckMessage]:
    """Without our backend the second wall is never told for whom it stands."""
    if settings.DATABASES["default"]["ENGINE"] != "nexxio.core.db.backend":
        return [Error("DATABASES must use nexxio.core.db.backend.", id="nexxio.E002")]
    return []


@register(deploy=True)
def check_demo(**_kwargs: Any) -> list[CheckMessage]:
    """The demo's pages show messages and log-ins."""
    if settings.DEMO:
        return [Warning("NEXXIO_DEMO must be off on a real site.", id="nexxio.W001")]
    return []
