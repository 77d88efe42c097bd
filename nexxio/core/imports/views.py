"""Pages of imports: send, choose columns and values, rehearse, apply, undo.

The same for both sides: their doors are in `urls`, and an address is that of the reader's portal.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from nexxio.core import files
from nexxio.core.acts import Act, by_action
from nexxio.core.errors import Invalid
from nexxio.core.exports import csv_response
from nexxio.core.htmx import go_to
from nexxio.core.http import PortalRequest
from nexxio.core.imports import headings, selectors, services
from nexxio.core.imports.forms import ColumnsForm, UploadForm, ValuesForm
from nexxio.core.imports.pages import steps
from nexxio.core.imports.registry import Kind, get_kind, kind_at, kinds_for, may_import
from nexxio.core.models import ImportMapping, ImportRun, JobState

Found = tuple[ImportRun, Kind]


def index(request: PortalRequest) -> HttpResponseBase:
    """What can be imported, and the last imports."""
    context = {"kinds": kinds_for(request.actor), "rows": selectors.runs_of(request.actor)}
    return render(request, "core/imports/index.html", context)


def start(request: PortalRequest, slug: str) -> HttpResponseBase:
    """Send a file of one kind."""
    kind = kind_at(slug)
    if kind is None:
        raise Http404
    _require(request, kind)
    posted = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if posted else UploadForm()
    if posted and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            run = services.send_file(
                actor=request.actor, kind=kind, upload=upload, name=upload.name
            )
        except Invalid as invalid:
            for message in invalid.errors["file"]:
                form.add_error("file", message)
        else:
            return redirect(_url(request, "run", run.pk))
    context = {
        "form": form,
        "kind": kind,
        "mappings": selectors.mappings_of(request.actor, kind),
        "steps": steps(selectors.step_labels(), 0),
    }
    return render(request, "core/imports/start.html", context, status=422 if form.errors else 200)


def template(request: PortalRequest, slug: str) -> HttpResponseBase:
    """The headings of one kind as an empty CSV, to be filled in."""
    kind = kind_at(slug)
    if kind is None:
        raise Http404
    _require(request, kind)
    return csv_response(f"modele-{kind.slug}", [str(field.label) for field in kind.fields], [])


def run(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """One import: its progress, then what it will do or has done, line by line."""
    found, _kind = _run(request, pk)
    job = found.job
    if job is not None and job.kind == services.INSPECT and job.state == JobState.DONE:
        if found.file_erased_at is not None:
            messages.info(request, _("Ce fichier a été effacé : envoyez-le à nouveau."))
            return redirect(_url(request, "index"))
        return _go(request, "columns", found)
    page = selectors.run_page(
        found,
        tab=request.GET.get("voir", ""),
        page=request.GET.get("page", "1"),
    )
    context = {
        "page": page,
        "run": found,
        "job": found.job,
        "kind": page.kind,
        "name": found.name,
        "back": _url(request, "index"),
    }
    return render(request, "core/imports/run.html", context)


def columns(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Choose the sheet, and say what its columns are."""
    found, kind = _run(request, pk)
    if not found.inspection or found.applied_at is not None:
        return _go(request, "run", found)
    asked = request.POST if request.method == "POST" else request.GET
    sheet = _sheet(found, asked.get("feuille", ""))
    mappings = selectors.mappings_of(request.actor, kind)
    chosen = _chosen_mapping(mappings, asked.get("correspondance", ""), sheet["columns"])
    many = dict(zip(sheet["columns"], sheet["many"], strict=True))
    options: dict[str, Any] = {"kind": kind, "names": sheet["columns"], "many": many}
    if request.method == "POST":
        form = ColumnsForm(request.POST, **options)
        if form.is_valid():
            return _keep_columns(request, found, sheet["name"], form, chosen)
    else:
        form = ColumnsForm(initial=_initial(found, kind, sheet, chosen), **options)
    context = {
        "form": form,
        "run": found,
        "kind": kind,
        "sheet": sheet,
        "sheets": found.inspection["sheets"],
        "mappings": mappings,
        "chosen": chosen,
        "steps": steps(selectors.step_labels(), 1),
    }
    return render(request, "core/imports/columns.html", context, status=422 if form.errors else 200)


