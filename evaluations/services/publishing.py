"""Publishing a closed quarter: once, on the fixed lattice, never again (docs/adr/0029)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from evaluations import events, staff_events
from evaluations.axes import Direction
from evaluations.facts import Fact, facts_of
from evaluations.lattice import (
    ANONYMOUS,
    INSIDE,
    OVERALL,
    PUBLISHED,
    STAFF,
    Cell,
    Thresholds,
    held_by,
    publishable,
)
from evaluations.models import (
    Ballot,
    Campaign,
    Dimension,
    Evaluation,
    Level,
    Result,
    StaffBallot,
    StaffReceipt,
    StaffSurvey,
    Voice,
)
from evaluations.quarters import Quarter
from evaluations.scoring import Score, score
from evaluations.services.showing import keep_given
from evaluations.services.votes import asked_of_company, keys_of, vote_of
from evaluations.states import EvaluationState
from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.models import Agency, Group, Organisation, OrganisationKind
from nexxio.core.outbox import Subject, of_house, record
from orders.models import Trade

_NO_LIMIT = Thresholds(votes=1)
VOICES = 5
"""What tenants wrote is shown by month and company, from so many opinions on."""
WAIT_DAYS = 30
"""For so long the results wait for what isn't counted yet; whatever is stuck then doesn't count."""
_MINIMUM_ASKED = 3
_LABEL = 120


@dataclass(frozen=True)
class _Plan:
    """How one direction is published: its views, the widest first, and its thresholds."""

    dimensions: tuple[Dimension, ...]
    limits: Thresholds
    anonymous: bool


_PLANS = {
    Direction.LANDLORD_CONTRACTOR: _Plan(
        (Dimension.OVERALL, Dimension.TRADE, Dimension.CONTRACTOR), _NO_LIMIT, anonymous=False
    ),
    Direction.CONTRACTOR_LANDLORD: _Plan(
        (Dimension.OVERALL, Dimension.TRADE, Dimension.AGENCY), ANONYMOUS, anonymous=True
    ),
    Direction.TENANT_REPAIR: _Plan(
        (
            *(Dimension.OVERALL, Dimension.CONTRACTOR, Dimension.TRADE),
            *(Dimension.AGENCY, Dimension.RESIDENCE),
        ),
        INSIDE,
        anonymous=True,
    ),
}
_WIDTH = {
    dimension: n
    for n, dimension in enumerate(
        (
            *(Dimension.OVERALL, Dimension.TRADE, Dimension.CONTRACTOR),
            *(Dimension.AGENCY, Dimension.RESIDENCE),
        )
    )
}
_STAFF = _Plan((Dimension.OVERALL,), STAFF, anonymous=True)


@transaction.atomic
def publish_quarter(*, actor: Actor, landlord_id: UUID, quarter: Quarter) -> int:
    """Compute and keep the results of a landlord's closed quarter; return how many there are.

    As the system. Locks the landlord. What is published stays as it is for ever: a result that
    were computed again would tell by its difference who came or went. Nothing before its day, nor
    a second time; and nothing as long as an opinion of the quarter waits to be counted, WAIT_DAYS
    at most. The ballots stay, whom nobody reads; tenants' words become voices.
    """
    Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=landlord_id)
    if clock.today() < quarter.publishes_on:
        return 0
    done = Result.objects.filter(landlord_id=landlord_id, quarter=quarter.first)
    if done.exclude(direction=Direction.STAFF).exists() or _is_counting(landlord_id, quarter):
        return 0
    ballots = list(Ballot.objects.filter(landlord_id=landlord_id, quarter=quarter.first))
    names = _names(landlord_id, ballots)
    rows = [
        row
        for direction, plan in _PLANS.items()
        for row in _results(
            [one for one in ballots if one.direction == direction], direction, plan, names
        )
    ]
    if not rows:
        return 0
    _put_facts(rows, landlord_id, quarter)
    Result.objects.bulk_create(rows)
    keep_given(rows, ballots)
    _give_voice(ballots)
    record(
        events.ResultsPublished(quarter=str(quarter), cells=len(rows)),
        actor=actor,
        subject=Subject(pk=rows[0].pk, landlord_id=landlord_id),
        subject_type="results",
    )
    return len(rows)


@transaction.atomic
def publish_staff(*, actor: Actor, survey_id: UUID) -> int:
    """Compute and keep what a house's members say of it; return how many results there are.

    As the system. Locks the survey. On the day of the quarter's other results, once, by the same
    lattice; then who answered and what was answered are deleted. One voice of all, or none.
    """
    survey: StaffSurvey = StaffSurvey.objects.select_for_update(of=("self",)).get(pk=survey_id)
    quarter = Quarter(survey.quarter)
    too_early = clock.today() < quarter.publishes_on or clock.now() < survey.closes_at
    if survey.published_at is not None or too_early:
        return 0
    house = Organisation.objects.get(pk=survey.organisation_id)
    of_survey = {"organisation_id": house.pk, "quarter": survey.quarter}
    given = StaffBallot.objects.filter(**of_survey)
    rows = list(_results([_anonymous(one) for one in given], Direction.STAFF, _STAFF, {}))
    for row in rows:
        # Of a company's house it is both, as everywhere: results are read by one of the two.
        row.contractor_id = house.pk if house.kind == OrganisationKind.CONTRACTOR else None
        row.asked = survey.asked if row.level != Level.FEW else 0
    Result.objects.bulk_create(rows)
    given.delete()
    StaffReceipt.objects.filter(**of_survey).delete()
    survey.published_at = clock.now()
    survey.save(update_fields=["published_at"])
    side = Side.CONTRACTOR if house.kind == OrganisationKind.CONTRACTOR else Side.LANDLORD
    record(
        staff_events.StaffPublished(quarter=str(quarter)),
        actor=actor,
        subject=of_house(pk=survey.pk, organisation_id=house.pk, side=side),
        subject_type="staff_survey",
    )
    return len(rows)


# --- inside -----------------------------------------------------------------------------------


def _is_counting(landlord_id: UUID, quarter: Quarter) -> bool:
    """Tell whether an opinion of the quarter may still come in: what is counted later never counts.

    A contested one isn't waited for: its moderation has no end that anybody knows.
    """
    if clock.today() >= quarter.publishes_on + timedelta(days=WAIT_DAYS):
        return False
    of = {"landlord_id": landlord_id, "quarter": quarter.first}
    waits = Evaluation.objects.filter(**of, counted_at__isnull=True)
    if waits.exclude(state=EvaluationState.CONTESTED).exists():
        return True
    return Campaign.objects.filter(**of, closed_at__isnull=True).exists()


def _results(
    ballots: Sequence[Ballot], direction: Direction, plan: _Plan, names: Mapping[Cell, str]
) -> Iterable[Result]:
    """Yield a row for each cell that has ballots, and each subject that was marked in any."""
    cells = _cells(ballots, plan)
    inside = {
        cell: [ballots[n] for n in sorted(some)]
        for cell, some in held_by([vote_of(one, direction) for one in ballots], cells).items()
    }
    open_to = _open_to(ballots, direction, plan, cells)
    subjects = sorted({name for one in ballots for name, mark in one.marks.items() if mark})
    for subject in subjects:
        votes = [
            vote_of(one, direction, mark) for one in ballots if (mark := one.marks.get(subject))
        ]
        told = set(publishable(votes, open_to, plan.limits))
        marks = {
            cell: [mark for one in inside[cell] if (mark := one.marks.get(subject))]
            for cell in cells
        }
        means: dict[Cell, Decimal] = {}
        # The widest first, and trades before companies, which are drawn toward them.
        for cell in sorted(cells, key=lambda cell: _WIDTH[Dimension(cell[0])]):
            wider = _wider(cell, inside, means)
            found = None
            if cell in told:
                prior = means[wider] if wider else None
                found = score(marks[cell], prior=prior, anonymous=plan.anonymous)
            if found is not None and not found.shrunk:
                wider = None
            if found is not None:
                means[cell] = found.mean
            row = _row(inside[cell], cell, subject, plan, found, len(marks[cell]), names)
            row.prior = wider[0] if found is not None and wider else ""
            yield row


def _open_to(
    ballots: Sequence[Ballot], direction: Direction, plan: _Plan, cells: Sequence[Cell]
) -> Sequence[Cell]:
    """Return the cells that may be told of any subject.

    Of companies: only those of which nothing is left over that would say who gave no answer,
    whatever the subjects in which they are told (one check for all of them).
    """
    if direction != Direction.CONTRACTOR_LANDLORD:
        return cells
    return publishable([asked_of_company(one) for one in ballots], cells, plan.limits)


def _wider(
    cell: Cell, inside: Mapping[Cell, Sequence[Ballot]], means: Mapping[Cell, Decimal]
) -> Cell | None:
    """Return the told cell that a small one is drawn toward: of a company its trade, else all.

    The trade of most of its answers, where others have answers in it too.
    """
    if cell[0] == Dimension.OVERALL:
        return None
    if cell[0] == Dimension.CONTRACTOR:
        trades = Counter(one.trade_code for one in inside[cell] if one.marks)
        for code, n in trades.most_common(1):
            trade = (Dimension.TRADE.value, code)
            others = any(str(one.contractor_id) != cell[1] for one in inside.get(trade, ()))
            if trade in means and others and 2 * n > trades.total():
                return trade
    overall = (OVERALL, "")
    return overall if overall in means else None


def _anonymous(given: StaffBallot) -> Ballot:
    """Return a member's marks as the lattice takes them: a ballot that is never kept."""
    return Ballot(
        pk=given.pk,
        landlord_id=given.organisation_id,
        contractor_id=given.organisation_id,
        direction=Direction.STAFF,
        quarter=given.quarter,
        marks=given.marks,
    )


