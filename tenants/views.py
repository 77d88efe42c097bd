"""The tenant's pages, opened by a link: follow, answer an appointment, say it isn't fixed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nexxio.core import files
from nexxio.core.attachments import PDF
from nexxio.core.errors import Invalid, Refused
from nexxio.core.http import PortalRequest, by_link, no_such_link, posted_id
from nexxio.core.models import LinkPurpose
from orders import access, services
from orders.calendars import calendar_response
from orders.certificate_forms import SignOffForm
from orders.models import Order
from orders.services.sign_offs import MENTION
from orders.views.certificates import sign_off_file
from orders.views.talk import send, talk_context
from tenants.selectors import follow_page


@require_GET
@by_link(LinkPurpose.FOLLOW)
def follow(request: PortalRequest, token: str) -> HttpResponseBase:
    """The parcel view. The same template answers the page and its live fragment."""
    page = follow_page(request.actor)
    if page is None:
        return no_such_link(request)
    template = "tenants/follow_body.html" if request.htmx else "tenants/follow.html"
    base = reverse("tenants:follow", args=[token])
    context = {"page": page, "base": base, **talk_of(request, page.order, base)}
    return render(request, template, context)


@require_GET
@by_link(LinkPurpose.FOLLOW)
def photo(request: PortalRequest, token: str, pk: UUID) -> HttpResponseBase:
    """A photo of the work."""
    found = access.get_photo(request.actor, pk)
    return files.serve(request, found.file, order_id=found.order_id)


@require_GET
@by_link(LinkPurpose.FOLLOW)
def sign_off(request: PortalRequest, token: str, pk: UUID) -> HttpResponseBase:
    """The sealed PDF of what the tenant signed."""
    return sign_off_file(request, pk)


@require_GET
@by_link(LinkPurpose.FOLLOW)
def calendar(request: PortalRequest, token: str, pk: UUID) -> HttpResponseBase:
    """The appointment as a calendar file."""
    return calendar_of(request, pk)


@require_http_methods(["GET", "POST"])
@by_link(LinkPurpose.FOLLOW)
def talk(request: PortalRequest, token: str) -> HttpResponseBase:
    """The messages of the order that is followed; POST sends one."""
    return show_talk(request, reverse("tenants:follow", args=[token]))


@require_POST
@by_link(LinkPurpose.FOLLOW)
def talk_read(request: PortalRequest, token: str) -> HttpResponseBase:
    """Mark what was written to the tenant as read."""
    return mark_talk_read(request, reverse("tenants:follow", args=[token]))


@require_GET
@by_link(LinkPurpose.FOLLOW)
def attachment(request: PortalRequest, token: str, pk: UUID) -> HttpResponseBase:
    """A file of a message."""
    return show_attachment(request, request.actor.case_id, pk)


@require_POST
@by_link(LinkPurpose.CHOOSE_SLOT)
def answer_visit(request: PortalRequest, token: str, pk: UUID) -> HttpResponseBase:
    """Confirm the appointment, or say that it doesn't suit."""
    answer(request, pk)
    return redirect("tenants:follow", token)


@require_POST
@by_link(LinkPurpose.FOLLOW)
def not_fixed(request: PortalRequest, token: str) -> HttpResponseBase:
    """Say that it isn't fixed: the order is reopened, or the landlord asked to check."""
    return report_not_fixed(request, back=reverse("tenants:follow", args=[token]))


@require_http_methods(["GET", "POST"])
@by_link(LinkPurpose.FOLLOW)
def sign(request: PortalRequest, token: str) -> HttpResponseBase:
    """Sign that it is fixed, or say what isn't."""
    return sign_page(request, back=reverse("tenants:follow", args=[token]))


def sign_page(request: PortalRequest, *, back: str) -> HttpResponseBase:
    """Show what may be signed and keep it, however the tenant came in."""
    page = follow_page(request.actor)
    if page is None:
        raise Http404
    part = page.sign_off
    # Once he has signed, or it is paid, what is left to say is that it isn't fixed.
    complains = request.POST.get("answer", "") == "non" or "non" in request.GET
    if not (part.can_sign or (part.can_contest and complains)):
        done = "C’est déjà signé, merci." if part.is_settled else ""
        messages.info(request, done or "Il n’y a rien à signer pour l’instant.")
        return redirect(back)
    said = {"answer": "non" if "non" in request.GET else None, "note": request.GET.get("motif")}
    form = SignOffForm(request.POST if request.method == "POST" else None, initial=said)
    if request.method == "POST" and form.is_valid():
        try:
            signed = services.sign_from_afar(actor=request.actor, data=form.sign_off_input())
        except Invalid as invalid:
            for name, found in invalid.errors.items():
                form.add_error(name if name in form.fields else None, found)
        else:
            fixed = "Merci, c’est signé."
            open_ = "C’est noté et signé : votre bailleur vérifie et vous répond."
            messages.success(request, fixed if signed.satisfied else open_)
            return redirect(back)
    context = {"page": page, "form": form, "back": back, "mention": MENTION}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "tenants/sign.html", context, status=status)


WISHES = {
    "matin": "plutôt le matin",
    "apres-midi": "plutôt l’après-midi",
    "soir": "plutôt en fin de journée",
}


