"""A tenant who moves his appointment takes a free window of the company's calendar."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from nexxio.core import clock, links
from nexxio.core.actors import scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.members import absences, closings
from nexxio.core.models import Event
from nexxio.core.scoping import system_scope
from orders import policies, services
from orders.models import Order, OrderContact, Visit
from orders.services.tenant_hours import KNOWN
from orders.windows import code_of, free_windows, some_of, window_of
from orders.working_days import closed_because
from tenants.selectors import follow_page
from tests.factories.acting import act
from tests.factories.full import chosen, offered

MONDAY = clock.today() + timedelta(days=14 - clock.today().weekday())
while any(closed_because(MONDAY + timedelta(days=ahead)) for ahead in (1, 2, 8, 9, 15, 16)):
    MONDAY += timedelta(days=7)  # a week of holidays
NOON = time_machine.travel(datetime.combine(MONDAY, time(12), clock.PARIS), tick=False)
TUESDAY, WEDNESDAY = (MONDAY + timedelta(days=ahead) for ahead in (1, 2))
MORNING = "8-10"


@pytest.fixture(autouse=True)
def _monday():
    with NOON:
        yield


@pytest.fixture
def party(world):
    act(world.first, "desk", services.accept_order, order_id=world.first.order.pk)
    return world.first


def opened(party, *codes: str, version: int = 0) -> None:
    act(party, "desk", services.open_tenant_hours, version=version, windows=codes or KNOWN)


def free(party, visit):
    actor = party.actor("tenant")
    with scope_of(actor):
        return free_windows(visit, Order.objects.get(pk=visit.order_id))


def take(party, visit, window, who: str = "tenant"):
    return act(party, who, services.take_window, visit_id=visit.pk, start=window[0])


def stored(visit) -> Visit:
    with system_scope("tests"):
        return Visit.objects.get(pk=visit.pk)


def morning(day):
    return window_of(day, MORNING, clock.PARIS)


def test_nothing_is_free_until_the_company_opens_its_slots(party):
    visit = chosen(party)
    assert free(party, visit) == []
    with pytest.raises(Conflict):
        take(party, visit, morning(WEDNESDAY))
    opened(party, code_of(2, MORNING))
    days = [start.date() for start, _end in free(party, visit)]
    assert days == [WEDNESDAY + timedelta(weeks=week) for week in range(3)]


def test_the_one_that_is_taken_stands_with_the_same_technician(party):
    visit = chosen(party)
    opened(party)
    new = take(party, visit, morning(WEDNESDAY))
    assert (new.state, new.window_start) == ("confirmed", morning(WEDNESDAY)[0])
    assert new.technician_id == party.technician.pk
    assert stored(visit).state == "rescheduled"
    with system_scope("tests"):
        kinds = Event.objects.filter(order_id=party.order.pk).order_by("recorded_at", "id")
        assert list(kinds.values_list("kind", flat=True))[-2:] == [
            "visit.rescheduled",
            "visit.confirmed",
        ]


def test_one_that_is_offered_and_suits_nobody_is_replaced_too(party):
    visit = offered(party)
    opened(party)
    taken = {start for start, _end in free(party, visit)}
    assert morning(WEDNESDAY)[0] in taken
    assert take(party, visit, morning(WEDNESDAY)).state == "confirmed"


def test_what_the_technician_has_elsewhere_is_not_free(party):
    visit = chosen(party)
    opened(party)
    wanted = morning(WEDNESDAY)
    assert wanted in free(party, visit)
    other = act(party, "clerk", services.draft_order, data=party.order_input())
    act(party, "clerk", services.issue_order, order_id=other.pk)
    act(party, "desk", services.accept_order, order_id=other.pk)
    act(
        party,
        "desk",
        services.propose_visit,
        order_id=other.pk,
        start=wanted[0] + timedelta(hours=1),
        end=wanted[1] + timedelta(hours=1),
        technician_id=party.technician.pk,
    )
    left = free(party, visit)
    assert wanted not in left
    assert window_of(WEDNESDAY, "10-12", clock.PARIS) not in left
    assert window_of(WEDNESDAY, "12-14", clock.PARIS) in left
    with pytest.raises(Conflict, match="pris"):
        take(party, visit, wanted)
    assert stored(visit).state == "confirmed"


def test_nobody_is_free_who_is_away_nor_when_a_house_is_closed(party):
    visit = chosen(party)
    opened(party)
    away, shut = WEDNESDAY, WEDNESDAY + timedelta(days=6)
    act(
        party,
        "desk",
        absences.set_absence,
        membership_id=party.technician.pk,
        starts_on=away,
        ends_on=away,
    )
    act(party, "desk", closings.note_closing, label="Inventaire", starts_on=shut, ends_on=shut)
    days = {start.date() for start, _end in free(party, visit)}
    assert not days & {away, shut}
    assert TUESDAY + timedelta(weeks=2) in days


@pytest.mark.parametrize(("access", "is_open"), [("keys", False), ("digicode", True)])
def test_the_landlords_closed_days_count_where_it_holds_the_keys(party, access, is_open):
    visit = chosen(party)
    opened(party)
    shut = WEDNESDAY + timedelta(days=6)
    act(party, "manager", closings.note_closing, label="Pont", starts_on=shut, ends_on=shut)
    with system_scope("tests: how one gets in"):
        OrderContact.objects.filter(order_id=visit.order_id).update(access=[access])
    assert (shut in {start.date() for start, _end in free(party, visit)}) is is_open


def test_the_eve_at_18_ends_a_window_as_it_ends_the_appointment(party):
    visit = chosen(party)
    opened(party)
    assert morning(TUESDAY) in free(party, visit)
    with time_machine.travel(policies.cut_off_before(morning(TUESDAY)[0]), tick=False):
        assert morning(TUESDAY) not in free(party, visit)
    with (
        time_machine.travel(policies.cut_off_before(stored(visit).window_start), tick=False),
        pytest.raises(Refused) as late,
    ):
        take(party, visit, morning(TUESDAY + timedelta(weeks=1)))
    assert late.value.code == "cut_off"


def test_works_that_press_are_not_put_off(party):
    visit = chosen(party)
    opened(party)
    with system_scope("tests: an urgent order"):
        Order.objects.filter(pk=visit.order_id).update(priority="urgent")
    assert free(party, visit) == []


def test_without_a_technician_the_calendar_is_not_known(party):
    visit = chosen(party)
    opened(party)
    with system_scope("tests: nobody is named"):
        Visit.objects.filter(pk=visit.pk).update(technician=None, technician_first_name="")
    assert free(party, stored(visit)) == []


def test_nobody_asks_about_a_visit_that_is_not_his(party, world):
    visit = chosen(party)
    opened(party)
    assert free(party, visit)
    for who in ("neighbour", "technician"):
        holder = world.second if who == "neighbour" else party
        actor = holder.actor("tenant" if who == "neighbour" else who)
        with system_scope("tests"):
            order = Order.objects.get(pk=visit.order_id)
        with scope_of(actor):
            assert free_windows(visit, order) == []


def test_a_tenant_moves_three_times_at_most(party):
    visit = chosen(party)
    opened(party)
    for _again in range(3):
        visit = take(party, visit, free(party, visit)[0])
    with pytest.raises(Refused) as often:
        take(party, visit, free(party, visit)[0])
    assert often.value.code == "often"


@pytest.mark.parametrize("who", ["manager", "technician"])
def test_only_the_companys_desk_opens_slots(party, who):
    with pytest.raises(Refused) as refusal:
        act(party, who, services.open_tenant_hours, version=0, windows=[KNOWN[0]])
    assert refusal.value.code == "role"


def test_slots_are_known_ones_and_nobody_overwrites_another(party):
    with pytest.raises(Invalid):
        opened(party, "6 8-10")
    opened(party, KNOWN[0])
    with pytest.raises(Invalid, match="rechargez"):
        opened(party, KNOWN[1])
    opened(party, KNOWN[1], version=1)
    with scope_of(party.actor("desk")):
        assert services.tenant_hours(party.contractor.pk).windows == [KNOWN[1]]


def test_the_page_offers_a_few_and_a_tap_takes_one(party):
    visit = chosen(party)
    opened(party)
    with scope_of(party.actor("tenant")):
        page = follow_page(party.actor("tenant"))
    assert page.free == some_of(page.free)
    assert len(page.free) == 6
    offered_too = {slot.window_start for slot in page.others}
    assert not offered_too & {start for start, _end in page.free}
    client = Client()
    token = links.token_of(party.link.pk)
    body = client.get(reverse("tenants:follow", args=[token])).content.decode()
    start = page.free[0][0]
    assert f'name="debut" value="{start.isoformat()}"' in body
    url = reverse("tenants:visit", args=[token, visit.pk])
    for wrong in ("", "demain", "2026-03-04T08:00:00"):
        assert client.post(url, {"reponse": "libre", "debut": wrong}).status_code == 404
    assert client.post(url, {"reponse": "libre", "debut": start.isoformat()}).status_code == 302
    assert stored(visit).state == "rescheduled"


def test_the_desk_ticks_slots_on_a_page(party):
    client = Client()
    client.force_login(party.desk.user)
    url = reverse("orders:contractor_tenant_hours", args=[party.contractor.slug])
    answer = client.post(url, {"version": "0", "day_2": ["2 8-10", "2 10-12"]})
    assert answer.status_code == 302
    body = client.get(url).content.decode()
    assert body.count(" checked") == 2
