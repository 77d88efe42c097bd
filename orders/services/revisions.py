"""Prices revised by indexes: a contract's formula, what it gives, the version made by it.

The rule: a price of the reference month is multiplied by the coefficient (orders/revising.py),
never one that was revised before; prices are rounded once, to the cent. An index that is not known
stops everything.

Locks: the contract first, then its version, as `orders.services.schedules`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Subquery

from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.errors import Invalid, Refused
from nexxio.core.models import PriceIndex, PriceIndexValue
from nexxio.core.outbox import Subject, record
from nexxio.core.platform.price_indexes import index_values
from orders import contract_events as events
from orders.models import (
    CoefficientRounding,
    Contract,
    Order,
    PriceItem,
    PriceSchedule,
    RevisionClause,
    ScheduleRevision,
)
from orders.models.revisions import MOST_INDEXES, MOST_LAG, MOST_PERIOD
from orders.revising import Part, Reading, exact_of, part_from, rounded, stored, to_places
from orders.services.pricing import in_force, price_date
from orders.services.schedules import lock_contract, prepare_schedule

CENT = Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class ClauseInput:
    """A formula as typed. terms: (index, share); shares and the fixed part make one together."""

    fixed_part: Decimal
    terms: tuple[tuple[str, Decimal], ...]
    reference_month: date
    lag_months: int = 3
    period_months: int = 12
    rounding: str = CoefficientRounding.UP_3.value


@dataclass(frozen=True)
class RevisedItem:
    """An article whose price is revised. base: its price of the reference month, in euros."""

    item: PriceItem
    base: Decimal
    price: Decimal


@dataclass(frozen=True)
class Revision:
    """What a contract's formula gives on a day.

    exact: the coefficient before it is rounded, to six decimals; with `coefficient` None while an
    index is missing. earliest: the first day on which the contract allows the next revision.
    """

    clause: RevisionClause
    effective_on: date
    parts: list[Part]
    earliest: date
    coefficient: Decimal | None = None
    exact: Decimal | None = None
    items: list[RevisedItem] = field(default_factory=list)

    @property
    def missing(self) -> list[tuple[str, date]]:
        """Return which index isn't known in which month."""
        return [
            (part.code, one.month)
            for part in self.parts
            for one in part.readings
            if one.value is None
        ]

    @property
    def is_provisional(self) -> bool:
        """Tell whether a value may still be corrected by its publisher."""
        return any(one.provisional for part in self.parts for one in part.readings)

    @property
    def is_early(self) -> bool:
        """Tell whether the contract's period isn't over."""
        return self.effective_on < self.earliest


@transaction.atomic
def set_revision_clause(
    *, actor: Actor, contract_id: UUID, clause: ClauseInput | None
) -> RevisionClause | None:
    """Write a contract's revision formula, or take it away (None). Locks the contract.

    Versions that were made keep what they copied. Raises Refused for who manages no contracts,
    Invalid for parts that don't make one, an unknown index or delays that no contract has.
    """
    contract = lock_contract(actor, contract_id)
    former = RevisionClause.objects.filter(contract_id=contract.pk).first()
    if clause is None:
        if former is None:
            return None
        former.delete()
        _record(actor, contract)
        return None
    _require_sane(clause)
    row = former or RevisionClause(
        landlord_id=contract.landlord_id, contractor_id=contract.contractor_id, contract=contract
    )
    values: dict[str, Any] = {
        "fixed_part": clause.fixed_part,
        "indexes": [code for code, _share in clause.terms],
        "shares": [share for _code, share in clause.terms],
        "reference_month": clause.reference_month,
        "lag_months": clause.lag_months,
        "period_months": clause.period_months,
        "rounding": clause.rounding,
    }
    if former is not None and all(getattr(former, name) == said for name, said in values.items()):
        return former
    for name, said in values.items():
        setattr(row, name, said)
    row.save()
    _record(actor, contract)
    return row


def revision_clause(contract_id: UUID) -> RevisionClause | None:
    """Return a contract's formula; None where its prices are firm or revised by hand."""
    return RevisionClause.objects.filter(contract_id=contract_id).first()


