"""The two writes of the estate import, each all or nothing, under the landlord's estate lock.

A worker may be killed anywhere, or be so slow that another one takes its job over. So each write
keeps its result on the job's row in the same transaction, and looks for it first, under the lock:
whoever comes second finds the first one's result and returns it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from nexxio.core.actors import Actor
from nexxio.core.errors import Refused
from nexxio.core.estate.addresses import readable
from nexxio.core.estate.events import EstateImported, EstateImportUndone
from nexxio.core.estate.plan import GroupFields, Outcome, Plan, Verdict, settle
from nexxio.core.estate.reader import EstateKey
from nexxio.core.estate.results import summary
from nexxio.core.models import Group, Job, JobState, Unit
from nexxio.core.outbox import Subject, record

APPLY, UNDO = "estate.apply", "estate.undo"
CHANGED_SINCE = "Le patrimoine a changé depuis l’essai à blanc : recommencez-le, puis appliquez."
UNDO_LATER_FIRST = "Un import plus récent a repris ce patrimoine : annulez-le d’abord."

_LOCK_CLASS = 7402  # the first half of the advisory lock's key; the second is the landlord
_BATCH = 500
_SOURCE = ("raw_address", *GroupFields._fields[1:])
_DERIVED = ("name", "address")


def existing_of(landlord_id: UUID) -> dict[EstateKey, GroupFields]:
    """Return the landlord's groups that came from a file, as a plan compares them."""
    rows = _from_files(landlord_id).values_list("source_key", *_SOURCE)
    return {EstateKey.parse(key): GroupFields(*fields) for key, *fields in rows.iterator()}


@transaction.atomic
def apply_plan(
    *, actor: Actor, landlord_id: UUID, read: Plan, digest: str = "", job: Job | None = None
) -> dict[str, Any]:
    """Write what a file creates and changes; return the result that an undo needs.

    read: the file's plan against no group; it is judged again here, under the lock. Locks the
    landlord's estate until commit. Raises Refused when what would be written is no longer what
    was rehearsed (`digest`). With a job, its result is kept in this transaction, once.
    """
    _lock(landlord_id)
    if job is not None and (found := _result_of(job)):
        return found
    plan = settle(read, existing_of(landlord_id))
    if digest and plan.digest != digest:
        raise Refused(CHANGED_SINCE, code="changed")
    created = _create(landlord_id, [v for v in plan.verdicts if v.outcome is Outcome.CREATED])
    changed = _change(landlord_id, [v for v in plan.verdicts if v.outcome is Outcome.CHANGED])
    if created or changed:
        record(
            EstateImported(created=len(created), changed=len(changed)),
            actor=actor,
            subject=Subject(pk=landlord_id, landlord_id=landlord_id),
            subject_type="estate",
        )
    return _keep(job, {**summary(plan), "created_ids": created, "changed_rows": changed})


@transaction.atomic
def undo_import(*, actor: Actor, applied: Job, job: Job | None = None) -> dict[str, Any]:
    """Take an import back where nothing stands on it; return what went and what stayed, and why.

    Groups that it created go, unless something refers to them or a person renamed them; fields
    that it changed get their former values back, unless they have moved since. Locks the estate.
    Raises Refused when a later import wrote something and still stands.
    """
    landlord_id = applied.landlord_id
    _lock(landlord_id)
    if job is not None and (found := _result_of(job)):
        return found
    refuse_below_a_later_import(applied)
    created = {UUID(pk) for pk in applied.result["created_ids"]}
    groups = Group.objects.filter(landlord_id=landlord_id)
    standing = _standing_on(created)
    kept = []
    for group in groups.filter(pk__in=created).order_by("postcode", "name"):
        reason = standing.get(group.pk) or (
            "" if _is_derived(group) else "renommée depuis l’import"
        )
        if reason:
            kept.append({"name": group.name, "where": _where(group), "reason": reason})
            created.discard(group.pk)
    removed, _by_model = groups.filter(pk__in=created).delete()
    restored, moved = _restore(landlord_id, applied.result["changed_rows"])
    kept += moved
    record(
        EstateImportUndone(removed=removed, restored=restored, kept=len(kept)),
        actor=actor,
        subject=Subject(pk=landlord_id, landlord_id=landlord_id),
        subject_type="estate",
    )
    return _keep(job, {"removed": removed, "restored": restored, "kept": kept})


