"""Reductions: either organisation proposes less than is due, from the order's page."""

from __future__ import annotations

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from nexxio.core.errors import Invalid
from nexxio.core.http import PortalRequest
from orders import services
from orders.models import Order
from orders.quantity_forms import ReductionForm, lines_due
from orders.services.amounts import due_of
from orders.variation_states import WORDS, VariationKind
from orders.views.common import add_errors, posted


def propose(request: PortalRequest, order: Order) -> HttpResponseBase:
    """Say what stays due of each line, and why; one proposal at a time."""
    slug, side = request.organisation.slug, request.actor.side.value
    current = services.open_reduction(order)
    if current is not None:
        return redirect(f"orders:{side}_variation", slug, current.pk)
    form = ReductionForm(posted(request), lines=lines_due(due_of(order)))
    if request.method == "POST" and form.is_valid():
        data = services.ReductionInput(
            reason=form.cleaned_data["reason"],
            note=form.cleaned_data["note"],
            quantities=form.quantities(),
        )
        try:
            saved = services.ask_reduction(actor=request.actor, order_id=order.pk, data=data)
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            messages.success(request, WORDS[VariationKind.REDUCTION].gone)
            return redirect(f"orders:{side}_variation", slug, saved.pk)
    context = {
        "form": form,
        "order": order,
        "words": WORDS[VariationKind.REDUCTION],
        "back": reverse(f"orders:{side}_detail", args=[slug, order.pk]),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "orders/variations/reduce.html", context, status=status)
