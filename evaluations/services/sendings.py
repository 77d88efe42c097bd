"""Noting that a claim letter was sent: from that day on both sides count the same around it."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from contractors import policies as invoicing
from contractors.models import ClaimLetter, ClaimState
from evaluations import sending_events as events
from evaluations.models.sendings import SENDING_NOTED, ClaimSending
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.outbox import Subject, record


@transaction.atomic
def note_claim_sent(*, actor: Actor, letter: ClaimLetter, sent_on: date) -> ClaimSending:
    """Say on which day one's company sent a letter that is ready (its door is passed): once.

    Its landlord reads the day, never the letter: that came by post. Nothing is locked: of two at
    once the database lets one in. Raises Refused for another role or a letter that isn't there yet,
    Invalid for a day before the letter or to come, Conflict for a second time.
    """
    if not invoicing.claims(actor) or letter.organisation_id != actor.own_id:
        raise Refused("Seul le bureau de l’entreprise note l’envoi de sa lettre.", code="role")
    if letter.state != ClaimState.READY:
        raise Refused("Cette lettre n’est pas encore prête.", code="state")
    if not letter.as_of <= sent_on <= clock.today():
        raise Invalid({"sent_on": ["Choisissez un jour entre celui de la lettre et aujourd’hui."]})
    if ClaimSending.objects.filter(letter_id=letter.pk).exists():
        raise Conflict(str(SENDING_NOTED))
    sending = ClaimSending(
        landlord_id=letter.debtor_id,
        contractor_id=letter.organisation_id,
        letter=letter,
        sent_on=sent_on,
    )
    with explained():
        sending.save(force_insert=True)
    record(
        events.ClaimSent(sent_on=sent_on),
        actor=actor,
        subject=Subject(
            pk=sending.pk, landlord_id=sending.landlord_id, contractor_id=sending.contractor_id
        ),
        subject_type="claim_sending",
    )
    return sending
