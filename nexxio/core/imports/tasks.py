"""The jobs of imports: load, call, stop."""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any

from django.core.files.storage import default_storage

from nexxio.core.actors import Actor, Channel, scope_of
from nexxio.core.errors import Refused
from nexxio.core.http import actor_of
from nexxio.core.imports import inspecting, running, services
from nexxio.core.imports.csvfile import BrokenFile
from nexxio.core.imports.registry import Kind, get_kind
from nexxio.core.imports.report import Report
from nexxio.core.imports.rows import Reading, TypedRows
from nexxio.core.imports.uploads import keep_report
from nexxio.core.jobs import Overtaken, Progress, job_kind
from nexxio.core.models import ImportedRow, ImportRun, Job, Membership

logger = logging.getLogger(__name__)

_TELL_SECONDS = 0.25
_STEPS = 1000
_SPOOL = 1 << 20


@job_kind(services.INSPECT)
def inspect(job: Job, progress: Progress) -> dict[str, Any]:
    """Look at the whole file; what was seen is kept on the run."""
    run, kind = _run(job)
    tell = _Teller(progress)
    with _reading(run) as stream:
        found = inspecting.inspect(stream, kind, tell.at)
    ImportRun.objects.filter(pk=run.pk).update(inspection=found)
    return {"sheets": len(found["sheets"]), "rows": sum(s["rows"] for s in found["sheets"])}


@job_kind(services.REHEARSE)
def rehearse(job: Job, progress: Progress) -> dict[str, Any]:
    """Judge the file; the result is what the page shows."""
    run, kind = _run(job)
    actor = _actor(run, kind)

    def work(rows: TypedRows, report: Report, tell: Callable[[], None]) -> None:
        session = kind.session(actor, {})
        running.rehearse(session=session, rows=rows, report=report, tell=tell)

    return _with_rows(run, kind, actor, progress, work)


@job_kind(services.APPLY)
def apply(job: Job, progress: Progress) -> dict[str, Any]:
    """Judge the file again and write it, batch by batch."""
    run, kind = _run(job)
    actor = _actor(run, kind)

    def work(rows: TypedRows, report: Report, tell: Callable[[], None]) -> None:
        running.apply(
            actor=actor,
            kind=kind,
            session=kind.session(actor, run.options),
            rows=rows,
            run=run,
            report=report,
            tell=tell,
        )

    try:
        return _with_rows(run, kind, actor, progress, work)
    except Overtaken:
        raise
    except Refused as refusal:
        raise _halfway(run, refusal.message) from refusal
    except Exception as error:
        logger.exception("import %s stopped", run.pk)
        raise _halfway(run, "Une erreur interne a arrêté l’import.") from error


@job_kind(services.UNDO)
def undo(job: Job, progress: Progress) -> dict[str, Any]:
    """Take an import back."""
    run, kind = _run(job)
    tell = _Teller(progress)
    total = max(1, ImportedRow.objects.filter(landlord_id=run.landlord_id, run_id=run.pk).count())
    done = 0

    def step() -> None:
        nonlocal done
        done += running.BATCH
        tell.at(done / total)

    actor = _actor(run, kind)
    with scope_of(actor):
        return running.undo(actor=actor, kind=kind, run=run, tell=step)


class _Teller:
    """Tells a job's progress, but not more often than people look."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._told = 0.0

    def at(self, share: float) -> None:
        now = time.monotonic()
        if now - self._told >= _TELL_SECONDS:
            self._told = now
            self._progress.step(done=min(_STEPS, int(share * _STEPS)), total=_STEPS)


def _run(job: Job) -> tuple[ImportRun, Kind]:
    run: ImportRun = ImportRun.objects.select_related("file").get(pk=job.payload["run"])
    return run, get_kind(run.kind)


def _actor(run: ImportRun, kind: Kind) -> Actor:
    """Return the person who asked, with the rights that he has now.

    Raises Refused where they don't suffice any more: much may happen while a job waits.
    """
    member = (
        Membership.objects.filter(is_active=True, user__is_active=True)
        .filter(organisation__is_active=True)
        .filter(pk__in=[run.member_id])
        .select_related("user", "organisation")
        .first()
    )
    if member is None:
        raise Refused("La personne qui a demandé cet import n’est plus active.")
    actor = actor_of(member, channel=Channel.IMPORT)
    services.require_role(actor, kind)
    return actor


@contextmanager
def _reading(run: ImportRun) -> Iterator[IO[bytes]]:
    """Open the run's file; what breaks it becomes a refusal that people read."""
    if run.file is None:
        raise Refused("Ce fichier n’est plus là : envoyez-le à nouveau.")
    try:
        with default_storage.open(run.file.storage_path, "rb") as stream:
            yield stream
    except BrokenFile as error:
        raise Refused(_sentence(error), code="file") from error


def _sentence(error: BrokenFile) -> str:
    return error.message[:1].upper() + error.message[1:]


def _with_rows(
    run: ImportRun,
    kind: Kind,
    actor: Actor,
    progress: Progress,
    work: Callable[[TypedRows, Report, Callable[[], None]], None],
) -> dict[str, Any]:
    """Read the file as the run says, let `work` report on it, and keep the report.

    With the eyes of whoever asked: a job's own scope is a landlord's, and the file may be a
    company's.
    """
    tell = _Teller(progress)
    reading = Reading(run.columns, run.translations, run.sheet)
    with (
        scope_of(actor),
        _reading(run) as stream,
        tempfile.SpooledTemporaryFile(max_size=_SPOOL) as out,
    ):
        rows = TypedRows(stream, kind, reading)
        report = Report(out)
        work(rows, report, lambda: tell.at(rows.position))
        report.finish()
        stored = keep_report(actor, out, f"rapport-{kind.slug}.csv")
    return {**report.summary(), "report": str(stored.pk)}


def _halfway(run: ImportRun, reason: str) -> Refused:
    """Say what an interrupted apply has left."""
    count = ImportedRow.objects.filter(landlord_id=run.landlord_id, run_id=run.pk).count()
    if not count:
        return Refused(f"{reason} Rien n’a été écrit.")
    return Refused(
        f"{reason} {count} éléments étaient déjà écrits : renvoyez le fichier pour continuer, "
        "ils ne changeront pas ; ou annulez cet import."
    )
