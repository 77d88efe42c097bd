"""Later invoices of an order: what was granted since, and situations of works that go on."""

from __future__ import annotations

from decimal import Decimal

import pytest

from contractors import services
from contractors.models import Invoice
from contractors.services.refunds import overpaid_of
from contractors.services.remaining import progress_of
from nexxio.core import clock, relay
from nexxio.core.actors import SYSTEM
from nexxio.core.errors import Invalid, Refused
from nexxio.core.models import LegalForm
from nexxio.core.scoping import system_scope
from orders import services as orders
from orders.models import Order, OrderLine
from tests.contractors.steps import client_of, url
from tests.contractors.test_pages import order_page
from tests.factories.acting import act
from tests.factories.certified import newest
from tests.factories.credited import credited
from tests.factories.extras import regularised
from tests.factories.full import visited
from tests.factories.invoiced import again, becomes, blocks_of, filed, handed_over
from tests.factories.received import invoice_file, taken

E = Decimal


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    becomes(world.first, LegalForm.PRIVATE)
    return world.first


def granted_later(party) -> None:
    variation = regularised(party)
    act(party, "manager", orders.grant_variation, variation_id=variation.pk)
    relay.deliver_one_by_one()  # the certificate that waits is made anew


def lines_of(invoice) -> list[tuple[str, Decimal]]:
    with system_scope("tests: lines"):
        return [(line.origin, line.total_without_vat) for line in invoice.lines.all()]


def prepare(party) -> Invoice:
    return act(party, "desk", services.prepare_invoice, order_id=party.order.pk)


def looked_at(party) -> None:
    with system_scope("tests: facts"):
        services.look_at_order(actor=SYSTEM, order_id=party.order.pk)


# --- What was granted since -----------------------------------------------------------------------


def test_what_was_granted_since_is_invoiced_in_one_click_and_once(party):
    first = filed(party, certified=False)
    with pytest.raises(Refused, match=f"déjà facturée : {first.number}"):
        prepare(party)
    granted_later(party)
    desk = client_of(party, "desk")
    assert "Facturer le reste" in desk.get(order_page(party, "contractor")).text
    click = url(party, "contractor", "prepare", party.order.pk)
    assert "Facture préparée" in desk.post(click, follow=True).text
    assert desk.post(click).status_code == 409  # a second click
    with system_scope("tests: invoices"):
        second = Invoice.objects.get(order=party.order, rank=2)
    assert lines_of(second) == [("variation", E("80.00"))]
    handed_over(party, second)
    with pytest.raises(Refused, match="déjà facturée"):
        prepare(party)
    assert second.number in desk.get(order_page(party, "contractor")).text
    # Each of the two is held by what the order lacks, for its own sum.
    held = {(row.invoice_id, row.cause): row.amount for row in blocks_of(party)}
    assert held == {
        (first.pk, "B01"): first.total_with_vat,
        (second.pk, "B01"): second.total_with_vat,
    }
    act(party, "manager", orders.sign_certificate, certificate_id=newest(party).pk)
    looked_at(party)
    assert blocks_of(party) == []
    for invoice in (first, second):
        act(party, "manager", services.approve, invoice_id=invoice.pk)
        today = clock.today()
        act(party, "desk", services.confirm_payment, invoice_id=invoice.pk, paid_on=today)
        with system_scope("tests: closing"):
            closed = services.close_if_settled(actor=SYSTEM, order_id=party.order.pk)
    assert closed is not None


def test_an_order_with_something_left_to_invoice_stays_open(party):
    invoice = filed(party, certified=False)
    granted_later(party)
    act(party, "manager", orders.sign_certificate, certificate_id=newest(party).pk)
    looked_at(party)
    act(party, "manager", services.approve, invoice_id=invoice.pk)
    act(party, "desk", services.confirm_payment, invoice_id=invoice.pk, paid_on=clock.today())
    with system_scope("tests: closing"):
        assert services.close_if_settled(actor=SYSTEM, order_id=party.order.pk) is None


def test_while_an_invoice_is_prepared_there_is_no_second(party):
    filed(party, certified=False)
    granted_later(party)
    second = prepare(party)
    with pytest.raises(Refused, match=second.number):
        prepare(party)


def test_the_first_one_taken_back_only_its_own_lines_are_free(party):
    first = filed(party, certified=False)
    granted_later(party)
    handed_over(party, prepare(party))
    credited(party, first)
    anew = prepare(party)
    assert (anew.rank, lines_of(anew)) == (1, [("order", E("62.50"))])


