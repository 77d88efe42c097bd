"""What a final account says, from the rows of its order alone, and which one an order has.

Nothing here writes. Amounts have a sign: what was paid, taken back or recovered is negative. VAT is
rounded once on each document, so the lines of the market are excluding VAT.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from contractors.final_states import COUNTED, LIVE, FinalState, Group
from contractors.models import FinalAccount, Invoice, Payment, Refund, Retention
from contractors.money_states import OF_LATENESS, PaymentPurpose
from contractors.services.moves import live_invoices
from contractors.services.revised import revision_words
from contractors.states import InvoiceKind, InvoiceState
from nexxio.core import clock
from nexxio.core.errors import Refused
from orders.models import Order, OrderLine
from orders.services.amounts import Extra, extras_of, totals_of

NOTHING = Decimal(0)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Line:
    """A line. what: its words (LINE_WORDS); on: its day, of what is held that of its release.

    without_vat: of the market, invoices and credit notes; amount: VAT included, of all but it.
    """

    group: str
    what: str
    number: str
    on: date | None = None
    without_vat: Decimal | None = None
    amount: Decimal | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what is kept of it, and hashed."""
        return {
            "group": str(self.group),
            "what": self.what,
            "number": self.number,
            "on": self.on.isoformat() if self.on else None,
            "without_vat": _plain(self.without_vat),
            "amount": _plain(self.amount),
        }


@dataclass(frozen=True)
class Figures:
    """A final account as its order's rows say it on a day. vat: of the market; revision: words."""

    as_of: date
    lines: list[Line]
    vat: Decimal
    revision: str

    def sum_of(self, *groups: str) -> Decimal:
        """Return what some groups come to, VAT included."""
        found = (line.amount or NOTHING for line in self.lines if line.group in groups)
        return sum(found, NOTHING)

    def without_vat(self, *groups: str) -> Decimal:
        """Return the same excluding VAT."""
        found = (line.without_vat or NOTHING for line in self.lines if line.group in groups)
        return sum(found, NOTHING)

    @property
    def total(self) -> Decimal:
        """What its invoices come to, less credit notes."""
        return self.sum_of(Group.BILL, Group.CREDIT)

    @property
    def balance(self) -> Decimal:
        """What is left of that: to be paid now, or held."""
        return self.sum_of(*COUNTED)

    @property
    def held(self) -> Decimal:
        """What of it is held as a guarantee."""
        return self.sum_of(Group.HELD)

    def as_json(self) -> dict[str, Any]:
        """Return what is kept."""
        lines = [line.as_json() for line in self.lines]
        return {"lines": lines, "vat": _plain(self.vat), "revision": self.revision}

    def basis(self) -> list[dict[str, Any]]:
        """Return what has to be the same when it is answered: payments may come meanwhile."""
        return basis_of(self.as_json())


def figures_of(order: Order) -> Figures:
    """Return what the order comes to as of today. Some ten queries."""
    bills = [bill for bill in live_invoices(order) if bill.filed_at is not None]
    market, vat = _market(order, is_reverse=any(bill.is_reverse_charge for bill in bills))
    lines = [*market, *map(_bill, bills), *_credits(order, bills)]
    lines += [
        Line(Group.ADVANCE, "recovered", bill.number, amount=-bill.recovered)
        for bill in bills
        if bill.recovered
    ]
    lines += [*_paid(order), *_held(order, bills)]
    for bill in bills[-1:]:
        bill.order = order
    revision = revision_words(bills[-1]) if bills else ""
    return Figures(clock.today(), lines, vat, revision)


def read_figures(account: FinalAccount) -> Figures:
    """Return the figures as they were submitted."""
    kept = account.content
    lines = [
        Line(
            row["group"],
            row["what"],
            row["number"],
            date.fromisoformat(row["on"]) if row["on"] else None,
            _decimal(row["without_vat"]),
            _decimal(row["amount"]),
        )
        for row in kept["lines"]
    ]
    return Figures(account.as_of, lines, Decimal(kept["vat"]), kept["revision"])


def digest_of(content: dict[str, Any], as_of: date) -> str:
    """Return the SHA-256 of what is kept, whatever order the database keeps its keys in."""
    whole = {**content, "as_of": as_of.isoformat()}
    said = json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(said.encode()).hexdigest()


