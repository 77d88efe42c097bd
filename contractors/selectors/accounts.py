"""What an accounting system takes over: payments of a period, and the journal of its pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from contractors.imputation import Imputation
from contractors.models import Advance, Invoice, Payment, Refund
from contractors.money_states import OF_LATENESS
from contractors.selectors.bank import StandingRow, paid_to
from contractors.selectors.imputations import Imputations, charge_words, summed
from contractors.states import GIVEN_UP
from nexxio.core.actors import Actor, Side
from nexxio.core.models import Organisation
from nexxio.core.templatetags.ui import number
from orders.services.amounts import totals_by_rate

MOST = 5000
"""Pieces that one file may hold: accounts are never cut short, a longer period is refused."""
NOWHERE = Imputation()
PURCHASES, SALES, BANK = "ACH", "VTE", "BQ"


@dataclass(frozen=True)
class Period:
    """From a day to a day, both included."""

    first: date
    last: date


@dataclass(frozen=True)
class Entry:
    """A line of the journal. One of debit and credit is set; those of a piece balance.

    party: the other organisation. invoice: None of an advance, which is on a contract. where: to
    which account a landlord's costs go.
    """

    day: date
    journal: str
    invoice: Invoice | None
    party: Organisation
    label: str
    debit: Decimal | None = None
    credit: Decimal | None = None
    where: Imputation = NOWHERE
    piece: str = ""

    @property
    def charge(self) -> str:
        """Who bears it, in words."""
        return charge_words(self.where.charge)


@dataclass(frozen=True)
class PaidRow:
    """A payment in a landlord's list. bank: where its company is paid now."""

    payment: Payment
    bank: StandingRow | None


def with_banks(actor: Actor, payments: Iterable[Payment]) -> list[PaidRow]:
    """Return a landlord's payments with where each company is paid now. Three queries."""
    rows = list(payments)
    found = paid_to(actor, [row.contractor_id for row in rows])
    return [PaidRow(row, found.get(row.contractor_id)) for row in rows]


def payments_of(actor: Actor, period: Period) -> QuerySet[Payment]:
    """Return the payments of a period by the day that counts, with invoice and organisations."""
    rows = Payment.objects.filter(**_own(actor), paid_on__range=(period.first, period.last))
    return rows.select_related(
        "invoice__landlord", "invoice__contractor", "invoice__order", "share__subcontract"
    ).order_by("paid_on", "invoice__number", "id")


def invoices_of(actor: Actor, period: Period) -> QuerySet[Invoice]:
    """Return the invoices and credit notes of a period by their date, those that were filed.

    One that was given up for another one isn't there, nor what took it back.
    """
    rows = Invoice.objects.filter(
        **_own(actor), filed_at__isnull=False, issued_on__range=(period.first, period.last)
    ).exclude(Q(state__in=GIVEN_UP) | Q(credits__state__in=GIVEN_UP))
    found = rows.select_related("landlord", "contractor", "order__unit").prefetch_related("lines")
    return found.order_by("issued_on", "number", "id")


def is_too_long(actor: Actor, period: Period) -> bool:
    """Tell whether a period has more pieces than one file may hold. Two queries."""
    return any(
        rows.count() > MOST for rows in (invoices_of(actor, period), payments_of(actor, period))
    )


def journal_of(actor: Actor, period: Period) -> list[Entry]:
    """Return the journal of a period: invoices at their date, payments at theirs. Eight queries.

    Accounts are those of the landlord's own rules; where none holds it is left empty.
    """
    buys = actor.side is Side.LANDLORD
    invoices = list(invoices_of(actor, period))
    keys = [key for row in invoices for key in (row.pk, row.credits_id) if key is not None]
    accounts = Imputations(actor.own_id, keys) if buys else None
    found = [
        entry
        for invoice in invoices
        for entry in _piece(invoice, _costs(invoice, accounts), buys=buys)
    ]
    found += [entry for paid in payments_of(actor, period) for entry in _paid(paid, buys=buys)]
    found += [
        entry
        for invoice in _recoveries_of(actor, period)
        for entry in _recovered(invoice, buys=buys)
    ]
    found += [
        entry for back in _refunds_of(actor, period) for entry in _given_back(back, buys=buys)
    ]
    found += [entry for paid in _advances_of(actor, period) for entry in _advanced(paid, buys=buys)]
    return sorted(found, key=lambda entry: entry.day)


# --- inside -----------------------------------------------------------------------------------


def _own(actor: Actor) -> dict[str, object]:
    name = "landlord_id" if actor.side is Side.LANDLORD else "contractor_id"
    return {name: actor.own_id}


def _party(invoice: Invoice, *, buys: bool) -> Organisation:
    if not buys:
        return invoice.landlord
    assert invoice.contractor is not None
    return invoice.contractor


def _recoveries_of(actor: Actor, period: Period) -> QuerySet[Invoice]:
    days = (period.first, period.last)
    rows = Invoice.objects.filter(**_own(actor), recovered_on__range=days, recovered_then__gt=0)
    return rows.select_related("landlord", "contractor", "order")


