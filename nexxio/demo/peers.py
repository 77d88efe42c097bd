"""What the demo world's people have learnt of the product, and what companies show to others."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from evaluations import peers, services
from evaluations.models import GivenAnswers
from evaluations.quarters import Quarter
from evaluations.training_cards import cards_for
from nexxio.core import clock
from nexxio.core.actors import Actor, scope_of
from nexxio.core.http import actor_of

if TYPE_CHECKING:
    from nexxio.demo.world import DemoWorld

COMPANIES = ("plomberie-lutece", "electricite-menil", "serrurerie-est", "menuiserie-belleville")
SHOWS = ("electricite-menil", "rivp")
_AXES = 5


def learn(members: Iterable[Any], now: datetime) -> None:
    """Let each member have read the first half of his cards, yesterday."""
    with clock.moved_to(now - timedelta(days=1)):
        for member in members:
            actor = actor_of(member)
            cards = cards_for(actor.side, actor.roles, actor.department)
            with scope_of(actor):
                for card in cards[: len(cards) // 2]:
                    services.understand_card(actor=actor, card=card)


def publish(world: DemoWorld) -> int:
    """Let each company show its newest results, where enough tenants answered; return how many.

    One of the landlord's is called by the others then.
    """
    count = 0
    for slug in COMPANIES:
        company = world.manager(slug)
        with clock.moved_to(world.now - timedelta(days=2)), scope_of(company):
            reference = _publish(company)
        if reference is None:
            continue
        count += 1
        house = next(key for key, org in world.orgs.items() if org.pk == reference.landlord_id)
        manager = world.manager(house)
        with clock.moved_to(world.now - timedelta(days=1)), scope_of(manager):
            services.offer_call(actor=manager, reference_id=reference.pk, phone=world.phone())
    return count


def show(world: DemoWorld) -> None:
    """Let a company show a landlord what it answered in the quarter before the newest one.

    The newest one is left to who comes to the demo: only one of four companies may show it.
    """
    company, landlord = world.manager(SHOWS[0]), world.orgs[SHOWS[1]]
    with clock.moved_to(world.now - timedelta(days=1)), scope_of(company):
        own = GivenAnswers.objects.filter(landlord_id=landlord.pk).order_by("-quarter")
        for given in own[1:2]:
            services.show_answers(actor=company, given_id=given.pk, consents=True)


# --- inside -----------------------------------------------------------------------------------


def _publish(company: Actor) -> Any:
    found = peers.offered(company.own_id)
    if not found:
        return None
    newest = found[0]
    of_it = [
        row
        for row in found
        if (row.landlord_id, row.quarter) == (newest.landlord_id, newest.quarter)
    ]
    quarter, subjects = Quarter(newest.quarter), [row.subject for row in of_it[:_AXES]]
    content = peers.shown(company.own_id, newest.landlord_id, quarter, subjects)
    return services.publish_reference(
        actor=company,
        landlord_id=newest.landlord_id,
        quarter=quarter,
        subjects=subjects,
        sha256=content.sha256,
        consents=True,
    )
