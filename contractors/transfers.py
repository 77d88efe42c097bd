"""Claims that a company has ceded, and oppositions of its creditors: kinds, states. Pure.

Who is notified of a cession pays the assignee from then on, and pays twice if he goes on as before
(Code monétaire et financier, art. L313-28; Code civil, art. 1324 and 1346-5). An opposition or a
seizure (Code des procédures civiles d’exécution, art. L211-1 and following) stops the payment to
the company up to its sum.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class TransferKind(models.TextChoices):
    """Why somebody else than the company is paid."""

    DAILLY = "dailly", _("Cession Dailly")
    FACTORING = "factoring", _("Affacturage")
    OPPOSITION = "opposition", _("Opposition ou saisie")


class TransferState(models.TextChoices):
    """Where it stands at the landlord that was notified."""

    TO_CHECK = "to_check", _("À vérifier par une seconde personne")
    IN_FORCE = "in_force", _("En vigueur")
    REFUSED = "refused", _("Acte écarté")
    ENDED = "ended", _("Acte levé")


OPEN = (TransferState.TO_CHECK, TransferState.IN_FORCE)
TRANSFER_LOOK: dict[str, tuple[str, str]] = {
    TransferState.TO_CHECK: ("warning", "hourglass"),
    TransferState.IN_FORCE: ("info", "switch-horizontal"),
    TransferState.REFUSED: ("danger", "circle-x"),
    TransferState.ENDED: ("neutral", "archive"),
}
