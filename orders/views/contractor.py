"""The contractor's pages, across all landlords: desk, list, order, planning."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from nexxio.core.actors import Role, Side
from nexxio.core.acts import Act, by_action, by_post
from nexxio.core.http import PortalRequest, portal
from orders import access, on_call, policies, services
from orders.appointment_forms import GoForm, ProposeForm
from orders.forms import CancelForm, DeclineForm, ReturnForm
from orders.models import Order
from orders.selectors import desks, pages
from orders.selectors.paper import open_visit_of
from orders.selectors.variations import current_variation
from orders.variation_states import VariationKind
from orders.views import (
    appointments,
    certificates,
    holds,
    pieces,
    reductions,
    shapes,
    variations,
)
from orders.views.common import form_page, posted
from orders.views.talk import portal_context

desk = portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK, Role.READER)
desk_acts = portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK)


@require_GET
@desk
def home(request: PortalRequest) -> HttpResponseBase:
    """To accept, to plan, to finish."""
    slug = request.organisation.slug
    found = desks.contractor_desk(request.actor)
    list_url = reverse("orders:contractor_list", args=[slug])
    context = {
        "desk": found,
        "figures": shapes.figures(found, list_url),
        "list_url": list_url,
        "side": "contractor",
        "subtitle": _("Tous vos bailleurs, d’un coup d’œil"),
        "act": {
            "url": reverse("orders:contractor_planning", args=[slug]),
            "icon": "calendar-week",
            "label": _("Planning"),
        },
        "is_on_call": policies.can_open_on_call(request.actor)
        and on_call.is_on_call(request.actor),
    }
    return render(request, "orders/home.html", context)


@require_GET
@desk
def detail(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The order page."""
    order = access.get_order(request.actor, pk)
    page = pages.order_page(request.actor, order)
    acts = shapes.head_acts(page, "contractor", request.organisation.slug)
    context = {
        "page": page,
        "acts": acts,
        "turn_act": shapes.turn_act(page, "contractor", request.organisation.slug),
        "side": "contractor",
    }
    # The page's own live fragment leaves the conversation alone: that one has its own.
    talk = {} if request.htmx else portal_context(request, order)
    return render(request, "orders/detail.html", {**talk, **context})


def _find(request: PortalRequest, pk: UUID) -> Order:
    return access.get_order(request.actor, pk, to="edit")


def _back(request: PortalRequest, order_id: UUID) -> str:
    return reverse("orders:contractor_detail", args=[request.organisation.slug, order_id])


@by_post
def _accept(request: PortalRequest, order: Order) -> HttpResponseBase:
    services.accept_order(actor=request.actor, order_id=order.pk)
    messages.success(request, "Commande acceptée. Fixez maintenant le rendez-vous.")
    return redirect(_back(request, order.pk))


def _return(request: PortalRequest, order: Order) -> HttpResponseBase:
    return form_page(
        request,
        form=ReturnForm(posted(request)),
        title=f"Renvoyer la commande {order.reference}",
        intro="Cochez ce qui manque : le bailleur verra exactement ces champs à compléter.",
        submit="Renvoyer au bailleur",
        done=f"Commande {order.reference} renvoyée au bailleur.",
        back=_back(request, order.pk),
        save=lambda found: services.return_order(
            actor=request.actor, order_id=order.pk, items=found["items"], note=found["note"]
        ),
    )


def _decline(request: PortalRequest, order: Order) -> HttpResponseBase:
    return form_page(
        request,
        form=DeclineForm(posted(request)),
        title=f"Émettre des réserves sur {order.reference}",
        intro="Le bailleur en est informé et devra répondre.",
        submit="Émettre des réserves",
        done="Réserves émises : le bailleur en est informé.",
        tone="danger",
        back=_back(request, order.pk),
        save=lambda found: services.decline_order(
            actor=request.actor, order_id=order.pk, reason=found["reason"], note=found["note"]
        ),
    )


