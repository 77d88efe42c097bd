"""Invoices: the list on both portals, the page of one, what each side does with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contractors import access, policies, services
from contractors.einvoices.lifecycle_writing import write
from contractors.forms import (
    BlockForm,
    ChorusForm,
    CompleteForm,
    InterestPaidForm,
    PartForm,
    ReasonForm,
    RerouteForm,
    SumPaidForm,
    SuspendForm,
)
from contractors.legality import Act as LegalAct
from contractors.list_files import INVOICES
from contractors.models import Invoice
from contractors.selectors.invoices import Filters, InvoiceList, export_rows, invoice_list
from contractors.selectors.lifecycle import lifecycle_of
from contractors.selectors.pages import asked_words, cautions_of, invoice_page
from contractors.selectors.paying import (
    interest_left,
    left_words,
    parts_to_pay,
    states_to_tick,
    where_paid,
)
from contractors.services.subcontract_facts import shares_of
from contractors.states import InvoiceKind, InvoiceState
from contractors.subcontract_forms import ConfirmPaidForm
from contractors.views.credits import credit, discard, refund
from contractors.views.filing import file
from contractors.views.imputations import impute
from contractors.views.subcontracts import pay_share, set_shares
from contractors.views.tabs import tabs
from nexxio.core import clock, files
from nexxio.core.actors import Role, Side
from nexxio.core.acts import Act, by_action, by_post
from nexxio.core.http import PortalRequest, portal
from nexxio.core.templatetags.ui import money_text
from orders import access as orders_access
from orders.list_files import csv_export, xlsx_export
from orders.views.common import form_page, posted
from orders.views.saved import SavedPages

landlord = portal(Side.LANDLORD)
landlord_desk = portal(Side.LANDLORD, Role.MANAGER, Role.CLERK)
contractor = portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK, Role.READER)
contractor_desk = portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK)


def _url(request: PortalRequest, name: str, *args: object) -> str:
    side, slug = request.actor.side.value, request.organisation.slug
    return reverse(f"contractors:{side}_{name}", args=[slug, *args])


def _page_url(request: PortalRequest, invoice: Invoice) -> str:
    return _url(request, "invoice", invoice.pk)


# --- List and page --------------------------------------------------------------------------------


def _views_url(request: PortalRequest, name: str, *args: object) -> str:
    return _url(request, {"list": "invoices"}.get(name, f"invoice_{name}"), *args)


SAVED = SavedPages("invoices", ("q", "etat", "nature", "cause", "tenu"), _views_url)
landlord_views, landlord_view = SAVED.pages(landlord)
contractor_views, contractor_view = SAVED.pages(contractor)


def _list(request: PortalRequest) -> HttpResponseBase:
    """The organisation's invoices, filtered."""
    saved = SAVED.of_list(request)
    if saved.first and not request.GET:
        return redirect(f"{request.path}?{saved.first.query}")
    page = invoice_list(request.actor, Filters.read(request.GET))
    ticks = states_to_tick(request.actor)
    context = {
        "page": page,
        "ticks": ticks if any(row.invoice.state in ticks for row in page.rows) else [],
        "side": request.actor.side.value,
        "states": _states(request.actor.side),
        "kinds": InvoiceKind.choices,
        "tabs": tabs(request, "invoices"),
        "can_set_calendar": policies.pays(request.actor),
        "can_send": request.actor.has(Role.MANAGER, Role.CLERK),
        "import_url": _import_url(request, page),
        **saved.context(),
    }
    return render(request, "contractors/list.html", context)


def _import_url(request: PortalRequest, page: InvoiceList) -> str:
    """Return where a company imports what Chorus Pro gave; "" where none on the page waits."""
    waits = any(row.invoice.state == InvoiceState.TO_FILE for row in page.rows)
    if not waits or request.actor.side is not Side.CONTRACTOR or not policies.desk(request.actor):
        return ""
    return reverse(
        "contractor_imports:start", args=[request.organisation.slug, "mes-depots-chorus"]
    )


def _states(side: Side) -> list[tuple[str, str]]:
    unfiled = (InvoiceState.PREPARED, InvoiceState.TO_FILE, InvoiceState.DISCARDED)
    return [
        (value, str(label))
        for value, label in InvoiceState.choices
        if side is Side.CONTRACTOR or value not in unfiled
    ]


