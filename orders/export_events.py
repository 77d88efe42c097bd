"""Event types of exports: asked for, made, failed. Each is of one house alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, for_both, register


@register
@dataclass(frozen=True, kw_only=True)
class ExportAsked(EventType):
    """A person wants a whole list of orders as a file."""

    kind: ClassVar[str] = "export.asked"
    icon: ClassVar[str] = "file-spreadsheet"
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a demandé un export de commandes"))


@register
@dataclass(frozen=True, kw_only=True)
class ExportMade(EventType):
    """The file can be fetched."""

    kind: ClassVar[str] = "export.made"
    icon: ClassVar[str] = "file-spreadsheet"
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("L’export de commandes est prêt"))


@register
@dataclass(frozen=True, kw_only=True)
class ExportFailed(EventType):
    """No file could be made; it may be asked for again."""

    kind: ClassVar[str] = "export.failed"
    icon: ClassVar[str] = "alert-triangle"
    tone: ClassVar[str] = "warning"
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("L’export de commandes n’a pas pu être préparé")
    )
