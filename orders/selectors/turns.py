"""How long each party has had an order, in the words of whoever reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.models import Event
from orders import ball
from orders.models import Order
from orders.selectors.history import MOST, newest_events
from orders.services.holders import happening_of

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Turn:
    """What one party took, and how often it was its turn."""

    side: str
    label: str
    time: timedelta
    percent: int
    times: int
    is_current: bool


def turns_of(actor: Actor, order: Order, newest: list[Event]) -> list[Turn]:
    """Return what each party took, the reader's own first; none before anybody took a minute.

    newest: the order's newest events, the last one first, as many as the history shows. The
    contractor's count begins when the order is sent to it. The order's parties are loaded.
    """
    rows = newest if len(newest) < MOST else newest_events(order, kinds=ball.KINDS)
    found = ball.spells(happening_of(row) for row in reversed(rows) if row.kind in ball.KINDS)
    shares = ball.shares(found, clock.now())
    turns = [
        Turn(
            side=share.holder.value,
            label=_label(actor, order, share.holder),
            time=share.time,
            percent=share.percent,
            times=sum(spell.holder == share.holder for spell in found),
            is_current=share.is_current,
        )
        for share in shares
        if share.holder != ball.Holder.TENANT or share.time or share.is_current
    ]
    if sum((turn.time for turn in turns), timedelta(0)) < _MINUTE:
        return []
    return sorted(turns, key=lambda turn: turn.side != actor.side.value)


def _label(actor: Actor, order: Order, holder: ball.Holder) -> str:
    if holder.value == actor.side.value:
        return _("Vous")
    if holder == ball.Holder.TENANT:
        return _("Le locataire")
    if holder == ball.Holder.LANDLORD or actor.side is Side.CONTRACTOR:
        return order.landlord.name
    return order.contractor.name if order.contractor else _("L’entreprise")
