"""The scope around each request, and refusals turned into answers."""

from __future__ import annotations

import logging
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from nexxio.core import clock
from nexxio.core.errors import Conflict, Refused
from nexxio.core.scoping import Scope, ScopeKind, open_scope

logger = logging.getLogger(__name__)

Next = Callable[[HttpRequest], HttpResponseBase]


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
        if isinstance(exception, Conflict):
            messages.warning(request, conflict_text(exception))
        else:
            messages.error(request, exception.message)
        if getattr(request, "htmx", False):
            response = HttpResponse(status=409)
            response["HX-Refresh"] = "true"
            return response
        back = _referer_path(request)
        if request.method == "POST" and back:
            return redirect(back)
        return render(request, "409.html", {"refusal": exception}, status=409)


def conflict_text(conflict: Conflict) -> str:
    """Return "Déjà fait par … à …" for a person."""
    if not conflict.by or conflict.at is None:
        return conflict.message
    at = timezone.localtime(conflict.at)
    day = "" if at.date() == clock.today() else f" le {at:%d/%m/%Y}"
    return f"Déjà fait par {conflict.by}{day} à {at:%H:%M}. {_rest(conflict.message)}".strip()


def _rest(message: str) -> str:
    state = message.removeprefix("Déjà fait : ")
    return f"État actuel : {state}" if state != message else message


def _referer_path(request: HttpRequest) -> str:
    parts = urlsplit(str(request.META.get("HTTP_REFERER", "")))
    if parts.netloc != request.get_host():
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")
