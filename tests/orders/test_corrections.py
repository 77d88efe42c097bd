"""Returned, declined, duplicated, taken back: an order is mended without starting anew."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core import clock, relay
from nexxio.core.actors import scope_of
from nexxio.core.errors import Conflict, Incomplete, Invalid, Refused
from nexxio.core.ids import new_id
from nexxio.core.models import Message, Notification, Occupancy, Tenant, Unit
from nexxio.core.scoping import system_scope
from orders import services
from orders.completeness import RETURN_FIELDS, check
from orders.models import Contract, Order, OrderBudget, OrderContact
from orders.selectors.desks import landlord_desk
from orders.selectors.similar import similar_orders, similar_to
from orders.states import ReturnReason
from tenants.selectors import follow_page
from tests.access.test_hostile import order_form
from tests.factories.attributed import contract_beside
from tests.factories.full import act


@pytest.fixture
def party(world):
    return world.first


@pytest.fixture
def browser(party) -> Client:
    client = Client()
    client.force_login(party.manager.user)
    return client


def _url(party, name: str, *args) -> str:
    return reverse(f"orders:{name}", args=[party.landlord.slug, *args])


def test_a_returned_order_opens_on_what_its_company_asked_for(party, browser):
    assert set(RETURN_FIELDS) == set(ReturnReason)
    items = ["access", "vat", "billing"]
    act(party, "desk", services.return_order, order_id=party.order.pk, items=items)
    page = browser.get(_url(party, "landlord_edit", party.order.pk)).content.decode()
    for link in ("#id_access", "#id_lignes-0-vat_rate", _url(party, "landlord_house")):
        assert f'href="{link}"' in page
    assert page.count("control--asked") >= 3


def test_what_a_returned_order_keeps_is_mended_by_another(party, browser):
    """Contract and dwelling: the form says so, and a manager is named to who can't write rules."""
    items = ["contract", "place", "billing"]
    act(party, "desk", services.return_order, order_id=party.order.pk, items=items)
    page = browser.get(_url(party, "landlord_edit", party.order.pk)).content.decode()
    assert "Corriger par une commande qui remplace" in page
    assert "Une commande déjà transmise garde son marché." in page
    clerk = Client()
    clerk.force_login(party.clerk.user)
    page = clerk.get(_url(party, "landlord_edit", party.order.pk)).content.decode()
    assert f"seuls vos responsables l’écrivent ({party.manager.user}" in page
    assert _url(party, "landlord_house") not in page.split("L’entreprise demande de compléter")[1]
    sent = browser.post(_url(party, "landlord_act", party.order.pk, "corriger"))
    with system_scope("tests: order"):
        made = Order.objects.get(supersedes_id=party.order.pk)
    assert sent.url == _url(party, "landlord_edit", made.pk)
    with pytest.raises(Refused):  # twice
        act(party, "manager", services.draft_correction, order_id=party.order.pk)


@pytest.fixture
def neighbour(party) -> Unit:
    """Another dwelling, with somebody else in it."""
    with system_scope("tests: the dwelling next door"):
        unit = Unit.objects.create(
            landlord=party.landlord,
            group=party.unit.group,
            kind="dwelling",
            number="99",
            floor="4",
            door="gauche",
        )
        living = Tenant.objects.create(
            landlord=party.landlord, first_name="Nadia", last_name="Morel", phone="+33633333333"
        )
        Occupancy.objects.create(
            landlord=party.landlord, unit=unit, tenant=living, starts_on=clock.today()
        )
    return unit


def test_a_correction_goes_to_the_right_dwelling_and_contract(party, browser, neighbour):
    order_id = party.order.pk
    act(party, "desk", services.return_order, order_id=order_id, items=["place", "contract"])
    made = act(party, "manager", services.draft_correction, order_id=order_id)
    other = contract_beside(party, party.contractor)
    chosen = browser.get(
        _url(party, "landlord_units"), {"groupe": neighbour.group_id, "pour": made.pk}
    )
    target = f"{_url(party, 'landlord_edit', made.pk)}?logement={neighbour.pk}"
    assert f'href="{target}"' in chosen.content.decode()
    initial = browser.get(target).context["form"].initial
    assert (initial["contact_name"], initial["phone"]) == ("Nadia Morel", "+33633333333")
    data = party.order_input(
        unit_id=neighbour.pk,
        contract_id=other.pk,
        lines=(services.LineInput(None, Decimal(1), "Joint", "u", Decimal(20)),),
        contact_name="Nadia Morel",
        phone="+33633333333",
    )
    act(party, "manager", services.update_order, order_id=made.pk, version=1, data=data)
    sent = act(party, "manager", services.issue_order, order_id=made.pk)
    with system_scope("tests: order"):
        sent, former = Order.objects.get(pk=sent.pk), Order.objects.get(pk=order_id)
        assert (sent.unit_id, sent.contract_id) == (neighbour.pk, other.pk)
        assert sent.case_id != former.case_id  # who lives at the wrong place reads nothing of it
        assert sent.tenant_id == sent.case.tenant_id != former.tenant_id
        assert sent.case.unit_id == neighbour.pk
    assert (former.state, former.superseded_reason) == ("superseded", "corrected")
    relay.deliver_one_by_one()
    with system_scope("tests: bells"):
        rung = Notification.objects.filter(title__startswith="Remplacée par une commande corrigée")
        assert rung.filter(user_id=party.desk.user_id).exists()


