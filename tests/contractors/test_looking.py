"""What is not of one order and decides over many: bank details, billing, a contract's terms."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contractors import services
from contractors.models import Block
from contractors.tasks import chase_old_papers
from nexxio.core import relay
from nexxio.core.models import Job, LegalForm
from nexxio.core.scoping import system_scope
from orders import services as orders
from orders.models import Contract
from orders.services.contracts import contract_as_typed
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
