"""Versions of price schedules: which one an order copies, and what may still change."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.core.documents import render_html
from nexxio.core.errors import Incomplete, Invalid, Refused
from nexxio.core.models import Event
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Contract, OrderBudget, OrderLine, PriceItem, PriceSchedule
from orders.selectors.sheet import sheet
from orders.services import ItemInput, LineInput, documents
from orders.subscribers import TEMPLATE
from tests.factories.full import act
from tests.factories.schedules import published


@pytest.fixture
def party(world):
    return world.first


def _line(order) -> OrderLine:
    with system_scope("tests"):
        return OrderLine.objects.get(order_id=order.pk)


def _prepared(party, days: int = 30, **more) -> PriceSchedule:
    day = clock.today() + timedelta(days=days)
    return act(
        party,
        "manager",
        services.prepare_schedule,
        contract_id=party.contract.pk,
        effective_on=day,
        **more,
    )


def test_an_order_takes_the_prices_of_the_day_it_leaves(party):
    order = act(party, "manager", services.draft_order, data=party.order_input())
    with system_scope("tests"):
        published(party.contract, clock.today() + timedelta(days=3), number=2, PLB_01="100")
    later = clock.now() + timedelta(days=3)
    with clock.moved_to(later):
        act(party, "manager", services.issue_order, order_id=order.pk)
    line = _line(order)
    assert (line.code, line.unit_price, line.total_without_vat) == ("PLB-01", 100, 100)
    with system_scope("tests"):
        assert line.price_item.schedule.number == 2
        budget = OrderBudget.objects.get(order_id=order.pk)
    assert (budget.total_without_vat, budget.total_vat) == (100, 10)
    assert _line(party.order).unit_price == Decimal("62.5")


def test_the_day_before_the_former_prices_hold(party):
    with system_scope("tests"):
        published(party.contract, clock.today() + timedelta(days=1), number=2, PLB_01="100")
    order = act(party, "manager", services.draft_order, data=party.order_input())
    act(party, "manager", services.issue_order, order_id=order.pk)
    assert _line(order).unit_price == Decimal("62.5")


def test_an_order_waits_when_its_article_is_gone(party):
    order = act(party, "manager", services.draft_order, data=party.order_input())
    with system_scope("tests"):
        published(party.contract, clock.today(), number=2, PLB_02="100")
    with pytest.raises(Incomplete) as raised:
        act(party, "manager", services.issue_order, order_id=order.pk)
    assert [code for code, _sentence in raised.value.missing] == ["lines_in_force"]
    with pytest.raises(Invalid):
        act(party, "manager", services.draft_order, data=party.order_input())


def test_the_new_price_counts_against_the_spend_limit(party):
    order = act(party, "clerk", services.draft_order, data=party.order_input())
    with system_scope("tests"):
        published(party.contract, clock.today(), number=2, PLB_01="501")
    moved = act(party, "clerk", services.issue_order, order_id=order.pk)
    assert moved.state == "pending_approval"


def test_a_line_off_the_schedule_keeps_what_was_typed(party):
    line = LineInput(
        None, Decimal(2), "Dépose  d’un meuble", "forfait", Decimal("40.5"), Decimal("20.00")
    )
    at_the_normal_rate = services.ClausesInput(vat_reason="normal")
    data = party.order_input(lines=(line,), clauses=at_the_normal_rate)
    order = act(party, "manager", services.draft_order, data=data)
    act(party, "manager", services.issue_order, order_id=order.pk)
    found = _line(order)
    assert found.is_off_schedule
    assert (found.code, found.label, found.total_without_vat) == ("", "Dépose d’un meuble", 81)
    with scope_of(party.actor("manager")):
        assert services.typed_lines(order)[0].unit_price == Decimal("40.5")


def test_page_and_pdf_mark_what_is_off_the_schedule_and_list_the_pieces(party):
    with system_scope("tests"):
        Contract.objects.filter(pk=party.contract.pk).update(pieces=["sign_off"])
    line = LineInput(None, Decimal(2), "Dépose d’un meuble", "forfait", Decimal("40.5"))
    data = party.order_input(lines=(line,))
    order = act(party, "manager", services.draft_order, data=data)
    act(party, "manager", services.issue_order, order_id=order.pk)
    with system_scope("tests"):
        issued = Event.objects.get(order_id=order.pk, kind="order.issued")
        document = documents.open_document(event=issued)
    with scope_of(party.actor("manager")):
        html = render_html(TEMPLATE, {"sheet": sheet(document, ""), "qr": ""})
    assert '<span class="code">hors bordereau</span>' in html
    assert "intervention signé par le locataire." in html


@pytest.mark.parametrize(
    "line",
    [
        LineInput(None, Decimal(1), "", "u", Decimal(1)),
        LineInput(None, Decimal(1), "Meuble", "", Decimal(1)),
        LineInput(None, Decimal(1), "Meuble", "u", None),
        LineInput(None, Decimal(1), "Meuble", "u", Decimal(0)),
        LineInput(None, Decimal(1), "Meuble" * 50, "u", Decimal(1)),
    ],
)
def test_a_line_off_the_schedule_needs_words_and_a_price(party, line):
    with pytest.raises(Invalid) as raised:
        act(party, "manager", services.draft_order, data=party.order_input(lines=(line,)))
    assert raised.value.errors["lines"][0].startswith("Ligne 1")


def test_a_revision_multiplies_and_rounds_half_up(party):
    made = _prepared(party, coefficient=Decimal("1.0002"))
    with system_scope("tests"):
        assert PriceItem.objects.get(schedule=made).unit_price == Decimal("62.51")
    act(party, "manager", services.drop_schedule, schedule_id=made.pk)
    made = _prepared(party, coefficient=Decimal("1.0002"), places=4)
    with system_scope("tests"):
        assert PriceItem.objects.get(schedule=made).unit_price == Decimal("62.5125")


def test_one_version_at_a_time_is_prepared_and_each_has_its_day(party):
    made = _prepared(party)
    with pytest.raises(Invalid) as raised:
        _prepared(party, days=40)
    assert "déjà en préparation" in raised.value.errors["effective_on"][0]
    act(party, "manager", services.publish_schedule, schedule_id=made.pk)
    with pytest.raises(Invalid) as raised:
        _prepared(party)
    assert "ce jour-là" in raised.value.errors["effective_on"][0]
    with pytest.raises(Invalid):
        _prepared(party, days=365 * 30)


def test_only_a_manager_writes_versions(party):
    for who in ("clerk", "reader"):
        with pytest.raises(Refused):
            act(
                party,
                who,
                services.prepare_schedule,
                contract_id=party.contract.pk,
                effective_on=clock.today(),
            )


def test_a_published_version_never_changes(party):
    made = _prepared(party)
    item = ItemInput("PLB-09", "Robinet", "u", Decimal(5))
    act(party, "manager", services.write_items, schedule_id=made.pk, items=[item])
    act(party, "manager", services.publish_schedule, schedule_id=made.pk)
    for service, more in (
        (services.write_items, {"items": [item]}),
        (services.drop_schedule, {}),
        (services.publish_schedule, {}),
        (services.move_schedule, {"effective_on": clock.today()}),
    ):
        with pytest.raises(Refused):
            act(party, "manager", service, schedule_id=made.pk, **more)


def test_prices_of_the_past_are_not_rewritten(party):
    made = _prepared(party, days=-3)
    with pytest.raises(Refused) as raised:
        act(party, "manager", services.publish_schedule, schedule_id=made.pk)
    assert raised.value.code == "past"


def test_a_version_is_taken_back_until_an_order_stands_on_it(party):
    made = _prepared(party, days=0)
    act(party, "manager", services.publish_schedule, schedule_id=made.pk)
    act(party, "manager", services.withdraw_schedule, schedule_id=made.pk)
    act(party, "manager", services.publish_schedule, schedule_id=made.pk)
    act(party, "manager", services.draft_order, data=party.order_input())
    with pytest.raises(Refused) as raised:
        act(party, "manager", services.withdraw_schedule, schedule_id=made.pk)
    assert raised.value.code == "used"


def test_the_contractor_reads_published_versions_only(party):
    made = _prepared(party)
    with scope_of(party.actor("desk")):
        assert not PriceSchedule.objects.filter(pk=made.pk).exists()
        assert not PriceItem.objects.filter(schedule_id=made.pk).exists()
    act(party, "manager", services.publish_schedule, schedule_id=made.pk)
    with scope_of(party.actor("desk")):
        assert PriceItem.objects.filter(schedule_id=made.pk).count() == 1
