"""The one selector of published results: every page, export and interface asks it, nothing else.

It reads what publishing kept (services/publishing.py), in the reader's scope, and never a mark:
nobody's scope reaches the ballots.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations.axes import Axis, Criterion, Direction, is_own, label_of
from evaluations.facts import none_of
from evaluations.models import Dimension, Level, Result
from evaluations.quarters import Quarter
from evaluations.questionnaire import own_sentences
from evaluations.radar import Radar, radar
from evaluations.scoring import symmetry
from evaluations.wording import facts_text, too_few
from nexxio.core.actors import Actor, Side
from nexxio.core.templatetags.ui import number, percent

_EDGES = {"low": gettext_lazy("au plus %s"), "high": gettext_lazy("au moins %s")}
_PRIORS = {
    Dimension.TRADE: gettext_lazy("rapproché du corps d’état"),
    Dimension.OVERALL: gettext_lazy("rapproché de l’ensemble"),
}
SECTOR = gettext_lazy("1 sur 3")
"""Share of dissatisfied tenants, as the article on symmetry of attentions quotes it."""
_FEWEST_SPOKES = 3
_SERIES = 4
"""So many quarters stand behind one another."""
_Cells = dict[tuple[str, str], Result]


@dataclass(frozen=True)
class Told:
    """What is told of one subject in one direction. text: the mean, or why there is none.

    trend: what changed since the quarter before. series: quarters and means up to this one, the
    oldest first, where more than one is told.
    """

    row: Result
    text: str
    interval: str
    note: str
    trend: str = ""
    series: tuple[tuple[str, str], ...] = ()

    @property
    def mean(self) -> Decimal | None:
        """The mean, None where it isn't told."""
        return self.row.mean

    @property
    def is_told(self) -> bool:
        """Whether there is a mean."""
        return self.row.mean is not None


@dataclass(frozen=True)
class Line:
    """One axis or criterion: the three directions, the gap, the fact."""

    subject: str
    label: str
    of_contractor: Told | None
    of_landlord: Told | None
    of_tenants: Told | None
    symmetry: str
    gap: Decimal | None
    fact: str

    @property
    def is_told(self) -> bool:
        """Whether any direction has a mean."""
        return any(
            one is not None and one.is_told
            for one in (self.of_contractor, self.of_landlord, self.of_tenants)
        )


@dataclass(frozen=True)
class View:
    """One view that may be looked at: a dimension and a key."""

    dimension: str
    key: str
    label: str
    current: bool

    @property
    def value(self) -> str:
        """What stands for the view in an address."""
        return f"{self.dimension}:{self.key}"


@dataclass(frozen=True)
class ResultsPage:
    """The page of one closed quarter in one view. own: the landlord's own questions."""

    quarter: Quarter | None
    quarters: list[Quarter]
    views: list[View]
    title: str
    axes: list[Line]
    criteria: list[Line]
    own: list[Line]
    rates: list[tuple[str, str, str]]
    dissatisfied: str
    sector: str
    chart: Radar | None


@dataclass(frozen=True)
class Satisfaction:
    """Whether tenants' problems are settled, in one cell. share: of dissatisfied ones, in words."""

    label: str
    told: Told

    @property
    def is_told(self) -> bool:
        """Whether there are enough answers."""
        return self.told.is_told and self.told.row.dissatisfied is not None

    @property
    def percent(self) -> Decimal | None:
        """The share of dissatisfied tenants in hundredths; None where it isn't told."""
        share = self.told.row.dissatisfied
        return share * 100 if self.is_told and share is not None else None

    @property
    def share(self) -> str:
        """The same in words; "" where it isn't told."""
        return percent(self.percent) if self.percent is not None else ""


@dataclass(frozen=True)
class Asked:
    """What of the lattice a reader asks for: strings of an address, believed in nothing."""

    quarter: str = ""
    dimension: str = ""
    key: str = ""


