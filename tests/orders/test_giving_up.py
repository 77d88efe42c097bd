"""Cancelling and reopening: with a reason, and after a call where somebody is under way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core import clock, links
from nexxio.core.actors import Side, scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.events import describe
from nexxio.core.models import Event
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Order, Visit
from tests.factories.full import act, visited


def stored(party) -> Order:
    with system_scope("tests"):
        return Order.objects.get(pk=party.order.pk)


def events_of(party) -> int:
    with system_scope("tests"):
        return Event.objects.filter(order_id=party.order.pk).count()


def under_way(party) -> Visit:
    visit = visited(party, state="confirmed")
    act(party, "technician", services.leave, visit_id=visit.pk)
    return visit


def done(party) -> Visit:
    visit = visited(party, state="confirmed")
    act(party, "technician", services.complete_visit, visit_id=visit.pk)
    return visit


def client_of(member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def landlord_act(party, action: str) -> str:
    return reverse("orders:landlord_act", args=[party.landlord.slug, party.order.pk, action])


def test_with_somebody_on_the_way_a_cancellation_needs_a_call(world):
    party = world.first
    visit = under_way(party)
    before = events_of(party)
    with pytest.raises(Invalid) as refusal:
        act(party, "manager", services.cancel_order, order_id=party.order.pk, reason="repaired")
    assert list(refusal.value.errors) == ["call_noted"]
    assert (stored(party).state, events_of(party)) == ("accepted", before)
    act(
        party,
        "manager",
        services.cancel_order,
        order_id=party.order.pk,
        reason="repaired",
        call_noted=True,
    )
    assert stored(party).state == "cancelled"
    with system_scope("tests"):
        assert Visit.objects.get(pk=visit.pk).state == "cancelled"
        event = Event.objects.get(kind="order.cancelled", order_id=party.order.pk)
    assert event.payload["call_noted"] is True
    text = describe(event.kind, event.payload, side=Side.CONTRACTOR, who="RIVP")
    assert text == "RIVP a annulé la commande\u00a0: réparé entre-temps (appel à l’entreprise noté)"
    with pytest.raises(Conflict):
        act(party, "technician", services.complete_visit, visit_id=visit.pk)


def test_without_anybody_on_the_way_no_call_is_recorded(world):
    party = world.first
    visited(party, state="confirmed")
    act(
        party,
        "manager",
        services.cancel_order,
        order_id=party.order.pk,
        reason="repaired",
        call_noted=True,
    )
    with system_scope("tests"):
        event = Event.objects.get(kind="order.cancelled", order_id=party.order.pk)
    assert event.payload["call_noted"] is False


@pytest.mark.parametrize("who", ["reader", "desk", "tenant"])
def test_who_may_not_cancel_is_refused_with_a_call_too(world, who):
    party = world.first
    under_way(party)
    with pytest.raises(Refused) as refusal:
        act(
            party,
            who,
            services.cancel_order,
            order_id=party.order.pk,
            reason="repaired",
            call_noted=True,
        )
    assert refusal.value.code in ("role", "side")
    assert stored(party).state == "accepted"


def test_the_page_asks_for_the_call_only_when_somebody_is_on_the_way(world):
    party = world.first
    client = client_of(party.manager)
    url = landlord_act(party, "annuler")
    visit = visited(party, state="confirmed")
    assert "call_noted" not in client.get(url).context["form"].fields
    act(party, "technician", services.leave, visit_id=visit.pk)
    page = client.post(url, {"reason": "repaired"})  # the form was open before he left
    assert page.status_code == 422
    assert "appelez d’abord l’entreprise" in page.content.decode()
    assert client.post(url, {"reason": "repaired", "call_noted": "on"}).status_code == 302
    assert stored(party).state == "cancelled"


def test_a_landlord_reopens_with_a_reason_that_the_contractor_reads(world):
    party = world.first
    done(party)
    for reason in ("", "  "):
        with pytest.raises(Invalid):
            act(party, "manager", services.reopen_order, order_id=party.order.pk, reason=reason)
    assert (stored(party).state, stored(party).reopened) == ("done", 0)
    client = client_of(party.manager)
    url = landlord_act(party, "rouvrir")
    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "La fuite a repris"}).status_code == 302
    order = stored(party)
    assert (order.state, order.reopened, order.done_at) == ("accepted", 1, None)
    detail = reverse("orders:contractor_detail", args=[party.contractor.slug, order.pk])
    assert "La fuite a repris" in client_of(party.desk).get(detail).content.decode()
    start = clock.now() + timedelta(hours=3)
    visit = act(
        party,
        "desk",
        services.propose_visit,
        order_id=order.pk,
        start=start,
        end=start + timedelta(hours=2),
        technician_id=party.technician.pk,
        call_noted=True,
    )
    page = reverse("orders:field_visit", args=[party.contractor.slug, visit.pk])
    assert "La fuite a repris" in client_of(party.technician).get(page).content.decode()
    act(party, "technician", services.complete_visit, visit_id=visit.pk)
    assert "La fuite a repris" not in client_of(party.desk).get(detail).content.decode()


@pytest.mark.parametrize(("typed", "kept"), [("", ""), (" Ça\x00 goutte ", "Ça goutte")])
def test_a_tenant_may_say_what_is_not_fixed(world, typed, kept):
    party = world.first
    done(party)
    token = links.token_of(party.link.pk)
    answer = Client().post(reverse("tenants:not_fixed", args=[token]), {"motif": typed})
    assert answer.status_code == 302
    assert (stored(party).state, stored(party).reopen_reason) == ("accepted", kept)


def test_a_tenant_reopens_within_72_hours_and_the_landlord_later_too(world):
    party = world.first
    done(party)
    done_at = stored(party).done_at
    before = events_of(party)
    with (
        clock.moved_to(done_at + timedelta(hours=72, seconds=1)),
        pytest.raises(Refused, match="72 heures") as refusal,
    ):
        act(party, "tenant", services.reopen_order, order_id=party.order.pk)
    assert refusal.value.code == "late"
    assert (stored(party).state, stored(party).reopened) == ("done", 0)
    assert events_of(party) == before
    with clock.moved_to(done_at + timedelta(hours=73)):
        act(party, "manager", services.reopen_order, order_id=party.order.pk, reason="Fuite")
    assert stored(party).reopened == 1


def test_a_tenant_reopens_at_the_last_moment(world):
    party = world.first
    done(party)
    with clock.moved_to(stored(party).done_at + timedelta(hours=72)):
        act(party, "tenant", services.reopen_order, order_id=party.order.pk)
    assert stored(party).state == "accepted"


@pytest.mark.parametrize("who", ["reader", "desk"])
def test_who_may_not_reopen_changes_nothing(world, who):
    party = world.first
    done(party)
    with pytest.raises(Refused):
        act(party, who, services.reopen_order, order_id=party.order.pk, reason="Fuite")
    with scope_of(party.actor("manager")):
        assert stored(party).state == "done"
