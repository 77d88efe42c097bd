"""Thank you in one tap: a button of an order's page, and of the page that a tenant follows."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from evaluations import access, services
from evaluations.selectors.tenant import french_words, words_of
from evaluations.views.desk import contractor_desk, landlord_desk
from nexxio.core.acts import Act, by_action
from nexxio.core.errors import Refused
from nexxio.core.http import PortalRequest, by_link
from nexxio.core.models import LinkPurpose
from orders.access import get_order
from orders.models import Order
from tenants.entry_views import by_entry
from tenants.selectors import follow_page


def _act(service: Callable[..., object], said: Callable[[PortalRequest], str]) -> Act[Order]:
    """Return the act of a button; what is refused is said on the page that it stands on.

    said: what is told when it is done; "" where the page itself shows it.
    """

    def act(request: PortalRequest, order: Order) -> HttpResponseBase:
        try:
            service(actor=request.actor, order=order)
        except Refused as refused:
            messages.error(request, refused.message)
        else:
            if words := said(request):
                messages.success(request, words)
        return redirect(_back(request, order))

    return act


def _back(request: PortalRequest, order: Order) -> str:
    named = request.resolver_match.kwargs if request.resolver_match else {}
    if "token" in named:
        return reverse("tenants:follow", args=[named["token"]])
    if "case" in named:
        return reverse("tenants:case", args=[named["case"]])
    side = request.actor.side.value
    return reverse(f"orders:{side}_detail", args=[request.organisation.slug, order.pk])


def _find(request: PortalRequest, pk: UUID) -> Order:
    return get_order(request.actor, pk)


def _find_tenants(request: PortalRequest, _key: object) -> Order:
    page = follow_page(request.actor)
    if page is None or page.order.done_at is None:
        raise Http404
    return page.order


def _in_his_language(request: PortalRequest) -> str:
    """Return the tenant's thanks for his thanks, in the language that he reads."""
    found = access.tenants_evaluation(request.actor)
    _language, words = words_of(found) if found is not None else french_words()
    return words["thank_given"]


ACTS: dict[str, Act[Order]] = {
    "dire": _act(
        services.give_thanks, lambda _r: _("Merci enregistré : il est transmis dans l’heure.")
    ),
    "reprendre": _act(services.take_back_thanks, lambda _r: _("Votre merci est repris.")),
}
_TENANTS: dict[str, Act[Order]] = {
    "dire": _act(services.give_thanks, _in_his_language),
    "reprendre": _act(services.take_back_thanks, lambda _r: ""),
}
_tenants = by_action(_TENANTS, _find_tenants)

landlord_thanks = require_POST(landlord_desk(by_action(ACTS, _find)))
contractor_thanks = require_POST(contractor_desk(by_action(ACTS, _find)))
tenant_thanks = require_POST(by_link(LinkPurpose.FOLLOW, LinkPurpose.EVALUATE)(_tenants))
case_thanks = require_POST(by_entry(_tenants))
