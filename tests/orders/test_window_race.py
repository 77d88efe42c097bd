"""Two tenants take the same free window of one technician: the second one finds it taken."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nexxio.core.actors import scope_of
from nexxio.core.errors import Conflict
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Order, Visit
from orders.services.tenant_hours import KNOWN
from orders.windows import free_windows
from tests.factories.acting import act
from tests.factories.full import offered
from tests.factories.world import build_world
from tests.races import collide

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def party(transactional_db, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    with system_scope("tests: world"):
        return build_world().first


def test_the_second_of_two_tenants_finds_the_window_taken(party):
    other = act(party, "manager", services.draft_order, data=party.order_input())
    act(party, "manager", services.issue_order, order_id=other.pk)
    for order_id in (party.order.pk, other.pk):
        act(party, "desk", services.accept_order, order_id=order_id)
    mine = offered(party, days=(9, 10))
    theirs = offered(party, order_id=other.pk, days=(11, 12))
    act(party, "desk", services.open_tenant_hours, version=0, windows=KNOWN)
    me = party.actor("tenant")
    with system_scope("tests: a neighbour with an order of his own"):
        neighbour = replace(me, case_id=Order.objects.get(pk=other.pk).case_id)

    def take(actor, visit, start):
        with scope_of(actor):
            return services.take_window(actor=actor, visit_id=visit.pk, start=start)

    with scope_of(me):
        start = free_windows(mine, Order.objects.get(pk=mine.order_id))[0][0]
    refused = collide(lambda: take(me, mine, start), lambda: take(neighbour, theirs, start))
    assert isinstance(refused, Conflict)
    with system_scope("tests"):
        assert Visit.objects.filter(window_start=start, state="confirmed").count() == 1
