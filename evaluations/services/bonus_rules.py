"""Writes of bonus rules: the landlord prepares and signs a version, its company signs or refuses.

A version never changes once it is proposed: both sign the same hash of its terms. It applies from
the first period after both have signed, never before; the version before it then ends by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from evaluations import bonus_events as events
from evaluations import policies
from evaluations.axes import HIGHEST, LOWEST
from evaluations.bonus_rules import answered, hash_of, in_force
from evaluations.bonus_spans import Span, next_start
from evaluations.bonus_terms import (
    MOST_CAP_BONUS,
    MOST_CAP_MALUS,
    MOST_PERCEPTION,
    PACK_PIECES,
    TIMED,
    BonusFact,
    BonusPer,
    Rhythm,
)
from evaluations.models import BonusAnswer, BonusRules, BonusTerm
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.events import EventType
from nexxio.core.outbox import Subject, record
from orders.models import Contract

_FEWEST = 5
_MOST_REASON = 500
_HIGHEST = Decimal("99999.99")


@dataclass(frozen=True, kw_only=True)
class TermInput:
    """What a fact brings and costs, as typed. limit: minutes, of what is measured in minutes."""

    fact: str
    bonus: Decimal = Decimal(0)
    malus: Decimal = Decimal(0)
    per: str = BonusPer.EUROS.value
    limit: int = 0


@dataclass(frozen=True, kw_only=True)
class RulesInput:
    """A version of the rules, as typed. Caps in percent of invoiced works."""

    rhythm: str
    starts_on: date
    cap_bonus: Decimal
    cap_malus: Decimal
    terms: tuple[TermInput, ...]
    onboarding_until: date | None = None
    perception_weight: int = 0
    perception_from: Decimal | None = None


@transaction.atomic
def draft_rules(*, actor: Actor, contract_id: UUID, data: RulesInput) -> BonusRules:
    """Prepare the next version of a contract's rules. Nobody else sees it. Locks the contract.

    Raises Refused for who manages no contracts, Invalid for terms that no version can have and
    while another one is prepared.
    """
    contract = _locked_contract(actor, contract_id)
    _check(contract, data)
    rows = BonusRules.objects.filter(landlord_id=contract.landlord_id, contract_id=contract.pk)
    last = rows.aggregate(last=Max("number"))["last"] or 0
    rules = BonusRules(
        landlord_id=contract.landlord_id,
        contractor_id=contract.contractor_id,
        contract=contract,
        number=last + 1,
    )
    _fill(rules, data, contract)
    with explained():
        rules.save(force_insert=True)
    _write_terms(rules, data.terms)
    _tell(events.RulesDrafted(), rules, actor)
    return rules


@transaction.atomic
def change_rules(*, actor: Actor, rules_id: UUID, data: RulesInput) -> BonusRules:
    """Write a version anew that nobody else has seen. Locks it. Raises as `draft_rules`."""
    rules = _locked(rules_id)
    _require_prepared(actor, rules)
    _check(rules.contract, data)
    _fill(rules, data, rules.contract)
    with explained():
        rules.save()
    BonusTerm.objects.filter(landlord_id=rules.landlord_id, rules_id=rules.pk).delete()
    _write_terms(rules, data.terms)
    _tell(events.RulesDrafted(), rules, actor)
    return rules


@transaction.atomic
def propose_rules(*, actor: Actor, rules_id: UUID) -> BonusRules:
    """Sign a version for the landlord and ask its company. Nothing of it changes any more.

    Locks it. Raises Refused while another version waits for its answer, and when it should begin
    in the past.
    """
    rules = _locked(rules_id)
    _require_prepared(actor, rules)
    if rules.starts_on < clock.today():
        text = "Les règles ne s’appliquent jamais au passé : choisissez un mois à venir."
        raise Refused(text, code="past")
    own = {"landlord_id": rules.landlord_id, "contract_id": rules.contract_id}
    waiting = BonusRules.objects.filter(
        **own, proposed_at__isnull=False, withdrawn_at__isnull=True, answer__isnull=True
    )
    if waiting.exists():
        text = "Une version attend déjà la réponse de l’entreprise : retirez-la d’abord."
        raise Refused(text, code="repeated")
    rules.sha256 = hash_of(rules)
    rules.proposed_at, rules.proposed_by_id = clock.now(), actor.user_id
    rules.save(update_fields=["sha256", "proposed_at", "proposed_by"])
    _tell(events.RulesProposed(sha256=rules.sha256), rules, actor)
    return rules


@transaction.atomic
def withdraw_rules(*, actor: Actor, rules_id: UUID) -> BonusRules:
    """Take back a version that nobody has answered. Locks it; raises Conflict afterwards."""
    rules = _locked(rules_id)
    _require_manager(actor)
    if rules.withdrawn_at is not None or answered(rules) is not None:
        raise Conflict("Cette version a déjà reçu une réponse, ou elle est déjà retirée.")
    rules.withdrawn_at = clock.now()
    rules.save(update_fields=["withdrawn_at"])
    was_seen = rules.proposed_at is not None
    _tell(events.RulesWithdrawn(), rules, actor, both=was_seen)
    return rules


@transaction.atomic
def accept_rules(*, actor: Actor, rules_id: UUID, sha256: str) -> BonusAnswer:
    """Sign a version for the company: it applies from the next period on. sha256: of what it read.

    Raises Conflict when it was answered or withdrawn, or isn't what was read any more.
    """
    rules = _open(actor, rules_id)
    if sha256 != rules.sha256 or hash_of(rules) != rules.sha256:
        raise Conflict("Ces règles ne sont plus celles que vous avez lues : relisez-les.")
    today = clock.today()
    before = in_force(rules.contract, date.max)
    rhythms = [rules.rhythm, *([before.rhythm] if before is not None else [])]
    start = next_start(rhythms, rules.starts_on, today)
    answer = _answer(actor, rules, accepted=True, applies_from=start)
    event = events.RulesAccepted(sha256=rules.sha256, applies_from=start.isoformat())
    _tell(event, rules, actor)
    return answer


@transaction.atomic
def refuse_rules(*, actor: Actor, rules_id: UUID, reason: str) -> BonusAnswer:
    """Refuse a version for the company, with a reason. Raises as `accept_rules`, and Invalid."""
    rules = _open(actor, rules_id)
    answer = _answer(actor, rules, accepted=False, reason=words(reason, "reason"))
    _tell(events.RulesRefused(), rules, actor)
    return answer


def words(text: str, field: str) -> str:
    """Return what a person wrote; raises Invalid when that is nothing."""
    found = " ".join(text.split())
    if len(found) < _FEWEST:
        raise Invalid({field: ["Écrivez quelques mots."]})
    return found[:_MOST_REASON]


# --- inside -----------------------------------------------------------------------------------


def _locked_contract(actor: Actor, pk: UUID) -> Contract:
    _require_manager(actor)
    found: Contract = Contract.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    return found


def _locked(pk: UUID) -> BonusRules:
    rows = BonusRules.objects.select_for_update(of=("self",)).select_related("contract")
    found: BonusRules = rows.get(pk=pk)
    return found


def _require_manager(actor: Actor) -> None:
    if not policies.proposes_bonus(actor):
        text = "Seuls les responsables du bailleur préparent les règles d’un marché."
        raise Refused(text, code="role")


def _require_prepared(actor: Actor, rules: BonusRules) -> None:
    _require_manager(actor)
    if rules.proposed_at is not None or rules.withdrawn_at is not None:
        raise Conflict("Cette version est déjà proposée ou retirée : préparez-en une autre.")


def _open(actor: Actor, pk: UUID) -> BonusRules:
    """Return a version that waits for the company's answer; one answer is let in by the key."""
    if not policies.answers_bonus(actor):
        text = "Seuls les responsables de l’entreprise répondent à ces règles."
        raise Refused(text, code="role")
    rules: BonusRules = BonusRules.objects.select_related("contract").get(pk=pk)
    if rules.withdrawn_at is not None or answered(rules) is not None:
        raise Conflict("Ces règles ont déjà reçu une réponse, ou le bailleur les a retirées.")
    return rules


