"""The entry of evaluations in the frame of each portal."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluations import policies
from evaluations.training_cards import cards_for
from nexxio.core.actors import Actor, Side
from nexxio.core.shell import NavItem, nav, nav_item


@nav(order=15)
def steering_entry(actor: Actor, slug: str, path: str) -> list[NavItem]:
    """Return a landlord's steering page."""
    if actor.side is not Side.LANDLORD:
        return []
    url = reverse("evaluations:landlord_steering", args=[slug])
    return [nav_item(_("Pilotage"), url, "chart-bar", path)]


@nav(order=16)
def cards_entry(actor: Actor, slug: str, path: str) -> list[NavItem]:
    """Return the cards of a member's role, where it has any."""
    if not cards_for(actor.side, actor.roles, actor.department):
        return []
    url = reverse(f"evaluations:{actor.side.value}_cards", args=[slug])
    return [nav_item(_("Fiches pratiques"), url, "bulb", path)]


@nav(order=14)
def evaluations_entry(actor: Actor, slug: str, path: str) -> list[NavItem]:
    """Return the entry for an actor."""
    if not policies.reads(actor):
        return []
    url = reverse(f"evaluations:{actor.side.value}_home", args=[slug])
    return [nav_item(_("Évaluations"), url, "message-star", path)]
