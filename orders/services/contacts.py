"""The contact of an order that has left: a number nobody answers is put right."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from nexxio.core import links
from nexxio.core.actors import Actor
from nexxio.core.errors import Invalid, Refused
from orders import events, policies
from orders.models import Order, OrderContact
from orders.services.moves import lock_order, record_of_order


@transaction.atomic
def correct_contact(
    *, actor: Actor, order_id: UUID, phone: str, second_phone: str = "", email: str = ""
) -> Order:
    """Put the contact's numbers right; a tenant who follows gets a new link there.

    The former link ends: it may have gone to somebody else. Locks the order. Raises Refused for
    who may not, or once the order is over; Invalid without any number or address.
    """
    order = lock_order(order_id)
    if not policies.can_correct_contact(actor, order):
        raise Refused("Le contact de cette commande ne se corrige plus.", code="state")
    if not (phone or email):
        raise Invalid({"phone": ["Indiquez un téléphone ou une adresse e-mail."]})
    contact = OrderContact.objects.select_for_update(of=("self",)).get(
        landlord_id=order.landlord_id, order_id=order.pk
    )
    contact.phone, contact.second_phone, contact.email = phone, second_phone, email
    contact.save(update_fields=["phone", "second_phone", "email"])
    order.has_phone = bool(phone)
    order.contact_erased_at = None
    order.version += 1
    order.save(update_fields=["has_phone", "contact_erased_at", "version"])
    record_of_order(events.ContactCorrected(), order, actor)
    if order.reader_case_id is not None:
        links.renew(order.case)
        record_of_order(events.LinkRenewed(), order, actor)
    return order
