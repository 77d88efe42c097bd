"""An amount that goes down: agreed by both, or by what the certificate says of each line."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from contractors import services as contractors
from contractors.services.facts import facts_of_order
from contractors.services.remaining import remaining
from nexxio.core import relay
from nexxio.core.actors import scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.models import Event, LegalForm, Notification
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Certificate, OrderBudget, OrderLine, Variation, VariationLine
from orders.selectors.situations import orders_in, own_of
from orders.services.amounts import due_of
from orders.services.certificate_content import certified_less
from orders.services.certificates import look_at_certificate
from orders.services.variations import remind_variation
from tests.factories.acting import act
from tests.factories.certified import finished, newest
from tests.factories.extras import asked
from tests.factories.full import visited
from tests.factories.invoiced import becomes

PRICE = Decimal("62.50")


@pytest.fixture
def first(world):
    becomes(world.first, LegalForm.PRIVATE)
    return world.first


def _line(party):
    with system_scope("tests: line"):
        return OrderLine.objects.get(order=party.order)


def _total(party) -> Decimal:
    with system_scope("tests: amount"):
        return OrderBudget.objects.get(order=party.order).total_without_vat


def _propose(party, who: str, left: str = "0.5", **kwargs):
    data = services.ReductionInput(
        reason="less", note="Un seul joint.", quantities={_line(party).pk: Decimal(left)}, **kwargs
    )
    return act(party, who, services.ask_reduction, order_id=party.order.pk, data=data)


def _refused(party) -> Certificate:
    found = finished(party)
    answer = {"reason": "amount", "note": "La moitié seulement."}
    return act(party, "manager", services.refuse_certificate, certificate_id=found.pk, **answer)


@pytest.mark.parametrize(("asker", "other"), [("desk", "manager"), ("manager", "desk")])
def test_either_side_proposes_less_and_the_other_agrees(first, asker, other):
    visited(first, state="confirmed")
    reduction = _propose(first, asker)
    assert reduction.terms.asked == Decimal("-31.25")
    assert _total(first) == PRICE
    with pytest.raises(Conflict):
        _propose(first, other)
    with scope_of(first.actor(other)):
        assert services.open_reduction(first.order) == reduction
    with pytest.raises(Refused, match="autre partie"):
        act(first, asker, services.grant_reduction, reduction_id=reduction.pk)
    act(first, other, services.grant_reduction, reduction_id=reduction.pk)
    assert _total(first) == Decimal("31.25")
    with scope_of(first.actor("desk")):
        (line,) = due_of(first.order)
        assert (line.ordered, line.quantity) == (Decimal(1), Decimal("0.5"))
    relay.drain_batches()
    relay.deliver_one_by_one()
    with system_scope("tests: told"):
        rung = Notification.objects.filter(event__kind__startswith="reduction.")
        house = first.landlord.pk if asker == "desk" else first.contractor.pk
        asked_of = set(
            rung.filter(event__kind="reduction.asked").values_list("organisation_id", flat=True)
        )
    assert asked_of == {house}


def test_refused_withdrawn_and_wrong_proposals_change_nothing(first):
    visited(first, state="confirmed")
    with pytest.raises(Invalid, match="Baissez"):
        _propose(first, "desk", left="1")
    with pytest.raises(Invalid, match="va de zéro"):
        _propose(first, "desk", left="2")
    reduction = _propose(first, "desk")
    with pytest.raises(Invalid):
        act(first, "manager", services.reject_reduction, reduction_id=reduction.pk, reason="price")
    reject = services.reject_reduction
    act(first, "manager", reject, reduction_id=reduction.pk, reason="needed", note="Il le faut.")
    again = _propose(first, "manager")
    assert again.number == reduction.number + 1
    with pytest.raises(Refused):
        act(first, "desk", services.withdraw_reduction, reduction_id=again.pk)
    act(first, "manager", services.withdraw_reduction, reduction_id=again.pk)
    assert _total(first) == PRICE


def test_who_owes_the_answer_is_reminded_until_the_order_is_closed(first):
    visited(first, state="confirmed")
    reduction = _propose(first, "manager")
    with (
        time_machine.travel(reduction.answer_due_at, tick=False),
        system_scope("tests: clock"),
        transaction.atomic(),
    ):
        assert remind_variation(variation_id=reduction.pk).reminders == 1
        (event,) = Event.objects.filter(kind="reduction.reminded")
    assert event.payload["by"] == "landlord"


def test_a_company_corrects_its_quantities_after_a_refusal(first):
    _refused(first)
    key = _line(first).pk
    correct = services.correct_certificate
    said = {"order_id": first.order.pk, "report": "Un demi.", "submit": True}
    with pytest.raises(Invalid, match="Une quantité"):
        act(first, "desk", correct, **said, quantities={key: Decimal(2)})
    with pytest.raises(Invalid, match="Rien"):
        act(first, "desk", correct, **said, quantities={key: Decimal(0)})
    found = act(first, "desk", correct, **said, quantities={key: Decimal("0.5")})
    assert (found.total_without_vat, _total(first)) == (Decimal("31.25"), PRICE)
    signed = act(first, "manager", services.sign_certificate, certificate_id=found.pk)
    assert signed.content_sha256 == found.content_sha256
    assert _total(first) == Decimal("31.25")
    with system_scope("tests: reduction"):
        reduction = Variation.objects.get(order=first.order, kind="reduction")
        assert (reduction.reason, reduction.asked_by) == ("certified", "contractor")


def test_the_landlord_certifies_less_and_the_invoice_follows(first):
    found = finished(first)
    key = _line(first).pk
    prepared = act(first, "desk", contractors.prepare_invoice, order_id=first.order.pk)
    assert prepared.total_without_vat == PRICE
    sign = services.sign_certificate
    less = {"certificate_id": found.pk, "quantities": {key: Decimal("0.4")}}
    with pytest.raises(Invalid, match="pourquoi"):
        act(first, "manager", sign, **less)
    with pytest.raises(Invalid, match="pas plus"):
        act(first, "manager", sign, certificate_id=found.pk, quantities={key: Decimal(2)})
    with pytest.raises(Invalid, match="refusez plutôt"):
        act(first, "manager", sign, certificate_id=found.pk, quantities={key: Decimal(0)}, note="x")
    signed = act(first, "manager", sign, **less, note="Un seul joint sur deux.")
    (line,) = signed.content["lines"]
    assert (line["claimed"], line["quantity"], line["total"]) == ("1.000", "0.4", "25.00")
    assert signed.total_without_vat == _total(first) == Decimal("25.00")
    assert signed.content_sha256 != found.content_sha256
    filed = act(first, "desk", contractors.file_invoice, invoice_id=prepared.pk)
    assert filed.total_without_vat == Decimal("25.00")
    with scope_of(first.actor("desk")):
        assert not remaining(first.order)


def test_what_was_granted_on_top_is_taken_off_too_and_its_line_leaves_the_invoice(first):
    visited(first, state="on_site")
    extra = asked(first)
    act(first, "manager", services.grant_variation, variation_id=extra.pk)
    with system_scope("tests: visit"):
        visit = first.order.visits.latest("number")
    act(first, "technician", services.complete_visit, visit_id=visit.pk, report="Fait.")
    invoice = act(first, "desk", contractors.prepare_invoice, order_id=first.order.pk)
    found = newest(first)
    with system_scope("tests: line"):
        free = VariationLine.objects.get(variation=extra, price_item=None)
    sign = services.sign_certificate
    none = {free.pk: Decimal(0)}
    act(first, "manager", sign, certificate_id=found.pk, quantities=none, note="Pas posé.")
    assert _total(first) == PRICE * 2
    filed = act(first, "desk", contractors.file_invoice, invoice_id=invoice.pk)
    assert filed.total_without_vat == PRICE * 2


def test_an_agreed_reduction_renews_what_waits_for_a_signature(first):
    old = finished(first)
    reduction = _propose(first, "desk")
    act(first, "manager", services.grant_reduction, reduction_id=reduction.pk)
    with pytest.raises(Refused, match="mise à jour"):
        act(first, "manager", services.sign_certificate, certificate_id=old.pk)
    relay.drain_batches()
    relay.deliver_one_by_one()
    fresh = newest(first)
    assert (fresh.number, fresh.total_without_vat) == (old.number + 1, Decimal("31.25"))


def test_a_signature_settles_a_proposal_that_waits(first):
    found = finished(first)
    reduction = _propose(first, "desk")
    act(first, "manager", services.sign_certificate, certificate_id=found.pk)
    with system_scope("tests: reduction"):
        assert Variation.objects.get(pk=reduction.pk).state == "withdrawn"
    assert _total(first) == PRICE


def test_a_proposal_ends_with_its_order(first):
    visited(first, state="confirmed")
    reduction = _propose(first, "desk")
    cancel = {"order_id": first.order.pk, "reason": "duplicate"}
    act(first, "manager", services.cancel_order, **cancel)
    with system_scope("tests: one from before"):
        rows = Variation.objects.filter(pk=reduction.pk)
        assert rows.get().state == "withdrawn"
        rows.update(state="asked")
    with pytest.raises(Refused, match="changé d’état"):
        act(first, "manager", services.grant_reduction, reduction_id=reduction.pk)
    assert _total(first) == PRICE


def test_a_proposal_blocks_no_invoice_and_its_answer_is_nothing_to_read(first):
    finished(first)
    reduction = _propose(first, "desk")
    with system_scope("tests: facts"):
        assert not facts_of_order(first.order).variation_open
    act(first, "manager", services.grant_reduction, reduction_id=reduction.pk)
    with scope_of(first.actor("desk")):
        assert not orders_in("reponse-a-lire", own_of(first.actor("desk"))).exists()


def test_who_answers_reads_on_the_order_that_a_proposal_waits(first):
    visited(first, state="confirmed")
    reduction = _propose(first, "desk")
    for member, side, reads in (
        (first.manager, "landlord", True),
        (first.desk, "contractor", False),
    ):
        browser = Client()
        browser.force_login(member.user)
        slug = getattr(first, side).slug
        page = browser.get(reverse(f"orders:{side}_detail", args=[slug, first.order.pk])).text
        assert ("Une moins-value attend votre réponse" in page) is reads
        answer = reverse(f"orders:{side}_variation", args=[slug, reduction.pk])
        assert answer in page


def test_what_is_certified_is_rounded_as_every_line():
    line = {"key": "k", "quantity": "2", "unit_price": "0.25", "vat_rate": "10", "total": "0.50"}
    content = certified_less({"lines": [line]}, {"k": Decimal("0.5")}, note="Moitié.")
    assert content["total_without_vat"] == "0.13"


def test_the_clock_takes_what_the_company_says_and_no_more(first):
    with system_scope("tests: clause"):
        first.contract.tacit_clause = "Article 12 : sans réponse, réputé acquis."
        first.contract.certificate_days = 10
        first.contract.save(update_fields=["tacit_clause", "certificate_days"])
    _refused(first)
    half = {_line(first).pk: Decimal("0.5")}
    correct = services.correct_certificate
    said = {"order_id": first.order.pk, "report": "Un demi.", "submit": True, "quantities": half}
    found = act(first, "desk", correct, **said)
    with system_scope("tests: clock"):
        Certificate.objects.filter(pk=found.pk).update(remind_at=found.due_at)
    with time_machine.travel(found.due_at, tick=False), system_scope("tests: clock"):
        assert look_at_certificate(certificate_id=found.pk).state == "tacit"
    assert _total(first) == Decimal("31.25")


def test_the_database_keeps_signs_and_amounts(first):
    visited(first, state="confirmed")
    reduction = _propose(first, "desk")
    with system_scope("tests: constraints"):
        line = VariationLine.objects.get(variation=reduction)
        for changes in ({"quantity": 1}, {"of_line": None}):
            with pytest.raises(IntegrityError, match="below_zero"), transaction.atomic():
                VariationLine.objects.filter(pk=line.pk).update(**changes)
        with pytest.raises(IntegrityError, match="order_amount"), transaction.atomic():
            OrderBudget.objects.filter(order=first.order).update(total_without_vat=-1)
        with pytest.raises(IntegrityError, match="for_less_only"), transaction.atomic():
            Variation.objects.filter(pk=reduction.pk).update(kind="variation", asked_by="landlord")


def _field_in(page: str) -> str:
    """Return the name of the only line's field: its line's key is in it, whatever its rank."""
    (found,) = set(re.findall(r'name="(quantite-[0-9a-f-]{36})"', page))
    return found


def test_both_portals_propose_answer_and_certify_on_their_pages(first):
    visited(first, state="on_site")
    browser = Client()
    browser.force_login(first.desk.user)
    act_url = reverse(
        "orders:contractor_act", args=[first.contractor.slug, first.order.pk, "moins-value"]
    )
    shown = browser.get(act_url).content.decode()
    assert "Quantité finale" in shown
    field = _field_in(shown)
    bad = browser.post(act_url, {"reason": "less", field: "1"})
    assert bad.status_code == 422
    sent = browser.post(act_url, {"reason": "less", field: "0,5", "note": "Un."}, follow=True)
    assert "Moins-value n° 1" in sent.content.decode()
    with system_scope("tests: reduction"):
        reduction = Variation.objects.get(order=first.order, kind="reduction")
        visit = first.order.visits.latest("number")
    browser.force_login(first.manager.user)
    page = reverse("orders:landlord_variation", args=[first.landlord.slug, reduction.pk])
    assert "Accepter la moins-value" in browser.get(page).content.decode()
    act_url = reverse(
        "orders:landlord_variation_act", args=[first.landlord.slug, reduction.pk, "accorder"]
    )
    assert browser.post(act_url).status_code == 302
    assert _total(first) == Decimal("31.25")
    act(first, "technician", services.complete_visit, visit_id=visit.pk, report="Fait.")
    found = newest(first)
    url = reverse(
        "orders:landlord_certificate_act", args=[first.landlord.slug, found.pk, "avec-reserves"]
    )
    page = browser.get(url).content.decode()
    assert "Constaté" in page
    rows = {"reserves-TOTAL_FORMS": "1", "reserves-INITIAL_FORMS": "0", _field_in(page): "0,2"}
    assert "Dites à l’entreprise pourquoi" in browser.post(url, rows).content.decode()
    done = browser.post(url, {**rows, "note": "Un quart."}, follow=True).content.decode()
    assert "Service fait partiel" in done
    assert "déclaré 0,5" in done
