"""Who is told of what about orders: builders for the notification registry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.urls import reverse

from nexxio.core.actors import Role
from nexxio.core.models import Event, Link, Membership, Message, Organisation
from nexxio.core.notifications import Notice, notices
from orders.models import Order, OrderContact, Visit
from orders.states import OrderState
from orders.wording import window_text

_DESK = [Role.MANAGER.value, Role.CLERK.value]


def _members(organisation_id: UUID, roles: list[str]) -> Iterable[Membership]:
    return (
        Membership.objects.filter(
            organisation_id=organisation_id, is_active=True, roles__overlap=roles
        )
        .order_by("user_id")
        .distinct("user_id")
    )


def _order(event: Event) -> Order:
    if event.order_id is None:
        raise ValueError(f"event {event.pk} is about no order")
    order: Order = Order.objects.get(pk=event.order_id)
    return order


def _to_desk(event: Event, side: str, title: str, *, skip: UUID | None) -> Iterator[Notice]:
    order = _order(event)
    organisation_id = order.landlord_id if side == "landlord" else order.contractor_id
    if organisation_id is None:
        return
    slug = Organisation.objects.get(pk=organisation_id).slug
    url = reverse(f"orders:{side}_detail", args=[slug, order.pk])
    for member in _members(organisation_id, _DESK):
        if member.user_id != skip:
            yield Notice(
                title=f"{title} · {order.reference} {order.title}",
                url=url,
                bell_user_id=member.user_id,
                bell_organisation_id=organisation_id,
            )


_FOR_CONTRACTOR = {
    "order.issued": "Nouvelle commande à accepter",
    "order.cancelled": "Commande annulée",
    "order.reopened": "Signalée non réglée",
    "visit.confirmed": "Rendez-vous confirmé",
    "visit.cancelled": "Rendez-vous annulé",
}
_FOR_LANDLORD = {
    "order.accepted": "Prise en charge",
    "order.returned": "À compléter",
    "order.declined": "Réserves du titulaire",
    "order.done": "Travaux réalisés",
    "order.partly_done": "Réalisée en partie",
    "order.reopened": "Signalée non réglée",
    "order.submitted": "À valider",
    "visit.no_access": "Absent au passage",
}


@notices("contractor_desk", on=_FOR_CONTRACTOR, channels=["bell"])
def tell_contractor(event: Event) -> Iterator[Notice]:
    """Ring the contractor's desk, except whoever acted."""
    if event.contractor_id is not None:
        title = _FOR_CONTRACTOR[event.kind]
        yield from _to_desk(event, "contractor", title, skip=event.actor_user_id)


@notices("landlord_desk", on=_FOR_LANDLORD, channels=["bell"])
def tell_landlord(event: Event) -> Iterator[Notice]:
    """Ring the landlord's desk, except whoever acted."""
    yield from _to_desk(event, "landlord", _FOR_LANDLORD[event.kind], skip=event.actor_user_id)


_FOR_TECHNICIAN = {
    "visit.assigned": "Passage",
    "visit.confirmed": "Passage",
    "visit.cancelled": "Passage annulé :",
    "visit.rescheduled": "Passage déplacé :",
}


@notices("technician_visit", on=_FOR_TECHNICIAN, channels=["bell"])
def tell_technician(event: Event) -> Iterator[Notice]:
    """Ring the technician whose visit is set, given up or moved, unless he did it himself."""
    visit = Visit.objects.select_related("technician").get(pk=event.subject_id)
    if visit.technician is None or visit.contractor_id is None:
        return
    if visit.technician.user_id == event.actor_user_id:
        return
    slug = Organisation.objects.get(pk=visit.contractor_id).slug
    yield Notice(
        title=f"{_FOR_TECHNICIAN[event.kind]} {window_text(visit.window_start, visit.window_end)}",
        url=reverse("orders:field_visit", args=[slug, visit.pk]),
        bell_user_id=visit.technician.user_id,
        bell_organisation_id=visit.contractor_id,
    )


def _tenant_text(event: Event, order: Order, visit: Visit | None) -> str | None:
    """Return the SMS: short and plain; {link} is put in at sending."""
    landlord = Organisation.objects.get(pk=order.landlord_id).name
    window = window_text(visit.window_start, visit.window_end) if visit else ""
    return {
        "order.issued": f"{landlord} : votre demande « {order.title[:40]} » est transmise."
        " Suivez-la : {link}",
        "visit.proposed": f"{landlord} : rendez-vous proposé {window}. Confirmez : {{link}}",
        "visit.confirmed": f"{landlord} : rendez-vous confirmé {window}. Suivi : {{link}}",
        "visit.on_the_way": f"{landlord} : le technicien est en route. Suivi : {{link}}",
        "visit.cancelled": f"{landlord} : le rendez-vous est annulé. Suivi : {{link}}",
        "visit.no_access": f"{landlord} : le technicien est passé sans vous trouver."
        " Suite : {link}",
        "order.done": f"{landlord} : intervention terminée. Tout va bien ? {{link}}",
        "order.partly_done": f"{landlord} : une partie des travaux est faite. La suite :"
        f" {order.next_step[:60].rstrip(' .')}. Suivi : {{link}}",
        # Both also say that no appointment stands any more: see _is_told.
        "order.cancelled": f"{landlord} : votre demande est annulée, personne ne viendra."
        " Pourquoi : {link}",
        "order.returned": f"{landlord} complète votre dossier avant de fixer un rendez-vous."
        " Vous n'avez rien à faire. Suivi : {link}",
    }.get(event.kind)


_FOR_TENANT = [
    "order.issued",
    "visit.proposed",
    "visit.confirmed",
    "visit.on_the_way",
    "visit.cancelled",
    "visit.no_access",
    "order.done",
    "order.partly_done",
    "order.cancelled",
    "order.returned",
]


def _is_told(event: Event, order: Order) -> bool:
    """One message for one fact: what happens to the order says what becomes of its visit."""
    if event.payload.get("again"):
        return False
    if event.kind == "visit.cancelled":
        return order.state not in (OrderState.CANCELLED, OrderState.RETURNED)
    if event.kind == "order.returned":
        # Nobody is told that something stops which he never heard of.
        return Message.objects.filter(event__order_id=order.pk, kind="tenant_follow").exists()
    return True


@notices("tenant_follow", on=_FOR_TENANT, channels=["sms", "email"])
def tell_tenant(event: Event) -> Iterator[Notice]:
    """Write to the tenant with the link of the case: SMS, else e-mail."""
    if event.reader_case_id is None:
        return
    order = _order(event)
    if not _is_told(event, order):
        return
    visit = (
        Visit.objects.filter(pk=event.subject_id).first() if event.subject_type == "visit" else None
    )
    text = _tenant_text(event, order, visit)
    link = (
        Link.objects.filter(case_id=event.reader_case_id, revoked_at__isnull=True)
        .order_by("-created_at")
        .first()
    )
    contact = OrderContact.objects.get(order_id=order.pk)
    if text is None or link is None:
        return
    yield Notice(
        title=f"Votre intervention : {order.title}",
        text=text,
        addresses=(("sms", contact.phone), ("email", contact.email)),
        link_id=link.pk,
    )
