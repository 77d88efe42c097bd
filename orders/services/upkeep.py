"""Writes of a contract's upkeep: the landlord's list of equipment, the company's visits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from nexxio.core import clock, places
from nexxio.core.actors import Actor, Side
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.events import EventType
from nexxio.core.models import Group, Unit, UnitKind
from nexxio.core.outbox import Subject, record
from orders import policies, upkeep_events
from orders.models import Contract, Equipment, UpkeepOutcome, UpkeepVisit

MOST_VISITS = 50
"""Noted at once: a page of the list."""


@dataclass(frozen=True, kw_only=True)
class EquipmentInput:
    """An equipment as typed. unit_number: of the dwelling or common area (unit_kind), "" for the
    whole residence; first_due_on: by when it is to be seen first.
    """

    kind: str
    first_due_on: date
    months: int = 12
    mark: str = ""
    unit_kind: str = UnitKind.DWELLING
    unit_number: str = ""


@dataclass(frozen=True, kw_only=True)
class UpkeepLine:
    """How the visit of one equipment ended, and the number of the sheet that it left."""

    equipment_id: UUID
    outcome: str
    sheet: str = ""


@transaction.atomic
def note_equipment(
    *, actor: Actor, contract_id: UUID, group_id: UUID, data: EquipmentInput
) -> Equipment:
    """Have a contract keep up an equipment of a residence.

    The place is made where it isn't there yet, as for an order. Raises Invalid for a number that
    the residence can't have, for what the contract keeps up there already and for a period out of
    bounds; Refused to who only reads.
    """
    if not policies.desk(actor, Side.LANDLORD):
        raise Refused("Votre rôle ne le permet pas.", code="role")
    contract = Contract.objects.get(pk=contract_id)
    group = Group.objects.get(pk=group_id)
    unit = _unit(group, data)
    equipment = Equipment(
        landlord_id=contract.landlord_id,
        contractor_id=contract.contractor_id,
        contract=contract,
        group=group,
        unit=unit,
        kind=data.kind,
        mark=" ".join(data.mark.split()),
        months=data.months,
        first_due_on=data.first_due_on,
        due_on=data.first_due_on,
        place_name=group.name,
        place_address=group.address,
        place_city=f"{group.postcode} {group.city}",
        place_unit=str(unit) if unit else "",
    )
    with explained():
        equipment.save(force_insert=True)
    _record(upkeep_events.EquipmentNoted(what=_name(equipment)), equipment, actor)
    return equipment


@transaction.atomic
def retire_equipment(*, actor: Actor, equipment_id: UUID) -> Equipment:
    """Keep an equipment up no more; its visits stay. Locks it.

    Raises Conflict when it was retired before, Refused to who only reads.
    """
    if not policies.desk(actor, Side.LANDLORD):
        raise Refused("Votre rôle ne le permet pas.", code="role")
    (equipment,) = _locked([equipment_id])
    if equipment.retired_at is not None:
        raise Conflict("Cet équipement est déjà retiré.")
    equipment.retired_at = clock.now()
    equipment.save(update_fields=["retired_at"])
    _record(upkeep_events.EquipmentRetired(what=_name(equipment)), equipment, actor)
    return equipment


@transaction.atomic
def note_upkeep(
    *, actor: Actor, contract_id: UUID, visited_on: date, lines: Sequence[UpkeepLine]
) -> list[UpkeepVisit]:
    """Note the visits of a day under one contract, all or none. Locks their equipment.

    A visit that was made moves the next one a period on; one without access leaves it due. Raises
    Invalid for a day to come or before the contract, for nothing or too much at once, and for an
    equipment that was seen that day; Conflict for one that is kept up no more; Refused to anybody
    but the company's desk.
    """
    _require_company(actor)
    contract = Contract.objects.get(pk=contract_id)
    if visited_on > clock.today():
        raise Invalid({"visited_on": ["Un passage se note une fois fait."]})
    if visited_on < contract.starts_on:
        raise Invalid({"visited_on": ["Ce jour est avant le début du marché."]})
    by_id = {line.equipment_id: line for line in lines}
    if not 0 < len(by_id) <= MOST_VISITS or len(by_id) < len(lines):
        raise Invalid({"": ["Dites le résultat d’un passage au moins, et de cinquante au plus."]})
    if {line.outcome for line in lines} - set(UpkeepOutcome.values):
        raise Invalid({"": ["Choisissez un résultat de la liste."]})
    found = _locked(by_id)
    standing = [one for one in found if one.contract_id == contract_id and not one.retired_at]
    if len(standing) < len(by_id):
        raise Conflict("Un de ces équipements n’est plus entretenu : rechargez la page.")
    visits = [
        UpkeepVisit(
            landlord_id=one.landlord_id,
            contractor_id=one.contractor_id,
            equipment=one,
            visited_on=visited_on,
            outcome=by_id[one.pk].outcome,
            sheet=by_id[one.pk].sheet.strip(),
        )
        for one in found
    ]
    with explained():
        UpkeepVisit.objects.bulk_create(visits)
    _settle(found)
    counted = Counter(visit.outcome for visit in visits)
    event = upkeep_events.UpkeepNoted(
        visited_on=visited_on,
        done=counted[UpkeepOutcome.DONE],
        no_access=counted[UpkeepOutcome.NO_ACCESS],
    )
    _record(event, found[0], actor)
    return visits


@transaction.atomic
def withdraw_upkeep(*, actor: Actor, visit_id: UUID) -> UpkeepVisit:
    """Take back a visit noted by mistake: its equipment is due as before. Locks the equipment.

    Raises Conflict when it was taken back before, Refused to anybody but the company's desk.
    """
    _require_company(actor)
    found = UpkeepVisit.objects.get(pk=visit_id)
    (equipment,) = _locked([found.equipment_id])
    found.refresh_from_db()
    if found.withdrawn_at is not None:
        raise Conflict("Ce passage est déjà retiré.")
    found.withdrawn_at = clock.now()
    found.save(update_fields=["withdrawn_at"])
    _settle([equipment])
    event = upkeep_events.UpkeepWithdrawn(visited_on=found.visited_on, what=_name(equipment))
    _record(event, equipment, actor)
    return found


# --- inside -----------------------------------------------------------------------------------


def _require_company(actor: Actor) -> None:
    if not policies.desk(actor, Side.CONTRACTOR):
        raise Refused("Seule l’entreprise note ses passages.", code="role")


def _unit(group: Group, data: EquipmentInput) -> Unit | None:
    if not data.unit_number.strip():
        return None
    try:
        return places.unit_of(group, UnitKind(data.unit_kind), data.unit_number)
    except Invalid as invalid:
        raise Invalid({"unit_number": invalid.errors["number"]}) from invalid


def _locked(ids: Iterable[UUID]) -> list[Equipment]:
    """Lock equipment, always in the same order."""
    rows = Equipment.objects.select_for_update(of=("self",)).filter(pk__in=list(ids))
    return list(rows.order_by("pk"))


def _settle(found: Sequence[Equipment]) -> None:
    """Work out from their visits when they were seen, and when they are due. They are locked."""
    visits: dict[UUID, list[UpkeepVisit]] = {one.pk: [] for one in found}
    standing = UpkeepVisit.objects.filter(equipment__in=found, withdrawn_at__isnull=True)
    for visit in standing.order_by("visited_on"):
        visits[visit.equipment_id].append(visit)
    for one in found:
        one.done_on, one.missed = None, 0
        for visit in visits[one.pk]:
            made = visit.outcome == UpkeepOutcome.DONE
            one.done_on = visit.visited_on if made else one.done_on
            one.missed = 0 if made else one.missed + 1
        one.due_on = clock.months_from(one.done_on, one.months) if one.done_on else one.first_due_on
    Equipment.objects.bulk_update(found, ["done_on", "missed", "due_on"])


def _name(equipment: Equipment) -> str:
    return ", ".join(filter(None, (str(equipment), equipment.place_name, equipment.place_unit)))


def _record(event: EventType, equipment: Equipment, actor: Actor) -> None:
    """Record what concerns one equipment; a series of visits concerns the contract."""
    is_series = isinstance(event, upkeep_events.UpkeepNoted)
    subject = Subject(
        pk=equipment.contract_id if is_series else equipment.pk,
        landlord_id=equipment.landlord_id,
        contractor_id=equipment.contractor_id,
    )
    record(
        event,
        actor=actor,
        subject=subject,
        subject_type="contract" if is_series else "equipment",
    )
