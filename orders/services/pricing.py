"""Which prices hold on a day, and the lines that copy them.

An order's lines follow the version of the price schedule that is in force on the day of its issue;
until then they are worked out again, by the article's code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from nexxio.core import clock
from nexxio.core.errors import Invalid
from orders.models import Order, OrderBudget, OrderLine, PriceItem, PriceSchedule, VariationLine
from orders.services.amounts import MAX_TOTAL, extras_of, total_of, totals_of

MAX_PRICE = Decimal("9999999.9999")
WORKS_VAT = Decimal("10.00")
COPIED = ("code", "label", "unit", "unit_price", "vat_rate")
LONGEST = {"label": 200, "unit": 12}


@dataclass(frozen=True)
class LineInput:
    """One price line as typed. quantity: in the item's unit.

    Without an article it is off the schedule, and says its own label, unit and price. to_price:
    its company still has to say the price; it counts as 0, and the order doesn't leave before.
    """

    price_item_id: UUID | None
    quantity: Decimal
    label: str = ""
    unit: str = ""
    unit_price: Decimal | None = None
    vat_rate: Decimal = WORKS_VAT
    to_price: bool = False


def price_date(order: Order | None = None) -> date:
    """Return the day whose prices an order takes: that of its issue, today before."""
    if order is None or order.issued_at is None:
        return clock.today()
    return clock.day_of(order.issued_at)


def in_force(contract_id: Any, on: date) -> QuerySet[PriceSchedule]:
    """Return the version of a contract's price schedule that holds on a day: one row or none."""
    return PriceSchedule.objects.filter(
        contract_id=contract_id, published_at__isnull=False, effective_on__lte=on
    ).order_by("-effective_on")[:1]


def items_in_force(contract_id: UUID, on: date) -> QuerySet[PriceItem]:
    """Return the articles of the version that holds on a day. One query."""
    version = Subquery(in_force(contract_id, on).values("pk"))
    return PriceItem.objects.filter(contract_id=contract_id, schedule_id=version)


def all_items_in_force(landlord_id: UUID, on: date) -> QuerySet[PriceItem]:
    """Return the articles that hold on a day, of all contracts of a landlord."""
    version = Subquery(in_force(OuterRef("contract_id"), on).values("pk"))
    held = (
        PriceSchedule.objects.filter(landlord_id=landlord_id)
        .order_by()
        .values("contract_id")
        .distinct()
        .annotate(held=version)
        .values("held")
    )
    return PriceItem.objects.filter(landlord_id=landlord_id, schedule_id__in=held)


def resolve(contract_id: UUID | None, ids: Iterable[UUID], on: date) -> dict[UUID, PriceItem]:
    """Return for each article the one that holds on a day: itself, or its code's.

    What the version in force doesn't have is left out.
    """
    wanted = set(ids)
    if contract_id is None or not wanted:
        return {}
    held = items_in_force(contract_id, on)
    found = {item.pk: item for item in held.filter(pk__in=wanted)}
    former = PriceItem.objects.filter(contract_id=contract_id, pk__in=wanted - found.keys())
    if codes := dict(former.values_list("pk", "code")):
        by_code = {item.code: item for item in held.filter(code__in=codes.values())}
        found |= {pk: by_code[code] for pk, code in codes.items() if code in by_code}
    return found


def gone_codes(order: Order) -> list[str]:
    """Return the codes of lines whose article the version in force doesn't have any more."""
    if order.contract_id is None or order.issued_at is not None:
        return []
    held = items_in_force(order.contract_id, price_date(order)).values("code")
    lines = OrderLine.objects.filter(
        landlord_id=order.landlord_id, order_id=order.pk, price_item__isnull=False
    )
    return list(lines.exclude(code__in=held).values_list("code", flat=True))


def typed_lines(order: Order) -> tuple[LineInput, ...]:
    """Return an order's stored lines as they would be typed."""
    return as_typed(OrderLine.objects.filter(landlord_id=order.landlord_id, order_id=order.pk))


def as_typed(lines: Iterable[OrderLine | VariationLine]) -> tuple[LineInput, ...]:
    """Return stored lines, of an order or of its extra works, as they would be typed."""
    return tuple(
        LineInput(line.price_item_id, line.quantity) if line.price_item_id else _in_words(line)
        for line in lines
    )


