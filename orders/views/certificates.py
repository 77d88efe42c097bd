"""Certificates: the page of one on both portals, signed or refused, corrected; their reserves."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from nexxio.core import files
from nexxio.core.actors import Role, Side
from nexxio.core.acts import Act, by_action, by_post
from nexxio.core.errors import Invalid
from nexxio.core.http import PortalRequest, portal
from nexxio.core.models import StoredFile
from orders import access, services
from orders.certificate_forms import (
    CheckForm,
    ClaimForm,
    KeepForm,
    RefuseForm,
    reserve_inputs,
    reserves_of,
)
from orders.models import Certificate, Order, Reserve
from orders.quantity_forms import CertifyForm, CorrectForm, lines_due, lines_said
from orders.selectors.certificates import certificate_page, starting_quantities, starting_report
from orders.selectors.photos import album_to_sign
from orders.selectors.reserves import open_reserves
from orders.services.amounts import due_of
from orders.services.lifting import last_lifting
from orders.views.common import add_errors, form_page, order_url, posted

landlord = portal(Side.LANDLORD)
landlord_desk = portal(Side.LANDLORD, Role.MANAGER, Role.CLERK)
contractor = portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK, Role.READER)
contractor_desk = portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK)
_SEALING = gettext_lazy("Le PDF est en préparation : il apparaît dès qu’il est scellé.")


def _own_url(request: PortalRequest, certificate: Certificate) -> str:
    side, slug = request.actor.side.value, request.organisation.slug
    return reverse(f"orders:{side}_certificate", args=[slug, certificate.pk])


def _page(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    certificate = access.get_certificate(request.actor, pk)
    page = certificate_page(request.actor, certificate)
    side = request.actor.side.value
    context = {
        "page": page,
        "photos": album_to_sign(certificate),
        "side": side,
        "order_url": order_url(request, page.order.pk),
        "space_url": reverse(f"orders:{side}_home", args=[request.organisation.slug]),
    }
    return render(request, "orders/certificates/detail.html", context)


def _pdf(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The sealed PDF."""
    certificate = access.get_certificate(request.actor, pk)
    if certificate.file is None:
        raise Http404
    order_id = certificate.order_id
    return files.serve(request, certificate.file, download=True, order_id=order_id)


