"""The scope around each request, and refusals turned into answers."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from nexxio.core import clock
from nexxio.core.errors import BUSY, Conflict, Refused
from nexxio.core.htmx import is_outbox, load_again
from nexxio.core.scoping import Scope, ScopeKind, open_scope
from nexxio.core.templatetags import ui

logger = logging.getLogger(__name__)

Next = Callable[[HttpRequest], HttpResponseBase]


class PlainTextMiddleware:
    """Takes NUL out of query strings and forms: PostgreSQL stores and compares no text with it.

    The one place for it, so that no view has to think of it. Stands after the check of the CSRF
    token, which reads the form first.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.GET = _plain(request.GET)  # type: ignore[assignment]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_args: Any) -> None:
        """Clean the form, once it is known that a view wants it."""
        if request.method == "POST":
            request.POST = _plain(request.POST)  # type: ignore[assignment]


def _plain(data: QueryDict) -> QueryDict:
    if not any("\0" in text for pair in data.lists() for text in (pair[0], *pair[1])):
        return data
    clean = QueryDict(mutable=True, encoding=data.encoding)
    for name, values in data.lists():
        clean.setlist(name.replace("\0", ""), [value.replace("\0", "") for value in values])
    clean._mutable = False
    return clean


class HeadersMiddleware:
    """Headers that neither Django nor django-csp sets."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class ScopeMiddleware:
    """Each request starts from its user's own scope (memberships and bell), or from none."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        scope = None
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            scope = Scope(kind=ScopeKind.USER, user_id=request.user.pk)
        with open_scope(scope):
            return self.get_response(request)


class RefusalMiddleware:
    """Turns a service's refusal into an answer that keeps the person on the page.

    A view that can show the refusal beside a form catches it itself; this is for buttons.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """Answer Conflict with "déjà fait par … à …" on the fresh page, Refused with its reason."""
        if not isinstance(exception, Refused):
            return None
        if is_outbox(request):
            text = exception.message
            if isinstance(exception, Conflict):
                text = conflict_text(exception)
            status = 503 if exception.code == BUSY else 409
            return JsonResponse({"errors": [text]}, status=status)
        if isinstance(exception, Conflict):
            messages.warning(request, conflict_text(exception))
        else:
            messages.error(request, exception.message)
        if getattr(request, "htmx", False):
            return load_again(status=409)
        back = _referer_path(request)
        if request.method == "POST" and back:
            return redirect(back)
        return render(request, "409.html", {"refusal": exception}, status=409)


def conflict_text(conflict: Conflict) -> str:
    """Return "Déjà fait par … à …" for a person."""
    if not conflict.by or conflict.at is None:
        return conflict.message
    at = timezone.localtime(conflict.at)
    said = f"à {ui.hour(at)}" if at.date() == clock.today() else ui.moment(at, "near")
    return f"Déjà fait par {conflict.by} {said}. {_rest(conflict.message)}".strip()


def _rest(message: str) -> str:
    state = message.removeprefix("Déjà fait : ")
    return f"État actuel : {state}" if state != message else message


def _referer_path(request: HttpRequest) -> str:
    """Return where the person comes from, when that is a page of ours."""
    referer = str(request.META.get("HTTP_REFERER", ""))
    if not url_has_allowed_host_and_scheme(referer, allowed_hosts={request.get_host()}):
        return ""
    parts = urlsplit(referer)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    # "//elsewhere/" as a path would be another host's address.
    return path if url_has_allowed_host_and_scheme(path, allowed_hosts=None) else ""
