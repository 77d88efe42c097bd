"""Payments and journal of a period, for the accounting system."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from contractors import policies, services
from contractors.forms import PeriodForm
from contractors.list_files import JOURNAL, PAYMENTS, UNBILLED, bank_columns
from contractors.selectors import accounts
from contractors.selectors.accounts import MOST, Period
from contractors.selectors.bank import paid_to
from contractors.selectors.unbilled import unbilled_rows
from contractors.views.invoices import contractor, landlord
from contractors.views.tabs import tabs
from nexxio.core.actors import Actor, Side
from nexxio.core.http import PortalRequest
from orders.list_files import Column, csv_export, xlsx_export

SHOWN = 50
_TABLES: dict[str, tuple[Callable[[Actor, Period], Iterable[Any]], Sequence[Column], str]] = {
    "paiements": (accounts.payments_of, PAYMENTS, "Paiements"),
    "journal": (accounts.journal_of, JOURNAL, "Journal"),
    "non-facture": (unbilled_rows, UNBILLED, "Non facturé"),
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
    is_landlord = request.actor.side is Side.LANDLORD
    rows = accounts.with_banks(request.actor, payments) if is_landlord else []
    context = {
        "form": form,
        "period": period,
        "payments": payments[:SHOWN],
        "banks": rows[:SHOWN],
        "can_export_banks": policies.pays(request.actor),
        "has_more": len(payments) > SHOWN,
        "shown": SHOWN,
        "most": MOST,
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
    if isinstance(rows, list) and table == "non-facture" and len(rows) > MOST:
        rows, name = rows[:MOST], f"{name}-les-{MOST}-plus-anciennes"
    if table == "paiements" and request.actor.side is Side.LANDLORD:
        rows = list(rows)
        columns = (*columns, *_banks(request, rows))
    elif request.method == "POST":
        raise Http404
    if ending == "csv":
        return csv_export(rows, name, columns)
    return xlsx_export(rows, name, columns, sheet_name=sheet)


def _banks(request: PortalRequest, rows: list[Any]) -> Sequence[Column]:
    """Where each company is paid: masked, or in full to whoever pays, noted, by a POST only."""
    found = paid_to(request.actor, [row.contractor_id for row in rows])
    in_full = request.method == "POST"
    if in_full:
        if not policies.pays(request.actor):
            raise PermissionDenied
        known = sum(1 for row in found.values() if row.standing.current)
        services.note_export(actor=request.actor, rows=known)
    return bank_columns(found, in_full=in_full)


landlord_accounts = require_GET(landlord(_accounts))
contractor_accounts = require_GET(contractor(_accounts))
landlord_file = require_http_methods(["GET", "POST"])(landlord(_file))
contractor_file = require_GET(contractor(_file))
