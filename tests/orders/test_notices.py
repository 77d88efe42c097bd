"""Who is told of what: once, in words that are true, and nobody of what he never heard of."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core import clock, relay
from nexxio.core.actors import scope_of
from nexxio.core.models import Message, Notification
from nexxio.core.notifications.sending import rendered_text
from nexxio.core.notifications.sms import segments
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import OrderContact
from tests.factories.full import act, visited


@pytest.fixture(autouse=True)
def silent_push(monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)


def texts(party, *, after: str = "") -> list[str]:
    """What the tenant was written, oldest first; `after`: only behind this kind of event."""
    relay.deliver_one_by_one()
    with system_scope("tests"):
        rows = list(
            Message.objects.filter(event__order_id=party.order.pk, kind="tenant_follow").order_by(
                "event_id"
            )
        )
        kinds = [row.event.kind for row in rows]
        start = kinds.index(after) + 1 if after else 0
        assert all(segments(rendered_text(row)) <= 2 for row in rows[start:] if after)
        return [row.text for row in rows[start:]]


def bells(member) -> list[str]:
    relay.deliver_one_by_one()
    with system_scope("tests"):
        return list(
            Notification.objects.filter(user_id=member.user_id)
            .order_by("event_id")
            .values_list("title", flat=True)
        )


def test_a_cancelled_order_is_told_with_and_without_appointment(world):
    for party, state in ((world.first, None), (world.second, "confirmed")):
        if state:
            visited(party, state=state)
        act(party, "manager", services.cancel_order, order_id=party.order.pk, reason="repaired")
        told = texts(party, after="visit.confirmed" if state else "order.issued")
        assert len(told) == 1
        assert "votre demande est annulée, personne ne viendra" in told[0]


def test_a_cancelled_appointment_alone_is_told_as_such(world):
    visit = visited(world.first, state="confirmed")
    act(world.first, "desk", services.cancel_visit, visit_id=visit.pk, reason="Panne")
    (told,) = texts(world.first, after="visit.confirmed")
    assert "le rendez-vous est annulé" in told


@pytest.mark.parametrize(("agreed", "told"), [(False, "proposé"), (True, "confirmé")])
def test_an_appointment_is_told_once_as_what_it_is(world, agreed, told):
    party, start = world.first, clock.now() + timedelta(days=3)
    act(party, "desk", services.accept_order, order_id=party.order.pk)
    act(
        party,
        "desk",
        services.propose_visit,
        order_id=party.order.pk,
        start=start,
        end=start + timedelta(hours=2),
        call_noted=agreed,
        off_hours=True,
    )
    (text,) = texts(party, after="order.issued")
    assert f"rendez-vous {told}" in text


def test_a_returned_order_is_told_once_to_whom_it_was_announced(world):
    party = world.first
    visited(party, state="confirmed")
    assert len(texts(party)) == 2
    act(party, "desk", services.return_order, order_id=party.order.pk, items=["phone"])
    (told,) = texts(party, after="visit.confirmed")
    assert "complète votre dossier" in told


def test_a_returned_order_that_was_never_announced_is_not_told(world):
    party = world.first
    with system_scope("tests"):
        contact = OrderContact.objects.filter(order=party.order)
        contact.update(phone="", email="")
    relay.deliver_one_by_one()
    with system_scope("tests"):
        contact.update(phone="+33612345678")
    act(party, "desk", services.return_order, order_id=party.order.pk, items=["phone"])
    assert texts(party) == []


def test_a_partial_end_says_what_follows(world):
    party = world.first
    visit = visited(party, state="confirmed")
    step = "Retour avec la pièce commandée, livrée sous dix jours chez le fournisseur de Pantin."
    act(
        party,
        "technician",
        services.complete_visit,
        visit_id=visit.pk,
        in_part=True,
        next_step=step,
    )
    (told,) = texts(party, after="visit.confirmed")
    assert f"La suite : {step[:50]}" in told


def test_the_technician_hears_that_his_visit_is_given_up_or_moved(world):
    first, second = world.first, world.second
    visit = visited(first, state="confirmed")
    act(first, "manager", services.cancel_order, order_id=first.order.pk, reason="repaired")
    assert bells(first.technician)[-1].startswith("Passage annulé : ")
    moved = visited(second, state="confirmed")
    start = clock.now() + timedelta(days=2)
    end = start + timedelta(hours=2)
    act(
        second,
        "desk",
        services.move_visit,
        visit_id=moved.pk,
        start=start,
        end=end,
        reason="Panne",
        off_hours=True,
    )
    assert bells(second.technician)[-1].startswith("Passage déplacé : ")
    assert len(bells(first.technician)) == 2
    assert visit.technician_id == first.technician.pk


@pytest.mark.parametrize("state", ["issued", "draft"])
def test_the_page_that_cancels_says_who_is_told(world, state):
    party = world.first
    manager = party.actor("manager")
    with scope_of(manager):
        draft = services.draft_order(actor=manager, data=party.order_input())
    client = Client()
    client.force_login(party.manager.user)
    pk = draft.pk if state == "draft" else party.order.pk
    url = reverse("orders:landlord_act", args=[party.landlord.slug, pk, "annuler"])
    page = client.get(url).content.decode()
    assert ("le locataire en sont informés" in page) == (state == "issued")
    assert "C’est définitif." in page
