"""The outermost of our middleware: each request has a reference, one log line and its figures."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponseBase

from nexxio.ops import metrics, scrub

logger = structlog.stdlib.get_logger("nexxio.request")

HEADER = "X-Request-ID"
_LEGAL = re.compile(r"[A-Za-z0-9._-]{8,64}")
# Asked every few seconds by machines.
_QUIET = frozenset({"ops:alive", "ops:ready", "ops:metrics"})


def reference() -> str:
    """Return the reference of the current request, or "" outside one."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


class RequestMiddleware:
    """Takes the proxy's X-Request-ID or makes one; binds it to every log line; answers it.

    The line says view, status and time: no client's address, no browser, no person, and link
    tokens masked.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(HEADER, "")
        request_id = given if _LEGAL.fullmatch(given) else secrets.token_hex(8)
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            seconds = time.perf_counter() - began
            match = request.resolver_match
            view = match.view_name if match else "none"
            metrics.observe_request(view, request.method or "", response.status_code, seconds)
            log = logger.debug if view in _QUIET else logger.info
            log(
                "request",
                method=request.method,
                path=scrub.text(request.path),
                view=view,
                status=response.status_code,
                ms=round(seconds * 1000, 1),
            )
        response[HEADER] = request_id
        return response
