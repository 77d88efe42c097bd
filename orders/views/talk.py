"""The conversation of an order, on both portals: read, write, mark as read, open a file."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nexxio.core import files
from nexxio.core.actors import Actor, Role, Side
from nexxio.core.attachments import PDF
from nexxio.core.errors import Invalid
from nexxio.core.htmx import is_outbox
from nexxio.core.http import PortalRequest, portal
from orders import access, policies, services
from orders.models import Order
from orders.selectors.talk import NOTE, conversation
from orders.talk_forms import TalkForm
from orders.talk_policies import can_mark_read
from orders.views.common import add_errors

landlord = portal(Side.LANDLORD)
contractor = portal(Side.CONTRACTOR)


def talk_context(
    request: PortalRequest, order: Order, *, base: str, files_base: str
) -> dict[str, Any]:
    """Return what templates/orders/talk/part.html shows.

    base: the conversation's address; files_base: what stands before a file's key in its own.
    """
    talk = conversation(request.actor, order, before=_moment(request.GET.get("avant", "")))
    return {
        "order": order,
        "side": request.actor.side.value,
        "talk": talk,
        "talk_form": TalkForm(choices=talk.choices) if talk.choices else None,
        "talk_base": base,
        "talk_files": files_base,
        "talk_owner": owner_of(request.actor),
    }


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def portal_context(request: PortalRequest, order: Order) -> dict[str, Any]:
    """Return the same on a portal."""
    side, slug = request.actor.side.value, request.organisation.slug
    address = reverse(f"orders:{side}_file", args=[slug, order.pk])
    return talk_context(
        request,
        order,
        base=talk_url(request, order.pk),
        files_base=address.removesuffix(f"{order.pk}/"),
    )


def owner_of(actor: Actor) -> str:
    """Return whose what waits in a browser is: it is sent in nobody else's name."""
    return str(actor.membership_id or actor.link_id or actor.tenant_id)


def talk_url(request: PortalRequest, order_id: UUID) -> str:
    """Return the address of an order's conversation on its reader's portal."""
    side = request.actor.side.value
    return reverse(f"orders:{side}_talk", args=[request.organisation.slug, order_id])


def send(
    request: PortalRequest, order: Order, *, back: str
) -> tuple[TalkForm, HttpResponseBase | None]:
    """Take what was written; return the form, and the answer when it went.

    A script that sends by itself (static/js/outbox.js) is answered without a page. Raises
    PermissionDenied for a role that only looks.
    """
    choices = conversation(request.actor, order).choices
    if not choices:
        raise PermissionDenied
    form = TalkForm(request.POST, request.FILES, choices=choices)
    if form.is_valid():
        try:
            _write(request.actor, order, form)
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            if is_outbox(request):
                return form, HttpResponse(status=204)
            messages.success(request, _("Message envoyé."))
            return form, redirect(back)
    if is_outbox(request):
        return form, refusal(form)
    return form, None


def _write(actor: Actor, order: Order, form: TalkForm) -> None:
    data = form.cleaned_data
    words = {"text": data["text"], "uploads": data["uploads"], "send_key": form.key()}
    if data["audience"] == NOTE:
        services.write_note(actor=actor, order_id=order.pk, **words)
    else:
        services.send_message(actor=actor, order_id=order.pk, audience=data["audience"], **words)


def refusal(*forms: Any) -> JsonResponse:
    """Answer a script why a form, or one of several, was refused, and in which field, in words."""
    words = [
        f"{_name(form, field)}{error}"
        for form in forms
        for field, found in form.errors.items()
        for error in found
    ]
    return JsonResponse({"errors": words}, status=422)


def _name(form: Any, field: str) -> str:
    """Name a field before what is wrong with it; what asks a question needs no name."""
    label = str(form.fields[field].label) if field in form.fields else ""
    return "" if not label or label.endswith("?") else f"{label} : "


def _page(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The conversation as a page of its own, and its live fragment; POST sends."""
    order = access.get_order(request.actor, pk)
    base = talk_url(request, order.pk)
    form = None
    if request.method == "POST":
        form, answer = send(request, order, back=f"{base}#talk-end")
        if answer is not None:
            return answer
    context = portal_context(request, order)
    if form is not None:
        context["talk_form"] = form
    field = request.actor.side is Side.CONTRACTOR and not request.actor.has(
        *policies.DESK, Role.READER
    )
    context |= {
        "layout": "layouts/field.html" if field else "layouts/office.html",
        "back": _back(request, order, field=field),
    }
    return render(request, "orders/talk/page.html", context, status=422 if form else 200)


def _back(request: PortalRequest, order: Order, *, field: bool) -> str:
    slug = request.organisation.slug
    if field:
        return reverse("orders:field_day", args=[slug])
    return reverse(f"orders:{request.actor.side.value}_detail", args=[slug, order.pk])


def _read(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Mark what was written to the reader's side as read."""
    order = access.get_order(request.actor, pk)
    if not can_mark_read(request.actor):
        raise PermissionDenied
    services.mark_read(actor=request.actor, order_id=order.pk)
    if request.htmx:
        return HttpResponse(status=204)
    return redirect(talk_url(request, order.pk))


def _file(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    stored, order_id = access.get_attachment(request.actor, pk)
    is_pdf = stored.media_type == PDF
    return files.serve(request, stored, download=is_pdf, order_id=order_id)


landlord_talk = require_http_methods(["GET", "POST"])(landlord(_page))
contractor_talk = require_http_methods(["GET", "POST"])(contractor(_page))
landlord_read = require_POST(landlord(_read))
contractor_read = require_POST(contractor(_read))
landlord_file = require_GET(landlord(_file))
contractor_file = require_GET(contractor(_file))
