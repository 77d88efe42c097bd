"""On which days a company, or the office that holds the keys, is closed: as they noted it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from nexxio.core.members.closings import closed_between
from orders.models import Order, OrderContact
from orders.states import AccessCode
from orders.working_days import Shut, off_hours_because, zone_of

_BY_THE_LANDLORD = [AccessCode.KEYS.value, AccessCode.CARETAKER.value]
"""How one gets in where somebody of the landlord's must be there."""

Windows = Sequence[tuple[datetime, datetime]]


def of_company(company_id: UUID, first: date, last: date) -> list[Shut]:
    """Return when a company is closed, of a span of days."""
    return [
        Shut(row.starts_on, row.ends_on, _("Entreprise fermée (%s)") % row.label)
        for row in closed_between([company_id], first, last)
    ]


def why_closed(order: Order, windows: Windows) -> list[str]:
    """Return for each window why nobody is sent to an order then without need; "" when somebody is.

    The landlord's closed days count only where its agency hands out the keys or its caretaker
    opens. Queries: how one gets in, closed days.
    """
    shut = _shut_for(order, windows)
    return [off_hours_because(start, end, order.where, shut) for start, end in windows]


def _shut_for(order: Order, windows: Windows) -> list[Shut]:
    zone = zone_of(order.where)
    days = [at.astimezone(zone).date() for window in windows for at in window]
    names = {order.contractor_id: _("Entreprise fermée (%s)")}
    if OrderContact.objects.filter(order_id=order.pk, access__overlap=_BY_THE_LANDLORD).exists():
        names[order.landlord_id] = _("Bailleur fermé, il détient l’accès (%s)")
    houses = [pk for pk in names if pk is not None]
    return [
        Shut(row.starts_on, row.ends_on, names[row.organisation_id] % row.label)
        for row in closed_between(houses, min(days), max(days))
    ]
