"""Event types of references between peers. Who may be called stands in its row alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, for_both, register


@register
@dataclass(frozen=True, kw_only=True)
class ReferencePublished(EventType):
    """A company shows results at one landlord to the others. axes: how many."""

    kind: ClassVar[str] = "reference.published"
    icon: ClassVar[str] = "award"
    tone: ClassVar[str] = "info"
    quarter: str
    axes: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a publié une référence auprès des autres bailleurs ({quarter})")
    )


@register
@dataclass(frozen=True, kw_only=True)
class ReferenceWithdrawn(EventType):
    """It is read by nobody else any more."""

    kind: ClassVar[str] = "reference.withdrawn"
    icon: ClassVar[str] = "arrow-back-up"
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a retiré une référence publiée"))


@register
@dataclass(frozen=True, kw_only=True)
class CallOffered(EventType):
    """Somebody at the landlord may be called about the company."""

    kind: ClassVar[str] = "reference.call_offered"
    icon: ClassVar[str] = "phone"
    tone: ClassVar[str] = "success"
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} accepte d’être appelé par d’autres bailleurs")
    )


@register
@dataclass(frozen=True, kw_only=True)
class CallWithdrawn(EventType):
    """He isn't called any more."""

    kind: ClassVar[str] = "reference.call_withdrawn"
    icon: ClassVar[str] = "phone-off"
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("Un contact pour les autres bailleurs est retiré")
    )


@register
@dataclass(frozen=True, kw_only=True)
class PeerRuleChanged(EventType):
    """A landlord is, or isn't any more, named in its companies' references. unnamed: which."""

    kind: ClassVar[str] = "reference.rule_changed"
    icon: ClassVar[str] = "eye-off"
    unnamed: bool
    wording: ClassVar[Mapping[Side, Any]] = {
        Side.LANDLORD: _("{who} a changé la façon dont votre organisme est cité en référence")
    }
