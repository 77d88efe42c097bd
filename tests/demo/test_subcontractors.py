"""The demo's subcontractors: one accepted and named on an order, one that waits for its answer."""

from __future__ import annotations

from contractors.models import NamedSubcontractor, Subcontract
from nexxio.core import clock
from nexxio.core.scoping import system_scope
from nexxio.demo.subcontractors import declare
from orders import services as orders
from tests.factories.acting import act


def test_one_is_accepted_and_comes_one_waits(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    party = world.first
    act(party, "desk", orders.accept_order, order_id=party.order.pk)
    declare(party.actor("desk"), party.actor("manager"), party.contract, clock.now())
    with system_scope("tests: demo"):
        states = set(Subcontract.objects.values_list("state", flat=True))
        named = NamedSubcontractor.objects.get()
        assert named.subcontract is not None
        assert (states, named.subcontract.state) == ({"accepted", "declared"}, "accepted")
