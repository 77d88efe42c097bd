"""Long jobs: rows with a state and a lease, so that a killed worker's job is taken again.

A worker that is only slow may lose its lease while it works on. `started_at` and `attempts` tell
the holders apart: a job that platform staff let run again begins anew, counting from one again.
Nobody renews, or ends, what somebody else has taken. Work that writes keeps its result on
the row in the same transaction; a job with a result has done its work, whatever stops it later.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from nexxio.core import clock, live, nudge
from nexxio.core.actors import Actor
from nexxio.core.errors import Refused
from nexxio.core.models import Job, JobState
from nexxio.core.scoping import Scope, ScopeKind, open_scope, system_scope

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
MAX_ATTEMPTS = 3

Work = Callable[[Job, "Progress"], dict[str, Any]]
_kinds: dict[str, Work] = {}


class Overtaken(Exception):
    """Another worker has taken the job: this one stops, and says nothing about it."""


class Progress:
    """Handed to a job's work: tells how far it is, and keeps the lease.

    Call `step` outside transactions: inside one neither the figure nor the lease is seen by
    anybody before the commit.
    """

    def __init__(self, job: Job) -> None:
        self.job = job

    def step(self, *, done: int, total: int) -> None:
        """Keep `done` of `total`, renew the lease, and tell the pages that look.

        Raises Overtaken when the lease ran out and another worker has the job.
        """
        renewed = _held(self.job).update(
            done_steps=done, total_steps=total, leased_until=clock.now() + LEASE
        )
        if not renewed:
            raise Overtaken(f"job {self.job.pk} has another worker")
        tell(self.job)


def tell(job: Job) -> None:
    """Tell pages that the job moved. A broker that is away loses nothing: pages also poll."""
    try:
        live.publish([(live.channel_for_organisation(job.landlord_id), f"job.{job.pk}")])
    except live.PushUnavailable:
        logger.debug("progress of job %s not pushed", job.pk)


class _Interrupted(Exception):
    """Its worker died too often."""


def job_kind(name: str) -> Callable[[Work], Work]:
    """Register the work of a kind of job.

    The work runs in the scope of the job's landlord, may be started again after a crash, and
    returns the job's result; what it writes commits together with that result on the job's row.
    `Refused` fails the job with its message, for the person to read.
    """

    def decorate(work: Work) -> Work:
        _kinds[name] = work
        return work

    return decorate


def ask(*, kind: str, actor: Actor, payload: dict[str, Any], awaited: bool | None = None) -> Job:
    """Create a job for the actor's organisation, in the caller's transaction.

    awaited: somebody waits for it, so that it comes before others; None says so of what a person
    asks for. An event's job runs as the system, though a person may be waiting: it is told then.
    """
    job = Job(
        landlord_id=actor.own_id,
        kind=kind,
        asked_by_id=actor.user_id,
        payload=payload,
        is_awaited=actor.user_id is not None if awaited is None else awaited,
    )
    job.save(force_insert=True)
    nudge.after_commit(nudge.JOBS_TASK)
    return job


def _open() -> Q:
    return Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, leased_until__lt=clock.now())


def run_open() -> int:
    """Do the jobs that nobody is doing, one after the other. Returns how many."""
    count = 0
    while (job := _claim()) is not None:
        run(job)
        count += 1
    return count


def _claim() -> Job | None:
    with system_scope("jobs: claim"), transaction.atomic():
        job = (
            Job.objects.filter(_open())
            .order_by("-is_awaited", "created_at")
            .select_for_update(skip_locked=True, of=("self",))
            .first()
        )
        if job is None:
            return None
        now = clock.now()
        job.state = JobState.RUNNING
        job.attempts += 1
        job.started_at = job.started_at or now
        job.leased_until = now + LEASE
        job.save(update_fields=["state", "attempts", "started_at", "leased_until"])
        return job


def run(job: Job) -> None:
    """Do one claimed job in its landlord's scope, and keep how it ended."""
    with open_scope(
        Scope(kind=ScopeKind.LANDLORD, landlord_id=job.landlord_id, user_id=job.asked_by_id)
    ):
        try:
            if job.attempts > MAX_ATTEMPTS:
                raise _Interrupted
            work = _kinds[job.kind]
            result = work(job, Progress(job))
        except Refused as refusal:
            _fail(job, refusal.message, was_refused=True)
        except _Interrupted:
            _fail(job, "Le traitement s’est interrompu trois fois : il a été arrêté.")
        except Overtaken:
            logger.warning("job %s was taken by another worker, this one leaves it", job.pk)
        except Exception:
            logger.exception("job %s failed", job.pk)
            _fail(job, "Une erreur interne a arrêté le traitement. Rien n’a été appliqué.")
        else:
            _finish(job, result)
        tell(job)


def _held(job: Job) -> QuerySet[Job]:
    """Return the job's row as long as it is this attempt's, of this beginning."""
    return Job.objects.filter(
        pk=job.pk, state=JobState.RUNNING, started_at=job.started_at, attempts=job.attempts
    )


def _finish(job: Job, result: dict[str, Any]) -> None:
    _held(job).update(
        state=JobState.DONE,
        error="",
        result=result,
        finished_at=clock.now(),
        leased_until=None,
        done_steps=F("total_steps"),
    )


def _fail(job: Job, error: str, *, was_refused: bool = False) -> None:
    """Fail the job; or end it as done, where its work had committed before something broke."""
    kept = _held(job).values_list("result", flat=True).first()
    if kept:
        _finish(job, kept)
        return
    _held(job).update(
        state=JobState.FAILED,
        error=error,
        was_refused=was_refused,
        finished_at=clock.now(),
        leased_until=None,
    )
