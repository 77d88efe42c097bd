"""Entry by a code, and the tenant's pages behind it: the same as behind a link."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from allauth.core import ratelimit
from allauth.core.internal.ratelimit import get_ip
from django.contrib import messages
from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nexxio.core import files, live
from nexxio.core.actors import scope_of
from nexxio.core.entry import services, sessions
from nexxio.core.entry.contacts import SMS, Contact, digits_of, read_contact
from nexxio.core.errors import Invalid, Refused
from nexxio.core.htmx import load_again
from nexxio.core.http import PortalRequest
from nexxio.core.identity.sessions import renew_key
from nexxio.core.models import EntryCode
from orders import access
from orders.views.certificates import sign_off_file
from tenants import entry as followed
from tenants import views
from tenants.forms import CodeForm, ContactForm
from tenants.selectors import follow_page

_ASKED, _ENTERED = "entry_asked", "entry_opened"
_TOO_OFTEN = gettext_lazy("Trop de demandes depuis cet accès à Internet. Réessayez plus tard.")
_WRONG = gettext_lazy("Ce n’est pas le code de ce message. Recopiez ses six chiffres.")


def private(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """View decorator: nobody else keeps the page, and no search engine lists it."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.setdefault("Cache-Control", "private, no-store")
        response["X-Robots-Tag"] = "noindex"
        return response

    return inner


