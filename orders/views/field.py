"""The technician's phone: my day, one visit, big buttons."""

from __future__ import annotations

from datetime import time, timedelta
from functools import partial, wraps
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from nexxio.core import clock
from nexxio.core.actors import Channel, Role, Side
from nexxio.core.acts import Act, by_action
from nexxio.core.errors import Invalid
from nexxio.core.http import PortalRequest, portal
from orders import access, certificate_policies, on_call, policies, services
from orders.appointment_forms import ArrivalForm
from orders.forms import CompleteForm, NoAccessForm, PhotoForm
from orders.models import Visit
from orders.selectors import certificates, pages, planning, variations
from orders.selectors.photos import album_of
from orders.selectors.status import visit_status
from orders.variation_states import VariationKind
from orders.views.common import add_errors
from orders.views.talk import is_outbox, owner_of, refusal

field = portal(
    Side.CONTRACTOR, Role.TECHNICIAN, Role.MANAGER, Role.CLERK, channel=Channel.PHONE_APP
)


@require_GET
@field
def day(request: PortalRequest) -> HttpResponseBase:
    """My visits: unfinished, of today, then of the week."""
    found = planning.technician_day(request.actor)
    context: dict[str, object] = {
        name: [{"visit": visit, "status": visit_status(visit, Side.CONTRACTOR)} for visit in visits]
        for name, visits in (
            ("unfinished", found.unfinished),
            ("today", found.today),
            ("later", found.later),
        )
    }
    context["is_on_call"] = on_call.is_on_call(request.actor)
    return render(request, "orders/field/day.html", context)


@require_GET
@field
def visit(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """One visit."""
    return _page(request, access.get_visit(request.actor, pk))


def _page(
    request: PortalRequest, found: Visit, *, status: int = 200, **extra: object
) -> HttpResponseBase:
    actor = request.actor
    contact = pages.contact_on_site(actor, found)
    variation = variations.current_variation(found.order)
    photos = pages.photos_of(found)
    context = {
        "visit": found,
        "order": found.order,
        "status": visit_status(found, Side.CONTRACTOR),
        "place": pages.place_of(found),
        "contact": contact,
        "access_labels": pages.access_labels(contact),
        "may_ask_contact": contact is None
        and policies.acts(actor)
        and policies.sees_contact(actor, found.order),
        "photos": photos,
        "attached": services.files_of(found.order),
        "album": album_of(photos),
        "can": {
            name: policies.can_visit(name, actor, found)
            for name in ("leave", "arrive", "complete", "declare_no_access")
        },
        "variation": variation,
        "can_vary": variations.can_draft(actor, found.order),
        "regularisation": variations.current_variation(found.order, VariationKind.REGULARISATION),
        "can_regularise": variations.can_draft(actor, found.order, VariationKind.REGULARISATION),
        "can_photo": policies.adds_photos(actor, found) and policies.takes_photos(found),
        "can_sign": certificate_policies.takes_sign_off(actor, found),
        "sign_offs": certificates.sign_off_cards(found.order),
        "can_narrow": policies.can_narrow(actor, found, clock.now()),
        "arrival_form": ArrivalForm(initial={"start": _next_quarter(found)}),
        "complete_form": CompleteForm(),
        "no_access_form": NoAccessForm(),
        "photo_form": PhotoForm(initial={"moment": "after" if photos else "before"}),
        "outbox_owner": owner_of(actor),
        **extra,
    }
    return render(request, "orders/field/visit.html", context, status=status)


def _next_quarter(found: Visit) -> time:
    """Return what an arrival starts with: the next quarter of an hour, inside the window."""
    moment = max(clock.now(), found.window_start).astimezone(clock.PARIS)
    rounded = moment + timedelta(minutes=-moment.minute % 15)
    return rounded.time().replace(second=0, microsecond=0)


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


def _narrow(request: PortalRequest, found: Visit) -> HttpResponseBase:
    form = ArrivalForm(request.POST)
    if form.is_valid():
        start, end = form.window(found.window_start.astimezone(clock.PARIS).date())
        try:
            services.narrow_arrival(actor=request.actor, visit_id=found.pk, start=start, end=end)
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            messages.success(request, "C’est noté : le locataire voit votre heure d’arrivée.")
            return redirect(_back(request, found))
    return _page(request, found, status=422, arrival_form=form, open_panel="arrival")


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
            if is_outbox(request):
                return HttpResponse(status=204)
            messages.success(request, "Photo ajoutée.")
            return redirect(_back(request, found))
    if is_outbox(request):
        return refusal(form)
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
            if missing := pages.missing_proofs(found):
                messages.warning(request, f"Preuves incomplètes. Manque : {', '.join(missing)}.")
            return redirect(_back(request, found))
    return _page(request, found, status=422, no_access_form=form, open_panel="no_access")


def _tap(act: Act[Visit]) -> Act[Visit]:
    """One tap. A form that was refused stays at this address: asked for again, it is the visit."""

    @wraps(act)
    def inner(request: PortalRequest, found: Visit) -> HttpResponseBase:
        return act(request, found) if request.method == "POST" else redirect(_back(request, found))

    return inner


ACTS: dict[str, Act[Visit]] = {
    "en-route": _tap(_leave),
    "sur-place": _tap(_arrive),
    "arrivee": _tap(_narrow),
    "termine": _tap(_complete),
    "en-partie": _tap(partial(_complete, in_part=True)),
    "photo": _tap(_photo),
    "personne": _tap(_nobody_home),
}
act = require_http_methods(["GET", "POST"])(field(by_action(ACTS, _find)))
