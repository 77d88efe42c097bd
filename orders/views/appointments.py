"""Acts on appointments: windows offered and chosen, who goes, moved, given up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from nexxio.core import clock
from nexxio.core.actors import Role, Side
from nexxio.core.acts import Act, by_action, by_post
from nexxio.core.http import PortalRequest, portal, posted_id
from nexxio.core.templatetags.ui import hour
from orders import access, services
from orders.appointment_forms import (
    AssignForm,
    DeskMoveForm,
    MoveForm,
    SlotsForm,
    typed_window,
)
from orders.calendars import calendar_response
from orders.closed_days import why_closed
from orders.forms import ReasonForm
from orders.models import Order, Visit
from orders.selectors import pages, planning
from orders.selectors.criteria import read_key
from orders.views import absences
from orders.views.common import form_page, posted
from orders.windows import Window
from orders.wording import window_text

contractors_desk = portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK)
landlords_desk = portal(Side.LANDLORD, Role.MANAGER, Role.CLERK)
YEARS_SHOWN = 20

PROPOSE_WORDS: dict[str, Any] = {
    "title": gettext_lazy("Fixer un rendez-vous"),
    "intro": gettext_lazy(
        "Sans appel, le locataire reçoit la proposition et la confirme en un geste."
    ),
    "submit": gettext_lazy("Enregistrer le rendez-vous"),
    "done": gettext_lazy("Rendez-vous enregistré."),
    "template": "orders/slots_form.html",
}


def first_slot(asked: QueryDict | None = None) -> dict[str, Any]:
    """Return what the form of a proposal starts with: the day and person of the planning board."""
    found: dict[str, Any] = {"date": clock.today() + timedelta(days=1), "slot": "8-10"}
    return found | (planned(asked) if asked else {})


def planned(asked: QueryDict) -> dict[str, Any]:
    """Return the day and the person of the planning board that an address names."""
    found: dict[str, Any] = {}
    if (day := parse_day(asked.get("jour", ""))) is not None:
        found["date"] = day
    if (who := read_key(asked.get("technicien", ""))) is not None:
        found["technician"] = who
    return found


def parse_day(text: str) -> date | None:
    """Return the day of an address that stands on a planning, None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if abs(day.year - clock.today().year) <= YEARS_SHOWN else None


def propose(request: PortalRequest, order: Order, form: SlotsForm) -> Visit:
    """Offer what was typed: one window as it is, several as a choice."""
    windows, found = form.windows(), form.cleaned_data
    technician_id: UUID | None = found.get("technician")
    start, end = windows[0]
    if len(windows) > 1:
        visit = services.propose_slots(
            actor=request.actor,
            order_id=order.pk,
            windows=windows,
            technician_id=technician_id,
            off_hours=found["off_hours"],
        )
    else:
        visit = services.propose_visit(
            actor=request.actor,
            order_id=order.pk,
            start=start,
            end=end,
            technician_id=technician_id,
            call_noted=found["call_noted"],
            off_hours=found["off_hours"],
        )
    warn(request, visit, windows)
    return visit


def warn(request: PortalRequest, visit: Visit, windows: Sequence[Window]) -> None:
    """Say what was allowed and is to be known: a closed day, the night, a technician twice."""
    for (start, end), why in zip(windows, why_closed(visit.order, windows), strict=True):
        if why:
            said = {"why": why, "window": window_text(start, end)}
            messages.warning(request, _("Hors horaires : %(window)s (%(why)s).") % said)
    warn_of_clashes(request, visit, windows)


def warn_of_clashes(request: PortalRequest, visit: Visit, windows: Sequence[Window]) -> None:
    """Say where the technician of a visit is expected elsewhere at the same time, or is away."""
    for start, end in windows:
        if planning.is_absent(visit, start):
            text = _("%(name)s est noté absent ce jour-là.")
            messages.warning(request, text % {"name": visit.technician_first_name})
        for other in planning.clashes_of(visit, start, end):
            text = _("%(name)s a déjà un rendez-vous de %(start)s à %(end)s ce jour-là.")
            said = {
                "name": visit.technician_first_name,
                "start": hour(other.window_start),
                "end": hour(other.window_end),
            }
            messages.warning(request, text % said)


def _find(request: PortalRequest, pk: UUID) -> Visit:
    return access.get_visit(request.actor, pk)


def _back(request: PortalRequest, visit: Visit) -> str:
    side, slug = request.actor.side.value, request.organisation.slug
    return reverse(f"orders:{side}_detail", args=[slug, visit.order_id])


