"""One evaluation: its states, their wording for each side, their table. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.machines import Machine, Transition, machine

L, C, T, S = Side.LANDLORD, Side.CONTRACTOR, Side.TENANT, Side.SYSTEM


class EvaluationState(models.TextChoices):
    """Stored states of an evaluation."""

    INVITED = "invited", _("Demandée")
    ANSWERED = "answered", _("Donnée, pas encore visible")
    EXPIRED = "expired", _("Sans réponse")
    REVEALED = "revealed", _("Visible")
    REPLIED = "replied", _("Avec une réponse")
    CONTESTED = "contested", _("Contestée")
    KEPT = "kept", _("Maintenue")
    WITHDRAWN = "withdrawn", _("Retirée")


_E = EvaluationState

SHOWN = (_E.REVEALED, _E.REPLIED, _E.CONTESTED, _E.KEPT)
"""Both sides read it; of a withdrawn one they read the decision."""
COUNTED = (_E.ANSWERED, _E.REVEALED, _E.REPLIED, _E.KEPT)
"""Counts in results: neither withdrawn nor under moderation."""

EVALUATION_LABELS: dict[str, dict[Side, Any]] = {
    _E.INVITED: {L: _("À donner"), C: _("À donner"), T: _("Votre avis ?")},
    _E.ANSWERED: {
        L: _("Donnée, pas encore visible"),
        C: _("Donnée, pas encore visible"),
        T: _("Merci pour votre avis"),
    },
    _E.EXPIRED: {L: _("Sans réponse"), C: _("Sans réponse"), T: _("Le délai est passé")},
    _E.REVEALED: {L: _("Visible"), C: _("Visible"), T: _("Merci pour votre avis")},
    _E.REPLIED: {L: _("L’entreprise a répondu"), C: _("Vous avez répondu")},
    _E.CONTESTED: {L: _("Contestée, en examen"), C: _("Contestée, en examen")},
    _E.KEPT: {L: _("Maintenue après examen"), C: _("Maintenue après examen")},
    _E.WITHDRAWN: {L: _("Retirée après examen"), C: _("Retirée après examen")},
}


def _step(
    name: str, sources: Iterable[str], target: str, sides: set[Side], guard: Any = ""
) -> Transition:
    return Transition(
        name=name,
        sources=frozenset(sources),
        target=target,
        sides=frozenset(sides),
        guard=str(guard),
    )


EVALUATION: Machine = machine(
    name="evaluation",
    labels=EVALUATION_LABELS,
    transitions=[
        _step("invite", [], _E.INVITED, {S}, "le répondant était partie à la commande"),
        _step(
            "answer",
            [_E.INVITED],
            _E.ANSWERED,
            {L, C, T},
            "avant la fin des 14 jours ; une réponse par répondant ; jamais modifiée ensuite",
        ),
        _step("expire", [_E.INVITED], _E.EXPIRED, {S}, "14 jours passés"),
        _step(
            "reveal",
            [_E.ANSWERED],
            _E.REVEALED,
            {S},
            "les deux côtés ont répondu, ou 14 jours passés",
        ),
        _step(
            "reply",
            [_E.REVEALED, _E.KEPT],
            _E.REPLIED,
            {C},
            "une fois, dans les 14 jours de ce qui est lu, ou de la décision qui maintient ;"
            " directions affichées telles quelles",
        ),
        _step(
            "contest",
            [_E.REVEALED, _E.REPLIED],
            _E.CONTESTED,
            {C},
            "une fois, dans les 14 jours, avec un motif",
        ),
        _step("keep", [_E.CONTESTED], _E.KEPT, {S}, "modération de la plateforme, journalisée"),
        _step(
            "withdraw",
            [_E.CONTESTED],
            _E.WITHDRAWN,
            {S},
            "modération de la plateforme, journalisée",
        ),
    ],
)
