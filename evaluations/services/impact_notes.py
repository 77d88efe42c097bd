"""The diary of what else changed: added to, withdrawn from, never edited."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from evaluations import impact_events as events
from evaluations import policies
from evaluations.models import ImpactNote
from evaluations.models.impact import MOST_NOTE
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.events import EventType
from nexxio.core.models import Agency
from nexxio.core.outbox import Subject, record
from orders.models import Trade

FEWEST_WORDS = 5


@transaction.atomic
def note_change(
    *,
    actor: Actor,
    happened_on: date,
    text: str,
    agency_id: UUID | None = None,
    trade_code: str = "",
) -> ImpactNote:
    """Write down what else changed on a day, of one perimeter or, without any, everywhere.

    Nothing is locked. Raises Refused for another role, Invalid for a day to come, a text that is
    too short or too long, a perimeter that isn't the actor's own house's.
    """
    if not policies.keeps_diary(actor):
        raise Refused("Votre rôle permet de lire ce journal, pas d’y écrire.", code="role")
    words = " ".join(text.split())
    errors: dict[str, list[str]] = {}
    if not FEWEST_WORDS <= len(words) <= MOST_NOTE:
        errors["text"] = [f"Écrivez de {FEWEST_WORDS} à {MOST_NOTE} caractères."]
    if happened_on > clock.today():
        errors["happened_on"] = ["Ce jour est à venir : notez ce qui a déjà changé."]
    if not _is_perimeter(actor, agency_id, trade_code):
        errors["perimeter"] = ["Choisissez un périmètre de la liste."]
    if errors:
        raise Invalid(errors)
    assert actor.user_id is not None
    note = ImpactNote.objects.create(
        landlord_id=actor.own_id,
        agency_id=agency_id,
        trade_id=trade_code or None,
        happened_on=happened_on,
        text=words,
        author_id=actor.user_id,
    )
    _tell(events.ImpactNoted(happened_on=happened_on), note, actor)
    return note


@transaction.atomic
def withdraw_note(*, actor: Actor, note_id: UUID) -> ImpactNote:
    """Take a note back: its author, or whoever decides roll-outs. It stays readable, struck out.

    Locks it. Raises Refused for others, Conflict when it is withdrawn already.
    """
    note: ImpactNote = ImpactNote.objects.select_for_update(of=("self",)).get(pk=note_id)
    if not policies.may_withdraw_note(actor, note):
        raise Refused("Son auteur ou un responsable peut retirer cette note.", code="role")
    if note.withdrawn_at is not None:
        raise Conflict("Cette note est déjà retirée : rechargez la page.")
    note.withdrawn_at = clock.now()
    note.withdrawn_by_id = actor.user_id
    note.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _tell(events.ImpactNoteWithdrawn(), note, actor)
    return note


# --- inside -----------------------------------------------------------------------------------


def _is_perimeter(actor: Actor, agency_id: UUID | None, trade_code: str) -> bool:
    if agency_id is None and not trade_code:
        return True
    if agency_id is None or not trade_code:
        return False
    return (
        Agency.objects.filter(pk=agency_id, landlord_id=actor.own_id).exists()
        and Trade.objects.filter(pk=trade_code).exists()
    )


def _tell(event: EventType, note: ImpactNote, actor: Actor) -> None:
    subject = Subject(pk=note.pk, landlord_id=note.landlord_id)
    record(event, actor=actor, subject=subject, subject_type="impact_note")
