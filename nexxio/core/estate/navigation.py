"""The estate's entry in the landlord's frame."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Actor, Side
from nexxio.core.shell import NavItem, nav, nav_item


@nav(order=50)
def estate_entry(actor: Actor, slug: str, path: str) -> list[NavItem]:
    """Return the entry for a landlord's member."""
    if actor.side is not Side.LANDLORD:
        return []
    return [nav_item(_("Patrimoine"), reverse("estate:groups", args=[slug]), "building", path)]