def test_only_a_correction_gets_another_dwelling(party, neighbour):
    act(party, "desk", services.return_order, order_id=party.order.pk, items=["place"])
    data = party.order_input(unit_id=neighbour.pk)
    with system_scope("tests: order"):
        version = Order.objects.get(pk=party.order.pk).version
    own = {"order_id": party.order.pk, "version": version, "data": data}
    with pytest.raises(Invalid) as invalid:
        act(party, "manager", services.update_order, **own)
    assert "unit" in invalid.value.errors
    assert services.why_it_stays(Order(state="returned"))


def test_a_contract_that_has_ended_since_does_not_hold_a_returned_order(party, browser):
    """What it was issued under holds for it, as its prices do; a new order needs one in force."""
    act(party, "desk", services.return_order, order_id=party.order.pk, items=["phone"])
    with clock.moved_to(clock.now() + timedelta(days=3)):
        with system_scope("tests: the contract is over"):
            ended = clock.today() - timedelta(days=1)
            Contract.objects.filter(pk=party.contract.pk).update(ends_on=ended)
        draft = act(party, "manager", services.draft_order, data=party.order_input())
        with pytest.raises(Incomplete):
            act(party, "manager", services.issue_order, order_id=draft.pk)
        again = act(party, "manager", services.reissue_order, order_id=party.order.pk)
    assert again.state == "issued"


def test_the_billing_address_travels_with_the_order(party, browser):
    typed = {"billing_address": "Rivage Habitat\n\n BP 12 ", "needs_commitment": "on"}
    assert browser.post(_url(party, "landlord_house"), typed).status_code == 302
    order = act(party, "manager", services.draft_order, data=party.order_input())
    with scope_of(party.actor("manager")):
        found = check(services.facts_of(Order.objects.get(pk=order.pk)))
        assert [rule.code for rule in found.missing] == ["commitment"]
    given = party.order_input(commitment_number="E-1", service_code="S-1")
    act(party, "manager", services.update_order, order_id=order.pk, version=1, data=given)
    act(party, "manager", services.issue_order, order_id=order.pk)
    with scope_of(party.actor("desk")):
        budget = OrderBudget.objects.get(order_id=order.pk)
    assert budget.billing_address == "Rivage Habitat\nBP 12"
    rules = {"version": 1, "billing_address": "", "needs_commitment": False}
    with pytest.raises(Refused):
        act(party, "clerk", services.write_house_rules, **rules)
    with pytest.raises(Invalid):
        act(party, "manager", services.write_house_rules, **{**rules, "version": 0})


def test_words_on_top_of_a_reason_reach_the_other_organisation(party, browser):
    order_id = party.order.pk
    note = "Échafaudage nécessaire"
    reason = {"reason": "outside_contract", "note": note}
    act(party, "desk", services.decline_order, order_id=order_id, **reason)
    assert note in browser.get(_url(party, "landlord_detail", order_id)).content.decode()
    answer = browser.post(
        _url(party, "landlord_act", order_id, "annuler"),
        {"reason": "repaired", "note": "Vu avec le gardien"},
    )
    assert answer.status_code == 302
    client = Client()
    client.force_login(party.desk.user)
    page = client.get(reverse("orders:contractor_detail", args=[party.contractor.slug, order_id]))
    assert "Vu avec le gardien" in page.content.decode()
    relay.deliver_one_by_one()
    with system_scope("tests: messages"):
        told = Message.objects.filter(event__kind="order.cancelled").first()
    assert "Pourquoi : réparé entre-temps." in told.text
    with scope_of(party.actor("tenant")):
        assert "réparé entre-temps" in follow_page(party.actor("tenant")).next_sentence


def test_a_declined_order_is_corrected_for_the_same_company(party):
    order_id = party.order.pk
    with pytest.raises(Refused):
        act(party, "manager", services.draft_correction, order_id=order_id)
    act(party, "desk", services.decline_order, order_id=order_id, reason="date_impossible")
    made = act(party, "manager", services.draft_correction, order_id=order_id)
    assert (made.case_id, made.contract_id) == (party.order.case_id, party.contract.pk)
    issued = act(party, "manager", services.issue_order, order_id=made.pk)
    assert issued.contractor_id == party.contractor.pk
    with system_scope("tests: order"):
        former = Order.objects.get(pk=order_id)
    assert (former.state, former.superseded_reason) == ("superseded", "corrected")


def test_a_company_without_capacity_is_not_asked_again(party):
    order_id = party.order.pk
    act(party, "desk", services.decline_order, order_id=order_id, reason="no_capacity")
    with pytest.raises(Refused):
        act(party, "manager", services.draft_correction, order_id=order_id)


