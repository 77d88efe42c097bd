"""Whose turn an order is: the contracts' own rules, and leaving them."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core.actors import scope_of
from nexxio.core.errors import Incomplete, Invalid
from nexxio.core.scoping import system_scope
from orders import on_call, services
from orders.attribution import AGENCY, EVERYWHERE, RESIDENCE, Candidate, decide
from orders.completeness import check
from orders.models import Contract, ContractPlace, Order, OrderContact, RuleDeparture
from orders.selectors.attribution import others_due, tally_of
from orders.services import ContractInput, LineInput
from tests.access.test_hostile import order_form
from tests.factories.attributed import contract_beside
from tests.factories.full import act, divided


def _candidate(number: str, attribution: str, *, orders=0, where=EVERYWHERE, rank=1, share=None):
    contract = Contract(
        number=number,
        attribution=attribution,
        attribution_rank=rank,
        attribution_share=share,
        contractor_id=uuid4(),
    )
    return Candidate(contract, where, orders)


def _numbers(contracts) -> list[str]:
    return [one.number for one in contracts]


def test_the_narrowest_perimeter_comes_before_the_other_rules():
    wide = _candidate("A", "perimeter", where=AGENCY)
    near = _candidate("B", "perimeter", where=RESIDENCE)
    single = _candidate("C", "single")
    due = decide([wide, near, single])
    assert (_numbers(due.fitting), _numbers(due.others)) == (["B"], ["A", "C"])
    assert due.leaves_rule(single.contract.pk)
    assert not due.leaves_rule(near.contract.pk)


def test_a_cascade_passes_to_the_next_rank_when_a_company_gives_up():
    first, second = _candidate("A", "cascade"), _candidate("B", "cascade", rank=2)
    assert _numbers(decide([first, second]).fitting) == ["A"]
    due = decide([first, second], excluding={first.contract.contractor_id})
    assert (_numbers(due.fitting), _numbers(due.others)) == (["B"], ["A"])


def test_contracts_that_stand_alike_are_all_within_the_rule():
    due = decide([_candidate("B", "single"), _candidate("A", "single")])
    assert (_numbers(due.fitting), due.others) == (["A", "B"], ())


@pytest.mark.parametrize(
    ("orders", "shares", "fitting"),
    [
        ((0, 0), (None, None), ["A", "B"]),
        ((3, 0), (None, None), ["B"]),
        ((60, 40), (60, 40), ["A", "B"]),
        ((70, 30), (60, 40), ["B"]),
    ],
)
def test_rotation_follows_the_agreed_shares(orders, shares, fitting):
    found = [
        _candidate(number, "rotation", orders=count, rank=rank, share=share)
        for rank, (number, count, share) in enumerate(zip("AB", orders, shares, strict=True), 1)
    ]
    assert _numbers(decide(found).fitting) == fitting


# --- on orders --------------------------------------------------------------------------------


@pytest.fixture
def party(world):
    return world.first


@pytest.fixture
def second(world, party) -> Contract:
    """Two contracts in cascade: the party's own first, then the other company's."""
    with system_scope("tests: cascade"):
        Contract.objects.filter(pk=party.contract.pk).update(attribution="cascade")
    return contract_beside(
        party, world.second.contractor, attribution="cascade", attribution_rank=2
    )


def _missing(party, order_id) -> list[str]:
    with scope_of(party.actor("manager")):
        found = check(services.facts_of(Order.objects.get(pk=order_id)))
    return [rule.code for rule in found.missing]


def _on(party, contract, **changes):
    with system_scope("tests: article"):
        item = contract.price_items.get()
    lines = (LineInput(item.pk, party.order_input().lines[0].quantity),)
    return party.order_input(contract_id=contract.pk, lines=lines, **changes)


def test_leaving_the_rule_asks_a_reason_and_is_counted_for_both(world, party, second):
    order = act(party, "manager", services.draft_order, data=_on(party, second))
    with pytest.raises(Incomplete) as raised:
        act(party, "manager", services.issue_order, order_id=order.pk)
    assert [code for code, _sentence in raised.value.missing] == ["attribution"]
    data = _on(party, second, rule_reason="skill", rule_note="Agrément gaz")
    act(party, "manager", services.update_order, order_id=order.pk, version=1, data=data)
    act(party, "manager", services.issue_order, order_id=order.pk)
    client = Client()
    client.force_login(party.manager.user)
    url = reverse("orders:landlord_detail", args=[party.landlord.slug, order.pk])
    page = client.get(url).content.decode()
    assert "hors de la règle des marchés\u00a0: technicité ou agrément particulier" in page
    assert "Agrément gaz" in page
    with scope_of(world.second.actor("desk")):
        # Who got it counts an order against the rule, and reads nothing of the other contract.
        assert tally_of(second).against == 1
        assert not RuleDeparture.objects.exists()
    with scope_of(party.actor("desk")):
        tally = tally_of(party.contract)
        assert (tally.gone, tally.elsewhere) == (1, [("Technicité ou agrément particulier", 1)])
        assert not Order.objects.filter(pk=order.pk).exists()


def test_a_correction_keeps_why_the_rule_was_left(world, party, second):
    data = _on(party, second, rule_reason="skill", rule_note="Agrément gaz")
    order = act(party, "manager", services.draft_order, data=data)
    act(party, "manager", services.issue_order, order_id=order.pk)
    act(world.second, "desk", services.decline_order, order_id=order.pk, reason="date_impossible")
    made = act(party, "manager", services.draft_correction, order_id=order.pk)
    assert (made.rule_reason, made.rule_note) == ("skill", "Agrément gaz")
    issued = act(party, "manager", services.issue_order, order_id=made.pk)
    assert issued.rule_reason == "skill"


def test_the_turn_is_not_asked_again_at_approval(party, second):
    lines = (LineInput(party.item.pk, 20),)
    order = act(party, "clerk", services.draft_order, data=party.order_input(lines=lines))
    act(party, "clerk", services.issue_order, order_id=order.pk)
    with system_scope("tests: another's turn"):
        Contract.objects.filter(pk=party.contract.pk).update(attribution_rank=3)
        OrderContact.objects.filter(order_id=order.pk).update(phone="")
    assert _missing(party, order.pk) == ["attribution", "phone"]
    client = Client()
    client.force_login(party.manager.user)
    page = [party.landlord.slug, order.pk]
    answer = client.post(reverse("orders:landlord_act", args=[*page, "valider"]), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("orders:landlord_detail", args=page)
    assert "Renvoyez-la à son auteur" in answer.content.decode()
    with system_scope("tests: a number"):
        OrderContact.objects.filter(order_id=order.pk).update(phone="0612345678")
    assert act(party, "manager", services.approve_order, order_id=order.pk).state == "issued"
    with system_scope("tests: departures"):
        assert not RuleDeparture.objects.exists()


def test_the_company_whose_turn_it_is_needs_no_reason(party, second):
    data = party.order_input(rule_reason="skill")
    order = act(party, "manager", services.draft_order, data=data)
    issued = act(party, "manager", services.issue_order, order_id=order.pk)
    assert (issued.rule_reason, issued.contract_id) == ("", party.contract.pk)
    with system_scope("tests: departures"):
        assert not RuleDeparture.objects.exists()


def test_want_of_capacity_counts_and_passes_to_the_next_rank(party, second):
    act(party, "desk", services.decline_order, order_id=party.order.pk, reason="no_capacity")
    with scope_of(party.actor("desk")):
        assert tally_of(party.contract).defaults == 1
    with scope_of(party.actor("manager")):
        assert others_due(Order.objects.get(pk=party.order.pk)).first == second
    made = act(
        party,
        "manager",
        services.draft_successor,
        order_id=party.order.pk,
        contract_id=second.pk,
        reason="no_capacity",
    )
    assert act(party, "manager", services.issue_order, order_id=made.pk).rule_reason == ""
    with system_scope("tests: departures"):
        assert not RuleDeparture.objects.exists()


def test_an_order_outside_the_perimeter_does_not_leave(party):
    inside, outside = divided(party)
    terms = {
        name: getattr(party.contract, name)
        for name in ("number", "title", "starts_on", "ends_on", "ceiling")
    }
    data = ContractInput(
        **terms, trades=("plomberie",), attribution="perimeter", sectors=(outside.pk,)
    )
    change = {"contract_id": party.contract.pk, "data": data}
    act(party, "manager", services.change_contract, version=1, **change)
    order = act(party, "manager", services.draft_order, data=party.order_input())
    assert _missing(party, order.pk) == ["contract_place"]
    with system_scope("tests: on call"):
        Contract.objects.filter(pk=party.contract.pk).update(on_call=True, on_call_cap=500)
    desk = party.actor("desk")
    with scope_of(desk):
        found = on_call.find_place(desk, party.contract.pk, party.unit.group_id)
    assert found is None
    data = ContractInput(
        **terms, trades=("plomberie",), attribution="perimeter", agencies=(inside.agency_id,)
    )
    act(party, "manager", services.change_contract, version=2, **{**change, "data": data})
    assert _missing(party, order.pk) == []
    with scope_of(desk):
        (place,) = ContractPlace.objects.filter(contract=party.contract)
    assert place.name.startswith("Agence Agence de")
    bare = ContractInput(**terms, trades=("plomberie",), attribution="perimeter")
    with pytest.raises(Invalid):
        act(party, "manager", services.change_contract, version=3, **{**change, "data": bare})


def test_the_form_proposes_whose_turn_it_is(party, second):
    client = Client()
    client.force_login(party.manager.user)
    url = reverse("orders:landlord_lines", args=[party.landlord.slug])
    typed = order_form(party, contract="")
    page = client.post(url, typed, headers={"HX-Trigger-Name": "trade"}).content.decode()
    assert f'value="{party.contract.pk}" selected' in page
    assert "Autres marchés" in page
    assert "rule_reason" not in page
    other = client.post(url, order_form(party, contract=str(second.pk))).content.decode()
    assert "Ce n’est pas le tour de ce marché" in other
    assert "rule_reason" in other


def test_what_is_missing_is_asked_again_once_a_contract_is_proposed(party):
    client = Client()
    client.force_login(party.manager.user)
    unit = {"logement": party.unit.pk}
    page = client.get(reverse("orders:landlord_new", args=[party.landlord.slug]), unit)
    url = reverse("orders:landlord_lines", args=[party.landlord.slug])
    answer = client.post(url, order_form(party, contract=""))
    news = answer.headers["HX-Trigger-After-Settle"]
    assert f"{news} from:body" in page.content.decode()
