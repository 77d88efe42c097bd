"""Subcontractors: declared on a contract, answered, named on an order, paid their part."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contractors import access, policies, services
from contractors.forms import PaidForm
from contractors.models import Invoice, Subcontract
from contractors.selectors.subcontracts import subcontract_page
from contractors.services.subcontract_facts import can_come, payable_on, shares_of
from contractors.subcontract_forms import (
    NameSubcontractorForm,
    SharesForm,
    SubcontractForm,
    SubcontractReasonForm,
)
from nexxio.core import clock, files
from nexxio.core.actors import Role, Side
from nexxio.core.acts import Act, by_action, by_post
from nexxio.core.errors import Invalid, Refused
from nexxio.core.http import PortalRequest, portal
from nexxio.core.templatetags.ui import money_text
from orders import access as orders_access
from orders.models import Order
from orders.views.common import form_page, posted

landlord = portal(Side.LANDLORD)
landlord_desk = portal(Side.LANDLORD, Role.MANAGER, Role.CLERK)
managers = portal(Side.LANDLORD, Role.MANAGER)
contractor = portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK, Role.READER)
contractor_desk = portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK)
_both = require_http_methods(["GET", "POST"])


def _page_url(request: PortalRequest, declared: Subcontract) -> str:
    side, slug = request.actor.side.value, request.organisation.slug
    return reverse(f"contractors:{side}_subcontract", args=[slug, declared.pk])


def _order_url(request: PortalRequest, order_id: UUID) -> str:
    return reverse("orders:contractor_detail", args=[request.organisation.slug, order_id])


# --- A declaration --------------------------------------------------------------------------------


def _declare(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Declare a subcontractor on a contract (?nom= fills in his name)."""
    contract = orders_access.get_contract(request.actor, pk)
    form = SubcontractForm(
        posted(request),
        request.FILES if request.method == "POST" else None,
        initial={"name": request.GET.get("nom", "")[:120], "vat_rate": 20},
    )
    return form_page(
        request,
        form=form,
        title=_("Déclarer un sous-traitant sur le marché %s") % contract.number,
        intro=_("Le bailleur l’accepte, et accepte la façon dont il est payé."),
        submit=_("Envoyer la déclaration"),
        done=_("Déclaration envoyée : le bailleur est prévenu."),
        back=reverse("orders:contractor_contract", args=[request.organisation.slug, contract.pk]),
        save=lambda found: services.declare_subcontractor(
            actor=request.actor,
            contract_id=contract.pk,
            data=form.typed(),
            upload=found["file"],
        ),
    )


