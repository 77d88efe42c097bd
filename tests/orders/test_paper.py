"""The code of a printed order: its company reads and answers, without an account."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core import clock, links, live
from nexxio.core.actors import scope_of
from nexxio.core.errors import Invalid, Refused
from nexxio.core.models import Event, Link, Notification
from nexxio.core.push import messages_of
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Order, OrderContact, PaperAct
from orders.selectors.history import order_history
from tests.factories.full import act, on_paper, printed, visited

CODE = "4521-KRYPTON"
HOLDER = "Bruno Petit"


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    with system_scope("tests"):
        OrderContact.objects.update(access=["digicode"], access_code=CODE)
    return world.first


def page(party, action: str = "") -> str:
    token = party.paper_token()
    if action:
        return reverse("orders:paper_act", args=[token, action])
    return reverse("orders:paper", args=[token])


def state_of(party) -> str:
    with system_scope("tests"):
        return Order.objects.get(pk=party.order.pk).state


def squeezed(response) -> str:
    return re.sub(r"\s", "", response.content.decode())


def test_the_whole_order_by_paper(party):
    client = Client()
    shown = client.get(page(party))
    assert shown.status_code == 200
    assert party.order.reference in shown.content.decode()
    assert "612345678" not in squeezed(shown)
    assert client.get(page(party, "contact")).status_code == 404

    assert client.post(page(party, "accepter"), {"holder": HOLDER}).status_code == 302
    assert state_of(party) == "accepted"
    tomorrow = clock.today() + timedelta(days=1)
    slot = {"date": tomorrow, "slot": "8-10", "call_noted": "on", "holder": HOLDER}
    assert client.post(page(party, "rendez-vous"), slot).status_code == 302
    assert "Travaux terminés" in client.get(page(party)).content.decode()
    done = client.post(page(party, "termine"), {"report": "Siphon changé", "holder": HOLDER})
    assert done.status_code == 302
    assert state_of(party) == "done"
    assert "doit constater le service" in client.get(page(party)).content.decode()
    with system_scope("tests"):
        acts = Event.objects.filter(order_id=party.order.pk, channel="paper")
        assert {row.kind for row in acts} >= {
            "order.accepted",
            "visit.proposed",
            "visit.confirmed",
            "visit.done",
            "order.done",
        }
        assert {row.actor_organisation_id for row in acts} == {party.contractor.pk}
        assert PaperAct.objects.filter(name=HOLDER).count() == acts.count()


def test_no_look_acts(party, assert_nothing_happened):
    addresses = [page(party), *(page(party, name) for name in ("accepter", "renvoyer", "reserves"))]
    with assert_nothing_happened():
        for address in addresses:
            assert Client().get(address).status_code == 200, address


@pytest.mark.parametrize("holder", ["", "   ", "x" * 81])
def test_nobody_acts_without_a_name(party, holder, assert_nothing_happened):
    address = page(party, "accepter")
    with assert_nothing_happened():
        response = Client().post(address, {"holder": holder})
        assert response.status_code == 422
        actor = party.actor("paper")
        with scope_of(actor), pytest.raises(Invalid):
            services.act_on_paper(
                actor=actor,
                name=holder,
                act=lambda: services.accept_order(actor=actor, order_id=party.order.pk),
            )
    assert state_of(party) == "issued"


def test_it_is_returned_with_what_is_missing(party):
    client = Client()
    data = {"items": ["access", "phone"], "note": "Quel étage ?", "holder": HOLDER}
    assert client.post(page(party, "renvoyer"), {"holder": HOLDER}).status_code == 422
    assert client.post(page(party, "renvoyer"), data).status_code == 302
    with system_scope("tests"):
        order = Order.objects.get(pk=party.order.pk)
    assert (order.state, order.returned_items) == ("returned", ["access", "phone"])
    assert "qui le complète" in client.get(page(party)).content.decode()


def test_the_contact_is_read_after_acceptance_by_a_named_holder_and_logged(party):
    on_paper(party, services.accept_order, order_id=party.order.pk)
    client = Client()
    assert "612345678" not in squeezed(client.get(page(party)))
    assert "612345678" not in squeezed(client.get(page(party, "contact")))
    refused = client.post(page(party, "contact"), {"holder": ""})
    assert refused.status_code == 422
    assert CODE not in squeezed(refused)
    shown = client.post(page(party, "contact"), {"holder": HOLDER})
    assert "0612345678" in squeezed(shown)
    assert CODE in squeezed(shown)
    with system_scope("tests"):
        look = Event.objects.get(kind="order.contact_read")
        assert look.channel == "paper"
        assert PaperAct.objects.get(event=look).name == HOLDER


def test_the_holders_name_is_his_companys_to_read(party):
    on_paper(party, services.accept_order, order_id=party.order.pk)
    lines = {}
    for who in ("desk", "manager", "paper"):
        actor = party.actor(who)
        with scope_of(actor):
            order = Order.objects.select_related("landlord", "contractor").get(pk=party.order.pk)
            entries = order_history(actor, order)
            lines[who] = next(entry for entry in entries if "commande" in entry.text)
    assert "Bruno Petit" in lines["desk"].text
    assert lines["desk"].channel == "bon papier"
    for outside in ("manager", "paper"):
        assert "Bruno Petit" not in lines[outside].text
        assert "Plomberie Lutèce" in lines[outside].text


def test_a_second_answer_is_told_what_was_done_already(party):
    client = Client()
    act(party, "desk", services.accept_order, order_id=party.order.pk)
    response = client.post(page(party, "accepter"), {"holder": HOLDER})
    assert response.status_code == 409
    with system_scope("tests"):
        assert not PaperAct.objects.exists()


def test_an_order_given_up_says_so_and_takes_no_answer(party):
    address, accept = page(party), page(party, "accepter")
    act(party, "manager", services.cancel_order, order_id=party.order.pk, reason="duplicate")
    body = Client().get(address).content.decode()
    assert "Cette commande est annulée" in body
    assert "J’accepte" not in body
    assert Client().post(accept, {"holder": HOLDER}).status_code == 409
    assert state_of(party) == "cancelled"


def test_renewing_ends_the_printed_codes_and_prints_another(party):
    printed(party)
    former = page(party)
    assert Client().get(former).status_code == 200
    act(party, "manager", services.renew_paper, order_id=party.order.pk)
    assert Client().get(former).status_code == 404
    assert page(party) != former
    assert Client().get(page(party)).status_code == 200
    assert printed(party).number == 2


def test_a_withdrawn_code_stays_away_until_it_is_renewed(party):
    printed(party)
    former = page(party)
    act(party, "manager", services.revoke_paper, order_id=party.order.pk)
    assert Client().get(former).status_code == 404
    printed(party)
    act(party, "desk", services.accept_order, order_id=party.order.pk)
    printed(party)
    with system_scope("tests"):
        assert not Link.objects.filter(order_id=party.order.pk, revoked_at=None).exists()
    act(party, "manager", services.renew_paper, order_id=party.order.pk)
    assert Client().get(page(party)).status_code == 200


@pytest.mark.parametrize("who", ["reader", "desk", "paper", "technician"])
@pytest.mark.parametrize("service", ["renew_paper", "revoke_paper"])
def test_only_the_landlords_desk_rules_the_code(party, who, service, assert_nothing_happened):
    party.paper_token()
    with assert_nothing_happened(), pytest.raises(Refused):
        act(party, who, getattr(services, service), order_id=party.order.pk)


@pytest.mark.parametrize("who", ["reader", "paper", "technician"])
def test_readers_and_papers_ask_for_no_print(party, who, assert_nothing_happened):
    party.paper_token()
    with assert_nothing_happened(), pytest.raises(Refused):
        act(party, who, services.ask_document, order_id=party.order.pk)


def test_an_expired_code_is_replaced_by_the_next_print(party):
    former = page(party)
    with system_scope("tests"):
        Link.objects.filter(order_id=party.order.pk).update(
            expires_at=clock.now() - timedelta(minutes=1)
        )
    assert Client().get(former).status_code == 404
    printed(party)
    assert Client().get(page(party)).status_code == 200


def test_a_paper_opens_its_order_only_and_no_tenants_page(party, world):
    with scope_of(party.actor("paper")):
        assert [order.pk for order in Order.objects.all()] == [party.order.pk]
    token = party.paper_token()
    assert Client().get(reverse("tenants:follow", args=[token])).status_code == 404
    tenant = links.token_of(party.link.pk)
    assert Client().get(reverse("orders:paper", args=[tenant])).status_code == 404
    with scope_of(party.actor("manager")):
        assert links.link_for(party.order.case).pk == party.link.pk


def test_the_page_of_a_paper_moves_by_itself(party):
    act(party, "desk", services.accept_order, order_id=party.order.pk)
    channel = live.channel_for_order(party.order.pk)
    with system_scope("tests"):
        event = Event.objects.get(kind="order.accepted")
    assert (channel, f"order.{party.order.pk}") in messages_of(event)
    address = page(party)
    body = Client().get(address).content.decode()
    assert f'data-live="order.{party.order.pk}"' in body
    token = Client().get(reverse("core:link_stream_token", args=[party.paper_token()]))
    assert token.status_code == 200
    fragment = Client().get(address, headers={"HX-Request": "true"}).content.decode()
    assert 'id="paper"' in fragment
    assert "<html" not in fragment


def test_messages_go_to_the_tenant_with_his_own_link(party):
    printed(party)
    token = party.paper_token()
    visited(party, state="proposed")
    printed(party)
    with system_scope("tests"):
        from nexxio.core.models import Message

        assert Message.objects.exists()
        assert not Message.objects.filter(link__party="contractor").exists()
        assert not Notification.objects.filter(url__contains=token).exists()
