"""Spend limits hold on every way out to the contractor."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core import clock, relay
from nexxio.core.actors import scope_of
from nexxio.core.errors import Conflict, Incomplete, Invalid, Refused
from nexxio.core.models import Absence, Event, Notification
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Order, OrderContact
from orders.selectors.desks import landlord_desk
from orders.services import LineInput
from tests.factories.full import act


@pytest.fixture
def returned(world):
    """A clerk's order (62.50 €, limit 500 €) that came back and has grown to 37 500 €."""
    first = world.first
    order = act(first, "clerk", services.draft_order, data=first.order_input())
    act(first, "clerk", services.issue_order, order_id=order.pk)
    act(first, "desk", services.return_order, order_id=order.pk, items=["quantity"])
    with system_scope("tests"):
        version = Order.objects.get(pk=order.pk).version
    data = first.order_input(lines=(LineInput(first.item.pk, Decimal(600)),))
    return act(first, "clerk", services.update_order, order_id=order.pk, version=version, data=data)


def test_a_returned_order_over_the_limit_is_not_reissued_by_its_author(world, returned):
    with pytest.raises(Refused) as refused:
        act(world.first, "clerk", services.reissue_order, order_id=returned.pk)
    assert refused.value.code == "limit"
    sent = act(world.first, "manager", services.reissue_order, order_id=returned.pk)
    assert (sent.state, sent.contractor_id) == ("issued", world.first.contractor.pk)


def test_the_clerk_reads_why_and_loses_nothing(world, returned):
    client = Client()
    client.force_login(world.first.clerk.user)
    org = world.first.landlord.slug
    act_url = reverse("orders:landlord_act", args=[org, returned.pk, "transmettre-a-nouveau"])
    detail = reverse("orders:landlord_detail", args=[org, returned.pk])
    page = client.post(act_url, headers={"Referer": f"http://testserver{detail}"}, follow=True)
    assert "dépasse votre limite" in page.content.decode()
    assert "Compléter et transmettre" not in page.content.decode()
    with system_scope("tests"):
        assert Order.objects.get(pk=returned.pk).state == "returned"


def _groups(party, who: str) -> dict[str, list[object]]:
    actor = party.actor(who)
    with scope_of(actor):
        return {g.title: [row.order.pk for row in g.rows] for g in landlord_desk(actor).groups}


def _url(party, name: str, order, *args) -> str:
    return reverse(f"orders:{name}", args=[party.landlord.slug, order.pk, *args])


AGAIN = "À valider : complétées, à transmettre à nouveau"


def test_a_colleague_is_asked_to_send_it_and_does(world, returned):
    party = world.first
    with pytest.raises(Refused):  # the manager sends it himself
        act(party, "manager", services.ask_reissue, order_id=returned.pk)
    with pytest.raises(Refused):
        act(party, "desk", services.ask_reissue, order_id=returned.pk)
    with system_scope("tests: it lacks what its company asked for"):
        OrderContact.objects.filter(order=returned).update(phone="")
    with pytest.raises(Incomplete):
        act(party, "clerk", services.ask_reissue, order_id=returned.pk)
    with system_scope("tests: it has it"):
        OrderContact.objects.filter(order=returned).update(phone="+33612345678")
    asked = act(party, "clerk", services.ask_reissue, order_id=returned.pk)
    assert asked.state == "returned"
    with pytest.raises(Refused) as twice:
        act(party, "clerk", services.ask_reissue, order_id=returned.pk)
    assert twice.value.code == "asked"
    relay.deliver_one_by_one()
    with system_scope("tests: bells"):
        rung = Notification.objects.filter(url=_url(party, "landlord_detail", returned))
        told = set(rung.filter(title__startswith="Complétée").values_list("user_id", flat=True))
    assert told == {party.manager.user_id}
    for who, title in (("manager", AGAIN), ("clerk", "À valider par d’autres")):
        groups = _groups(party, who)
        assert returned.pk in groups[title]
        assert returned.pk not in groups["À compléter"]
    act(party, "manager", services.reissue_order, order_id=returned.pk)
    with system_scope("tests"):
        assert Order.objects.get(pk=returned.pk).reissue_asked_at is None
    assert returned.pk not in _groups(party, "manager")[AGAIN]