def _lifting(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The sealed record that all reserves of an order are lifted."""
    order = access.get_order(request.actor, pk)
    found = last_lifting(order)
    if found is None or found.file is None:
        raise Http404
    return files.serve(request, found.file, download=True, order_id=order.pk)


def sign_off_file(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The sealed PDF of what a tenant signed, for whoever passes its door."""
    found = access.get_sign_off(request.actor, pk)
    if found.file is None:
        raise Http404
    return files.serve(request, found.file, download=True, order_id=found.order_id)


landlord_sign_off = require_GET(landlord(sign_off_file))
contractor_sign_off = require_GET(contractor(sign_off_file))
landlord_lifting = require_GET(landlord(_lifting))
contractor_lifting = require_GET(contractor(_lifting))
landlord_page = require_GET(landlord(_page))
contractor_page = require_GET(contractor(_page))
landlord_pdf = require_GET(landlord(_pdf))
contractor_pdf = require_GET(contractor(_pdf))


def _find(request: PortalRequest, pk: UUID) -> Certificate:
    return access.get_certificate(request.actor, pk, to="edit")


# --- The landlord signs, or doesn't -------------------------------------------------------------


@by_post
def _sign(request: PortalRequest, certificate: Certificate) -> HttpResponseBase:
    services.sign_certificate(actor=request.actor, certificate_id=certificate.pk)
    messages.success(request, _("Constat signé : l’entreprise est prévenue."))
    return redirect(_own_url(request, certificate))


def _sign_with_reserves(request: PortalRequest, certificate: Certificate) -> HttpResponseBase:
    """Or of less than the company says: both on one page."""
    page = certificate_page(request.actor, certificate)
    formset = reserves_of(posted(request), request.FILES or None)
    form = CertifyForm(posted(request), lines=lines_said(page.lines))
    problem = ""
    if request.method == "POST" and form.is_valid() & formset.is_valid():
        noted, quantities = reserve_inputs(formset), form.quantities()
        less = any(quantities.get(line.key, line.most) < line.most for line in form.lines)
        if noted or less:
            try:
                services.sign_certificate(
                    actor=request.actor,
                    certificate_id=certificate.pk,
                    reserves=noted,
                    quantities=quantities,
                    note=form.cleaned_data["note"],
                )
            except Invalid as invalid:
                problem = invalid.message
            else:
                done = _("Réception avec réserves : l’entreprise est prévenue.")
                partly = _("Service fait partiel constaté : l’entreprise est prévenue.")
                messages.success(request, done if noted else partly)
                return redirect(_own_url(request, certificate))
        else:
            problem = _("Notez une réserve ou baissez une quantité ; sinon, signez simplement.")
    bad = request.method == "POST"
    context = {
        "form": form,
        "formset": formset,
        "problem": problem,
        "page": page,
        "back": _own_url(request, certificate),
    }
    return render(request, "orders/certificates/reserves.html", context, status=422 if bad else 200)


def _refuse(request: PortalRequest, certificate: Certificate) -> HttpResponseBase:
    return form_page(
        request,
        form=RefuseForm(posted(request)),
        title=_("Refuser le constat de %s") % certificate.order.reference,
        intro=_(
            "L’entreprise reçoit le motif et votre explication, corrige, puis soumet à nouveau."
        ),
        submit=_("Refuser le constat"),
        done=_("Constat refusé : l’entreprise est prévenue."),
        tone="danger",
        back=_own_url(request, certificate),
        save=lambda found: services.refuse_certificate(
            actor=request.actor, certificate_id=certificate.pk, **found
        ),
    )


@by_post
def _seal(request: PortalRequest, certificate: Certificate) -> HttpResponseBase:
    services.ask_seal(actor=request.actor, certificate_id=certificate.pk)
    messages.success(request, _SEALING)
    return redirect(_own_url(request, certificate))


LANDLORD_ACTS: dict[str, Act[Certificate]] = {
    "signer": _sign,
    "avec-reserves": _sign_with_reserves,
    "refuser": _refuse,
    "sceller": _seal,
}
landlord_act = require_http_methods(["GET", "POST"])(landlord_desk(by_action(LANDLORD_ACTS, _find)))


# --- Acts on an order, from its own page --------------------------------------------------------


@by_post
def seal_lifting(request: PortalRequest, order: Order) -> HttpResponseBase:
    """The landlord asks again for the sealed record of lifted reserves."""
    services.ask_lifting_seal(actor=request.actor, order_id=order.pk)
    messages.success(request, _SEALING)
    return redirect(order_url(request, order.pk))


@by_post
def seal_sign_offs(request: PortalRequest, order: Order) -> HttpResponseBase:
    """The landlord asks again for the sealed sign-offs."""
    services.ask_sign_off_seals(actor=request.actor, order_id=order.pk)
    messages.success(request, _SEALING)
    return redirect(order_url(request, order.pk))


def correct(request: PortalRequest, order: Order) -> HttpResponseBase:
    """The contractor corrects what was refused, keeps it or submits it again."""
    lines = lines_due(due_of(order), starting_quantities(order))
    form = CorrectForm(posted(request), initial={"report": starting_report(order)}, lines=lines)
    if request.method == "POST" and form.is_valid():
        try:
            saved = services.correct_certificate(
                actor=request.actor,
                order_id=order.pk,
                report=form.cleaned_data["report"],
                quantities=form.quantities(),
                submit="send" in request.POST,
            )
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            sent = _("Constat soumis : le bailleur est prévenu.")
            kept = _("Correction gardée : le bailleur ne la voit pas encore.")
            messages.success(request, sent if "send" in request.POST else kept)
            return redirect(_own_url(request, saved))
    context = {"form": form, "order": order, "back": order_url(request, order.pk)}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "orders/certificates/correct.html", context, status=status)


