"""The page of an invoice, and the panel on its order's page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

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
    Refund,
    Retention,
    Suspension,
)
from contractors.money_states import OF_LATENESS
from contractors.selectors.blocks import BlockCard, cards, label_of, open_of_order
from contractors.selectors.files import FileCard, file_card
from contractors.selectors.filing import NeededPiece, check_of, needed_pieces
from contractors.selectors.final_accounts import FinalCard, final_card
from contractors.selectors.imputations import ImputedLine, imputed_lines
from contractors.selectors.invoices import invoice_status, is_late, kind_words
from contractors.selectors.lifecycle import Reached, reached
from contractors.selectors.proofs import ProofCard, proof_card
from contractors.selectors.received import received_of
from contractors.selectors.runs import Expected, expected_of
from contractors.selectors.subcontracts import InvoiceShares, invoice_shares
from contractors.services import cautions
from contractors.services.answers import approval_obstacle
from contractors.services.comparing import comparison_of
from contractors.services.due_dates import clock_of
from contractors.services.invoices import obstacle
from contractors.services.remaining import Progress, progress_of, remaining
from contractors.services.revised import revision_words
from contractors.states import (
    ENDED,
    INVOICE,
    OVER,
    InvoiceKind,
    InvoiceState,
    code_label,
    code_of,
)
from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from orders.models import Order
from orders.selectors.history import HistoryEntry, subject_history
from orders.selectors.status import Status
from orders.services.amounts import RateTotals, totals_by_rate
from orders.states import FINISHED, OrderState


@dataclass(frozen=True)
class Lateness:
    """What the legal clock says today. Every sum is an estimate, without legal force.

    result: with interest only where something is late; why: what is missing for a sum, "".
    is_over: it was paid, or announced as paid: its clock doesn't run any more.
    """

    result: Result
    why: str
    estimate: str
    is_over: bool = False

    @property
    def start(self) -> date | None:
        """From which day on the delay counts; None while it doesn't."""
        return self.result.start

    @property
    def delay(self) -> int | None:
        """How many days the delay has, before any interruption."""
        return self.result.delay

    @property
    def provisional(self) -> str:
        """That a rate isn't published yet; "" where all are."""
        return str(clock_wording.PROVISIONAL) if self.result.provisional else ""

    @property
    def runs(self) -> bool:
        """Whether the legal clock still runs: it has begun, nothing stops it, it isn't paid."""
        return self.result.start is not None and not self.result.suspended and not self.is_over

    @property
    def is_to_come(self) -> bool:
        """Whether the day from which it counts is still ahead: the works aren't certified yet."""
        return self.start is not None and self.start > clock.today() and self.runs

    @property
    def counted(self) -> str:
        """The suspension that interrupted the delay, in words; "" where none did."""
        counted = self.result.counted
        return clock_wording.interruption(counted) if counted else ""

    @property
    def ignored(self) -> list[str]:
        """The suspensions that did not, each with its reason."""
        return [clock_wording.no_effect(item, reason) for item, reason in self.result.ignored]

    @property
    def charged(self) -> Decimal:
        """What was paid of interest and indemnity."""
        return self.result.interest_paid + self.result.indemnity_paid

    @property
    def interest_due(self) -> str:
        """When interest is itself due, in a sentence; "" where nothing is said."""
        return clock_wording.interest_due(self.result)


@dataclass(frozen=True)
class Noted:
    """An invoice or a credit note in a list. kind: "Avoir sur F…", "Situation n° 2", ""."""

    invoice: Invoice
    status: Status
    kind: str


