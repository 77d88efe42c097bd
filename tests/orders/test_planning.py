"""The company's planning board: who goes where and when, and what overlaps."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.core.members import absences
from nexxio.core.models import Membership
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Visit
from orders.selectors.planning import planning
from tests.factories.full import act

DAY = clock.today() + timedelta(days=3)


@pytest.fixture
def party(world):
    return world.first


@pytest.fixture
def desk(party):
    browser = Client()
    browser.force_login(party.desk.user)
    return browser


def accepted(party):
    order = act(party, "manager", services.draft_order, data=party.order_input())
    act(party, "manager", services.issue_order, order_id=order.pk)
    act(party, "desk", services.accept_order, order_id=order.pk)
    return order


def agreed(party, start: int, end: int, *, technician=True, day=DAY):
    """Another order's appointment, from hour to hour."""
    hours = [datetime.combine(day, time(hour), clock.PARIS) for hour in (start, end)]
    return act(
        party,
        "desk",
        services.propose_visit,
        order_id=accepted(party).pk,
        start=hours[0],
        end=hours[1],
        technician_id=party.technician.pk if technician else None,
        call_noted=True,
    )


def board_of(party, *, days=7, first=DAY):
    actor = party.actor("desk")
    with scope_of(actor):
        return planning(actor, first=first, days=days)


def test_each_technician_has_his_line_and_what_nobody_has_yet_stands_first(party):
    free = agreed(party, 8, 10, technician=False)
    his = agreed(party, 14, 16)
    waiting = accepted(party)
    board = board_of(party)
    assert [row.technician for row in board.rows] == [None, party.technician]
    assert [[p.visit.pk for p in row.cells[0][1]] for row in board.rows] == [[free.pk], [his.pk]]
    assert [order.pk for order in board.to_plan] == [waiting.pk]
    assert (board.visits, board.clashes, board.more) == (2, 0, False)


def test_a_technician_twice_at_once_is_told_on_both_cards(party):
    one, other = agreed(party, 8, 10), agreed(party, 9, 11)
    after = agreed(party, 10, 12)
    (row,) = board_of(party).rows
    said = {p.visit.pk: [v.pk for v in p.clashes] for p in row.cells[0][1]}
    assert said == {one.pk: [other.pk], other.pk: [one.pk, after.pk], after.pk: [other.pk]}
    act(party, "desk", services.cancel_visit, visit_id=other.pk, reason="Panne")
    assert board_of(party).clashes == 0


def test_of_one_day_what_overlaps_stands_on_lines_of_its_own(party):
    agreed(party, 8, 10)
    agreed(party, 9, 11)
    agreed(party, 10, 12)
    (row,) = board_of(party, days=1).rows
    spans = [[(s.span, s.planned is not None) for s in lane] for lane in row.lanes]
    assert spans == [
        [(2, False), (4, True), (4, True), (16, False)],
        [(4, False), (4, True), (18, False)],
    ]


@pytest.mark.parametrize(
    ("start", "end", "hours"), [(5, 6, range(5, 20)), (22, 23, range(7, 23)), (9, 10, range(7, 20))]
)
def test_a_visit_beyond_the_usual_hours_widens_the_day(party, start, end, hours):
    agreed(party, start, end)
    board = board_of(party, days=1)
    assert board.hours == hours
    ((lane,),) = [row.lanes for row in board.rows]
    assert sum(segment.span for segment in lane) == 2 * len(hours)
    assert [segment.span for segment in lane if segment.planned] == [2]


def test_who_is_noted_absent_is_shown_and_given_a_visit_with_a_warning(party, desk):
    visit = agreed(party, 14, 16)
    act(
        party,
        "desk",
        absences.set_absence,
        membership_id=party.technician.pk,
        starts_on=DAY,
        ends_on=DAY + timedelta(days=1),
    )
    board = board_of(party)
    (row,) = board.rows
    assert row.absent == {DAY, DAY + timedelta(days=1)}
    assert [p.is_absent for p in row.cells[0][1]] == [True]
    assert board.absences == 1
    base = reverse("orders:contractor_planning", args=[party.contractor.slug])
    for days in (f"?semaine={DAY.isoformat()}", f"?jour={DAY.isoformat()}"):
        page = desk.get(base + days).content.decode()
        assert "Le technicien est noté absent" in page
    address = reverse("orders:contractor_assign", args=[party.contractor.slug])
    given = desk.post(address, {"visite": visit.pk, "technicien": party.technician.pk})
    assert any("noté absent" in str(one) for one in get_messages(given.wsgi_request))


