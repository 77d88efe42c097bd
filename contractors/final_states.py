"""Final accounts of an order invoiced by situations: states, wording, table, lines. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.machines import Machine, Transition, machine

L, C = Side.LANDLORD, Side.CONTRACTOR


class FinalState(models.TextChoices):
    """Where a final account stands. The figures of one that was submitted never change."""

    SUBMITTED = "submitted", _("Projet de décompte final")
    RETURNED = "returned", _("Projet retourné")
    NOTIFIED = "notified", _("Décompte général notifié")
    CONTESTED = "contested", _("Décompte général contesté")
    AGREED = "agreed", _("Décompte général définitif")


_F = FinalState

LIVE = (_F.SUBMITTED, _F.NOTIFIED, _F.AGREED)
"""One of an order; nothing more is invoiced of it meanwhile."""

FINAL_LABELS: dict[str, dict[Side, Any]] = {
    _F.SUBMITTED: {L: _("Projet de décompte final à vérifier"), C: _("Projet chez le bailleur")},
    _F.RETURNED: {L: _("Projet retourné à l’entreprise"), C: _("Projet retourné : à reprendre")},
    _F.NOTIFIED: {L: _("Décompte général notifié"), C: _("Décompte général à accepter")},
    _F.CONTESTED: {L: _("Décompte général contesté"), C: _("Décompte général contesté")},
    _F.AGREED: {L: _("Décompte général définitif"), C: _("Décompte général définitif")},
}
FINAL_LOOK: dict[str, tuple[str, str]] = {
    _F.SUBMITTED: ("warning", "hourglass"),
    _F.RETURNED: ("danger", "arrow-back-up"),
    _F.NOTIFIED: ("warning", "hourglass"),
    _F.CONTESTED: ("danger", "alert-triangle"),
    _F.AGREED: ("success", "circle-check"),
}


def _step(name: str, sources: Iterable[str], target: str, side: Side, guard: Any) -> Transition:
    return Transition(
        name=name,
        sources=frozenset(sources),
        target=target,
        sides=frozenset({side}),
        guard=str(guard),
    )


FINAL: Machine = machine(
    name="final_account",
    labels=FINAL_LABELS,
    transitions=[
        _step(
            "submit_final",
            [],
            _F.SUBMITTED,
            C,
            "commande à situations, service fait constaté ; tout est facturé et déposé ; aucune"
            " demande en attente",
        ),
        _step(
            "accept_final",
            [_F.SUBMITTED],
            _F.AGREED,
            L,
            "sans changement ; la limite du signataire couvre le montant ; factures inchangées"
            " depuis",
        ),
        _step(
            "correct_final",
            [_F.SUBMITTED],
            _F.NOTIFIED,
            L,
            "une somme retirée et sa raison ; mêmes conditions",
        ),
        _step("return_final", [_F.SUBMITTED], _F.RETURNED, L, "une raison que l’entreprise lit"),
        _step("agree_final", [_F.NOTIFIED], _F.AGREED, C, "le décompte général tel que notifié"),
        _step(
            "contest_final",
            [_F.NOTIFIED],
            _F.CONTESTED,
            C,
            "une raison ; un autre projet peut suivre",
        ),
    ],
)


class Group(models.TextChoices):
    """Parts of an account; the amounts of each add up."""

    MARKET = "market", _("Montant du marché")
    BILL = "bill", _("Situations et factures")
    CREDIT = "credit", _("Avoirs")
    ADVANCE = "advance", _("Avance")
    PAID = "paid", _("Paiements")
    HELD = "held", _("Retenue de garantie encore tenue")


COUNTED = (Group.BILL, Group.CREDIT, Group.ADVANCE, Group.PAID)
"""What the balance is the sum of, VAT included."""

LINE_WORDS: dict[str, Any] = {
    "order": _("Commande {number}"),
    "variation": _("Devis complémentaire n° {number}"),
    "regularisation": _("Régularisation n° {number}"),
    "reduction": _("Travaux en moins, n° {number}"),
    "situation": _("Situation n° {number}"),
    "invoice": _("Facture {number}"),
    "credit": _("Avoir {number}"),
    "recovered": _("Avance reprise, facture {number}"),
    "payment": _("Paiement, facture {number}"),
    "retention": _("Retenue libérée, facture {number}"),
    "refund": _("Remboursement de l’entreprise, facture {number}"),
    "held": _("Facture {number}"),
    "opposed": _("Facture {number}, libération contestée"),
}
