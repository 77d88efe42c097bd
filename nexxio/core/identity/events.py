"""Events of an organisation's own security."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, for_both, register


@register
@dataclass(frozen=True, kw_only=True)
class SecondFactorRequired(EventType):
    """An organisation asks all its members for a second factor, or no longer does."""

    kind: ClassVar[str] = "organisation.second_factor"
    icon: ClassVar[str] = "shield-lock"
    required: bool
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} {act} la double authentification à tous les membres")
    )

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Say which way it went."""
        return {"act": gettext("demande") if payload["required"] else gettext("ne demande plus")}
