"""Platform staff look into a space: for a reason, for a while, seen by all, and write nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from nexxio.core import clock, relay
from nexxio.core.actors import Actor, Side, scope_of
from nexxio.core.errors import Invalid, Refused
from nexxio.core.members import entering, selectors
from nexxio.core.models import Event, Membership, Notification, Organisation, PlatformEntry
from nexxio.core.scoping import system_scope
from orders.models import Order
from tests.access.matrix import CORE, ORDERS
from tests.factories.full import act

REASON = "Le bailleur demande de l’aide sur une commande"


def enter(world, organisation=None, minutes=30) -> PlatformEntry:
    actor = Actor(side=Side.SYSTEM, name=str(world.staff), user_id=world.staff.pk)
    with system_scope("tests: administration"):
        return entering.enter(
            actor=actor,
            organisation=organisation or world.first.landlord,
            reason=REASON,
            minutes=minutes,
        )


@pytest.fixture
def staff(world) -> Client:
    client = Client()
    client.force_login(world.staff)
    return client


def list_of(party) -> str:
    return reverse("orders:landlord_list", args=[party.landlord.slug])


def test_staff_come_in_by_a_stay_only_and_only_there(world, staff):
    assert staff.get(list_of(world.first)).status_code == 404
    enter(world)
    shown = staff.get(list_of(world.first))
    assert shown.status_code == 200
    assert "Vous regardez l’espace « Rivage Habitat »" in shown.content.decode()
    assert staff.get(list_of(world.second)).status_code == 404
    contractors = reverse("orders:contractor_list", args=[world.first.contractor.slug])
    assert staff.get(contractors).status_code == 404
    enter(world, world.first.contractor)
    assert staff.get(contractors).status_code == 200
    assert world.first.contractor.name in staff.get(reverse("core:home")).content.decode()


def test_a_stay_ends_with_its_space(world, staff):
    enter(world)
    with system_scope("tests"):
        Organisation.objects.filter(pk=world.first.landlord.pk).update(is_active=False)
    assert staff.get(list_of(world.first)).status_code == 404


def test_staff_show_their_second_factor_here_too(world, staff, settings):
    settings.STAFF_SECOND_FACTOR = True
    enter(world)
    answer = staff.get(list_of(world.first))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_protect"))


@pytest.mark.parametrize(
    ("reason", "minutes", "field"),
    [("", 30, "reason"), ("   aide   ", 30, "reason"), (REASON, 61, "minutes")],
)
def test_a_stay_needs_a_reason_and_an_hour_at_most(world, reason, minutes, field):
    actor = Actor(side=Side.SYSTEM, name="x", user_id=world.staff.pk)
    with system_scope("tests"), pytest.raises(Invalid) as refused:
        entering.enter(
            actor=actor, organisation=world.first.landlord, reason=reason, minutes=minutes
        )
    assert list(refused.value.errors) == [field]


def test_it_ends_by_itself_by_leaving_and_by_the_manager(world, staff):
    page = list_of(world.first)
    enter(world, minutes=15)
    with clock.moved_to(clock.now() + timedelta(minutes=16)):
        assert staff.get(page).status_code == 404
    entry = enter(world)
    with system_scope("tests"):
        PlatformEntry.objects.exclude(pk=entry.pk).update(ended_at=clock.now())
    assert staff.post(reverse("members:leave", args=[entry.pk])).status_code == 302
    assert staff.get(page).status_code == 404
    entry = enter(world)
    with pytest.raises(Refused):
        act(world.first, "clerk", entering.send_out, entry_id=entry.pk)
    with pytest.raises(Refused):
        act(world.second, "manager", entering.send_out, entry_id=entry.pk)
    act(world.first, "manager", entering.send_out, entry_id=entry.pk)
    assert staff.get(page).status_code == 404


def test_the_house_reads_who_why_when_and_what(world, staff, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    entry = enter(world)
    for query in ("?q=secret", ""):
        staff.get(list_of(world.first) + query)
    relay.drain_batches()
    relay.deliver_one_by_one()
    actor = world.first.actor("reader")
    with scope_of(actor):
        (row,) = selectors.entries(actor)
        assert row.is_open
        assert row.entry.reason == REASON
        assert [(page.path, page.times) for page in row.pages] == [(list_of(world.first), 2)]
    with system_scope("tests"):
        event = Event.objects.get(kind="platform.entered")
        assert (event.actor_user_id, event.actor_side) == (world.staff.pk, "system")
        assert event.on_behalf_of == "landlord"
        told = Notification.objects.filter(kind="platform_entry")
        assert [notice.user_id for notice in told] == [world.first.manager.user_id]
    client = Client()
    client.force_login(world.first.reader.user)
    page = reverse("members:landlord_entries", args=[world.first.landlord.slug])
    body = client.get(page).content.decode()
    assert "En cours" in body
    assert list_of(world.first) in body
    assert "secret" not in body
    other = world.second.actor("manager")
    with scope_of(other):
        assert selectors.entries(other) == []
    assert entry.side == "landlord"


def test_every_page_of_the_space_is_looked_at_and_no_act_passes(
    world, staff, assert_nothing_happened
):
    """No page breaks because nothing may be written, and no act passes any door."""
    party = world.first
    for side in (party.landlord, party.contractor):
        enter(world, side)
    prefixes = ("orders:landlord", "orders:contractor", "members:landlord", "members:contractor")
    found: dict[str, int] = {}
    for case in [*ORDERS, *CORE]:
        if not case.name.startswith((*prefixes, "estate:", "imports:", "contractor_imports:")):
            continue
        slug = (party.contractor if "contractor" in case.name else party.landlord).slug
        values = {"org": slug, **case.args}
        try:
            url = reverse(case.name, kwargs=values)
        except NoReverseMatch:
            url = reverse(case.name, kwargs={**values, "pk": party.order.pk})
        found[f"get {case}"] = staff.get(url).status_code
        with system_scope("tests"):
            before = Order.objects.values_list("state", "version").order_by("id")
            before = list(before), Event.objects.count(), Membership.objects.count()
        found[f"post {case}"] = staff.post(url, case.data).status_code
        with system_scope("tests"):
            after = Order.objects.values_list("state", "version").order_by("id")
            after = list(after), Event.objects.count(), Membership.objects.count()
        assert before == after, case
    assert found["get orders:landlord_list[]"] == 200
    assert found["get orders:landlord_export[]"] == 403
    assert {status for name, status in found.items() if name.startswith("post")} <= {403, 405}
    assert {status for name, status in found.items() if name.startswith("get")} <= {
        200,
        403,
        404,
        405,
    }


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE orders_order SET title = 'x'",
        "DELETE FROM core_savedview",
        "UPDATE core_user SET first_name = 'x'",
        "UPDATE core_membership SET phone = ''",
        "INSERT INTO core_delivery (id, created_at, event_id, subscriber, attempts, error)"
        " SELECT gen_random_uuid(), now(), id, 'x', 0, '' FROM core_event LIMIT 1",
    ],
)
def test_the_database_writes_nothing_during_a_stay(world, sql):
    actor = entering.visitor(enter(world), world.staff)
    with scope_of(actor):
        assert Order.objects.count() == 1
        with (
            pytest.raises(DatabaseError, match="only look"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)


def test_every_table_behind_walls_has_the_guard(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relkind = 'r' AND c.relrowsecurity"
            " AND NOT EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid"
            " AND t.tgname = 'nexxio_look_only')"
        )
        assert cursor.fetchall() == []


def test_the_site_makes_no_stay(world):
    sql = (
        "INSERT INTO core_platformentry (id, created_at, organisation_id, side, staff_id, reason,"
        " expires_at) VALUES (gen_random_uuid(), now(), %s, 'landlord', %s, 'x',"
        " now() + interval '1 hour')"
    )
    actor = world.first.actor("manager")
    with (
        scope_of(actor),
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, [world.first.landlord.pk, world.staff.pk])


def test_staff_have_no_preferences_where_they_only_look(world, staff):
    enter(world)
    bell, choice = (
        reverse(f"core:landlord_{name}", args=[world.first.landlord.slug])
        for name in ("bell", "preferences")
    )
    assert choice not in staff.get(bell).text
    assert staff.get(choice).status_code == 404
