"""A landlord's own questions: added, worded anew as a next version, withdrawn; never edited."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from evaluations import policies
from evaluations import question_events as events
from evaluations.axes import MOST_OWN, OWN_DIRECTIONS, Direction
from evaluations.languages import OTHERS
from evaluations.models import OwnQuestion
from evaluations.quarters import Quarter
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.events import EventType
from nexxio.core.outbox import Subject, record

FEWEST, MOST_TEXT = 10, 200


@transaction.atomic
def add_question(
    *,
    actor: Actor,
    direction: str,
    text: str,
    starts_on: date,
    translations: Mapping[str, str] | None = None,
) -> OwnQuestion:
    """Ask one more question, from a quarter on that isn't over.

    starts_on: a day of that quarter. translations: by language, of a question to tenants. Nothing
    is locked: the database gives each place to one. Raises Refused for another role, Invalid for
    an unknown direction, a quarter that is over, a text too short or a full list.
    """
    _require_writer(actor)
    first = Quarter.of(starts_on).first
    errors: dict[str, list[str]] = {}
    if direction not in OWN_DIRECTIONS:
        errors["direction"] = ["Choisissez qui répond à la question."]
    if first < Quarter.of(clock.today()).first:
        errors["starts_on"] = ["Ce trimestre est terminé : choisissez le trimestre en cours."]
    if errors:
        raise Invalid(errors)
    asked = OwnQuestion.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=first),
        landlord_id=actor.own_id,
        direction=direction,
    )
    taken = set(asked.values_list("position", flat=True))
    free = [place for place in range(1, MOST_OWN + 1) if place not in taken]
    if not free:
        full = f"Il y a déjà {MOST_OWN} questions dans ce sens : retirez-en une d’abord."
        raise Invalid({"direction": [full]})
    question = OwnQuestion(
        landlord_id=actor.own_id,
        direction=direction,
        position=free[0],
        starts_on=first,
        **_words(direction, text, translations),
    )
    _add(question, actor)
    return question


@transaction.atomic
def reword_question(
    *,
    actor: Actor,
    question_id: UUID,
    text: str,
    translations: Mapping[str, str] | None = None,
) -> OwnQuestion:
    """Ask it in other words from the next quarter on, as its next version; return that one.

    The version before is asked until then, and keeps its answers; one that hasn't begun is never
    asked. Locks the question. Raises Conflict when it ends already, else as above.
    """
    question = _open(actor, question_id)
    words = _words(question.direction, text, translations)
    following = Quarter.of(clock.today()).following.first
    first = max(following, question.starts_on)
    _end(question, first)
    made = OwnQuestion(
        landlord_id=question.landlord_id,
        direction=question.direction,
        position=question.position,
        version=question.version + 1,
        starts_on=first,
        **words,
    )
    _add(made, actor)
    return made


@transaction.atomic
def withdraw_question(*, actor: Actor, question_id: UUID) -> OwnQuestion:
    """Stop asking it: of the running quarter on, for whoever isn't asked yet.

    What was answered counts and is published as before. Locks the question. Raises Conflict when
    it ends already, Refused for another role.
    """
    question = _open(actor, question_id)
    _end(question, max(Quarter.of(clock.today()).first, question.starts_on))
    _tell(events.QuestionWithdrawn(direction=question.direction), question, actor)
    return question


# --- inside -----------------------------------------------------------------------------------


def _require_writer(actor: Actor) -> None:
    if not policies.writes_questions(actor):
        message = "Seuls les responsables de l’organisme écrivent ses questions."
        raise Refused(message, code="role")


def _open(actor: Actor, question_id: UUID) -> OwnQuestion:
    _require_writer(actor)
    found: OwnQuestion = OwnQuestion.objects.select_for_update(of=("self",)).get(pk=question_id)
    if found.ends_on is not None:
        raise Conflict("Cette question est déjà retirée ou remplacée : rechargez la liste.")
    return found


def _end(question: OwnQuestion, day: date) -> None:
    question.ends_on = day
    question.save(update_fields=["ends_on"])


def _words(
    direction: str, text: str, translations: Mapping[str, str] | None
) -> dict[str, str | dict[str, str]]:
    words = " ".join(text.split())
    if not FEWEST <= len(words) <= MOST_TEXT:
        size = f"Écrivez une phrase de {FEWEST} à {MOST_TEXT} caractères."
        raise Invalid({"text": [size]})
    given = translations or {}
    known = {one.code: " ".join(given.get(one.code, "").split())[:MOST_TEXT] for one in OTHERS}
    if direction != Direction.TENANT_REPAIR:
        known = {}
    return {"text": words, "translations": {code: found for code, found in known.items() if found}}


def _add(question: OwnQuestion, actor: Actor) -> None:
    with explained():
        question.save(force_insert=True)
    event = events.QuestionAdded(direction=question.direction, edition=question.version)
    _tell(event, question, actor)


def _tell(event: EventType, question: OwnQuestion, actor: Actor) -> None:
    subject = Subject(pk=question.pk, landlord_id=question.landlord_id)
    record(event, actor=actor, subject=subject, subject_type="question")
