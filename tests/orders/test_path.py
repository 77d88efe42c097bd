"""The whole path of an order through the real services, each party in its own scope."""

from __future__ import annotations

from datetime import timedelta

import pytest

from nexxio.core import clock, relay
from nexxio.core.actors import SYSTEM, scope_of
from nexxio.core.errors import Conflict, Incomplete, Invalid, Refused
from nexxio.core.models import Delivery, Event, Message, Notification
from nexxio.core.scoping import system_scope
from orders import services
from orders.document_events import DocumentMade
from orders.models import Order, OrderContact, Visit
from orders.services.moves import record_of_order
from orders.states import OrderState, VisitState
from tests.factories.full import act


@pytest.fixture
def first(world):
    return world.first


def accepted_visit(party):
    act(party, "desk", services.accept_order, order_id=party.order.pk)
    start = clock.now() + timedelta(hours=20)
    return act(
        party,
        "desk",
        services.propose_visit,
        order_id=party.order.pk,
        start=start,
        end=start + timedelta(hours=2),
        technician_id=party.technician.pk,
        off_hours=True,
    )


def test_an_order_goes_from_landlord_to_tenant_and_back(first):
    visit = accepted_visit(first)
    act(first, "tenant", services.confirm_visit, visit_id=visit.pk)
    act(first, "technician", services.leave, visit_id=visit.pk)
    act(first, "technician", services.arrive, visit_id=visit.pk)
    act(first, "technician", services.complete_visit, visit_id=visit.pk, report="Siphon changé")
    with scope_of(first.actor("manager")):
        order = Order.objects.get(pk=first.order.pk)
        assert order.state == OrderState.DONE
        assert order.done_at is not None
        assert Visit.objects.get(pk=visit.pk).state == VisitState.DONE
        kinds = list(
            Event.objects.filter(order_id=order.pk).order_by("id").values_list("kind", flat=True)
        )
    assert kinds == [
        "order.drafted",
        "order.issued",
        "order.accepted",
        "visit.proposed",
        "visit.confirmed",
        "visit.on_the_way",
        "visit.on_site",
        "visit.done",
        "order.done",
        "certificate.submitted",
    ]


def test_an_incomplete_order_stays_and_says_what_is_missing(first, assert_nothing_happened):
    manager = first.actor("manager")
    with scope_of(manager):
        draft = services.draft_order(
            actor=manager,
            data=first.order_input(
                phone="", lines=(), target_date=clock.today() - timedelta(days=1)
            ),
        )
        with assert_nothing_happened(), pytest.raises(Incomplete) as refusal:
            services.issue_order(actor=manager, order_id=draft.pk)
        assert [code for code, _sentence in refusal.value.missing] == [
            "phone",
            "lines",
            "target_date",
        ]
        assert Order.objects.get(pk=draft.pk).state == OrderState.DRAFT


def test_the_contractor_reads_the_contact_only_from_acceptance(first):
    desk = first.actor("desk")
    with scope_of(desk):
        assert not OrderContact.objects.filter(order_id=first.order.pk).exists()
        assert Order.objects.get(pk=first.order.pk).has_phone is True
    act(first, "desk", services.accept_order, order_id=first.order.pk)
    contact = act(first, "desk", services.read_contact, order_id=first.order.pk)
    assert contact.phone == "+33612345678"
    with scope_of(first.actor("manager")):
        assert Event.objects.filter(kind="order.contact_read").count() == 1


def test_accepting_twice_is_a_conflict_that_names_the_first(first, assert_nothing_happened):
    act(first, "desk", services.accept_order, order_id=first.order.pk)
    with assert_nothing_happened(), pytest.raises(Conflict) as conflict:
        act(first, "desk", services.accept_order, order_id=first.order.pk)
    assert conflict.value.by == "Helene Martin"
    assert conflict.value.at is not None
    with system_scope("tests"):  # the worker prints the order that was accepted
        order = Order.objects.get(pk=first.order.pk)
        record_of_order(DocumentMade(number=1, in_clear=True), order, SYSTEM)
    with pytest.raises(Conflict) as conflict:
        act(first, "desk", services.accept_order, order_id=first.order.pk)
    assert conflict.value.by == "Helene Martin"


