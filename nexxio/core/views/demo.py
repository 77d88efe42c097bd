"""The demo's outbox, so that a visitor can open the link that a tenant got."""

from __future__ import annotations

import email
import io
from email.policy import default
from typing import TypedDict

from django.conf import settings
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from nexxio.core.entry.sending import text_of
from nexxio.core.entry.sessions import last_entries
from nexxio.core.notifications.sending import last_messages

_ACCOUNT = str(settings.ACCOUNT_EMAIL_SUBJECT_PREFIX)


@require_GET
def messages_sent(request: HttpRequest) -> HttpResponseBase:
    """Show the last messages of all. Routed on the demo's administration process only."""
    found = [{"message": message, "text": text} for message, text in last_messages(60)]
    codes = [
        {"channel": entry.channel, "contact": entry.contact, "text": text_of(entry)}
        for entry in last_entries(5)
    ]
    context = {"messages_sent": found, "mails": _mails(), "codes": codes}
    return render(request, "dev/messages.html", context)


@require_GET
def log_ins(_request: HttpRequest) -> HttpResponseBase:
    """Tell who can log in, as text: what `make run` prints. Routed as the page above."""
    text = io.StringIO()
    call_command("demo_logins", stdout=text)
    return HttpResponse(text.getvalue(), content_type="text/plain; charset=utf-8")


class Mail(TypedDict):
    """A mail of an account, such as a log-in code, that the file backend has kept."""

    address: str
    subject: str
    text: str


def _mails(most: int = 10) -> list[Mail]:
    """Return the last mails that didn't go through the notification registry."""
    folder = settings.DATA_DIR / "mail"
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True)
    found: list[Mail] = []
    for file in files[: 10 * most]:
        raw, *_rest = file.read_bytes().split(b"\n" + b"-" * 79)
        mail = email.message_from_bytes(raw, policy=default)
        body = mail.get_body(("plain",))
        if body is not None and str(mail["Subject"]).startswith(_ACCOUNT):
            found.append(
                {
                    "address": str(mail["To"]),
                    "subject": str(mail["Subject"]),
                    "text": body.get_content(),
                }
            )
    return found[:most]
