"""Clocks of urgent orders and of hazards: set at issue, met by facts, told when they pass."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core import clock, relay
from nexxio.core.actors import scope_of
from nexxio.core.errors import Incomplete
from nexxio.core.models import Message, Notification
from nexxio.core.scoping import system_scope
from orders import services, tasks, urgency
from orders.models import Contract, Order
from orders.selectors import lists
from tests.factories.acting import act


@pytest.mark.parametrize(
    ("priority", "hazard", "hours"),
    [
        ("normal", "", None),
        ("urgent", "", (2, 24)),
        ("normal", "gas", (1, 4)),
        ("urgent", "mould", (2, 24)),
        ("normal", "mould", (24, 240)),
    ],
)
def test_the_shorter_clock_holds(priority, hazard, hours):
    found = urgency.hours_of(priority, hazard, 24, date(2026, 11, 30))
    assert (found and (found.ack, found.arrival)) == hours


@pytest.fixture
def first(world):
    return world.first


@pytest.fixture
def urgent(first):
    """A leak of gas that has just left, the only order that the clock minds."""
    order = act(first, "manager", services.draft_order, data=first.order_input(hazard="gas"))
    with system_scope("tests: other clocks"):
        Order.objects.update(chase_at=None)
    order = act(first, "manager", services.issue_order, order_id=order.pk)
    with system_scope("tests: telephone"):
        first.desk.phone = "+33611223344"
        first.desk.save(update_fields=["phone"])
        Order.objects.update(chase_at=None)
    return order


def row(order):
    with system_scope("tests: order"):
        return Order.objects.get(pk=order.pk)


def test_the_clocks_count_for_both_sides_and_their_passing_is_told_once(first, urgent):
    found = row(urgent)
    assert found.access_duty == "hazard"  # never closed for want of access
    assert found.urgent_at == found.ack_due_at == found.issued_at + timedelta(hours=1)
    assert found.arrival_due_at == found.issued_at + timedelta(hours=4)
    assert tasks.chase_due() == 0
    for who, house, side in (
        ("manager", first.landlord, "landlord"),
        ("desk", first.contractor, "contractor"),
    ):
        client = Client()
        client.force_login(getattr(first, who).user)
        page = client.get(reverse(f"orders:{side}_detail", args=[house.slug, urgent.pk])).text
        assert "Prise en charge attendue" in page
        listed = client.get(reverse(f"orders:{side}_list", args=[house.slug]) + "?tri=urgence").text
        assert "Gaz" in listed
        actor = first.actor(who)
        with scope_of(actor):
            rows = lists.order_list(actor, lists.Filters.read({"tri": "urgence"}, actor)).rows
        assert rows[0].order.pk == urgent.pk
    with clock.moved_to(found.ack_due_at + timedelta(minutes=1)):
        assert tasks.chase_due() == 1
        assert tasks.chase_due() == 0
        relay.deliver_one_by_one()
        page = client.get(reverse("orders:contractor_detail", args=[house.slug, urgent.pk])).text
        assert "Délai d’urgence dépassé" in page
    with system_scope("tests: told"):
        told = Notification.objects.filter(kind="urgent_late")
        assert {note.user_id for note in told} == {
            first.manager.user_id,
            first.clerk.user_id,
            first.desk.user_id,
        }
        assert [sent.address for sent in Message.objects.filter(kind="urgent_late")] == [
            "+33611223344"
        ]


def test_acceptance_and_arrival_meet_the_clocks(first, urgent):
    act(first, "desk", services.accept_order, order_id=urgent.pk)
    assert row(urgent).urgent_at == row(urgent).arrival_due_at
    start = clock.now() + timedelta(hours=1)
    visit = act(
        first,
        "desk",
        services.propose_visit,
        order_id=urgent.pk,
        start=start,
        end=start + timedelta(hours=1),
        technician_id=first.technician.pk,
        off_hours=True,  # whatever the hour of the run
    )
    act(first, "desk", services.confirm_visit, visit_id=visit.pk, call_noted=True)
    assert row(urgent).urgent_at is not None
    act(first, "technician", services.arrive, visit_id=visit.pk)
    assert (row(urgent).urgent_at, row(urgent).urgent_alert_at) == (None, None)
    with clock.moved_to(clock.now() + timedelta(hours=5)), system_scope("tests: clock"):
        assert services.tell_urgent_late(order_id=urgent.pk) is None


def test_an_urgent_order_asks_for_its_measures_instead_of_a_report(first):
    client = Client()
    client.force_login(first.manager.user)
    url = reverse("orders:landlord_new", args=[first.landlord.slug])
    page = client.get(url, {"logement": first.unit.pk, "urgence": "1"}).text
    assert page.index("Qui joindre") < page.index("Par qui") < page.index("Le reste")
    bare = {"priority": "urgent", "asbestos": "", "target_date": None}
    order = act(first, "manager", services.draft_order, data=first.order_input(**bare))
    with pytest.raises(Incomplete) as lacking:
        act(first, "manager", services.issue_order, order_id=order.pk)
    assert [code for code, _sentence in lacking.value.missing] == ["asbestos_measures"]
    whole = first.order_input(**bare, asbestos_measures="Sans percement.")
    version = {"order_id": order.pk, "version": order.version, "data": whole}
    act(first, "manager", services.update_order, **version)
    with system_scope("tests: an hour"):
        Contract.objects.filter(pk=first.contract.pk).update(urgent_ack_hours=1)
    act(first, "manager", services.issue_order, order_id=order.pk)
    found = row(order)
    assert (found.asbestos, found.target_date) == ("urgent", clock.today() + timedelta(days=1))
    assert found.ack_due_at == found.issued_at + timedelta(hours=1)


def test_an_urgent_draft_opens_again_in_the_form_with_whom_it_is_for(client, first):
    data = first.order_input(priority="urgent")
    order = act(first, "manager", services.draft_order, data=data)
    client.force_login(first.manager.user)
    url = reverse("orders:landlord_edit", args=[first.landlord.slug, order.pk])
    page = client.get(url)
    assert page.status_code == 200
    assert page.context["urgent_company"] == first.contractor
    assert f'value="{first.contract.pk}" selected' in page.text
