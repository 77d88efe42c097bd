"""Of two who prepare an invoice at once each gets a number, and no number is lost."""

from __future__ import annotations

import pytest

from contractors import services
from contractors.models import Invoice
from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.core.errors import Refused
from nexxio.core.scoping import system_scope
from orders import services as orders
from tests.factories.acting import act
from tests.factories.certified import finished_elsewhere
from tests.factories.extras import regularised
from tests.factories.invoiced import filed, filed_elsewhere
from tests.factories.world import build_world
from tests.races import collide

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def first(transactional_db, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    with system_scope("tests: world"):
        return build_world().first


def preparing(party, order_id):
    actor = party.actor("desk")

    def run():
        with scope_of(actor):
            return services.prepare_invoice(actor=actor, order_id=order_id)

    return run


def numbers() -> list[str]:
    with system_scope("tests: numbers"):
        return sorted(Invoice.objects.values_list("number", flat=True))


def test_two_orders_invoiced_at_once_get_numbers_that_follow_each_other(first):
    keys = [finished_elsewhere(first).order_id for _each in range(2)]
    second = collide(*(preparing(first, order_id) for order_id in keys))
    year = clock.today().year
    assert second.number == f"F{year}-00002"
    assert numbers() == [f"F{year}-00001", f"F{year}-00002"]


def test_one_order_invoiced_twice_at_once_gets_one_invoice_and_leaves_no_hole(first):
    order_id, other = (finished_elsewhere(first).order_id for _each in range(2))
    lost = collide(preparing(first, order_id), preparing(first, order_id))
    assert isinstance(lost, Refused)
    preparing(first, other)()
    year = clock.today().year
    assert numbers() == [f"F{year}-00001", f"F{year}-00002"]


def crediting(party, invoice):
    actor = party.actor("desk")
    said = {"reason": "error", "note": "Erreur de saisie"}

    def run():
        with scope_of(actor):
            return services.prepare_credit_note(actor=actor, invoice_id=invoice.pk, **said)

    return run


def test_one_invoice_taken_back_twice_at_once_gets_one_credit_note(first):
    invoice = filed_elsewhere(first)
    lost = collide(crediting(first, invoice), crediting(first, invoice))
    assert isinstance(lost, Refused)
    year = clock.today().year
    assert numbers() == [f"F{year}-00001", f"F{year}-00002"]


def test_what_was_granted_since_invoiced_twice_at_once_gets_one_invoice(first):
    filed(first, certified=False)
    variation = regularised(first)
    act(first, "manager", orders.grant_variation, variation_id=variation.pk)
    lost = collide(preparing(first, first.order.pk), preparing(first, first.order.pk))
    assert isinstance(lost, Refused)
    year = clock.today().year
    assert numbers() == [f"F{year}-00001", f"F{year}-00002"]
