"""The members' entry in the frames of both sides."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Actor, Role, Side
from nexxio.core.shell import NavItem, nav, nav_item


@nav(order=80)
def members_entry(actor: Actor, slug: str, path: str) -> list[NavItem]:
    """Return the entry, for whoever works in an office."""
    if actor.side not in (Side.LANDLORD, Side.CONTRACTOR):
        return []
    if not actor.has(Role.MANAGER, Role.CLERK, Role.READER):
        return []
    url = reverse(f"members:{actor.side}_list", args=[slug])
    return [nav_item(_("Membres"), url, "users", path)]
