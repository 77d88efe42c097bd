"""Events of agencies and sectors. Names aren't in the payload: pages put them in (`name`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from nexxio.core.actors import Side
from nexxio.core.events import EventType, register


def _landlord(sentence: Any) -> Mapping[Side, Any]:
    return {Side.LANDLORD: sentence}


class _Named(EventType):
    """Puts a word in place of a name where the page knew none, and counts residences."""

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return the name of what it is about, and how many residences."""
        count = len(payload.get("groups", ()))
        return {
            "name": str(payload.get("name") or _now("(nom inconnu)")),
            "residences": ngettext("%(n)s résidence", "%(n)s résidences", count) % {"n": count},
        }


@register
@dataclass(frozen=True, kw_only=True)
class AgencyAdded(_Named):
    """An agency was made."""

    kind: ClassVar[str] = "territory.agency_added"
    icon: ClassVar[str] = "plus"
    wording: ClassVar[Mapping[Side, Any]] = _landlord(_("{who} a créé l’agence {name}"))


@register
@dataclass(frozen=True, kw_only=True)
class SectorAdded(_Named):
    """A sector was made."""

    kind: ClassVar[str] = "territory.sector_added"
    icon: ClassVar[str] = "plus"
    agency: UUID
    wording: ClassVar[Mapping[Side, Any]] = _landlord(_("{who} a créé le secteur {name}"))


@register
@dataclass(frozen=True, kw_only=True)
class TerritoryRenamed(_Named):
    """An agency or a sector has another name."""

    kind: ClassVar[str] = "territory.renamed"
    icon: ClassVar[str] = "pencil"
    wording: ClassVar[Mapping[Side, Any]] = _landlord(_("{who} a renommé {name}"))


@register
@dataclass(frozen=True, kw_only=True)
class TerritoryArchived(_Named):
    """An empty agency or sector isn't offered any more."""

    kind: ClassVar[str] = "territory.archived"
    icon: ClassVar[str] = "archive"
    tone: ClassVar[str] = "warning"
    wording: ClassVar[Mapping[Side, Any]] = _landlord(_("{who} a archivé {name}"))


@register
@dataclass(frozen=True, kw_only=True)
class TerritoryRestored(_Named):
    """An archived agency or sector is offered again."""

    kind: ClassVar[str] = "territory.restored"
    icon: ClassVar[str] = "archive-off"
    tone: ClassVar[str] = "success"
    wording: ClassVar[Mapping[Side, Any]] = _landlord(_("{who} a rétabli {name}"))


@register
@dataclass(frozen=True, kw_only=True)
class ResidencesAssigned(_Named):
    """Residences belong to a sector from now on."""

    kind: ClassVar[str] = "territory.assigned"
    icon: ClassVar[str] = "building"
    groups: tuple[UUID, ...]
    wording: ClassVar[Mapping[Side, Any]] = _landlord(
        _("{who} a affecté {residences} au secteur {name}")
    )


@register
@dataclass(frozen=True, kw_only=True)
class ResidencesReleased(_Named):
    """Residences belong to no sector any more, or an import was taken back."""

    kind: ClassVar[str] = "territory.released"
    icon: ClassVar[str] = "building"
    tone: ClassVar[str] = "warning"
    groups: tuple[UUID, ...]
    wording: ClassVar[Mapping[Side, Any]] = _landlord(
        _("{who} a retiré {residences} de leur secteur")
    )
