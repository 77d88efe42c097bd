"""Subcontractors: declared and answered, named on orders, what blocks, who is paid what."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from contractors import services
from contractors.models import Invoice, MoneyRule, Payment, Subcontract, SubcontractShare
from contractors.selectors.accounts import Period, journal_of, payments_of
from contractors.services.subcontract_facts import named_on
from contractors.subcontract_states import tacit_from, with_vat
from contractors.tasks import chase_old_papers
from nexxio.core import clock, relay
from nexxio.core.actors import SYSTEM, scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.models import LegalForm, Notification
from nexxio.core.scoping import system_scope
from orders import services as orders
from tests.contractors.steps import client_of, url
from tests.factories.acting import act
from tests.factories.certified import finished, newest
from tests.factories.invoiced import again, becomes, blocks_of, filed, handed_over, prepared
from tests.factories.papered import pdf_bytes
from tests.factories.subcontracted import OTHER_SIRET, SIRET, accepted, declared, given, named

E = Decimal
DAY = timedelta(days=1)


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    becomes(world.first, LegalForm.PRIVATE)
    return world.first


def delivered() -> None:
    relay.drain_batches()
    relay.deliver_one_by_one()


def b16(party) -> list[str]:
    """The desks that hold B16 on the party's order."""
    delivered()
    return [block.side for block in blocks_of(party) if block.cause == "B16"]


def told(party, who: str) -> list[str]:
    delivered()
    with system_scope("tests: bell"):
        rows = Notification.objects.filter(user=getattr(party, who).user)
        return [row.title for row in rows if "traitant" in row.title or "Étanchéité" in row.title]


def fields_of(error) -> set[str]:
    return set(error.value.errors)


# --- Declared and answered ------------------------------------------------------------------------


def test_a_declaration_is_answered_and_both_sides_are_told(party):
    found = declared(party, upload=True)
    assert (found.state, found.siret, found.tacit_on) == ("declared", SIRET, None)
    assert found.file is not None
    assert told(party, "manager") == [
        f"{party.contractor.name} déclare un sous-traitant : {found.name}"
    ]
    act(party, "manager", services.accept_subcontractor, subcontract_id=found.pk)
    assert told(party, "desk") == [f"{found.name} accepté par {party.landlord.name}"]
    with pytest.raises(Conflict):
        act(party, "manager", services.accept_subcontractor, subcontract_id=found.pk)


def test_a_refusal_has_a_reason_and_the_same_company_may_be_declared_again(party):
    found = declared(party)
    with pytest.raises(Invalid, match="pourquoi"):
        act(party, "manager", services.refuse_subcontractor, subcontract_id=found.pk, note=" ")
    act(
        party,
        "manager",
        services.refuse_subcontractor,
        subcontract_id=found.pk,
        note="Assurance périmée",
    )
    assert declared(party).state == "declared"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"siret": "41816609600068"}, "siret"),
        ({"siret": ""}, "siret"),
        ({"name": " "}, "name"),
        ({"object": ""}, "object"),
        ({"amount": E(0)}, "amount"),
        ({"vat_rate": E(-1)}, "vat_rate"),
        ({"amount": E("499.99")}, "is_direct"),
    ],
)
def test_what_can_t_be_is_named_at_its_field(party, said, field):
    with pytest.raises(Invalid) as error:
        declared(party, **said)
    assert fields_of(error) == {field}


def test_the_sum_of_direct_payment_is_a_dated_row_with_vat(party):
    assert declared(party, amount=E(500), vat_rate=E(20)).is_direct  # 600,00 € TTC
    with system_scope("tests: no figure"):
        MoneyRule.objects.filter(code="direct-payment").update(ends_on=clock.today() - DAY)
    with pytest.raises(Invalid, match="n’est pas connu"):
        declared(party, siret=OTHER_SIRET)
    assert not declared(party, siret=OTHER_SIRET, is_direct=False).is_direct


def test_reverse_charge_has_no_vat(party):
    found = declared(party, is_reverse_charge=True, vat_rate=E(20))
    assert (found.vat_rate, found.most) == (0, E(1000))
    with pytest.raises(Invalid):
        declared(party, siret=OTHER_SIRET, is_reverse_charge=True, amount=E("599.99"))


