"""Equipment that the party's contract keeps up, and the visits that it was given."""

from __future__ import annotations

from datetime import timedelta

from nexxio.core import clock
from orders import services
from orders.models import Equipment, UpkeepVisit
from tests.factories.acting import act
from tests.factories.world import Party


def kept_up(party: Party, **changes) -> Equipment:
    """Have the party's contract keep up a boiler of its dwelling, due in a month."""
    typed = {
        "kind": "boiler",
        "unit_number": party.unit.number,
        "first_due_on": clock.today() + timedelta(days=30),
        **changes,
    }
    return act(
        party,
        "manager",
        services.note_equipment,
        contract_id=party.contract.pk,
        group_id=party.unit.group_id,
        data=services.EquipmentInput(**typed),
    )


def seen_to(
    party: Party, equipment: Equipment | None = None, *, ago: int = 0, outcome="done", sheet=""
) -> UpkeepVisit:
    """Note the visit of an equipment some days ago; of one of its own by default."""
    one = equipment or kept_up(party, kind="ventilation")
    line = services.UpkeepLine(equipment_id=one.pk, outcome=outcome, sheet=sheet)
    (visit,) = act(
        party,
        "desk",
        services.note_upkeep,
        contract_id=one.contract_id,
        visited_on=clock.today() - timedelta(days=ago),
        lines=[line],
    )
    return visit
