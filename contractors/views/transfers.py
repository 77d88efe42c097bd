"""Ceded claims and oppositions: noted and lifted, each checked by a second person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contractors import access, policies, services
from contractors.bank import grouped
from contractors.models import PaymentTransfer
from contractors.paper_forms import BankReasonForm, CallBackForm
from contractors.selectors.transfers import contracts_with
from contractors.transfer_forms import TransferForm
from contractors.views.invoices import landlord_desk
from nexxio.core import clock
from nexxio.core.acts import Act, by_action, by_post
from nexxio.core.http import PortalRequest
from orders.views.common import form_page, posted


def _find(request: PortalRequest, pk: UUID) -> PaymentTransfer:
    return access.get_transfer(request.actor, pk)


def _back(request: PortalRequest, company: UUID) -> str:
    return reverse("contractors:landlord_company_bank", args=[request.organisation.slug, company])


def _note(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    company = access.get_company(request.actor, pk)
    if not policies.pays(request.actor):
        raise PermissionDenied

    def save(found: dict[str, Any]) -> None:
        contract = found.pop("contract")
        said = services.Notified(**found, contract_id=contract)
        services.note_transfer(actor=request.actor, contractor_id=company.pk, said=said)

    return form_page(
        request,
        form=TransferForm(
            posted(request),
            initial={"notified_on": clock.today()},
            contracts=contracts_with(request.actor, company),
        ),
        title=_("Noter une cession ou une opposition"),
        intro=_(
            "Vous avez reçu un acte qui vous demande de payer quelqu’un d’autre que %s, ou de ne"
            " plus la payer. Une seconde personne rappelle ensuite le bénéficiaire."
        )
        % company.name,
        submit=_("Noter"),
        back=_back(request, company.pk),
        save=save,
        done=_("Acte noté : un collègue rappelle le bénéficiaire avant tout paiement."),
    )


def _call_form(request: PortalRequest) -> CallBackForm:
    form = CallBackForm(posted(request), initial={"called_on": clock.today()})
    form.fields["number_from"].required = True
    form.fields["number_from"].help_text = _(
        "Site du régulateur, annuaire, ancien dossier… jamais l’acte lui-même."
    )
    return form


def _call(request: PortalRequest, row: PaymentTransfer) -> HttpResponseBase:
    return form_page(
        request,
        form=_call_form(request),
        title=_("Noter le rappel de %s") % row.beneficiary,
        intro=_(
            "Cherchez le numéro ailleurs que dans l’acte. Faites confirmer sa référence"
            " (%(reference)s) et lire l’IBAN ; comparez. L’acte compte ensuite."
        )
        % {"reference": row.reference},
        submit=_("L’acte est confirmé : noter l’appel"),
        back=_back(request, row.contractor_id),
        save=lambda found: services.check_transfer(
            actor=request.actor, transfer_id=row.pk, call=services.CallBack(**found)
        ),
        done=_("Appel noté : les prochains paiements disent qui payer."),
    )


def _refuse(request: PortalRequest, row: PaymentTransfer) -> HttpResponseBase:
    return form_page(
        request,
        form=BankReasonForm(posted(request)),
        title=_("Écarter cet acte"),
        intro=_("L’entreprise reste payée comme avant ; elle lit la raison."),
        submit=_("Écarter"),
        back=_back(request, row.contractor_id),
        save=lambda found: services.refuse_transfer(
            actor=request.actor, transfer_id=row.pk, **found
        ),
        done=_("Acte écarté : l’entreprise est prévenue."),
        tone="danger",
    )


def _lift(request: PortalRequest, row: PaymentTransfer) -> HttpResponseBase:
    return form_page(
        request,
        form=BankReasonForm(posted(request)),
        title=_("Demander la mainlevée"),
        intro=_(
            "Dites par quelle pièce %s lève l’acte. Il compte encore : une seconde personne"
            " rappelle d’abord le bénéficiaire."
        )
        % row.beneficiary,
        submit=_("Demander la mainlevée"),
        back=_back(request, row.contractor_id),
        save=lambda found: services.ask_lift(actor=request.actor, transfer_id=row.pk, **found),
        done=_("Mainlevée demandée : un collègue rappelle le bénéficiaire."),
    )


def _end(request: PortalRequest, row: PaymentTransfer) -> HttpResponseBase:
    return form_page(
        request,
        form=_call_form(request),
        title=_("Confirmer la mainlevée avec %s") % row.beneficiary,
        intro=_(
            "Cherchez le numéro ailleurs que dans la mainlevée. Faites confirmer que l’acte"
            " %(reference)s est levé. L’entreprise est ensuite de nouveau payée elle-même."
        )
        % {"reference": row.reference},
        submit=_("La mainlevée est confirmée : noter l’appel"),
        back=_back(request, row.contractor_id),
        save=lambda found: services.end_transfer(
            actor=request.actor, transfer_id=row.pk, call=services.CallBack(**found)
        ),
        done=_("Mainlevée notée : l’entreprise est prévenue."),
    )


@by_post
def _keep(request: PortalRequest, row: PaymentTransfer) -> HttpResponseBase:
    services.keep_transfer(actor=request.actor, transfer_id=row.pk)
    messages.success(request, _("L’acte est maintenu : il compte comme avant."))
    return redirect(_back(request, row.contractor_id))


@by_post
def _read(request: PortalRequest, row: PaymentTransfer) -> HttpResponseBase:
    """Show the account in full; the look is logged, so it takes a POST."""
    found = services.read_transfer(actor=request.actor, transfer_id=row.pk)
    context = {"row": found, "iban": grouped(found.iban), "back": _back(request, row.contractor_id)}
    response = render(request, "contractors/bank/transfer_full.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


LANDLORD_ACTS: dict[str, Act[PaymentTransfer]] = {
    "afficher": _read,
    "rappel": _call,
    "ecarter": _refuse,
    "mainlevee": _lift,
    "confirmer-mainlevee": _end,
    "maintenir": _keep,
}
_both = require_http_methods(["GET", "POST"])
landlord_note = _both(landlord_desk(_note))
landlord_act = _both(landlord_desk(by_action(LANDLORD_ACTS, _find)))
