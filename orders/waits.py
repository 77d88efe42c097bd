"""What holds an order up at this moment, from rows that are open: loaded with the order itself.

Derived labels come from here. Nothing of it is stored on the order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import DateTimeField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce, JSONObject

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
    reserves = Reserve.objects.filter(**own)
    # One look for each kind of row: sixteen for the columns took most of the time of a page.
    return orders.annotate(
        waits_access=_first(
            AccessCheck.objects.filter(**own).order_by("-created_at"),
            state="state",
            since=Coalesce("answered_at", "created_at"),
            retry_at="retry_at",
        ),
        waits_contested=_first(
            SignOff.objects.filter(**own, satisfied=False, checked_at__isnull=True),
            since="created_at",
        ),
        waits_certificate=_first(
            Certificate.objects.filter(**own).order_by("-number"),
            state="state",
            since=Coalesce("decided_at", "asked_at", "created_at"),
        ),
        waits_variation=_first(asked.filter(kind=VariationKind.VARIATION), since="asked_at"),
        waits_regularisation=_first(
            asked.filter(kind=VariationKind.REGULARISATION), since="asked_at", due="answer_due_at"
        ),
        waits_reduction=_first(
            asked.filter(kind=VariationKind.REDUCTION), since="asked_at", by="asked_by"
        ),
        waits_reserve=_first(
            reserves.filter(state=ReserveState.OPEN).order_by("due_on"),
            until=Cast("due_on", DateTimeField()),
        ),
        waits_claimed=_first(
            reserves.filter(state=ReserveState.CLAIMED).order_by("claimed_at"), since="claimed_at"
        ),
        waits_hold=_first(
            Hold.objects.filter(**own, state=HoldState.OPEN),
            since="created_at",
            reason="reason",
            until="expected_on",
        ),
    )


def _first(rows: QuerySet[Any], **columns: Any) -> Subquery:
    return Subquery(rows.values(found=JSONObject(**columns))[:1])


LOADED = (
    "waits_access",
    "waits_contested",
    "waits_certificate",
    "waits_variation",
    "waits_regularisation",
    "waits_reduction",
    "waits_reserve",
    "waits_claimed",
    "waits_hold",
)


def waits_of(order: Order) -> Waits:
    """Return what holds an order up: as `with_waits` loaded it, else asked for now, once.

    Most acts on an order never ask; lists load it with their rows.
    """
    loaded = vars(order)
    if LOADED[0] not in loaded:
        loaded.update(with_waits(Order.objects.filter(pk=order.pk)).values(*LOADED).get())
    access, contested, certificate, variation, regularisation, reduction, reserve, claimed, hold = (
        loaded[name] or {} for name in LOADED
    )
    until = hold.get("until")
    return Waits(
        variation_since=_moment(variation.get("since")),
        regularisation_since=_moment(regularisation.get("since")),
        regularisation_due=_moment(regularisation.get("due")),
        hold_since=_moment(hold.get("since")),
        hold_reason=hold.get("reason", ""),
        hold_until=date.fromisoformat(until) if until else None,
        contested_since=_moment(contested.get("since")),
        certificate_state=certificate.get("state", ""),
        certificate_since=_moment(certificate.get("since")),
        access_state=access.get("state", ""),
        access_since=_moment(access.get("since")),
        retry_at=_moment(access.get("retry_at")),
        reduction_since=_moment(reduction.get("since")),
        reduction_by=reduction.get("by", ""),
        reserves_until=_moment(reserve.get("until")),
        claimed_since=_moment(claimed.get("since")),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
