"""Bank details: two people, a call back, a hold; and what is paid to meanwhile."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from contractors import services, tasks
from contractors.bank import Use, bic_fault, iban_fault, in_force, masked, packed
from contractors.models import BankAccount, BankCheck, InvoiceFile
from contractors.services.bank_facts import account_in_force
from nexxio.core import clock, relay
from nexxio.core.actors import Role
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.ids import new_id
from nexxio.core.members import services as members
from nexxio.core.models import (
    Event,
    LegalForm,
    Membership,
    Message,
    Notification,
    Organisation,
    Rate,
    User,
)
from nexxio.core.scoping import system_scope
from tests.contractors.steps import client_of, url
from tests.factories.acting import act
from tests.factories.invoiced import becomes, billed, filed
from tests.factories.papered import IBAN, OTHER_IBAN, THIRD_IBAN, banked, called, in_force_now

NOW = datetime(2026, 6, 30, tzinfo=clock.PARIS)


@pytest.fixture
def party(world, monkeypatch):
    """The first party; its landlord takes invoices directly."""
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    becomes(world.first, LegalForm.PRIVATE)
    return world.first


@pytest.fixture
def colleague(party):
    """A clerk at the company's desk, as `party.colleague`."""
    with system_scope("tests: a colleague"):
        user = User.objects.create_user("colette@lutece.example", "x", first_name="Colette")
        party.colleague = Membership.objects.create(
            organisation=party.contractor,
            user=user,
            department="exploitation",
            roles=[Role.CLERK],
        )
    return party


def proposed(party, who: str = "desk", iban: str = IBAN, **changes) -> BankAccount:
    said = {"owner": party.contractor.name, "iban": iban, "bic": "", "phone": "", **changes}
    return act(party, who, services.propose_account, **said)


def paid_to(party) -> str:
    with system_scope("tests: in force"):
        found = account_in_force(party.landlord.pk, party.contractor.pk)
    return found.iban if found else ""


def mailed() -> set[tuple[str, str]]:
    relay.deliver_one_by_one()
    with system_scope("tests: mail"):
        return set(Message.objects.filter(kind="bank_company").values_list("address", "subject"))


# --- Pure -----------------------------------------------------------------------------------------


def test_keys_of_numbers_are_checked():
    assert iban_fault(packed("FR76 3000 6000 0112 3456 7890 189")) == ""
    for number in (IBAN, OTHER_IBAN, THIRD_IBAN):
        assert iban_fault(number) == ""
    assert "clé" in str(iban_fault("FR7630006000011234567890188"))
    assert "clé" in str(iban_fault("FR76"))
    assert "SEPA" in str(iban_fault("AE070331234567890123456"))
    assert bic_fault("BNPAFRPPXXX", IBAN) == ""
    assert "BIC invalide" in str(bic_fault("BNPA", IBAN))
    assert "autre pays" in str(bic_fault("DEUTDEFF", IBAN))
    assert masked(IBAN) == "FR•• •••• 0189"


def test_the_newest_use_whose_hold_is_over_counts():
    first, second = new_id(), new_id()
    hour = timedelta(hours=1)
    old = Use(first, NOW - 5 * hour, NOW - 2 * hour)
    assert in_force([], NOW) is None
    assert in_force([old, Use(second, NOW + hour)], NOW) == old
    assert in_force([old, Use(second, NOW)], NOW).account_id == second
    # Taken back before its hold was over: it never counts.
    assert in_force([old, Use(second, NOW - hour, NOW - 2 * hour)], NOW) == old


# --- Two people -----------------------------------------------------------------------------------


