"""What holds an order up at this moment, from rows that are open: loaded with the order itself.

Derived labels come from here. Nothing of it is stored on the order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import DateTimeField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce

from orders.certificate_states import ReserveState
from orders.hold_states import HoldState
from orders.models import AccessCheck, Certificate, Hold, Order, Reserve, SignOff, Variation
from orders.variation_states import VariationKind, VariationState


@dataclass(frozen=True)
class Waits:
    """Since when a variation waits for its answer, or the order for something; None where not.

    regularisation_due: until when the landlord has to settle the one that is asked.

    contested_since: a tenant said that it isn't fixed, and the landlord hasn't checked yet.
    certificate_state, certificate_since: of the newest version that the scope may see.
    reduction_since, reduction_by: the proposal of less that waits, and whose it is.
    reserves_until, claimed_since: one is to be lifted until that day; one is said to be gone since.
    access_state, access_since, retry_at: of the last visit that found nobody.
    """

    variation_since: datetime | None = None
    regularisation_since: datetime | None = None
    regularisation_due: datetime | None = None
    hold_since: datetime | None = None
    hold_reason: str = ""
    hold_until: date | None = None
    contested_since: datetime | None = None
    certificate_state: str = ""
    certificate_since: datetime | None = None
    access_state: str = ""
    access_since: datetime | None = None
    retry_at: datetime | None = None
    reduction_since: datetime | None = None
    reduction_by: str = ""
    reserves_until: datetime | None = None
    claimed_since: datetime | None = None


def with_waits(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Load with each order what `waits_of` tells: no query of its own, found by partial indexes."""
    own = {"landlord_id": OuterRef("landlord_id"), "order_id": OuterRef("pk")}
    asked = Variation.objects.filter(**own, state=VariationState.ASKED)
    variations = asked.filter(kind=VariationKind.VARIATION)
    regularisations = asked.filter(kind=VariationKind.REGULARISATION)
    reductions = asked.filter(kind=VariationKind.REDUCTION)
    reserves = Reserve.objects.filter(**own)
    to_lift = reserves.filter(state=ReserveState.OPEN).order_by("due_on")
    claimed = reserves.filter(state=ReserveState.CLAIMED).order_by("claimed_at")
    holds = Hold.objects.filter(**own, state=HoldState.OPEN)
    contested = SignOff.objects.filter(**own, satisfied=False, checked_at__isnull=True)
    certificates = Certificate.objects.filter(**own).order_by("-number")
    absences = AccessCheck.objects.filter(**own).order_by("-created_at")
    return orders.annotate(
        access_state=Subquery(absences.values("state")[:1]),
        access_since=Subquery(absences.values(since=Coalesce("answered_at", "created_at"))[:1]),
        retry_at=Subquery(absences.values("retry_at")[:1]),
        contested_since=Subquery(contested.values("created_at")[:1]),
        certificate_state=Subquery(certificates.values("state")[:1]),
        certificate_since=Subquery(
            certificates.values(since=Coalesce("decided_at", "asked_at", "created_at"))[:1]
        ),
        variation_since=Subquery(variations.values("asked_at")[:1]),
        regularisation_since=Subquery(regularisations.values("asked_at")[:1]),
        regularisation_due=Subquery(regularisations.values("answer_due_at")[:1]),
        reduction_since=Subquery(reductions.values("asked_at")[:1]),
        reduction_by=Subquery(reductions.values("asked_by")[:1]),
        reserves_until=Subquery(to_lift.values(at=Cast("due_on", DateTimeField()))[:1]),
        claimed_since=Subquery(claimed.values("claimed_at")[:1]),
        hold_since=Subquery(holds.values("created_at")[:1]),
        hold_reason=Subquery(holds.values("reason")[:1]),
        hold_until=Subquery(holds.values("expected_on")[:1]),
    )


def waits_of(order: Order) -> Waits:
    """Return what holds up an order that was loaded by `with_waits`."""
    loaded = vars(order)
    return Waits(
        variation_since=loaded["variation_since"],
        regularisation_since=loaded["regularisation_since"],
        regularisation_due=loaded["regularisation_due"],
        hold_since=loaded["hold_since"],
        hold_reason=loaded["hold_reason"] or "",
        hold_until=loaded["hold_until"],
        contested_since=loaded["contested_since"],
        certificate_state=loaded["certificate_state"] or "",
        certificate_since=loaded["certificate_since"],
        access_state=loaded["access_state"] or "",
        access_since=loaded["access_since"],
        retry_at=loaded["retry_at"],
        reduction_since=loaded["reduction_since"],
        reduction_by=loaded["reduction_by"] or "",
        reserves_until=loaded["reserves_until"],
        claimed_since=loaded["claimed_since"],
    )
