"""Event types of bonus and malus. Sums and codes only: what people write stays in its row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, for_both, register

L, C = Side.LANDLORD, Side.CONTRACTOR


@register
@dataclass(frozen=True, kw_only=True)
class RulesDrafted(EventType):
    """A landlord prepares a version of a contract's rules, or writes it anew."""

    kind: ClassVar[str] = "bonus.drafted"
    icon: ClassVar[str] = "pencil"
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a préparé des règles de bonus et malus"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class RulesProposed(EventType):
    """The landlord signed a version; its company has to answer. sha256: of the terms."""

    kind: ClassVar[str] = "bonus.proposed"
    icon: ClassVar[str] = "send"
    tone: ClassVar[str] = "info"
    sha256: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a signé et proposé des règles de bonus et malus")
    )


@register
@dataclass(frozen=True, kw_only=True)
class RulesWithdrawn(EventType):
    """The landlord takes back what nobody has accepted yet."""

    kind: ClassVar[str] = "bonus.withdrawn"
    icon: ClassVar[str] = "arrow-back-up"
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a retiré les règles de bonus et malus proposées")
    )


@register
@dataclass(frozen=True, kw_only=True)
class RulesAccepted(EventType):
    """The company signed too: they apply from that day on. sha256: of the terms that it read."""

    kind: ClassVar[str] = "bonus.accepted"
    icon: ClassVar[str] = "circle-check"
    tone: ClassVar[str] = "success"
    sha256: str
    applies_from: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a accepté et signé les règles de bonus et malus")
    )


@register
@dataclass(frozen=True, kw_only=True)
class RulesRefused(EventType):
    """The company refused, with a reason."""

    kind: ClassVar[str] = "bonus.refused"
    icon: ClassVar[str] = "circle-x"
    tone: ClassVar[str] = "warning"
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a refusé les règles de bonus et malus")
    )


@register
@dataclass(frozen=True, kw_only=True)
class StatementMade(EventType):
    """A period is over and counted. total: in euros, negative for a malus."""

    kind: ClassVar[str] = "bonus.stated"
    icon: ClassVar[str] = "file-text"
    tone: ClassVar[str] = "info"
    reference: str
    total: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("Le relevé de bonus et malus {reference} est établi")
    )


@register
@dataclass(frozen=True, kw_only=True)
class LineContested(EventType):
    """The company contests a line."""

    kind: ClassVar[str] = "bonus.contested"
    icon: ClassVar[str] = "flag"
    tone: ClassVar[str] = "warning"
    reference: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a contesté une ligne du relevé {reference}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class ContestAnswered(EventType):
    """The landlord keeps a contested line, or neutralises it."""

    kind: ClassVar[str] = "bonus.answered"
    icon: ClassVar[str] = "gavel"
    reference: str
    outcome: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a répondu à une contestation du relevé {reference}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class StatementClosed(EventType):
    """By hand, or by the clock. Nothing changes any more."""

    kind: ClassVar[str] = "bonus.closed"
    icon: ClassVar[str] = "lock"
    tone: ClassVar[str] = "success"
    reference: str
    total: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("Le relevé de bonus et malus {reference} est clos")
    )


@register
@dataclass(frozen=True, kw_only=True)
class DocumentNoted(EventType):
    """The company's credit note, or invoice, of a closed statement."""

    kind: ClassVar[str] = "bonus.documented"
    icon: ClassVar[str] = "receipt"
    reference: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a noté le document qui solde le relevé {reference}")
    )
