"""The import's jobs: load, call, stop."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.core.files.storage import default_storage

from nexxio.core.actors import Actor, Channel, Role, Side
from nexxio.core.estate import applying, services
from nexxio.core.estate.plan import Plan
from nexxio.core.estate.results import summary
from nexxio.core.jobs import Progress, job_kind
from nexxio.core.models import Job, Organisation, StoredFile

READING_SHARE = 90  # of a hundred steps; the write that follows shows none until it commits
_TELL_SECONDS = 0.25


@job_kind(services.REHEARSE)
def rehearse(job: Job, progress: Progress) -> dict[str, Any]:
    """Judge the file; the result is what its page shows."""
    return summary(_with_file(job, progress, services.rehearse))


@job_kind(applying.APPLY)
def apply(job: Job, progress: Progress) -> dict[str, Any]:
    """Read the file again, then write it at once."""
    read = _with_file(job, progress, services.read_file)
    progress.step(done=READING_SHARE, total=100)
    return applying.apply_plan(
        actor=_actor(job),
        landlord_id=job.landlord_id,
        read=read,
        digest=job.payload["digest"],
        job=job,
    )


@job_kind(applying.UNDO)
def undo(job: Job, progress: Progress) -> dict[str, Any]:
    """Take an import back."""
    progress.step(done=1, total=2)
    applied = Job.objects.get(pk=job.payload["applied"])
    return applying.undo_import(actor=_actor(job), applied=applied, job=job)


def _with_file(job: Job, progress: Progress, work: Callable[..., Plan]) -> Plan:
    stored = StoredFile.objects.get(pk=job.payload["file"])
    landlord = Organisation.objects.get(pk=job.landlord_id)
    told = 0.0

    def tell(done: int) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told >= _TELL_SECONDS:
            told = now
            progress.step(done=min(READING_SHARE, READING_SHARE * done // stored.size), total=100)

    with default_storage.open(stored.storage_path, "rb") as stream:
        return work(landlord=landlord, stream=stream, tell=tell)


def _actor(job: Job) -> Actor:
    return Actor(
        side=Side.LANDLORD,
        name=str(job.asked_by or ""),
        channel=Channel.IMPORT,
        user_id=job.asked_by_id,
        organisation_id=job.landlord_id,
        roles=frozenset({Role.MANAGER}),
    )
