"""Subcontractors of the demo world: one accepted and named on an order, one that waits."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from contractors import services
from nexxio.core import clock
from nexxio.core.actors import Actor, scope_of
from orders.models import Contract, Order
from orders.states import OrderState

DRAINS = services.SubcontractInput(
    name="Débouchage Express",
    siret="41816609600069",
    object="Débouchage et curage des colonnes d’eaux usées",
    amount=Decimal(18000),
    vat_rate=Decimal(10),
    is_direct=True,
)
DRILLING = services.SubcontractInput(
    name="Carottage du Nord",
    siret="35600000000048",
    object="Carottage et percement de dalles",
    amount=Decimal(6400),
    is_reverse_charge=True,
    is_direct=True,
)


def declare(company: Actor, landlord: Actor, contract: Contract, now: datetime) -> None:
    """Let a company declare two subcontractors on a contract; its landlord has answered on one."""
    with clock.moved_to(now - timedelta(days=40)), scope_of(company):
        first = services.declare_subcontractor(actor=company, contract_id=contract.pk, data=DRAINS)
    with clock.moved_to(now - timedelta(days=36)), scope_of(landlord):
        services.accept_subcontractor(actor=landlord, subcontract_id=first.pk)
    with clock.moved_to(now - timedelta(days=3)), scope_of(company):
        services.declare_subcontractor(actor=company, contract_id=contract.pk, data=DRILLING)
    with scope_of(company):
        order = Order.objects.filter(contract=contract, state=OrderState.ACCEPTED).first()
        if order is not None:
            services.name_subcontractor(actor=company, order_id=order.pk, subcontract_id=first.pk)