def test_given_from_the_board_it_comes_back_to_the_same_week_and_warns(party, desk):
    agreed(party, 8, 10)
    free = agreed(party, 9, 11, technician=False)
    url = reverse("orders:contractor_assign", args=[party.contractor.slug])
    said = desk.post(
        url, {"visite": free.pk, "technicien": party.technician.pk, "semaine": DAY.isoformat()}
    )
    assert said.url.endswith(f"/planning/?semaine={DAY.isoformat()}")
    assert [str(message) for message in get_messages(said.wsgi_request)] == [
        "Passage confié à Karim.",
        "Karim a déjà un rendez-vous de 8\xa0h à 10\xa0h ce jour-là.",
    ]
    with system_scope("tests"):
        assert Visit.objects.get(pk=free.pk).technician_id == party.technician.pk
    page = desk.get(said.url).content.decode()
    assert "Chevauche" in page


def test_dropped_on_a_day_the_forms_open_on_it(party, desk):
    visit, order = agreed(party, 8, 10), accepted(party)
    slug = party.contractor.slug
    later = (DAY + timedelta(days=2)).isoformat()
    asked = {"jour": later, "technicien": str(party.technician.pk)}
    move = desk.get(reverse("orders:contractor_visit", args=[slug, visit.pk, "deplacer"]), asked)
    assert f'value="{later}"' in move.content.decode()
    url = reverse("orders:contractor_act", args=[slug, order.pk, "rendez-vous"])
    page = desk.get(url, asked).content.decode()
    assert f'value="{later}"' in page
    assert f'value="{party.technician.pk}" selected' in page


def test_moved_an_appointment_keeps_its_hours_and_says_who_goes(party, desk):
    slug, other = party.contractor.slug, party.technician
    for hours, slot in (((16, 18), "16-18"), ((9, 12), None)):
        visit = agreed(party, *hours, technician=False)
        url = reverse("orders:contractor_visit", args=[slug, visit.pk, "deplacer"])
        asked = {"jour": (DAY + timedelta(days=2)).isoformat(), "technicien": str(other.pk)}
        page = desk.get(url, asked).content.decode()
        assert f'value="{other.pk}" selected' in page
        if slot:
            assert f'value="{slot}" selected' in page
        else:
            assert 'value="09:00"' in page
            assert 'value="12:00"' in page
        typed = {"date": asked["jour"], "slot": "16-18", "reason": "Panne", "technician": other.pk}
        typed["off_hours"] = "on"  # whatever day of the week that is
        assert desk.post(url, typed).status_code == 302
        with system_scope("tests"):
            moved = Visit.objects.get(order_id=visit.order_id, state="proposed")
            assert moved.technician_id == other.pk


@pytest.mark.parametrize(
    "asked", ["?jour=hier", "?semaine=9999-12-31", "?jour=", "?semaine=0001-01-01"]
)
def test_an_address_that_names_no_day_shows_today(party, desk, asked):
    url = reverse("orders:contractor_planning", args=[party.contractor.slug])
    assert desk.get(url + asked).status_code == 200


def test_a_reader_looks_and_moves_nothing(party):
    visit = agreed(party, 8, 10)
    with system_scope("tests"):
        Membership.objects.filter(pk=party.desk.pk).update(roles=["reader"])
    browser = Client()
    browser.force_login(party.desk.user)
    slug = party.contractor.slug
    week = {"semaine": DAY.isoformat()}
    shown = browser.get(reverse("orders:contractor_planning", args=[slug]), week)
    page = shown.content.decode()
    assert str(visit.order_id) in page
    assert "draggable" not in page
    said = browser.post(
        reverse("orders:contractor_assign", args=[slug]),
        {"visite": visit.pk, "technicien": party.technician.pk},
    )
    assert said.status_code == 403
