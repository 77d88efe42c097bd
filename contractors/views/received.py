"""Invoices that come in as files: sending one, the inbox, the page of one, its acts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from contractors import access, services
from contractors.forms import ChorusForm, PutAwayForm, SendInvoiceForm, TypedInvoiceForm
from contractors.models import ReceivedInvoice
from contractors.selectors import received as selectors
from contractors.selectors.filing import received_check
from contractors.selectors.pages import cautions_of_received
from nexxio.core import clock, files
from nexxio.core.actors import Role, Side
from nexxio.core.acts import Act, by_action, by_post
from nexxio.core.errors import Invalid, Refused
from nexxio.core.http import PortalRequest, portal
from orders import access as orders_access
from orders.models import Order
from orders.views.common import add_errors, form_page, posted

landlord = portal(Side.LANDLORD)
landlord_desk = portal(Side.LANDLORD, Role.MANAGER, Role.CLERK)
contractor = portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK, Role.READER)
contractor_desk = portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK)


def _url(request: PortalRequest, name: str, *args: object) -> str:
    side, slug = request.actor.side.value, request.organisation.slug
    return reverse(f"contractors:{side}_{name}", args=[slug, *args])


# --- Sending one ----------------------------------------------------------------------------------


def _send(request: PortalRequest) -> HttpResponseBase:
    """Send a file, of an order (?commande=) or of any."""
    side = request.actor.side
    order = _asked_order(request)
    partners = selectors.partners_of(request.actor)
    if order is not None:
        other = order.contractor_id if side is Side.LANDLORD else order.landlord_id
        partners = [found for found in partners if found.pk == other]
    form = SendInvoiceForm(
        posted(request),
        request.FILES if request.method == "POST" else None,
        partners=partners,
        side=side,
    )
    if request.method == "POST" and form.is_valid():
        sent = _sent(request, form, order)
        if sent is not None:
            return redirect(_url(request, "received", sent.pk))
    context = {
        "form": form,
        "order": order,
        "partners": partners,
        "side": side.value,
        "back": _url(request, "inbox"),
    }
    return render(
        request, "contractors/send_invoice.html", context, status=422 if form.errors else 200
    )


def _sent(
    request: PortalRequest, form: SendInvoiceForm, order: Order | None
) -> ReceivedInvoice | None:
    found = form.cleaned_data
    try:
        return services.send_invoice_file(
            actor=request.actor,
            partner_id=UUID(found["partner"]),
            upload=found["file"],
            name=found["file"].name,
            order_id=order.pk if order else None,
            arrived_on=found.get("arrived_on"),
        )
    except Invalid as invalid:
        add_errors(form, invalid)
        return None


def _asked_order(request: PortalRequest) -> Order | None:
    try:
        pk = UUID(request.GET.get("commande", ""))
    except ValueError:
        return None
    order: Order = orders_access.get_order(request.actor, pk)
    return order if order.contractor_id is not None else None


_both = require_http_methods(["GET", "POST"])
landlord_send = _both(landlord_desk(_send))
contractor_send = _both(contractor_desk(_send))


# --- Inbox and page -------------------------------------------------------------------------------


def _inbox(request: PortalRequest) -> HttpResponseBase:
    """What came in, left to do or over."""
    asked = request.GET.get("voir", "")
    tab = asked if asked in selectors.TABS else selectors.TABS[0]
    page = selectors.inbox(request.actor, tab=tab, number=request.GET.get("page", "1"))
    context = {
        "page": page,
        "tab": tab,
        "side": request.actor.side.value,
        "can_send": request.actor.has(Role.MANAGER, Role.CLERK),
    }
    return render(request, "contractors/inbox.html", context)


def _show(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """One file: what it says, what is wrong with it, what to do."""
    found = access.get_received(request.actor, pk)
    page = selectors.received_page(request.actor, found)
    context = {"page": page, "side": request.actor.side.value}
    return render(request, "contractors/received.html", context)


def _file(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The file as it came."""
    return files.serve(request, access.get_received_file(request.actor, pk), download=True)


landlord_inbox = require_GET(landlord(_inbox))
contractor_inbox = require_GET(contractor(_inbox))
landlord_page = require_GET(landlord(_show))
contractor_page = require_GET(contractor(_show))
landlord_file = require_GET(landlord(_file))
contractor_file = require_GET(contractor(_file))


# --- Acts -----------------------------------------------------------------------------------------


def _find(request: PortalRequest, pk: UUID) -> ReceivedInvoice:
    return access.get_received(request.actor, pk, to="act")


def _form(
    request: PortalRequest, received: ReceivedInvoice, form: Any, service: Any, **words: str
) -> HttpResponseBase:
    return form_page(
        request,
        form=form,
        back=_url(request, "received", received.pk),
        save=lambda found: service(actor=request.actor, received_id=received.pk, **found),
        **words,
    )


def _complete(request: PortalRequest, received: ReceivedInvoice) -> HttpResponseBase:
    def save(*, actor: Any, received_id: UUID, **found: Any) -> object:
        typed = services.TypedInvoice(**found)
        return services.complete_received(actor=actor, received_id=received_id, typed=typed)

    initial = {"order_number": received.order.reference} if received.order else {}
    return _form(
        request,
        received,
        TypedInvoiceForm(posted(request), initial=initial),
        save,
        title=_("Ce que dit la facture"),
        intro=_("Ce PDF ne contient pas de données : recopiez ce qu’il indique."),
        submit=_("Enregistrer"),
        done=_("C’est noté : la facture est en cours de rapprochement."),
    )


