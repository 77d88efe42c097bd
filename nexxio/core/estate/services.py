"""Rehearse, apply and undo an estate import (the order of work is in the package's docstring)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from io import BytesIO
from typing import Any, BinaryIO
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import connection, transaction

from nexxio.core import files, jobs
from nexxio.core.actors import Actor, Channel, Role, Side
from nexxio.core.errors import Invalid, Refused
from nexxio.core.estate.csvfile import EstateFileError
from nexxio.core.estate.events import EstateImported, EstateImportUndone
from nexxio.core.estate.landlords import LandlordNames
from nexxio.core.estate.plan import GroupFields, Outcome, Plan, Planner
from nexxio.core.estate.reader import EstateKey, EstateReader
from nexxio.core.jobs import Progress, job_kind
from nexxio.core.models import Group, Job, JobState, Organisation, StoredFile, Unit
from nexxio.core.outbox import Subject, record

MAX_FILE_BYTES = 300 * 1024 * 1024
_LOCK_CLASS = 7402
_BATCH = 1000
_FIELDS = ("raw_address", "postcode", "city", "latitude", "longitude")

REHEARSE, APPLY, UNDO = "estate.rehearse", "estate.apply", "estate.undo"


@transaction.atomic
def ask_rehearsal(*, actor: Actor, upload: BinaryIO, name: str) -> Job:
    """Keep the file and ask a worker to rehearse it. Raises Invalid for an empty or huge file."""
    _require_manager(actor)
    data = upload.read(MAX_FILE_BYTES + 1)
    if not data:
        raise Invalid({"file": ["Le fichier est vide."]})
    if len(data) > MAX_FILE_BYTES:
        raise Invalid({"file": ["Le fichier dépasse 300 Mo : partagez-le."]})
    stored = files.store(
        data,
        landlord_id=actor.own_id,
        contractor_id=None,
        tenant_id=None,
        reader_case_id=None,
        media_type="text/csv",
        name=name[:160],
    )
    return jobs.ask(
        kind=REHEARSE, actor=actor, payload={"file": str(stored.pk), "name": name[:160]}
    )


@transaction.atomic
def ask_apply(*, actor: Actor, rehearsal: Job) -> Job:
    """Ask a worker to apply a rehearsal. Raises Refused when it isn't done, or applied already."""
    _require_manager(actor)
    Job.objects.select_for_update(of=("self",)).get(pk=rehearsal.pk)
    if rehearsal.kind != REHEARSE or rehearsal.state != JobState.DONE:
        raise Refused("Cette répétition n'est pas terminée.")
    open_or_done = [JobState.QUEUED, JobState.RUNNING, JobState.DONE]
    if Job.objects.filter(
        kind=APPLY, payload__rehearsal=str(rehearsal.pk), state__in=open_or_done
    ).exists():
        raise Refused("Cet import est déjà demandé.")
    payload = {**rehearsal.payload, "rehearsal": str(rehearsal.pk)}
    return jobs.ask(
        kind=APPLY, actor=actor, payload={**payload, "digest": rehearsal.result["digest"]}
    )


@transaction.atomic
def ask_undo(*, actor: Actor, applied: Job) -> Job:
    """Ask a worker to take an applied import back where nothing stands on it."""
    _require_manager(actor)
    Job.objects.select_for_update(of=("self",)).get(pk=applied.pk)
    if applied.kind != APPLY or applied.state != JobState.DONE:
        raise Refused("Cet import n'est pas terminé.")
    if Job.objects.filter(kind=UNDO, payload__applied=str(applied.pk)).exists():
        raise Refused("L'annulation de cet import est déjà demandée.")
    return jobs.ask(
        kind=UNDO,
        actor=actor,
        payload={"applied": str(applied.pk), "name": applied.payload.get("name", "")},
    )


