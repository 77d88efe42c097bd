"""An order that leaves locks those before it ahead of its contract: nobody waits in a circle."""

from __future__ import annotations

import pytest

from nexxio.core.actors import scope_of
from nexxio.core.scoping import system_scope
from orders import services
from orders.services.moves import lock_contract, lock_order
from tests.factories.full import act, visited
from tests.factories.world import build_world
from tests.races import collide

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def party(transactional_db, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    with system_scope("tests: world"):
        return build_world().first


def test_what_follows_leaves_while_the_former_order_draws_on_their_contract(party):
    visit = visited(party, state="confirmed")
    step = {"in_part": True, "next_step": "Enduit", "next_kind": "other_trade"}
    act(party, "technician", services.complete_visit, visit_id=visit.pk, **step)
    own = {"former_id": party.order.pk, "data": party.order_input()}
    made = act(party, "manager", services.draft_follow_up, **own)
    manager = party.actor("manager")
    held = []

    def locks_the_former():
        with scope_of(manager):
            held.append(lock_order(party.order.pk))

    def draws():  # as a variation of the former order that is granted
        with scope_of(manager):
            lock_contract(held[0])

    def leaves():
        with scope_of(manager):
            return services.issue_order(actor=manager, order_id=made.pk)

    assert collide(locks_the_former, leaves, then=draws).state == "issued"
