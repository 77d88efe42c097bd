"""Pure predicates: who may give, answer to and contest an evaluation."""

from __future__ import annotations

from datetime import datetime, timedelta

from evaluations.axes import Direction
from evaluations.models import (
    BonusStatement,
    Campaign,
    Evaluation,
    ImpactNote,
    PeerContact,
    PeerReference,
    Thanks,
)
from evaluations.quarters import REPLY_DAYS
from evaluations.states import EVALUATION, EvaluationState
from nexxio.core.actors import Actor, Role, Side
from orders import policies as order_policies
from orders.models import Order

THANKS_DAYS = 60
"""For so long after the works somebody may still say thank you."""
THANKS_MINUTES = 5
"""For so long it may be taken back; then it is told."""
_OF_SIDE = {
    Side.LANDLORD: Direction.LANDLORD_CONTRACTOR,
    Side.CONTRACTOR: Direction.CONTRACTOR_LANDLORD,
    Side.TENANT: Direction.TENANT_REPAIR,
}


def reads(actor: Actor) -> bool:
    """Tell whether the actor reads evaluations: no technician, nobody on paper."""
    if actor.side is Side.CONTRACTOR:
        return actor.link_id is None and actor.roles != {Role.TECHNICIAN}
    return actor.side is Side.LANDLORD


def desk(actor: Actor) -> bool:
    """Tell whether the actor gives evaluations: a manager or a clerk of one of the two houses."""
    return any(order_policies.desk(actor, side) for side in (Side.LANDLORD, Side.CONTRACTOR))


def direction_of(actor: Actor) -> Direction:
    """Return whom the actor's side evaluates."""
    return _OF_SIDE[actor.side]


def gives(actor: Actor, evaluation: Evaluation) -> bool:
    """Tell whether it is the actor's to give: his side's, and he a party to the order."""
    if evaluation.direction != _OF_SIDE.get(actor.side):
        return False
    if actor.side is Side.TENANT:
        return actor.case_id is not None and actor.case_id == evaluation.reader_case_id
    return desk(actor)


def is_open(evaluation: Evaluation, now: datetime) -> bool:
    """Tell whether it waits for an answer and its 14 days aren't over."""
    return evaluation.state == EvaluationState.INVITED and now < evaluation.closes_at


def is_running(campaign: Campaign, now: datetime) -> bool:
    """Tell whether a campaign takes answers."""
    return campaign.closed_at is None and now < campaign.closes_at


def reply_until(evaluation: Evaluation) -> datetime | None:
    """Return until when whoever was evaluated may reply or contest; None before it is seen.

    What the platform let stand may still be replied to, for as long after its decision.
    """
    since = evaluation.revealed_at
    if evaluation.state == EvaluationState.KEPT:
        since = evaluation.decided_at
    return since and since + timedelta(days=REPLY_DAYS)


def has_reacted(name: str, evaluation: Evaluation) -> bool:
    """Tell whether the company has made its one `reply`, or its one `contest`, already."""
    done_at = evaluation.replied_at if name == "reply" else evaluation.contested_at
    return done_at is not None


def may_react(name: str, actor: Actor, evaluation: Evaluation, now: datetime) -> bool:
    """Tell whether the company's desk may `reply` or `contest` now."""
    until = reply_until(evaluation)
    return (
        actor.side is Side.CONTRACTOR
        and desk(actor)
        and evaluation.is_shared
        and until is not None
        and now < until
        and not has_reacted(name, evaluation)
        and EVALUATION.permits(name=name, state=evaluation.state, side=actor.side)
    )


def shows_reveal(actor: Actor, evaluation: Evaluation, now: datetime) -> bool:
    """Tell whether the actor's pages may say that it is visible.

    A landlord isn't told before the 14 days are over: earlier it would tell that the company has
    answered too.
    """
    if not evaluation.is_shared:
        return False
    hides = actor.side is Side.LANDLORD and evaluation.direction == Direction.LANDLORD_CONTRACTOR
    return not hides or now >= evaluation.closes_at


def proposes_bonus(actor: Actor) -> bool:
    """Tell whether the actor prepares and signs bonus rules: whoever writes contracts."""
    return order_policies.manages_contracts(actor)


def answers_bonus(actor: Actor) -> bool:
    """Tell whether the actor signs bonus rules for the company: its managers, never on paper."""
    return order_policies.desk(actor, Side.CONTRACTOR) and actor.has(Role.MANAGER)


