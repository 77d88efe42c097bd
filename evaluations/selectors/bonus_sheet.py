"""A statement of bonus and malus as it is printed: line by line to the cent, the same for both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from evaluations.models import BonusStatement, Report
from evaluations.selectors.bonus import (
    StatementRow,
    TermText,
    opinion_text,
    row_of,
    statement_rows,
    term_texts,
)
from evaluations.selectors.bonus_rows import Row
from nexxio.core import clock
from nexxio.core.actors import Side


@dataclass(frozen=True)
class StatementSheet:
    """What is printed. sums: (label, euros) below the lines; the last one is the result.

    house: who closed it, never a person, since both sides read the same file; "" while it is open.
    """

    row: StatementRow
    terms: list[TermText]
    lines: list[Row]
    contests: list[Row]
    sums: list[tuple[str, Decimal]]
    opinion: str
    house: str
    is_final: bool
    made_at: datetime

    @property
    def statement(self) -> BonusStatement:
        """The statement itself."""
        return self.row.statement


def statement_sheet(statement: BonusStatement, *, is_final: bool) -> StatementSheet:
    """Return what is printed of a statement. In the company's scope, who reads least of the two.

    is_final: after it was closed. Else it says that it may still change.
    """
    lines = statement_rows(statement)
    contests = [row for row in lines if row.contest is not None]
    waiting = any(row.contest is not None and not row.contest.outcome for row in contests)
    return StatementSheet(
        row=row_of(statement, waiting=waiting, settled=False),
        terms=term_texts(statement.rules),
        lines=lines,
        contests=contests,
        sums=[
            (_("Bonus"), statement.bonus),
            (_("Malus"), -statement.malus),
            (_("Perception des locataires"), statement.perception),
            (_("Effet du plafond"), statement.cap),
            *_regularised(statement),
            (_("Résultat HT"), statement.total),
        ],
        opinion=opinion_text(statement),
        house=_house(statement),
        is_final=is_final,
        made_at=clock.now(),
    )


def print_of(statement: BonusStatement) -> Report | None:
    """Return the newest printed document of a statement, or the one that is being made.

    None before any was asked for. One query. The final one comes first.
    """
    found: Report | None = (
        Report.objects.filter(landlord_id=statement.landlord_id, statement_id=statement.pk)
        .order_by("-is_final")
        .first()
    )
    return found


# --- inside -----------------------------------------------------------------------------------


def _regularised(statement: BonusStatement) -> list[tuple[str, Decimal]]:
    if not statement.regularised:
        return []
    return [(_("Régularisations"), statement.regularised)]


def _house(statement: BonusStatement) -> str:
    if statement.closed_at is None:
        return ""
    if statement.closed_side == Side.LANDLORD:
        return statement.contract.landlord.name
    if statement.closed_side == Side.CONTRACTOR:
        return statement.contract.contractor.name
    return "Nexxio"
