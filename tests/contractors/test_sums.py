"""The state of an invoice by the sums: paid in part, less received, contested, interest."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from contractors import services
from contractors.models import Payment
from contractors.selectors.blocks import board
from contractors.selectors.forecast import forecast
from contractors.selectors.interest import interest_owed
from contractors.services.due_dates import clock_of
from nexxio.core import clock, relay
from nexxio.core.actors import SYSTEM, scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.models import LegalForm, Notification
from nexxio.core.scoping import system_scope
from orders.models import Order
from tests.contractors.steps import client_of, url
from tests.factories.acting import act
from tests.factories.invoiced import again, aged, becomes, blocks_of, filed
from tests.factories.moneyed import held_by_contract, retention_of

E = Decimal
TOTAL = E("68.75")


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    becomes(world.first, LegalForm.PRIVATE)
    return world.first


def said(party, who, service, invoice, **more):
    done = act(party, who, getattr(services, service), invoice_id=invoice.pk, **more)
    relay.deliver_one_by_one()
    return done


def approved(party, invoice):
    said(party, "manager", "approve", invoice)
    return again(invoice)


def admitted(party, invoice, amount: str = "50.00"):
    note = {"cause": "B08", "note": "Un seul siphon posé"}
    said(party, "manager", "approve_in_part", invoice, admitted=E(amount), **note)
    return again(invoice)


def pay(party, invoice, amount: str | None = None, on: date | None = None):
    sum_paid = E(amount) if amount else None
    on = on or clock.today()
    said(party, "manager", "announce_payment", invoice, paid_on=on, amount=sum_paid)
    return again(invoice)


def got(party, invoice, amount: str | None = None, on: date | None = None):
    sum_paid = E(amount) if amount else None
    on = on or clock.today()
    said(party, "desk", "confirm_payment", invoice, paid_on=on, amount=sum_paid)
    return again(invoice)


def payments(invoice) -> list[tuple[Decimal, bool]]:
    with system_scope("tests: payments"):
        rows = Payment.objects.filter(invoice=invoice).order_by("created_at")
        return [(row.amount, row.confirmed_at is not None) for row in rows]


# --- Paid in part ---------------------------------------------------------------------------------


def test_an_invoice_is_announced_and_paid_once_the_sum_is_reached(party):
    invoice = approved(party, filed(party))
    assert pay(party, invoice, "20.00").state == "approved"
    assert got(party, invoice, "20.00").state == "approved"
    assert "il reste 48,75" in page_of(party, "landlord", "payer", "manager", invoice)
    with pytest.raises(Invalid) as refused:
        pay(party, invoice, "48.76")
    assert list(refused.value.errors) == ["amount"]
    assert pay(party, invoice).state == "announced"
    assert got(party, invoice).state == "paid"
    assert payments(invoice) == [(E("20.00"), True), (E("48.75"), True)]


def page_of(party, side, action, who, invoice) -> str:
    address = url(party, side, "invoice_act", invoice.pk, action)
    return client_of(party, who).get(address).text.replace(" ", " ").replace(" ", " ")


def test_less_than_announced_is_owed_again_and_says_what_was_announced(party):
    invoice = pay(party, approved(party, filed(party)))
    assert invoice.state == "announced"
    assert got(party, invoice, "60.00").state == "approved"
    assert payments(invoice) == [(E("60.00"), True)]
    text = client_of(party, "manager").get(url(party, "landlord", "invoice", invoice.pk)).text
    assert "annoncés" in text
    assert pay(party, invoice).state == "announced"
    assert got(party, invoice).state == "paid"
    assert sum(amount for amount, _ in payments(invoice)) == TOTAL


def test_money_that_comes_before_anything_is_announced_may_be_a_part(party):
    invoice = approved(party, filed(party))
    assert got(party, invoice, "68.00").state == "approved"
    assert got(party, invoice, "0.75").state == "paid"


def test_two_announced_parts_keep_their_own_days(party):
    invoice = approved(party, filed(party))
    with system_scope("tests: an older invoice"):
        type(invoice).objects.filter(pk=invoice.pk).update(
            issued_on=clock.today() - timedelta(days=9)
        )
    first, second = (clock.today() - timedelta(days=back) for back in (5, 2))
    pay(party, invoice, "20.00", first)
    pay(party, invoice, None, second)
    got(party, invoice)
    with system_scope("tests: payments"):
        days = set(Payment.objects.filter(invoice=invoice).values_list("paid_on", flat=True))
    assert days == {first, clock.today()}


@pytest.mark.parametrize(
    ("service", "who"), [("announce_payment", "desk"), ("confirm_payment", "manager")]
)
def test_a_part_is_said_by_the_side_that_pays_or_receives(party, service, who):
    invoice = approved(party, filed(party))
    with pytest.raises(Refused):
        said(party, who, service, invoice, paid_on=clock.today(), amount=E(1))
    assert payments(invoice) == []


def test_no_part_is_paid_of_what_nobody_has_granted(party):
    invoice = filed(party)
    with pytest.raises(Conflict):
        pay(party, invoice, "1.00")
    with pytest.raises(Conflict):
        got(party, invoice, "1.00")


# --- The contested rest ---------------------------------------------------------------------------


def test_the_contested_rest_stays_on_board_and_forecast_after_the_admitted_part_is_paid(party):
    invoice = admitted(party, filed(party))
    assert (pay(party, invoice).state, got(party, invoice).state) == ("announced", "paid")
    (block,) = blocks_of(party)
    assert (block.cause, block.amount, block.side) == ("B08", E("18.75"), "contractor")
    page = client_of(party, "desk").get(url(party, "contractor", "invoice", invoice.pk)).text
    assert "établissez un avoir pour le reste" in page
    for who in ("manager", "desk"):
        actor = party.actor(who)
        with scope_of(actor):
            assert board(actor).blocked == E("18.75")
    actor = party.actor("desk")
    with scope_of(actor):
        assert (forecast(actor).blocked, forecast(actor).expected) == (E("18.75"), 0)
    with system_scope("tests: closing"):
        assert services.close_if_settled(actor=SYSTEM, order_id=party.order.pk) is None


def test_the_rest_is_granted_and_a_second_payment_settles_it(party):
    invoice = got(party, pay(party, admitted(party, filed(party))))
    found = approved(party, invoice)
    assert (found.state, found.admitted, found.owed_first) == ("approved", TOTAL, E("50.00"))
    assert blocks_of(party) == []
    assert pay(party, invoice).state == "announced"
    assert got(party, invoice).state == "paid"
    assert payments(invoice) == [(E("50.00"), True), (E("18.75"), True)]
    with system_scope("tests: order"):
        assert Order.objects.get(pk=party.order.pk).state == "closed"
    with pytest.raises(Refused, match="Rien n’est plus contesté"):
        approved(party, invoice)
    with pytest.raises(Refused, match="Rien n’est plus contesté"):
        said(party, "manager", "dispute", invoice, cause="B08", note="x")


def test_a_credit_note_for_the_rest_closes_block_and_order(party):
    invoice = got(party, pay(party, admitted(party, filed(party), "55.00")))
    with system_scope("tests: a credit note"):
        type(invoice).objects.filter(pk=invoice.pk).update(credited=E("13.75"))
        services.look_at_order(actor=SYSTEM, order_id=party.order.pk)
        services.settle_by_sum(actor=SYSTEM, invoice_id=invoice.pk)
        assert services.close_if_settled(actor=SYSTEM, order_id=party.order.pk) is not None


@pytest.mark.parametrize("steps", [(), ("pay",), ("pay", "got")])
def test_the_rest_is_disputed_from_each_state_and_what_is_admitted_stays_owed(party, steps):
    invoice = admitted(party, filed(party))
    for step in steps:
        {"pay": pay, "got": got}[step](party, invoice)
    said(party, "manager", "dispute", invoice, cause="B18", note="Ça fuit encore")
    found = again(invoice)
    assert (found.state, found.owed) == ("disputed", E("50.00"))
    for name in ("refuse", "suspend"):
        more = {"pieces": ["Plan"]} if name == "suspend" else {}
        with pytest.raises(Refused, match="est admise"):
            said(party, "manager", name, invoice, cause="B18", note="x", **more)
    if not steps:
        assert pay(party, invoice).state == "disputed"
    if steps != ("pay", "got"):
        assert got(party, invoice).state == "disputed"
    with pytest.raises(Conflict, match="déjà payé"):
        pay(party, invoice)
    with pytest.raises(Invalid) as refused:
        admitted(party, invoice, "49.00")
    assert "déjà admis" in str(refused.value.errors)
    assert admitted(party, invoice).state == "paid"


def test_a_credit_note_for_a_disputed_rest_leaves_the_admitted_part(party):
    invoice = admitted(party, filed(party))
    said(party, "manager", "dispute", invoice, cause="B18", note="Ça fuit encore")
    with system_scope("tests: a credit note"):
        type(invoice).objects.filter(pk=invoice.pk).update(credited=E("18.75"))
        found = services.settle_by_sum(actor=SYSTEM, invoice_id=invoice.pk)
        assert found.state == "partly_approved"
        assert services.settle_by_sum(actor=SYSTEM, invoice_id=invoice.pk).state == found.state


def test_interest_runs_on_the_difference_that_is_finally_due(party):
    """The admitted part in time, the rest 64 days late: case 8 of the law on the rest alone."""
    invoice = admitted(party, filed(party))
    invoice = got(party, pay(party, invoice))
    found = approved(party, invoice)
    aged(found, date(2025, 1, 6), E("6000.00"))
    with system_scope("tests: an old one"):
        type(invoice).objects.filter(pk=invoice.pk).update(admitted=E(6000), owed_first=E(1000))
        Payment.objects.filter(invoice=invoice).update(amount=E(1000), paid_on=date(2025, 2, 1))
        late = clock_of(again(invoice), as_of=date(2025, 4, 10))
    assert (late.days, late.interest, late.indemnity) == (64, E("115.29"), E("40.00"))
    assert {line.share for line in late.lines} == {"difference"}


def test_retention_and_advance_follow_what_is_granted_in_two_steps(party):
    held_by_contract(party)
    invoice = admitted(party, filed(party), "40.00")
    assert invoice.retained == E("2.00")
    invoice = got(party, pay(party, invoice))
    found = approved(party, invoice)
    assert (found.retained, retention_of(found).amount) == (E("3.44"), E("3.44"))
    assert got(party, pay(party, found)).state == "paid"
    assert sum(amount for amount, _ in payments(found)) == TOTAL - E("3.44")


# --- Who is rung -------------------------------------------------------------------------------


def rung(party, invoice) -> dict[str, set[str]]:
    """Return whom each title about an invoice's money rang, by the title's first words."""
    with system_scope("tests: bells"):
        rows = Notification.objects.filter(kind__in=["invoice_landlord", "invoice_contractor"])
        found: dict[str, set[str]] = {}
        for row in rows.select_related("user").filter(title__contains=invoice.number):
            sides = {party.landlord.pk: "landlord", party.contractor.pk: "contractor"}
            found.setdefault(row.title.partition(" · ")[0], set()).add(sides[row.organisation_id])
        return found


def test_a_part_that_is_paid_and_less_that_comes_ring_the_other_side(party):
    invoice = approved(party, filed(party))
    invoice = pay(party, invoice, "20.00")
    found = rung(party, invoice)
    assert found["Paiement partiel annoncé : à confirmer"] == {"contractor"}
    assert "Reçue en partie" not in found
    got(party, pay(party, invoice), "40.00")
    relay.deliver_one_by_one()  # what the first delivery brought up
    found = rung(party, invoice)
    assert again(invoice).state == "approved"
    assert found["Reçue en partie"] == {"landlord"}
    assert found["De nouveau à payer, pour ce qu’il en reste"] == {"landlord"}
    assert found["Un reste est de nouveau dû"] == {"contractor"}


def test_interest_rings_the_side_that_did_not_note_it(party):
    invoice = approved(party, filed(party))
    today = clock.today()
    said(party, "manager", "pay_interest", invoice, paid_on=today, interest=E(3))
    announced = "Paiement d’intérêts de retard annoncé : à confirmer"
    assert rung(party, invoice)[announced] == {"contractor"}
    assert "Intérêts de retard reçus" not in rung(party, invoice)
    said(party, "desk", "pay_interest", invoice, paid_on=today, interest=E(3))
    assert rung(party, invoice)["Intérêts de retard reçus"] == {"landlord"}
    assert rung(party, invoice)[announced] == {"contractor"}


# --- Interest -------------------------------------------------------------------------------------


def test_interest_that_was_paid_is_neither_owed_nor_claimed_again(party):
    becomes(party, LegalForm.ESH)
    invoice = aged(approved(party, filed(party)), date(2024, 5, 13), E("12450.00"), days=60)
    with system_scope("tests: admitted"):
        type(invoice).objects.filter(pk=invoice.pk).update(admitted=E("12450.00"))
    today = clock.today()
    got(party, invoice)
    with system_scope("tests: paid late"):
        Payment.objects.filter(invoice=invoice).update(paid_on=date(2024, 9, 2))
        late = clock_of(again(invoice), as_of=today)
    assert (late.interest, late.indemnity, late.claimable) == (E("217.28"), E("40.00"), True)
    address = url(party, "landlord", "invoice_act", invoice.pk, "interets")
    form = client_of(party, "manager").get(address).text
    assert "217,28" in form
    done = client_of(party, "manager").post(
        address,
        {"paid_on": f"{today:%Y-%m-%d}", "interest": "217,28", "indemnity": ""},
        follow=True,
    )
    assert "intérêts de retard" in done.text
    with system_scope("tests: clock"):
        late = clock_of(again(invoice), as_of=today)
        assert (late.interest_left, late.indemnity_left, late.claimable) == (0, E("40.00"), True)
    sums = {"interest": E("217.28"), "indemnity": E(40)}
    said(party, "desk", "pay_interest", invoice, paid_on=today, **sums)
    with system_scope("tests: clock"):
        assert not clock_of(again(invoice), as_of=today).claimable
        rows = Payment.objects.filter(invoice=invoice, purpose="interest")
        assert [row.confirmed_at is not None for row in rows] == [True]
    with pytest.raises(Refused, match="rien à réclamer"):
        act(party, "desk", services.ask_claim, debtor_id=party.landlord.pk, invoice_id=invoice.pk)
    actor = party.actor("manager")
    with scope_of(actor):
        owed = interest_owed(actor).total
        assert (owed.owed, owed.indemnities) == (0, 0)
    text = client_of(party, "desk").get(url(party, "contractor", "invoice", invoice.pk)).text
    assert "au-delà de ce qui reste dû" not in text


def test_interest_needs_a_sum_a_day_and_a_granted_invoice(party):
    invoice = filed(party)
    today = clock.today()
    with pytest.raises(Refused, match="approuvée"):
        act(party, "manager", services.pay_interest, invoice_id=invoice.pk, paid_on=today)
    invoice = approved(party, invoice)
    with pytest.raises(Invalid):
        said(party, "manager", "pay_interest", invoice, paid_on=today)
    with pytest.raises(Invalid):
        said(party, "manager", "pay_interest", invoice, paid_on=today, interest=E(-1))
    tomorrow = today + timedelta(days=1)
    with pytest.raises(Invalid):
        said(party, "manager", "pay_interest", invoice, paid_on=tomorrow, interest=E(1))
    assert payments(invoice) == []
