"""The landlord's contracts, and the versions of their price schedules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods

from nexxio.core import clock
from nexxio.core.actors import Role, Side
from nexxio.core.acts import Act, by_action, by_post
from nexxio.core.errors import Invalid, Refused
from nexxio.core.http import PortalRequest, portal
from orders import access, policies, services
from orders.contract_forms import (
    ContractForm,
    DayForm,
    ItemForm,
    PrepareForm,
    initial_contract,
)
from orders.models import Contract, PriceSchedule
from orders.price_files import XLSX, workbook
from orders.selectors import attribution
from orders.selectors import contracts as selectors
from orders.selectors.criteria import read_key
from orders.selectors.history import contract_history
from orders.selectors.trades import trade_choices
from orders.terms import piece_labels
from orders.views import revisions
from orders.views.common import add_errors, form_page, item_options, posted

landlord = portal(Side.LANDLORD)
company = portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK, Role.READER)
managers = portal(Side.LANDLORD, Role.MANAGER)
desk_only = portal(Side.LANDLORD, Role.MANAGER, Role.CLERK)
MOST_GROUPS = 500


@require_GET
@landlord
def contracts(request: PortalRequest) -> HttpResponseBase:
    """Contracts with what holds and what comes."""
    context = {
        "rows": selectors.contract_rows(),
        "manages": policies.manages_contracts(request.actor),
    }
    return render(request, "orders/landlord/contracts.html", context)


@require_GET
@landlord
def contract(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """One contract: terms, versions, and the articles in force, searched."""
    row = selectors.contract_row(access.get_contract(request.actor, pk))
    held = row.in_force
    context = {
        "row": row,
        "manages": policies.manages_contracts(request.actor),
        "pieces": piece_labels(row.contract.pieces),
        "history": contract_history(request.actor, row.contract),
        "tally": attribution.tally_of(row.contract),
        "clause": services.revision_clause(row.contract.pk),
        **_items(request, held),
    }
    return render(request, "orders/landlord/contract.html", context)


@require_GET
@landlord
def schedule(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """One version: what differs from the one before, and its articles."""
    return _show_version(request, access.get_schedule(request.actor, pk), ItemForm())


@require_GET
@landlord
def export(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """A version as a workbook, which can be imported again."""
    return _workbook(request, pk)


@require_GET
@company
def contractor_export(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The same of a published version, to the company whose prices they are."""
    return _workbook(request, pk)


