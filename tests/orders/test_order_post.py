"""A company hears of a new order by post; a tenant is left in peace; what fails is shown."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse

from nexxio.core import clock, relay
from nexxio.core.errors import Refused
from nexxio.core.models import Membership, Message, MessageState
from nexxio.core.scoping import system_scope
from orders import services, tenant_notices
from orders.models import Order, OrderContact
from tests.factories.acting import act


def post_of(kind, **more):
    relay.deliver_one_by_one()
    with system_scope("tests: post"):
        return list(Message.objects.filter(kind=kind, **more).order_by("created_at"))


def issued(party, **typed):
    order = act(party, "manager", services.draft_order, data=party.order_input(**typed))
    return act(party, "manager", services.issue_order, order_id=order.pk)


def test_an_urgent_order_is_told_at_once_with_its_danger(world):
    first = world.first
    relay.deliver_one_by_one()
    with system_scope("tests: phone"):
        Membership.objects.filter(pk=first.desk.pk).update(phone="+33611223344")
        Message.objects.filter(kind="order_to_accept").delete()
    issued(first, title="Odeur de gaz", priority="urgent", hazard="gas")
    (told,) = post_of("order_to_accept")
    assert (told.channel, told.address) == ("sms", "+33611223344")
    assert told.fallbacks == [["email", first.desk.user.email]]
    assert "URGENCE, Gaz : odeur, fuite ou appareil dangereux" in told.text
    assert told.next_attempt_at <= clock.now()


def test_usual_orders_of_ten_minutes_are_one_mail(world):
    first = world.first
    with system_scope("tests: silence"):
        relay.deliver_one_by_one()
        Message.objects.filter(kind="order_to_accept").delete()
    orders = [issued(first, title=title) for title in ("Volet", "Serrure")]
    (told,) = post_of("order_to_accept")
    assert (told.channel, told.address) == ("email", first.desk.user.email)
    assert all(order.reference in told.text for order in orders)
    assert told.next_attempt_at > clock.now()
    with clock.moved_to(clock.now() + timedelta(minutes=11)):
        issued(first, title="Évier")
        assert len(post_of("order_to_accept")) == 2


def test_an_order_that_was_accepted_meanwhile_is_not_told(world):
    first = world.first
    relay.deliver_one_by_one()
    with system_scope("tests"):
        before = Message.objects.filter(kind="order_to_accept").count()
    order = issued(first)
    act(first, "desk", services.accept_order, order_id=order.pk)
    assert len(post_of("order_to_accept")) == before


def at_night(hour=22):
    tomorrow = clock.today() + timedelta(days=1)
    return datetime.combine(tomorrow, time(hour), clock.PARIS)


@pytest.mark.parametrize(("priority", "waits"), [("normal", True), ("urgent", False)])
def test_a_tenant_hears_of_what_can_wait_in_the_morning(world, priority, waits):
    first = world.first
    relay.deliver_one_by_one()
    with clock.moved_to(at_night()):
        order = issued(first, priority=priority)
        (told,) = post_of("tenant_follow", event__order_id=order.pk)
        assert (told.next_attempt_at > clock.now()) == waits
        if waits:
            morning = told.next_attempt_at.astimezone(clock.PARIS)
            assert (morning.hour, morning.minute) == (7, 30)


def test_a_telephone_hears_so_much_a_day_and_what_matters_beyond(world, monkeypatch):
    monkeypatch.setattr(tenant_notices, "MOST_A_DAY", 2)
    first = world.first
    relay.deliver_one_by_one()
    orders = [issued(first) for _number in range(3)]
    told = post_of("tenant_follow", landlord=first.landlord)
    assert len(told) == 2
    act(first, "manager", services.cancel_order, order_id=orders[2].pk, reason="duplicate")
    assert "annulée" in post_of("tenant_follow")[-1].text


def test_a_message_that_never_left_shows_on_the_order_until_the_number_is_right(world, client):
    first = world.first
    post_of("tenant_follow")
    client.force_login(first.manager.user)
    url = reverse("orders:landlord_detail", args=[first.landlord.slug, first.order.pk])
    assert "injoignable" not in client.get(url).text
    with system_scope("tests: failed"):
        Message.objects.filter(kind="tenant_follow", event__order_id=first.order.pk).update(
            state=MessageState.FAILED
        )
    page = client.get(url).text
    assert "Locataire injoignable : le dernier SMS" in page
    correct = reverse(
        "orders:landlord_act", args=[first.landlord.slug, first.order.pk, "corriger-le-contact"]
    )
    assert correct in page
    assert client.post(correct, {"phone": "", "email": ""}).status_code == 422
    assert client.post(correct, {"phone": "06 99 88 77 66"}).status_code == 302
    with system_scope("tests: corrected"):
        assert OrderContact.objects.get(order=first.order).phone == "+33699887766"
    told = post_of("tenant_follow", event__order_id=first.order.pk)[-1]
    assert (told.address, told.state) == ("+33699887766", MessageState.QUEUED)
    assert "injoignable" not in client.get(url).text


def test_a_contact_is_not_corrected_by_others_nor_afterwards(world):
    first = world.first
    for who in ("reader", "desk"):
        with pytest.raises((Refused, Order.DoesNotExist)):
            act(first, who, services.correct_contact, order_id=first.order.pk, phone="+33600000000")
    act(first, "manager", services.cancel_order, order_id=first.order.pk, reason="duplicate")
    with pytest.raises(Refused):
        act(
            first,
            "manager",
            services.correct_contact,
            order_id=first.order.pk,
            phone="+33600000000",
        )
