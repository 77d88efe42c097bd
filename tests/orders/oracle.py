"""What each act on an order or a visit must lead to, said a second time and in another way.

The walk (test_walk.py) compares the real services with it. Who may do what comes from the tables
of orders/states.py; roles, guards and the events of a success are written down here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from nexxio.core import clock
from nexxio.core.actors import Actor, Role, Side
from orders.models import Order, Variation, Visit
from orders.policies import is_past_cut_off
from orders.states import OPEN_VISIT, ORDER, UNDER_WAY, VISIT, VisitState
from orders.variation_states import VARIATION

Kinds = tuple[str, ...]
SEEN_CONTACT = ("accepted", "partly_done", "done")
GIVEN_UP = (VisitState.CANCELLED, VisitState.RESCHEDULED, VisitState.CONTRACTOR_NO_SHOW)
AGO = timedelta(minutes=40)
"""How long ago a late report says that it happened."""


@dataclass(frozen=True)
class Scene:
    """An order as it stands, its visits, and who tries something.

    complete: nothing blocking is missing. big: over a clerk's limit. ours: the actor belongs to
    the order's own landlord or contractor, or holds the link of its case. variation: its last one.
    """

    order: Order
    visits: list[Visit]
    actor: Actor
    ours: bool
    complete: bool
    big: bool
    variation: Variation | None = None
    held: bool = False
    said: Mapping[UUID, bool] = field(default_factory=dict)

    @property
    def lifted(self) -> Kinds:
        """What else happens when an order that waits is finished or given up."""
        return ("hold.lifted",) if self.held else ()

    @property
    def asked(self) -> bool:
        """Whether an answer is waited for: the order is neither finished nor given up."""
        return self.variation is not None and self.variation.state == "asked"

    @property
    def open(self) -> Visit | None:
        return next((visit for visit in self.visits if visit.state in OPEN_VISIT), None)

    @property
    def under_way(self) -> bool:
        return self.open is not None and self.open.state in UNDER_WAY

    @property
    def desk(self) -> bool:
        return self.actor.has(Role.MANAGER, Role.CLERK)

    @property
    def sees(self) -> bool:
        """Whether the actor's scope holds the order."""
        if self.actor.side is Side.LANDLORD:
            return self.ours
        return self.ours and self.order.issued_at is not None

    def within_limit(self) -> bool:
        return self.actor.limit is None or not self.big

    def order_may(self, name: str) -> bool:
        """The table, the scope and the role."""
        acts = self.actor.side is Side.TENANT or self.desk
        side = self.actor.side
        return self.sees and acts and ORDER.permits(name=name, state=self.order.state, side=side)

    def visit_may(self, name: str, visit: Visit, *, late: bool = False) -> bool:
        """The table, the scope and the role; a technician's own visits only."""
        transition = VISIT.transitions[name]
        side = self.actor.side
        there = visit.state in transition.sources or (
            late and visit.state in transition.late_from and _fits(visit)
        )
        if side is Side.CONTRACTOR:
            own = visit.technician_id == self.actor.membership_id
            role = self.desk or (own and self.actor.has(Role.TECHNICIAN))
        else:
            role = side is Side.TENANT or self.desk
        return self.sees and side in transition.sides and there and role


def _fits(visit: Visit) -> bool:
    """A late fact comes before what it precedes: the arrival on site, the end of the visit."""
    since = visit.arrived_at if visit.state == VisitState.ON_SITE else visit.finished_at
    return since is None or clock.now() - AGO < since


def _late(visit: Visit, kind: str) -> str:
    """Of an appointment that was given up a late fact says nothing but itself."""
    return "visit.late_fact" if visit.state in GIVEN_UP else kind


def _if(allowed: bool, *kinds: str) -> Kinds | None:
    return kinds if allowed else None


def issue(scene: Scene) -> Kinds | None:
    kind = "order.issued" if scene.within_limit() else "order.submitted"
    return _if(scene.order_may("issue") and scene.complete, kind)


def approve(scene: Scene) -> Kinds | None:
    other = scene.order.author_id != scene.actor.user_id
    may = scene.order_may("approve") and scene.complete and other and scene.within_limit()
    return _if(may, "order.issued")


def _cancels(scene: Scene) -> bool:
    """No contract of the walk lets its company."""
    return scene.order_may("cancel") and scene.actor.side is Side.LANDLORD


def cancel(scene: Scene) -> Kinds | None:
    before = ("visit.cancelled",) if scene.open else ()
    return _if(
        _cancels(scene) and not scene.under_way and not scene.asked,
        *before,
        "order.cancelled",
        *scene.lifted,
    )


def cancel_after_a_call(scene: Scene) -> Kinds | None:
    before = ("visit.cancelled",) if scene.open else ()
    return _if(_cancels(scene) and not scene.asked, *before, "order.cancelled", *scene.lifted)


def hand_back(scene: Scene) -> Kinds | None:
    after = ("visit.cancelled",) if scene.open else ()
    may = scene.order_may("return_incomplete") and not scene.under_way
    return _if(may, "order.returned", *after)


