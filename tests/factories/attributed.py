"""Contracts beside the party's own, and rows of what this landlord says of its orders."""

from __future__ import annotations

from decimal import Decimal

from nexxio.core import attachments
from nexxio.core.actors import Role
from nexxio.core.members.limits import write_role_limits
from nexxio.core.models import Partnership, Sector
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import (
    Contract,
    ContractPlace,
    Order,
    OrderClauses,
    OrderFile,
    OrderLink,
    PriceItem,
    PriceSchedule,
    RuleDeparture,
)
from tests.factories.acting import act, photo_bytes
from tests.factories.world import Party


def contract_beside(party: Party, company, **changes) -> Contract:
    """Open a contract like the party's with another company, with the same article."""
    with system_scope("tests: another company"):
        Partnership.objects.get_or_create(landlord=party.landlord, contractor=company)
        contract = Contract.objects.get(pk=party.contract.pk)
        contract.pk, contract._state.adding = None, True
        contract.contractor, contract.number = company, f"BIS-{party.contract.number}"
        for name, value in changes.items():
            setattr(contract, name, value)
        contract.save(force_insert=True)
        schedule = PriceSchedule.objects.get(pk=party.item.schedule_id)
        schedule.pk, schedule._state.adding = None, True
        schedule.contract, schedule.contractor = contract, company
        schedule.save(force_insert=True)
        item = PriceItem.objects.get(pk=party.item.pk)
        item.pk, item._state.adding = None, True
        item.contract, item.contractor, item.schedule = contract, company, schedule
        item.save(force_insert=True)
    return contract


def attached(party: Party, *, order_id=None, kind: str = "photo", **more) -> OrderFile:
    """Attach a photo to an order of the party's."""
    cleaned = attachments.clean_all([photo_bytes()], field="uploads")
    (row,) = act(
        party,
        "manager",
        services.attach_files,
        order_id=order_id or party.order.pk,
        cleaned=cleaned,
        kind=kind,
        **more,
    )
    return row


def ruled(party: Party) -> None:
    """Keep rules of the house, a perimeter, an order that left the rule, and an attached file."""
    act(
        party,
        "manager",
        services.write_house_rules,
        version=0,
        billing_address=f"{party.landlord.name}\nService comptabilité",
        needs_commitment=False,
    )
    act(party, "manager", write_role_limits, limits={Role.CLERK: Decimal(800)})
    attached(party, note=f"Vue de {party.landlord.name}")
    with system_scope("tests: attribution"):
        sector = Sector.objects.filter(landlord=party.landlord, groups=party.unit.group_id).get()
        own = {
            "landlord": party.landlord,
            "contractor": party.contractor,
            "contract": party.contract,
        }
        ContractPlace.objects.create(**own, sector=sector, name=f"Secteur {sector.name}")
        RuleDeparture.objects.create(**own, order=party.order, reason="no_answer")
        parties = {"landlord": party.landlord, "contractor": party.contractor}
        OrderClauses.objects.update_or_create(
            order=party.order,
            defaults={**parties, "insurer": f"Assureur de {party.landlord.name}"},
        )
        other = Order.objects.filter(landlord=party.landlord).exclude(pk=party.order.pk).first()
        OrderLink.objects.create(
            **parties,
            order=party.order,
            other=other,
            role="followed",
            reference=other.reference,
        )
