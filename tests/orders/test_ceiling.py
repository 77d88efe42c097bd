"""What is left of a contract's ceiling, and whose amounts count."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.core.errors import Incomplete
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Contract, Order
from orders.services import LineInput
from tests.factories.full import act

ONE = Decimal("62.50")


def left(party) -> Decimal | None:
    with scope_of(party.actor("manager")):
        return services.ceiling_left(Contract.objects.get(pk=party.contract.pk))


def issued(party, quantity: int = 1):
    manager = party.actor("manager")
    with scope_of(manager):
        lines = (LineInput(party.item.pk, Decimal(quantity)),)
        order = services.draft_order(actor=manager, data=party.order_input(lines=lines))
        return services.issue_order(actor=manager, order_id=order.pk)


def test_issued_orders_draw_on_the_ceiling_and_drafts_do_not(world):
    party = world.first
    whole = Decimal("50000.00")
    assert left(party) == whole - ONE
    issued(party, 3)
    manager = party.actor("manager")
    with scope_of(manager):
        services.draft_order(actor=manager, data=party.order_input())
    assert left(party) == whole - 4 * ONE
    assert left(world.second) == whole - ONE


def test_a_capped_quote_draws_its_cap_until_works_are_done(world):
    """Two of 8 000 don't leave under a ceiling of 10 000: what may be asked for is promised."""
    party, cap = world.first, Decimal(8000)
    with system_scope("tests"):
        Contract.objects.filter(pk=party.contract.pk).update(ceiling=Decimal(10000))
    before = left(party)
    data = party.order_input(lines=(), quote_cap=cap)
    first = act(party, "manager", services.draft_order, data=data)
    act(party, "manager", services.issue_order, order_id=first.pk)
    assert left(party) == before - cap
    second = act(party, "manager", services.draft_order, data=data)
    with pytest.raises(Incomplete) as refused:
        act(party, "manager", services.issue_order, order_id=second.pk)
    assert [code for code, _words in refused.value.missing] == ["ceiling"]
    with system_scope("tests"):
        Order.objects.filter(pk=first.pk).update(
            state="done", done_at=clock.now(), accepted_at=clock.now()
        )
    assert left(party) == before  # nothing was asked for under the cap


def test_a_cap_draws_no_less_than_the_lines_come_to(world):
    party = world.first
    before = left(party)
    lines = (LineInput(party.item.pk, Decimal(3)),)
    data = party.order_input(lines=lines, quote_cap=ONE)
    order = act(party, "manager", services.draft_order, data=data)
    act(party, "manager", services.issue_order, order_id=order.pk)
    assert left(party) == before - 3 * ONE


@pytest.mark.parametrize(
    ("who", "service", "reason"),
    [
        ("manager", services.cancel_order, "duplicate"),
        ("desk", services.decline_order, "no_capacity"),
    ],
)
def test_what_was_given_up_or_refused_draws_nothing(world, who, service, reason):
    party = world.first
    order = issued(party, 3)
    before = left(party)
    act(party, who, service, order_id=order.pk, reason=reason)
    assert left(party) == before + 3 * ONE


def test_a_contract_without_ceiling_has_nothing_left_to_say(world):
    with system_scope("tests"):
        Contract.objects.filter(pk=world.first.contract.pk).update(ceiling=None)
    assert left(world.first) is None


def test_the_order_being_edited_does_not_count_twice(world):
    """A returned order has drawn already: typed again at the same price, it still fits."""
    party = world.first
    act(party, "desk", services.return_order, order_id=party.order.pk, items=["phone"])
    with system_scope("tests"):
        Contract.objects.filter(pk=party.contract.pk).update(ceiling=ONE)
    client = Client()
    client.force_login(party.manager.user)
    url = reverse("orders:landlord_check", args=[party.landlord.slug])
    typed = {
        "contract": party.contract.pk,
        "lignes-TOTAL_FORMS": "1",
        "lignes-INITIAL_FORMS": "0",
        "lignes-0-price_item": party.item.pk,
        "lignes-0-quantity": "1",
    }

    def missing(**changes) -> set[str]:
        found = client.post(url, {**typed, **changes}).context["completeness"]
        return {rule.code for rule in found.missing}

    assert "ceiling" in missing()  # a new order beside it
    assert "ceiling" not in missing(order=party.order.pk)
    assert "ceiling" in missing(order=party.order.pk, **{"lignes-0-quantity": "2"})
    assert "ceiling" in missing(order="nonsense")


def test_the_form_opens_with_the_facts_of_the_stored_order(world):
    party = world.first
    act(party, "desk", services.return_order, order_id=party.order.pk, items=["phone"])
    with system_scope("tests"):
        Contract.objects.filter(pk=party.contract.pk).update(ceiling=Decimal("10.00"))
    client = Client()
    client.force_login(party.manager.user)
    url = reverse("orders:landlord_edit", args=[party.landlord.slug, party.order.pk])
    found = client.get(url).context["completeness"]
    assert [rule.code for rule in found.missing] == ["ceiling"]