def test_a_part_that_was_taken_back_is_not_offered_again(party):
    first = filed(party)
    with system_scope("tests: lines"):
        pk = first.lines.get().pk
    credited(party, first, quantities={pk: E("0.5")})
    with pytest.raises(Refused, match="déjà facturée"):
        prepare(party)


def test_a_companys_own_second_file_is_compared_with_what_is_left(party):
    filed(party, certified=False)
    relay.deliver_one_by_one()
    early = taken(party, invoice_file(party, number="FA-1", quantity="2", price="40"))
    assert (early.state, early.problems[0]["rule"]) == ("waiting", "NX-INVOICED")
    granted_later(party)
    late = taken(party, invoice_file(party, number="FA-2", quantity="3", price="40"))
    assert (late.state, late.invoice.rank) == ("turned_into_invoice", 2)
    page = client_of(party, "manager").get(url(party, "landlord", "invoice", late.invoice.pk))
    assert "Remplacement d’un siphon" in page.text
    causes = {row.cause for row in blocks_of(party) if row.invoice_id == late.invoice.pk}
    assert "B08" in causes  # more than was granted since
    with pytest.raises(Refused, match="déjà facturée"):
        prepare(party)


# --- Situations -----------------------------------------------------------------------------------


@pytest.fixture
def begun(party):
    """The works are partly done: ten of a line, at 62,50 €."""
    visit = visited(party, state="on_site")
    act(
        party,
        "technician",
        orders.complete_visit,
        visit_id=visit.pk,
        report="Première moitié.",
        in_part=True,
        next_step="Suite lundi",
    )
    with system_scope("tests: a larger order"):
        OrderLine.objects.filter(order=party.order).update(
            quantity=E("10"), total_without_vat=E("625.00")
        )
    return party


def origin(party):
    with system_scope("tests: lines"):
        return OrderLine.objects.get(order=party.order).pk


def situation(party, quantity: str) -> Invoice:
    made = act(
        party,
        "desk",
        services.prepare_situation,
        order_id=party.order.pk,
        quantities={origin(party): E(quantity)},
    )
    return handed_over(party, made)


def finish(party, **changed: object) -> None:
    with system_scope("tests: done"):
        now = {"state": "done", "done_at": clock.now(), **changed}
        Order.objects.filter(pk=party.order.pk).update(**now)


def test_situations_are_numbered_and_the_last_one_settles(begun):
    first, second = situation(begun, "4"), situation(begun, "2.5")
    assert [(one.kind, one.rank, one.total_without_vat) for one in (first, second)] == [
        ("situation", 1, E("250.00")),
        ("situation", 2, E("156.25")),
    ]
    assert (first.due_on is not None, blocks_of(begun)) == (True, [])  # no certificate is asked for
    act(begun, "manager", services.approve, invoice_id=first.pk)
    page = client_of(begun, "manager").get(url(begun, "landlord", "invoice", second.pk)).text
    for text in ("situation n° 2", "406,25", "218,75"):
        assert text in page
    finish(begun)
    last = handed_over(begun, prepare(begun))
    assert (last.kind, last.rank, last.total_without_vat) == ("situation", 3, E("218.75"))
    looked_at(begun)
    assert {row.invoice_id for row in blocks_of(begun) if row.cause == "B01"} == {last.pk}
    with pytest.raises(Refused, match="déjà facturée"):
        prepare(begun)


def test_the_last_one_is_held_though_chorus_says_a_day_and_the_works_are_reopened(begun):
    first = situation(begun, "4")
    finish(begun)
    becomes(begun, LegalForm.OPH)  # filed_at is midnight, before the works' end of the same day
    last = handed_over(begun, prepare(begun))
    looked_at(begun)
    held = {row.invoice_id for row in blocks_of(begun) if row.cause == "B01"}
    assert (held, first.in_progress, again(last).in_progress) == ({last.pk}, True, False)
    finish(begun, state="accepted", done_at=None)
    looked_at(begun)
    assert last.pk in {row.invoice_id for row in blocks_of(begun)}


def test_the_last_one_waits_for_a_regularisation_and_takes_what_is_granted(begun):
    situation(begun, "4")
    finish(begun)
    last = prepare(begun)
    variation = regularised(begun)
    with pytest.raises(Refused, match="régularisation"):
        act(begun, "desk", services.file_invoice, invoice_id=last.pk)
    act(begun, "manager", orders.grant_variation, variation_id=variation.pk)
    last = handed_over(begun, last)
    assert lines_of(last) == [("order", E("375.00")), ("variation", E("80.00"))]


