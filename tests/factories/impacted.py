"""Roll-outs for tests: perimeters, planned and live, with observations of known effect."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from evaluations import services
from evaluations.models import ImpactNote, Rollout
from nexxio.core import clock
from nexxio.core.actors import SYSTEM
from nexxio.core.models import Agency
from nexxio.core.scoping import system_scope
from orders.models import Order, Visit
from orders.states import VisitState
from tests.factories.acting import act
from tests.factories.world import Party

TRADE = "plomberie"


def agency_of(party: Party, name: str = "Agence Rive") -> Agency:
    """Return an agency of the party's landlord, made once."""
    with system_scope("tests: agency"):
        full = f"{name} de {party.landlord.name}"
        return Agency.objects.get_or_create(landlord=party.landlord, name=full)[0]


def planned(party: Party, *, days: int = 30, name: str = "Agence à venir", **changes) -> Rollout:
    """Plan a roll-out in so many days (negative: so many days ago)."""
    values = {
        "agency_id": agency_of(party, name).pk,
        "trade_code": TRADE,
        "starts_on": clock.today() + timedelta(days=days),
        "baseline_weeks": 12,
        **changes,
    }
    return act(party, "manager", services.plan_rollout, **values)


def measured(rollout: Rollout) -> int:
    """Let the clock measure a roll-out."""
    with system_scope("tests: measure"):
        return services.measure_rollout(actor=SYSTEM, rollout_id=rollout.pk)


def noted(party: Party, **changes) -> ImpactNote:
    """Write into the diary of the party's landlord."""
    values = {
        "happened_on": clock.today(),
        "text": f"Nouveau marché de plomberie chez {party.landlord.name}",
        **changes,
    }
    return act(party, "manager", services.note_change, **values)


def impacted(party: Party) -> Rollout:
    """Put rows into every table of impact: live and measured, to come, noted."""
    live = planned(party, days=-60, name="Agence en service")
    measured(live)
    noted(party)
    return planned(party)


def placed(order_id: UUID, agency: Agency) -> Order:
    """Let an order be of an agency and of the trade of perimeters."""
    with system_scope("tests: place"):
        Order.objects.filter(pk=order_id).update(agency=agency, trade_id=TRADE)
        return Order.objects.get(pk=order_id)


def came(order: Order, day: date, *, kept: int, missed: int = 0) -> None:
    """Let so many appointments of an order be kept and missed on a day."""
    start = datetime.combine(day, time(9), clock.PARIS)
    with system_scope("tests: visits"):
        last = Visit.objects.filter(order=order).order_by("-number").first()
        number = last.number if last else 0
        states = [VisitState.DONE] * kept + [VisitState.CONTRACTOR_NO_SHOW] * missed
        Visit.objects.bulk_create(
            Visit(
                landlord_id=order.landlord_id,
                contractor_id=order.contractor_id,
                order=order,
                number=number + n,
                state=state,
                window_start=start,
                window_end=start + timedelta(hours=2),
                finished_at=start if state == VisitState.DONE else None,
            )
            for n, state in enumerate(states, 1)
        )