def may_contest(actor: Actor, statement: BonusStatement, now: datetime) -> bool:
    """Tell whether the company's desk may contest lines of a statement now."""
    is_open = statement.closed_at is None and now < statement.contest_until
    return is_open and order_policies.desk(actor, Side.CONTRACTOR)


def answers_contests(actor: Actor) -> bool:
    """Tell whether the actor answers to what a company contests."""
    return order_policies.desk(actor, Side.LANDLORD)


def may_close(actor: Actor, statement: BonusStatement, now: datetime) -> bool:
    """Tell whether the actor may close a statement: the landlord never while it is contestable."""
    if statement.closed_at is not None:
        return False
    if answers_bonus(actor):
        return True
    return proposes_bonus(actor) and now >= statement.contest_until


def may_note_document(actor: Actor, statement: BonusStatement) -> bool:
    """Tell whether there is a sum to settle, and the actor at the company's desk."""
    is_due = statement.closed_at is not None and statement.total != 0
    return is_due and order_policies.desk(actor, Side.CONTRACTOR)


def may_thank(actor: Actor, order: Order, now: datetime) -> bool:
    """Tell whether the actor may say thank you: a tenant of the case, or one of the two desks."""
    if order.done_at is None or order.contractor_id is None:
        return False
    if now > order.done_at + timedelta(days=THANKS_DAYS):
        return False
    if actor.side is Side.TENANT:
        return actor.case_id is not None and actor.case_id == order.reader_case_id
    return desk(actor)


def thanks_until(thanks: Thanks) -> datetime:
    """Return until when a thank-you may be taken back."""
    return thanks.given_at + timedelta(minutes=THANKS_MINUTES)


def is_member(actor: Actor) -> bool:
    """Tell whether the actor is a member of a house, technicians too; nobody on paper or visit."""
    inside = actor.side in (Side.LANDLORD, Side.CONTRACTOR) and actor.link_id is None
    return inside and actor.user_id is not None and actor.entry_id is None


def reads_staff(actor: Actor) -> bool:
    """Tell whether the actor reads what the house's members say of it: its direction."""
    return is_member(actor) and actor.has(Role.MANAGER)


def writes_questions(actor: Actor) -> bool:
    """Tell whether the actor writes the landlord's own questions: its managers."""
    return order_policies.desk(actor, Side.LANDLORD) and actor.has(Role.MANAGER)


def plans_rollouts(actor: Actor) -> bool:
    """Tell whether the actor decides when a perimeter goes live: whoever writes contracts."""
    return order_policies.manages_contracts(actor)


def keeps_diary(actor: Actor) -> bool:
    """Tell whether the actor notes what else changed: the landlord's desk."""
    return order_policies.desk(actor, Side.LANDLORD)


def may_withdraw_note(actor: Actor, note: ImpactNote) -> bool:
    """Tell whether the actor may take a note back: its author, or whoever decides roll-outs."""
    is_own = actor.user_id is not None and note.author_id == actor.user_id
    return keeps_diary(actor) and (is_own or plans_rollouts(actor))


def steers(actor: Actor) -> bool:
    """Tell whether the actor lists needs, runs pilots, imports surveys: its managers."""
    return order_policies.desk(actor, Side.LANDLORD) and actor.has(Role.MANAGER)


def publishes_references(actor: Actor) -> bool:
    """Tell whether the actor publishes his company's results: its managers."""
    return order_policies.desk(actor, Side.CONTRACTOR) and actor.has(Role.MANAGER)


def shows_answers(actor: Actor) -> bool:
    """Tell whether the actor reads and shows what his company gave: its managers."""
    return order_policies.desk(actor, Side.CONTRACTOR) and actor.has(Role.MANAGER)


def answers_peers(actor: Actor, reference: PeerReference) -> bool:
    """Tell whether the actor may offer himself to be called: a desk of the landlord concerned."""
    return (
        is_member(actor)
        and order_policies.desk(actor, Side.LANDLORD)
        and reference.landlord_id == actor.organisation_id
    )


def ends_call(actor: Actor, contact: PeerContact) -> bool:
    """Tell whether the actor may withdraw who is called: himself, or his house's manager."""
    if not is_member(actor) or contact.landlord_id != actor.organisation_id:
        return False
    return contact.user_id == actor.user_id or actor.has(Role.MANAGER)


def signs_reviews(actor: Actor) -> bool:
    """Tell whether the actor closes and signs minutes: a manager of one of the two desks."""
    return desk(actor) and actor.has(Role.MANAGER)
