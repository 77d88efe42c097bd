"""How the tests of evaluations come to where they are."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.urls import reverse

from evaluations import tasks
from evaluations.models import Evaluation
from nexxio.core import clock, links, relay
from nexxio.core.scoping import system_scope
from orders.models import Order
from tests.factories.certified import finished
from tests.factories.world import Party


def done(party: Party) -> Order:
    """Do the works of the party's order, and deliver what happened."""
    finished(party)
    deliver()
    with system_scope("tests: order"):
        return Order.objects.get(pk=party.order.pk)


def deliver() -> None:
    """Deliver what happened, and what happened because of it."""
    relay.deliver_one_by_one()
    relay.deliver_one_by_one()


def evaluation_of(direction, **of) -> Evaluation:
    """Return the one evaluation of a direction."""
    with system_scope("tests: evaluations"):
        return Evaluation.objects.get(direction=direction, **of)


def later(days: float):
    """Move the clock of services so many days ahead."""
    return clock.moved_to(clock.now() + timedelta(days=days))


def run_clock() -> int:
    """Let the clock do what is due now, and deliver what happened."""
    ran = tasks.run_due()
    deliver()
    return ran


def client_of(party: Party, who: str) -> Client:
    client = Client()
    client.force_login(getattr(party, who).user)
    return client


def opinion_url(party: Party) -> str:
    return reverse("evaluations:opinion", args=[links.token_of(party.link.pk)])


def page(party: Party, side: str, name: str, *args) -> str:
    house = party.landlord if side == "landlord" else party.contractor
    return reverse(f"evaluations:{side}_{name}", args=[house.slug, *args])