def read_contact(scene: Scene) -> Kinds | None:
    landlord = scene.actor.side is Side.LANDLORD
    seen = landlord or (scene.actor.side is Side.CONTRACTOR and scene.order.state in SEEN_CONTACT)
    return _if(scene.sees and seen, "order.contact_read")


def edit(scene: Scene) -> Kinds | None:
    landlord = scene.actor.side is Side.LANDLORD and scene.desk
    return _if(scene.sees and landlord and scene.order.state in ("draft", "returned"))


def propose(scene: Scene) -> Kinds | None:
    ready = scene.order.state in ("accepted", "partly_done") and scene.open is None
    contractor = scene.actor.side is Side.CONTRACTOR and scene.desk
    return _if(scene.sees and contractor and ready, "visit.proposed")


def propose_after_a_call(scene: Scene) -> Kinds | None:
    return _if(propose(scene) is not None, "visit.proposed", "visit.confirmed")


def _crew(scene: Scene) -> bool:
    """The contractor's desk, or the technician of one of the order's visits."""
    own = any(visit.technician_id == scene.actor.membership_id for visit in scene.visits)
    return scene.desk or (own and scene.actor.has(Role.TECHNICIAN))


def draft_variation(scene: Scene) -> Kinds | None:
    free = scene.variation is None or scene.variation.state not in ("draft", "asked")
    ready = scene.order.state in ("accepted", "partly_done")
    contractor = scene.actor.side is Side.CONTRACTOR and _crew(scene)
    return _if(scene.sees and contractor and ready and free, "variation.drafted")


def variation_may(name: str, scene: Scene) -> bool:
    """The table, the scope and the role, for the order's last variation."""
    row, side = scene.variation, scene.actor.side
    if row is None or not VARIATION.permits(name=name, state=row.state, side=side):
        return False
    return scene.sees and (scene.desk or (side is Side.CONTRACTOR and _crew(scene)))


def ask_variation(scene: Scene) -> Kinds | None:
    ready = scene.order.state in ("accepted", "partly_done")
    return _if(variation_may("ask", scene) and ready, "variation.asked")


def grant_variation(scene: Scene) -> Kinds | None:
    return _if(variation_may("grant", scene) and scene.within_limit(), "variation.granted")


def withdraw_variation(scene: Scene) -> Kinds | None:
    kind = "variation.withdrawn" if scene.asked else "variation.dropped"
    return _if(variation_may("withdraw", scene), kind)


def _desks(scene: Scene) -> bool:
    return scene.sees and scene.actor.side is not Side.TENANT and scene.desk


def hold(scene: Scene) -> Kinds | None:
    ready = scene.order.state in ("accepted", "partly_done") and not scene.held
    return _if(_desks(scene) and ready, "hold.opened")


OrderRule = Callable[[Scene], Kinds | None]
VisitRule = Callable[[Scene, Visit], Kinds | None]

ORDER_RULES: dict[str, OrderRule] = {
    "issue": issue,
    "approve": approve,
    "send_back": lambda s: _if(s.order_may("send_back"), "order.sent_back"),
    "reissue": lambda s: _if(
        s.order_may("complete_and_reissue") and s.complete and s.within_limit(), "order.issued"
    ),
    "accept": lambda s: _if(s.order_may("accept"), "order.accepted"),
    "return": hand_back,
    "return_without_items": lambda _s: None,
    "decline": lambda s: _if(s.order_may("decline"), "order.declined"),
    "reopen": lambda s: _if(s.order_may("reopen"), "order.reopened"),
    "reopen_late": lambda s: _if(
        s.order_may("reopen") and s.actor.side is Side.LANDLORD, "order.reopened"
    ),
    "reopen_without_reason": lambda s: _if(
        s.order_may("reopen") and s.actor.side is Side.TENANT, "order.reopened"
    ),
    "cancel": cancel,
    "cancel_after_a_call": cancel_after_a_call,
    "read_contact": read_contact,
    "edit": edit,
    "edit_an_old_version": lambda _s: None,
    "propose": propose,
    "propose_after_a_call": propose_after_a_call,
    "propose_in_the_past": lambda _s: None,
    "hold": hold,
    "hold_without_reason": lambda _s: None,
    "postpone_hold": lambda s: _if(_desks(s) and s.held, "hold.postponed"),
    "lift_hold": lambda s: _if(_desks(s) and s.held, "hold.lifted"),
    "draft_variation": draft_variation,
    "ask_variation": ask_variation,
    "grant_variation": grant_variation,
    "grant_variation_in_part": lambda s: _if(
        variation_may("grant_in_part", s) and s.within_limit(), "variation.partly_granted"
    ),
    "reject_variation": lambda s: _if(variation_may("reject", s), "variation.rejected"),
    "withdraw_variation": withdraw_variation,
    "acknowledge_variation": lambda s: _if(
        variation_may("acknowledge", s), "variation.acknowledged"
    ),
}


def _confirm(scene: Scene, visit: Visit) -> Kinds | None:
    tenant_asked = scene.actor.side is not Side.CONTRACTOR
    return _if(scene.visit_may("confirm", visit) and tenant_asked, "visit.confirmed")


