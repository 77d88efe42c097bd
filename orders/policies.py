"""Pure predicates: who may do what to an order or a visit as it stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from decimal import Decimal

from nexxio.core import clock
from nexxio.core.actors import Actor, Role, Side
from nexxio.core.models import Membership
from orders.ball import Holder
from orders.models import CONTACT_LIFE, DocumentState, Order, OrderDocument, Visit
from orders.next_steps import NextStep
from orders.querysets import OPEN_STATES
from orders.states import (
    FINISHED,
    OPEN_VISIT,
    ORDER,
    UNDER_WAY,
    VISIT,
    WAS_TO_COME,
    DeclineReason,
    Nature,
    OrderState,
    VisitState,
)

CONTEST_WINDOW = timedelta(hours=72)
CUT_OFF_AT = time(18)
PRINT_LIFE = timedelta(minutes=10)
"""How long a page waits for a PDF before it offers to ask again."""
DESK = (Role.MANAGER, Role.CLERK)
WITH_CONTRACTOR = (OrderState.ACCEPTED, OrderState.PARTLY_DONE)


def acts(actor: Actor) -> bool:
    """Tell whether the actor does more than read."""
    return actor.side is Side.TENANT or actor.has(*DESK)


def desk(actor: Actor, side: Side) -> bool:
    """Tell whether the actor works at a desk of that side, not on paper."""
    return actor.side is side and actor.has(*DESK) and actor.link_id is None


def manages_contracts(actor: Actor) -> bool:
    """Tell whether the actor writes contracts and price schedules: a landlord's manager."""
    return actor.side is Side.LANDLORD and actor.has(Role.MANAGER)


def within_limit(who: Actor | Membership, total: Decimal) -> bool:
    """Tell whether somebody may commit `total` euros excluding VAT on one order."""
    return who.limit is None or total <= who.limit


def can(name: str, actor: Actor, order: Order) -> bool:
    """Tell whether the table lets the actor's side do `name` now, and his role too."""
    return acts(actor) and ORDER.permits(name=name, state=order.state, side=actor.side)


def can_edit(actor: Actor, order: Order) -> bool:
    """A landlord's desk edits a draft, and an order that was returned."""
    return (
        actor.side is Side.LANDLORD
        and actor.has(*DESK)
        and order.state in (OrderState.DRAFT, OrderState.RETURNED)
    )


def can_approve(
    actor: Actor, order: Order, total: Decimal, stood_for: Iterable[Membership] = ()
) -> bool:
    """The approver's limit covers it, or that of somebody for whom he stands in; never his own."""
    covered = within_limit(actor, total) or approves_for(order, total, stood_for) is not None
    return can("approve", actor, order) and order.author_id != actor.user_id and covered


def approves_for(
    order: Order, total: Decimal, stood_for: Iterable[Membership]
) -> Membership | None:
    """Return in whose place an order may be approved: his limit covers it, it isn't his own."""
    for member in stood_for:
        if within_limit(member, total) and member.user_id != order.author_id:
            return member
    return None


def can_send_back(actor: Actor, order: Order) -> bool:
    """Whoever waits for the approval of his own order has nobody to send it back to."""
    return can("send_back", actor, order) and order.author_id != actor.user_id


def can_reissue(
    actor: Actor, order: Order, total: Decimal, stood_for: Iterable[Membership] = ()
) -> bool:
    """His limit covers it, or that of somebody for whom he stands in.

    A returned order was seen by its contractor and has no approval.
    """
    covered = within_limit(actor, total) or any(within_limit(one, total) for one in stood_for)
    return can("complete_and_reissue", actor, order) and covered


def awaits_reissue(order: Order) -> bool:
    """Tell whether a returned order waits for somebody whose limit covers it."""
    return order.state == OrderState.RETURNED and order.reissue_asked_at is not None


