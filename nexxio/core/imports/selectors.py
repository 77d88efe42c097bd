"""What the pages of imports show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nexxio.core.actors import Actor
from nexxio.core.imports import headings, services
from nexxio.core.imports.pages import (
    LINES_PER_PAGE,
    TONES,
    Figure,
    Row,
    StepPage,
    Tab,
    choose,
    in_words,
    nothing_in_words,
    page_of,
    steps,
    unbroken,
)
from nexxio.core.imports.registry import Field, Kind, get_kind, kinds_for
from nexxio.core.models import ImportedRow, ImportMapping, ImportRun, JobState, StoredFile
from nexxio.core.templatetags.ui import number

RUNS_SHOWN = 30
_COUNTS = ("created", "changed", "refused", "removed", "restored", "rows")
_WORDS = {
    "created": ("%(n)s à créer", "%(n)s créé", "%(n)s créés"),
    "changed": ("%(n)s à modifier", "%(n)s modifié", "%(n)s modifiés"),
    "refused": ("", "%(n)s refusé", "%(n)s refusés"),
    "removed": ("", "%(n)s retiré", "%(n)s retirés"),
    "restored": ("", "%(n)s rétabli", "%(n)s rétablis"),
}


@dataclass(frozen=True, kw_only=True)
class RunPage(StepPage):
    """One import at its present step."""

    run: ImportRun
    kind: Kind
    may_undo: bool

    @property
    def step(self) -> str:
        """The kind of the present job."""
        return self.run.job.kind.removeprefix("imports.") if self.run.job else ""

    @property
    def left_columns(self) -> list[str]:
        """The columns of the sheet that nothing is read from."""
        if not self.run.columns or not self.run.inspection:
            return []
        used = set(self.run.columns.values())
        names = services.sheet_of(self.run, self.run.sheet)["columns"]
        return [name for name in names if name not in used]


def get_run(actor: Actor, pk: UUID) -> ImportRun | None:
    """Return one of the landlord's imports."""
    found: ImportRun | None = (
        ImportRun.objects.filter(landlord_id=actor.own_id, pk=pk)
        .select_related("job", "file", "asked_by")
        .first()
    )
    return found


def runs_of(actor: Actor) -> list[Row]:
    """Return the landlord's last imports of the kinds that the actor may import."""
    names = [kind.name for kind in kinds_for(actor)]
    found = (
        ImportRun.objects.filter(landlord_id=actor.own_id, kind__in=names)
        .defer("inspection", "job__result")
        .annotate(**{f"n_{name}": KeyTextTransform(name, "job__result") for name in _COUNTS})
        .select_related("job", "asked_by")
        .order_by("-created_at")[:RUNS_SHOWN]
    )
    return [_row(run) for run in found]


def run_page(run: ImportRun, *, tab: str, page: str) -> RunPage:
    """Return what the page of an import shows; an unknown tab or page falls back to the first."""
    kind = get_kind(run.kind)
    tabs, chosen = choose(_tabs(run), tab)
    lines, cut = None, 0
    if chosen and run.job:
        kept = run.job.result["lines"][chosen]
        lines = page_of(kept, page)
        cut = run.job.result[chosen] - len(kept) if len(kept) >= LINES_PER_PAGE else 0
    return RunPage(
        run=run,
        job=run.job,
        kind=kind,
        title=_title(run, kind),
        error=unbroken(run.job.error) if run.job else "",
        steps=steps(step_labels(), _reached(run)) if not _is(run, services.UNDO) else [],
        figures=_figures(run),
        tabs=tabs,
        tab=chosen,
        lines=lines,
        cut=cut,
        may_undo=_may_undo(run),
    )


def report_of(run: ImportRun) -> StoredFile | None:
    """Return the file of the run's whole report; None where nothing was judged yet."""
    wanted = run.job.result.get("report") if run.job else None
    return StoredFile.objects.filter(pk=wanted).first() if wanted else None


def step_labels() -> list[str]:
    """The steps of an import on screen."""
    return [_("Fichier"), _("Colonnes"), _("Valeurs"), _("Essai à blanc"), _("Import")]


def mappings_of(actor: Actor, kind: Kind) -> list[ImportMapping]:
    """Return the landlord's mappings of a kind, the last used first."""
    return list(
        ImportMapping.objects.filter(landlord_id=actor.own_id, kind=kind.name).order_by("-used_at")[
            :50
        ]
    )


def find_mapping(actor: Actor, kind: Kind, name: str) -> ImportMapping | None:
    """Return a mapping by its name, spelled in any case."""
    found: ImportMapping | None = ImportMapping.objects.filter(
        landlord_id=actor.own_id, kind=kind.name, name__iexact=" ".join(name.split())
    ).first()
    return found


def proposed_mapping(
    mappings: Sequence[ImportMapping], names: Sequence[str]
) -> ImportMapping | None:
    """Return the mapping that was made for a file with the same header."""
    keys = sorted(headings.heading_key(name) for name in names)
    return next((found for found in mappings if sorted(found.header) == keys), None)


