"""What is held back as a guarantee: the list of both sides, and what a contract says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet, Sum

from contractors import policies
from contractors.models import Advance, MoneyTerms, Retention
from contractors.states import InvoiceState
from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from orders import policies as order_policies
from orders.certificate_states import ReserveState
from orders.models import Contract, Reserve

PAGE = 50
EXPORT_CAP = 2000
NOTHING = Decimal(0)
TABS = ("ce-mois", "tenues", "liberees")
_PAID = (InvoiceState.ANNOUNCED, InvoiceState.PAID)


@dataclass(frozen=True)
class RetentionRow:
    """A line of the list. is_due: its day has come. reserves: open ones of its order."""

    held: Retention
    other: str
    is_due: bool
    can_release: bool
    can_oppose: bool
    reserves: int = 0


@dataclass(frozen=True)
class RetentionSums:
    """What is held of all: to be released by the end of this month, overdue, opposed, in all."""

    held: Decimal
    this_month: Decimal
    due: Decimal
    opposed: Decimal


@dataclass(frozen=True)
class RetentionList:
    """A page of the list."""

    rows: list[RetentionRow]
    page: Page[Any]
    sums: RetentionSums
    tab: str


@dataclass(frozen=True)
class ContractMoney:
    """What a contract's page says of retention and advance."""

    contract: Contract
    terms: MoneyTerms | None
    advance: Advance | None
    held: Decimal
    can_change: bool

    @property
    def balance(self) -> Decimal:
        """What is left of the advance to be given back."""
        return self.advance.amount - self.advance.recovered if self.advance else NOTHING


def to_release(actor: Actor) -> dict[str, Any]:
    """Return what is to be released by now: how many, and euros. One query."""
    rows = _held(actor).filter(release_on__lte=clock.today(), opposed_at__isnull=True)
    found = rows.order_by().aggregate(count=Count("pk"), euros=Sum("amount"))
    return {"count": found["count"], "euros": found["euros"] or NOTHING}


def retention_list(actor: Actor, *, tab: str, number: str) -> RetentionList:
    """Return a page of the actor's retentions, the next to be released first. Four queries."""
    shown = tab if tab in TABS else TABS[0]
    page = Paginator(_of_tab(actor, shown), PAGE).get_page(number)
    found = list(page.object_list)
    reserves = _open_reserves(found)
    return RetentionList(
        rows=[_row(actor, held, reserves) for held in found],
        page=page,
        sums=_sums(actor),
        tab=shown,
    )


def export_retentions(actor: Actor, tab: str) -> list[RetentionRow]:
    """Return the list for an export, at most EXPORT_CAP rows."""
    found = list(_of_tab(actor, tab if tab in TABS else TABS[0])[:EXPORT_CAP])
    return [_row(actor, held, {}) for held in found]


def contract_money(actor: Actor, contract: Contract) -> ContractMoney:
    """Return what a contract says of retention and advance. Three queries."""
    own = {"landlord_id": contract.landlord_id, "contract_id": contract.pk}
    held = Retention.objects.filter(
        landlord_id=contract.landlord_id,
        invoice__order__contract_id=contract.pk,
        released_on__isnull=True,
    )
    return ContractMoney(
        contract=contract,
        terms=MoneyTerms.objects.filter(**own).first(),
        advance=Advance.objects.filter(**own).first(),
        held=held.aggregate(sum=Sum("amount"))["sum"] or NOTHING,
        can_change=order_policies.manages_contracts(actor),
    )


# --- inside -----------------------------------------------------------------------------------


def _own(actor: Actor) -> QuerySet[Retention]:
    name = "landlord_id" if actor.side is Side.LANDLORD else "contractor_id"
    return Retention.objects.filter(**{name: actor.own_id})


def _held(actor: Actor) -> QuerySet[Retention]:
    return _own(actor).filter(released_on__isnull=True, amount__gt=0)


def _of_tab(actor: Actor, tab: str) -> QuerySet[Retention]:
    if tab == "liberees":
        rows = _own(actor).filter(released_on__isnull=False).order_by("-released_on", "-id")
    else:
        rows = _held(actor).order_by(F("release_on").asc(nulls_last=True), "id")
        if tab == "ce-mois":
            rows = rows.filter(release_on__lte=_month_end())
    return rows.select_related("invoice__order", "landlord", "contractor")


def _month_end() -> date:
    first = clock.today().replace(day=1)
    return date.fromordinal(clock.months_from(first, 1).toordinal() - 1)


def _sums(actor: Actor) -> RetentionSums:
    found = _held(actor).aggregate(
        held=Sum("amount"),
        this_month=Sum("amount", filter=Q(release_on__lte=_month_end())),
        due=Sum("amount", filter=Q(release_on__lt=clock.today(), opposed_at__isnull=True)),
        opposed=Sum("amount", filter=Q(opposed_at__isnull=False)),
    )
    return RetentionSums(**{name: value or NOTHING for name, value in found.items()})


def _open_reserves(rows: list[Retention]) -> dict[Any, int]:
    """Return how many reserves are open on the orders of some retentions."""
    orders = [row.invoice.order_id for row in rows if row.invoice.order_id]
    found = Reserve.objects.filter(
        landlord_id__in={row.landlord_id for row in rows}, order_id__in=orders
    ).exclude(state=ReserveState.LIFTED)
    return dict(found.order_by().values_list("order_id").annotate(count=Count("pk")))


def _row(actor: Actor, held: Retention, reserves: Mapping[Any, int]) -> RetentionRow:
    other = held.contractor if actor.side is Side.LANDLORD else held.landlord
    acts = policies.releases(actor) and held.released_on is None and held.amount > 0
    today = clock.today()
    return RetentionRow(
        held=held,
        other=other.name,
        is_due=held.released_on is None
        and held.release_on is not None
        and held.release_on <= today,
        can_release=acts and held.invoice.state in _PAID,
        can_oppose=acts and held.opposed_at is None,
        reserves=reserves.get(held.invoice.order_id, 0),
    )
