"""Contracts with the versions of their price schedules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.models import Partnership
from nexxio.core.templatetags.ui import NBSP, number
from orders.models import Contract, PriceItem, PriceSchedule
from orders.selectors.attribution import place_names
from orders.selectors.ceilings import Ceiling
from orders.selectors.status import Status
from orders.selectors.trades import trade_choices
from orders.services import ceilings_left, in_force
from orders.terms import regularisation_days

ITEMS_PER_PAGE = 50
ITEMS_FOUND = 12
MOST_ITEMS = 10_000
_FIND = "SELECT * FROM orders_search_items(%s, %s, %s)"


@dataclass(frozen=True)
class Version:
    """A version of a price schedule and where it stands in time."""

    schedule: PriceSchedule
    status: Status
    item_count: int
    ends_on: date | None = None

    @property
    def is_prepared(self) -> bool:
        """Tell whether it still changes."""
        return self.schedule.published_at is None


@dataclass(frozen=True)
class ContractRow:
    """A contract in the list. versions: newest first. in_force: None before the first one.

    places: what its perimeter is made of, by name, on its own page.
    """

    contract: Contract
    ceiling: Ceiling | None
    trades: str
    versions: list[Version]
    places: list[str] = field(default_factory=list)

    @property
    def regularisation_days(self) -> int:
        """Working days that the landlord has to settle a regularisation asked today."""
        return regularisation_days(self.contract.regularisation_days, clock.today())

    @property
    def in_force(self) -> Version | None:
        """The version that holds today."""
        return next((v for v in self.versions if v.status.code == "held"), None)

    @property
    def coming(self) -> list[Version]:
        """Versions that don't hold yet, published or not."""
        return [v for v in self.versions if v.status.code in ("coming", "prepared")]


_STATUS = {
    "held": (_("En vigueur"), "success", "circle-check"),
    "coming": (_("À venir"), "info", "calendar-time"),
    "prepared": (_("En préparation"), "waiting", "pencil"),
    "past": (_("Remplacée"), "neutral", "history"),
}


def _status(code: str) -> Status:
    label, tone, icon = _STATUS[code]
    return Status(code, str(label), tone, icon)


def contract_rows() -> list[ContractRow]:
    """Return the contracts in scope, a landlord's by number. Three queries, however many."""
    found = Contract.objects.select_related("landlord", "contractor")
    return _rows(list(found.order_by("landlord__name", "number")))


def contract_row(contract: Contract) -> ContractRow:
    """Return one contract as the list shows it."""
    return replace(_rows([contract])[0], places=place_names([contract]).get(contract.pk, []))


def partner_choices(actor: Actor) -> list[tuple[str, str]]:
    """Return the companies that a landlord works with, by name."""
    found = Partnership.objects.filter(landlord_id=actor.own_id, contractor__is_active=True)
    names = found.order_by("contractor__name").values_list("contractor_id", "contractor__name")
    return [(str(pk), name) for pk, name in names]


def running_choices(actor: Actor) -> list[tuple[str, str]]:
    """Return a landlord's contracts that aren't over, by number."""
    found = Contract.objects.filter(landlord_id=actor.own_id, ends_on__gte=clock.today())
    rows = found.select_related("contractor").order_by("number")
    return [(str(one.pk), f"{one} · {one.contractor}") for one in rows]


def _rows(found: list[Contract]) -> list[ContractRow]:
    left = ceilings_left(found)
    labels = dict(trade_choices())
    by_contract = _versions(contract.pk for contract in found)
    return [
        ContractRow(
            contract=contract,
            ceiling=Ceiling.of(contract, left[contract.pk]),
            trades=", ".join(labels.get(code, code) for code in contract.trades),
            versions=by_contract.get(contract.pk, []),
        )
        for contract in found
    ]


def _versions(contract_ids: Iterable[UUID]) -> dict[UUID, list[Version]]:
    schedules = (
        PriceSchedule.objects.filter(contract_id__in=list(contract_ids))
        .annotate(item_count=Count("items"))
        .order_by("contract_id", "-effective_on")
    )
    found: dict[UUID, list[Version]] = {}
    next_day: dict[UUID, date] = {}
    held: set[UUID] = set()
    today = clock.today()
    for schedule in schedules:
        key = schedule.contract_id
        code = "prepared"
        ends_on = None
        if schedule.published_at is not None:
            ends_on = next_day.get(key)
            next_day[key] = schedule.effective_on - timedelta(days=1)
            code = "past" if key in held else "held"
            if schedule.effective_on > today:
                code = "coming"
            else:
                held.add(key)
        found.setdefault(key, []).append(
            Version(schedule, _status(code), schedule.item_count, ends_on=ends_on)
        )
    return found


class _Counted(Paginator):  # type: ignore[type-arg]
    """Pages of articles whose number is known."""

    def __init__(self, items: QuerySet[PriceItem], count: int) -> None:
        super().__init__(items, ITEMS_PER_PAGE)
        self.__dict__["count"] = count


