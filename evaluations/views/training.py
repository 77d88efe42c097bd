"""Cards at the moment of need: « Revoir les fiches », and what a card's buttons do."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from evaluations import services
from evaluations.selectors.training import card_of, card_rows, training
from evaluations.training_cards import Card
from evaluations.views.tabs import url_of
from nexxio.core.actors import Role, Side
from nexxio.core.acts import Act, by_action
from nexxio.core.http import PortalRequest, portal

_landlord = portal(Side.LANDLORD)
_contractor = portal(Side.CONTRACTOR)
"""Technicians too: some of the cards are theirs."""


def _cards(request: PortalRequest) -> HttpResponseBase:
    """The cards of the reader's role, to be read again; to the direction, how far all have come."""
    actor = request.actor
    is_field = actor.roles == {Role.TECHNICIAN}
    context = {
        "rows": card_rows(actor),
        "training": training(actor) if actor.has(Role.MANAGER) else None,
        "layout": "layouts/field.html" if is_field else "layouts/office.html",
        "is_field": is_field,
    }
    return render(request, "evaluations/training/cards.html", context)


def _find(request: PortalRequest, card: str) -> Card:
    found = card_of(request.actor, card)
    if found is None:
        raise Http404
    return found


def _see(request: PortalRequest, card: Card) -> HttpResponseBase:
    services.see_card(actor=request.actor, card=card)
    return HttpResponse(status=204)


def _understand(request: PortalRequest, card: Card) -> HttpResponseBase:
    services.understand_card(actor=request.actor, card=card)
    if request.htmx:
        return render(request, "evaluations/training/understood.html")
    messages.success(request, _("C’est noté. Vous la retrouvez ici quand vous voulez."))
    return redirect(url_of(request, "cards"))


ACTS: dict[str, Act[Card]] = {"vue": _see, "compris": _understand}

landlord_cards = require_GET(_landlord(_cards))
contractor_cards = require_GET(_contractor(_cards))
landlord_card_act = require_POST(_landlord(by_action(ACTS, _find)))
contractor_card_act = require_POST(_contractor(by_action(ACTS, _find)))