def _move(scene: Scene, visit: Visit) -> Kinds | None:
    tenant = scene.actor.side is Side.TENANT
    too_late = tenant and is_past_cut_off(visit, clock.now())
    may = scene.visit_may("move", visit) and not too_late
    return _if(may, "visit.rescheduled", "visit.proposed")


def _assign(scene: Scene, visit: Visit) -> Kinds | None:
    contractor = scene.actor.side is Side.CONTRACTOR and scene.desk
    early = visit.state in (VisitState.PROPOSED, VisitState.CONFIRMED)
    return _if(scene.sees and contractor and early, "visit.assigned")


def _complete(scene: Scene, visit: Visit) -> Kinds | None:
    """What was submitted before the order was reopened ends when the next one is submitted."""
    may = scene.visit_may("complete", visit) and not scene.asked
    certificates = ["certificate.submitted"]
    if scene.order.reopened:
        certificates.append("certificate.expired")
    return _if(may, "visit.done", "order.done", *certificates, *scene.lifted)


def _complete_in_part(scene: Scene, visit: Visit) -> Kinds | None:
    return _if(scene.visit_may("complete_in_part", visit), "visit.done", "order.partly_done")


def _photo(scene: Scene, visit: Visit) -> Kinds | None:
    own = visit.technician_id == scene.actor.membership_id
    contractor = scene.actor.side is Side.CONTRACTOR and (scene.desk or own)
    stood = visit.confirmed_at is not None and visit.state in GIVEN_UP
    given_up = (*GIVEN_UP, VisitState.NO_ACCESS)
    may = stood or visit.state not in given_up
    return _if(scene.sees and contractor and may, "visit.photo_added")


def _answer(scene: Scene, visit: Visit, *, was_here: bool) -> Kinds | None:
    """The tenant's, as long as the order is with the company; the same again tells nobody."""
    tenant = scene.sees and scene.actor.side is Side.TENANT
    ready = scene.order.state in ("accepted", "partly_done")
    may = tenant and ready and visit.state == VisitState.NO_ACCESS
    if may and scene.said.get(visit.pk) is was_here:
        return ()
    return _if(may, "visit.tenant_answered")


VISIT_RULES: dict[str, VisitRule] = {
    "confirm": _confirm,
    "confirm_after_a_call": lambda s, v: _if(s.visit_may("confirm", v), "visit.confirmed"),
    "move": _move,
    "assign": _assign,
    "assign_a_stranger": lambda _s, _v: None,
    "cancel_visit": lambda s, v: _if(s.visit_may("cancel_visit", v), "visit.cancelled"),
    "leave": lambda s, v: _if(s.visit_may("leave", v), "visit.on_the_way"),
    "leave_reported_late": lambda s, v: _if(
        s.visit_may("leave", v, late=True), _late(v, "visit.on_the_way")
    ),
    "arrive": lambda s, v: _if(s.visit_may("arrive", v), "visit.on_site"),
    "arrive_reported_late": lambda s, v: _if(
        s.visit_may("arrive", v, late=True), _late(v, "visit.on_site")
    ),
    "complete": _complete,
    "complete_in_part": _complete_in_part,
    "complete_in_part_without_next_step": lambda _s, _v: None,
    "declare_no_access": lambda s, v: _if(s.visit_may("declare_no_access", v), "visit.no_access"),
    "answer_here": lambda s, v: _answer(s, v, was_here=True),
    "answer_away": lambda s, v: _answer(s, v, was_here=False),
    "declare_no_show_early": lambda _s, _v: None,
    "add_photo": _photo,
}


# The transition behind an act, where it has another name.
_TRANSITIONS = {
    "reissue": "complete_and_reissue",
    "return": "return_incomplete",
    "return_without_items": "return_incomplete",
    "reopen_late": "reopen",
    "reopen_without_reason": "reopen",
    "cancel_after_a_call": "cancel",
    "confirm_after_a_call": "confirm",
    "leave_reported_late": "leave",
    "arrive_reported_late": "arrive",
    "complete_in_part_without_next_step": "complete_in_part",
    "declare_no_show_early": "declare_no_show",
}


def nearly(name: str, scene: Scene, visit: Visit | None) -> bool:
    """Tell whether the table would let the actor's side do it: only a guard can say no."""
    side = scene.actor.side
    transition = _TRANSITIONS.get(name, name)
    if visit is not None:
        known = transition in VISIT.transitions
        return scene.sees and (
            VISIT.permits(name=transition, state=visit.state, side=side)
            if known
            else side is Side.CONTRACTOR and visit.state in OPEN_VISIT
        )
    if transition in ORDER.transitions:
        return scene.sees and ORDER.permits(name=transition, state=scene.order.state, side=side)
    if "hold" in name or name.endswith("_variation") or name == "grant_variation_in_part":
        # Only while there is one, or could be: else every step of a walk would try these.
        return scene.sees and side is not Side.TENANT and scene.order.state in SEEN_CONTACT
    if name.startswith("propose"):
        return scene.sees and side is Side.CONTRACTOR and scene.order.state in SEEN_CONTACT
    return scene.sees
