"""Which of a tenant's sign-offs counts, and whether it settles the works."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from orders.certificate_states import CheckOutcome
from orders.models import Order, SignOff, Visit
from orders.states import VisitState

TOOK_PLACE = (VisitState.ON_SITE, VisitState.DONE, VisitState.PARTLY_DONE)


def last_sign_off(order: Order) -> SignOff | None:
    """Return the newest sign-off of the order's last visit that took place.

    What was signed at an earlier one, in part or before works were reopened, settles nothing.
    """
    return last_sign_offs([order]).get(order.pk)


def last_sign_offs(orders: Sequence[Order]) -> dict[UUID, SignOff]:
    """Return the same of many orders, by their ids, where there is one. Two queries."""
    own = {
        "landlord_id__in": {order.landlord_id for order in orders},
        "order_id__in": [order.pk for order in orders],
    }
    visits = Visit.objects.filter(**own, state__in=TOOK_PLACE).order_by("order_id", "-number")
    last = list(visits.distinct("order_id").values_list("pk", flat=True))
    signed = SignOff.objects.filter(**own, visit_id__in=last)
    newest = signed.order_by("order_id", "-created_at", "-id").distinct("order_id")
    return {sign_off.order_id: sign_off for sign_off in newest}


def is_settled(sign_off: SignOff | None) -> bool:
    """Tell whether the tenant signed that it is fixed, or the landlord found that it is."""
    if sign_off is None:
        return False
    return sign_off.satisfied or sign_off.outcome == CheckOutcome.FIXED
