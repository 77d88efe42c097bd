"""A landlord's steering: what each service holds up and for how long; what tenants say, by view.

Blocks are facts and are counted here; satisfaction comes from the one selector of results.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from contractors.charts import Chart, Value, chart
from contractors.models import IN_CIRCUIT, Block, BlockSide
from contractors.selectors.blocks import department_label
from evaluations.models import Dimension
from evaluations.selectors.results import Satisfaction, satisfaction, satisfaction_trend
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.templatetags.ui import number

WEEKS = 12
NOTHING = Decimal(0)
COMPANIES = "entreprises"
_UNNAMED = "sans-service"
_DAY = timedelta(days=1)
_LARGE = 10_000
_BARS = 12
_ROWS = 40
_VIEWS = (Dimension.RESIDENCE, Dimension.TRADE, Dimension.CONTRACTOR, Dimension.AGENCY)
_SECTOR = Decimal(100) / 3


@dataclass(frozen=True)
class Week:
    """What one desk held at the end of a day: each seventh one back from today, and now."""

    until: date
    euros: Decimal
    invoices: int
    orders: int


@dataclass(frozen=True)
class Desk:
    """One service, or all companies together.

    euros: of the invoices that it holds, each once; orders: not invoiced yet, that it would hold.
    oldest: days since its oldest block was opened. held: days that a block took, on average, among
    those lifted in the twelve weeks; lifted: how many those are.
    """

    key: str
    name: str
    euros: Decimal
    invoices: int
    orders: int
    oldest: int
    lifted: int
    held: Decimal | None
    weeks: list[Week]

    @property
    def before(self) -> Decimal:
        """What it held twelve weeks ago."""
        return self.weeks[0].euros

    @property
    def change(self) -> str:
        """What became of it since, in words."""
        if self.euros == self.before:
            return _("stable")
        return _("en baisse") if self.euros < self.before else _("en hausse")


@dataclass(frozen=True)
class View:
    """Satisfaction by one dimension, with its chart: the numbers of the bars are the table's.

    more: how many cells aren't listed, the most satisfied and those that aren't told.
    """

    dimension: str
    title: str
    rows: list[Satisfaction]
    more: int
    chart: Chart | None


@dataclass(frozen=True)
class Steering:
    """The page. desk: whose twelve weeks are shown."""

    desks: list[Desk]
    desk: Desk | None
    weeks: Chart | None
    quarter: str
    views: list[View]
    trend: list[Satisfaction]
    trend_chart: Chart | None
    sector: str


def steering(actor: Actor, *, desk: str = "") -> Steering:
    """Return a landlord's page. About ten queries, whatever it holds."""
    desks = _desks(actor)
    shown = next((one for one in desks if one.key == desk), desks[0] if desks else None)
    quarter, views = _views(actor)
    trend = satisfaction_trend(actor)
    return Steering(
        desks=desks,
        desk=shown,
        weeks=chart([_bar(week, shown.weeks) for week in shown.weeks]) if shown else None,
        quarter=quarter,
        views=views,
        trend=trend,
        trend_chart=_dissatisfied(trend, [one.label for one in trend]),
        sector=number(_SECTOR, 0),
    )


# --- inside -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Held:
    """A block: what it holds, since and until when."""

    invoice: UUID | None
    order: UUID | None
    euros: Decimal
    opened_at: datetime
    closed_at: datetime | None

    def is_there(self, at: datetime) -> bool:
        return self.opened_at <= at and (self.closed_at is None or self.closed_at > at)


