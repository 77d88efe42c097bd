"""Contracts with their price schedules."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from orders.models import Contract, PriceItem
from orders.services import ceilings_left


@dataclass(frozen=True)
class ContractRow:
    """A contract, its articles by code, and what is left of its ceiling (None: no ceiling)."""

    contract: Contract
    items: list[PriceItem]
    left: Decimal | None


def contract_rows() -> list[ContractRow]:
    """Return the landlord's contracts by number."""
    found = list(Contract.objects.select_related("contractor").order_by("number"))
    items: dict[UUID, list[PriceItem]] = {contract.pk: [] for contract in found}
    for item in PriceItem.objects.filter(contract_id__in=items).order_by("code"):
        items[item.contract_id].append(item)
    left = ceilings_left(found)
    return [
        ContractRow(contract=contract, items=items[contract.pk], left=left[contract.pk])
        for contract in found
    ]


def find_contract(pk: UUID) -> Contract | None:
    """Return a contract that the current scope sees."""
    return Contract.objects.filter(pk=pk).first()
