"""Home, bell, and the token that keeps a page live."""

from __future__ import annotations

import re
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nexxio.core import links, live
from nexxio.core.actors import Side
from nexxio.core.http import PortalRequest, Request, closed_spaces, memberships_of, portal
from nexxio.core.identity import gate
from nexxio.core.members import entering
from nexxio.core.notifications import bell, preferences
from nexxio.core.shell import home_of, spaces_of

_ORGANISATION_SPACE = re.compile(r"^org\.([0-9a-f-]{36})$")


@require_GET
def home(request: HttpRequest) -> HttpResponseBase:
    """Send a member to his first page; several organisations: let him choose."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    memberships = memberships_of(request.user)
    looked_into = entering.spaces_of_visitor(request.user)
    if len({membership.organisation_id for membership in memberships}) == 1 and not looked_into:
        return redirect(home_of(memberships[0]))
    spaces = [*spaces_of(memberships), *looked_into]
    closed = [] if spaces else closed_spaces(request.user)
    if closed:
        return render(request, "account/closed.html", {"closed": closed})
    return render(request, "core/choose_space.html", {"spaces": spaces})


@require_GET
@login_required
def stream_token(request: Request) -> HttpResponseBase:
    """Answer a fresh token for an organisation's stream, while the membership stands."""
    match = _ORGANISATION_SPACE.match(request.GET.get("space", ""))
    if match is None:
        return HttpResponse(status=403)
    try:
        organisation_id = UUID(match.group(1))
    except ValueError:
        return HttpResponse(status=403)
    mine = [m for m in memberships_of(request.user) if m.organisation_id == organisation_id]
    if not mine or gate.wanted(request, mine[0].organisation):
        return HttpResponse(status=403)
    token = live.stream_token(
        holder=live.holder_of_session(request.session.session_key or ""),
        channels=live.channels_of_member(organisation_id, request.user.pk),
    )
    return JsonResponse({"token": token})


@require_GET
def link_stream_token(request: Request, token: str) -> HttpResponseBase:
    """Answer a fresh stream token to the holder of a valid link."""
    found = links.find(token)
    if found is None:
        return HttpResponse(status=403)
    return JsonResponse(
        {
            "token": live.stream_token(
                holder=str(found.link_id), channels=[links.channel_of(links.actor_of(found))]
            )
        }
    )


def _bell(request: PortalRequest) -> HttpResponseBase:
    actor = request.actor
    if request.method == "POST":
        bell.mark_all_read(actor=actor)
        return redirect(request.path)
    if request.GET.get("compte"):
        return render(request, "core/bell_count.html", {"count": bell.unread_count(actor)})
    return render(request, "core/bell.html", {"notices": bell.last_notices(actor)})


def _preferences(request: PortalRequest) -> HttpResponseBase:
    """Show what a member is told and how; keep what he ticks. 404 for whoever only looks in."""
    if request.actor.membership_id is None:
        raise Http404
    if request.method == "POST":
        preferences.choose_notices(actor=request.actor, wanted=request.POST.getlist("alertes"))
        messages.success(request, _("Vos alertes sont enregistrées."))
        return redirect(request.path)
    context = {
        "lines": preferences.preferences_of(request.actor),
        "channels": preferences.CHANNELS.values(),
    }
    return render(request, "core/preferences.html", context)


landlord_preferences = require_http_methods(["GET", "POST"])(portal(Side.LANDLORD)(_preferences))
contractor_preferences = require_http_methods(["GET", "POST"])(
    portal(Side.CONTRACTOR)(_preferences)
)
landlord_bell = portal(Side.LANDLORD)(_bell)
contractor_bell = portal(Side.CONTRACTOR)(_bell)


@require_POST
@login_required
def read_notice(request: Request, pk: UUID) -> HttpResponseBase:
    """Mark one notice as read and go where it points."""
    return redirect(bell.open_notice(user_id=request.user.pk, pk=pk) or "core:home")
