"""Extra works: asked before they are done, answered with both numbers and a reason."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from nexxio.core import clock, relay
from nexxio.core.actors import scope_of
from nexxio.core.errors import Conflict, Incomplete, Invalid, Refused
from nexxio.core.models import Event, Notification
from nexxio.core.scoping import system_scope
from orders import services, tasks
from orders.models import Contract, Order, OrderBudget, Variation, VariationLine, VariationTerms
from orders.selectors.pages import order_page
from orders.selectors.status import status_of
from orders.waits import waits_of, with_waits
from tests.factories.extras import asked, drafted, typed
from tests.factories.full import act, visited

ASKED = Decimal("142.50")  # 62,50 + 2 × 40


@pytest.fixture
def first(world):
    visited(world.first, state="confirmed")
    return world.first


def _amount(party) -> Decimal:
    with scope_of(party.actor("manager")):
        return OrderBudget.objects.get(order_id=party.order.pk).total_without_vat


def _tolerate(party, percent: str, amount: str) -> None:
    with system_scope("tests: terms"):
        Contract.objects.filter(pk=party.contract.pk).update(
            tolerance_percent=Decimal(percent), tolerance_amount=Decimal(amount)
        )


def _status(party, who: str) -> str:
    actor = party.actor(who)
    with scope_of(actor):
        order = with_waits(Order.objects.filter(pk=party.order.pk)).get()
        return status_of(order, list(order.visits.all()), actor.side, waits_of(order)).label


def _kinds() -> list[str]:
    with system_scope("tests: events"):
        rows = Event.objects.filter(kind__startswith="variation").order_by("id")
        return list(rows.values_list("kind", flat=True))


def test_the_landlord_meets_no_draft(first):
    variation = drafted(first)
    for who in ("manager", "tenant"):
        with scope_of(first.actor(who)):
            assert not Variation.objects.exists()
            assert not VariationTerms.objects.exists()
            assert not VariationLine.objects.exists()
    act(first, "desk", services.ask_variation, variation_id=variation.pk)
    with scope_of(first.actor("manager")):
        assert Variation.objects.get().terms.asked == ASKED
    with scope_of(first.actor("tenant")):
        assert Variation.objects.get().state == "asked"
        assert not VariationTerms.objects.exists()
        assert not VariationLine.objects.exists()


def test_each_side_reads_that_it_waits(first):
    asked(first)
    assert _status(first, "manager") == "Devis complémentaire en attente"
    assert _status(first, "desk") == "Devis complémentaire en attente"
    assert _status(first, "tenant") == "Travaux complémentaires en attente d’accord"
    with scope_of(first.actor("manager")):
        page = order_page(
            first.actor("manager"), with_waits(Order.objects.filter(pk=first.order.pk)).get()
        )
    assert page.ball is not None
    assert page.ball.side == "landlord"
    assert not page.can["cancel"]


def test_a_draft_holds_nothing_up(first):
    drafted(first)
    assert _status(first, "desk") == "Rendez-vous confirmé"


def test_the_amount_is_lines_and_what_was_granted(first):
    variation = asked(first)
    before = _amount(first)
    assert before == Decimal("62.50")
    act(first, "manager", services.grant_variation, variation_id=variation.pk)
    assert _amount(first) == before + ASKED
    with scope_of(first.actor("desk")):
        terms = VariationTerms.objects.get()
        assert (terms.asked, terms.granted, terms.automatic) == (ASKED, ASKED, False)


def test_granted_in_part_by_line(first):
    variation = asked(first)
    with scope_of(first.actor("manager")):
        one, two = VariationLine.objects.order_by("rank")
    granted = {one.pk: Decimal(0), two.pk: Decimal(1)}
    with pytest.raises(Invalid, match="partie seulement"):
        act(first, "manager", services.grant_variation, variation_id=variation.pk, granted=granted)
    moved = act(
        first,
        "manager",
        services.grant_variation,
        variation_id=variation.pk,
        granted=granted,
        note="Un flexible suffit",
        reason="included",
    )
    assert moved.state == "partly_granted"
    assert _amount(first) == Decimal("102.50")
    with scope_of(first.actor("desk")):
        terms = VariationTerms.objects.get()
        assert (terms.granted, terms.answer_note) == (Decimal("40.00"), "Un flexible suffit")


@pytest.mark.parametrize("quantity", [Decimal(-1), Decimal(3)])
def test_no_more_than_asked(first, quantity):
    variation = asked(first)
    with scope_of(first.actor("manager")):
        line = VariationLine.objects.order_by("rank").last()
    with pytest.raises(Invalid):
        act(
            first,
            "manager",
            services.grant_variation,
            variation_id=variation.pk,
            granted={line.pk: quantity},
            note="?",
        )
    assert _amount(first) == Decimal("62.50")


def test_nothing_granted_is_a_refusal(first):
    variation = asked(first)
    with scope_of(first.actor("manager")):
        none = dict.fromkeys(VariationLine.objects.values_list("pk", flat=True), Decimal(0))
    with pytest.raises(Invalid, match="refusez plutôt"):
        act(
            first,
            "manager",
            services.grant_variation,
            variation_id=variation.pk,
            granted=none,
            note="Non",
        )


def test_a_refusal_has_a_reason_and_leaves_the_amount(first):
    variation = asked(first)
    with pytest.raises(Invalid):
        act(first, "clerk", services.reject_variation, variation_id=variation.pk, reason="bof")
    act(
        first,
        "clerk",
        services.reject_variation,
        variation_id=variation.pk,
        reason="included",
        note="Voir le bordereau",
    )
    assert _amount(first) == Decimal("62.50")
    act(first, "desk", services.acknowledge_variation, variation_id=variation.pk)
    assert _kinds()[-2:] == ["variation.rejected", "variation.acknowledged"]


def test_over_the_limit_says_who_can(first):
    variation = asked(first, quantity=9)
    with pytest.raises(Refused, match="Claire Martin") as refused:
        act(first, "clerk", services.grant_variation, variation_id=variation.pk)
    assert refused.value.code == "limit"
    assert "705,00\xa0€" in refused.value.message
    act(first, "manager", services.grant_variation, variation_id=variation.pk)


def test_the_ceiling_holds_for_extras_too(first):
    variation = asked(first)
    with system_scope("tests: terms"):
        Contract.objects.filter(pk=first.contract.pk).update(ceiling=Decimal("100.00"))
    with pytest.raises(Refused, match="plafond"):
        act(first, "manager", services.grant_variation, variation_id=variation.pk)


@pytest.mark.parametrize(
    ("percent", "amount", "granted"),
    [("300", "150", True), ("300", "142.49", False), ("100", "1000", False), ("0", "0", False)],
)
def test_inside_both_tolerances_nobody_has_to_agree(first, percent, amount, granted):
    percent = min(percent, "100") if percent != "300" else "100"
    if granted or amount == "142.49":
        with system_scope("tests: a larger order"):
            first.order.lines.update(total_without_vat=Decimal("400.00"))
    _tolerate(first, percent, amount)
    asked(first)
    relay.deliver_one_by_one()
    with scope_of(first.actor("desk")):
        variation = Variation.objects.get()
        assert (variation.state == "granted") is granted
        assert variation.terms.automatic is granted
    with system_scope("tests: who"):
        sides = Event.objects.filter(kind="variation.granted").values_list("actor_side", flat=True)
        assert list(sides) == (["system"] if granted else [])


def test_small_extras_dont_add_up(first):
    with system_scope("tests: a larger order"):
        first.order.lines.update(total_without_vat=Decimal("4000.00"))
    _tolerate(first, "100", "200")
    for state in ("granted", "asked"):
        asked(first)
        relay.deliver_one_by_one()
        with scope_of(first.actor("desk")):
            assert Variation.objects.latest("number").state == state


def test_while_it_waits_nothing_is_finished_nor_cancelled(first):
    visit = _visit(first)
    variation = asked(first)
    for call_noted in (False, True):
        with pytest.raises(Refused, match="devis complémentaire n° 1"):
            act(
                first,
                "manager",
                services.cancel_order,
                order_id=first.order.pk,
                reason="duplicate",
                call_noted=call_noted,
            )
    with pytest.raises(Refused, match="ni terminée ni annulée"):
        act(first, "technician", services.complete_visit, visit_id=visit)
    act(first, "desk", services.withdraw_variation, variation_id=variation.pk)
    act(first, "technician", services.complete_visit, visit_id=visit)


def test_a_technician_may_leave_in_part(first):
    asked(first)
    act(
        first,
        "technician",
        services.complete_visit,
        visit_id=_visit(first),
        in_part=True,
        next_step="Après l’accord",
    )
    assert _status(first, "tenant") == "Travaux complémentaires en attente d’accord"


def _visit(party):
    with scope_of(party.actor("desk")):
        return Order.objects.get(pk=party.order.pk).visits.get().pk


def test_one_at_a_time(first):
    drafted(first)
    with pytest.raises(Conflict):
        drafted(first)


def test_a_technician_asks_on_his_own_visits_only(world):
    first = world.first
    act(first, "desk", services.accept_order, order_id=first.order.pk)
    with pytest.raises(Refused):
        drafted(first, who="technician")
    start = clock.now() + timedelta(hours=3)
    act(
        first,
        "desk",
        services.propose_visit,
        order_id=first.order.pk,
        start=start,
        end=start + timedelta(hours=2),
        technician_id=first.technician.pk,
        off_hours=True,
    )
    assert drafted(first, who="technician").state == "draft"


def test_a_photo_and_a_line_are_needed(first):
    variation = drafted(first, photo=False)
    with pytest.raises(Incomplete) as lacking:
        act(first, "desk", services.ask_variation, variation_id=variation.pk)
    assert [code for code, _sentence in lacking.value.missing] == ["photo"]
    bare = services.VariationInput(reason="extra", photo=typed(first).photo)
    act(first, "desk", services.update_variation, variation_id=variation.pk, data=bare)
    with pytest.raises(Incomplete) as lacking:
        act(first, "desk", services.ask_variation, variation_id=variation.pk)
    assert [code for code, _sentence in lacking.value.missing] == ["lines"]


def test_an_article_of_another_contract_is_refused(first, world):
    line = services.LineInput(quantity=Decimal(1), price_item_id=world.second.item.pk)
    data = services.VariationInput(reason="extra", lines=(line,))
    with pytest.raises(Invalid, match="bordereau"):
        act(first, "desk", services.draft_variation, order_id=first.order.pk, data=data)


def test_a_late_answer_is_chased_by_the_clock(first):
    variation = asked(first)
    assert tasks.remind_due() == 0
    late = variation.answer_due_at + timedelta(minutes=1)
    with clock.moved_to(late):
        assert tasks.remind_due() == 1
        assert tasks.remind_due() == 0
        relay.deliver_one_by_one()
    with system_scope("tests: bell"):
        told = Notification.objects.filter(title__startswith="Réponse en retard")
        assert {note.user_id for note in told} == {first.manager.user_id, first.clerk.user_id}
    with clock.moved_to(late + timedelta(days=30)):
        for _time in range(8):
            with system_scope("tests: due"):
                Variation.objects.filter(remind_at__isnull=False).update(remind_at=clock.now())
            tasks.remind_due()
    with system_scope("tests: reminders"):
        assert Variation.objects.get().reminders == 9  # it goes on, to the direction
    act(first, "manager", services.grant_variation, variation_id=variation.pk)
    with clock.moved_to(late + timedelta(days=60)):
        assert tasks.remind_due() == 0


def test_an_edited_order_keeps_what_was_granted(first):
    variation = asked(first)
    act(first, "manager", services.grant_variation, variation_id=variation.pk)
    order = act(first, "desk", services.return_order, order_id=first.order.pk, items=["quantity"])
    two = first.order_input(lines=(services.LineInput(first.item.pk, Decimal(2)),))
    act(
        first,
        "manager",
        services.update_order,
        order_id=order.pk,
        version=order.version,
        data=two,
    )
    assert _amount(first) == Decimal("125.00") + ASKED
