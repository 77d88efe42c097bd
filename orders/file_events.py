"""Event types of the files that a landlord attaches to an order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, for_both, register
from orders.models.order_files import FileKind
from orders.wording import in_sentence


class _KindWords:
    """Turns the kind's code into words."""

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return {what}."""
        return {"what": in_sentence(dict(FileKind.choices).get(payload["file"], ""))}


@register
@dataclass(frozen=True, kw_only=True)
class FileAttached(_KindWords, EventType):
    """A file was attached; its company reads this where it reads the file. file: its kind."""

    kind: ClassVar[str] = "order.file_attached"
    icon: ClassVar[str] = "paperclip"
    file: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a joint une pièce : {what}"))


@register
@dataclass(frozen=True, kw_only=True)
class FileWithdrawn(_KindWords, EventType):
    """An attached file was taken back. file: its kind."""

    kind: ClassVar[str] = "order.file_withdrawn"
    icon: ClassVar[str] = "trash"
    tone: ClassVar[str] = "warning"
    file: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a retiré une pièce : {what}"))