def test_another_person_of_the_company_confirms(colleague):
    party = colleague
    account = proposed(party)
    assert (account.state, account.is_alone) == ("proposed", False)
    with pytest.raises(Refused, match="autre personne"):
        act(party, "desk", services.confirm_account, account_id=account.pk)
    with pytest.raises(Invalid, match="seconde personne"):
        proposed(party, iban=OTHER_IBAN)
    assert (
        client_of(party, "manager")
        .get(url(party, "landlord", "company_bank", party.contractor.pk))
        .text.count("Aucune coordonnée vérifiée")
    )
    with pytest.raises(BankAccount.DoesNotExist):
        called(party, account.pk)

    page = url(party, "contractor", "bank")
    own = client_of(party, "colleague")
    shown = own.get(page).text
    assert "Confirmer ces coordonnées" in shown
    assert IBAN not in shown
    assert "Confirmer ces coordonnées" not in client_of(party, "desk").get(page).text
    # A clerk confirms, but only a manager looks at the number in full.
    read = url(party, "contractor", "bank_act", account.pk, "afficher")
    assert own.post(read).status_code == 409
    assert "FR76 3000 6000" in client_of(party, "desk").post(read).text
    response = own.post(url(party, "contractor", "bank_act", account.pk, "confirmer"))
    assert response.status_code == 302
    with pytest.raises(Conflict):
        act(party, "colleague", services.confirm_account, account_id=account.pk)
    with system_scope("tests: accounts"):
        account.refresh_from_db()
    assert (account.state, account.decided_by_id) == ("confirmed", party.colleague.user_id)
    assert paid_to(party) == ""


def test_a_colleague_declines_with_a_reason_and_all_are_warned(colleague):
    party = colleague
    with system_scope("tests: the house's own address"):
        Organisation.objects.filter(pk=party.contractor.pk).update(email="siege@lutece.example")
    account = proposed(party)
    answer = client_of(party, "colleague").post(
        url(party, "contractor", "bank_act", account.pk, "refuser"), {"note": " "}
    )
    assert answer.status_code == 422
    act(party, "colleague", services.decline_account, account_id=account.pk, note="Pas le nôtre")
    addresses = {address for address, _subject in mailed()}
    assert addresses == {
        "siege@lutece.example",
        party.desk.user.email,
        party.colleague.user.email,
    }
    with system_scope("tests: mail"):
        assert not any(IBAN in message.text for message in Message.objects.all())
        assert Message.objects.filter(kind="bank_company", text__contains="0189").exists()
    assert "Pas le nôtre" in client_of(party, "desk").get(url(party, "contractor", "bank")).text
    assert proposed(party, iban=OTHER_IBAN).state == "proposed"


def test_who_sends_a_colleague_away_is_not_alone_for_that(colleague):
    party = colleague
    act(party, "desk", members.deactivate, membership_id=party.colleague.pk)
    with clock.moved_to(clock.now() + timedelta(days=29)):
        assert proposed(party).state == "proposed"
    with clock.moved_to(clock.now() + timedelta(days=31)):
        assert proposed(party, iban=OTHER_IBAN).is_alone


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"iban": "FR76 0000"}, "clé de contrôle"),
        ({"iban": ""}, "obligatoire"),
        ({"bic": "XX"}, "BIC invalide"),
        ({"phone": "abc"}, "illisible"),
    ],
)
def test_wrong_numbers_are_said_beside_their_field(party, changes, said):
    typed = {"owner": "Plomberie Lutèce", "iban": IBAN, "bic": "", "phone": "", **changes}
    answer = client_of(party, "desk").post(url(party, "contractor", "propose_bank"), typed)
    assert answer.status_code == 422
    assert said in answer.text
    with system_scope("tests: accounts"):
        assert not BankAccount.objects.exists()


# --- Call back and hold ---------------------------------------------------------------------------