def _show(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """One declaration: who, what for, how much, the answer."""
    page = subcontract_page(request.actor, access.get_subcontract(request.actor, pk))
    context = {"page": page, "side": request.actor.side.value}
    return render(request, "contractors/subcontract.html", context)


def _file(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The act as it was sent."""
    declared = access.get_subcontract(request.actor, pk)
    if declared.file is None:
        raise Http404
    return files.serve(request, declared.file, download=True)


@by_post
def _accept(request: PortalRequest, declared: Subcontract) -> HttpResponseBase:
    services.accept_subcontractor(actor=request.actor, subcontract_id=declared.pk)
    messages.success(request, _("Sous-traitant accepté : l’entreprise est prévenue."))
    return redirect(_page_url(request, declared))


def _refuse(request: PortalRequest, declared: Subcontract) -> HttpResponseBase:
    return form_page(
        request,
        form=SubcontractReasonForm(posted(request)),
        title=_("Refuser %s") % declared.name,
        intro=_("Les factures des commandes qui le nomment restent bloquées (B16)."),
        submit=_("Refuser ce sous-traitant"),
        done=_("Sous-traitant refusé : l’entreprise est prévenue."),
        back=_page_url(request, declared),
        save=lambda found: services.refuse_subcontractor(
            actor=request.actor, subcontract_id=declared.pk, **found
        ),
        tone="danger",
    )


@by_post
def _withdraw(request: PortalRequest, declared: Subcontract) -> HttpResponseBase:
    services.withdraw_subcontractor(actor=request.actor, subcontract_id=declared.pk)
    messages.success(request, _("Déclaration retirée."))
    return redirect(_page_url(request, declared))


def _end(request: PortalRequest, declared: Subcontract) -> HttpResponseBase:
    return form_page(
        request,
        form=SubcontractReasonForm(posted(request)),
        title=_("Mettre fin à la sous-traitance de %s") % declared.name,
        intro=_("Il n’est plus proposé sur les commandes ; celles qui le nomment déjà le gardent."),
        submit=_("Mettre fin"),
        done=_("C’est noté : l’autre partie est prévenue."),
        back=_page_url(request, declared),
        save=lambda found: services.end_subcontractor(
            actor=request.actor, subcontract_id=declared.pk, **found
        ),
        tone="danger",
    )


def _find(request: PortalRequest, pk: UUID) -> Subcontract:
    return access.get_subcontract(request.actor, pk, to="act")


LANDLORD_ACTS: dict[str, Act[Subcontract]] = {
    "accepter": _accept,
    "refuser": _refuse,
    "terminer": _end,
}
CONTRACTOR_ACTS: dict[str, Act[Subcontract]] = {"retirer": _withdraw, "terminer": _end}
contractor_declare = _both(contractor_desk(_declare))
landlord_page = require_GET(landlord(_show))
contractor_page = require_GET(contractor(_show))
landlord_file = require_GET(landlord(_file))
contractor_file = require_GET(contractor(_file))
landlord_act = _both(managers(by_action(LANDLORD_ACTS, _find)))
contractor_act = _both(contractor_desk(by_action(CONTRACTOR_ACTS, _find)))


# --- An order -------------------------------------------------------------------------------------


def _name(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Say who comes to an order in the company's place."""
    order: Order = orders_access.get_order(request.actor, pk, to="edit")
    if not policies.names_subcontractors(request.actor, order):
        raise Refused(_("Aucun sous-traitant ne peut être nommé sur cette commande."), code="state")
    form = NameSubcontractorForm(
        posted(request), declared=can_come(order.landlord_id, order.contract_id)
    )
    return form_page(
        request,
        form=form,
        title=_("Qui intervient sur %s ?") % order.reference,
        intro=_("Le bailleur le voit sur la commande."),
        submit=_("Enregistrer"),
        done=_("C’est noté."),
        back=_order_url(request, order.pk),
        save=lambda found: services.name_subcontractor(
            actor=request.actor,
            order_id=order.pk,
            subcontract_id=_uuid(found["subcontract"]),
            name=found["name"],
        ),
    )


def _forget(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Take somebody's name off an order."""
    named = access.get_named(request.actor, pk)
    services.forget_subcontractor(actor=request.actor, named_id=named.pk)
    messages.success(request, _("Sous-traitant retiré de la commande."))
    return redirect(_order_url(request, named.order_id))


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None


contractor_name = _both(contractor_desk(_name))
contractor_forget = require_POST(contractor_desk(_forget))


# --- An invoice -----------------------------------------------------------------------------------


def set_shares(request: PortalRequest, invoice: Invoice) -> HttpResponseBase:
    """Say what of the invoice each subcontractor is paid directly."""
    payable = payable_on(invoice.order) if invoice.order is not None else []
    if not payable or not policies.sets_shares(request.actor, invoice):
        raise Http404
    form = SharesForm(posted(request), payable=payable, shares=shares_of(invoice))
    return form_page(
        request,
        form=form,
        title=_("Paiement direct sur la facture %s") % invoice.number,
        intro=_("Ce que le bailleur verse à chacun ; le reste de %s vous revient.")
        % money_text(invoice.net),
        submit=_("Enregistrer les parts"),
        done=_("C’est noté : le bailleur paie chacun sa part."),
        back=_invoice_url(request, invoice),
        save=lambda found: _save_shares(request, invoice, form, found),
    )


def _save_shares(
    request: PortalRequest, invoice: Invoice, form: SharesForm, found: dict[str, Any]
) -> None:
    """Set all of them or none; an error stands at its own field."""
    with transaction.atomic():
        for one in form.payable:
            name = f"part_{one.pk}"
            if form.fields[name].disabled:
                continue
            try:
                services.set_share(
                    actor=request.actor,
                    invoice_id=invoice.pk,
                    subcontract_id=one.pk,
                    amount=found[name] or Decimal(0),
                )
            except Invalid as invalid:
                texts = [text for each in invalid.errors.values() for text in each]
                raise Invalid({name: texts}) from invalid


def pay_share(request: PortalRequest, invoice: Invoice) -> HttpResponseBase:
    """Note that a subcontractor was paid before the company (?part= names his)."""
    waiting = {str(one.pk): one for one in shares_of(invoice) if one.paid_on is None}
    share = waiting.get(request.GET.get("part", ""))
    if share is None:
        raise Http404
    return form_page(
        request,
        form=PaidForm(posted(request), initial={"paid_on": clock.today()}),
        title=_("Payer la part de %s") % share.subcontract.name,
        intro=_("%(amount)s à verser à %(name)s, SIRET %(siret)s, au compte de l’acte spécial.")
        % {
            "amount": money_text(share.amount),
            "name": share.subcontract.name,
            "siret": share.subcontract.siret,
        },
        submit=_("Noter le paiement"),
        done=_("Paiement noté : l’entreprise le voit."),
        back=_invoice_url(request, invoice),
        save=lambda found: services.pay_share(actor=request.actor, share_id=share.pk, **found),
    )


def _invoice_url(request: PortalRequest, invoice: Invoice) -> str:
    side, slug = request.actor.side.value, request.organisation.slug
    return reverse(f"contractors:{side}_invoice", args=[slug, invoice.pk])