def test_whoever_is_asked_has_it_changed_first(world, returned):
    party = world.first
    refuse = {"order_id": returned.pk, "reason": "Une seule porte"}
    with pytest.raises(Conflict):  # nobody asks
        act(party, "manager", services.refuse_reissue, **refuse)
    act(party, "clerk", services.ask_reissue, order_id=returned.pk)
    with pytest.raises(Refused):
        act(party, "clerk", services.refuse_reissue, **refuse)
    with pytest.raises(Invalid):
        act(party, "manager", services.refuse_reissue, order_id=returned.pk, reason=" ")
    client = Client()
    client.force_login(party.manager.user)
    page = client.get(_url(party, "landlord_detail", returned)).content.decode()
    assert "Valider et transmettre à nouveau" in page
    sent = client.post(_url(party, "landlord_act", returned, "renvoyer"), {"reason": "Trop cher"})
    assert sent.status_code == 302
    client.force_login(party.clerk.user)
    page = client.get(_url(party, "landlord_detail", returned)).content.decode()
    assert "« Trop cher »" in page
    assert "Demander à un collègue de la transmettre" in page
    assert returned.pk in _groups(party, "clerk")["À compléter"]
    with pytest.raises(Conflict):
        act(party, "manager", services.refuse_reissue, **refuse)


def test_completing_it_over_the_limit_asks_at_once(world, returned):
    party = world.first
    client = Client()
    client.force_login(party.clerk.user)
    form = client.get(_url(party, "landlord_edit", returned)).context
    typed = {
        key: "" if value is None else value
        for key, value in form["form"].initial.items()
        if not isinstance(value, list | tuple)
    }
    typed |= {"access": form["form"].initial["access"], "send": "1"}
    for number, row in enumerate(form["formset"].forms):
        for key, value in row.initial.items():
            typed[f"lignes-{number}-{key}"] = "" if value is None else value
    for key, value in form["formset"].management_form.initial.items():
        typed[f"lignes-{key}"] = value
    page = client.post(_url(party, "landlord_edit", returned), typed, follow=True)
    assert "un collègue dont la limite le couvre est prévenu" in page.content.decode()
    with system_scope("tests"):
        assert Order.objects.get(pk=returned.pk).reissue_asked_at is not None


def test_a_substitute_sends_it_again_within_the_limit_he_stands_in_for(world, returned):
    party = world.first
    with system_scope("tests: the manager is away"):
        Absence.objects.create(
            organisation=party.landlord,
            member=party.manager,
            substitute=party.clerk,
            starts_on=clock.today(),
            ends_on=clock.today(),
        )
    with pytest.raises(Refused):
        act(party, "clerk", services.ask_reissue, order_id=returned.pk)
    assert act(party, "clerk", services.reissue_order, order_id=returned.pk).state == "issued"
    with system_scope("tests: events"):
        event = Event.objects.get(kind="order.approved_for_another", order_id=returned.pk)
    assert event.payload["membership_id"] == str(party.manager.pk)


def _typed(world, quantity: str) -> dict[str, object]:
    return {
        "contract": world.first.contract.pk,
        "lignes-TOTAL_FORMS": "1",
        "lignes-INITIAL_FORMS": "0",
        "lignes-0-price_item": world.first.item.pk,
        "lignes-0-quantity": quantity,
    }


def test_while_it_is_typed_the_form_says_what_it_comes_to_and_that_it_is_too_much(world):
    client = Client()
    client.force_login(world.first.clerk.user)
    url = reverse("orders:landlord_check", args=[world.first.landlord.slug])
    within = client.post(url, _typed(world, "2")).content.decode()
    assert "125,00" in within
    assert "votre limite" not in within
    over = client.post(url, _typed(world, "10")).content.decode()
    assert "625,00" in over
    assert "elle attendra la validation d’un collègue" in over
    client.force_login(world.first.manager.user)
    assert "votre limite" not in client.post(url, _typed(world, "10")).content.decode()


def test_a_returned_order_over_the_limit_says_who_sends_it(world, returned):
    client = Client()
    client.force_login(world.first.clerk.user)
    url = reverse("orders:landlord_edit", args=[world.first.landlord.slug, returned.pk])
    assert "un collègue dont la limite le couvre" in client.get(url).content.decode()


def test_its_author_does_not_read_that_it_is_his_turn_to_approve(world):
    first = world.first
    data = first.order_input(lines=(LineInput(first.item.pk, Decimal(10)),))
    order = act(first, "clerk", services.draft_order, data=data)
    act(first, "clerk", services.issue_order, order_id=order.pk)
    url = reverse("orders:landlord_detail", args=[first.landlord.slug, order.pk])
    client = Client()
    for who, said in (("clerk", "À un collègue de jouer"), ("manager", "À vous de jouer")):
        client.force_login(getattr(first, who).user)
        assert said in client.get(url).content.decode()
