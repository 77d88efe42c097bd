"""The button with which a company's desk notes that it has sent a claim letter."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contractors import access as invoicing
from evaluations import services
from evaluations.views.desk import contractor_desk
from nexxio.core.errors import Refused
from nexxio.core.http import PortalRequest


def _sent(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Note the day; what is wrong is said on the page of claims."""
    letter = invoicing.get_claim_letter(request.actor, pk)
    try:
        sent_on = parse_date(request.POST.get("envoyee_le", ""))
    except ValueError:
        sent_on = None
    if sent_on is None:
        messages.error(request, _("Indiquez le jour de l’envoi."))
    else:
        try:
            services.note_claim_sent(actor=request.actor, letter=letter, sent_on=sent_on)
        except Refused as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, _("Envoi noté : votre client lit désormais ce jour."))
    return redirect(reverse("contractors:contractor_claims", args=[request.organisation.slug]))


contractor_claim_sent = require_POST(contractor_desk(_sent))
