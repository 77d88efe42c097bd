"""Filing an invoice: what lacks is said first, and asked about."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from contractors import policies, services
from contractors.models import Invoice
from contractors.selectors.filing import FilingCheck, filing_check
from contractors.states import InvoiceState
from nexxio.core.http import PortalRequest


def file(request: PortalRequest, invoice: Invoice) -> HttpResponseBase:
    """Hand the invoice over; where something lacks, only once the company has read what.

    A GET shows what lacks, and doesn't exist where nothing does. What came up since it was read is
    said as well (422).
    """
    check = filing_check(request.actor, invoice)
    asks = check is not None and check.asks
    if request.method != "POST" and not asks:
        raise Http404
    if check is not None and asks and request.POST.get("vu") != check.key:
        return _ask(request, invoice, check)
    filed = services.file_invoice(actor=request.actor, invoice_id=invoice.pk)
    if filed.state == InvoiceState.TO_FILE:
        done = _("Déposez-la sur Chorus Pro, puis notez ici le numéro et la date obtenus.")
    elif filed.is_credit:
        done = _("Avoir déposé : le bailleur l’a reçu, sa facture baisse d’autant.")
    else:
        done = _("Facture déposée : le bailleur l’a reçue.")
    messages.success(request, done)
    return redirect(_back(request, invoice))


def _ask(request: PortalRequest, invoice: Invoice, check: FilingCheck) -> HttpResponseBase:
    by_chorus = policies.goes_by_chorus(invoice.landlord)
    intro = _("Vous pouvez la déposer ainsi, ou régler d’abord ce qui dépend de vous.")
    submit = _("Bon pour Chorus Pro quand même") if by_chorus else _("Déposer quand même")
    context = {
        "form": forms.Form(),
        "check": check,
        "order_id": invoice.order_id,
        "title": _("Avant de déposer %s") % invoice.number,
        "intro": "" if check.refusal else intro,
        "submit": "" if check.refusal else submit,
        "back": _back(request, invoice),
        "layout": "layouts/office.html",
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "contractors/before_filing.html", context, status=status)


def _back(request: PortalRequest, invoice: Invoice) -> str:
    return reverse("contractors:contractor_invoice", args=[request.organisation.slug, invoice.pk])
