"""Closed days: a house's managers note them, its partners read them, appointments heed them."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.core.clock import PARIS
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.members import closings
from nexxio.core.models import ClosedPeriod, Event
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Order, OrderContact
from orders.selectors.planning import planning
from tests.factories.full import act

DAY = datetime(2039, 5, 4, tzinfo=PARIS).date()  # a Wednesday
EARLY = {"starts_on": DAY - timedelta(days=1), "ends_on": DAY + timedelta(days=1)}


@pytest.fixture
def party(world):
    act(world.first, "desk", services.accept_order, order_id=world.first.order.pk)
    return world.first


def note(party, who: str, label: str = "Congés d’été", **changes) -> ClosedPeriod:
    return act(party, who, closings.note_closing, label=label, **{**EARLY, **changes})


def offer(party, day=DAY, **changes):
    hours = {
        name: datetime.combine(day, time(hour), PARIS)
        for name, hour in (("start", 10), ("end", 12))
    }
    return act(party, "desk", services.propose_visit, order_id=party.order.pk, **hours, **changes)


def shown_to(party, who: str) -> list[str]:
    actor = party.actor(who)
    with scope_of(actor):
        return [row.label for row in ClosedPeriod.objects.order_by("label")]


def page(party, side: str = "contractor") -> str:
    house = party.contractor if side == "contractor" else party.landlord
    return reverse(f"members:{side}_closings", args=[house.slug])


def as_member(member) -> Client:
    browser = Client()
    browser.force_login(member.user)
    return browser


def test_partners_read_what_they_may_not_change(world):
    first, second = world.first, world.second
    own = note(first, "manager", "Pont du bailleur")
    company = note(first, "desk", "Congés de l’entreprise")
    assert shown_to(first, "manager") == shown_to(first, "desk") != []
    assert shown_to(second, "manager") == shown_to(second, "desk") == []
    for who, row in (("desk", own), ("manager", company)):
        with scope_of(first.actor(who)):
            assert ClosedPeriod.objects.filter(pk=row.pk).update(label="volé") == 0
            assert ClosedPeriod._base_manager.filter(pk=row.pk).delete()[0] == 0
        with pytest.raises(Conflict):
            act(first, who, closings.withdraw_closing, closing_id=row.pk)
    with scope_of(first.actor("desk")), pytest.raises(DatabaseError), transaction.atomic():
        ClosedPeriod(organisation=first.landlord, label="x", **EARLY).save(force_insert=True)


def test_only_managers_write(party):
    for who in ("clerk", "reader", "technician"):
        with pytest.raises(Refused):
            note(party, who)
        house = party.actor(who).own_id
        with scope_of(party.actor(who)), pytest.raises(DatabaseError), transaction.atomic():
            ClosedPeriod(organisation_id=house, label="x", **EARLY).save(force_insert=True)


def test_days_are_checked_and_noted_once(party):
    yesterday = clock.today() - timedelta(days=1)
    for wrong in (
        {"starts_on": DAY, "ends_on": DAY - timedelta(days=1)},
        {"starts_on": yesterday, "ends_on": yesterday},
        {"starts_on": DAY, "ends_on": DAY + timedelta(days=closings.MOST_DAYS)},
        {"label": "  "},
    ):
        with pytest.raises(Invalid):
            note(party, "desk", **wrong)
    row = note(party, "desk")
    with pytest.raises(Invalid):
        note(party, "desk", starts_on=DAY, ends_on=DAY)
    act(party, "desk", closings.withdraw_closing, closing_id=row.pk)
    with pytest.raises(Conflict):
        act(party, "desk", closings.withdraw_closing, closing_id=row.pk)
    with system_scope("tests: events"):
        kinds = Event.objects.filter(kind__startswith="house.closing").order_by("id")
        assert [event.kind for event in kinds] == ["house.closing_noted", "house.closing_withdrawn"]
        assert "Congés" not in str([event.payload for event in kinds])


def test_a_window_of_a_closed_day_is_refused_unless_agreed(party):
    note(party, "desk")
    with pytest.raises(Invalid) as refused:
        offer(party)
    assert "Entreprise fermée (Congés d’été)" in str(refused.value.errors)
    with pytest.raises(Invalid):
        act(
            party,
            "desk",
            services.propose_slots,
            order_id=party.order.pk,
            windows=[
                (datetime.combine(day, time(8), PARIS), datetime.combine(day, time(10), PARIS))
                for day in (DAY, DAY + timedelta(days=5))
            ],
        )
    assert offer(party, off_hours=True).state == "proposed"


def test_other_days_and_pressing_works_go_on(party):
    note(party, "desk", ends_on=DAY - timedelta(days=1))
    with system_scope("tests: urgent"):
        Order.objects.filter(pk=party.order.pk).update(priority="urgent")
    assert offer(party, DAY - timedelta(days=1)).state == "proposed"


def test_the_landlords_days_count_where_it_holds_the_way_in(party):
    note(party, "manager", "Pont")
    with system_scope("tests: access"):
        OrderContact.objects.filter(order=party.order).update(access=["keys"])
    with pytest.raises(Invalid) as refused:
        offer(party)
    assert "Bailleur fermé, il détient l’accès (Pont)" in str(refused.value.errors)
    with system_scope("tests: access"):
        OrderContact.objects.filter(order=party.order).update(access=["intercom"])
    assert offer(party).state == "proposed"


def test_another_companys_days_are_nobodys_business(world, party):
    note(world.second, "desk")
    note(world.second, "manager")
    assert offer(party).state == "proposed"


def test_a_delay_of_the_contract_runs_on(party):
    before = party.order.target_date
    note(party, "desk", starts_on=clock.today(), ends_on=clock.today() + timedelta(days=30))
    with system_scope("tests: target"):
        assert Order.objects.get(pk=party.order.pk).target_date == before


def test_the_planning_board_shows_them(party):
    note(party, "desk")
    actor = party.actor("desk")
    with scope_of(actor):
        days = planning(actor, first=DAY - timedelta(days=2), days=5).days
    said = [day.closed for day in days]
    assert said == ["", *["Entreprise fermée (Congés d’été)"] * 3, ""]
    shown = as_member(party.desk).get(
        reverse("orders:contractor_planning", args=[party.contractor.slug]),
        {"jour": DAY.isoformat()},
    )
    assert "Entreprise fermée (Congés d’été)" in shown.content.decode()


@pytest.mark.parametrize("side", ["landlord", "contractor"])
def test_the_page_notes_shows_and_takes_back(party, side):
    who = party.manager if side == "landlord" else party.desk
    partner = party.desk if side == "landlord" else party.manager
    browser = as_member(who)
    data = {"label": "Inventaire", "starts_on": DAY.isoformat(), "ends_on": ""}
    assert browser.post(page(party, side), {**data, "label": ""}).status_code == 422
    assert browser.post(page(party, side), data).status_code == 302
    assert browser.post(page(party, side), data).status_code == 422
    with system_scope("tests: row"):
        row = ClosedPeriod.objects.get()
    assert row.starts_on == row.ends_on == DAY
    assert "Inventaire" in browser.get(page(party, side)).content.decode()
    other = "contractor" if side == "landlord" else "landlord"
    read = as_member(partner).get(page(party, other)).content.decode()
    assert "Chez vos partenaires" in read
    assert "Inventaire" in read
    gone = reverse(
        f"members:{side}_closing_withdraw",
        args=[(party.landlord if side == "landlord" else party.contractor).slug, row.pk],
    )
    assert browser.post(gone).status_code == 302
    assert browser.post(gone).status_code == 409


def test_a_clerk_reads_and_writes_nothing(party):
    note(party, "manager")
    browser = as_member(party.clerk)
    shown = browser.get(page(party, "landlord")).content.decode()
    assert "Congés d’été" in shown
    assert "Noter la fermeture" not in shown
    data = {"label": "x", "starts_on": "2040-05-04"}
    assert browser.post(page(party, "landlord"), data).status_code == 403
