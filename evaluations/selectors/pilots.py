"""Pages of needs and pilots: what is to be improved, what is tried where, what the facts say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations import policies
from evaluations.models import (
    Comparison,
    Need,
    Pilot,
    PilotContract,
    PilotCriterion,
    PilotDecision,
    PilotOutcome,
    Verdict,
)
from evaluations.perimeter_facts import NOTHING, Days, Measure, Part, measured
from evaluations.pilot_book import (
    DAYS,
    DEFINITIONS,
    FEATURES,
    Feature,
    NeedCode,
    PilotFact,
    Switch,
    features_for,
)
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.templatetags.ui import number
from orders.models import Contract
from orders.selectors.history import HistoryEntry, house_history
from orders.selectors.status import Status

FEWEST = 10
"""Fewer cases than that prove nothing of a criterion."""
_TWO = 2
_LOOKS: dict[str, tuple[Any, str, str]] = {
    "withdrawn": (gettext_lazy("Retiré"), "neutral", "x"),
    "prepared": (gettext_lazy("Préparé"), "info", "calendar-event"),
    "running": (gettext_lazy("En cours"), "waiting", "player-play"),
    "due": (gettext_lazy("Bilan à faire"), "warning", "flag"),
    "go": (gettext_lazy("Go : la fonction reste"), "success", "circle-check"),
    "no_go": (gettext_lazy("No-go : retour en arrière"), "neutral", "arrow-back-up"),
}


@dataclass(frozen=True)
class PilotRow:
    """A pilot in a list."""

    pilot: Pilot
    feature: str
    status: Status


@dataclass(frozen=True)
class FeatureRow:
    """A feature in words: what it changes, the facts that measure it, how it is put in service."""

    feature: Feature
    facts: str
    switch: str


@dataclass(frozen=True)
class NeedRow:
    """A need, the features that answer it, and how many pilots of it there are."""

    need: Need
    features: list[FeatureRow]
    pilots: int


@dataclass(frozen=True)
class PilotsPage:
    """The list. left: needs of the book that aren't on the landlord's list."""

    needs: list[NeedRow]
    pilots: list[PilotRow]
    left: list[tuple[str, str]]
    can_write: bool


@dataclass(frozen=True)
class CriterionRow:
    """A criterion against its fact. before: over as many days before the start."""

    label: str
    definition: str
    asked: str
    now: str
    n: int
    before: str
    status: Status

    def kept(self) -> dict[str, Any]:
        """Return what is kept with a decision."""
        return {
            "fact": self.label,
            "asked": self.asked,
            "value": self.now,
            "n": self.n,
            "status": self.status.label,
        }


@dataclass(frozen=True)
class CriteriaGroup:
    """The criteria of one verdict."""

    title: str
    rows: list[CriterionRow]


@dataclass(frozen=True)
class ContractRow:
    """A contract that the perimeter touches. is_on: of a term of contracts, whether it has it."""

    contract: Contract
    is_on: bool | None


@dataclass(frozen=True)
class PilotPage:
    """One pilot. days: over which the facts are counted, None before the start."""

    row: PilotRow
    feature: FeatureRow
    need: str
    groups: list[CriteriaGroup]
    days: Days | None
    advice: str
    contracts: list[ContractRow]
    decisions: list[PilotDecision]
    history: list[HistoryEntry]
    can_change: bool
    can_decide: bool

    @property
    def pilot(self) -> Pilot:
        """The pilot itself."""
        return self.row.pilot


def pilots_page(actor: Actor) -> PilotsPage:
    """Return a landlord's needs and pilots. Two queries."""
    needs = list(Need.objects.filter(landlord_id=actor.own_id, withdrawn_at__isnull=True))
    pilots = list(
        Pilot.objects.filter(landlord_id=actor.own_id, withdrawn_at__isnull=True).order_by(
            "-starts_on", "-id"
        )
    )
    order = list(NeedCode.values)
    listed = {one.code for one in needs}
    return PilotsPage(
        needs=[
            NeedRow(
                need,
                [_feature(one) for one in features_for(need.code)],
                sum(1 for pilot in pilots if pilot.need == need.code),
            )
            for need in sorted(needs, key=lambda one: order.index(one.code))
        ],
        pilots=[_row(one) for one in pilots],
        left=[(code, str(label)) for code, label in NeedCode.choices if code not in listed],
        can_write=policies.steers(actor),
    )


