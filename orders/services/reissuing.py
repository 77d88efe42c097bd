"""A returned order over the limit of whoever completed it: asking a colleague to send it.

It stays returned meanwhile: its company has seen it, so that there is no way back to approval.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.errors import Conflict, Invalid, Refused
from orders import events, policies
from orders.models import Order
from orders.services.facts import committed_of, facts_of, require_complete
from orders.services.moves import lock_order, record_of_order
from orders.services.standing_in import covers
from orders.states import OrderState


@transaction.atomic
def ask_reissue(*, actor: Actor, order_id: UUID) -> Order:
    """Ask those whose limit covers a returned order to send it again. Locks it.

    Raises Conflict when it isn't returned (any more), Incomplete with what it still lacks, Refused
    when the actor may send it himself, or when that is asked already.
    """
    order = _returned(actor, order_id)
    if policies.awaits_reissue(order):
        raise Refused("La demande est déjà faite : elle attend un collègue.", code="asked")
    require_complete(facts_of(order))
    if covers(actor, committed_of(order)):
        raise Refused("Votre limite couvre le montant : transmettez-la vous-même.", code="limit")
    order.reissue_asked_at = clock.now()
    order.reissue_note = ""
    order.save(update_fields=["reissue_asked_at", "reissue_note"])
    return record_of_order(events.ReissueAsked(), order, actor)


@transaction.atomic
def refuse_reissue(*, actor: Actor, order_id: UUID, reason: str) -> Order:
    """Have it changed first: nobody is asked to send it any more. Locks it.

    Raises Invalid without a reason, Conflict when nobody asks (any more), Refused to whom the
    amount is above, too.
    """
    if not reason.strip():
        raise Invalid({"reason": ["Indiquez ce qui doit changer."]})
    order = _returned(actor, order_id)
    if not policies.awaits_reissue(order):
        raise Conflict("Personne ne demande plus de la transmettre.")
    if not covers(actor, committed_of(order)):
        raise Refused("Le montant dépasse aussi votre limite.", code="limit")
    order.reissue_asked_at = None
    order.reissue_note = reason.strip()[:300]
    order.save(update_fields=["reissue_asked_at", "reissue_note"])
    return record_of_order(events.ReissueRefused(), order, actor)


# --- inside -----------------------------------------------------------------------------------


def _returned(actor: Actor, order_id: UUID) -> Order:
    order = lock_order(order_id)
    if not policies.acts(actor):
        raise Refused("Votre rôle ne le permet pas.", code="role")
    if not policies.can("complete_and_reissue", actor, order):
        text = "Seule une commande à compléter se transmet à nouveau."
        if order.state == OrderState.RETURNED:  # of another side
            raise Refused(text, code="side")
        raise Conflict(text)
    return order
