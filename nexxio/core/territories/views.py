"""Pages of agencies and sectors, for a landlord's managers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nexxio.core.actors import Role, Side
from nexxio.core.acts import by_action
from nexxio.core.errors import Invalid
from nexxio.core.http import PortalRequest, portal
from nexxio.core.members.views import page_tabs
from nexxio.core.models import Agency
from nexxio.core.territories import selectors, services
from nexxio.core.territories.forms import AssignForm, NameForm

manager = portal(Side.LANDLORD, Role.MANAGER)
form_methods = require_http_methods(["GET", "HEAD", "POST"])


def _url(request: PortalRequest, page: str, *args: Any) -> str:
    return reverse(f"territories:{page}", args=[request.organisation.slug, *args])


@require_GET
@manager
def index(request: PortalRequest) -> HttpResponseBase:
    """Agencies with their sectors, what they hold, and what happened to them."""
    context = {
        "tabs": page_tabs(request, "territories"),
        "tree": selectors.tree(request.actor),
        "lines": selectors.history(request.actor),
    }
    return render(request, "core/territories/index.html", context)


@form_methods
@manager
def new_agency(request: PortalRequest) -> HttpResponseBase:
    """Make an agency."""

    def save(name: str) -> str:
        agency = services.add_agency(actor=request.actor, name=name)
        return _("L’agence %(name)s est créée : ajoutez ses secteurs.") % {"name": agency.name}

    return _name_page(request, save, {"title": _("Nouvelle agence"), "submit": _("Créer")})


@form_methods
@manager
def new_sector(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Make a sector of an agency."""
    agency = selectors.get_territory(request.actor, pk)
    if not isinstance(agency, Agency):
        raise Http404

    def save(name: str) -> str:
        sector = services.add_sector(actor=request.actor, agency_id=pk, name=name)
        return _("Le secteur %(name)s est créé : affectez-lui ses résidences.") % {
            "name": sector.name
        }

    title = _("Nouveau secteur de %(agency)s") % {"agency": agency.name}
    return _name_page(request, save, {"title": title, "submit": _("Créer")})


@form_methods
@manager
def edit(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Rename an agency or a sector; archive it, or restore it."""
    found = selectors.get_territory(request.actor, pk)
    if found is None:
        raise Http404

    def save(name: str) -> str:
        services.rename(actor=request.actor, pk=pk, name=name)
        return _("Le nom est enregistré.")

    values = {
        "title": found.name,
        "submit": _("Enregistrer"),
        "found": found,
        "act_urls": {
            "archive": _url(request, "act", pk, "archiver"),
            "restore": _url(request, "act", pk, "retablir"),
        },
    }
    return _name_page(request, save, values, initial=found.name)


def _name_page(
    request: PortalRequest, save: Callable[[str], str], values: dict[str, Any], initial: str = ""
) -> HttpResponseBase:
    """Show the form of a name, 422 with what was typed when it is wrong; else save."""
    data = request.POST if request.method == "POST" else None
    form = NameForm(data, initial={"name": initial})
    if form.is_valid():
        try:
            done = save(form.cleaned_data["name"])
        except Invalid as invalid:
            _add_errors(form, invalid)
        else:
            messages.success(request, done)
            return redirect(_url(request, "index"))
    context = {**values, "form": form, "back_url": _url(request, "index")}
    status = 422 if form.is_bound else 200
    return render(request, "core/territories/form.html", context, status=status)


def _add_errors(form: forms.Form, invalid: Invalid) -> None:
    for name, found in invalid.errors.items():
        form.add_error(name if name in form.fields else None, found)


def _archive(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    found = services.archive(actor=request.actor, pk=pk)
    messages.success(
        request, _("%(name)s est archivé ; vous pouvez le rétablir.") % {"name": found.name}
    )
    return redirect(_url(request, "index"))


def _restore(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    found = services.restore(actor=request.actor, pk=pk)
    messages.success(request, _("%(name)s est rétabli.") % {"name": found.name})
    return redirect(_url(request, "index"))


def _by_id(_request: PortalRequest, pk: UUID) -> UUID:
    return pk  # the services look, under their lock


act = require_POST(manager(by_action({"archiver": _archive, "retablir": _restore}, _by_id)))


@form_methods
@manager
def residences(request: PortalRequest) -> HttpResponseBase:
    """Find residences, tick many, put them into a sector."""
    sought = selectors.Sought(
        q=request.GET.get("q", "").strip()[:100],
        where=request.GET.get("ou", "")[:40] or selectors.NOWHERE,
    )
    choices = selectors.choices(request.actor)
    if request.method != "POST":
        return _residence_page(request, sought, choices)
    found = selectors.sought_groups(request.actor, sought).values_list("pk", flat=True)
    form = AssignForm(request.POST, choices=choices, found=found)
    if not form.is_valid():
        return _residence_page(request, sought, choices, form)
    data = form.cleaned_data
    group_ids = list(found) if data["everything"] else data["groups"]
    leaving = services.leaving(actor=request.actor, group_ids=group_ids, sector_id=form.sector_id)
    if leaving and data["leaving"] is None:
        return _ask(request, form, group_ids, leaving)
    try:
        moved = services.assign(
            actor=request.actor,
            group_ids=group_ids,
            sector_id=form.sector_id,
            expected=data["leaving"] or 0,
        )
    except Invalid as invalid:
        _add_errors(form, invalid)
        return _residence_page(request, sought, choices, form)
    count = len(moved)
    text = ngettext(
        "%(n)s résidence a changé de secteur ; ses commandes suivent.",
        "%(n)s résidences ont changé de secteur ; leurs commandes suivent.",
        count,
    )
    messages.success(request, text % {"n": count})
    return redirect(request.get_full_path())


def _residence_page(
    request: PortalRequest,
    sought: selectors.Sought,
    choices: list[selectors.Choice],
    form: AssignForm | None = None,
) -> HttpResponseBase:
    page = selectors.group_page(request.actor, sought, request.GET.get("page", "1"))
    ticked = set(form.data.getlist("groups")) if form is not None else set()  # type: ignore[attr-defined]
    context = {
        "back_url": _url(request, "index"),
        "sought": sought,
        "lines": page,
        "rows": [(group, str(group.pk) in ticked) for group in page],
        "choices": choices,
        "form": form or AssignForm(choices=choices, found=()),
    }
    status = 200 if form is None else 422
    return render(request, "core/territories/residences.html", context, status=status)


def _ask(
    request: PortalRequest, form: AssignForm, group_ids: list[UUID], leaving: int
) -> HttpResponseBase:
    """Ask before residences leave a sector that somebody gave them. Nothing was written."""
    target = form.names.get(form.cleaned_data["sector"], "")
    context = {
        # All that is found is asked for again by its filter: a form holds no thousand fields.
        "group_ids": [] if form.cleaned_data["everything"] else group_ids,
        "everything": form.cleaned_data["everything"],
        "leaving": leaving,
        "sector": form.cleaned_data["sector"],
        "target": target,
        "back_url": request.get_full_path(),
    }
    return render(request, "core/territories/confirm.html", context)