def test_a_duplicate_is_a_draft_of_its_own(party):
    with system_scope("tests: order"):
        Order.objects.filter(pk=party.order.pk).update(external_number="ERP-7")
    made = act(party, "clerk", services.duplicate_order, order_id=party.order.pk)
    assert (made.state, made.external_number, made.title) == ("draft", "", party.order.title)
    assert made.case_id != party.order.case_id
    with scope_of(party.actor("clerk")):
        assert made.lines.count() == 1
    with pytest.raises(Refused):
        act(party, "reader", services.duplicate_order, order_id=party.order.pk)


def test_a_duplicate_calls_who_lives_there_today(party):
    with system_scope("tests: somebody else has moved in"):
        OrderContact.objects.filter(order=party.order).update(
            second_phone="+33622222222", access_code="1234B"
        )
        living = Tenant.objects.create(
            landlord=party.landlord, first_name="Nadia", last_name="Morel", phone="+33633333333"
        )
        Occupancy.objects.create(
            landlord=party.landlord, unit=party.unit, tenant=living, starts_on=clock.today()
        )
    made = act(party, "clerk", services.duplicate_order, order_id=party.order.pk)
    with scope_of(party.actor("clerk")):
        contact = OrderContact.objects.get(order=made)
    assert (contact.name, contact.phone, contact.email) == (str(living), living.phone, "")
    assert (contact.second_phone, contact.access_code) == ("", "")


def test_drafts_of_the_same_place_and_trade_are_seen_before_another_leaves(world, party, browser):
    act(party, "manager", services.cancel_order, order_id=party.order.pk, reason="repaired")
    own_id = str(new_id())
    typed = order_form(party, own_id=own_id, send="1")
    act(party, "clerk", services.draft_order, data=party.order_input(title="Fuite déjà saisie"))
    kept = browser.post(_url(party, "landlord_new"), typed, follow=True)
    assert "gardée en brouillon" in kept.content.decode()
    assert "Fuite déjà saisie" in kept.content.decode()
    with system_scope("tests: order"):
        first = Order.objects.get(pk=own_id)
        others = Order.objects.filter(landlord=party.landlord, state="draft").exclude(pk=own_id)
        seen = str(others.get().pk)
    assert first.state == "draft"
    page = browser.get(_url(party, "landlord_detail", own_id)).content.decode()
    assert "Semblable au même endroit" in page  # asked before it leaves
    again = order_form(party, version="1", send="1", seen=seen)
    sent = browser.post(_url(party, "landlord_edit", own_id), again, follow=True)
    assert "transmise à l’entreprise" in sent.content.decode()
    with scope_of(world.second.actor("manager")):
        there = world.second.unit
        assert not [one for one in similar_to(there, "plomberie") if str(one.pk) == own_id]


def test_what_corrects_an_order_is_not_similar_to_it(party):
    act(party, "desk", services.return_order, order_id=party.order.pk, items=["place"])
    made = act(party, "manager", services.draft_correction, order_id=party.order.pk)
    with scope_of(party.actor("manager")):
        assert similar_orders(Order.objects.get(pk=made.pk)) == []
        assert similar_orders(Order.objects.get(pk=party.order.pk)) == []


def test_an_author_takes_his_order_back_from_approval(party):
    lines = (services.LineInput(party.item.pk, Decimal(20)),)
    order = act(party, "clerk", services.draft_order, data=party.order_input(lines=lines))
    act(party, "clerk", services.issue_order, order_id=order.pk)
    with pytest.raises(Refused):
        act(party, "manager", services.recall_order, order_id=order.pk)
    assert act(party, "clerk", services.recall_order, order_id=order.pk).state == "draft"
    with pytest.raises(Conflict):
        act(party, "clerk", services.recall_order, order_id=order.pk)


@pytest.mark.parametrize("q", ["amina dia", "06 12 34 56 78", "Diallo"])
def test_an_order_starts_from_who_calls(party, browser, q):
    page = browser.get(_url(party, "landlord_units"), {"locataire": q}).content.decode()
    assert f"?logement={party.unit.pk}" in page
    other = browser.get(_url(party, "landlord_units"), {"locataire": "06 99 99 99 99"})
    assert "logement=" not in other.content.decode()


def test_the_desk_parts_what_its_reader_may_approve(party, browser):
    lines = (services.LineInput(party.item.pk, Decimal(20)),)
    order = act(party, "clerk", services.draft_order, data=party.order_input(lines=lines))
    act(party, "clerk", services.issue_order, order_id=order.pk)
    for who, title, says in (
        ("manager", "À valider", ""),
        ("clerk", "À valider par d’autres", f"peut être validée par {party.manager.user}"),
    ):
        with scope_of(party.actor(who)):
            groups = {group.title: group.rows for group in landlord_desk(party.actor(who)).groups}
        assert [row.order.pk for row in groups[title]] == [order.pk]
        client = Client()
        client.force_login(getattr(party, who).user)
        assert says in client.get(_url(party, "landlord_home")).content.decode()
    page = client.get(_url(party, "landlord_detail", order.pk)).content.decode()
    assert "Vous ne validez pas votre propre commande." in page
    assert str(party.manager.user) in page
