"""Contracts with their price schedules."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.core.paginator import Page, Paginator
from django.db.models import Count

from orders.models import Contract, PriceItem
from orders.services import ceilings_left

ITEMS_PER_PAGE = 50


@dataclass(frozen=True)
class ContractRow:
    """A contract, and what is left of its ceiling (None: no ceiling).

    items: a page of its articles, by code, of the contract that is open; None for the others.
    """

    contract: Contract
    left: Decimal | None
    item_count: int
    items: Page[PriceItem] | None


def contract_rows(*, opened: str = "", page: str = "1") -> list[ContractRow]:
    """Return the landlord's contracts by number, one of them open (the first, unless named).

    opened: a contract's id as the address has it; page: of its articles. Whatever is no such
    thing counts as not said. Four queries, however many contracts and articles there are.
    """
    found = list(
        Contract.objects.select_related("contractor")
        .annotate(item_count=Count("price_items"))
        .order_by("number")
    )
    left = ceilings_left(found)
    wanted = next((contract for contract in found if str(contract.pk) == opened), None)
    wanted = wanted or next(iter(found), None)
    return [
        ContractRow(
            contract=contract,
            left=left[contract.pk],
            item_count=contract.item_count,
            items=_items(contract, contract.item_count, page) if contract is wanted else None,
        )
        for contract in found
    ]


def _items(contract: Contract, count: int, page: str) -> Page[PriceItem]:
    items = PriceItem.objects.filter(
        landlord_id=contract.landlord_id, contract_id=contract.pk
    ).order_by("code")
    paginator = Paginator(items, ITEMS_PER_PAGE)
    paginator.count = count  # the contract brought it
    return paginator.get_page(page)