def results_page(actor: Actor, asked: Asked) -> ResultsPage:
    """Return what is published of a quarter in one view. Three queries, one more for own questions.

    A landlord looks at all together, a trade, an agency or a company; a company at itself, landlord
    by landlord. What isn't there, or not the reader's, is the first view there is.
    """
    quarters = published_quarters()
    quarter = next((one for one in quarters if one.first.isoformat() == asked.quarter), None)
    quarter = quarter or (quarters[0] if quarters else None)
    if quarter is None:
        return ResultsPage(None, [], [], "", [], [], [], [], "", str(SECTOR), None)
    keys = _views(actor, quarter.first)
    wanted = (asked.dimension, asked.key)
    current = wanted if wanted in keys else next(iter(keys))
    shown = [quarter, *(one for one in quarters if one < quarter)][:_SERIES]
    told = _rows(actor, [one.first for one in shown], *current)
    rows = told[quarter.first]
    own = _own_labels(rows.values())
    ours = sorted(own, key=lambda subject: own[subject])
    lines = [_line(subject, told, own) for subject in (*Axis.values, *Criterion.values, *ours)]
    known = [line for line in lines if line.of_contractor or line.of_landlord or line.of_tenants]
    axes = [line for line in known if line.subject in Axis.values]
    return ResultsPage(
        quarter=quarter,
        quarters=quarters,
        views=[View(*pair, label, pair == current) for pair, label in keys.items()],
        title=keys[current],
        axes=axes,
        criteria=[line for line in known if line.subject in Criterion.values],
        own=[line for line in known if line.subject in own],
        rates=_rates(rows),
        dissatisfied=_dissatisfied(rows),
        sector=str(SECTOR),
        chart=_chart(axes),
    )


def latest_of_pair(actor: Actor, landlord_id: UUID, contractor_id: UUID) -> ResultsPage | None:
    """Return the newest quarter that tells anything of a company at a landlord: the same to both.

    One query where there is none, five otherwise.
    """
    rows = Result.objects.filter(
        landlord_id=landlord_id, contractor_id=contractor_id, dimension=Dimension.CONTRACTOR
    )
    told = rows.exclude(level=Level.FEW).order_by("-quarter").values_list("quarter", flat=True)
    newest = told.first()
    if newest is None:
        return None
    return pair_page(actor, landlord_id, contractor_id, Quarter(newest))


def pair_page(
    actor: Actor, landlord_id: UUID, contractor_id: UUID, quarter: Quarter | None = None
) -> ResultsPage | None:
    """Return what is published between a landlord and a company: the same for both of them.

    quarter: the newest one where None. None where there is nothing of the two.
    """
    if actor.side is Side.CONTRACTOR:
        wanted = ("landlord", str(landlord_id))
    else:
        wanted = (Dimension.CONTRACTOR.value, str(contractor_id))
    when = quarter.first.isoformat() if quarter is not None else ""
    page = results_page(actor, Asked(quarter=when, dimension=wanted[0], key=wanted[1]))
    current = next(((one.dimension, one.key) for one in page.views if one.current), None)
    if current != wanted or (quarter is not None and page.quarter != quarter):
        return None
    return page


def satisfaction(
    actor: Actor, dimensions: Sequence[Dimension]
) -> tuple[str, dict[Dimension, list[Satisfaction]]]:
    """Return the newest quarter's name, and whether problems are settled, by cells of some views.

    Of a landlord; each view apart, never two of them crossed. Cells that aren't told say why, and
    come last; the least satisfied come first. Two queries.
    """
    quarters = published_quarters()
    if not quarters:
        return "", {}
    found: dict[Dimension, list[Satisfaction]] = {dimension: [] for dimension in dimensions}
    for row in _of_tenants(actor).filter(quarter=quarters[0].first, dimension__in=dimensions):
        found[Dimension(row.dimension)].append(_satisfied(row, row.label or row.key))
    for cells in found.values():
        cells.sort(key=lambda one: (-(one.percent if one.percent is not None else -1), one.label))
    return str(quarters[0]), found


def satisfaction_trend(actor: Actor) -> list[Satisfaction]:
    """Return the same of all repairs together, quarter by quarter, the oldest first. One query."""
    rows = _of_tenants(actor).filter(dimension=Dimension.OVERALL).order_by("-quarter")[:8]
    return [_satisfied(row, str(Quarter(row.quarter))) for row in reversed(rows)]


@dataclass(frozen=True)
class PlaceResult:
    """A quarter as tenants of an agency, and those of a trade, saw it; never the two crossed."""

    quarter: str
    of_agency: Satisfaction | None
    of_trade: Satisfaction | None


