"""The live pages' subscriber: each event becomes keys on channels, and nothing else."""

from __future__ import annotations

from nexxio.core import live
from nexxio.core.models import Event
from nexxio.core.subscriptions import subscribe_batch


@subscribe_batch("push", "*")
def push(events: list[Event]) -> None:
    """Tell every page that shows one of these things to ask again."""
    messages: dict[tuple[str, str], None] = {}
    for event in events:
        for message in messages_of(event):
            messages[message] = None
    live.publish(messages)


def messages_of(event: Event) -> list[tuple[str, str]]:
    """Return (channel, key) pairs: organisations that may read it, the order's paper, links."""
    keys = [f"{event.subject_type}.{event.subject_id}"]
    if event.order_id and event.subject_type != "order":
        keys.append(f"order.{event.order_id}")
    if event.order_id:
        keys.append("orders")
    channels = [live.channel_for_organisation(event.landlord_id)]
    if event.contractor_id:
        channels.append(live.channel_for_organisation(event.contractor_id))
    found = [(channel, key) for channel in channels for key in keys]
    if event.order_id and event.contractor_id:
        key = f"order.{event.order_id}"
        found.append((live.channel_for_order(event.order_id), key))
    if event.reader_case_id:
        key = f"case.{event.reader_case_id}"
        found.append((live.channel_for_case(event.reader_case_id), key))
    return found
