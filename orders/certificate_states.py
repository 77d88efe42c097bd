"""Service certificates, their reserves and tenants' sign-offs: states, wording, tables. Pure."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.machines import Machine, machine
from orders.states import step

L, C, S = Side.LANDLORD, Side.CONTRACTOR, Side.SYSTEM


class CertificateState(models.TextChoices):
    """Stored states of a document to sign; each correction is a version of its own."""

    DRAFT = "draft", _("En correction")
    TO_SIGN = "to_sign", _("À signer")
    SIGNED = "signed", _("Signé")
    REFUSED = "refused", _("Refusé")
    TACIT = "tacit", _("Réputé acquis")
    EXPIRED = "expired", _("Caduc")


class ReserveState(models.TextChoices):
    """A defect noted at acceptance, until the landlord agrees that it is gone."""

    OPEN = "open", _("À lever")
    CLAIMED = "claimed", _("Reprise annoncée")
    LIFTED = "lifted", _("Levée")


class CertificateRefusal(models.TextChoices):
    """Why the landlord doesn't sign."""

    INCOMPLETE = "incomplete", _("Travaux non réalisés ou incomplets")
    DEFECT = "defect", _("Malfaçon ou remise en état à reprendre")
    PHOTO = "photo", _("Photo manquante ou non probante")
    REPORT = "report", _("Compte rendu imprécis")
    AMOUNT = "amount", _("Quantités ou montant inexacts")
    SIGN_OFF = "sign_off", _("Bon d’intervention signé manquant")


class NotFixed(models.TextChoices):
    """What a tenant says when it isn't fixed."""

    REMAINS = "remains", _("Le problème est toujours là")
    PARTLY = "partly", _("Une partie seulement est réparée")
    DAMAGE = "damage", _("Quelque chose a été abîmé")
    UNCLEAN = "unclean", _("Le logement n’a pas été remis en état")
    OTHER = "other", _("Autre chose ne va pas")


class SignOffHow(models.TextChoices):
    """By which way a tenant signed."""

    SCREEN = "screen", _("sur l’écran du technicien")
    LINK = "link", _("à distance, par son propre lien")


class SignRefusal(models.TextChoices):
    """Why nobody signed at the end of a visit. It settles nothing: it says that he was asked."""

    REFUSED = "refused", _("Refuse de signer")
    ABSENT = "absent", _("Absent au moment de signer")


class CheckOutcome(models.TextChoices):
    """What the landlord found when a tenant had said that it isn't fixed."""

    CONFIRMED = "confirmed", _("Non réglé : l’entreprise revient")
    FIXED = "fixed", _("Réglé, vérifié avec le locataire")


_C = CertificateState

CERTIFICATE_LABELS: dict[str, dict[Side, Any]] = {
    _C.DRAFT: {L: _("En correction chez l’entreprise"), C: _("À corriger et renvoyer")},
    _C.TO_SIGN: {L: _("À signer"), C: _("Chez le bailleur, à signer")},
    _C.SIGNED: {L: _("Service fait constaté"), C: _("Service fait constaté")},
    _C.REFUSED: {L: _("Refusé"), C: _("Refusé : à corriger")},
    _C.TACIT: {L: _("Service fait réputé acquis"), C: _("Service fait réputé acquis")},
    _C.EXPIRED: {L: _("Caduc : commande rouverte"), C: _("Caduc : commande rouverte")},
}

CERTIFICATE: Machine = machine(
    name="certificate",
    labels=CERTIFICATE_LABELS,
    transitions=[
        step(
            "draft_certificate",
            [],
            _C.DRAFT,
            {C},
            "commande réalisée ; version suivante après un refus",
        ),
        step(
            "submit_certificate",
            [_C.DRAFT],
            _C.TO_SIGN,
            {C, S},
            "commande réalisée ; d’office à la fin des travaux, et quand une régularisation"
            " accordée change le montant ; le délai du marché court",
        ),
        step(
            "sign",
            [_C.TO_SIGN],
            _C.SIGNED,
            {L},
            "commande réalisée ; la limite du signataire couvre le montant ; aucune contestation ni"
            " régularisation ouverte",
        ),
        step("refuse", [_C.TO_SIGN], _C.REFUSED, {L}, "motif codé et explication"),
        step(
            "take_as_given",
            [_C.TO_SIGN],
            _C.TACIT,
            {S},
            "une clause du marché le dit (citée), son délai est passé (30 jours au plus), aucune"
            " contestation ouverte",
        ),
        step(
            "expire",
            [_C.DRAFT, _C.TO_SIGN],
            _C.EXPIRED,
            {S, C},
            "la commande a été rouverte ; l’entreprise, en terminant à nouveau",
        ),
    ],
)

_R = ReserveState

RESERVE_LABELS: dict[str, dict[Side, Any]] = {
    _R.OPEN: {L: _("À lever par l’entreprise"), C: _("À lever")},
    _R.CLAIMED: {L: _("Reprise annoncée : à vérifier"), C: _("Reprise annoncée")},
    _R.LIFTED: {L: _("Levée"), C: _("Levée")},
}

RESERVE: Machine = machine(
    name="reserve",
    labels=RESERVE_LABELS,
    transitions=[
        step("note_reserve", [], _R.OPEN, {L}, "avec la signature du constat"),
        step("claim", [_R.OPEN], _R.CLAIMED, {C}, "ce qui a été repris"),
        step("keep", [_R.CLAIMED], _R.OPEN, {L}, "ce qui manque encore"),
        step("lift_reserve", [_R.OPEN, _R.CLAIMED], _R.LIFTED, {L}),
    ],
)
