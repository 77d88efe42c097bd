"""Warranties that run: of a landlord, of a residence, on what is being ordered."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from nexxio.core import clock
from nexxio.core.models import Unit
from orders.models import Warranty

PER_PAGE = 50


def warranties_on(unit: Unit, trade: str | None) -> list[Warranty]:
    """Return what runs today on a place, for a trade or all of them: one query."""
    today = clock.today()
    whole = Q(unit_id__isnull=True) | Q(unit_id=unit.pk)
    works = Q(trade_id__isnull=True) | Q(trade_id=trade or "")
    found = _running(unit.landlord_id).filter(whole, works, group_id=unit.group_id)
    return list(found.filter(starts_on__lte=today).select_related("trade"))


def warranties_of(group_id: UUID) -> list[Warranty]:
    """Return what runs, or will, on a residence."""
    rows = Warranty.objects.filter(group_id=group_id, ended_at__isnull=True)
    return list(rows.filter(ends_on__gte=clock.today()).select_related("trade", "unit"))


def warranty_page(landlord_id: UUID, page: str) -> Page[Warranty]:
    """Return a page of all that a landlord has running, the first to end first."""
    rows = _running(landlord_id).select_related("group", "trade", "unit")
    return Paginator(rows.order_by("ends_on", "id"), PER_PAGE).get_page(page)


def _running(landlord_id: UUID) -> QuerySet[Warranty]:
    rows = Warranty.objects.filter(landlord_id=landlord_id, ended_at__isnull=True)
    return rows.filter(ends_on__gte=clock.today())