@by_post
def _attach(request: PortalRequest, received: ReceivedInvoice) -> HttpResponseBase:
    back = redirect(_url(request, "received", received.pk))
    key: UUID | None
    try:
        key = UUID(request.POST.get("order", ""))
    except ValueError:
        order = selectors.order_by_number(received, request.POST.get("number", ""))
        key = order.pk if order else None
    if key is None:
        messages.error(request, _("Aucune commande de ces deux parties ne porte ce numéro."))
        return back
    try:
        services.attach_received(actor=request.actor, received_id=received.pk, order_id=key)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return back
    messages.success(request, _("Facture rattachée : elle est enregistrée dans un instant."))
    return back


def _confirm(request: PortalRequest, received: ReceivedInvoice) -> HttpResponseBase:
    """File it all the same, once its company has read what would hold it.

    What came up since it was read is said as well (422).
    """
    check = received_check(request.actor, received)
    if check is None:
        raise Http404
    back = _url(request, "received", received.pk)
    if request.method == "POST" and request.POST.get("vu") == check.key:
        services.confirm_received(actor=request.actor, received_id=received.pk)
        messages.success(request, _("C’est noté : la facture part dans un instant."))
        return redirect(back)
    context = {
        "form": forms.Form(),
        "check": check,
        "order_id": received.order_id,
        "title": _("Avant de déposer %s") % received.number,
        "intro": _("Le bailleur ne l’a pas encore. Corrigez votre fichier, ou déposez-le ainsi."),
        "submit": _("Déposer quand même") if check.asks else _("Déposer la facture"),
        "back": back,
        "layout": "layouts/office.html",
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "contractors/before_filing.html", context, status=status)


@by_post
def _invite(request: PortalRequest, received: ReceivedInvoice) -> HttpResponseBase:
    services.invite_to_chorus(actor=request.actor, received_id=received.pk)
    messages.success(request, _("Invitation envoyée : son jour est noté."))
    return redirect(_url(request, "received", received.pk))


def _note_chorus(request: PortalRequest, received: ReceivedInvoice) -> HttpResponseBase:
    return _form(
        request,
        received,
        ChorusForm(posted(request), initial={"filed_on": clock.today()}),
        services.note_received_chorus,
        title=_("Dépôt de %s sur Chorus Pro") % received.number,
        intro=_("Le numéro et la date que Chorus Pro donne : le délai de paiement en part."),
        submit=_("Enregistrer le dépôt"),
        done=_("Dépôt noté : la facture est enregistrée dans un instant."),
    )


def _warned(
    request: PortalRequest, received: ReceivedInvoice, form: forms.Form, **words: str
) -> HttpResponseBase | None:
    """Show a landlord what the law says of it, once, with what was typed; None when it has been."""
    is_landlord = request.actor.side is Side.LANDLORD
    if request.method != "POST" or not is_landlord or not form.is_valid():
        return None
    cautions = cautions_of_received(received)
    seen = " ".join(str(caution.code) for caution in cautions)
    if not cautions or request.POST.get("averti") == seen:
        return None
    context = {
        "form": form,
        "cautions": cautions,
        "cause": seen,
        "back": _url(request, "received", received.pk),
        "layout": "layouts/office.html",
        **words,
    }
    return render(request, "contractors/cautions.html", context, status=422)


def _set_aside(request: PortalRequest, received: ReceivedInvoice) -> HttpResponseBase:
    form = PutAwayForm(posted(request))
    words = {
        "title": _("Écarter cette facture"),
        "intro": _("Elle n’est pas enregistrée ; le fichier est gardé avec la raison."),
        "submit": _("Écarter"),
        "done": _("Facture écartée."),
        "tone": "danger",
    }
    warned = _warned(request, received, form, **words)
    return warned or _form(request, received, form, services.set_received_aside, **words)


def _hand_back(request: PortalRequest, received: ReceivedInvoice) -> HttpResponseBase:
    form = PutAwayForm(posted(request))
    words = {
        "title": _("Rendre cette facture à l’entreprise"),
        "intro": _("Dites ce qui est à corriger : l’entreprise dépose une facture corrigée."),
        "submit": _("Rendre la facture"),
        "done": _("Facture rendue à l’entreprise."),
        "tone": "danger",
    }
    warned = _warned(request, received, form, **words)
    return warned or _form(request, received, form, services.hand_received_back, **words)


_ACTS: dict[str, Act[ReceivedInvoice]] = {
    "completer": _complete,
    "rattacher": _attach,
    "ecarter": _set_aside,
}
CONTRACTOR_ACTS: dict[str, Act[ReceivedInvoice]] = {**_ACTS, "confirmer": _confirm}
LANDLORD_ACTS: dict[str, Act[ReceivedInvoice]] = {
    **_ACTS,
    "rendre": _hand_back,
    "inviter": _invite,
    "chorus": _note_chorus,
}
landlord_act = _both(landlord_desk(by_action(LANDLORD_ACTS, _find)))
contractor_act = _both(contractor_desk(by_action(CONTRACTOR_ACTS, _find)))
