"""The entry of evaluations in the frame of each portal."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluations import policies
from nexxio.core.actors import Actor, Side
from nexxio.core.shell import NavItem, nav, nav_item


@nav(order=15)
def steering_entry(actor: Actor, slug: str, path: str) -> list[NavItem]:
    """Return a landlord's steering page."""
    if actor.side is not Side.LANDLORD:
        return []
    url = reverse("evaluations:landlord_steering", args=[slug])
    return [nav_item(_("Pilotage"), url, "chart-bar", path)]


@nav(order=14)
def evaluations_entry(actor: Actor, slug: str, path: str) -> list[NavItem]:
    """Return the entry for an actor."""
    if not policies.reads(actor):
        return []
    url = reverse(f"evaluations:{actor.side.value}_home", args=[slug])
    return [nav_item(_("Évaluations"), url, "message-star", path)]
