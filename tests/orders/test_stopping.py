"""Works done in part that go no further: what is done is certified, the rest is another order's."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core import clock, relay
from nexxio.core.actors import scope_of
from nexxio.core.errors import Conflict, Refused
from nexxio.core.models import Event, Message, Notification
from nexxio.core.scoping import system_scope
from orders import ball, policies, services, tasks, tenant_notices
from orders.models import Certificate, Contract, Order, OrderBudget, OrderLine, Visit
from tenants.selectors import follow_page
from tests.factories.acting import act
from tests.factories.attributed import contract_beside
from tests.factories.full import visited
from tests.orders.test_no_access import attempt, page_of


@pytest.fixture
def first(world):
    """Of two articles wanted, works are done in part."""
    party = world.first
    visit = visited(party, state="confirmed")
    with system_scope("tests: two of them"):
        OrderLine.objects.filter(order=party.order).update(quantity=2)
        line = OrderLine.objects.get(order=party.order)
        total = line.unit_price * 2
        OrderBudget.objects.filter(order=party.order).update(total_without_vat=total)
    part = {"in_part": True, "next_step": "Revenir avec la pièce", "report": "Fuite arrêtée."}
    act(party, "technician", services.complete_visit, visit_id=visit.pk, **part)
    return party


@pytest.fixture
def other(world, first) -> Contract:
    return contract_beside(first, world.second.contractor)


def row(party) -> Order:
    with system_scope("tests"):
        return Order.objects.get(pk=party.order.pk)


def draft_of(party) -> Certificate:
    relay.deliver_one_by_one()
    with system_scope("tests"):
        return Certificate.objects.get(order_id=party.order.pk)


def replaced(party, contract) -> Order:
    values = {"contract_id": contract.pk, "reason": "default", "note": ""}
    made = act(party, "manager", services.draft_successor, order_id=party.order.pk, **values)
    return act(party, "manager", services.issue_order, order_id=made.pk)


def test_a_company_that_fails_after_partial_works_is_replaced(first, other):
    assert page_of(first, "manager").can["supersede"]
    made = replaced(first, other)
    order = row(first)
    assert (order.state, order.stopped_for, order.holder) == (
        "done",
        "superseded",
        ball.Holder.CONTRACTOR,
    )
    assert draft_of(first).state == "draft"
    page = page_of(first, "manager")
    assert page.status.label == "Arrêtée : suite confiée à une autre entreprise"
    assert page.ball.what == "dire ce qui a été fait, pour le constat"
    for who in ("desk", "technician"):
        assert not policies.can_propose_visit(first.actor(who), order, None)
    tenant = first.actor("tenant")
    with scope_of(tenant):
        assert follow_page(tenant).order.pk == made.pk
    relay.deliver_one_by_one()
    with system_scope("tests"):
        rung = Notification.objects.filter(event__kind="order.stopped")
        assert set(rung.values_list("organisation_id", flat=True)) == {first.contractor.pk}
        assert not Event.objects.filter(kind="order.done", order_id=order.pk).exists()


def test_what_was_done_is_certified_and_nothing_else(first, other):
    replaced(first, other)
    with system_scope("tests"):
        line = OrderLine.objects.get(order=first.order)
    done = {"report": "Fuite arrêtée.", "submit": True, "quantities": {line.pk: Decimal(1)}}
    act(first, "desk", services.correct_certificate, order_id=first.order.pk, **done)
    certificate = draft_of(first)
    assert (certificate.state, certificate.number) == ("to_sign", 1)
    assert certificate.total_without_vat == line.unit_price
    assert row(first).holder == ball.Holder.LANDLORD
    act(first, "manager", services.sign_certificate, certificate_id=certificate.pk)
    assert row(first).state == "certified"


def test_a_company_that_never_says_what_it_did_is_chased(first, other):
    replaced(first, other)
    assert draft_of(first).state == "draft"
    chase = row(first).chase_at
    assert chase is not None
    with system_scope("tests: the other orders"):
        Order.objects.exclude(pk=first.order.pk).update(chase_at=None)
    with clock.moved_to(chase):
        assert tasks.chase_due() == 1
        assert tasks.chase_due() == 0
        relay.deliver_one_by_one()
    with system_scope("tests: bell"):
        rung = Notification.objects.filter(title__startswith="Relance")
        assert set(rung.values_list("organisation_id", flat=True)) == {first.contractor.pk}
    done = {"report": "Fuite arrêtée.", "submit": True}
    act(first, "desk", services.correct_certificate, order_id=first.order.pk, **done)
    assert row(first).chase_at is None


def test_nobody_reopens_what_was_stopped(first, other):
    replaced(first, other)
    for who, words in (("tenant", {}), ("manager", {"reason": "Fuit encore"})):
        with pytest.raises(Refused):
            act(first, who, services.reopen_order, order_id=first.order.pk, **words)
    assert not policies.is_contestable(row(first), clock.now())


def test_no_clause_certifies_what_nobody_has_said(first, other):
    with system_scope("tests: clause"):
        Contract.objects.filter(pk=first.contract.pk).update(
            tacit_clause="CCAP 12.3", certificate_days=5
        )
    replaced(first, other)
    certificate = draft_of(first)
    assert (certificate.remind_at, certificate.due_at) == (None, None)


def test_while_somebody_is_under_way_it_is_not_taken_away(first, other):
    start = clock.now() + timedelta(hours=3)
    window = {"start": start, "end": start + timedelta(hours=2), "off_hours": True}
    visit = act(
        first,
        "desk",
        services.propose_visit,
        order_id=first.order.pk,
        technician_id=first.technician.pk,
        call_noted=True,
        **window,
    )
    values = {"contract_id": other.pk, "reason": "default", "note": ""}
    made = act(first, "manager", services.draft_successor, order_id=first.order.pk, **values)
    act(first, "technician", services.leave, visit_id=visit.pk)
    with pytest.raises(Refused, match="en route"):
        act(first, "manager", services.issue_order, order_id=made.pk)
    assert row(first).state == "partly_done"


@pytest.fixture
def unopened(first):
    """Nobody opened twice since."""
    attempt(first)
    attempt(first, days=6)
    return first


def test_after_two_absences_the_landlord_decides_on_partial_works_too(unopened):
    assert row(unopened).holder == ball.Holder.LANDLORD
    absences = page_of(unopened, "manager").absences
    assert (absences.is_to_decide, absences.can_close) == (True, True)
    act(unopened, "clerk", services.ask_another_attempt, order_id=unopened.order.pk)
    assert row(unopened).holder == ball.Holder.CONTRACTOR
    with pytest.raises(Conflict):
        act(unopened, "clerk", services.ask_another_attempt, order_id=unopened.order.pk)
    client = Client()
    client.force_login(unopened.manager.user)
    url = reverse("orders:landlord_detail", args=[unopened.landlord.slug, unopened.order.pk])
    assert "Ce qui est fait sera constaté" in client.get(url).text


def test_closed_for_no_access_partial_works_are_certified_for_what_is_done(unopened, monkeypatch):
    monkeypatch.setattr(tenant_notices, "MOST_A_DAY", 60)
    act(unopened, "manager", services.close_no_access, order_id=unopened.order.pk)
    order = row(unopened)
    assert (order.state, order.stopped_for, order.closed_at) == ("done", "no_access", None)
    assert draft_of(unopened).state == "draft"
    tenant = unopened.actor("tenant")
    with scope_of(tenant):
        page = follow_page(tenant)
    assert page.status.label == "Rappelez-nous pour reprendre"
    assert "Appelez votre bailleur" in page.next_sentence
    assert not page.can_reopen
    relay.deliver_one_by_one()
    with system_scope("tests"):
        told = Message.objects.filter(kind="tenant_follow", event__kind="order.stopped")
        assert "s’arrêtent là" in told.get().text
    with pytest.raises(Conflict):
        act(unopened, "manager", services.close_no_access, order_id=unopened.order.pk)


@pytest.mark.parametrize("who", ["desk", "tenant", "reader"])
def test_nobody_else_stops_them(unopened, who):
    with pytest.raises(Refused):
        act(unopened, who, services.close_no_access, order_id=unopened.order.pk)
    assert row(unopened).state == "partly_done"
    with system_scope("tests"):
        assert Visit.objects.filter(order=unopened.order, state="no_access").count() == 2
