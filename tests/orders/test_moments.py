"""What depends on the hour: appointments that are over, the 72 hours, who is under way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core import clock, links
from nexxio.core.actors import scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.models import Event
from nexxio.core.scoping import system_scope
from orders import services
from orders.access import get_order
from orders.models import Order, Visit
from orders.selectors.pages import order_page
from orders.selectors.planning import technician_day
from tenants.selectors import follow_page
from tests.factories.full import act, visited


def state_of(row) -> str:
    with system_scope("tests"):
        return type(row).objects.get(pk=row.pk).state


def followed(party):
    tenant = party.actor("tenant")
    with scope_of(tenant):
        return follow_page(tenant)


def page_of(party, who: str):
    actor = party.actor(who)
    with scope_of(actor):
        return order_page(actor, get_order(actor, party.order.pk))


@pytest.mark.parametrize(("who", "called"), [("tenant", False), ("desk", True)])
def test_a_window_that_is_over_is_confirmed_by_nobody(world, who, called):
    party = world.first
    visit = visited(party, state="proposed")
    assert followed(party).can_confirm
    assert page_of(party, "desk").visits[0].can_confirm
    with clock.moved_to(visit.window_end):
        assert not followed(party).can_confirm
        assert "Ce créneau est passé" in followed(party).next_sentence
        assert not page_of(party, "desk").visits[0].can_confirm
        with pytest.raises(Refused, match="passé") as refusal:
            act(party, who, services.confirm_visit, visit_id=visit.pk, call_noted=called)
    assert refusal.value.code == "past"
    assert state_of(visit) == "proposed"
    with system_scope("tests"):
        assert not Event.objects.filter(kind="visit.confirmed", order_id=party.order.pk).exists()


def test_who_confirmed_first_is_said_also_when_the_window_is_over(world):
    visit = visited(world.first, state="confirmed")
    with clock.moved_to(visit.window_end), pytest.raises(Conflict):
        act(world.first, "tenant", services.confirm_visit, visit_id=visit.pk)


def test_the_sentence_of_the_72_hours_ends_with_them(world):
    party = world.first
    visit = visited(party, state="confirmed")
    act(party, "technician", services.complete_visit, visit_id=visit.pk)
    assert "72 heures" in followed(party).next_sentence
    with system_scope("tests"):
        done_at = Order.objects.get(pk=party.order.pk).done_at
    with clock.moved_to(done_at + timedelta(hours=72, seconds=1)):
        page = followed(party)
        assert "72 heures" not in page.next_sentence
        assert "appelez votre bailleur" in page.next_sentence
        assert not page.can_reopen


def test_the_page_offers_to_return_exactly_when_the_service_does(world):
    """A technician may be on site without having said that he left."""
    party = world.first
    visit = visited(party, state="confirmed")
    assert page_of(party, "desk").can["return"]
    act(party, "technician", services.arrive, visit_id=visit.pk)
    assert not page_of(party, "desk").can["return"]
    with pytest.raises(Refused, match="sur place"):
        act(party, "desk", services.return_order, order_id=party.order.pk, items=["phone"])
    assert state_of(party.order) == "accepted"
    assert state_of(visit) == "on_site"


def test_a_past_window_answers_with_words_in_the_browser(world):
    party = world.first
    visit = visited(party, state="proposed")
    token = links.token_of(party.link.pk)
    with system_scope("tests"):
        Visit.objects.filter(pk=visit.pk).update(
            window_start=clock.now() - timedelta(hours=3), window_end=clock.now()
        )
    url = reverse("tenants:visit", args=[token, visit.pk])
    back = f"http://testserver{reverse('tenants:follow', args=[token])}"
    page = Client().post(url, {"reponse": "oui"}, headers={"Referer": back}, follow=True)
    assert "Ce créneau est passé" in page.content.decode()
    assert "Je confirme" not in page.content.decode()


def visit_of(visit) -> Visit:
    with system_scope("tests"):
        return Visit.objects.get(pk=visit.pk)


def test_a_late_departure_fills_what_is_not_known_and_moves_nothing(world):
    party = world.first
    visit = visited(party, state="confirmed")
    act(party, "technician", services.arrive, visit_id=visit.pk)
    arrived = visit_of(visit).arrived_at
    left = arrived - timedelta(minutes=20)
    act(party, "technician", services.leave, visit_id=visit.pk, happened_at=left)
    row = visit_of(visit)
    assert (row.state, row.left_at, row.arrived_at) == ("on_site", left, arrived)
    act(party, "technician", services.leave, visit_id=visit.pk, happened_at=left + timedelta(1e-4))
    assert visit_of(visit).left_at == left  # the first report stays


def test_a_late_fact_comes_before_what_it_precedes(world):
    party = world.first
    visit = visited(party, state="confirmed")
    act(party, "technician", services.complete_visit, visit_id=visit.pk)
    finished = visit_of(visit).finished_at
    with system_scope("tests"):
        before = Event.objects.count()
    with pytest.raises(Conflict):
        act(party, "technician", services.arrive, visit_id=visit.pk, happened_at=finished)
    row = visit_of(visit)
    assert (row.state, row.arrived_at, row.version) == ("done", None, visit_of(visit).version)
    with system_scope("tests"):
        assert Event.objects.count() == before


@pytest.mark.parametrize(
    ("service", "words"),
    [
        (services.leave, {}),
        (services.arrive, {}),
        (services.complete_visit, {}),
        (services.complete_visit, {"in_part": True, "next_step": "Retour lundi"}),
    ],
)
def test_nothing_has_happened_that_is_to_come(world, service, words):
    party = world.first
    visit = visited(party, state="confirmed")
    with pytest.raises(Invalid) as refusal:
        act(
            party,
            "technician",
            service,
            visit_id=visit.pk,
            happened_at=clock.now() + timedelta(minutes=5),
            **words,
        )
    assert list(refusal.value.errors) == ["happened_at"]
    assert state_of(visit) == "confirmed"
    assert state_of(party.order) == "accepted"


def field_day(party):
    technician = party.actor("technician")
    with scope_of(technician):
        return technician_day(technician)


@pytest.mark.parametrize("reached", ["confirmed", "on_the_way", "on_site"])
def test_a_visit_of_yesterday_stays_until_it_is_ended(world, reached):
    party = world.first
    visit = visited(party, state="confirmed")
    if reached != "confirmed":
        act(party, "technician", services.leave, visit_id=visit.pk)
    if reached == "on_site":
        act(party, "technician", services.arrive, visit_id=visit.pk)
    assert field_day(party).unfinished == []
    client = Client()
    client.force_login(party.technician.user)
    url = reverse("orders:field_day", args=[party.contractor.slug])
    with clock.moved_to(visit.window_start + timedelta(days=1)):
        assert [row.pk for row in field_day(party).unfinished] == [visit.pk]
        assert "Pas encore terminés" in client.get(url).content.decode()
        act(party, "technician", services.complete_visit, visit_id=visit.pk)
        day = field_day(party)
        assert (day.unfinished, day.today, day.later) == ([], [], [])


def test_what_is_left_of_yesterday_stands_apart_from_what_is_of_today(world):
    party = world.first
    left = visited(party, state="confirmed")
    other = act(party, "manager", services.draft_order, data=party.order_input())
    act(party, "manager", services.issue_order, order_id=other.pk)
    act(party, "desk", services.accept_order, order_id=other.pk)
    act(
        party,
        "desk",
        services.propose_visit,
        order_id=other.pk,
        start=left.window_start + timedelta(days=1),
        end=left.window_end + timedelta(days=1),
        technician_id=party.technician.pk,
        call_noted=True,
        off_hours=True,
    )
    browser = Client()
    browser.force_login(party.technician.user)
    url = reverse("orders:field_day", args=[party.contractor.slug])
    with clock.moved_to(left.window_start + timedelta(days=1)):
        page = browser.get(url).text
    # The older one stands above the head of today, the other one below.
    above, below = page.split("<h2>Aujourd’hui</h2>")
    with system_scope("tests"):
        new = Visit.objects.get(order_id=other.pk)
    assert (str(left.pk) in above, str(left.pk) in below) == (True, False)
    assert (str(new.pk) in above, str(new.pk) in below) == (False, True)


def test_an_offer_that_nobody_took_is_not_left_to_the_technician(world):
    visit = visited(world.first, state="proposed")
    with clock.moved_to(visit.window_start + timedelta(days=1)):
        assert field_day(world.first).unfinished == []


@pytest.mark.parametrize("at_once", [True, False])
def test_a_confirmation_by_phone_is_on_behalf_of_the_tenant(world, at_once):
    party = world.first
    if at_once:
        act(party, "desk", services.accept_order, order_id=party.order.pk)
        start = clock.now() + timedelta(hours=3)
        act(
            party,
            "desk",
            services.propose_visit,
            order_id=party.order.pk,
            start=start,
            end=start + timedelta(hours=2),
            call_noted=True,
        )
    else:
        visit = visited(party, state="proposed")
        act(party, "desk", services.confirm_visit, visit_id=visit.pk, call_noted=True)
    with system_scope("tests"):
        event = Event.objects.get(kind="visit.confirmed")
    assert (event.actor_side, event.on_behalf_of) == ("contractor", "tenant")
    entries = page_of(party, "manager").history
    (line,) = [entry for entry in entries if "confirmé le rendez-vous" in entry.text]
    assert line.channel == "portail, avec l’accord du locataire par téléphone"


def test_a_tenant_confirms_for_himself(world):
    visited(world.first, state="confirmed")
    with system_scope("tests"):
        assert Event.objects.get(kind="visit.confirmed").on_behalf_of == ""
