"""The page of a member's absence: one's own, or anybody's for the house's managers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from nexxio.core.actors import Role, Side
from nexxio.core.errors import Invalid
from nexxio.core.http import PortalRequest, portal, posted_id
from nexxio.core.members import absences, selectors
from nexxio.core.members.forms import AbsenceForm
from nexxio.core.models import Membership


def _find(request: PortalRequest, pk: UUID) -> Membership:
    """Return an active member whose absence the actor may write; 403 for another's, to a clerk."""
    member = selectors.member(request.actor, pk)
    if member is None or not member.is_active:
        raise Http404
    if not absences.may_set(request.actor, member):
        raise PermissionDenied
    return member


def _url(request: PortalRequest, page: str, *args: Any) -> str:
    slug = request.organisation.slug
    return reverse(f"members:{request.actor.side}_{page}", args=[slug, *args])


def _absence(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Show what is noted; note an absence, 422 with what was typed when it is wrong."""
    member = _find(request, pk)
    form = AbsenceForm(
        request.POST if request.method == "POST" else None,
        substitutes=absences.substitutes_of(member),
    )
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            absences.set_absence(
                actor=request.actor,
                membership_id=pk,
                starts_on=data["starts_on"],
                ends_on=data["ends_on"],
                substitute_id=data["substitute"],
            )
        except Invalid as invalid:
            for name, found in invalid.errors.items():
                form.add_error(name, found)
        else:
            messages.success(request, _("Absence notée ; elle prend fin toute seule."))
            return redirect(_url(request, "list"))
    context = {
        "form": form,
        "member": member,
        "absence": absences.next_absence(member),
        "list_url": _url(request, "list"),
        "end_url": _url(request, "absence_end", pk),
    }
    return render(
        request, "core/members/absence.html", context, status=422 if form.is_bound else 200
    )


def _end(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    member = _find(request, pk)
    shown = posted_id(request, "absence")
    absences.end_absence(actor=request.actor, membership_id=member.pk, absence_id=shown)
    messages.success(request, _("Absence terminée."))
    return redirect(_url(request, "list"))


def _side(side: Side) -> dict[str, Any]:
    office = portal(side, Role.MANAGER, Role.CLERK)
    return {
        "absence": require_http_methods(["GET", "HEAD", "POST"])(office(_absence)),
        "absence_end": require_POST(office(_end)),
    }


SIDES = {side: _side(side) for side in (Side.LANDLORD, Side.CONTRACTOR)}
