"""« Mon compte »: who I am, how I prove it, where I am logged in."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from nexxio.core.http import Request, memberships_of
from nexxio.core.identity import factors, gate, sessions
from nexxio.core.models import Membership


@require_GET
@login_required
@never_cache
def overview(request: Request) -> HttpResponseBase:
    """Show the account: person, password, second factors, sessions."""
    members = memberships_of(request.user)
    context = {
        "person": request.user,
        "members": members,
        "factors": factors.factors_of(request.user),
        "asking": asking(request, members),
        "sessions": sessions.sessions_of(request),
        "passkeys_here": factors.passkeys_here(request),
    }
    return render(request, "account/overview.html", context)


@require_GET
@login_required
@never_cache
def protect(request: Request) -> HttpResponseBase:
    """Explain why a second factor is wanted, and lead to making or showing one."""
    back = _safe(request, request.GET.get("next", ""))
    if gate.held(request):
        return redirect(back)
    ways = factors.ways_to_prove(request.user)
    if factors.has_factor(request.user) and ways:
        return redirect(f"{ways[0]['url']}?{urlencode({'next': back})}")
    context = {
        "asking": asking(request, memberships_of(request.user)),
        "passkeys_here": factors.passkeys_here(request),
    }
    return render(request, "account/protect.html", context)


@require_POST
@login_required
def end_session(request: Request, pk: int) -> HttpResponseBase:
    """End one other session."""
    if not sessions.end_one(request, pk):
        raise Http404
    messages.success(request, _("L’appareil est déconnecté."))
    return redirect("account_overview")


@require_POST
@login_required
def end_other_sessions(request: Request) -> HttpResponseBase:
    """End all sessions but this one."""
    count = sessions.end_others(request)
    said = ngettext("%d appareil déconnecté.", "%d appareils déconnectés.", count) % count
    messages.success(request, said if count else _("Aucun autre appareil n’était connecté."))
    return redirect("account_overview")


def asking(request: Request, members: list[Membership]) -> list[str]:
    """Return who asks this person for a second factor."""
    found = {
        member.organisation.name: None
        for member in members
        if member.organisation.requires_second_factor
    }
    if request.user.is_staff and settings.STAFF_SECOND_FACTOR:
        found[_("l’administration de la plateforme")] = None
    return list(found)


def _safe(request: HttpRequest, url: str) -> str:
    allowed = url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return url if allowed else "/"
