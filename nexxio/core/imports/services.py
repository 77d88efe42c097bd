"""Steps of an import: send, choose columns and values, rehearse, apply, undo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from django.db import transaction

from nexxio.core import clock, jobs
from nexxio.core.actors import Actor
from nexxio.core.errors import Invalid, Refused
from nexxio.core.imports import headings, running
from nexxio.core.imports.registry import Kind, get_kind, may_import
from nexxio.core.imports.uploads import keep_upload
from nexxio.core.models import ImportedRow, ImportMapping, ImportRun, JobState

INSPECT, REHEARSE, APPLY, UNDO = (
    "imports.inspect",
    "imports.rehearse",
    "imports.apply",
    "imports.undo",
)


def require_role(actor: Actor, kind: Kind) -> None:
    """Raise Refused unless the actor may import this kind."""
    if not may_import(actor, kind):
        raise Refused("Votre rôle ne permet pas cet import.", code="role")


@transaction.atomic
def send_file(*, actor: Actor, kind: Kind, upload: IO[bytes], name: str) -> ImportRun:
    """Keep a file and ask a worker to look at it. Raises Invalid for an empty or huge file."""
    require_role(actor, kind)
    stored = keep_upload(actor, upload, name, "application/octet-stream")
    run = ImportRun(
        landlord_id=actor.own_id,
        kind=kind.name,
        name=stored.name,
        file=stored,
        asked_by_id=actor.user_id,
        member_id=actor.membership_id,
    )
    run.save(force_insert=True)
    return _ask(actor, run, INSPECT)


@transaction.atomic
def choose_columns(
    *,
    actor: Actor,
    run: ImportRun,
    sheet: str,
    columns: Mapping[str, str],
    mapping_name: str = "",
    translations: Mapping[str, Mapping[str, str]] | None = None,
) -> ImportRun:
    """Say which sheet is read and what its columns are.

    translations: of a former mapping, to be proposed on the next page.

    Locks the run. Raises Invalid for a field, sheet or heading that isn't there, Refused once the
    run was applied.
    """
    kind = get_kind(run.kind)
    require_role(actor, kind)
    run = _lock(run)
    _refuse_applied(run)
    found = sheet_of(run, sheet)
    known = {field.code: field for field in kind.fields}
    for code, name in columns.items():
        if code not in known or name not in found["columns"]:
            raise Invalid({f"c-{code}": ["Cette colonne n’est pas dans la feuille."]})
    for code, field in known.items():
        if field.required and code not in columns:
            raise Invalid({f"c-{code}": ["Choisissez la colonne."]})
    run.sheet, run.columns = found["name"], dict(columns)
    run.mapping_name = " ".join(mapping_name.split())[:80]
    kept = {**(translations or {}), **run.translations}
    run.translations = {code: dict(table) for code, table in kept.items() if code in columns}
    run.save(update_fields=["sheet", "columns", "mapping_name", "translations"])
    return run


@transaction.atomic
def ask_rehearsal(
    *,
    actor: Actor,
    run: ImportRun,
    translations: Mapping[str, Mapping[str, str]] | None = None,
) -> ImportRun:
    """Keep the translations and ask a worker for a rehearsal. Locks the run.

    A run whose mapping has a name keeps it under that name, for the next file. Raises Refused
    before the columns are chosen and once the run was applied.
    """
    kind = get_kind(run.kind)
    require_role(actor, kind)
    run = _lock(run)
    _refuse_applied(run)
    if not run.columns:
        raise Refused("Choisissez d’abord les colonnes.")
    if translations is not None:
        run.translations = checked_translations(kind, actor, translations)
    run.member_id, run.asked_by_id = actor.membership_id, actor.user_id
    run.save(update_fields=["translations", "member", "asked_by"])
    if run.mapping_name:
        keep_mapping(run)
    return _ask(actor, run, REHEARSE)


@transaction.atomic
def ask_apply(*, actor: Actor, run: ImportRun, options: Mapping[str, bool]) -> ImportRun:
    """Ask a worker to apply what was rehearsed. Locks the run: of two clicks one asks.

    The actor is the author of what is written, within his own limit.
    """
    kind = get_kind(run.kind)
    require_role(actor, kind)
    run = _lock(run)
    _refuse_applied(run)
    if run.job is None or run.job.kind != REHEARSE or run.job.state != JobState.DONE:
        raise Refused("Cet essai à blanc n’est pas terminé.")
    known = {code for code, _label in kind.options}
    run.options = {code: bool(options.get(code)) for code in known}
    run.member_id, run.asked_by_id = actor.membership_id, actor.user_id
    run.save(update_fields=["options", "member", "asked_by"])
    return _ask(actor, run, APPLY)


@transaction.atomic
def ask_undo(*, actor: Actor, run: ImportRun) -> ImportRun:
    """Ask a worker to take an import back where nothing stands on it. Locks the run.

    Open after an apply, also one that was interrupted. Raises Refused below a later import.
    """
    kind = get_kind(run.kind)
    require_role(actor, kind)
    run = _lock(run)
    job = run.job
    if job is not None and job.state in (JobState.QUEUED, JobState.RUNNING):
        raise Refused("Un traitement de ce fichier est encore en cours.")
    if run.undone_at is not None:
        raise Refused("Cet import est déjà annulé.")
    if not ImportedRow.objects.filter(landlord_id=run.landlord_id, run_id=run.pk).exists():
        raise Refused("Cet import n’a rien écrit : il n’y a rien à annuler.")
    running.refuse_below_a_later_run(run)
    run.member_id = actor.membership_id
    run.save(update_fields=["member"])
    return _ask(actor, run, UNDO)


def checked_translations(
    kind: Kind, actor: Actor, translations: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    """Return translations to values that the landlord has; a code that isn't his is refused."""
    found: dict[str, dict[str, str]] = {}
    for field in kind.fields:
        table = translations.get(field.code)
        if field.choices is None or table is None:
            continue
        allowed = {value for value, _label in field.choices(actor.own_id)} | {"-"}
        if any(value not in allowed for value in table.values()):
            raise Invalid({field.code: [f"{field.label} : cette valeur n’existe pas."]})
        found[field.code] = dict(table)
    return found


