"""The printed order: what its contractor needs, in the order in which he needs it."""

from __future__ import annotations

from dataclasses import dataclass

from orders import policies
from orders.models import (
    Order,
    OrderBudget,
    OrderClauses,
    OrderContact,
    OrderDocument,
    OrderFile,
    OrderLine,
    OrderLink,
    Visit,
)
from orders.natures import VAT_MENTION
from orders.selectors.pages import access_labels
from orders.services.amounts import Extra, RateTotals, extras_of, totals_by_rate
from orders.services.clauses import clauses_of
from orders.services.order_files import files_of
from orders.services.pieces import pieces_asked
from orders.states import OPEN_VISIT
from orders.terms import piece_labels


@dataclass(frozen=True)
class Sheet:
    """All that the printed order says, in the order in which its contractor needs it."""

    order: Order
    number: int
    in_clear: bool
    visit: Visit | None
    contact: OrderContact | None
    access_labels: list[str]
    lines: list[OrderLine]
    extras: list[Extra]
    rates: list[RateTotals]
    budget: OrderBudget
    code_url: str
    pieces: list[str]
    files: list[OrderFile]
    clauses: OrderClauses
    links: list[OrderLink]

    vat_mention = VAT_MENTION

    @property
    def title(self) -> str:
        """The document's own title."""
        return f"Bon de commande {self.order.reference}, {self.order.landlord.name}"


def sheet(document: OrderDocument, code_url: str) -> Sheet:
    """Return what is printed. Runs in the landlord's scope.

    Phone and access are on it only where the contractor may read them at this moment, on paper as
    on the page.
    """
    order: Order = Order.objects.select_related(
        "landlord", "contractor", "contract", "trade", "budget"
    ).get(pk=document.order_id)
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    lines = list(OrderLine.objects.filter(**own).order_by("rank"))
    extras = extras_of(order)
    in_clear = policies.contact_is_open(order)
    contact = OrderContact.objects.get(**own) if in_clear else None
    return Sheet(
        order=order,
        number=document.number,
        in_clear=in_clear,
        visit=Visit.objects.filter(**own, state__in=OPEN_VISIT).first(),
        contact=contact,
        access_labels=access_labels(contact),
        lines=lines,
        extras=extras,
        rates=totals_by_rate([*lines, *extras]),
        budget=order.budget,
        code_url=code_url,
        pieces=piece_labels(pieces_asked(order)),
        # Runs as the landlord: what is for him alone isn't printed for the company.
        files=[row for row in files_of(order) if row.for_contractor],
        clauses=clauses_of(order),
        links=list(OrderLink.objects.filter(**own).select_related("trade").order_by("reference")),
    )
