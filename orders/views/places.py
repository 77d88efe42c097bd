"""The history of a dwelling and of a residence, for their landlord."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from nexxio.core import places
from nexxio.core.actors import Side
from nexxio.core.http import PortalRequest, portal
from nexxio.core.models import Group, Unit
from orders.selectors import columns
from orders.selectors.places import place_page

landlord = portal(Side.LANDLORD)
_OF_UNIT = (columns.TRADE, columns.STATE, columns.OTHER, columns.CREATED, columns.DUE)
_OF_GROUP = (columns.PLACE, *_OF_UNIT)


def _show(request: PortalRequest, group: Group, unit: Unit | None) -> HttpResponseBase:
    page = place_page(request.actor, group, unit, request.GET)
    context = {
        "place": page,
        "page": page.found,
        "columns": (*(_OF_UNIT if unit else _OF_GROUP), columns.TOTAL),
        "asked": request.GET,
    }
    return render(request, "orders/landlord/place.html", context)


@require_GET
@landlord
def of_unit(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """All orders of a dwelling or common area, newest first."""
    unit = places.find_unit(pk)
    if unit is None:
        raise Http404
    return _show(request, unit.group, unit)


@require_GET
@landlord
def of_group(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """All orders of a residence, newest first."""
    group = places.find_group(pk)
    if group is None:
        raise Http404
    return _show(request, group, None)
