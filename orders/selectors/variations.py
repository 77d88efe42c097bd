"""Variations on the order page, and the page of one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from nexxio.core.actors import Actor, Side
from orders import policies, variation_policies
from orders.models import Order, OrderBudget, Variation, VariationLine, VariationTerms, Visit
from orders.selectors.status import Status
from orders.services.variations import obstacle
from orders.variation_states import VARIATION, RejectReason, VariationReason, VariationState

_LOOK: dict[str, tuple[str, str]] = {
    VariationState.DRAFT: ("neutral", "pencil"),
    VariationState.ASKED: ("warning", "hourglass"),
    VariationState.GRANTED: ("success", "circle-check"),
    VariationState.PARTLY_GRANTED: ("warning", "progress-check"),
    VariationState.REJECTED: ("danger", "circle-x"),
    VariationState.WITHDRAWN: ("neutral", "arrow-back-up"),
}


@dataclass(frozen=True)
class VariationCard:
    """A variation as a line of its order: both numbers and both reasons."""

    variation: Variation
    terms: VariationTerms | None
    status: Status
    reason: str
    answer: str


@dataclass(frozen=True)
class VariationPage:
    """The page of a variation. obstacle: why the reader can't grant all of it; "" if he can."""

    card: VariationCard
    order: Order
    lines: list[VariationLine]
    amount: Decimal
    after: Decimal
    can: dict[str, bool]
    obstacle: str


def variation_cards(actor: Actor, order: Order) -> list[VariationCard]:
    """Return the order's variations that the actor may read, in the order of asking."""
    found = (
        Variation.objects.filter(landlord_id=order.landlord_id, order_id=order.pk)
        .select_related("terms")
        .order_by("number")
    )
    dropped = [v for v in found if v.state == VariationState.WITHDRAWN and v.asked_at is None]
    return [_card(variation, actor.side) for variation in found if variation not in dropped]


def variation_page(actor: Actor, variation: Variation) -> VariationPage:
    """Return the page of a variation. variation: from its door."""
    order = variation.order
    terms: VariationTerms = variation.terms
    visits = has_visit(actor, order)
    can = {
        name: variation_policies.can_do(name, actor, variation, visits=visits)
        for name in ("ask", "grant", "reject", "withdraw", "acknowledge")
    }
    amount = OrderBudget.objects.get(order_id=order.pk).total_without_vat
    granted = terms.granted or Decimal(0)
    refusal = obstacle(actor, order, terms.asked) if can["grant"] else None
    waiting = terms.granted is None
    return VariationPage(
        card=_card(variation, actor.side),
        order=order,
        lines=list(variation.lines.order_by("rank")),
        amount=amount if waiting else amount - granted,
        after=amount + terms.asked if waiting else amount,
        can=can,
        obstacle=refusal.message if refusal else "",
    )


def has_visit(actor: Actor, order: Order) -> bool:
    """Tell whether the actor is the technician of one of the order's visits."""
    if actor.membership_id is None:
        return False
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    return Visit.objects.filter(**own, technician_id=actor.membership_id).exists()


def current_variation(order: Order) -> Variation | None:
    """Return the order's variation that is a draft or waits for its answer."""
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    return Variation.objects.filter(**own, state__in=variation_policies.OPEN).first()


def can_draft(actor: Actor, order: Order) -> bool:
    """Tell whether the actor may ask for extra works on the order now."""
    if actor.side is not Side.CONTRACTOR:
        return False
    visits = policies.acts(actor) or has_visit(actor, order)
    return variation_policies.can_draft(actor, order, current_variation(order), visits=visits)


def _card(variation: Variation, side: Side) -> VariationCard:
    terms = getattr(variation, "terms", None)
    state = _shown_state(variation, terms)
    code = terms.answer_reason if terms else ""
    tone, icon = _LOOK[state]
    return VariationCard(
        variation=variation,
        terms=terms,
        status=Status(code=state, label=VARIATION.label(state, side), tone=tone, icon=icon),
        reason=str(VariationReason(variation.reason).label),
        answer=str(RejectReason(code).label) if code else "",
    )


def _shown_state(variation: Variation, terms: VariationTerms | None) -> str:
    """Return the state; of an answer that was read, what the answer was."""
    if variation.state != VariationState.ACKNOWLEDGED:
        return variation.state
    if terms is None or not terms.granted:
        return VariationState.REJECTED if terms else VariationState.GRANTED
    whole = terms.granted == terms.asked
    return VariationState.GRANTED if whole else VariationState.PARTLY_GRANTED
