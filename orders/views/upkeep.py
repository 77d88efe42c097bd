"""A contract's upkeep: the landlord's list of equipment, the company's visits, what both read."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nexxio.core import clock, places
from nexxio.core.actors import Role, Side
from nexxio.core.errors import Invalid
from nexxio.core.exports import csv_response
from nexxio.core.http import PortalRequest, portal
from orders import access, policies, services
from orders.models import Contract, Equipment
from orders.selectors import contracts, history
from orders.selectors import upkeep as selectors
from orders.selectors.criteria import read_key
from orders.upkeep_forms import EquipmentForm, UpkeepForm
from orders.views.common import add_errors, posted

landlord = portal(Side.LANDLORD)
company = portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK, Role.READER)
landlords_desk = portal(Side.LANDLORD, Role.MANAGER, Role.CLERK)
companys_desk = portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK)
HEADINGS = (
    "Équipement",
    "Repère",
    "Résidence",
    "Adresse",
    "Logement ou partie commune",
    "Un passage tous les (mois)",
    "Dernier passage fait",
    "Attestation ou fiche",
    "Prochain passage avant le",
    "État",
    "Passages sans accès depuis",
)


@require_GET
@landlord
def landlord_upkeep(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """What a contract keeps up, and where it stands."""
    return _show(request, access.get_contract(request.actor, pk), None)


@require_http_methods(["GET", "POST"])
@company
def contractor_upkeep(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The same to the company; POST notes the visits of a day."""
    contract = access.get_contract(request.actor, pk)
    writes = policies.desk(request.actor, Side.CONTRACTOR)
    if request.method == "POST" and not writes:
        raise PermissionDenied
    form = UpkeepForm(
        posted(request),
        rows=selectors.rows_of(_listed(request, contract)),
        initial={"visited_on": clock.today()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            visits = services.note_upkeep(
                actor=request.actor,
                contract_id=contract.pk,
                visited_on=form.cleaned_data["visited_on"],
                lines=form.lines(),
            )
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            told = ngettext("{n} passage noté.", "{n} passages notés.", len(visits))
            messages.success(request, told.format(n=len(visits)))
            return redirect(request.get_full_path())
    return _show(request, contract, form if writes else None)


@require_GET
@landlord
def landlord_export(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """All of it as a file."""
    return _export(request, access.get_contract(request.actor, pk))


@require_GET
@company
def contractor_export(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The same to the company."""
    return _export(request, access.get_contract(request.actor, pk))


@require_GET
@landlord
def landlord_equipment(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """One equipment with its visits."""
    return _show_one(request, pk)


@require_GET
@company
def contractor_equipment(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The same to the company."""
    return _show_one(request, pk)


@require_http_methods(["GET", "POST"])
@landlord
def of_group(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """What is kept up on a residence; POST adds to it."""
    group = places.find_group(pk)
    if group is None:
        raise Http404
    writes = policies.desk(request.actor, Side.LANDLORD)
    if request.method == "POST" and not writes:
        raise PermissionDenied
    form = EquipmentForm(posted(request), contracts=contracts.running_choices(request.actor))
    if request.method == "POST" and form.is_valid():
        try:
            services.note_equipment(
                actor=request.actor,
                contract_id=UUID(form.cleaned_data["contract"]),
                group_id=group.pk,
                data=form.equipment_input(),
            )
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            messages.success(request, "Équipement ajouté : l’entreprise le voit à entretenir.")
            return redirect("orders:landlord_group_equipment", request.organisation.slug, pk)
    context = {
        "group": group,
        "rows": selectors.rows_of(selectors.equipment_of(group.pk)),
        "form": form if writes else None,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "orders/landlord/group_equipment.html", context, status=status)


@require_POST
@landlords_desk
def retire(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Keep an equipment up no more."""
    found = access.get_equipment(request.actor, pk)
    services.retire_equipment(actor=request.actor, equipment_id=found.pk)
    messages.success(request, "Équipement retiré de l’entretien.")
    return redirect("orders:landlord_upkeep", request.organisation.slug, found.contract_id)


@require_POST
@companys_desk
def withdraw(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Take back a visit that was noted by mistake."""
    found = access.get_upkeep_visit(request.actor, pk)
    services.withdraw_upkeep(actor=request.actor, visit_id=found.pk)
    messages.success(request, "Passage retiré.")
    return redirect("orders:contractor_equipment", request.organisation.slug, found.equipment_id)


# --- inside -----------------------------------------------------------------------------------


def _state(request: PortalRequest) -> str:
    return request.GET.get("etat", "")


def _page(request: PortalRequest, contract: Contract) -> Page[Equipment]:
    return selectors.equipment_page(contract, _state(request), request.GET.get("page", "1"))


def _listed(request: PortalRequest, contract: Contract) -> list[Equipment]:
    """Return what stands on the page; of a POST, what stood there when it was filled in."""
    if request.method != "POST":
        return list(_page(request, contract))
    named = [read_key(key) for key in request.POST.getlist("equipment")[: services.MOST_VISITS]]
    found = selectors.equipment_rows(contract)
    return list(found.filter(pk__in=[key for key in named if key]))


def _show(request: PortalRequest, contract: Contract, form: UpkeepForm | None) -> HttpResponseBase:
    page = _page(request, contract)
    side, slug = request.actor.side.value, request.organisation.slug
    upkeep = selectors.upkeep_of(contract)
    context = {
        "contract": contract,
        "upkeep": upkeep,
        "figures": upkeep.figures(),
        "page": page,
        "rows": selectors.rows_of(list(page)),
        "form": form,
        "state": _state(request),
        "states": selectors.STATES,
        "side": side,
        "back": reverse(f"orders:{side}_contract", args=[slug, contract.pk]),
        "export": reverse(f"orders:{side}_upkeep_export", args=[slug, contract.pk]),
    }
    status = 422 if form and form.is_bound and form.errors else 200
    return render(request, "orders/upkeep.html", context, status=status)


def _show_one(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    found = access.get_equipment(request.actor, pk)
    side = request.actor.side.value
    context = {
        "row": selectors.EquipmentRow(found),
        "visits": selectors.visits_of(found),
        "history": history.subject_history(request.actor, found.contract, [found.pk]),
        "side": side,
        "withdraws": policies.desk(request.actor, Side.CONTRACTOR),
        "retires": policies.desk(request.actor, Side.LANDLORD) and not found.retired_at,
        "back": reverse(
            f"orders:{side}_upkeep", args=[request.organisation.slug, found.contract_id]
        ),
    }
    return render(request, "orders/equipment.html", context)


def _export(request: PortalRequest, contract: Contract) -> HttpResponse:
    rows = selectors.rows_of(selectors.equipment_rows(contract, _state(request)))
    cells = (
        (
            row.equipment.get_kind_display(),
            row.equipment.mark,
            row.equipment.place_name,
            row.equipment.where,
            row.equipment.place_unit,
            row.equipment.months,
            f"{row.equipment.done_on:%d/%m/%Y}" if row.equipment.done_on else "",
            row.sheet,
            f"{row.equipment.due_on:%d/%m/%Y}",
            row.status.label,
            row.equipment.missed,
        )
        for row in rows
    )
    return csv_response(f"entretien-{slugify(contract.number)}", HEADINGS, cells)
