"""What an order comes to: its lines and what was granted on top, always, in one place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from django.db.models import Sum

from orders.models import Contract, Order, OrderBudget, OrderLine, VariationLine, VariationTerms
from orders.variation_states import WORDS

CENT = Decimal("0.01")
MAX_TOTAL = Decimal("9999999.99")
"""Most that one order may come to, VAT included: ten times the largest contract seen."""


class Priced(Protocol):
    """Something with a sum and a rate."""

    @property
    def vat_rate(self) -> Decimal:
        """VAT in percent."""

    @property
    def total_without_vat(self) -> Decimal:
        """Euros excluding VAT."""


@dataclass(frozen=True)
class Extra:
    """A granted line of a variation or regularisation (`kind`), at what was granted."""

    variation_number: int
    kind: str
    code: str
    label: str
    unit: str
    unit_price: Decimal
    vat_rate: Decimal
    quantity: Decimal
    total_without_vat: Decimal

    @property
    def source(self) -> str:
        """Return which request it was granted on, in words."""
        return str(WORDS[self.kind].of_line) % {"n": self.variation_number}


def extras_of(order: Order) -> list[Extra]:
    """Return what was granted on top of an order's lines, in the order of asking."""
    found = (
        VariationLine.objects.filter(
            landlord_id=order.landlord_id,
            variation__order_id=order.pk,
            granted_without_vat__gt=0,
        )
        .select_related("variation")
        .order_by("variation__number", "rank")
    )
    return [
        Extra(
            variation_number=line.variation.number,
            kind=line.variation.kind,
            code=line.code,
            label=line.label,
            unit=line.unit,
            unit_price=line.unit_price,
            vat_rate=line.vat_rate,
            quantity=line.granted_quantity or Decimal(0),
            total_without_vat=line.granted_without_vat or Decimal(0),
        )
        for line in found
    ]


def total_of(quantity: Decimal, unit_price: Decimal) -> Decimal:
    """Return a line's total excluding VAT."""
    return (unit_price * quantity).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class RateTotals:
    """The totals of the lines of one VAT rate (percent), in euros."""

    rate: Decimal
    without_vat: Decimal
    vat: Decimal


def totals_by_rate(lines: Iterable[Priced]) -> list[RateTotals]:
    """Return the totals of each VAT rate, lowest rate first; VAT is rounded once per rate."""
    groups: dict[Decimal, Decimal] = {}
    for line in lines:
        groups[line.vat_rate] = groups.get(line.vat_rate, Decimal(0)) + line.total_without_vat
    return [
        RateTotals(rate, total, (total * rate / 100).quantize(CENT, ROUND_HALF_UP))
        for rate, total in sorted(groups.items())
    ]


def totals_of(lines: Iterable[Priced]) -> tuple[Decimal, Decimal]:
    """Return (total excluding VAT, VAT) of all lines."""
    groups = totals_by_rate(lines)
    return (
        sum((group.without_vat for group in groups), Decimal(0)),
        sum((group.vat for group in groups), Decimal(0)),
    )


def settle(order: Order) -> OrderBudget:
    """Write an order's amount anew: lines and granted extras. Its row is locked by the caller."""
    lines = OrderLine.objects.filter(landlord_id=order.landlord_id, order_id=order.pk)
    without_vat, vat = totals_of([*lines, *extras_of(order)])
    budget = OrderBudget.objects.get(landlord_id=order.landlord_id, order_id=order.pk)
    budget.total_without_vat = without_vat
    budget.total_vat = vat
    budget.total_with_vat = without_vat + vat
    budget.save(update_fields=["total_without_vat", "total_vat", "total_with_vat"])
    return budget


def tolerated(order: Order, contract: Contract) -> Decimal:
    """Return what may be added to an order without anybody's agreement, euros excluding VAT.

    The smaller of the contract's percentage of the order's own lines and its amount, less what
    was granted that way before: small extras don't add up to a large one.
    """
    own = {"landlord_id": order.landlord_id}
    lines = OrderLine.objects.filter(**own, order_id=order.pk).aggregate(
        total=Sum("total_without_vat")
    )["total"] or Decimal(0)
    used = VariationTerms.objects.filter(
        **own, variation__order_id=order.pk, automatic=True
    ).aggregate(total=Sum("granted"))["total"] or Decimal(0)
    share = (lines * contract.tolerance_percent / 100).quantize(CENT, ROUND_HALF_UP)
    return max(min(share, contract.tolerance_amount) - used, Decimal(0))
