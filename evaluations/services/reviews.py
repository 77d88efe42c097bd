"""The contract review: opened, prepared by both sides, closed, signed by both, followed up."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from evaluations import policies
from evaluations import review_events as events
from evaluations.models import (
    DecisionOutcome,
    Review,
    ReviewDecision,
    ReviewPoint,
    ReviewSide,
    ReviewSignature,
)
from evaluations.quarters import Quarter
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.events import EventType
from nexxio.core.outbox import Subject, record
from orders.models import Contract

_FEWEST, MOST_POINT, MOST_MINUTES, MOST_OWNER = 5, 300, 8000, 80


@transaction.atomic
def open_review(*, actor: Actor, contract: Contract, quarter: date, meets_on: date) -> Review:
    """Plan the review of a contract about a quarter that has begun (the contract's door is passed).

    Locks nothing; one per contract and quarter. Raises Refused for another role, Invalid for a
    quarter to come, a date before it, or a second one.
    """
    _require_desk(actor)
    wanted = Quarter.of(quarter)
    errors: dict[str, list[str]] = {}
    if wanted.first > clock.today():
        errors["quarter"] = ["Ce trimestre n’a pas commencé."]
    if meets_on < wanted.first:
        errors["meets_on"] = ["La réunion ne peut pas précéder ce trimestre."]
    if errors:
        raise Invalid(errors)
    review = Review(
        landlord_id=contract.landlord_id,
        contractor_id=contract.contractor_id,
        contract=contract,
        quarter=wanted.first,
        meets_on=meets_on,
    )
    with explained():
        review.save(force_insert=True)
    _tell(events.ReviewOpened(), review, actor)
    return review


@transaction.atomic
def move_review(*, actor: Actor, review_id: UUID, meets_on: date) -> Review:
    """Change the day of the meeting. Locks the review; raises Conflict once it is closed."""
    review = _open(actor, review_id)
    if meets_on < review.quarter:
        raise Invalid({"meets_on": ["La réunion ne peut pas précéder ce trimestre."]})
    review.meets_on = meets_on
    review.save(update_fields=["meets_on"])
    _tell(events.ReviewChanged(part="date"), review, actor)
    return review


@transaction.atomic
def add_point(*, actor: Actor, review_id: UUID, text: str) -> ReviewPoint:
    """Add what the actor's side wants to talk about. Locks the review; Conflict once closed."""
    review = _open(actor, review_id)
    point = ReviewPoint(
        **_parties(review),
        review=review,
        side=actor.side.value,
        text=_words(text, "text", MOST_POINT),
    )
    point.save(force_insert=True)
    _tell(events.ReviewChanged(part="point"), review, actor)
    return point


@transaction.atomic
def withdraw_point(*, actor: Actor, review_id: UUID, point_id: UUID) -> ReviewPoint:
    """Take a point of one's own side back. Locks the review. Raises Conflict for no such point."""
    review = _open(actor, review_id)
    found = ReviewPoint.objects.filter(
        landlord_id=review.landlord_id,
        review_id=review.pk,
        pk=point_id,
        side=actor.side.value,
        withdrawn_at__isnull=True,
    ).first()
    if found is None:
        raise Conflict("Ce point est déjà retiré, ou il n’est pas de votre côté.")
    found.withdrawn_at = clock.now()
    found.save(update_fields=["withdrawn_at"])
    _tell(events.ReviewChanged(part="point"), review, actor)
    return found


@transaction.atomic
def write_minutes(*, actor: Actor, review_id: UUID, text: str, version: int) -> Review:
    """Write the minutes. version: of what the writer had before him. Locks the review.

    Raises Conflict when somebody else has written in the meantime, or it is closed.
    """
    review = _open(actor, review_id)
    if version != review.version:
        raise Conflict(
            "Quelqu’un a modifié le compte rendu entre-temps. Votre texte est gardé ci-dessous :"
            " reprenez ce qui manque, puis enregistrez à nouveau."
        )
    review.minutes = text.strip()[:MOST_MINUTES]
    review.version += 1
    review.save(update_fields=["minutes", "version"])
    _tell(events.ReviewChanged(part="minutes"), review, actor)
    return review


@transaction.atomic
def add_decision(
    *, actor: Actor, review_id: UUID, text: str, side: str, owner: str, due_on: date
) -> ReviewDecision:
    """Add a decision: what, which side's which service, until when. Locks the review.

    owner: a service or a function, no person's name. Raises Invalid for what is missing or past.
    """
    review = _open(actor, review_id)
    if side not in ReviewSide.values:
        raise Invalid({"side": ["Choisissez qui s’en charge."]})
    if due_on < review.meets_on:
        raise Invalid({"due_on": ["L’échéance doit suivre la réunion."]})
    decision = ReviewDecision(
        **_parties(review),
        review=review,
        text=_words(text, "text", MOST_POINT),
        side=side,
        owner=_words(owner, "owner", MOST_OWNER, fewest=2),
        due_on=due_on,
    )
    decision.save(force_insert=True)
    _tell(events.ReviewChanged(part="decision"), review, actor)
    return decision


@transaction.atomic
def withdraw_decision(*, actor: Actor, review_id: UUID, decision_id: UUID) -> ReviewDecision:
    """Take a decision out of minutes that are open. Locks the review."""
    review = _open(actor, review_id)
    found = ReviewDecision.objects.filter(
        landlord_id=review.landlord_id,
        review_id=review.pk,
        pk=decision_id,
        withdrawn_at__isnull=True,
        settled_at__isnull=True,
    ).first()
    if found is None:
        raise Conflict("Cette décision est déjà retirée.")
    found.withdrawn_at = clock.now()
    found.save(update_fields=["withdrawn_at"])
    _tell(events.ReviewChanged(part="decision"), review, actor)
    return found


@transaction.atomic
def close_review(
    *, actor: Actor, review_id: UUID, agenda: Sequence[dict[str, str]], version: int
) -> Review:
    """Close the minutes with the agenda as it stands: from now on nothing changes but signatures.

    agenda: in words, as of now (selectors.agenda); the closer answers for the minutes that he read,
    whose `version` it is. Locks the review. Raises Refused for who isn't a manager of either side,
    Invalid without minutes or before the day of the meeting, Conflict when they were written anew
    or are closed.
    """
    review = _open(actor, review_id)
    if not policies.signs_reviews(actor):
        raise Refused("Seuls les responsables arrêtent un compte rendu.", code="role")
    if version != review.version:
        raise Conflict("Quelqu’un a modifié le compte rendu entre-temps : relisez-le d’abord.")
    if len(review.minutes) < _FEWEST:
        raise Invalid({"": ["Écrivez d’abord le compte rendu de la réunion."]})
    if clock.today() < review.meets_on:
        raise Invalid({"": ["La réunion n’a pas eu lieu. Si elle a été avancée, changez sa date."]})
    review.agenda = list(agenda)
    review.sha256 = hash_of_review(review)
    review.closed_at, review.closed_side = clock.now(), actor.side.value
    review.save(update_fields=["agenda", "sha256", "closed_at", "closed_side"])
    _tell(events.ReviewClosed(sha256=review.sha256), review, actor)
    return review


@transaction.atomic
def reopen_review(*, actor: Actor, review_id: UUID) -> Review:
    """Open closed minutes again while nobody has signed. Locks the review."""
    review = _locked(actor, review_id)
    if not policies.signs_reviews(actor):
        raise Refused("Seuls les responsables rouvrent un compte rendu.", code="role")
    if review.closed_at is None or _signatures(review).exists():
        raise Conflict("Un compte rendu signé, ou déjà ouvert, ne se rouvre pas.")
    review.agenda, review.sha256, review.closed_at, review.closed_side = [], "", None, ""
    review.save(update_fields=["agenda", "sha256", "closed_at", "closed_side"])
    _tell(events.ReviewReopened(), review, actor)
    return review


@transaction.atomic
def sign_review(*, actor: Actor, review_id: UUID, sha256: str) -> ReviewSignature:
    """Sign closed minutes for one's side, once. sha256: of what the signer read. Locks the review.

    Raises Refused for who isn't a manager, Conflict when his side has signed, or what he read isn't
    what is there.
    """
    review = _locked(actor, review_id)
    if not policies.signs_reviews(actor):
        raise Refused("Seuls les responsables signent un compte rendu.", code="role")
    if review.closed_at is None:
        raise Conflict("Le compte rendu n’est pas encore arrêté.")
    if sha256 != review.sha256 or hash_of_review(review) != review.sha256:
        raise Conflict("Ce compte rendu n’est plus celui que vous avez lu : relisez-le.")
    assert actor.user_id is not None
    signature = ReviewSignature(
        **_parties(review),
        review=review,
        side=actor.side.value,
        user_id=actor.user_id,
        signed_at=clock.now(),
        sha256=review.sha256,
    )
    try:
        with transaction.atomic():
            signature.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict("Votre côté a déjà signé ce compte rendu.") from error
    complete = _signatures(review).count() == len(ReviewSide)
    _tell(events.ReviewSigned(sha256=review.sha256, complete=complete), review, actor)
    return signature


@transaction.atomic
def settle_decision(
    *, actor: Actor, decision_id: UUID, outcome: str, note: str = ""
) -> ReviewDecision:
    """Say what became of a decision: done, or dropped with a reason. Locks it.

    By either desk, once its review is closed. Raises Conflict when that was said before.
    """
    _require_desk(actor)
    found: ReviewDecision = (
        ReviewDecision.objects.select_for_update(of=("self",))
        .select_related("review")
        .get(pk=decision_id)
    )
    if found.settled_at is not None or found.withdrawn_at is not None:
        raise Conflict("La suite de cette décision est déjà notée.")
    if found.review.closed_at is None:
        raise Conflict("Le compte rendu n’est pas encore arrêté.")
    if outcome not in DecisionOutcome.values:
        raise Invalid({"outcome": ["Choisissez la suite donnée."]})
    words = " ".join(note.split())[:MOST_POINT]
    if outcome == DecisionOutcome.DROPPED and len(words) < _FEWEST:
        raise Invalid({"note": ["Dites pourquoi la décision est abandonnée."]})
    found.outcome, found.outcome_note = outcome, words
    found.settled_at, found.settled_side = clock.now(), actor.side.value
    found.save(update_fields=["outcome", "outcome_note", "settled_at", "settled_side"])
    _tell(events.DecisionSettled(outcome=outcome), found.review, actor)
    return found


def hash_of_review(review: Review) -> str:
    """Return the SHA-256 of all that both sides sign."""
    own = {"landlord_id": review.landlord_id, "review_id": review.pk, "withdrawn_at__isnull": True}
    points = ReviewPoint.objects.filter(**own).order_by("created_at", "id")
    decisions = ReviewDecision.objects.filter(**own).order_by("created_at", "id")
    signed = {
        "review": str(review.pk),
        "contract": str(review.contract_id),
        "quarter": review.quarter.isoformat(),
        "meets_on": review.meets_on.isoformat(),
        "agenda": review.agenda,
        "points": [[one.side, one.text] for one in points],
        "minutes": review.minutes,
        "decisions": [[one.text, one.side, one.owner, one.due_on.isoformat()] for one in decisions],
    }
    text = json.dumps(signed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


# --- inside -----------------------------------------------------------------------------------


def _require_desk(actor: Actor) -> None:
    if not policies.desk(actor):
        raise Refused("Votre rôle ne permet pas de tenir une revue de contrat.", code="role")


def _locked(actor: Actor, review_id: UUID) -> Review:
    _require_desk(actor)
    found: Review = Review.objects.select_for_update(of=("self",)).get(pk=review_id)
    return found


def _open(actor: Actor, review_id: UUID) -> Review:
    review = _locked(actor, review_id)
    if review.closed_at is not None:
        raise Conflict("Le compte rendu est arrêté : plus rien n’y change.")
    return review


def _signatures(review: Review) -> Any:
    return ReviewSignature.objects.filter(landlord_id=review.landlord_id, review_id=review.pk)


def _parties(review: Review) -> dict[str, UUID]:
    return {"landlord_id": review.landlord_id, "contractor_id": review.contractor_id}


def _words(text: str, field: str, most: int, *, fewest: int = _FEWEST) -> str:
    words = " ".join(text.split())
    if len(words) < fewest:
        raise Invalid({field: ["Écrivez quelques mots."]})
    return words[:most]


def _tell(event: EventType, review: Review, actor: Actor) -> None:
    subject = Subject(
        pk=review.pk, landlord_id=review.landlord_id, contractor_id=review.contractor_id
    )
    record(event, actor=actor, subject=subject, subject_type="review")
