"""Rehearse, apply and undo an estate import (the order of work is in the package's docstring)."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, Any

from django.db import transaction

from nexxio.core import clock, jobs
from nexxio.core.actors import Actor, Role
from nexxio.core.errors import Refused
from nexxio.core.estate import applying
from nexxio.core.estate.applying import APPLY, UNDO
from nexxio.core.estate.landlords import LandlordNames
from nexxio.core.estate.plan import Plan, Planner, settle
from nexxio.core.estate.reader import EstateReader
from nexxio.core.imports.csvfile import BrokenFile
from nexxio.core.imports.uploads import keep_upload
from nexxio.core.models import Job, JobState, Organisation

REHEARSE = "estate.rehearse"
_NOT_FAILED = [JobState.QUEUED, JobState.RUNNING, JobState.DONE]


class UnreadableFile(Refused):
    """The file can't be read; nothing of it counts. line 0: the file as a whole."""

    def __init__(self, error: BrokenFile) -> None:
        super().__init__(error.message, code="file")
        self.line = error.line
        self.column = error.column


@transaction.atomic
def ask_rehearsal(*, actor: Actor, upload: IO[bytes], name: str) -> Job:
    """Keep the file and ask a worker to rehearse it. Raises Invalid for an empty or huge file."""
    _require_manager(actor)
    stored = keep_upload(actor, upload, name, "text/csv")
    return jobs.ask(
        kind=REHEARSE, actor=actor, payload={"file": str(stored.pk), "name": stored.name}
    )


@transaction.atomic
def ask_apply(*, actor: Actor, rehearsal: Job) -> Job:
    """Ask a worker to apply a rehearsal. Raises Refused when it isn't done, or applied already.

    Locks the rehearsal: of two clicks one asks, the other reads that it is done already.
    """
    _require_manager(actor)
    rehearsal = Job.objects.select_for_update(of=("self",)).get(pk=rehearsal.pk)
    if rehearsal.kind != REHEARSE or rehearsal.state != JobState.DONE:
        raise Refused("Cet essai à blanc n’est pas terminé.")
    if following(rehearsal) is not None:
        raise Refused("Cet import est déjà demandé.")
    payload = {"rehearsal": str(rehearsal.pk), "digest": rehearsal.result["digest"]}
    return jobs.ask(kind=APPLY, actor=actor, payload={**rehearsal.payload, **payload})


@transaction.atomic
def ask_undo(*, actor: Actor, applied: Job) -> Job:
    """Ask a worker to take an import back where nothing stands on it. Locks the applied job.

    Raises Refused when it isn't done, is being undone, or lies below a later import.
    """
    _require_manager(actor)
    applied = Job.objects.select_for_update(of=("self",)).get(pk=applied.pk)
    if applied.kind != APPLY or applied.state != JobState.DONE:
        raise Refused("Cet import n’est pas terminé.")
    if following(applied) is not None:
        raise Refused("L’annulation de cet import est déjà demandée.")
    applying.refuse_below_a_later_import(applied)
    return jobs.ask(
        kind=UNDO,
        actor=actor,
        payload={"applied": str(applied.pk), "name": applied.payload.get("name", "")},
    )


def following(job: Job) -> Job | None:
    """Return the apply of a rehearsal, or the undo of an apply, unless it failed."""
    link = {REHEARSE: "payload__rehearsal", APPLY: "payload__applied"}.get(job.kind)
    if link is None:
        return None
    return Job.objects.filter(**{link: str(job.pk)}, state__in=_NOT_FAILED).first()


def read_file(
    *, landlord: Organisation, stream: IO[bytes], tell: Callable[[int], None] | None = None
) -> Plan:
    """Read a landlord's rows, compared with no group yet; nothing is written or locked.

    tell: called with the bytes read so far. Raises UnreadableFile with line and column.
    """
    names = LandlordNames([landlord.name, *landlord.aliases])
    planner = Planner({})
    try:
        for done in planner.run(EstateReader(stream, wanted=names.__contains__)):
            if tell is not None:
                tell(done)
    except BrokenFile as error:
        raise UnreadableFile(error) from error
    return planner.plan


def rehearse(
    *, landlord: Organisation, stream: IO[bytes], tell: Callable[[int], None] | None = None
) -> Plan:
    """Judge a file against the landlord's groups as they are; nothing is written or locked."""
    read = read_file(landlord=landlord, stream=stream, tell=tell)
    return settle(read, applying.existing_of(landlord.pk))


def import_now(
    *, actor: Actor, landlord: Organisation, stream: IO[bytes], name: str
) -> dict[str, Any]:
    """Apply a file without rehearsal, and leave its job, done, so that it can be undone.

    For the command. All or nothing; raises UnreadableFile before anything is written.
    """
    _require_manager(actor)
    started = clock.now()
    read = read_file(landlord=landlord, stream=stream)
    with transaction.atomic():
        result = applying.apply_plan(actor=actor, landlord_id=landlord.pk, read=read)
        job = Job(
            landlord_id=landlord.pk,
            kind=APPLY,
            asked_by_id=actor.user_id,
            state=JobState.DONE,
            payload={"name": name[-160:]},
            result=result,
            started_at=started,
            finished_at=clock.now(),
        )
        job.save(force_insert=True)
    return result


def _require_manager(actor: Actor) -> None:
    if not actor.has(Role.MANAGER):
        raise Refused("Seul un responsable importe le patrimoine.", code="role")
