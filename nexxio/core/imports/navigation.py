"""The imports' entry in the landlord's frame."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Actor, Side
from nexxio.core.imports.registry import kinds_for
from nexxio.core.shell import NavItem, nav, nav_item


@nav(order=60)
def imports_entry(actor: Actor, slug: str, path: str) -> list[NavItem]:
    """Return the entry for whoever may import something."""
    if actor.side is not Side.LANDLORD or not kinds_for(actor):
        return []
    return [nav_item(_("Imports"), reverse("imports:index", args=[slug]), "file-import", path)]
