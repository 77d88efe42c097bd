"""What the portals' pages share: forms in a page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.errors import Incomplete, Invalid
from nexxio.core.htmx import is_outbox
from nexxio.core.http import PortalRequest
from orders.selectors import lists
from orders.selectors.contracts import find_items
from orders.states import OrderState
from orders.wording import in_sentence

TURNS = {
    Side.LANDLORD: (
        ("landlord", _("Chez nous")),
        ("contractor", _("Chez l’entreprise")),
        ("tenant", _("Chez le locataire")),
    ),
    Side.CONTRACTOR: (
        ("contractor", _("Chez nous")),
        ("landlord", _("Chez le bailleur")),
        ("tenant", _("Chez le locataire")),
    ),
}
"""Whose turn it is, as each side's filters say it."""
SILENCES = (
    (lists.SILENT, _("Silencieuses")),
    *((days, format_lazy(_("Sans nouvelles depuis {} jours"), days)) for days in lists.SILENT_DAYS),
)


def item_options(request: PortalRequest, contract_id: UUID | None, on: date) -> HttpResponseBase:
    """Show the articles of a contract, at the prices of a day, that hold what is typed."""
    q = request.GET.get("q", "").strip()[:80]
    found = find_items(contract_id, q, on=on) if contract_id and q else []
    context = {"items": found, "q": q, "has_contract": contract_id is not None}
    return render(request, "orders/item_options.html", context)


def form_page(
    request: PortalRequest,
    *,
    form: forms.Form,
    title: str,
    submit: str,
    back: str,
    save: Callable[[dict[str, Any]], object],
    done: str,
    intro: str = "",
    tone: str = "primary",
    layout: str = "layouts/office.html",
    template: str = "orders/form_page.html",
) -> HttpResponseBase:
    """Show a small form on a page of its own; on success run `save` and go back.

    form: bound by `posted(request)`; done: what the next page says; template: one that extends
    `orders/form_page.html` to arrange the fields.

    422 with what was typed when something is wrong, also when the service says so.
    """
    if request.method == "POST" and form.is_valid():
        try:
            save(form.cleaned_data)
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            messages.success(request, done)
            return redirect(back)
    return render(
        request,
        template,
        {
            "form": form,
            "title": title,
            "submit": submit,
            "back": back,
            "intro": intro,
            "tone": tone,
            "layout": layout,
        },
        status=422 if form.is_bound and form.errors else 200,
    )


def told(
    request: PortalRequest, message: str, back: str, *, lacks: bool = False
) -> HttpResponseBase:
    """Answer what was kept: a script in words, a person with the page that he came from.

    lacks: whether something is missing before it can go on.
    """
    if is_outbox(request):
        return JsonResponse({"said": [message], **({"lacks": True} if lacks else {})})
    messages.success(request, message)
    return redirect(back)


def posted(request: PortalRequest) -> QueryDict | None:
    """Return what binds a form: the data of a POST, empty ones included, else nothing."""
    return request.POST if request.method == "POST" else None


def order_url(request: PortalRequest, order_id: UUID) -> str:
    """Return the address of an order's page on the visitor's side."""
    side, slug = request.actor.side.value, request.organisation.slug
    return reverse(f"orders:{side}_detail", args=[slug, order_id])


def list_states() -> list[tuple[str, str]]:
    """Return the states that a list can be filtered by."""
    return [(value, str(label)) for value, label in OrderState.choices]


def lacks_text(incomplete: Incomplete) -> str:
    """Return what something lacks before it can be sent, as a part of a sentence."""
    return ", ".join(in_sentence(sentence) for _code, sentence in incomplete.missing)


def add_errors(form: forms.Form, invalid: Invalid) -> None:
    """Put a service's errors beside their fields."""
    for name, found in invalid.errors.items():
        for message in found:
            form.add_error(name if name in form.fields else None, message)