def refuse_below_a_later_import(applied: Job) -> None:
    """Raise Refused when an import that was applied after this one still stands."""
    undone = Job.objects.filter(
        landlord_id=applied.landlord_id, kind=UNDO, state=JobState.DONE
    ).values_list("payload__applied", flat=True)
    later = Job.objects.filter(
        landlord_id=applied.landlord_id,
        kind=APPLY,
        state=JobState.DONE,
        finished_at__gt=applied.finished_at,
    ).exclude(pk__in=[UUID(pk) for pk in undone])
    wrote = later.exclude(result__created_ids=[], result__changed_rows=[])
    if wrote.exists():
        raise Refused(UNDO_LATER_FIRST, code="later")


def _lock(landlord_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK_CLASS, str(landlord_id)]
        )


def _result_of(job: Job) -> dict[str, Any]:
    found: dict[str, Any] = Job.objects.only("result").get(pk=job.pk).result
    return found


def _keep(job: Job | None, result: dict[str, Any]) -> dict[str, Any]:
    if job is not None:
        Job.objects.filter(pk=job.pk).update(result=result)
    return result


def _from_files(landlord_id: UUID) -> Any:
    return Group.objects.filter(landlord_id=landlord_id).exclude(source_key="")


def _create(landlord_id: UUID, verdicts: list[Verdict]) -> list[str]:
    made = []
    for verdict in verdicts:
        key, address = verdict.row.key, verdict.address
        made.append(
            Group(
                landlord_id=landlord_id,
                source_key=str(key),
                identifier=key.identifier,
                year=key.year,
                nature=key.nature,
                dwellings=key.dwellings,
                name=address.label,
                address=address.line,
                **dict(zip(_SOURCE, verdict.fields, strict=True)),
            )
        )
    Group.objects.bulk_create(made, batch_size=_BATCH)
    return [str(group.pk) for group in made]


def _change(landlord_id: UUID, verdicts: list[Verdict]) -> list[dict[str, Any]]:
    """Write the new values; a name given by hand stays."""
    keys = [str(verdict.row.key) for verdict in verdicts]
    groups = {
        group.source_key: group
        for group in _from_files(landlord_id)
        .filter(source_key__in=keys)
        .select_for_update(of=("self",))
    }
    changed = []
    for verdict in verdicts:
        group = groups[str(verdict.row.key)]
        before = _values(group)
        derived = _is_derived(group)
        for name, value in zip(_SOURCE, verdict.fields, strict=True):
            setattr(group, name, value)
        group.address = verdict.address.line
        if derived:
            group.name = verdict.address.label
        changed.append({"id": str(group.pk), "before": before, "after": _values(group)})
    Group.objects.bulk_update(groups.values(), [*_SOURCE, *_DERIVED], batch_size=_BATCH)
    return changed


def _restore(landlord_id: UUID, rows: list[Mapping[str, Any]]) -> tuple[int, list[dict[str, str]]]:
    """Put former values back where the import's are still there; also return what has moved."""
    found = Group.objects.filter(landlord_id=landlord_id, pk__in=[row["id"] for row in rows])
    groups = {str(group.pk): group for group in found.select_for_update(of=("self",))}
    restored, moved = [], []
    for row in rows:
        group = groups.get(row["id"])
        if group is None:
            continue
        if _values(group) != row["after"]:
            moved.append(
                {"name": group.name, "where": _where(group), "reason": "modifiée depuis l’import"}
            )
            continue
        for name, value in row["before"].items():
            setattr(group, name, value)
        restored.append(group)
    Group.objects.bulk_update(restored, [*_SOURCE, *_DERIVED], batch_size=_BATCH)
    return len(restored), moved


def _standing_on(groups: Iterable[UUID]) -> dict[UUID, str]:
    """Say for each of `groups` that something refers to what it is.

    Walks whatever refers to a group, so that an app above the kernel needs no word here.
    """
    ids = list(groups)
    found: dict[UUID, str] = {}
    for relation in Group._meta.related_objects:
        model: Any = relation.related_model
        name = relation.field.name
        used = model.objects.filter(**{f"{name}__in": ids}).values_list(name, flat=True).distinct()
        reason = (
            "des logements y sont déjà saisis"
            if model is Unit
            else f"un objet y est rattaché ({model._meta.verbose_name})"
        )
        for group_id in used:
            found.setdefault(group_id, reason)
    return found


def _is_derived(group: Group) -> bool:
    """Tell whether the name is still the one that the file's address gives."""
    address = readable(group.raw_address)
    return group.name in {address.label, address.line}


def _values(group: Group) -> dict[str, Any]:
    return {name: _plain(getattr(group, name)) for name in (*_SOURCE, *_DERIVED)}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


def _where(group: Group) -> str:
    return f"{group.postcode} {group.city}"
