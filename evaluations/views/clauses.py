"""A contract's clauses: each with its measure, and the annex for a call for tenders."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from evaluations import access, services
from evaluations.selectors.clauses import measured_clauses
from evaluations.views.desk import contractor, landlord
from nexxio.core import files
from nexxio.core.actors import Role, Side
from nexxio.core.errors import Refused
from nexxio.core.http import PortalRequest, portal
from orders import access as orders_access

_managers = portal(Side.LANDLORD, Role.MANAGER)


def _clauses(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The table that the contract's page takes in, and a page of its own without script."""
    contract = orders_access.get_contract(request.actor, pk)
    context = {
        "page": measured_clauses(contract),
        "contract": contract,
        "back": _contract_url(request, pk),
    }
    return render(request, "evaluations/clauses/measured.html", context)


def _ask(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Ask for the annex; it appears on the contract's page."""
    contract = orders_access.get_contract(request.actor, pk, to="edit")
    try:
        services.ask_annex(actor=request.actor, contract_id=contract.pk)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("L’annexe est en préparation : elle apparaît sur cette page."))
    return redirect(_contract_url(request, pk))


def _file(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    return files.serve(request, access.get_annex_file(request.actor, pk), download=True)


def _contract_url(request: PortalRequest, pk: UUID) -> str:
    side = request.actor.side.value
    return reverse(f"orders:{side}_contract", args=[request.organisation.slug, pk])


landlord_clauses = require_GET(landlord(_clauses))
contractor_clauses = require_GET(contractor(_clauses))
landlord_annex_new = require_POST(_managers(_ask))
landlord_annex = require_GET(landlord(_file))