@dataclass(frozen=True)
class InvoicePage:
    """All that the page of an invoice shows, and what its reader may do.

    obstacle: why all of it can't be approved, "". lateness: None before it is filed. by_chorus:
    the landlord takes invoices through Chorus Pro only. received, comparison: of an invoice that
    came as a file, beside its order and certificate. kind: "Avoir sur F…", "Situation n° 2", "".
    credit_notes: what takes back some of it, as far as the reader sees; overpaid: what was paid
    above what it comes to after them; paid_before: on the order's invoices that were taken back in
    whole, to be deducted or given back; refunds: what came back. progress: of a situation. reached:
    its national states. retention: what is held back of it; expected: the run that pays it.
    imputed: where its lines go, to the landlord only. revised: by which coefficient its prices
    were, "" where they weren't or it came as a file. pieces: what its contract asks for, ticked;
    asks: its reader is asked before he files it, something lacks. shared: what of it goes to
    subcontractors directly; None where its company alone is paid. final: of a situation's order.
    """

    invoice: Invoice
    kind: str
    credit_notes: list[Noted]
    overpaid: Decimal
    paid_before: Decimal
    refunds: list[Refund]
    retention: Retention | None
    imputed: list[ImputedLine]
    expected: Expected | None
    progress: Progress | None
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
    reached: list[Reached]
    lateness: Lateness | None
    is_late: bool
    by_chorus: bool
    obstacle: str
    file: FileCard | None
    received: ReceivedInvoice | None
    comparison: Comparison | None
    revised: str
    pieces: list[NeededPiece]
    asks: bool
    shared: InvoiceShares | None
    final: FinalCard | None
    can: dict[str, bool]


@dataclass(frozen=True)
class Panel:
    """What an order's page says of its invoices. obstacle: why it can't be invoiced now, "".

    supplement: euros excluding VAT that were granted since it was invoiced, 0 before. can_send: the
    reader may send the invoice as a file. can_progress: he may invoice a situation. final: the
    final account of an order with situations; where it stops them, its card says so.
    """

    order: Order
    invoices: list[Noted]
    blocks: list[BlockCard]
    obstacle: str
    supplement: Decimal
    can_prepare: bool
    can_send: bool
    can_progress: bool
    proof: ProofCard | None
    final: FinalCard | None = None


def invoice_page(actor: Actor, invoice: Invoice) -> InvoicePage:
    """Return the page of an invoice. Its organisations, order and contract are loaded."""
    own = {"landlord_id": invoice.landlord_id, "invoice_id": invoice.pk}
    causes = causes_book.load()
    found = cards(actor, _blocks_of(invoice), causes)
    held = [_here(actor, invoice, card) for card in found if card.block.closed_at is None]
    lines = list(InvoiceLine.objects.filter(**own))
    payments = list(Payment.objects.filter(**own).select_related("share__subcontract"))
    principal = [payment for payment in payments if payment.purpose not in OF_LATENESS]
    paid = sum((payment.amount for payment in principal), Decimal(0))
    # Only what was paid above what it comes to is asked about.
    refunds = list(Refund.objects.filter(**own)) if paid > invoice.net else []
    back = sum((refund.amount for refund in refunds), Decimal(0))
    overpaid = Decimal(0) if invoice.is_credit else max(paid - invoice.net - back, Decimal(0))
    can = _can(actor, invoice)
    refusal = approval_obstacle(actor, invoice) if can["approve"] else None
    pieces = needed_pieces(actor, invoice, held)
    code = invoice.platform_code or code_of(invoice.state)
    subjects = [invoice.pk, *(card.block.pk for card in found)]
    return InvoicePage(
        invoice=invoice,
        kind=kind_words(invoice),
        credit_notes=[] if invoice.is_credit else _credit_notes(actor, invoice),
        paid_before=_paid_before(invoice),
        overpaid=overpaid,
        refunds=refunds,
        retention=Retention.objects.filter(**own).first() if invoice.retained else None,
        imputed=_imputed(actor, invoice, lines),
        expected=expected_of(invoice),
        progress=_progress(invoice),
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
        payments=payments,
        history=subject_history(actor, invoice, subjects),
        reached=reached(invoice),
        lateness=_lateness(invoice),
        is_late=is_late(invoice),
        by_chorus=policies.goes_by_chorus(invoice.landlord),
        obstacle=refusal.message if refusal else "",
        file=None if invoice.came_as_file else file_card(actor, invoice),
        received=received_of(invoice),
        comparison=_comparison(invoice),
        revised="" if invoice.came_as_file else revision_words(invoice),
        pieces=pieces,
        asks=can["file_here"] and not invoice.is_credit and check_of(pieces, held).asks,
        shared=invoice_shares(actor, invoice),
        final=_final(actor, invoice.order, [invoice]),
        can=can,
    )


