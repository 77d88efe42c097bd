"""What the order page shows of the printed order."""

from __future__ import annotations

from dataclasses import dataclass

from nexxio.core import links
from nexxio.core.actors import Actor
from orders import policies
from orders.models import DocumentState, Order, OrderDocument
from orders.services.documents import latest_documents


@dataclass(frozen=True)
class DocumentCard:
    """The order page's card of the printed order, with what its reader may do.

    document: the newest one that can be read; is_failed: of a newer one.
    """

    document: OrderDocument | None
    is_preparing: bool
    is_failed: bool
    can_fetch: bool
    can_ask: bool
    can_rule_paper: bool
    has_code: bool

    @property
    def is_clear(self) -> bool:
        """Whether reading it is reading the contact."""
        return self.document is not None and self.document.in_clear


def document_card(actor: Actor, order: Order) -> DocumentCard | None:
    """Return the card; None while the contractor doesn't have the order. order: from its door."""
    if order.contractor_id is None:
        return None
    latest, readable = latest_documents(order)
    under_way = policies.is_printing(latest) or (latest is None and policies.has_just_left(order))
    rules = policies.rules_paper(actor, order)
    return DocumentCard(
        document=readable,
        is_preparing=under_way,
        is_failed=latest is not None and not under_way and latest.state != DocumentState.READY,
        can_fetch=policies.fetches(actor),
        can_ask=policies.prints(actor, order) and not under_way,
        can_rule_paper=rules,
        has_code=rules
        and links.paper_of(landlord_id=order.landlord_id, order_id=order.pk) is not None,
    )