def revision_on(contract: Contract, effective_on: date) -> Revision:
    """Work out what a contract's formula gives for a version that takes effect on a day.

    Reads only. Raises Refused without a formula or a published version to start from.
    """
    clause = revision_clause(contract.pk)
    if clause is None:
        raise Refused("Ce marché n’a pas de formule de révision.", code="clause")
    versions = list(
        PriceSchedule.objects.filter(
            contract_id=contract.pk, published_at__isnull=False, effective_on__lte=effective_on
        ).order_by("effective_on")
    )
    if not versions:
        raise Refused("Ce marché n’a pas encore de bordereau à réviser.", code="schedule")
    made = {one.schedule_id: one for one in ScheduleRevision.objects.filter(contract=contract)}
    parts = _parts(clause, effective_on)
    revision = Revision(
        clause=clause,
        effective_on=effective_on,
        parts=parts,
        earliest=_earliest(contract, clause, [v for v in versions if v.pk in made]),
    )
    if revision.missing:
        return revision
    exact = exact_of(clause.fixed_part, parts)
    coefficient = rounded(exact, clause.rounding)
    return Revision(
        clause=clause,
        effective_on=effective_on,
        parts=parts,
        earliest=revision.earliest,
        coefficient=coefficient,
        exact=to_places(exact, 6),
        items=_revised(clause, versions, made, coefficient),
    )


@transaction.atomic
def revise_schedule(
    *, actor: Actor, contract_id: UUID, effective_on: date, coefficient: Decimal
) -> PriceSchedule:
    """Prepare a version by the contract's formula, with the articles in force. Locks the contract.

    coefficient: the one that was seen; another one now (an index was corrected) is Refused, as are
    a missing index, a period that isn't over, and what `revision_on` refuses. Raises Invalid as
    `prepare_schedule`. The version is then published like any other.
    """
    contract = lock_contract(actor, contract_id)
    revision = revision_on(contract, effective_on)
    if revision.is_early:
        raise Refused(
            f"Le marché ne permet pas de révision avant le {revision.earliest:%d/%m/%Y}.",
            code="period",
        )
    if revision.coefficient is None:
        said = ", ".join(f"{code} de {month:%m/%Y}" for code, month in revision.missing)
        raise Refused(f"Il manque un indice : {said}.", code="index")
    if revision.coefficient != coefficient:
        raise Refused(
            "Un indice a été corrigé entre-temps : regardez le nouveau coefficient.", code="version"
        )
    schedule = prepare_schedule(
        actor=actor,
        contract_id=contract.pk,
        effective_on=effective_on,
        coefficient=revision.coefficient,
        prices={one.item.code: one.price for one in revision.items},
        note=_note(revision),
    )
    ScheduleRevision.objects.create(
        landlord_id=contract.landlord_id,
        contractor_id=contract.contractor_id,
        contract=contract,
        schedule=schedule,
        fixed_part=revision.clause.fixed_part,
        parts=[stored(part) for part in revision.parts],
        coefficient=revision.coefficient,
    )
    return schedule


def kept_revision(schedule_id: UUID) -> tuple[ScheduleRevision, list[Part]] | None:
    """Return how a version's prices were computed, as it was kept; None for any other version."""
    found = ScheduleRevision.objects.filter(schedule_id=schedule_id).first()
    return (found, [part_from(data) for data in found.parts]) if found else None


def revision_of_order(order: Order) -> tuple[ScheduleRevision, list[Part]] | None:
    """Return how the prices of an order were revised, with their version: that of its issue. None
    where they weren't, and before it leaves. One query.
    """
    if order.contract_id is None or order.issued_at is None:
        return None
    version = Subquery(in_force(order.contract_id, price_date(order)).values("pk"))
    rows = ScheduleRevision.objects.filter(landlord_id=order.landlord_id, schedule_id=version)
    found = rows.select_related("schedule").first()
    return (found, [part_from(data) for data in found.parts]) if found else None


# --- inside -----------------------------------------------------------------------------------


def _require_sane(clause: ClauseInput) -> None:
    codes = [code for code, _share in clause.terms]
    if not 1 <= len(codes) <= MOST_INDEXES or len(set(codes)) != len(codes):
        raise Invalid({"index_1": ["Choisissez d’un à trois indices, chacun une fois."]})
    if PriceIndex.objects.filter(pk__in=codes).count() != len(codes):
        raise Invalid({"index_1": ["Cet indice n’est pas dans la liste."]})
    shares = [share for _code, share in clause.terms]
    if clause.fixed_part < 0 or min(shares) <= 0 or clause.fixed_part + sum(shares) != 1:
        raise Invalid({"fixed_part": ["La partie fixe et les parts font 1 ensemble."]})
    if clause.reference_month.day != 1:
        raise Invalid({"reference_month": ["Indiquez un mois."]})
    if not 0 <= clause.lag_months <= MOST_LAG:
        raise Invalid({"lag_months": [f"De 0 à {MOST_LAG} mois."]})
    if not 1 <= clause.period_months <= MOST_PERIOD:
        raise Invalid({"period_months": [f"De 1 à {MOST_PERIOD} mois."]})
    if clause.rounding not in CoefficientRounding.values:
        raise Invalid({"rounding": ["Cet arrondi n’est pas dans la liste."]})


