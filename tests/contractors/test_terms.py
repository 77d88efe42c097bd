"""What an invoice's page says of its legal clock, and what its contract says of it."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from contractors import causes_book, money_book, services
from contractors.legality import Act
from contractors.models import Invoice, LandlordDelay, MoneyRule, Suspension
from contractors.selectors.delays import payment_delays
from contractors.services import cautions
from contractors.services.due_dates import clock_of, order_number_given_on, said_of
from contractors.services.issuing import issued_of, parties_of
from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.core.errors import Invalid, Refused
from nexxio.core.models import Job, LegalForm
from nexxio.core.scoping import system_scope
from orders.models import Order, OrderClauses
from tests.contractors.steps import client_of, url
from tests.factories.acting import act
from tests.factories.full import worked
from tests.factories.invoiced import (
    again,
    aged,
    becomes,
    filed,
    filed_elsewhere,
    prepared,
    suspended,
)
from tests.factories.moneyed import held_by_contract

E = Decimal
SPACES = re.compile(r"\s+")


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    becomes(world.first, LegalForm.OPH)
    return world.first


def shown(party, invoice, who: str = "desk") -> str:
    side = "landlord" if who == "manager" else "contractor"
    return SPACES.sub(" ", client_of(party, who).get(url(party, side, "invoice", invoice.pk)).text)


def noted(invoice: Invoice, first: date, last: date) -> None:
    """Let an invoice's suspension have been of some days of the past."""
    with system_scope("tests: suspension"):
        Suspension.objects.filter(invoice=invoice).update(
            notified_at=datetime.combine(first, time(9), clock.PARIS),
            completed_at=datetime.combine(last, time(9), clock.PARIS),
        )


# --- The page -------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["manager", "desk"])
def test_the_page_names_start_and_delay_and_marks_a_provisional_rate(party, who):
    invoice = aged(filed(party), date(2026, 1, 12), E("8000.00"))
    page = shown(party, invoice, who)
    for words in (
        "30 jours, à partir du",
        "il court",
        "Taux provisoire : calculé, pas encore publié",
        "exigibles 45 jours après le paiement du principal.",
    ):
        assert words in page, words


def test_a_published_rate_is_not_marked_and_what_is_paid_says_when_interest_is_due(party):
    invoice = aged(filed(party), date(2024, 5, 13), E("12450.00"))
    assert "Taux provisoire" not in shown(party, invoice)
    with system_scope("tests: paid"):
        invoice.payments.create(
            landlord=party.landlord,
            contractor=party.contractor,
            amount=E("12450.00"),
            paid_on=date(2024, 9, 2),
            confirmed_at=clock.now(),
        )
        Invoice.objects.filter(pk=invoice.pk).update(state="paid")
    page = shown(party, invoice)
    assert "eux-mêmes exigibles le 17/10/2024." in page
    assert "terminé" in page
    assert "il court" not in page


def test_a_suspension_is_named_with_its_effect_or_why_it_has_none(party):
    invoice = suspended(party, filed(party))
    assert "interrompu" in shown(party, invoice)
    act(party, "desk", services.complete, invoice_id=invoice.pk, answer="Facture corrigée")
    aged(invoice, date(2025, 1, 6), E("8000.00"))
    noted(invoice, date(2025, 1, 20), date(2025, 2, 3))
    page = shown(party, again(invoice))
    assert "suspension du 20/01/2025 au 03/02/2025 (B11)" in page
    assert "Sans effet sur le délai" not in page
    noted(invoice, date(2025, 2, 20), date(2025, 3, 3))
    page = shown(party, again(invoice))
    assert "Sans effet sur le délai" in page
    assert "suspension du 20/02/2025 au 03/03/2025 (B11) : le délai était déjà écoulé" in page


# --- The contract ---------------------------------------------------------------------------------


def again_dated(party, invoice) -> Invoice:
    """Let a worker date the open invoices anew; return one of them."""
    with system_scope("tests: jobs"):
        waiting = list(Job.objects.filter(kind="invoices.date_again", state="queued"))
    for job in waiting:
        worked(job)
    return again(invoice)


def said_to_be_least(percent: str) -> None:
    with system_scope("tests: figures"):
        MoneyRule.objects.create(
            code="private-rate-min", value=E(percent), starts_on=date(2020, 1, 1), source="Essai"
        )


def wrong(party, **said) -> str:
    with pytest.raises(Invalid) as found:
        held_by_contract(party, **said)
    return str(found.value.errors)


def test_a_contract_shortens_the_delay_and_open_invoices_follow(party):
    invoice = aged(filed(party), date(2024, 5, 13), E("12450.00"))
    other = aged(filed_elsewhere(party), date(2024, 5, 13), E("100.00"))
    with system_scope("tests: another contract"):
        Order.objects.filter(pk=other.order_id).update(contract=None)
    assert "De 1 à 30 jours" in wrong(party, payment_days=31)
    held_by_contract(party, payment_days=20)
    assert again(invoice).due_on == date(2024, 6, 12)
    assert again_dated(party, invoice).due_on == date(2024, 6, 2)
    assert again(other).due_on == date(2024, 6, 12)
    with system_scope("tests: clock"):
        found = clock_of(again(invoice), as_of=date(2024, 6, 30))
        assert (found.delay, found.days) == (20, 28)
    assert "20 jours, à partir du" in shown(party, invoice)
    for who, side in (("manager", "landlord"), ("desk", "contractor")):
        page = url(party, side, "contract", party.contract.pk, app="orders")
        assert "20 jours à compter de la réception" in client_of(party, who).get(page).text
    held_by_contract(party, payment_days=20)
    with system_scope("tests: jobs"):
        assert not Job.objects.filter(kind="invoices.date_again", state="queued").exists()


