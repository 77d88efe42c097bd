"""Who goes where and when: the company's planning board, and a technician's own day.

A planning is the company's own: no landlord reads it, and it counts nothing by person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import QuerySet

from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.members import absences
from nexxio.core.models import Membership
from orders import closed_days, policies
from orders.models import Order, Visit
from orders.selectors.boards import unplanned_orders
from orders.selectors.pages import technicians_of
from orders.selectors.status import Status, visit_status
from orders.states import FALLEN_AWAY, OPEN_VISIT, UNDER_WAY, VisitState
from orders.working_days import closed_because

DAY_STARTS = 7
DAY_ENDS = 20
STEP = timedelta(minutes=30)
UNPLANNED_SHOWN = 12
UNFINISHED_DAYS = 14


@dataclass(frozen=True)
class PlanVisit:
    """A visit on the board. clashes: the same technician's other visits at that time; is_absent: he
    is away on that day.
    """

    visit: Visit
    status: Status
    clashes: tuple[Visit, ...]
    can_assign: bool
    can_move: bool
    can_enter: bool
    is_absent: bool = False


@dataclass(frozen=True)
class PlanDay:
    """A day of the board. closed: why nobody is sent without need; "" on the others."""

    day: date
    is_today: bool
    closed: str


@dataclass(frozen=True)
class Segment:
    """A part of a line of hours, `span` half-hours wide; empty without a visit."""

    span: int
    planned: PlanVisit | None = None


@dataclass(frozen=True)
class PlanRow:
    """A technician's visits, day by day; `technician` is None for those that nobody has yet.

    absent: days on which he is away, as the house has noted it.
    """

    technician: Membership | None
    cells: list[tuple[date, list[PlanVisit]]]
    lanes: list[list[Segment]] = field(default_factory=list)
    absent: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Planning:
    """The board. to_plan: orders without an appointment, oldest first; more: not all of them."""

    days: list[PlanDay]
    hours: range
    rows: list[PlanRow]
    technicians: list[Membership]
    to_plan: list[Order]
    more: bool
    can_plan: bool
    clashes: int
    absences: int
    visits: int


def planning(actor: Actor, *, first: date, days: int) -> Planning:
    """Return the company's board of some days from `first` on (days in Europe/Paris).

    Of one day it gives lines of hours too. Queries: visits, technicians, absences, closed days,
    orders to be planned.
    """
    start = clock.start_of(first)
    visits = _visits_between(Visit.objects.filter(contractor_id=actor.organisation_id), start, days)
    technicians = technicians_of(actor)
    today = clock.today()
    shown = [first + timedelta(days=offset) for offset in range(days)]
    hours = _hours(visits, first)
    mine: dict[UUID | None, list[PlanVisit]] = {None: []}
    mine.update({member.pk: [] for member in technicians})
    people: dict[UUID, Membership] = {member.pk: member for member in technicians}
    absent = absences.absent_days(actor.own_id, shown[0], shown[-1])
    shut = closed_days.of_company(actor.own_id, shown[0], shown[-1])
    for planned in _planned(actor, visits, absent):
        technician = planned.visit.technician
        if technician is not None:
            people.setdefault(technician.pk, technician)
        mine.setdefault(planned.visit.technician_id, []).append(planned)
    unplanned, more = unplanned_orders(actor, shown=UNPLANNED_SHOWN)
    return Planning(
        days=[PlanDay(day, day == today, closed_because(day, shut=shut)) for day in shown],
        hours=hours,
        rows=[
            _row(people[pk] if pk else None, found, shown, hours, absent)
            for pk, found in mine.items()
            if pk is not None or found
        ],
        technicians=technicians,
        to_plan=unplanned,
        more=more,
        can_plan=policies.is_contractors_desk(actor),
        clashes=sum(bool(planned.clashes) for found in mine.values() for planned in found),
        absences=sum(planned.is_absent for found in mine.values() for planned in found),
        visits=len(visits),
    )


def is_absent(visit: Visit, start: datetime) -> bool:
    """Tell whether the technician of a visit is away on a day, for a word of warning."""
    if visit.technician_id is None or visit.contractor_id is None:
        return False
    day = clock.day_of(start)
    return visit.technician_id in absences.absent_days(visit.contractor_id, day, day)


def clashes_of(visit: Visit, start: datetime, end: datetime) -> list[Visit]:
    """Return the same technician's other appointments at a time, for a word of warning."""
    if visit.technician_id is None:
        return []
    return list(
        Visit.objects.filter(
            contractor_id=visit.contractor_id,
            technician_id=visit.technician_id,
            state__in=OPEN_VISIT,
            window_start__lt=end,
            window_end__gt=start,
        )
        .exclude(pk=visit.pk)
        .order_by("window_start", "id")[:5]
    )


@dataclass(frozen=True)
class FieldDay:
    """A technician's visits: of former days and still open, of today, of the next six days."""

    unfinished: list[Visit]
    today: list[Visit]
    later: list[Visit]


