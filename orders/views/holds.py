"""Acts on what an order waits for, or on whom, the same on both portals."""

from __future__ import annotations

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from nexxio.core.acts import Act, by_post
from nexxio.core.http import PortalRequest
from orders import services
from orders.hold_forms import HoldForm, PostponeForm
from orders.models import Order
from orders.views.common import form_page, posted


def _back(request: PortalRequest, order: Order) -> str:
    side, slug = request.actor.side.value, request.organisation.slug
    return reverse(f"orders:{side}_detail", args=[slug, order.pk])


def _hold(request: PortalRequest, order: Order) -> HttpResponseBase:
    return form_page(
        request,
        form=HoldForm(posted(request)),
        title=_("Mettre %(reference)s en attente") % {"reference": order.reference},
        intro=_("L’autre partie est prévenue ; le locataire lit une phrase simple."),
        submit=_("Mettre en attente"),
        done=_("Commande mise en attente."),
        back=_back(request, order),
        save=lambda found: services.hold_order(actor=request.actor, order_id=order.pk, **found),
    )


def _postpone(request: PortalRequest, order: Order) -> HttpResponseBase:
    return form_page(
        request,
        form=PostponeForm(posted(request)),
        title=_("Prolonger l’attente"),
        submit=_("Prolonger"),
        done=_("Attente prolongée."),
        back=_back(request, order),
        save=lambda found: services.postpone_hold(actor=request.actor, order_id=order.pk, **found),
    )


@by_post
def _lift(request: PortalRequest, order: Order) -> HttpResponseBase:
    services.lift_hold(actor=request.actor, order_id=order.pk)
    messages.success(request, _("Attente levée : la commande reprend."))
    return redirect(_back(request, order))


@by_post
def _chase(request: PortalRequest, order: Order) -> HttpResponseBase:
    services.chase_order(actor=request.actor, order_id=order.pk)
    messages.success(request, _("Relance envoyée ; l’autre partie la voit aussi dans l’histoire."))
    return redirect(_back(request, order))


ACTS: dict[str, Act[Order]] = {
    "relancer": _chase,
    "mettre-en-attente": _hold,
    "prolonger-l-attente": _postpone,
    "lever-l-attente": _lift,
}
