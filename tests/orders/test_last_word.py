"""Whose signature counts, who may give it from afar, and that a tenant is told of his own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from contractors.services.facts import facts_of_order
from nexxio.core import clock, links, relay
from nexxio.core.errors import Conflict, Invalid
from nexxio.core.models import Message
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Order, SignOff, Visit
from tests.factories.acting import act
from tests.factories.full import visited


@pytest.fixture
def party(world):
    return world.first


@pytest.fixture
def half(party):
    """A first visit that ended in part, signed "réglé" on the screen."""
    visit = visited(party, state="on_site")
    _signed(party, visit)
    act(
        party,
        "technician",
        services.complete_visit,
        visit_id=visit.pk,
        in_part=True,
        next_step="Retour",
    )
    return visit


def _signed(party, visit, *, satisfied=True, who="technician"):
    data = services.SignOffInput(
        name=str(party.tenant), satisfied=satisfied, reason="" if satisfied else "remains"
    )
    return act(party, who, services.sign_on_screen, visit_id=visit.pk, data=data)


def _facts(party):
    with system_scope("tests"):
        return facts_of_order(Order.objects.get(pk=party.order.pk))


def _again(party) -> Visit:
    start = clock.now() + timedelta(hours=3)
    return act(
        party,
        "desk",
        services.propose_visit,
        order_id=party.order.pk,
        start=start,
        end=start + timedelta(hours=2),
        technician_id=party.technician.pk,
        call_noted=True,
    )


def test_only_what_was_signed_at_the_last_visit_settles(party, half):
    assert _facts(party).signed_off
    second = _again(party)
    act(party, "technician", services.complete_visit, visit_id=second.pk)
    assert not _facts(party).signed_off
    assert not _facts(party).contested
    _signed(party, second)
    assert _facts(party).signed_off
    act(party, "manager", services.reopen_order, order_id=party.order.pk, reason="Fuit encore")
    third = _again(party)
    act(party, "technician", services.complete_visit, visit_id=third.pk)
    assert not _facts(party).signed_off


def test_a_visit_in_part_is_signed_from_afar(party):
    visit = visited(party, state="on_site")
    act(
        party,
        "technician",
        services.complete_visit,
        visit_id=visit.pk,
        in_part=True,
        next_step="Retour",
    )
    page = reverse("tenants:follow", args=[links.token_of(party.link.pk)])
    assert "signature/" in Client().get(page).text
    data = services.SignOffInput(name=str(party.tenant), satisfied=True)
    signed = act(party, "tenant", services.sign_from_afar, data=data)
    assert signed.visit_id == visit.pk
    with system_scope("tests: signed"):
        before = SignOff.objects.count()
    form = reverse("tenants:sign", args=[links.token_of(party.link.pk)])
    typed = {"name": str(party.tenant), "answer": "oui"}
    for again in (Client().get(form, follow=True), Client().post(form, typed, follow=True)):
        assert again.redirect_chain[-1][0] == page
        assert "C’est déjà signé, merci." in again.text
    assert "Votre avis, signé" in Client().get(f"{form}?non").text
    with system_scope("tests: signed"):
        assert SignOff.objects.count() == before


def test_who_does_not_sign_is_noted_and_may_still_sign(party):
    visit = visited(party, state="on_site")
    phone = Client()
    phone.force_login(party.technician.user)
    page = reverse("orders:field_sign", args=[party.contractor.slug, visit.pk])
    assert phone.post(page, {"sans": "refused"}).status_code == 302
    with system_scope("tests"):
        assert Visit.objects.get(pk=visit.pk).sign_refused == "refused"
    back = reverse("orders:field_visit", args=[party.contractor.slug, visit.pk])
    assert "Refuse de signer" in phone.get(back).text
    follow = reverse("tenants:follow", args=[links.token_of(party.link.pk)])
    assert "refuse de signer" in Client().get(follow).text
    assert not _facts(party).signed_off
    with pytest.raises(Invalid):
        act(party, "technician", services.note_unsigned, visit_id=visit.pk, reason="fatigue")
    _signed(party, visit)
    with pytest.raises(Conflict):
        act(party, "technician", services.note_unsigned, visit_id=visit.pk, reason="absent")


def test_a_tenant_is_told_of_what_is_signed_in_his_name_and_keeps_a_copy(party, half):
    relay.drain_batches()
    relay.deliver_one_by_one()
    with system_scope("tests"):
        told = Message.objects.filter(text__contains="à votre nom")
        assert {message.kind for message in told} == {"tenant_follow"}
    page = Client().get(reverse("tenants:follow", args=[links.token_of(party.link.pk)])).text
    assert "Bon d’intervention signé" in page
    assert "sur l’écran du technicien" in page
