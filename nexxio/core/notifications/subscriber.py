"""The durable subscriber that turns events into bell rows and messages."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from nexxio.core import clock, live
from nexxio.core.models import Event, Message, MessageState, Notification
from nexxio.core.notifications.preferences import mutes_of
from nexxio.core.notifications.registry import Kind, Notice, kinds_for
from nexxio.core.subscriptions import subscribe


@subscribe("notifications", "*")
def notify(event: Event) -> None:
    """Keep what people are to be told of an event. Idempotent: each row is unique by event."""
    for kind in kinds_for(event.kind):
        told = list(kind.build(event))
        mutes = mutes_of(kind, event.kind, told)
        for notice in told:
            if not mutes.silences(notice):
                _ring(event, kind, notice)
            _write(event, kind, notice, mutes.channels(notice))


def _ring(event: Event, kind: Kind, notice: Notice) -> None:
    organisation_id = notice.bell_organisation_id
    if notice.bell_user_id is None or organisation_id is None or "bell" not in kind.channels:
        return
    Notification.objects.bulk_create(
        [
            Notification(
                user_id=notice.bell_user_id,
                organisation_id=organisation_id,
                event=event,
                kind=kind.name,
                title=notice.title[:200],
                url=notice.url,
            )
        ],
        ignore_conflicts=True,
    )
    channel = live.channel_for_organisation(organisation_id)
    transaction.on_commit(lambda: live.publish([(channel, "bell")]), robust=True)


def _write(event: Event, kind: Kind, notice: Notice, muted: Collection[str]) -> None:
    ways = kind.channels - set(muted)
    addresses = [pair for pair in notice.addresses if pair[0] in ways and pair[1]]
    if not addresses:
        return
    (channel, address), *fallbacks = addresses
    if notice.line and _is_added(event, kind, notice, channel, address):
        return
    Message.objects.bulk_create(
        [
            Message(
                landlord_id=event.landlord_id,
                event=event,
                link_id=notice.link_id,
                kind=kind.name,
                channel=channel,
                address=address,
                fallbacks=fallbacks,
                subject=notice.title[:200],
                text=notice.text or notice.title,
                next_attempt_at=max(notice.not_before or clock.now(), clock.now()),
            )
        ],
        ignore_conflicts=True,
    )


def _is_added(event: Event, kind: Kind, notice: Notice, channel: str, address: str) -> bool:
    """Add a line to what still waits for the same address; tell whether there was something."""
    waiting = (
        Message.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(
            landlord_id=event.landlord_id,
            kind=kind.name,
            channel=channel,
            address=address,
            state=MessageState.QUEUED,
            attempts=0,
            next_attempt_at__gt=clock.now(),
        )
        .exclude(event_id=event.pk)
        .first()
    )
    if waiting is None:
        return False
    if notice.line not in waiting.text:
        waiting.text = f"{waiting.text}\n{notice.line}"
        waiting.save(update_fields=["text"])
    return True
