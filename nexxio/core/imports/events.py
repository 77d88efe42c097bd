"""Events of imports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, for_both, register
from nexxio.core.imports.registry import get_kind


class _KindWords:
    """Turns a kind's code into its title."""

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return counts, and the kind in words."""
        try:
            title = str(get_kind(payload["of"]).title)
        except KeyError:  # a kind that this version no longer has
            title = payload["of"]
        return {
            **{name: str(value) for name, value in payload.items()},
            "of": title[:1].lower() + title[1:],
        }


@register
@dataclass(frozen=True, kw_only=True)
class ImportApplied(_KindWords, EventType):
    """A file was imported."""

    kind: ClassVar[str] = "import.applied"
    icon: ClassVar[str] = "database-import"
    of: str
    created: int
    changed: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a importé un fichier ({of}) : {created} créés, {changed} modifiés")
    )


@register
@dataclass(frozen=True, kw_only=True)
class ImportUndone(_KindWords, EventType):
    """An import was taken back where nothing stood on it."""

    kind: ClassVar[str] = "import.undone"
    icon: ClassVar[str] = "arrow-back-up"
    of: str
    removed: int
    restored: int
    kept: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a annulé un import ({of}) : {removed} retirés, {restored} rétablis, {kept} gardés")
    )
