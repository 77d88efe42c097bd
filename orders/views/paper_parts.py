"""What the acts behind a printed order's code share: whose paper it is, and who holds it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse

from nexxio.core import links
from nexxio.core.http import PortalRequest, by_link
from nexxio.core.models import LinkPurpose
from orders import access, services
from orders.models import Order, Visit
from orders.selectors import paper
from orders.views.common import form_page

by_paper = by_link(LinkPurpose.ACT)
LAYOUT = "layouts/paper.html"
_HOLDER = "paper_holder"


def order_of(request: PortalRequest, _token: str) -> Order:
    """Return the order that the paper opens: the link names it, not the address."""
    order_id = request.actor.order_id
    if order_id is None:
        raise Http404
    return access.get_order(request.actor, order_id)


def known(request: PortalRequest) -> dict[str, Any]:
    """Return what this browser was told before: who holds the paper."""
    return {"holder": request.session.get(_HOLDER, "")}


def back_of(request: PortalRequest) -> str:
    """Return the address of the paper's own page."""
    link_id = request.actor.link_id
    if link_id is None:
        raise Http404
    return reverse("orders:paper", args=[links.token_of(link_id)])


def visit_of(order: Order) -> Visit:
    """Return the open visit of an order that the paper opens."""
    visit = paper.open_visit_of(order)
    if visit is None:
        raise Http404
    return visit


def answer(
    request: PortalRequest,
    form: forms.Form,
    run: Callable[[dict[str, Any]], object],
    **words: Any,
) -> HttpResponseBase:
    """Ask for what `run` needs, then run it as the paper's holder. words: of `form_page`."""

    def save(found: dict[str, Any]) -> None:
        run_as_holder(request, found["holder"], lambda: run(found))

    return form_page(request, form=form, save=save, back=back_of(request), layout=LAYOUT, **words)


def run_as_holder(request: PortalRequest, name: str, act: Callable[[], object]) -> None:
    """Run a service as whoever holds the paper, and remember his name in this browser."""
    services.act_on_paper(actor=request.actor, name=name, act=act)
    request.session[_HOLDER] = name
