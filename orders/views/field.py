"""The technician's phone: my day, one visit, big buttons."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from nexxio.core.actors import Channel, Role, Side
from nexxio.core.acts import Act, by_action
from nexxio.core.errors import Invalid
from nexxio.core.http import PortalRequest, portal
from orders import access, policies, services
from orders.forms import CompleteForm, NoAccessForm, PhotoForm
from orders.models import OrderContact, Photo, Visit
from orders.selectors import lists, pages
from orders.states import VISIT
from orders.views.common import add_errors

field = portal(
    Side.CONTRACTOR, Role.TECHNICIAN, Role.MANAGER, Role.CLERK, channel=Channel.PHONE_APP
)


@require_GET
@field
def day(request: PortalRequest) -> HttpResponseBase:
    """My visits: unfinished, of today, then of the week."""
    return render(request, "orders/field/day.html", {"day": lists.technician_day(request.actor)})


@require_GET
@field
def visit(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """One visit."""
    return _page(request, access.get_visit(request.actor, pk))


def _page(
    request: PortalRequest, found: Visit, *, status: int = 200, **extra: object
) -> HttpResponseBase:
    actor = request.actor
    contact = None
    if policies.sees_contact(actor, found.order):
        contact = OrderContact.objects.filter(order_id=found.order_id).first()
    context = {
        "visit": found,
        "order": found.order,
        "label": VISIT.label(found.state, Side.CONTRACTOR),
        "contact": contact,
        "access_labels": pages.access_labels(contact),
        "photos": list(Photo.objects.filter(visit_id=found.pk).order_by("created_at")),
        "can": {
            name: policies.can_visit(name, actor, found)
            for name in ("leave", "arrive", "complete", "declare_no_access")
        },
        "can_photo": policies.is_open(found) or found.state in ("done", "partly_done"),
        "complete_form": CompleteForm(),
        "no_access_form": NoAccessForm(),
        "photo_form": PhotoForm(initial={"moment": "after"}),
        **extra,
    }
    return render(request, "orders/field/visit.html", context, status=status)


def _find(request: PortalRequest, pk: UUID) -> Visit:
    return access.get_visit(request.actor, pk)


def _back(request: PortalRequest, found: Visit) -> str:
    return reverse("orders:field_visit", args=[request.organisation.slug, found.pk])


def _leave(request: PortalRequest, found: Visit) -> HttpResponseBase:
    services.leave(actor=request.actor, visit_id=found.pk)
    return redirect(_back(request, found))


def _arrive(request: PortalRequest, found: Visit) -> HttpResponseBase:
    services.arrive(actor=request.actor, visit_id=found.pk)
    return redirect(_back(request, found))


def _complete(request: PortalRequest, found: Visit, *, in_part: bool = False) -> HttpResponseBase:
    form = CompleteForm(request.POST)
    if form.is_valid():
        try:
            services.complete_visit(
                actor=request.actor,
                visit_id=found.pk,
                report=form.cleaned_data["report"],
                next_step=form.cleaned_data["next_step"],
                in_part=in_part,
            )
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            messages.success(request, "Passage terminé. Merci !")
            return redirect(_back(request, found))
    return _page(request, found, status=422, complete_form=form, open_panel="complete")


def _photo(request: PortalRequest, found: Visit) -> HttpResponseBase:
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            services.add_photo(
                actor=request.actor,
                visit_id=found.pk,
                photo=form.cleaned_data["photo"],
                moment=form.cleaned_data["moment"],
            )
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            messages.success(request, "Photo ajoutée.")
            return redirect(_back(request, found))
    return _page(request, found, status=422, photo_form=form, open_panel="photo")


def _nobody_home(request: PortalRequest, found: Visit) -> HttpResponseBase:
    form = NoAccessForm(request.POST, request.FILES)
    if form.is_valid():
        data = form.cleaned_data
        proof = services.ProofInput(
            minutes_waited=data["minutes_waited"],
            call_tried=data["call_tried"],
            sms_tried=data["sms_tried"],
            notice_number=data["notice_number"],
        )
        try:
            services.declare_no_access(
                actor=request.actor, visit_id=found.pk, proof=proof, photo=data["photo"]
            )
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            messages.success(request, "Absence enregistrée. Le locataire est prévenu.")
            return redirect(_back(request, found))
    return _page(request, found, status=422, no_access_form=form, open_panel="no_access")


ACTS: dict[str, Act[Visit]] = {
    "en-route": _leave,
    "sur-place": _arrive,
    "termine": _complete,
    "en-partie": partial(_complete, in_part=True),
    "photo": _photo,
    "personne": _nobody_home,
}
act = require_POST(field(by_action(ACTS, _find)))
