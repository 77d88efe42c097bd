"""What a company opens to tenants who move their appointment."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from nexxio.core.actors import Actor
from nexxio.core.errors import Invalid, Refused
from nexxio.core.outbox import of_house, record
from orders import policies
from orders.appointment_events import TenantHoursChanged
from orders.models import TenantHours
from orders.windows import SLOTS, code_of

DAYS = range(6)
"""Monday to Saturday: the holidays' calendar closes Sundays."""
KNOWN = tuple(code_of(day, slot) for day in DAYS for slot, _label in SLOTS)


def tenant_hours(contractor_id: UUID) -> TenantHours:
    """Return what a company opens; an unsaved row that opens nothing where it has said nothing."""
    found = TenantHours.objects.filter(contractor_id=contractor_id).first()
    return found or TenantHours(contractor_id=contractor_id, version=0)


@transaction.atomic
def open_tenant_hours(*, actor: Actor, version: int, windows: Iterable[str]) -> TenantHours:
    """Say which slots of a week tenants may take; none closes them. version: 0 for the first time.

    Raises Refused to anybody but the company's desk, Invalid for what is no slot and when somebody
    else saved in between. Appointments that stand don't change.
    """
    if not policies.is_contractors_desk(actor) or actor.link_id is not None:
        raise Refused("Seule l’entreprise ouvre ses créneaux.", code="role")
    wanted = set(windows)
    if wanted - set(KNOWN):
        raise Invalid({"": ["Ce créneau n’existe pas."]})
    company = actor.own_id
    TenantHours.objects.bulk_create(
        [TenantHours(contractor_id=company, version=0)], ignore_conflicts=True
    )
    hours = TenantHours.objects.select_for_update(of=("self",)).get(contractor_id=company)
    if hours.version != version:
        raise Invalid({"": ["Quelqu’un d’autre a modifié ces créneaux : rechargez la page."]})
    hours.windows = [code for code in KNOWN if code in wanted]
    hours.version = version + 1
    hours.save(update_fields=["windows", "version"])
    record(
        TenantHoursChanged(count=len(hours.windows)),
        actor=actor,
        subject=of_house(pk=hours.pk, organisation_id=company, side=actor.side),
        subject_type="tenant_hours",
    )
    return hours
