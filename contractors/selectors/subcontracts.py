"""Subcontractors as both sides see them: on a contract, on an order, on an invoice."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from contractors import policies
from contractors.models import Invoice, NamedSubcontractor, Subcontract, SubcontractShare
from contractors.services.subcontract_facts import (
    is_covered,
    named_on,
    own_part,
    payable_on,
    shares_of,
)
from contractors.states import GRANTED
from contractors.subcontract_states import (
    ACCEPTED,
    SUBCONTRACT_LABELS,
    SUBCONTRACT_LOOK,
    SubcontractState,
)
from nexxio.core.actors import Actor, Side
from orders import policies as order_policies
from orders.models import Contract, Order
from orders.selectors.history import HistoryEntry, subject_history
from orders.selectors.status import Status


@dataclass(frozen=True)
class SubcontractRow:
    """A declaration in a list. paid: what invoices give him directly already, euros."""

    declared: Subcontract
    status: Status
    can_answer: bool


@dataclass(frozen=True)
class ContractSubcontracts:
    """What a contract's page says of subcontractors."""

    contract: Contract
    rows: list[SubcontractRow]
    can_declare: bool


@dataclass(frozen=True)
class SubcontractPage:
    """The page of one declaration. shares: what invoices give him, the newest first."""

    row: SubcontractRow
    shares: list[SubcontractShare]
    total: Decimal
    history: list[HistoryEntry]
    can_withdraw: bool
    can_end: bool

    @property
    def declared(self) -> Subcontract:
        """The declaration."""
        return self.row.declared

    @property
    def left(self) -> Decimal:
        """What his declaration leaves."""
        return self.declared.most - self.total


@dataclass(frozen=True)
class NamedRow:
    """Somebody who comes to an order. status: of his declaration; None where there is none."""

    named: NamedSubcontractor
    status: Status | None
    is_covered: bool


@dataclass(frozen=True)
class OrderSubcontractors:
    """What an order's page says of who comes."""

    order: Order
    rows: list[NamedRow]
    can_name: bool

    @property
    def blocks(self) -> bool:
        """Whether one of them would hold the order's invoice."""
        return not all(row.is_covered for row in self.rows)


@dataclass(frozen=True)
class InvoiceShares:
    """What of an invoice goes to whom. own: what the contractor itself is paid."""

    shares: list[SubcontractShare]
    own: Decimal
    can_set: bool
    can_pay: bool


def contract_subcontracts(actor: Actor, contract: Contract) -> ContractSubcontracts:
    """Return a contract's declared subcontractors, those to be answered first. One query."""
    own = {"landlord_id": contract.landlord_id, "contract_id": contract.pk}
    rows = [_row(actor, found) for found in Subcontract.objects.filter(**own)]
    rows.sort(key=lambda row: row.declared.state != SubcontractState.DECLARED)
    return ContractSubcontracts(contract, rows, can_declare=policies.declares(actor))


def subcontract_page(actor: Actor, declared: Subcontract) -> SubcontractPage:
    """Return the page of a declaration whose contract and houses are loaded."""
    own = {"landlord_id": declared.landlord_id, "subcontract_id": declared.pk}
    rows = SubcontractShare.objects.filter(**own).select_related("invoice")
    shares = list(rows.order_by("-created_at", "-id"))
    ours = policies.declares(actor) or order_policies.manages_contracts(actor)
    return SubcontractPage(
        row=_row(actor, declared),
        shares=shares,
        total=sum((share.amount for share in shares), Decimal(0)),
        history=subject_history(actor, declared.contract, [declared.pk]),
        can_withdraw=policies.declares(actor) and declared.state == SubcontractState.DECLARED,
        can_end=ours and declared.state in ACCEPTED,
    )


def order_subcontractors(actor: Actor, order: Order) -> OrderSubcontractors | None:
    """Return who comes to an order; None where nobody does and the reader names nobody."""
    if order.contractor_id is None or not policies.reads(actor):
        return None
    can_name = policies.names_subcontractors(actor, order)
    rows = [_named(actor, one) for one in named_on(order)]
    return OrderSubcontractors(order, rows, can_name) if rows or can_name else None


def invoice_shares(actor: Actor, invoice: Invoice) -> InvoiceShares | None:
    """Return who is paid what of an invoice; None where the contractor alone is. Two queries."""
    if invoice.is_credit or invoice.order is None:
        return None
    shares = shares_of(invoice)
    sets = policies.sets_shares(actor, invoice)
    payable = payable_on(invoice.order) if sets else []
    if not shares and not payable:
        return None
    waits = any(share.paid_on is None for share in shares)
    pays = actor.side is Side.LANDLORD and policies.desk(actor) and invoice.state in GRANTED
    return InvoiceShares(
        shares=shares,
        own=max(own_part(invoice, shares), Decimal(0)),
        can_set=bool(payable),
        can_pay=pays and waits,
    )


def _row(actor: Actor, declared: Subcontract) -> SubcontractRow:
    answers = order_policies.manages_contracts(actor)
    return SubcontractRow(
        declared=declared,
        status=_status(actor, declared),
        can_answer=answers and declared.state == SubcontractState.DECLARED,
    )


def _named(actor: Actor, named: NamedSubcontractor) -> NamedRow:
    found = named.subcontract
    status = _status(actor, found) if found is not None else None
    return NamedRow(named, status, is_covered(named))


def _status(actor: Actor, declared: Subcontract) -> Status:
    tone, icon = SUBCONTRACT_LOOK[declared.state]
    label = str(SUBCONTRACT_LABELS[declared.state][actor.side])
    return Status(declared.state, label, tone, icon)