def values(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Say what the file's words mean: trades, priorities, contracts."""
    found, kind = _run(request, pk)
    if not found.columns or not found.inspection or found.applied_at is not None:
        return _go(request, "run", found)
    asked = selectors.asked_values(request.actor, found)
    known = selectors.known_values(asked, found.translations)
    form = ValuesForm(request.POST if request.method == "POST" else None, asked=asked, known=known)
    if request.method == "POST" and form.is_valid():
        services.ask_rehearsal(actor=request.actor, run=found, translations=form.translations)
        return _go(request, "run", found)
    context = {
        "form": form,
        "run": found,
        "kind": kind,
        "steps": steps(selectors.step_labels(), 2),
    }
    return render(request, "core/imports/values.html", context, status=422 if form.errors else 200)


def report(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The whole report of a rehearsal or import, as CSV."""
    found, _kind = _run(request, pk)
    stored = selectors.report_of(found)
    if stored is None:
        raise Http404
    return files.serve(request, stored, download=True)


def _rehearse(request: PortalRequest, found: Found) -> HttpResponseBase:
    run, _kind = found
    services.ask_rehearsal(actor=request.actor, run=run)
    return _go(request, "run", run)


def _apply(request: PortalRequest, found: Found) -> HttpResponseBase:
    run, kind = found
    options = {code: code in request.POST for code, _label in kind.options}
    services.ask_apply(actor=request.actor, run=run, options=options)
    return _go(request, "run", run)


def _undo(request: PortalRequest, found: Found) -> HttpResponseBase:
    run, _kind = found
    services.ask_undo(actor=request.actor, run=run)
    return _go(request, "run", run)


def _run(request: PortalRequest, pk: UUID) -> Found:
    found = selectors.get_run(request.actor, pk)
    if found is None:
        raise Http404
    kind = get_kind(found.kind)
    _require(request, kind)
    return found, kind


ACTS: dict[str, Act[Found]] = {"repeter": _rehearse, "appliquer": _apply, "annuler": _undo}
act = by_action(ACTS, _run)


# --- inside -----------------------------------------------------------------------------------


def _require(request: PortalRequest, kind: Kind) -> None:
    if not may_import(request.actor, kind):
        raise PermissionDenied


def _url(request: PortalRequest, name: str, *args: object) -> str:
    match = request.resolver_match
    portal = match.namespace if match is not None else None
    return reverse(f"imports:{name}", args=[request.organisation.slug, *args], current_app=portal)


def _go(request: PortalRequest, name: str, run: ImportRun) -> HttpResponseBase:
    """Send the browser to another page, from a fragment too."""
    url = _url(request, name, run.pk)
    if not request.htmx:
        return redirect(url)
    return go_to(url)


def _sheet(run: ImportRun, name: str) -> dict[str, Any]:
    """Return the sheet that was asked for, else the chosen one, else the one with most rows."""
    sheets: list[dict[str, Any]] = run.inspection["sheets"]
    for wanted in (name, run.sheet if run.columns else name):
        for sheet in sheets:
            if sheet["name"] == wanted:
                return sheet
    return max(sheets, key=lambda sheet: (sheet["known"], sheet["rows"]))


def _chosen_mapping(
    mappings: list[ImportMapping], pk: str, names: list[str]
) -> ImportMapping | None:
    for found in mappings:
        if str(found.pk) == pk:
            return found
    return selectors.proposed_mapping(mappings, names)


def _initial(
    run: ImportRun, kind: Kind, sheet: dict[str, Any], chosen: ImportMapping | None
) -> dict[str, str]:
    """What was chosen before for this sheet, else the mapping, else the likeliest."""
    names = sheet["columns"]
    if run.columns and run.sheet == sheet["name"]:
        found, name = run.columns, run.mapping_name
    elif chosen is not None:
        places, _missing = headings.resolve(chosen.columns, names)
        found, name = {code: names[index] for code, index in places.items()}, chosen.name
    else:
        found, name = headings.propose_columns(kind.fields, names), ""
    return {**{f"c-{code}": heading for code, heading in found.items()}, "mapping_name": name}


def _keep_columns(
    request: PortalRequest,
    run: ImportRun,
    sheet: str,
    form: ColumnsForm,
    chosen: ImportMapping | None,
) -> HttpResponseBase:
    kept = services.choose_columns(
        actor=request.actor,
        run=run,
        sheet=sheet,
        columns=form.columns,
        mapping_name=form.cleaned_data["mapping_name"],
        translations=chosen.translations if chosen else {},
    )
    if selectors.asked_values(request.actor, kept):
        return _go(request, "values", kept)
    services.ask_rehearsal(actor=request.actor, run=kept)
    return _go(request, "run", kept)
