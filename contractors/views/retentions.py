"""Retentions of both sides; advance and terms of a contract; calendar of payment runs."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from contractors import access, money_book, policies, services
from contractors.forms import PaidForm
from contractors.list_files import RETENTIONS
from contractors.models import Retention
from contractors.money_forms import AdvanceForm, CalendarForm, MoneyTermsForm, OpposeForm
from contractors.selectors.retentions import export_retentions, retention_list
from contractors.selectors.runs import own_calendar
from contractors.services.deductions import terms_of
from contractors.views.invoices import contractor, landlord, landlord_desk
from contractors.views.tabs import tabs
from nexxio.core import clock
from nexxio.core.actors import Role, Side
from nexxio.core.acts import Act, by_action
from nexxio.core.errors import Refused
from nexxio.core.http import PortalRequest, portal
from nexxio.core.templatetags.ui import money_text
from orders import access as orders_access
from orders.list_files import csv_export, xlsx_export
from orders.views.common import form_page, posted

managers = portal(Side.LANDLORD, Role.MANAGER)


# --- Retentions -----------------------------------------------------------------------------------


def _list(request: PortalRequest) -> HttpResponseBase:
    """What is held back, and from when on it is to be paid."""
    found = retention_list(
        request.actor,
        tab=request.GET.get("voir", ""),
        number=request.GET.get("page", "1"),
    )
    sums = found.sums
    context = {
        "found": found,
        "side": request.actor.side.value,
        "tabs": tabs(request, "retentions"),
        "figures": [
            {"label": _("Retenu en tout"), "value": money_text(sums.held), "icon": "lock"},
            {
                "label": _("À libérer d’ici la fin du mois"),
                "value": money_text(sums.this_month),
                "icon": "calendar-event",
            },
            {
                "label": _("Échu, pas encore libéré"),
                "value": money_text(sums.due),
                "icon": "alarm",
                "tone": "danger" if sums.due else "success",
            },
            {
                "label": _("Sous opposition"),
                "value": money_text(sums.opposed),
                "icon": "alert-triangle",
                "tone": "warning" if sums.opposed else "",
            },
        ],
    }
    return render(request, "contractors/retentions.html", context)


def _export(request: PortalRequest, ending: str) -> HttpResponseBase:
    """The same as a file."""
    if ending not in {"csv", "xlsx"}:
        raise Http404
    rows = export_retentions(request.actor, request.GET.get("voir", ""))
    if ending == "csv":
        return csv_export(rows, "retenues", RETENTIONS)
    return xlsx_export(rows, "retenues", RETENTIONS, sheet_name="Retenues")


def _release(request: PortalRequest, held: Retention) -> HttpResponseBase:
    return form_page(
        request,
        form=PaidForm(posted(request), initial={"paid_on": clock.today()}),
        title=_("Libérer la retenue de la facture %s") % held.invoice.number,
        intro=_("%s TTC, à verser à l’entreprise. C’est définitif.") % money_text(held.amount),
        submit=_("Libérer la retenue"),
        done=_("Retenue libérée : l’entreprise est prévenue."),
        back=_back(request),
        save=lambda found: services.release_retention(
            actor=request.actor, retention_id=held.pk, **found
        ),
    )


def _oppose(request: PortalRequest, held: Retention) -> HttpResponseBase:
    return form_page(
        request,
        form=OpposeForm(posted(request)),
        title=_("S’opposer à la libération de la retenue de %s") % held.invoice.number,
        intro=_("L’opposition prend fin quand vous libérez la retenue."),
        submit=_("Enregistrer l’opposition"),
        done=_("Opposition enregistrée : l’entreprise est prévenue."),
        back=_back(request),
        save=lambda found: services.oppose_retention(
            actor=request.actor, retention_id=held.pk, **found
        ),
        tone="danger",
    )


def _back(request: PortalRequest) -> str:
    return reverse("contractors:landlord_retentions", args=[request.organisation.slug])


def _find(request: PortalRequest, pk: UUID) -> Retention:
    return access.get_retention(request.actor, pk, to="act")


RETENTION_ACTS: dict[str, Act[Retention]] = {"liberer": _release, "opposer": _oppose}
_both = require_http_methods(["GET", "POST"])
landlord_retentions = require_GET(landlord(_list))
contractor_retentions = require_GET(contractor(_list))
landlord_export = require_GET(landlord(_export))
contractor_export = require_GET(contractor(_export))
landlord_act = _both(landlord_desk(by_action(RETENTION_ACTS, _find)))


# --- A contract -----------------------------------------------------------------------------------


def _terms(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """When a contract is paid, what it holds back, and how its advance comes back."""
    contract = orders_access.get_contract(request.actor, pk, to="edit")
    known = terms_of(contract.landlord_id, contract.pk)
    figures = money_book.figures_on(clock.today())
    form = MoneyTermsForm(posted(request), initial=MoneyTermsForm.values_of(known, figures))
    return form_page(
        request,
        form=form,
        title=_("Paiement, retenue, avance et TVA du marché %s") % contract.number,
        intro=_(
            "Vaut pour les factures approuvées ou préparées à partir de maintenant ; le délai de"
            " paiement, aussi pour celles qui sont à payer."
        ),
        submit=_("Enregistrer"),
        done=_("C’est réglé : l’entreprise le lit sur le marché."),
        back=reverse("orders:landlord_contract", args=[request.organisation.slug, contract.pk]),
        save=lambda _found: services.save_money_terms(
            actor=request.actor, contract_id=contract.pk, data=form.typed()
        ),
    )


def _advance(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """An advance that was paid on a contract."""
    contract = orders_access.get_contract(request.actor, pk, to="edit")
    if terms_of(contract.landlord_id, contract.pk) is None:
        text = _("Réglez d’abord comment l’avance est reprise sur les factures.")
        raise Refused(text, code="terms")
    return form_page(
        request,
        form=AdvanceForm(posted(request), initial={"paid_on": clock.today()}),
        title=_("Avance versée sur le marché %s") % contract.number,
        intro=_("Elle est reprise sur les factures, selon ce que dit le marché."),
        submit=_("Enregistrer l’avance"),
        done=_("Avance enregistrée : l’entreprise est prévenue."),
        back=reverse("orders:landlord_contract", args=[request.organisation.slug, contract.pk]),
        save=lambda found: services.pay_advance(
            actor=request.actor, contract_id=contract.pk, **found
        ),
    )


landlord_terms = _both(managers(_terms))
landlord_advance = _both(managers(_advance))


# --- Payment runs ---------------------------------------------------------------------------------


def _calendar(request: PortalRequest) -> HttpResponseBase:
    """On which days the landlord pays."""
    if not policies.pays(request.actor):
        raise PermissionDenied
    known = own_calendar(request.actor)
    return form_page(
        request,
        form=CalendarForm(posted(request), initial=CalendarForm.values_of(known)),
        title=_("Calendrier de paiement"),
        intro=_(
            "Les entreprises lisent la date à laquelle une facture approuvée sera payée : le"
            " premier de ces jours. L’échéance légale ne change pas."
        ),
        submit=_("Enregistrer"),
        done=_("Calendrier enregistré : vos entreprises lisent les dates attendues."),
        back=reverse("contractors:landlord_invoices", args=[request.organisation.slug]),
        save=lambda found: services.save_payment_calendar(actor=request.actor, **found),
    )


landlord_calendar = _both(landlord_desk(_calendar))
