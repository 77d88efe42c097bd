"""When a perimeter goes live: planned, moved, cancelled; and measured by the clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from evaluations import impact_events as events
from evaluations import policies
from evaluations.differences import Cell, Observation, estimate
from evaluations.impact_facts import Perimeter, Seen, observed
from evaluations.impact_terms import BASELINE_WEEKS, TERMS, Indicator, Window, baseline_start
from evaluations.models import ImpactEstimate, Rollout
from nexxio.core import clock, nudge
from nexxio.core.actors import Actor
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.events import EventType
from nexxio.core.models import Agency
from nexxio.core.outbox import Subject, record
from orders.models import Trade

AHEAD = timedelta(days=366)
BACK = timedelta(days=366)
"""A roll-out may be declared afterwards, by so much: what it is compared with must be there."""


@transaction.atomic
def plan_rollout(
    *, actor: Actor, agency_id: UUID, trade_code: str, starts_on: date, baseline_weeks: int
) -> Rollout:
    """Say on which day a perimeter of the actor's own house goes live, or went.

    baseline_weeks: 8 to 12, observed before that day. Nothing is locked: the database lets one in
    per perimeter. Raises Refused for another role, Invalid for an unknown perimeter, one that has
    its day already, or a day more than a year away.
    """
    _require_planner(actor)
    errors = _wrong_days(starts_on, baseline_weeks)
    agency = Agency.objects.filter(pk=agency_id, landlord_id=actor.own_id).first()
    trade = Trade.objects.filter(pk=trade_code).first()
    if agency is None or trade is None:
        errors["perimeter"] = ["Choisissez un périmètre de la liste."]
    if errors:
        raise Invalid(errors)
    assert agency is not None
    assert trade is not None
    assert actor.user_id is not None
    rollout = Rollout(
        landlord_id=actor.own_id,
        agency=agency,
        trade=trade,
        baseline_on=baseline_start(starts_on, baseline_weeks),
        starts_on=starts_on,
        decided_by_id=actor.user_id,
        decided_at=clock.now(),
    )
    with explained():
        rollout.save(force_insert=True)
    late = starts_on < clock.today()
    _tell(events.RolloutPlanned(trade=trade.code, starts_on=starts_on, late=late), rollout, actor)
    nudge.after_commit(nudge.IMPACT_TASK)
    return rollout


@transaction.atomic
def move_rollout(
    *, actor: Actor, rollout_id: UUID, starts_on: date, baseline_weeks: int
) -> Rollout:
    """Choose another day for a roll-out that is to come. Locks it.

    Raises Refused for another role, Conflict once its day has come or it is cancelled, Invalid for
    a day that isn't to come.
    """
    rollout = _to_come(actor, rollout_id)
    errors = _wrong_days(starts_on, baseline_weeks)
    if starts_on <= clock.today():
        errors["starts_on"] = ["Choisissez un jour à venir : demain au plus tôt."]
    if errors:
        raise Invalid(errors)
    assert actor.user_id is not None
    was = rollout.starts_on
    rollout.baseline_on = baseline_start(starts_on, baseline_weeks)
    rollout.starts_on = starts_on
    rollout.decided_by_id = actor.user_id
    rollout.decided_at = clock.now()
    rollout.measured_on = None
    rollout.save(
        update_fields=["baseline_on", "starts_on", "decided_by", "decided_at", "measured_on"]
    )
    _tell(events.RolloutMoved(was=was, starts_on=starts_on), rollout, actor)
    nudge.after_commit(nudge.IMPACT_TASK)
    return rollout


@transaction.atomic
def cancel_rollout(*, actor: Actor, rollout_id: UUID) -> Rollout:
    """Give a roll-out up before its day: its perimeter is one of those compared with again.

    Locks it. Raises Refused for another role, Conflict once its day has come or it is cancelled.
    """
    rollout = _to_come(actor, rollout_id)
    rollout.cancelled_at = clock.now()
    rollout.save(update_fields=["cancelled_at"])
    _tell(events.RolloutCancelled(starts_on=rollout.starts_on), rollout, actor)
    return rollout


@transaction.atomic
def measure_rollout(*, actor: Actor, rollout_id: UUID) -> int:
    """Estimate a roll-out again from all that has settled; return how many effects are told.

    As the system, once a day (tasks.py). Locks it. It is compared with the landlord's perimeters
    that don't go live before its last observed day; a roll-out that was cancelled isn't measured.
    """
    rollout = Rollout.objects.select_for_update(of=("self",)).get(pk=rollout_id)
    if rollout.cancelled_at is not None:
        return 0
    today = clock.today()
    rows = [_estimate(rollout, indicator, today) for indicator in Indicator]
    ImpactEstimate.objects.filter(landlord_id=rollout.landlord_id, rollout=rollout).delete()
    ImpactEstimate.objects.bulk_create(rows)
    rollout.measured_on = today
    rollout.save(update_fields=["measured_on"])
    told = sum(row.effect is not None for row in rows)
    _tell(events.RolloutMeasured(told=told), rollout, actor)
    return told


# --- inside -----------------------------------------------------------------------------------


def _require_planner(actor: Actor) -> None:
    if not policies.plans_rollouts(actor):
        message = "Seuls les responsables de l’organisme décident d’une mise en service."
        raise Refused(message, code="role")


def _wrong_days(starts_on: date, baseline_weeks: int) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    first, last = BASELINE_WEEKS
    if not first <= baseline_weeks <= last:
        errors["baseline_weeks"] = [f"Choisissez de {first} à {last} semaines."]
    if not clock.today() - BACK <= starts_on <= clock.today() + AHEAD:
        errors["starts_on"] = ["Choisissez un jour à moins d’un an d’aujourd’hui."]
    return errors


def _to_come(actor: Actor, rollout_id: UUID) -> Rollout:
    _require_planner(actor)
    rollout: Rollout = Rollout.objects.select_for_update(of=("self",)).get(pk=rollout_id)
    if rollout.cancelled_at is not None:
        raise Conflict("Cette mise en service est déjà annulée : rechargez la page.")
    if rollout.starts_on <= clock.today():
        message = "Ce périmètre est déjà en service : notez au journal ce qui a changé depuis."
        raise Conflict(message)
    return rollout


def _estimate(rollout: Rollout, indicator: Indicator, today: date) -> ImpactEstimate:
    terms = TERMS[indicator]
    window = Window.of(rollout.baseline_on, rollout.starts_on, today, settles=terms.settles)
    own = (rollout.agency_id, rollout.trade_id)
    live = set(_live_before(rollout, window.until).values_list("agency_id", "trade_id")) - {own}
    seen = [
        one
        for one in observed(
            indicator, landlord_id=rollout.landlord_id, since=window.since, until=window.until
        )
        if one.perimeter not in live
    ]
    found = estimate(_observations(seen, own, window))
    told = found.is_told
    before, after, other_before, other_after = found.cells
    return ImpactEstimate(
        landlord_id=rollout.landlord_id,
        rollout=rollout,
        indicator=indicator,
        until=window.until,
        others=len({one.perimeter for one in seen} - {own}),
        n_before=before.n,
        n_after=after.n,
        n_other_before=other_before.n,
        n_other_after=other_after.n,
        mean_before=_mean(before, terms.scale) if told else None,
        mean_after=_mean(after, terms.scale) if told else None,
        mean_other_before=_mean(other_before, terms.scale) if told else None,
        mean_other_after=_mean(other_after, terms.scale) if told else None,
        effect=_scaled(found.effect, terms.scale),
        low=_scaled(found.low, terms.scale),
        high=_scaled(found.high, terms.scale),
        weeks=_weeks(seen, own, window),
    )


def _live_before(rollout: Rollout, until: date) -> QuerySet[Rollout]:
    return Rollout.objects.filter(
        landlord_id=rollout.landlord_id, cancelled_at__isnull=True, starts_on__lt=until
    )


def _observations(seen: Iterable[Seen], own: Perimeter, window: Window) -> list[Observation]:
    places: dict[Perimeter, int] = {}
    return [
        Observation(
            value=one.value,
            treated=one.perimeter == own,
            after=one.day >= window.starts_on,
            group=(places.setdefault(one.perimeter, len(places)), window.week_of(one.day)),
        )
        for one in seen
    ]


def _weeks(seen: Iterable[Seen], own: Perimeter, window: Window) -> list[list[int]]:
    counts: Counter[tuple[int, bool]] = Counter()
    sums: Counter[tuple[int, bool]] = Counter()
    for one in seen:
        key = (window.week_of(one.day), one.perimeter == own)
        counts[key] += 1
        sums[key] += one.value
    return [
        [week, counts[week, True], sums[week, True], counts[week, False], sums[week, False]]
        for week in sorted({week for week, _ours in counts})
    ]


def _mean(cell: Cell, scale: int) -> Decimal | None:
    return _scaled(cell.mean, scale)


def _scaled(value: float | None, scale: int) -> Decimal | None:
    return None if value is None else Decimal(str(round(value / scale, 2)))


def _tell(event: EventType, rollout: Rollout, actor: Actor) -> None:
    subject = Subject(pk=rollout.pk, landlord_id=rollout.landlord_id)
    record(event, actor=actor, subject=subject, subject_type="rollout")
