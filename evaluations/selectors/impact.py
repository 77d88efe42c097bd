"""Impact at a landlord: its perimeters, what is estimated of a roll-out, what else changed.

Estimates are rows that the clock wrote (services/rollouts.py); nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from evaluations import policies
from evaluations.impact_terms import FEWEST, Indicator
from evaluations.models import ImpactEstimate, ImpactNote, Rollout
from evaluations.selectors.impact_words import Figure, figure_of
from evaluations.selectors.results import PlaceResult, satisfaction_of_place
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.models import Agency
from nexxio.core.templatetags.ui import day
from orders.models import Order, Trade
from orders.selectors.status import Status

REFERENCE_WEEKS = 12
MOST_ROWS = 60
MOST_NOTES = 100


@dataclass(frozen=True)
class Perimeter:
    """An agency and a trade. key: as forms name it; orders: issued in twelve weeks."""

    key: str
    label: str
    orders: int


@dataclass(frozen=True)
class RolloutRow:
    """A perimeter with its day. told: of how many indicators there is an estimate."""

    rollout: Rollout
    label: str
    status: Status
    is_to_come: bool
    was_declared_late: bool
    told: int
    smallest: int | None


@dataclass(frozen=True)
class Detail:
    """The roll-out that is looked at. findings: what can be said, only what excludes zero."""

    row: RolloutRow
    figures: list[Figure]
    others: int
    satisfaction: list[PlaceResult]

    @property
    def findings(self) -> list[str]:
        """The sentences of what is established."""
        return [one.finding for one in self.figures if one.finding]

    @property
    def is_measured(self) -> bool:
        """Whether the clock has measured it since its day was chosen."""
        return self.row.rollout.measured_on is not None


@dataclass(frozen=True)
class NoteRow:
    """A note of the diary."""

    note: ImpactNote
    where: str
    may_withdraw: bool


@dataclass(frozen=True)
class ImpactPage:
    """The page. more: how many perimeters of reference aren't listed."""

    rollouts: list[RolloutRow]
    references: list[Perimeter]
    more: int
    detail: Detail | None
    notes: list[NoteRow]
    can_plan: bool
    can_note: bool
    fewest: int = FEWEST
    indicators: int = len(Indicator)

    @property
    def is_empty(self) -> bool:
        """Whether there is no perimeter at all."""
        return not self.rollouts and not self.references


def impact_page(actor: Actor, *, chosen: str = "") -> ImpactPage:
    """Return a landlord's page; `chosen` is a roll-out's id as an address has it. Six queries."""
    rows, estimates = _rollouts(actor)
    shown = next((one for one in rows if str(one.rollout.pk) == chosen), rows[0] if rows else None)
    taken = {_key(one.rollout.agency_id, one.rollout.trade_id) for one in rows}
    references = [one for one in perimeters(actor) if one.key not in taken]
    return ImpactPage(
        rollouts=rows,
        references=references[:MOST_ROWS],
        more=len(references[MOST_ROWS:]),
        detail=_detail(actor, shown, estimates.get(shown.rollout.pk, [])) if shown else None,
        notes=_notes(actor),
        can_plan=policies.plans_rollouts(actor),
        can_note=policies.keeps_diary(actor),
    )


@dataclass(frozen=True)
class Measured:
    """What measurement says today. where: the perimeter; lacks: why nothing is said."""

    findings: list[str]
    where: str
    lacks: str
    url_key: str


def newest_finding(actor: Actor) -> Measured:
    """Return what is established of the newest roll-out that tells anything, or what lacks.

    Two queries. A finding is a sentence of the page of impact: its interval excludes zero.
    """
    rows, estimates = _rollouts(actor)
    for row in reversed(rows):
        figures = (figure_of(one, row.rollout) for one in estimates.get(row.rollout.pk, []))
        found = [one.finding for one in figures if one.finding]
        if found:
            return Measured(found, row.label, "", str(row.rollout.pk))
    return Measured([], "", _lacks(rows), str(rows[-1].rollout.pk) if rows else "")


def _lacks(rows: list[RolloutRow]) -> str:
    if not rows:
        return _("Aucune mise en service n’est datée : dites sur « Impact » où et quand.")
    live = [row for row in rows if not row.is_to_come]
    if not live:
        return _("Aucun périmètre n’est encore en service : la référence s’enregistre.")
    if all(row.rollout.measured_on is None for row in live):
        return _("La première mesure paraît le lendemain de la mise en service.")
    if not any(row.told for row in live):
        most = max((row.smallest or 0 for row in live), default=0)
        words = _("Pas encore assez de cas : %(n)d sur %(needed)d dans la case la moins fournie.")
        return words % {"n": most, "needed": FEWEST}
    return _("Rien n’est établi : aucun intervalle n’exclut zéro.")


