"""What this app puts into the pages of orders."""

from __future__ import annotations

from contractors.selectors.pages import panel
from nexxio.core.actors import Actor
from nexxio.core.slots import Part, fills
from orders.models import Order


@fills("order.money")
def invoicing(actor: Actor, order: Order) -> Part | None:
    """Fill the place below an order's price lines: its invoice, and what holds or would hold it."""
    found = panel(actor, order)
    if found is None:
        return None
    return Part("contractors/panel.html", {"panel": found, "side": actor.side.value})