def _propose(request: PortalRequest, order: Order) -> HttpResponseBase:
    form = ProposeForm(
        posted(request),
        technicians=pages.technicians_of(request.actor),
        initial=appointments.first_slot(request.GET),
        zone=order.zone,
    )
    return form_page(
        request,
        form=form,
        save=lambda _found: appointments.propose(request, order, form),
        back=_back(request, order.pk),
        **appointments.PROPOSE_WORDS,
    )


def _go(request: PortalRequest, order: Order) -> HttpResponseBase:
    """Somebody leaves at once for urgent works."""
    technicians = pages.technicians_of(request.actor)
    mine = next((one.pk for one in technicians if one.pk == request.actor.membership_id), None)
    visit = open_visit_of(order)
    chosen = visit.technician_id if visit is not None and visit.technician_id else mine
    form = GoForm(posted(request), technicians=technicians, initial={"technician": chosen})

    def save(found: dict[str, Any]) -> None:
        left = services.go_now(
            actor=request.actor,
            order_id=order.pk,
            technician_id=found["technician"],
            call_noted=found["call_noted"],
        )
        appointments.warn(request, left, [(left.window_start, left.window_end)])

    return form_page(
        request,
        form=form,
        save=save,
        title="J’y vais maintenant",
        intro="Le technicien est noté en route, attendu sur place dans les deux heures. "
        "Un rendez-vous qui était prévu est remplacé ; le locataire est prévenu aussitôt.",
        submit="Partir maintenant",
        done="C’est noté : en route.",
        back=_back(request, order.pk),
    )


def _piece(request: PortalRequest, order: Order) -> HttpResponseBase:
    return pieces.add(request, order, back=_back(request, order.pk), layout="layouts/office.html")


@by_post
def _contact(request: PortalRequest, order: Order) -> HttpResponseBase:
    """Show phone and access in clear; the look is logged, so it takes a POST."""
    if not policies.sees_contact(request.actor, order):
        raise Http404
    contact = services.read_contact(actor=request.actor, order_id=order.pk)
    context = {"contact": contact, "access_labels": pages.access_labels(contact), "order": order}
    return render(request, "orders/contractor/contact.html", context)


def _vary(request: PortalRequest, order: Order) -> HttpResponseBase:
    """Ask for extra works, before they are done; one at a time."""
    current = current_variation(order)
    if current is not None:
        return redirect("orders:contractor_variation", request.organisation.slug, current.pk)
    return variations.write(request, order)


def _regularise(request: PortalRequest, order: Order) -> HttpResponseBase:
    """Ask for what was done in an urgency, beyond the order; one at a time."""
    current = current_variation(order, VariationKind.REGULARISATION)
    if current is not None:
        return redirect("orders:contractor_variation", request.organisation.slug, current.pk)
    return variations.write(request, order, kind=VariationKind.REGULARISATION)


def _cancel(request: PortalRequest, order: Order) -> HttpResponseBase:
    """Give up an order, where the contract lets the company."""
    if not policies.can_cancel(request.actor, order):
        raise PermissionDenied
    return form_page(
        request,
        form=CancelForm(posted(request), under_way=pages.is_under_way(order), by_company=True),
        title=f"Annuler la commande {order.reference}",
        intro="Le marché vous le permet avant les travaux : le bailleur est prévenu aussitôt.",
        submit="Annuler la commande",
        done=f"Commande {order.reference} annulée : le bailleur est prévenu.",
        tone="danger",
        back=_back(request, order.pk),
        save=lambda found: services.cancel_order(
            actor=request.actor,
            order_id=order.pk,
            reason=found["reason"],
            note=found["note"],
            call_noted=found.get("call_noted", False),
        ),
    )


ACTS: dict[str, Act[Order]] = {
    **holds.ACTS,
    "accepter": _accept,
    "renvoyer": _return,
    "reserves": _decline,
    "rendez-vous": _propose,
    "partir": _go,
    "piece": _piece,
    "contact": _contact,
    "devis-complementaire": _vary,
    "regularisation": _regularise,
    "moins-value": reductions.propose,
    "constat": certificates.correct,
    "annuler": _cancel,
}
act = require_http_methods(["GET", "POST"])(desk_acts(by_action(ACTS, _find)))
