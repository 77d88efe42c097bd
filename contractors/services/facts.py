"""What is known of an order as far as its invoice is concerned, read for `blocking`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from contractors.blocking import Facts
from contractors.models import NamedSubcontractor
from contractors.services.paper_facts import lacking_between
from contractors.services.subcontract_facts import named_on_each, undeclared
from orders.certificate_states import CertificateState, ReserveState
from orders.models import (
    Certificate,
    Order,
    OrderBudget,
    Reserve,
    SignOff,
    Variation,
)
from orders.on_call import owing_regularisation
from orders.services.pieces import CLOSING_PACK, given_proof, pieces_asked
from orders.services.signed import is_settled, last_sign_offs
from orders.states import FINISHED, OrderState
from orders.terms import UPLOADED, InvoicePiece, piece_labels
from orders.variation_states import VariationKind, VariationState

_ANSWERED_NO = (CertificateState.REFUSED, CertificateState.DRAFT)


def facts_of_order(order: Order) -> Facts:
    """Return the facts of an order, as far as the scope sees them. Thirteen queries."""
    return facts_of_orders([order])[order.pk]


def facts_of_orders(orders: Sequence[Order]) -> dict[UUID, Facts]:
    """Return the facts of many orders, by their ids; their contracts are loaded, or will be.

    Thirteen queries, however many they are; one more where some were opened on call.
    """
    landlords = {order.landlord_id for order in orders}
    own = {"landlord_id__in": landlords, "order_id__in": [order.pk for order in orders]}
    budgets = {budget.order_id: budget for budget in OrderBudget.objects.filter(**own)}
    newest = Certificate.objects.filter(**own).order_by("order_id", "-number")
    certificates = {row.order_id: row for row in newest.distinct("order_id")}
    sign_offs = last_sign_offs(orders)
    refused = SignOff.objects.filter(**own, satisfied=False, checked_at__isnull=True)
    waiting = set(refused.values_list("order_id", flat=True))
    reserves: dict[UUID, list[str]] = {order.pk: [] for order in orders}
    for key, state in Reserve.objects.filter(**own).values_list("order_id", "state"):
        reserves[key].append(state)
    asked = Variation.objects.filter(**own, state=VariationState.ASKED)
    varied = set(
        asked.exclude(kind=VariationKind.REDUCTION).values_list("order_id", flat=True),
    )
    owing = owing_regularisation(orders)
    proof = given_proof(orders)
    named = named_on_each(orders)
    lacking = lacking_between(landlords, {order.contractor_id for order in orders})
    return {
        order.pk: _facts(
            order,
            budgets[order.pk],
            certificate=certificates.get(order.pk),
            sign_off=sign_offs.get(order.pk),
            is_to_check=order.pk in waiting,
            reserves=reserves[order.pk],
            proof=proof[order.pk],
            named=named[order.pk],
            variation_open=order.pk in varied,
            regularisation_owed=order.pk in owing,
            papers_lacking=(order.landlord_id, order.contractor_id) in lacking,
        )
        for order in orders
    }


def _facts(
    order: Order,
    budget: OrderBudget,
    *,
    certificate: Certificate | None,
    sign_off: SignOff | None,
    is_to_check: bool,
    reserves: list[str],
    proof: frozenset[str],
    named: list[NamedSubcontractor],
    **told: bool,
) -> Facts:
    """Return the facts of one order from its rows. is_to_check: a refusal waits for its check."""
    contract = order.contract
    is_undeclared, waits = undeclared(named)
    return Facts(
        finished=order.state in FINISHED,
        accepted=order.state in (OrderState.ACCEPTED, OrderState.PARTLY_DONE),
        total=budget.total_with_vat,
        certified=order.state in FINISHED and order.state != OrderState.DONE,
        certificate_refused=certificate is not None and certificate.state in _ANSWERED_NO,
        certificate_due_at=certificate.due_at if certificate else None,
        needs_commitment=bool(contract and contract.needs_commitment),
        commitment_given=bool(budget.commitment_number and budget.service_code),
        pieces=frozenset(pieces_asked(order)),
        signed_off=is_settled(sign_off) and not is_to_check,
        contested=is_to_check or (sign_off is not None and not is_settled(sign_off)),
        done_at=order.done_at,
        open_reserves=reserves.count(ReserveState.OPEN),
        claimed_reserves=reserves.count(ReserveState.CLAIMED),
        photos_before=InvoicePiece.PHOTOS_BEFORE in proof,
        photos_after=InvoicePiece.PHOTOS_AFTER in proof,
        undeclared=is_undeclared,
        declaration_waits=waits,
        report=InvoicePiece.REPORT in proof,
        files=proof & frozenset(UPLOADED),
        **told,
    )


def proof_missing(orders: Iterable[Order]) -> dict[UUID, list[str]]:
    """Return in words what each order lacks of the photos, report and files that it is asked
    for (`pieces_asked`), by its id; their contracts are loaded. Three queries, none without orders.
    """
    wanted = list(orders)
    given = given_proof(wanted) if wanted else {}
    return {
        order.pk: piece_labels(
            [
                code
                for code in pieces_asked(order)
                if code in CLOSING_PACK and code not in given[order.pk]
            ]
        )
        for order in wanted
    }
