"""The estate's pages: residences, and their import in three steps."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nexxio.core.actors import Role, Side
from nexxio.core.acts import Act, by_action
from nexxio.core.errors import Invalid
from nexxio.core.estate import selectors, services
from nexxio.core.estate.forms import FileForm
from nexxio.core.estate.residences import residences
from nexxio.core.http import PortalRequest, portal
from nexxio.core.models import Job

landlord = portal(Side.LANDLORD)
manager = portal(Side.LANDLORD, Role.MANAGER)


@require_GET
@landlord
def groups(request: PortalRequest) -> HttpResponseBase:
    """The landlord's residences."""
    asked = request.GET
    page = residences(
        request.actor,
        q=asked.get("q", "").strip()[:80],
        after=asked.get("apres", "")[:2000],
        before=asked.get("avant", "")[:2000],
    )
    context = {"page": page, "may_import": request.actor.has(Role.MANAGER)}
    return render(request, "core/estate/groups.html", context)


@require_http_methods(["GET", "POST"])
@manager
def imports(request: PortalRequest) -> HttpResponseBase:
    """Send a file; see the former imports."""
    posted = request.method == "POST"
    form = FileForm(request.POST, request.FILES) if posted else FileForm()
    if posted and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            job = services.ask_rehearsal(actor=request.actor, upload=upload, name=upload.name)
        except Invalid as invalid:
            for message in invalid.errors["file"]:
                form.add_error("file", message)
        else:
            return redirect("estate:job", request.organisation.slug, job.pk)
    context = {"form": form, "rows": selectors.imports_of(request.actor)}
    return render(request, "core/estate/imports.html", context, status=422 if form.errors else 200)


def _job(request: PortalRequest, pk: UUID) -> Job:
    found = selectors.get_import(request.actor, pk)
    if found is None:
        raise Http404
    return found


@require_GET
@manager
def job(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """One step of an import: its progress, then what it will do or has done, line by line."""
    found = _job(request, pk)
    page = selectors.import_page(
        found, tab=request.GET.get("voir", ""), page=request.GET.get("page", "1")
    )
    context = {
        "page": page,
        "job": found,
        "result": found.result,
        "name": found.payload.get("name", ""),
        "back": reverse("estate:imports", args=[request.organisation.slug]),
    }
    return render(request, "core/estate/job.html", context)


def _apply(request: PortalRequest, found: Job) -> HttpResponseBase:
    made = services.ask_apply(actor=request.actor, rehearsal=found)
    return redirect("estate:job", request.organisation.slug, made.pk)


def _undo(request: PortalRequest, found: Job) -> HttpResponseBase:
    made = services.ask_undo(actor=request.actor, applied=found)
    return redirect("estate:job", request.organisation.slug, made.pk)


ACTS: dict[str, Act[Job]] = {"appliquer": _apply, "annuler": _undo}
act = require_POST(manager(by_action(ACTS, _job)))
