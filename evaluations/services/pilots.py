"""Needs and pilots: listed, prepared, written anew before the start, decided with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from evaluations import pilot_events as events
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
from evaluations.pilot_book import DAYS, NeedCode, PilotFact, is_offered
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.events import EventType
from nexxio.core.models import Agency
from nexxio.core.outbox import Subject, record
from orders.models import Contract, ContractPlace, Trade

MOST_NAME, MOST_NOTE, MOST_WAY_BACK = 120, 300, 1000
_FEWEST = 10
MOST_MONTHS = 12
_LONGEST = timedelta(days=366)
_WHOLE = 100


@dataclass(frozen=True)
class CriterionInput:
    """A criterion as typed. threshold: percent, or days of a fact that is counted in days."""

    verdict: str
    fact: str
    comparison: str
    threshold: Decimal


@dataclass(frozen=True)
class PilotInput:
    """A pilot as typed: one of agency and trade, or both."""

    name: str
    starts_on: date
    review_on: date
    way_back: str
    agency_id: UUID | None = None
    trade: str = ""
    criteria: Sequence[CriterionInput] = field(default_factory=tuple)


@transaction.atomic
def list_need(*, actor: Actor, code: str, note: str = "") -> Need:
    """Put something to be improved on the landlord's list; once each. Locks nothing.

    Raises Refused for who isn't a manager, Invalid for what is unknown or listed already.
    """
    _require_manager(actor)
    if code not in NeedCode.values:
        raise Invalid({"code": ["Choisissez un besoin de la liste."]})
    need = Need(landlord_id=actor.own_id, code=code, note=" ".join(note.split())[:MOST_NOTE])
    with explained():
        need.save(force_insert=True)
    _tell(events.NeedListed(need=code), need.pk, actor, "need")
    return need


@transaction.atomic
def withdraw_need(*, actor: Actor, need_id: UUID) -> Need:
    """Take a need off the list; its pilots go on. Locks it. Raises Conflict when it is off."""
    _require_manager(actor)
    need: Need = Need.objects.select_for_update(of=("self",)).get(pk=need_id)
    if need.withdrawn_at is not None:
        raise Conflict("Ce besoin n’est déjà plus dans la liste.")
    need.withdrawn_at = clock.now()
    need.save(update_fields=["withdrawn_at"])
    _tell(events.NeedWithdrawn(need=need.code), need.pk, actor, "need")
    return need


@transaction.atomic
def prepare_pilot(*, actor: Actor, need: str, feature: str, data: PilotInput) -> Pilot:
    """Write a pilot of a feature for a need; from its first day on nothing of it changes.

    Locks nothing. Raises Refused for who isn't a manager, Invalid with the fields that are wrong.
    """
    _require_manager(actor)
    if not is_offered(need, feature):
        raise Invalid({"": ["Cette fonction ne répond pas à ce besoin."]})
    pilot = Pilot(landlord_id=actor.own_id, need=need, feature=feature)
    _fill(pilot, data)
    pilot.save(force_insert=True)
    _write_rows(pilot, data)
    _tell(events.PilotPrepared(feature=feature), pilot.pk, actor)
    return pilot


@transaction.atomic
def change_pilot(*, actor: Actor, pilot_id: UUID, data: PilotInput) -> Pilot:
    """Write a pilot anew that hasn't started. Locks it. Raises Conflict once it has."""
    pilot = _unstarted(actor, pilot_id)
    _fill(pilot, data)
    pilot.save()
    own = {"landlord_id": pilot.landlord_id, "pilot_id": pilot.pk}
    PilotCriterion.objects.filter(**own).delete()
    PilotContract.objects.filter(**own).delete()
    _write_rows(pilot, data)
    _tell(events.PilotChanged(feature=pilot.feature), pilot.pk, actor)
    return pilot


@transaction.atomic
def withdraw_pilot(*, actor: Actor, pilot_id: UUID) -> Pilot:
    """Give a pilot up that hasn't started. Locks it. Raises Conflict once it has."""
    pilot = _unstarted(actor, pilot_id)
    pilot.withdrawn_at = clock.now()
    pilot.save(update_fields=["withdrawn_at"])
    _tell(events.PilotWithdrawn(feature=pilot.feature), pilot.pk, actor)
    return pilot


