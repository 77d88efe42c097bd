"""Rehearsing, applying and undoing: the same for every kind.

A rehearsal judges every row and writes nothing. An apply judges again, batch by batch: each batch
is one transaction that takes the house's lock of this kind, compares with what exists now,
writes through the kind's service and notes what it wrote (`ImportedRow`). A worker that is killed
leaves whole batches behind; whoever takes the job again finds them unchanged and goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count

from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.db.copying import insert_all
from nexxio.core.errors import Refused
from nexxio.core.imports.events import ImportApplied, ImportUndone
from nexxio.core.imports.registry import (
    Kind,
    Outcome,
    Row,
    Session,
    Undone,
    Verdict,
    refusal,
)
from nexxio.core.imports.report import Report
from nexxio.core.imports.seen import SeenKeys
from nexxio.core.models import ImportedRow, ImportRun
from nexxio.core.outbox import of_house, record

BATCH = 500
_LOCK_CLASS = 7403
_WRITTEN = (Outcome.CREATED, Outcome.CHANGED)
UNDO_LATER_FIRST = "Un import plus récent a repris les mêmes données : annulez-le d’abord."
Tell = Callable[[], None]


def rehearse(
    *, session: Session, rows: Iterable[Row], report: Report, tell: Tell | None = None
) -> None:
    """Judge every row; nothing is written or locked. BrokenFile passes through."""
    with SeenKeys() as seen:
        for things in _batches(session.group(rows), BATCH):
            for verdict in _judge(session, things, seen):
                report.add(verdict)
            if tell is not None:
                tell()


def apply(
    *,
    actor: Actor,
    kind: Kind,
    session: Session,
    rows: Iterable[Row],
    run: ImportRun,
    report: Report,
    tell: Tell | None = None,
) -> None:
    """Write what the rows create and change, in batches. BrokenFile passes through.

    run: saved; what was written is noted on it. Each batch locks the landlord's imports of this
    kind. Rows that an earlier, interrupted attempt of this run wrote count as written by it.
    """
    with SeenKeys() as seen:
        for things in _batches(session.group(rows), BATCH):
            _apply_batch(kind, session, things, run, report, seen)
            if tell is not None:
                tell()
    _finish(actor, kind, run)


@transaction.atomic
def _apply_batch(
    kind: Kind,
    session: Session,
    things: list[list[Row]],
    run: ImportRun,
    report: Report,
    seen: SeenKeys,
) -> None:
    _lock(run.landlord_id, kind)
    if _moved_on(run):
        raise Refused("Cet import a été annulé pendant qu’il s’écrivait.")
    verdicts = _judge(session, things, seen)
    if run.job_id is not None:
        _own_earlier(run, verdicts)
    todo = [v for v in verdicts if v.outcome in _WRITTEN and v.plan is not None]
    noted = session.write(todo)
    for row in noted:
        row.landlord_id = run.landlord_id
        row.run_id = run.pk
        row.kind = kind.name
    insert_all(ImportedRow, noted)
    for verdict in verdicts:
        report.add(verdict)


def _moved_on(run: ImportRun) -> bool:
    """Tell whether a later step of the run was asked for: a worker that was given up stops then.

    Under the landlord's lock: an undo that was asked for after this finds the batch and takes it
    back as well.
    """
    return not ImportRun.objects.filter(pk=run.pk, job=run.job_id).exists()


def _own_earlier(run: ImportRun, verdicts: list[Verdict]) -> None:
    """Count again as created what an interrupted attempt of this run has written; never twice."""
    again = (Outcome.UNCHANGED, *_WRITTEN)
    keys = [v.key for v in verdicts if v.outcome in again and v.key]
    if not keys:
        return
    own = dict(
        ImportedRow.objects.filter(landlord_id=run.landlord_id, run_id=run.pk, key__in=keys)
        .values_list("key", "outcome")
        .iterator()
    )
    for verdict in verdicts:
        if verdict.outcome in again and verdict.key in own:
            verdict.outcome, verdict.plan = Outcome(own[verdict.key]), None


@transaction.atomic
def _finish(actor: Actor, kind: Kind, run: ImportRun) -> None:
    """Record once that the run was applied, unless it was taken back meanwhile."""
    asked = run.job_id
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.applied_at is not None or run.job_id != asked:
        return
    run.applied_at = clock.now()
    run.save(update_fields=["applied_at"])
    wrote = dict(
        ImportedRow.objects.filter(landlord_id=run.landlord_id, run_id=run.pk)
        .values_list("outcome")
        .annotate(n=Count("id"))
    )
    created, changed = wrote.get("created", 0), wrote.get("changed", 0)
    if created or changed:
        record(
            ImportApplied(of=kind.name, created=created, changed=changed),
            actor=actor,
            subject=of_house(pk=run.pk, organisation_id=run.landlord_id, side=actor.side),
            subject_type="import",
        )


def undo(*, actor: Actor, kind: Kind, run: ImportRun, tell: Tell | None = None) -> dict[str, Any]:
    """Take a run back where nothing stands on it, newest rows first; return what stays and why.

    Batches, each a transaction under the landlord's lock; what was taken back is forgotten, so an
    interrupted undo goes on where it was. Raises Refused below a later import of the same things.
    """
    refuse_below_a_later_run(run)
    total = Undone()
    last: UUID | None = None
    while True:
        with transaction.atomic():
            _lock(run.landlord_id, kind)
            rows = list(_remaining(run, last)[:BATCH])
            if not rows:
                break
            last = rows[-1].pk
            found = kind.undo(actor, rows)
            total.removed += found.removed
            total.restored += found.restored
            total.kept += found.kept
        if tell is not None:
            tell()
    _finish_undo(actor, kind, run, total)
    kept = [{"title": title, "reason": reason} for title, reason in total.kept[:1000]]
    return {"removed": total.removed, "restored": total.restored, "kept": kept}


def _remaining(run: ImportRun, last: UUID | None) -> Any:
    rows = ImportedRow.objects.filter(landlord_id=run.landlord_id, run_id=run.pk).order_by("-id")
    return rows if last is None else rows.filter(pk__lt=last)


@transaction.atomic
def _finish_undo(actor: Actor, kind: Kind, run: ImportRun, total: Undone) -> None:
    ImportRun.objects.filter(pk=run.pk).update(undone_at=clock.now())
    record(
        ImportUndone(
            of=kind.name, removed=total.removed, restored=total.restored, kept=len(total.kept)
        ),
        actor=actor,
        subject=of_house(pk=run.pk, organisation_id=run.landlord_id, side=actor.side),
        subject_type="import",
    )


def refuse_below_a_later_run(run: ImportRun) -> None:
    """Raise Refused when a later import has changed what this one wrote, and still stands."""
    own = ImportedRow.objects.filter(landlord_id=run.landlord_id, run_id=run.pk)
    later = ImportedRow.objects.filter(
        landlord_id=run.landlord_id,
        kind=run.kind,
        outcome=Outcome.CHANGED.value,
        run__created_at__gt=run.created_at,
        key__in=own.values("key"),
    )
    if later.exists():
        raise Refused(UNDO_LATER_FIRST, code="later")


def _judge(session: Session, things: list[list[Row]], seen: SeenKeys) -> list[Verdict]:
    """Judge things: wrong cells first, then the kind, then keys that came before in the file."""
    verdicts: list[Verdict] = []
    good: list[list[Row]] = []
    for thing in things:
        faulty = [row for row in thing if row.faults]
        verdicts += [_wrong(session, row) for row in faulty]
        if faulty:
            verdicts += [_beside(session, row, faulty[0]) for row in thing if not row.faults]
        else:
            good.append(thing)
    judged = session.judge(good)
    earlier = seen.note(
        (v.key, v.line) for v in judged if v.key and v.outcome is not Outcome.REFUSED
    )
    for verdict in judged:
        first = earlier.get(verdict.key)
        if first is not None and first != verdict.line and verdict.outcome is not Outcome.REFUSED:
            verdict.outcome = Outcome.REFUSED
            verdict.reason = f"déjà à la ligne {first} du fichier : la première compte"
            verdict.plan = None
    return sorted([*verdicts, *judged], key=lambda v: v.line)


def _wrong(session: Session, row: Row) -> Verdict:
    """Refuse a row for its first wrong cell, and name the others."""
    first, *others = row.faults
    key, title = session.label(row)
    verdict = refusal(row, first, key=key, title=title)
    verdict.note = " ; ".join(f"{fault.column} : {fault.reason}" for fault in others)
    return verdict


def _beside(session: Session, row: Row, faulty: Row) -> Verdict:
    reason = f"va avec la ligne {faulty.line}, qui est refusée"
    key, title = session.label(row)
    return Verdict(Outcome.REFUSED, row.line, key=key, title=title, reason=reason)


def _batches(things: Iterable[list[Row]], size: int) -> Iterator[list[list[Row]]]:
    iterator = iter(things)
    while batch := list(islice(iterator, size)):
        yield batch


def _lock(landlord_id: UUID, kind: Kind) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashtext(%s))",
            [_LOCK_CLASS, f"{landlord_id}:{kind.name}"],
        )
