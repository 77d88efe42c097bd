"""Pages for developers and for the demo."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from nexxio.core.http import Request


@require_GET
@login_required
def messages_sent(request: Request) -> HttpResponseBase:
    """The demo's outgoing messages."""
    return render(request, "dev/messages.html", {})