def test_a_company_of_one_is_confirmed_by_the_call_of_its_landlord(party):
    account = proposed(party, phone="06 11 22 33 44")
    assert (account.state, account.is_alone) == ("confirmed", True)
    manager = client_of(party, "manager")
    page = url(party, "landlord", "company_bank", party.contractor.pk)
    shown = manager.get(page).text
    assert "Une seule personne" in shown
    assert "N’appelez pas le" in shown
    form = url(party, "landlord", "bank_act", account.pk, "rappel")
    typed = {
        "called_name": "Hélène Garnier, gérante",
        "called_phone": "06 11 22 33 44",
        "number_from": "",
        "called_on": clock.today().isoformat(),
    }
    answer = manager.post(form, typed)
    assert answer.status_code == 422
    assert "donné avec la demande" in answer.text
    answer = manager.post(form, {**typed, "called_phone": "06 99 88 77 66"})
    assert "d’où vous le tenez" in answer.text
    early = (clock.today() - timedelta(days=3)).isoformat()
    assert "pas encore" in manager.post(form, {**typed, "called_on": early}).text
    answer = manager.post(form, {**typed, "called_phone": "01 41 00 00 00"})
    assert answer.status_code == 302
    with system_scope("tests: checks"):
        check = BankCheck.objects.get()
    assert check.from_at > clock.now() + timedelta(days=6)
    with pytest.raises(Conflict):
        called(party, account.pk)
    assert "Changement en cours" in manager.get(page).text
    assert paid_to(party) == ""
    assert tasks.chase_old_papers() == 0

    in_force_now(check)
    assert paid_to(party) == IBAN
    assert tasks.chase_old_papers() == 1
    assert tasks.chase_old_papers() == 0
    subjects = {subject for _address, subject in mailed()}
    assert any("en vigueur" in subject for subject in subjects)
    with system_scope("tests: notices"):
        rung = Notification.objects.filter(kind="bank_landlord", organisation=party.landlord)
        assert rung.filter(title__contains="en vigueur").exists()
    with pytest.raises(Invalid, match="déjà les vôtres"):
        proposed(party)


def test_the_former_details_stay_in_force_during_a_change(party):
    in_force_now(banked(party))
    newer = proposed(party, iban=OTHER_IBAN)
    assert paid_to(party) == IBAN
    listed = client_of(party, "manager").get(url(party, "landlord", "bank") + "?voir=a-rappeler")
    assert "0189" in listed.text
    assert "2606" in listed.text
    check = called(party, newer.pk)
    assert paid_to(party) == IBAN
    act(party, "manager", services.refuse_account, account_id=newer.pk, note="Voix inconnue")
    with system_scope("tests: checks"):
        check.refresh_from_db()
    assert (check.outcome, check.from_at) == ("refused", None)
    assert paid_to(party) == IBAN
    assert "Voix inconnue" in client_of(party, "desk").get(url(party, "contractor", "bank")).text
    with pytest.raises(Conflict):
        act(party, "manager", services.refuse_account, account_id=newer.pk, note="Encore")

    # Another one, checked, then taken back by the company before its hold is over.
    third = proposed(party, iban=THIRD_IBAN)
    held = called(party, third.pk)
    act(party, "desk", services.withdraw_account, account_id=third.pk, note="Erreur de notre part")
    with time_machine.travel(held.from_at + timedelta(hours=1), tick=False):
        assert paid_to(party) == IBAN
        tasks.chase_old_papers()
    with pytest.raises(Conflict):
        act(party, "desk", services.withdraw_account, account_id=third.pk, note="Encore")


def test_what_is_in_force_can_be_refused_and_nothing_else_comes_back(party):
    in_force_now(banked(party))
    check = in_force_now(banked(party, OTHER_IBAN))
    assert paid_to(party) == OTHER_IBAN
    assert tasks.chase_old_papers() == 2
    manager = client_of(party, "manager")
    page = url(party, "landlord", "company_bank", party.contractor.pk)
    assert "Refuser ce compte" in manager.get(page).text
    form = url(party, "landlord", "bank_act", check.account_id, "refuser")
    assert "coordonnées en vigueur" in manager.get(form).text
    assert manager.post(form, {"note": " "}).status_code == 422
    with pytest.raises(Refused):
        act(party, "clerk", services.refuse_account, account_id=check.account_id, note="Non")
    with system_scope("tests: the clerk pays, and is told"):
        Membership.objects.filter(pk=party.clerk.pk).update(department="comptabilite")
    assert manager.post(form, {"note": "Fraude signalée"}).status_code == 302
    assert paid_to(party) == ""
    assert "Compte à vérifier" in manager.get(page).text
    assert manager.post(form, {"note": "Encore"}).status_code == 409
    assert any("compte à vérifier" in subject for _address, subject in mailed())
    with system_scope("tests: told"):
        assert Event.objects.filter(kind="bank.stopped").count() == 1
        told = Notification.objects.filter(kind="bank_landlord", title__contains="à vérifier")
        assert told.exists()
    assert "Fraude signalée" in client_of(party, "desk").get(url(party, "contractor", "bank")).text

    # The hold of the account before is over since long; only a new call counts.
    in_force_now(called(party, check.account_id))
    assert paid_to(party) == ""
    with system_scope("tests: the new hold is over"):
        BankCheck.objects.filter(pk=check.pk).update(from_at=clock.now())
    assert paid_to(party) == OTHER_IBAN
    assert tasks.chase_old_papers() == 1


