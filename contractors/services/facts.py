"""What is known of an order as far as its invoice is concerned, read for `blocking`."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from contractors.blocking import Facts
from contractors.services.paper_facts import holds_invoices
from contractors.services.subcontract_facts import named_on, undeclared
from orders.certificate_states import CertificateState, ReserveState
from orders.models import (
    Certificate,
    Order,
    OrderBudget,
    Reserve,
    SignOff,
    Variation,
)
from orders.on_call import owes_regularisation
from orders.services.pieces import CLOSING_PACK, given_proof, pieces_asked
from orders.services.signed import is_settled, last_sign_off
from orders.states import FINISHED, OrderState
from orders.terms import UPLOADED, InvoicePiece, piece_labels
from orders.variation_states import VariationKind, VariationState

_ANSWERED_NO = (CertificateState.REFUSED, CertificateState.DRAFT)


def facts_of_order(order: Order) -> Facts:
    """Return the facts of an order, as far as the scope sees them. Thirteen queries."""
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    budget = OrderBudget.objects.get(**own)
    contract = order.contract
    certificate = Certificate.objects.filter(**own).order_by("-number").first()
    sign_off = last_sign_off(order)
    checked = SignOff.objects.filter(**own, satisfied=False, checked_at__isnull=True).exists()
    reserves = list(Reserve.objects.filter(**own).values_list("state", flat=True))
    asked = Variation.objects.filter(**own, state=VariationState.ASKED)
    proof = given_proof([order])[order.pk]
    is_undeclared, waits = undeclared(named_on(order))
    return Facts(
        finished=order.state in FINISHED,
        accepted=order.state in (OrderState.ACCEPTED, OrderState.PARTLY_DONE),
        total=budget.total_with_vat,
        certified=order.state in FINISHED and order.state != OrderState.DONE,
        certificate_refused=certificate is not None and certificate.state in _ANSWERED_NO,
        certificate_due_at=certificate.due_at if certificate else None,
        variation_open=asked.exclude(kind=VariationKind.REDUCTION).exists(),
        regularisation_owed=owes_regularisation(order),
        needs_commitment=bool(contract and contract.needs_commitment),
        commitment_given=bool(budget.commitment_number and budget.service_code),
        pieces=frozenset(pieces_asked(order)),
        signed_off=is_settled(sign_off) and not checked,
        contested=checked or (sign_off is not None and not is_settled(sign_off)),
        done_at=order.done_at,
        open_reserves=reserves.count(ReserveState.OPEN),
        claimed_reserves=reserves.count(ReserveState.CLAIMED),
        photos_before=InvoicePiece.PHOTOS_BEFORE in proof,
        photos_after=InvoicePiece.PHOTOS_AFTER in proof,
        papers_lacking=order.contractor_id is not None
        and holds_invoices(order.landlord_id, order.contractor_id),
        undeclared=is_undeclared,
        declaration_waits=waits,
        report=InvoicePiece.REPORT in proof,
        files=proof & frozenset(UPLOADED),
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