def pilot_page(actor: Actor, pilot: Pilot) -> PilotPage:
    """Return one pilot with what its facts say. Its landlord is loaded (access.get_pilot)."""
    today = clock.today()
    feature = FEATURES[pilot.feature]
    row = _row(pilot)
    days = days_of(pilot, today)
    groups = _groups(pilot, days)
    can_write = policies.steers(actor) and pilot.withdrawn_at is None
    has_started = pilot.starts_on <= today
    own = {"landlord_id": pilot.landlord_id, "pilot_id": pilot.pk}
    decisions = PilotDecision.objects.filter(**own).select_related("decided_by")
    return PilotPage(
        row=row,
        feature=_feature(feature),
        need=str(NeedCode(pilot.need).label),
        groups=groups,
        days=days,
        advice=_advice(groups) if days is not None and not pilot.outcome else "",
        contracts=_contracts(pilot, feature),
        decisions=list(decisions.order_by("-decided_at")),
        history=house_history(actor, [pilot.landlord], [pilot.pk]),
        can_change=can_write and not has_started,
        can_decide=can_write and has_started and pilot.outcome != PilotOutcome.NO_GO,
    )


def kept_facts(pilot: Pilot) -> list[dict[str, Any]]:
    """Return what each criterion says now, as a decision keeps it."""
    groups = _groups(pilot, days_of(pilot, clock.today()))
    return [row.kept() for group in groups for row in group.rows]


def days_of(pilot: Pilot, today: date) -> Days | None:
    """Return the days whose facts count: from the start to the decision that ended it, or today.

    None for one that hasn't started or never did.
    """
    if pilot.starts_on > today or pilot.withdrawn_at is not None:
        return None
    last = pilot.decided_on if pilot.decided_on is not None else today
    return Days(pilot.starts_on, max(last, pilot.starts_on))


def pilots_of(contract: Contract) -> list[PilotRow]:
    """Return the pilots that touch a contract, with their criteria. Two queries."""
    touching = PilotContract.objects.filter(
        landlord_id=contract.landlord_id, contract_id=contract.pk
    )
    rows: QuerySet[Pilot] = Pilot.objects.filter(
        landlord_id=contract.landlord_id,
        withdrawn_at__isnull=True,
        pk__in=touching.values("pilot_id"),
    ).prefetch_related(
        Prefetch("criteria", queryset=PilotCriterion.objects.order_by("rank"), to_attr="told")
    )
    return [_row(one) for one in rows.order_by("-starts_on", "-id")[:5]]


def asked_text(criterion: PilotCriterion) -> str:
    """Return a criterion's comparison and threshold in words."""
    comparison = Comparison(criterion.comparison).label
    return f"{comparison} {_figure(criterion.fact, criterion.threshold)}"


# --- inside -----------------------------------------------------------------------------------


def _row(pilot: Pilot) -> PilotRow:
    code = _standing(pilot)
    label, tone, icon = _LOOKS[code]
    status = Status(code, str(label), tone, icon)
    return PilotRow(pilot, str(FEATURES[pilot.feature].label), status)


def _standing(pilot: Pilot) -> str:
    today = clock.today()
    if pilot.withdrawn_at is not None:
        return "withdrawn"
    if pilot.outcome:
        return pilot.outcome
    if pilot.starts_on > today:
        return "prepared"
    return "due" if pilot.review_on <= today else "running"


