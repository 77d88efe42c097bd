"""Announcing the payment of many invoices at once: what will happen, then what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contractors import access, services
from contractors.forms import PaidForm
from contractors.models import Invoice
from contractors.selectors.paying import MOST, ToPay, ticked
from contractors.views.invoices import landlord_desk
from nexxio.core import clock, saved_views
from nexxio.core.errors import Invalid, Refused
from nexxio.core.http import PortalRequest, posted_ids

KEYS = ("q", "etat", "nature", "cause", "tenu")


@dataclass(frozen=True)
class Result:
    """What became of a line. problem: why it was left alone; ""."""

    row: ToPay
    problem: str = ""


def _pay(request: PortalRequest) -> HttpResponseBase:
    """Ask for the day and a confirmation; confirmed, do each in its own transaction."""
    query = saved_views.canonical(request.POST.get("retour", "")[:600], KEYS)
    back = reverse("contractors:landlord_invoices", args=[request.organisation.slug])
    if query:
        back += f"?{query}"
    rows = ticked(request.actor, posted_ids(request, "facture", most=MOST))
    if not rows:
        messages.warning(request, _("Cochez au moins une facture."))
        return redirect(back)
    confirmed = "confirme" in request.POST
    form = PaidForm(request.POST if confirmed else None, initial={"paid_on": clock.today()})
    context: dict[str, Any] = {"back": back, "query": query, "form": form}
    if confirmed and form.is_valid():
        results = [_one(request, row, form.cleaned_data) for row in rows]
        done = [each for each in results if not each.problem]
        return render(
            request,
            "contractors/bulk/results.html",
            {**context, "rows": results, "done": len(done), "refused": len(results) - len(done)},
        )
    ready = [row for row in rows if not row.obstacle]
    total = sum((row.amount for row in ready), Decimal(0))
    return render(
        request,
        "contractors/bulk/confirm.html",
        {**context, "rows": rows, "ready": ready, "sum": total},
        status=422 if confirmed else 200,
    )


landlord_pay = require_POST(landlord_desk(_pay))


def _one(request: PortalRequest, row: ToPay, found: dict[str, Any]) -> Result:
    try:
        invoice = access.get_invoice(request.actor, row.invoice.pk, to="act")
        services.announce_payment(actor=request.actor, invoice_id=invoice.pk, **found)
    except Invalid as invalid:
        return Result(row, " ".join(text for texts in invalid.errors.values() for text in texts))
    except Refused as refusal:
        return Result(row, refusal.message)
    except (Http404, Invoice.DoesNotExist):
        return Result(row, _("cette facture n’existe plus"))
    return Result(row)