def _workbook(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    found = access.get_schedule(request.actor, pk)
    data = workbook(found, selectors.all_items(found.pk), selectors.compare(found))
    response = HttpResponse(data, content_type=XLSX)
    name = f"bordereau-{slugify(found.contract.number)}-v{found.number}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
@company
def contractor_contracts(request: PortalRequest) -> HttpResponseBase:
    """What a company has agreed with each landlord."""
    rows = selectors.contract_rows()
    return render(request, "orders/contractor/contracts.html", {"rows": rows})


@require_GET
@company
def contractor_contract(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """One contract to the company that holds it, with the prices in force."""
    row = selectors.contract_row(access.get_contract(request.actor, pk))
    return _show_to_company(request, row, row.in_force)


@require_GET
@company
def contractor_schedule(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The same with the prices of another version."""
    found = access.get_schedule(request.actor, pk)
    row = selectors.contract_row(found.contract)
    version = next(v for v in row.versions if v.schedule.pk == found.pk)
    return _show_to_company(request, row, version)


@require_GET
@desk_only
def items(request: PortalRequest) -> HttpResponseBase:
    """The articles of a contract's schedule that hold what is typed, to pick from."""
    asked = read_key(request.GET.get("contract", ""))
    edited = read_key(request.GET.get("order", ""))
    on = services.price_date(access.get_order(request.actor, edited) if edited else None)
    return item_options(request, asked, on)


def _prepare(request: PortalRequest, found: Contract) -> HttpResponseBase:
    form = PrepareForm(
        posted(request), initial={"mode": "copy", "places": "2", "effective_on": _next_day(found)}
    )
    made: list[PriceSchedule] = []
    back = reverse("orders:landlord_contract", args=[request.organisation.slug, found.pk])
    response = form_page(
        request,
        form=form,
        title="Préparer une version du bordereau",
        intro=f"{found.number} · {found.title}. Rien ne change avant sa publication.",
        submit="Préparer la version",
        done="La version est préparée : vérifiez-la, puis publiez-la.",
        back=back,
        save=lambda _data: made.append(
            services.prepare_schedule(actor=request.actor, contract_id=found.pk, **form.asked())
        ),
    )
    return redirect(_version_url(request, made[0].pk)) if made else response


@require_http_methods(["GET", "POST"])
@managers
def new(request: PortalRequest) -> HttpResponseBase:
    """Open a contract with a partner."""
    today = clock.today()
    form = ContractForm(
        posted(request),
        trades=trade_choices(),
        partners=selectors.partner_choices(request.actor),
        parts=attribution.perimeter_choices(request.actor, _groups(request.POST)),
        initial={"starts_on": today},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = services.open_contract(
                actor=request.actor,
                contractor_id=form.cleaned_data["contractor"],
                data=form.contract_input(),
            )
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            messages.success(request, f"Marché {made.number} ouvert. Préparez son bordereau.")
            return redirect("orders:landlord_contract", request.organisation.slug, made.pk)
    return _show_form(request, form, None)


def _change(request: PortalRequest, found: Contract) -> HttpResponseBase:
    initial = initial_contract(found, found.places.all())
    chosen = _groups(request.POST) or [UUID(pk) for pk in initial["groups"]]
    form = ContractForm(
        posted(request),
        trades=trade_choices(),
        partners=None,
        parts=attribution.perimeter_choices(request.actor, chosen),
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change_contract(
                actor=request.actor,
                contract_id=found.pk,
                version=form.cleaned_data["version"] or 0,
                data=form.contract_input(),
            )
        except Invalid as invalid:
            add_errors(form, invalid)
        except Refused as refused:
            form.add_error(None, refused.message)
            typed = request.POST.copy()
            typed["version"] = str(access.get_contract(request.actor, found.pk).version)
            form.data = typed
        else:
            messages.success(request, f"Marché {found.number} modifié.")
            return redirect("orders:landlord_contract", request.organisation.slug, found.pk)
    return _show_form(request, form, found)


def _show_form(
    request: PortalRequest, form: ContractForm, found: Contract | None
) -> HttpResponseBase:
    chosen = {str(pk) for pk in form["groups"].value() or ()}
    field = form.fields["groups"]
    assert isinstance(field, forms.ChoiceField)
    context = {"form": form, "contract": found, "choices": field.choices, "chosen": chosen}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "orders/landlord/contract_form.html", context, status=status)


@require_GET
@managers
def perimeter(request: PortalRequest) -> HttpResponseBase:
    """Residences for a contract's perimeter: those that are ticked, then those that are found."""
    chosen = _groups(request.GET)
    q = request.GET.get("q", "").strip()[:80]
    context = {
        "choices": attribution.group_choices(request.actor, chosen, q),
        "chosen": [str(pk) for pk in chosen],
        "q": q,
    }
    return render(request, "orders/landlord/perimeter_groups.html", context)


CONTRACT_ACTS: dict[str, Act[Contract]] = {
    "preparer": _prepare,
    "modifier": _change,
    "formule": revisions.clause,
    "sans-formule": revisions.drop_clause,
    "reviser": revisions.revise,
}
contract_act = require_http_methods(["GET", "POST"])(
    managers(by_action(CONTRACT_ACTS, lambda r, pk: access.get_contract(r.actor, pk, to="edit")))
)


def _move(request: PortalRequest, found: PriceSchedule) -> HttpResponseBase:
    return form_page(
        request,
        form=DayForm(posted(request), initial={"effective_on": found.effective_on}),
        title="Changer la date d’effet",
        submit="Changer la date",
        done="La date d’effet est changée.",
        back=_version_url(request, found.pk),
        save=lambda data: services.move_schedule(
            actor=request.actor, schedule_id=found.pk, effective_on=data["effective_on"]
        ),
    )


@by_post
def _write_item(request: PortalRequest, found: PriceSchedule) -> HttpResponseBase:
    form = ItemForm(request.POST)
    if form.is_valid():
        try:
            services.write_items(actor=request.actor, schedule_id=found.pk, items=[form.item()])
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            messages.success(request, f"Article {form.cleaned_data['code']} enregistré.")
            return redirect(_version_url(request, found.pk))
    return _show_version(request, found, form, status=422)


@by_post
def _remove_item(request: PortalRequest, found: PriceSchedule) -> HttpResponseBase:
    code = request.POST.get("code", "")[:20]
    services.write_items(actor=request.actor, schedule_id=found.pk, items=[], remove=[code])
    messages.success(request, f"Article {code} retiré de la version.")
    return redirect(_version_url(request, found.pk))


@by_post
def _drop(request: PortalRequest, found: PriceSchedule) -> HttpResponseBase:
    services.drop_schedule(actor=request.actor, schedule_id=found.pk)
    messages.success(request, "La version en préparation est supprimée.")
    return redirect("orders:landlord_contract", request.organisation.slug, found.contract_id)


def _at_once(service: Callable[..., PriceSchedule], said: str) -> Act[PriceSchedule]:
    """Return the act of a button. What is refused is said on the version's page."""

    @by_post
    def act(request: PortalRequest, found: PriceSchedule) -> HttpResponseBase:
        try:
            service(actor=request.actor, schedule_id=found.pk)
        except Invalid as invalid:
            for sentences in invalid.errors.values():
                messages.error(request, " ".join(sentences))
        except Refused as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, said)
        return redirect(_version_url(request, found.pk))

    return act


SCHEDULE_ACTS: dict[str, Act[PriceSchedule]] = {
    "publier": _at_once(services.publish_schedule, "La version est publiée."),
    "reprendre": _at_once(services.withdraw_schedule, "La version est de nouveau en préparation."),
    "supprimer": _drop,
    "dater": _move,
    "article": _write_item,
    "retirer": _remove_item,
}
schedule_act = require_http_methods(["GET", "POST"])(
    managers(by_action(SCHEDULE_ACTS, lambda r, pk: access.get_schedule(r.actor, pk, to="edit")))
)


# --- inside -----------------------------------------------------------------------------------


def _next_day(found: Contract) -> date:
    """Propose a day that may be taken: tomorrow, or the contract's first day."""
    return max(found.starts_on, clock.today() + timedelta(days=1))


def _groups(query: QueryDict) -> list[UUID]:
    """Return the residences that are ticked."""
    found = (read_key(text) for text in query.getlist("groups")[:MOST_GROUPS])
    return [pk for pk in found if pk is not None]


def _version_url(request: PortalRequest, pk: UUID) -> str:
    return reverse("orders:landlord_schedule", args=[request.organisation.slug, pk])


def _items(request: PortalRequest, shown: selectors.Version | None) -> dict[str, Any]:
    q = request.GET.get("q", "").strip()[:80]
    page = request.GET.get("page", "1")
    return {"q": q, "items": selectors.items_page(shown, q=q, page=page)}


def _show_to_company(
    request: PortalRequest, row: selectors.ContractRow, shown: selectors.Version | None
) -> HttpResponseBase:
    context = {
        "row": row,
        "shown": shown,
        "pieces": piece_labels(row.contract.pieces),
        "tally": attribution.tally_of(row.contract),
        "clause": services.revision_clause(row.contract.pk),
        "revision": services.kept_revision(shown.schedule.pk) if shown else None,
        **_items(request, shown),
    }
    return render(request, "orders/contractor/contract.html", context)


def _show_version(
    request: PortalRequest, found: PriceSchedule, form: ItemForm, *, status: int = 200
) -> HttpResponseBase:
    row = selectors.contract_row(found.contract)
    version = next(v for v in row.versions if v.schedule.pk == found.pk)
    manages = policies.manages_contracts(request.actor)
    context = {
        "row": row,
        "version": version,
        "comparison": selectors.compare(found),
        "revision": services.kept_revision(found.pk),
        "manages": manages,
        "edits": manages and version.is_prepared,
        "form": form,
        **_items(request, version),
    }
    return render(request, "orders/landlord/version.html", context, status=status)
