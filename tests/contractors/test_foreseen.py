"""What would hold an invoice is seen from the order's acceptance on."""

from __future__ import annotations

import pytest

from contractors import services
from nexxio.core import relay
from nexxio.core.models import LegalForm
from nexxio.core.scoping import system_scope
from orders import services as orders
from orders.models import Contract
from tests.contractors.steps import client_of, url
from tests.factories.acting import act
from tests.factories.certified import signed
from tests.factories.full import visited
from tests.factories.invoiced import becomes, billed, blocks_of
from tests.factories.received import invoice_file, taken


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    becomes(world.first, LegalForm.PRIVATE)
    with system_scope("tests: a contract that wants numbers"):
        Contract.objects.filter(pk=world.first.contract.pk).update(needs_commitment=True)
    return world.first


def open_now(party) -> list[tuple[str, str]]:
    relay.drain_batches()
    relay.deliver_one_by_one()
    return [(block.cause, block.side) for block in blocks_of(party)]


def test_a_missing_number_is_foreseen_from_acceptance_and_goes_with_it(party):
    assert open_now(party) == []
    visited(party, state="confirmed")
    assert open_now(party) == [("B04", "landlord")]
    for who, side in (("manager", "landlord"), ("desk", "contractor")):
        page = client_of(party, who).get(url(party, side, "detail", party.order.pk, app="orders"))
        assert "serait à régler d’ici là" in page.text
    numbers = {"commitment_number": "EJ-1", "service_code": "S1"}
    act(party, "manager", orders.give_commitment, order_id=party.order.pk, **numbers)
    assert open_now(party) == []
    page = client_of(party, "manager").get(
        url(party, "landlord", "detail", party.order.pk, app="orders")
    )
    assert "serait à régler d’ici là" not in page.text


def test_a_file_without_the_number_that_its_company_had_is_held_there(party):
    billed(party)
    signed(party)
    numbers = {"commitment_number": "EJ-77", "service_code": "S1"}
    act(party, "manager", orders.give_commitment, order_id=party.order.pk, **numbers)
    taken(party, invoice_file(party))
    (block,) = blocks_of(party)
    assert (block.cause, block.side) == ("B04", "contractor")
    act(
        party,
        "manager",
        services.close_block_by_hand,
        block_id=block.pk,
        note="Rapprochée à la main",
    )
    assert open_now(party) == []


def test_a_file_that_bears_the_number_is_not_held(party):
    billed(party)
    signed(party)
    numbers = {"commitment_number": "EJ-77", "service_code": "S1"}
    act(party, "manager", orders.give_commitment, order_id=party.order.pk, **numbers)
    taken(party, invoice_file(party, reference="EJ-77"))
    assert blocks_of(party) == []
