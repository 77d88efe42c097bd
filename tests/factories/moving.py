"""Somebody else comes to live in a party's dwelling."""

from __future__ import annotations

from datetime import timedelta

from nexxio.core import clock
from nexxio.core.models import Occupancy, Tenant
from nexxio.core.scoping import system_scope


def newcomer_at(party) -> Tenant:
    """The party's tenant has left, and Zoé Roche lives there since today."""
    today = clock.today()
    with system_scope("tests: somebody else moves in"):
        living = Occupancy.objects.filter(unit=party.unit, tenant=party.tenant)
        living.update(ends_on=today - timedelta(days=1))
        newcomer = Tenant.objects.create(
            landlord=party.landlord, first_name="Zoé", last_name="Roche", phone="+33655550000"
        )
        Occupancy.objects.create(
            landlord=party.landlord, unit=party.unit, tenant=newcomer, starts_on=today
        )
    return newcomer