def _answer(
    actor: Actor,
    rules: BonusRules,
    *,
    accepted: bool,
    reason: str = "",
    applies_from: date | None = None,
) -> BonusAnswer:
    assert actor.user_id is not None
    now = clock.now()
    answer = BonusAnswer(
        landlord_id=rules.landlord_id,
        contractor_id=rules.contractor_id,
        rules=rules,
        accepted=accepted,
        reason=reason,
        user_id=actor.user_id,
        answered_at=now,
        answered_on=clock.day_of(now),
        applies_from=applies_from,
        sha256=rules.sha256,
    )
    BonusAnswer.objects.bulk_create([answer], ignore_conflicts=True)
    if not BonusAnswer.objects.filter(pk=answer.pk).exists():
        raise Conflict("Ces règles ont déjà reçu une réponse.")
    # The company can't lock the landlord's row. Its answer's key has waited for a withdrawal under
    # way, and a later one waits for this answer: what is read now is what stays.
    if BonusRules.objects.filter(pk=rules.pk, withdrawn_at__isnull=False).exists():
        raise Conflict("Le bailleur a retiré ces règles entre-temps.")
    return answer


def _fill(rules: BonusRules, data: RulesInput, contract: Contract) -> None:
    rules.rhythm, rules.starts_on = data.rhythm, data.starts_on
    rules.onboarding_until = data.onboarding_until
    rules.cap_bonus, rules.cap_malus = data.cap_bonus, data.cap_malus
    rules.perception_weight = data.perception_weight
    rules.perception_from = data.perception_from if data.perception_weight else None
    rules.pieces = [piece.value for piece in PACK_PIECES if piece in contract.pieces]