def test_what_is_paid_keeps_its_day(party):
    invoice = aged(filed(party), date(2024, 5, 13), E("100.00"))
    act(party, "manager", services.approve, invoice_id=invoice.pk)
    today = clock.today()
    act(party, "manager", services.announce_payment, invoice_id=invoice.pk, paid_on=today)
    held_by_contract(party, payment_days=10)
    assert again_dated(party, invoice).due_on == date(2024, 6, 12)
    with system_scope("tests: twice"):
        assert services.date_again(invoice_id=invoice.pk).due_on == date(2024, 6, 12)


def test_what_is_paid_keeps_the_terms_that_it_was_paid_by(party):
    """What the clock says of it, and its page, don't move with the contract; open ones do."""
    held_by_contract(party, payment_days=20)
    invoice = aged(filed(party), date(2024, 5, 13), E("100.00"), days=20)
    act(party, "manager", services.approve, invoice_id=invoice.pk)
    today = clock.today()
    act(party, "manager", services.announce_payment, invoice_id=invoice.pk, paid_on=today)
    act(party, "desk", services.confirm_payment, invoice_id=invoice.pk, paid_on=today)

    def due(one: Invoice) -> date | None:
        with system_scope("tests: clock"):
            return clock_of(again(one), as_of=today).due

    assert due(invoice) == date(2024, 6, 2)
    still_open = aged(filed_elsewhere(party), date(2024, 5, 13), E("100.00"))
    with system_scope("tests: of the same contract"):
        Order.objects.filter(pk=still_open.order_id).update(contract=party.contract)
    held_by_contract(party, payment_days=10)
    held_by_contract(party, payment_days=5)
    assert again(invoice).kept_terms["payment_days"] == 20
    assert due(invoice) == date(2024, 6, 2)
    assert due(still_open) == date(2024, 5, 18)
    with system_scope("tests: owed again"):
        Invoice.objects.filter(pk=invoice.pk).update(state="approved")
    assert due(invoice) == date(2024, 5, 18)
    held_by_contract(party, payment_days=6)
    assert again(invoice).kept_terms is None


def test_a_public_contract_says_no_month_end_and_no_rate(party):
    assert "qu’entre privés" in wrong(party, is_month_end=True)
    assert "celui de la loi" in wrong(party, late_rate=E(15))


def test_a_private_contract_agrees_on_month_end_and_on_a_rate_of_its_own(party):
    becomes(party, LegalForm.PRIVATE)
    assert "n’est pas connu" in wrong(party, late_rate=E(9))
    said_to_be_least("8.28")
    assert "Au moins 8,28 %" in wrong(party, late_rate=E(8))
    assert "De 1 à 60 jours" in wrong(party, payment_days=61)
    assert "Choisissez" in wrong(party, payment_days=45, is_month_end=True)
    held_by_contract(party, is_month_end=True, late_rate=E(12))
    invoice = aged(filed(party), date(2025, 1, 6), E("5000.00"))
    assert again_dated(party, invoice).due_on == date(2025, 2, 28)
    with system_scope("tests: clock"):
        late = clock_of(again(invoice), as_of=date(2025, 3, 10))
        issued = issued_of(again(invoice), parties_of(with_houses(invoice)).as_json())
    assert (late.days, late.rate, late.interest) == (10, E(12), E("16.44"))
    assert any(
        note.subject == "PMD" and "12 % par an, taux convenu" in note.text for note in issued.notes
    )
    page = url(party, "contractor", "contract", party.contract.pk, app="orders")
    shown_terms = client_of(party, "desk").get(page).text
    assert "45 jours fin de mois" in shown_terms
    assert "12 % par an, taux convenu" in shown_terms


def with_houses(invoice: Invoice) -> Invoice:
    rows = Invoice.objects.select_related("landlord", "contractor", "order__contract")
    return rows.get(pk=invoice.pk)


def test_an_invoice_prints_the_delay_of_its_contract(party):
    becomes(party, LegalForm.PRIVATE)
    held_by_contract(party, payment_days=50)
    invoice = prepared(party)
    with system_scope("tests: issued"):
        found = with_houses(invoice)
        assert "Paiement sous 50 jours" in issued_of(found, parties_of(found).as_json()).terms
    held_by_contract(party, is_month_end=True)
    with system_scope("tests: issued"):
        found = with_houses(invoice)
        assert "45 jours fin de mois" in issued_of(found, parties_of(found).as_json()).terms