def _desks(actor: Actor) -> list[Desk]:
    """Return who holds something, or held it in the last weeks, the largest sum first."""
    ends = _ends(clock.now())
    rows = Block.objects.filter(
        Q(closed_at__isnull=True) | Q(closed_at__gt=ends[0]),
        ~IN_CIRCUIT,
        landlord_id=actor.own_id,
    ).order_by()
    held: dict[str, list[_Held]] = {}
    fields = ("side", "department", "invoice_id", "order_id", "amount", "opened_at", "closed_at")
    for side, department, *values in rows.values_list(*fields).iterator():
        key = COMPANIES if side == BlockSide.CONTRACTOR else department or _UNNAMED
        held.setdefault(key, []).append(_Held(*values))
    desks = [_desk(key, blocks, ends) for key, blocks in held.items()]
    return sorted(desks, key=lambda one: (one.key == COMPANIES, -one.euros, one.name))


def _desk(key: str, blocks: list[_Held], ends: list[datetime]) -> Desk:
    weeks = [
        Week(
            until=clock.day_of(end if index == len(ends) - 1 else end - _DAY),
            **_sums(block for block in blocks if block.is_there(end)),
        )
        for index, end in enumerate(ends)
    ]
    now = ends[-1]
    there = [block for block in blocks if block.closed_at is None]
    lifted = [block.closed_at - block.opened_at for block in blocks if block.closed_at is not None]
    mean = sum(lifted, timedelta()) / len(lifted) if lifted else None
    return Desk(
        key=key,
        name=_name(key),
        euros=weeks[-1].euros,
        invoices=weeks[-1].invoices,
        orders=weeks[-1].orders,
        oldest=max(((now - block.opened_at).days for block in there), default=0),
        lifted=len(lifted),
        held=None if mean is None else clock.in_days(mean),
        weeks=weeks,
    )


def _sums(blocks: Iterable[_Held]) -> dict[str, Any]:
    """Return what some blocks hold: an invoice counts once, by its largest block."""
    invoices: dict[UUID, Decimal] = {}
    orders: set[UUID | None] = set()
    for block in blocks:
        if block.invoice is None:
            orders.add(block.order)
        else:
            invoices[block.invoice] = max(invoices.get(block.invoice, NOTHING), block.euros)
    return {
        "euros": sum(invoices.values(), NOTHING),
        "invoices": len(invoices),
        "orders": len(orders),
    }


def _ends(now: datetime) -> list[datetime]:
    """Return when the day 84 days back ended (midnight in Paris), each week since, and now."""
    tomorrow = clock.day_of(now) + _DAY
    past = [tomorrow - timedelta(days=7 * back) for back in range(WEEKS, 0, -1)]
    return [*(clock.start_of(day) for day in past), now]


def _name(key: str) -> str:
    if key == COMPANIES:
        return _("Entreprises")
    return _("Service non précisé") if key == _UNNAMED else department_label(key)


def _bar(week: Week, weeks: list[Week]) -> Value:
    label = date_format(week.until, "j/m")
    if not week.euros:
        return Value(label, "", NOTHING)
    if max(each.euros for each in weeks) >= _LARGE:
        return Value(label, _("%s k€") % number(week.euros / 1000, 1), week.euros)
    return Value(label, _("%s €") % number(week.euros, 0), week.euros)


def _views(actor: Actor) -> tuple[str, list[View]]:
    quarter, cells = satisfaction(actor, _VIEWS)
    found = []
    for dimension, rows in cells.items():
        if rows:
            told = [one for one in rows if one.is_told][:_BARS]
            labels = [str(n) for n in range(1, len(told) + 1)]  # those that are told come first
            found.append(
                View(
                    dimension=dimension.value,
                    title=str(dimension.label),
                    rows=rows[:_ROWS],
                    more=len(rows[_ROWS:]),
                    chart=_dissatisfied(told, labels),
                )
            )
    return quarter, found


def _dissatisfied(rows: list[Satisfaction], labels: list[str]) -> Chart | None:
    """Return the bars of dissatisfied shares, with the sector's line; None without any told."""
    bars = [
        Value(label, one.share, one.percent)
        for one, label in zip(rows, labels, strict=True)
        if one.percent is not None
    ]
    return chart(bars, line=(_SECTOR, _("repère du secteur : 1 sur 3"))) if bars else None
