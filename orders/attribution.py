"""Whose turn an order is, by the contracts' own rules. Pure: works on what was found.

Of the contracts in force for a trade and a place, those by perimeter come first, the narrowest one;
then single ones, then the lowest rank of a cascade, then rotation by agreed shares. Contracts
that stand alike are all within the rule: nothing chooses between them (docs/adr/0034).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from orders.models import Contract
from orders.terms import Attribution

SLACK = 5
"""Percent of the orders by which a share may be exceeded; one order in any case."""
EVERYWHERE, AGENCY, SECTOR, RESIDENCE = range(4)


@dataclass(frozen=True)
class Candidate:
    """A contract in force for the trade and the place. orders: of the last twelve months.

    narrowness: how narrow the part of its perimeter is in which the place lies.
    """

    contract: Contract
    narrowness: int = EVERYWHERE
    orders: int = 0

    @property
    def rank(self) -> int:
        """Its rank in a cascade or a rotation."""
        return self.contract.attribution_rank


@dataclass(frozen=True)
class Due:
    """What may be chosen. fitting: within the rule, the one proposed first; others: outside it.

    outside: keys of contracts for the trade that don't cover the place.
    """

    fitting: tuple[Contract, ...] = ()
    others: tuple[Contract, ...] = ()
    outside: frozenset[UUID] = frozenset()

    @property
    def first(self) -> Contract | None:
        """The contract whose turn it is."""
        return self.fitting[0] if self.fitting else None

    def leaves_rule(self, contract_id: UUID | None) -> bool:
        """Tell whether choosing this contract leaves the rule: another one's turn it is."""
        return bool(self.fitting) and any(one.pk == contract_id for one in self.others)

    def without(self, company_id: UUID | None) -> Due:
        """Leave a company's contracts out."""
        return Due(
            tuple(one for one in self.fitting if one.contractor_id != company_id),
            tuple(one for one in self.others if one.contractor_id != company_id),
            self.outside,
        )

    def covers(self, contract_id: UUID | None) -> bool:
        """Tell whether the place isn't outside the contract's perimeter."""
        return contract_id not in self.outside


def decide(
    found: Sequence[Candidate],
    *,
    excluding: Collection[UUID] = (),
    outside: Collection[UUID] = (),
) -> Due:
    """Return whose turn it is. excluding: companies that have given this case up."""
    able = [one for one in found if one.contract.contractor_id not in excluding]
    fitting = _fitting(able)
    chosen = {one.contract.pk for one in fitting}
    others = sorted(
        (one for one in found if one.contract.pk not in chosen),
        key=lambda one: (-one.narrowness, one.rank, one.contract.number),
    )
    return Due(
        tuple(one.contract for one in fitting),
        tuple(one.contract for one in others),
        frozenset(outside),
    )


def _fitting(able: Sequence[Candidate]) -> list[Candidate]:
    for rule in (Attribution.PERIMETER, Attribution.SINGLE, Attribution.CASCADE):
        mine = [one for one in able if one.contract.attribution == rule]
        if not mine:
            continue
        narrowest = max(one.narrowness for one in mine)
        mine = [one for one in mine if one.narrowness == narrowest]
        if rule == Attribution.CASCADE:
            first = min(one.rank for one in mine)
            mine = [one for one in mine if one.rank == first]
        return sorted(mine, key=lambda one: one.contract.number)
    return _in_turn([one for one in able if one.contract.attribution == Attribution.ROTATION])


def _in_turn(turning: Sequence[Candidate]) -> list[Candidate]:
    """Return who is behind his share, the one most behind first."""
    if not turning:
        return []
    unsaid = [one for one in turning if one.contract.attribution_share is None]
    said = sum(one.contract.attribution_share or 0 for one in turning)
    # Who has no share of his own has an equal part of what the others leave.
    equal = max(100 - said, 0) / len(unsaid) if unsaid else 0
    total = sum(one.orders for one in turning) + 1
    slack = max(1, SLACK * total / 100)

    def ahead(one: Candidate) -> float:
        share = one.contract.attribution_share
        return one.orders - total * (equal if share is None else share) / 100

    ordered = sorted(turning, key=lambda one: (ahead(one), one.rank, one.contract.number))
    return [one for one in ordered if one is ordered[0] or ahead(one) + 1 <= slack]
