"""A person's exports of lists."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from nexxio.core.actors import Actor
from nexxio.core.models import StoredFile
from orders.models import OrderExport
from orders.services.exports import is_awaited

SHOWN = 10


@dataclass(frozen=True)
class ExportRow:
    """An export, and whether a worker still makes it."""

    export: OrderExport
    is_preparing: bool

    @property
    def has_failed(self) -> bool:
        """Whether it came to nothing, or its worker was lost."""
        return self.export.file_id is None and not self.is_preparing


def _mine(actor: Actor) -> QuerySet[OrderExport]:
    mine = OrderExport.objects.filter(organisation_id=actor.own_id)
    return mine.filter(user_id=actor.user_id) if actor.user_id else mine.none()


def exports_of(actor: Actor) -> list[ExportRow]:
    """Return the person's last exports, newest first."""
    found = _mine(actor).order_by("-asked_at", "-id")[:SHOWN]
    return [ExportRow(export, is_awaited(export)) for export in found]


def export_file(actor: Actor, pk: UUID) -> StoredFile | None:
    """Return the file of one of the person's own exports; None without one."""
    found = _mine(actor).filter(pk=pk, file__isnull=False).select_related("file").first()
    return found.file if found else None
