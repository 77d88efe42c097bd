"""What is erased when its time is over. Each rule is a setting with its reason.

Run by the clock, in small steps: a rule that has much to do goes on at the next tick.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from nexxio.core import clock, file_readings
from nexxio.core.entry import services as entry
from nexxio.core.models import FileReading, ImportRun, JobState, StoredFile
from nexxio.core.scoping import system_scope

logger = logging.getLogger(__name__)

STEP = 200


def erase_outdated() -> int:
    """Erase what is past its time, of every rule; returns how many things went."""
    with system_scope("retention: erase what is past its time"):
        return erase_import_files() + entry.erase_old() + file_readings.erase_old()


def erase_import_files() -> int:
    """Erase files of imports whose last step ended NEXXIO_IMPORT_FILE_DAYS ago.

    The file and what was seen of it go (they hold people's names and phones); the report, the
    counts and how its columns were read stay. A run that is under way is left alone. Afterwards
    the page says that the file is gone, and an import can still be undone. In a system scope.
    """
    now = clock.now()
    last = now - timedelta(days=settings.IMPORT_FILE_DAYS)
    over = (
        ImportRun.objects.filter(file__isnull=False, created_at__lt=last)
        .filter(Q(job__isnull=True) | Q(job__finished_at__lt=last))
        .order_by("pk")
        .values_list("pk", flat=True)[:STEP]
    )
    return sum(_erase_file_of(pk) for pk in list(over))


def erase_stored(files: Iterable[StoredFile]) -> None:
    """Erase files that no row names any more, and who opened them; the bytes after the commit.

    In the caller's transaction and system scope.
    """
    for stored in files:
        own = {"landlord_id": stored.landlord_id}
        FileReading.objects.filter(**own, file_id=stored.pk).delete()
        StoredFile.objects.filter(**own, pk=stored.pk).delete()
        transaction.on_commit(partial(_remove_bytes, stored), robust=True)


def _erase_file_of(pk: UUID) -> int:
    """Empty a run, then remove the bytes once that is committed and nobody else has them."""
    with transaction.atomic():
        run = (
            ImportRun.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("file", "job")
            .filter(pk=pk)
            .first()
        )
        busy = (JobState.QUEUED, JobState.RUNNING)
        if run is None or run.file is None or (run.job and run.job.state in busy):
            return 0
        stored = run.file
        run.file, run.inspection = None, {}
        run.file_erased_at = clock.now()
        run.save(update_fields=["file", "inspection", "file_erased_at"])
        if not ImportRun.objects.filter(landlord_id=run.landlord_id, file=stored).exists():
            StoredFile.objects.filter(pk=stored.pk).delete()
    _remove_bytes(stored)
    logger.info("file of import %s erased", pk)
    return 1


def _remove_bytes(stored: StoredFile) -> None:
    """Remove bytes that no row names any more: one file may have been sent twice."""
    with system_scope("retention: does another file have these bytes"):
        same = StoredFile.objects.filter(landlord_id=stored.landlord_id, sha256=stored.sha256)
        is_kept = same.exists()
    if not is_kept:
        default_storage.delete(stored.storage_path)
