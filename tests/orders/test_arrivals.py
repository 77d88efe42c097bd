"""The day of the visit: hours of arrival, calendar files, another appointment asked for."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from nexxio.core import clock, links, relay
from nexxio.core.clock import PARIS
from nexxio.core.errors import Invalid, Refused
from nexxio.core.models import Event, Message
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Visit
from tests.factories.acting import act
from tests.factories.full import offered, slots_of


@pytest.fixture
def party(world):
    """The first party, its visit confirmed in two days from 10 h to 12 h."""
    act(world.first, "desk", services.accept_order, order_id=world.first.order.pk)
    visit = offered(world.first)
    slot_id = slots_of(visit)[0].pk
    act(world.first, "tenant", services.choose_slot, visit_id=visit.pk, slot_id=slot_id)
    return world.first


def visit_of(party) -> Visit:
    with system_scope("tests"):
        return Visit.objects.get(order=party.order)


def hour(visit, hours: int, minutes: int = 0) -> datetime:
    day = visit.window_start.astimezone(PARIS).date()
    return datetime(day.year, day.month, day.day, hours, minutes, tzinfo=PARIS)


def narrow(party, who, visit, start, minutes=30):
    end = start + timedelta(minutes=minutes)
    return act(party, who, services.narrow_arrival, visit_id=visit.pk, start=start, end=end)


@pytest.mark.parametrize(("start", "late"), [((10, 30), False), ((12, 45), True)])
def test_the_tenant_sees_when_the_technician_arrives(party, start, late):
    visit = visit_of(party)
    with clock.moved_to(hour(visit, 9)):
        narrow(party, "technician", visit, hour(visit, *start))
        narrow(party, "technician", visit, hour(visit, *start))  # the same again says nothing
        relay.deliver_one_by_one()
        url = reverse("tenants:follow", args=[links.token_of(party.link.pk)])
        assert "prévoit d’arriver" in Client().get(url).content.decode()
    with system_scope("tests"):
        event = Event.objects.get(kind="visit.arrival_narrowed")
        assert Message.objects.filter(text__contains="prévoit d’arriver").count() == 1
    assert event.payload["late"] is late
    assert visit_of(party).window_start == visit.window_start


@pytest.mark.parametrize(
    ("now", "start", "minutes", "field"),
    [
        (9, 10, 90, "minutes"),
        (9, 9, 30, "start"),
        (12, 10, 30, "start"),
        (9, 15, 30, "start"),
    ],
)
def test_hours_that_make_no_sense_are_refused(party, now, start, minutes, field):
    visit = visit_of(party)
    with clock.moved_to(hour(visit, now)), pytest.raises(Invalid) as refusal:
        narrow(party, "technician", visit, hour(visit, start), minutes)
    assert list(refusal.value.errors) == [field]
    assert visit_of(party).arrival_start is None


def test_on_another_day_or_by_others_nothing_is_announced(party):
    visit = visit_of(party)
    with pytest.raises(Refused):
        narrow(party, "technician", visit, hour(visit, 10))
    with clock.moved_to(hour(visit, 9)):
        for who in ("tenant", "manager"):
            with pytest.raises(Refused):
                narrow(party, who, visit, hour(visit, 10))
    assert visit_of(party).arrival_start is None


def test_the_phone_announces_and_says_what_is_wrong(party):
    visit = visit_of(party)
    client = Client()
    client.force_login(party.technician.user)
    slug = party.contractor.slug
    url = reverse("orders:field_act", args=[slug, visit.pk, "arrivee"])
    with clock.moved_to(hour(visit, 9)):
        page = client.get(reverse("orders:field_visit", args=[slug, visit.pk])).content.decode()
        assert "Annoncer mon heure d’arrivée" in page
        assert client.post(url, {"start": "9h", "minutes": "30"}).status_code == 422
        assert client.post(url, {"start": "08:00", "minutes": "30"}).status_code == 422
        assert client.post(url, {"start": "11:00", "minutes": "30"}).status_code == 302
    assert visit_of(party).arrival_start == hour(visit, 11)


def test_both_put_it_in_their_diary(party):
    visit = visit_of(party)
    token = links.token_of(party.link.pk)
    desk = Client()
    desk.force_login(party.desk.user)
    tenants = Client().get(reverse("tenants:calendar", args=[token, visit.pk]))
    companys = desk.get(
        reverse("orders:contractor_calendar", args=[party.contractor.slug, visit.pk])
    )
    for response, place in ((tenants, False), (companys, True)):
        assert response["Content-Type"].startswith("text/calendar")
        (entry,) = Calendar.from_ical(response.content).walk("VEVENT")
        assert entry.decoded("dtstart") == visit.window_start
        assert entry.decoded("dtend") == visit.window_end
        assert ("location" in entry) is place
        assert token not in response.content.decode()
        assert party.tenant.phone not in response.content.decode()
    act(party, "tenant", services.cancel_visit, visit_id=visit.pk, reason="Empêché")
    assert Client().get(reverse("tenants:calendar", args=[token, visit.pk])).status_code == 404


def test_another_appointment_is_asked_for_with_what_suits(party):
    visit = visit_of(party)
    token = links.token_of(party.link.pk)
    page = reverse("tenants:follow", args=[token])
    assert "prenez un autre des créneaux proposés" in Client().get(page).content.decode()
    with clock.moved_to(hour(visit, 9)):
        assert "heure limite" in Client().get(page).content.decode()
    answer = {"reponse": "non", "souhait": "matin"}
    Client().post(reverse("tenants:visit", args=[token, visit.pk]), answer)
    row = visit_of(party)
    assert (row.state, row.reason) == (
        "cancelled",
        "Créneau impossible pour le locataire ; plutôt le matin",
    )
