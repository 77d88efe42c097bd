"""The morning's e-mail of a member: what it says today, and whether he wants it."""

from __future__ import annotations

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contractors import services
from contractors.selectors.digest import digest_of
from contractors.services.digests import digest_choice
from contractors.views.invoices import contractor_desk, landlord_desk
from nexxio.core.http import PortalRequest


def _digest(request: PortalRequest) -> HttpResponseBase:
    if request.method == "POST":
        wanted = services.choose_digest(
            actor=request.actor, is_wanted=request.POST.get("recevoir") == "oui"
        ).is_wanted
        on, off = _("Vous recevrez le point du matin."), _("Le point du matin ne part plus.")
        messages.success(request, on if wanted else off)
        return redirect(request.path)
    context = {
        "lines": digest_of(request.actor, request.organisation.slug),
        "is_wanted": digest_choice(request.actor),
    }
    return render(request, "contractors/digest.html", context)


landlord_digest = require_http_methods(["GET", "POST"])(landlord_desk(_digest))
contractor_digest = require_http_methods(["GET", "POST"])(contractor_desk(_digest))
