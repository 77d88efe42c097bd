"""Final accounts: looked at and submitted, answered, agreed or contested."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from contractors import access, services
from contractors.final_forms import CorrectFinalForm, FinalReasonForm
from contractors.models import FinalAccount
from contractors.selectors.final_accounts import FinalPage, final_page, final_preview
from contractors.services.final_accounts import final_obstacle
from contractors.views.invoices import contractor, contractor_desk, landlord, landlord_desk
from nexxio.core import files
from nexxio.core.acts import Act, by_action, by_post
from nexxio.core.http import PortalRequest
from orders import access as orders_access
from orders.views.common import form_page, posted

_both = require_http_methods(["GET", "POST"])


def _url(request: PortalRequest, account: FinalAccount) -> str:
    side, slug = request.actor.side.value, request.organisation.slug
    return reverse(f"contractors:{side}_final_account", args=[slug, account.pk])


def _shown(request: PortalRequest, page: FinalPage) -> HttpResponseBase:
    context = {"page": page, "side": request.actor.side.value}
    return render(request, "contractors/final.html", context)


def _new(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """What the final account of an order would say; submitted by a click."""
    order = orders_access.get_order(request.actor, pk, to="edit")
    if request.method == "POST":
        account = services.submit_final(actor=request.actor, order_id=order.pk)
        messages.success(request, _("Projet de décompte final remis : le bailleur est prévenu."))
        return redirect(_url(request, account))
    refusal = final_obstacle(request.actor, order)
    if refusal is not None:
        raise refusal
    return _shown(request, final_preview(order))


def _show(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """One account: its figures, its state, what the reader may do."""
    return _shown(request, final_page(request.actor, access.get_final(request.actor, pk)))


def _file(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The sealed PDF of an account that both agreed to."""
    account = access.get_final(request.actor, pk)
    if account.file is None:
        raise Http404
    return files.serve(request, account.file, download=True, order_id=account.order_id)


@by_post
def _seal(request: PortalRequest, account: FinalAccount) -> HttpResponseBase:
    services.ask_final_seal(actor=request.actor, account_id=account.pk)
    messages.success(request, _("Le PDF est en préparation : il apparaît dès qu’il est scellé."))
    return redirect(_url(request, account))


@by_post
def _accept(request: PortalRequest, account: FinalAccount) -> HttpResponseBase:
    services.accept_final(actor=request.actor, account_id=account.pk)
    messages.success(request, _("Décompte accepté : il est général et définitif."))
    return redirect(_url(request, account))


@by_post
def _agree(request: PortalRequest, account: FinalAccount) -> HttpResponseBase:
    services.agree_final(actor=request.actor, account_id=account.pk)
    messages.success(request, _("Décompte général accepté : il est définitif."))
    return redirect(_url(request, account))


def _correct(request: PortalRequest, account: FinalAccount) -> HttpResponseBase:
    return form_page(
        request,
        form=CorrectFinalForm(posted(request)),
        title=_("Notifier le décompte général de la commande %s") % account.order.reference,
        intro=_(
            "L’entreprise accepte le décompte, ou le conteste. Les factures ne changent pas :"
            " c’est elle qui dépose l’avoir de la somme retirée."
        ),
        submit=_("Notifier le décompte général"),
        done=_("Décompte général notifié : l’entreprise est prévenue."),
        back=_url(request, account),
        save=lambda found: services.correct_final(
            actor=request.actor, account_id=account.pk, **found
        ),
    )


def _return(request: PortalRequest, account: FinalAccount) -> HttpResponseBase:
    return form_page(
        request,
        form=FinalReasonForm(posted(request)),
        title=_("Retourner le projet de décompte final"),
        intro=_("L’entreprise le reprend, et en remet un autre."),
        submit=_("Retourner le projet"),
        done=_("Projet retourné : l’entreprise est prévenue."),
        back=_url(request, account),
        save=lambda found: services.return_final(
            actor=request.actor, account_id=account.pk, **found
        ),
        tone="danger",
    )


def _contest(request: PortalRequest, account: FinalAccount) -> HttpResponseBase:
    return form_page(
        request,
        form=FinalReasonForm(posted(request)),
        title=_("Contester le décompte général"),
        intro=_("Le bailleur lit votre raison ; vous pouvez remettre un autre projet ensuite."),
        submit=_("Contester le décompte"),
        done=_("Décompte contesté : le bailleur est prévenu."),
        back=_url(request, account),
        save=lambda found: services.contest_final(
            actor=request.actor, account_id=account.pk, **found
        ),
        tone="danger",
    )


def _find(request: PortalRequest, pk: UUID) -> FinalAccount:
    return access.get_final(request.actor, pk, to="act")


LANDLORD_ACTS: dict[str, Act[FinalAccount]] = {
    "accepter": _accept,
    "rectifier": _correct,
    "retourner": _return,
    "sceller": _seal,
}
CONTRACTOR_ACTS: dict[str, Act[FinalAccount]] = {"accepter": _agree, "contester": _contest}
contractor_new = _both(contractor_desk(_new))
landlord_page = require_GET(landlord(_show))
contractor_page = require_GET(contractor(_show))
landlord_file = require_GET(landlord(_file))
contractor_file = require_GET(contractor(_file))
landlord_act = _both(landlord_desk(by_action(LANDLORD_ACTS, _find)))
contractor_act = _both(contractor_desk(by_action(CONTRACTOR_ACTS, _find)))
