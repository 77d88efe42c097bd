"""Writes of who comes to an order in its contractor's place. The order is locked first."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from contractors import policies
from contractors import subcontract_events as events
from contractors.models import NamedSubcontractor, SubcontractShare
from contractors.services.subcontract_facts import can_come
from contractors.states import ENDED
from nexxio.core.actors import Actor
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Invalid, Refused
from nexxio.core.outbox import record
from orders.services.moves import lock_order

MOST = 10


@transaction.atomic
def name_subcontractor(
    *, actor: Actor, order_id: UUID, subcontract_id: UUID | None = None, name: str = ""
) -> NamedSubcontractor:
    """Say who comes to an order: one that is declared on its contract, or a free name.

    A free name without an accepted declaration blocks the order's invoice (B16). Locks the order.
    Raises Refused for another role and an order that is over, Invalid without anybody, twice the
    same, and for somebody who isn't declared there.
    """
    order = lock_order(order_id)
    if order.contractor_id is None or not policies.names_subcontractors(actor, order):
        raise Refused("Aucun sous-traitant ne peut être nommé sur cette commande.", code="state")
    declared = {one.pk: one for one in can_come(order.landlord_id, order.contract_id)}
    typed = " ".join(name.split())[:120]
    found = declared.get(subcontract_id) if subcontract_id is not None else None
    if subcontract_id is not None and found is None:
        raise Invalid({"subcontract": ["Choisissez un sous-traitant de ce marché."]})
    if found is None:
        if not typed:
            raise Invalid({"name": ["Choisissez un sous-traitant déclaré, ou tapez son nom."]})
        same = (one for one in declared.values() if one.name.casefold() == typed.casefold())
        found = next(same, None)
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    if NamedSubcontractor.objects.filter(**own).count() >= MOST:
        raise Invalid({"name": [f"Une commande nomme au plus {MOST} sous-traitants."]})
    named = NamedSubcontractor(
        **own,
        contractor_id=order.contractor_id,
        name=found.name if found else typed,
        subcontract=found,
    )
    with explained():
        named.save(force_insert=True)
    record(
        events.SubcontractorNamed(),
        actor=actor,
        subject=order,
        subject_type="order",
        order_id=order.pk,
    )
    return named


@transaction.atomic
def forget_subcontractor(*, actor: Actor, named_id: UUID) -> None:
    """Say that somebody who was named doesn't come. Locks the order.

    Raises Refused while an invoice of the order gives him a part.
    """
    named = NamedSubcontractor.objects.get(pk=named_id)
    order = lock_order(named.order_id)
    if not policies.names_subcontractors(actor, order):
        raise Refused("Cette commande ne peut plus changer.", code="state")
    parts = SubcontractShare.objects.filter(
        landlord_id=order.landlord_id,
        subcontract=named.subcontract,
        invoice__order_id=order.pk,
    )
    if named.subcontract is not None and parts.exclude(invoice__state__in=ENDED).exists():
        text = "Une facture de cette commande lui donne une part : retirez-la d’abord."
        raise Refused(text, code="share")
    named.delete()
    record(
        events.SubcontractorForgotten(),
        actor=actor,
        subject=order,
        subject_type="order",
        order_id=order.pk,
    )
