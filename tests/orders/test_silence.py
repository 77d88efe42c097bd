"""Orders on which nothing moves: found, counted, chased by hand and by the clock."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core import clock, relay
from nexxio.core.actors import scope_of
from nexxio.core.errors import Conflict, Refused
from nexxio.core.models import Notification
from nexxio.core.scoping import system_scope
from orders import ball, services, silence, tasks
from orders.ball import Holder, Memory
from orders.models import Order
from orders.selectors import desks, lists
from orders.selectors.history import order_history
from orders.states import OrderState
from orders.working_days import add_working_days, office_moment
from tests.factories.acting import act
from tests.factories.full import visited

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.fixture
def first(world):
    return world.first


@contextmanager
def at(instant):
    with clock.moved_to(instant):
        yield


def row(party):
    with system_scope("tests: order"):
        return Order.objects.get(pk=party.order.pk)


def silent_in(party, who, **query):
    actor = party.actor(who)
    with scope_of(actor):
        found = lists.order_list(actor, lists.Filters.read({"silence": "1", **query}, actor))
        desk = desks.landlord_desk if who == "manager" else desks.contractor_desk
        count = next(n for label, n, *_ in desk(actor).figures if label == "Silencieuses")
    return [each.order.pk for each in found.rows], count


def rung(title):
    relay.deliver_one_by_one()
    with system_scope("tests: bell"):
        return [note.user_id for note in Notification.objects.filter(title__startswith=title)]


# --- The rule -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("memory", "urgent", "day"),
    [
        (Memory(state=OrderState.ISSUED), False, 4),
        (Memory(state=OrderState.ISSUED), True, 3),
        (Memory(state=OrderState.ACCEPTED), False, 9),
        (Memory(state=OrderState.DRAFT), False, None),
        (Memory(state=OrderState.CANCELLED), False, None),
        # Five working days from the end of what was agreed.
        (
            Memory(
                state=OrderState.ACCEPTED,
                visit="confirmed",
                visit_until="2026-03-05T10:00:00+00:00",
            ),
            False,
            12,
        ),
        (Memory(state=OrderState.ACCEPTED, hold="keys", hold_until="2026-03-05"), False, 13),
    ],
)
def test_an_order_is_silent_after_its_states_working_days(memory, urgent, day):
    found = silence.silent_at(memory, MONDAY, urgent=urgent)
    assert (found and found.astimezone(clock.PARIS).date()) == (day and date(2026, 3, day))


def test_a_company_that_has_yet_to_say_what_it_did_is_chased():
    for unsaid in ("draft", "refused"):
        assert silence.chase_at(Memory(state=OrderState.DONE, certificate=unsaid), MONDAY) == MONDAY
    for others in ({"contested": True}, {"regularisation": True}):
        memory = Memory(state=OrderState.DONE, certificate="draft", **others)
        assert silence.chase_at(memory, MONDAY) is None


def test_the_clock_leaves_alone_what_is_reminded_otherwise_and_tenants():
    silent = MONDAY
    assert silence.chase_at(Memory(state=OrderState.ACCEPTED), silent) == MONDAY
    tenants = Memory(state=OrderState.ACCEPTED, visit="proposed", has_tenant=True)
    assert ball.holder_of(tenants) == Holder.TENANT
    for memory in (
        tenants,
        Memory(state=OrderState.ACCEPTED, variation=True),
        Memory(state=OrderState.ACCEPTED, hold="keys"),
        Memory(state=OrderState.DONE, certificate="to_sign"),
    ):
        assert silence.chase_at(memory, silent) is None


@pytest.mark.parametrize(
    ("hour", "day", "opens"),
    [(10, 2, "03-02 10"), (23, 2, "03-03 09"), (3, 2, "03-02 09"), (10, 7, "03-09 09")],
)
def test_offices_open(hour, day, opens):
    moment = office_moment(datetime(2026, 3, day, hour, tzinfo=clock.PARIS))
    assert moment.astimezone(clock.PARIS).strftime("%m-%d %H") == opens


# --- On orders ------------------------------------------------------------------------------------


def test_silence_is_found_chased_once_a_day_and_ended_by_news(first):
    key = {"order_id": first.order.pk}
    assert silent_in(first, "manager") == ([], 0)
    with pytest.raises(Conflict):  # the company has it, and nothing is late
        act(first, "manager", services.chase_order, **key)
    silent = row(first).silent_at
    assert silent is not None
    with at(silent + timedelta(hours=1)):
        assert silent_in(first, "manager") == ([first.order.pk], 1)
        assert silent_in(first, "desk") == ([first.order.pk], 1)
        assert silent_in(first, "manager", q=row(first).reference)[0] == [first.order.pk]
        assert silent_in(first, "manager", silence="30")[0] == []
        with pytest.raises(Refused):  # nobody chases himself
            act(first, "desk", services.chase_order, **key)
        with pytest.raises(Refused):
            act(first, "reader", services.chase_order, **key)
        act(first, "manager", services.chase_order, **key)
        with pytest.raises(Conflict):
            act(first, "manager", services.chase_order, **key)
        assert rung("Relance, sans nouvelles") == [first.desk.user_id]
        words = []
        for who in ("manager", "desk"):
            actor = first.actor(who)
            with scope_of(actor):
                order = Order.objects.select_related("landlord", "contractor").get(
                    pk=first.order.pk
                )
                words.append(order_history(actor, order)[0].text)
        assert "relance l’entreprise" in words[0]
        assert "relance votre service" in words[1]
        assert first.manager.user.last_name not in words[1]
        # News end it; a chase is none.
        assert row(first).silent_at == silent
        act(first, "desk", services.accept_order, **key)
        assert silent_in(first, "manager") == ([], 0)


def test_the_clock_chases_the_desk_then_its_head_in_office_hours(first):
    with system_scope("tests: the other party's order"):
        Order.objects.exclude(pk=first.order.pk).update(chase_at=None)
    chase = row(first).chase_at
    with at(chase - timedelta(minutes=1)):
        assert tasks.chase_due() == 0
    with at(chase.astimezone(clock.PARIS).replace(hour=22)):
        with system_scope("tests: clock"):
            assert services.chase_silent(order_id=first.order.pk) is None
        later = row(first).chase_at
    day = chase.astimezone(clock.PARIS).date()
    assert later.astimezone(clock.PARIS).date() == add_working_days(day, 1)
    with at(later):
        assert tasks.chase_due() == 1
        assert tasks.chase_due() == 0
        assert rung("Relance") == [first.desk.user_id]
        with pytest.raises(Conflict):  # told today
            act(first, "manager", services.chase_order, order_id=first.order.pk)
    again = row(first)
    assert again.chases == 1
    with at(again.chase_at):
        assert tasks.chase_due() == 1
    assert row(first).chases == 2


def test_the_landlord_is_chased_by_the_company(first):
    act(first, "desk", services.return_order, order_id=first.order.pk, items=["phone"])
    client = Client()
    client.force_login(first.desk.user)
    slug = first.contractor.slug
    page = reverse("orders:contractor_detail", args=[slug, first.order.pk])
    with at(row(first).silent_at + timedelta(minutes=1)):
        assert "Sans nouvelles depuis" in (text := client.get(page).text)
        assert "relancer/" in text
        url = reverse("orders:contractor_act", args=[slug, first.order.pk, "relancer"])
        assert client.post(url).status_code == 302
        assert "relancer/" not in (text := client.get(page).text)
        assert "Dernière relance" in text
        assert first.manager.user_id in rung("Relance")
        listed = client.get(reverse("orders:contractor_list", args=[slug]) + "?silence=1").text
        assert "sans nouvelles depuis" in listed


def test_an_appointment_that_stands_is_no_silence(first):
    visit = visited(first, state="confirmed")
    assert row(first).silent_at > visit.window_end + timedelta(days=4)
