"""Regularisations: urgent works done beyond the order, settled by the landlord within its delay."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from contractors import services as contractors
from nexxio.core import clock, relay
from nexxio.core.actors import scope_of
from nexxio.core.errors import Conflict, Incomplete, Refused
from nexxio.core.models import Event, LegalForm, Notification
from nexxio.core.scoping import system_scope
from orders import ball, services, tasks
from orders.models import Certificate, Contract, Order, OrderBudget, Variation, VariationTerms
from orders.selectors import lists
from orders.selectors.desks import landlord_desk
from orders.selectors.parapheur import parapheur
from orders.services.holders import happening_of
from orders.services.variations import open_variation
from orders.terms import regularisation_days
from orders.working_days import after_working_days
from tests.factories.acting import act
from tests.factories.certified import finished, newest
from tests.factories.extras import FREE, asked, regularised
from tests.factories.full import visited
from tests.factories.invoiced import becomes, blocks_of

FREE_TOTAL = Decimal("80.00")


@pytest.fixture
def first(world):
    becomes(world.first, LegalForm.PRIVATE)
    return world.first


def _delivered() -> None:
    relay.drain_batches()
    relay.deliver_one_by_one()


def _row(party, who: str):
    actor = party.actor(who)
    with scope_of(actor):
        (order,) = lists.with_rows(Order.objects.filter(pk=party.order.pk))
        row = lists.row_of(order, actor)
    return row.status.label, row.ball.side if row.ball else ""


def _holder_is_folded(party) -> str:
    with system_scope("tests: holder"):
        order = Order.objects.get(pk=party.order.pk)
        rows = Event.objects.filter(order_id=order.pk).order_by("id")
        memory = ball.fold([happening_of(row) for row in rows if row.kind in ball.KINDS])
    assert order.holder == ball.holder_of(memory)
    return order.holder


def _open_blocks(party) -> set[tuple[str, str]]:
    _delivered()
    return {(block.cause, block.side) for block in blocks_of(party)}


def test_done_asked_settled_certified_invoiced(first):
    finished(first)
    old = newest(first)
    found = regularised(first, reason="water")
    assert found.answer_due_at == after_working_days(found.asked_at, 5)
    assert _row(first, "manager") == ("Régularisation à régler", "landlord")
    assert _row(first, "desk") == ("Régularisation en attente", "landlord")
    assert _holder_is_folded(first) == "landlord"
    with scope_of(first.actor("tenant")):
        assert not Variation.objects.exists()
        (order,) = lists.with_rows(Order.objects.filter(pk=first.order.pk))
        assert lists.row_of(order, first.actor("tenant")).status.label == "Terminé : tout va bien ?"
    assert ("B02", "landlord") in _open_blocks(first)
    with scope_of(first.actor("manager")):
        desk = landlord_desk(first.actor("manager"))
        groups = {group.code: group.rows for group in desk.groups}
        assert [row.order.pk for row in groups["regularisation"]] == [first.order.pk]
        (waiting,) = parapheur(first.actor("manager")).rows
        assert waiting.obstacle == "régularisation à régler d’abord"
    with pytest.raises(Refused, match="réglez-la d’abord") as unsettled:
        act(first, "manager", services.sign_certificate, certificate_id=old.pk)
    assert unsettled.value.code == "regularisation"
    # Meanwhile the invoice is prepared, and does not leave.
    prepare = contractors.prepare_invoice
    invoice = act(first, "desk", prepare, order_id=first.order.pk)
    with pytest.raises(Refused, match="régularisation"):
        act(first, "desk", contractors.file_invoice, invoice_id=invoice.pk)
    act(first, "manager", services.grant_variation, variation_id=found.pk)
    with pytest.raises(Refused, match="mise à jour"):
        act(first, "manager", services.sign_certificate, certificate_id=old.pk)
    assert ("B02", "landlord") not in _open_blocks(first)
    with system_scope("tests: certificates"):
        assert Certificate.objects.get(pk=old.pk).state == "expired"
    certificate = newest(first)
    assert certificate.state == "to_sign"
    assert certificate.content["lines"][-1]["source"] == f"régularisation n° {found.number}"
    with scope_of(first.actor("manager")):
        total = OrderBudget.objects.get(order_id=first.order.pk).total_without_vat
    assert certificate.total_without_vat == total == Decimal("62.50") + FREE_TOTAL
    act(first, "manager", services.sign_certificate, certificate_id=certificate.pk)
    filed = act(first, "desk", contractors.file_invoice, invoice_id=invoice.pk)
    assert filed.total_without_vat == total
    act(first, "desk", services.acknowledge_variation, variation_id=found.pk)
    with pytest.raises(Conflict):  # certified: nothing is added any more
        regularised(first)


def test_the_proof_is_a_photo_or_words(first):
    visited(first, state="confirmed")
    bare = services.VariationInput(kind="regularisation", reason="danger", lines=(FREE,))
    draft = act(first, "desk", services.draft_variation, order_id=first.order.pk, data=bare)
    with pytest.raises(Incomplete) as lacking:
        act(first, "desk", services.ask_variation, variation_id=draft.pk)
    assert [code for code, _sentence in lacking.value.missing] == ["photo"]
    words = services.VariationInput(
        kind="regularisation", reason="danger", lines=(FREE,), urgency="Pompiers sur place, 23 h 10"
    )
    act(first, "desk", services.update_variation, variation_id=draft.pk, data=words)
    act(first, "desk", services.ask_variation, variation_id=draft.pk)
    with scope_of(first.actor("manager")):
        assert VariationTerms.objects.get().urgency == "Pompiers sur place, 23 h 10"


def test_beside_a_variation_it_holds_up_no_works_but_the_end_of_the_order(first):
    visited(first, state="confirmed")
    variation = asked(first)
    found = regularised(first)
    with scope_of(first.actor("manager")):
        order = Order.objects.get(pk=first.order.pk)
        assert open_variation(order) == variation
    act(first, "manager", services.reject_variation, variation_id=variation.pk, reason="price")
    with pytest.raises(Refused, match="ne peut pas être close"):
        act(
            first,
            "manager",
            services.cancel_order,
            order_id=first.order.pk,
            reason="duplicate",
        )
    assert _holder_is_folded(first) == "contractor"
    with scope_of(first.actor("desk")):
        visit = order.visits.get().pk
    act(first, "technician", services.complete_visit, visit_id=visit)
    assert _holder_is_folded(first) == "landlord"
    act(first, "desk", services.withdraw_variation, variation_id=found.pk)
    assert _row(first, "manager")[0] == "Travaux réalisés"


def test_silence_is_no_certificate_while_a_regularisation_waits(first):
    with system_scope("tests: terms"):
        Contract.objects.filter(pk=first.contract.pk).update(
            certificate_days=15, tacit_clause="CCAP, 9.2", regularisation_days=2
        )
    finished(first)
    found = regularised(first)
    assert found.answer_due_at == after_working_days(found.asked_at, 2)
    with clock.moved_to(newest(first).due_at + timedelta(minutes=1)):
        tasks.remind_due()
        assert newest(first).state == "to_sign"
    act(first, "manager", services.reject_variation, variation_id=found.pk, reason="unproven")
    with clock.moved_to(newest(first).due_at + timedelta(days=9)):
        tasks.remind_due()
        assert newest(first).state == "tacit"


def test_the_desk_is_reminded_before_and_after_the_deadline(first):
    finished(first)
    found = regularised(first)
    _delivered()
    late = []
    for moment in (found.remind_at, found.answer_due_at, found.answer_due_at + timedelta(days=5)):
        with clock.moved_to(moment + timedelta(minutes=1)):
            tasks.remind_due()
            _delivered()
    with system_scope("tests: reminders"):
        rows = Event.objects.filter(kind="regularisation.reminded").order_by("id")
        late = [row.payload["is_late"] for row in rows]
        told = Notification.objects.filter(title__startswith="Régularisation : le délai")
        assert {note.user_id for note in told} == {first.manager.user_id, first.clerk.user_id}
    assert late == [False, True, True]


def test_the_delay_is_the_contracts_or_the_default_of_the_day():
    assert regularisation_days(8, clock.today()) == 8
    assert regularisation_days(None, clock.today()) == 5


def test_from_the_phone_to_the_landlords_page(first):
    visit = visited(first, state="confirmed")
    browser = Client()
    browser.force_login(first.technician.user)
    url = reverse("orders:field_regularise", args=[first.contractor.slug, visit.pk])
    assert "Travaux urgents déjà faits" in browser.get(url.removesuffix("regularisation/")).text
    page = browser.get(url).text
    assert "Preuve de l’urgence" in page
    typed = {
        "reason": "cut",
        "urgency": "Immeuble sans eau",
        "lignes-TOTAL_FORMS": "1",
        "lignes-INITIAL_FORMS": "0",
        "lignes-0-price_item": str(first.item.pk),
        "lignes-0-quantity": "1",
        "send": "1",
    }
    assert browser.post(url, {**typed, "reason": "extra"}).status_code == 422
    posted = browser.post(url, typed, follow=True)
    assert "Régularisation demandée" in posted.text
    with scope_of(first.actor("manager")):
        found = Variation.objects.get()
    browser.force_login(first.clerk.user)
    slug = first.landlord.slug
    detail = browser.get(reverse("orders:landlord_detail", args=[slug, first.order.pk])).text
    assert "attendent leur régularisation" in detail
    shown = browser.get(reverse("orders:landlord_variation", args=[slug, found.pk])).text
    assert "Immeuble sans eau" in shown
    assert "Refuser la régularisation" in shown
    answer = reverse("orders:landlord_variation_act", args=[slug, found.pk, "accorder"])
    refused = browser.post(answer, {"ligne-1": "2"})
    assert "Pas plus de 1." in refused.text
    # The page stays live: what it asks again is its own address, not the answer's.
    own = reverse("orders:landlord_variation", args=[slug, found.pk])
    assert f'hx-get="{own}"' in refused.text
    assert "Régularisation accordée" in browser.post(answer, {"ligne-1": "1"}, follow=True).text
    detail = browser.get(reverse("orders:landlord_detail", args=[slug, first.order.pk])).text
    assert f"régularisation n° {found.number}" in detail
