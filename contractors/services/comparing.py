"""The three-way comparison of an invoice that came as a file, read from its rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from contractors.incoming import IncomingLine, PartyIds, siren_of, wrong_party
from contractors.matching import Comparison, Facts, PricedLine, compare
from contractors.models import BillingDetails, Invoice, InvoiceLine, ReceivedInvoice
from contractors.services.bank_facts import BankStanding, standings
from contractors.services.due_dates import commitments_given
from contractors.services.remaining import next_rank, remaining
from contractors.services.reverse_charge import reversed_among
from nexxio.core import clock
from nexxio.core.models import Organisation
from orders.certificate_states import CertificateState
from orders.models import Certificate, Order, OrderBudget
from orders.services.amounts import Due, dues_of
from orders.services.ceilings import ceilings_left

_FAMILIES = ("BR-CO", "BR-FXEXT-CO")
PLAIN = "PDF"
"""The profile of a PDF without data, whose figures were typed."""
_SUMS = frozenset(f"{family}-{number}" for family in _FAMILIES for number in (10, 13, 14, 15, 17))
"""Rules on sums that are compared here with their euros: lines, totals, VAT by rate. The others of
these families open a block as any fault: what is to be paid, VAT numbers, due date, the seller."""


def comparison_of(invoice: Invoice, order: Order) -> Comparison | None:
    """Compare an invoice with its order and certificate; None of one that was prepared here.

    An invoice that we prepare copies the lines of its order; where these went down since,
    services.excess says by how much.
    """
    return comparisons_of([(invoice, order)]).get(invoice.pk)


def comparisons_of(pairs: Iterable[tuple[Invoice, Order]]) -> dict[UUID, Comparison]:
    """Compare many invoices with their orders, by the ids of those that came as a file.

    At most fourteen queries, however many they are; an order's second invoice asks for a few more,
    by itself. None where none came as a file.
    """
    files: dict[UUID | None, tuple[Invoice, Order]] = {
        invoice.pk: (invoice, order) for invoice, order in pairs if invoice.came_as_file
    }
    if not files:
        return {}
    landlords = {invoice.landlord_id for invoice, _order in files.values()}
    own = {"landlord_id__in": landlords, "invoice_id__in": list(files)}
    rows = list(ReceivedInvoice.objects.filter(**own).select_related("landlord"))
    sides = _Sides.of([(row, files[row.invoice_id][1]) for row in rows])
    lines: dict[UUID, list[InvoiceLine]] = {}
    for line in InvoiceLine.objects.filter(**own).order_by("rank", "id"):
        lines.setdefault(line.invoice_id, []).append(line)
    found = {}
    for received in rows:
        invoice, order = files[received.invoice_id]
        invoiced = _invoiced(lines.get(invoice.pk, ()), received)
        found[invoice.pk] = _compare(sides, received, order, invoice, invoiced)
    return found


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
    lines = (PricedLine(**vars(IncomingLine.from_json(line))) for line in received.lines)
    return _compare(_Sides.of([(received, order)]), received, order, invoice, lines)


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


@dataclass(frozen=True)
class _Sides:
    """What files are compared with: of their orders, by the ids of these, and of their parties."""

    budgets: Mapping[UUID, OrderBudget]
    dues: Mapping[UUID, list[Due]]
    certificates: Mapping[UUID, Certificate]
    reversed: Collection[UUID]
    given_on: Mapping[UUID, date]
    left: Mapping[UUID, Decimal | None]
    sirens: Mapping[UUID, frozenset[str]]
    accounts: Mapping[tuple[UUID, UUID], BankStanding]

    @classmethod
    def of(cls, pairs: Sequence[tuple[ReceivedInvoice, Order]]) -> Self:
        """Read them for some files, whose landlords are loaded, and their orders."""
        files, orders = [received for received, _order in pairs], [order for _file, order in pairs]
        landlords = {received.landlord_id: received.landlord for received in files}
        own = {"landlord_id__in": set(landlords), "order_id__in": [order.pk for order in orders]}
        signed = Certificate.objects.filter(
            **own, state__in=[CertificateState.SIGNED, CertificateState.TACIT]
        )
        newest = signed.order_by("order_id", "-number").distinct("order_id")
        contracts = {order.contract.pk: order.contract for order in orders if order.contract}
        asking = [order for order in orders if order.contract and order.contract.needs_commitment]
        named = [received for received in files if received.iban and received.contractor_id]
        return cls(
            budgets={row.order_id: row for row in OrderBudget.objects.filter(**own)},
            dues=dues_of(orders),
            certificates={row.order_id: row for row in newest},
            reversed=reversed_among(orders),
            given_on=commitments_given(asking),
            left=ceilings_left(list(contracts.values())),
            sirens=sirens_of(*landlords.values()),
            accounts=standings(
                {received.landlord_id for received in named},
                {received.contractor_id for received in named if received.contractor_id},
            ),
        )


def _compare(
    sides: _Sides,
    received: ReceivedInvoice,
    order: Order,
    invoice: Invoice,
    lines: Iterable[PricedLine],
) -> Comparison:
    budget, contract = sides.budgets[order.pk], order.contract
    other = {contract.number if contract else "", budget.service_code}
    ordered = tuple(_ordered(sides.dues[order.pk]))
    certified = _certified(sides.certificates.get(order.pk))
    if invoice.rank > 1:  # what the order's former invoices asked for isn't asked for twice
        ordered = tuple(_priced(line) for line in remaining(order, but=invoice))
        certified = None if certified is None else ordered
    if order.pk in sides.reversed:  # no VAT is expected, and any is a wrong rate
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
        commitment=_commitment(received, budget, sides.given_on.get(order.pk)),
        references=tuple(number for number in received.references if number not in other),
        words=frozenset(received.words),
        contract_ended_on=_ended_on(order),
        over_ceiling=_over_ceiling(sides.left.get(contract.pk) if contract else None),
        has_siret=received.profile == PLAIN or bool(received.seller.get("siren")),
        faults=_faults(received),
        wrong_buyer=wrong_party(PartyIds(**received.buyer), sides.sirens[received.landlord_id]),
        other_account=_is_other_account(received, sides.accounts),
    )
    return compare(facts)


def _commitment(received: ReceivedInvoice, budget: OrderBudget, given_on: date | None) -> str:
    """The commitment number that the file has to bear: asked for, and given before it was written.

    given_on: None where the contract doesn't ask for it. A plain PDF has no data to bear it.
    """
    late = given_on is None or received.issued_on is None or given_on > received.issued_on
    return "" if late or received.profile == PLAIN else budget.commitment_number


def _ordered(dues: Iterable[Due]) -> Iterator[PricedLine]:
    """What is owed: what was taken off is not on an invoice, neither as a line nor as a credit."""
    for due in dues:
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


def _certified(newest: Certificate | None) -> tuple[PricedLine, ...] | None:
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


def _invoiced(rows: Iterable[InvoiceLine], received: ReceivedInvoice) -> Iterator[PricedLine]:
    sums = {rank for rank, line in enumerate(received.lines, start=1) if line.get("is_sum")}
    for line in rows:
        yield _priced(line, is_sum=line.rank in sums)


def _ended_on(order: Order) -> date | None:
    """The contract's last day, where the order left after it."""
    contract, left = order.contract, order.issued_at
    if contract is None or left is None:
        return None
    return contract.ends_on if clock.day_of(left) > contract.ends_on else None


def _over_ceiling(left: Decimal | None) -> Decimal:
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


def _is_other_account(
    received: ReceivedInvoice, accounts: Mapping[tuple[UUID, UUID], BankStanding]
) -> bool:
    """Whether it names another account than the one in force; nothing is said before a check."""
    if not received.iban or received.contractor_id is None:
        return False
    known = accounts[received.landlord_id, received.contractor_id].current
    return known is not None and known.iban != received.iban
