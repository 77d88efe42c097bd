"""Event types of the printed order: asked for, made, failed, its code renewed or withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, for_both, register


@register
@dataclass(frozen=True, kw_only=True)
class DocumentAsked(EventType):
    """Somebody wants the order printed again, as it stands."""

    kind: ClassVar[str] = "order.document_asked"
    icon: ClassVar[str] = "printer"
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a demandé un nouveau bon en PDF"))


@register
@dataclass(frozen=True, kw_only=True)
class DocumentMade(EventType):
    """The order's PDF is there. in_clear: contact and access can be read in it."""

    kind: ClassVar[str] = "order.document_made"
    icon: ClassVar[str] = "file-text"
    number: int
    in_clear: bool
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("Le bon en PDF est prêt (version {number}, {contact})")
    )

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Say whether the contact can be read in it."""
        contact = _("coordonnées en clair") if payload["in_clear"] else _("coordonnées masquées")
        return {"number": str(payload["number"]), "contact": str(contact)}


@register
@dataclass(frozen=True, kw_only=True)
class DocumentFailed(EventType):
    """The order's PDF could not be made; it can be asked for again."""

    kind: ClassVar[str] = "order.document_failed"
    icon: ClassVar[str] = "alert-triangle"
    tone: ClassVar[str] = "warning"
    number: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("Le bon en PDF n’a pas pu être préparé"))


@register
@dataclass(frozen=True, kw_only=True)
class PaperRenewed(EventType):
    """The code on the printed orders so far opens nothing any more; the next one has another."""

    kind: ClassVar[str] = "order.paper_renewed"
    icon: ClassVar[str] = "qrcode"
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a remplacé le code du bon papier"))


@register
@dataclass(frozen=True, kw_only=True)
class PaperRevoked(EventType):
    """The code on the printed orders opens nothing any more."""

    kind: ClassVar[str] = "order.paper_revoked"
    icon: ClassVar[str] = "key"
    tone: ClassVar[str] = "warning"
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a retiré le code du bon papier"))