def _cells(ballots: Sequence[Ballot], plan: _Plan) -> list[Cell]:
    cells: list[Cell] = []
    for dimension in plan.dimensions:
        if dimension == Dimension.OVERALL:
            cells.append((OVERALL, ""))
            continue
        counts: dict[str, int] = {}
        for one in ballots:
            key = keys_of(one).get(dimension.value, "")
            if key:
                counts[key] = counts.get(key, 0) + 1
        cells += [(dimension.value, key) for key in sorted(counts, key=lambda k: (-counts[k], k))]
    return cells


def _row(
    inside: Sequence[Ballot],
    cell: Cell,
    subject: str,
    plan: _Plan,
    found: Score | None,
    n: int,
    names: Mapping[Cell, str],
) -> Result:
    """Return what is told of one cell. Of one that isn't published: how many answers, no rate."""
    first = inside[0]
    dimension, key = cell
    row = Result(
        landlord_id=first.landlord_id,
        contractor_id=first.contractor_id if dimension == Dimension.CONTRACTOR else None,
        direction=first.direction,
        quarter=first.quarter,
        dimension=dimension,
        key=key,
        label=names.get(cell, ""),
        subject=subject,
        level=Level.FEW,
        n=n,
        needed=plan.limits.votes,
    )
    if found is None:
        _hide_participation(row, inside)
        return row
    row.level = Level.PUBLISHED
    if first.direction == Direction.TENANT_REPAIR and n < PUBLISHED:
        row.level, row.needed = Level.INSIDE, PUBLISHED
    row.parties = len({one.contractor_id for one in inside if one.marks})
    if first.direction == Direction.CONTRACTOR_LANDLORD:
        row.parties = plan.limits.parties  # "from so many on": more would count who answered
    if first.direction != Direction.CONTRACTOR_LANDLORD or dimension == Dimension.OVERALL:
        row.asked = len(inside)
        row.answered = sum(bool(one.marks) for one in inside)
    row.mean, row.low, row.high = found.mean, found.low, found.high
    row.shrunk, row.edge, row.dissatisfied = found.shrunk, found.edge, found.dissatisfied
    return row


