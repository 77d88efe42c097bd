"""Who reads invoices and what hangs on them: two organisations, never a tenant."""

from __future__ import annotations

from django.db.models import Q

from contractors.states import WRITTEN_BY_CONTRACTOR
from nexxio.core.db.rls import Custom, Rule, setting

# Unfiled invoices are the contractor's own. It writes nothing that is the landlord's to say.
_WRITTEN = ", ".join(f"'{state}'" for state in WRITTEN_BY_CONTRACTOR)
INVOICES = Rule(
    landlord=Custom(
        f"landlord_id = {setting('landlord')} AND filed_at IS NOT NULL",
        lambda scope: Q(landlord_id=scope.landlord_id, filed_at__isnull=False),
    ),
    contractor="contractor_id",
    checks={"contractor": f"state IN ({_WRITTEN})"},
)
BOTH = Rule(landlord="landlord_id", contractor="contractor_id")
"""What concerns both sides from the first moment."""


def partner_of(column: str, other: str, name: str, *, ours: str = "organisation_id") -> str:
    """Return SQL: the row's organisation works with the one of a scope."""
    partners = f"SELECT p.{column} FROM core_partnership p WHERE p.{other} = {setting(name)}"  # noqa: S608 (columns of ours)
    return f"{ours} IN ({partners})"


_FILED = (
    "EXISTS (SELECT 1 FROM contractors_invoice i"
    " WHERE i.id = invoice_id AND i.filed_at IS NOT NULL)"
)


def of_invoice(*, read_only: frozenset[str] = frozenset()) -> Rule:
    """Return the rule of a table of rows that are read with their invoice."""
    return Rule(
        landlord=Custom(
            f"landlord_id = {setting('landlord')} AND {_FILED}",
            lambda scope: Q(landlord_id=scope.landlord_id, invoice__filed_at__isnull=False),
        ),
        contractor="contractor_id",
        read_only=read_only,
    )
