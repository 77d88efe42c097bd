"""What a tenant answers to a visit that found nobody, and who settles it: wording, table. Pure."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.machines import Machine, machine
from orders.dated import figure_of
from orders.states import step

L, C, T, S = Side.LANDLORD, Side.CONTRACTOR, Side.TENANT, Side.SYSTEM

ATTEMPTS = 2
"""Visits without access after which the landlord decides."""
# From which day on a company has how many days to answer; a deadline that runs stays as it was.
ANSWER_DAYS = ((date(2026, 1, 1), 5),)


def answer_days(day: date) -> int:
    """Return within how many days a company answers a tenant who spoke on `day`."""
    return figure_of(ANSWER_DAYS, day)


class AccessCheckState(models.TextChoices):
    """Stored states of the check of a visit that found nobody."""

    ASKED = "asked", _("Réponse du locataire attendue")
    AWAY = "away", _("Empêchement du locataire")
    COMPANY = "company", _("À l’entreprise de répondre")
    LANDLORD = "landlord", _("Au bailleur de trancher")
    STANDS = "stands", _("Absence du locataire retenue")
    NO_SHOW = "no_show", _("Absence de l’entreprise")


SETTLED_ABSENCE = (AccessCheckState.AWAY, AccessCheckState.STANDS)
"""The tenant was away, and that is settled: photos of the door prove it."""


class LetterKind(models.TextChoices):
    """What a letter about access is."""

    NOTICE = "notice", _("Avis de passage")
    FORMAL = "formal", _("Mise en demeure d’accès")


UNSETTLED = (AccessCheckState.COMPANY, AccessCheckState.LANDLORD)
"""The tenant says that he was there, and nobody has settled it."""

_A = AccessCheckState
LABELS: dict[str, dict[Side, Any]] = {
    _A.ASKED: {
        L: _("Réponse du locataire attendue"),
        C: _("Réponse du locataire attendue"),
        T: _("Étiez-vous là ?"),
    },
    _A.AWAY: {
        L: _("Le locataire a eu un empêchement"),
        C: _("Le locataire a eu un empêchement"),
        T: _("Vous avez eu un empêchement"),
    },
    _A.COMPANY: {
        L: _("Le locataire dit qu’il était là : à l’entreprise de répondre"),
        C: _("Le locataire dit qu’il était là : à vous de répondre"),
        T: _("Vous étiez là : l’entreprise doit répondre"),
    },
    _A.LANDLORD: {
        L: _("Deux versions : à vous de trancher"),
        C: _("Deux versions : le bailleur tranche"),
        T: _("Vous étiez là : votre bailleur vérifie"),
    },
    _A.STANDS: {
        L: _("Absence du locataire retenue"),
        C: _("Absence du locataire retenue"),
        T: _("Votre bailleur a retenu le passage de l’entreprise"),
    },
    _A.NO_SHOW: {
        L: _("Absence de l’entreprise"),
        C: _("Absence de l’entreprise"),
        T: _("L’entreprise n’est pas venue"),
    },
}

ACCESS_CHECK: Machine = machine(
    name="access_check",
    labels=LABELS,
    transitions=[
        step(
            "say_away",
            [_A.ASKED, _A.COMPANY, _A.LANDLORD],
            _A.AWAY,
            {T},
            "tant que rien n’est tranché",
        ),
        step(
            "say_here",
            [_A.ASKED, _A.AWAY],
            _A.LANDLORD,
            {T},
            "preuves complètes ; tant que la commande est chez l’entreprise",
        ),
        step(
            "say_here_unproven",
            [_A.ASKED, _A.AWAY],
            _A.COMPANY,
            {T},
            "preuves incomplètes ; l’entreprise a cinq jours",
        ),
        step("contest", [_A.COMPANY], _A.LANDLORD, {C}, "explication ou pièces qui manquaient"),
        step("concede", [_A.COMPANY], _A.NO_SHOW, {C}),
        step("lapse", [_A.COMPANY], _A.NO_SHOW, {S}, "les cinq jours sont passés"),
        step("uphold", [_A.LANDLORD], _A.STANDS, {L}),
        step("find_absent", [_A.LANDLORD], _A.NO_SHOW, {L}),
    ],
)
