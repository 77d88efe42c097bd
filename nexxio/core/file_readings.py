"""The log of files: which organisation, in which role, opened which file of an order, and when.

Written as a file is served, never as a page that names it is shown. Its landlord reads it from the
order's page, a contractor that of its own photos and pieces; it is erased by its age
(core/retention).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from nexxio.core import clock
from nexxio.core.actors import Actor, Role, Side
from nexxio.core.members.wording import roles_text
from nexxio.core.models import FileReading, StoredFile

SHOWN = 200
_ERASED = 1000
_STRONGEST = (Role.MANAGER, Role.CLERK, Role.TECHNICIAN, Role.READER)


@dataclass(frozen=True)
class Reading:
    """A line of the log. who: an organisation or a tenant, never a person; role: in words."""

    file: StoredFile
    who: str
    role: str
    at: datetime


def note_reading(*, actor: Actor, file: StoredFile, order_id: UUID) -> None:
    """Note that the actor opened a file of an order: once a day, its first time.

    Nothing for platform staff who look in: their stays have a log of their own.
    """
    if actor.entry_id is not None:
        return
    now = clock.now()
    is_member = actor.membership_id is not None
    row = FileReading(
        landlord_id=file.landlord_id,
        file=file,
        order_id=order_id,
        side=actor.side.value,
        organisation_id=actor.organisation_id if is_member else None,
        role=next((role.value for role in _STRONGEST if actor.has(role)), ""),
        day=clock.today(),
        created_at=now,
    )
    FileReading.objects.bulk_create([row], ignore_conflicts=True)


def readings_of(landlord_id: UUID, order_id: UUID, file: StoredFile | None = None) -> list[Reading]:
    """Return who opened files of an order, or one of them, the newest SHOWN lines first."""
    rows = FileReading.objects.filter(landlord_id=landlord_id, order_id=order_id)
    if file is not None:
        rows = rows.filter(file_id=file.pk)
    newest = rows.select_related("file", "organisation").order_by("-created_at", "-id")[:SHOWN]
    return [Reading(row.file, _who(row), _role(row), row.created_at) for row in newest]


def _who(row: FileReading) -> str:
    if row.organisation is not None:
        return row.organisation.name
    return _("Locataire") if row.side == Side.TENANT.value else _("Entreprise, par le bon papier")


def _role(row: FileReading) -> str:
    return roles_text([row.role], Side(row.side)) if row.role else ""


def erase_old() -> int:
    """Erase what is older than NEXXIO_FILE_READING_DAYS, in a system scope; returns how many."""
    last = clock.now() - timedelta(days=settings.FILE_READING_DAYS)
    over = FileReading.objects.filter(created_at__lt=last).order_by("created_at")
    keys = list(over.values_list("pk", flat=True)[:_ERASED])
    gone, _of_each = FileReading.objects.filter(pk__in=keys).delete()
    return gone
