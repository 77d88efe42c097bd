"""Invoices: the list with its filters, and how a line of it reads."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from contractors import causes_book
from contractors.causes import CauseBook, CauseCode
from contractors.models import IN_CIRCUIT, Block, BlockSide, Invoice
from contractors.selectors.blocks import BlockCard, cards
from contractors.selectors.runs import LANDLORD, Expected, expected_of
from contractors.states import CREDIT_LABELS, INVOICE, OVER, InvoiceKind, InvoiceState
from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.db.counts import capped_counts
from orders.selectors.status import Status

PAGE = 50
COUNT_CAP = 1000
EXPORT_CAP = 2000
BLOCKED = "bloquees"

_LOOK: dict[str, tuple[str, str]] = {
    InvoiceState.PREPARED: ("neutral", "pencil"),
    InvoiceState.TO_FILE: ("warning", "upload"),
    InvoiceState.FILED: ("info", "send"),
    InvoiceState.RECEIVED: ("info", "inbox"),
    InvoiceState.TAKEN: ("info", "eye"),
    InvoiceState.APPROVED: ("success", "circle-check"),
    InvoiceState.PARTLY_APPROVED: ("warning", "progress-check"),
    InvoiceState.DISPUTED: ("danger", "alert-triangle"),
    InvoiceState.SUSPENDED: ("warning", "player-pause"),
    InvoiceState.COMPLETED: ("info", "player-play"),
    InvoiceState.REFUSED: ("danger", "circle-x"),
    InvoiceState.REJECTED: ("danger", "circle-x"),
    InvoiceState.ANNOUNCED: ("success", "cash"),
    InvoiceState.PAID: ("success", "checks"),
    InvoiceState.CREDITED: ("neutral", "receipt-refund"),
    InvoiceState.APPLIED: ("neutral", "receipt-refund"),
    InvoiceState.DISCARDED: ("neutral", "trash"),
}

Key = tuple[datetime, UUID]


@dataclass(frozen=True)
class Filters:
    """What the query string asks for. Unknown values are dropped, not refused."""

    q: str = ""
    state: str = ""
    cause: str = ""
    holder: str = ""
    kind: str = ""
    after: str = ""
    before: str = ""

    @classmethod
    def read(cls, query: Any) -> Filters:
        """Read a query string."""
        state, cause, holder = query.get("etat", ""), query.get("cause", ""), query.get("tenu", "")
        return cls(
            q=query.get("q", "").strip()[:80],
            state=state if state in InvoiceState.values or state == BLOCKED else "",
            cause=cause if cause in {code.value for code in CauseCode} else "",
            holder=holder if holder in BlockSide.values else "",
            kind=query.get("nature", "") if query.get("nature") in InvoiceKind.values else "",
            after=query.get("apres", "")[:200],
            before=query.get("avant", "")[:200],
        )

    @property
    def is_active(self) -> bool:
        """Tell whether anything narrows the list."""
        return bool(self.q or self.state or self.cause or self.holder or self.kind)


@dataclass(frozen=True)
class InvoiceRow:
    """A line of the list. kind: "Avoir sur F…", "Situation n° 2"; "" of a plain invoice.

    expected: the payment run that pays it, once it is granted.
    """

    invoice: Invoice
    other: str
    status: Status
    blocks: list[BlockCard]
    is_late: bool
    kind: str = ""
    expected: Expected | None = None

    @property
    def without_vat(self) -> Decimal:
        """Its total excluding VAT; what a credit note takes back is below zero."""
        total = self.invoice.total_without_vat
        return -total if self.invoice.is_credit else total

    @property
    def with_vat(self) -> Decimal:
        """The same including VAT."""
        total = self.invoice.total_with_vat
        return -total if self.invoice.is_credit else total

    @property
    def owed(self) -> Decimal | None:
        """What is to be paid of it after credit notes; None of a credit note."""
        return None if self.invoice.is_credit else self.invoice.owed


@dataclass(frozen=True)
class InvoiceList:
    """A page of the list."""

    rows: list[InvoiceRow]
    filters: Filters
    causes: list[tuple[str, str]]
    next_key: str
    previous_key: str
    count: int
    is_capped: bool


def invoice_status(invoice: Invoice, side: Side) -> Status:
    """Return an invoice's badge for a side."""
    tone, icon = _LOOK[invoice.state]
    label = INVOICE.label(invoice.state, side)
    if invoice.is_credit and invoice.state in CREDIT_LABELS:
        label = str(CREDIT_LABELS[invoice.state][side])
    return Status(code=invoice.state, label=label, tone=tone, icon=icon)


def kind_words(invoice: Invoice) -> str:
    """Return what a credit note or a situation is called; "" of an invoice. `credits` is loaded."""
    if invoice.credits is not None:
        return _("Avoir sur %s") % invoice.credits.number
    return situation_words(invoice) if invoice.kind == InvoiceKind.SITUATION else ""


