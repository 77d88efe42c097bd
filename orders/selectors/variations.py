"""Variations and regularisations on the order page, and the page of one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from orders import policies, variation_policies
from orders.models import Order, OrderBudget, Variation, VariationLine, VariationTerms, Visit
from orders.selectors.certificates import department_label
from orders.selectors.status import Status
from orders.services.variations import obstacle
from orders.variation_states import (
    MACHINES,
    REASONS,
    REFUSALS,
    WORDS,
    VariationKind,
    VariationState,
    Words,
)

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
    """A request as a line of its order: both numbers and both reasons.

    owner: the service of the landlord that ordered, and answers; "" when none is known.
    """

    variation: Variation
    terms: VariationTerms | None
    status: Status
    reason: str
    answer: str
    owner: str

    @property
    def words(self) -> Words:
        """What pages say of its kind."""
        return WORDS[self.variation.kind]

    @property
    def title(self) -> str:
        """Its kind and number."""
        return str(self.words.numbered) % {"n": self.variation.number}

    @property
    def is_regularisation(self) -> bool:
        """Tell whether its works are done already."""
        return self.variation.kind == VariationKind.REGULARISATION

    @property
    def is_for(self) -> str:
        """Return the side that answers."""
        return "contractor" if self.variation.asked_by == "landlord" else "landlord"

    @property
    def is_reduction(self) -> bool:
        """Tell whether it takes works off the order."""
        return self.variation.kind == VariationKind.REDUCTION

    @property
    def is_late(self) -> bool:
        """Tell whether the landlord's delay is over."""
        due = self.variation.answer_due_at
        return (
            self.variation.state == VariationState.ASKED and due is not None and due < clock.now()
        )


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
    return [_card(variation, order, actor.side) for variation in found if variation not in dropped]


def open_reduction_of(cards: list[VariationCard]) -> Variation | None:
    """Return the proposal of less that waits, of an order's variations."""
    found = (card.variation for card in cards if card.is_reduction)
    return next((row for row in found if row.state == VariationState.ASKED), None)


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
    more = can["grant"] and terms.asked > 0
    refusal = obstacle(actor, order, terms.asked) if more else None
    waiting = terms.granted is None
    return VariationPage(
        card=_card(variation, order, actor.side),
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


def current_variation(order: Order, kind: str = VariationKind.VARIATION) -> Variation | None:
    """Return the order's request of a kind that is a draft or waits for its answer."""
    own = {"landlord_id": order.landlord_id, "order_id": order.pk, "kind": kind}
    return Variation.objects.filter(**own, state__in=variation_policies.OPEN).first()


def can_draft(
    actor: Actor,
    order: Order,
    kind: str = VariationKind.VARIATION,
    cards: list[VariationCard] | None = None,
) -> bool:
    """Tell whether the actor may ask for works beyond the order now, in one of both ways.

    cards: the order's, where they are loaded.
    """
    if actor.side is not Side.CONTRACTOR or order.state not in variation_policies.ASKED_IN[kind]:
        return False
    visits = policies.acts(actor) or has_visit(actor, order)
    current = current_variation(order, kind) if cards is None else _open_of(cards, kind)
    return variation_policies.can_draft(actor, order, current, kind, visits=visits)


def _open_of(cards: list[VariationCard], kind: str) -> Variation | None:
    found = (card.variation for card in cards if card.variation.kind == kind)
    return next((row for row in found if row.state in variation_policies.OPEN), None)


def _card(variation: Variation, order: Order, side: Side) -> VariationCard:
    terms = getattr(variation, "terms", None)
    state = _shown_state(variation, terms)
    code = terms.answer_reason if terms else ""
    tone, icon = _LOOK[state]
    return VariationCard(
        variation=variation,
        terms=terms,
        status=Status(
            code=state, label=MACHINES[variation.kind].label(state, side), tone=tone, icon=icon
        ),
        reason=str(REASONS[variation.kind](variation.reason).label),
        answer=str(REFUSALS[variation.kind](code).label) if code else "",
        owner=department_label(order.department),
    )


def _shown_state(variation: Variation, terms: VariationTerms | None) -> str:
    """Return the state; of an answer that was read, what the answer was."""
    if variation.state != VariationState.ACKNOWLEDGED:
        return variation.state
    if terms is None or not terms.granted:
        return VariationState.REJECTED if terms else VariationState.GRANTED
    whole = terms.granted == terms.asked
    return VariationState.GRANTED if whole else VariationState.PARTLY_GRANTED