def test_one_that_is_handed_over_after_the_works_keeps_its_lines_and_is_held(begun):
    asked = {origin(begun): E("4")}
    late = act(begun, "desk", services.prepare_situation, order_id=begun.order.pk, quantities=asked)
    finish(begun)
    late = handed_over(begun, late)
    looked_at(begun)
    assert (late.total_without_vat, again(late).in_progress) == (E("250.00"), False)
    assert [row.cause for row in blocks_of(begun)] == ["B01"]


def test_an_amount_below_what_was_paid_keeps_the_order_open_until_a_credit_note(begun):
    paid = situation(begun, "4")
    act(begun, "manager", services.approve, invoice_id=paid.pk)
    act(begun, "desk", services.confirm_payment, invoice_id=paid.pk, paid_on=clock.today())
    less = orders.ReductionInput(reason="less", note="Deux.", quantities={origin(begun): E(2)})
    asked = act(begun, "desk", orders.ask_reduction, order_id=begun.order.pk, data=less)
    act(begun, "manager", orders.grant_reduction, reduction_id=asked.pk)
    finish(begun, state="certified")
    looked_at(begun)
    (block,) = blocks_of(begun)
    assert (block.invoice_id, block.cause, block.amount) == (None, "B10", E("137.50"))
    looked_at(begun)
    assert [row.pk for row in blocks_of(begun)] == [block.pk]
    with system_scope("tests: closing"):
        assert services.close_if_settled(actor=SYSTEM, order_id=begun.order.pk) is None
        pk = paid.lines.get().pk
    credited(begun, paid, quantities={pk: E(2)})
    assert blocks_of(begun) == []
    with system_scope("tests: closing"):
        assert overpaid_of(again(paid)) == E("137.50")
        assert services.close_if_settled(actor=SYSTEM, order_id=begun.order.pk) is not None


def test_no_number_is_taken_twice_and_credit_notes_lessen_the_cumulative(begun):
    first, second = situation(begun, "4"), situation(begun, "2")
    credited(begun, first)
    third = situation(begun, "4")
    with system_scope("tests: progress"):
        before = progress_of(again(third)).before
    assert (third.rank, before) == (3, second.total_without_vat)
    with system_scope("tests: lines"):
        pk = second.lines.get().pk
    credited(begun, second, quantities={pk: E("1")})
    with system_scope("tests: progress"):
        found = progress_of(again(third))
    assert (found.before, found.cumulated, found.rest) == (E("62.50"), E("312.50"), E("250.00"))
    finish(begun)
    last = prepare(begun)
    assert (last.kind, last.rank, last.total_without_vat) == ("situation", 4, found.rest)


@pytest.mark.parametrize("quantity", ["10.001", "-1", "0"])
def test_never_above_the_order_and_never_nothing(begun, quantity):
    with pytest.raises(Invalid):
        situation(begun, quantity)


def test_above_what_former_situations_left(begun):
    situation(begun, "6")
    with pytest.raises(Invalid):
        situation(begun, "5")


def test_not_before_a_part_is_done_nor_by_others(begun):
    with pytest.raises(Refused, match="Seul le bureau"):
        act(
            begun,
            "manager",
            services.prepare_situation,
            order_id=begun.order.pk,
            quantities={origin(begun): E(1)},
        )
    finish(begun)
    with pytest.raises(Refused, match="pendant les travaux"):
        situation(begun, "1")


def test_the_form_takes_a_share_or_a_quantity_and_loses_nothing(begun):
    desk = client_of(begun, "desk")
    assert "Facturer une situation" in desk.get(order_page(begun, "contractor")).text
    address = url(begun, "contractor", "situation", begun.order.pk)
    assert "Reste : 10 u" in desk.get(address).text
    name = f"line_{origin(begun)}"
    wrong = desk.post(address, {name: "110 %"})
    assert wrong.status_code == 422
    assert 'value="110 %"' in wrong.text
    answer = desk.post(address, {name: "40 %"}, follow=True)
    assert "Situation préparée" in answer.text
    assert "250,00" in answer.text
    assert desk.get(address).status_code == 409  # one at a time
    with system_scope("tests: invoices"):
        invoice = Invoice.objects.get(order=begun.order)
    click = url(begun, "contractor", "invoice_act", invoice.pk, "deposer")
    assert "Facture déposée" in desk.post(click, follow=True).text
    relay.deliver_one_by_one()
    assert again(invoice).due_on is not None