def satisfaction_of_place(
    actor: Actor, *, agency_id: UUID, trade_code: str, most: int = 6
) -> list[PlaceResult]:
    """Return whether problems are settled, by an agency and by a trade, the oldest first.

    Each view as it was published; nothing tells what the two have in common. One query.
    """
    agency = Q(dimension=Dimension.AGENCY, key=str(agency_id))
    rows = _of_tenants(actor).filter(agency | Q(dimension=Dimension.TRADE, key=trade_code))
    quarters: dict[date, dict[str, Satisfaction]] = {}
    for row in rows.order_by("-quarter")[: 2 * most]:
        quarters.setdefault(row.quarter, {})[row.dimension] = _satisfied(row, row.label or row.key)
    return [
        PlaceResult(str(Quarter(day)), told.get(Dimension.AGENCY), told.get(Dimension.TRADE))
        for day, told in sorted(quarters.items())[-most:]
    ]


def published_quarters() -> list[Quarter]:
    """Return the quarters of which the reader may read something, the newest first. One query."""
    days = _between_houses().order_by("-quarter").values_list("quarter", flat=True).distinct()
    return [Quarter(day) for day in days[:12]]


def told_of(row: Result) -> Told:
    """Return what is told of a result: its mean in words, or why there is none."""
    if row.mean is None:
        return Told(row, too_few(row.n, row.needed), "", "")
    mean = number(row.mean, 1)
    notes = []
    if row.shrunk:
        toward = _PRIORS.get(Dimension(row.prior)) if row.prior else None
        notes.append(str(toward) if toward else _("rapproché"))
    if row.level == Level.INSIDE:
        notes.append(_("entre vous"))
    return Told(
        row=row,
        text=str(_EDGES[row.edge]) % mean if row.edge else mean,
        interval=f"{number(row.low, 1)} à {number(row.high, 1)}",
        note=", ".join(notes),
    )


def trend_of(told: Told, before: Told | None) -> str:
    """Return what changed since the quarter before: only what the interval tells from chance."""
    was = before.mean if before else None
    low, high = told.row.low, told.row.high
    if was is None or low is None or high is None:
        return ""
    if was < low:
        return _("en hausse, %s avant") % number(was, 1)
    if was > high:
        return _("en baisse, %s avant") % number(was, 1)
    return _("stable, %s avant") % number(was, 1)


# --- inside -----------------------------------------------------------------------------------


def _between_houses() -> QuerySet[Result]:
    """Return all but what a house's own members say of it (selectors/staff.py)."""
    return Result.objects.exclude(direction=Direction.STAFF)


def _of_tenants(actor: Actor) -> QuerySet[Result]:
    return Result.objects.filter(
        landlord_id=actor.own_id,
        direction=Direction.TENANT_REPAIR,
        subject=Axis.COMPETENCE,
    )


def _satisfied(row: Result, label: str) -> Satisfaction:
    return Satisfaction(label, told_of(row))


def _views(actor: Actor, quarter: date) -> dict[tuple[str, str], str]:
    """Return (dimension, key) → label. A company's keys are its landlords, the most told first."""
    of_quarter = _between_houses().filter(quarter=quarter)
    if actor.side is Side.CONTRACTOR:
        houses = of_quarter.values("landlord_id", "landlord__name")
        told = houses.annotate(told=Count("pk", filter=~Q(level=Level.FEW)))
        ordered = told.order_by("-told", "landlord__name")
        return {("landlord", str(one["landlord_id"])): one["landlord__name"] for one in ordered}
    found = {("overall", ""): _("Tous nos prestataires")}
    rows = of_quarter.exclude(dimension=Dimension.OVERALL)
    rows = rows.exclude(dimension=Dimension.RESIDENCE, level=Level.FEW)  # there are too many
    cells = rows.order_by("dimension", "label", "key").values_list("dimension", "key", "label")
    for dimension, key, label in cells.distinct():
        found[dimension, key] = f"{Dimension(dimension).label} · {label or key}"
    return found


