"""What is late, and the letters that claim it: at a company's desk only."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from contractors import access, services
from contractors.selectors.claims import claims_page
from contractors.views.invoices import contractor_desk
from contractors.views.tabs import tabs
from nexxio.core import files
from nexxio.core.http import PortalRequest


def _claims(request: PortalRequest) -> HttpResponseBase:
    """Show what is late by landlord and the letters; ask for one."""
    if request.method == "POST":
        services.ask_claim(actor=request.actor, debtor_id=_key(request.POST.get("bailleur", "")))
        messages.success(request, _("Lettre en préparation : elle apparaît dès qu’elle est prête."))
        return redirect(reverse("contractors:contractor_claims", args=[request.organisation.slug]))
    context = {"claims": claims_page(request.actor), "tabs": tabs(request, "claims")}
    return render(request, "contractors/claims.html", context)


def _letter(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The letter, to be read, signed and sent by the company itself."""
    return files.serve(request, access.get_claim_file(request.actor, pk), download=True)


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


contractor_claims = require_http_methods(["GET", "POST"])(contractor_desk(_claims))
contractor_letter = require_GET(contractor_desk(_letter))
