"""What upper apps know that stands in the way of an act on an order.

The upward road of a guard: this app names the act, never who knows of an obstacle.
"""

from __future__ import annotations

from collections.abc import Callable

from nexxio.core.errors import Refused
from nexxio.core.scoping import Scope, ScopeKind, open_scope
from orders.models import Order

Obstacle = Callable[[Order], Refused | None]
_known: dict[str, list[Obstacle]] = {}


def stands_in_the_way(act: str) -> Callable[[Obstacle], Obstacle]:
    """Register what may forbid an act. It is asked in the scope of the order's landlord."""

    def decorate(obstacle: Obstacle) -> Obstacle:
        _known.setdefault(act, []).append(obstacle)
        return obstacle

    return decorate


def obstacle_to(act: str, order: Order) -> Refused | None:
    """Return why an act is not possible, whoever asks; None when nothing is known against it."""
    with open_scope(Scope(kind=ScopeKind.LANDLORD, landlord_id=order.landlord_id)):
        found = (obstacle(order) for obstacle in _known.get(act, ()))
        return next((refused for refused in found if refused is not None), None)
