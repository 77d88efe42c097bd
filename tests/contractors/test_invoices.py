"""Invoices: prepared in one click, filed, answered, paid; and what is refused."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import DatabaseError, transaction

from contractors import services
from contractors.models import Block, Invoice, InvoiceLine, Payment, Suspension
from nexxio.core import clock
from nexxio.core.actors import SYSTEM, scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.models import Event, LegalForm
from nexxio.core.scoping import system_scope
from orders import services as orders
from tests.factories.acting import act
from tests.factories.certified import finished, signed
from tests.factories.extras import asked, asked_elsewhere
from tests.factories.invoiced import (
    again,
    becomes,
    blocks_of,
    filed,
    filed_elsewhere,
    prepared,
    suspended,
)


@pytest.fixture
def first(world):
    return world.first


@pytest.fixture
def private(world):
    becomes(world.first, LegalForm.PRIVATE)
    return world.first


def seen_by(party, who: str) -> list[str]:
    with scope_of(party.actor(who)):
        return list(Invoice.objects.values_list("number", flat=True))


def kinds_of(invoice) -> list[str]:
    with system_scope("tests: events"):
        rows = Event.objects.filter(subject_id=invoice.pk).order_by("recorded_at", "id")
        return list(rows.values_list("kind", flat=True))


def test_an_invoice_copies_the_lines_of_its_order_and_adds_up(first):
    invoice = prepared(first)
    assert invoice.number == f"F{clock.today().year}-00001"
    assert (invoice.state, invoice.department) == ("prepared", "patrimoine")
    assert (invoice.total_without_vat, invoice.total_vat, invoice.total_with_vat) == (
        Decimal("62.50"),
        Decimal("6.25"),
        Decimal("68.75"),
    )
    with system_scope("tests: lines"):
        (line,) = InvoiceLine.objects.filter(invoice=invoice)
    assert (line.code, line.origin, line.quantity) == ("PLB-01", "order", Decimal("1.000"))
    assert kinds_of(invoice) == ["invoice.prepared"]


def test_what_was_granted_on_top_is_a_line_of_its_own(first):
    variation = asked_elsewhere(first)
    act(first, "manager", orders.grant_variation, variation_id=variation.pk)
    with system_scope("tests: visit"):
        visit = variation.order.visits.get()
    act(first, "desk", orders.confirm_visit, visit_id=visit.pk, call_noted=True)
    act(first, "technician", orders.arrive, visit_id=visit.pk)
    act(first, "technician", orders.complete_visit, visit_id=visit.pk, report="Fait.")
    invoice = act(first, "desk", services.prepare_invoice, order_id=variation.order_id)
    with system_scope("tests: lines"):
        found = [(line.origin, line.variation_number) for line in invoice.lines.all()]
    assert found == [("order", None), ("variation", 1), ("variation", 1)]
    assert invoice.total_without_vat == Decimal("205.00")


def test_nobody_at_the_landlord_sees_an_invoice_before_it_is_filed(first):
    invoice = prepared(first)
    assert seen_by(first, "manager") == []
    assert seen_by(first, "desk") == [invoice.number]
    act(first, "desk", services.file_invoice, invoice_id=invoice.pk)
    assert seen_by(first, "manager") == []


@pytest.mark.parametrize("who", ["tenant", "paper"])
def test_neither_tenants_nor_paper_holders_ever_see_one(first, who):
    filed(first)
    assert seen_by(first, who) == []


def test_an_order_is_not_invoiced_before_its_works_are_over(first):
    act(first, "desk", orders.accept_order, order_id=first.order.pk)
    with pytest.raises(Refused, match="ne sont pas déclarés terminés"):
        act(first, "desk", services.prepare_invoice, order_id=first.order.pk)


def test_an_order_is_not_invoiced_while_extra_works_wait(first):
    act(first, "desk", orders.accept_order, order_id=first.order.pk)
    asked(first)
    with pytest.raises(Refused, match="devis complémentaire ou une régularisation attend"):
        act(first, "desk", services.prepare_invoice, order_id=first.order.pk)


def test_an_order_is_invoiced_once(first):
    invoice = prepared(first)
    with pytest.raises(Refused, match=f"déjà facturée : {invoice.number}"):
        act(first, "desk", services.prepare_invoice, order_id=first.order.pk)


@pytest.mark.parametrize("who", ["manager", "technician"])
def test_only_the_contractors_desk_prepares(first, who):
    signed(first)
    with pytest.raises(Refused, match="Seul le bureau"):
        act(first, who, services.prepare_invoice, order_id=first.order.pk)


def test_another_contractor_does_not_find_the_order(world):
    signed(world.first)
    with pytest.raises(Exception, match="does not exist"):
        act(world.second, "desk", services.prepare_invoice, order_id=world.first.order.pk)


def test_a_public_landlord_takes_it_through_chorus_only(first):
    invoice = prepared(first)
    waiting = act(first, "desk", services.file_invoice, invoice_id=invoice.pk)
    assert (waiting.state, waiting.filed_at, waiting.due_on) == ("to_file", None, None)
    done = act(
        first,
        "desk",
        services.note_chorus,
        invoice_id=invoice.pk,
        chorus_number=" CPP-77 ",
        filed_on=clock.today(),
    )
    assert (done.state, done.chorus_number) == ("received", "CPP-77")
    assert done.received_on == clock.today()
    assert done.due_on == clock.today() + timedelta(days=30)
    assert kinds_of(invoice) == [
        "invoice.prepared",
        "invoice.queued",
        "invoice.filed",
        "invoice.received",
    ]
    assert seen_by(first, "manager") == [invoice.number]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"chorus_number": " "}, "chorus_number"),
        ({"filed_on": clock.today() + timedelta(days=1)}, "filed_on"),
        ({"filed_on": clock.today() - timedelta(days=40)}, "filed_on"),
    ],
)
def test_a_number_or_a_day_that_cannot_be_is_named(first, typed, field):
    invoice = prepared(first)
    values = {"chorus_number": "CPP-1", "filed_on": clock.today(), **typed}
    with pytest.raises(Invalid) as refused:
        act(first, "desk", services.note_chorus, invoice_id=invoice.pk, **values)
    assert list(refused.value.errors) == [field]
    assert again(invoice).state == "prepared"


def test_a_chorus_number_is_of_one_invoice(first):
    act_of = {"chorus_number": "CPP-1", "filed_on": clock.today()}
    one = prepared(first)
    act(first, "desk", services.note_chorus, invoice_id=one.pk, **act_of)
    two = filed_elsewhere(first)
    with system_scope("tests: back"), pytest.raises(Conflict):
        services.note_chorus(actor=first.actor("desk"), invoice_id=two.pk, **act_of)


def test_a_private_landlord_has_it_at_once_and_chorus_is_refused(private):
    invoice = prepared(private)
    with pytest.raises(Refused, match="Chorus Pro"):
        act(
            private,
            "desk",
            services.note_chorus,
            invoice_id=invoice.pk,
            chorus_number="CPP-1",
            filed_on=clock.today(),
        )
    done = act(private, "desk", services.file_invoice, invoice_id=invoice.pk)
    assert (done.state, done.received_on) == ("received", clock.today())
    with pytest.raises(Conflict):
        act(private, "desk", services.file_invoice, invoice_id=invoice.pk)


def test_without_a_certificate_the_delay_starts_at_the_latest_when_its_check_runs_out(private):
    invoice = filed(private, certified=False)
    assert invoice.due_on == clock.today() + timedelta(days=60)
    with system_scope("tests: certificate"):
        pk = private.order.certificates.get().pk
    act(private, "manager", orders.sign_certificate, certificate_id=pk)
    with system_scope("tests: the relay"):
        services.look_at_order(actor=SYSTEM, order_id=private.order.pk)
    assert again(invoice).due_on == clock.today() + timedelta(days=30)


def test_an_invoice_is_taken_approved_announced_and_confirmed(private):
    invoice = filed(private)
    for who, service, extra in (
        ("manager", services.take_charge, {}),
        ("manager", services.approve, {}),
        ("manager", services.announce_payment, {"paid_on": clock.today()}),
    ):
        act(private, who, service, invoice_id=invoice.pk, **extra)
    said, came = clock.today(), clock.today() + timedelta(days=3)
    with time_machine.travel(clock.now() + timedelta(days=3), tick=False):
        act(private, "desk", services.confirm_payment, invoice_id=invoice.pk, paid_on=came)
    found = again(invoice)
    assert (found.state, found.admitted) == ("paid", invoice.total_with_vat)
    with system_scope("tests: payments"):
        (payment,) = Payment.objects.filter(invoice=invoice)
    assert payment.amount == invoice.total_with_vat
    assert payment.announced_at is not None
    assert payment.confirmed_at is not None
    assert (payment.announced_on, payment.paid_on) == (said, came)


def test_money_that_came_without_a_word_is_confirmed_too(private):
    invoice = filed(private)
    act(private, "manager", services.approve, invoice_id=invoice.pk)
    act(private, "desk", services.confirm_payment, invoice_id=invoice.pk, paid_on=clock.today())
    assert again(invoice).state == "paid"


@pytest.mark.parametrize("service", [services.announce_payment, services.confirm_payment])
@pytest.mark.parametrize("days", [1, -400])
def test_a_payment_has_a_day_that_can_be(private, service, days):
    invoice = filed(private)
    act(private, "manager", services.approve, invoice_id=invoice.pk)
    who = "manager" if service is services.announce_payment else "desk"
    with pytest.raises(Invalid) as refused:
        act(
            private,
            who,
            service,
            invoice_id=invoice.pk,
            paid_on=clock.today() + timedelta(days=days),
        )
    assert list(refused.value.errors) == ["paid_on"]


def test_nobody_approves_all_of_it_while_something_holds_it(private):
    invoice = filed(private, certified=False)
    with pytest.raises(Refused, match="B01"):
        act(private, "manager", services.approve, invoice_id=invoice.pk)


def test_nobody_approves_beyond_his_limit(private):
    invoice = filed(private)
    with system_scope("tests: limit"):
        private.clerk.spend_limit = Decimal("62.49")
        private.clerk.save(update_fields=["spend_limit"])
    with pytest.raises(Refused, match="dépasse votre limite"):
        act(private, "clerk", services.approve, invoice_id=invoice.pk)
    half = {"admitted": Decimal("30.00"), "cause": "B08", "note": "La moitié"}
    act(private, "clerk", services.approve_in_part, invoice_id=invoice.pk, **half)
    assert again(invoice).state == "partly_approved"


def test_a_partial_approval_admits_a_sum_and_blocks_the_rest(private):
    invoice = filed(private)
    act(
        private,
        "manager",
        services.approve_in_part,
        invoice_id=invoice.pk,
        admitted=Decimal("50.00"),
        cause="B08",
        note="Un seul siphon posé",
    )
    found = again(invoice)
    assert (found.state, found.admitted, found.cause) == (
        "partly_approved",
        Decimal("50.00"),
        "B08",
    )
    (block,) = blocks_of(private)
    assert (block.cause, block.amount, block.side, block.department) == (
        "B08",
        Decimal("18.75"),
        "contractor",  # judged: it credits the rest, or answers
        "",
    )


@pytest.mark.parametrize("admitted", ["0", "68.75", "-1", "100"])
def test_the_admitted_sum_is_a_part_of_the_total(private, admitted):
    invoice = filed(private)
    with pytest.raises(Invalid) as refused:
        act(
            private,
            "manager",
            services.approve_in_part,
            invoice_id=invoice.pk,
            admitted=Decimal(admitted),
            cause="B08",
            note="x",
        )
    assert list(refused.value.errors) == ["admitted"]


def test_a_dispute_blocks_and_the_due_date_stays(private):
    invoice = filed(private)
    act(private, "manager", services.dispute, invoice_id=invoice.pk, cause="B18", note="Ça fuit")
    found = again(invoice)
    assert (found.state, found.due_on) == ("disputed", invoice.due_on)
    assert [block.cause for block in blocks_of(private)] == ["B18"]
    with pytest.raises(Refused, match="B18"):
        act(private, "manager", services.approve, invoice_id=invoice.pk)


def test_a_suspension_lists_pieces_and_ends_when_they_come(first):
    invoice = suspended(first, filed(first))
    assert (invoice.state, invoice.due_on) == ("suspended", None)
    (block,) = blocks_of(first)
    assert (block.cause, block.side) == ("B11", "contractor")
    act(first, "desk", services.complete, invoice_id=invoice.pk, answer="Taux corrigé")
    found = again(invoice)
    assert found.state == "completed"
    assert found.due_on == clock.today() + timedelta(days=30)
    assert blocks_of(first) == []
    with system_scope("tests: suspensions"):
        row = Suspension.objects.get(invoice=invoice)
    assert (row.pieces, row.answer) == (["Facture corrigée"], "Taux corrigé")
    assert row.completed_at is not None


def test_a_private_landlord_suspends_without_moving_the_due_date(private):
    before = filed(private)
    assert suspended(private, before).due_on == before.due_on


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"note": " "}, "note"), ({"pieces": [" "]}, "pieces"), ({"cause": "B99"}, "cause")],
)
def test_a_suspension_says_why_and_what_is_missing(first, typed, field):
    invoice = filed(first)
    values = {"cause": "B11", "note": "Taux", "pieces": ["Facture"], **typed}
    with pytest.raises(Invalid) as refused:
        act(first, "manager", services.suspend, invoice_id=invoice.pk, **values)
    assert list(refused.value.errors) == [field]


def test_after_a_refusal_the_order_is_invoiced_again_under_the_next_number(private):
    invoice = filed(private, certified=False)
    act(
        private,
        "manager",
        services.refuse,
        invoice_id=invoice.pk,
        cause="B10",
        note="Total inexact",
    )
    assert again(invoice).state == "refused"
    (fact,) = blocks_of(private)
    new = act(private, "desk", services.prepare_invoice, order_id=private.order.pk)
    assert new.number.endswith("-00002")
    act(private, "desk", services.file_invoice, invoice_id=new.pk)
    (now,) = blocks_of(private)
    assert now.opened_at == fact.opened_at, "its age counts from the fact"
    assert (now.cause, now.invoice_id) == ("B01", new.pk)
    with system_scope("tests: what was, for the trend"):
        (was,) = Block.objects.filter(invoice=invoice)
    assert (was.pk, was.closed_how, was.amount) == (fact.pk, "fact", fact.amount)


@pytest.mark.parametrize(
    ("service", "extra"),
    [
        (services.take_charge, {}),
        (services.approve, {}),
        (services.dispute, {"cause": "B18", "note": "x"}),
        (services.suspend, {"cause": "B11", "note": "x", "pieces": ["y"]}),
        (services.refuse, {"cause": "B10", "note": "x"}),
        (services.approve_in_part, {"admitted": Decimal(1), "cause": "B08", "note": "x"}),
    ],
)
def test_the_contractor_does_not_answer_for_the_landlord(private, service, extra):
    invoice = filed(private)
    with pytest.raises(Refused, match="côté"):
        act(private, "desk", service, invoice_id=invoice.pk, **extra)
    with pytest.raises(Refused, match="rôle"):
        act(private, "reader", service, invoice_id=invoice.pk, **extra)


def test_the_database_takes_no_approval_from_a_contractor(private):
    invoice = filed(private)
    with (
        scope_of(private.actor("desk")),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        Invoice.objects.filter(pk=invoice.pk).update(state="approved")


def test_a_platform_rejects_and_its_codes_are_kept_as_they_came(private):
    invoice = filed(private)
    with system_scope("tests: platform"):
        services.note_code(actor=SYSTEM, invoice_id=invoice.pk, code="299")
        services.reject(actor=SYSTEM, invoice_id=invoice.pk, note="Fichier illisible")
    found = again(invoice)
    assert (found.state, found.platform_code) == ("rejected", "299")
    assert kinds_of(invoice)[-2:] == ["invoice.code_noted", "invoice.rejected"]
    with pytest.raises(Refused, match="ne se saisit pas"):
        act(private, "manager", services.note_code, invoice_id=invoice.pk, code="205")


def test_who_finishes_sees_what_would_block_before_any_invoice(first):
    finished(first)
    with system_scope("tests: the relay"):
        services.look_at_order(actor=SYSTEM, order_id=first.order.pk)
        (block,) = Block.objects.filter(order=first.order)
    assert (block.cause, block.invoice_id, block.amount) == ("B01", None, Decimal("68.75"))
