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
from orders.models import Order, Visit
from orders.selectors.lists import EXPORT_CAP, Filters, keys_and_states, mine_of
from orders.selectors.status import company_of
from orders.states import OPEN_VISIT, ORDER, OrderState

MOST = 200
"""How many one confirmation may hold."""
MOST_PRINTED = 50
ISSUE, APPROVE, ACCEPT = "transmettre", "valider", "accepter"
CHASE, CANCEL, ASSIGN, PRINT = "relancer", "annuler", "confier", "imprimer"
OVER = "au-dessus de votre limite"
_O = OrderState
_HELD = (_O.ISSUED, _O.RETURNED, _O.DECLINED, _O.ACCEPTED, _O.PARTLY_DONE)
_PRINTED = (*_HELD, _O.DONE, _O.CERTIFIED_WITH_RESERVES, _O.CERTIFIED, _O.CLOSED)
TICKED: dict[Side, dict[str, tuple[OrderState, ...]]] = {
    Side.LANDLORD: {
        ISSUE: (_O.DRAFT,),
        APPROVE: (_O.PENDING_APPROVAL,),
        CHASE: (_O.ISSUED, _O.ACCEPTED, _O.PARTLY_DONE, _O.DONE, _O.CERTIFIED_WITH_RESERVES),
        CANCEL: (_O.DRAFT, _O.PENDING_APPROVAL, *_HELD[:4]),
        PRINT: _PRINTED,
    },
    Side.CONTRACTOR: {
        ACCEPT: (_O.ISSUED,),
        ASSIGN: (_O.ACCEPTED, _O.PARTLY_DONE),
        CHASE: (*_HELD[1:], _O.DONE),
        PRINT: _PRINTED,
    },
}
"""For each side the acts on many orders, and the states in which an order may be ticked for it."""


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
    found = {state for states in TICKED.get(actor.side, {}).values() for state in states}
    return [state.value for state in OrderState if state in found]


def keys_of_all(actor: Actor, filters: Filters, act: str) -> tuple[list[UUID], bool]:
    """Return the orders of a whole list that an act is for; tell whether there may be more.

    In the order of the list, at most MOST, looked for among its first EXPORT_CAP.
    """
    states = TICKED[actor.side][act]
    read = keys_and_states(actor, filters)
    found = [pk for pk, state in read if state in states]
    return found[:MOST], len(found) > MOST or len(read) >= EXPORT_CAP


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
        not policies.within_limit(actor, order.budget.committed) for order in found
    ):
        absent = stood_for(actor)
    return [_line(actor, order, act, absent) for order in found]


def appointment_of(actor: Actor, order_id: UUID) -> Visit | None:
    """Return the appointment to come of one of the actor's orders."""
    own = {"contractor_id": actor.own_id, "order_id": order_id}
    return Visit.objects.select_related("order").filter(**own, state__in=OPEN_VISIT).first()


def _line(actor: Actor, order: Order, act: str, absent: Sequence[Membership]) -> Ticked:
    total, committed = order.budget.total_without_vat, order.budget.committed
    obstacle = note = ""
    if order.state not in TICKED[actor.side][act]:
        obstacle = f"n’est plus à {act} : « {ORDER.label(order.state, actor.side)} »"
    else:
        obstacle = _OBSTACLES[act](actor, order, committed)
    if act == ISSUE and not obstacle and not policies.within_limit(actor, committed):
        note = "au-dessus de votre limite : ira en validation"
    member = policies.approves_for(order, committed, absent) if obstacle == OVER else None
    if member is not None:
        obstacle, note = "", f"pour {member.user}, en son absence"
    return Ticked(order, company_of(order), total, obstacle, note)


def _of_approval(actor: Actor, order: Order, total: Decimal) -> str:
    if order.author_id == actor.user_id:
        return "votre propre commande : un collègue la valide"
    return "" if policies.within_limit(actor, total) else OVER


def _none(_actor: Actor, _order: Order, _total: Decimal) -> str:
    return ""


def _of_chase(actor: Actor, order: Order, _total: Decimal) -> str:
    if not policies.may_chase(actor, order):
        return "ce n’est pas à l’autre partie de jouer"
    if policies.was_chased_today(order):
        return "déjà relancée aujourd’hui"
    return "" if policies.is_silent(order) else "a bougé récemment : rien à relancer"


_OBSTACLES: dict[str, Callable[[Actor, Order, Decimal], str]] = {
    ISSUE: _none,
    APPROVE: _of_approval,
    ACCEPT: _none,
    CHASE: _of_chase,
    CANCEL: _none,
    ASSIGN: _none,
    PRINT: _none,
}
