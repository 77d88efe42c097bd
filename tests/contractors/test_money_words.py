"""Payment runs, accounts of lines, refunds, credit notes thrown away, another IBAN on a file."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from contractors import services
from contractors.einvoices.issued import Account
from contractors.imputation import Imputation, Rule, imputation
from contractors.models import Invoice, LineAccount, Refund
from contractors.pay_runs import next_run
from contractors.selectors.accounts import Period, journal_of
from contractors.selectors.forecast import forecast
from contractors.services.refunds import overpaid_of
from nexxio.core import clock
from nexxio.core.actors import SYSTEM, scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.models import LegalForm
from nexxio.core.scoping import system_scope
from tests.contractors.steps import client_of, url
from tests.factories.acting import act
from tests.factories.certified import signed
from tests.factories.credited import credit_prepared, credited
from tests.factories.invoiced import again, becomes, billed, blocks_of, filed, prepared
from tests.factories.papered import IBAN, OTHER_IBAN, banked, in_force_now
from tests.factories.received import invoice_file, taken

E = Decimal


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    becomes(world.first, LegalForm.PRIVATE)
    return world.first


def approved(party):
    return act(party, "manager", services.approve, invoice_id=filed(party).pk)


def paid(party):
    invoice, today = approved(party), clock.today()
    act(party, "desk", services.confirm_payment, invoice_id=invoice.pk, paid_on=today)
    return again(invoice)


# --- Payment runs ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weekdays", "days", "on", "wanted"),
    [
        ([1], [], date(2026, 12, 1), date(2026, 12, 1)),  # itself a Tuesday
        ([1], [], date(2026, 12, 2), date(2026, 12, 8)),
        ([4], [], date(2026, 12, 21), date(2026, 12, 28)),  # Christmas is a Friday
        ([4], [], date(2026, 12, 26), date(2026, 12, 28)),
        ([], [date(2026, 12, 15), date(2027, 1, 15)], date(2026, 12, 16), date(2027, 1, 15)),
        ([1], [date(2026, 12, 3)], date(2026, 12, 2), date(2026, 12, 3)),
        ([], [date(2026, 12, 3)], date(2026, 12, 4), None),
    ],
)
def test_the_next_run_is_the_first_day_of_the_calendar(weekdays, days, on, wanted):
    assert next_run(weekdays, days, on) == wanted


def test_a_company_reads_when_an_approved_invoice_will_be_paid_also_after_its_due_date(party):
    page = url(party, "landlord", "calendar")
    manager = client_of(party, "manager")
    late = clock.today() + timedelta(days=60)
    wrong = manager.post(page, {"weekdays": ["1"], "days": "demain"})
    assert wrong.status_code == 422
    assert "« demain » n’est pas une date" in wrong.text
    said = manager.post(page, {"days": f"{late:%d/%m/%Y}\n\n{late:%Y-%m-%d}"}, follow=True)
    assert "Calendrier enregistré" in said.text
    invoice = filed(party)
    desk = client_of(party, "desk")
    of_list = url(party, "contractor", "invoices")
    assert "paiement prévu" not in desk.get(of_list).text  # not before it is approved
    act(party, "manager", services.approve, invoice_id=invoice.pk)
    text = desk.get(of_list).text
    assert "paiement prévu le" in text
    assert "après l’échéance" in text
    assert (
        "après l’échéance légale" in desk.get(url(party, "contractor", "invoice", invoice.pk)).text
    )
    with scope_of(party.actor("desk")):
        found = forecast(party.actor("desk"))
    week = next(each for each in found.weeks if each.due)
    assert week.first <= late <= week.last


def test_only_who_pays_says_when(party):
    with pytest.raises(Refused, match="comptabilité"):
        act(party, "clerk", services.save_payment_calendar, weekdays=[1], days=[])
    with pytest.raises(Invalid):
        act(party, "manager", services.save_payment_calendar, weekdays=[6], days=[])


# --- Accounts -------------------------------------------------------------------------------------


def test_the_closest_rule_of_the_day_counts():
    old, new = date(2026, 1, 1), date(2026, 6, 1)
    rules = [
        Rule(starts_on=old, account="all", charge="not_recoverable"),
        Rule(starts_on=old, trade="plumbing", account="trade", charge="recoverable"),
        Rule(starts_on=old, ends_on=new - timedelta(days=1), code="PLB", account="old"),
        Rule(starts_on=new, code="plb", account="article", charge="tenant"),
    ]

    def of(code: str, trade: str, on: date) -> str:
        return imputation(rules, trade=trade, code=code, unit="12", on=on).account

    assert of("ELE-1", "electricity", new) == "all"
    assert of("ELE-1", "plumbing", new) == "trade"
    assert of("PLB-01", "electricity", new) == "article"
    assert of("PLB-01", "plumbing", old) == "old"
    assert of("PLB-01", "plumbing", date(2025, 12, 31)) == ""


def test_lines_go_to_the_journal_by_rule_or_by_hand_and_the_company_reads_nothing(party):
    manager, desk = client_of(party, "manager"), client_of(party, "desk")
    rules = url(party, "landlord", "account_rules")
    said = {"code": "PLB", "account": "61 5", "charge": "recoverable", "starts_on": clock.today()}
    assert manager.post(rules, {**said, "account": "x"}).status_code == 422
    assert "Règle enregistrée" in manager.post(rules, said, follow=True).text
    invoice = approved(party)
    page = url(party, "landlord", "invoice", invoice.pk)
    text = manager.get(page).text
    assert "Imputation comptable" in text
    assert "Récupérable" in text
    assert "Imputation" not in desk.get(url(party, "contractor", "invoice", invoice.pk)).text
    today = clock.today()
    with scope_of(party.actor("manager")):
        entries = journal_of(party.actor("manager"), Period(today, today))
    (cost,) = [e for e in entries if e.label == "Montant HT"]
    assert (cost.where.account, cost.charge, cost.where.unit) == (
        "615",
        "Récupérable",
        party.unit.number,
    )
    with system_scope("tests: lines"):
        line = invoice.lines.get().pk
    form = url(party, "landlord", "invoice_act", invoice.pk, "imputer")
    typed = {f"account_{line}": "6155", f"unit_{line}": "H-9", f"charge_{line}": "tenant"}
    assert "Imputations enregistrées" in manager.post(form, typed, follow=True).text
    credit = credited(party, invoice)
    with scope_of(party.actor("manager")):
        entries = journal_of(party.actor("manager"), Period(today, today))
    costs = [(e.where.account, e.debit, e.credit) for e in entries if e.label == "Montant HT"]
    assert sorted(costs, key=str) == sorted(
        [("6155", E("62.50"), None), ("6155", None, E("62.50"))], key=str
    )
    assert sum(e.debit or 0 for e in entries) == sum(e.credit or 0 for e in entries)
    assert credit.state == "applied"
    with scope_of(party.actor("desk")):
        assert not LineAccount.objects.exists()


def test_a_rule_ends_and_only_who_pays_writes_them(party):
    said = {"trade": "", "code": "", "charge": "recoverable"}
    today = clock.today()
    first, second = (
        act(
            party,
            "manager",
            services.add_account_rule,
            account=account,
            starts_on=on,
            **said,
        )
        for account, on in (("615", today - timedelta(days=9)), ("616", today))
    )
    with system_scope("tests: rules"):
        first.refresh_from_db()
    assert first.ends_on == today - timedelta(days=1)
    with pytest.raises(Conflict):
        act(party, "manager", services.end_account_rule, rule_id=first.pk)
    act(party, "manager", services.end_account_rule, rule_id=second.pk)
    with pytest.raises(Refused):
        act(party, "clerk", services.add_account_rule, account="61", starts_on=today, **said)
    invoice, where = filed(party), {first.pk: Imputation(account="6")}
    with pytest.raises(Refused):
        act(party, "clerk", services.impute_lines, invoice_id=invoice.pk, lines=where)


# --- Refunds --------------------------------------------------------------------------------------


def test_what_was_paid_too_much_is_noted_as_given_back_until_nothing_is_left(party):
    invoice = paid(party)
    with pytest.raises(Refused, match="aucun trop-perçu"):
        act(
            party,
            "manager",
            services.note_refund,
            invoice_id=invoice.pk,
            amount=E(1),
            on=clock.today(),
            how="refunded",
            reference="VIR 1",
        )
    credited(party, invoice)
    anew = act(party, "desk", services.prepare_invoice, order_id=party.order.pk)
    act(party, "desk", services.file_invoice, invoice_id=anew.pk)
    later = url(party, "landlord", "invoice", anew.pk)
    manager = client_of(party, "manager")
    assert "Déjà payé sur cette commande" in manager.get(later).text
    form = url(party, "landlord", "invoice_act", invoice.pk, "rembourser")
    said = {"amount": "70,00", "on": clock.today(), "how": "deducted", "reference": anew.number}
    assert manager.post(form, said).status_code == 422
    assert manager.post(form, {**said, "amount": "68,75", "reference": " "}).status_code == 422
    done = manager.post(form, {**said, "amount": "68,75"}, follow=True)
    assert "Remboursement enregistré" in done.text
    assert "Payée au-delà" not in done.text
    assert "Déjà payé sur cette commande" not in manager.get(later).text
    read = client_of(party, "desk").get(url(party, "contractor", "invoice", invoice.pk)).text
    assert "Déduit d’un autre paiement" in read
    today = clock.today()
    with scope_of(party.actor("manager")):
        assert overpaid_of(again(invoice)) == 0
        entries = journal_of(party.actor("manager"), Period(today, today))
        assert Refund.objects.get().amount == E("68.75")
    bank = [e for e in entries if e.label == "Banque"]
    assert sum((e.debit or 0) - (e.credit or 0) for e in bank) == 0
    assert sum(e.debit or 0 for e in entries) == sum(e.credit or 0 for e in entries)


# --- Credit notes ---------------------------------------------------------------------------------


def test_a_prepared_credit_note_is_thrown_away_and_its_number_stays_taken(party):
    invoice = filed(party)
    credit = credit_prepared(party, invoice)
    page = url(party, "contractor", "invoice", credit.pk)
    desk = client_of(party, "desk")
    assert "Abandonner l’avoir" in desk.get(page).text
    click = url(party, "contractor", "invoice_act", credit.pk, "abandonner")
    done = desk.post(click, follow=True).text
    assert "Avoir abandonné" in done
    assert desk.post(click).status_code == 409
    assert again(credit).state == "discarded"
    assert (
        client_of(party, "manager").get(url(party, "landlord", "invoice", credit.pk)).status_code
        == 404
    )
    other = credited(party, invoice)  # nothing of it counts: all of it can be taken back
    assert (other.number, again(invoice).state) == (f"F{clock.today().year}-00003", "credited")
    with pytest.raises(Conflict):
        act(party, "desk", services.discard_invoice, invoice_id=invoice.pk)


def test_a_prepared_invoice_is_thrown_away_and_its_order_invoiced_again(party):
    invoice = prepared(party)
    page = url(party, "contractor", "invoice", invoice.pk)
    desk = client_of(party, "desk")
    assert "Abandonner la facture" in desk.get(page).text
    with pytest.raises(Invoice.DoesNotExist):  # its landlord doesn't know of it
        act(party, "manager", services.discard_invoice, invoice_id=invoice.pk)
    click = url(party, "contractor", "invoice_act", invoice.pk, "abandonner")
    assert "Facture abandonnée" in desk.post(click, follow=True).text
    assert desk.post(click).status_code == 409
    assert again(invoice).state == "discarded"
    other = act(party, "desk", services.prepare_invoice, order_id=party.order.pk)
    assert (other.rank, other.number) == (1, f"F{clock.today().year}-00002")
    filed_again = act(party, "desk", services.file_invoice, invoice_id=other.pk)
    assert filed_again.state == "received"


# --- Files ----------------------------------------------------------------------------------------


def test_a_file_that_wants_to_be_paid_elsewhere_is_held_by_b12(party):
    billed(party)
    signed(party)
    elsewhere = invoice_file(party, account=Account(iban=OTHER_IBAN, owner="Plomberie"))
    received = taken(party, elsewhere)
    assert blocks_of(party) == []  # as long as no account was checked there is nothing to compare
    in_force_now(banked(party, IBAN))
    with system_scope("tests: facts"):
        services.look_at_order(actor=SYSTEM, order_id=party.order.pk)
    (block,) = blocks_of(party)
    assert (block.cause, block.side, block.amount) == ("B12", "contractor", E("68.75"))
    page = url(party, "contractor", "invoice", received.invoice_id)
    text = client_of(party, "desk").get(page).text
    assert "l’IBAN n’est pas celui que le bailleur a vérifié" in text
    assert OTHER_IBAN not in text