def test_a_cooperative_has_no_delay_until_it_is_set_and_then_its_open_invoices_follow(party):
    becomes(party, LegalForm.COOPERATIVE)
    invoice = aged(filed(party), date(2025, 1, 6), E("8000.00"))
    assert "coopérative n’est pas réglé" in shown(party, invoice)
    assert "n’est pas réglé" in wrong(party, payment_days=20)
    with system_scope("tests: staff"):
        delay = LandlordDelay(
            landlord_id=party.landlord.pk, days=60, starts_on=date(2025, 1, 1), source="Statuts"
        )
        services.save_landlord_delay(actor=party.actor("manager"), delay=delay)
    assert again_dated(party, invoice).due_on == date(2025, 3, 7)
    assert "60 jours, à partir du" in shown(party, invoice)
    earlier = aged(invoice, date(2024, 12, 1), E("8000.00"))
    with system_scope("tests: clock"):
        assert clock_of(earlier, as_of=clock.today()).due is None
    held_by_contract(party, payment_days=45)


def test_who_may_not_manage_contracts_says_nothing_and_staff_keeps_one_row_a_day(party):
    data = services.MoneyTermsInput(payment_days=20)
    with pytest.raises(Refused, match="Votre rôle"):
        act(party, "clerk", services.save_money_terms, contract_id=party.contract.pk, data=data)
    with system_scope("tests: staff"):
        one = LandlordDelay(
            landlord=party.landlord, days=30, starts_on=date(2025, 1, 1), source="Statuts"
        )
        one.save()
        other = LandlordDelay(
            landlord=party.landlord, days=60, starts_on=date(2025, 7, 1), source="Statuts"
        )
        assert money_book.overlapping_delay(other) == one


def test_payment_days_are_compared_with_the_delay_of_the_contract(party):
    held_by_contract(party, payment_days=10)
    today = clock.today()
    invoice = aged(filed(party), today - timedelta(days=20), E("300.00"), days=10)
    act(party, "manager", services.approve, invoice_id=invoice.pk)
    act(party, "manager", services.announce_payment, invoice_id=invoice.pk, paid_on=today)
    actor = party.actor("manager")
    with scope_of(actor):
        month = payment_delays(actor, party.landlord).months[-1]
    assert (month.delay, month.is_over, month.in_time) == (10, True, 0)


# --- What the case says ---------------------------------------------------------------------------


def test_an_order_number_stops_the_clock_only_if_it_was_given_before_invoicing(party):
    invoice = filed(party)
    with system_scope("tests: given"):
        found = with_houses(invoice)
        assert said_of(found, "B03") is True
        late = clock.now() + timedelta(days=3)
        Order.objects.filter(pk=party.order.pk).update(issued_at=late)
        assert said_of(with_houses(invoice), "B03") is False
    act(
        party,
        "manager",
        services.suspend,
        invoice_id=invoice.pk,
        cause="B03",
        note="Numéro absent",
        pieces=["Numéro"],
    )
    with system_scope("tests: clock"):
        result = clock_of(again(invoice), as_of=clock.today())
    assert (result.suspended, [why.value for _item, why in result.ignored]) == (
        False,
        ["landlords_act"],
    )


def test_the_number_of_an_order_opened_on_call_is_given_when_it_is_regularised(party):
    invoice = filed(party)
    with system_scope("tests: on call"):
        Order.objects.filter(pk=party.order.pk).update(nature="on_call")
        found = with_houses(invoice)
        assert order_number_given_on(found) is None
        assert said_of(found, "B03") is False
        rule = causes_book.cause_on("B03", clock.today())
        codes = [str(one.code) for one in cautions.cautions_of(found, Act.SUSPEND, rule)]
    assert "number_never_given" in codes


@pytest.mark.parametrize(("certified", "stops"), [(True, False), (False, True)])
def test_reserves_do_not_stop_the_clock_a_missing_acceptance_record_does(party, certified, stops):
    invoice = filed(party, certified=certified)
    with system_scope("tests: accepted"):
        found = with_houses(invoice)
        said = said_of(found, "B06")
        rule = causes_book.cause_on("B06", clock.today())
    assert (said, rule.interrupts(said=said)) == (stops, stops)


def test_an_invoice_at_a_reduced_rate_carries_the_mention_of_its_landlord(party):
    invoice = filed(party)
    with system_scope("tests: the mention"):
        lines = invoice.lines
        lines.update(vat_rate=E("20.00"))
        clauses, _made = OrderClauses.objects.update_or_create(
            order=party.order,
            defaults={
                "landlord": party.landlord,
                "contractor": party.contractor,
                "vat_reason": "improvement",
                "vat_certified": True,
            },
        )
        assert not mentions(invoice)
        lines.update(vat_rate=E("10.00"))
        (mention,) = mentions(invoice)
        assert f"Signé : {party.landlord.name}, le" in mention
        clauses.vat_certified = False
        clauses.save(update_fields=["vat_certified"])
        assert not mentions(invoice)


def mentions(invoice: Invoice) -> list[str]:
    found = with_houses(invoice)
    notes = issued_of(found, parties_of(found).as_json()).notes
    return [note.text for note in notes if "taux réduit" in note.text]