def test_the_same_company_is_declared_once_on_a_contract(party):
    declared(party)
    with pytest.raises(Invalid) as error:
        declared(party, name="Un autre nom")
    assert fields_of(error) == {"siret"}


def test_other_houses_declare_nothing_here(world, party):
    data = services.SubcontractInput(name="X", siret=SIRET, object="Y", amount=E(10))
    with pytest.raises((Refused, party.contract.DoesNotExist)):
        act(
            world.second,
            "desk",
            services.declare_subcontractor,
            contract_id=party.contract.pk,
            data=data,
        )
    with pytest.raises(Refused):
        act(
            party,
            "manager",
            services.declare_subcontractor,
            contract_id=party.contract.pk,
            data=data,
        )
    found = declared(party)
    for who in ("clerk", "desk"):
        with pytest.raises(Refused):
            act(party, who, services.accept_subcontractor, subcontract_id=found.pk)


def test_it_is_withdrawn_before_an_answer_and_ended_afterwards(party):
    first = declared(party)
    act(party, "desk", services.withdraw_subcontractor, subcontract_id=first.pk)
    found = accepted(party)
    with pytest.raises(Conflict):
        act(party, "desk", services.withdraw_subcontractor, subcontract_id=found.pk)
    end = {"subcontract_id": found.pk, "note": "Chantier fini"}
    ended = act(party, "desk", services.end_subcontractor, **end)
    assert (ended.state, ended.note) == ("ended", "Chantier fini")
    with pytest.raises(Conflict):
        act(party, "manager", services.end_subcontractor, **end)


def test_a_public_landlord_s_silence_accepts_after_the_days_of_the_row(party):
    becomes(party, LegalForm.ESH)
    found = declared(party)
    assert found.tacit_on == clock.today() + 22 * DAY
    with system_scope("tests: time"):
        assert chase_old_papers() == 0
        Subcontract.objects.filter(pk=found.pk).update(tacit_on=clock.today())
    assert chase_old_papers() == 1
    with system_scope("tests: read"):
        assert Subcontract.objects.get(pk=found.pk).state == "tacit"
        again = services.accept_by_silence(actor=SYSTEM, subcontract_id=found.pk)
    assert again is None
    assert any("accepté tacitement" in title for title in told(party, "desk"))


def test_days_and_sums_are_counted_whole():
    today = clock.today()
    assert tacit_from(today, None) is None
    assert tacit_from(today, E("21.00")) == today + 22 * DAY
    assert with_vat(E("100.05"), E("5.5")) == E("105.55")


# --- Who comes, and what blocks -------------------------------------------------------------------


def test_an_undeclared_subcontractor_blocks_until_he_is_accepted(party):
    finished(party)
    named(party, name="  Toiture   Martin ")
    assert b16(party) == ["contractor"]
    found = declared(party, name="toiture martin")
    assert b16(party) == ["landlord"]
    act(party, "manager", services.refuse_subcontractor, subcontract_id=found.pk, note="Non")
    assert b16(party) == ["contractor"]
    second = declared(party, name="Toiture Martin SARL")
    assert b16(party) == ["landlord"]
    act(party, "manager", services.accept_subcontractor, subcontract_id=second.pk)
    assert b16(party) == []
    act(party, "desk", services.end_subcontractor, subcontract_id=second.pk, note="Chantier fini")
    assert b16(party) == []


def test_it_is_told_before_the_invoice_is_filed_and_holds_it_then(party):
    invoice = prepared(party)
    named(party, name="Toiture Martin")
    delivered()
    page = client_of(party, "desk").get(
        url(party, "contractor", "invoice_act", invoice.pk, "deposer")
    )
    assert "Sous-traitant non déclaré" in page.content.decode()
    handed_over(party, invoice)
    delivered()
    with pytest.raises(Refused):
        act(party, "manager", services.approve, invoice_id=invoice.pk)
    assert b16(party) == ["contractor"]


