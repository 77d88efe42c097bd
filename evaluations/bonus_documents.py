"""By which document a closed statement is settled, or will be; what isn't settled yet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from contractors.states import GIVEN_UP
from contractors.unsettled import Unsettled, owes
from evaluations import policies
from evaluations.models import BonusDocument, BonusStatement
from nexxio.core.actors import Actor, Side

# Of an invoice that a landlord doesn't see yet nothing is known but its number: it isn't filed.
FILED = Q(invoice_id__isnull=True) | (
    Q(invoice__filed_at__isnull=False) & ~Q(invoice__state__in=GIVEN_UP)
)
"""A document that settles its statement."""


def document_of(statement: BonusStatement) -> BonusDocument | None:
    """Return the document that settles a statement, or that is prepared to; None without one.

    One query. One that was given up, or thrown away, is none any more.
    """
    rows = BonusDocument.objects.filter(
        landlord_id=statement.landlord_id, statement_id=statement.pk
    ).select_related("invoice")
    live = [row for row in rows.order_by("-noted_at") if not _is_given_up(row)]
    return live[0] if live else None


def is_settled(document: BonusDocument | None) -> bool:
    """Tell whether a document has been filed, as far as the reader may see it."""
    if document is None:
        return False
    invoice = document.invoice if document.invoice_id is not None else None
    return document.invoice_id is None or (invoice is not None and invoice.filed_at is not None)


def settling() -> Exists:
    """Return, as an expression on a statement, whether a document settles it."""
    of_statement = {"landlord_id": OuterRef("landlord_id"), "statement_id": OuterRef("pk")}
    return Exists(BonusDocument.objects.filter(FILED, **of_statement))


@owes
def unsettled_statements(actor: Actor, last: date) -> Iterable[Unsettled]:
    """Return the closed statements of periods over by a day that no document of that day settles.

    In the reader's scope. A malus is what the company owes: below nought.
    """
    if not policies.reads(actor):
        return []
    own = "landlord_id" if actor.side is Side.LANDLORD else "contractor_id"
    of_statement = {"landlord_id": OuterRef("landlord_id"), "statement_id": OuterRef("pk")}
    later = Q(invoice__issued_on__isnull=False, invoice__issued_on__gt=last)
    settled = BonusDocument.objects.filter(FILED, **of_statement).exclude(later)
    rows: QuerySet[BonusStatement] = (
        BonusStatement.objects.filter(
            ~Exists(settled), **{own: actor.own_id}, closed_at__isnull=False, last__lte=last
        )
        .exclude(total=0)
        .select_related("landlord", "contractor", "contract")
        .order_by("first", "id")
    )
    return [_row(statement) for statement in rows]


# --- inside -----------------------------------------------------------------------------------


def _is_given_up(document: BonusDocument) -> bool:
    invoice = document.invoice if document.invoice_id is not None else None
    return invoice is not None and invoice.state in GIVEN_UP


def _row(statement: BonusStatement) -> Unsettled:
    kind = _("Bonus") if statement.total > 0 else _("Malus")
    return Unsettled(
        done_on=statement.last,
        reference=statement.reference,
        title=f"{kind} · {statement.contract.title}",
        landlord=statement.landlord.name,
        contractor=statement.contractor.name,
        state=_("Relevé clos, à solder"),
        rest=statement.total,
    )
