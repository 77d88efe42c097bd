"""Who has an invoice that nothing holds (B20), until it is paid."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from contractors import services
from contractors.models import Block, Invoice
from contractors.selectors.blocks import board
from contractors.selectors.digest import digest_of
from contractors.selectors.forecast import forecast
from contractors.services.apart import prepare_apart
from contractors.services.circuit import held_in_circuit
from contractors.tasks import chase_due
from nexxio.core import clock, relay
from nexxio.core.actors import SYSTEM, scope_of
from nexxio.core.errors import Refused
from nexxio.core.models import Event, LegalForm, Notification
from nexxio.core.scoping import system_scope
from orders.models import Contract
from tests.contractors.steps import client_of, url
from tests.factories.acting import act
from tests.factories.invoiced import again, becomes, blocks_of, circuit_of, filed


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    becomes(world.first, LegalForm.PRIVATE)
    return world.first


def delivered() -> None:
    relay.drain_batches()
    relay.deliver_one_by_one()


def bells(kind: str) -> list[str]:
    delivered()
    with system_scope("tests: bells"):
        return list(Notification.objects.filter(kind=kind).values_list("title", flat=True))


def test_a_clean_invoice_is_at_the_accounts_desk_until_its_payment_is_announced(party):
    invoice = filed(party)
    delivered()
    (row,) = circuit_of(party)
    assert (row.side, row.department, row.amount) == ("landlord", "comptabilite", 0)
    assert bells("block_desk") == []  # not alarming on the first day
    page = client_of(party, "desk").get(url(party, "contractor", "invoices")).text
    assert f"{party.landlord.name} · Comptabilité" in page

    act(party, "manager", services.approve, invoice_id=invoice.pk)
    delivered()
    assert [found.pk for found in circuit_of(party)] == [row.pk]
    page = client_of(party, "manager").get(url(party, "landlord", "invoice", invoice.pk)).text
    assert "La facture est approuvée : payez-la" in page
    act(
        party,
        "manager",
        services.announce_payment,
        invoice_id=invoice.pk,
        paid_on=clock.today(),
    )
    delivered()
    assert circuit_of(party) == []
    with system_scope("tests: nothing was told of it"):
        kinds = Event.objects.filter(order_id=party.order.pk, kind__startswith="block.")
        assert not kinds.filter(payload__cause="B20").exists()


def test_it_gives_way_to_what_holds_the_invoice_and_comes_back(party):
    invoice = filed(party)
    typed = {"cause": "B18", "note": "Joint de travers"}
    act(party, "manager", services.open_block_by_hand, invoice_id=invoice.pk, **typed)
    delivered()
    assert circuit_of(party) == []
    (held,) = blocks_of(party)
    act(party, "manager", services.close_block_by_hand, block_id=held.pk, note="Repris")
    delivered()
    (row,) = circuit_of(party)
    with pytest.raises(Refused, match="de lui-même"):
        act(party, "manager", services.close_block_by_hand, block_id=row.pk, note="Ça ira")
    assert len(circuit_of(party, open_only=False)) == 2


def test_what_is_admitted_is_to_be_paid_whatever_holds_the_rest(party):
    invoice = filed(party)
    act(
        party,
        "manager",
        services.approve_in_part,
        invoice_id=invoice.pk,
        admitted=invoice.total_with_vat / 2,
        cause="B08",
        note="La moitié",
    )
    delivered()
    assert [block.cause for block in blocks_of(party)] == ["B08"]
    assert len(circuit_of(party)) == 1


def test_the_desk_is_reminded_by_days_and_before_the_due_date(party):
    invoice = filed(party)
    delivered()
    with clock.moved_to(clock.now() + timedelta(days=9)):
        chase_due()
        assert any(
            title.startswith("Facture à traiter depuis 5 jours") for title in bells("block_late")
        )
    due = again(invoice).due_on
    assert due is not None
    with clock.moved_to(clock.start_of(due - timedelta(days=3)) + timedelta(hours=9)):
        chase_due()
        titles = bells("block_late")
    assert any(title.startswith("Échéance dans 3 jours, facture à payer") for title in titles)


def test_boards_count_it_apart_and_the_morning_names_it(party):
    invoice = filed(party)
    delivered()
    manager = replace(party.actor("manager"), department="comptabilite")
    with scope_of(manager):
        found = board(manager)
        assert (found.blocked, found.invoices, found.by_cause) == (0, 0, [])
        assert (found.circuit.count, found.circuit.euros) == (1, invoice.total_with_vat)
        assert [card.in_circuit for card in found.desk] == [True]
        assert found.desk_count == 1
        lines = [line.text for line in digest_of(manager, party.landlord.slug)]
    (line,) = [text for text in lines if "à traiter" in text and "facture" in text]
    assert line == "1 facture à traiter, 68,75 € TTC".replace(" €", "\u00a0€")
    with system_scope("tests: soon due"):
        Invoice.objects.filter(pk=invoice.pk).update(due_on=clock.today() + timedelta(days=4))
    with scope_of(manager):
        lines = [line.text for line in digest_of(manager, party.landlord.slug)]
    assert any("dont 1 à payer dans les 10 jours" in text for text in lines)
    page = client_of(party, "manager").get(url(party, "landlord", "blocks")).text
    assert "En traitement, rien ne bloque" in page
    blocked = client_of(party, "manager").get(url(party, "landlord", "invoices") + "?etat=bloquees")
    assert invoice.number not in blocked.text


def late_by(invoice: Invoice, days: int = 1):
    """Go to a morning so many days after the due date."""
    due = again(invoice).due_on
    assert due is not None
    return clock.moved_to(clock.start_of(due + timedelta(days=days)) + timedelta(hours=9))


def late_rows(invoice: Invoice) -> list[Block]:
    with system_scope("tests: late"):
        rows = Block.objects.filter(invoice=invoice, cause="B20", amount__gt=0)
        return list(rows.order_by("opened_at"))


@pytest.mark.parametrize("approved", [False, True])
def test_past_the_due_date_it_holds_what_is_left_to_pay_and_is_told(party, approved):
    invoice = filed(party)
    if approved:
        act(party, "manager", services.approve, invoice_id=invoice.pk)
    delivered()
    with late_by(invoice, 0):  # the last day is in time
        chase_due()
        delivered()
        assert late_rows(invoice) == []
    with late_by(invoice):
        chase_due()
        titles = bells("block_desk")
        (row,) = late_rows(invoice)
        assert circuit_of(party) == []
        assert (row.amount, row.department) == (invoice.total_with_vat, "comptabilite")
        assert clock.day_of(row.opened_at) == clock.today()
        asked = "payez-la" if approved else "approuvez-la"
        assert [asked in title for title in titles] == [True] * len(titles)
        assert titles
        assert titles[0].startswith("Échéance passée, facture à payer · ")
        for who in ("manager", "desk"):
            with scope_of(party.actor(who)):
                found = board(party.actor(who))
            assert (found.blocked, found.invoices) == (invoice.total_with_vat, 1)
            assert [line.query for line in found.by_cause] == ["B20"]
            assert found.circuit.count == 0
        with scope_of(party.actor("desk")):
            money = forecast(party.actor("desk"))
        assert (money.late, money.blocked) == (invoice.total_with_vat, 0)


def test_a_late_invoice_is_approved_and_paid_all_the_same(party):
    invoice = filed(party)
    delivered()
    with late_by(invoice, 3):
        chase_due()
        delivered()
        act(party, "manager", services.approve, invoice_id=invoice.pk)
        half = (invoice.total_with_vat / 2).quantize(Decimal("0.01"))
        paid = {"invoice_id": invoice.pk, "paid_on": clock.today()}
        act(party, "manager", services.announce_payment, amount=half, **paid)
        delivered()
        (row,) = late_rows(invoice)
        assert row.closed_at is None
        assert row.amount == invoice.total_with_vat - half
        act(party, "manager", services.announce_payment, **paid)
        delivered()
        (row,) = late_rows(invoice)
        assert row.closed_at is not None
    with system_scope("tests: both sides hear that it is over"):
        assert Event.objects.filter(kind="block.closed", payload__cause="B20").count() == 1


def test_a_new_period_ends_its_lateness(party):
    invoice = filed(party)
    delivered()
    with late_by(invoice, 2):
        chase_due()
        delivered()
        (row,) = late_rows(invoice)
        with system_scope("tests: the delay is longer after all"):
            later = clock.today() + timedelta(days=20)
            Invoice.objects.filter(pk=invoice.pk).update(due_on=later)
            bill = again(invoice)
            assert held_in_circuit(bill, [], paid=Decimal(0)) == 0
            Invoice.objects.filter(pk=invoice.pk).update(due_on=row.opened_at.date())
            assert held_in_circuit(again(invoice), [row], paid=Decimal(0)) is None


@pytest.fixture
def apart(party) -> Invoice:
    """An invoice that no order asked for, as a bonus is."""
    with system_scope("tests: contract"):
        contract = Contract.objects.get(pk=party.order.contract_id)
    bill = act(
        party,
        "desk",
        prepare_apart,
        contract=contract,
        label="Bonus d’octobre",
        amount=Decimal(100),
    )
    delivered()
    assert apart_rows(bill) == []  # the landlord has not got it yet
    act(party, "desk", services.file_invoice, invoice_id=bill.pk)
    delivered()
    return again(bill)


def apart_rows(invoice: Invoice) -> list[Block]:
    with system_scope("tests: of no order"):
        rows = Block.objects.filter(invoice=invoice, closed_at__isnull=True)
        return list(rows.order_by("cause"))


def test_an_invoice_that_no_order_asked_for_has_a_holder_too(party, apart):
    assert apart.department == "marches"
    (row,) = apart_rows(apart)
    assert (row.cause, row.amount, row.department) == ("B20", 0, "comptabilite")
    page = client_of(party, "desk").get(url(party, "contractor", "invoice", apart.pk)).text
    assert "Rien ne bloque cette facture" not in page
    assert f"{party.landlord.name} · Comptabilité" in page
    with clock.moved_to(clock.now() + timedelta(days=9)):
        chase_due()
        titles = bells("block_late")
    assert any(apart.number in title for title in titles)
    act(party, "manager", services.approve, invoice_id=apart.pk)
    act(
        party,
        "manager",
        services.announce_payment,
        invoice_id=apart.pk,
        paid_on=clock.today(),
    )
    delivered()
    assert apart_rows(apart) == []


def test_it_gives_way_to_what_people_say_of_it(party, apart):
    typed = {"cause": "B19", "note": "Relevé contesté"}
    act(party, "manager", services.open_block_by_hand, invoice_id=apart.pk, **typed)
    delivered()
    (held,) = apart_rows(apart)
    assert held.cause == "B19"
    act(party, "manager", services.close_block_by_hand, block_id=held.pk, note="Réglé")
    delivered()
    assert [row.cause for row in apart_rows(apart)] == ["B20"]
    with late_by(apart):
        chase_due()
        delivered()
        (row,) = late_rows(apart)
        with system_scope("tests: twice the same changes nothing"):
            actor = replace(SYSTEM, organisation_id=apart.landlord_id)
            services.look_at_apart(actor=actor, invoice_id=apart.pk)
        assert [again_row.pk for again_row in apart_rows(apart)] == [row.pk]