def can_ask_reissue(
    actor: Actor, order: Order, total: Decimal, stood_for: Iterable[Membership] = ()
) -> bool:
    """Whoever can't send a returned order asks a colleague, once."""
    may = can("complete_and_reissue", actor, order) and not awaits_reissue(order)
    return may and not can_reissue(actor, order, total, stood_for)


def can_renew_link(actor: Actor, order: Order) -> bool:
    """The landlord's desk, where a tenant follows by a link."""
    return actor.side is Side.LANDLORD and actor.has(*DESK) and order.reader_case_id is not None


def can_correct_contact(actor: Actor, order: Order) -> bool:
    """The landlord's desk, from issue until the works are over."""
    is_running = order.contractor_id is not None and order.state in OPEN_STATES
    return actor.side is Side.LANDLORD and actor.has(*DESK) and is_running


def can_give_commitment(actor: Actor, order: Order) -> bool:
    """The landlord's desk, once the order has a contractor and isn't given up."""
    has_left = order.contractor_id is not None and order.state != OrderState.CANCELLED
    return actor.side is Side.LANDLORD and actor.has(*DESK) and has_left


def can_attach(actor: Actor, order: Order) -> bool:
    """The landlord's desk, until the works are over or the order is given up."""
    is_open = order.closed_at is None and order.state not in FINISHED
    return actor.side is Side.LANDLORD and actor.has(*DESK) and is_open


def can_order_follow_up(actor: Actor, order: Order) -> bool:
    """The landlord's desk, while works done in part wait for another trade."""
    waits = order.state == OrderState.PARTLY_DONE and order.next_kind == NextStep.OTHER_TRADE
    return desk(actor, Side.LANDLORD) and waits


def can_decide_next_step(actor: Actor, order: Order) -> bool:
    """The landlord's desk, while works done in part wait for its word."""
    waits = order.state == OrderState.PARTLY_DONE and order.next_kind == NextStep.LANDLORD
    return desk(actor, Side.LANDLORD) and waits


def can_return(actor: Actor, order: Order, visit: Visit | None) -> bool:
    """The contractor sends it back while nobody is under way; never what he opened himself.

    visit: the open one.
    """
    opened = order.nature == Nature.ON_CALL
    return can("return_incomplete", actor, order) and not opened and not is_under_way(visit)


def can_cancel(actor: Actor, order: Order) -> bool:
    """As the table says; while somebody is under way the service asks for a call first.

    The company only where its contract says so, and while it has the order.
    """
    if actor.side is Side.CONTRACTOR and not (
        order.contract is not None and order.contract.contractor_cancels and not actor.link_id
    ):
        return False
    return can("cancel", actor, order)


def can_supersede(actor: Actor, order: Order) -> bool:
    """The landlord's desk takes an order that has left away from its company.

    Works done in part stop there: what is done is certified (`stop`).
    """
    takes = can("supersede", actor, order) or can("stop", actor, order)
    return takes and order.contractor_id is not None


def can_correct(actor: Actor, order: Order) -> bool:
    """What its company sent back is corrected for it by another order, unless it lacks capacity.

    One that was returned where its contract or its dwelling is wrong: it keeps both.
    """
    lacks = order.state == OrderState.DECLINED and order.decline_reason == DeclineReason.NO_CAPACITY
    sent_back = order.state in (OrderState.DECLINED, OrderState.RETURNED)
    return can_supersede(actor, order) and sent_back and not lacks


def can_duplicate(actor: Actor) -> bool:
    """The landlord's desk, whatever became of the order."""
    return desk(actor, Side.LANDLORD)


def can_recall(actor: Actor, order: Order) -> bool:
    """Its author takes back what waits for somebody's approval."""
    return can("send_back", actor, order) and order.author_id == actor.user_id


def can_reopen(actor: Actor, order: Order, now: datetime) -> bool:
    """A tenant within 72 hours of done; the landlord later too. Nobody what was stopped."""
    if not can("reopen", actor, order) or order.stopped_for:
        return False
    return actor.side is Side.LANDLORD or is_contestable(order, now)


