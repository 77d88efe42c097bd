"""Writes of documents that no order asks for: what two houses settle beside a contract's works.

The company's own documents, in its one series of numbers, filed and judged like any other; what
they settle (a statement of bonus and malus) is known by whoever asks for them. Their VAT is that of
the works: in the same shares of its rates.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.db.models import Sum

from contractors import credit_events, events, policies
from contractors.models import Invoice, InvoiceLine
from contractors.services.credits import exceeds, left_of
from contractors.services.moves import lock_invoice, record_of
from contractors.services.numbers import next_number
from contractors.services.reverse_charge import is_reversed_on
from contractors.services.reverse_charge import without_vat as take_vat_off
from contractors.states import (
    BILLS,
    CREDITABLE,
    ENDED,
    GIVEN_UP,
    UNFILED,
    CreditReason,
    InvoiceKind,
)
from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.errors import Refused
from nexxio.core.models import Department
from orders.models import Contract
from orders.services.amounts import CENT, totals_of

_YEAR = timedelta(days=366)
_STANDARD = Decimal(20)
_LABEL = 200


@transaction.atomic
def prepare_apart(*, actor: Actor, contract: Contract, label: str, amount: Decimal) -> Invoice:
    """Prepare an invoice of so much excluding VAT on a contract, of no order of it.

    Its number is taken here; it is filed as any other. Locks the contractor's series. Raises
    Refused for another role.
    """
    _require_desk(actor)
    lines = _lines(contract, label, amount, _rates_of(contract))
    reverse = is_reversed_on(contract.landlord_id, contract.pk, contract.contractor_id)
    if reverse:
        take_vat_off(lines)
    invoice = _new(
        contract,
        lines,
        kind=InvoiceKind.INVOICE,
        is_reverse_charge=reverse,
        # No service ordered it: it is a matter of the contract.
        department=str(Department.MARCHES),
    )
    record_of(events.InvoicePrepared(number=invoice.number), invoice, actor)
    return invoice


@transaction.atomic
def propose_credit(*, actor: Actor, contract: Contract, label: str, amount: Decimal) -> Invoice:
    """Prepare a credit note of so much excluding VAT on an invoice of the contract.

    On the newest one that bears it. It names no line of it, as one that came as a file. Locks
    order, invoice and series. Raises Refused for another role, and where no invoice is large
    enough.
    """
    _require_desk(actor)
    invoice = lock_invoice(_bearing(contract, amount).pk)
    rates: dict[Decimal, Decimal] = {}
    for line in invoice.lines.all():
        rates[line.vat_rate] = rates.get(line.vat_rate, Decimal(0)) + line.total_without_vat
    lines = _lines(contract, label, amount, rates)
    without_vat, vat = totals_of(lines)
    if exceeds(invoice, without_vat, without_vat + vat):
        raise _too_much(amount)
    credit = _new(
        contract,
        lines,
        kind=InvoiceKind.CREDIT_NOTE,
        credits=invoice,
        credit_reason=CreditReason.OTHER,
        credit_words=label,
        order=invoice.order,
        department=invoice.department,
        is_reverse_charge=invoice.is_reverse_charge,
    )
    event = credit_events.CreditNotePrepared(number=credit.number, invoice=invoice.number)
    record_of(event, credit, actor)
    return credit


# --- inside -----------------------------------------------------------------------------------


def _require_desk(actor: Actor) -> None:
    if actor.side is not Side.CONTRACTOR or not policies.desk(actor):
        raise Refused("Le document est celui de l’entreprise : son bureau le prépare.", code="role")


def _new(contract: Contract, lines: list[InvoiceLine], **more: object) -> Invoice:
    without_vat, vat = totals_of(lines)
    invoice = Invoice(
        landlord_id=contract.landlord_id,
        contractor_id=contract.contractor_id,
        number=next_number(contractor_id=contract.contractor_id),
        state_since=clock.now(),
        issued_on=clock.today(),
        total_without_vat=without_vat,
        total_vat=vat,
        total_with_vat=without_vat + vat,
        **more,
    )
    invoice.save(force_insert=True)
    for rank, line in enumerate(lines, start=1):
        line.invoice, line.rank = invoice, rank
    InvoiceLine.objects.bulk_create(lines)
    return invoice


def _rates_of(contract: Contract) -> dict[Decimal, Decimal]:
    """Return what was invoiced of the contract's works within a year, by VAT rate. One query."""
    rows = InvoiceLine.objects.filter(
        landlord_id=contract.landlord_id,
        invoice__order__contract_id=contract.pk,
        invoice__kind__in=BILLS,
        invoice__filed_at__isnull=False,
        invoice__issued_on__gte=clock.today() - _YEAR,
        total_without_vat__gt=0,
    ).exclude(invoice__state__in=ENDED)
    sums = rows.order_by().values_list("vat_rate").annotate(sum=Sum("total_without_vat"))
    return dict(sums)


def _lines(
    contract: Contract, label: str, amount: Decimal, rates: Mapping[Decimal, Decimal]
) -> list[InvoiceLine]:
    """Return a line for each rate, in the shares of the works; the largest takes the odd cent."""
    shares = rates or {_STANDARD: Decimal(1)}
    whole = sum(shares.values(), Decimal(0))
    largest = max(shares, key=lambda rate: (shares[rate], rate))
    parts = {
        rate: (amount * share / whole).quantize(CENT, ROUND_HALF_UP)
        for rate, share in shares.items()
        if rate != largest
    }
    parts[largest] = amount - sum(parts.values(), Decimal(0))
    return [
        InvoiceLine(
            landlord_id=contract.landlord_id,
            contractor_id=contract.contractor_id,
            label=label[:_LABEL],
            unit="forfait",
            unit_price=part,
            vat_rate=rate,
            quantity=Decimal(1),
            total_without_vat=part,
        )
        for rate, part in sorted(parts.items(), reverse=True)
        if part > 0
    ]


def _bearing(contract: Contract, amount: Decimal) -> Invoice:
    """Return the contract's newest invoice of which so much is left, and no draft takes any."""
    rows = Invoice.objects.filter(
        landlord_id=contract.landlord_id,
        contractor_id=contract.contractor_id,
        order__contract_id=contract.pk,
        kind__in=BILLS,
        state__in=[state for state in CREDITABLE if state not in GIVEN_UP],
        total_without_vat__gt=amount,
    ).exclude(credit_notes__state__in=UNFILED)
    for invoice in rows.order_by("-issued_on", "-id")[:50]:
        if left_of(invoice)[0] > amount:
            return invoice
    raise _too_much(amount)


def _too_much(amount: Decimal) -> Refused:
    return Refused(
        f"Aucune facture déposée du marché ne porte un avoir de {amount} € HT : établissez-le à la"
        " main sur plusieurs d’entre elles.",
        code="no_invoice",
    )
