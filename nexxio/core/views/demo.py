"""The demo's outbox, so that a visitor can open the link that a tenant got."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from nexxio.core.notifications.sending import last_messages, rendered_text


@require_GET
def messages_sent(request: HttpRequest) -> HttpResponseBase:
    """Show the last messages of all. Routed on the demo's administration process only."""
    found = last_messages(60)
    for message in found:
        message.shown = rendered_text(message)  # type: ignore[attr-defined]
    return render(request, "dev/messages.html", {"messages_sent": found})
