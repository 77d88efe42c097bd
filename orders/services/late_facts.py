"""What a phone tells of a visit that has come to another end meanwhile: kept, and nothing moves.

Architecture: a fact that arrives late with an earlier time is recorded without moving the state.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from nexxio.core.actors import Actor
from nexxio.core.errors import Conflict
from nexxio.core.events import EventType
from orders.events import LateFact
from orders.models import Order, Visit
from orders.services.moves import move_visit_state
from orders.states import VISIT, WAS_TO_COME, VisitState

_NAMES = {
    VisitState.DONE: "complete",
    VisitState.PARTLY_DONE: "complete_in_part",
    VisitState.NO_ACCESS: "declare_no_access",
}


def late_step(what: str, usual: EventType) -> Callable[[Visit], EventType]:
    """Return how a late departure or arrival is recorded, by where its visit stands.

    Of an appointment that was given up it says nothing of the one that may stand by now.
    """
    return lambda visit: LateFact(what=what) if visit.state in WAS_TO_COME else usual


def is_late_end(visit: Visit, happened_at: datetime | None, end: VisitState) -> bool:
    """Tell whether a locked visit has come to another end before this one arrived."""
    return happened_at is not None and visit.state in VISIT.transitions[_NAMES[end]].late_from


def keep_late_end(
    visit: Visit,
    order: Order,
    actor: Actor,
    end: VisitState,
    happened_at: datetime | None,
    *,
    report: str = "",
    following: str = "",
) -> Visit:
    """Keep an end beside the state of a locked visit, with its report; both desks are told.

    following: what is to follow, in words. Raises Conflict for a repeat: the same end without
    anything new, or a second late one.
    """
    says_more = bool(report) and report != visit.report
    if visit.late_state or (visit.state == end and not says_more):
        raise Conflict(f"Déjà fait : « {VISIT.label(visit.state, actor.side)} ».")
    kept = "\n".join(filter(None, (report, following and f"Suite : {following}")))
    return move_visit_state(
        _NAMES[end],
        visit.pk,
        order,
        actor,
        event=LateFact(what=end.value),
        late_changes={"late_state": end.value, "late_at": happened_at, "late_report": kept},
        happened_at=happened_at,
    )
