"""Event types of documents: what was asked for, what can be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, for_both, register


@register
@dataclass(frozen=True, kw_only=True)
class ReportAsked(EventType):
    """A worker prints a document. document: which kind."""

    kind: ClassVar[str] = "report.asked"
    icon: ClassVar[str] = "file-text"
    document: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("Un document d’évaluation est en préparation")
    )


@register
@dataclass(frozen=True, kw_only=True)
class ReportMade(EventType):
    """It can be read."""

    kind: ClassVar[str] = "report.made"
    icon: ClassVar[str] = "file-text"
    tone: ClassVar[str] = "success"
    document: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("Un document d’évaluation est prêt"))


@register
@dataclass(frozen=True, kw_only=True)
class ReportFailed(EventType):
    """It could not be printed; the page says so."""

    kind: ClassVar[str] = "report.failed"
    icon: ClassVar[str] = "alert-triangle"
    tone: ClassVar[str] = "danger"
    document: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("Un document d’évaluation n’a pas pu être préparé")
    )