def test_the_landlord_may_let_it_pass(party):
    filed(party)
    named(party, name="Toiture Martin")
    delivered()
    block = next(block for block in blocks_of(party) if block.cause == "B16")
    act(party, "manager", services.close_block_by_hand, block_id=block.pk, note="Vu sur place")
    assert b16(party) == []


def test_a_name_that_is_taken_back_blocks_nothing(party):
    finished(party)
    found = named(party, name="Toiture Martin")
    assert b16(party) == ["contractor"]
    with pytest.raises(Invalid):
        named(party, name="Toiture Martin")
    with pytest.raises(Invalid):
        named(party, name=" ")
    act(party, "desk", services.forget_subcontractor, named_id=found.pk)
    assert b16(party) == []


def test_only_the_company_s_desk_says_who_comes(party):
    for who in ("manager", "technician"):
        with pytest.raises(Refused):
            act(party, who, services.name_subcontractor, order_id=party.order.pk, name="Martin")


def test_both_sides_read_it_on_the_order_and_on_the_contract(party):
    finished(party)
    found = declared(party)
    named(party, found)
    delivered()
    for who, side in (("manager", "landlord"), ("desk", "contractor")):
        client = client_of(party, who)
        order = client.get(url(party, side, "detail", party.order.pk, app="orders"))
        contract = client.get(url(party, side, "contract", party.contract.pk, app="orders"))
        page = client.get(url(party, side, "subcontract", found.pk))
        for answer in (order, contract, page):
            assert found.name in answer.content.decode()
    technician = client_of(party, "technician")
    assert technician.get(url(party, "contractor", "subcontract", found.pk)).status_code in (
        403,
        404,
    )


# --- Who is paid what -----------------------------------------------------------------------------


@pytest.fixture
def shared(party):
    """An invoice of 68,75 € whose order names a subcontractor with direct payment."""
    found = accepted(party)
    finished(party)
    named(party, found)
    invoice = signed_and_filed(party)
    return party, invoice, found


def signed_and_filed(party) -> Invoice:
    act(party, "manager", orders.sign_certificate, certificate_id=newest(party).pk)
    invoice = act(party, "desk", services.prepare_invoice, order_id=party.order.pk)
    return handed_over(party, invoice)


def payments(invoice) -> dict[str, Decimal]:
    with system_scope("tests: payments"):
        rows = Payment.objects.filter(invoice=invoice).select_related("share__subcontract")
        return {row.share.subcontract.name if row.share else "": row.amount for row in rows}


def approved(party, invoice) -> Invoice:
    return act(party, "manager", services.approve, invoice_id=invoice.pk)


def test_a_payment_is_split_between_both_payees(shared):
    party, invoice, found = shared
    given(party, invoice, found, "30")
    approved(party, invoice)
    today = clock.today()
    act(party, "manager", services.announce_payment, invoice_id=invoice.pk, paid_on=today)
    assert payments(invoice) == {"": E("38.75"), found.name: E("30.00")}
    done = act(party, "desk", services.confirm_payment, invoice_id=invoice.pk, paid_on=today)
    assert done.state == "paid"
    manager = party.actor("manager")
    with scope_of(manager):
        rows = list(payments_of(manager, Period(today, today)))
        entries = journal_of(manager, Period(today, today))
    assert sum(row.amount for row in rows) == E("68.75")
    assert sum(entry.debit or 0 for entry in entries) == sum(entry.credit or 0 for entry in entries)
    client = client_of(party, "manager")
    answer = client.get(
        url(party, "landlord", "accounts_file", "paiements", "csv"),
        {"du": today.isoformat(), "au": today.isoformat()},
    )
    text = (
        b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()
    )
    assert found.siret in text
    assert "compte de l’acte spécial" in text


