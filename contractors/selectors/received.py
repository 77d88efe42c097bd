"""Invoices that came in as files: the inbox of each side, and the page of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, OuterRef, Q, Sum, Value
from django.db.models.functions import Abs

from contractors import policies
from contractors.models import Invoice, ReceivedInvoice
from contractors.received_states import (
    OPEN,
    RECEIVED_LABELS,
    RECEIVED_LOOK,
    UNDER_WAY,
    ReceivedState,
)
from contractors.services.received_ladder import probable_due_date
from contractors.states import BILLS, ENDED
from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.models import Organisation, Partnership
from orders.models import Order, OrderBudget
from orders.selectors.history import HistoryEntry, subject_history
from orders.selectors.status import Status
from orders.states import FINISHED

PAGE = 50
PROPOSED = 5
TABS = ("a-traiter", "terminees")


@dataclass(frozen=True)
class ReceivedRow:
    """A file in the inbox. other: the other organisation's name."""

    received: ReceivedInvoice
    status: Status
    other: str

    @property
    def problem(self) -> str:
        """What is wrong, in one sentence, or ""."""
        return str(self.received.problems[0]["message"]) if self.received.problems else ""


@dataclass(frozen=True)
class Proposal:
    """An order that may be the one. gap: its total less the invoice's, VAT included."""

    order: Order
    total: Decimal
    gap: Decimal


@dataclass(frozen=True)
class ReceivedPage:
    """The page of a file. is_served: it may be fetched. is_lost: its worker has been silent.

    invoice: what became of it, where the reader sees that. due_on: until when it has probably to be
    paid, as long as it isn't one.
    """

    row: ReceivedRow
    moves: bool
    is_lost: bool
    is_served: bool
    by_chorus: bool
    invoice: Invoice | None
    proposals: list[Proposal]
    due_on: date | None
    history: list[HistoryEntry]
    can: Mapping[str, bool]

    @property
    def received(self) -> ReceivedInvoice:
        """The file's row."""
        return self.row.received


def inbox(actor: Actor, *, tab: str, number: str) -> Page[Any]:
    """Return a page of the actor's files, the newest first: what is left to do, or what is over."""
    rows = _rows(actor)
    is_open = Q(state__in=OPEN)
    rows = rows.exclude(is_open) if tab == TABS[1] else rows.filter(is_open)
    page = Paginator(rows.order_by("-created_at", "-id"), PAGE).get_page(number)
    page.object_list = [_row(actor, found) for found in page.object_list]
    return page


def received_page(actor: Actor, received: ReceivedInvoice) -> ReceivedPage:
    """Return the page of a file whose organisations are loaded."""
    waits = received.state == ReceivedState.WAITING and policies.desk(actor)
    attaches = waits and not policies.waits_for_chorus(received)
    moves = received.state in UNDER_WAY
    put_away = policies.why_not_put_away(actor, received) is None
    invoice = None
    if received.invoice_id is not None:
        own = {"landlord_id": received.landlord_id, "pk": received.invoice_id}
        invoice = Invoice.objects.filter(**own).first()
    return ReceivedPage(
        row=_row(actor, received),
        moves=moves,
        is_lost=moves and received.asked_at < clock.now() - policies.FILE_LIFE,
        is_served=policies.file_is_served(received),
        by_chorus=policies.goes_by_chorus(received.landlord),
        invoice=invoice,
        proposals=proposals(received) if attaches else [],
        due_on=probable_due_date(received) if received.state in OPEN else None,
        history=subject_history(actor, received, [received.pk]),
        can={
            "attach": attaches,
            "complete": policies.can_complete(actor, received),
            "confirm": policies.can_confirm(actor, received),
            "set_aside": put_away,
            "invite": policies.can_invite(actor, received),
            "note_chorus": policies.can_note_chorus(actor, received),
            "hand_back": put_away and waits and actor.side is Side.LANDLORD,
        },
    )


def to_attach(actor: Actor) -> dict[str, Any]:
    """Return how many files wait for their order, and for how much (count, euros). One query."""
    rows = ReceivedInvoice.objects.filter(**_own(actor), state=ReceivedState.WAITING)
    found = rows.aggregate(count=Count("pk"), euros=Sum("total_with_vat"))
    return {"count": found["count"], "euros": found["euros"] or Decimal(0)}


def proposals(received: ReceivedInvoice) -> list[Proposal]:
    """Return finished orders of the two parties without an invoice, the nearest sums first."""
    total = received.total_with_vat or Decimal(0)
    live = Invoice.objects.filter(
        landlord_id=received.landlord_id, order_id=OuterRef("order_id"), kind__in=BILLS
    ).exclude(state__in=ENDED)
    budgets = (
        OrderBudget.objects.filter(
            ~Exists(live),
            landlord_id=received.landlord_id,
            order__contractor_id=received.contractor_id,
            order__state__in=FINISHED,
        )
        .annotate(gap=Abs(F("total_with_vat") - Value(total)))
        .select_related("order")
        .order_by("gap", "-order__done_at", "order_id")
    )
    return [
        Proposal(budget.order, budget.total_with_vat, budget.total_with_vat - total)
        for budget in budgets[:PROPOSED]
    ]


def order_by_number(received: ReceivedInvoice, number: str) -> Order | None:
    """Return the order of the two parties that bears a number, of ours or of the landlord's."""
    typed = number.strip()[:40]
    own = {"landlord_id": received.landlord_id, "contractor_id": received.contractor_id}
    named = Q(reference__iexact=typed) | Q(external_number=typed)
    found: Order | None = Order.objects.filter(named, **own).first() if typed else None
    return found


def partners_of(actor: Actor) -> list[Organisation]:
    """Return the organisations that the actor's one works with, by name."""
    other = "contractor" if actor.side is Side.LANDLORD else "landlord"
    own = "landlord_id" if actor.side is Side.LANDLORD else "contractor_id"
    rows = Partnership.objects.filter(**{own: actor.own_id}).select_related(other)
    return sorted((getattr(row, other) for row in rows), key=lambda found: found.name)


def received_of(invoice: Invoice) -> ReceivedInvoice | None:
    """Return the file that an invoice was made from, as far as the scope sees it."""
    if not invoice.came_as_file:
        return None
    own = {"landlord_id": invoice.landlord_id, "invoice_id": invoice.pk}
    found: ReceivedInvoice | None = (
        ReceivedInvoice.objects.filter(**own).select_related("file").first()
    )
    return found


def _own(actor: Actor) -> dict[str, Any]:
    return {"landlord_id" if actor.side is Side.LANDLORD else "contractor_id": actor.own_id}


def _rows(actor: Actor) -> Any:
    rows = ReceivedInvoice.objects.filter(**_own(actor))
    return rows.select_related("landlord", "contractor", "file")


def _row(actor: Actor, received: ReceivedInvoice) -> ReceivedRow:
    tone, icon = RECEIVED_LOOK[received.state]
    label = str(RECEIVED_LABELS[received.state][actor.side])
    other = received.contractor if actor.side is Side.LANDLORD else received.landlord
    return ReceivedRow(
        received=received,
        status=Status(code=received.state, label=label, tone=tone, icon=icon),
        other=other.name if other else "",
    )