def can_open_on_call(actor: Actor) -> bool:
    """The contractor's desk and technicians, not on paper."""
    crew = actor.has(*DESK, Role.TECHNICIAN)
    return actor.side is Side.CONTRACTOR and crew and actor.link_id is None


def can_hold(actor: Actor, order: Order, *, held: bool) -> bool:
    """The desks of both sides, while the contractor has the order and it doesn't wait already."""
    desk = actor.side is not Side.TENANT and actor.has(*DESK) and actor.link_id is None
    return desk and not held and order.state in WITH_CONTRACTOR


def may_chase(actor: Actor, order: Order) -> bool:
    """The desk of either side, while it is the other one's turn."""
    other = {Side.LANDLORD: Holder.CONTRACTOR, Side.CONTRACTOR: Holder.LANDLORD}.get(actor.side)
    desk = actor.has(*DESK) and actor.link_id is None
    return desk and order.contractor_id is not None and order.holder == other


def is_silent(order: Order) -> bool:
    """Tell whether nothing has moved on an order for longer than its state allows."""
    return order.silent_at is not None and order.silent_at <= clock.now()


def was_chased_today(order: Order) -> bool:
    """Tell whether whoever has the order was chased today, by hand or by the clock."""
    at = order.chased_at
    return at is not None and clock.day_of(at) == clock.today()


def can_chase(actor: Actor, order: Order) -> bool:
    """Once a day, while the other party has a silent order."""
    return may_chase(actor, order) and is_silent(order) and not was_chased_today(order)


def is_contestable(order: Order, now: datetime) -> bool:
    """Tell whether the tenant's 72 hours run."""
    if order.done_at is None or order.closed_at is not None or order.stopped_for:
        return False
    return now - order.done_at <= CONTEST_WINDOW


def can_propose_visit(actor: Actor, order: Order, visit: Visit | None) -> bool:
    """The contractor's desk, on an order it has, with no other appointment open."""
    return (
        actor.side is Side.CONTRACTOR
        and actor.has(*DESK)
        and order.state in (OrderState.ACCEPTED, OrderState.PARTLY_DONE)
        and visit is None
    )


def can_go_now(actor: Actor, order: Order, visit: Visit | None, now: datetime) -> bool:
    """Pressing works: the desk sends somebody at once, a technician leaves for his own visit.

    visit: the open one. A window that has begun is left for as any other.
    """
    if actor.side is not Side.CONTRACTOR or actor.link_id is not None or not order.is_pressing:
        return False
    if order.state not in WITH_CONTRACTOR:
        return False
    if visit is None:
        return actor.has(*DESK)
    begun = visit.state == VisitState.CONFIRMED and visit.window_start <= now
    return can_visit("move", actor, visit) and not begun


def can_visit(name: str, actor: Actor, visit: Visit) -> bool:
    """Tell whether the table lets the actor do `name` to a visit now.

    A technician acts on his own visits only; a desk on all of its organisation.
    """
    if not VISIT.permits(name=name, state=visit.state, side=actor.side):
        return False
    if actor.side is Side.CONTRACTOR and not actor.has(*DESK):
        return visit.technician_id == actor.membership_id
    return actor.side is Side.TENANT or actor.has(*DESK)


def can_confirm(actor: Actor, visit: Visit, now: datetime) -> bool:
    """As the table says, as long as the window isn't over."""
    return can_visit("confirm", actor, visit) and visit.window_end > now


def enters_for(actor: Actor, visit: Visit) -> bool:
    """Tell whether the contractor's desk would enter what somebody else did on site."""
    own = actor.has(Role.TECHNICIAN) and visit.technician_id == actor.membership_id
    return is_contractors_desk(actor) and not own


def can_enter(actor: Actor, visit: Visit) -> bool:
    """The contractor's desk marks a visit that stands, until it has ended."""
    marks = visit.state == VisitState.CONFIRMED or is_under_way(visit)
    return is_contractors_desk(actor) and actor.link_id is None and marks