def test_only_who_pays_checks_and_reads(party):
    account = proposed(party)
    with pytest.raises(Refused):
        act(party, "clerk", services.read_account, account_id=account.pk)
    with pytest.raises(Refused):
        act(party, "clerk", services.refuse_account, account_id=account.pk, note="Non")
    call = services.CallBack(
        called_name="Hélène", called_phone="0141000000", number_from="", called_on=clock.today()
    )
    with pytest.raises(Refused):
        act(party, "clerk", services.check_account, account_id=account.pk, call=call)
    with pytest.raises(Refused):
        act(party, "clerk", services.note_export, rows=1)
    with system_scope("tests: the clerk pays"):
        party.clerk.department = "comptabilite"
        party.clerk.save(update_fields=["department"])
    assert act(party, "clerk", services.read_account, account_id=account.pk).iban == IBAN
    with system_scope("tests: looks"):
        look = Event.objects.get(kind="bank.read")
    assert look.actor_user_id == party.clerk.user_id
    assert IBAN not in str(look.payload)


def test_nobody_checks_for_a_landlord_what_he_proposed_for_his_company(party):
    account = proposed(party)
    with system_scope("tests: one person in two houses"):
        BankAccount.objects.filter(pk=account.pk).update(proposed_by=party.manager.user)
    with pytest.raises(Refused, match="un collègue"):
        called(party, account.pk)


def test_a_hold_whose_length_nobody_knows_is_not_guessed(party):
    account = proposed(party)
    with system_scope("tests: no rate"):
        Rate.objects.filter(code="bank-hold").delete()
    with pytest.raises(Refused, match="durée du gel"):
        called(party, account.pk)


# --- Where it shows -------------------------------------------------------------------------------


def test_an_invoice_says_where_to_pay_and_its_list_warns_of_a_change(party):
    billed(party)
    in_force_now(banked(party))
    invoice = filed(party)
    with system_scope("tests: files"):
        file = InvoiceFile.objects.get(invoice=invoice)
    assert file.parties["account"]["iban"] == IBAN
    proposed(party, iban=OTHER_IBAN)
    manager = client_of(party, "manager")
    act(party, "manager", services.approve, invoice_id=invoice.pk)
    bulk = manager.post(
        reverse("contractors:landlord_invoices_pay", args=[party.landlord.slug]),
        {"facture": invoice.pk},
    ).text
    assert "FR•• •••• 0189" in bulk
    assert "changement en cours" in bulk
    act(
        party,
        "manager",
        services.announce_payment,
        invoice_id=invoice.pk,
        paid_on=clock.today(),
    )
    page = manager.get(url(party, "landlord", "accounts")).text
    assert "FR•• •••• 0189" in page
    assert IBAN not in page
    export = url(party, "landlord", "accounts_file", "paiements", "csv")
    assert IBAN not in manager.get(export).content.decode("utf-8-sig")
    text = manager.post(export).content.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text), delimiter=";")
    assert row["IBAN en vigueur"] == IBAN
    with system_scope("tests: exports"):
        assert Event.objects.get(kind="bank.exported").payload == {"rows": 1}
    assert client_of(party, "clerk").post(export).status_code == 403
    own = client_of(party, "desk").get(
        url(party, "contractor", "accounts_file", "paiements", "csv")
    )
    assert "IBAN" not in own.content.decode("utf-8-sig")
