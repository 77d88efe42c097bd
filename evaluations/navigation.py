"""The entry of evaluations in the frame of each portal."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluations import policies
from nexxio.core.actors import Actor
from nexxio.core.shell import NavItem, nav, nav_item


@nav(order=14)
def evaluations_entry(actor: Actor, slug: str, path: str) -> list[NavItem]:
    """Return the entry for an actor."""
    if not policies.reads(actor):
        return []
    url = reverse(f"evaluations:{actor.side.value}_home", args=[slug])
    return [nav_item(_("Évaluations"), url, "message-star", path)]
