"""Versions of price schedules: prepared, published, taken back.

Locks: the contract first, then its version. A published version never changes: orders copied it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.db.constraints import explained
from nexxio.core.db.copying import insert_all
from nexxio.core.errors import Invalid, Refused
from nexxio.core.outbox import Subject, record
from orders import contract_events as events
from orders import policies
from orders.models import Contract, OrderLine, PriceItem, PriceSchedule, ScheduleRevision
from orders.natures import RATES
from orders.services.pricing import MAX_PRICE, in_force

PLACES = (2, 4)
"""Decimals to which a revision may round prices."""
MAX_COEFFICIENT = Decimal(10)


@dataclass(frozen=True)
class ItemInput:
    """An article as typed or read from a file. Price in euros excluding VAT."""

    code: str
    label: str
    unit: str
    unit_price: Decimal
    vat_rate: Decimal = Decimal("10.00")


@transaction.atomic
def prepare_schedule(
    *,
    actor: Actor,
    contract_id: UUID,
    effective_on: date,
    copy: bool = True,
    coefficient: Decimal = Decimal(1),
    places: int = 2,
    prices: Mapping[str, Decimal] | None = None,
    note: str = "",
) -> PriceSchedule:
    """Begin a version of a contract's schedule.

    copy: with the articles of the version that holds the day before, each price multiplied by
    `coefficient` and rounded half up to `places` decimals. prices: what the articles cost instead,
    by their codes, where the caller has worked it out. Locks the contract. Raises Refused for
    who manages no contracts, Invalid for a day outside the contract, one that another version
    has, while another one is being prepared, and for a coefficient that isn't believed.
    """
    contract = lock_contract(actor, contract_id)
    _require_day(contract, effective_on)
    revised = coefficient != 1
    if not 0 < coefficient <= MAX_COEFFICIENT or places not in PLACES:
        raise Invalid({"coefficient": ["Indiquez un coefficient de 0 à 10, 1,025 par exemple."]})
    last = PriceSchedule.objects.filter(contract_id=contract.pk).aggregate(Max("number"))
    schedule = PriceSchedule(
        landlord_id=contract.landlord_id,
        contractor_id=contract.contractor_id,
        contract=contract,
        number=(last["number__max"] or 0) + 1,
        effective_on=effective_on,
        note=note.strip()[:200],
    )
    with explained():
        schedule.save(force_insert=True)
    former = in_force(contract.pk, effective_on).first() if copy else None
    items = _copies(schedule, former, coefficient, places if revised else 0, prices or {})
    insert_all(PriceItem, items)
    said = f"{coefficient.normalize():f}" if revised else ""
    _record(actor, schedule, events.SchedulePrepared, items=len(items), coefficient=said)
    return schedule


@transaction.atomic
def publish_schedule(*, actor: Actor, schedule_id: UUID) -> PriceSchedule:
    """Have a version hold from its day on. Locks contract and version.

    Raises Refused when it is empty, already published, or would change prices of the past: a first
    version may begin in the past, a later one begins today at the earliest.
    """
    schedule = _lock_prepared(actor, schedule_id)
    count = PriceItem.objects.filter(schedule_id=schedule.pk).count()
    if not count:
        raise Refused("Cette version n’a aucun article : remplissez-la d’abord.", code="empty")
    others = PriceSchedule.objects.filter(
        contract_id=schedule.contract_id, published_at__isnull=False
    )
    if schedule.effective_on < clock.today() and others.exists():
        raise Refused(
            "La date d’effet est passée : des commandes sont parties aux prix d’alors. Choisissez"
            " une date à partir d’aujourd’hui.",
            code="past",
        )
    schedule.published_at = clock.now()
    schedule.save(update_fields=["published_at"])
    _record(actor, schedule, events.SchedulePublished, items=count)
    return schedule


@transaction.atomic
def withdraw_schedule(*, actor: Actor, schedule_id: UUID) -> PriceSchedule:
    """Prepare a published version again, while nothing stands on it. Locks contract and version.

    Raises Refused when a line of an order copies one of its articles, Invalid while another
    version is being prepared.
    """
    schedule = _lock(actor, schedule_id)
    if schedule.published_at is None:
        raise Refused("Cette version n’est pas publiée.", code="state")
    if OrderLine.objects.filter(price_item__schedule_id=schedule.pk).exists():
        raise Refused(
            "Des commandes portent les prix de cette version : elle ne peut plus être reprise."
            " Préparez la suivante.",
            code="used",
        )
    schedule.published_at = None
    with explained():
        schedule.save(update_fields=["published_at"])
    _record(actor, schedule, events.ScheduleWithdrawn)
    return schedule


@transaction.atomic
def move_schedule(*, actor: Actor, schedule_id: UUID, effective_on: date) -> PriceSchedule:
    """Give a version that is being prepared another day. Raises Invalid as `prepare_schedule`.

    Also Invalid for another month of a version that was revised by indexes: they are a month's.
    """
    schedule = _lock_prepared(actor, schedule_id)
    _require_day(schedule.contract, effective_on)
    another = effective_on.replace(day=1) != schedule.effective_on.replace(day=1)
    if another and ScheduleRevision.objects.filter(schedule_id=schedule.pk).exists():
        said = (
            "Ses prix sont révisés par les indices de ce mois : supprimez-la et révisez à nouveau."
        )
        raise Invalid({"effective_on": [said]})
    schedule.effective_on = effective_on
    with explained():
        schedule.save(update_fields=["effective_on"])
    _record(actor, schedule, events.ScheduleEdited)
    return schedule


@transaction.atomic
def drop_schedule(*, actor: Actor, schedule_id: UUID) -> None:
    """Delete a version that is being prepared, with its articles."""
    schedule = _lock_prepared(actor, schedule_id)
    _record(actor, schedule, events.ScheduleDropped)
    PriceItem.objects.filter(schedule_id=schedule.pk).delete()
    ScheduleRevision.objects.filter(schedule_id=schedule.pk).delete()
    schedule.delete()


@transaction.atomic
def write_items(
    *, actor: Actor, schedule_id: UUID, items: Sequence[ItemInput], remove: Sequence[str] = ()
) -> dict[str, PriceItem]:
    """Write articles of a version that is being prepared; a code that is there is rewritten.

    remove: codes that go. Returns the written ones by code. Raises Invalid naming the article,
    Refused when the version is published.
    """
    schedule = _lock_prepared(actor, schedule_id)
    for said in items:
        require_sane(said)
    known = {
        item.code.casefold(): item for item in PriceItem.objects.filter(schedule_id=schedule.pk)
    }
    written: dict[str, PriceItem] = {}
    new: list[PriceItem] = []
    for said in items:
        values = {**vars(said), "label": " ".join(said.label.split())}
        article = known.get(said.code.casefold())
        if article is None:
            article = PriceItem(**_of(schedule), **values)
            new.append(article)
        else:
            for name, value in values.items():
                setattr(article, name, value)
            article.save(update_fields=list(values))
        written[said.code] = article
    insert_all(PriceItem, new)
    gone = PriceItem.objects.filter(schedule_id=schedule.pk, code__in=list(remove))
    removed, _details = gone.delete()
    _record(actor, schedule, events.ScheduleEdited, written=len(written), removed=removed)
    return written


def require_sane(item: ItemInput) -> None:
    """Raise Invalid beside the field of an article that no schedule can hold."""
    if not item.code.strip():
        raise Invalid({"code": ["Indiquez le code de l’article."]})
    if not item.label.strip() or not item.unit.strip():
        name = "unit" if item.label.strip() else "label"
        raise Invalid({name: ["Indiquez la désignation et l’unité."]})
    if not 0 <= item.unit_price <= MAX_PRICE:
        raise Invalid({"unit_price": ["Ce prix n’est pas possible."]})
    if item.vat_rate not in RATES:
        raise Invalid({"vat_rate": ["Ce taux de TVA n’existe pas : 20, 10, 5,5, 8,5, 2,1 ou 0."]})


# --- inside -----------------------------------------------------------------------------------


def _of(schedule: PriceSchedule) -> dict[str, Any]:
    return {
        "landlord_id": schedule.landlord_id,
        "contractor_id": schedule.contractor_id,
        "contract_id": schedule.contract_id,
        "schedule_id": schedule.pk,
    }


def _copies(
    schedule: PriceSchedule,
    former: PriceSchedule | None,
    coefficient: Decimal,
    places: int,
    prices: Mapping[str, Decimal],
) -> list[PriceItem]:
    """Return the articles of `former` for `schedule`. places: 0 leaves prices as they are."""
    if former is None:
        return []
    step = Decimal(1).scaleb(-places)
    items = []
    for item in PriceItem.objects.filter(schedule_id=former.pk).order_by("code"):
        price = prices.get(item.code, item.unit_price)
        if places and item.code not in prices:
            price = (price * coefficient).quantize(step, ROUND_HALF_UP)
        if price > MAX_PRICE:
            raise Invalid({"coefficient": [f"Le prix de {item.code} deviendrait trop grand."]})
        items.append(
            PriceItem(
                **_of(schedule),
                code=item.code,
                label=item.label,
                unit=item.unit,
                unit_price=price,
                vat_rate=item.vat_rate,
            )
        )
    return items


def lock_contract(actor: Actor, contract_id: UUID) -> Contract:
    """Lock a contract whose schedule changes. Raises Refused for who manages none, Invalid."""
    if not policies.manages_contracts(actor):
        raise Refused("Votre rôle ne permet pas de changer un bordereau.", code="role")
    contract = (
        Contract.objects.select_for_update(of=("self",), no_key=True).filter(pk=contract_id).first()
    )
    if contract is None:
        raise Invalid({"contract": ["Ce marché n’existe pas."]})
    return contract


def _lock(actor: Actor, schedule_id: UUID) -> PriceSchedule:
    found = PriceSchedule.objects.filter(pk=schedule_id).first()
    if found is None:
        raise Refused("Cette version n’existe plus.", code="state")
    contract = lock_contract(actor, found.contract_id)
    schedule = PriceSchedule.objects.select_for_update(of=("self",)).filter(pk=schedule_id).first()
    if schedule is None:
        raise Refused("Cette version n’existe plus.", code="state")
    schedule.contract = contract
    return schedule


def _lock_prepared(actor: Actor, schedule_id: UUID) -> PriceSchedule:
    schedule = _lock(actor, schedule_id)
    if schedule.published_at is not None:
        raise Refused(
            "Cette version est publiée et ne change plus : reprenez-la, ou préparez la suivante.",
            code="state",
        )
    return schedule


def _require_day(contract: Contract, day: date) -> None:
    if not contract.starts_on <= day <= contract.ends_on:
        raise Invalid(
            {
                "effective_on": [
                    f"Le marché court du {contract.starts_on:%d/%m/%Y} au"
                    f" {contract.ends_on:%d/%m/%Y}."
                ]
            }
        )


def _record(actor: Actor, schedule: PriceSchedule, event: Any, **more: Any) -> None:
    record(
        event(
            contract_id=schedule.contract_id,
            number=schedule.number,
            effective_on=schedule.effective_on,
            **more,
        ),
        actor=actor,
        subject=Subject(
            pk=schedule.contract_id,
            landlord_id=schedule.landlord_id,
            contractor_id=schedule.contractor_id,
        ),
        subject_type="contract",
    )
