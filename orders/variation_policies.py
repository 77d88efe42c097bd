"""Pure predicates of variations and regularisations: who may ask, answer, take back."""

from __future__ import annotations

from nexxio.core.actors import Actor, Role, Side
from orders.models import Order, Variation
from orders.policies import DESK, WITH_CONTRACTOR
from orders.states import OrderState
from orders.variation_states import MACHINES, VariationKind, VariationState

OPEN = (VariationState.DRAFT, VariationState.ASKED)
ASKED_IN: dict[str, tuple[OrderState, ...]] = {
    VariationKind.VARIATION: WITH_CONTRACTOR,
    VariationKind.REGULARISATION: (*WITH_CONTRACTOR, OrderState.DONE),
    VariationKind.REDUCTION: (*WITH_CONTRACTOR, OrderState.DONE),
}
"""In which states of the order each kind may be asked: before the works are over, or certified."""


ON_PAPER: dict[str, tuple[str, ...]] = {
    VariationKind.VARIATION: ("ask", "withdraw"),
    VariationKind.REGULARISATION: ("ask", "withdraw"),
    VariationKind.REDUCTION: (),
}
"""What whoever holds an order's paper does for its company."""


def can_draft(
    actor: Actor,
    order: Order,
    current: Variation | None,
    kind: str = VariationKind.VARIATION,
    *,
    visits: bool,
) -> bool:
    """The contractor's desk, whoever holds the order's paper for it, or a technician who has a
    visit of the order (`visits`).

    current: the order's open one of that kind, a draft included; there is one at a time.
    """
    if actor.side is not Side.CONTRACTOR:
        return False
    role = actor.has(*DESK) or (visits and actor.has(Role.TECHNICIAN))
    return role and current is None and order.state in ASKED_IN[kind]


def can_reduce(actor: Actor, order: Order, current: Variation | None) -> bool:
    """The desk of either organisation proposes less. current: the proposal that is open."""
    return (
        actor.side in (Side.CONTRACTOR, Side.LANDLORD)
        and actor.link_id is None
        and actor.has(*DESK)
        and current is None
        and order.state in ASKED_IN[VariationKind.REDUCTION]
    )


def can_do(name: str, actor: Actor, variation: Variation, *, visits: bool = True) -> bool:
    """Tell whether the table lets the actor do `name` now, and his role too."""
    if name not in MACHINES[variation.kind].transitions:
        return False
    if actor.link_id is not None and not (
        actor.order_id == variation.order_id and name in ON_PAPER[variation.kind]
    ):
        return False
    if actor.link_id is not None and name == "withdraw" and variation.asked_at is None:
        return False  # a draft of its company's desk, which no paper shows
    if not MACHINES[variation.kind].permits(name=name, state=variation.state, side=actor.side):
        return False
    if variation.kind == VariationKind.REDUCTION:
        # Whoever proposed takes it back, the other party answers.
        own = actor.side.value == variation.asked_by
        return actor.has(*DESK) and own == (name == "withdraw")
    technician = visits and actor.side is Side.CONTRACTOR and actor.has(Role.TECHNICIAN)
    return actor.side is Side.SYSTEM or actor.has(*DESK) or technician
