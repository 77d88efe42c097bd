"""Calendar files (.ics) of visits that stand, for whoever has one in his diary."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from nexxio.core import clock
from orders.models import Order, Visit
from orders.states import UNDER_WAY, VisitState

STANDS = (VisitState.CONFIRMED, *UNDER_WAY)


def calendar_response(visit: Visit, *, with_place: bool) -> HttpResponse:
    """Answer the visit as a calendar file. Raises Http404 for one that doesn't stand.

    A file that is fetched again replaces the former entry (its identity stays, its number grows).
    with_place: for who has to find the dwelling; nothing that opens a page, and no phone of a
    tenant, is ever in the file, since diaries are shared.
    """
    if visit.state not in STANDS:
        raise Http404
    order = visit.order
    event = Event()
    event.add("uid", f"{visit.pk}@nexxio")
    event.add("dtstamp", clock.now())
    event.add("sequence", visit.version)
    event.add("dtstart", _utc(visit.window_start))
    event.add("dtend", _utc(visit.window_end))
    event.add("status", "CONFIRMED")
    event.add("summary", _("Intervention : %s") % order.title)
    event.add("description", _description(order))
    if with_place:
        event.add("location", f"{order.place_address}, {order.place_city} ({order.place_unit})")
    calendar = Calendar()
    calendar.add("prodid", "-//Nexxio//Rendez-vous//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    response = HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rendez-vous-{order.reference}.ics"'
    response["Cache-Control"] = "private, no-store"
    return response


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _description(order: Order) -> str:
    company = order.contractor
    lines = [_("Commande %s") % order.reference]
    if company is not None:
        lines.append(f"{company.name} {company.phone}".strip())
    return "\n".join(lines)
