"""What an order's page says of thank-yous: one's own, and those that were told."""

from __future__ import annotations

from dataclasses import dataclass

from evaluations import policies
from evaluations.models import Thanks, ThanksFrom
from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from orders.models import Order


@dataclass(frozen=True)
class ThanksCard:
    """The card. own: the reader's, None before; told: who thanked, said once per side.

    whom: who would be thanked, as a button says it.
    """

    own: Thanks | None
    told: list[str]
    whom: str
    can_give: bool
    can_take_back: bool

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.own or self.told or self.can_give)


def thanks_card(actor: Actor, order: Order) -> ThanksCard:
    """Return what the reader may do and read. One query. The order's houses are loaded."""
    now = clock.now()
    rows = list(
        Thanks.objects.filter(
            landlord_id=order.landlord_id, order_id=order.pk, withdrawn_at__isnull=True
        ).order_by("given_at")
    )
    of_tenant = actor.side is Side.TENANT
    own = next(
        (
            row
            for row in rows
            if row.from_side == actor.side and (of_tenant or row.user_id == actor.user_id)
        ),
        None,
    )
    others = [] if of_tenant else [row for row in rows if row.told_at is not None]
    return ThanksCard(
        own=own,
        told=[_said(order, side) for side in dict.fromkeys(row.from_side for row in others)],
        whom=_whom(actor, order),
        can_give=own is None and policies.may_thank(actor, order, now),
        can_take_back=own is not None and own.told_at is None and now < policies.thanks_until(own),
    )


# --- inside -----------------------------------------------------------------------------------


def _whom(actor: Actor, order: Order) -> str:
    house = order.landlord if actor.side is Side.CONTRACTOR else order.contractor
    return house.name if house is not None else ""


def _said(order: Order, side: str) -> str:
    """Return who thanked: a house by its name, a tenant without one; never a person."""
    if side == ThanksFrom.TENANT:
        return str(ThanksFrom.TENANT.label)
    house = order.landlord if side == ThanksFrom.LANDLORD else order.contractor
    return house.name if house is not None else ""
