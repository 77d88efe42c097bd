"""Reactions to events: blocks open and close by themselves when a fact changes."""

from __future__ import annotations

from dataclasses import replace

from contractors import services
from nexxio.core.actors import SYSTEM
from nexxio.core.models import Event
from nexxio.core.subscriptions import subscribe


@subscribe(
    "blocks",
    "order.done",
    "order.certified",
    "order.reopened",
    "order.cancelled",
    "order.superseded",
    "order.commitment_given",
    "certificate.submitted",
    "certificate.signed",
    "certificate.refused",
    "certificate.tacit",
    "certificate.expired",
    "variation.asked",
    "variation.granted",
    "variation.partly_granted",
    "variation.rejected",
    "variation.withdrawn",
    "regularisation.*",
    "reserve.*",
    "sign_off.*",
    "visit.done",
    "visit.photo_added",
    "invoice.*",
    "block.closed",  # what was said may have hidden a fact
)
def look_again(event: Event) -> None:
    """Look at the order's facts again. Idempotent: what hasn't changed stays as it is."""
    if event.order_id is not None:
        actor = replace(SYSTEM, organisation_id=event.landlord_id)
        services.look_at_order(actor=actor, order_id=event.order_id)


@subscribe("order_closing", "invoice.paid", "order.certified", "sign_off.checked")
def close_what_is_settled(event: Event) -> None:
    """Close the order once it is certified and nothing is left to pay. Idempotent."""
    if event.order_id is not None:
        actor = replace(SYSTEM, organisation_id=event.landlord_id)
        services.close_if_settled(actor=actor, order_id=event.order_id)