def technician_day(actor: Actor) -> FieldDay:
    """Return what a technician has before him. A visit stays until somebody has ended it."""
    midnight = clock.midnight()
    mine = Visit.objects.filter(
        contractor_id=actor.organisation_id, technician_id=actor.membership_id
    )
    visits = _visits_between(mine, midnight, 7)
    behind = _visits_between(
        mine.filter(state__in=[VisitState.CONFIRMED, *UNDER_WAY]),
        midnight - timedelta(days=UNFINISHED_DAYS),
        UNFINISHED_DAYS,
    )
    return FieldDay(
        unfinished=behind,
        today=[visit for visit in visits if _is_today(visit)],
        later=[visit for visit in visits if not _is_today(visit)],
    )


# --- inside -----------------------------------------------------------------------------------


def _is_today(visit: Visit) -> bool:
    """Tell whether a visit is of today, or was before, where it is."""
    start = visit.window_start
    return clock.day_of(start) <= clock.today(clock.zone_at(start))


def _visits_between(visits: QuerySet[Visit], start: datetime, days: int) -> list[Visit]:
    found: Iterable[Visit] = (
        visits.filter(window_start__gte=start, window_start__lt=start + timedelta(days=days))
        .exclude(state__in=FALLEN_AWAY)
        .select_related("order", "order__trade", "order__landlord", "technician__user")
        .order_by("window_start", "id")
    )
    return list(found)


def _planned(
    actor: Actor, visits: Sequence[Visit], absent: Mapping[UUID, frozenset[date]]
) -> list[PlanVisit]:
    open_ones: dict[UUID, list[Visit]] = {}
    for visit in visits:
        if visit.technician_id is not None and policies.is_open(visit):
            open_ones.setdefault(visit.technician_id, []).append(visit)
    return [
        PlanVisit(
            visit,
            visit_status(visit, Side.CONTRACTOR),
            tuple(
                other
                for other in (
                    open_ones.get(visit.technician_id, ())
                    if visit.technician_id and policies.is_open(visit)
                    else ()
                )
                if other.pk != visit.pk and _overlap(visit, other)
            ),
            can_assign=policies.can_assign(actor, visit),
            can_move=policies.can_visit("move", actor, visit),
            can_enter=policies.can_enter(actor, visit),
            is_absent=visit.technician_id is not None
            and policies.is_open(visit)
            and clock.day_of(visit.window_start) in absent.get(visit.technician_id, ()),
        )
        for visit in visits
    ]


def _overlap(one: Visit, other: Visit) -> bool:
    return one.window_start < other.window_end and other.window_start < one.window_end


def _hours(visits: Sequence[Visit], day: date) -> range:
    """Return the hours of a day's lines: the usual ones, and those of visits beyond them."""
    first, last = DAY_STARTS, DAY_ENDS
    for visit in visits:
        start, end = map(clock.local, (visit.window_start, visit.window_end))
        first = min(first, start.hour)
        last = max(last, 24 if end.date() > day else end.hour + (end.minute > 0))
    return range(first, last)


def _row(
    technician: Membership | None,
    found: list[PlanVisit],
    shown: list[date],
    hours: range,
    absent: Mapping[UUID, frozenset[date]],
) -> PlanRow:
    cells = [
        (day, [p for p in found if clock.day_of(p.visit.window_start) == day]) for day in shown
    ]
    lanes = _lanes(found, shown[0], hours) if len(shown) == 1 else []
    away = absent.get(technician.pk, frozenset()) if technician else frozenset[date]()
    return PlanRow(technician, cells, lanes, away)


def _lanes(found: list[PlanVisit], day: date, hours: range) -> list[list[Segment]]:
    """Lay visits out in as few lines as hold them without overlap, each filled with gaps."""
    lines: list[list[tuple[int, int, PlanVisit]]] = []
    for planned in found:
        start, end = _steps(planned.visit, day, hours)
        line = next((line for line in lines if line[-1][1] <= start), None)
        if line is None:
            lines.append(line := [])
        line.append((start, end, planned))
    return [_filled(line, len(hours) * 2) for line in lines or [[]]]


def _filled(line: list[tuple[int, int, PlanVisit]], last: int) -> list[Segment]:
    segments: list[Segment] = []
    at = 0
    for start, end, planned in line:
        if start > at:
            segments.append(Segment(start - at))
        segments.append(Segment(end - start, planned))
        at = end
    return [*segments, Segment(last - at)] if at < last else segments


def _steps(visit: Visit, day: date, hours: range) -> tuple[int, int]:
    """Return first and last half-hour of a visit on the line, cut to its hours."""
    opens = datetime.combine(day, time(hours.start), clock.zone_at(visit.window_start))
    last = len(hours) * 2
    start = min(max((visit.window_start - opens) // STEP, 0), last - 1)
    end = -((opens - visit.window_end) // STEP)
    return start, min(max(end, start + 1), last)


def own_visit(actor: Actor, order: Order) -> Visit | None:
    """Return the open visit of an order that the actor makes himself."""
    if actor.membership_id is None:
        return None
    own = {"landlord_id": order.landlord_id, "order_id": order.pk, "state__in": OPEN_VISIT}
    return Visit.objects.filter(**own, technician_id=actor.membership_id).first()
