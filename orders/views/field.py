"""The technician's phone: my day, one visit, big buttons."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import partial, wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from nexxio.core import clock
from nexxio.core.actors import Actor, Channel, Role, Side
from nexxio.core.acts import Act, by_action
from nexxio.core.errors import Invalid
from nexxio.core.htmx import is_outbox
from nexxio.core.http import PortalRequest, portal
from orders import access, certificate_policies, on_call, policies, services
from orders.appointment_forms import ArrivalForm
from orders.field_forms import CompleteForm, MomentForm, NoAccessForm, PhotoForm
from orders.models import Visit
from orders.selectors import certificates, pages, planning, variations
from orders.selectors.photos import album_of
from orders.selectors.pieces import closing_pack
from orders.selectors.status import visit_status
from orders.services.pieces import missing_of_pack
from orders.states import VisitState
from orders.variation_states import VariationKind
from orders.views import pieces
from orders.views.common import add_errors
from orders.views.talk import owner_of, refusal

KEPT_LATE = (
    "Le rendez-vous avait changé entre-temps : ce que vous envoyez est gardé à côté, les deux"
    " bureaux sont prévenus."
)
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
    context["day"] = clock.today()
    context["outbox_owner"] = owner_of(request.actor)
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
    by_office = policies.enters_for(actor, found)
    moment: dict[str, Any] = {"visit": found, "by_office": by_office}
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
        "sign_offs": certificates.sign_off_cards(found.order, found),
        "can_go": not by_office and policies.can_go_now(actor, found.order, found, clock.now()),
        "pack": closing_pack(actor, found.order),
        "other_day": _is_of_another_day(found),
        "can_narrow": policies.can_narrow(actor, found, clock.now()),
        "arrival_form": ArrivalForm(initial={"start": _next_quarter(found)}),
        "by_office": by_office,
        "moment_form": MomentForm(**moment),
        "complete_form": CompleteForm(**moment),
        "no_access_form": NoAccessForm(**moment),
        "photo_form": PhotoForm(initial={"moment": "after" if photos else "before"}),
        "outbox_owner": owner_of(actor),
        **extra,
    }
    return render(request, "orders/field/visit.html", context, status=status)


def _is_of_another_day(found: Visit) -> bool:
    """Tell whether a confirmed visit is of a day to come, where it is: a tap may be a slip."""
    start = found.window_start
    ahead = clock.day_of(start) > clock.today(clock.zone_at(start))
    return ahead and found.state == VisitState.CONFIRMED


def _next_quarter(found: Visit) -> time:
    """Return what an arrival starts with: the next quarter of an hour, inside the window."""
    zone = clock.zone_at(found.window_start)
    moment = max(clock.now(), found.window_start).astimezone(zone)
    rounded = moment + timedelta(minutes=-moment.minute % 15)
    return rounded.time().replace(second=0, microsecond=0)


def _find(request: PortalRequest, pk: UUID) -> Visit:
    return access.get_visit(request.actor, pk)


def _back(request: PortalRequest, found: Visit) -> str:
    return reverse("orders:field_visit", args=[request.organisation.slug, found.pk])


def _who(request: PortalRequest, found: Visit) -> Actor:
    """Return who acts: a desk that types what was done on site says so."""
    actor = request.actor
    return actor.through(Channel.OFFICE) if policies.enters_for(actor, found) else actor


def _told(
    request: PortalRequest, found: Visit, message: str = "", warning: str = ""
) -> HttpResponseBase:
    """Answer what was kept: a script without a page, a person with the visit.

    warning: what is still missing; a script shows it where what it sent was waiting.
    """
    if is_outbox(request):
        return JsonResponse({"said": [warning]}) if warning else HttpResponse(status=204)
    if warning:
        messages.warning(request, warning)
    if message:
        messages.success(request, message)
    return redirect(_back(request, found))


def _moment(request: PortalRequest, found: Visit) -> datetime | None:
    """Return when a tap without a form of its own happened. Raises Invalid."""
    by_office = policies.enters_for(request.actor, found)
    form = MomentForm(request.POST, visit=found, by_office=by_office)
    if not form.is_valid():
        raise Invalid({name: [str(one) for one in said] for name, said in form.errors.items()})
    return form.moment()


def _leave(request: PortalRequest, found: Visit) -> HttpResponseBase:
    moment = _moment(request, found)
    services.leave(actor=_who(request, found), visit_id=found.pk, happened_at=moment)
    return _told(request, found)


def _arrive(request: PortalRequest, found: Visit) -> HttpResponseBase:
    moment = _moment(request, found)
    services.arrive(actor=_who(request, found), visit_id=found.pk, happened_at=moment)
    return _told(request, found)


def _go(request: PortalRequest, found: Visit) -> HttpResponseBase:
    visit = services.go_now(actor=request.actor, order_id=found.order_id)
    messages.success(request, "C’est noté : vous êtes en route.")
    return redirect(_back(request, visit))


def _piece(request: PortalRequest, found: Visit) -> HttpResponseBase:
    back = _back(request, found)
    return pieces.add(request, found.order, back=back, layout="layouts/field.html")


def _narrow(request: PortalRequest, found: Visit) -> HttpResponseBase:
    form = ArrivalForm(request.POST)
    if form.is_valid():
        start, end = form.window(found.window_start)
        try:
            services.narrow_arrival(
                actor=_who(request, found), visit_id=found.pk, start=start, end=end
            )
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            messages.success(request, "C’est noté : le locataire voit votre heure d’arrivée.")
            return redirect(_back(request, found))
    return _page(request, found, status=422, arrival_form=form, open_panel="arrival")


def _complete(request: PortalRequest, found: Visit, *, in_part: bool = False) -> HttpResponseBase:
    by_office = policies.enters_for(request.actor, found)
    form = CompleteForm(request.POST, visit=found, by_office=by_office)
    if form.is_valid():
        try:
            visit = services.complete_visit(
                actor=_who(request, found),
                visit_id=found.pk,
                report=form.cleaned_data["report"],
                next_step=form.cleaned_data["next_step"],
                next_kind=form.cleaned_data["next_kind"],
                next_date=form.cleaned_data["next_date"],
                in_part=in_part,
                happened_at=form.moment(),
            )
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            if visit.late_at is not None:
                return _told(request, found, warning=KEPT_LATE)
            missing = [] if in_part else missing_of_pack(found.order)
            text = f"La facture demandera encore : {', '.join(missing)}." if missing else ""
            return _told(request, found, "Passage terminé. Merci !", text)
    if is_outbox(request):
        return refusal(form)
    return _page(request, found, status=422, complete_form=form, open_panel="complete")


def _photo(request: PortalRequest, found: Visit) -> HttpResponseBase:
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        photos, moment = form.photos(), form.cleaned_data["moment"]
        try:
            for photo in photos:
                services.add_photo(
                    actor=request.actor, visit_id=found.pk, photo=photo, moment=moment
                )
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            said = "Photo ajoutée." if len(photos) == 1 else f"{len(photos)} photos ajoutées."
            return _told(request, found, said)
    if is_outbox(request):
        return refusal(form)
    return _page(request, found, status=422, photo_form=form, open_panel="photo")


def _no_photos(request: PortalRequest, found: Visit) -> HttpResponseBase:
    services.refuse_photos(actor=request.actor, visit_id=found.pk)
    return _told(request, found, "C’est noté : le locataire refuse les photos.")


def _nobody_home(request: PortalRequest, found: Visit) -> HttpResponseBase:
    by_office = policies.enters_for(request.actor, found)
    form = NoAccessForm(request.POST, request.FILES, visit=found, by_office=by_office)
    if form.is_valid():
        data = form.cleaned_data
        proof = services.ProofInput(
            minutes_waited=data["minutes_waited"],
            call_tried=data["call_tried"],
            sms_tried=data["sms_tried"],
            notice_number=data["notice_number"],
        )
        try:
            visit = services.declare_no_access(
                actor=_who(request, found),
                visit_id=found.pk,
                proof=proof,
                photo=data["photo"],
                happened_at=form.moment(),
            )
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            if visit.late_at is not None:
                return _told(request, found, warning=KEPT_LATE)
            missing = pages.missing_proofs(found)
            text = f"Preuves incomplètes. Manque : {', '.join(missing)}." if missing else ""
            return _told(request, found, "Absence enregistrée. Le locataire est prévenu.", text)
    if is_outbox(request):
        return refusal(form)
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
    "maintenant": _tap(_go),
    "arrivee": _tap(_narrow),
    "termine": _tap(_complete),
    "en-partie": _tap(partial(_complete, in_part=True)),
    "photo": _tap(_photo),
    "piece": _piece,
    "sans-photo": _tap(_no_photos),
    "personne": _tap(_nobody_home),
}
act = require_http_methods(["GET", "POST"])(field(by_action(ACTS, _find)))