def basis_of(content: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the lines of market, invoices and credit notes."""
    groups = (Group.MARKET, Group.BILL, Group.CREDIT)
    return [row for row in content["lines"] if row["group"] in groups]


def live_final(order: Order) -> FinalAccount | None:
    """Return the order's account that is under way or agreed. One query."""
    own = {"landlord_id": order.landlord_id, "order_id": order.pk, "state__in": LIVE}
    found: FinalAccount | None = FinalAccount.objects.filter(**own).first()
    return found


def nothing_more(order: Order) -> Refused | None:
    """Return why nothing more is invoiced of an order; None where it has no account. One query."""
    account = live_final(order)
    if account is None:
        return None
    if account.state == FinalState.AGREED:
        on = clock.day_of(account.closed_at or account.submitted_at)
        text = (
            f"Le décompte général de cette commande est définitif depuis le {on:%d/%m/%Y} : plus"
            " aucune situation ne se facture."
        )
    else:
        text = (
            "Le décompte final de cette commande est en cours : plus aucune situation ne se"
            " facture, à moins que le projet soit retourné ou contesté."
        )
    return Refused(text, code="final")


# --- inside -----------------------------------------------------------------------------------


def _market(order: Order, *, is_reverse: bool) -> tuple[list[Line], Decimal]:
    """Return what was ordered and what was granted on top of it, or less; and its VAT."""
    own = OrderLine.objects.filter(landlord_id=order.landlord_id, order_id=order.pk)
    ordered, extras = list(own), extras_of(order)
    vat = NOTHING if is_reverse else totals_of([*ordered, *extras])[1]
    name = order.external_number or order.reference
    first = Line(Group.MARKET, "order", name, without_vat=_sum(ordered))
    granted: dict[tuple[str, int], list[Extra]] = {}
    for extra in extras:
        granted.setdefault((extra.kind, extra.variation_number), []).append(extra)
    more = [
        Line(
            Group.MARKET,
            str(kind),
            str(number),
            max((clock.day_of(row.answered_at) for row in rows if row.answered_at), default=None),
            _sum(rows),
        )
        for (kind, number), rows in granted.items()
    ]
    return [first, *more], vat


def _bill(bill: Invoice) -> Line:
    is_situation = bill.kind == InvoiceKind.SITUATION
    return Line(
        Group.BILL,
        "situation" if is_situation else "invoice",
        f"{bill.rank} ({bill.number})" if is_situation else bill.number,
        bill.issued_on,
        bill.total_without_vat,
        bill.total_with_vat,
    )


def _credits(order: Order, bills: Iterable[Invoice]) -> list[Line]:
    rows = Invoice.objects.filter(
        landlord_id=order.landlord_id,
        credits_id__in=[bill.pk for bill in bills],
        state=InvoiceState.APPLIED,
    )
    return [
        Line(
            Group.CREDIT,
            "credit",
            row.number,
            row.issued_on,
            -row.total_without_vat,
            -row.total_with_vat,
        )
        for row in rows.order_by("issued_on", "number")
    ]


def _paid(order: Order) -> list[Line]:
    """Return what was paid, also of invoices that were taken back since, and what came back."""
    own = {"landlord_id": order.landlord_id, "invoice__order_id": order.pk}
    payments = Payment.objects.filter(**own).exclude(purpose__in=OF_LATENESS)
    refunds = Refund.objects.filter(**own).select_related("invoice")
    lines = [
        Line(
            Group.PAID,
            "retention" if row.purpose == PaymentPurpose.RETENTION else "payment",
            row.invoice.number,
            row.paid_on,
            amount=-row.amount,
        )
        for row in payments.select_related("invoice").order_by("paid_on", "id")
    ]
    return lines + [
        Line(Group.PAID, "refund", row.invoice.number, row.on, amount=row.amount)
        for row in refunds.order_by("on", "id")
    ]


def _held(order: Order, bills: Iterable[Invoice]) -> list[Line]:
    rows = Retention.objects.filter(
        landlord_id=order.landlord_id,
        invoice_id__in=[bill.pk for bill in bills],
        released_on__isnull=True,
        amount__gt=0,
    ).select_related("invoice")
    return [
        Line(
            Group.HELD,
            "opposed" if row.opposed_at else "held",
            row.invoice.number,
            row.release_on,
            amount=row.amount,
        )
        for row in rows.order_by("invoice__rank")
    ]


def _sum(rows: Iterable[Any]) -> Decimal:
    return sum((row.total_without_vat for row in rows), NOTHING)


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else str(value.quantize(CENT))


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
