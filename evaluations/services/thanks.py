"""A thank-you: given in one tap, taken back within a few minutes, then told."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from evaluations import policies
from evaluations import thanks_events as events
from evaluations.models import Thanks
from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.errors import Conflict, Refused
from nexxio.core.events import EventType
from nexxio.core.outbox import Subject, of_house, record
from orders.models import Order

_GIVEN = "Vous avez déjà dit merci pour cette commande."


@transaction.atomic
def give_thanks(*, actor: Actor, order: Order) -> Thanks:
    """Say thank you for an order that is done, once per person (the order's door is passed).

    A tenant and a landlord's desk thank the company, a company's desk its landlord. Locks nothing:
    one is let in by the key. Raises Refused for another role or too early or late, Conflict twice.
    """
    if actor.side is not Side.TENANT and not policies.desk(actor):
        raise Refused("Votre accès permet de lire, pas de dire merci.", code="role")
    if not policies.may_thank(actor, order, clock.now()):
        raise Refused("Un merci se dit dans les 60 jours après les travaux.", code="late")
    assert order.contractor_id is not None
    of_tenant = actor.side is Side.TENANT
    thanks = Thanks(
        landlord_id=order.landlord_id,
        contractor_id=order.contractor_id,
        order_id=order.pk,
        from_side=actor.side.value,
        user_id=None if of_tenant else actor.user_id,
        reader_case_id=order.reader_case_id if of_tenant else None,
        given_at=clock.now(),
    )
    try:
        with transaction.atomic():
            thanks.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(_GIVEN) from error
    _tell_nobody(events.ThanksGiven(), thanks, actor)
    return thanks


@transaction.atomic
def take_back_thanks(*, actor: Actor, order: Order) -> Thanks:
    """Take one's own thank-you back before it is told. Locks it. Raises Conflict afterwards."""
    found: Thanks | None = (
        own_thanks(actor, order)
        .filter(withdrawn_at__isnull=True, told_at__isnull=True)
        .select_for_update(of=("self",))
        .first()
    )
    if found is None or clock.now() >= policies.thanks_until(found):
        raise Conflict("Votre merci est déjà transmis, ou déjà repris.")
    found.withdrawn_at = clock.now()
    found.save(update_fields=["withdrawn_at"])
    _tell_nobody(events.ThanksTakenBack(), found, actor)
    return found


@transaction.atomic
def tell_thanks(*, actor: Actor, thanks_id: UUID) -> bool:
    """Let a thank-you reach the other side once it can't be taken back. As the system. Locks it."""
    found = (
        Thanks.objects.select_for_update(of=("self",))
        .filter(pk=thanks_id, withdrawn_at__isnull=True, told_at__isnull=True)
        .first()
    )
    if found is None or clock.now() < policies.thanks_until(found):
        return False
    found.told_at = clock.now()
    found.save(update_fields=["told_at"])
    subject = Subject(pk=found.pk, landlord_id=found.landlord_id, contractor_id=found.contractor_id)
    record(
        events.ThanksTold(from_side=found.from_side),
        actor=actor,
        subject=subject,
        subject_type="thanks",
        order_id=found.order_id,
    )
    return True


def own_thanks(actor: Actor, order: Order) -> QuerySet[Thanks]:
    """Return the rows of the actor himself about an order."""
    rows = Thanks.objects.filter(landlord_id=order.landlord_id, order_id=order.pk)
    if actor.side is Side.TENANT:
        return rows.filter(from_side=Side.TENANT.value)
    assert actor.user_id is not None
    return rows.filter(user_id=actor.user_id)


# --- inside -----------------------------------------------------------------------------------


def _tell_nobody(event: EventType, thanks: Thanks, actor: Actor) -> None:
    """Record what no side has a sentence for, at the house that it comes from."""
    if actor.side is Side.CONTRACTOR:
        subject = of_house(pk=thanks.pk, organisation_id=thanks.contractor_id, side=Side.CONTRACTOR)
    else:
        subject = Subject(
            pk=thanks.pk,
            landlord_id=thanks.landlord_id,
            reader_case_id=thanks.reader_case_id,
        )
    record(event, actor=actor, subject=subject, subject_type="thanks")
