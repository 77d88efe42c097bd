"""What kinds of reference data share: values before and after, and what stands on a row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from nexxio.core.imports import cells
from nexxio.core.imports.registry import Fault, Outcome, Row, Undone, Verdict
from nexxio.core.models import ImportedRow, ScopedModel


class Singles:
    """A session whose things are single rows."""

    def group(self, rows: Iterable[Row]) -> Iterable[list[Row]]:
        """Each row is a thing of its own."""
        return ([row] for row in rows)


def plain(value: Any) -> Any:
    """Return a value as JSON keeps it."""
    if isinstance(value, Decimal | date | time | UUID):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def values_of(thing: Any, names: Iterable[str]) -> dict[str, Any]:
    """Return columns of a row as JSON keeps them."""
    return {name: plain(getattr(thing, name)) for name in names}


def wanted_changes(
    thing: Any, said: Mapping[str, Any], labels: Mapping[str, Any]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return what a file changes of a row, and the same in words. A blank cell changes nothing."""
    found: dict[str, Any] = {}
    words = []
    for name, value in said.items():
        before = getattr(thing, name)
        if value in (None, "") or value == before:
            continue
        found[name] = value
        shown = " → ".join(cells.excerpt(part) or "–" for part in (before, value))
        words.append(f"{labels[name]} : {shown}")
    return found, tuple(words)


def fault_of(row: Row, code: str, reason: str, *, label: str = "") -> Fault:
    """Return what is wrong with a row's cell, under the heading that its file has for it.

    label: of a column that the file may lack.
    """
    value = row.get(code)
    shown = f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)
    return Fault(str(row.columns.get(code, label or code)), shown, reason)


def note(
    verdict: Verdict,
    subject: Any,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> ImportedRow:
    """Return the note of something that was written."""
    return ImportedRow(
        key=verdict.key[:200],
        subject_id=subject.pk,
        line=verdict.line,
        outcome=verdict.outcome.value,
        before=dict(before or {}),
        after=dict(after or {}),
    )


def standing_on(
    model: type[ScopedModel], ids: Sequence[UUID], *, ignoring: Sequence[type[Any]] = ()
) -> dict[UUID, str]:
    """Say for each of `ids` that something refers to it.

    Walks whatever refers to the model, so that an app above the kernel needs no word here.
    """
    found: dict[UUID, str] = {}
    for relation in model._meta.related_objects:
        other: Any = relation.related_model
        if other in ignoring:
            continue
        name = relation.field.attname
        used = other.objects.filter(**{f"{name}__in": list(ids)}).values_list(name, flat=True)
        for pk in used.distinct():
            found.setdefault(pk, f"un objet y est rattaché ({other._meta.verbose_name})")
    return found


def take_back(
    model: type[ScopedModel],
    rows: Sequence[ImportedRow],
    *,
    ignoring: Sequence[type[Any]] = (),
) -> Undone:
    """Delete created rows on which nothing stands, restore changed ones that haven't moved.

    Locks the rows; what was taken back is forgotten. In the caller's transaction.
    """
    found = Undone()
    manager: Any = model.objects
    things = {
        thing.pk: thing
        for thing in manager.select_for_update(of=("self",)).filter(
            pk__in=[row.subject_id for row in rows]
        )
    }
    created = [row.subject_id for row in rows if row.outcome == Outcome.CREATED]
    standing = standing_on(model, created, ignoring=ignoring)
    gone: list[ImportedRow] = []
    for row in rows:
        thing = things.get(row.subject_id)
        if thing is None:
            gone.append(row)
            continue
        moved = values_of(thing, row.after) != row.after
        reason = standing.get(thing.pk) or ("modifié depuis l’import" if moved else "")
        if reason:
            found.kept.append((str(thing), reason))
            continue
        gone.append(row)
        if row.outcome == Outcome.CREATED:
            found.removed += 1
            thing.delete()
        else:
            found.restored += 1
            _put_back(thing, row.before)
    ImportedRow.objects.filter(pk__in=[row.pk for row in gone]).delete()
    return found


def _put_back(thing: Any, before: Mapping[str, Any]) -> None:
    for name, value in before.items():
        setattr(thing, name, thing._meta.get_field(name).to_python(value))
    thing.save(update_fields=list(before))


def add_up(*parts: Undone) -> Undone:
    """Return the sum of several undos."""
    total = Undone()
    for part in parts:
        total.removed += part.removed
        total.restored += part.restored
        total.kept += part.kept
    return total