def _refunds_of(actor: Actor, period: Period) -> QuerySet[Refund]:
    rows = Refund.objects.filter(**_own(actor), on__range=(period.first, period.last))
    return rows.select_related("invoice__landlord", "invoice__contractor", "invoice__order")


def _advances_of(actor: Actor, period: Period) -> QuerySet[Advance]:
    rows = Advance.objects.filter(**_own(actor), paid_on__range=(period.first, period.last))
    return rows.select_related("landlord", "contractor", "contract")


def _costs(invoice: Invoice, accounts: Imputations | None) -> list[tuple[Imputation, Decimal]]:
    """Return what goes where; as one sum where the lines of a file don't come to its total."""
    whole = [(NOWHERE, invoice.total_without_vat)]
    if accounts is None:
        return whole
    found = summed(accounts.of(invoice, invoice.lines.all()))
    return list(found.items()) if sum(found.values()) == invoice.total_without_vat else whole


def _piece(
    invoice: Invoice, costs: list[tuple[Imputation, Decimal]], *, buys: bool
) -> Iterator[Entry]:
    """A purchase: costs and VAT in debit, the supplier in credit; a sale is its mirror."""
    in_debit = buys is not invoice.is_credit
    for where, amount in costs:
        if amount:
            label = _("Montant HT")
            entry = _entry(invoice, label, amount, buys=buys, in_debit=in_debit)
            yield replace(entry, where=where)
    for label, amount in _vat(invoice):
        if amount:
            yield _entry(invoice, label, amount, buys=buys, in_debit=in_debit)
    yield _entry(invoice, _("Tiers"), invoice.total_with_vat, buys=buys, in_debit=not in_debit)


def _vat(invoice: Invoice) -> list[tuple[str, Decimal]]:
    groups = totals_by_rate(invoice.lines.all())
    if sum((group.vat for group in groups), Decimal(0)) != invoice.total_vat:
        return [(_("TVA"), invoice.total_vat)]
    return [(_("TVA %s %%") % number(group.rate), group.vat) for group in groups]


def _entry(invoice: Invoice, label: str, amount: Decimal, *, buys: bool, in_debit: bool) -> Entry:
    return Entry(
        day=invoice.issued_on,
        journal=PURCHASES if buys else SALES,
        invoice=invoice,
        party=_party(invoice, buys=buys),
        label=label,
        debit=amount if in_debit else None,
        credit=None if in_debit else amount,
        piece=invoice.number,
    )


def _paid(payment: Payment, *, buys: bool) -> Iterator[Entry]:
    """A payment made: the supplier in debit, the bank in credit; one received is its mirror.

    What a subcontractor is paid directly settles the contractor's invoice too.
    """
    share = payment.share
    third = _("Tiers, payé à %s") % share.subcontract.name if share else _("Tiers")
    if payment.purpose in OF_LATENESS:
        third = str(payment.get_purpose_display())
    for label, in_debit in ((third, buys), (_("Banque"), not buys)):
        day, amount = payment.paid_on, payment.amount
        yield _bank(payment.invoice, day, label, amount, buys=buys, in_debit=in_debit)


def _recovered(invoice: Invoice, *, buys: bool) -> Iterator[Entry]:
    """What the advance has paid of an invoice, also all of it; a credit note gives it back."""
    assert invoice.recovered_on is not None
    day, amount = invoice.recovered_on, invoice.recovered_then
    pays = buys is not invoice.is_credit
    for label, in_debit in ((_("Tiers"), pays), (_("Avance reprise"), not pays)):
        yield _bank(invoice, day, label, amount, buys=buys, in_debit=in_debit)


def _given_back(refund: Refund, *, buys: bool) -> Iterator[Entry]:
    """What came back of an invoice: the bank in debit, the supplier in credit, and its mirror."""
    for label, in_debit in ((_("Banque"), buys), (_("Tiers"), not buys)):
        yield _bank(refund.invoice, refund.on, label, refund.amount, buys=buys, in_debit=in_debit)


def _advanced(advance: Advance, *, buys: bool) -> Iterator[Entry]:
    """An advance that was paid on a contract."""
    party = advance.contractor if buys else advance.landlord
    for label, in_debit in ((_("Avance versée"), buys), (_("Banque"), not buys)):
        yield Entry(
            day=advance.paid_on,
            journal=BANK,
            invoice=None,
            party=party,
            label=label,
            debit=advance.amount if in_debit else None,
            credit=None if in_debit else advance.amount,
            piece=advance.contract.number,
        )


def _bank(
    invoice: Invoice, day: date, label: str, amount: Decimal, *, buys: bool, in_debit: bool
) -> Entry:
    return Entry(
        day=day,
        journal=BANK,
        invoice=invoice,
        party=_party(invoice, buys=buys),
        label=label,
        debit=amount if in_debit else None,
        credit=None if in_debit else amount,
        piece=invoice.number,
    )
