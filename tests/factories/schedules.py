"""Versions of price schedules for tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from nexxio.core import clock
from orders.models import Contract, PriceItem, PriceSchedule


def published(contract: Contract, on: date, *, number: int, **prices: str) -> PriceSchedule:
    """Make a published version; prices: by code, "_" for "-". In the caller's scope."""
    schedule = PriceSchedule.objects.create(
        landlord_id=contract.landlord_id,
        contractor_id=contract.contractor_id,
        contract=contract,
        number=number,
        effective_on=on,
        published_at=clock.now(),
    )
    PriceItem.objects.bulk_create(item_of(schedule, *pair) for pair in prices.items())
    return schedule


def item_of(schedule: PriceSchedule, code: str, price: str, label: str = "") -> PriceItem:
    """Return an unsaved article of a version."""
    return PriceItem(
        landlord_id=schedule.landlord_id,
        contractor_id=schedule.contractor_id,
        contract_id=schedule.contract_id,
        schedule=schedule,
        code=code.replace("_", "-"),
        label=label or f"Article {code}",
        unit="u",
        unit_price=Decimal(price),
    )
