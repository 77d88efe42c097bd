"""An order that waits: for what, until when, in the words of each side, chased when it is over."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from nexxio.core import clock, relay
from nexxio.core.actors import scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.models import Notification
from nexxio.core.scoping import system_scope
from orders import services, tasks
from orders.hold_states import TENANT_SENTENCES, HoldReason
from orders.models import Hold, Order
from orders.selectors.status import ball_of, status_of
from orders.waits import waits_of, with_waits
from tenants.selectors import follow_page
from tests.factories.full import act, visited


@pytest.fixture
def first(world):
    visited(world.first, state="confirmed")
    return world.first


def _hold(party, who="desk", reason="material", days=3):
    day = clock.today() + timedelta(days=days)
    return act(
        party, who, services.hold_order, order_id=party.order.pk, reason=reason, expected_on=day
    )


def _seen(party, who):
    actor = party.actor(who)
    with scope_of(actor):
        order = with_waits(Order.objects.filter(pk=party.order.pk)).get()
        visits = list(order.visits.all())
        waits = waits_of(order)
        ball = ball_of(order, visits, waits, contractor="Lutèce", landlord="Rivage")
        return status_of(order, visits, actor.side, waits).label, ball and ball.side


@pytest.mark.parametrize(("reason", "side"), [("material", "contractor"), ("keys", "landlord")])
def test_each_side_reads_what_it_waits_for(first, reason, side):
    _hold(first, reason=reason)
    label = f"En attente : {HoldReason(reason).label}"
    assert _seen(first, "manager") == (label, side)
    assert _seen(first, "desk") == (label, side)
    assert _seen(first, "tenant")[0] == "En attente"
    with scope_of(first.actor("tenant")):
        page = follow_page(first.actor("tenant"))
    assert page is not None
    assert page.next_sentence == str(TENANT_SENTENCES[reason])


def test_every_reason_has_its_sentence_for_the_tenant():
    assert set(TENANT_SENTENCES) == set(HoldReason)


@pytest.mark.parametrize("who", ["manager", "desk"])
def test_either_side_lifts(first, who):
    _hold(first)
    act(first, who, services.lift_hold, order_id=first.order.pk)
    assert _seen(first, "manager")[0] == "Rendez-vous confirmé"
    with pytest.raises(Conflict):
        act(first, who, services.lift_hold, order_id=first.order.pk)


@pytest.mark.parametrize("who", ["reader", "technician"])
def test_who_only_reads_or_drives_holds_nothing(first, who):
    with pytest.raises(Refused):
        _hold(first, who=who)


def test_a_day_that_is_over_and_an_unknown_reason_are_refused(first):
    with pytest.raises(Invalid):
        _hold(first, days=-1)
    with pytest.raises(Invalid):
        _hold(first, reason="variation")
    _hold(first)
    with pytest.raises(Conflict):
        _hold(first)


def test_a_day_beyond_a_year_is_refused_at_its_field(first):
    far = date.max - clock.today()
    for days in (367, far.days - 30, far.days):
        with pytest.raises(Invalid) as caught:
            _hold(first, days=days)
        assert "un an" in caught.value.errors["expected_on"][0]
    _hold(first, days=366)
    with pytest.raises(Invalid):
        act(
            first,
            "desk",
            services.postpone_hold,
            order_id=first.order.pk,
            expected_on=date.max,
        )


def test_it_ends_with_its_order(first):
    _hold(first)
    act(first, "manager", services.cancel_order, order_id=first.order.pk, reason="duplicate")
    with scope_of(first.actor("manager")):
        assert Hold.objects.get().state == "lifted"


def test_both_desks_are_told_when_the_day_is_over(first):
    hold = _hold(first)
    assert tasks.remind_due() == 0
    with clock.moved_to(hold.remind_at + timedelta(minutes=1)):
        assert tasks.remind_due() == 1
        assert tasks.remind_due() == 0
        relay.deliver_one_by_one()
        later = clock.today() + timedelta(days=2)
        act(first, "manager", services.postpone_hold, order_id=first.order.pk, expected_on=later)
        with clock.moved_to(clock.now() + timedelta(hours=25)):
            assert tasks.remind_due() == 0
    with system_scope("tests: bell"):
        told = Notification.objects.filter(title__startswith="Attente à lever")
        assert {note.user_id for note in told} == {
            first.manager.user_id,
            first.clerk.user_id,
            first.desk.user_id,
        }
