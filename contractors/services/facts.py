"""What is known of an order as far as its invoice is concerned, read for `blocking`."""

from __future__ import annotations

from contractors.blocking import Facts
from contractors.services.paper_facts import holds_invoices
from orders.certificate_states import CertificateState, CheckOutcome, ReserveState
from orders.models import (
    Certificate,
    Order,
    OrderBudget,
    Photo,
    PhotoMoment,
    Reserve,
    SignOff,
    Variation,
    Visit,
)
from orders.on_call import owes_regularisation
from orders.states import FINISHED, OrderState
from orders.variation_states import VariationState

_ANSWERED_NO = (CertificateState.REFUSED, CertificateState.DRAFT)


def facts_of_order(order: Order) -> Facts:
    """Return the facts of an order, as far as the scope sees them. Nine queries."""
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    budget = OrderBudget.objects.get(**own)
    contract = order.contract
    certificate = Certificate.objects.filter(**own).order_by("-number").first()
    sign_off = SignOff.objects.filter(**own).order_by("-created_at", "-id").first()
    reserves = list(Reserve.objects.filter(**own).values_list("state", flat=True))
    photos = set(Photo.objects.filter(**own).values_list("moment", flat=True))
    return Facts(
        finished=order.state in FINISHED,
        total=budget.total_with_vat,
        certified=order.state in FINISHED and order.state != OrderState.DONE,
        certificate_refused=certificate is not None and certificate.state in _ANSWERED_NO,
        certificate_due_at=certificate.due_at if certificate else None,
        variation_open=Variation.objects.filter(**own, state=VariationState.ASKED).exists(),
        regularisation_owed=owes_regularisation(order),
        needs_commitment=bool(contract and contract.needs_commitment),
        commitment_given=bool(budget.commitment_number and budget.service_code),
        pieces=frozenset(contract.pieces if contract else ()),
        signed_off=_is_settled(sign_off),
        contested=sign_off is not None and not _is_settled(sign_off),
        done_at=order.done_at,
        open_reserves=reserves.count(ReserveState.OPEN),
        claimed_reserves=reserves.count(ReserveState.CLAIMED),
        photos_before=PhotoMoment.BEFORE in photos,
        photos_after=PhotoMoment.AFTER in photos,
        papers_lacking=order.contractor_id is not None
        and holds_invoices(order.landlord_id, order.contractor_id),
        report=Visit.objects.filter(**own).exclude(report="").exists(),
    )


def _is_settled(sign_off: SignOff | None) -> bool:
    """The tenant signed that it is fixed, or the landlord found that it is."""
    if sign_off is None:
        return False
    return sign_off.satisfied or sign_off.outcome == CheckOutcome.FIXED
