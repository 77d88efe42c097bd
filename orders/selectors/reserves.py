"""What isn't lifted yet: each portal's list of reserves, what is due first at the top."""

from __future__ import annotations

from dataclasses import dataclass

from nexxio.core.actors import Actor, Side
from orders.certificate_states import ReserveState
from orders.models import Reserve
from orders.selectors.certificates import ReserveCard, reserve_card

SHOWN = 100


@dataclass(frozen=True)
class ReserveList:
    """Reserves to lift and to check. is_cut: there are more than are shown."""

    to_lift: list[ReserveCard]
    to_check: list[ReserveCard]
    is_cut: bool

    @property
    def late(self) -> int:
        """How many of those to lift are past their day."""
        return sum(card.is_late for card in self.to_lift)


def open_reserves(actor: Actor) -> ReserveList:
    """Return the reserves of the actor's organisation that aren't lifted. Two queries."""
    side = "landlord_id" if actor.side is Side.LANDLORD else "contractor_id"
    own = Reserve.objects.filter(**{side: actor.own_id})

    def of(state: str) -> list[ReserveCard]:
        rows = own.filter(state=state).select_related("order__landlord", "order__contractor")
        return [reserve_card(row, actor) for row in rows.order_by("due_on", "id")[: SHOWN + 1]]

    to_lift, to_check = of(ReserveState.OPEN), of(ReserveState.CLAIMED)
    return ReserveList(
        to_lift=to_lift[:SHOWN],
        to_check=to_check[:SHOWN],
        is_cut=max(len(to_lift), len(to_check)) > SHOWN,
    )
