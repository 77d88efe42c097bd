"""Hours overseas: what is typed, shown, reminded of and put into a diary is the hour there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from nexxio.core import clock, links
from nexxio.core.scoping import system_scope
from nexxio.core.templatetags.ui import day, hour, moment
from orders import policies, services
from orders.appointment_forms import SlotForm
from orders.models import Order, Visit, VisitReminder, VisitSlot
from orders.services import reminders
from orders.wording import window_text
from orders.working_days import department_of, off_hours_because, zone_name, zone_of
from tests.factories.acting import act

REUNION = ZoneInfo("Indian/Reunion")
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)  # 13 h there, 10 h in Paris


@pytest.fixture
def party(world):
    with system_scope("tests"):
        Order.objects.filter(pk=world.first.order.pk).update(place_city="97400 Saint-Denis")
    act(world.first, "desk", services.accept_order, order_id=world.first.order.pk)
    return world.first


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


def row(pk) -> Visit:
    with system_scope("tests"):
        return Visit.objects.get(pk=pk)


def client_of(member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def proposed(party, **more) -> Visit:
    data = {"date": "2026-12-03", "slot": "8-10", **more}
    address = reverse(
        "orders:contractor_act", args=[party.contractor.slug, party.order.pk, "rendez-vous"]
    )
    assert client_of(party.desk).post(address, data).status_code == 302
    with system_scope("tests"):
        return Visit.objects.get(order=party.order)


@pytest.mark.parametrize(
    ("place", "zone"),
    [
        ("97110 Pointe-à-Pitre", "America/Guadeloupe"),
        ("97200 Fort-de-France", "America/Martinique"),
        ("97300 Cayenne", "America/Cayenne"),
        ("97400 Saint-Denis", "Indian/Reunion"),
        ("97500 Saint-Pierre", "America/Miquelon"),
        ("97600 Mamoudzou", "Indian/Mayotte"),
        ("98600 Mata-Utu", "Pacific/Wallis"),
        ("98714 Papeete", "Pacific/Tahiti"),
        ("98800 Nouméa", "Pacific/Noumea"),
        ("75011 Paris", "Europe/Paris"),
        ("98000 Monaco", "Europe/Paris"),
        ("", "Europe/Paris"),
    ],
)
def test_each_place_has_its_zone(place, zone):
    where = department_of(place)
    assert zone_of(where).key == zone
    assert zone_name(where) == ("" if zone == "Europe/Paris" else zone)


def test_an_instant_is_shown_where_it_is_of():
    there = datetime(2026, 12, 31, 23, tzinfo=REUNION)
    assert (hour(there), day(there, "numeric")) == ("23\u00a0h", "31/12/2026")
    assert "23\u00a0h" in moment(there)
    assert clock.day_of(there) == date(2026, 12, 31)
    assert hour(there.astimezone(UTC)) == "20\u00a0h"  # plain: Paris
    assert clock.day_of(there, ZoneInfo("Pacific/Noumea")) == date(2027, 1, 1)


def test_what_is_typed_is_an_hour_there_on_every_page_and_message(party):
    visit = proposed(party)
    assert visit.window_start == datetime(2026, 12, 3, 4, tzinfo=UTC)
    assert (visit.zone, hour(visit.window_start)) == ("Indian/Reunion", "8\u00a0h")
    assert "entre 8 h et 10 h" in window_text(visit.window_start, visit.window_end)
    for url, who in (
        (reverse("orders:contractor_detail", args=[party.contractor.slug, party.order.pk]), "desk"),
        (reverse("orders:landlord_detail", args=[party.landlord.slug, party.order.pk]), "manager"),
    ):
        page = client_of(getattr(party, who)).get(url).content.decode()
        assert "8\u00a0h" in page
        assert "5\u00a0h" not in page
    followed = Client().get(reverse("tenants:follow", args=[links.token_of(party.link.pk)])).text
    assert "8\u00a0h" in followed
    assert "5\u00a0h" not in followed


def test_the_history_tells_hours_there(party):
    proposed(party)
    url = reverse("orders:contractor_detail", args=[party.contractor.slug, party.order.pk])
    page = client_of(party.desk).get(url).content.decode()
    assert "13\u00a0h" in page  # it was proposed at 10 h in Paris
    assert "10\u00a0h\u00a0" not in page


def test_a_diary_opens_at_the_hour_that_was_typed(party):
    visit = proposed(party, call_noted="on")
    token = links.token_of(party.link.pk)
    answer = Client().get(reverse("tenants:calendar", args=[token, visit.pk]))
    assert b"DTSTART:20261203T040000Z" in answer.content


def test_reminders_come_before_the_visit_by_the_clock_there(party):
    visit = proposed(party, call_noted="on")
    with system_scope("tests"):
        at = dict(VisitReminder.objects.values_list("moment", "remind_at"))
    there = {moment: when.astimezone(REUNION) for moment, when in at.items()}
    assert f"{there['day_before']:%d %H:%M}" == "02 10:00"
    assert f"{there['hours_before']:%d %H:%M}" == "03 07:30"
    assert all(when < visit.window_start for when in at.values())


def test_nights_and_the_cut_off_are_those_of_the_place(party):
    visit = proposed(party, call_noted="on")
    evening = datetime(2026, 12, 2, 17, tzinfo=UTC)  # 18 h in Paris, 21 h there
    assert reminders.is_night(evening, REUNION)
    assert not reminders.is_night(evening, clock.PARIS)
    morning = reminders.quiet_until(evening, REUNION)
    assert morning is not None
    assert f"{morning.astimezone(REUNION):%d %H:%M}" == "03 07:30"
    cut_off = policies.cut_off_before(visit.window_start)
    assert f"{cut_off.astimezone(REUNION):%d %H:%M}" == "02 18:00"


def test_nobody_is_sent_at_night_there():
    start = datetime(2026, 12, 3, 4, tzinfo=UTC)
    assert off_hours_because(start, start + timedelta(hours=2), "974") == ""
    assert off_hours_because(start, start + timedelta(hours=2)) == "Avant 7 h"


def test_slots_carry_their_zone_and_the_one_chosen_stands(party):
    proposed(party, date_2="2026-12-04", slot_2="14-16")
    with system_scope("tests"):
        slots = list(VisitSlot.objects.order_by("window_start"))
    assert [hour(slot.window_start) for slot in slots] == ["8\u00a0h", "14\u00a0h"]
    act(
        party,
        "desk",
        services.choose_slot,
        visit_id=slots[0].visit_id,
        slot_id=slots[1].pk,
        call_noted=True,
    )
    assert hour(row(slots[0].visit_id).window_start) == "14\u00a0h"


def test_the_hour_of_an_arrival_typed_by_the_desk_is_an_hour_there(party):
    visit = proposed(party, call_noted="on")
    with time_machine.travel(datetime(2026, 12, 3, 5, tzinfo=UTC), tick=False):
        address = reverse("orders:field_act", args=[party.contractor.slug, visit.pk, "sur-place"])
        assert client_of(party.desk).post(address, {"at": "08:40"}).status_code == 302
    assert row(visit.pk).arrived_at == datetime(2026, 12, 3, 4, 40, tzinfo=UTC)


def test_today_has_ended_there_before_it_has_in_paris():
    late = datetime(2026, 12, 1, 21, tzinfo=UTC)  # 22 h in Paris, 1 h of the 2nd there
    with time_machine.travel(late, tick=False):
        data = {"date": "2026-12-01", "slot": "8-10"}
        assert "date" in SlotForm(data, zone=REUNION).errors
        assert "date" not in SlotForm(data).errors


def test_of_paris_nothing_is_converted(world):
    first = world.first
    act(first, "desk", services.accept_order, order_id=first.order.pk)
    visit = proposed(first)
    assert (visit.zone, visit.window_start.tzinfo) == ("", UTC)
    assert hour(visit.window_start) == "8\u00a0h"
