"""The page of an invoice, and the panel on its order's page."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from contractors import causes_book, clock_wording, policies
from contractors.legal_clock import Result
from contractors.legality import Act, Warned
from contractors.matching import Comparison
from contractors.models import (
    Block,
    Invoice,
    InvoiceLine,
    Payment,
    ReceivedInvoice,
    Suspension,
)
from contractors.selectors.blocks import BlockCard, cards, label_of, open_of_order
from contractors.selectors.files import FileCard, file_card
from contractors.selectors.invoices import invoice_status, is_late
from contractors.selectors.proofs import ProofCard, proof_card
from contractors.selectors.received import received_of
from contractors.services import cautions
from contractors.services.answers import approval_obstacle
from contractors.services.comparing import comparison_of
from contractors.services.due_dates import clock_of
from contractors.services.invoices import obstacle
from contractors.services.moves import live_invoice
from contractors.states import GIVEN_UP, INVOICE, code_label, code_of
from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from orders.models import Order
from orders.selectors.history import HistoryEntry, subject_history
from orders.selectors.status import Status
from orders.services.amounts import RateTotals, totals_by_rate
from orders.states import FINISHED


@dataclass(frozen=True)
class Lateness:
    """What the legal clock says today. Every sum is an estimate, without legal force.

    result: with interest only where something is late; why: what is missing for a sum, "".
    """

    result: Result
    why: str
    estimate: str


@dataclass(frozen=True)
class InvoicePage:
    """All that the page of an invoice shows, and what its reader may do.

    obstacle: why all of it can't be approved, "". lateness: None before it is filed. by_chorus:
    the landlord takes invoices through Chorus Pro only. received, comparison: of an invoice that
    came as a file, beside its order and certificate.
    """

    invoice: Invoice
    status: Status
    code: str
    code_label: str
    cause_label: str
    lines: list[InvoiceLine]
    rates: list[RateTotals]
    blocks: list[BlockCard]
    closed: list[BlockCard]
    blocked: Decimal
    suspensions: list[Suspension]
    payments: list[Payment]
    history: list[HistoryEntry]
    lateness: Lateness | None
    is_late: bool
    by_chorus: bool
    obstacle: str
    file: FileCard | None
    received: ReceivedInvoice | None
    comparison: Comparison | None
    can: dict[str, bool]


@dataclass(frozen=True)
class Panel:
    """What an order's page says of its invoice. obstacle: why it can't be invoiced now, "".

    can_send: the reader may send the invoice as a file.
    """

    order: Order
    invoice: Invoice | None
    status: Status | None
    blocks: list[BlockCard]
    obstacle: str
    can_prepare: bool
    can_send: bool
    proof: ProofCard | None


def invoice_page(actor: Actor, invoice: Invoice) -> InvoicePage:
    """Return the page of an invoice. Its organisations, order and contract are loaded."""
    own = {"landlord_id": invoice.landlord_id, "invoice_id": invoice.pk}
    causes = causes_book.load()
    found = cards(actor, _blocks_of(invoice), causes)
    held = [card for card in found if card.block.closed_at is None]
    lines = list(InvoiceLine.objects.filter(**own))
    can = _can(actor, invoice)
    refusal = approval_obstacle(actor, invoice) if can["approve"] else None
    code = invoice.platform_code or code_of(invoice.state)
    subjects = [invoice.pk, *(card.block.pk for card in found)]
    return InvoicePage(
        invoice=invoice,
        status=invoice_status(invoice, actor.side),
        code=code,
        code_label=code_label(code),
        cause_label=label_of(causes, invoice.cause) if invoice.cause else "",
        lines=lines,
        rates=totals_by_rate(lines),
        blocks=held,
        closed=[card for card in found if card.block.closed_at is not None],
        blocked=max((card.block.amount for card in held), default=Decimal(0)),
        suspensions=list(Suspension.objects.filter(**own)),
        payments=list(Payment.objects.filter(**own)),
        history=subject_history(actor, invoice, subjects),
        lateness=_lateness(invoice),
        is_late=is_late(invoice),
        by_chorus=policies.goes_by_chorus(invoice.landlord),
        obstacle=refusal.message if refusal else "",
        file=None if invoice.came_as_file else file_card(actor, invoice),
        received=received_of(invoice),
        comparison=comparison_of(invoice, invoice.order) if invoice.order else None,
        can=can,
    )


def cautions_of(invoice: Invoice, act: Act, cause: str) -> list[Warned]:
    """Return what the law says of an act by a cause; nothing for a cause that nobody knows."""
    rule = causes_book.cause_on(cause, clock.today())
    return [] if rule is None else cautions.cautions_of(invoice, act, rule)


def panel(actor: Actor, order: Order) -> Panel | None:
    """Return what an order's page says of its invoice; None before its works are over."""
    if order.state not in FINISHED or not policies.reads(actor):
        return None
    invoice = live_invoice(order)
    asks = invoice is None and actor.side is Side.CONTRACTOR and policies.desk(actor)
    refusal = obstacle(actor, order) if asks else None
    blocks = open_of_order(order.landlord_id, order.pk)
    return Panel(
        order=order,
        invoice=invoice,
        status=invoice_status(invoice, actor.side) if invoice else None,
        blocks=cards(actor, blocks, causes_book.load()),
        obstacle=refusal.message if refusal else "",
        can_prepare=asks and refusal is None,
        can_send=invoice is None and policies.desk(actor),
        proof=proof_card(actor, order),
    )


# --- inside -----------------------------------------------------------------------------------


def _blocks_of(invoice: Invoice) -> QuerySet[Block]:
    """Return its blocks; before it is filed, what is open on its order and would be one."""
    if invoice.filed_at is None and invoice.order_id is not None:
        return open_of_order(invoice.landlord_id, invoice.order_id)
    rows = Block.objects.filter(landlord_id=invoice.landlord_id, invoice_id=invoice.pk)
    return rows.select_related("landlord", "contractor").order_by("opened_at", "id")


def _can(actor: Actor, invoice: Invoice) -> dict[str, bool]:
    found = {name: policies.can_do(name, actor, invoice) for name in INVOICE.transitions}
    chorus = policies.goes_by_chorus(invoice.landlord)
    found["note_chorus"] = chorus and found["file"]
    found["file_here"] = found["queue_for_chorus"] if chorus else found["file"]
    found["block"] = policies.can_open_block(actor, invoice)
    found["claim"] = policies.claims(actor)
    return found


def _lateness(invoice: Invoice) -> Lateness | None:
    if invoice.filed_at is None or invoice.state in GIVEN_UP:
        return None
    result = clock_of(invoice, as_of=clock.today())
    why = clock_wording.why(result.reason, result.missing_on) if result.reason else ""
    return Lateness(result=result, why=why, estimate=str(clock_wording.ESTIMATE))
