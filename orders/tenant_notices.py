"""What tenants are told about their orders, by SMS or e-mail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import UUID

from nexxio.core import clock, links
from nexxio.core.actors import Side
from nexxio.core.models import Event, Message, Organisation
from nexxio.core.notifications import Notice, notices, sms
from orders.models import Order, OrderContact, Visit
from orders.notices import order_of
from orders.services import reminders
from orders.states import OrderState
from orders.wording import in_sentence, span_text, window_text

# What a tenant is told: short and plain, the longest wording that fits in two SMS. {link} is put
# in at sending.
TENANT_TEXTS: dict[str, tuple[str, ...]] = {
    "order.issued": (
        "{landlord} : votre demande « {title} » est transmise. Suivez-la : {link}",
        "{landlord} : votre demande est transmise. Suivez-la : {link}",
    ),
    "visit.proposed": ("{landlord} : rendez-vous proposé {window}. Confirmez : {link}",),
    "visit.slots_proposed": (
        "{landlord} : plusieurs créneaux de rendez-vous vous sont proposés. Choisissez : {link}",
    ),
    "visit.slot_withdrawn": (
        "{landlord} : un créneau proposé n’est plus libre, il en reste. Choisissez : {link}",
    ),
    "visit.confirmed": ("{landlord} : rendez-vous confirmé {window}. Suivi : {link}",),
    "visit.reminded": ("{landlord} : rappel, rendez-vous {window}. Un empêchement ? {link}",),
    "visit.answer_reminded": (
        "{landlord} : le rendez-vous proposé attend votre réponse. Confirmez ou refusez : {link}",
    ),
    "visit.arrival_narrowed": (
        "{landlord} : le technicien prévoit d’arriver {arrival}. Suivi : {link}",
    ),
    "visit.on_the_way": ("{landlord} : le technicien est en route. Suivi : {link}",),
    "visit.cancelled": ("{landlord} : le rendez-vous est annulé. Suivi : {link}",),
    "visit.no_access": (
        "{landlord} : le technicien est passé sans vous trouver. Vous étiez là ? Empêché ?"
        " Répondez : {link}",
        "{landlord} : passage sans vous trouver. Répondez : {link}",
    ),
    "visit.no_show": (
        "{landlord} : l’entreprise n’est pas venue, elle doit proposer un autre rendez-vous."
        " Suivi : {link}",
        "{landlord} : l’entreprise n’est pas venue. Suivi : {link}",
    ),
    "order.closed_no_access": (
        "{landlord} : logement inaccessible, la demande est close. Rappelez-nous pour reprendre :"
        " {link}",
        "{landlord} : demande close, rappelez-nous pour reprendre : {link}",
    ),
    "order.link_renewed": (
        "{landlord} : votre lien de suivi a changé, l’ancien ne marche plus. Le nouveau : {link}",
        "{landlord} : votre nouveau lien de suivi : {link}",
    ),
    "order.partly_done": (
        "{landlord} : une partie des travaux est faite. La suite : {step}. Suivi : {link}",
        "{landlord} : une partie des travaux est faite. La suite et le suivi : {link}",
    ),
    # Both also say that no appointment stands any more: see _is_told.
    "order.cancelled": (
        "{landlord} : votre demande est annulée, personne ne viendra. Pourquoi : {reason}."
        " Suivi : {link}",
        "{landlord} : votre demande est annulée, personne ne viendra. Pourquoi : {link}",
    ),
    "order.returned": (
        "{landlord} complète votre dossier avant de fixer un rendez-vous."
        " Vous n’avez rien à faire. Suivi : {link}",
        "{landlord} complète votre dossier. Vous n’avez rien à faire. Suivi : {link}",
    ),
    "sign_off.signed": (
        "{landlord} : un bon d’intervention est signé à votre nom sur le téléphone du technicien."
        " Pas d’accord ? {link}",
        "{landlord} : bon d’intervention signé à votre nom. Pas d’accord ? {link}",
    ),
    "order.stopped": (
        "{landlord} : les travaux s’arrêtent là pour l’instant. La suite et le suivi : {link}",
    ),
    "order.done": ("{landlord} : intervention terminée. Tout va bien ? {link}",),
}
_TITLE = 40
_STEP = 60
_NAME = 60


def tenant_text(
    kind: str,
    *,
    landlord: str,
    title: str,
    window: str,
    step: str,
    url: str,
    arrival: str = "",
    reason: str = "",
) -> str:
    """Return the text of a kind that fits in two SMS with `url` for its link.

    Long names are cut; where that isn't enough, as in scripts that a phone writes with two bytes
    a letter, the order's title stays away.
    """
    names = {
        "landlord": _cut(landlord, _NAME),
        "title": _cut(title, _TITLE),
        "window": window,
        "arrival": arrival,
        "reason": reason,
        "step": _cut(step.rstrip(" ."), _STEP),
        "link": "{link}",
    }
    text = ""
    for wording in TENANT_TEXTS[kind]:
        text = wording.format(**names)
        if sms.segments(sms.fold(text.replace("{link}", url))) <= sms.MOST:
            break
    return text


def _cut(text: str, most: int) -> str:
    """Return the text, cut behind a word where it is too long."""
    if len(text) <= most:
        return text
    return text[: most - 1].rpartition(" ")[0].rstrip(" ,.-") + "…" if " " in text else text[:most]


def _arrival(visit: Visit | None) -> str:
    """Return "entre 10 h et 10 h 30" for a visit whose technician said so."""
    if visit is None or visit.arrival_start is None or visit.arrival_end is None:
        return ""
    return span_text(visit.arrival_start, visit.arrival_end)


# What is told only as long as it is so, when the message leaves.
_WHILE: dict[str, Callable[[UUID], bool]] = {
    # Agreed by phone, it is confirmed with the same gesture: there is nothing to answer.
    "visit.proposed": reminders.is_still_proposed,
    "visit.answer_reminded": reminders.is_still_asked,
    "visit.on_the_way": reminders.is_on_the_way,
    "visit.reminded": reminders.is_still_to_come,
    "visit.arrival_narrowed": reminders.is_still_to_come,
}


def _is_told(event: Event, order: Order) -> bool:
    """One message for one fact: what happens to the order says what becomes of its visit."""
    if event.payload.get("again"):
        return False
    if event.kind in ("visit.no_show", "sign_off.signed"):  # of what he did himself he knows
        return event.actor_side != Side.TENANT.value
    if event.kind == "visit.cancelled":
        return order.state not in (OrderState.CANCELLED, OrderState.RETURNED)
    if event.kind in _WHILE:
        return _WHILE[event.kind](event.subject_id)
    if event.kind == "order.returned":
        # Nobody is told that something stops which he never heard of.
        return Message.objects.filter(event__order_id=order.pk, kind="tenant_follow").exists()
    return True


@notices("tenant_follow", on=TENANT_TEXTS, channels=["sms", "email"])
def tell_tenant(event: Event) -> Iterator[Notice]:
    """Write to the tenant with the link of the case: SMS, else e-mail."""
    if event.reader_case_id is None:
        return
    order = order_of(event)
    if not _is_told(event, order):
        return
    visit = (
        Visit.objects.filter(pk=event.subject_id).first() if event.subject_type == "visit" else None
    )
    contact = OrderContact.objects.get(order_id=order.pk)
    if not (contact.phone or contact.email) or _is_too_much(event, contact):
        return
    link = links.link_to_send(order.case)
    if link is None:
        return
    text = tenant_text(
        event.kind,
        landlord=Organisation.objects.get(pk=order.landlord_id).name,
        title=order.title,
        window=window_text(visit.window_start, visit.window_end) if visit else "",
        arrival=_arrival(visit),
        step=order.next_step,
        reason=in_sentence(order.get_cancel_reason_display()),
        url=links.url_of(link.pk),
    )
    yield Notice(
        title=f"Votre intervention : {order.title}",
        text=text,
        addresses=(("sms", contact.phone), ("email", contact.email)),
        link_id=link.pk,
        not_before=_quiet_until(event, order, visit),
    )


# What a tenant must hear at once, whatever the hour and however much he has heard.
_AT_ONCE = ("visit.on_the_way", "visit.arrival_narrowed", "order.link_renewed")
_ALWAYS = (*_AT_ONCE, "visit.cancelled", "visit.no_access", "order.cancelled")
MOST_A_DAY = 6
"""Messages to one telephone or address in a day; what is left out stands on the page."""


def _is_too_much(event: Event, contact: OrderContact) -> bool:
    if event.kind in _ALWAYS:
        return False
    heard = Message.objects.filter(
        landlord_id=event.landlord_id,
        kind="tenant_follow",
        address=contact.phone or contact.email,
        created_at__gte=clock.midnight(),
    ).exclude(event_id=event.pk)
    return heard[:MOST_A_DAY].count() == MOST_A_DAY


def _quiet_until(event: Event, order: Order, visit: Visit | None) -> datetime | None:
    """Return when the night is over for a message that can wait for it."""
    if order.is_pressing or event.kind in _AT_ONCE:
        return None
    morning = reminders.quiet_until(clock.now(), order.zone)
    if morning is None or (visit is not None and visit.window_start <= morning):
        return None
    return morning
