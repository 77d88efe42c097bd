"""The estate's pages: residences, and their import in three steps."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nexxio.core.actors import Role, Side
from nexxio.core.errors import Invalid
from nexxio.core.estate import services
from nexxio.core.http import PortalRequest, portal
from nexxio.core.models import Group, Job

landlord = portal(Side.LANDLORD)
manager = portal(Side.LANDLORD, Role.MANAGER)
KINDS = (services.REHEARSE, services.APPLY, services.UNDO)


class FileForm(forms.Form):
    """The estate file."""

    file = forms.FileField(
        label=_("Fichier du patrimoine (CSV, séparé par des points-virgules)"),
        error_messages={
            "required": _("Choisissez un fichier."),
            "empty": _("Le fichier est vide."),
        },
    )


@require_GET
@landlord
def groups(request: PortalRequest) -> HttpResponseBase:
    """The landlord's residences."""
    q = request.GET.get("q", "").strip()[:80]
    found = Group.objects.filter(landlord_id=request.actor.own_id, archived_at__isnull=True)
    for word in q.split():
        found = found.filter(
            Q(name__icontains=word) | Q(raw_address__icontains=word) | Q(postcode__startswith=word)
        )
    page = Paginator(found.order_by("postcode", "name", "id"), 50).get_page(request.GET.get("page"))
    return render(request, "core/estate/groups.html", {"page": page, "q": q})


@require_http_methods(["GET", "POST"])
@manager
def imports(request: PortalRequest) -> HttpResponseBase:
    """Send a file; see the former imports."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            job = services.ask_rehearsal(actor=request.actor, upload=upload, name=upload.name)
        except Invalid as invalid:
            for message in invalid.errors["file"]:
                form.add_error("file", message)
        else:
            return redirect("estate:job", request.organisation.slug, job.pk)
    former = Job.objects.filter(landlord_id=request.actor.own_id, kind__in=KINDS)
    context = {"form": form, "jobs": former.select_related("asked_by").order_by("-created_at")[:30]}
    return render(request, "core/estate/imports.html", context, status=422 if form.errors else 200)


def _job(pk: UUID) -> Job:
    found = Job.objects.filter(pk=pk, kind__in=KINDS).select_related("asked_by").first()
    if found is None:
        raise Http404
    return found


@require_GET
@manager
def job(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """One import: its progress, then what it will do or has done, line by line."""
    found = _job(pk)
    following = Job.objects.filter(
        Q(payload__rehearsal=str(pk)) | Q(payload__applied=str(pk))
    ).first()
    context = {"job": found, "result": found.result, "following": following, "services": services}
    return render(request, "core/estate/job.html", context)


@require_POST
@manager
def act(request: PortalRequest, pk: UUID, action: str) -> HttpResponseBase:
    """Apply a rehearsal, or undo what was applied."""
    found = _job(pk)
    if action == "appliquer":
        made = services.ask_apply(actor=request.actor, rehearsal=found)
    elif action == "annuler":
        made = services.ask_undo(actor=request.actor, applied=found)
    else:
        raise Http404
    return redirect("estate:job", request.organisation.slug, made.pk)
