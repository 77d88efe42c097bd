"""Which of a tenant's sign-offs counts, and whether it settles the works."""

from __future__ import annotations

from orders.certificate_states import CheckOutcome
from orders.models import Order, SignOff, Visit
from orders.states import VisitState

TOOK_PLACE = (VisitState.ON_SITE, VisitState.DONE, VisitState.PARTLY_DONE)


def last_sign_off(order: Order) -> SignOff | None:
    """Return the newest sign-off of the order's last visit that took place.

    What was signed at an earlier one, in part or before works were reopened, settles nothing.
    """
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    visit = Visit.objects.filter(**own, state__in=TOOK_PLACE).order_by("-number").first()
    if visit is None:
        return None
    return SignOff.objects.filter(**own, visit_id=visit.pk).order_by("-created_at", "-id").first()


def is_settled(sign_off: SignOff | None) -> bool:
    """Tell whether the tenant signed that it is fixed, or the landlord found that it is."""
    if sign_off is None:
        return False
    return sign_off.satisfied or sign_off.outcome == CheckOutcome.FIXED
