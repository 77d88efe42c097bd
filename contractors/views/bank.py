"""Bank details: a company's own page, and a landlord's checks of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from contractors import access, services
from contractors.models import BankAccount
from contractors.paper_forms import AccountForm, BankReasonForm, CallBackForm
from contractors.selectors import bank as selectors
from contractors.views.invoices import contractor_desk, landlord, landlord_desk
from nexxio.core import clock
from nexxio.core.actors import Role, Side
from nexxio.core.acts import Act, by_action, by_post
from nexxio.core.http import PortalRequest, portal
from nexxio.core.templatetags.ui import phone
from orders.views.common import form_page, posted


def _find(request: PortalRequest, pk: UUID) -> BankAccount:
    return access.get_account(request.actor, pk)


def _back(request: PortalRequest, account: BankAccount) -> str:
    slug = request.organisation.slug
    if request.actor.side is Side.CONTRACTOR:
        return reverse("contractors:contractor_bank", args=[slug])
    return reverse("contractors:landlord_company_bank", args=[slug, account.organisation_id])


@by_post
def _read(request: PortalRequest, account: BankAccount) -> HttpResponseBase:
    """Show numbers in full; the look is logged, so it takes a POST."""
    found = services.read_account(actor=request.actor, account_id=account.pk)
    context = {"account": found, "iban": selectors.full(found), "back": _back(request, account)}
    response = render(request, "contractors/bank/full.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def _with_reason(
    request: PortalRequest, account: BankAccount, service: Any, **words: str
) -> HttpResponseBase:
    return form_page(
        request,
        form=BankReasonForm(posted(request)),
        back=_back(request, account),
        save=lambda found: service(actor=request.actor, account_id=account.pk, **found),
        tone="danger",
        **words,
    )


# --- Of the company -------------------------------------------------------------------------------


def _own(request: PortalRequest) -> HttpResponseBase:
    """What is in force with each landlord, what waits."""
    context = {"page": selectors.own_bank(request.actor, request.organisation)}
    return render(request, "contractors/bank/own.html", context)


def _propose(request: PortalRequest) -> HttpResponseBase:
    """Say where to be paid; confirmed by others before it is used."""
    return form_page(
        request,
        form=AccountForm(posted(request), initial={"owner": request.organisation.name}),
        title=_("Proposer des coordonnées bancaires"),
        intro=_(
            "Une seconde personne de l’entreprise les confirme, chaque bailleur vous rappelle,"
            " puis un délai court. Jusque-là, les paiements vont aux coordonnées actuelles."
        ),
        submit=_("Proposer"),
        back=reverse("contractors:contractor_bank", args=[request.organisation.slug]),
        save=lambda found: services.propose_account(actor=request.actor, **found),
        done=_("Proposition enregistrée : vos collègues et les contacts connus sont prévenus."),
    )


@by_post
def _confirm(request: PortalRequest, account: BankAccount) -> HttpResponseBase:
    services.confirm_account(actor=request.actor, account_id=account.pk)
    messages.success(request, _("Coordonnées confirmées : vos bailleurs les vérifient."))
    return redirect(_back(request, account))


def _decline(request: PortalRequest, account: BankAccount) -> HttpResponseBase:
    return _with_reason(
        request,
        account,
        services.decline_account,
        title=_("Refuser ces coordonnées"),
        intro=_("Elles ne seront jamais utilisées. Prévenez vos bailleurs si c’est une fraude."),
        submit=_("Refuser"),
        done=_("Coordonnées refusées : vos collègues sont prévenus."),
    )


def _withdraw(request: PortalRequest, account: BankAccount) -> HttpResponseBase:
    return _with_reason(
        request,
        account,
        services.withdraw_account,
        title=_("Retirer ces coordonnées"),
        intro=_(
            "Les vérifications en cours s’arrêtent. Un bailleur qui les utilise déjà continue"
            " jusqu’à ce qu’il en ait vérifié d’autres."
        ),
        submit=_("Retirer"),
        done=_("Coordonnées retirées : les bailleurs sont prévenus."),
    )


CONTRACTOR_ACTS: dict[str, Act[BankAccount]] = {
    "afficher": _read,
    "confirmer": _confirm,
    "refuser": _decline,
    "retirer": _withdraw,
}
_both = require_http_methods(["GET", "POST"])
contractor_bank = require_GET(contractor_desk(_own))
contractor_propose = _both(portal(Side.CONTRACTOR, Role.MANAGER)(_propose))
contractor_act = _both(contractor_desk(by_action(CONTRACTOR_ACTS, _find)))


# --- Of a landlord --------------------------------------------------------------------------------


def _companies(request: PortalRequest) -> HttpResponseBase:
    """The companies with where they are paid, masked, and what changes."""
    asked = request.GET.get("voir", "")
    tab = asked if asked in selectors.TABS else selectors.TABS[0]
    q = request.GET.get("q", "").strip()[:80]
    number = request.GET.get("page", "1")
    page = selectors.companies(request.actor, tab=tab, q=q, number=number)
    return render(request, "contractors/bank/companies.html", {"page": page, "tab": tab, "q": q})


def _company(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The details of one company: what is in force, what is to check."""
    company = access.get_company(request.actor, pk)
    page = selectors.company_bank(request.actor, company, request.organisation)
    return render(request, "contractors/bank/company.html", {"page": page})


def _call(request: PortalRequest, account: BankAccount) -> HttpResponseBase:
    known = account.organisation.phone
    initial = {"called_on": clock.today(), "called_phone": phone(known)}
    return form_page(
        request,
        form=CallBackForm(posted(request), initial=initial),
        title=_("Noter le rappel de l’entreprise"),
        intro=_(
            "Appelez un numéro que vous connaissiez avant la demande, faites lire l’IBAN à la"
            " personne jointe, comparez. Un délai commence ensuite ; il peut encore être arrêté."
        ),
        submit=_("L’IBAN est le bon : noter l’appel"),
        back=_back(request, account),
        save=lambda found: services.check_account(
            actor=request.actor, account_id=account.pk, call=services.CallBack(**found)
        ),
        done=_("Appel noté : le délai a commencé, les coordonnées actuelles restent en vigueur."),
    )


def _refuse(request: PortalRequest, account: BankAccount) -> HttpResponseBase:
    intro = _("Vous continuez à payer aux coordonnées actuelles ; l’entreprise lit la raison.")
    if selectors.is_in_force(request.actor, account):
        intro = _(
            "Ce sont les coordonnées en vigueur : plus aucun compte de l’entreprise ne sera"
            " vérifié, et ses paiements diront « compte à vérifier » jusqu’à un nouvel appel suivi"
            " du délai. L’entreprise lit la raison."
        )
    return _with_reason(
        request,
        account,
        services.refuse_account,
        title=_("Refuser ces coordonnées"),
        intro=intro,
        submit=_("Refuser"),
        done=_("Coordonnées refusées : l’entreprise est prévenue."),
    )


LANDLORD_ACTS: dict[str, Act[BankAccount]] = {
    "afficher": _read,
    "rappel": _call,
    "refuser": _refuse,
}
landlord_bank = require_GET(landlord(_companies))
landlord_company = require_GET(landlord(_company))
landlord_act = _both(landlord_desk(by_action(LANDLORD_ACTS, _find)))
