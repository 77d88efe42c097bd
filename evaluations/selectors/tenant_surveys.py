"""A landlord's own satisfaction survey beside what tenants said here: two figures, never one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F
from django.utils.translation import gettext as _

from evaluations import policies
from evaluations.lattice import INSIDE
from evaluations.models import TenantSurvey
from evaluations.selectors.results import Satisfaction
from nexxio.core.actors import Actor
from nexxio.core.templatetags.ui import percent

_ROWS = 60


@dataclass(frozen=True)
class Measured:
    """What tenants of the same perimeter said here, in the newest published quarter."""

    quarter: str
    told: Satisfaction


@dataclass(frozen=True)
class SurveyRow:
    """One figure of the survey. share: in words, "" where too few answered to show it."""

    survey: TenantSurvey
    share: str
    why_not: str
    measured: Measured | None


@dataclass(frozen=True)
class SurveyPart:
    """What Pilotage shows of the landlord's surveys. more: how many older figures aren't shown."""

    rows: list[SurveyRow]
    more: int
    can_write: bool

    @property
    def is_shown(self) -> bool:
        """Whether there is something to read or to do."""
        return bool(self.rows) or self.can_write


def survey_part(
    actor: Actor, *, trend: Sequence[Satisfaction], quarter: str, agencies: Sequence[Satisfaction]
) -> SurveyPart:
    """Return the surveys, the newest first, each beside our own figure of its perimeter.

    trend: of all repairs together, the newest last; agencies: of `quarter`. One query. The
    threshold is the page's own: what too few said is told of neither.
    """
    ours = {one.told.row.key: Measured(quarter, one) for one in agencies}
    whole = Measured(trend[-1].label, trend[-1]) if trend else None
    found = list(
        TenantSurvey.objects.filter(landlord_id=actor.own_id)
        .select_related("agency")
        .order_by("-held_on", F("agency__name").asc(nulls_first=True))
    )
    rows = [
        _row(survey, whole if survey.agency_id is None else ours.get(str(survey.agency_id)))
        for survey in found[:_ROWS]
    ]
    return SurveyPart(rows, len(found[_ROWS:]), policies.steers(actor))


# --- inside -----------------------------------------------------------------------------------


def _row(survey: TenantSurvey, measured: Measured | None) -> SurveyRow:
    if survey.respondents >= INSIDE.votes:
        return SurveyRow(survey, percent(survey.share, 1), "", measured)
    words = _("Trop peu de réponses pour être montré (%(n)d sur %(needed)d)")
    counts = {"n": survey.respondents, "needed": INSIDE.votes}
    return SurveyRow(survey, "", words % counts, measured)
