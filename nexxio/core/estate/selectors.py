"""What the import's pages show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.fields.json import KT
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nexxio.core.actors import Actor
from nexxio.core.estate import services
from nexxio.core.estate.applying import APPLY, UNDO
from nexxio.core.estate.services import REHEARSE
from nexxio.core.imports.pages import (
    TONES,
    Figure,
    Row,
    Step,
    StepPage,
    Tab,
    choose,
    in_words,
    nothing_in_words,
    page_of,
    steps,
    unbroken,
)
from nexxio.core.models import Job
from nexxio.core.templatetags.ui import number

KINDS = (REHEARSE, APPLY, UNDO)

_WORDS = {
    "created": ("%(n)s à créer", "%(n)s créée", "%(n)s créées"),
    "changed": ("%(n)s à modifier", "%(n)s modifiée", "%(n)s modifiées"),
    "refused": ("", "%(n)s refusée", "%(n)s refusées"),
    "removed": ("", "%(n)s retirée", "%(n)s retirées"),
    "restored": ("", "%(n)s rétablie", "%(n)s rétablies"),
}


@dataclass(frozen=True, kw_only=True)
class ImportPage(StepPage):
    """One job of an import. own: rows under the landlord's names."""

    following: Job | None
    own: int


def imports_of(actor: Actor) -> list[Row]:
    """Return the landlord's last imports, without their lines."""
    jobs: QuerySet[Job] = Job.objects.filter(landlord_id=actor.own_id, kind__in=KINDS)
    found = (
        jobs.defer("result")
        .annotate(**{name: KT(f"result__{name}") for name in _WORDS})
        .select_related("asked_by")
        .order_by("-created_at")[:30]
    )
    return [_row(job) for job in found]


def get_import(actor: Actor, pk: UUID) -> Job | None:
    """Return one of the landlord's import jobs."""
    return (
        Job.objects.filter(landlord_id=actor.own_id, pk=pk, kind__in=KINDS)
        .select_related("asked_by")
        .first()
    )


def import_page(job: Job, *, tab: str, page: str) -> ImportPage:
    """Return what one job's page shows; an unknown tab or page number falls back to the first."""
    tabs, chosen = choose(_tabs(job), tab)
    result = job.result
    counted = ("created", "changed", "unchanged", "refused")
    return ImportPage(
        job=job,
        title=_title(job),
        error=unbroken(job.error),
        steps=_steps(job),
        figures=_figures(job),
        tabs=tabs,
        tab=chosen,
        lines=page_of(_lines(job, chosen), page) if chosen else None,
        following=services.following(job),
        own=sum(result.get(name, 0) for name in counted),
        cut=result.get("refused", 0) - len(result.get("refusals", [])),
    )


def _what(job: Job) -> str:
    return {
        REHEARSE: _("Essai à blanc"),
        APPLY: _("Import"),
        UNDO: _("Annulation"),
    }[job.kind]


def _title(job: Job) -> str:
    return {
        REHEARSE: _("Essai à blanc de l’import"),
        APPLY: _("Import du patrimoine"),
        UNDO: _("Annulation de l’import"),
    }[job.kind]


def _row(job: Any) -> Row:
    counts = {name: int(getattr(job, name) or 0) for name in _WORDS}
    said = in_words(counts, _WORDS, planned=job.kind == REHEARSE)
    return Row(
        pk=job.pk,
        name=job.payload.get("name", ""),
        title=_("Patrimoine"),
        what=_what(job),
        state=job.get_state_display(),
        tone=TONES[job.state][0],
        icon=TONES[job.state][1],
        result=said or nothing_in_words(job),
        asked_at=job.created_at,
        asked_by=str(job.asked_by or ""),
    )


def _steps(job: Job) -> list[Step]:
    if job.kind == UNDO:
        return []
    labels = [_("Fichier"), _("Essai à blanc"), _("Import")]
    reached = 2 if job.kind == APPLY else 1
    return steps(labels, reached)


def _figures(job: Job) -> list[Figure]:
    result, done = job.result, job.kind == APPLY
    if job.kind == UNDO or "lines" not in result:
        return []
    homes = ngettext("%(n)s logement", "%(n)s logements", result["dwellings"])
    nobody = ngettext("dont %(n)s sans bailleur", "dont %(n)s sans bailleur", result["nobody"])
    return [
        Figure(
            _("Créées") if done else _("À créer"),
            number(result["created"]),
            "success",
            "plus",
            homes % {"n": number(result["dwellings"])} if result["created"] else "",
        ),
        Figure(
            _("Modifiées") if done else _("À modifier"), number(result["changed"]), "info", "pencil"
        ),
        Figure(_("Inchangées"), number(result["unchanged"]), "", "check"),
        Figure(
            _("D’autres bailleurs"),
            number(result["skipped"]),
            "",
            "users-group",
            nobody % {"n": number(result["nobody"])} if result["nobody"] else "",
        ),
        Figure(
            _("Refusées"),
            number(result["refused"]),
            "danger" if result["refused"] else "",
            "alert-triangle",
        ),
    ]


def _tabs(job: Job) -> list[Tab]:
    if job.kind == UNDO or "lines" not in job.result:
        return []
    done = job.kind == APPLY
    return [
        Tab("created", _("Créées") if done else _("À créer"), job.result["created"]),
        Tab("changed", _("Modifiées") if done else _("À modifier"), job.result["changed"]),
        Tab("refused", _("Refusées"), job.result["refused"]),
    ]


def _lines(job: Job, tab: str) -> list[dict[str, Any]]:
    if tab == "refused":
        return [{**line, "reason": unbroken(line["reason"])} for line in job.result["refusals"]]
    return [line for line in job.result["lines"] if line["outcome"] == tab]
