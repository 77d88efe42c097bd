"""The legality guard: what the law does with a suspension, a refusal or a dispute. Pure.

It warns and explains, before the landlord acts; it never forbids, and whoever acts may go on. The
rules are those of the legal clock and of the causes: Code de la commande publique, payment delays
(R2192-10 and R2192-11) and electronic invoicing; external specifications of electronic invoicing
(v3.2, 30 April 2026) for reasons and whole rejections.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from contractors.causes import OVER_AN_AMOUNT, CauseCode, CauseRule
from contractors.legal_clock import Interruption


class Act(StrEnum):
    """What the landlord is about to do."""

    SUSPEND = "suspend"
    REFUSE = "refuse"
    DISPUTE = "dispute"
    HAND_BACK = "hand_back"


class Caution(StrEnum):
    """Codes of the warnings, as they are recorded."""

    FORBIDDEN_REASON = "forbidden_reason"
    NUMBER_NEVER_GIVEN = "number_never_given"
    LANDLORDS_ACT = "landlords_act"
    WHOLE_REJECTION = "whole_rejection"
    CHORUS_NOT_INVITED = "chorus_not_invited"
    REFUSED_IN_FACT = "refused_in_fact"
    SECOND_INTERRUPTION = "second_interruption"
    ALREADY_DUE = "already_due"
    PRIVATE_RULES = "private_rules"
    CLOCK_RUNS = "clock_runs"


@dataclass(frozen=True, kw_only=True)
class Intent:
    """An act with its cause, on a day.

    amount: the sum including VAT that is contested; None is the whole invoice. said: what the facts
    decide where the cause's effect depends on them (`CauseRule.interrupts`).
    """

    act: Act
    cause: CauseRule
    on: date
    amount: Decimal | None = None
    said: bool | None = None


@dataclass(frozen=True, kw_only=True)
class History:
    """What is known of the invoice.

    amount: including VAT. is_public: whether the buyer falls under public rules. chorus_only:
    whether invoices must reach him through Chorus Pro. The days on which order number and
    commitment were given to the contractor: None is never. due_on: the legal due date so far.
    """

    amount: Decimal
    is_public: bool = True
    invoiced_on: date | None = None
    due_on: date | None = None
    order_number_given_on: date | None = None
    commitment_given_on: date | None = None
    interruptions: tuple[Interruption, ...] = ()
    chorus_only: bool = False
    came_through_chorus: bool = True
    invited_to_chorus_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Warned:
    """One warning, in French: what it is, what the law says and where, what to do instead."""

    code: Caution
    title: Any
    explanation: Any
    source: Any
    advice: Any


LANDLORDS_ACTS = frozenset(
    {CauseCode.CERTIFICATE_UNSIGNED, CauseCode.ORDER_NOT_REGULARISED, CauseCode.CONTRACT_OVER}
)
"""Causes that are what the landlord himself did or left undone."""


def warnings(intent: Intent, history: History) -> list[Warned]:
    """Return what the law has to say to an act, the gravest first; nothing when it stands."""
    return [_TEXTS[code] for code, applies in _RULES if applies(intent, history)]


# --- When ---------------------------------------------------------------------------------------


def _is_forbidden(intent: Intent, _history: History) -> bool:
    return intent.cause.code == CauseCode.TOO_LATE_THIS_MONTH


def _is_landlords_act(intent: Intent, _history: History) -> bool:
    return intent.cause.code in LANDLORDS_ACTS


def _was_never_given(intent: Intent, history: History) -> bool:
    given = {
        CauseCode.ORDER_NUMBER: history.order_number_given_on,
        CauseCode.COMMITMENT: history.commitment_given_on,
    }
    if intent.cause.code not in given:
        return False
    day = given[intent.cause.code]
    return day is None or (history.invoiced_on is not None and day > history.invoiced_on)


def _rejects_the_whole(intent: Intent, history: History) -> bool:
    in_part = intent.amount is not None and intent.amount < history.amount
    return intent.act is Act.REFUSE and (in_part or intent.cause.code in OVER_AN_AMOUNT)


def _skips_chorus(intent: Intent, history: History) -> bool:
    elsewhere = history.chorus_only and not history.came_through_chorus
    invited = history.invited_to_chorus_on
    uninvited = invited is None or invited > intent.on
    return intent.act in (Act.REFUSE, Act.HAND_BACK) and elsewhere and uninvited


def _refuses_in_fact(intent: Intent, history: History) -> bool:
    return intent.act is Act.HAND_BACK and not history.chorus_only


def _is_second(intent: Intent, history: History) -> bool:
    counted = any(item.on_creditor_side for item in history.interruptions)
    return _suspends_publicly(intent, history) and counted


def _is_already_due(intent: Intent, history: History) -> bool:
    over = history.due_on is not None and intent.on > history.due_on
    return _suspends_publicly(intent, history) and over


def _is_private(intent: Intent, history: History) -> bool:
    return intent.act is Act.SUSPEND and not history.is_public


def _leaves_the_clock(intent: Intent, history: History) -> bool:
    """Whether the delay runs on, for a reason that none of the others has said."""
    said_already = (_is_forbidden, _is_landlords_act, _was_never_given)
    if any(rule(intent, history) for rule in said_already):
        return False
    return _suspends_publicly(intent, history) and not intent.cause.interrupts(said=_said(intent))


def _said(intent: Intent) -> bool | None:
    # One that was never given has its own warning: here the contractor had it.
    if intent.said is None and intent.cause.code == CauseCode.COMMITMENT:
        return True
    return intent.said


def _suspends_publicly(intent: Intent, history: History) -> bool:
    return intent.act is Act.SUSPEND and history.is_public


_RULES: tuple[tuple[Caution, Callable[[Intent, History], bool]], ...] = (
    (Caution.FORBIDDEN_REASON, _is_forbidden),
    (Caution.LANDLORDS_ACT, _is_landlords_act),
    (Caution.NUMBER_NEVER_GIVEN, _was_never_given),
    (Caution.WHOLE_REJECTION, _rejects_the_whole),
    (Caution.CHORUS_NOT_INVITED, _skips_chorus),
    (Caution.REFUSED_IN_FACT, _refuses_in_fact),
    (Caution.SECOND_INTERRUPTION, _is_second),
    (Caution.ALREADY_DUE, _is_already_due),
    (Caution.PRIVATE_RULES, _is_private),
    (Caution.CLOCK_RUNS, _leaves_the_clock),
)


# --- In words -----------------------------------------------------------------------------------

_DELAYS = _("Code de la commande publique, délais de paiement (R2192-10, R2192-11)")
_INVOICING = _("Code de la commande publique, facturation électronique")
_SPECIFICATIONS = _("Facturation électronique, spécifications externes v3.2 du 30 avril 2026")
_COMMERCE = _("Code de commerce, L441-10")

_TEXTS: dict[Caution, Warned] = {
    warned.code: warned
    for warned in (
        Warned(
            code=Caution.FORBIDDEN_REASON,
            title=_("Ce motif n’est pas admis"),
            explanation=_(
                "La date de réception fait partir le délai, quel que soit le jour du mois : une"
                " facture n’arrive jamais trop tard. Le délai court et les intérêts sont dus."
            ),
            source=_DELAYS,
            advice=_("Traitez la facture dans le délai qui court depuis sa réception."),
        ),
        Warned(
            code=Caution.LANDLORDS_ACT,
            title=_("Le motif est votre propre fait"),
            explanation=_(
                "Seule une raison du côté du créancier interrompt le délai. Ce qui dépend de vous"
                " (signature, régularisation, commande passée quand même) ne l’interrompt pas."
            ),
            source=_DELAYS,
            advice=_("Faites ce qui manque chez vous ; la facture suit son cours."),
        ),
        Warned(
            code=Caution.NUMBER_NEVER_GIVEN,
            title=_("Le numéro n’a pas été donné avant la facturation"),
            explanation=_(
                "Un numéro absent ou faux ne se reproche au prestataire que s’il l’avait reçu avant"
                " de facturer. Sinon, le manque est le vôtre et le délai court."
            ),
            source=_DELAYS,
            advice=_("Donnez-lui le numéro, ou complétez-le vous-même, sans suspendre."),
        ),
        Warned(
            code=Caution.WHOLE_REJECTION,
            title=_("Une facture ne se rejette pas tout entière pour un montant"),
            explanation=_(
                "Le désaccord porte sur une somme : le reste est admis, et dû à l’échéance. Le"
                " rejet de toute la facture pour un montant n’est plus admis."
            ),
            source=_SPECIFICATIONS,
            advice=_("Approuvez en partie, et payez à temps la somme admise."),
        ),
        Warned(
            code=Caution.CHORUS_NOT_INVITED,
            title=_("L’émetteur n’a pas été invité à déposer sur Chorus Pro"),
            explanation=_(
                "Une facture adressée à un bailleur public par une autre voie ne se refuse"
                " qu’après avoir invité son émetteur à la déposer sur Chorus Pro."
            ),
            source=_INVOICING,
            advice=_("Invitez-le d’abord ; refusez ensuite, si rien ne vient."),
        ),
        Warned(
            code=Caution.REFUSED_IN_FACT,
            title=_("La rendre ou l’écarter, c’est la refuser"),
            explanation=_(
                "Son délai de paiement court depuis sa réception. Si elle vous est due, la rendre"
                " pour un numéro de commande n’arrête rien de ce qui est dû : la facture corrigée"
                " aura une nouvelle date de réception, et l’entreprise peut contester ce report."
            ),
            source=_DELAYS,
            advice=_("Rattachez-la à sa commande ; demandez le numéro sans la rendre."),
        ),
        Warned(
            code=Caution.SECOND_INTERRUPTION,
            title=_("Cette facture a déjà été suspendue"),
            explanation=_(
                "Le délai ne s’interrompt qu’une fois par facture. Une deuxième suspension est sans"
                " effet : le délai continue de courir."
            ),
            source=_DELAYS,
            advice=_("Demandez la pièce sans suspendre, et gardez l’échéance en vue."),
        ),
        Warned(
            code=Caution.ALREADY_DUE,
            title=_("L’échéance est passée"),
            explanation=_(
                "Un délai écoulé ne s’interrompt plus : les intérêts courent jusqu’au paiement."
            ),
            source=_DELAYS,
            advice=_("Payez au moins la somme admise, et demandez la pièce à part."),
        ),
        Warned(
            code=Caution.PRIVATE_RULES,
            title=_("Une suspension n’interrompt pas le délai"),
            explanation=_(
                "Les règles de suspension sont celles des acheteurs publics. Ici l’échéance"
                " convenue reste la même."
            ),
            source=_COMMERCE,
            advice=_("Contestez la somme en cause, et payez le reste à temps."),
        ),
        Warned(
            code=Caution.CLOCK_RUNS,
            title=_("Le délai légal continue de courir"),
            explanation=_(
                "Cette cause n’interrompt pas le délai de paiement : les intérêts courent après"
                " l’échéance, suspension ou non."
            ),
            source=_DELAYS,
            advice=_("Payez à temps la somme admise ; réglez le reste par le marché."),
        ),
    )
}
