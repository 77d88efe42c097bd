"""What a side hasn't read: marked on lists, counted on the desk, first in the inbox."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from nexxio.core import clock, relay
from nexxio.core.actors import scope_of
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import OrderMessage, OrderUnread
from orders.selectors import desks, lists, talk
from orders.selectors.inbox import inbox
from tests.factories.acting import act


def said(party, who, audience="organisations", text="Bonjour"):
    message = act(
        party,
        who,
        services.send_message,
        order_id=party.order.pk,
        text=text,
        audience=audience,
    )
    relay.deliver_one_by_one()
    return message


def unread_of(party, who):
    """The order's mark in the list, the filter, the desk and the inbox: all the same."""
    actor = party.actor(who)
    with scope_of(actor):
        (row,) = lists.order_list(actor, lists.Filters()).rows
        found = lists.order_list(
            actor, lists.Filters.read({"situation": "messages-non-lus"}, actor)
        )
        desk = desks.landlord_desk(actor) if who == "manager" else desks.contractor_desk(actor)
        group = next(each for each in desk.groups if each.code == "messages-non-lus")
        box = inbox(actor)
    assert row.is_unread == bool(found.rows) == bool(group.count) == bool(box.unread)
    return row.is_unread


def test_a_message_is_unread_for_the_others_until_they_read_it(world):
    first = world.first
    said(first, "manager")
    assert (unread_of(first, "desk"), unread_of(first, "manager")) == (True, False)
    act(first, "desk", services.mark_read, order_id=first.order.pk)
    assert not unread_of(first, "desk")
    said(first, "desk")
    assert (unread_of(first, "desk"), unread_of(first, "manager")) == (False, True)
    assert not unread_of(world.second, "manager")


def test_what_was_read_before_its_event_came_stays_read(world):
    first = world.first
    message = act(
        first,
        "manager",
        services.send_message,
        order_id=first.order.pk,
        text="Bonjour",
        audience="organisations",
    )
    act(first, "desk", services.mark_read, order_id=first.order.pk)
    relay.deliver_one_by_one()
    assert not unread_of(first, "desk")
    with system_scope("tests: unread"):
        assert not OrderUnread.objects.filter(order_id=message.order_id).exists()


def test_a_tenant_writes_to_the_landlord_alone_and_is_answered_alone(world):
    first = world.first
    said(first, "tenant", "landlord", "Entre nous")
    assert (unread_of(first, "manager"), unread_of(first, "desk")) == (True, False)
    said(first, "manager", "landlord", "Compris")
    for who, texts in (
        ("manager", ["Entre nous", "Compris"]),
        ("tenant", ["Entre nous", "Compris"]),
        ("desk", []),
    ):
        actor = first.actor(who)
        with scope_of(actor):
            order = first.order
            assert [one.text for one in talk.conversation(actor, order).said] == texts, who
    with system_scope("tests"), pytest.raises(IntegrityError), transaction.atomic():
        OrderMessage.objects.filter(text="Compris").update(contractor_id=first.contractor.pk)


def test_older_messages_are_a_page_away(world, monkeypatch, client):
    first = world.first
    monkeypatch.setattr(talk, "SHOWN", 2)
    for number in range(3):
        with clock.moved_to(clock.now() + timedelta(minutes=number)):
            said(first, "manager", text=f"Mot {number}")
    client.force_login(first.manager.user)
    url = reverse("orders:landlord_talk", args=[first.landlord.slug, first.order.pk])
    page = client.get(url)
    shown = page.context["talk"]
    assert [one.text for one in shown.said] == ["Mot 1", "Mot 2"]
    assert "Messages plus anciens" in page.text
    older = client.get(url, {"avant": shown.older}).context["talk"]
    assert ([one.text for one in older.said], older.older) == (["Mot 0"], "")
    assert client.get(url, {"avant": "hier"}).status_code == 200


def test_the_inbox_shows_the_unread_first(world, client):
    first = world.first
    client.force_login(first.desk.user)
    url = reverse("orders:contractor_inbox", args=[first.contractor.slug])
    assert "Aucun message" in client.get(url).text
    said(first, "manager", text="Le code a changé")
    page = client.get(url).text
    assert "Non lus" in page
    assert "Le code a changé" in page
    act(first, "desk", services.mark_read, order_id=first.order.pk)
    page = client.get(url).text
    assert "Non lus" not in page
    assert "Déjà lus" in page
