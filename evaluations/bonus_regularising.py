"""What closed statements give back: lines whose order turned out neutral only afterwards.

A late signature or payment is known months after the works, when the statement of their period is
closed and stays as it is. The next statement gives the malus back, line by line, to the cent: by as
much as the closed one would have come to more, with its own base, caps and opinion.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from evaluations.bonus_facts import neutrals_of
from evaluations.bonus_rules import terms_of
from evaluations.bonus_sums import NOTHING, sums_of, waived
from evaluations.bonus_terms import REGULARISED_DAYS, WAIVED
from evaluations.models import BonusContest, BonusLine, BonusRegularisation, BonusStatement
from orders.models import Contract


@dataclass(frozen=True)
class GivenBack:
    """A line of a closed statement, why it costs nothing after all, and what comes back of it."""

    line: BonusLine
    neutral: str
    amount: Decimal


def given_back(contract: Contract, before: date) -> list[GivenBack]:
    """Return what closed statements of periods before a day give back as of now.

    The oldest first; each line once, so not what another statement has given back. Four queries,
    one more for all lines where there is anything.
    """
    own: dict[str, Any] = {"landlord_id": contract.landlord_id}
    statements = {
        row.pk: row
        for row in BonusStatement.objects.filter(
            **own,
            contract_id=contract.pk,
            closed_at__isnull=False,
            last__lt=before,
            last__gte=before - timedelta(days=REGULARISED_DAYS),
        )
        .select_related("rules")
        .prefetch_related("rules__terms")
        .order_by("first")
    }
    of_them = {**own, "statement_id__in": list(statements)}
    costly = list(
        BonusLine.objects.filter(**of_them, amount__lt=0)
        .select_related("order", "statement")
        .order_by("statement__first", "rank")
    )
    neutrals = neutrals_of(contract.landlord_id, (line.order_id for line in costly))
    costly = [line for line in costly if line.order_id in neutrals]
    if not costly:
        return []
    free = _free(of_them, statements)
    amounts = _amounts(of_them)
    found: list[GivenBack] = []
    for line in costly:
        pk = line.statement_id
        if line.pk in free[pk]:
            continue
        before_it = _total(statements[pk], amounts[pk], free[pk])
        free[pk].add(line.pk)
        rest = _total(statements[pk], amounts[pk], free[pk]) - before_it
        found.append(GivenBack(line, neutrals[line.order_id], rest))
    return found


def sum_of(found: Iterable[GivenBack]) -> Decimal:
    """Return what comes back in all."""
    return sum((each.amount for each in found), NOTHING)


# --- inside -----------------------------------------------------------------------------------


def _free(of_them: Mapping[str, Any], statements: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """Return by statement the lines that cost nothing any more: contested, or given back."""
    found: dict[UUID, set[UUID]] = {pk: set() for pk in statements}
    contests = BonusContest.objects.filter(**of_them, outcome__in=WAIVED)
    for pk, line_id in contests.values_list("statement_id", "line_id"):
        found[pk].add(line_id)
    given = BonusRegularisation.objects.filter(
        landlord_id=of_them["landlord_id"], line__statement_id__in=of_them["statement_id__in"]
    )
    for pk, line_id in given.values_list("line__statement_id", "line_id"):
        found[pk].add(line_id)
    return found


def _amounts(of_them: Mapping[str, Any]) -> dict[UUID, dict[UUID, Decimal]]:
    found: dict[UUID, dict[UUID, Decimal]] = {}
    rows = BonusLine.objects.filter(**of_them).values_list("statement_id", "pk", "amount")
    for statement_id, pk, amount in rows:
        found.setdefault(statement_id, {})[pk] = amount
    return found


def _total(statement: BonusStatement, amounts: Mapping[UUID, Decimal], free: set[UUID]) -> Decimal:
    """Return what a statement comes to when some of its lines cost nothing."""
    left = [waived(amount) if pk in free else amount for pk, amount in amounts.items()]
    terms = terms_of(statement.rules)
    return sums_of(terms, left, base=statement.base, mean=statement.mean).total
