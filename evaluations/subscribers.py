"""Reactions to events: who is asked after an order, and when both sides have answered."""

from __future__ import annotations

from dataclasses import replace

from evaluations import services
from nexxio.core.actors import SYSTEM
from nexxio.core.models import Event
from nexxio.core.subscriptions import subscribe


@subscribe("evaluations_ask", "order.done")
def ask(event: Event) -> None:
    """Ask the tenant, and both houses when something stood out. Idempotent."""
    if event.order_id is not None:
        actor = replace(SYSTEM, organisation_id=event.landlord_id)
        services.invite_for_order(actor=actor, order_id=event.order_id)


@subscribe("evaluations_reveal", "evaluation.answered")
def reveal(event: Event) -> None:
    """Show both sides theirs once both have given it. Idempotent.

    Of a company's the event is its own, so the landlord's row is found by the evaluation.
    """
    services.reveal_if_both(actor=SYSTEM, evaluation_id=event.subject_id)
