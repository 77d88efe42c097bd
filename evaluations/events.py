"""Event types of evaluations. No mark, no word, no name: whoever answered is in none of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, for_both, register

L, C, T = Side.LANDLORD, Side.CONTRACTOR, Side.TENANT


@register
@dataclass(frozen=True, kw_only=True)
class EvaluationInvited(EventType):
    """An opinion is asked for; direction says whose of whom. Only whoever is asked reads it."""

    kind: ClassVar[str] = "evaluation.invited"
    icon: ClassVar[str] = "message-star"
    direction: str
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("Votre avis sur cette commande est demandé"),
        C: _("Votre avis sur cette commande est demandé"),
        T: _("Votre avis sur la réparation vous est demandé"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class EvaluationReminded(EventType):
    """A tenant who hasn't answered is asked once more, by the platform."""

    kind: ClassVar[str] = "evaluation.reminded"
    icon: ClassVar[str] = "bell"
    wording: ClassVar[Mapping[Side, Any]] = {T: _("Rappel : votre avis sur la réparation")}


@register
@dataclass(frozen=True, kw_only=True)
class EvaluationAnswered(EventType):
    """It was given; nothing of it is seen yet. Only the side that gave it reads this."""

    kind: ClassVar[str] = "evaluation.answered"
    icon: ClassVar[str] = "circle-check"
    tone: ClassVar[str] = "success"
    direction: str
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("Votre organisme a donné son avis"),
        C: _("Votre entreprise a donné son avis"),
        T: _("Vous avez donné votre avis"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class ContactAsked(EventType):
    """A tenant who gave an opinion wants to be called back by the landlord."""

    kind: ClassVar[str] = "evaluation.contact_asked"
    icon: ClassVar[str] = "phone"
    tone: ClassVar[str] = "warning"
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("Le locataire demande à être recontacté"),
        T: _("Vous avez demandé à être recontacté"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class EvaluationRevealed(EventType):
    """Both sides answered, or 14 days passed: it is read as it was given, and not changed."""

    kind: ClassVar[str] = "evaluation.revealed"
    icon: ClassVar[str] = "eye"
    tone: ClassVar[str] = "info"
    direction: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("Une évaluation est visible"))


@register
@dataclass(frozen=True, kw_only=True)
class EvaluationReplied(EventType):
    """The company answered to what was said of it."""

    kind: ClassVar[str] = "evaluation.replied"
    icon: ClassVar[str] = "message"
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a répondu à une évaluation"))


@register
@dataclass(frozen=True, kw_only=True)
class EvaluationContested(EventType):
    """The company asks the platform to look at it."""

    kind: ClassVar[str] = "evaluation.contested"
    icon: ClassVar[str] = "flag"
    tone: ClassVar[str] = "warning"
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a contesté une évaluation"))


@register
@dataclass(frozen=True, kw_only=True)
class EvaluationKept(EventType):
    """The platform looked at it: it stays."""

    kind: ClassVar[str] = "evaluation.kept"
    icon: ClassVar[str] = "gavel"
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("L’équipe de la plateforme a maintenu l’évaluation contestée")
    )


@register
@dataclass(frozen=True, kw_only=True)
class EvaluationWithdrawn(EventType):
    """The platform looked at it: it is gone, and counts nowhere."""

    kind: ClassVar[str] = "evaluation.withdrawn"
    icon: ClassVar[str] = "gavel"
    tone: ClassVar[str] = "warning"
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("L’équipe de la plateforme a retiré l’évaluation contestée")
    )


@register
@dataclass(frozen=True, kw_only=True)
class CampaignOpened(EventType):
    """The quarter's evaluation of a landlord and a company begins."""

    kind: ClassVar[str] = "campaign.opened"
    icon: ClassVar[str] = "clipboard-list"
    tone: ClassVar[str] = "info"
    quarter: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("L’évaluation du trimestre est ouverte"))


@register
@dataclass(frozen=True, kw_only=True)
class CampaignReminded(EventType):
    """Whoever hasn't answered is reminded, once, by the platform."""

    kind: ClassVar[str] = "campaign.reminded"
    icon: ClassVar[str] = "bell"
    quarter: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("Rappel : l’évaluation du trimestre se termine bientôt")
    )


@register
@dataclass(frozen=True, kw_only=True)
class CampaignClosed(EventType):
    """It is over: what the landlord said of the company is visible."""

    kind: ClassVar[str] = "campaign.closed"
    icon: ClassVar[str] = "clipboard-check"
    quarter: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("L’évaluation du trimestre est close"))


@register
@dataclass(frozen=True, kw_only=True)
class ResultsPublished(EventType):
    """The results of a closed quarter are there, for ever as they are. cells: how many have one."""

    kind: ClassVar[str] = "results.published"
    icon: ClassVar[str] = "chart-radar"
    quarter: str
    cells: int
    wording: ClassVar[Mapping[Side, Any]] = {L: _("Les résultats du trimestre sont publiés")}
