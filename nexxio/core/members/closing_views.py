"""The page of a house's closed days, and of those of the houses that it works with."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from nexxio.core.actors import Role, Side
from nexxio.core.errors import Invalid
from nexxio.core.http import PortalRequest, portal
from nexxio.core.members import closings
from nexxio.core.members.forms import ClosingForm
from nexxio.core.members.views import page_context


def _url(request: PortalRequest) -> str:
    return reverse(f"members:{request.actor.side}_closings", args=[request.organisation.slug])


def _closings(request: PortalRequest) -> HttpResponseBase:
    """Show what is noted; note a period, 422 with what was typed when it is wrong."""
    may_write = closings.may_write(request.actor)
    if request.method == "POST" and not may_write:
        raise PermissionDenied
    form = ClosingForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            closings.note_closing(
                actor=request.actor,
                label=data["label"],
                starts_on=data["starts_on"],
                ends_on=data["ends_on"] or data["starts_on"],
            )
        except Invalid as invalid:
            for name, found in invalid.errors.items():
                form.add_error(name, found)
        else:
            messages.success(request, _("Fermeture notée."))
            return redirect(_url(request))
    context = {
        **page_context(request, "closings"),
        "form": form,
        "may_write": may_write,
        "closings": closings.to_come(request.actor),
        "partners": closings.of_partners(request.actor),
        "url_of_withdrawal": f"members:{request.actor.side}_closing_withdraw",
    }
    return render(
        request, "core/members/closings.html", context, status=422 if form.is_bound else 200
    )


def _withdraw(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    closings.withdraw_closing(actor=request.actor, closing_id=pk)
    messages.success(request, _("Fermeture retirée."))
    return redirect(_url(request))


def _side(side: Side) -> dict[str, Any]:
    office = portal(side, Role.MANAGER, Role.CLERK, Role.READER)
    managers = portal(side, Role.MANAGER)
    return {
        "closings": require_http_methods(["GET", "HEAD", "POST"])(office(_closings)),
        "closing_withdraw": require_POST(managers(_withdraw)),
    }


SIDES = {side: _side(side) for side in (Side.LANDLORD, Side.CONTRACTOR)}
