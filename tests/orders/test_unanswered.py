"""An appointment that nobody answers: reminded of once, then with the company again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from nexxio.core import clock, relay
from nexxio.core.actors import scope_of
from nexxio.core.clock import PARIS
from nexxio.core.errors import Conflict
from nexxio.core.models import Event, Message, Notification
from nexxio.core.scoping import system_scope
from orders import services, tasks
from orders.models import Order, Visit, VisitReminder
from orders.selectors.desks import contractor_desk
from orders.services import appointments
from orders.working_days import after_working_days
from tests.factories.acting import act
from tests.factories.full import offered, slots_of, visited

WORDS = "attend votre réponse"
BELL = "Créneaux passés sans réponse"


@pytest.fixture
def first(world):
    party = world.first
    act(party, "desk", services.accept_order, order_id=party.order.pk)
    return party


def row(party) -> Order:
    with system_scope("tests"):
        return Order.objects.get(pk=party.order.pk)


def state_of(visit) -> str:
    with system_scope("tests"):
        return Visit.objects.get(pk=visit.pk).state


def last_end(visit) -> datetime:
    with system_scope("tests"):
        ends = visit.slots.values_list("window_end", flat=True)
        return max([*ends, visit.window_end])


def sent() -> int:
    relay.deliver_one_by_one()
    with system_scope("tests"):
        return Message.objects.filter(text__contains=WORDS).count()


def planned(party) -> list[str]:
    actor = party.actor("desk")
    with scope_of(actor):
        groups = contractor_desk(actor).groups
        (found,) = (group for group in groups if group.code == "a-planifier")
        return [line.order.reference for line in found.rows]


def by_day(moment: datetime, *, days: int = 0) -> datetime:
    day = moment.astimezone(PARIS).date() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, 11, 0, tzinfo=PARIS)


def test_windows_that_pass_without_an_answer_are_the_companys_again(first):
    visit = offered(first)
    assert row(first).holder == "tenant"
    end = last_end(visit)
    with clock.moved_to(end - timedelta(minutes=1)):
        tasks.remind_due()
        assert state_of(visit) == "proposed"
        assert first.order.reference not in planned(first)
    with clock.moved_to(end):
        assert tasks.remind_due() >= 1
        assert tasks.remind_due() == 0
        relay.deliver_one_by_one()
    order = row(first)
    assert state_of(visit) == "lapsed"
    assert (order.holder, order.held_since) == ("contractor", order.moved_at)
    assert first.order.reference in planned(first)
    due = after_working_days(order.moved_at, 2, order.where)
    assert order.silent_at == due
    assert order.chase_at is not None
    with system_scope("tests"):
        rung = Notification.objects.filter(title__startswith=BELL)
        assert rung.exists()
        assert Event.objects.filter(kind="visit.lapsed", order_id=order.pk).count() == 1


def test_the_company_proposes_again_after_that(first):
    visit = offered(first)
    end = last_end(visit)
    with clock.moved_to(end):
        tasks.remind_due()
        again = offered(first)
        assert (state_of(visit), state_of(again)) == ("lapsed", "proposed")
        assert row(first).holder == "tenant"
        assert first.order.reference not in planned(first)


def test_one_window_alone_lapses_too(world):
    party = world.first
    visit = visited(party, state="proposed")
    with clock.moved_to(visit.window_end):
        tasks.remind_due()
    assert state_of(visit) == "lapsed"


def test_what_was_answered_does_not_lapse(first):
    visit = offered(first)
    slot = slots_of(visit)[0]
    act(first, "tenant", services.choose_slot, visit_id=visit.pk, slot_id=slot.pk)
    with clock.moved_to(last_end(visit)), system_scope("tests"):
        assert appointments.lapse_visit(visit_id=visit.pk) is None
    assert state_of(visit) == "confirmed"


def test_a_lapsed_window_is_confirmed_by_nobody(first):
    visit = offered(first)
    slot = slots_of(visit)[0]
    with clock.moved_to(last_end(visit)):
        tasks.remind_due()
        with pytest.raises(Conflict):
            act(first, "tenant", services.choose_slot, visit_id=visit.pk, slot_id=slot.pk)


def test_a_tenant_is_reminded_of_his_answer_once(first):
    visit = offered(first)
    tomorrow = by_day(clock.now(), days=2)
    with clock.moved_to(tomorrow):
        assert tasks.remind_due() == 1
        assert tasks.remind_due() == 0
        assert sent() == 1
    with clock.moved_to(by_day(clock.now(), days=3)):
        assert tasks.remind_due() == 0
        assert sent() == 1
    with system_scope("tests"):
        assert VisitReminder.objects.get(visit=visit).reminded_at is not None


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_who_has_answered_is_not_reminded(first, answer):
    visit = offered(first)
    if answer == "yes":
        slot = slots_of(visit)[0]
        act(first, "tenant", services.choose_slot, visit_id=visit.pk, slot_id=slot.pk)
    else:
        act(first, "tenant", services.cancel_visit, visit_id=visit.pk, reason="Empêché")
    with clock.moved_to(by_day(clock.now(), days=2)):
        tasks.remind_due()
        assert sent() == 0


def test_answered_while_the_message_waits_it_is_not_sent(first):
    visit = offered(first)
    with clock.moved_to(by_day(clock.now(), days=2)):
        assert tasks.remind_due() == 1
        act(first, "tenant", services.cancel_visit, visit_id=visit.pk, reason="Empêché")
        assert sent() == 0


def test_after_a_tenants_cancellation_the_company_has_two_working_days(first):
    visit = offered(first)
    act(first, "tenant", services.cancel_visit, visit_id=visit.pk, reason="Empêché")
    order = row(first)
    assert order.holder == "contractor"
    assert order.silent_at == after_working_days(order.moved_at, 2, order.where)


def test_after_its_own_cancellation_nothing_changes(first):
    visit = offered(first)
    act(first, "desk", services.cancel_visit, visit_id=visit.pk, reason="Panne")
    order = row(first)
    assert order.silent_at == after_working_days(order.moved_at, 5, order.where)