def can_assign(actor: Actor, visit: Visit) -> bool:
    """The contractor's desk chooses the technician until he is on site."""
    return (
        actor.side is Side.CONTRACTOR
        and actor.has(*DESK)
        and visit.state in (VisitState.PROPOSED, VisitState.CONFIRMED)
    )


def is_contractors_desk(actor: Actor) -> bool:
    """Tell whether the actor plans for the contractor."""
    return actor.side is Side.CONTRACTOR and actor.has(*DESK)


def can_withdraw_slot(actor: Actor, visit: Visit) -> bool:
    """The contractor's desk takes a window back while nobody has picked one."""
    return is_contractors_desk(actor) and visit.state == VisitState.PROPOSED


def cut_off_before(start: datetime) -> datetime:
    """Return until when a tenant may leave or take a window: its eve, 18 h, where he lives."""
    eve = clock.day_of(start) - timedelta(days=1)
    return datetime.combine(eve, CUT_OFF_AT, clock.zone_at(start))


def is_past_cut_off(visit: Visit, now: datetime) -> bool:
    """Tell whether a confirmed visit is too near to be moved by its tenant."""
    return visit.state == VisitState.CONFIRMED and now >= cut_off_before(visit.window_start)


def can_switch(actor: Actor, visit: Visit, now: datetime) -> bool:
    """The tenant of a confirmed visit takes another of its windows, until the cut-off."""
    return (
        actor.side is Side.TENANT
        and visit.state == VisitState.CONFIRMED
        and not is_past_cut_off(visit, now)
        and can_visit("move", actor, visit)
    )


def can_take_window(actor: Actor, visit: Visit, now: datetime) -> bool:
    """The tenant takes a free window instead of what is proposed, or stands until the cut-off."""
    return (
        actor.side is Side.TENANT
        and not is_past_cut_off(visit, now)
        and can_visit("move", actor, visit)
    )


def can_narrow(actor: Actor, visit: Visit, now: datetime) -> bool:
    """The contractor's desk and the visit's technician, on the day, until he is on site."""
    own = acts(actor) or visit.technician_id == actor.membership_id
    near = visit.state in (VisitState.CONFIRMED, VisitState.ON_THE_WAY)
    start = visit.window_start
    today = clock.day_of(start) == clock.day_of(now, clock.zone_at(start))
    return actor.side is Side.CONTRACTOR and own and near and today


def can_miss(actor: Actor, visit: Visit, now: datetime) -> bool:
    """The tenant and the landlord's desk say that nobody came, once the window is over."""
    end = max(filter(None, (visit.window_end, visit.arrival_end)))
    return can_visit("declare_no_show", actor, visit) and now > end


def attempts_of(visits: Iterable[Visit]) -> list[Visit]:
    """Return an order's visits that found nobody, since works were last done: the oldest first."""
    found: list[Visit] = []
    for visit in sorted(visits, key=lambda each: each.number):
        if visit.state in (VisitState.DONE, VisitState.PARTLY_DONE):
            found = []
        elif visit.state == VisitState.NO_ACCESS:
            found.append(visit)
    return found


def is_open(visit: Visit) -> bool:
    """Tell whether the visit is still to come or under way."""
    return visit.state in OPEN_VISIT


def adds_photos(actor: Actor, visit: Visit) -> bool:
    """The contractor's desk, and the technician of the visit."""
    own = acts(actor) or visit.technician_id == actor.membership_id
    return actor.side is Side.CONTRACTOR and own


def adds_after(actor: Actor, order: Order, visit: Visit) -> bool:
    """Whoever adds photos, on a visit that is over of an order that isn't closed."""
    is_over = takes_photos(visit) and not is_open(visit)
    return adds_photos(actor, visit) and is_over and order.closed_at is None