@transaction.atomic
def decide_pilot(
    *,
    actor: Actor,
    pilot_id: UUID,
    outcome: str,
    note: str,
    facts: Sequence[dict[str, Any]],
    everywhere: bool = False,
    review_on: date | None = None,
) -> PilotDecision:
    """Decide: keep the feature, switch it back, or prolong the pilot. Locks it.

    facts: what each criterion said when it was read (selectors.pilots), kept with the decision. A
    pilot that was kept may still be switched back; one that was switched back is over. Raises
    Refused for who isn't a manager, Conflict before its start or after its end, Invalid without a
    reason or, when it is prolonged, without a later day.
    """
    pilot = _locked(actor, pilot_id)
    if pilot.starts_on > clock.today():
        raise Conflict("Ce pilote n’a pas commencé : modifiez-le ou retirez-le.")
    if pilot.outcome and (pilot.outcome, outcome) != (PilotOutcome.GO, PilotOutcome.NO_GO):
        raise Conflict("La décision de ce pilote est déjà prise.")
    words = " ".join(note.split())[:MOST_WAY_BACK]
    _check_decision(pilot, outcome, words, review_on)
    assert actor.user_id is not None
    prolonged = outcome == PilotOutcome.PROLONGED
    decision = PilotDecision(
        landlord_id=pilot.landlord_id,
        pilot=pilot,
        outcome=outcome,
        note=words,
        everywhere=everywhere and outcome == PilotOutcome.GO,
        review_on=review_on if prolonged else None,
        decided_by_id=actor.user_id,
        decided_at=clock.now(),
        facts=list(facts),
    )
    decision.save(force_insert=True)
    if prolonged:
        assert review_on is not None
        pilot.review_on = review_on
    else:
        pilot.outcome, pilot.decided_on = outcome, clock.today()
        pilot.everywhere = decision.everywhere
    pilot.save(update_fields=["review_on", "outcome", "decided_on", "everywhere"])
    _tell(events.PilotDecided(feature=pilot.feature, outcome=outcome), pilot.pk, actor)
    return decision


@transaction.atomic
def tell_pilot_due(*, actor: Actor, pilot_id: UUID) -> bool:
    """Tell a landlord's managers that a pilot's day of review has come; once for each such day.

    As the system. Locks it. Returns whether it was told now.
    """
    pilot: Pilot = Pilot.objects.select_for_update(of=("self",)).get(pk=pilot_id)
    is_over = pilot.withdrawn_at is not None or pilot.outcome
    if is_over or pilot.review_on > clock.today() or pilot.told_for == pilot.review_on:
        return False
    pilot.told_for = pilot.review_on
    pilot.save(update_fields=["told_for"])
    _tell(events.PilotReviewDue(feature=pilot.feature), pilot.pk, actor)
    return True


# --- inside -----------------------------------------------------------------------------------


def _require_manager(actor: Actor) -> None:
    if not policies.steers(actor):
        raise Refused("Seuls les responsables du bailleur tiennent les pilotes.", code="role")


def _locked(actor: Actor, pilot_id: UUID) -> Pilot:
    _require_manager(actor)
    found: Pilot = Pilot.objects.select_for_update(of=("self",)).get(pk=pilot_id)
    if found.withdrawn_at is not None:
        raise Conflict("Ce pilote est retiré.")
    return found


def _unstarted(actor: Actor, pilot_id: UUID) -> Pilot:
    pilot = _locked(actor, pilot_id)
    if pilot.starts_on <= clock.today():
        raise Conflict("Ce pilote a commencé : il ne change plus, il se décide.")
    return pilot


def _fill(pilot: Pilot, data: PilotInput) -> None:
    """Put what was typed into a pilot that is sane; raises Invalid with all that isn't."""
    name, way_back = " ".join(data.name.split()), " ".join(data.way_back.split())
    errors: dict[str, list[str]] = {}
    if not name:
        errors["name"] = ["Donnez un nom au pilote."]
    if len(way_back) < _FEWEST:
        errors["way_back"] = ["Écrivez ce qui est remis comme avant si le pilote s’arrête."]
    _check_days(data, errors)
    agency = _agency(pilot, data, errors)
    trade = Trade.objects.filter(pk=data.trade).first() if data.trade else None
    if data.trade and trade is None:
        errors["trade"] = ["Choisissez un corps d’état de la liste."]
    if agency is None and trade is None:
        errors.setdefault("agency", ["Choisissez une agence, un corps d’état, ou les deux."])
    _check_criteria(data.criteria, errors)
    if errors:
        raise Invalid(errors)
    pilot.name, pilot.way_back = name[:MOST_NAME], way_back[:MOST_WAY_BACK]
    pilot.starts_on, pilot.review_on = data.starts_on, data.review_on
    pilot.agency, pilot.trade = agency, trade
    pilot.perimeter = " · ".join(
        str(one) for one in (agency.name if agency else "", trade.label if trade else "") if one
    )[:200]


