"""What contracts' orders draw is kept by the database: always the sum of what they say."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, Sum

from nexxio.core.actors import scope_of
from nexxio.core.scoping import owner_scope, system_scope
from orders import services
from orders.models import Contract, ContractDraw, Order, OrderBudget
from orders.services.ceilings import NOT_DRAWN
from orders.services.moves import lock_contract
from orders.states import FINISHED, OrderState
from tests.factories.acting import act
from tests.factories.extras import asked
from tests.factories.full import visited

LINE = Decimal("62.50")


def kept(party) -> tuple[Decimal, int]:
    with system_scope("tests: kept"):
        rows = ContractDraw.objects.filter(contract_id=party.contract.pk)
        found = rows.aggregate(amount=Sum("amount"), orders=Sum("orders"))
    return found["amount"] or Decimal(0), found["orders"] or 0


def said(party) -> tuple[Decimal, int]:
    """Add up all orders, in words of this test."""
    with system_scope("tests: said"):
        rows = Order.objects.filter(contract_id=party.contract.pk).exclude(state__in=NOT_DRAWN)
        amount = Decimal(0)
        for order in rows.select_related("budget"):
            budget = order.budget
            cap = Decimal(0) if order.state in FINISHED else budget.quote_cap or Decimal(0)
            amount += max(budget.total_without_vat, cap)
        return amount, rows.count()


def agree(party) -> tuple[Decimal, int]:
    assert kept(party) == said(party)
    return kept(party)


def issued(party, quantity: int = 1):
    lines = (services.LineInput(party.item.pk, Decimal(quantity)),)
    order = act(party, "manager", services.draft_order, data=party.order_input(lines=lines))
    return act(party, "manager", services.issue_order, order_id=order.pk)


def test_each_way_of_an_order_is_kept(world):
    first = world.first
    amount, orders = agree(first)
    assert (amount, orders) == (LINE, 1)
    order = issued(first, 3)
    assert agree(first) == (4 * LINE, 2)
    act(first, "desk", services.decline_order, order_id=order.pk, reason="no_capacity")
    assert agree(first) == (LINE, 1)
    visited(first, state="on_site")
    extra = asked(first)
    act(first, "manager", services.grant_variation, variation_id=extra.pk)
    more, _orders = agree(first)
    assert more > LINE
    assert kept(world.second) == said(world.second) == (LINE, 1)


def test_a_cap_counts_until_works_are_done(world):
    first = world.first
    with system_scope("tests: capped"):
        OrderBudget.objects.filter(order=first.order).update(quote_cap=Decimal(400))
    assert agree(first) == (Decimal(400), 1)
    with owner_scope():
        now = dict.fromkeys(("accepted_at", "done_at"), "2026-01-01T10:00Z")
        Order.objects.filter(pk=first.order.pk).update(state="done", **now)
    assert agree(first) == (LINE, 1)


def test_what_is_deleted_or_moved_is_taken_back(world):
    first = world.first
    with owner_scope(), connection.cursor() as cursor:
        cursor.execute("UPDATE orders_order SET contract_id = NULL WHERE id = %s", [first.order.pk])
        assert agree(first) == (Decimal(0), 0)
        cursor.execute(
            "UPDATE orders_order SET contract_id = %s WHERE id = %s",
            [first.contract.pk, first.order.pk],
        )
        assert agree(first) == (LINE, 1)
        cursor.execute("DELETE FROM orders_orderbudget WHERE order_id = %s", [first.order.pk])
        assert kept(first) == (Decimal(0), 1)


@pytest.mark.parametrize("state", OrderState.values)
def test_the_database_and_the_states_say_the_same(db, state):
    total, cap = Decimal(10), Decimal(50)
    with system_scope("tests: rule"), connection.cursor() as cursor:
        cursor.execute("SELECT orders_drawn(%s, %s, %s)", [state, total, cap])
        (drawn,) = cursor.fetchone()
    expected: Any = total if state in FINISHED else cap
    assert drawn == (None if state in NOT_DRAWN else expected)


def test_rows_are_folded_by_whoever_holds_the_contract_and_say_the_same(world):
    first = world.first
    with owner_scope(), connection.cursor() as cursor:
        for n in range(60):
            cursor.execute(
                "UPDATE orders_orderbudget SET total_without_vat = %s WHERE order_id = %s",
                [100 + n, first.order.pk],
            )
            cursor.execute(
                "UPDATE orders_order SET issued_at = issued_at - interval '%s months'"
                " WHERE id = %s",
                [n % 2 * 2 - 1, first.order.pk],
            )
        assert ContractDraw.objects.filter(contract=first.contract).count() > 100
    before = agree(first)
    with scope_of(first.actor("manager")), connection.cursor():
        lock_contract(Order.objects.get(pk=first.order.pk))
    assert agree(first) == before
    with system_scope("tests: folded"):
        months = ContractDraw.objects.filter(contract=first.contract).values("month")
        assert max(row["n"] for row in months.annotate(n=Count("pk"))) == 1


def test_a_recount_mends_what_is_wrong_and_changes_nothing_else(world):
    first = world.first
    with owner_scope(), connection.cursor() as cursor:
        rows = ContractDraw.objects.filter(contract=first.contract)
        before = rows.count()
        cursor.execute("SELECT orders_recount_draws(%s)", [first.contract.pk])
        assert rows.count() == before
        rows.delete()
        cursor.execute("SELECT orders_recount_draws(%s)", [first.contract.pk])
        cursor.execute("SELECT orders_recount_draws(%s)", [first.contract.pk])
        assert rows.count() == 1
    assert agree(first) == (LINE, 1)


def test_a_side_reads_its_own_and_writes_none(world):
    for who in ("manager", "desk"):
        with scope_of(world.first.actor(who)):
            assert set(ContractDraw.objects.values_list("contract_id", flat=True)) == {
                world.first.contract.pk
            }
            assert ContractDraw.objects.update(amount=0) == 0


def test_what_an_order_draws_itself_is_left_out_when_it_is_looked_at(world):
    first = world.first
    issued(first, 3)
    with scope_of(first.actor("manager")):
        contract = Contract.objects.get(pk=first.contract.pk)
        whole = contract.ceiling
        assert services.ceiling_left(contract) == whole - 4 * LINE
        assert services.ceiling_left(contract, excluding=first.order.pk) == whole - 3 * LINE
        draft = services.draft_order(actor=first.actor("manager"), data=first.order_input())
        assert services.ceiling_left(contract, excluding=draft.pk) == whole - 4 * LINE
