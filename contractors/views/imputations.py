"""Accounts of a landlord's invoices: its dated rules, and the lines of one invoice."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from contractors import access, policies, services
from contractors.imputation_forms import AccountRuleForm, LinesForm
from contractors.models import Invoice
from contractors.selectors.imputations import account_rules, charge_words, imputed_lines
from contractors.views.tabs import tabs
from nexxio.core import clock
from nexxio.core.actors import Role, Side
from nexxio.core.errors import Invalid
from nexxio.core.http import PortalRequest, portal
from orders.views.common import add_errors, posted

_desk = portal(Side.LANDLORD, Role.MANAGER, Role.CLERK)


def _rules(request: PortalRequest) -> HttpResponseBase:
    """The rules that hold, and a new one."""
    if not policies.pays(request.actor):
        raise PermissionDenied
    form = AccountRuleForm(posted(request), initial={"starts_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            services.add_account_rule(actor=request.actor, **form.cleaned_data)
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            messages.success(request, _("Règle enregistrée : elle vaut à partir de son jour."))
            return redirect(_rules_url(request))
    rows = [(rule, charge_words(rule.charge)) for rule in account_rules(request.actor)]
    context = {"form": form, "rows": rows, "tabs": tabs(request, "accounts")}
    status = 422 if form.errors else 200
    return render(request, "contractors/account_rules.html", context, status=status)


def _end(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """A rule that ends today."""
    if not policies.pays(request.actor):
        raise PermissionDenied
    rule = access.get_account_rule(request.actor, pk)
    services.end_account_rule(actor=request.actor, rule_id=rule.pk)
    messages.success(request, _("Règle terminée."))
    return redirect(_rules_url(request))


def impute(request: PortalRequest, invoice: Invoice) -> HttpResponseBase:
    """An act of an invoice: say where its lines go."""
    if not policies.pays(request.actor):
        raise PermissionDenied
    form = LinesForm(posted(request), lines=imputed_lines(invoice))
    back = reverse("contractors:landlord_invoice", args=[request.organisation.slug, invoice.pk])
    if request.method == "POST" and form.is_valid():
        try:
            services.impute_lines(
                actor=request.actor, invoice_id=invoice.pk, lines=form.imputations()
            )
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            messages.success(request, _("Imputations enregistrées : le journal les reprend."))
            return redirect(back)
    context = {"form": form, "invoice": invoice, "back": back}
    status = 422 if form.errors else 200
    return render(request, "contractors/impute.html", context, status=status)


def _rules_url(request: PortalRequest) -> str:
    return reverse("contractors:landlord_account_rules", args=[request.organisation.slug])


landlord_rules = require_http_methods(["GET", "POST"])(_desk(_rules))
landlord_end_rule = require_POST(_desk(_end))
