"""What a landlord's late payments cost it, by service. Estimates, without legal force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from contractors import clock_wording
from contractors.legal_clock import Result
from contractors.models import Invoice, Payment
from contractors.money_states import PaymentPurpose
from contractors.selectors.blocks import department_label
from contractors.services.due_dates import Clocks
from contractors.states import BILLS, ENDED, OVER
from nexxio.core import clock
from nexxio.core.actors import Actor

MOST = 2000
"""Invoices that one page computes, those due the longest first."""
SOON = 10
PAID_SINCE = 365
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Owed:
    """What late payment costs a service, in euros. Invoices without a known rate count apart.

    late: unpaid after their due date, to `late_euros` VAT included; paid_late: paid after it in the
    last year; owed: interest of both to today, indemnities: with it, both less what was paid of
    them. soon: what is unpaid and falls due within the days that follow, or is late by then; added:
    what interest and indemnities would grow by until then, if nothing were paid. unknown,
    soon_unknown: invoices that have no amount.
    """

    label: str
    late: int = 0
    late_euros: Decimal = NOTHING
    paid_late: int = 0
    owed: Decimal = NOTHING
    indemnities: Decimal = NOTHING
    unknown: int = 0
    soon: int = 0
    soon_euros: Decimal = NOTHING
    added: Decimal = NOTHING
    soon_unknown: int = 0

    @property
    def known(self) -> int:
        """How many late invoices the sums are of."""
        return self.late + self.paid_late - self.unknown

    def plus(self, other: Owed) -> Owed:
        """Return both together, under this label."""
        names = [name for name in vars(self) if name != "label"]
        return replace(self, **{name: getattr(self, name) + getattr(other, name) for name in names})


@dataclass(frozen=True)
class Interest:
    """The page. reasons: why some invoices have no amount, each once."""

    rows: list[Owed]
    total: Owed
    reasons: list[str]
    provisional: bool
    is_capped: bool
    estimate: str


def interest_owed(actor: Actor) -> Interest:
    """Return what a landlord owes and is about to owe: six queries, whatever it holds."""
    today = clock.today()
    found = _invoices(actor)
    is_capped = len(found) > MOST
    found = found[:MOST]
    clocks = Clocks.of(found)
    rows: dict[str, Owed] = {}
    total = Owed(_("Ensemble"))
    reasons: dict[str, None] = {}
    provisional = False
    for invoice in found:
        now = clocks.at(invoice, today)
        then = clocks.at(invoice, today + timedelta(days=SOON))
        one = _one(invoice, now, then, clocks.left(invoice, today))
        label = one.label
        rows[label] = rows.get(label, Owed(label)).plus(one)
        total = total.plus(one)
        provisional = provisional or now.provisional or then.provisional
        reasons.update(dict.fromkeys(_reasons(now, then)))
    return Interest(
        rows=sorted(rows.values(), key=lambda row: (-row.late_euros, row.label)),
        total=total,
        reasons=list(reasons),
        provisional=provisional,
        is_capped=is_capped,
        estimate=str(clock_wording.ESTIMATE),
    )


# --- inside -----------------------------------------------------------------------------------


def _invoices(actor: Actor) -> list[Invoice]:
    today = clock.today()
    own = Invoice.objects.filter(
        landlord_id=actor.own_id, filed_at__isnull=False, kind__in=BILLS
    ).exclude(state__in=ENDED)
    paid_late = Payment.objects.filter(
        landlord_id=actor.own_id,
        invoice_id=OuterRef("pk"),
        purpose=PaymentPurpose.INVOICE,
        paid_on__gt=OuterRef("due_on"),
        paid_on__gte=today - timedelta(days=PAID_SINCE),
    )
    unpaid = Q(due_on__lte=today + timedelta(days=SOON)) & ~Q(state__in=OVER)
    rows = own.filter(unpaid | Exists(paid_late)).select_related("landlord", "order__contract")
    return list(rows.order_by(F("due_on").asc(nulls_last=True), "id")[: MOST + 1])


def _one(invoice: Invoice, now: Result, then: Result, euros: Decimal) -> Owed:
    """Return what one invoice adds to its service. euros: what is left of it to be paid."""
    label = department_label(invoice.department) or _("Service non précisé")
    found = Owed(label)
    unpaid = invoice.state not in OVER
    if now.late:
        found = replace(
            found,
            late=int(unpaid),
            late_euros=euros if unpaid else NOTHING,
            paid_late=int(not unpaid),
            owed=now.interest_left or NOTHING,
            indemnities=now.indemnity_left or NOTHING,
            unknown=int(now.interest is None),
        )
    if unpaid and (now.late or _falls_due(now, then)):
        found = replace(
            found,
            soon=int(not now.late),
            soon_euros=NOTHING if now.late else euros,
            added=_sum(then) - _sum(now) if _is_known(now, then) else NOTHING,
            soon_unknown=int(not _is_known(now, then)),
        )
    return found


def _falls_due(now: Result, then: Result) -> bool:
    return then.due is not None and now.as_of <= then.due <= then.as_of


def _is_known(*results: Result) -> bool:
    return all(result.interest is not None for result in results)


def _sum(result: Result) -> Decimal:
    return (result.interest_left or NOTHING) + (result.indemnity_left or NOTHING)


def _reasons(*results: Result) -> Iterator[str]:
    for result in results:
        if result.late and result.reason:
            yield clock_wording.why(result.reason, result.missing_on)