def test_he_may_be_paid_before_the_company_and_nothing_is_settled_until_both_are(shared):
    party, invoice, found = shared
    share = given(party, invoice, found, "30")
    today = clock.today()
    with pytest.raises(Refused):
        act(party, "manager", services.pay_share, share_id=share.pk, paid_on=today)
    approved(party, invoice)
    with pytest.raises(Invalid, match=found.name):
        act(party, "desk", services.confirm_payment, invoice_id=invoice.pk, paid_on=today)
    act(party, "manager", services.pay_share, share_id=share.pk, paid_on=today)
    with pytest.raises(Conflict):
        act(party, "manager", services.pay_share, share_id=share.pk, paid_on=today)
    assert again(invoice).state == "approved"
    done = act(party, "desk", services.confirm_payment, invoice_id=invoice.pk, paid_on=today)
    assert done.state == "paid"
    assert payments(invoice) == {"": E("38.75"), found.name: E("30.00")}


def test_the_company_may_say_that_both_are_paid(shared):
    party, invoice, found = shared
    given(party, invoice, found, "68.75")
    approved(party, invoice)
    said = {"invoice_id": invoice.pk, "paid_on": clock.today()}
    done = act(party, "desk", services.confirm_payment, shares_paid=True, **said)
    assert done.state == "paid"
    assert payments(invoice) == {found.name: E("68.75")}


def test_days_of_a_payment_that_can_t_be_are_refused(shared):
    party, invoice, found = shared
    share = given(party, invoice, found, "30")
    approved(party, invoice)
    for day in (clock.today() + DAY, clock.today() - 400 * DAY):
        with pytest.raises(Invalid):
            act(party, "manager", services.pay_share, share_id=share.pk, paid_on=day)


def test_a_part_is_no_more_than_the_invoice_and_his_declaration(shared):
    party, invoice, found = shared
    for amount in ("68.76", "-1"):
        with pytest.raises(Invalid) as error:
            given(party, invoice, found, amount)
        assert fields_of(error) == {"amount"}
    with system_scope("tests: a small declaration"):
        Subcontract.objects.filter(pk=found.pk).update(amount=20, vat_rate=0)
    with pytest.raises(Invalid, match="Sa déclaration"):
        given(party, invoice, found, "30")
    given(party, invoice, found, "20")
    given(party, invoice, found, "10")
    assert given(party, invoice, found, "0") is None
    with system_scope("tests: none left"):
        assert not SubcontractShare.objects.exists()


def test_who_has_no_direct_payment_has_no_part(party):
    found = accepted(party, is_direct=False)
    finished(party)
    named(party, found)
    invoice = signed_and_filed(party)
    with pytest.raises(Invalid):
        given(party, invoice, found, "30")


def test_parts_above_what_is_owed_stop_the_payment_until_they_are_mended(shared):
    party, invoice, found = shared
    given(party, invoice, found, "60")
    part = {"admitted": E("40"), "cause": "B08", "note": "Une heure de trop"}
    act(party, "manager", services.approve_in_part, invoice_id=invoice.pk, **part)
    said = {"invoice_id": invoice.pk, "paid_on": clock.today()}
    with pytest.raises(Refused, match="dépassent"):
        act(party, "manager", services.announce_payment, **said)
    given(party, invoice, found, "40")
    act(party, "manager", services.announce_payment, **said)
    assert payments(invoice) == {found.name: E("40.00")}
    with pytest.raises(Refused):
        given(party, invoice, found, "10")


def test_what_the_company_was_paid_already_is_nobodys_part(shared):
    party, invoice, found = shared
    approved(party, invoice)
    said = {"invoice_id": invoice.pk, "paid_on": clock.today()}
    act(party, "manager", services.announce_payment, **said, amount=E("50"))
    with pytest.raises(Invalid, match="18,75"):
        given(party, invoice, found, "40")
    given(party, invoice, found, "18.75")
    with system_scope("tests: a part of before"):
        SubcontractShare.objects.update(amount=40)
    for service, more in (
        (services.announce_payment, said),
        (services.pay_share, {"share_id": share_of(invoice), "paid_on": clock.today()}),
    ):
        with pytest.raises(Refused, match="dépassent"):
            act(party, "manager", service, **more)
    given(party, invoice, found, "18.75")
    act(party, "manager", services.announce_payment, **said)
    assert sum(payments(invoice).values()) == E("68.75")