def _export(request: PortalRequest) -> HttpResponseBase:
    """The filtered list, as CSV."""
    rows = export_rows(request.actor, Filters.read(request.GET))
    return csv_export(rows, "factures", INVOICES)


def _workbook(request: PortalRequest) -> HttpResponseBase:
    """The same, as a workbook."""
    rows = export_rows(request.actor, Filters.read(request.GET))
    return xlsx_export(rows, "factures", INVOICES, sheet_name="Factures")


def _show(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """One invoice: what, how much, who holds it, what to do."""
    invoice = access.get_invoice(request.actor, pk)
    page = invoice_page(request.actor, invoice)
    context = {"page": page, "side": request.actor.side.value}
    return render(request, "contractors/invoice.html", context)


def _pdf(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The invoice's own file, as both sides keep it."""
    kept, order_id = access.get_invoice_file(request.actor, pk)
    return files.serve(request, kept, download=True, order_id=order_id)


def _message(request: PortalRequest, pk: UUID, reached: str) -> HttpResponseBase:
    """The message (CDAR) of a national state that the invoice came to."""
    invoice = access.get_invoice(request.actor, pk)
    said = lifecycle_of(invoice, reached)
    if said is None:
        raise Http404
    answer = HttpResponse(write(said), content_type="application/xml")
    answer["Content-Disposition"] = f'attachment; filename="statut-{said.code}.xml"'
    return answer


def _piece(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The piece that completed a suspended invoice, as it was sent."""
    kept, order_id = access.get_suspension_file(request.actor, pk)
    return files.serve(request, kept, download=True, order_id=order_id)


landlord_message = require_GET(landlord(_message))
contractor_message = require_GET(contractor(_message))
landlord_piece = require_GET(landlord(_piece))
contractor_piece = require_GET(contractor(_piece))
landlord_pdf = require_GET(landlord(_pdf))
contractor_pdf = require_GET(contractor(_pdf))
landlord_list = require_GET(landlord(_list))
contractor_list = require_GET(contractor(_list))
landlord_export = require_GET(landlord(_export))
contractor_export = require_GET(contractor(_export))
landlord_workbook = require_GET(landlord(_workbook))
contractor_workbook = require_GET(contractor(_workbook))
landlord_page = require_GET(landlord(_show))
contractor_page = require_GET(contractor(_show))


# --- The contractor -------------------------------------------------------------------------------


def _prepare(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """One click on the order's page: its invoice is there, to be checked and filed."""
    order = orders_access.get_order(request.actor, pk, to="edit")
    invoice = services.prepare_invoice(actor=request.actor, order_id=order.pk)
    messages.success(request, _("Facture préparée : vérifiez-la, puis déposez-la."))
    return redirect(_page_url(request, invoice))


contractor_prepare = require_POST(contractor_desk(_prepare))


def _find(request: PortalRequest, pk: UUID) -> Invoice:
    return access.get_invoice(request.actor, pk, to="act")


def _form(
    request: PortalRequest,
    invoice: Invoice,
    form: forms.Form,
    service: Any,
    **words: str,
) -> HttpResponseBase:
    return form_page(
        request,
        form=form,
        back=_page_url(request, invoice),
        save=lambda found: service(actor=request.actor, invoice_id=invoice.pk, **found),
        **words,
    )


@by_post
def _make_file(request: PortalRequest, invoice: Invoice) -> HttpResponseBase:
    services.ask_invoice_file(actor=request.actor, invoice_id=invoice.pk)
    messages.success(
        request, _("La facture est en préparation : elle apparaît dès qu’elle est prête.")
    )
    return redirect(_page_url(request, invoice))


@by_post
def _claim(request: PortalRequest, invoice: Invoice) -> HttpResponseBase:
    services.ask_claim(actor=request.actor, debtor_id=invoice.landlord_id, invoice_id=invoice.pk)
    messages.success(request, _("Lettre en préparation : elle apparaît ici dès qu’elle est prête."))
    return redirect(_url(request, "claims"))


def _chorus(request: PortalRequest, invoice: Invoice) -> HttpResponseBase:
    return _form(
        request,
        invoice,
        ChorusForm(posted(request), initial={"filed_on": clock.today()}),
        services.note_chorus,
        title=_("Dépôt de %s sur Chorus Pro") % invoice.number,
        intro=_("Ce bailleur public ne reçoit ses factures que par Chorus Pro."),
        submit=_("Enregistrer le dépôt"),
        done=_("Dépôt enregistré.")
        if invoice.is_credit
        else _("Dépôt enregistré : le délai de paiement court."),
    )


def _complete(request: PortalRequest, invoice: Invoice) -> HttpResponseBase:
    return _form(
        request,
        invoice,
        CompleteForm(posted(request), request.FILES or None),
        services.complete,
        title=_("Compléter la facture %s") % invoice.number,
        intro=asked_words(invoice),
        submit=_("Compléter"),
        done=_("Facture complétée : le bailleur est prévenu."),
    )


def _confirm(request: PortalRequest, invoice: Invoice) -> HttpResponseBase:
    return _form(
        request,
        invoice,
        ConfirmPaidForm(
            posted(request), initial={"paid_on": clock.today()}, shares=shares_of(invoice)
        ),
        services.confirm_payment,
        title=_("Confirmer l’encaissement de %s") % invoice.number,
        intro=_said(_("Le jour où l’argent est arrivé sur votre compte."), left_words(invoice)),
        submit=_("Confirmer l’encaissement"),
        done=_("Encaissement enregistré."),
    )


def _said(*sentences: str) -> str:
    return " ".join(filter(None, sentences))


def _note_interest(request: PortalRequest, invoice: Invoice) -> HttpResponseBase:
    received = request.actor.side is Side.CONTRACTOR
    title = _("Intérêts reçus sur %s") if received else _("Intérêts payés sur %s")
    return _form(
        request,
        invoice,
        InterestPaidForm(
            posted(request), initial={"paid_on": clock.today(), **interest_left(invoice)}
        ),
        services.pay_interest,
        title=title % invoice.number,
        intro=_("Ce qui est noté ici n’est plus compté comme dû, ni réclamé."),
        submit=_("Enregistrer"),
        done=_("Intérêts notés : l’autre partie le lit sur la facture."),
    )


def _block(request: PortalRequest, invoice: Invoice) -> HttpResponseBase:
    return _form(
        request,
        invoice,
        BlockForm(posted(request)),
        services.open_block_by_hand,
        title=_("Signaler ce qui bloque %s") % invoice.number,
        intro=_("Le service qui peut lever le blocage est prévenu aussitôt."),
        submit=_("Ouvrir le blocage"),
        done=_("Blocage ouvert : qui peut le lever est prévenu."),
    )


def _warned(
    request: PortalRequest, invoice: Invoice, form: forms.Form, act: LegalAct, **words: str
) -> HttpResponseBase | None:
    """Show what the law says of the act, once, with all that was typed; None when it has been."""
    if request.method != "POST" or not form.is_valid():
        return None
    cause = form.cleaned_data["cause"]
    cautions = cautions_of(invoice, act, cause)
    if not cautions or request.POST.get("averti") == cause:
        return None
    context = {
        "form": form,
        "cautions": cautions,
        "cause": cause,
        "back": _page_url(request, invoice),
        "layout": "layouts/office.html",
        **words,
    }
    return render(request, "contractors/cautions.html", context, status=422)


# --- The landlord ---------------------------------------------------------------------------------


@by_post
def _take(request: PortalRequest, invoice: Invoice) -> HttpResponseBase:
    services.take_charge(actor=request.actor, invoice_id=invoice.pk)
    messages.success(request, _("Facture prise en charge : l’entreprise le voit."))
    return redirect(_page_url(request, invoice))


@by_post
def _approve(request: PortalRequest, invoice: Invoice) -> HttpResponseBase:
    services.approve(actor=request.actor, invoice_id=invoice.pk)
    messages.success(request, _("Facture approuvée : l’entreprise est prévenue."))
    return redirect(_page_url(request, invoice))


def _approve_in_part(request: PortalRequest, invoice: Invoice) -> HttpResponseBase:
    return _form(
        request,
        invoice,
        PartForm(posted(request)),
        services.approve_in_part,
        title=_("Approuver en partie la facture %s") % invoice.number,
        intro=_said(
            _("Cette facture vaut %s TTC.") % money_text(invoice.net),
            _("La somme admise est à payer dans le délai ; seul le reste est bloqué."),
        ),
        submit=_("Approuver cette partie"),
        done=_("Facture approuvée en partie : l’entreprise est prévenue."),
    )


def _dispute(request: PortalRequest, invoice: Invoice) -> HttpResponseBase:
    form = ReasonForm(posted(request))
    words = {
        "title": _("Mettre en litige la facture %s") % invoice.number,
        "intro": _("Le délai légal continue de courir pendant un litige."),
        "submit": _("Mettre en litige"),
        "done": _("Facture en litige : l’entreprise est prévenue."),
        "tone": "danger",
    }
    warned = _warned(request, invoice, form, LegalAct.DISPUTE, **words)
    return warned or _form(request, invoice, form, services.dispute, **words)


def _suspend(request: PortalRequest, invoice: Invoice) -> HttpResponseBase:
    form = SuspendForm(posted(request))
    words = {
        "title": _("Suspendre la facture %s") % invoice.number,
        "intro": _(
            "Une suspension n’interrompt le délai qu’une fois, et pour une raison qui tient à"
            " l’entreprise ; elle est datée et liste les pièces manquantes."
        ),
        "submit": _("Suspendre et demander les pièces"),
        "done": _("Facture suspendue : l’entreprise est prévenue."),
        "tone": "danger",
    }
    warned = _warned(request, invoice, form, LegalAct.SUSPEND, **words)
    return warned or _form(request, invoice, form, services.suspend, **words)


def _refuse(request: PortalRequest, invoice: Invoice) -> HttpResponseBase:
    form = ReasonForm(posted(request))
    words = {
        "title": _("Refuser la facture %s") % invoice.number,
        "intro": _(
            "C’est définitif : l’entreprise établit une nouvelle facture. Pour un simple écart de"
            " montant, approuvez plutôt la partie admise."
        ),
        "submit": _("Refuser la facture"),
        "done": _("Facture refusée : l’entreprise est prévenue."),
        "tone": "danger",
    }
    warned = _warned(request, invoice, form, LegalAct.REFUSE, **words)
    return warned or _form(request, invoice, form, services.refuse, **words)


def _pay(request: PortalRequest, invoice: Invoice) -> HttpResponseBase:
    return _form(
        request,
        invoice,
        SumPaidForm(posted(request), initial={"paid_on": clock.today()}),
        services.announce_payment,
        title=_("Annoncer le paiement de %s") % invoice.number,
        intro=_said(where_paid(request.actor, invoice), parts_to_pay(invoice), left_words(invoice)),
        submit=_("Annoncer le paiement"),
        done=_("Paiement annoncé : l’entreprise est prévenue."),
    )


def _reroute(request: PortalRequest, invoice: Invoice) -> HttpResponseBase:
    return _form(
        request,
        invoice,
        RerouteForm(posted(request), initial={"department": invoice.department}),
        services.reroute,
        title=_("Réacheminer la facture %s") % invoice.number,
        intro=_("Elle garde son numéro et sa date de réception : le délai continue de courir."),
        submit=_("Réacheminer"),
        done=_("Facture réacheminée : l’entreprise le voit."),
    )


LANDLORD_ACTS: dict[str, Act[Invoice]] = {
    "prendre-en-charge": _take,
    "approuver": _approve,
    "approuver-en-partie": _approve_in_part,
    "mettre-en-litige": _dispute,
    "suspendre": _suspend,
    "refuser": _refuse,
    "reacheminer": _reroute,
    "payer": _pay,
    "payer-une-part": pay_share,
    "interets": _note_interest,
    "rembourser": refund,
    "imputer": impute,
    "bloquer": _block,
}
CONTRACTOR_ACTS: dict[str, Act[Invoice]] = {
    "deposer": file,
    "abandonner": discard,
    "preparer": _make_file,
    "chorus": _chorus,
    "completer": _complete,
    "encaisser": _confirm,
    "interets": _note_interest,
    "reclamer": _claim,
    "bloquer": _block,
    "avoir": credit,
    "parts": set_shares,
}
landlord_act = require_http_methods(["GET", "POST"])(landlord_desk(by_action(LANDLORD_ACTS, _find)))
contractor_act = require_http_methods(["GET", "POST"])(
    contractor_desk(by_action(CONTRACTOR_ACTS, _find))
)
