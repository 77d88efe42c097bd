"""The office marks a visit for its technician, and everybody reads that it did."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core import clock, links
from nexxio.core.models import Event
from nexxio.core.scoping import system_scope
from orders import policies
from orders.field_forms import MomentForm
from orders.models import Visit
from tests.factories.full import visited

MARK = "saisi par le bureau"


@pytest.fixture
def party(world):
    return world.first


@pytest.fixture
def visit(party):
    return visited(party, state="confirmed")


def browser_of(member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def field_url(party, visit, *action) -> str:
    name = "orders:field_act" if action else "orders:field_visit"
    return reverse(name, args=[party.contractor.slug, visit.pk, *action])


def row(visit) -> Visit:
    with system_scope("tests"):
        return Visit.objects.get(pk=visit.pk)


def test_the_order_and_the_planning_lead_to_the_visit_and_back(party, visit):
    desk = browser_of(party.desk)
    slug = party.contractor.slug
    day = visit.window_start.astimezone(clock.PARIS).date()
    order = reverse("orders:contractor_detail", args=[slug, visit.order_id])
    planning = reverse("orders:contractor_planning", args=[slug])
    for page in (order, f"{planning}?jour={day.isoformat()}"):
        assert f'href="{field_url(party, visit)}"' in desk.get(page).text
    page = desk.get(field_url(party, visit)).text
    assert f'href="{order}"' in page
    assert "Vous saisissez pour le technicien" in page
    assert (
        "Vous saisissez pour le technicien"
        not in browser_of(party.technician).get(field_url(party, visit)).text
    )


def test_what_the_desk_marks_happened_at_its_hour_and_is_marked_for_all(party, visit):
    desk = browser_of(party.desk)
    with clock.moved_to(visit.window_end):
        at = visit.window_start.astimezone(clock.PARIS).strftime("%H:%M")
        assert desk.post(field_url(party, visit, "sur-place"), {"at": at}).status_code == 302
    arrived = visit.window_start.replace(second=0, microsecond=0)
    assert (row(visit).state, row(visit).arrived_at) == ("on_site", arrived)
    slug, order_id = party.contractor.slug, visit.order_id
    landlord = reverse("orders:landlord_detail", args=[party.landlord.slug, order_id])
    company = reverse("orders:contractor_detail", args=[slug, order_id])
    follow = reverse("tenants:follow", args=[links.token_of(party.link.pk)])
    assert MARK in browser_of(party.manager).get(landlord).text
    assert MARK in Client().get(follow).text
    page = desk.get(company).text
    assert f"{MARK} ({party.desk.user})" in page
    assert "Le technicien est sur place" in page


def test_a_technician_marks_nothing_for_the_office(party, visit):
    assert browser_of(party.technician).post(field_url(party, visit, "en-route")).status_code == 302
    with system_scope("tests"):
        assert Event.objects.get(kind="visit.on_the_way").channel == "phone_app"


def test_a_desk_that_goes_itself_enters_for_nobody(party, visit):
    with system_scope("tests"):
        party.desk.roles = ["manager", "technician"]
        party.desk.save(update_fields=["roles"])
        Visit.objects.filter(pk=visit.pk).update(technician=party.desk)
    assert not policies.enters_for(party.actor("desk"), row(visit))
    assert policies.can_enter(party.actor("desk"), row(visit))


def test_done_is_offered_from_the_confirmed_visit_on(party, visit):
    technician = browser_of(party.technician)
    page = technician.get(field_url(party, visit)).text
    assert "Tout est fait" in page
    assert technician.post(field_url(party, visit, "termine")).status_code == 302
    assert row(visit).state == "done"


def test_an_hour_past_midnight_is_of_the_night_that_follows():
    night = Visit(window_start=datetime(2026, 11, 2, 23, tzinfo=clock.PARIS))
    for at, day in (("22:40", 2), ("00:30", 3)):
        form = MomentForm({"at": at}, visit=night, by_office=True)
        assert form.is_valid()
        moment = form.moment()
        assert moment is not None
        assert moment.astimezone(clock.PARIS).strftime("%d %H:%M") == f"0{day} {at}"


@pytest.mark.parametrize("text", ["0001-01-01T00:00+14:00", "2026-11-02T10:00", "hier"])
def test_an_instant_that_nobody_can_read_is_refused_in_words(text):
    form = MomentForm({"happened_at": text}, visit=Visit())
    assert not form.is_valid()
    assert "illisible" in str(form.errors)
