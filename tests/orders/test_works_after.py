"""After the works: reserves and whose turn it is, who may grant, ways out, what rows must have."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from contractors import services as contractors
from contractors.models import Invoice
from nexxio.core import clock, relay
from nexxio.core.actors import scope_of
from nexxio.core.errors import Invalid, Refused
from nexxio.core.machines import Machine
from nexxio.core.models import Event, LegalForm, Membership, Notification
from nexxio.core.scoping import system_scope
from orders import services, tasks
from orders.certificate_states import CERTIFICATE, RESERVE
from orders.hold_states import HOLD
from orders.models import Contract, Order, Reserve, Visit
from orders.selectors import lists
from orders.selectors.desks import contractor_desk, landlord_desk
from orders.selectors.paper import paper_page
from orders.selectors.reserves import open_reserves
from orders.services.reserves import remind_reserve
from orders.services.variations import remind_variation
from orders.variation_states import REDUCTION, REGULARISATION, VARIATION
from orders.waits import with_waits
from tests.factories.acting import act, photo_bytes
from tests.factories.certified import finished, newest, signed
from tests.factories.extras import asked, regularised
from tests.factories.full import visited
from tests.factories.invoiced import becomes


@pytest.fixture
def first(world):
    return world.first


def _reserved(party, *texts: str, **more) -> list[Reserve]:
    due_on = clock.today() + timedelta(days=10)
    typed = [services.ReserveInput(text=text, due_on=due_on, **more) for text in texts]
    signed(party, reserves=typed)
    with system_scope("tests: reserves"):
        return list(Reserve.objects.filter(order=party.order))


def _order(party) -> Order:
    with system_scope("tests: order"):
        return Order.objects.get(pk=party.order.pk)


def _groups(party, who: str) -> dict[str, list]:
    desk = landlord_desk if who == "manager" else contractor_desk
    actor = party.actor(who)
    with scope_of(actor):
        return {each.code: [row.order.pk for row in each.rows] for each in desk(actor).groups}


def _paper(party) -> str:
    actor = party.actor("paper")
    with scope_of(actor):
        order = with_waits(Order.objects.select_related("landlord", "contractor", "contract"))
        return paper_page(actor, order.get(pk=party.order.pk)).ended


def test_a_claimed_reserve_is_with_the_landlord_until_it_is_kept_or_lifted(first):
    one, two = _reserved(first, "Trace au plafond", "Plinthe décollée")
    assert _order(first).holder == "contractor"
    assert _groups(first, "desk")["reserves-a-lever"] == [first.order.pk]
    assert "réserves" in _paper(first)
    claim = services.claim_reserve
    act(first, "desk", claim, reserve_id=one.pk, answer="Repeint.", photo=photo_bytes())
    assert _order(first).holder == "contractor"  # the other one is still to be lifted
    assert _groups(first, "manager")["reserves-reprises"] == [first.order.pk]
    act(first, "desk", claim, reserve_id=two.pk, answer="Recollée.")
    assert _order(first).holder == "landlord"
    with scope_of(first.actor("manager")):
        (order,) = lists.with_rows(Order.objects.filter(pk=first.order.pk))
        row = lists.row_of(order, first.actor("manager"))
    assert (row.ball.side, row.status.label) == ("landlord", "Service fait partiel")
    assert _groups(first, "desk")["reserves-a-lever"] == []
    assert "vérifie" in _paper(first)
    act(first, "manager", services.keep_reserve, reserve_id=two.pk, objection="Se décolle encore.")
    assert _order(first).holder == "contractor"
    act(first, "manager", services.lift_reserve, reserve_id=one.pk)
    act(first, "manager", services.lift_reserve, reserve_id=two.pk)
    order = _order(first)
    assert (order.state, order.holder, order.ball.get("to_lift")) == ("certified", "", None)
    with system_scope("tests: who lifted"):
        assert Reserve.objects.get(pk=one.pk).lifted_by_id == first.manager.user_id
    assert "rien à faire" in _paper(first)


def test_a_reserve_past_its_day_is_told_to_both_and_leaves_the_list_when_lifted(first):
    (reserve,) = _reserved(first, "Trace au plafond", photo=photo_bytes())
    assert reserve.photo_id is not None
    for who in ("manager", "desk"):
        with scope_of(first.actor(who)):
            assert [card.reserve.pk for card in open_reserves(first.actor(who)).to_lift] == [
                reserve.pk
            ]
    with system_scope("tests: early"), transaction.atomic():
        assert remind_reserve(reserve_id=reserve.pk) is None
    with time_machine.travel(reserve.remind_at + timedelta(minutes=1), tick=False):
        assert tasks.remind_due() >= 1
        relay.drain_batches()
        relay.deliver_one_by_one()
        with system_scope("tests: told"):
            rung = Notification.objects.filter(event__kind="reserve.overdue")
            houses = set(rung.values_list("organisation_id", flat=True))
    assert houses == {first.landlord.pk, first.contractor.pk}
    act(first, "manager", services.lift_reserve, reserve_id=reserve.pk)
    with scope_of(first.actor("desk")):
        assert open_reserves(first.actor("desk")).to_lift == []


def test_photos_of_reserves_are_noted_and_shown_on_their_pages(first):
    found = finished(first)
    browser = Client()
    browser.force_login(first.manager.user)
    slug = first.landlord.slug
    url = reverse("orders:landlord_certificate_act", args=[slug, found.pk, "avec-reserves"])
    rows = {
        "reserves-TOTAL_FORMS": "1",
        "reserves-INITIAL_FORMS": "0",
        "reserves-0-text": "Trace",
        "reserves-0-due_on": "2039-05-04",
        "reserves-0-photo": photo_bytes(),
    }
    assert browser.post(url, rows).status_code == 302
    with system_scope("tests: reserve"):
        reserve = Reserve.objects.get(order=first.order)
    photo = reverse("orders:landlord_reserve", args=[slug, reserve.pk, "photo"])
    assert browser.get(photo)["Content-Type"] == "image/jpeg"
    page = browser.get(reverse("orders:landlord_detail", args=[slug, first.order.pk]))
    assert photo in page.content.decode()
    assert "Trace" in browser.get(reverse("orders:landlord_reserves", args=[slug])).content.decode()


def _told(kind: str) -> set:
    relay.drain_batches()
    relay.deliver_one_by_one()
    with system_scope("tests: told"):
        return set(Notification.objects.filter(event__kind=kind).values_list("user_id", flat=True))


def test_a_variation_rings_whose_limit_covers_it_and_passes_on(first):
    with system_scope("tests: limits"):
        Membership.objects.filter(pk=first.clerk.pk).update(spend_limit=Decimal(10))
        Membership.objects.filter(pk=first.manager.pk).update(spend_limit=None)
    visited(first, state="confirmed")
    variation = asked(first)
    assert _told("variation.asked") == {first.manager.user_id}
    for _ in range(5):
        with system_scope("tests: clock"), transaction.atomic():
            due = type(variation).objects.get(pk=variation.pk).remind_at
            with clock.moved_to(due):
                again = remind_variation(variation_id=variation.pk)
    assert (again.reminders, again.remind_at is None) == (5, False)


def test_the_contract_says_how_long_an_answer_takes(first):
    with system_scope("tests: terms"):
        Contract.objects.filter(pk=first.contract.pk).update(variation_days=1, variation_hours=2)
        with pytest.raises(IntegrityError, match="delays_are_sane"), transaction.atomic():
            Contract.objects.filter(pk=first.contract.pk).update(variation_days=0)
        Order.objects.filter(pk=first.order.pk).update(priority="urgent")
    visited(first, state="confirmed")
    found = asked(first)
    assert found.answer_due_at - found.asked_at == timedelta(hours=2)


def test_a_part_is_granted_with_a_coded_reason(first):
    visited(first, state="confirmed")
    variation = asked(first)
    with system_scope("tests: lines"):
        line = variation.lines.first()
    part = {"variation_id": variation.pk, "granted": {line.pk: Decimal(0)}, "note": "Sans cela."}
    with pytest.raises(Invalid, match="pourquoi une partie"):
        act(first, "manager", services.grant_variation, **part)
    act(first, "manager", services.grant_variation, **part, reason="included")
    with system_scope("tests: terms"):
        variation.terms.refresh_from_db()
    assert variation.terms.answer_reason == "included"


def test_what_a_service_owes_is_given_to_another_and_logged(first):
    finished(first)
    regularised(first)
    give = services.give_department
    with pytest.raises(Invalid):
        act(first, "manager", give, order_id=first.order.pk, department="terrain")
    act(first, "manager", give, order_id=first.order.pk, department="marches")
    with system_scope("tests: log"):
        assert Event.objects.get(kind="order.department_given").payload == {"department": "marches"}
    assert _order(first).department == "marches"


def test_the_company_cancels_only_where_its_contract_grants_it(first):
    act(first, "desk", services.accept_order, order_id=first.order.pk)
    cancel = {"order_id": first.order.pk, "reason": "duplicate"}
    with pytest.raises(Refused, match="marché"):
        act(first, "desk", services.cancel_order, **cancel)
    with system_scope("tests: terms"):
        Contract.objects.filter(pk=first.contract.pk).update(contractor_cancels=True)
    act(first, "desk", services.cancel_order, **cancel)
    assert _order(first).state == "cancelled"
    assert first.manager.user_id in _told("order.cancelled")


def test_a_certificate_by_the_clock_reads_as_one_in_list_and_page(first):
    with system_scope("tests: clause"):
        first.contract.tacit_clause = "Article 12 : sans réponse, réputé acquis."
        first.contract.certificate_days = 10
        first.contract.save(update_fields=["tacit_clause", "certificate_days"])
    found = finished(first)
    with system_scope("tests: clock"):
        type(found).objects.filter(pk=found.pk).update(remind_at=found.due_at)
    with time_machine.travel(found.due_at, tick=False):
        tasks.remind_due()
        browser = Client()
        browser.force_login(first.manager.user)
        page = reverse("orders:landlord_detail", args=[first.landlord.slug, first.order.pk])
        shown = browser.get(page).content.decode()
        listed = browser.get(reverse("orders:landlord_list", args=[first.landlord.slug]))
    assert "Service fait réputé acquis" in shown
    assert "Article 12" in shown
    assert "Service fait réputé acquis" in listed.content.decode()


def test_an_order_whose_invoice_is_approved_is_not_reopened(first):
    becomes(first, LegalForm.PRIVATE)
    signed(first)
    invoice = act(first, "desk", contractors.prepare_invoice, order_id=first.order.pk)
    act(first, "desk", contractors.file_invoice, invoice_id=invoice.pk)
    reopen = {"order_id": first.order.pk, "reason": "La fuite revient."}
    with system_scope("tests: state"):
        Invoice.objects.filter(pk=invoice.pk).update(state="approved")
    with pytest.raises(Refused, match="est approuvée"):
        act(first, "manager", services.reopen_order, **reopen)
    with pytest.raises(Refused, match="vérifie") as refused:  # and nothing of invoices
        act(first, "tenant", services.reopen_order, **reopen)
    assert refused.value.code == "checked"
    with system_scope("tests: state"):
        Invoice.objects.filter(pk=invoice.pk).update(state="disputed")
    act(first, "manager", services.reopen_order, **reopen)
    assert _groups(first, "desk")["a-replanifier"] == [first.order.pk]
    browser = Client()
    browser.force_login(first.desk.user)
    page = reverse("orders:contractor_detail", args=[first.contractor.slug, first.order.pk])
    assert "1 fois" in browser.get(page).content.decode()


def test_on_call_works_that_were_refused_end_once_the_company_has_had_its_time(first):
    finished(first)
    refused = regularised(first)
    with system_scope("tests: nature"):
        Order.objects.filter(pk=first.order.pk).update(nature="on_call")
    act(first, "manager", services.reject_variation, variation_id=refused.pk, reason="unproven")
    sign = {"certificate_id": newest(first).pk}
    with pytest.raises(Refused, match="peut redemander"):
        act(first, "manager", services.sign_certificate, **sign)
    with clock.moved_to(clock.now() + timedelta(days=10)):
        act(first, "manager", services.sign_certificate, **sign)
    assert _order(first).state == "certified"


def test_a_tenant_says_after_the_payment_that_it_is_not_fixed(first):
    signed(first)
    with system_scope("tests: paid"):
        Order.objects.filter(pk=first.order.pk).update(
            state="closed", closed_at=clock.now(), closed_how="paid"
        )
        before = Order.objects.filter(landlord=first.landlord).count()
    said = services.SignOffInput(name="Nadia", satisfied=False, reason="remains", note="Fuite.")
    act(first, "tenant", services.sign_from_afar, data=said)
    assert _order(first).holder == "landlord"
    act(first, "manager", services.settle_check, order_id=first.order.pk, outcome="confirmed")
    with system_scope("tests: draft"):
        assert Order.objects.filter(landlord=first.landlord).count() == before + 1
        draft = Order.objects.filter(landlord=first.landlord).latest("created_at")
    assert (draft.state, draft.title) == ("draft", f"Reprise : {first.order.title}"[:160])
    assert _order(first).state == "closed"


def test_a_company_is_told_to_invoice_what_is_certified_until_it_does(first):
    becomes(first, LegalForm.PRIVATE)
    signed(first)
    remind = contractors.remind_to_invoice
    with system_scope("tests: early"), transaction.atomic():
        assert remind(order_id=first.order.pk) is None
    with time_machine.travel(_order(first).invoice_remind_at, tick=False):
        with system_scope("tests: due"), transaction.atomic():
            assert remind(order_id=first.order.pk).invoice_reminders == 1
        assert first.desk.user_id in _told("order.invoice_awaited")
        invoice = act(first, "desk", contractors.prepare_invoice, order_id=first.order.pk)
        act(first, "desk", contractors.file_invoice, invoice_id=invoice.pk)
    with (
        time_machine.travel(_order(first).invoice_remind_at, tick=False),
        system_scope("tests: filed"),
        transaction.atomic(),
    ):
        assert remind(order_id=first.order.pk) is None
    assert _order(first).invoice_remind_at is None


@pytest.mark.parametrize(
    ("state", "constraint", "more"),
    [
        ("returned", "order_returned_has_items", {}),
        ("declined", "order_declined_has_a_reason", {}),
        ("cancelled", "order_cancelled_has_a_reason", {"closed_at": True}),
        ("superseded", "order_superseded_has_a_reason", {"closed_at": True}),
        ("done", "order_finished_has_its_instant", {}),
        ("certified", "order_finished_has_its_instant", {}),
        ("partly_done", "order_partly_done_has_a_next_step", {}),
        ("closed", "order_closed_says_how", {"closed_at": True}),
    ],
)
def test_an_order_has_what_its_state_says(first, state, constraint, more):
    values = {key: clock.now() for key in more}
    with (
        system_scope("tests: constraints"),
        pytest.raises(IntegrityError, match=constraint),
        transaction.atomic(),
    ):
        Order.objects.filter(pk=first.order.pk).update(state=state, **values)


@pytest.mark.parametrize(
    ("state", "missing", "constraint"),
    [
        ("confirmed", "confirmed_at", "visit_confirmed"),
        ("on_the_way", "left_at", "visit_on_the_way"),
        ("on_site", "arrived_at", "visit_on_site"),
        ("done", "finished_at", "visit_over"),
        ("no_access", "finished_at", "visit_over"),
    ],
)
def test_a_visit_has_its_instant(first, state, missing, constraint):
    visit = visited(first, state="confirmed")
    with (
        system_scope("tests: constraints"),
        pytest.raises(IntegrityError, match=constraint),
        transaction.atomic(),
    ):
        Visit.objects.filter(pk=visit.pk).update(state=state, **{missing: None})


# What each side does in each state, by hand: a table that changes is changed here too.
_TRIPLES: list[tuple[Machine, dict[str, str]]] = [
    (
        VARIATION,
        {
            "draft": "ask C, withdraw C",
            "asked": "grant LS, grant_in_part L, reject L, withdraw C",
            "granted": "acknowledge C",
            "partly_granted": "acknowledge C",
            "rejected": "acknowledge C",
        },
    ),
    (
        REGULARISATION,
        {
            "draft": "ask C, withdraw C",
            "asked": "grant LS, grant_in_part L, reject L, withdraw C",
            "granted": "acknowledge C",
            "partly_granted": "acknowledge C",
            "rejected": "acknowledge C",
        },
    ),
    (REDUCTION, {"asked": "grant LC, reject LC, withdraw LCS"}),
    (HOLD, {"open": "lift LC, postpone LC"}),
    (
        CERTIFICATE,
        {
            "draft": "submit_certificate CS, expire CS",
            "to_sign": "sign L, refuse L, take_as_given S, expire CS",
        },
    ),
    (
        RESERVE,
        {
            "open": "claim C, lift_reserve L",
            "claimed": "keep L, lift_reserve L",
        },
    ),
]
_LETTER = {"L": "landlord", "C": "contractor", "S": "system", "T": "tenant"}


@pytest.mark.parametrize(("table", "said"), _TRIPLES, ids=[table.name for table, _ in _TRIPLES])
def test_each_side_does_what_the_table_says_and_nothing_else(table, said):
    wanted = {
        (state, name, _LETTER[letter])
        for state, words in said.items()
        for name, letters in (word.split(" ") for word in words.split(", "))
        for letter in letters
    }
    found = {
        (str(state), name, side.value)
        for name, transition in table.transitions.items()
        for state in transition.sources
        for side in transition.sides
    }
    assert found == wanted
