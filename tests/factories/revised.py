"""Contracts with a revision formula, and the indexes that it reads."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from nexxio.core import clock
from nexxio.core.models import PriceIndexValue
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import ScheduleRevision
from tests.factories.acting import act
from tests.factories.world import Party

MONTH_ZERO = date(2024, 1, 1)


def index_value(code: str, month: date, value: str, **more) -> PriceIndexValue:
    """Write what an index is worth in a month."""
    said = {"value": Decimal(value), "source": f"Journal officiel, {code}", **more}
    with system_scope("tests: an index"):
        made, _new = PriceIndexValue.objects.update_or_create(
            index_id=code, month=month, defaults=said
        )
    return made


def formula(party: Party, **changes):
    """Give the party's contract the formula 0,15 + 0,85 × BT40 / BT40₀."""
    typed = {
        "fixed_part": Decimal("0.15"),
        "terms": (("BT40", Decimal("0.85")),),
        "reference_month": MONTH_ZERO,
        **changes,
    }
    return act(
        party,
        "manager",
        services.set_revision_clause,
        contract_id=party.contract.pk,
        clause=services.ClauseInput(**typed),
    )


def revised(party: Party) -> ScheduleRevision:
    """Give the party's contract a formula, and a version that says it was revised by it."""
    formula(party)
    part = {"code": "BT40", "label": "Chauffage central", "share": "0.85"}
    reading = {"month": "2024-01-01", "value": "120.00", "provisional": False, "source": "JO"}
    with system_scope("tests: a revised version"):
        return ScheduleRevision.objects.create(
            landlord=party.landlord,
            contractor=party.contractor,
            contract=party.contract,
            schedule_id=party.item.schedule_id,
            fixed_part=Decimal("0.15"),
            parts=[{**part, "reference": reading, "current": reading}],
            coefficient=Decimal(1),
            created_at=clock.now(),
        )
