"""Finding a dwelling by who lives there: the first step of an order that somebody calls about."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import phonenumbers
from django.db.models import Q

from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.models import Occupancy

FOUND = 12
_FEWEST = 3


@dataclass(frozen=True)
class Occupant:
    """Who lives in a dwelling today, and where that is."""

    unit_id: UUID
    name: str
    where: str


def occupants(actor: Actor, q: str) -> list[Occupant]:
    """Return the landlord's tenants of today whose names begin with each word, or by the phone.

    Nobody below three characters.
    """
    words = q.split()
    if len("".join(words)) < _FEWEST:
        return []
    today = clock.today()
    rows = Occupancy.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today),
        _named(words) | _called(q),
        landlord_id=actor.own_id,
        starts_on__lte=today,
    ).select_related("tenant", "unit__group")
    return [
        Occupant(row.unit_id, str(row.tenant), f"{row.unit}, {row.unit.group}")
        for row in rows.order_by("tenant__last_name", "tenant__first_name", "id")[:FOUND]
    ]


def _named(words: list[str]) -> Q:
    found = Q()
    for word in words:
        found &= Q(tenant__last_name__istartswith=word) | Q(tenant__first_name__istartswith=word)
    return found


def _called(q: str) -> Q:
    try:
        number = phonenumbers.parse(q, "FR")
    except phonenumbers.NumberParseException:
        return Q(pk__in=())
    return Q(tenant__phone=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