def check(request: PortalRequest, order: Order) -> HttpResponseBase:
    """The landlord says what it found of what a tenant had said."""
    return form_page(
        request,
        form=CheckForm(posted(request)),
        title=_("Vérifier ce que signale le locataire"),
        intro=_("Tant que ce n’est pas vérifié, aucun constat n’est signé ni réputé acquis."),
        submit=_("Enregistrer la vérification"),
        done=_("Vérification enregistrée : le locataire et l’entreprise sont prévenus."),
        back=order_url(request, order.pk),
        save=lambda found: services.settle_check(actor=request.actor, order_id=order.pk, **found),
    )


def _reserves(request: PortalRequest) -> HttpResponseBase:
    """What isn't lifted yet, of all orders."""
    context = {"page": open_reserves(request.actor), "side": request.actor.side.value}
    return render(request, "orders/certificates/reserve_page.html", context)


landlord_reserves = require_GET(landlord(_reserves))
contractor_reserves = require_GET(contractor(_reserves))


# --- Reserves -----------------------------------------------------------------------------------


def _find_reserve(request: PortalRequest, pk: UUID) -> Reserve:
    return access.get_reserve(request.actor, pk)


@by_post
def _lift(request: PortalRequest, reserve: Reserve) -> HttpResponseBase:
    services.lift_reserve(actor=request.actor, reserve_id=reserve.pk)
    messages.success(request, _("Réserve levée : l’entreprise est prévenue."))
    return redirect(order_url(request, reserve.order_id))


def _keep(request: PortalRequest, reserve: Reserve) -> HttpResponseBase:
    return form_page(
        request,
        form=KeepForm(posted(request)),
        title=_("Maintenir la réserve n° %s") % reserve.number,
        intro=reserve.text,
        submit=_("Maintenir la réserve"),
        done=_("Réserve maintenue : l’entreprise est prévenue."),
        back=order_url(request, reserve.order_id),
        save=lambda found: services.keep_reserve(
            actor=request.actor, reserve_id=reserve.pk, **found
        ),
    )


def _claim(request: PortalRequest, reserve: Reserve) -> HttpResponseBase:
    return form_page(
        request,
        form=ClaimForm(posted(request), request.FILES or None),
        title=_("Annoncer la reprise de la réserve n° %s") % reserve.number,
        intro=reserve.text,
        submit=_("Annoncer la reprise"),
        done=_("Reprise annoncée : le bailleur est prévenu et vérifie."),
        back=order_url(request, reserve.order_id),
        save=lambda found: services.claim_reserve(
            actor=request.actor, reserve_id=reserve.pk, **found
        ),
    )


def _photo_of(
    request: PortalRequest, reserve: Reserve, photo: StoredFile | None
) -> HttpResponseBase:
    if photo is None:
        raise Http404
    return files.serve(request, photo, order_id=reserve.order_id)


def _photo(request: PortalRequest, reserve: Reserve) -> HttpResponseBase:
    """The defect."""
    return _photo_of(request, reserve, reserve.photo)


def _claim_photo(request: PortalRequest, reserve: Reserve) -> HttpResponseBase:
    """What was put right."""
    return _photo_of(request, reserve, reserve.claim_photo)


_PHOTOS: dict[str, Act[Reserve]] = {"photo": _photo, "photo-reprise": _claim_photo}
LANDLORD_RESERVES: dict[str, Act[Reserve]] = {"lever": _lift, "maintenir": _keep, **_PHOTOS}
CONTRACTOR_RESERVES: dict[str, Act[Reserve]] = {"annoncer": _claim, **_PHOTOS}
landlord_reserve = require_http_methods(["GET", "POST"])(
    landlord_desk(by_action(LANDLORD_RESERVES, _find_reserve))
)
contractor_reserve = require_http_methods(["GET", "POST"])(
    contractor_desk(by_action(CONTRACTOR_RESERVES, _find_reserve))
)