def make_lines(
    order: Order, typed: Sequence[LineInput], items: Mapping[UUID, PriceItem]
) -> list[OrderLine]:
    """Return unsaved lines. items: by the keys that were typed. Raises Invalid naming a line."""
    found = []
    for rank, line in enumerate(typed, start=1):
        if line.price_item_id is None:
            found.append(_off_schedule(order, line, rank))
        elif line.price_item_id in items:
            found.append(line_of(order, items[line.price_item_id], line.quantity, rank))
        else:
            raise Invalid(
                {"lines": [f"Ligne {rank} : cet article n’est pas au bordereau en vigueur."]}
            )
    return found


def line_of(order: Order, item: PriceItem, quantity: Decimal, rank: int) -> OrderLine:
    """Return an unsaved line that copies its article."""
    line = OrderLine(
        landlord_id=order.landlord_id,
        contractor_id=order.contractor_id,
        order=order,
        rank=rank,
        quantity=quantity,
    )
    _copy(line, item)
    return line


def reprice(order: Order) -> None:
    """Have the lines of an order that leaves copy the version in force today, and its totals.

    The caller holds the order. A line whose article is gone stays as it is: completeness says so.
    """
    if order.issued_at is not None or order.contract_id is None:
        return
    lines = list(OrderLine.objects.filter(landlord_id=order.landlord_id, order_id=order.pk))
    ids = [line.price_item_id for line in lines if line.price_item_id]
    items = resolve(order.contract_id, ids, price_date(order))
    moved = []
    for line in lines:
        item = items.get(line.price_item_id) if line.price_item_id else None
        if item is not None and item.pk != line.price_item_id:
            _copy(line, item)
            moved.append(line)
    if not moved:
        return
    for line in moved:
        line.save(update_fields=[*COPIED, "price_item", "total_without_vat"])
    write_totals(order, lines)


def write_totals(order: Order, lines: list[OrderLine]) -> None:
    """Keep an order's totals, with what was granted on top.

    Raises Invalid above the largest sum that is believed.
    """
    without_vat, vat = totals_of([*lines, *extras_of(order)])
    if without_vat + vat > MAX_TOTAL:
        largest = max(lines, key=lambda line: line.total_without_vat)
        raise Invalid(
            {
                "lines": [
                    "Le montant de la commande dépasse 9 999 999,99 € TTC : vérifiez la"
                    f" quantité de la ligne {largest.rank} ({largest.code or largest.label})."
                ]
            }
        )
    OrderBudget.objects.filter(landlord_id=order.landlord_id, order_id=order.pk).update(
        total_without_vat=without_vat, total_vat=vat, total_with_vat=without_vat + vat
    )


# --- inside -----------------------------------------------------------------------------------


def _copy(line: OrderLine, item: PriceItem) -> None:
    line.price_item = item
    for name in COPIED:
        setattr(line, name, getattr(item, name))
    line.total_without_vat = total_of(line.quantity, item.unit_price)


def _in_words(line: OrderLine | VariationLine) -> LineInput:
    """Return a stored line that is off the schedule as it would be typed."""
    said = (line.label, line.unit, line.unit_price or None, line.vat_rate)
    return LineInput(None, line.quantity, *said, to_price=not line.unit_price)


def _off_schedule(order: Order, line: LineInput, rank: int) -> OrderLine:
    said = {name: " ".join(getattr(line, name).split()) for name in LONGEST}
    if not all(said.values()) or any(len(said[name]) > most for name, most in LONGEST.items()):
        raise Invalid(
            {"lines": [f"Ligne {rank}, hors bordereau : indiquez la désignation et l’unité."]}
        )
    price = Decimal(0) if line.to_price else line.unit_price
    if price is None or not (line.to_price or 0 < price <= MAX_PRICE):
        raise Invalid({"lines": [f"Ligne {rank}, hors bordereau : indiquez un prix."]})
    return OrderLine(
        landlord_id=order.landlord_id,
        contractor_id=order.contractor_id,
        order=order,
        rank=rank,
        quantity=line.quantity,
        unit_price=price,
        vat_rate=line.vat_rate,
        total_without_vat=total_of(line.quantity, price),
        **said,
    )
