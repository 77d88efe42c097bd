"""Event types of the rule by which contracts get their orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, for_both, register
from orders.terms import AttributionReason
from orders.wording import in_sentence


@register
@dataclass(frozen=True, kw_only=True)
class RuleLeft(EventType):
    """An order went to another contract than the one whose turn it was."""

    kind: ClassVar[str] = "order.rule_left"
    icon: ClassVar[str] = "arrows-split"
    tone: ClassVar[str] = "warning"
    reason: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a attribué la commande hors de la règle des marchés : {reason}")
    )

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Turn the code into words."""
        known = dict(AttributionReason.choices)
        code = payload["reason"]
        return {"reason": in_sentence(known.get(code, code))}