def _hide_participation(row: Result, inside: Sequence[Ballot]) -> None:
    """Say of companies how many answered in all only, and only where three or more were asked.

    The number alone would tell a landlord which one did: in its own cell, or by the difference of
    the whole and the others. So where they are enough, but of too few, it isn't said either.
    """
    if row.direction != Direction.CONTRACTOR_LANDLORD:
        return
    asked = {one.contractor_id for one in inside}
    if row.dimension != Dimension.OVERALL or len(asked) < _MINIMUM_ASKED:
        row.n, row.needed = 0, 0
    row.n = min(row.n, row.needed)


def _put_facts(rows: Sequence[Result], landlord_id: UUID, quarter: Quarter) -> None:
    """Put what was counted beside each opinion: of the company, or of all together."""
    known: dict[UUID | None, dict[str, Fact]] = {}
    for row in rows:
        if row.dimension not in (Dimension.OVERALL, Dimension.CONTRACTOR):
            continue
        of = row.contractor_id
        if of not in known:
            known[of] = facts_of(quarter, landlord_id=landlord_id, contractor_id=of)
        fact = known[of].get(row.subject)
        if fact is not None:
            row.fact, row.fact_value = fact.code, fact.value
            if fact.more is not None:
                row.more_fact, row.more_value = fact.more.code, fact.more.value


def _give_voice(ballots: Sequence[Ballot]) -> None:
    """Show what tenants wrote of a company in a month in which enough gave an opinion."""
    groups: dict[tuple[UUID, object], list[Ballot]] = {}
    for one in ballots:
        if one.direction == Direction.TENANT_REPAIR and one.marks:
            groups.setdefault((one.contractor_id, one.month), []).append(one)
    told = [one for group in groups.values() if len(group) >= VOICES for one in group]
    Voice.objects.bulk_create(
        Voice(
            created_at=one.created_at,
            landlord_id=one.landlord_id,
            contractor_id=one.contractor_id,
            month=one.month,
            text=one.text,
        )
        for one in told
        if one.text
    )
    kept = [one.pk for one in ballots if one.text]
    Ballot.objects.filter(pk__in=kept).update(text="")


def _names(landlord_id: UUID, ballots: Sequence[Ballot]) -> dict[Cell, str]:
    """Return what each cell is called now."""
    trades = Trade.objects.filter(code__in={one.trade_code for one in ballots})
    agencies = Agency.objects.filter(landlord_id=landlord_id)
    residences = Group.objects.filter(pk__in={one.residence_id for one in ballots})
    houses = Organisation.objects.filter(pk__in={one.contractor_id for one in ballots})
    return {
        **{(Dimension.TRADE.value, trade.code): trade.label for trade in trades},
        **{(Dimension.AGENCY.value, str(agency.pk)): agency.name for agency in agencies},
        **{(Dimension.CONTRACTOR.value, str(house.pk)): house.name for house in houses},
        **{(Dimension.RESIDENCE.value, str(group.pk)): group.name[:_LABEL] for group in residences},
    }
