"""Files that reached a public landlord by another way: their company is invited to Chorus Pro.

What Chorus Pro then gave (number and day) is noted here as well, so that nothing waits for ever.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db import transaction

from contractors import policies, received_events
from contractors.models import Invoice, ReceivedInvoice
from contractors.received_states import ReceivedState
from contractors.services.invoices import note_chorus
from nexxio.core import clock
from nexxio.core.actors import SYSTEM, Actor
from nexxio.core.errors import Invalid, Refused
from nexxio.core.outbox import record


@transaction.atomic
def invite_to_chorus(*, actor: Actor, received_id: UUID) -> ReceivedInvoice:
    """Ask the company to file with Chorus Pro what came another way, and keep on which day.

    Once. Locks the file's row. Raises Refused where Chorus Pro isn't this landlord's way.
    """
    received = _lock(received_id)
    if not policies.can_invite(actor, received):
        raise Refused("Il n’y a personne à inviter pour ce fichier.", code="state")
    received.invited_at = clock.now()
    received.save(update_fields=["invited_at"])
    record(
        received_events.ReceivedInvited(number=received.number),
        actor=actor,
        subject=received,
        subject_type="received",
    )
    return received


@transaction.atomic
def note_received_chorus(
    *, actor: Actor, received_id: UUID, chorus_number: str, filed_on: date
) -> ReceivedInvoice:
    """Note what Chorus Pro says of a file that waited for it: the delay runs from that day.

    A worker makes the invoice. Locks the file's row. Raises Invalid for a number of another
    invoice and a day that can't be.
    """
    number = chorus_number.strip()[:40]
    received = _lock(received_id)
    if not policies.can_note_chorus(actor, received):
        raise Refused("Ce fichier n’attend pas de numéro de Chorus Pro.", code="state")
    if not number:
        raise Invalid({"chorus_number": ["Indiquez le numéro donné par Chorus Pro."]})
    own = {"landlord_id": received.landlord_id, "chorus_number": number}
    if Invoice.objects.filter(**own).exists():
        raise Invalid({"chorus_number": ["Une autre facture a ce numéro de Chorus Pro."]})
    if filed_on > clock.today():
        raise Invalid({"filed_on": ["Cette date n’est pas encore passée."]})
    if received.issued_on is not None and filed_on < received.issued_on:
        raise Invalid({"filed_on": ["La facture n’existait pas encore ce jour-là."]})
    received.chorus_number, received.arrived_on = number, filed_on
    received.state, received.asked_at = ReceivedState.ATTACHING, clock.now()
    received.save(update_fields=["chorus_number", "arrived_on", "state", "asked_at"])
    record(
        received_events.ReceivedChorusNoted(number=received.number),
        actor=actor,
        subject=received,
        subject_type="received",
    )
    return received


def note_chorus_of(
    *, landlord_id: UUID, invoice_id: UUID, chorus_number: str, filed_on: date
) -> Invoice:
    """File an invoice that its landlord's own list of Chorus Pro names. As the system.

    The landlord doesn't see it before; its list proves that it has it.
    """
    return note_chorus(
        actor=replace(SYSTEM, organisation_id=landlord_id),
        invoice_id=invoice_id,
        chorus_number=chorus_number,
        filed_on=filed_on,
    )


def _lock(received_id: UUID) -> ReceivedInvoice:
    found: ReceivedInvoice = (
        ReceivedInvoice.objects.select_related("landlord")
        .select_for_update(of=("self",))
        .get(pk=received_id)
    )
    return found
