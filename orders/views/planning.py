"""The company's planning board: by week or by day, dragged or from each visit's own menu."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nexxio.core import clock
from nexxio.core.actors import Role, Side
from nexxio.core.http import PortalRequest, portal, posted_id
from orders import access, services
from orders.appointment_forms import TenantHoursForm
from orders.selectors import planning
from orders.views.appointments import parse_day, warn_of_clashes
from orders.views.common import form_page, posted

WEEK = 7
_DAY, _WEEK = "jour", "semaine"


@require_GET
@portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK, Role.READER)
def board(request: PortalRequest) -> HttpResponseBase:
    """The week of `?semaine=`, or the hours of `?jour=`; without either, this week."""
    by_day = _DAY in request.GET
    asked = parse_day(request.GET.get(_DAY if by_day else _WEEK, "")) or clock.today()
    days = 1 if by_day else WEEK
    first = asked if by_day else asked - timedelta(days=asked.weekday())
    context = {
        "plan": planning.planning(request.actor, first=first, days=days),
        "by_day": by_day,
        "first": first,
        "key": _DAY if by_day else _WEEK,
        "previous": first - timedelta(days=days),
        "next": first + timedelta(days=days),
    }
    return render(request, "orders/contractor/planning.html", context)


@require_POST
@portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK)
def assign(request: PortalRequest) -> HttpResponseBase:
    """Give a visit to a technician, and say at once where he is twice at the same time."""
    found = access.get_visit(request.actor, posted_id(request, "visite"))
    visit = services.assign_technician(
        actor=request.actor, visit_id=found.pk, technician_id=posted_id(request, "technicien")
    )
    name = visit.technician_first_name
    messages.success(request, _("Passage confié à %(name)s.") % {"name": name})
    warn_of_clashes(request, visit, [(visit.window_start, visit.window_end)])
    return redirect(_back(request))


@require_http_methods(["GET", "POST"])
@portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK)
def tenant_hours(request: PortalRequest) -> HttpResponseBase:
    """Which slots of a week tenants may take by themselves when they move an appointment."""
    form = TenantHoursForm(posted(request), hours=services.tenant_hours(request.actor.own_id))
    return form_page(
        request,
        form=form,
        template="orders/contractor/tenant_hours.html",
        title=_("Créneaux ouverts aux locataires"),
        intro=_(
            "Un locataire qui déplace son rendez-vous prend l’un d’eux s’il est libre dans le"
            " planning de son technicien ; vous en êtes prévenus aussitôt. N’en ouvrez que si ce"
            " planning est complet ici."
        ),
        submit=_("Enregistrer"),
        done=_("Créneaux enregistrés."),
        back=reverse("orders:contractor_planning", args=[request.organisation.slug]),
        save=lambda found: services.open_tenant_hours(
            actor=request.actor, version=found["version"] or 0, windows=form.windows()
        ),
    )


def _back(request: PortalRequest) -> str:
    url = reverse("orders:contractor_planning", args=[request.organisation.slug])
    for key in (_DAY, _WEEK):
        day: date | None = parse_day(request.POST.get(key, ""))
        if day is not None:
            return f"{url}?{key}={day.isoformat()}"
    return url