def items_page(shown: Version | None, *, q: str = "", page: str = "1") -> Page[PriceItem]:
    """Return a page of a version's articles by code, those that hold every word of `q`."""
    schedule_id = shown.schedule.pk if shown else None
    items: QuerySet[PriceItem] = PriceItem.objects.filter(schedule_id=schedule_id).order_by("code")
    if q.strip() and schedule_id is not None:
        items = items.filter(pk__in=_found(q, schedule_id, MOST_ITEMS))
        return Paginator(items, ITEMS_PER_PAGE).get_page(page)
    return _Counted(items, shown.item_count if shown else 0).get_page(page)


def find_items(contract_id: UUID, q: str, *, on: date) -> list[PriceItem]:
    """Return the first articles in force that hold every word, or part of a word, of `q`."""
    schedule = in_force(contract_id, on).first()
    if schedule is None:
        return []
    found = PriceItem.objects.filter(pk__in=_found(q, schedule.pk, ITEMS_FOUND))
    return list(found.order_by("code"))


def _found(q: str, schedule_id: UUID, most: int) -> RawSQL:
    """Return, for `pk__in`, articles that hold every word, or a near one where nothing does.

    The database knows whose schedules the connection may read (0206_near_words).
    """
    return RawSQL(_FIND, [q, schedule_id, most])  # noqa: S611 (a constant)


def all_items(schedule_id: UUID) -> QuerySet[PriceItem]:
    """Return all articles of a version by code: for a file."""
    return PriceItem.objects.filter(schedule_id=schedule_id).order_by("code")


@dataclass(frozen=True)
class Change:
    """An article in two versions. before, after: None where it isn't in that one."""

    code: str
    before: PriceItem | None
    after: PriceItem | None

    @property
    def item(self) -> PriceItem:
        """The newer one."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def percent(self) -> Decimal | None:
        """By how much the price moved; None without a price to compare with."""
        if self.before is None or self.after is None or not self.before.unit_price:
            return None
        moved = self.after.unit_price / self.before.unit_price - 1
        return (100 * moved).quantize(Decimal("0.1"))

    @property
    def percent_text(self) -> str:
        """The same with its sign."""
        return "" if self.percent is None else signed(self.percent)

    @property
    def is_reworded(self) -> bool:
        """Tell whether label, unit or VAT rate is another one."""
        if self.before is None or self.after is None:
            return False
        return any(
            getattr(self.before, name) != getattr(self.after, name)
            for name in ("label", "unit", "vat_rate")
        )


@dataclass(frozen=True)
class Comparison:
    """A version beside the one before it."""

    former: PriceSchedule
    added: list[Change]
    changed: list[Change]
    removed: list[Change]
    same: int

    @cached_property
    def moves(self) -> list[Change]:
        """All that differs, changed prices first."""
        return [*self.changed, *self.added, *self.removed]

    @property
    def mean(self) -> Decimal | None:
        """Mean move of the prices that both versions have, in percent."""
        moved = [change.percent for change in self.changed if change.percent is not None]
        count = len(moved) + self.same
        return (sum(moved, Decimal(0)) / count).quantize(Decimal("0.1")) if count else None

    @property
    def mean_text(self) -> str:
        """The same with its sign."""
        return "" if self.mean is None else signed(self.mean)


def signed(percent: Decimal) -> str:
    """Return "+2,5 %", with a real minus below nought."""
    sign = "+" if percent > 0 else ""
    return f"{sign}{number(percent, 1)}{NBSP}%"


def compare(schedule: PriceSchedule) -> Comparison | None:
    """Compare a version with the published one before it; None for the first. Three queries."""
    former = (
        PriceSchedule.objects.filter(
            contract_id=schedule.contract_id,
            published_at__isnull=False,
            effective_on__lt=schedule.effective_on,
        )
        .exclude(pk=schedule.pk)
        .order_by("-effective_on")
        .first()
    )
    if former is None:
        return None
    old = {item.code.casefold(): item for item in all_items(former.pk)}
    new = {item.code.casefold(): item for item in all_items(schedule.pk)}
    pairs = [Change(item.code, old[key], item) for key, item in new.items() if key in old]
    changed = [pair for pair in pairs if pair.percent or pair.is_reworded or _from_nothing(pair)]
    return Comparison(
        former=former,
        added=[Change(item.code, None, item) for key, item in new.items() if key not in old],
        changed=changed,
        removed=[Change(item.code, item, None) for key, item in old.items() if key not in new],
        same=len(pairs) - len(changed),
    )


def _from_nothing(pair: Change) -> bool:
    """Tell whether the price differs by less than percent can say, or was nought before."""
    assert pair.before is not None
    assert pair.after is not None
    return pair.before.unit_price != pair.after.unit_price
