"""Event types of a company's own answers that it shows. No mark stands in one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, for_both, register


@register
@dataclass(frozen=True, kw_only=True)
class AnswersAsked(EventType):
    """A company wishes to show its own answers of a quarter; it alone reads that."""

    kind: ClassVar[str] = "answers.asked"
    icon: ClassVar[str] = "eye"
    quarter: str
    wording: ClassVar[Mapping[Side, Any]] = {
        Side.CONTRACTOR: _("{who} a demandé à montrer vos réponses ({quarter})")
    }


@register
@dataclass(frozen=True, kw_only=True)
class AnswersShown(EventType):
    """The landlord reads them from now on."""

    kind: ClassVar[str] = "answers.shown"
    icon: ClassVar[str] = "eye"
    tone: ClassVar[str] = "info"
    quarter: str
    wording: ClassVar[Mapping[Side, Any]] = {
        Side.LANDLORD: _("L’entreprise vous montre ses réponses ({quarter})"),
        Side.CONTRACTOR: _("Vos réponses sont montrées au bailleur ({quarter})"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class AnswersRefused(EventType):
    """They would tell of the other companies; the company alone reads that."""

    kind: ClassVar[str] = "answers.refused"
    icon: ClassVar[str] = "eye-off"
    tone: ClassVar[str] = "warning"
    quarter: str
    wording: ClassVar[Mapping[Side, Any]] = {
        Side.CONTRACTOR: _("Vos réponses ne sont pas montrées : elles dévoileraient les autres")
    }


@register
@dataclass(frozen=True, kw_only=True)
class AnswersWithdrawn(EventType):
    """The landlord reads them no more."""

    kind: ClassVar[str] = "answers.withdrawn"
    icon: ClassVar[str] = "arrow-back-up"
    quarter: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} ne montre plus les réponses de l’entreprise ({quarter})")
    )
