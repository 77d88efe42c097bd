"""Ceded claims and oppositions: noted, called back by another, said wherever one pays."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from contractors import services
from contractors.models import Invoice, PaymentTransfer
from contractors.selectors.paying import where_paid
from contractors.transfers import TransferState
from nexxio.core import clock, relay
from nexxio.core.actors import Role, scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.ids import new_id
from nexxio.core.models import Event, LegalForm, Membership, Notification, User
from nexxio.core.scoping import system_scope
from orders.models import Contract
from tests.contractors.steps import client_of, url
from tests.factories.acting import act
from tests.factories.invoiced import becomes, billed, filed
from tests.factories.papered import IBAN, OTHER_IBAN, banked, ceded, in_force_now


@pytest.fixture
def party(world, monkeypatch):
    """The first party; its landlord takes invoices directly, and has one at its accounts."""
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    becomes(world.first, LegalForm.PRIVATE)
    with system_scope("tests: accounts"):
        user = User.objects.create_user("ines@rivp.example", "x", first_name="Inès")
        world.first.ines = Membership.objects.create(
            organisation=world.first.landlord,
            user=user,
            department="comptabilite",
            roles=[Role.CLERK],
        )
    return world.first


def call(**changes) -> services.CallBack:
    said = {
        "called_name": "Mme Petit",
        "called_phone": "03 20 00 00 01",
        "number_from": "site de la banque",
        "called_on": clock.today(),
        **changes,
    }
    return services.CallBack(**said)


def checked(party, who: str = "ines", **changes) -> PaymentTransfer:
    row = ceded(party, **changes)
    return act(party, who, services.check_transfer, transfer_id=row.pk, call=call())


def test_another_person_calls_back_before_it_counts(party):
    row = ceded(party)
    assert row.state == TransferState.TO_CHECK
    with pytest.raises(Refused, match="une autre personne"):
        act(party, "manager", services.check_transfer, transfer_id=row.pk, call=call())
    with pytest.raises(Refused, match="comptabilité"):
        act(party, "clerk", services.check_transfer, transfer_id=row.pk, call=call())
    with pytest.raises(Invalid) as wrong:
        act(
            party,
            "ines",
            services.check_transfer,
            transfer_id=row.pk,
            call=call(number_from=" ", called_on=clock.today() + timedelta(days=1)),
        )
    assert set(wrong.value.errors) == {"number_from", "called_on"}
    act(party, "ines", services.check_transfer, transfer_id=row.pk, call=call())
    with pytest.raises(Conflict, match="En vigueur"):
        act(party, "ines", services.check_transfer, transfer_id=row.pk, call=call())
    with system_scope("tests"):
        kinds = Event.objects.filter(subject_id=row.pk).order_by("recorded_at")
        assert [event.kind for event in kinds] == ["transfer.noted", "transfer.checked"]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"iban": ""}, {"iban"}),
        ({"iban": "FR7630006000011234567890188"}, {"iban"}),
        ({"kind": "gift", "beneficiary": " "}, {"kind", "beneficiary"}),
        ({"most": Decimal(0), "reference": ""}, {"most", "reference"}),
        ({"notified_on": clock.today() + timedelta(days=1)}, {"notified_on"}),
    ],
)
def test_what_the_act_lacks_is_said_beside_its_field(party, changes, fields):
    with pytest.raises(Invalid) as wrong:
        ceded(party, **changes)
    assert set(wrong.value.errors) == fields
    with system_scope("tests"):
        assert not PaymentTransfer.objects.exists()


def test_the_same_act_is_noted_once_and_a_contract_must_be_the_companys(party, world):
    ceded(party)
    with pytest.raises(Invalid, match="déjà noté"):
        ceded(party, who="ines")
    with pytest.raises(Invalid, match="marché"):
        ceded(party, reference="autre", contract_id=world.second.contract.pk)
    ceded(party, reference="autre", contract_id=party.contract.pk)
    said = services.Notified(
        kind="dailly", beneficiary="Banque", reference="D", notified_on=clock.today(), iban=IBAN
    )
    with pytest.raises(Refused, match="comptabilité"):
        act(
            party,
            "clerk",
            services.note_transfer,
            contractor_id=party.contractor.pk,
            said=said,
        )


def test_whoever_pays_reads_whom_to_pay(party):
    billed(party)
    in_force_now(banked(party))
    invoice = filed(party)
    act(party, "manager", services.approve, invoice_id=invoice.pk)
    manager = client_of(party, "manager")
    row = ceded(party)

    def confirmation() -> str:
        address = reverse("contractors:landlord_invoices_pay", args=[party.landlord.slug])
        return manager.post(address, {"facture": invoice.pk}).text

    assert "ne payez pas avant le rappel du bénéficiaire" in confirmation()
    act(party, "ines", services.check_transfer, transfer_id=row.pk, call=call())
    assert "payez Factor du Nord sur FR•• •••• 2606, et non l’entreprise" in confirmation()
    one = manager.get(url(party, "landlord", "invoice_act", invoice.pk, "payer"))
    if one.status_code == 200:
        assert "payez Factor du Nord" in one.text
    act(
        party,
        "manager",
        services.announce_payment,
        invoice_id=invoice.pk,
        paid_on=clock.today(),
    )
    export = manager.get(url(party, "landlord", "accounts_file", "paiements", "csv"))
    (line,) = csv.DictReader(io.StringIO(export.content.decode("utf-8-sig")), delimiter=";")
    assert "Factor du Nord" in line["Cession ou opposition"]
    assert OTHER_IBAN not in export.content.decode("utf-8-sig")
    act(party, "ines", services.ask_lift, transfer_id=row.pk, note="quittance du 2 décembre")
    act(party, "manager", services.end_transfer, transfer_id=row.pk, call=call())
    page = manager.get(url(party, "landlord", "company_bank", party.contractor.pk)).text
    assert "quittance du 2 décembre" in page
    assert IBAN not in page


def test_an_act_on_another_contract_says_nothing_of_this_invoice(party, world):
    billed(party)
    in_force_now(banked(party))
    invoice = filed(party)
    manager = party.actor("manager")

    def said() -> str:
        with scope_of(manager):
            return where_paid(manager, Invoice.objects.select_related("order").get(pk=invoice.pk))

    row = ceded(party, contract_id=party.contract.pk)
    assert "Factor du Nord" in said()
    with system_scope("tests: another contract"):
        other = Contract.objects.get(pk=party.contract.pk)
        other.pk, other.number = new_id(), "2026-AUTRE"
        other.save(force_insert=True)
        PaymentTransfer.objects.filter(pk=row.pk).update(contract=other)
    assert said() == "À verser sur FR•• •••• 0189."


def test_an_invoice_of_no_order_may_be_of_any_contract(party):
    billed(party)
    checked(party, contract_id=party.contract.pk)
    with system_scope("tests: a bonus"):
        bonus = filed(party)
        Invoice.objects.filter(pk=bonus.pk).update(order=None)
    ines = party.actor("ines")
    with scope_of(ines):
        found = where_paid(ines, Invoice.objects.select_related("order").get(pk=bonus.pk))
    assert "et non l’entreprise" in found


def test_the_company_hears_of_it_at_once_and_reads_no_full_number(party):
    row = ceded(party)
    relay.deliver_one_by_one()
    with system_scope("tests"):
        rung = Notification.objects.filter(kind="transfer_company")
        assert party.desk.user_id in {told.user_id for told in rung}
    page = client_of(party, "desk").get(url(party, "contractor", "bank")).text
    assert "Factor du Nord" in page
    assert "Appelez tout de suite la comptabilité" in page
    assert OTHER_IBAN not in page
    act(party, "manager", services.refuse_transfer, transfer_id=row.pk, note="Fausse lettre")
    assert "Fausse lettre" in client_of(party, "desk").get(url(party, "contractor", "bank")).text


def test_the_full_number_is_shown_to_who_pays_and_noted(party):
    row = checked(party)
    full = client_of(party, "manager").post(
        reverse("contractors:landlord_transfer_act", args=[party.landlord.slug, row.pk, "afficher"])
    )
    assert "FR14 2004 1010 0505 0001 3M02 606" in full.text
    with system_scope("tests"):
        assert Event.objects.filter(kind="bank.read", subject_id=row.pk).count() == 1
    with pytest.raises(Refused):
        act(party, "clerk", services.read_transfer, transfer_id=row.pk)


def test_another_person_calls_back_before_it_is_lifted(party):
    row = checked(party)
    with pytest.raises(Conflict, match="Aucune mainlevée"):
        act(party, "manager", services.end_transfer, transfer_id=row.pk, call=call())
    with pytest.raises(Refused, match="comptabilité"):
        act(party, "clerk", services.ask_lift, transfer_id=row.pk, note="lettre")
    act(party, "ines", services.ask_lift, transfer_id=row.pk, note="lettre du factor")
    with pytest.raises(Conflict, match="attend déjà"):
        act(party, "manager", services.ask_lift, transfer_id=row.pk, note="lettre")
    with pytest.raises(Refused, match="une autre personne"):
        act(party, "ines", services.end_transfer, transfer_id=row.pk, call=call())
    yesterday = clock.today() - timedelta(days=1)
    with pytest.raises(Invalid) as wrong:
        act(
            party,
            "manager",
            services.end_transfer,
            transfer_id=row.pk,
            call=call(number_from=" ", called_on=yesterday),
        )
    assert set(wrong.value.errors) == {"number_from", "called_on"}
    with system_scope("tests: it counts"):
        assert PaymentTransfer.objects.get(pk=row.pk).state == TransferState.IN_FORCE
    ended = act(party, "manager", services.end_transfer, transfer_id=row.pk, call=call())
    assert (ended.state, ended.lift_called_name) == (TransferState.ENDED, "Mme Petit")
    with system_scope("tests: told"):
        kinds = Event.objects.filter(subject_id=row.pk).order_by("recorded_at")
        assert [event.kind for event in kinds][2:] == ["transfer.lift_asked", "transfer.ended"]


def test_the_table_itself_takes_no_end_by_whoever_asked(party):
    row = checked(party)
    lifted = act(party, "ines", services.ask_lift, transfer_id=row.pk, note="lettre")
    with (
        system_scope("tests: around the service"),
        pytest.raises(IntegrityError, match="transfer_lifted_by_another"),
        transaction.atomic(),
    ):
        PaymentTransfer.objects.filter(pk=row.pk).update(ended_by=lifted.lift_by_id)


def test_an_act_is_kept_or_lifted_by_the_page(party):
    row = checked(party)
    house = party.landlord.slug

    def at(action: str) -> str:
        return reverse("contractors:landlord_transfer_act", args=[house, row.pk, action])

    manager, ines = client_of(party, "manager"), client_of(party, "ines")
    page = url(party, "landlord", "company_bank", party.contractor.pk)
    assert at("confirmer-mainlevee") not in manager.get(page).text
    assert manager.post(at("mainlevee"), {"note": "mainlevée du 3"}).status_code == 302
    relay.deliver_one_by_one()
    with system_scope("tests: rung"):
        rung = Notification.objects.filter(title__contains="mainlevée à vérifier")
        assert {party.ines.user_id, party.desk.user_id} <= {told.user_id for told in rung}
    assert at("confirmer-mainlevee") not in manager.get(page).text
    assert at("confirmer-mainlevee") in ines.get(page).text
    assert "mainlevée du 3" in client_of(party, "desk").get(url(party, "contractor", "bank")).text
    assert ines.post(at("maintenir")).status_code == 302
    assert "mainlevée du 3" not in ines.get(page).text
    manager.post(at("mainlevee"), {"note": "mainlevée du 4"})
    said = {
        "called_name": "Mme Petit",
        "called_phone": "03 20 00 00 01",
        "number_from": "site de la banque",
        "called_on": clock.today().isoformat(),
    }
    assert "une autre personne" in manager.post(at("confirmer-mainlevee"), said).text
    assert ines.post(at("confirmer-mainlevee"), said).status_code == 302
    assert "mainlevée du 4" in manager.get(page).text
    with system_scope("tests: ended"):
        assert PaymentTransfer.objects.get(pk=row.pk).state == TransferState.ENDED


def test_an_opposition_may_only_stop(party):
    row = checked(party, kind="opposition", beneficiary="URSSAF", iban="", most=Decimal("1500.00"))
    assert row.state == TransferState.IN_FORCE
    page = client_of(party, "manager").get(
        url(party, "landlord", "company_bank", party.contractor.pk)
    )
    assert "ne payez pas l’entreprise" in page.text
    assert "1 500,00" in page.text.replace("\u202f", " ").replace("\u00a0", " ")


def test_an_act_is_noted_by_the_page(party):
    manager = client_of(party, "manager")
    address = url(party, "landlord", "note_transfer", party.contractor.pk)
    assert manager.get(address).status_code == 200
    wrong = manager.post(address, {"kind": "dailly", "beneficiary": "Banque", "reference": "D1"})
    assert wrong.status_code == 422
    done = manager.post(
        address,
        {
            "kind": "dailly",
            "beneficiary": "Banque",
            "reference": "D1",
            "notified_on": clock.today().isoformat(),
            "contract": str(party.contract.pk),
            "most": "12000",
            "iban": "FR14 2004 1010 0505 0001 3M02 606",
        },
    )
    assert done.status_code == 302
    with system_scope("tests"):
        row = PaymentTransfer.objects.get()
        assert (row.iban, row.most, row.contract_id) == (
            OTHER_IBAN,
            Decimal("12000.00"),
            party.contract.pk,
        )
    assert client_of(party, "clerk").get(address).status_code == 403