def _feature(feature: Feature) -> FeatureRow:
    return FeatureRow(
        feature=feature,
        facts=", ".join(str(PilotFact(one).label) for one in feature.facts),
        switch=str(Switch(feature.switch).label),
    )


def _groups(pilot: Pilot, days: Days | None) -> list[CriteriaGroup]:
    criteria = PilotCriterion.objects.filter(landlord_id=pilot.landlord_id, pilot_id=pilot.pk)
    rows = list(criteria.order_by("rank"))
    part = Part(pilot.landlord_id, pilot.agency_id, pilot.trade_id or "")
    now = measured(part, days) if days else {}
    before = measured(part, days.before) if days else {}
    return [
        CriteriaGroup(
            str(verdict.label),
            [
                _criterion(one, now.get(one.fact, NOTHING), before.get(one.fact, NOTHING), days)
                for one in rows
                if one.verdict == verdict
            ],
        )
        for verdict in Verdict
    ]


def _criterion(
    criterion: PilotCriterion, now: Measure, before: Measure, days: Days | None
) -> CriterionRow:
    return CriterionRow(
        label=str(PilotFact(criterion.fact).label),
        definition=str(DEFINITIONS[criterion.fact]),
        asked=asked_text(criterion),
        now=_told(criterion.fact, now),
        n=now.n,
        before=_told(criterion.fact, before, with_n=True),
        status=_met(criterion, now, has_started=days is not None),
    )


def _met(criterion: PilotCriterion, now: Measure, *, has_started: bool) -> Status:
    if not has_started:
        return Status("coming", _("Pas commencé"), "neutral", "calendar-event")
    if now.value is None or now.n < FEWEST:
        words = _("Pas encore assez de cas (%(n)d sur %(needed)d)")
        return Status("few", words % {"n": now.n, "needed": FEWEST}, "neutral", "hourglass")
    is_least = criterion.comparison == Comparison.AT_LEAST
    met = now.value >= criterion.threshold if is_least else now.value <= criterion.threshold
    if not met:
        return Status("missed", _("Non atteint"), "neutral", "circle-x")
    tone = "success" if criterion.verdict == Verdict.GO else "danger"
    icon = "circle-check" if criterion.verdict == Verdict.GO else "alert-triangle"
    return Status("met", _("Atteint"), tone, icon)


def _advice(groups: Iterable[CriteriaGroup]) -> str:
    """Return what the criteria say together; the decision stays a person's."""
    go, no_go = groups
    if any(row.status.code == "met" for row in no_go.rows):
        return _("Un critère d’arrêt est atteint : relisez le retour en arrière et décidez.")
    codes = {row.status.code for row in go.rows}
    if codes == {"met"}:
        return _("Tous les critères pour continuer sont atteints.")
    if "few" in codes:
        return _("Il n’y a pas encore assez de cas pour conclure.")
    return _("Les critères pour continuer ne sont pas tous atteints.")


def _contracts(pilot: Pilot, feature: Feature) -> list[ContractRow]:
    touched = PilotContract.objects.filter(landlord_id=pilot.landlord_id, pilot_id=pilot.pk)
    rows = Contract.objects.filter(
        landlord_id=pilot.landlord_id, pk__in=touched.values("contract_id")
    ).select_related("contractor")
    return [
        ContractRow(one, feature.is_on(one) if feature.is_on is not None else None)
        for one in rows.order_by("number")
    ]


def _told(fact: str, measure: Measure, *, with_n: bool = False) -> str:
    if measure.value is None:
        return "–"
    if measure.n < FEWEST:
        return _("moins de %d cas") % FEWEST
    words = _figure(fact, measure.value)
    return f"{words} (n = {number(measure.n)})" if with_n else words


def _figure(fact: str, value: Decimal) -> str:
    if fact not in DAYS:
        return f"{number(value)}\N{NO-BREAK SPACE}%"
    return (_("%s jours") if value >= _TWO else _("%s jour")) % number(value)
