"""Which features a pilot has put into service where: those that Nexxio itself switches.

In service from a pilot's first day on, while it runs and after it was kept; switched back on the
day that its landlord decides so, without anybody having to undo anything.
"""

from __future__ import annotations

from django.db.models import Q

from evaluations.models import Pilot, PilotOutcome
from nexxio.core import clock
from orders.models import Order


def is_on_for(order: Order, feature: str) -> bool:
    """Tell whether a feature is in service for an order. One query."""
    here = (Q(agency__isnull=True) | Q(agency_id=order.agency_id)) & (
        Q(trade__isnull=True) | Q(trade_id=order.trade_id)
    )
    return Pilot.objects.filter(
        Q(everywhere=True) | here,
        landlord_id=order.landlord_id,
        feature=feature,
        withdrawn_at__isnull=True,
        starts_on__lte=clock.today(),
        outcome__in=["", PilotOutcome.GO],
    ).exists()
