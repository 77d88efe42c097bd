"""Cards at the moment of need: the one for a page, those of one's role, how far all have come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from contractors.models import IN_CIRCUIT, Block
from contractors.selectors.blocks import department_label
from evaluations import policies
from evaluations.models import CardReading, TrainingTally
from evaluations.small_services import TOGETHER
from evaluations.training_cards import CARDS, Card, Needs, cards_at, cards_for, is_read
from nexxio.core.actors import Actor
from nexxio.core.models import Organisation
from nexxio.core.templatetags.ui import percent
from orders.models import Order, Variation, Visit
from orders.states import OrderState, VisitState
from orders.variation_states import VariationKind, VariationState


@dataclass(frozen=True)
class CardRow:
    """A card of the reader's role, and whether he has read it."""

    card: Card
    is_read: bool


@dataclass(frozen=True)
class Progress:
    """How far a service or a house has come. share: of the cards of all its persons, in words."""

    name: str
    persons: int
    done: int
    wanted: int
    share: str


@dataclass(frozen=True)
class Training:
    """Progress as of a day: of the own services, and of companies. on: None at first."""

    own: list[Progress]
    companies: list[Progress]
    on: date | None


def card_for(actor: Actor, place: str, pk: UUID | None) -> Card | None:
    """Return the card to be shown on a page; None for most pages, at no cost.

    place: the view's name, with its act after "#". pk: the row of the page. Two queries at most.
    """
    if not policies.is_member(actor):
        return None
    mine = cards_for(actor.side, actor.roles, actor.department)
    here = list(cards_at(place, mine))
    if not here:
        return None
    # A card that is alone on its page: most orders aren't returned, so that is asked first.
    is_alone = len(here) == 1
    if is_alone and not _is_needed(here[0], pk):
        return None
    read = _read(actor, here)
    left = (card for card in here if card.code not in read)
    return next((card for card in left if is_alone or _is_needed(card, pk)), None)


def card_rows(actor: Actor) -> list[CardRow]:
    """Return the cards of the reader's role, in the order of a first day. One query."""
    cards = cards_for(actor.side, actor.roles, actor.department)
    read = _read(actor, cards) if policies.is_member(actor) else set()
    return [CardRow(card, card.code in read) for card in cards]


def card_of(actor: Actor, code: str) -> Card | None:
    """Return a card of the reader's role; None for another one."""
    cards = cards_for(actor.side, actor.roles, actor.department)
    return next((card for card in cards if card.code == code), None)


def training(actor: Actor) -> Training:
    """Return what the clock counted of the reader's house, and of its companies. Two queries."""
    rows = list(TrainingTally.objects.order_by("department"))
    own = [row for row in rows if row.organisation_id == actor.own_id]
    others = [row for row in rows if row.organisation_id != actor.own_id]
    houses = Organisation.objects.filter(pk__in={row.organisation_id for row in others})
    names = dict(houses.values_list("pk", "name")) if others else {}
    companies = [_progress(row, names.get(row.organisation_id, "")) for row in others]
    return Training(
        own=[_progress(row, _service(row.department)) for row in own],
        companies=sorted(companies, key=lambda one: one.name),
        on=max((row.on for row in rows), default=None),
    )


# --- inside -----------------------------------------------------------------------------------


def _read(actor: Actor, cards: list[Card]) -> set[str]:
    assert actor.user_id is not None
    rows = CardReading.objects.filter(
        user_id=actor.user_id,
        organisation_id=actor.own_id,
        code__in=[card.code for card in cards],
    )
    versions = {card.code: card.version for card in CARDS}
    return {
        row.code
        for row in rows
        if versions.get(row.code) == row.version
        and is_read(row.days, understood=row.understood_at is not None)
    }


_NEEDED: dict[Needs, Callable[[UUID], bool]] = {
    Needs.ORDER_RETURNED: lambda pk: _is_there(Order, pk, OrderState.RETURNED),
    Needs.ORDER_ISSUED: lambda pk: _is_there(Order, pk, OrderState.ISSUED),
    # Nobody waits on site for the answer to works that are done.
    Needs.VARIATION_ASKED: lambda pk: Variation.objects.filter(
        pk=pk, state=VariationState.ASKED, kind=VariationKind.VARIATION
    ).exists(),
    Needs.VISIT_ON_SITE: lambda pk: _is_there(Visit, pk, VisitState.ON_SITE),
    Needs.INVOICE_BLOCKED: lambda pk: Block.objects.filter(
        ~IN_CIRCUIT, invoice_id=pk, closed_at__isnull=True
    ).exists(),
}


def _is_needed(card: Card, pk: UUID | None) -> bool:
    if card.needs is Needs.NOTHING:
        return True
    return pk is not None and _NEEDED[card.needs](pk)


def _is_there(model: Any, pk: UUID, state: str) -> bool:
    return bool(model.objects.filter(pk=pk, state=state).exists())


def _progress(row: TrainingTally, name: str) -> Progress:
    share = percent(Decimal(100 * row.done) / row.wanted) if row.wanted else ""
    return Progress(name, row.persons, row.done, row.wanted, share)


def _service(code: str) -> str:
    if code == TOGETHER:
        return _("Services réunis (moins de trois personnes chacun)")
    return department_label(code) if code else _("Notre entreprise")
