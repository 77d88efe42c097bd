"""Files for the pieces that an order's invoice will need."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from nexxio.core import files
from nexxio.core.actors import Role, Side
from nexxio.core.attachments import PDF
from nexxio.core.errors import Invalid, Refused
from nexxio.core.htmx import is_outbox
from nexxio.core.http import PortalRequest, portal
from orders import access, policies, services
from orders.field_forms import PieceForm
from orders.models import Order
from orders.selectors.pieces import closing_pack
from orders.selectors.planning import own_visit
from orders.views.common import add_errors, told
from orders.views.talk import owner_of, refusal

crew = portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK, Role.TECHNICIAN)


def add(request: PortalRequest, order: Order, *, back: str, layout: str) -> HttpResponseBase:
    """Ask which piece it is and take its file; what was chosen stays when the file is refused."""
    pack = closing_pack(request.actor, order)
    if pack is None or not pack.can_add or not pack.uploads:
        if is_outbox(request):
            raise Refused(
                _("Le marché ne demande aucun fichier pour cette commande."), code="state"
            )
        messages.warning(request, _("Le marché ne demande aucun fichier pour cette commande."))
        return redirect(back)
    bound = request.method == "POST"
    form = PieceForm(
        request.POST if bound else None, request.FILES if bound else None, choices=pack.uploads
    )
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.add_piece(
                actor=request.actor, order_id=order.pk, kind=data["kind"], upload=data["file"]
            )
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            return told(request, _("Pièce jointe : le bailleur la voit."), back)
    if is_outbox(request):
        return refusal(form)
    context = {
        "form": form,
        "order": order,
        "back": back,
        "layout": layout,
        "outbox_owner": owner_of(request.actor),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "orders/piece_form.html", context, status=status)


def _file(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    piece = access.get_piece(request.actor, pk)
    is_pdf = piece.file.media_type == PDF
    return files.serve(request, piece.file, download=is_pdf, order_id=piece.order_id)


landlord_file = require_GET(portal(Side.LANDLORD)(_file))
contractor_file = require_GET(portal(Side.CONTRACTOR)(_file))


@require_http_methods(["GET", "POST"])
@crew
def withdraw(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Take a wrong file back, once it is sure."""
    piece = access.get_piece(request.actor, pk)
    if not policies.adds_pieces(request.actor, piece.order):
        raise Http404
    back = _back(request, piece.order)
    if request.method == "POST":
        services.withdraw_piece(actor=request.actor, piece_id=piece.pk)
        messages.success(request, _("Pièce retirée."))
        return redirect(back)
    context = {"piece": piece, "order": piece.order, "back": back}
    return render(request, "orders/piece_withdraw.html", context)


def _back(request: PortalRequest, order: Order) -> str:
    slug = request.organisation.slug
    if policies.acts(request.actor):
        return reverse("orders:contractor_detail", args=[slug, order.pk])
    visit = own_visit(request.actor, order)
    if visit is None:
        return reverse("orders:field_day", args=[slug])
    return reverse("orders:field_visit", args=[slug, visit.pk])