def _write_terms(rules: BonusRules, terms: Iterable[TermInput]) -> None:
    BonusTerm.objects.bulk_create(
        BonusTerm(
            landlord_id=rules.landlord_id,
            contractor_id=rules.contractor_id,
            rules=rules,
            fact=term.fact,
            limit=term.limit if term.fact in TIMED else 0,
            per=term.per,
            bonus=term.bonus,
            malus=term.malus,
        )
        for term in terms
    )


def _check(contract: Contract, data: RulesInput) -> None:
    """Raise Invalid, all faults at once, for what no version can say."""
    errors: dict[str, list[str]] = {}
    if data.rhythm not in Rhythm.values:
        errors["rhythm"] = ["Choisissez une période."]
    elif Span.of(data.rhythm, data.starts_on).first != data.starts_on:
        errors["starts_on"] = [
            "Les règles commencent avec une période : le premier d’un mois, ou d’un trimestre."
        ]
    if not contract.starts_on.replace(day=1) <= data.starts_on <= contract.ends_on:
        errors["starts_on"] = ["Le marché n’est pas en vigueur ce jour-là."]
    for name, cap, most in (
        ("cap_bonus", data.cap_bonus, MOST_CAP_BONUS),
        ("cap_malus", data.cap_malus, MOST_CAP_MALUS),
    ):
        if not 0 <= cap <= most:
            errors[name] = [f"Entre 0 et {most} %."]
    if not 0 <= data.perception_weight <= MOST_PERCEPTION:
        errors["perception_weight"] = [f"La perception pèse {MOST_PERCEPTION} % au plus."]
    elif data.perception_weight and not LOWEST <= (data.perception_from or 0) <= HIGHEST:
        errors["perception_from"] = ["Indiquez la moyenne à atteindre, entre 1 et 5."]
    _check_terms(contract, data.terms, errors)
    if errors:
        raise Invalid(errors)


def _check_terms(
    contract: Contract, terms: Sequence[TermInput], errors: dict[str, list[str]]
) -> None:
    facts = [term.fact for term in terms]
    if not facts or len(set(facts)) != len(facts) or not set(facts) <= set(BonusFact.values):
        errors[""] = ["Donnez à au moins un fait un bonus ou un malus."]
    for term in terms:
        most = Decimal(100) if term.per == BonusPer.PERCENT else _HIGHEST
        if term.per not in BonusPer.values or not (
            0 <= term.bonus <= most and 0 <= term.malus <= most and term.limit >= 0
        ):
            errors[f"{term.fact}_bonus"] = ["Des montants d’au moins zéro, et 100 % au plus."]
    asked = set(contract.pieces) & set(PACK_PIECES)
    if BonusFact.PACK in facts and not asked:
        errors["pack_bonus"] = [
            "Le marché ne demande ni photos ni bon signé : ajoutez-les d’abord à ses pièces."
        ]


def _tell(event: EventType, rules: BonusRules, actor: Actor, *, both: bool = True) -> None:
    subject = Subject(
        pk=rules.pk,
        landlord_id=rules.landlord_id,
        contractor_id=rules.contractor_id if both else None,
    )
    record(event, actor=actor, subject=subject, subject_type="bonus_rules")
