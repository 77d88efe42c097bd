"""What is not of one order and decides over many: bank details, billing, a contract's terms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from contractors import services
from contractors.models import Block, Invoice, InvoiceLine, PaperAsk, ReceivedInvoice
from contractors.services.comparing import comparison_of, comparisons_of
from contractors.services.facts import facts_of_order, facts_of_orders
from contractors.tasks import chase_old_papers
from nexxio.core import clock, relay
from nexxio.core.actors import SYSTEM
from nexxio.core.models import Job, LegalForm
from nexxio.core.scoping import system_scope
from orders import services as orders
from orders.models import Contract, Order, OrderBudget
from orders.services.contracts import contract_as_typed
from orders.terms import InvoicePiece
from tests.factories.acting import act
from tests.factories.certified import signed
from tests.factories.full import worked
from tests.factories.invoiced import BUYER, SELLER, becomes, billed, blocks_of, filed
from tests.factories.papered import IBAN, banked, in_force_now
from tests.factories.received import invoice_file, taken

OTHER_IBAN = "FR7610107001011234567890129"


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    becomes(world.first, LegalForm.PRIVATE)
    return world.first


def followed() -> int:
    """Deliver what happened and let a worker look at the orders; return how many jobs that took."""
    relay.deliver_one_by_one()
    with system_scope("tests: jobs"):
        waiting = list(Job.objects.filter(kind="blocks.look", state="queued"))
    for job in waiting:
        worked(job)
    return len(waiting)


def causes(party) -> list[str]:
    return [block.cause for block in blocks_of(party)]


def changed(party, **changes: object) -> None:
    with system_scope("tests: contract"):
        contract = Contract.objects.get(pk=party.contract.pk)
        typed = replace(contract_as_typed(contract), **changes)
    act(
        party,
        "manager",
        orders.change_contract,
        contract_id=contract.pk,
        version=contract.version,
        data=typed,
    )


def test_a_term_that_a_contract_gets_later_holds_its_invoices_at_once(party):
    filed(party)
    assert causes(party) == []
    changed(party, needs_commitment=True)
    assert followed() == 1
    assert causes(party) == ["B04"]
    changed(party, title="Un autre titre")
    assert followed() == 0
    changed(party, needs_commitment=False)
    assert followed() == 1
    assert causes(party) == []


def test_bank_details_that_come_into_force_lift_what_their_iban_held(party):
    billed(party)
    signed(party)
    in_force_now(banked(party, IBAN))
    received = taken(party, invoice_file(party))
    with system_scope("tests: a file that names another account"):
        type(received).objects.filter(pk=received.pk).update(iban=OTHER_IBAN)
        services.look_at_order(actor=party.actor("desk"), order_id=party.order.pk)
    assert causes(party) == ["B12"]
    followed()
    in_force_now(banked(party, OTHER_IBAN))
    chase_old_papers()
    assert followed() > 0
    assert causes(party) == []
    with system_scope("tests: how it ended"):
        assert Block.objects.get(cause="B12").closed_how == "fact"


def test_what_a_company_says_of_itself_is_looked_at_at_each_landlord_that_has_a_file(party):
    billed(party)
    signed(party)
    taken(party, invoice_file(party))
    followed()
    for who, jobs in (("desk", 1), ("manager", 1)):
        said = {**(SELLER if who == "desk" else BUYER), "more": f"Bâtiment {who}"}
        typed = services.BillingInput(**said)
        act(party, who, services.save_billing, typed=typed)
        assert followed() == jobs


def outcome(look: Callable[[], object]) -> tuple[set[tuple[object, ...]], set[tuple[object, ...]]]:
    """Return what a look leaves, blocks and due dates, and undo it."""
    with transaction.atomic():
        look()
        names = [field.attname for field in Block._meta.concrete_fields]
        blocks = set(Block.objects.values_list(*(set(names) - {"id", "created_at"})))
        dated = set(Invoice.objects.values_list("pk", "due_on"))
        transaction.set_rollback(True)
    return blocks, dated


def nothing_is_held() -> None:
    Block.objects.filter(closed_at__isnull=True, opened_how="fact").update(
        closed_at=clock.now(), closed_how="fact", remind_at=None
    )


def everything_is_asked_for() -> None:
    pieces = [code.value for code in InvoicePiece]
    Contract.objects.update(needs_commitment=True, pieces=pieces, ceiling=1)
    OrderBudget.objects.update(commitment_number="", total_without_vat=1, total_with_vat=1)
    PaperAsk.objects.update(is_lacking=True)


def files_say_something_else() -> None:
    ReceivedInvoice.objects.update(references=["AUTRE"], words=[], iban=OTHER_IBAN)
    InvoiceLine.objects.update(quantity=9)


@pytest.mark.parametrize("days", [0, 100])
@pytest.mark.parametrize("changed_facts", [None, nothing_is_held, everything_is_asked_for])
def test_many_orders_at_once_come_out_as_each_by_itself(filled, changed_facts, days):
    with system_scope("tests: a look at all"), clock.moved_to(clock.now() + timedelta(days=days)):
        if changed_facts is not None:
            changed_facts()
        assert looked_at_alike() or changed_facts is None


def looked_at_alike() -> set[object]:
    """Look at all orders each by itself, then at once, with the same outcome; return those where
    something changes.
    """
    keys = list(Order.objects.order_by("pk").values_list("pk", flat=True))
    differing: set[object] = set()

    def each_by_itself() -> None:
        for key in keys:
            before = outcome(lambda: None)
            services.look_at_order(actor=SYSTEM, order_id=key)
            if outcome(lambda: None) != before:
                differing.add(key)

    def at_once() -> None:
        assert set(services.look_at_orders(actor=SYSTEM, order_ids=keys)) == differing
        assert services.look_at_orders(actor=SYSTEM, order_ids=keys) == []

    assert outcome(each_by_itself) == outcome(at_once)
    return differing


def test_files_of_many_orders_are_compared_as_each_by_itself(world, party):
    for one in (party, world.second):
        becomes(one, LegalForm.PRIVATE)
        billed(one)
        signed(one)
        taken(one, invoice_file(one))
    followed()
    with system_scope("tests: a look at all"), clock.moved_to(clock.now()):
        assert not looked_at_alike()
        files_say_something_else()
        InvoiceLine.objects.filter(landlord=world.second.landlord).update(quantity=7)
        assert len(looked_at_alike()) == 2
        files = [
            (invoice, invoice.order)
            for invoice in Invoice.objects.filter(came_as_file=True, order__isnull=False)
        ]
        each = {invoice.pk: comparison_of(invoice, order) for invoice, order in files}
        assert comparisons_of(files) == each
        first, second = each.values()
        assert first.differences != second.differences


def test_the_facts_of_many_orders_are_those_of_each(filled):
    with system_scope("tests: facts of all"):
        orders = list(Order.objects.all())
        assert len(orders) >= 10
        assert facts_of_orders(orders) == {order.pk: facts_of_order(order) for order in orders}


def test_a_look_at_many_asks_no_more_than_at_one(filled):
    with system_scope("tests: a look at all"):
        keys = list(Order.objects.filter(contractor__isnull=False).values_list("pk", flat=True))
        services.look_at_orders(actor=SYSTEM, order_ids=keys)
        asked = []
        for some in (keys[:1], keys):
            with CaptureQueriesContext(connection) as seen:
                services.look_at_orders(actor=SYSTEM, order_ids=some)
            asked.append(len(seen))
            assert not [query for query in seen.captured_queries if "FOR UPDATE" in query["sql"]]
    assert asked[1] < asked[0] + len(keys)
    assert asked[1] < 60
