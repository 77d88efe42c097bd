"""What the portals' pages share: forms in a page, exports."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from nexxio.core.errors import Invalid
from nexxio.core.http import PortalRequest
from orders.selectors.lists import OrderRow
from orders.states import OrderState


def form_page(
    request: PortalRequest,
    *,
    form: forms.Form,
    title: str,
    submit: str,
    back: str,
    save: Callable[[dict[str, Any]], object],
    intro: str = "",
    tone: str = "primary",
    layout: str = "layouts/office.html",
) -> HttpResponseBase:
    """Show a small form on a page of its own; on success run `save` and go back.

    422 with what was typed when something is wrong, also when the service says so.
    """
    if request.method == "POST" and form.is_valid():
        try:
            save(form.cleaned_data)
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            return redirect(back)
    return render(
        request,
        "orders/form_page.html",
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


def list_states() -> list[tuple[str, str]]:
    """Return the states that a list can be filtered by."""
    return [(value, str(label)) for value, label in OrderState.choices]


def add_errors(form: forms.Form, invalid: Invalid) -> None:
    """Put a service's errors beside their fields."""
    for name, found in invalid.errors.items():
        for message in found:
            form.add_error(name if name in form.fields else None, message)


HEADINGS = (
    "Référence",
    "Objet",
    "État",
    "Bailleur",
    "Entreprise",
    "Corps d'état",
    "Adresse",
    "Ville",
    "Créée le",
    "À faire avant le",
    "Montant TTC",
)


def csv_export(rows: Iterable[OrderRow], name: str) -> HttpResponse:
    """Answer orders as a semicolon file that French spreadsheets open as it is.

    Cells that a spreadsheet would run as a formula are made text.
    """
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response, delimiter=";")
    writer.writerow(HEADINGS)
    for row in rows:
        order = row.order
        cells = [
            order.reference,
            order.title,
            row.status.label,
            order.landlord.name,
            order.contractor.name if order.contractor else "",
            order.trade.label if order.trade else "",
            f"{order.place_address}, {order.place_unit}",
            order.place_city,
            timezone.localtime(order.created_at).strftime("%d/%m/%Y"),
            order.target_date.strftime("%d/%m/%Y") if order.target_date else "",
            str(row.total).replace(".", ",") if row.total is not None else "",
        ]
        writer.writerow([_harmless(cell) for cell in cells])
    return response


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell
