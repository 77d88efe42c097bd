"""Another company takes an order over: a new order on the same case, and the former one ends."""

from __future__ import annotations

from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.errors import Refused
from orders import events, policies
from orders.models import Order
from orders.services.clauses import company_of
from orders.services.holds import end_hold
from orders.services.moves import lock_order, move_order, move_visit_state, open_visit
from orders.services.reductions import end_reduction
from orders.services.stopping import stop_works
from orders.services.variations import require_none_open
from orders.states import GIVEN_UP, OrderState, StopReason, SupersedeReason

UNDER_WAY = (
    "Un technicien est en route ou sur place pour la commande remplacée : attendez la fin de son"
    " passage, ou appelez l’entreprise pour qu’elle l’annule."
)


def supersede_former(successor: Order, actor: Actor) -> None:
    """End the order that `successor`, which is leaving now, takes the place of.

    Locks the former one. Its appointment is cancelled, its wait ends; works that it has done in
    part stop there and are certified. Raises Refused when it has gone on meanwhile: somebody is
    under way, works are done, or something waits for an answer.
    """
    assert successor.supersedes_id is not None
    former = lock_order(successor.supersedes_id)
    corrects = former.superseded_reason == SupersedeReason.CORRECTED
    same = company_of(successor) == former.contractor_id
    if corrects and not same:
        raise Refused(
            f"Ce brouillon corrige la commande {former.reference} pour la même entreprise, avec ce"
            " qui a été convenu avec elle : gardez un de ses marchés.",
            code="other_company",
        )
    if former.state in GIVEN_UP:  # by another successor, or by its landlord meanwhile
        return
    if same and not corrects:
        raise Refused(
            f"La commande {former.reference} est déjà chez cette entreprise : choisissez le marché"
            " d’une autre, ou annulez ce brouillon.",
            code="same_company",
        )
    if not policies.can_supersede(actor, former):
        raise Refused(
            f"La commande {former.reference} ne peut plus être remplacée : elle a avancé"
            " entre-temps. Ouvrez-la avant de transmettre celle-ci.",
            code="former",
        )
    require_none_open(former, gives_up=True)
    visit = open_visit(former)
    if visit is not None and policies.is_under_way(visit):
        raise Refused(UNDER_WAY, code="visit")
    if visit is not None:
        event = events.VisitCancelled()
        move_visit_state("cancel_visit", visit.pk, former, actor, event=event)
    if former.state == OrderState.PARTLY_DONE:
        stop_works(former, actor, StopReason.SUPERSEDED)
        return
    move_order(
        "supersede",
        former,
        actor,
        event=events.OrderSuperseded(reason=former.superseded_reason),
        changes={"closed_at": clock.now()},
    )
    end_hold(former, actor)
    end_reduction(former, actor)
