"""A residence under warranty."""

from __future__ import annotations

from datetime import timedelta

from nexxio.core import clock
from orders import services
from orders.models import Warranty
from tests.factories.acting import act
from tests.factories.world import Party


def warranted(party: Party, **changes) -> Warranty:
    """Note that the builder owes repairs on the party's residence for a year."""
    today = clock.today()
    typed = {
        "kind": "completion",
        "company": f"Bâtisseurs réunis {party.landlord.name}",
        "starts_on": today - timedelta(days=30),
        "ends_on": today + timedelta(days=335),
        **changes,
    }
    return act(
        party,
        "manager",
        services.note_warranty,
        group_id=party.unit.group_id,
        data=services.WarrantyInput(**typed),
    )
