"""What was blocked at the end of each week, and how long each desk held what was lifted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Max, Q, Sum
from django.db.models.functions import Greatest
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from contractors.charts import Chart, Value, chart
from contractors.models import IN_CIRCUIT, Block, BlockSide
from contractors.selectors.blocks import department_label
from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.templatetags.ui import number

WEEKS = 12
NOTHING = Decimal(0)
_DAY = timedelta(days=1)
_LARGE = 10_000


@dataclass(frozen=True)
class Week:
    """The end of a week, or today. euros: of all that was blocked, each invoice once; by_landlord:
    the part of it that waited for the landlord too."""

    until: date
    euros: Decimal
    by_landlord: Decimal
    invoices: int

    @property
    def by_company(self) -> Decimal:
        """What waited for the company alone."""
        return self.euros - self.by_landlord


@dataclass(frozen=True)
class Holder:
    """A desk, and the blocks of invoices that were lifted there. days: held on average."""

    name: str
    count: int
    days: Decimal
    longest: int


@dataclass(frozen=True)
class Trend:
    """The page."""

    weeks: list[Week]
    holders: list[Holder]
    chart: Chart | None


def trend(actor: Actor) -> Trend:
    """Return the last twelve weeks of an organisation's blocks. Two queries."""
    ends = _ends(clock.now())
    weeks = _weeks(actor, ends)
    return Trend(
        weeks=weeks,
        holders=_holders(actor, ends[0] - 7 * _DAY),
        chart=chart([_bar(week, max(each.euros for each in weeks)) for week in weeks]),
    )


# --- inside -----------------------------------------------------------------------------------


def _ends(now: datetime) -> list[datetime]:
    """Return the ends of the last weeks (Sundays, midnight in Paris), and now."""
    today = clock.day_of(now)
    monday = today - timedelta(days=today.weekday())
    past = [monday - timedelta(days=7 * back) for back in reversed(range(WEEKS - 1))]
    return [*(clock.start_of(day) for day in past), now]


def _own(actor: Actor) -> dict[str, Any]:
    key = "landlord_id" if actor.side is Side.LANDLORD else "contractor_id"
    return {key: actor.own_id, "invoice__filed_at__isnull": False}


def _weeks(actor: Actor, ends: list[datetime]) -> list[Week]:
    rows = Block.objects.filter(
        Q(closed_at__isnull=True) | Q(closed_at__gt=ends[0]), ~IN_CIRCUIT, **_own(actor)
    )
    each: dict[str, Any] = {}
    sums: dict[str, Any] = {}
    for index, end in enumerate(ends):
        there = Q(opened_at__lte=end, invoice__filed_at__lte=end) & (
            Q(closed_at__isnull=True) | Q(closed_at__gt=end)
        )
        each[f"all_{index}"] = Max("amount", filter=there)
        each[f"own_{index}"] = Max("amount", filter=there & Q(side=BlockSide.LANDLORD))
        sums[f"euros_{index}"] = Sum(f"all_{index}")
        sums[f"landlord_{index}"] = Sum(f"own_{index}")
        sums[f"count_{index}"] = Count(f"all_{index}")
    found = rows.order_by().values("invoice_id").annotate(**each).aggregate(**sums)
    return [
        Week(
            until=clock.day_of(end if index == len(ends) - 1 else end - _DAY),
            euros=found[f"euros_{index}"] or NOTHING,
            by_landlord=found[f"landlord_{index}"] or NOTHING,
            invoices=found[f"count_{index}"],
        )
        for index, end in enumerate(ends)
    ]


def _holders(actor: Actor, since: datetime) -> list[Holder]:
    held = ExpressionWrapper(
        F("closed_at") - Greatest("opened_at", "invoice__filed_at"), output_field=DurationField()
    )
    rows = (
        Block.objects.filter(**_own(actor), closed_at__gt=since)
        .filter(closed_at__gt=F("invoice__filed_at"))
        .order_by()
        .values("side", "department")
        .annotate(count=Count("pk"), mean=Avg(held), longest=Max(held))
    )
    holders = [
        Holder(
            name=_name(actor, row["side"], row["department"]),
            count=row["count"],
            days=clock.in_days(row["mean"]),
            longest=row["longest"].days,
        )
        for row in rows
    ]
    return sorted(holders, key=lambda one: (-one.days, one.name))


def _name(actor: Actor, side: str, department: str) -> str:
    if side == BlockSide.CONTRACTOR:
        return _("Entreprises") if actor.side is Side.LANDLORD else _("Votre entreprise")
    name = department_label(department) or _("service non précisé")
    return name if actor.side is Side.LANDLORD else _("Bailleurs · %s") % name


def _bar(week: Week, highest: Decimal) -> Value:
    label = date_format(week.until, "j/m")
    if not week.euros:
        return Value(label, "", NOTHING)
    short = _("%s €") % number(week.euros, 0)
    if highest >= _LARGE:
        short = _("%s k€") % number(week.euros / 1000, 1)
    return Value(label, short, week.by_landlord, rest=week.by_company)
