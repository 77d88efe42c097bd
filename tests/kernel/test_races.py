"""Of two who act at once one wins, and the other reads who did."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import transaction

from nexxio.core import clock, relay
from nexxio.core.actors import scope_of
from nexxio.core.errors import Conflict, Incomplete, Refused
from nexxio.core.ids import new_id
from nexxio.core.models import Delivery, Event, EventPosition
from nexxio.core.outbox import record
from nexxio.core.references import next_references
from nexxio.core.scoping import system_scope
from orders import events, services
from orders.models import AccessCheck, Contract, Order, OrderUnread, Visit
from orders.services import LineInput
from orders.services.access_checks import settle_unanswered
from orders.services.talk import note_unread
from tests.factories.world import build_world
from tests.races import acting, collide, own_connection

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def first(transactional_db, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    with system_scope("tests: world"):
        return build_world().first


def _kinds() -> list[str]:
    with system_scope("tests: kinds"):
        return sorted(Event.objects.values_list("kind", flat=True))


def test_of_two_acceptances_the_second_reads_who_was_first(first):
    accept = acting(first, "desk", services.accept_order, order_id=first.order.pk)
    lost = collide(accept, accept)
    assert isinstance(lost, Conflict)
    assert lost.by == "Helene Martin"
    assert _kinds().count("order.accepted") == 1


def test_of_a_cancellation_and_an_acceptance_one_wins(first):
    accept = acting(first, "desk", services.accept_order, order_id=first.order.pk)
    cancel = acting(
        first, "manager", services.cancel_order, order_id=first.order.pk, reason="duplicate"
    )
    lost = collide(cancel, accept)
    assert isinstance(lost, Conflict)
    assert lost.by == "le bailleur"
    with system_scope("tests"):
        assert Order.objects.get(pk=first.order.pk).state == "cancelled"
    assert "order.accepted" not in _kinds()


def test_a_form_that_was_overtaken_before_the_lock_is_refused(first, race):
    acting(first, "desk", services.return_order, order_id=first.order.pk, items=["phone"])()
    with system_scope("tests"):
        version = Order.objects.get(pk=first.order.pk).version
    save = {"order_id": first.order.pk, "version": version}
    theirs = acting(
        first, "clerk", services.update_order, data=first.order_input(title="Évier"), **save
    )
    ours = acting(
        first, "manager", services.update_order, data=first.order_input(title="Lavabo"), **save
    )
    with race("orders.services.drafts.lock_order", theirs), pytest.raises(Refused) as refusal:
        ours()
    assert refusal.value.code == "version"
    with system_scope("tests"):
        assert Order.objects.get(pk=first.order.pk).title == "Évier"


def test_of_two_desks_one_fixes_the_appointment(first):
    acting(first, "desk", services.accept_order, order_id=first.order.pk)()
    start = clock.now() + timedelta(hours=3)
    propose = acting(
        first,
        "desk",
        services.propose_visit,
        order_id=first.order.pk,
        start=start,
        end=start + timedelta(hours=2),
        off_hours=True,
    )
    lost = collide(propose, propose)
    assert isinstance(lost, Conflict)
    with system_scope("tests"):
        assert Visit.objects.count() == 1
    assert _kinds().count("visit.proposed") == 1


def _draft(first, who) -> UUID:
    """An order of 43 750 €, of a ceiling of 50 000 €."""
    data = first.order_input(lines=(LineInput(first.item.pk, Decimal(700)),))
    return acting(first, who, services.draft_order, data=data)().pk


def _lower_ceiling(first):
    def run():
        with system_scope("tests"):
            Contract.objects.filter(pk=first.contract.pk).update(ceiling=Decimal(1000))

    return run


def _returned(first) -> UUID:
    """The world's order, returned; it has grown to 43 750 €."""
    pk = first.order.pk
    acting(first, "desk", services.return_order, order_id=pk, items=["quantity"])()
    with system_scope("tests"):
        version = Order.objects.get(pk=pk).version
    data = first.order_input(lines=(LineInput(first.item.pk, Decimal(700)),))
    acting(first, "manager", services.update_order, order_id=pk, version=version, data=data)()
    return pk


@pytest.mark.parametrize("way", ["issue", "approve"])
def test_of_two_orders_that_fill_a_ceiling_one_leaves(first, way):
    who = "clerk" if way == "approve" else "manager"
    ids = [_draft(first, who) for _n in range(2)]
    if way == "approve":
        for pk in ids:
            acting(first, who, services.issue_order, order_id=pk)()
    send = getattr(services, f"{way}_order")
    winner, loser = (acting(first, "manager", send, order_id=pk) for pk in ids)
    lost = collide(winner, loser)
    assert isinstance(lost, Incomplete)
    assert [code for code, _sentence in lost.missing] == ["ceiling"]


def test_of_one_form_sent_twice_at_once_one_order_is_made(first):
    draft = acting(
        first, "manager", services.draft_order, data=first.order_input(), order_id=new_id()
    )
    lost = collide(draft, draft)
    assert isinstance(lost, services.AlreadyDrafted)
    with system_scope("tests"), transaction.atomic():
        assert Order.objects.filter(landlord=first.landlord).count() == 2
        (reference,) = next_references(landlord_id=first.landlord.pk, prefix="C")
    assert int(reference.split("-")[1]) == 3


