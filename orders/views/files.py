"""Photos, served only through their door, and who opened the files of an order."""

from __future__ import annotations

from uuid import UUID

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from nexxio.core import file_readings, files
from nexxio.core.actors import Side
from nexxio.core.http import PortalRequest, portal
from orders import access


def _photo(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    found = access.get_photo(request.actor, pk)
    return files.serve(request, found.file, order_id=found.order_id)


landlord_photo = require_GET(portal(Side.LANDLORD)(_photo))
contractor_photo = require_GET(portal(Side.CONTRACTOR)(_photo))


@require_GET
@portal(Side.LANDLORD)
def landlord_readings(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Who opened which file of an order, for its owner."""
    order = access.get_order(request.actor, pk)
    readings = file_readings.readings_of(request.actor.own_id, order.pk)
    return render(request, "orders/readings.html", {"order": order, "readings": readings})
