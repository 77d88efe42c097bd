"""The monthly scorecard: what is published, the month's facts beside it, and the trend.

Printed with the eyes of whoever may read least of the two, so that both sides read the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from evaluations.axes import Axis, Criterion, label_of
from evaluations.bonus_spans import Span
from evaluations.bonus_terms import Rhythm
from evaluations.facts import Fact, none_of
from evaluations.lattice import ANONYMOUS, INSIDE, PUBLISHED
from evaluations.models import Report
from evaluations.quarters import Quarter
from evaluations.selectors.results import (
    Asked,
    Line,
    ResultsPage,
    Told,
    pair_page,
    published_quarters,
    results_page,
    trend_of,
)
from nexxio.core import clock
from nexxio.core.actors import Actor, Role, Side
from nexxio.core.models import Organisation
from nexxio.core.templatetags.ui import number


@dataclass(frozen=True)
class Cell:
    """One direction of one axis: the mean or why there is none, what it stands on, the trend."""

    text: str
    detail: str
    trend: str


@dataclass(frozen=True)
class Row:
    """One axis or criterion of the card. fact: of the month itself."""

    label: str
    cells: list[Cell]
    symmetry: str
    gap: Decimal | None
    fact: str


@dataclass(frozen=True)
class Scorecard:
    """What is printed. quarter: whose results stand in it, None before any was published.

    own: the landlord's own questions, those that both sides read.
    """

    landlord: Organisation
    contractor: Organisation | None
    month: Span
    quarter: Quarter | None
    before: Quarter | None
    axes: list[Row]
    criteria: list[Row]
    own: list[Row]
    rates: list[tuple[str, str, str]]
    dissatisfied: str
    sector: str
    thresholds: list[str]
    made_at: datetime

    @property
    def title(self) -> str:
        """The document's own title."""
        return _("Fiche d’évaluation, %s") % self.month


def reader_of(report: Report) -> Actor:
    """Return whose eyes a scorecard is printed with: of a pair, the company's, who reads less."""
    house = report.contractor or report.landlord
    return Actor(
        side=Side.CONTRACTOR if report.contractor_id else Side.LANDLORD,
        name=house.name,
        organisation_id=house.pk,
        roles=frozenset({Role.MANAGER}),
    )


def scorecard(actor: Actor, report: Report, facts: dict[str, Fact]) -> Scorecard:
    """Return what is printed. Runs in the scope of `actor` (reader_of).

    facts: of the month (evaluations.facts, counted as the system). What wasn't published by the
    month's end isn't in it.
    """
    month = Span.of(Rhythm.MONTH, report.month)
    told = [one for one in published_quarters() if one.publishes_on <= month.last]
    page = _page(actor, report, told[0]) if told else None
    previous = [one for one in told if told[0].previous == one]
    former = _page(actor, report, previous[0]) if previous else None
    return Scorecard(
        landlord=report.landlord,
        contractor=report.contractor,
        month=month,
        quarter=page.quarter if page else None,
        before=former.quarter if former else None,
        axes=[_row(name, page, former, facts) for name in Axis.values],
        criteria=[_row(name, page, former, facts) for name in Criterion.values],
        own=[_row(line.subject, page, former, facts) for line in page.own] if page else [],
        rates=page.rates if page else [],
        dissatisfied=page.dissatisfied if page else "",
        sector=page.sector if page else "",
        thresholds=thresholds(),
        made_at=clock.now(),
    )


def thresholds() -> list[str]:
    """Return, in words, from how many answers on something is told."""
    anonymous = {
        "votes": ANONYMOUS.votes,
        "parties": ANONYMOUS.parties,
        "share": number(ANONYMOUS.share * 100, 0),
    }
    inside = {"inside": INSIDE.votes, "published": PUBLISHED}
    return [
        _(
            "Les entreprises, du bailleur : au moins %(votes)d réponses de %(parties)d entreprises,"
            " aucune au-dessus de %(share)s %%, toujours toutes ensemble."
        )
        % anonymous,
        _(
            "Les locataires, de la réparation : au moins %(inside)d réponses pour les deux"
            " parties, %(published)d pour être publié."
        )
        % inside,
        _(
            "Moins de dix réponses sont rapprochées de la moyenne du corps d’état, ou à défaut de"
            " l’ensemble, et c’est dit."
        ),
        _("Aucune note d’une personne, d’un technicien ou d’un logement."),
    ]


# --- inside -----------------------------------------------------------------------------------


def _page(actor: Actor, report: Report, quarter: Quarter) -> ResultsPage | None:
    """Return a quarter's page in the report's own view; None where there isn't that view."""
    if report.contractor_id is not None:
        return pair_page(actor, report.landlord_id, report.contractor_id, quarter)
    page = results_page(actor, Asked(quarter=quarter.first.isoformat()))
    return page if page.quarter == quarter else None


def _row(
    subject: str, page: ResultsPage | None, former: ResultsPage | None, facts: dict[str, Fact]
) -> Row:
    line, before = _line(page, subject), _line(former, subject)
    fact = facts.get(subject)
    return Row(
        label=line.label if line else label_of(subject),
        cells=[
            _cell(getattr(line, name, None), getattr(before, name, None))
            for name in ("of_contractor", "of_landlord", "of_tenants")
        ],
        symmetry=line.symmetry if line else "",
        gap=line.gap if line else None,
        fact=fact.text if fact else none_of(subject),
    )


def _line(page: ResultsPage | None, subject: str) -> Line | None:
    if page is None:
        return None
    return next(
        (one for one in (*page.axes, *page.criteria, *page.own) if one.subject == subject), None
    )


def _cell(told: Told | None, before: Told | None) -> Cell:
    if told is None:
        return Cell("–", "", "")
    if not told.is_told:
        return Cell(told.text, "", "")
    words = [told.interval, _("n %d") % told.row.n, *([told.note] if told.note else [])]
    return Cell(told.text, ", ".join(words), trend_of(told, before))
