"""What files about invoices share: a number and a SIRET find one, and nothing is taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from contractors.models import BillingDetails
from nexxio.core.actors import Actor, Role
from nexxio.core.imports import cells
from nexxio.core.imports.kinds.common import Singles
from nexxio.core.imports.registry import Field, Row, Undone
from nexxio.core.models import ImportedRow, Organisation, Partnership

NUMBER = Field(
    "number",
    _("Numéro de facture"),
    cells.text(40),
    required=True,
    synonyms=("facture", "n° facture", "n° de facture", "numéro", "numéro facture", "pièce"),
)
SIRET = Field(
    "siret",
    _("SIRET de l’entreprise"),
    cells.siret,
    required=True,
    synonyms=(
        *("siret", "n° siret", "siret fournisseur", "siret du fournisseur"),
        "identifiant fournisseur",
    ),
)


class ToldKind:
    """A kind whose rows the other side is told of at once. kept_because: why none is taken back."""

    roles = (Role.MANAGER, Role.CLERK)
    options: tuple[tuple[str, Any], ...] = ()
    kept_because: str

    def undo(self, actor: Actor, rows: Sequence[ImportedRow]) -> Undone:
        """Take nothing back."""
        return Undone(kept=[(row.after.get("number", row.key), self.kept_because) for row in rows])


class ByNumber(Singles):
    """A session whose rows are an invoice each, known by its number and its company's SIRET."""

    def label(self, row: Row) -> tuple[str, str]:
        """Return the key and the invoice's number."""
        number = row.get("number")
        return f"{row.get('siret')}/{number}", number


def companies_of(landlord_id: UUID) -> dict[str, UUID]:
    """Return a landlord's companies by SIRET: two queries.

    What the platform has checked goes first. What a company types itself, as that of another of its
    establishments, counts only where nobody else has it: nobody takes another one's rows.
    """
    pairs = Partnership.objects.filter(landlord_id=landlord_id)
    partners = pairs.values_list("contractor_id", flat=True)
    checked = Organisation.objects.filter(pk__in=partners).exclude(siret="")
    typed = BillingDetails.objects.filter(organisation_id__in=partners).exclude(siret="")
    claims = list(typed.values_list("siret", "organisation_id"))
    times = Counter(siret for siret, _pk in claims)
    return {
        **{siret: pk for siret, pk in claims if times[siret] == 1},
        **dict(checked.values_list("siret", "pk")),
    }
