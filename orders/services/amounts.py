"""What an order comes to: its lines and what was granted on top or less, always, in one place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol
from uuid import UUID

from django.db.models import Sum

from orders.models import Contract, Order, OrderBudget, OrderLine, VariationLine, VariationTerms
from orders.variation_states import WORDS

CENT = Decimal("0.01")
MAX_TOTAL = Decimal("9999999.99")
"""Most that one order may come to, VAT included: ten times the largest contract seen."""
_LOADED = "_amounts"


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
    """A granted line of a variation, regularisation or reduction (`kind`), at what was granted.

    of: the line that a reduction takes off.
    """

    pk: UUID
    variation_number: int
    kind: str
    code: str
    label: str
    unit: str
    unit_price: Decimal
    vat_rate: Decimal
    quantity: Decimal
    total_without_vat: Decimal
    answered_at: datetime | None
    of: UUID | None = None

    @property
    def source(self) -> str:
        """Return which request it was granted on, in words."""
        return str(WORDS[self.kind].of_line) % {"n": self.variation_number}


@dataclass(frozen=True)
class Due:
    """A line that is owed: of the order, or granted on top (`extra`), less what was taken off it.

    ordered: its quantity before that.
    """

    line: OrderLine | Extra
    ordered: Decimal
    quantity: Decimal
    total_without_vat: Decimal

    @property
    def key(self) -> UUID:
        """What tells it apart, on certificates and invoices."""
        return self.line.pk

    @property
    def extra(self) -> Extra | None:
        """The grant that it comes from; None of the order's own."""
        return self.line if isinstance(self.line, Extra) else None

    @property
    def vat_rate(self) -> Decimal:
        """VAT in percent."""
        return self.line.vat_rate

    def total_for(self, quantity: Decimal) -> Decimal:
        """Return what a part of it comes to, euros excluding VAT."""
        if quantity == self.quantity:
            return self.total_without_vat
        return min(total_of(quantity, self.line.unit_price), self.total_without_vat)


def extras_of(order: Order) -> list[Extra]:
    """Return what was granted on top of an order's lines, or less, in the order of asking."""
    return _extras_of([order])[order.pk]


def _extras_of(orders: Sequence[Order]) -> dict[UUID, list[Extra]]:
    rows = (
        VariationLine.objects.filter(
            landlord_id__in={order.landlord_id for order in orders},
            variation__order_id__in=[order.pk for order in orders],
            granted_without_vat__isnull=False,
        )
        .exclude(granted_quantity=0)
        .select_related("variation")
        .order_by("variation__number", "rank")
    )
    found: dict[UUID, list[Extra]] = {order.pk: [] for order in orders}
    for line in rows:
        found[line.variation.order_id].append(_extra(line))
    return found


def _extra(line: VariationLine) -> Extra:
    return Extra(
        pk=line.pk,
        variation_number=line.variation.number,
        kind=line.variation.kind,
        code=line.code,
        label=line.label,
        unit=line.unit,
        unit_price=line.unit_price,
        vat_rate=line.vat_rate,
        quantity=line.granted_quantity or Decimal(0),
        total_without_vat=line.granted_without_vat or Decimal(0),
        answered_at=line.variation.answered_at,
        of=line.of_line_id or line.of_extra_id,
    )


def _lines_of(orders: Sequence[Order]) -> dict[UUID, list[OrderLine]]:
    rows = OrderLine.objects.filter(
        landlord_id__in={order.landlord_id for order in orders},
        order_id__in=[order.pk for order in orders],
    )
    found: dict[UUID, list[OrderLine]] = {order.pk: [] for order in orders}
    for line in rows.order_by("rank", "id"):
        found[line.order_id].append(line)
    return found


def load_amounts(order: Order, *, is_varied: bool) -> tuple[list[OrderLine], list[Extra]]:
    """Return lines and extras, and keep them on this very order: `due_of` it asks no more.

    For pages, which change nothing. is_varied: it has variations, without which it has no extras.
    """
    found = _lines_of([order])[order.pk], extras_of(order) if is_varied else []
    vars(order)[_LOADED] = found
    return found


def due_of(order: Order) -> list[Due]:
    """Return all that is owed, each line less what was taken off it. Two queries, or none."""
    loaded = vars(order).get(_LOADED)
    return _due(*loaded) if loaded else dues_of([order])[order.pk]


def dues_of(orders: Sequence[Order]) -> dict[UUID, list[Due]]:
    """Return the same of many orders, by their ids. Two queries."""
    own, extras = _lines_of(orders), _extras_of(orders)
    return {order.pk: _due(own[order.pk], extras[order.pk]) for order in orders}


def _due(own: list[OrderLine], extras: list[Extra]) -> list[Due]:
    added = [extra for extra in extras if extra.of is None]
    lines: list[OrderLine | Extra] = [*own, *added]
    found = []
    for line in lines:
        off = [extra for extra in extras if extra.of == line.pk]
        found.append(
            Due(
                line=line,
                ordered=line.quantity,
                quantity=line.quantity + sum((extra.quantity for extra in off), Decimal(0)),
                total_without_vat=line.total_without_vat
                + sum((extra.total_without_vat for extra in off), Decimal(0)),
            )
        )
    return found


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
    """Write an order's amount anew: lines and what was granted, more or less.

    Its row is locked by the caller.
    """
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
