"""Writes of warranties: noted and taken back by the landlord's desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.events import EventType
from nexxio.core.models import Group, Unit
from nexxio.core.outbox import Subject, record
from orders import policies, warranty_events
from orders.models import Trade, Warranty


@dataclass(frozen=True, kw_only=True)
class WarrantyInput:
    """A warranty as typed. unit_number: of the one unit that it covers, "" for the residence;
    trade: its code, "" for all.
    """

    kind: str
    company: str
    starts_on: date
    ends_on: date
    reference: str = ""
    unit_number: str = ""
    trade: str = ""


@transaction.atomic
def note_warranty(*, actor: Actor, group_id: UUID, data: WarrantyInput) -> Warranty:
    """Note what runs on a residence. Raises Invalid for a unit or trade that isn't there, and for
    dates the wrong way round; Refused to who only reads.
    """
    _require_desk(actor)
    group = Group.objects.get(pk=group_id)
    number = data.unit_number.strip()
    unit = (
        Unit.objects.filter(landlord_id=group.landlord_id, group=group, number=number).first()
        if number
        else None
    )
    if number and unit is None:
        raise Invalid({"unit_number": ["Aucun logement de cette résidence n’a ce numéro."]})
    if data.trade and not Trade.objects.filter(pk=data.trade).exists():
        raise Invalid({"trade": ["Choisissez un corps d’état de la liste."]})
    warranty = Warranty(
        landlord_id=group.landlord_id,
        group=group,
        unit=unit,
        trade_id=data.trade or None,
        kind=data.kind,
        company=data.company.strip(),
        reference=data.reference.strip(),
        starts_on=data.starts_on,
        ends_on=data.ends_on,
    )
    with explained():
        warranty.save(force_insert=True)
    _record(warranty_events.WarrantyNoted(), warranty, actor)
    return warranty


@transaction.atomic
def end_warranty(*, actor: Actor, warranty_id: UUID) -> Warranty:
    """Take a warranty back: it warns of nothing any more. Locks it.

    Raises Conflict when it was taken back before, Refused to who only reads.
    """
    _require_desk(actor)
    warranty = Warranty.objects.select_for_update(of=("self",)).get(pk=warranty_id)
    if warranty.ended_at is not None:
        raise Conflict("Cette garantie est déjà retirée.")
    warranty.ended_at = clock.now()
    warranty.save(update_fields=["ended_at"])
    _record(warranty_events.WarrantyEnded(), warranty, actor)
    return warranty


def _require_desk(actor: Actor) -> None:
    if not policies.desk(actor, Side.LANDLORD):
        raise Refused("Votre rôle ne le permet pas.", code="role")


def _record(event: EventType, warranty: Warranty, actor: Actor) -> None:
    subject = Subject(pk=warranty.pk, landlord_id=warranty.landlord_id)
    record(event, actor=actor, subject=subject, subject_type="warranty")