def by_entry(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """View decorator: the visitor entered with a code; the case in the address is his today.

    Without a session he is asked for a code; a case that isn't his is not found. The view runs in
    the tenant's scope.
    """

    @wraps(view)
    def inner(request: Any, case: UUID, *args: Any, **kwargs: Any) -> HttpResponseBase:
        entry = _entry(request)
        if entry is None:
            return _ask_again(request)
        actor = followed.actor_for(entry, case)
        if actor is None:
            raise Http404
        request.actor = actor
        with scope_of(actor):
            request.organisation = followed.landlord_of(actor)
            return view(request, case, *args, **kwargs)

    return private(inner)


@require_http_methods(["GET", "POST"])
@private
def enter(request: HttpRequest) -> HttpResponseBase:
    """Ask for a phone or an address; once entered, the list of what is followed."""
    entry = _entry(request)
    if entry is not None:
        return render(request, "tenants/entry_list.html", {"homes": followed.homes_of(entry)})
    if request.method == "GET":
        return render(request, "tenants/entry_ask.html", {"form": ContactForm()})
    form = ContactForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            asked = _ask(request, read_contact(form.cleaned_data["contact"]))
            request.session[_ASKED] = str(asked.pk)
            return redirect("tenants:enter_code")
        except Invalid as error:
            form.add_error("contact", error.errors["contact"][0])
        except Refused as error:
            form.add_error("contact", error.message)
            status = 429
    return render(request, "tenants/entry_ask.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@private
def enter_code(request: HttpRequest) -> HttpResponseBase:
    """Ask for the code, and open the session that it stands for."""
    asked = None if _entry(request) is not None else _asked(request)
    if asked is None:
        return redirect("tenants:enter")
    form = CodeForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            trial = _try(request, asked, form.cleaned_data["code"])
            if trial is services.Trial.OPENED or trial is services.Trial.OVER:
                return redirect("tenants:enter")
            form.add_error("code", _TOO_OFTEN if trial is None else _WRONG)
            status = 429 if trial is None else 422
    hint = Contact(asked.channel, asked.contact).hint
    context = {"form": form, "hint": hint, "by_sms": asked.channel == SMS}
    return render(request, "tenants/entry_code.html", context, status=status)


@require_POST
@private
def leave(request: HttpRequest) -> HttpResponseBase:
    """Log out: the session ends for every copy of its cookie, and so does the stream."""
    entry = _entry(request)
    if entry is not None:
        services.end_session(entry_id=entry.pk)
        live.silence(live.holder_of_session(request.session.session_key or ""))
        del request.session[_ENTERED]
        messages.success(request, _("Vous êtes déconnecté."))
    return redirect("tenants:enter")


@require_GET
@by_entry
def follow(request: PortalRequest, case: UUID) -> HttpResponseBase:
    """The parcel view, as behind a link."""
    page = follow_page(request.actor)
    if page is None:
        raise Http404
    template = "tenants/follow_body.html" if request.htmx else "tenants/follow.html"
    base = reverse("tenants:case", args=[case])
    talk = views.talk_of(request, page.order, base)
    context = {**talk, "page": page, "base": base, "entered": True}
    return render(request, template, context)


@require_GET
@by_entry
def sign_off(request: PortalRequest, case: UUID, pk: UUID) -> HttpResponseBase:
    """The sealed PDF of what the tenant signed on this case."""
    if access.get_sign_off(request.actor, pk).reader_case_id != case:
        raise Http404
    return sign_off_file(request, pk)


@require_GET
@by_entry
def photo(request: PortalRequest, case: UUID, pk: UUID) -> HttpResponseBase:
    """A photo of the work of this case: the tenant's scope reaches to his former dwellings."""
    found = access.get_photo(request.actor, pk)
    if found.reader_case_id != case:
        raise Http404
    return files.serve(request, found.file, order_id=found.order_id)


@require_GET
@by_entry
def calendar(request: PortalRequest, _case: UUID, pk: UUID) -> HttpResponseBase:
    """The appointment as a calendar file."""
    return views.calendar_of(request, pk)


@require_http_methods(["GET", "POST"])
@by_entry
def talk(request: PortalRequest, case: UUID) -> HttpResponseBase:
    """The messages of the order that is followed; POST sends one."""
    return views.show_talk(request, reverse("tenants:case", args=[case]))


@require_POST
@by_entry
def talk_read(request: PortalRequest, case: UUID) -> HttpResponseBase:
    """Mark what was written to the tenant as read."""
    return views.mark_talk_read(request, reverse("tenants:case", args=[case]))


@require_GET
@by_entry
def attachment(request: PortalRequest, case: UUID, pk: UUID) -> HttpResponseBase:
    """A file of a message of this case."""
    return views.show_attachment(request, case, pk)


@require_POST
@by_entry
def answer_visit(request: PortalRequest, case: UUID, pk: UUID) -> HttpResponseBase:
    """Confirm the appointment, or say that it doesn't suit."""
    views.answer(request, pk)
    return redirect("tenants:case", case)


@require_POST
@by_entry
def not_fixed(request: PortalRequest, case: UUID) -> HttpResponseBase:
    """Say that it isn't fixed: the order is reopened, or the landlord asked to check."""
    return views.report_not_fixed(request, back=reverse("tenants:case", args=[case]))


@require_http_methods(["GET", "POST"])
@by_entry
def sign(request: PortalRequest, case: UUID) -> HttpResponseBase:
    """Sign that it is fixed, or say what isn't."""
    return views.sign_page(request, back=reverse("tenants:case", args=[case]))


@require_GET
@by_entry
def stream_token(request: PortalRequest, case: UUID) -> HttpResponseBase:
    """Answer a fresh stream token while the session stands."""
    holder = live.holder_of_session(request.session.session_key or "")
    token = live.stream_token(holder=holder, channels=[live.channel_for_case(case)])
    return JsonResponse({"token": token})


def _ask(request: HttpRequest, contact: Contact) -> EntryCode:
    """Ask for a code. From one address at most half of a day's: its owner can still ask for his."""
    here = f"{contact.value}:{get_ip(request)}"
    if not (
        ratelimit.consume(request, action="entry_asked")
        and ratelimit.consume(request, action="entry_asked_for", key=here)
    ):
        raise Refused(str(_TOO_OFTEN), code="rate")
    return services.ask_code(contact=contact)


def _try(request: HttpRequest, asked: EntryCode, typed: str) -> services.Trial | None:
    """Try a code and move the session along; None when this address tried too often."""
    if not ratelimit.consume(request, action="entry_tried"):
        return None
    trial = services.try_code(entry_id=asked.pk, typed=digits_of(typed))
    if trial is services.Trial.WRONG:
        return trial
    del request.session[_ASKED]
    if trial is services.Trial.OVER:
        messages.warning(request, _("Ce code ne sert plus. Demandez-en un autre."))
    else:
        renew_key(request)
        request.session[_ENTERED] = str(asked.pk)
    return trial


def _entry(request: HttpRequest) -> EntryCode | None:
    kept = request.session.get(_ENTERED)
    return sessions.open_entry(UUID(kept)) if kept else None


def _asked(request: HttpRequest) -> EntryCode | None:
    kept = request.session.get(_ASKED)
    return sessions.waiting_entry(UUID(kept)) if kept else None


def _ask_again(request: Any) -> HttpResponseBase:
    if request.htmx:
        return load_again(status=401)
    return redirect("tenants:enter")
