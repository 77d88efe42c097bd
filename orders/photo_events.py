"""Event types of photos taken back or not wanted, and of what was erased by its age."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, register
from orders.states import PhotoWithdrawal
from orders.wording import in_sentence

L, C, T = Side.LANDLORD, Side.CONTRACTOR, Side.TENANT


@register
@dataclass(frozen=True, kw_only=True)
class PhotoWithdrawn(EventType):
    """A photo was taken back."""

    kind: ClassVar[str] = "visit.photo_withdrawn"
    icon: ClassVar[str] = "camera-off"
    tone: ClassVar[str] = "warning"
    reason: str
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a retiré une photo : {reason}"),
        C: _("{who} a retiré une photo : {reason}"),
    }

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Turn the code into words."""
        return {"reason": in_sentence(PhotoWithdrawal(payload["reason"]).label)}


@register
@dataclass(frozen=True, kw_only=True)
class PhotosRefused(EventType):
    """The tenant wants no photos of his home."""

    kind: ClassVar[str] = "visit.photos_refused"
    icon: ClassVar[str] = "camera-off"
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("Le locataire refuse les photos, selon l’entreprise"),
        C: _("{who} a noté que le locataire refuse les photos"),
        T: _("L’entreprise a noté que vous refusez les photos"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class ContactErased(EventType):
    """Contact and access of an order were erased by their age."""

    kind: ClassVar[str] = "order.contact_erased"
    icon: ClassVar[str] = "eraser"
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("Contact et accès effacés : leur durée de conservation est passée"),
        C: _("Contact et accès effacés : leur durée de conservation est passée"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class PhotosErased(EventType):
    """Photos that no signed certificate names were erased by their age."""

    kind: ClassVar[str] = "order.photos_erased"
    icon: ClassVar[str] = "eraser"
    count: int
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("Photos effacées ({count}) : leur durée de conservation est passée"),
        C: _("Photos effacées ({count}) : leur durée de conservation est passée"),
    }