def asked_words(invoice: Invoice) -> str:
    """Return what a suspended invoice waits for, in a sentence; "" where it waits for nothing."""
    rows = Suspension.objects.filter(landlord_id=invoice.landlord_id, invoice_id=invoice.pk)
    last = rows.filter(completed_at__isnull=True).order_by("-number").first()
    if last is None:
        return ""
    said = {"pieces": ", ".join(last.pieces), "note": last.note}
    return _("Demandé : %(pieces)s. « %(note)s »") % said


def cautions_of(invoice: Invoice, act: Act, cause: str) -> list[Warned]:
    """Return what the law says of an act by a cause; nothing for a cause that nobody knows."""
    rule = causes_book.cause_on(cause, clock.today())
    return [] if rule is None else cautions.cautions_of(invoice, act, rule)


def cautions_of_received(received: ReceivedInvoice) -> list[Warned]:
    """Return what the law says of handing back, or putting away, what came in as a file."""
    return cautions.cautions_of_received(received)


def panel(actor: Actor, order: Order) -> Panel | None:
    """Return what an order's page says of its invoices.

    None before its works are over, or at least partly done; from its acceptance on only what would
    hold them.
    """
    if not policies.reads(actor):
        return None
    under_way = order.state == OrderState.PARTLY_DONE
    if order.state == OrderState.ACCEPTED:
        return _foreseen(actor, order)
    if order.state not in FINISHED and not under_way:
        return None
    rows = Invoice.objects.filter(landlord_id=order.landlord_id, order_id=order.pk)
    found = list(rows.select_related("credits").order_by("created_at", "id"))
    live = [each for each in found if not each.is_credit and each.state not in ENDED]
    waits = any(each.filed_at is None for each in live)
    asks = actor.side is Side.CONTRACTOR and policies.desk(actor) and not waits
    left = remaining(order, live=live) if live and not waits and policies.desk(actor) else []
    is_whole = bool(live) and not left
    refusal = obstacle(actor, order) if asks and not is_whole and not under_way else None
    blocks = list(open_of_order(order.landlord_id, order.pk))
    final = _final(actor, order, live)
    stops = final.stops if final is not None else ""
    return Panel(
        order=order,
        invoices=[_noted(actor, each) for each in found],
        blocks=cards(actor, blocks, causes_book.load(), here=True) if blocks else [],
        obstacle=refusal.message if refusal and not stops else "",
        supplement=sum((line.total_without_vat for line in left), Decimal(0)),
        can_prepare=asks and refusal is None and not is_whole and not under_way and not stops,
        can_send=not (waits or is_whole or under_way or stops) and policies.desk(actor),
        can_progress=under_way and asks and not is_whole and not stops,
        proof=proof_card(actor, order),
        final=final,
    )


# --- inside -----------------------------------------------------------------------------------


def _here(actor: Actor, invoice: Invoice, card: BlockCard) -> BlockCard:
    """Take off a button that leads to the invoice's own page."""
    slug = invoice.landlord.slug
    own = reverse("contractors:landlord_invoice", args=[slug, invoice.pk])
    is_own = card.gesture is not None and card.gesture.url == own
    return replace(card, gesture=None) if is_own and actor.side is Side.LANDLORD else card


def _foreseen(actor: Actor, order: Order) -> Panel | None:
    """Return what would hold the invoice of works that go on; None where nothing does."""
    blocks = list(open_of_order(order.landlord_id, order.pk))
    if not blocks:
        return None
    return Panel(
        order=order,
        invoices=[],
        blocks=cards(actor, blocks, causes_book.load(), here=True),
        obstacle="",
        supplement=Decimal(0),
        can_prepare=False,
        can_send=False,
        can_progress=False,
        proof=None,
    )