def _check_days(data: PilotInput, errors: dict[str, list[str]]) -> None:
    if data.starts_on < clock.today():
        errors["starts_on"] = ["Un pilote commence aujourd’hui ou plus tard."]
    if data.review_on <= data.starts_on:
        errors["review_on"] = ["Le bilan vient après le début."]
    elif data.review_on - data.starts_on > _LONGEST:
        errors["review_on"] = ["Un pilote dure un an au plus : faites un bilan avant."]


def _agency(pilot: Pilot, data: PilotInput, errors: dict[str, list[str]]) -> Agency | None:
    if data.agency_id is None:
        return None
    found = Agency.objects.filter(pk=data.agency_id, landlord_id=pilot.landlord_id).first()
    if found is None:
        errors["agency"] = ["Choisissez une agence de la liste."]
    return found


def _check_criteria(criteria: Sequence[CriterionInput], errors: dict[str, list[str]]) -> None:
    for verdict, words in ((Verdict.GO, "pour continuer"), (Verdict.NO_GO, "pour arrêter")):
        if not any(one.verdict == verdict for one in criteria):
            name = f"{verdict.value}_1_fact"
            errors[name] = [f"Choisissez au moins un fait {words}, avec son seuil."]
    for one in criteria:
        known = one.fact in PilotFact.values and one.comparison in Comparison.values
        is_share = one.fact not in DAYS
        if not known or one.threshold < 0 or (is_share and one.threshold > _WHOLE):
            errors.setdefault("", []).append(
                "Un seuil est un pourcentage de 0 à 100, ou un nombre de jours."
            )
            return


def _check_decision(pilot: Pilot, outcome: str, note: str, review_on: date | None) -> None:
    errors: dict[str, list[str]] = {}
    if outcome not in PilotOutcome.values:
        errors["outcome"] = ["Choisissez une décision."]
    if len(note) < _FEWEST:
        errors["note"] = ["Dites pourquoi, en quelques mots."]
    if outcome == PilotOutcome.PROLONGED and (
        review_on is None or review_on <= max(pilot.review_on, clock.today())
    ):
        errors["review_on"] = ["Donnez une date de bilan plus tard que celle d’avant."]
    if errors:
        raise Invalid(errors)


def _write_rows(pilot: Pilot, data: PilotInput) -> None:
    PilotCriterion.objects.bulk_create(
        PilotCriterion(
            landlord_id=pilot.landlord_id,
            pilot=pilot,
            rank=rank,
            verdict=one.verdict,
            fact=one.fact,
            comparison=one.comparison,
            threshold=one.threshold,
        )
        for rank, one in enumerate(data.criteria, start=1)
    )
    PilotContract.objects.bulk_create(
        PilotContract(
            landlord_id=pilot.landlord_id,
            contractor_id=contract.contractor_id,
            pilot=pilot,
            contract=contract,
        )
        for contract in contracts_within(pilot)
    )


def contracts_within(pilot: Pilot) -> QuerySet[Contract]:
    """Return the contracts that run in a pilot's time and cover some of its perimeter."""
    rows: QuerySet[Contract] = Contract.objects.filter(
        landlord_id=pilot.landlord_id,
        starts_on__lte=pilot.review_on,
        ends_on__gte=pilot.starts_on,
    )
    if pilot.trade_id:
        rows = rows.filter(trades__contains=[pilot.trade_id])
    if pilot.agency_id:
        places = ContractPlace.objects.filter(
            landlord_id=OuterRef("landlord_id"), contract_id=OuterRef("pk")
        )
        there = places.filter(
            Q(agency_id=pilot.agency_id)
            | Q(sector__agency_id=pilot.agency_id)
            | Q(group__sector__agency_id=pilot.agency_id)
        )
        rows = rows.filter(~Exists(places) | Q(Exists(there)))
    return rows.order_by("number")


def _tell(event: EventType, pk: UUID, actor: Actor, what: str = "pilot") -> None:
    subject = Subject(pk=pk, landlord_id=actor.own_id)
    record(event, actor=actor, subject=subject, subject_type=what)
