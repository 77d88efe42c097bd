"""« Nos équipes »: what waits for the member himself; to the direction, what all say together.

The third side of symmetry stands beside what the two houses say of each other, which comes from
the one selector of results: nothing is published here.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from evaluations import policies
from evaluations.axes import Axis, Direction, label_of
from evaluations.lattice import STAFF
from evaluations.models import Result, StaffReceipt, StaffSurvey
from evaluations.quarters import Quarter
from evaluations.questionnaire import sentences
from evaluations.respondents import asked_members
from evaluations.scoring import symmetry
from evaluations.selectors.results import Asked, ResultsPage, Told, results_page, told_of
from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.templatetags.ui import percent


@dataclass(frozen=True)
class StaffLine:
    """One axis: the house's members, and the two houses of each other. gap: members to others."""

    label: str
    of_staff: Told
    of_contractor: Told | None
    of_landlord: Told | None
    symmetry: str
    gap: Decimal | None


@dataclass(frozen=True)
class StaffPage:
    """The page. survey: open now; has_answered: by the reader. The rest is the direction's."""

    survey: StaffSurvey | None
    has_answered: bool
    reads: bool
    needed: int
    quarter: Quarter | None
    quarters: list[Quarter]
    rate: str
    lines: list[StaffLine]
    beside: ResultsPage | None


def staff_page(actor: Actor, *, quarter: str = "", landlord: str = "") -> StaffPage:
    """Return the page. Two queries to a member; to the direction about six more.

    quarter, landlord: of an address, believed in nothing. landlord: of a company, beside which of
    its landlords it looks at itself.
    """
    survey = open_survey(actor)
    reads = policies.reads_staff(actor)
    rows = _rows(actor) if reads else []
    quarters = sorted({Quarter(row.quarter) for row in rows}, reverse=True)
    wanted = next((one for one in quarters if one.first.isoformat() == quarter), None)
    shown = wanted or (quarters[0] if quarters else None)
    beside = _beside(actor, shown, landlord) if shown is not None else None
    found = [row for row in rows if shown is not None and row.quarter == shown.first]
    told = [row for row in found if row.asked]
    return StaffPage(
        survey=survey,
        has_answered=survey is not None and has_answered(actor, survey),
        reads=reads,
        needed=STAFF.votes,
        quarter=shown,
        quarters=quarters,
        rate=percent(Decimal(100 * told[0].answered) / told[0].asked) if told else "",
        lines=[_line(actor, row, beside) for row in sorted(found, key=_place)],
        beside=beside,
    )


def open_survey(actor: Actor) -> StaffSurvey | None:
    """Return the survey that takes the actor's answer now, given or not. Two queries."""
    rows = StaffSurvey.objects.filter(published_at__isnull=True, closes_at__gt=clock.now())
    found: StaffSurvey | None = rows.order_by("-quarter").first()
    if found is None:
        return None
    asked = asked_members(found.organisation_id, Quarter(found.quarter))
    return found if asked.filter(user=actor.user_id).exists() else None


def has_answered(actor: Actor, survey: StaffSurvey) -> bool:
    """Tell whether the actor himself has answered. One query."""
    if actor.user_id is None:
        return False
    rows = StaffReceipt.objects.filter(
        organisation_id=survey.organisation_id, quarter=survey.quarter, user_id=actor.user_id
    )
    return rows.exists()


def sentences_of_survey(survey: StaffSurvey) -> list[tuple[str, str]]:
    """Return the (subject, sentence) pairs that it asks."""
    return sentences(Direction.STAFF, survey.version, survey.subjects)


# --- inside -----------------------------------------------------------------------------------


def _rows(actor: Actor) -> list[Result]:
    rows = Result.objects.filter(landlord_id=actor.own_id, direction=Direction.STAFF)
    return list(rows.order_by("-quarter")[:100])


def _place(row: Result) -> int:
    return Axis.values.index(row.subject)


def _beside(actor: Actor, quarter: Quarter, landlord: str) -> ResultsPage | None:
    """Return what the two houses say of each other in the same quarter; None without any."""
    is_company = actor.side is Side.CONTRACTOR
    asked = Asked(
        quarter=quarter.first.isoformat(),
        dimension="landlord" if is_company else "overall",
        key=landlord if is_company else "",
    )
    page = results_page(actor, asked)
    return page if page.quarter == quarter else None


def _line(actor: Actor, row: Result, beside: ResultsPage | None) -> StaffLine:
    other = (
        next((one for one in beside.axes if one.subject == row.subject), None) if beside else None
    )
    staff = told_of(row)
    of_contractor = other.of_contractor if other else None
    of_landlord = other.of_landlord if other else None
    of_us = of_contractor if actor.side is Side.CONTRACTOR else of_landlord
    gap, both = None, ""
    if staff.mean is not None and of_us is not None and of_us.mean is not None:
        gap = abs(staff.mean - of_us.mean)
        both = percent(symmetry(staff.mean, of_us.mean) * 100)
    return StaffLine(label_of(row.subject), staff, of_contractor, of_landlord, both, gap)
