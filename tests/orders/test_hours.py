"""Hours of one's own, closed days and nights, clashes, and who leaves at once."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from nexxio.core import clock
from nexxio.core.clock import PARIS
from nexxio.core.errors import Invalid, Refused
from nexxio.core.models import Event, Membership, User
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Order, Visit
from orders.working_days import off_hours_because
from tests.factories.full import act, visited

DAY = datetime(2039, 5, 4, tzinfo=PARIS).date()  # a Wednesday
SUNDAY = DAY + timedelta(days=11)


@pytest.fixture
def party(world):
    act(world.first, "desk", services.accept_order, order_id=world.first.order.pk)
    return world.first


@pytest.fixture
def desk(party):
    browser = Client()
    browser.force_login(party.desk.user)
    return browser


def at(day, hour, minute=0) -> datetime:
    return datetime.combine(day, time(hour, minute), PARIS)


def offer(party, start, end, **changes):
    return act(
        party,
        "desk",
        services.propose_visit,
        order_id=party.order.pk,
        start=start,
        end=end,
        technician_id=party.technician.pk,
        **changes,
    )


def url(party, action) -> str:
    return reverse("orders:contractor_act", args=[party.contractor.slug, party.order.pk, action])


def visits(party) -> list[Visit]:
    with system_scope("tests"):
        return list(Visit.objects.filter(order=party.order).order_by("number"))


def said(answer) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def urgent(party) -> None:
    with system_scope("tests"):
        Order.objects.filter(pk=party.order.pk).update(priority="urgent")


@pytest.mark.parametrize(
    ("start", "end", "why"),
    [
        (at(SUNDAY, 10), at(SUNDAY, 12), "Dimanche"),
        (at(DAY, 6, 30), at(DAY, 8), "Avant 7 h"),
        (at(DAY, 19), at(DAY, 20, 30), "Après 20 h"),
        (at(DAY, 23), at(DAY + timedelta(days=1), 1), "Après 20 h"),
        (at(DAY, 18), at(DAY, 20), ""),
    ],
)
def test_nobody_is_sent_off_hours_without_a_word(party, start, end, why):
    assert off_hours_because(start, end) == why
    if not why:
        assert offer(party, start, end).state == "proposed"
        return
    with pytest.raises(Invalid) as refusal:
        offer(party, start, end)
    assert list(refusal.value.errors) == ["off_hours"]
    assert offer(party, start, end, off_hours=True).state == "proposed"


def test_what_was_agreed_by_phone_or_is_urgent_needs_no_check(party):
    visit = offer(party, at(SUNDAY, 10), at(SUNDAY, 12), call_noted=True)
    with pytest.raises(Invalid):
        act(
            party,
            "desk",
            services.move_visit,
            visit_id=visit.pk,
            start=at(SUNDAY, 14),
            end=at(SUNDAY, 16),
            reason="Panne",
        )
    urgent(party)
    moved = act(
        party,
        "desk",
        services.move_visit,
        visit_id=visit.pk,
        start=at(SUNDAY, 14),
        end=at(SUNDAY, 16),
        reason="Panne",
    )
    assert moved.state == "proposed"


def test_hours_of_ones_own_replace_the_slot_and_what_is_closed_is_told(party, desk):
    typed = {"date": DAY.isoformat(), "slot": "8-10", "start": "12:15", "end": "13:00"}
    wrong = desk.post(url(party, "rendez-vous"), {**typed, "end": "11:00"})
    assert wrong.status_code == 422
    half = desk.post(url(party, "rendez-vous"), {**typed, "end": ""})
    assert "Donnez les deux heures" in half.text
    closed = desk.post(url(party, "rendez-vous"), {**typed, "date": SUNDAY.isoformat()})
    assert closed.status_code == 422
    assert "Dimanche" in closed.text
    agreed = {**typed, "date": SUNDAY.isoformat(), "off_hours": "on"}
    answer = desk.post(url(party, "rendez-vous"), agreed)
    assert answer.status_code == 302
    assert "Hors horaires" in said(answer)
    (visit,) = visits(party)
    assert (visit.window_start, visit.window_end) == (at(SUNDAY, 12, 15), at(SUNDAY, 13))


def test_moving_gives_it_to_another_at_once_and_tells_of_his_other_visits(party, desk):
    with system_scope("tests"):
        user = User.objects.create_user("ali@lutece.example", "x", first_name="Ali")
        other = Membership.objects.create(
            organisation=party.contractor, user=user, roles=["technician"]
        )
        elsewhere = act(party, "manager", services.draft_order, data=party.order_input())
    act(party, "manager", services.issue_order, order_id=elsewhere.pk)
    act(party, "desk", services.accept_order, order_id=elsewhere.pk)
    act(
        party,
        "desk",
        services.propose_visit,
        order_id=elsewhere.pk,
        start=at(DAY, 9),
        end=at(DAY, 11),
        technician_id=other.pk,
    )
    visit = offer(party, at(DAY, 14), at(DAY, 16))
    move = reverse("orders:contractor_visit", args=[party.contractor.slug, visit.pk, "deplacer"])
    typed = {"date": DAY.isoformat(), "slot": "8-10", "reason": "Panne", "technician": other.pk}
    answer = desk.post(move, typed)
    assert answer.status_code == 302
    assert "Ali a déjà un rendez-vous" in said(answer)
    _old, new = visits(party)
    assert (new.technician_id, new.technician_first_name) == (other.pk, "Ali")
    with pytest.raises(Invalid):
        act(
            party,
            "desk",
            services.move_visit,
            visit_id=new.pk,
            start=at(DAY, 14),
            end=at(DAY, 16),
            reason="Panne",
            technician_id=party.desk.pk,
        )
    assert visits(party)[-1].pk == new.pk


def test_urgent_works_are_left_for_at_once(party, desk):
    with pytest.raises(Refused):
        act(
            party,
            "desk",
            services.go_now,
            order_id=party.order.pk,
            technician_id=party.technician.pk,
        )
    urgent(party)
    page = desk.get(
        reverse("orders:contractor_detail", args=[party.contractor.slug, party.order.pk])
    )
    assert f'href="{url(party, "partir")}"' in page.text
    nobody = desk.post(url(party, "partir"), {})
    assert nobody.status_code == 422
    answer = desk.post(url(party, "partir"), {"technician": party.technician.pk})
    assert answer.status_code == 302
    (visit,) = visits(party)
    assert (visit.state, visit.technician_id) == ("on_the_way", party.technician.pk)
    assert visit.left_at is not None
    with system_scope("tests"):
        assert Event.objects.get(kind="visit.on_the_way").channel == "office"
        assert Event.objects.get(kind="visit.confirmed").on_behalf_of == ""
    with pytest.raises(Refused):
        act(party, "technician", services.go_now, order_id=party.order.pk)


def test_a_technician_leaves_before_the_hour_of_his_urgent_visit(world):
    party = world.first
    visit = visited(party, state="proposed")
    technician = Client()
    technician.force_login(party.technician.user)
    page = reverse("orders:field_visit", args=[party.contractor.slug, visit.pk])
    assert "J’y vais maintenant" not in technician.get(page).text
    urgent(party)
    assert "J’y vais maintenant" in technician.get(page).text
    answer = technician.post(f"{page}maintenant/")
    old, new = visits(party)
    assert (old.state, new.state) == ("rescheduled", "on_the_way")
    assert str(new.pk) in answer["Location"]
    assert new.window_start <= clock.now() < new.window_end