def _final(actor: Actor, order: Order | None, bills: list[Invoice]) -> FinalCard | None:
    """Only where there are situations: no other order has a final account."""
    if order is None or all(bill.kind != InvoiceKind.SITUATION for bill in bills):
        return None
    return final_card(actor, order)


def _blocks_of(invoice: Invoice) -> QuerySet[Block]:
    """Return its blocks; before it is filed, what is open on its order and would be one."""
    if invoice.filed_at is None and invoice.order_id is not None and not invoice.is_credit:
        return open_of_order(invoice.landlord_id, invoice.order_id)
    rows = Block.objects.filter(landlord_id=invoice.landlord_id, invoice_id=invoice.pk)
    loaded = rows.select_related("landlord", "contractor", "invoice", "order", "holder__user")
    return loaded.order_by("opened_at", "id")


def _imputed(actor: Actor, invoice: Invoice, lines: list[InvoiceLine]) -> list[ImputedLine]:
    """A landlord's own: no company reads its accounts. Two queries."""
    if actor.side is not Side.LANDLORD:
        return []
    return imputed_lines(invoice, lines)


def _noted(actor: Actor, invoice: Invoice) -> Noted:
    return Noted(invoice, invoice_status(invoice, actor.side), kind_words(invoice))


def _paid_before(invoice: Invoice) -> Decimal:
    if invoice.is_credit or invoice.order_id is None or invoice.state in ENDED:
        return Decimal(0)
    rows = Payment.objects.filter(
        landlord_id=invoice.landlord_id,
        invoice__order_id=invoice.order_id,
        invoice__state=InvoiceState.CREDITED,
    ).exclude(purpose__in=OF_LATENESS)
    paid = rows.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    if not paid:
        return paid
    back = Refund.objects.filter(
        landlord_id=invoice.landlord_id,
        invoice__order_id=invoice.order_id,
        invoice__state=InvoiceState.CREDITED,
    ).aggregate(sum=Sum("amount"))["sum"]
    return max(paid - (back or Decimal(0)), Decimal(0))


def _credit_notes(actor: Actor, invoice: Invoice) -> list[Noted]:
    rows = Invoice.objects.filter(landlord_id=invoice.landlord_id, credits_id=invoice.pk)
    found = rows.select_related("credits").order_by("created_at", "id")
    return [_noted(actor, each) for each in found]


def _progress(invoice: Invoice) -> Progress | None:
    if invoice.kind != InvoiceKind.SITUATION or invoice.order is None:
        return None
    return progress_of(invoice)


def _comparison(invoice: Invoice) -> Comparison | None:
    """A credit note asks for nothing: it has nothing to be compared with."""
    if invoice.order is None or invoice.is_credit:
        return None
    return comparison_of(invoice, invoice.order)


def _can(actor: Actor, invoice: Invoice) -> dict[str, bool]:
    found = {name: policies.can_do(name, actor, invoice) for name in INVOICE.transitions}
    chorus = policies.goes_by_chorus(invoice.landlord)
    found["note_chorus"] = chorus and found["file"]
    found["file_here"] = found["queue_for_chorus"] if chorus else found["file"]
    found["block"] = policies.can_open_block(actor, invoice)
    found["reroute"] = policies.can_reroute(actor, invoice)
    found["claim"] = policies.claims(actor)
    found["credit"] = policies.can_credit(actor, invoice)
    found["announce_payment"] = policies.can_pay(actor, invoice)
    found["confirm_payment"] = policies.can_receive(actor, invoice)
    found["interest"] = policies.notes_interest(actor, invoice)
    found["refund"] = policies.releases(actor)
    found["impute"] = policies.pays(actor)
    return found


def _lateness(invoice: Invoice) -> Lateness | None:
    if invoice.filed_at is None or invoice.is_credit or invoice.state in ENDED:
        return None
    result = clock_of(invoice, as_of=clock.today())
    why = clock_wording.why(result.reason, result.missing_on) if result.reason else ""
    return Lateness(
        result=result,
        why=why,
        estimate=str(clock_wording.ESTIMATE),
        is_over=invoice.state in OVER,
    )
