"""The list of orders by the name of the other party: company by company, each by its index.

No index holds a name that another table has, and a copy would grow old. So the parties are walked
by name, each one's orders are read in the order of its index (models/order_indexes.py), and the
database stops at a full page: parties beyond it are never read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Func, OuterRef, Q, QuerySet, Subquery, UUIDField

from nexxio.core.actors import Actor, Side
from nexxio.core.models import Organisation, Partnership
from orders.models import Order

_NOBODY = "-"


@dataclass(frozen=True)
class PartyPlace:
    """Where an order stands: its two organisations, then when it was created."""

    contractor_id: UUID | None
    landlord_id: UUID
    created_at: datetime

    @classmethod
    def of(cls, order: Order) -> Self:
        """Return the place of an order."""
        return cls(order.contractor_id, order.landlord_id, order.created_at)

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the place that `str` wrote; ValueError for anything else."""
        company, landlord, instant = text.split(" ")
        created = datetime.fromisoformat(instant)
        if created.tzinfo is None:
            raise ValueError(text)
        return cls(None if company == _NOBODY else UUID(company), UUID(landlord), created)

    def __str__(self) -> str:
        company = self.contractor_id or _NOBODY
        return f"{company} {self.landlord_id} {self.created_at.isoformat()}"


def page(
    actor: Actor,
    orders: QuerySet[Order],
    key: tuple[PartyPlace, UUID] | None,
    *,
    down: bool,
    size: int,
    few: bool,
) -> QuerySet[Order]:
    """Return at most `size` of the actor's orders that come after `key`. One query.

    By the other party's name, each one's newest first; what has no company yet stands at the end.
    down: all of it the other way round. few: there are so few that they may be sorted whole.
    """
    walk = Walk(actor, down=down)
    found = orders.filter(walk.after(key)) if key else orders
    if not few:
        slices = walk.slices(orders, key, size)
        keys = slices[0].union(*slices[1:], all=True) if len(slices) > 1 else slices[0]
        found = Order.objects.filter(pk__in=keys)
    return found.order_by(*walk.order())[:size]


class Walk:
    """The order of reading, for one side."""

    def __init__(self, actor: Actor, *, down: bool) -> None:
        at_landlord = actor.side is Side.LANDLORD
        self.own = {"landlord_id" if at_landlord else "contractor_id": actor.organisation_id}
        self.other = "contractor" if at_landlord else "landlord"
        self.down = down

    def order(self) -> list[Any]:
        """Return the order of reading, for order_by. Without a company last, first if down."""
        named = (F(f"{self.other}__name"), F(f"{self.other}_id"))
        dated = (F("created_at"), F("id"))
        if self.down:
            return [
                *(one.desc(nulls_first=True) for one in named),
                *(one.asc() for one in dated),
            ]
        return [*(one.asc(nulls_last=True) for one in named), *(one.desc() for one in dated)]

    def slices(
        self, orders: QuerySet[Order], key: tuple[PartyPlace, UUID] | None, size: int
    ) -> list[QuerySet[Any]]:
        """Return the keys of what may be on the page: of the key's party, the next ones, nobody's.

        Each slice is read in its order, `size` at most.
        """
        party = self._party(key)
        nobody = orders.filter(**{f"{self.other}__isnull": True})
        found = []
        if key:
            found.append(self._first(self._of(orders, party).filter(self._later(key)), size))
        if key is None or party is not None or self.down:
            found.append(self._following(orders, party, size))
        if self.other == "contractor" and self._reads_nobody_after(key):
            found.append(self._first(nobody, size))
        return found

    def after(self, key: tuple[PartyPlace, UUID]) -> Q:
        """Return what comes after a key."""
        party, none = self._party(key), Q(**{f"{self.other}__isnull": True})
        same = none if party is None else Q(**{f"{self.other}_id": party})
        found = same & self._later(key)
        if party is not None:
            found |= self._next(party)
        elif self.down:
            found |= ~none
        return found | none if party is not None and not self.down else found

    def _party(self, key: tuple[PartyPlace, UUID] | None) -> UUID | None:
        place = key[0] if key else None
        return getattr(place, f"{self.other}_id", None)

    def _reads_nobody_after(self, key: tuple[PartyPlace, UUID] | None) -> bool:
        """Tell whether what has no company comes after the key; its own are read with it."""
        return key is None or (self._party(key) is not None and not self.down)

    def _of(self, orders: QuerySet[Order], party: UUID | None) -> QuerySet[Order]:
        if party is None:
            return orders.filter(**{f"{self.other}__isnull": True})
        return orders.filter(**{f"{self.other}_id": party})

    def _first(self, orders: QuerySet[Order], size: int) -> QuerySet[Any]:
        order = ("created_at", "id") if self.down else ("-created_at", "-id")
        return orders.order_by(*order).values("pk")[:size]

    def _later(self, key: tuple[PartyPlace, UUID]) -> Q:
        """Return what is later in the order of one party. The first condition is the index's."""
        place, pk = key
        side, passed = ("gte", "id__lte") if self.down else ("lte", "id__gte")
        equal = Q(created_at=place.created_at, **{passed: pk})
        return Q(**{f"created_at__{side}": place.created_at}) & ~equal

    def _next(self, party: UUID) -> Q:
        """Return the parties that come after one, by name and then by key."""
        name = Subquery(Organisation.objects.filter(pk=party).values("name"))
        side = "lt" if self.down else "gt"
        named, keyed = f"{self.other}__name", f"{self.other}_id"
        return Q(**{f"{named}__{side}": name}) | Q(**{named: name, f"{keyed}__{side}": party})

    def _following(self, orders: QuerySet[Order], party: UUID | None, size: int) -> QuerySet[Any]:
        """Walk the parties after one, or all: the first keys of each, as long as any are wanted."""
        parties = Partnership.objects.filter(**self.own)
        if party is not None:
            parties = parties.filter(self._next(party))
        of_one = orders.filter(**{f"{self.other}_id": OuterRef(f"{self.other}_id")})
        keys = Func(
            ArraySubquery(self._first(of_one, size)), function="unnest", output_field=UUIDField()
        )
        by_name = [f"{self.other}__name", f"{self.other}_id"]
        order = [f"-{name}" for name in by_name] if self.down else by_name
        return parties.order_by(*order).values(order_key=keys)[:size]
