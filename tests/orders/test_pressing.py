"""What presses: urgent, on call, gas, a lift that stands still. One rule, wherever it counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest

from nexxio.core import clock, relay
from nexxio.core.actors import scope_of
from nexxio.core.clock import PARIS
from nexxio.core.errors import Invalid
from nexxio.core.models import Membership, Message
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Order
from orders.selectors import lists
from orders.services import ClausesInput
from orders.states import presses
from orders.working_days import after_working_days
from tests.factories.acting import act
from tests.factories.attributed import attached

SUNDAY = datetime(2039, 5, 15, tzinfo=PARIS).date()


@pytest.fixture
def party(world):
    return world.first


def issued(party, **typed) -> Order:
    order = act(party, "manager", services.draft_order, data=party.order_input(**typed))
    return act(party, "manager", services.issue_order, order_id=order.pk)


def accepted(party, **typed) -> Order:
    return act(party, "desk", services.accept_order, order_id=issued(party, **typed).pk)


def row(order) -> Order:
    with system_scope("tests"):
        return Order.objects.get(pk=order.pk)


@pytest.mark.parametrize(
    ("priority", "nature", "hazard", "so"),
    [
        ("normal", "maintenance", "", False),
        ("urgent", "maintenance", "", True),
        ("normal", "on_call", "", True),
        ("normal", "maintenance", "gas", True),
        ("normal", "common_parts", "lift", True),
        ("normal", "maintenance", "damp", False),
        ("normal", "maintenance", "mould", False),
    ],
)
def test_what_presses(priority, nature, hazard, so):
    assert presses(priority, nature, hazard) is so


def test_a_gas_order_of_normal_priority_is_told_at_once(party):
    relay.deliver_one_by_one()
    with system_scope("tests: phone"):
        Membership.objects.filter(pk=party.desk.pk).update(phone="+33611223344")
        Message.objects.filter(kind="order_to_accept").delete()
    issued(party, title="Odeur de gaz", hazard="gas")
    relay.deliver_one_by_one()
    with system_scope("tests"):
        told = Message.objects.get(kind="order_to_accept")
    assert (told.channel, told.address) == ("sms", "+33611223344")
    assert told.next_attempt_at <= clock.now()


@pytest.mark.parametrize(("hazard", "silent"), [("", 2), ("damp", 2), ("gas", 1), ("lift", 1)])
def test_its_silence_is_an_urgent_one(party, hazard, silent):
    order = row(issued(party, hazard=hazard))
    assert order.silent_at == after_working_days(order.moved_at, silent, order.where)


@pytest.mark.parametrize(("hazard", "goes"), [("", False), ("mould", False), ("gas", True)])
def test_somebody_goes_at_once_and_at_any_hour(party, hazard, goes):
    order = accepted(party, hazard=hazard)
    start = datetime.combine(SUNDAY, time(22), PARIS)
    window = {"order_id": order.pk, "start": start, "end": start + timedelta(hours=1)}
    if not goes:
        with pytest.raises(Invalid):
            act(party, "desk", services.propose_visit, **window)
        return
    act(party, "desk", services.propose_visit, **window)
    technician = {"order_id": order.pk, "technician_id": party.technician.pk}
    assert act(party, "desk", services.go_now, **technician).state == "on_the_way"


@pytest.mark.parametrize("words", ["", "odeur"])
@pytest.mark.parametrize("who", ["manager", "desk"])
def test_the_filter_of_urgent_ones_holds_it_with_and_without_words(party, who, words):
    orders = {
        hazard or priority: issued(party, title="Odeur", hazard=hazard, priority=priority).pk
        for hazard, priority in (
            ("gas", "normal"),
            ("damp", "normal"),
            ("", "urgent"),
            ("", "normal"),
        )
    }
    actor = party.actor(who)
    with scope_of(actor):
        found = lists.order_list(
            actor, lists.Filters.read({"priorite": "urgent", "q": words}, actor)
        )
        normal = lists.order_list(
            actor, lists.Filters.read({"priorite": "normal", "q": words}, actor)
        )
    assert {line.order.pk for line in found.rows} == {orders["gas"], orders["urgent"]}
    assert found.count == 2
    mine = {line.order.pk for line in normal.rows} & set(orders.values())
    assert mine == {orders["gas"], orders["damp"], orders["normal"]}


@pytest.mark.parametrize(
    ("typed", "hours"), [({"priority": "urgent"}, (2, 24)), ({"hazard": "gas"}, (1, 4)), ({}, None)]
)
def test_without_a_contract_too_the_clocks_run(party, typed, hours):
    line = services.LineInput(None, Decimal(1), "Motorisation", "u", Decimal(900))
    clauses = ClausesInput(
        company_id=party.contractor.pk, off_reason="skill", purchase_family="Portes"
    )
    data = party.order_input(
        nature="off_contract", contract_id=None, lines=(line,), clauses=clauses
    )
    order = act(party, "manager", services.draft_order, data=replace(data, **typed))
    attached(party, order_id=order.pk, kind="quote")
    act(party, "manager", services.issue_order, order_id=order.pk)
    found = row(order)
    if hours is None:
        assert (found.ack_due_at, found.arrival_due_at, found.urgent_at) == (None, None, None)
        return
    ack, arrival = (found.issued_at + timedelta(hours=count) for count in hours)
    assert (found.ack_due_at, found.arrival_due_at) == (ack, arrival)
    assert found.urgent_at == ack
