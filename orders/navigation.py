"""The orders' entries in the frame of each portal."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Actor, Role, Side
from nexxio.core.shell import NavItem, nav, nav_item


@nav(order=10)
def order_entries(actor: Actor, slug: str, path: str) -> list[NavItem]:
    """Return the entries for an actor."""

    def item(label: object, name: str, icon: str) -> NavItem:
        return nav_item(label, reverse(f"orders:{name}", args=[slug]), icon, path)

    if actor.side is Side.LANDLORD:
        home = reverse("orders:landlord_home", args=[slug])
        orders = item(_("Commandes"), "landlord_list", "clipboard-list")
        board = item(_("Tableau"), "landlord_board", "layout-kanban")
        return [
            {**item(_("Aujourd’hui"), "landlord_home", "home"), "active": path == home},
            {**orders, "active": orders["active"] and not board["active"]},
            board,
            item(_("Messages"), "landlord_inbox", "message"),
            item(_("Parapheur"), "landlord_parapheur", "signature"),
            item(_("Réserves"), "landlord_reserves", "flag"),
            item(_("Marchés"), "landlord_contracts", "file-text"),
        ]
    if actor.side is Side.CONTRACTOR and actor.roles != {Role.TECHNICIAN}:
        home = reverse("orders:contractor_home", args=[slug])
        orders = item(_("Commandes"), "contractor_list", "clipboard-list")
        board = item(_("Tableau"), "contractor_board", "layout-kanban")
        return [
            {**item(_("Aujourd’hui"), "contractor_home", "home"), "active": path == home},
            {**orders, "active": orders["active"] and not board["active"]},
            board,
            item(_("Messages"), "contractor_inbox", "message"),
            item(_("Planning"), "contractor_planning", "calendar-week"),
            item(_("Terrain"), "field_day", "device-mobile"),
            item(_("Réserves"), "contractor_reserves", "flag"),
            item(_("Marchés"), "contractor_contracts", "file-text"),
        ]
    return []
