"""What is known of an order that may leave: of one that is stored, or as it is typed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from nexxio.core import clock
from nexxio.core.models import UnitKind
from orders.attribution import Due
from orders.models import Contract, FileKind
from orders.states import Nature, Priority
from orders.working_days import add_working_days


@dataclass(frozen=True)
class Facts:
    """What is known of an order that may be issued. total: euros excluding VAT.

    owed: by when its contract owes the works, counted from the day on which it was typed; earliest:
    counted from now.
    """

    nature: str = Nature.MAINTENANCE
    urgent: bool = False
    has_trade: bool = False
    has_unit: bool = False
    has_floor: bool = False
    has_door: bool = False
    contract_in_force: bool = False
    contract_covers_trade: bool = False
    contract_covers_place: bool = True
    leaves_rule: bool = False
    rule_reason: str = ""
    ceiling: Decimal | None = None
    ceiling_left: Decimal | None = None
    earliest: date | None = None
    needs_commitment: bool = False
    commitment_number: str = ""
    service_code: str = ""
    phone: str = ""
    second_phone: str = ""
    contact_name: str = ""
    access: tuple[str, ...] = ()
    access_code: str = ""
    description: str = ""
    line_count: int = 0
    gone: tuple[str, ...] = ()
    unpriced: int = 0
    total: Decimal = Decimal(0)
    asbestos: str = ""
    asbestos_measures: str = ""
    has_report: bool = False
    has_photo: bool = False
    target_date: date | None = None
    target_note: str = ""
    insurer: str = ""
    claim_number: str = ""
    off_reason: str = ""
    has_company: bool = False
    has_quote: bool = False
    period_from: date | None = None
    period_to: date | None = None
    quote_cap: Decimal | None = None
    vat_reason: str = ""
    vat_certified: bool = False
    vat_rates: frozenset[Decimal] = frozenset()
    has_entrance: bool = False
    unit_kind: str = UnitKind.DWELLING
    house_mentions_vat: bool = False
    purchase_family: str = ""
    family_spent: Decimal = Decimal(0)
    family_threshold: Decimal | None = None
    relet_on: date | None = None
    owed: date | None = None
    today: date = field(default_factory=clock.today)


_TEXTS = (
    "commitment_number",
    "service_code",
    "phone",
    "second_phone",
    "contact_name",
    "access_code",
    "description",
    "asbestos",
    "asbestos_measures",
    "rule_reason",
    "target_note",
    "insurer",
    "claim_number",
    "off_reason",
    "purchase_family",
    "vat_reason",
)


def facts_from(
    values: Mapping[str, Any],
    *,
    contract: Contract | None,
    ceiling_left: Decimal | None,
    line_count: int,
    total: Decimal,
    gone: Iterable[str] = (),
    unpriced: int = 0,
    due: Due | None = None,
    file_kinds: Iterable[str] = (),
    house_needs_commitment: bool = False,
    vat_rates: Iterable[Decimal] = (),
    where: str = "",
    on: date | None = None,
    typed_at: datetime | None = None,
    unit_kind: str = "",
    house_mentions_vat: bool = False,
    family_spent: Decimal = Decimal(0),
    family_threshold: Decimal | None = None,
) -> Facts:
    """Return the facts of an order that is stored or being typed.

    values: by the names of the form's fields; what is missing or empty counts as missing. trade:
    its code. contract: the one that the values name. total: of the lines, excluding VAT. gone:
    codes of lines that the price schedule in force doesn't have any more. unpriced: how many lines
    off the schedule still lack a price. due: whose turn it is; None where nobody asks, as for the
    rows of a file before they are orders. file_kinds: of what is attached. house_needs_commitment:
    the landlord asks for it whatever the contract says. vat_rates: of the lines, in percent.
    where: the place's department, whose holidays delays know. on: the day whose prices and contract
    it takes, that of its issue once it has left; today before. typed_at: when it was typed; now for
    what is being typed. unit_kind: of the place; of a dwelling where none is chosen yet.
    house_mentions_vat: the landlord makes the mention of the reduced rate once for all.
    family_spent: what other orders of its family came to this year, off contract;
    family_threshold: the landlord's own for that; None without one.
    """
    today = clock.today()
    trade = values.get("trade")
    kinds = frozenset(file_kinds)
    priority = values.get("priority")
    earliest = sla_date(contract, priority, where=where) if contract else None
    owed = sla_date(contract, priority, where=where, since=typed_at) if contract else None
    return Facts(
        nature=values.get("nature") or Nature.MAINTENANCE,
        urgent=values.get("priority") == Priority.URGENT,
        has_trade=bool(trade),
        has_unit=bool(values.get("unit")),
        has_floor=bool(values.get("floor")),
        has_door=bool(values.get("door")),
        contract_in_force=contract is not None
        and contract.starts_on <= (on or today) <= contract.ends_on,
        contract_covers_trade=contract is not None and trade in contract.trades,
        contract_covers_place=due is None or contract is None or due.covers(contract.pk),
        leaves_rule=due is not None and contract is not None and due.leaves_rule(contract.pk),
        ceiling=contract.ceiling if contract else None,
        ceiling_left=ceiling_left,
        earliest=earliest,
        owed=owed,
        unit_kind=unit_kind or UnitKind.DWELLING,
        house_mentions_vat=house_mentions_vat,
        family_spent=family_spent,
        family_threshold=family_threshold,
        relet_on=values.get("relet_on"),
        needs_commitment=house_needs_commitment
        or (contract is not None and contract.needs_commitment),
        access=tuple(values.get("access") or ()),
        has_report=FileKind.ASBESTOS.value in kinds,
        has_photo=FileKind.PHOTO.value in kinds,
        has_quote=FileKind.QUOTE.value in kinds,
        has_company=bool(values.get("company")),
        has_entrance=bool(values.get("entrance")),
        period_from=values.get("period_from"),
        period_to=values.get("period_to"),
        quote_cap=values.get("quote_cap"),
        vat_certified=bool(values.get("vat_certified")),
        vat_rates=frozenset(vat_rates),
        line_count=line_count,
        total=total,
        gone=tuple(gone),
        unpriced=unpriced,
        target_date=values.get("target_date") or earliest,
        today=today,
        **{name: values.get(name) or "" for name in _TEXTS},
    )


def sla_date(
    contract: Contract, priority: object, *, where: str = "", since: datetime | None = None
) -> date:
    """Return the day by which a contract owes the works, ordered now; earlier is more than it owes.

    Working days of the place (where: its department) for a normal order, hours for an urgent one.
    """
    now = since or clock.now()
    if priority == Priority.URGENT:
        return clock.day_of(now + timedelta(hours=contract.urgent_hours))
    return add_working_days(clock.day_of(now), contract.target_days, where)