def asked_values(
    actor: Actor, run: ImportRun
) -> list[tuple[Field, list[tuple[str, str]], list[str]]]:
    """Return the fields to translate, their choices, and the texts of the file's column."""
    sheet = services.sheet_of(run, run.sheet)
    found = []
    for field in get_kind(run.kind).fields:
        name = run.columns.get(field.code)
        if field.choices is None or name not in sheet["columns"]:
            continue
        texts = sheet["values"][sheet["columns"].index(name)]
        found.append((field, list(field.choices(actor.own_id)), texts))
    return found


def known_values(
    asked: Sequence[tuple[Field, Sequence[tuple[str, str]], Sequence[str]]],
    kept: Mapping[str, Mapping[str, str]],
) -> dict[str, dict[str, str]]:
    """Return what is proposed for each text: what was chosen before, else the likeliest."""
    found = {}
    for field, choices, texts in asked:
        before = {headings.value_key(t): v for t, v in kept.get(field.code, {}).items()}
        likely = headings.propose_values(texts, choices, field.value_synonyms)
        found[field.code] = {
            text: before.get(headings.value_key(text), likely.get(text, "")) for text in texts
        }
    return found


# --- inside -----------------------------------------------------------------------------------


def _is(run: ImportRun, step: str) -> bool:
    return run.job is not None and run.job.kind == step


def _reached(run: ImportRun) -> int:
    return {services.INSPECT: 0, services.REHEARSE: 3, services.APPLY: 4}.get(
        run.job.kind if run.job else "", 0
    )


def _title(run: ImportRun, kind: Kind) -> str:
    what = {
        services.INSPECT: _("Lecture du fichier"),
        services.REHEARSE: _("Essai à blanc de l’import"),
        services.APPLY: _("Import"),
        services.UNDO: _("Annulation de l’import"),
    }[run.job.kind if run.job else services.INSPECT]
    return f"{kind.title} – {what.lower()}"


def _may_undo(run: ImportRun) -> bool:
    over = run.job is not None and run.job.state in (JobState.DONE, JobState.FAILED)
    if not over or run.undone_at is not None or _is(run, services.REHEARSE):
        return False
    return ImportedRow.objects.filter(landlord_id=run.landlord_id, run_id=run.pk).exists()


def _row(run: Any) -> Row:
    state = JobState(run.job.state) if run.job else JobState.QUEUED
    what = {
        services.INSPECT: _("Fichier lu"),
        services.REHEARSE: _("Essai à blanc"),
        services.APPLY: _("Import"),
        services.UNDO: _("Annulation"),
    }[run.job.kind if run.job else services.INSPECT]
    return Row(
        pk=run.pk,
        name=run.name,
        title=str(get_kind(run.kind).title),
        what=what,
        state=str(state.label),
        tone=TONES[state][0],
        icon=TONES[state][1],
        result=_result(run),
        asked_at=run.created_at,
        asked_by=str(run.asked_by or ""),
    )


def _result(run: Any) -> str:
    counts = {name: int(getattr(run, f"n_{name}") or 0) for name in _WORDS}
    said = in_words(counts, _WORDS, planned=_is(run, services.REHEARSE))
    if said or not _is(run, services.INSPECT):
        return said or nothing_in_words(run.job)
    count = int(run.n_rows or 0)
    return ngettext("%(n)s ligne", "%(n)s lignes", count) % {"n": number(count)}


def _shows_lines(run: ImportRun) -> bool:
    return run.job is not None and "lines" in run.job.result


def _figures(run: ImportRun) -> list[Figure]:
    if not _shows_lines(run) or run.job is None:
        return []
    result, done = run.job.result, _is(run, services.APPLY)
    drafts = ngettext("dont %(n)s incomplet", "dont %(n)s incomplets", result["incomplete"])
    return [
        Figure(
            _("Créés") if done else _("À créer"),
            number(result["created"]),
            "success",
            "plus",
            drafts % {"n": number(result["incomplete"])} if result["incomplete"] else "",
        ),
        Figure(
            _("Modifiés") if done else _("À modifier"), number(result["changed"]), "info", "pencil"
        ),
        Figure(_("Inchangés"), number(result["unchanged"]), "", "check"),
        Figure(_("Laissés de côté"), number(result["skipped"]), "", "player-pause"),
        Figure(
            _("Refusés"),
            number(result["refused"]),
            "danger" if result["refused"] else "",
            "alert-triangle",
        ),
    ]


def _tabs(run: ImportRun) -> list[Tab]:
    if not _shows_lines(run) or run.job is None:
        return []
    result, done = run.job.result, _is(run, services.APPLY)
    return [
        Tab("created", _("Créés") if done else _("À créer"), result["created"]),
        Tab("changed", _("Modifiés") if done else _("À modifier"), result["changed"]),
        Tab("skipped", _("Laissés de côté"), result["skipped"]),
        Tab("refused", _("Refusés"), result["refused"]),
    ]
