"""A landlord's steering: what each service holds up and for how long; what tenants say, by view.

Blocks are facts and are counted here; satisfaction comes from the one selector of results.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, DurationField, ExpressionWrapper, F, Max, Q, Sum
from django.db.models import Value as Constant
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contractors.charts import Chart, Value, chart
from contractors.models import IN_CIRCUIT, Block, BlockSide
from contractors.selectors.blocks import department_label
from evaluations.models import Dimension
from evaluations.selectors.results import Satisfaction, satisfaction, satisfaction_trend
from evaluations.selectors.tenant_surveys import SurveyPart, survey_part
from evaluations.small_services import TOGETHER, put_together
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.models import Membership
from nexxio.core.templatetags.ui import number
from orders.ball import Holder
from orders.certificate_states import CertificateState
from orders.models import Order
from orders.states import OrderState

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
class Waiting:
    """Orders on which a service has to act. oldest, mean: of days since it is its turn."""

    orders: int = 0
    oldest: int = 0
    mean: Decimal = NOTHING
    whats: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Desk:
    """One service, small ones together, or all companies together.

    euros: of the invoices that it holds, each once; orders: not invoiced yet, that it would hold.
    oldest: days since its oldest block was opened. held: days that a block took, on average, among
    those lifted in the twelve weeks; lifted: how many those are. waiting: orders that wait for the
    service; None of companies, whose turn most orders are.
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
    waiting: Waiting | None

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
    surveys: SurveyPart


def steering(actor: Actor, *, desk: str = "") -> Steering:
    """Return a landlord's page. About ten queries, whatever it holds."""
    desks = _desks(actor)
    shown = next((one for one in desks if one.key == desk), desks[0] if desks else None)
    quarter, cells = satisfaction(actor, _VIEWS)
    trend = satisfaction_trend(actor)
    return Steering(
        desks=desks,
        desk=shown,
        weeks=chart([_bar(week, shown.weeks) for week in shown.weeks]) if shown else None,
        quarter=quarter,
        views=_views(cells),
        trend=trend,
        trend_chart=_dissatisfied(trend, [one.label for one in trend]),
        sector=number(_SECTOR, 0),
        surveys=survey_part(
            actor, trend=trend, quarter=quarter, agencies=cells.get(Dimension.AGENCY, [])
        ),
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
    small = _small(actor)
    held: dict[str, list[_Held]] = {}
    fields = ("side", "department", "invoice_id", "order_id", "amount", "opened_at", "closed_at")
    for side, department, *values in rows.values_list(*fields).iterator():
        key = COMPANIES if side == BlockSide.CONTRACTOR else _key(department, small)
        held.setdefault(key, []).append(_Held(*values))
    waiting = _waiting(actor, small)
    desks = [
        _desk(key, held.get(key, []), ends, waiting.get(key, Waiting()))
        for key in {*held, *waiting}
    ]
    return sorted(desks, key=lambda one: (one.key == COMPANIES, -one.euros, one.name))


def _small(actor: Actor) -> Mapping[str, str]:
    """Return, by department, under which name it is told: small ones together, as in training."""
    rows = (
        Membership.objects.filter(
            organisation_id=actor.own_id, is_active=True, user__is_active=True
        )
        .order_by()
        .values_list("department")
        .annotate(persons=Count("user", distinct=True))
    )
    persons: dict[str, int] = dict(rows)
    small = put_together(persons)
    return {key: TOGETHER if key in small else key for key in persons}


def _key(department: str, names: Mapping[str, str]) -> str:
    return names.get(department, department) if department else _UNNAMED


_WHATS: dict[str, tuple[Any, Q]] = {
    "returned": (gettext_lazy("renvoyées à compléter"), Q(state=OrderState.RETURNED)),
    "approval": (gettext_lazy("à valider"), Q(state=OrderState.PENDING_APPROVAL)),
    "extra": (
        gettext_lazy("devis ou régularisation sans réponse"),
        Q(ball__has_any_keys=["variation", "regularisation"]),
    ),
    "hold": (gettext_lazy("en attente de sa décision"), Q(ball__has_key="hold")),
    "sign": (gettext_lazy("constats à signer"), Q(ball__certificate=CertificateState.TO_SIGN)),
    "lifted": (gettext_lazy("réserves à vérifier"), Q(ball__has_key="claimed")),
}


def _waiting(actor: Actor, names: Mapping[str, str]) -> dict[str, Waiting]:
    """Return the orders whose turn is a service's: what it holds up beside invoices. One query."""
    now = clock.now()
    age = ExpressionWrapper(Constant(now) - F("held_since"), output_field=DurationField())
    rows: Any = (
        Order.objects.filter(
            landlord_id=actor.own_id, holder=Holder.LANDLORD, held_since__isnull=False
        )
        .exclude(state=OrderState.DRAFT)
        .order_by()
        .values("department")
        .annotate(
            orders=Count("pk"),
            oldest=Max(age),
            total=Sum(age),
            **{name: Count("pk", filter=which) for name, (_label, which) in _WHATS.items()},
        )
    )
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(_key(row["department"], names), []).append(row)
    return {key: _together(parts) for key, parts in found.items()}


def _together(rows: list[Any]) -> Waiting:
    orders = sum(row["orders"] for row in rows)
    total = sum((row["total"] for row in rows), timedelta())
    counts = ((str(label), sum(row[name] for row in rows)) for name, (label, _q) in _WHATS.items())
    return Waiting(
        orders=orders,
        oldest=max(row["oldest"] for row in rows).days,
        mean=clock.in_days(total / orders),
        whats=tuple((label, n) for label, n in counts if n),
    )


def _desk(key: str, blocks: list[_Held], ends: list[datetime], waiting: Waiting) -> Desk:
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
        waiting=None if key == COMPANIES else waiting,
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
    if key == TOGETHER:
        return _("Services réunis (moins de trois personnes chacun)")
    return _("Service non précisé") if key == _UNNAMED else department_label(key)


def _bar(week: Week, weeks: list[Week]) -> Value:
    label = date_format(week.until, "j/m")
    if not week.euros:
        return Value(label, "", NOTHING)
    if max(each.euros for each in weeks) >= _LARGE:
        return Value(label, _("%s k€") % number(week.euros / 1000, 1), week.euros)
    return Value(label, _("%s €") % number(week.euros, 0), week.euros)


def _views(cells: Mapping[Dimension, list[Satisfaction]]) -> list[View]:
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
    return found


def _dissatisfied(rows: list[Satisfaction], labels: list[str]) -> Chart | None:
    """Return the bars of dissatisfied shares, with the sector's line; None without any told."""
    bars = [
        Value(label, one.share, one.percent)
        for one, label in zip(rows, labels, strict=True)
        if one.percent is not None
    ]
    return chart(bars, line=(_SECTOR, _("repère du secteur : 1 sur 3"))) if bars else None