def _earliest(contract: Contract, clause: RevisionClause, revised: Sequence[PriceSchedule]) -> date:
    """Return when the next revision may be: a period after the last one, or after the start."""
    last = revised[-1].effective_on if revised else contract.starts_on
    return clock.months_from(last, clause.period_months)


def _parts(clause: RevisionClause, effective_on: date) -> list[Part]:
    month = clock.months_from(effective_on.replace(day=1), -clause.lag_months)
    known = index_values(clause.indexes, (clause.reference_month, month))
    labels = dict(PriceIndex.objects.filter(pk__in=clause.indexes).values_list("code", "label"))
    return [
        Part(
            code,
            labels.get(code, ""),
            share,
            _reading(known.get((code, clause.reference_month)), clause.reference_month),
            _reading(known.get((code, month)), month),
        )
        for code, share in clause.terms
    ]


def _reading(found: PriceIndexValue | None, month: date) -> Reading:
    if found is None:
        return Reading(month)
    return Reading(month, found.value, found.provisional, found.source)


@dataclass(frozen=True)
class _Base:
    """Where an article's price comes from: a price, and the coefficient that it held."""

    item: PriceItem
    price: Decimal
    coefficient: Decimal

    def at(self, coefficient: Decimal) -> Decimal:
        """Return the price at another coefficient, to the cent."""
        if coefficient == self.coefficient:
            return self.price
        if self.coefficient == 1:
            return (self.price * coefficient).quantize(CENT, ROUND_HALF_UP)
        return to_places(
            Fraction(self.price) * Fraction(coefficient) / Fraction(self.coefficient), 2
        )


def _revised(
    clause: RevisionClause,
    versions: Sequence[PriceSchedule],
    made: Mapping[UUID, ScheduleRevision],
    coefficient: Decimal,
) -> list[RevisedItem]:
    """Return the articles of the last version, each revised from the price that was agreed.

    Walks the published versions: a price that was typed, or an article that came later, holds the
    coefficient of its day; a revision by another formula starts afresh.
    """
    by_version: dict[UUID, list[PriceItem]] = {}
    for item in PriceItem.objects.filter(schedule__in=versions).order_by("code"):
        by_version.setdefault(item.schedule_id, []).append(item)
    known: dict[str, _Base] = {}
    held = Decimal(1)
    for version in versions:
        revision = made.get(version.pk)
        if revision is not None and not _same_formula(clause, revision):
            revision, held, known = None, Decimal(1), {}
        elif revision is not None:
            held = revision.coefficient
        now: dict[str, _Base] = {}
        for item in by_version.get(version.pk, ()):
            before = known.get(item.code.casefold())
            agreed = before and (before.at(held) if revision else before.item.unit_price)
            now[item.code.casefold()] = (
                _Base(item, before.price, before.coefficient)
                if before and item.unit_price == agreed
                else _Base(item, item.unit_price, held)
            )
        known = now
    return [RevisedItem(one.item, one.price, one.at(coefficient)) for one in known.values()]


def _same_formula(clause: RevisionClause, revision: ScheduleRevision) -> bool:
    now = [(code, share, clause.reference_month) for code, share in clause.terms]
    then = [
        (part.code, part.share, part.reference.month) for part in map(part_from, revision.parts)
    ]
    return clause.fixed_part == revision.fixed_part and now == then


def _note(revision: Revision) -> str:
    said = ", ".join(f"{part.code} de {part.current.month:%m/%Y}" for part in revision.parts)
    sure = ", indice provisoire" if revision.is_provisional else ""
    coefficient = f"{revision.coefficient:f}".replace(".", ",")
    return f"Révision par {said} : coefficient {coefficient}{sure}"


def _record(actor: Actor, contract: Contract) -> None:
    record(
        events.ContractChanged(terms=("revision",)),
        actor=actor,
        subject=Subject(
            pk=contract.pk,
            landlord_id=contract.landlord_id,
            contractor_id=contract.contractor_id,
        ),
        subject_type="contract",
    )
