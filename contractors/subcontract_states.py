"""States of a declared subcontractor, with their words for each side. Pure.

Law: the buyer accepts each subcontractor and agrees to how he is paid (Code de la commande
publique, L2193-4 and R2193-3); under its rules a silence of the days of the dated row accepts him
(R2193-4). Towards a private landlord only a word accepts (loi n° 75-1334, article 3).
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side

L, C = Side.LANDLORD, Side.CONTRACTOR
CENT = Decimal("0.01")


class SubcontractState(models.TextChoices):
    """Where a declaration stands. `tacit`: accepted by the landlord's silence."""

    DECLARED = "declared", _("Déclaré")
    ACCEPTED = "accepted", _("Accepté")
    TACIT = "tacit", _("Accepté tacitement")
    REFUSED = "refused", _("Refusé")
    WITHDRAWN = "withdrawn", _("Retiré")
    ENDED = "ended", _("Terminé")


_S = SubcontractState

ACCEPTED = (_S.ACCEPTED, _S.TACIT)
"""He may come."""
COVERS = (*ACCEPTED, _S.ENDED)
"""The works that he was named for are covered: only who was accepted can end."""
LIVE = (_S.DECLARED, *ACCEPTED)
"""One live declaration of a company on a contract."""
GIVEN_UP = (_S.REFUSED, _S.WITHDRAWN)
WRITTEN_BY_CONTRACTOR = (_S.DECLARED, _S.WITHDRAWN, _S.ENDED)

SUBCONTRACT_LABELS: dict[str, dict[Side, Any]] = {
    _S.DECLARED: {L: _("À accepter"), C: _("Attend le bailleur")},
    _S.ACCEPTED: {L: _("Accepté"), C: _("Accepté")},
    _S.TACIT: {L: _("Accepté tacitement"), C: _("Accepté tacitement")},
    _S.REFUSED: {L: _("Refusé"), C: _("Refusé")},
    _S.WITHDRAWN: {L: _("Retiré"), C: _("Retiré")},
    _S.ENDED: {L: _("Terminé"), C: _("Terminé")},
}
SUBCONTRACT_LOOK: dict[str, tuple[str, str]] = {
    _S.DECLARED: ("warning", "hourglass"),
    _S.ACCEPTED: ("success", "circle-check"),
    _S.TACIT: ("success", "circle-check"),
    _S.REFUSED: ("danger", "circle-x"),
    _S.WITHDRAWN: ("neutral", "arrow-back-up"),
    _S.ENDED: ("neutral", "archive"),
}


def with_vat(amount: Decimal, vat_rate: Decimal) -> Decimal:
    """Return the most that a subcontractor is paid, VAT included, rounded once."""
    return (amount * (100 + vat_rate) / 100).quantize(CENT, ROUND_HALF_UP)


def tacit_from(declared_on: date, days: Decimal | None) -> date | None:
    """Return the first day on which a silence has accepted; None where no row says how long.

    The day of the declaration doesn't count, and the last day is kept whole.
    """
    return None if days is None else declared_on + timedelta(days=int(days) + 1)
