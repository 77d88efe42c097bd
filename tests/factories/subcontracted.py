"""Subcontractors for tests: declared, accepted, named, given their part."""

from __future__ import annotations

from decimal import Decimal

from contractors import services
from contractors.models import Invoice, NamedSubcontractor, Subcontract, SubcontractShare
from contractors.subcontract_states import SubcontractState
from nexxio.core.scoping import system_scope
from tests.factories.acting import act
from tests.factories.papered import pdf_bytes
from tests.factories.world import Party

SIRET, OTHER_SIRET = "41816609600069", "35600000000048"


def declared(party: Party, *, siret: str = SIRET, upload: bool = False, **said) -> Subcontract:
    """Let the company declare a subcontractor on the party's contract."""
    data = {
        "name": f"Étanchéité de {party.contractor.name}",
        "siret": siret,
        "object": f"Étanchéité pour {party.landlord.name}",
        "amount": Decimal(1000),
        "is_direct": True,
    }
    return act(
        party,
        "desk",
        services.declare_subcontractor,
        contract_id=party.contract.pk,
        data=services.SubcontractInput(**{**data, **said}),
        upload=pdf_bytes() if upload else None,
    )


def accepted(party: Party, **said) -> Subcontract:
    """Let the landlord accept a subcontractor."""
    pk = declared(party, **said).pk
    return act(party, "manager", services.accept_subcontractor, subcontract_id=pk)


def named(party: Party, declared: Subcontract | None = None, **said) -> NamedSubcontractor:
    """Let the company say who comes to the party's order."""
    order_id = said.pop("order_id", party.order.pk)
    pk = declared.pk if declared else None
    return act(
        party,
        "desk",
        services.name_subcontractor,
        order_id=order_id,
        subcontract_id=pk,
        **said,
    )


def given(party: Party, invoice: Invoice, declared: Subcontract, amount: str) -> SubcontractShare:
    """Let the company give a subcontractor his part of an invoice."""
    return act(
        party,
        "desk",
        services.set_share,
        invoice_id=invoice.pk,
        subcontract_id=declared.pk,
        amount=Decimal(amount),
    )


def subcontracted(party: Party, invoice: Invoice) -> None:
    """Put rows of all of it between the party's two houses: the invoice's order names him."""
    found = accepted(party, upload=True)
    with system_scope("tests: a subcontractor"):
        own = {"landlord": party.landlord, "contractor": party.contractor}
        NamedSubcontractor.objects.create(
            **own, order_id=invoice.order_id, name=found.name, subcontract=found
        )
        SubcontractShare.objects.create(**own, invoice=invoice, subcontract=found, amount=1)
        assert found.state == SubcontractState.ACCEPTED
