"""The three-way comparison of an invoice that came as a file, read from its rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from contractors.incoming import IncomingLine, PartyIds, siren_of, wrong_party
from contractors.matching import Comparison, Facts, PricedLine, compare
from contractors.models import BillingDetails, Invoice, InvoiceLine, ReceivedInvoice
from contractors.services.bank_facts import account_in_force
from contractors.services.due_dates import commitment_given_on
from contractors.services.remaining import next_rank, remaining
from contractors.services.reverse_charge import is_reversed
from nexxio.core import clock
from nexxio.core.models import Organisation
from orders.certificate_states import CertificateState
from orders.models import Certificate, Order, OrderBudget
from orders.services.amounts import due_of
from orders.services.ceilings import ceilings_left

_FAMILIES = ("BR-CO", "BR-FXEXT-CO")
PLAIN = "PDF"
"""The profile of a PDF without data, whose figures were typed."""
_SUMS = frozenset(f"{family}-{number}" for family in _FAMILIES for number in (10, 13, 14, 15, 17))
"""Rules on sums that are compared here with their euros: lines, totals, VAT by rate. The others of
these families open a block as any fault: what is to be paid, VAT numbers, due date, the seller."""


def comparison_of(invoice: Invoice, order: Order) -> Comparison | None:
    """Compare an invoice with its order and certificate; None of one that was prepared here.

    Asks for ten things. An invoice that we prepare copies the lines of its order; where these
    went down since, services.excess says by how much.
    """
    if not invoice.came_as_file:
        return None
    own = {"landlord_id": invoice.landlord_id, "invoice_id": invoice.pk}
    received = ReceivedInvoice.objects.filter(**own).select_related("landlord").first()
    if received is None:
        return None
    return _compare(received, order, invoice, _invoiced(invoice, received))


def comparison_before(received: ReceivedInvoice, order: Order) -> Comparison:
    """Compare a file that is no invoice yet with the order that it would be of. Its landlord is
    loaded.
    """
    assert received.total_without_vat is not None
    assert received.total_vat is not None
    invoice = Invoice(
        landlord_id=received.landlord_id,
        total_without_vat=received.total_without_vat,
        total_vat=received.total_vat,
        rank=next_rank(order),
    )
    lines = (IncomingLine.from_json(line) for line in received.lines)
    return _compare(received, order, invoice, (PricedLine(**vars(line)) for line in lines))


def sirens_of(*organisations: Organisation) -> dict[Any, frozenset[str]]:
    """Return the SIRENs that each organisation is known by here, by its id."""
    keys = [organisation.pk for organisation in organisations]
    rows = BillingDetails.objects.filter(organisation_id__in=keys)
    details = {row.organisation_id: row for row in rows}
    found = {}
    for organisation in organisations:
        row = details.get(organisation.pk)
        numbers = [organisation.siret, *((row.siret, row.vat_number) if row else ())]
        found[organisation.pk] = frozenset(filter(None, map(siren_of, numbers)))
    return found


# --- inside -----------------------------------------------------------------------------------


def _compare(
    received: ReceivedInvoice, order: Order, invoice: Invoice, lines: Iterable[PricedLine]
) -> Comparison:
    budget = OrderBudget.objects.get(landlord_id=order.landlord_id, order_id=order.pk)
    contract = order.contract
    other = {contract.number if contract else "", budget.service_code}
    ordered, certified = tuple(_ordered(order)), _certified(order)
    if invoice.rank > 1:  # what the order's former invoices asked for isn't asked for twice
        ordered = tuple(_priced(line) for line in remaining(order, but=invoice))
        certified = None if certified is None else ordered
    if is_reversed(order):  # no VAT is expected, and any is a wrong rate
        ordered = _without_vat(ordered)
        certified = None if certified is None else _without_vat(certified)
    facts = Facts(
        ordered=ordered,
        certified=certified,
        invoiced=tuple(lines),
        without_vat=invoice.total_without_vat,
        vat=invoice.total_vat,
        numbers=frozenset(
            filter(None, (order.reference, order.external_number, budget.commitment_number))
        ),
        commitment=_commitment(received, order, budget),
        references=tuple(number for number in received.references if number not in other),
        words=frozenset(received.words),
        contract_ended_on=_ended_on(order),
        over_ceiling=_over_ceiling(order),
        has_siret=received.profile == PLAIN or bool(received.seller.get("siren")),
        faults=_faults(received),
        wrong_buyer=_is_wrong_buyer(received),
        other_account=_is_other_account(received),
    )
    return compare(facts)


def _commitment(received: ReceivedInvoice, order: Order, budget: OrderBudget) -> str:
    """The commitment number that the file has to bear: asked for, and given before it was written.

    A plain PDF has no data to bear it.
    """
    contract = order.contract
    if contract is None or not contract.needs_commitment or received.profile == PLAIN:
        return ""
    of_order = Invoice(landlord_id=order.landlord_id, order=order)
    given_on = commitment_given_on(of_order)
    if given_on is None or received.issued_on is None or given_on > received.issued_on:
        return ""
    return budget.commitment_number


def _ordered(order: Order) -> Iterator[PricedLine]:
    """What is owed: what was taken off is not on an invoice, neither as a line nor as a credit."""
    for due in due_of(order):
        if due.quantity > 0:
            line = due.line
            yield PricedLine(
                label=line.label,
                code=line.code,
                unit=line.unit,
                quantity=due.quantity,
                unit_price=line.unit_price,
                vat_rate=line.vat_rate,
                total=due.total_without_vat,
            )


def _without_vat(lines: tuple[PricedLine, ...]) -> tuple[PricedLine, ...]:
    return tuple(replace(line, vat_rate=Decimal(0)) for line in lines)


def _priced(line: InvoiceLine, *, is_sum: bool = False) -> PricedLine:
    return PricedLine(
        label=line.label,
        code=line.code,
        unit=line.unit,
        quantity=line.quantity,
        unit_price=line.unit_price,
        vat_rate=line.vat_rate,
        total=line.total_without_vat,
        is_sum=is_sum,
    )


def _certified(order: Order) -> tuple[PricedLine, ...] | None:
    signed = Certificate.objects.filter(
        landlord_id=order.landlord_id,
        order_id=order.pk,
        state__in=[CertificateState.SIGNED, CertificateState.TACIT],
    )
    newest = signed.order_by("-number").first()
    if newest is None:
        return None
    return tuple(
        PricedLine(
            label=line["label"],
            code=line["code"],
            unit=line["unit"],
            quantity=Decimal(line["quantity"]),
            unit_price=Decimal(line["unit_price"]),
            vat_rate=Decimal(line["vat_rate"]),
            total=Decimal(line["total"]),
        )
        for line in newest.content.get("lines", [])
        if Decimal(line["quantity"]) > 0
    )


def _invoiced(invoice: Invoice, received: ReceivedInvoice) -> Iterator[PricedLine]:
    rows = InvoiceLine.objects.filter(landlord_id=invoice.landlord_id, invoice_id=invoice.pk)
    sums = {rank for rank, line in enumerate(received.lines, start=1) if line.get("is_sum")}
    for line in rows.order_by("rank", "id"):
        yield _priced(line, is_sum=line.rank in sums)


def _ended_on(order: Order) -> date | None:
    """The contract's last day, where the order left after it."""
    contract, left = order.contract, order.issued_at
    if contract is None or left is None:
        return None
    return contract.ends_on if clock.day_of(left) > contract.ends_on else None


def _over_ceiling(order: Order) -> Decimal:
    contract = order.contract
    if contract is None or contract.ceiling is None:
        return Decimal(0)
    left = ceilings_left([contract])[contract.pk]
    return max(-left, Decimal(0)) if left is not None else Decimal(0)


def _faults(received: ReceivedInvoice) -> tuple[str, ...]:
    """What breaks the official rules; sums are compared here, not told twice."""
    if received.verdict != "invalid":
        return ()
    return tuple(
        f"{found['rule']} : {found['message']}"
        for found in received.warnings
        if found.get("is_error") and found["rule"] not in _SUMS
    )


def _is_other_account(received: ReceivedInvoice) -> bool:
    """Whether it names another account than the one in force; nothing is said before a check."""
    if not received.iban or received.contractor_id is None:
        return False
    known = account_in_force(received.landlord_id, received.contractor_id)
    return known is not None and known.iban != received.iban


def _is_wrong_buyer(received: ReceivedInvoice) -> bool:
    own = sirens_of(received.landlord)[received.landlord_id]
    return wrong_party(PartyIds(**received.buyer), own)