def test_only_the_company_says_its_parts(shared):
    party, invoice, found = shared
    part = {"invoice_id": invoice.pk, "subcontract_id": found.pk, "amount": E(30)}
    with pytest.raises(Refused):
        act(party, "manager", services.set_share, **part)


def test_a_name_with_a_part_stays(shared):
    party, invoice, found = shared
    given(party, invoice, found, "30")
    with scope_of(party.actor("desk")):
        (one,) = named_on(party.order)
    with pytest.raises(Refused):
        act(party, "desk", services.forget_subcontractor, named_id=one.pk)


# --- Pages ----------------------------------------------------------------------------------------


def test_it_is_declared_and_accepted_by_pages(party):
    desk, manager = client_of(party, "desk"), client_of(party, "manager")
    address = url(party, "contractor", "declare_subcontractor", party.contract.pk)
    assert "Martin" in desk.get(address, {"nom": "Martin"}).content.decode()
    typed = {
        "name": "Martin",
        "siret": "418 166 096 00069",
        "object": "Toiture",
        "amount": "1000,50",
        "vat_rate": "10",
        "is_direct": "on",
    }
    wrong = desk.post(address, {**typed, "siret": "123"})
    assert wrong.status_code == 422
    assert "SIRET invalide" in wrong.content.decode()
    assert desk.post(address, {**typed, "file": pdf_bytes()}).status_code == 302
    with system_scope("tests: declared"):
        found = Subcontract.objects.get()
    assert (found.siret, found.amount) == (SIRET, E("1000.50"))
    pdf = manager.get(url(party, "landlord", "subcontract_file", found.pk))
    assert pdf.status_code == 200
    accept = url(party, "landlord", "subcontract_act", found.pk, "accepter")
    assert manager.get(accept).status_code == 404
    assert manager.post(accept).status_code == 302
    end = url(party, "contractor", "subcontract_act", found.pk, "terminer")
    assert desk.get(end).status_code == 200
    assert desk.post(end, {"note": "Fini"}).status_code == 302


def test_he_is_named_and_given_his_part_by_pages(party):
    found = accepted(party)
    finished(party)
    desk, manager = client_of(party, "desk"), client_of(party, "manager")
    address = url(party, "contractor", "name_subcontractor", party.order.pk)
    assert found.name in desk.get(address).content.decode()
    assert desk.post(address, {"subcontract": "", "name": ""}).status_code == 422
    assert desk.post(address, {"subcontract": str(found.pk)}).status_code == 302
    invoice = signed_and_filed(party)
    page = url(party, "contractor", "invoice", invoice.pk)
    assert "indiquez sa part" in desk.get(page).content.decode()
    parts = url(party, "contractor", "invoice_act", invoice.pk, "parts")
    name = f"part_{found.pk}"
    assert desk.get(parts).status_code == 200
    refused = desk.post(parts, {name: "90"})
    assert refused.status_code == 422
    assert "Il reste" in refused.content.decode()
    assert desk.post(parts, {name: "30"}).status_code == 302
    approved(party, invoice)
    shown = manager.get(url(party, "landlord", "invoice", invoice.pk)).content.decode()
    assert "Payer sa part" in shown
    share = share_of(invoice)
    pay = url(party, "landlord", "invoice_act", invoice.pk, "payer-une-part")
    assert manager.get(pay).status_code == 404
    assert manager.get(pay, {"part": str(share)}).status_code == 200
    whole = url(party, "landlord", "invoice_act", invoice.pk, "payer")
    assert "30,00" in manager.get(whole).content.decode()
    cash = url(party, "contractor", "invoice_act", invoice.pk, "encaisser")
    asked = desk.post(cash, {"paid_on": clock.today().isoformat()})
    assert asked.status_code == 422
    assert found.name in asked.content.decode()
    done = manager.post(f"{pay}?part={share}", {"paid_on": clock.today().isoformat()})
    assert done.status_code == 302
    assert desk.post(cash, {"paid_on": clock.today().isoformat()}).status_code == 302
    assert again(invoice).state == "paid"


def share_of(invoice):
    with system_scope("tests: share"):
        return SubcontractShare.objects.get(invoice=invoice).pk
