"""Photos, served only through their door."""

from __future__ import annotations

from uuid import UUID

from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from nexxio.core import files
from nexxio.core.actors import Side
from nexxio.core.http import PortalRequest, portal
from orders import access


def _photo(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    return files.serve(request, access.get_photo(request.actor, pk).file)


landlord_photo = require_GET(portal(Side.LANDLORD)(_photo))
contractor_photo = require_GET(portal(Side.CONTRACTOR)(_photo))
