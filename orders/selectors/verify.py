"""What the code of a sealed document tells to anybody: it comes before any scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from nexxio.core import links


@dataclass(frozen=True)
class Sealed:
    """A sealed document, without persons, places or sums."""

    landlord: str
    number: int
    is_tacit: bool
    decided_at: datetime
    sha256: str
    kind: str

    @property
    def document(self) -> str:
        """Which document it is, in words."""
        words = {
            "certificate": _("Constat de service fait, version %s") % self.number,
            "lifting": _("Procès-verbal de levée des réserves n° %s") % self.number,
            "sign_off": _("Bon d’intervention signé"),
            "final_account": _("Décompte général définitif, projet n° %s") % self.number,
        }
        return words.get(self.kind, self.kind)

    @property
    def how(self) -> str:
        """How it came to be, in words."""
        if self.is_tacit:
            return _("réputé acquis, par une clause du marché")
        words = {
            "lifting": _("constaté par le bailleur"),
            "sign_off": _("signé par le locataire"),
            "final_account": _("accepté par le bailleur et par l’entreprise"),
        }
        return words.get(self.kind, _("signé par le bailleur"))


def find_sealed(token: str) -> Sealed | None:
    """Look a code up; None for one that no sealed document bears.

    A security-definer function compares the hash, as for links: the database keeps no code.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT landlord, number, is_tacit, decided_at, sha256, kind"
            " FROM nexxio_find_sealed(%s)",
            [links.hash_of(token)],
        )
        row = cursor.fetchone()
    return Sealed(*row) if row else None