def keep_mapping(run: ImportRun) -> ImportMapping:
    """Keep a run's columns and translations under its name, in the caller's transaction."""
    header = sheet_of(run, run.sheet)["columns"] if run.inspection else []
    mapping, _made = ImportMapping.objects.update_or_create(
        landlord_id=run.landlord_id,
        kind=run.kind,
        name=run.mapping_name,
        defaults={
            "header": [headings.heading_key(name) for name in header],
            "columns": run.columns,
            "translations": run.translations,
            "used_at": clock.now(),
        },
    )
    return mapping


def sheet_of(run: ImportRun, name: str) -> dict[str, Any]:
    """Return what was seen of a sheet. Raises Invalid when the file has none of that name."""
    for sheet in run.inspection.get("sheets", []):
        if sheet["name"] == name:
            found: dict[str, Any] = sheet
            return found
    raise Invalid({"sheet": ["Cette feuille n’est pas dans le fichier."]})


def _lock(run: ImportRun) -> ImportRun:
    locked: ImportRun = (
        ImportRun.objects.select_for_update(of=("self",)).select_related("job").get(pk=run.pk)
    )
    return locked


def _refuse_applied(run: ImportRun) -> None:
    busy = run.job is not None and run.job.state in (JobState.QUEUED, JobState.RUNNING)
    if run.applied_at is not None or (busy and run.job and run.job.kind == APPLY):
        raise Refused("Cet import est déjà demandé.")
    if busy:
        raise Refused("Un traitement de ce fichier est encore en cours.")


def _ask(actor: Actor, run: ImportRun, step: str) -> ImportRun:
    run.job = jobs.ask(kind=step, actor=actor, payload={"run": str(run.pk), "name": run.name})
    run.save(update_fields=["job"])
    return run