def situation_words(invoice: Invoice) -> str:
    """Return which situation it is."""
    return _("Situation n° %s") % invoice.rank


def is_late(invoice: Invoice) -> bool:
    """Tell whether an invoice should have been paid by now."""
    due = invoice.due_on
    if invoice.is_credit:
        return False
    return due is not None and due < clock.today() and invoice.state not in OVER


def invoice_list(actor: Actor, filters: Filters) -> InvoiceList:
    """Return a page of the actor's invoices, the newest first. Four queries."""
    causes = causes_book.load()
    key = _read_key(filters.before or filters.after)
    backwards = bool(filters.before and key)
    found = list(_page(actor, filters, key, backwards=backwards)[: PAGE + 1])
    more = len(found) > PAGE
    found = found[:PAGE]
    if backwards:
        found.reverse()
    has_next, has_previous = (True, more) if backwards else (more, key is not None)
    count = capped_counts({"all": _narrow(actor, filters)}, cap=COUNT_CAP)["all"]
    return InvoiceList(
        rows=[_row(actor, invoice, causes) for invoice in found],
        filters=filters,
        causes=[(rule.code.value, rule.label) for rule in causes.all_on(clock.today())],
        next_key=_key(found[-1]) if found and has_next else "",
        previous_key=_key(found[0]) if found and has_previous else "",
        count=min(count, COUNT_CAP),
        is_capped=count > COUNT_CAP,
    )


def export_rows(actor: Actor, filters: Filters) -> list[InvoiceRow]:
    """Return the filtered list for an export, at most EXPORT_CAP rows."""
    causes = causes_book.load()
    found = _page(actor, filters, None, backwards=False)[:EXPORT_CAP]
    return [_row(actor, invoice, causes) for invoice in found]


# --- inside -----------------------------------------------------------------------------------


def _mine(actor: Actor) -> QuerySet[Invoice]:
    if actor.side is Side.LANDLORD:
        return Invoice.objects.filter(landlord_id=actor.own_id, filed_at__isnull=False)
    return Invoice.objects.filter(contractor_id=actor.own_id)


def _narrow(actor: Actor, filters: Filters) -> QuerySet[Invoice]:
    rows = _mine(actor)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.state and filters.state != BLOCKED:
        rows = rows.filter(state=filters.state)
    if filters.state == BLOCKED or filters.cause or filters.holder:
        rows = rows.filter(Exists(_held(filters)))
    if filters.q:
        words = filters.q.upper()
        rows = rows.filter(
            Q(number=words)
            | Q(chorus_number__iexact=filters.q)
            | Q(order__reference=words)
            | Q(order__external_number=filters.q)
            | Q(order__title__icontains=filters.q)
        )
    return rows


def _held(filters: Filters) -> QuerySet[Block]:
    rows = Block.objects.filter(
        landlord_id=OuterRef("landlord_id"), invoice_id=OuterRef("pk"), closed_at__isnull=True
    )
    if filters.cause:
        rows = rows.filter(cause=filters.cause)
    elif filters.state == BLOCKED:
        rows = rows.exclude(IN_CIRCUIT)
    return rows.filter(side=filters.holder) if filters.holder else rows


def _page(actor: Actor, filters: Filters, key: Key | None, *, backwards: bool) -> QuerySet[Invoice]:
    order = ("created_at", "id") if backwards else ("-created_at", "-id")
    rows = _narrow(actor, filters).order_by(*order)
    if key is not None:
        moment, pk = key
        side, passed = ("gte", "id__lte") if backwards else ("lte", "id__gte")
        before = Q(**{f"created_at__{side}": moment})
        rows = rows.filter(before, ~Q(created_at=moment, **{passed: pk}))
    open_blocks = Block.objects.filter(closed_at__isnull=True)
    shown = open_blocks.select_related("landlord", "contractor").order_by("opened_at", "id")
    found = rows.select_related("order", LANDLORD, "contractor", "credits")
    return found.prefetch_related(Prefetch("blocks", queryset=shown, to_attr="open_blocks"))


def _row(actor: Actor, invoice: Invoice, causes: CauseBook) -> InvoiceRow:
    held: Iterable[Block] = vars(invoice)["open_blocks"]
    other = invoice.contractor if actor.side is Side.LANDLORD else invoice.landlord
    return InvoiceRow(
        invoice=invoice,
        other=other.name if other else "",
        status=invoice_status(invoice, actor.side),
        blocks=cards(actor, held, causes, acts=False),
        is_late=is_late(invoice),
        kind=kind_words(invoice),
        expected=expected_of(invoice),
    )


def _key(invoice: Invoice) -> str:
    text = json.dumps([invoice.created_at.isoformat(), str(invoice.pk)])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _read_key(text: str) -> Key | None:
    try:
        moment, pk = json.loads(base64.urlsafe_b64decode(text))
        found = datetime.fromisoformat(moment)
        return (found, UUID(pk)) if found.tzinfo else None
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        return None