def rehearse(
    *, landlord: Organisation, stream: BinaryIO, tell: Callable[[int], None] | None = None
) -> Plan:
    """Judge a file against the landlord's groups; nothing is written.

    tell: called with the bytes read so far. Raises Refused when the file can't be read.
    """
    names = LandlordNames([landlord.name, *landlord.aliases])
    planner = Planner(_existing(landlord.pk))
    try:
        for done in planner.run(EstateReader(stream, wanted=names.__contains__)):
            if tell is not None:
                tell(done)
    except EstateFileError as error:
        raise Refused(error.message, code="file") from error
    return planner.plan


@transaction.atomic
def apply_file(*, actor: Actor, landlord: Organisation, stream: BinaryIO, digest: str = "") -> Any:
    """Write what a file creates and changes, all or nothing. Returns what an undo needs.

    Takes the landlord's estate lock until commit. Raises Refused when the plan is no longer the
    rehearsed one (`digest`), or the file can't be read.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK_CLASS, str(landlord.pk)]
        )
    plan = rehearse(landlord=landlord, stream=stream)
    if digest and plan.digest != digest:
        raise Refused(
            "Le patrimoine a changé depuis la répétition : recommencez-la, puis appliquez.",
            code="changed",
        )
    made, changed = [], []
    by_key = {group.source_key: group for group in _from_files(landlord.pk)}
    for verdict in plan.verdicts:
        fields = verdict.fields
        values = dict(zip(_FIELDS, fields, strict=True))
        line = verdict.address.line
        if verdict.outcome is Outcome.CREATED:
            key = verdict.row.key
            made.append(
                Group(
                    landlord_id=landlord.pk,
                    source_key=str(key),
                    identifier=key.identifier,
                    year=key.year,
                    nature=key.nature,
                    dwellings=key.dwellings,
                    name=line,
                    address=line,
                    **values,
                )
            )
        else:
            group = by_key[str(verdict.row.key)]
            before = {name: _plain(getattr(group, name)) for name in (*_FIELDS, "name", "address")}
            values.update(name=line, address=line)
            for name, value in values.items():
                setattr(group, name, value)
            after = {name: _plain(getattr(group, name)) for name in before}
            group.save(update_fields=list(values))
            changed.append({"id": str(group.pk), "before": before, "after": after})
    Group.objects.bulk_create(made, batch_size=_BATCH)
    if made or changed:
        record(
            EstateImported(created=len(made), changed=len(changed)),
            actor=actor,
            subject=Subject(pk=landlord.pk, landlord_id=landlord.pk),
            subject_type="estate",
        )
    return {
        **summary(plan),
        "created_ids": [str(group.pk) for group in made],
        "changed_rows": changed,
    }


def summary(plan: Plan) -> dict[str, Any]:
    """Return a plan as JSON: counts, and the lines that people want to see."""
    counts = {outcome.value: plan.counts[outcome] for outcome in Outcome}
    return {
        **counts,
        "rows": plan.rows,
        "repeated": plan.repeated,
        "absent": plan.absent,
        "digest": plan.digest,
        "others": dict(plan.others.most_common(20)),
        "lines": [
            {
                "line": verdict.row.line,
                "outcome": verdict.outcome.value,
                "name": verdict.address.line,
                "where": f"{verdict.fields.postcode} {verdict.fields.city}",
                "dwellings": verdict.row.dwellings,
                "changes": [
                    {"field": change.field, "before": change.before, "after": change.after}
                    for change in verdict.changes
                ],
            }
            for verdict in plan.verdicts[:500]
        ],
        "refusals": [
            {
                "line": refusal.line,
                "column": refusal.column,
                "value": refusal.value,
                "reason": refusal.reason,
            }
            for refusal in plan.refusals
        ],
    }


@job_kind(REHEARSE)
def _rehearse_job(job: Job, progress: Progress) -> dict[str, Any]:
    stored = StoredFile.objects.get(pk=job.payload["file"])
    landlord = Organisation.objects.get(pk=job.landlord_id)
    with default_storage.open(stored.storage_path, "rb") as stream:
        plan = rehearse(
            landlord=landlord,
            stream=stream,
            tell=lambda done: progress.step(done=done, total=max(stored.size, 1)),
        )
    return summary(plan)


@job_kind(APPLY)
def _apply_job(job: Job, progress: Progress) -> dict[str, Any]:
    stored = StoredFile.objects.get(pk=job.payload["file"])
    landlord = Organisation.objects.get(pk=job.landlord_id)
    progress.step(done=0, total=2)
    with default_storage.open(stored.storage_path, "rb") as stream:
        data = stream.read()
    progress.step(done=1, total=2)
    # The result is kept with what was written: a worker killed after the commit and before the
    # job's last word would otherwise apply twice, and lose what an undo needs.
    with transaction.atomic():
        found: dict[str, Any] = Job.objects.get(pk=job.pk).result
        if not found:
            found = apply_file(
                actor=_actor(job),
                landlord=landlord,
                stream=BytesIO(data),
                digest=job.payload["digest"],
            )
            Job.objects.filter(pk=job.pk).update(result=found)
    return found


@job_kind(UNDO)
def _undo_job(job: Job, progress: Progress) -> dict[str, Any]:
    progress.step(done=0, total=1)
    applied = Job.objects.get(pk=job.payload["applied"])
    with transaction.atomic():
        found: dict[str, Any] = Job.objects.get(pk=job.pk).result
        if not found:
            found = _undo(actor=_actor(job), applied=applied)
            Job.objects.filter(pk=job.pk).update(result=found)
    return found


def _undo(*, actor: Actor, applied: Job) -> dict[str, Any]:
    landlord_id = applied.landlord_id
    created = [UUID(pk) for pk in applied.result["created_ids"]]
    used = set(
        Unit.objects.filter(landlord_id=landlord_id, group_id__in=created).values_list(
            "group_id", flat=True
        )
    )
    kept = [
        {"name": name, "reason": "des logements y sont déjà saisis"}
        for name in Group.objects.filter(pk__in=used).values_list("name", flat=True)
    ]
    free = Group.objects.filter(landlord_id=landlord_id, pk__in=set(created) - used)
    removed, _by_model = free.delete()
    restored = 0
    for row in applied.result["changed_rows"]:
        group = Group.objects.select_for_update(of=("self",)).filter(pk=row["id"]).first()
        if group is None or any(_plain(getattr(group, k)) != v for k, v in row["after"].items()):
            kept.append({"name": str(group or ""), "reason": "modifiée depuis l'import"})
            continue
        for name, value in row["before"].items():
            setattr(group, name, value)
        group.save(update_fields=list(row["before"]))
        restored += 1
    record(
        EstateImportUndone(removed=removed, kept=len(kept)),
        actor=actor,
        subject=Subject(pk=landlord_id, landlord_id=landlord_id),
        subject_type="estate",
    )
    return {"removed": removed, "restored": restored, "kept": kept}


def _actor(job: Job) -> Actor:
    return Actor(
        side=Side.LANDLORD,
        name=str(job.asked_by or ""),
        channel=Channel.IMPORT,
        user_id=job.asked_by_id,
        organisation_id=job.landlord_id,
        roles=frozenset({Role.MANAGER}),
    )


def _require_manager(actor: Actor) -> None:
    if not actor.has(Role.MANAGER):
        raise Refused("Seul un responsable importe le patrimoine.", code="role")


def _from_files(landlord_id: UUID) -> Iterator[Group]:
    return Group.objects.filter(landlord_id=landlord_id).exclude(source_key="").iterator()


def _existing(landlord_id: UUID) -> dict[EstateKey, GroupFields]:
    return {
        EstateKey(group.identifier, group.year or 0, group.nature, group.dwellings): GroupFields(
            *(getattr(group, name) for name in _FIELDS)
        )
        for group in _from_files(landlord_id)
    }


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value