def adds_pieces(actor: Actor, order: Order) -> bool:
    """The contractor's desk and its technicians, on an order that it has or has done.

    Which orders a technician reaches, the order's door says; a printed paper, its own only.
    """
    is_own = actor.link_id is None or actor.order_id == order.pk
    crew = actor.has(*DESK, Role.TECHNICIAN) and is_own
    has_it = order.state in WITH_CONTRACTOR or order.state in FINISHED
    return actor.side is Side.CONTRACTOR and crew and has_it


def withdraws_pieces(actor: Actor, order: Order) -> bool:
    """Whoever adds them, until the order is certified or closed: then they have served."""
    served = order.closed_at is not None or (
        order.state in FINISHED and order.state != OrderState.DONE
    )
    return adds_pieces(actor, order) and not served


def can_answer_sheet(actor: Actor, order: Order) -> bool:
    """The landlord's desk, on works by the hour that aren't certified yet."""
    before = order.state in (*WITH_CONTRACTOR, OrderState.DONE) and order.closed_at is None
    return desk(actor, Side.LANDLORD) and order.nature == Nature.BY_THE_HOUR and before


def takes_photos(visit: Visit) -> bool:
    """A visit that is to come, under way or done; not one that was given up or missed."""
    return is_open(visit) or visit.state in (VisitState.DONE, VisitState.PARTLY_DONE)


def takes_late_photos(visit: Visit) -> bool:
    """One that stood and was given up or missed while a phone had no network, or that says so."""
    stood = visit.confirmed_at is not None and visit.state in WAS_TO_COME
    return stood or visit.late_at is not None


def is_under_way(visit: Visit | None) -> bool:
    """Tell whether somebody is on the way or on site."""
    return visit is not None and visit.state in UNDER_WAY


def sees_contact(actor: Actor, order: Order) -> bool:
    """The contractor reads phone and access from acceptance until 90 days after the works.

    The landlord always does. The same as the policy of OrderContact.
    """
    if actor.side is not Side.CONTRACTOR:
        return actor.side is Side.LANDLORD
    return contact_is_open(order)


def contact_is_open(order: Order) -> bool:
    """Tell whether the order is in a state in which its contractor reads the contact in clear."""
    if order.state in FINISHED:
        return order.done_at is not None and order.done_at > clock.now() - CONTACT_LIFE
    return order.state in (OrderState.ACCEPTED, OrderState.PARTLY_DONE)


def works_with_contact(actor: Actor, visit: Visit) -> bool:
    """The technician of an open visit has the contact at hand; others ask, and are logged."""
    return (
        actor.side is Side.CONTRACTOR
        and visit.technician_id is not None
        and visit.technician_id == actor.membership_id
        and is_open(visit)
        and sees_contact(actor, visit.order)
    )


def prints(actor: Actor, order: Order) -> bool:
    """The desks of both sides, from the day on which the contractor has the order."""
    return actor.has(*DESK) and order.contractor_id is not None and actor.link_id is None


def fetches(actor: Actor) -> bool:
    """All of the landlord's people, and the contractor's desk: in clear it is a logged look."""
    return actor.side is Side.LANDLORD or (actor.has(*DESK) and actor.link_id is None)


def rules_paper(actor: Actor, order: Order) -> bool:
    """The landlord's desk decides whether a printed order's code opens anything."""
    return (
        actor.side is Side.LANDLORD
        and actor.has(*DESK)
        and order.contractor_id is not None
        and order.closed_at is None
    )


def has_just_left(order: Order) -> bool:
    """Tell whether the order left so lately that its first print may not be opened yet.

    What was opened on call is printed once its landlord has regularised it.
    """
    if order.nature == Nature.ON_CALL:
        return False
    return order.issued_at is not None and order.issued_at > clock.now() - PRINT_LIFE


def is_printing(document: OrderDocument | None) -> bool:
    """Tell whether a worker still makes the document; past ten minutes nobody does any more."""
    return (
        document is not None
        and document.state == DocumentState.PREPARING
        and document.created_at > clock.now() - PRINT_LIFE
    )
