"""Takes queued messages to their channel, outside any transaction."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Protocol

from django.db import transaction

from nexxio.core import clock, links
from nexxio.core.models import Message, MessageState
from nexxio.core.notifications import email, sms
from nexxio.core.notifications.registry import filled, fills
from nexxio.core.scoping import system_scope

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 6
LEASE = timedelta(seconds=60)
# So few at once that even when each waits for its provider's time-out (10 s) the lease holds.
CLAIM = 5


class Sender(Protocol):
    """What a channel's folder offers."""

    def __call__(self, *, address: str, subject: str, text: str) -> None:
        """Send, or raise."""


SENDERS: dict[str, Sender] = {"email": email.send, "sms": sms.send}


def send_due(limit: int = 200) -> int:
    """Send the messages that are due; returns how many left.

    Each is claimed by moving its next attempt a minute ahead, then sent without any lock held:
    a slow provider holds nobody up, and a killed worker's message is sent by the next one. Few
    are claimed at a time, so that nobody else takes a message that still waits for its turn.
    """
    sent = tried = 0
    with system_scope("notifications: send"):
        while tried < limit and (claimed := _claim(min(CLAIM, limit - tried))):
            tried += len(claimed)
            for message in claimed:
                sent += _send(message)
    return sent


def _claim(limit: int) -> list[Message]:
    with transaction.atomic():
        due = list(
            Message.objects.filter(state=MessageState.QUEUED, next_attempt_at__lte=clock.now())
            .order_by("next_attempt_at")
            .select_for_update(skip_locked=True, of=("self",))[:limit]
        )
        Message.objects.filter(pk__in=[message.pk for message in due]).update(
            next_attempt_at=clock.now() + LEASE
        )
    return due


def last_messages(count: int) -> list[tuple[Message, str]]:
    """Return what left last, of every landlord, with its text as it left.

    For the administration process only.
    """
    with system_scope("notifications: last messages"):
        found = Message.objects.order_by("-created_at")[:count]
        return [(message, rendered_text(message)) for message in found]


def rendered_text(message: Message) -> str:
    """Return the text as it leaves: its words put in, in a phone's alphabet for an SMS.

    Runs in a system scope.
    """
    text = filled(message)
    return sms.fold(text) if message.channel == "sms" else text


@fills("link")
def link_url(message: Message) -> str:
    """Return the address of the message's link."""
    return links.url_of(message.link_id) if message.link_id else ""


def _send(message: Message) -> int:
    try:
        SENDERS[message.channel](
            address=message.address, subject=message.subject, text=rendered_text(message)
        )
    except Exception as error:  # noqa: BLE001 (each provider has its own; all mean "not sent")
        _fail(message, error)
        return 0
    message.state = MessageState.SENT
    message.sent_at = clock.now()
    message.attempts += 1
    message.save(update_fields=["state", "sent_at", "attempts"])
    return 1


def _fail(message: Message, error: Exception) -> None:
    logger.warning("message %s not sent: %s", message.pk, type(error).__name__)
    message.attempts += 1
    message.error = f"{type(error).__name__}: {error}"[:500]
    message.next_attempt_at = clock.now() + timedelta(seconds=2**message.attempts * 5)
    if message.attempts >= MAX_ATTEMPTS:
        message.state = MessageState.FAILED
        _fall_back(message)
    message.save(update_fields=["attempts", "error", "next_attempt_at", "state"])


def _fall_back(message: Message) -> None:
    """Try the next channel that this person has."""
    if not message.fallbacks:
        return
    (channel, address), *rest = message.fallbacks
    Message.objects.bulk_create(
        [
            Message(
                landlord_id=message.landlord_id,
                event_id=message.event_id,
                link_id=message.link_id,
                kind=message.kind,
                channel=channel,
                address=address,
                fallbacks=rest,
                subject=message.subject,
                text=message.text,
                next_attempt_at=clock.now(),
            )
        ],
        ignore_conflicts=True,
    )
