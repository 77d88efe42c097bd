"""The printed order on the portals' order pages: fetched through its door, asked for, its code."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nexxio.core import files
from nexxio.core.actors import Role, Side
from nexxio.core.acts import Act, by_action
from nexxio.core.http import PortalRequest, portal
from orders import access, services
from orders.models import Order


@require_GET
@portal(Side.LANDLORD)
def landlord_pdf(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The newest PDF of an order."""
    _document, file = access.get_document(request.actor, pk)
    return files.serve(request, file, download=True, order_id=pk)


@require_POST
@portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK)
def contractor_pdf(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The newest PDF that the contractor may read. In clear it is a look at the contact: logged."""
    document, file = access.get_document(request.actor, pk)
    if document.in_clear:
        services.read_contact(actor=request.actor, order_id=pk)
    return files.serve(request, file, download=True, order_id=pk)


def _find(request: PortalRequest, pk: UUID) -> Order:
    return access.get_order(request.actor, pk, to="edit")


def _done(request: PortalRequest, order: Order, said: str) -> HttpResponseBase:
    messages.success(request, said)
    side = request.actor.side.value
    return redirect(f"orders:{side}_detail", request.organisation.slug, order.pk)


def _prepare(request: PortalRequest, order: Order) -> HttpResponseBase:
    services.ask_document(actor=request.actor, order_id=order.pk)
    return _done(request, order, _("Le bon est en préparation : il apparaît dès qu’il est prêt."))


def _renew(request: PortalRequest, order: Order) -> HttpResponseBase:
    services.renew_paper(actor=request.actor, order_id=order.pk)
    return _done(request, order, _("Code remplacé : les bons déjà imprimés n’ouvrent plus rien."))


def _revoke(request: PortalRequest, order: Order) -> HttpResponseBase:
    services.revoke_paper(actor=request.actor, order_id=order.pk)
    return _done(request, order, _("Code retiré : les bons déjà imprimés n’ouvrent plus rien."))


LANDLORD_ACTS: dict[str, Act[Order]] = {
    "preparer": _prepare,
    "remplacer-le-code": _renew,
    "retirer-le-code": _revoke,
}
CONTRACTOR_ACTS: dict[str, Act[Order]] = {"preparer": _prepare}
landlord_act = require_POST(
    portal(Side.LANDLORD, Role.MANAGER, Role.CLERK)(by_action(LANDLORD_ACTS, _find))
)
contractor_act = require_POST(
    portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK)(by_action(CONTRACTOR_ACTS, _find))
)
