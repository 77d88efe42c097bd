"""Invoices: states, their wording for each side, their table, and the national codes. Pure.

The codes are those of the life cycle in the external specifications of electronic invoicing
(v3.2, 30 April 2026). 200, 210, 212 and 213 are compulsory; many partners send no other.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.machines import Machine, Transition, machine

L, C, S = Side.LANDLORD, Side.CONTRACTOR, Side.SYSTEM


class InvoiceKind(models.TextChoices):
    """What a document is."""

    INVOICE = "invoice", _("Facture")
    CREDIT_NOTE = "credit_note", _("Avoir")
    SITUATION = "situation", _("Situation")


BILLS = (InvoiceKind.INVOICE, InvoiceKind.SITUATION)
"""What asks for money; a credit note takes some of it back."""


class CreditReason(models.TextChoices):
    """Why a contractor takes back what it invoiced, or a part of it."""

    REFUSED = "refused", _("Facture refusée par le bailleur")
    ERROR = "error", _("Erreur sur la facture")
    NOT_DONE = "not_done", _("Travaux ou quantités non réalisés")
    PRICE = "price", _("Prix trop élevé")
    GESTURE = "gesture", _("Geste commercial")
    OTHER = "other", _("Autre raison")


class LineOrigin(models.TextChoices):
    """Where a line of an invoice comes from."""

    ORDER = "order", _("Commande")
    VARIATION = "variation", _("Devis complémentaire")
    FREE = "free", _("Libre")


class InvoiceState(models.TextChoices):
    """Stored states of an invoice. The landlord meets it from `filed` on."""

    PREPARED = "prepared", _("Préparée")
    TO_FILE = "to_file", _("À déposer sur Chorus Pro")
    FILED = "filed", _("Déposée")
    RECEIVED = "received", _("Reçue")
    TAKEN = "taken", _("Prise en charge")
    APPROVED = "approved", _("Approuvée")
    PARTLY_APPROVED = "partly_approved", _("Approuvée partiellement")
    DISPUTED = "disputed", _("En litige")
    SUSPENDED = "suspended", _("Suspendue")
    COMPLETED = "completed", _("Complétée")
    REFUSED = "refused", _("Refusée")
    REJECTED = "rejected", _("Rejetée")
    ANNOUNCED = "announced", _("Paiement transmis")
    PAID = "paid", _("Encaissée")
    CREDITED = "credited", _("Annulée par avoir")
    APPLIED = "applied", _("Avoir pris en compte")
    DISCARDED = "discarded", _("Abandonné")


_I = InvoiceState

UNFILED = (_I.PREPARED, _I.TO_FILE)
JUDGED = (_I.FILED, _I.RECEIVED, _I.TAKEN, _I.DISPUTED, _I.COMPLETED)
"""With the landlord, who has to say what becomes of it."""
GRANTED = (_I.APPROVED, _I.PARTLY_APPROVED)
SAID_PAID = (_I.ANNOUNCED, _I.PAID)
"""What was admitted is paid, or said to be; where it was a part the rest is still between both."""
OVER = (
    *(_I.REFUSED, _I.REJECTED, _I.ANNOUNCED, _I.PAID, _I.CREDITED, _I.APPLIED),
    _I.DISCARDED,
)
"""Nothing blocks it any more: paid, declared paid, taken back, or given up for another one."""
CLEARED = (_I.APPROVED, *OVER)
"""No fact holds it any more."""
GIVEN_UP = (_I.REFUSED, _I.REJECTED, _I.DISCARDED)
ENDED = (*GIVEN_UP, _I.CREDITED)
"""No longer counts as an invoice of its order, which may be invoiced again."""
CREDITABLE = (
    *(_I.FILED, _I.RECEIVED, _I.TAKEN, _I.APPROVED, _I.PARTLY_APPROVED, _I.DISPUTED),
    *(_I.SUSPENDED, _I.COMPLETED, _I.REFUSED, _I.ANNOUNCED, _I.PAID),
)
"""With the landlord, or through with it: a credit note may take it back, or a part of it."""
OF_CREDIT_NOTES = frozenset({"queue_for_chorus", "file", "receive", "apply", "discard"})
"""The steps of a credit note; all others are those of invoices and situations."""
ONLY_OF_CREDIT_NOTES = frozenset({"apply"})
WRITTEN_BY_CONTRACTOR = (*UNFILED, _I.FILED, _I.RECEIVED, _I.COMPLETED, _I.PAID, _I.DISCARDED)

INVOICE_LABELS: dict[str, dict[Side, Any]] = {
    _I.PREPARED: {L: _("Préparée"), C: _("À vérifier et à déposer")},
    _I.TO_FILE: {L: _("À déposer"), C: _("À déposer sur Chorus Pro")},
    _I.FILED: {L: _("Déposée"), C: _("Déposée")},
    _I.RECEIVED: {L: _("À traiter"), C: _("Reçue par le bailleur")},
    _I.TAKEN: {L: _("Prise en charge"), C: _("Prise en charge")},
    _I.APPROVED: {L: _("Approuvée, à payer"), C: _("Approuvée")},
    _I.PARTLY_APPROVED: {L: _("Approuvée en partie, à payer"), C: _("Approuvée en partie")},
    _I.DISPUTED: {L: _("En litige"), C: _("En litige")},
    _I.SUSPENDED: {L: _("Suspendue, pièces demandées"), C: _("Suspendue : à compléter")},
    _I.COMPLETED: {L: _("Complétée, à traiter"), C: _("Complétée")},
    _I.REFUSED: {L: _("Refusée"), C: _("Refusée")},
    _I.REJECTED: {L: _("Rejetée par la plateforme"), C: _("Rejetée : à corriger")},
    _I.ANNOUNCED: {L: _("Paiement transmis"), C: _("Paiement annoncé")},
    _I.PAID: {L: _("Payée"), C: _("Encaissée")},
    _I.CREDITED: {L: _("Annulée par avoir"), C: _("Annulée par avoir")},
    _I.APPLIED: {L: _("Avoir pris en compte"), C: _("Avoir pris en compte")},
    _I.DISCARDED: {L: _("Abandonnée"), C: _("Abandonnée, numéro annulé")},
}
CREDIT_LABELS: dict[str, dict[Side, Any]] = {
    _I.PREPARED: {L: _("Préparé"), C: _("À vérifier et à déposer")},
    _I.FILED: {L: _("Déposé"), C: _("Déposé")},
    _I.RECEIVED: {L: _("Reçu"), C: _("Reçu par le bailleur")},
    _I.DISCARDED: {L: _("Abandonné"), C: _("Abandonné, numéro annulé")},
}
"""What the states of a credit note are called, where an invoice's word doesn't fit it."""


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


INVOICE: Machine = machine(
    name="invoice",
    labels=INVOICE_LABELS,
    transitions=[
        _step(
            "prepare",
            [],
            _I.PREPARED,
            {C},
            "travaux terminés ; aucun devis complémentaire en attente ; aucune autre facture"
            " en cours sur la commande",
        ),
        _step("queue_for_chorus", [_I.PREPARED], _I.TO_FILE, {C}, "bailleur public (OPH)"),
        _step(
            "file",
            [_I.PREPARED, _I.TO_FILE],
            _I.FILED,
            {C, S},
            "directement, sauf à un OPH : numéro et date de Chorus Pro, saisis ou lus dans la"
            " liste du bailleur",
        ),
        _step("receive", [_I.FILED], _I.RECEIVED, {C, L, S}, "date de réception certaine"),
        _step("take_charge", [_I.FILED, _I.RECEIVED, _I.COMPLETED], _I.TAKEN, {L}),
        _step(
            "approve",
            [*JUDGED, _I.SUSPENDED, _I.PARTLY_APPROVED, *SAID_PAID],
            _I.APPROVED,
            {L},
            "aucun blocage ouvert ; la limite de qui approuve couvre le montant ; une fois payée,"
            " seulement le reste d’une facture admise en partie",
        ),
        _step(
            "approve_in_part",
            [*JUDGED, _I.SUSPENDED],
            _I.PARTLY_APPROVED,
            {L},
            "un montant admis, inférieur au total ; la limite de qui approuve le couvre",
        ),
        _step(
            "dispute",
            [_I.FILED, _I.RECEIVED, _I.TAKEN, _I.COMPLETED, _I.PARTLY_APPROVED, *SAID_PAID],
            _I.DISPUTED,
            {L},
            "cause codée et explication ; le délai court ; après une approbation partielle, le"
            " reste",
        ),
        _step("suspend", JUDGED, _I.SUSPENDED, {L}, "cause codée et liste des pièces manquantes"),
        _step("complete", [_I.SUSPENDED], _I.COMPLETED, {C, S}, "la pièce demandée est là"),
        _step("refuse", [*JUDGED, _I.SUSPENDED], _I.REFUSED, {L}, "cause codée et explication"),
        _step("reject", [_I.FILED, _I.RECEIVED], _I.REJECTED, {S}, "rejet technique"),
        _step(
            "announce_payment",
            GRANTED,
            _I.ANNOUNCED,
            {L, S},
            "date et montant du paiement ; la somme admise est atteinte",
        ),
        _step(
            "confirm_payment",
            [_I.ANNOUNCED, *GRANTED],
            _I.PAID,
            {C, S},
            "paiement reçu ; la somme admise est atteinte",
        ),
        _step("owe_again", [_I.ANNOUNCED], _I.APPROVED, {S}, "moins reçu qu’annoncé"),
        _step(
            "owe_part_again",
            [_I.ANNOUNCED, _I.DISPUTED],
            _I.PARTLY_APPROVED,
            {S},
            "moins reçu qu’annoncé, ou un avoir a repris le reste en litige",
        ),
        _step(
            "credit",
            [state for state in CREDITABLE if state not in GIVEN_UP],
            _I.CREDITED,
            {S},
            "des avoirs déposés la reprennent en entier ; refusée, elle le reste",
        ),
        _step(
            "apply",
            [_I.FILED, _I.RECEIVED],
            _I.APPLIED,
            {S},
            "un avoir : il est déduit de sa facture",
        ),
        _step(
            "discard",
            [_I.PREPARED],
            _I.DISCARDED,
            {C},
            "une facture ou un avoir qui n’est pas déposé ; son numéro reste pris",
        ),
    ],
)

CODE_OF: dict[str, str] = {
    _I.FILED: "200",
    _I.RECEIVED: "203",
    _I.TAKEN: "204",
    _I.APPROVED: "205",
    _I.PARTLY_APPROVED: "206",
    _I.DISPUTED: "207",
    _I.SUSPENDED: "208",
    _I.COMPLETED: "209",
    _I.REFUSED: "210",
    _I.ANNOUNCED: "211",
    _I.PAID: "212",
    _I.REJECTED: "213",
}
"""The national code of a state. Before it is filed an invoice has none."""

CODE_LABELS: dict[str, Any] = {
    "200": _("Déposée"),
    "201": _("Émise par la plateforme"),
    "202": _("Reçue par la plateforme"),
    "203": _("Mise à disposition"),
    "204": _("Prise en charge"),
    "205": _("Approuvée"),
    "206": _("Approuvée partiellement"),
    "207": _("En litige"),
    "208": _("Suspendue"),
    "209": _("Complétée"),
    "210": _("Refusée"),
    "211": _("Paiement transmis"),
    "212": _("Encaissée"),
    "213": _("Rejetée"),
}

_STATE_OF = {code: state for state, code in CODE_OF.items()}
_IN_TRANSIT = {"201": str(_I.FILED), "202": str(_I.FILED)}


def code_of(state: str) -> str:
    """Return the national code of a state; "" before filing."""
    return CODE_OF.get(state, "")


def state_of(code: str) -> str | None:
    """Return the state that a national code means; None for one that nobody knows."""
    return _STATE_OF.get(code) or _IN_TRANSIT.get(code)


def code_label(code: str) -> str:
    """Return what a code is called; an unknown one as it came."""
    return str(CODE_LABELS.get(code, code))
