"""Tags of the account pages."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.template import Context

from nexxio.core.identity import devices, factors

register = template.Library()


@register.simple_tag
def site_address() -> str:
    """Return the address by which the site is known (NEXXIO_SITE_URL)."""
    return str(settings.SITE_URL)


@register.simple_tag
def support() -> dict[str, Any]:
    """Return whom to call when nobody of the organisation can help."""
    return dict(settings.SUPPORT)


@register.simple_tag(takes_context=True)
def passkeys_here(context: Context) -> bool:
    """Tell whether browsers allow passkeys at this page's address."""
    return factors.passkeys_here(context["request"])


@register.filter
def device(agent: str) -> str:
    """Return a browser in words."""
    return devices.device_words(agent)
