"""Events of the estate import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, register


@register
@dataclass(frozen=True, kw_only=True)
class EstateImported(EventType):
    """Groups were created or changed from a file."""

    kind: ClassVar[str] = "estate.imported"
    icon: ClassVar[str] = "database-import"
    created: int
    changed: int
    wording: ClassVar[Mapping[Side, Any]] = {
        Side.LANDLORD: _(
            "{who} a importé le patrimoine : {created} résidences créées, {changed} modifiées"
        )
    }


@register
@dataclass(frozen=True, kw_only=True)
class EstateImportUndone(EventType):
    """An import was taken back where nothing stood on it."""

    kind: ClassVar[str] = "estate.undone"
    icon: ClassVar[str] = "arrow-back-up"
    removed: int
    restored: int = 0
    kept: int
    wording: ClassVar[Mapping[Side, Any]] = {
        Side.LANDLORD: _(
            "{who} a annulé un import : {removed} retirées, {restored} rétablies, {kept} gardées"
        )
    }