def perimeters(actor: Actor) -> list[Perimeter]:
    """Return where orders were issued in twelve weeks, the most first. One query."""
    since = clock.now() - timedelta(weeks=REFERENCE_WEEKS)
    rows = (
        Order.objects.filter(
            landlord_id=actor.own_id,
            issued_at__gte=since,
            agency__isnull=False,
            trade__isnull=False,
        )
        .order_by()
        .values_list("agency_id", "agency__name", "trade_id", "trade__label")
        .annotate(n=Count("pk"))
    )
    found = [
        Perimeter(_key(agency, trade), label_of(name, trade_name), n)
        for agency, name, trade, trade_name, n in rows
    ]
    return sorted(found, key=lambda one: (-one.orders, one.label))


def choices(actor: Actor) -> list[tuple[str, str]]:
    """Return every agency with every trade, for a form. Two queries."""
    agencies = Agency.objects.filter(landlord_id=actor.own_id).order_by("name")
    trades = Trade.objects.order_by("label")
    names = list(trades.values_list("code", "label"))
    return [
        (_key(pk, code), label_of(name, label))
        for pk, name in agencies.values_list("pk", "name")
        for code, label in names
    ]


def parsed(key: str) -> tuple[UUID | None, str]:
    """Return agency and trade of a form's perimeter, (None, "") of none."""
    agency, _colon, trade = key.partition(":")
    return (UUID(agency), trade) if trade else (None, "")


def label_of(agency: str, trade: str) -> str:
    """Return a perimeter's name."""
    return f"{agency} · {trade}"


def export_rows(actor: Actor) -> list[tuple[RolloutRow, ImpactEstimate]]:
    """Return each roll-out's estimates, for a file. Two queries."""
    rows, estimates = _rollouts(actor)
    return [(row, one) for row in rows for one in estimates.get(row.rollout.pk, [])]


# --- inside -----------------------------------------------------------------------------------


def _key(agency_id: UUID, trade_code: str) -> str:
    return f"{agency_id}:{trade_code}"


def _rollouts(actor: Actor) -> tuple[list[RolloutRow], dict[UUID, list[ImpactEstimate]]]:
    rows = (
        Rollout.objects.filter(landlord_id=actor.own_id, cancelled_at__isnull=True)
        .select_related("agency", "trade", "decided_by")
        .order_by("starts_on", "pk")
    )
    found = list(rows)
    # Of a day that was moved, former estimates say nothing.
    valid = {one.pk for one in found if one.measured_on is not None}
    estimates: dict[UUID, list[ImpactEstimate]] = {}
    for one in ImpactEstimate.objects.filter(landlord_id=actor.own_id):
        if one.rollout_id in valid:
            estimates.setdefault(one.rollout_id, []).append(one)
    order = list(Indicator)
    for some in estimates.values():
        some.sort(key=lambda one: order.index(Indicator(one.indicator)))
    return [_row(one, estimates.get(one.pk, [])) for one in found], estimates


def _row(rollout: Rollout, estimates: Iterable[ImpactEstimate]) -> RolloutRow:
    today, known = clock.today(), list(estimates)
    return RolloutRow(
        rollout=rollout,
        label=label_of(rollout.agency.name, rollout.trade.label),
        status=_status(rollout, today),
        is_to_come=rollout.starts_on > today,
        was_declared_late=clock.day_of(rollout.decided_at) > rollout.starts_on,
        told=sum(one.effect is not None for one in known),
        smallest=max((_smallest(one) for one in known), default=None),
    )


def _smallest(one: ImpactEstimate) -> int:
    return min(one.n_before, one.n_after, one.n_other_before, one.n_other_after)


def _status(rollout: Rollout, today: date) -> Status:
    if rollout.starts_on > today:
        text = _("Prévu le %s") % day(rollout.starts_on, "short")
        return Status("to_come", text, "info", "clock")
    text = _("En service depuis le %s") % day(rollout.starts_on, "short")
    return Status("live", text, "success", "circle-check")


def _detail(actor: Actor, row: RolloutRow, estimates: list[ImpactEstimate]) -> Detail:
    rollout = row.rollout
    return Detail(
        row=row,
        figures=[figure_of(one, rollout) for one in estimates],
        others=max((one.others for one in estimates), default=0),
        satisfaction=satisfaction_of_place(
            actor, agency_id=rollout.agency_id, trade_code=rollout.trade_id
        ),
    )


def _notes(actor: Actor) -> list[NoteRow]:
    rows = (
        ImpactNote.objects.filter(landlord_id=actor.own_id)
        .select_related("agency", "trade", "author", "withdrawn_by")
        .order_by("-happened_on", "-id")
    )
    return [
        NoteRow(
            note=note,
            where=label_of(note.agency.name, note.trade.label)
            if note.agency and note.trade
            else _("Tout l’organisme"),
            may_withdraw=note.withdrawn_at is None and policies.may_withdraw_note(actor, note),
        )
        for note in rows[:MOST_NOTES]
    ]
