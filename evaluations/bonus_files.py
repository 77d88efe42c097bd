"""A statement of bonus and malus as a file: its columns, for CSV and workbooks."""

from __future__ import annotations

from collections.abc import Iterable

from evaluations.models import BonusStatement
from evaluations.selectors.bonus_rows import Row
from orders.list_files import Column

COLUMNS = (
    Column("Date", 12, lambda row: row.on),
    Column("Commande", 14, lambda row: row.order),
    Column("Fait", 30, lambda row: row.fact),
    Column("Mesuré", 28, lambda row: row.measured),
    Column("Seuil", 18, lambda row: row.threshold),
    Column("Résultat", 14, lambda row: row.status.label if row.status else ""),
    # Two columns, as in a journal: a spreadsheet would take a leading minus for a formula.
    Column("Bonus HT", 14, lambda row: row.amount if row.amount > 0 else None),
    Column("Malus HT", 14, lambda row: -row.amount if row.amount < 0 else None),
    Column("Malus évité HT", 14, lambda row: -row.full if row.is_spared else None),
    Column("Neutre parce que", 44, lambda row: row.neutral),
    Column("Contestation", 40, lambda row: row.contest.reason if row.contest else ""),
    Column("Réponse", 40, lambda row: row.contest.answer if row.contest else ""),
)


def with_sums(rows: Iterable[Row], statement: BonusStatement) -> Iterable[Row]:
    """Yield the lines, then what makes the total of them: perception, cap, the total itself."""
    yield from rows
    for label, euros in (
        ("Perception des locataires", statement.perception),
        ("Effet du plafond", statement.cap),
        ("Résultat", statement.total),
    ):
        yield Row.sum_line(statement.last, label, euros)
