"""Orders that were ticked in the list, and what an act would do to each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from nexxio.core.actors import Actor, Side
from nexxio.core.members.absences import stood_for
from nexxio.core.models import Membership
from orders import policies
from orders.models import Order
from orders.selectors.lists import mine_of
from orders.selectors.status import company_of
from orders.states import ORDER, OrderState

MOST = 200
"""How many one confirmation may hold."""
ISSUE, APPROVE, ACCEPT = "transmettre", "valider", "accepter"
OVER = "au-dessus de votre limite"
TICKED: dict[Side, dict[str, OrderState]] = {
    Side.LANDLORD: {ISSUE: OrderState.DRAFT, APPROVE: OrderState.PENDING_APPROVAL},
    Side.CONTRACTOR: {ACCEPT: OrderState.ISSUED},
}
"""For each side the acts on many orders, and the state in which an order may be ticked for it."""


@dataclass(frozen=True)
class Ticked:
    """A line of the confirmation. obstacle: why it will be left alone; note: what is special."""

    order: Order
    company: str
    total: Decimal
    obstacle: str = ""
    note: str = ""


def states_to_tick(actor: Actor) -> list[str]:
    """Return the states in which the actor's list offers a box; none to a role that reads."""
    if not policies.acts(actor):
        return []
    return [state.value for state in TICKED.get(actor.side, {}).values()]


def ticked(actor: Actor, keys: Sequence[UUID], act: str) -> list[Ticked]:
    """Return what was ticked and is the actor's to see, the oldest first. One query, or two.

    What an order lacks to be complete shows when it is done, like everything that changes
    meanwhile: the service decides.
    """
    found = (
        mine_of(actor)
        .filter(pk__in=keys[:MOST])
        .select_related("contractor", "contract__contractor", "budget")
        .order_by("created_at", "id")
    )
    absent: list[Membership] = []
    if act == APPROVE and any(
        not policies.within_limit(actor, order.budget.total_without_vat) for order in found
    ):
        absent = stood_for(actor)
    return [_line(actor, order, act, absent) for order in found]


def _line(actor: Actor, order: Order, act: str, absent: Sequence[Membership]) -> Ticked:
    total = order.budget.total_without_vat
    obstacle = note = ""
    if order.state != TICKED[actor.side][act]:
        obstacle = f"n’est plus à {act} : « {ORDER.label(order.state, actor.side)} »"
    else:
        obstacle = _OBSTACLES[act](actor, order, total)
    if act == ISSUE and not obstacle and not policies.within_limit(actor, total):
        note = "au-dessus de votre limite : ira en validation"
    member = policies.approves_for(order, total, absent) if obstacle == OVER else None
    if member is not None:
        obstacle, note = "", f"pour {member.user}, en son absence"
    return Ticked(order, company_of(order), total, obstacle, note)


def _of_approval(actor: Actor, order: Order, total: Decimal) -> str:
    if order.author_id == actor.user_id:
        return "votre propre commande : un collègue la valide"
    return "" if policies.within_limit(actor, total) else OVER


def _none(_actor: Actor, _order: Order, _total: Decimal) -> str:
    return ""


_OBSTACLES: dict[str, Callable[[Actor, Order, Decimal], str]] = {
    ISSUE: _none,
    APPROVE: _of_approval,
    ACCEPT: _none,
}
