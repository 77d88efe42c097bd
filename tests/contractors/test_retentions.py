"""What is held back and what was advanced: computed when granted, released, opposed, recovered."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contractors import services
from contractors.deductions import held_back, to_recover
from contractors.models import Advance, MoneyTerms, Payment
from contractors.selectors.accounts import Period, journal_of
from contractors.selectors.digest import digest_of
from contractors.selectors.forecast import forecast
from contractors.selectors.retentions import retention_list
from contractors.services.deductions import deduct
from contractors.services.due_dates import clock_of
from contractors.services.refunds import overpaid_of
from contractors.tasks import chase_old_papers
from nexxio.core import clock, relay
from nexxio.core.actors import SYSTEM, scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.models import LegalForm, Notification
from nexxio.core.scoping import system_scope
from tests.contractors.steps import client_of, url
from tests.factories.acting import act
from tests.factories.credited import credited
from tests.factories.invoiced import again, aged, becomes, filed, filed_elsewhere
from tests.factories.moneyed import advanced, held_by_contract, retention_of

E = Decimal
TOTAL = E("68.75")


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    becomes(world.first, LegalForm.PRIVATE)
    return world.first


def approved(party, invoice):
    return act(party, "manager", services.approve, invoice_id=invoice.pk)


def paid(party, invoice):
    today = clock.today()
    act(party, "manager", services.announce_payment, invoice_id=invoice.pk, paid_on=today)
    act(party, "desk", services.confirm_payment, invoice_id=invoice.pk, paid_on=today)
    return again(invoice)


def sums(invoice) -> tuple[Decimal, Decimal, Decimal]:
    return invoice.retained, invoice.recovered, invoice.owed


# --- What is held back ----------------------------------------------------------------------------


def test_it_is_held_of_what_is_granted_and_paying_the_rest_is_paying_in_time(party):
    held_by_contract(party)
    invoice = approved(party, filed(party))
    assert sums(invoice) == (E("3.44"), 0, E("65.31"))
    done = paid(party, invoice)
    with system_scope("tests: payments"):
        assert Payment.objects.get(invoice=invoice).amount == E("65.31")
    late = aged(done, date(2024, 5, 13), TOTAL)
    with system_scope("tests: clock"):
        Payment.objects.filter(invoice=invoice).update(paid_on=date(2024, 6, 1))
        found = clock_of(late, as_of=clock.today())
    assert (found.late, found.days) == (False, 0)
    with system_scope("tests: closing"):
        assert services.close_if_settled(actor=SYSTEM, order_id=party.order.pk) is not None


def test_interest_of_the_law_is_still_to_the_cent_on_what_is_owed_now(party):
    """Case 1 of law.md, of an invoice that held back 5 %: 13 105,26 € less 655,26 €."""
    becomes(party, LegalForm.OPH)
    held_by_contract(party)
    invoice = aged(approved(party, filed(party)), date(2024, 5, 13), E("13105.26"))
    with system_scope("tests: a large sum"):
        type(invoice).objects.filter(pk=invoice.pk).update(
            admitted=E("13105.26"), retained=E("655.26")
        )
        Payment.objects.create(
            landlord=party.landlord,
            contractor=party.contractor,
            invoice=invoice,
            amount=E("12450.00"),
            paid_on=date(2024, 9, 2),
            announced_at=clock.now(),
        )
        late = (
            type(invoice).objects.select_related("landlord", "order__contract").get(pk=invoice.pk)
        )
        found = clock_of(late, as_of=clock.today())
    assert (found.due, found.days) == (date(2024, 6, 12), 82)
    assert (found.interest, found.indemnity) == (E("349.62"), E("40.00"))


def test_a_part_that_is_admitted_is_what_it_is_held_of(party):
    held_by_contract(party)
    part = {"admitted": E("40"), "cause": "B08", "note": "Une heure de trop"}
    invoice = filed(party)
    found = act(party, "manager", services.approve_in_part, invoice_id=invoice.pk, **part)
    assert sums(found) == (E("2.00"), 0, E("38.00"))


def test_without_terms_nothing_is_deducted(party):
    assert sums(approved(party, filed(party))) == (0, 0, TOTAL)


def test_it_is_to_be_released_so_many_months_after_the_works_and_both_sides_read_it(party):
    held_by_contract(party, retention_months=6)
    invoice = paid(party, approved(party, filed(party)))
    day = clock.months_from(clock.today(), 6)
    assert retention_of(invoice).release_on == day
    for who, side in (("manager", "landlord"), ("desk", "contractor")):
        client = client_of(party, who)
        page = client.get(url(party, side, "invoice", invoice.pk)).text
        assert "Retenue de 5" in page
        assert "à libérer le" in page
        assert invoice.number in client.get(url(party, side, "retentions") + "?voir=tenues").text
        assert invoice.number not in client.get(url(party, side, "retentions")).text
        file = client.get(url(party, side, "retentions_file", "csv") + "?voir=tenues")
        assert invoice.number in file.getvalue().decode()
    with scope_of(party.actor("desk")):
        assert forecast(party.actor("desk")).later == E("3.44")


def test_the_landlord_releases_it_as_a_payment_of_its_own(party):
    held_by_contract(party)
    invoice = approved(party, filed(party))
    held = retention_of(invoice)
    today = clock.today()
    with pytest.raises(Refused, match="Payez d’abord"):
        act(party, "manager", services.release_retention, retention_id=held.pk, paid_on=today)
    paid(party, invoice)
    address = url(party, "landlord", "retention_act", held.pk, "liberer")
    manager = client_of(party, "manager")
    late = {"paid_on": today + timedelta(days=1)}
    assert manager.post(address, late).status_code == 422
    assert "Retenue libérée" in manager.post(address, {"paid_on": today}, follow=True).text
    assert manager.post(address, {"paid_on": today}).status_code == 409
    with system_scope("tests: payments"):
        rows = Payment.objects.filter(invoice=invoice).values_list("purpose", "amount")
        assert dict(rows) == {"invoice": E("65.31"), "retention": E("3.44")}
    with scope_of(party.actor("manager")):
        entries = journal_of(party.actor("manager"), Period(today, today))
        sheet = retention_list(party.actor("manager"), tab="liberees", number="1")
    assert sum(e.debit or 0 for e in entries) == sum(e.credit or 0 for e in entries)
    supplier = [e for e in entries if e.label == "Tiers"]
    assert sum((e.credit or 0) - (e.debit or 0) for e in supplier) == 0
    assert ([row.held.pk for row in sheet.rows], sheet.sums.held) == ([held.pk], 0)
    relay.deliver_one_by_one()
    with system_scope("tests: notices"):
        assert Notification.objects.filter(title__startswith="Retenue de garantie libérée").exists()


def test_the_landlord_opposes_it_with_a_reason_that_the_company_reads(party):
    held_by_contract(party)
    held = retention_of(approved(party, filed(party)))
    address = url(party, "landlord", "retention_act", held.pk, "opposer")
    manager = client_of(party, "manager")
    assert manager.post(address, {"note": " "}).status_code == 422
    done = manager.post(address, {"note": "Deux réserves restent"}, follow=True)
    assert "Opposition enregistrée" in done.text
    read = client_of(party, "desk").get(url(party, "contractor", "retentions") + "?voir=tenues")
    assert "Deux réserves restent" in read.text
    with pytest.raises(Conflict):
        act(party, "manager", services.oppose_retention, retention_id=held.pk, note="Encore")
    with scope_of(party.actor("desk")):
        assert forecast(party.actor("desk")).blocked == E("3.44")
        with pytest.raises(Refused, match="Seul le bailleur"):
            services.oppose_retention(
                actor=party.actor("desk"), retention_id=held.pk, note="Moi aussi"
            )


def test_a_guarantee_ends_it_and_nothing_is_held_any_more(party):
    held_by_contract(party)
    invoice = approved(party, filed(party))
    today = clock.today()
    held_by_contract(
        party, security="bond", security_issuer="Banque du Bâtiment", security_on=today
    )
    assert retention_of(invoice).release_on == today
    with scope_of(party.actor("manager")):
        due = retention_list(party.actor("manager"), tab="ce-mois", number="1")
    assert [row.is_due for row in due.rows] == [True]
    other = filed_elsewhere(party)
    with system_scope("tests: blocks"):
        other.blocks.update(closed_at=clock.now(), closed_how="hand", close_note="Essai")
        MoneyTerms.objects.update(security_on=today + timedelta(days=1))
        other.refresh_from_db()
        deduct(other)
        assert other.retained == E("3.44")  # not before its day
        retention = other.retentions.get()
        assert retention.release_on == today + timedelta(days=1)
        other.retentions.all().delete()
        MoneyTerms.objects.update(security_on=today)
    assert approved(party, other).retained == 0


def test_no_more_than_the_ceiling_of_the_day_and_a_guarantee_is_named(party):
    for said, field in (
        ({"retention_rate": E("5.01")}, "retention_rate"),
        ({"retention_rate": E("4"), "is_small": True}, "retention_rate"),
        ({"security": "bond"}, "security_issuer"),
        ({"recover_from": E(80), "recover_until": E(65)}, "recover_until"),
        ({"retention_months": 0}, "retention_months"),
    ):
        with pytest.raises(Invalid) as found:
            held_by_contract(party, **said)
        assert field in found.value.errors
    held_by_contract(party, retention_rate=E("3"), is_small=True)


def test_works_that_are_not_accepted_have_no_day_yet(party):
    held_by_contract(party)
    invoice = filed(party, certified=False)
    part = {"admitted": E("40"), "cause": "B08", "note": "La moitié"}
    with system_scope("tests: works that go on"):
        type(party.order).objects.filter(pk=party.order.pk).update(state="accepted", done_at=None)
    act(party, "manager", services.approve_in_part, invoice_id=invoice.pk, **part)
    assert retention_of(invoice).release_on is None
    page = client_of(party, "desk").get(url(party, "contractor", "invoice", invoice.pk)).text
    assert "12 mois après la réception des travaux" in page
    with system_scope("tests: done"):
        type(party.order).objects.filter(pk=party.order.pk).update(
            state="done", done_at=clock.now()
        )
        services.date_retentions(order_id=party.order.pk)
    assert retention_of(invoice).release_on == clock.months_from(clock.today(), 12)


def test_a_credit_note_lessens_it_and_takes_it_first_once_the_rest_is_paid(party):
    held_by_contract(party)
    invoice = approved(party, filed(party))
    with system_scope("tests: lines"):
        line = invoice.lines.get().pk
    credited(party, invoice, quantities={line: E("0.4")})  # 27,50 €
    assert sums(again(invoice)) == (E("2.06"), 0, E("39.19"))
    paid(party, invoice)
    credited(party, invoice, quantities={line: E("0.02")})  # 1,38 €
    found = again(invoice)
    assert sums(found) == (E("0.68"), 0, E("39.19"))
    assert retention_of(invoice).amount == E("0.68")
    credited(party, invoice)
    assert sums(again(invoice)) == (0, 0, 0)


# --- What was advanced ----------------------------------------------------------------------------


def test_an_advance_is_recovered_between_the_two_shares_of_the_contract(party):
    held_by_contract(party, retention_rate=E(0))
    with pytest.raises(Invalid, match="une part"):
        advanced(party, base="100", amount="101")
    advanced(party, base="100", amount="20")
    invoice = approved(party, filed(party))  # 68,75 of 100: a quarter of the way from 65 to 80
    assert sums(invoice) == (0, E("5.00"), E("63.75"))
    with system_scope("tests: advance"):
        assert Advance.objects.get().recovered == E("5.00")
    for who, side in (("manager", "landlord"), ("desk", "contractor")):
        client = client_of(party, who)
        page = client.get(url(party, side, "contract", party.contract.pk, app="orders")).text
        assert "Reste à reprendre" in page
        assert "15,00" in page
        assert "Reprise de l’avance" in client.get(url(party, side, "invoice", invoice.pk)).text
    other = filed_elsewhere(party)
    with system_scope("tests: blocks"):
        other.blocks.update(closed_at=clock.now(), closed_how="hand", close_note="Essai")
    assert approved(party, other).recovered == E("15.00")
    paid(party, invoice)
    today = clock.today()
    with scope_of(party.actor("manager")):
        entries = journal_of(party.actor("manager"), Period(today, today))
    assert sum(e.debit or 0 for e in entries) == sum(e.credit or 0 for e in entries)
    kept = {e.label: e for e in entries if e.journal == "BQ"}
    assert (kept["Avance versée"].debit, kept["Avance reprise"].credit) == (E(20), E("5.00"))
    credited(party, invoice)
    with system_scope("tests: advance"):
        assert Advance.objects.get().recovered == E("15.00")


def test_an_advance_needs_terms_and_is_one(party):
    with pytest.raises(Refused, match="Réglez d’abord"):
        advanced(party)
    held_by_contract(party)
    page = url(party, "landlord", "advance", party.contract.pk)
    manager = client_of(party, "manager")
    said = {"base": "1000,00", "amount": "50,00", "paid_on": clock.today()}
    assert "Avance enregistrée" in manager.post(page, said, follow=True).text
    again_ = manager.post(page, said)
    assert again_.status_code == 422
    assert "déjà enregistrée" in again_.text
    relay.deliver_one_by_one()
    with system_scope("tests: notices"):
        assert Notification.objects.filter(title__startswith="Avance versée").exists()


def test_an_advance_that_pays_all_leaves_nothing_to_pay(party):
    held_by_contract(party, retention_rate=E(0), recover_from=E(0), recover_until=E(1))
    advanced(party, base="100", amount="80")
    invoice = paid(party, approved(party, filed(party)))
    assert (invoice.state, sums(invoice)) == ("paid", (0, TOTAL, 0))
    with system_scope("tests: payments"):
        assert not Payment.objects.filter(invoice=invoice).exists()
    assert booked(party) == (TOTAL, 0)  # on the supplier, and on the advance


def booked(party) -> tuple[Decimal, Decimal]:
    """Return what the journal of today says was recovered, and what it leaves on the supplier."""
    today = clock.today()
    with scope_of(party.actor("manager")):
        entries = journal_of(party.actor("manager"), Period(today, today))
    assert sum(e.debit or 0 for e in entries) == sum(e.credit or 0 for e in entries)
    sums_ = {
        label: sum((e.credit or E(0)) - (e.debit or E(0)) for e in entries if e.label == label)
        for label in ("Avance reprise", "Tiers")
    }
    return sums_["Avance reprise"], sums_["Tiers"]


def test_after_the_retention_was_released_a_credit_note_gives_back_to_the_advance(party):
    held_by_contract(party)
    advanced(party, base="100", amount="20")
    invoice = paid(party, approved(party, filed(party)))
    assert sums(invoice) == (E("3.44"), E("5.00"), E("60.31"))
    held, today = retention_of(invoice), clock.today()
    act(party, "manager", services.release_retention, retention_id=held.pk, paid_on=today)
    with system_scope("tests: lines"):
        line = invoice.lines.get().pk
    credit = credited(party, invoice, quantities={line: E("0.04")})
    assert credit.total_with_vat == E("2.75")
    assert sums(again(invoice))[:2] == (E("3.44"), E("2.25"))
    with system_scope("tests: advance"):
        assert Advance.objects.get().recovered == E("2.25")
        assert overpaid_of(again(invoice)) == 0
    assert booked(party) == (E("2.25"), 0)
    assert again(invoice).recovered_then == E("5.00")  # the month of the payment stays


@given(
    amount=st.decimals("1", "100", places=2),
    parts=st.lists(st.decimals("0.01", "60", places=2), max_size=12),
)
def test_never_more_than_the_advance_and_all_of_it_at_the_end(amount, parts):
    recovered = executed = E(0)
    for part in parts:
        executed += part
        found = to_recover(
            amount=amount,
            base=E(200),
            recovered=recovered,
            executed=executed,
            first=E(65),
            last=E(80),
            most=part,
        )
        assert 0 <= found <= part
        recovered += found
        assert recovered <= amount
        assert not (found and executed <= E(130))
    assert held_back(executed, E(5)) <= executed


def test_the_form_of_a_contract_shows_what_is_usual_and_keeps_what_was_typed(party):
    page = url(party, "landlord", "money_terms", party.contract.pk)
    manager = client_of(party, "manager")
    assert 'value="65' in manager.get(page).text
    said = {
        "retention_rate": "6",
        "retention_months": "12",
        "recover_from": "65",
        "recover_until": "80",
    }
    wrong = manager.post(page, said)
    assert wrong.status_code == 422
    assert "Entre zéro et 5 %" in wrong.text
    done = manager.post(page, {**said, "retention_rate": "5"}, follow=True)
    assert "5 % du TTC" in done.text
    assert "réglé le paiement, la retenue et l’avance" in done.text


def test_only_who_manages_contracts_says_what_they_hold_back_or_advance(party):
    said = {"contract_id": party.contract.pk}
    data = services.MoneyTermsInput()
    with pytest.raises(Refused, match="Votre rôle"):
        act(party, "clerk", services.save_money_terms, data=data, **said)
    sums_of = {"base": E(100), "amount": E(5), "paid_on": clock.today()}
    with pytest.raises(Refused, match="Votre rôle"):
        act(party, "clerk", services.pay_advance, **sums_of, **said)


def test_both_sides_are_told_on_the_day_once(party):
    held_by_contract(party)
    invoice = paid(party, approved(party, filed(party)))
    relay.deliver_one_by_one()  # acceptance dates it
    held = retention_of(invoice)
    with system_scope("tests: its day"):
        type(held).objects.filter(pk=held.pk).update(release_on=clock.today() + timedelta(days=1))
    chase_old_papers()
    relay.deliver_one_by_one()

    def told() -> set[str]:
        with system_scope("tests: bells"):
            rows = Notification.objects.filter(title__startswith="Retenue de garantie")
            return {row.title.split(" · ")[0] for row in rows}

    assert told() == set()
    with clock.moved_to(clock.now() + timedelta(days=2)):
        chase_old_papers()
        relay.deliver_one_by_one()
        assert told() == {
            "Retenue de garantie à libérer",
            "Retenue de garantie : son jour est venu",
        }
        with system_scope("tests: once"):
            assert services.tell_retention(retention_id=held.pk) is None
        for who, side in (("manager", "landlord"), ("desk", "contractor")):
            actor = party.actor(who)
            house = party.landlord if side == "landlord" else party.contractor
            with scope_of(actor):
                lines = [line.text for line in digest_of(actor, house.slug)]
            assert any("1 retenue de garantie à libérer" in line for line in lines)
