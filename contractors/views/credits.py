"""Credit notes, refunds and situations: how much of each line, then to be filed or given back."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contractors import services
from contractors.credit_forms import CreditForm, SituationForm
from contractors.models import Invoice
from contractors.money_forms import RefundForm
from contractors.services.credits import credit_obstacle, creditable_lines
from contractors.services.refunds import overpaid_of
from contractors.services.situations import progress_lines, situation_obstacle
from contractors.states import GIVEN_UP
from nexxio.core import clock
from nexxio.core.actors import Role, Side
from nexxio.core.acts import by_post
from nexxio.core.errors import Invalid
from nexxio.core.http import PortalRequest, portal
from nexxio.core.templatetags.ui import money_text
from orders import access as orders_access
from orders.views.common import add_errors, form_page, posted

contractor_desk = portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK)


def _page_url(request: PortalRequest, invoice: Invoice) -> str:
    slug = request.organisation.slug
    return reverse("contractors:contractor_invoice", args=[slug, invoice.pk])


def _shown(
    request: PortalRequest, form: forms.Form, *, title: str, intro: str, submit: str, back: str
) -> HttpResponseBase:
    context = {
        "form": form,
        "title": title,
        "intro": intro,
        "submit": submit,
        "back": back,
        "tone": "primary",
        "layout": "layouts/office.html",
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "orders/form_page.html", context, status=status)


def credit(request: PortalRequest, invoice: Invoice) -> HttpResponseBase:
    """An act of an invoice: prepare a credit note of all or of a part of it."""
    refusal = credit_obstacle(request.actor, invoice)
    if refusal is not None:
        raise refusal
    form = CreditForm(
        posted(request),
        lines=creditable_lines(invoice),
        is_whole=invoice.state in GIVEN_UP,
        initial={"reason": "refused"} if invoice.state in GIVEN_UP else None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = services.prepare_credit_note(
                actor=request.actor, invoice_id=invoice.pk, **form.values()
            )
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            messages.success(request, _("Avoir préparé : vérifiez-le, puis déposez-le."))
            return redirect(_page_url(request, made))
    return _shown(
        request,
        form,
        title=_("Avoir sur la facture %s") % invoice.number,
        intro=_(
            "Il prend le numéro suivant de votre série. Le bailleur le voit une fois déposé : ce"
            " qu’il doit de la facture baisse d’autant."
        ),
        submit=_("Préparer l’avoir"),
        back=_page_url(request, invoice),
    )


@by_post
def discard(request: PortalRequest, invoice: Invoice) -> HttpResponseBase:
    """An act of an invoice or a credit note that isn't filed: throw it away."""
    services.discard_invoice(actor=request.actor, invoice_id=invoice.pk)
    done = _("Facture abandonnée : son numéro reste pris, la commande peut être refacturée.")
    if invoice.is_credit:
        done = _("Avoir abandonné : son numéro reste pris, il ne compte pour rien.")
    messages.success(request, done)
    return redirect(_page_url(request, invoice))


def refund(request: PortalRequest, invoice: Invoice) -> HttpResponseBase:
    """A landlord's act: what was paid too much has come back."""
    most = overpaid_of(invoice)
    return form_page(
        request,
        form=RefundForm(posted(request), initial={"on": clock.today(), "amount": most or None}),
        title=_("Trop-perçu de la facture %s") % invoice.number,
        intro=_("Il reste %s à rembourser ou à déduire.") % money_text(most),
        submit=_("Enregistrer le remboursement"),
        done=_("Remboursement enregistré : le solde est à jour des deux côtés."),
        back=reverse("contractors:landlord_invoice", args=[request.organisation.slug, invoice.pk]),
        save=lambda found: services.note_refund(
            actor=request.actor, invoice_id=invoice.pk, **found
        ),
    )


def _situation(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Invoice a situation of works that go on."""
    order = orders_access.get_order(request.actor, pk, to="edit")
    refusal = situation_obstacle(request.actor, order)
    if refusal is not None:
        raise refusal
    form = SituationForm(posted(request), lines=progress_lines(order))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.prepare_situation(
                actor=request.actor, order_id=order.pk, quantities=form.quantities()
            )
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            messages.success(request, _("Situation préparée : vérifiez-la, puis déposez-la."))
            return redirect(_page_url(request, made))
    return _shown(
        request,
        form,
        title=_("Situation de travaux de la commande %s") % order.reference,
        intro=_(
            "Indiquez ce qui a été fait depuis la situation précédente : une quantité (12,5) ou un"
            " pourcentage de la ligne (40 %). Ce que le bailleur approuve vaut accord sur"
            " l’avancement."
        ),
        submit=_("Préparer la situation"),
        back=reverse("orders:contractor_detail", args=[request.organisation.slug, order.pk]),
    )


contractor_situation = require_http_methods(["GET", "POST"])(contractor_desk(_situation))
