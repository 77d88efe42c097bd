"""Event types of a landlord's own questions. The sentence stays in its row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, register


@register
@dataclass(frozen=True, kw_only=True)
class QuestionAdded(EventType):
    """A question of the landlord's own will be asked; edition: above 1 where it has new words."""

    kind: ClassVar[str] = "question.added"
    icon: ClassVar[str] = "help-circle"
    direction: str
    edition: int
    wording: ClassVar[Mapping[Side, Any]] = {
        Side.LANDLORD: _("{who} a ajouté une question à vos évaluations")
    }


@register
@dataclass(frozen=True, kw_only=True)
class QuestionWithdrawn(EventType):
    """A question of the landlord's own isn't asked any more; what was answered still counts."""

    kind: ClassVar[str] = "question.withdrawn"
    icon: ClassVar[str] = "x"
    direction: str
    wording: ClassVar[Mapping[Side, Any]] = {
        Side.LANDLORD: _("{who} a retiré une question de vos évaluations")
    }
