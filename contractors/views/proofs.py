"""The proof file of an order: asked for on its page, fetched by the organisation that asked."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from contractors import access, services
from contractors.views.invoices import contractor_desk, landlord_desk
from nexxio.core import files
from nexxio.core.http import PortalRequest
from orders.access import get_order


def _ask(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    order = get_order(request.actor, pk)
    services.ask_proof(actor=request.actor, order=order)
    messages.success(request, _("Dossier en préparation : il apparaît dès qu’il est prêt."))
    return redirect(f"orders:{request.actor.side}_detail", request.organisation.slug, order.pk)


def _file(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    return files.serve(request, access.get_proof_file(request.actor, pk), download=True)


landlord_ask = require_POST(landlord_desk(_ask))
contractor_ask = require_POST(contractor_desk(_ask))
landlord_file = require_GET(landlord_desk(_file))
contractor_file = require_GET(contractor_desk(_file))