def calendar_of(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Answer an appointment of the case as a calendar file, however its tenant came in."""
    visit = access.get_visit(request.actor, pk)
    if visit.reader_case_id != request.actor.case_id:
        raise Http404
    return calendar_response(visit, with_place=False)


def answer(request: PortalRequest, pk: UUID) -> None:
    """Take a tenant's answer to an appointment, however he came in."""
    if access.get_visit(request.actor, pk).reader_case_id != request.actor.case_id:
        raise Http404
    answered = request.POST.get("reponse")
    if answered == "oui" and "creneau" in request.POST:
        slot_id = posted_id(request, "creneau")
        services.choose_slot(actor=request.actor, visit_id=pk, slot_id=slot_id)
        messages.success(request, "Merci, votre rendez-vous est confirmé.")
    elif answered == "autre":
        slot_id = posted_id(request, "creneau")
        services.switch_slot(actor=request.actor, visit_id=pk, slot_id=slot_id)
        messages.success(request, "C’est noté : votre rendez-vous est déplacé.")
    elif answered == "libre":
        start = _moment(request.POST.get("debut", ""))
        services.take_window(actor=request.actor, visit_id=pk, start=start)
        messages.success(request, "C’est noté : votre rendez-vous est fixé.")
    elif answered == "oui":
        services.confirm_visit(actor=request.actor, visit_id=pk)
        messages.success(request, "Merci, votre rendez-vous est confirmé.")
    elif answered == "non":
        wish = WISHES.get(request.POST.get("souhait", ""))
        reason = "Créneau impossible pour le locataire" + (f" ; {wish}" if wish else "")
        services.cancel_visit(actor=request.actor, visit_id=pk, reason=reason)
        messages.success(request, "C’est noté : l’entreprise va vous proposer un autre créneau.")
    elif answered in ("present", "empeche"):
        services.answer_absence(actor=request.actor, visit_id=pk, was_here=answered == "present")
        messages.success(request, _ANSWERED[answered])
    elif answered == "pas-venu":
        services.declare_no_show(actor=request.actor, visit_id=pk)
        messages.success(request, "C’est noté : l’entreprise doit vous proposer un autre créneau.")
    else:
        raise Http404


_ANSWERED = {
    "present": "C’est noté, avec l’heure : votre bailleur et l’entreprise le voient aussitôt.",
    "empeche": "C’est noté : l’entreprise va vous proposer un autre rendez-vous.",
}


def _moment(text: str) -> datetime:
    """Return the instant that a button names. Raises Http404 for what is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
    if found.tzinfo is None:
        raise Http404
    return found


def talk_of(request: PortalRequest, order: Order, base: str) -> dict[str, Any]:
    """Return what the page shows of the order's messages; nothing for its own live fragment."""
    if request.htmx:
        return {}
    files_base = f"{base}pieces/"
    return talk_context(request, order, base=f"{base}messages/", files_base=files_base)


def show_talk(request: PortalRequest, base: str) -> HttpResponseBase:
    """Show the messages of the followed order as a page, or take one. base: the case's page."""
    order = _followed(request)
    form = None
    if request.method == "POST":
        form, answer = send(request, order, back=f"{base}#talk")
        if answer is not None:
            return answer
    context = talk_context(request, order, base=f"{base}messages/", files_base=f"{base}pieces/") | {
        "back": base,
        "layout": "layouts/tenant.html",
    }
    if form is not None:
        context["talk_form"] = form
    return render(request, "orders/talk/page.html", context, status=422 if form else 200)


def mark_talk_read(request: PortalRequest, base: str) -> HttpResponseBase:
    """Mark the messages of the followed order as read."""
    services.mark_read(actor=request.actor, order_id=_followed(request).pk)
    return HttpResponse(status=204) if request.htmx else redirect(f"{base}messages/")


def show_attachment(request: PortalRequest, case: UUID | None, pk: UUID) -> HttpResponseBase:
    """A file of a message of this case: the tenant's scope reaches to his former dwellings."""
    stored, order_id = access.get_attachment(request.actor, pk)
    if stored.reader_case_id != case:
        raise Http404
    is_pdf = stored.media_type == PDF
    return files.serve(request, stored, download=is_pdf, order_id=order_id)


def _followed(request: PortalRequest) -> Order:
    page = follow_page(request.actor)
    if page is None:
        raise Http404
    return page.order


def report_not_fixed(request: PortalRequest, *, back: str) -> HttpResponseBase:
    """Reopen the order of the case that the tenant follows.

    The 72 hours end a clock and not the right to report: after them what he typed goes on to the
    page on which he signs that it isn't fixed, and the landlord checks.
    """
    page = follow_page(request.actor)
    if page is None:
        raise Http404
    reason = request.POST.get("motif", "")
    if not page.can_reopen and page.sign_off.can_contest:
        return redirect(f"{back}signature/?{urlencode({'non': '', 'motif': reason[:200]})}")
    try:
        services.reopen_order(actor=request.actor, order_id=page.order.pk, reason=reason)
    except Refused as refused:
        if refused.code != "checked":
            raise
        return redirect(f"{back}signature/?{urlencode({'non': '', 'motif': reason[:200]})}")
    messages.success(request, "C’est noté : l’entreprise doit revenir. Vous serez prévenu.")
    return redirect(back)
