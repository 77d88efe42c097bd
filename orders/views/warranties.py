"""The landlord's warranties: all that run, and those of a residence."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nexxio.core import clock, places
from nexxio.core.actors import Role, Side
from nexxio.core.errors import Invalid
from nexxio.core.http import PortalRequest, portal
from orders import access, policies, services
from orders.selectors import warranties as selectors
from orders.selectors.trades import trade_choices
from orders.views.common import add_errors, posted
from orders.warranty_forms import WarrantyForm

landlord = portal(Side.LANDLORD)
desk_only = portal(Side.LANDLORD, Role.MANAGER, Role.CLERK)


@require_GET
@landlord
def every(request: PortalRequest) -> HttpResponseBase:
    """All that run, the first to end first."""
    page = selectors.warranty_page(request.actor.own_id, request.GET.get("page", "1"))
    return render(request, "orders/landlord/warranties.html", {"page": page})


@require_http_methods(["GET", "POST"])
@landlord
def of_group(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Those of a residence; POST notes one."""
    group = places.find_group(pk)
    if group is None:
        raise Http404
    writes = policies.desk(request.actor, Side.LANDLORD)
    if request.method == "POST" and not writes:
        raise PermissionDenied
    form = WarrantyForm(
        posted(request), trades=trade_choices(), initial={"starts_on": clock.today()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.note_warranty(
                actor=request.actor, group_id=group.pk, data=form.warranty_input()
            )
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            messages.success(request, "Garantie notée : les commandes la signalent.")
            return redirect("orders:landlord_group_warranties", request.organisation.slug, pk)
    context = {
        "group": group,
        "rows": selectors.warranties_of(group.pk),
        "form": form if writes else None,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "orders/landlord/group_warranties.html", context, status=status)


@require_POST
@desk_only
def end(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Take one back."""
    found = access.get_warranty(request.actor, pk)
    services.end_warranty(actor=request.actor, warranty_id=found.pk)
    messages.success(request, "Garantie retirée.")
    return redirect("orders:landlord_group_warranties", request.organisation.slug, found.group_id)
