"""Answers to requests that come from a fragment of a page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def load_again(*, status: int) -> HttpResponse:
    """Answer a fragment's request so that the browser loads its whole page again."""
    return HttpResponse(status=status, headers={"HX-Refresh": "true"})


def go_to(url: str) -> HttpResponse:
    """Answer a fragment's request so that the browser leaves its page for another."""
    return HttpResponse(headers={"HX-Redirect": url})


def is_outbox(request: HttpRequest) -> bool:
    """Tell whether a page sends by script what had to wait (static/js/outbox.js)."""
    return request.headers.get("X-Outbox") == "1"
