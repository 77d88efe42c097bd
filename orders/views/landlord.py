"""The landlord's pages: desk, list, board, order, contracts."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from nexxio.core.actors import Role, Side
from nexxio.core.errors import Incomplete
from nexxio.core.http import PortalRequest, portal
from orders import access, services
from orders.forms import CancelForm, ReasonForm
from orders.selectors import boards, lists, pages
from orders.selectors.contracts import contract_rows
from orders.views import shapes
from orders.views.common import csv_export, form_page, posted

landlord = portal(Side.LANDLORD)
desk_only = portal(Side.LANDLORD, Role.MANAGER, Role.CLERK)


@require_GET
@landlord
def home(request: PortalRequest) -> HttpResponseBase:
    """What waits for us today."""
    slug = request.organisation.slug
    desk = boards.landlord_desk(request.actor)
    list_url = reverse("orders:landlord_list", args=[slug])
    context = {
        "desk": desk,
        "figures": shapes.figures(desk, list_url),
        "list_url": list_url,
        "side": "landlord",
        "subtitle": _("Ce qui attend votre service"),
        "act": {
            "url": reverse("orders:landlord_new", args=[slug]),
            "icon": "plus",
            "label": _("Nouvelle commande"),
            "primary": True,
        },
    }
    return render(request, "orders/home.html", context)


@require_GET
@landlord
def export(request: PortalRequest) -> HttpResponseBase:
    """The filtered list as CSV, at most 2 000 rows."""
    rows = lists.export_rows(request.actor, lists.Filters.read(request.GET))
    return csv_export(rows, f"commandes-{request.organisation.slug}")


@require_GET
@landlord
def board(request: PortalRequest) -> HttpResponseBase:
    """Open orders by what comes next."""
    columns = shapes.board_columns(boards.board(request.actor), request.organisation.slug)
    return render(request, "orders/landlord/board.html", {"columns": columns})


@require_GET
@landlord
def detail(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The order page."""
    order = access.get_order(request.actor, pk)
    page = pages.order_page(request.actor, order)
    acts = shapes.head_acts(page, "landlord", request.organisation.slug)
    return render(request, "orders/detail.html", {"page": page, "acts": acts, "side": "landlord"})


@require_http_methods(["GET", "POST"])
@desk_only
def act(request: PortalRequest, pk: UUID, action: str) -> HttpResponseBase:
    """One of the landlord's acts on an order."""
    order = access.get_order(request.actor, pk, to="edit")
    back = reverse("orders:landlord_detail", args=[request.organisation.slug, pk])
    actor = request.actor
    if action == "annuler":
        return form_page(
            request,
            form=CancelForm(posted(request)),
            title=f"Annuler la commande {order.reference}",
            intro="L'entreprise et le locataire en sont informés. C'est définitif.",
            submit="Annuler la commande",
            done=f"Commande {order.reference} annulée.",
            tone="danger",
            back=back,
            save=lambda data: services.cancel_order(
                actor=actor, order_id=pk, reason=data["reason"]
            ),
        )
    if action == "renvoyer":
        return form_page(
            request,
            form=ReasonForm(posted(request)),
            title="Renvoyer à son auteur",
            submit="Renvoyer",
            done=f"Commande {order.reference} renvoyée à son auteur.",
            back=back,
            save=lambda data: services.send_back_order(
                actor=actor, order_id=pk, reason=data["reason"]
            ),
        )
    simple = {
        "transmettre": services.issue_order,
        "valider": services.approve_order,
        "transmettre-a-nouveau": services.reissue_order,
        "rouvrir": services.reopen_order,
        "renouveler-le-lien": services.renew_link,
    }
    if action not in simple or request.method != "POST":
        raise Http404
    try:
        moved = simple[action](actor=actor, order_id=pk)
    except Incomplete as incomplete:
        missing = ", ".join(sentence.lower() for _code, sentence in incomplete.missing)
        messages.error(request, f"{incomplete.message} Manque : {missing}.")
        return redirect("orders:landlord_edit", request.organisation.slug, pk)
    said = _SAID.get(action) or _DONE.get(moved.state, "C'est fait.")
    messages.success(request, said)
    return redirect(back)


_SAID = {
    "renouveler-le-lien": "L'ancien lien ne marche plus ; le nouveau part au locataire.",
}
_DONE = {
    "issued": "La commande est transmise à l'entreprise.",
    "pending_approval": "Le montant dépasse votre limite : la commande attend une validation.",
    "accepted": "La commande est rouverte.",
}


@require_GET
@landlord
def contracts(request: PortalRequest) -> HttpResponseBase:
    """Contracts with their price schedules."""
    return render(request, "orders/landlord/contracts.html", {"rows": contract_rows()})
