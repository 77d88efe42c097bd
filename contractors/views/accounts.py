"""Payments and journal of a period, for the accounting system."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from contractors import policies
from contractors.forms import PeriodForm
from contractors.list_files import JOURNAL, PAYMENTS, UNBILLED
from contractors.selectors import accounts
from contractors.selectors.accounts import MOST, Period
from contractors.selectors.unbilled import unbilled_of
from contractors.views.invoices import contractor, landlord
from contractors.views.tabs import tabs
from nexxio.core.actors import Actor, Side
from nexxio.core.http import PortalRequest
from orders.list_files import Column, csv_export, xlsx_export

SHOWN = 50
_TABLES: dict[str, tuple[Callable[[Actor, Period], Iterable[Any]], Sequence[Column], str]] = {
    "paiements": (accounts.payments_of, PAYMENTS, "Paiements"),
    "journal": (accounts.journal_of, JOURNAL, "Journal"),
    "non-facture": (unbilled_of, UNBILLED, "Non facturé"),
}


def _accounts(request: PortalRequest) -> HttpResponseBase:
    """The period, its payments, and the files of it."""
    form = PeriodForm.read(request.GET)
    if not form.is_valid():
        return _page(request, form, None)
    return _page(request, form, form.period)


def _page(request: PortalRequest, form: PeriodForm, period: Period | None) -> HttpResponseBase:
    found = accounts.payments_of(request.actor, period) if period else None
    payments = list(found[: SHOWN + 1]) if found is not None else []
    context = {
        "form": form,
        "period": period,
        "payments": payments[:SHOWN],
        "has_more": len(payments) > SHOWN,
        "shown": SHOWN,
        "side": request.actor.side.value,
        "import_url": _import_url(request),
        "tabs": tabs(request, "accounts"),
        "invoices_url": f"contractors:{request.actor.side.value}_invoices_export",
        "file_url": f"contractors:{request.actor.side.value}_accounts_file",
    }
    status = 200 if period else 422
    return render(request, "contractors/accounts.html", context, status=status)


def _import_url(request: PortalRequest) -> str:
    """Return where a landlord's desk imports payments; "" for everybody else."""
    if request.actor.side is not Side.LANDLORD or not policies.desk(request.actor):
        return ""
    return reverse("imports:start", args=[request.organisation.slug, "paiements"])


def _file(request: PortalRequest, table: str, ending: str) -> HttpResponseBase:
    """One table of a period as a file; the page with the reason where it can't be."""
    if table not in _TABLES or ending not in {"csv", "xlsx"}:
        raise Http404
    form = PeriodForm.read(request.GET)
    if not form.is_valid():
        return _page(request, form, None)
    period = form.period
    if accounts.is_too_long(request.actor, period):
        form.add_error(None, _("Plus de %d pièces : choisissez une période plus courte.") % MOST)
        return _page(request, form, None)
    rows_of, columns, sheet = _TABLES[table]
    name = f"{table}-{period.first:%Y-%m-%d}-{period.last:%Y-%m-%d}"
    rows = rows_of(request.actor, period)
    if ending == "csv":
        return csv_export(rows, name, columns)
    return xlsx_export(rows, name, columns, sheet_name=sheet)


landlord_accounts = require_GET(landlord(_accounts))
contractor_accounts = require_GET(contractor(_accounts))
landlord_file = require_GET(landlord(_file))
contractor_file = require_GET(contractor(_file))