@by_post
def _confirm(request: PortalRequest, visit: Visit) -> HttpResponseBase:
    services.confirm_visit(actor=request.actor, visit_id=visit.pk, call_noted=True)
    messages.success(request, "Rendez-vous confirmé, appel noté.")
    return redirect(_back(request, visit))


@by_post
def _choose(request: PortalRequest, visit: Visit) -> HttpResponseBase:
    """Pick a window: for the tenant who said so on the phone, or where there is no tenant."""
    called = visit.reader_case_id is not None
    by_phone = called or request.actor.side is Side.CONTRACTOR
    services.choose_slot(
        actor=request.actor,
        visit_id=visit.pk,
        slot_id=posted_id(request, "creneau"),
        call_noted=by_phone,
    )
    said = _("Créneau confirmé, appel noté.") if by_phone else _("Créneau confirmé.")
    messages.success(request, said)
    return redirect(_back(request, visit))


@by_post
def _withdraw(request: PortalRequest, visit: Visit) -> HttpResponseBase:
    services.withdraw_slot(
        actor=request.actor, visit_id=visit.pk, slot_id=posted_id(request, "creneau")
    )
    messages.success(request, _("Créneau retiré : il n’est plus proposé."))
    return redirect(_back(request, visit))


def _assign(request: PortalRequest, visit: Visit) -> HttpResponseBase:
    form = AssignForm(
        posted(request),
        technicians=pages.technicians_of(request.actor),
        initial={"technician": visit.technician_id},
    )
    return form_page(
        request,
        form=form,
        title="Affecter un technicien",
        intro="Le bailleur et le locataire ne verront que son prénom.",
        submit="Affecter",
        done="Technicien affecté.",
        back=_back(request, visit),
        save=lambda found: services.assign_technician(
            actor=request.actor, visit_id=visit.pk, technician_id=found["technician"]
        ),
    )


def _move(request: PortalRequest, visit: Visit) -> HttpResponseBase:
    zone = visit.order.zone
    initial = typed_window(visit.window_start, visit.window_end, zone)
    initial["technician"] = visit.technician_id
    # Dropped on a day and somebody's line of the planning.
    initial |= planned(request.GET)
    form: MoveForm
    if request.actor.side is Side.CONTRACTOR:
        technicians = pages.technicians_of(request.actor)
        form = DeskMoveForm(posted(request), initial=initial, zone=zone, technicians=technicians)
    else:
        form = MoveForm(posted(request), initial=initial, zone=zone)

    def save(found: dict[str, object]) -> None:
        start, end = form.window()
        moved = services.move_visit(
            actor=request.actor,
            visit_id=visit.pk,
            start=start,
            end=end,
            reason=str(found["reason"]),
            technician_id=form.cleaned_data.get("technician"),
            off_hours=bool(found["off_hours"]),
        )
        if request.actor.side is Side.CONTRACTOR:
            warn(request, moved, [(start, end)])

    return form_page(
        request,
        form=form,
        template="orders/move_form.html",
        title="Déplacer le rendez-vous",
        intro="Le locataire recevra la nouvelle proposition.",
        submit="Déplacer",
        done="Rendez-vous déplacé.",
        back=_back(request, visit),
        save=save,
    )


def _cancel(request: PortalRequest, visit: Visit) -> HttpResponseBase:
    return form_page(
        request,
        form=ReasonForm(posted(request)),
        title="Annuler le rendez-vous",
        intro="Le locataire en est informé.",
        submit="Annuler le rendez-vous",
        done="Rendez-vous annulé : le locataire en est informé.",
        tone="danger",
        back=_back(request, visit),
        save=lambda found: services.cancel_visit(
            actor=request.actor, visit_id=visit.pk, reason=found["reason"]
        ),
    )


CONTRACTOR_ACTS: dict[str, Act[Visit]] = {
    "confirmer": _confirm,
    "choisir": _choose,
    "retirer-creneau": _withdraw,
    "technicien": _assign,
    "deplacer": _move,
    "annuler": _cancel,
    **absences.CONTRACTOR_VISITS,
}
LANDLORD_ACTS: dict[str, Act[Visit]] = {
    "choisir": _choose,
    "deplacer": _move,
    "annuler": _cancel,
    **absences.LANDLORD_VISITS,
}

_methods = require_http_methods(["GET", "POST"])
contractor_act = _methods(contractors_desk(by_action(CONTRACTOR_ACTS, _find)))
landlord_act = _methods(landlords_desk(by_action(LANDLORD_ACTS, _find)))


@require_GET
@portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK, Role.READER, Role.TECHNICIAN)
def contractor_calendar(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The visit as a calendar file, with its address."""
    return calendar_response(access.get_visit(request.actor, pk), with_place=True)