def _rows(actor: Actor, quarters: Sequence[date], dimension: str, key: str) -> dict[date, _Cells]:
    """Return the results of a view by quarter, direction and subject, the newest quarter first.

    What companies say of a landlord is always what all of them say, beside one company's view too.
    """
    rows = _between_houses().filter(quarter__in=quarters)
    of_landlord = Q(direction=Direction.CONTRACTOR_LANDLORD)
    everybody = of_landlord & Q(dimension=Dimension.OVERALL)
    if actor.side is Side.CONTRACTOR:
        own = Q(dimension=Dimension.CONTRACTOR, contractor_id=actor.own_id)
        rows = rows.filter(own | everybody, landlord_id=UUID(key))
    elif dimension == Dimension.CONTRACTOR:
        rows = rows.filter(Q(dimension=dimension, key=key) | everybody)
    else:
        rows = rows.filter(dimension=dimension, key=key)
    found: dict[date, _Cells] = {day: {} for day in quarters}
    for row in rows:
        found[row.quarter][row.direction, row.subject] = row
    return found


def _own_labels(rows: Iterable[Result]) -> dict[str, str]:
    """Return the sentence of each of the landlord's own questions among some results."""
    subjects = {row.subject for row in rows if is_own(row.subject)}
    texts = own_sentences(subjects)
    return {subject: label_of(subject, texts) for subject in subjects}


def _line(subject: str, cells: Mapping[date, _Cells], own: Mapping[str, str] | None = None) -> Line:
    told = [
        _in_time(cells, (direction.value, subject))
        for direction in (
            Direction.LANDLORD_CONTRACTOR,
            Direction.CONTRACTOR_LANDLORD,
            Direction.TENANT_REPAIR,
        )
    ]
    one, other = told[0], told[1]
    gap, both = None, ""
    if one and other and one.mean is not None and other.mean is not None:
        gap = abs(one.mean - other.mean)
        both = percent(symmetry(one.mean, other.mean) * 100)
    facts = [text for each in told if each and (text := _fact(each.row))]
    return Line(
        subject=subject,
        label=label_of(subject, own),
        of_contractor=told[0],
        of_landlord=told[1],
        of_tenants=told[2],
        symmetry=both,
        gap=gap,
        fact=facts[0] if facts else none_of(subject),
    )


def _in_time(cells: Mapping[date, _Cells], of: tuple[str, str]) -> Told | None:
    """Return what the newest quarter tells, with the quarters before it."""
    newest, *former = cells
    row = cells[newest].get(of)
    if row is None:
        return None
    told = told_of(row)
    before = [(Quarter(day), told_of(past)) for day in former if (past := cells[day].get(of))]
    last = next((past for when, past in before if when == Quarter(newest).previous), None)
    means = [(str(when), past.text) for when, past in reversed(before) if past.is_told]
    if not told.is_told or not means:
        return told
    series = (*means, (str(Quarter(newest)), told.text))
    return replace(told, trend=trend_of(told, last), series=series)


def _fact(row: Result) -> str:
    return facts_text(row.fact, row.fact_value, row.more_fact, row.more_value)


def _rates(rows: dict[tuple[str, str], Result]) -> list[tuple[str, str, str]]:
    """Return each direction's answer rate, where one of its cells is told."""
    found = []
    for direction in Direction:
        told = [row for (name, _s), row in rows.items() if name == direction and row.asked]
        if told:
            row = told[0]
            rate = percent(Decimal(100 * row.answered) / row.asked)
            words = _("%(n)d réponses sur %(asked)d demandées")
            values = {"n": row.answered, "asked": row.asked}
            found.append((str(direction.label), rate, words % values))
    return found


def _dissatisfied(rows: dict[tuple[str, str], Result]) -> str:
    row = rows.get((Direction.TENANT_REPAIR.value, Axis.COMPETENCE.value))
    if row is None or row.dissatisfied is None:
        return ""
    return percent(row.dissatisfied * 100)


def _chart(axes: Sequence[Line]) -> Radar | None:
    labels = [line.label for line in axes]
    series = [
        (_("Le bailleur, de l’entreprise"), [_mean(line.of_contractor) for line in axes]),
        (_("Les entreprises, du bailleur"), [_mean(line.of_landlord) for line in axes]),
        (_("Les locataires, de la réparation"), [_mean(line.of_tenants) for line in axes]),
    ]
    return radar(labels, series) if len(labels) >= _FEWEST_SPOKES else None


def _mean(told: Told | None) -> Decimal | None:
    return told.mean if told else None
