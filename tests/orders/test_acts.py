"""Each act of the desks: what it does, and that a refusal leaves everything as it was."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.models import Event, Membership, ScopedModel
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Order, OrderContact, Visit
from orders.services import LineInput
from tests.factories.full import act, visited

TABLES = [m._meta.db_table for m in apps.get_models() if issubclass(m, ScopedModel)]


def everything() -> list:
    """One line for each scoped table, of everything in it."""
    query = " UNION ALL ".join(
        f"SELECT '{table}', md5(coalesce(string_agg(t::text, '' ORDER BY t.id), '')) FROM {table} t"
        for table in TABLES
    )
    with system_scope("tests: everything"), connection.cursor() as cursor:
        cursor.execute(query)
        return sorted(cursor.fetchall())


@contextmanager
def refused(kind=Refused, *, code: str = ""):
    """The act inside is refused, and not one row of any table differs afterwards."""
    before = everything()
    with pytest.raises(kind) as refusal:
        yield refusal
    assert everything() == before
    assert not code or refusal.value.code == code


def stored(row):
    with system_scope("tests"):
        return type(row).objects.get(pk=row.pk)


def last_event(party) -> Event:
    with system_scope("tests"):
        return Event.objects.filter(order_id=party.order.pk).latest("id")


# --- assign_technician ------------------------------------------------------------------------


def test_a_technician_is_assigned_and_only_his_first_name_goes_further(world):
    party = world.first
    visit = visited(party, state="proposed")
    with system_scope("tests"):
        Visit.objects.filter(pk=visit.pk).update(technician=None, technician_first_name="")
    act(
        party,
        "desk",
        services.assign_technician,
        visit_id=visit.pk,
        technician_id=party.technician.pk,
    )
    row = stored(visit)
    assert (row.technician_id, row.technician_first_name) == (party.technician.pk, "Karim")
    assert last_event(party).kind == "visit.assigned"
    assert last_event(party).reader_case_id is None


def test_only_a_technician_of_the_company_is_assigned(world):
    party = world.first
    visit = visited(party, state="confirmed")
    with system_scope("tests"):
        Membership.objects.filter(pk=party.technician.pk).update(is_active=False)
    for member in (party.desk, party.technician, world.second.technician, party.manager):
        with refused(Invalid) as refusal:
            act(
                party,
                "desk",
                services.assign_technician,
                visit_id=visit.pk,
                technician_id=member.pk,
            )
        assert list(refusal.value.errors) == ["technician"]


@pytest.mark.parametrize("who", ["technician", "manager", "tenant"])
def test_who_may_not_assign(world, who):
    party = world.first
    visit = visited(party, state="confirmed")
    with refused(code="state"):
        act(
            party,
            who,
            services.assign_technician,
            visit_id=visit.pk,
            technician_id=party.technician.pk,
        )


def test_nobody_is_changed_once_he_is_on_his_way(world):
    party = world.first
    visit = visited(party, state="confirmed")
    act(party, "technician", services.leave, visit_id=visit.pk)
    with refused(code="state"):
        act(
            party,
            "desk",
            services.assign_technician,
            visit_id=visit.pk,
            technician_id=party.technician.pk,
        )


def test_a_visit_of_others_does_not_exist(world):
    visit = visited(world.first, state="confirmed")
    for service, words in (
        (services.assign_technician, {"technician_id": world.second.technician.pk}),
        (services.cancel_visit, {"reason": "Panne"}),
    ):
        with refused(Visit.DoesNotExist):
            act(world.second, "desk", service, visit_id=visit.pk, **words)


# --- cancel_visit -----------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["desk", "manager", "tenant", "technician"])
@pytest.mark.parametrize("state", ["proposed", "confirmed"])
def test_an_appointment_is_given_up_with_a_reason(world, who, state):
    party = world.first
    visit = visited(party, state=state)
    for reason in ("", "  "):
        with refused(Invalid):
            act(party, who, services.cancel_visit, visit_id=visit.pk, reason=reason)
    act(party, who, services.cancel_visit, visit_id=visit.pk, reason=" Panne ")
    assert (stored(visit).state, stored(visit).reason) == ("cancelled", "Panne")
    assert stored(party.order).state == "accepted"
    with refused(Conflict):
        act(party, who, services.cancel_visit, visit_id=visit.pk, reason="Encore")


def test_a_reader_gives_no_appointment_up(world):
    visit = visited(world.first, state="confirmed")
    with refused(code="role"):
        act(world.first, "reader", services.cancel_visit, visit_id=visit.pk, reason="Panne")


def test_an_appointment_is_not_given_up_under_way(world):
    party = world.first
    visit = visited(party, state="confirmed")
    act(party, "technician", services.leave, visit_id=visit.pk)
    for who in ("desk", "manager", "tenant"):
        with refused(Conflict):
            act(party, who, services.cancel_visit, visit_id=visit.pk, reason="Panne")


# --- move_visit -------------------------------------------------------------------------------


def _window(days: int):
    start = clock.now() + timedelta(days=days)
    return {"start": start, "end": start + timedelta(hours=2), "off_hours": True}


def test_a_moved_appointment_is_another_one_to_confirm(world):
    party = world.first
    old = visited(party, state="confirmed")
    window = _window(3)
    new = act(
        party, "desk", services.move_visit, visit_id=old.pk, reason=" Panne du camion ", **window
    )
    assert (stored(old).state, stored(old).reason) == ("rescheduled", "Panne du camion")
    row = stored(new)
    assert (row.state, row.number, row.window_start) == ("proposed", 2, window["start"])
    assert row.technician_id == party.technician.pk
    assert row.confirmed_at is None
    with system_scope("tests"):
        kinds = Event.objects.filter(order_id=party.order.pk).order_by("id")
        assert list(kinds.values_list("kind", flat=True))[-2:] == [
            "visit.rescheduled",
            "visit.proposed",
        ]
    with refused(Conflict):
        act(party, "desk", services.move_visit, visit_id=old.pk, reason="Encore", **_window(4))


def test_the_company_says_why_and_others_need_not(world):
    party = world.first
    visit = visited(party, state="proposed")
    with refused(Invalid) as refusal:
        act(party, "desk", services.move_visit, visit_id=visit.pk, **_window(3))
    assert list(refusal.value.errors) == ["reason"]
    moved = act(party, "tenant", services.move_visit, visit_id=visit.pk, **_window(3))
    assert stored(moved).state == "proposed"


def test_a_window_is_to_come_and_the_right_way_round(world):
    party = world.first
    visit = visited(party, state="confirmed")
    now = clock.now()
    hour = timedelta(hours=1)
    for start, end, field in (
        (now - 3 * hour, now - hour, "date"),
        (now + 2 * hour, now + hour, "end"),
        (now + hour, now + hour, "end"),
    ):
        with refused(Invalid) as refusal:
            act(
                party,
                "desk",
                services.move_visit,
                visit_id=visit.pk,
                start=start,
                end=end,
                reason="Panne",
            )
        assert list(refusal.value.errors) == [field]


def test_a_reader_moves_nothing(world):
    visit = visited(world.first, state="confirmed")
    with refused(code="role"):
        act(world.first, "reader", services.move_visit, visit_id=visit.pk, **_window(3))


# --- decline_order ----------------------------------------------------------------------------


def test_reserves_have_a_coded_reason(world):
    party = world.first
    for reason in ("", "nonsense", "Hors marché"):
        with refused(Invalid):
            act(party, "desk", services.decline_order, order_id=party.order.pk, reason=reason)
    act(party, "desk", services.decline_order, order_id=party.order.pk, reason="no_capacity")
    order = stored(party.order)
    assert (order.state, order.decline_reason) == ("declined", "no_capacity")
    assert last_event(party).payload == {"reason": "no_capacity"}


@pytest.mark.parametrize(
    ("who", "code"), [("manager", "side"), ("tenant", "side"), ("technician", "role")]
)
def test_who_may_not_decline(world, who, code):
    party = world.first
    with refused(code=code):
        act(party, who, services.decline_order, order_id=party.order.pk, reason="no_capacity")


def test_an_accepted_order_is_not_declined_any_more(world):
    party = world.first
    act(party, "desk", services.accept_order, order_id=party.order.pk)
    with refused(Conflict):
        act(party, "desk", services.decline_order, order_id=party.order.pk, reason="no_capacity")


# --- send_back_order --------------------------------------------------------------------------


@pytest.fixture
def submitted(world) -> Order:
    party = world.first
    clerk = party.actor("clerk")
    with scope_of(clerk):
        lines = (LineInput(party.item.pk, Decimal(20)),)
        order = services.draft_order(actor=clerk, data=party.order_input(lines=lines))
        return services.issue_order(actor=clerk, order_id=order.pk)


def test_an_approver_sends_back_with_what_must_change(world, submitted):
    party = world.first
    for reason in ("", "  "):
        with refused(Invalid):
            act(party, "manager", services.send_back_order, order_id=submitted.pk, reason=reason)
    act(party, "manager", services.send_back_order, order_id=submitted.pk, reason=" Trop cher ")
    order = stored(submitted)
    assert (order.state, order.return_note, order.contractor_id) == ("draft", "Trop cher", None)
    with refused(Conflict):
        act(party, "manager", services.send_back_order, order_id=submitted.pk, reason="Encore")


def test_sent_again_it_waits_without_the_note_that_was_answered(world, submitted):
    party = world.first
    act(party, "manager", services.send_back_order, order_id=submitted.pk, reason="Trop cher")
    act(party, "clerk", services.issue_order, order_id=submitted.pk)
    order = stored(submitted)
    assert (order.state, order.return_note) == ("pending_approval", "")
    client = Client()
    client.force_login(party.manager.user)
    url = reverse("orders:landlord_detail", args=[party.landlord.slug, order.pk])
    assert "Trop cher" not in client.get(url).text


def test_who_may_not_send_back(world, submitted):
    with refused(code="role"):
        act(
            world.first,
            "reader",
            services.send_back_order,
            order_id=submitted.pk,
            reason="Trop cher",
        )
    for party, who in ((world.first, "desk"), (world.second, "manager")):
        with refused(Order.DoesNotExist):
            act(party, who, services.send_back_order, order_id=submitted.pk, reason="Trop cher")


# --- update_order -----------------------------------------------------------------------------


@pytest.fixture
def draft(world) -> Order:
    manager = world.first.actor("manager")
    with scope_of(manager):
        return services.draft_order(actor=manager, data=world.first.order_input())


def _update(party, order: Order, *, who: str = "manager", version: int, **changes) -> Order:
    data = party.order_input(**changes)
    return act(party, who, services.update_order, order_id=order.pk, version=version, data=data)


def test_of_two_who_edit_the_second_is_told_and_nothing_of_his_is_kept(world, draft):
    party = world.first
    _update(party, draft, version=draft.version, title="Le premier", phone="+33600000001")
    with refused(code="version"):
        _update(party, draft, version=draft.version, title="Le second", phone="+33600000002")
    assert (stored(draft).title, stored(draft).version) == ("Le premier", draft.version + 1)
    with system_scope("tests"):
        assert OrderContact.objects.get(order=draft).phone == "+33600000001"
    _update(party, draft, version=draft.version + 1, title="Le second, averti")
    assert stored(draft).title == "Le second, averti"


def test_an_order_that_has_left_is_not_edited(world):
    party = world.first
    with refused(code="state"):
        _update(party, party.order, version=stored(party.order).version, title="Autre")


@pytest.mark.parametrize("who", ["reader", "desk"])
def test_who_may_not_edit(world, who):
    party = world.first
    act(party, "desk", services.return_order, order_id=party.order.pk, items=["phone"])
    with refused(code="state"):
        _update(party, party.order, who=who, version=stored(party.order).version, title="Autre")


def test_an_article_of_another_contract_is_refused_whole(world, draft):
    party = world.first
    with refused(Invalid) as refusal:
        _update(
            party,
            draft,
            version=draft.version,
            title="Jamais gardé",
            lines=(LineInput(world.second.item.pk, Decimal(1)),),
        )
    assert list(refusal.value.errors) == ["lines"]
