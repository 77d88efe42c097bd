"""States of an invoice that came in as a file, with their words for each side. Pure."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side

L, C = Side.LANDLORD, Side.CONTRACTOR


class ReceivedState(models.TextChoices):
    """Where a file stands. `to_complete`: a plain PDF, whose figures somebody has to type.

    `to_confirm`: something that its company can mend would hold it, and the company is asked.
    """

    READING = "reading", _("Lecture en cours")
    TO_COMPLETE = "to_complete", _("À compléter")
    WAITING = "waiting", _("À rattacher")
    TO_CONFIRM = "to_confirm", _("À confirmer")
    ATTACHING = "attaching", _("Rattachement en cours")
    TURNED = "turned_into_invoice", _("Facture enregistrée")
    REFUSED = "refused", _("Refusé")
    SET_ASIDE = "set_aside", _("Écarté")
    HANDED_BACK = "handed_back", _("Rendu à l’entreprise")
    NOTED = "noted", _("Statut noté")


_S = ReceivedState

UNDER_WAY = (_S.READING, _S.ATTACHING)
"""A worker has it: the page moves by itself."""
OPEN = (*UNDER_WAY, _S.TO_COMPLETE, _S.WAITING, _S.TO_CONFIRM)
"""The inbox: somebody, or a worker, has still to act."""
KNOWN = (_S.WAITING, _S.TO_CONFIRM, _S.ATTACHING, _S.TURNED)
"""Read and accepted: the same file, or its number, isn't taken twice."""
WRITTEN_BY_CONTRACTOR = tuple(
    state for state in _S.values if state not in (_S.HANDED_BACK, _S.NOTED)
)

RECEIVED_LABELS: dict[str, dict[Side, Any]] = {
    _S.READING: {L: _("Lecture en cours"), C: _("Lecture en cours")},
    _S.TO_COMPLETE: {L: _("PDF simple, à compléter"), C: _("PDF simple, à compléter")},
    _S.WAITING: {L: _("À rattacher à une commande"), C: _("En attente de sa commande")},
    _S.TO_CONFIRM: {L: _("Attend l’entreprise"), C: _("À confirmer avant dépôt")},
    _S.ATTACHING: {L: _("Rattachement en cours"), C: _("Rattachement en cours")},
    _S.TURNED: {L: _("Facture enregistrée"), C: _("Facture enregistrée")},
    _S.REFUSED: {L: _("Fichier refusé"), C: _("Fichier refusé")},
    _S.SET_ASIDE: {L: _("Écarté"), C: _("Écarté")},
    _S.HANDED_BACK: {L: _("Rendu à l’entreprise"), C: _("Rendu : à corriger")},
    _S.NOTED: {L: _("Statut noté"), C: _("Statut noté")},
}
RECEIVED_LOOK: dict[str, tuple[str, str]] = {
    _S.READING: ("info", "hourglass"),
    _S.TO_COMPLETE: ("warning", "pencil"),
    _S.WAITING: ("warning", "inbox"),
    _S.TO_CONFIRM: ("warning", "alert-triangle"),
    _S.ATTACHING: ("info", "hourglass"),
    _S.TURNED: ("success", "circle-check"),
    _S.REFUSED: ("danger", "circle-x"),
    _S.SET_ASIDE: ("neutral", "archive"),
    _S.HANDED_BACK: ("warning", "arrow-back-up"),
    _S.NOTED: ("success", "info-circle"),
}
