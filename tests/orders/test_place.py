"""The tenant who follows a case is the one who lives where the order says."""

from __future__ import annotations

from datetime import date

import pytest

from nexxio.core.errors import Invalid
from nexxio.core.models import Case, Occupancy, Tenant, Unit
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Order
from tests.factories.full import act


@pytest.fixture
def next_door(world):
    """Another dwelling of the group, and who lives there."""
    first = world.first
    with system_scope("tests"):
        unit = Unit.objects.create(landlord=first.landlord, group=first.unit.group, number="13")
        tenant = Tenant.objects.create(
            landlord=first.landlord, first_name="Bob", last_name="Voisin", phone="+33611223344"
        )
        Occupancy.objects.create(
            landlord=first.landlord, unit=unit, tenant=tenant, starts_on=date(2021, 1, 1)
        )
    return unit, tenant


def _update(first, order, **changes):
    return act(
        first,
        "manager",
        services.update_order,
        order_id=order.pk,
        version=order.version,
        data=first.order_input(**changes),
    )


def test_a_drafts_case_moves_with_its_dwelling(world, next_door):
    first, (unit, tenant) = world.first, next_door
    draft = act(first, "manager", services.draft_order, data=first.order_input())
    _update(first, draft, unit_id=unit.pk)
    sent = act(first, "manager", services.issue_order, order_id=draft.pk)
    with system_scope("tests"):
        case = Case.objects.get(pk=sent.case_id)
    assert (case.unit_id, case.tenant_id) == (unit.pk, tenant.pk)
    assert sent.tenant_id == tenant.pk


def test_a_draft_for_a_vacant_dwelling_has_no_tenant(world):
    first = world.first
    draft = act(first, "manager", services.draft_order, data=first.order_input())
    _update(first, draft, nature="vacant")
    with system_scope("tests"):
        assert Case.objects.get(pk=draft.case_id).tenant_id is None


def test_an_order_that_has_left_keeps_its_dwelling(world, next_door):
    first, (unit, _tenant) = world.first, next_door
    act(first, "desk", services.return_order, order_id=first.order.pk, items=["place"])
    with system_scope("tests"):
        order = Order.objects.get(pk=first.order.pk)
    with pytest.raises(Invalid) as invalid:
        _update(first, order, unit_id=unit.pk)
    assert list(invalid.value.errors) == ["unit"]
    assert _update(first, order, door="Droite").place_door == "Droite"
