"""Who has an invoice that nothing holds (B20), until it is paid."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from contractors import services
from contractors.models import Invoice
from contractors.selectors.blocks import board
from contractors.selectors.digest import digest_of
from contractors.tasks import chase_due
from nexxio.core import clock, relay
from nexxio.core.actors import scope_of
from nexxio.core.errors import Refused
from nexxio.core.models import Event, LegalForm, Notification
from nexxio.core.scoping import system_scope
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