def test_another_company_does_not_see_the_order(world, assert_nothing_happened):
    with assert_nothing_happened(), pytest.raises(Order.DoesNotExist):
        act(world.second, "desk", services.accept_order, order_id=world.first.order.pk)


def test_returning_needs_coded_items_and_reissue_clears_them(first, assert_nothing_happened):
    with assert_nothing_happened(), pytest.raises(Invalid):
        act(first, "desk", services.return_order, order_id=first.order.pk, items=["nonsense"])
    act(first, "desk", services.return_order, order_id=first.order.pk, items=["phone", "access"])
    order = act(first, "manager", services.reissue_order, order_id=first.order.pk)
    assert order.state == OrderState.ISSUED
    assert order.returned_items == []


def test_over_the_limit_somebody_else_approves(first, assert_nothing_happened):
    clerk = first.actor("clerk")
    from decimal import Decimal

    from orders.services import LineInput

    with scope_of(clerk):
        draft = services.draft_order(
            actor=clerk, data=first.order_input(lines=(LineInput(first.item.pk, Decimal(20)),))
        )
        sent = services.issue_order(actor=clerk, order_id=draft.pk)
        assert sent.state == OrderState.PENDING_APPROVAL
        assert sent.contractor_id is None
        with assert_nothing_happened(), pytest.raises(Refused):
            services.approve_order(actor=clerk, order_id=draft.pk)
    approved = act(first, "manager", services.approve_order, order_id=draft.pk)
    assert approved.state == OrderState.ISSUED


def test_a_reader_changes_nothing(first, assert_nothing_happened):
    with assert_nothing_happened(), pytest.raises(Refused):
        act(first, "reader", services.cancel_order, order_id=first.order.pk, reason="duplicate")
    with scope_of(first.actor("reader")):
        assert Order.objects.get(pk=first.order.pk).state == OrderState.ISSUED


def test_a_late_arrival_is_recorded_and_moves_nothing(first):
    visit = accepted_visit(first)
    act(first, "tenant", services.confirm_visit, visit_id=visit.pk)
    act(first, "technician", services.complete_visit, visit_id=visit.pk)
    earlier = clock.now() - timedelta(hours=1)
    act(first, "technician", services.arrive, visit_id=visit.pk, happened_at=earlier)
    with scope_of(first.actor("desk")):
        assert Visit.objects.get(pk=visit.pk).state == VisitState.DONE
        event = Event.objects.get(kind="visit.on_site")
        assert event.happened_at == earlier
        assert event.recorded_at > earlier


def test_nobody_home_flags_what_the_proof_lacks(first):
    visit = accepted_visit(first)
    act(first, "tenant", services.confirm_visit, visit_id=visit.pk)
    act(first, "technician", services.leave, visit_id=visit.pk)
    act(first, "technician", services.arrive, visit_id=visit.pk)
    act(
        first,
        "technician",
        services.declare_no_access,
        visit_id=visit.pk,
        proof=services.ProofInput(minutes_waited=12, call_tried=True),
    )
    with scope_of(first.actor("manager")):
        visit = Visit.objects.select_related("proof").get(pk=visit.pk)
        assert visit.state == VisitState.NO_ACCESS
        assert visit.proof.missing == ["wait", "sms", "photo", "notice"]  # 12 minutes, in one


def test_the_relay_tells_everybody_once(first, settings):
    act(first, "desk", services.accept_order, order_id=first.order.pk)
    relay.deliver_one_by_one()
    relay.deliver_one_by_one()
    with system_scope("tests"):
        assert not Delivery.objects.filter(
            subscriber="notifications", done_at__isnull=True
        ).exists()
        told = Notification.objects.filter(event__kind="order.accepted")
        assert {notice.user_id for notice in told.filter(event__order_id=first.order.pk)} == {
            first.manager.user_id,
            first.clerk.user_id,
        }
        message = Message.objects.get(event__order_id=first.order.pk, kind="tenant_follow")
        assert message.channel == "sms"
        assert message.address == "+33612345678"
        assert "{link}" in message.text