def test_an_order_sent_again_waits_for_the_ceiling_too(first):
    again = acting(first, "manager", services.reissue_order, order_id=_returned(first))
    lost = collide(_lower_ceiling(first), again)
    assert isinstance(lost, Incomplete)
    assert [code for code, _sentence in lost.missing] == ["ceiling"]


def test_references_of_two_at_once_have_no_hole(first):
    def take():
        with system_scope("tests"), transaction.atomic():
            return next_references(landlord_id=first.landlord.pk, prefix="C")

    found = []
    second = collide(lambda: found.extend(take()), take)
    numbers = sorted(int(reference.split("-")[1]) for reference in [*found, *second])
    assert numbers == [2, 3]


def test_two_relays_deliver_once_and_leave_no_gap(first):
    accept = acting(first, "desk", services.accept_order, order_id=first.order.pk)
    accept()
    start = threading.Barrier(2)

    def work(_number):
        with own_connection():
            start.wait(10)
            return relay.drain_batches() + relay.deliver_one_by_one()

    with ThreadPoolExecutor(2) as pool:
        done = sum(pool.map(work, range(2)))
    with system_scope("tests"):
        deliveries = Delivery.objects.all()
        assert done == deliveries.count() == deliveries.filter(done_at__isnull=False).count()
        assert not deliveries.filter(attempts__gt=0).exists()
        rows = EventPosition.objects.filter(landlord=first.landlord).order_by("position")
        places = list(rows.values_list("position", flat=True))
    assert places == list(range(1, len(places) + 1))
    assert len(places) == 3


def test_an_event_needs_the_transaction_of_its_change(first):
    desk = first.actor("desk")
    with scope_of(desk):
        order = Order.objects.get(pk=first.order.pk)
        with pytest.raises(RuntimeError, match="transaction"):
            record(events.OrderAccepted(), actor=desk, subject=order, subject_type="order")


def _nobody_opened(first) -> UUID:
    """A visit that found nobody, with incomplete proofs."""
    acting(first, "desk", services.accept_order, order_id=first.order.pk)()
    start = clock.now() + timedelta(hours=3)
    visit = acting(
        first,
        "desk",
        services.propose_visit,
        order_id=first.order.pk,
        start=start,
        end=start + timedelta(hours=2),
        technician_id=first.technician.pk,
        call_noted=True,
    )()
    acting(first, "technician", services.arrive, visit_id=visit.pk)()
    proof = services.ProofInput(minutes_waited=12)
    acting(first, "technician", services.declare_no_access, visit_id=visit.pk, proof=proof)()
    return visit.pk


def test_of_the_same_answer_twice_at_once_one_is_recorded(first):
    pk = _nobody_opened(first)
    here = acting(first, "tenant", services.answer_absence, visit_id=pk, was_here=True)
    collide(here, here)
    assert _kinds().count("visit.tenant_answered") == 1


def test_of_a_company_that_answers_and_the_clock_one_wins(first):
    pk = _nobody_opened(first)
    acting(first, "tenant", services.answer_absence, visit_id=pk, was_here=True)()
    contest = acting(first, "desk", services.contest_answer, visit_id=pk, note="Passés à 14 h")
    with system_scope("tests: check"):
        check_id = AccessCheck.objects.get(visit_id=pk).pk

    def settle():
        with system_scope("tests: clock"), clock.moved_to(clock.now() + timedelta(days=6)):
            return settle_unanswered(check_id=check_id)

    assert collide(contest, settle) is None
    with system_scope("tests: check"):
        assert AccessCheck.objects.get(pk=check_id).state == "landlord"
        assert Visit.objects.get(pk=pk).state == "no_access"


def test_an_emergency_that_is_opened_twice_at_once_is_one_order(first):
    with system_scope("tests: on call"):
        Contract.objects.filter(pk=first.contract.pk).update(on_call=True, on_call_cap=500)
    data = services.OnCallInput(
        group_id=first.unit.group_id,
        number="31",
        trade_code="plomberie",
        reason="water",
        description="La colonne fuit dans l’escalier.",
        caller="La gardienne",
        phone="+33612121212",
        amount=Decimal(250),
        measures="Sans percement.",
    )
    once = acting(
        first,
        "desk",
        services.open_on_call,
        contract_id=first.contract.pk,
        data=data,
        order_id=new_id(),
    )
    lost = collide(once, once)
    assert isinstance(lost, services.AlreadyDrafted)
    assert _kinds().count("order.opened_on_call") == _kinds().count("regularisation.asked") == 1


def test_what_is_read_while_it_is_marked_unread_leaves_no_mark(first):
    said = acting(
        first,
        "manager",
        services.send_message,
        order_id=first.order.pk,
        text="Bonjour",
        audience="organisations",
    )()

    def mark():
        with system_scope("tests: mark"):
            note_unread(message_id=said.pk)

    read = acting(first, "desk", services.mark_read, order_id=first.order.pk)
    collide(read, mark)
    with system_scope("tests: marks"):
        assert not OrderUnread.objects.filter(side="contractor").exists()
