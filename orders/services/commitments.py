"""The numbers that an invoice will need, given after the order left."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from nexxio.core.actors import Actor
from nexxio.core.errors import Invalid, Refused
from nexxio.core.outbox import record
from orders import policies
from orders.contract_events import CommitmentGiven
from orders.models import Order, OrderBudget
from orders.services.moves import lock_order

MAX = 40


@transaction.atomic
def give_commitment(
    *, actor: Actor, order_id: UUID, commitment_number: str, service_code: str
) -> Order:
    """Give an order's contractor the commitment number and service code of its invoice.

    Locks the order. Raises Invalid naming what is missing, Refused before it has left.
    """
    typed = {"commitment_number": commitment_number.strip(), "service_code": service_code.strip()}
    missing = {name: ["À renseigner."] for name, value in typed.items() if not value}
    if missing:
        raise Invalid(missing)
    order = lock_order(order_id)
    if not policies.can_give_commitment(actor, order):
        raise Refused("Cette commande ne peut pas recevoir d’engagement.", code="state")
    budget = OrderBudget.objects.get(landlord_id=order.landlord_id, order_id=order.pk)
    budget.commitment_number = typed["commitment_number"][:MAX]
    budget.service_code = typed["service_code"][:MAX]
    budget.save(update_fields=["commitment_number", "service_code"])
    record(
        CommitmentGiven(),
        actor=actor,
        subject=order,
        subject_type="order",
        order_id=order.pk,
        case_id=order.case_id,
    )
    return order
