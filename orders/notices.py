"""Who is told of what about orders: builders for the notification registry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Role, Side
from nexxio.core.models import Event, Membership, Organisation
from nexxio.core.notifications import Notice, bell, notices
from orders import policies
from orders.models import Order, OrderBudget, VariationTerms, Visit
from orders.states import LATE_ENDS, Nature, SupersedeReason
from orders.terms import InvoicePiece
from orders.wording import window_text


def _desk(organisation_id: UUID, skip: UUID | None) -> QuerySet[Membership]:
    desk = bell.members_with(organisation_id, Role.MANAGER, Role.CLERK)
    return desk if skip is None else desk.exclude(user_id=skip)


def _who_holds(order: Order, desk: QuerySet[Membership]) -> QuerySet[Membership]:
    """Keep whose territory holds the order, and who has none."""
    holds = Q(agency__isnull=True)
    if order.agency_id is not None:
        holds |= Q(agency_id=order.agency_id, sector__isnull=True)
    if order.sector_id is not None:
        holds |= Q(sector_id=order.sector_id)
    return desk.filter(holds)


def told_at(event: Event, order: Order, side: str, skip: UUID | None) -> list[Membership]:
    """Return whom of an organisation's desk an order concerns: never nobody, where it has others.

    At a landlord those who look after the residence. All are told when nobody does, when the only
    one is whoever acted, and when none of them may approve what asks for approval.
    """
    if side != "landlord":
        return list(_desk(order.contractor_id, skip)) if order.contractor_id else []
    desk = _desk(order.landlord_id, skip)
    holders = list(_who_holds(order, desk))
    if event.kind == "order.submitted" and not _one_may_approve(order, holders):
        holders = []
    if event.kind == "order.reissue_asked":
        holders = _who_covers(order, holders) or _who_covers(order, desk)
    if event.kind in _TO_GRANT:
        return _who_may_grant(event, order, holders, list(desk)) or holders or list(desk)
    return holders or list(desk)


_TO_GRANT = (
    "variation.asked",
    "variation.reminded",
    "regularisation.asked",
    "regularisation.reminded",
)
"""What asks for an agreement: told to those whose limit covers it, as an order to approve is."""
HEAD_FROM, DIRECTION_FROM = 2, 4
"""From which reminder on it passes to who leads the service, then to who leads the house."""


def _who_may_grant(
    event: Event, order: Order, holders: list[Membership], desk: list[Membership]
) -> list[Membership]:
    """Return whose limit covers the order with what is asked; nobody's: []."""
    budget = OrderBudget.objects.get(order_id=order.pk).total_without_vat
    asked = VariationTerms.objects.get(variation_id=event.subject_id).asked
    times = event.payload.get("times", 0)
    members = holders
    if times >= DIRECTION_FROM:
        members = bell.heads(order.landlord_id, "")
    elif times >= HEAD_FROM:
        members = bell.heads(order.landlord_id, order.department)

    def able(found: Iterable[Membership]) -> list[Membership]:
        return [one for one in found if policies.within_limit(one, budget + asked)]

    return able(members) or able(desk)


def _one_may_approve(order: Order, members: Iterable[Membership]) -> bool:
    total = OrderBudget.objects.get(order_id=order.pk).committed
    return any(may_approve(order, members, total))


def _who_covers(order: Order, members: Iterable[Membership]) -> list[Membership]:
    """Return whose limit covers an order that its company has seen; its author too."""
    total = OrderBudget.objects.get(order_id=order.pk).committed
    return [member for member in members if policies.within_limit(member, total)]


def may_approve(
    order: Order, members: Iterable[Membership], total: Decimal
) -> Iterator[Membership]:
    """Yield those whose limit covers an order, its author apart. total: euros excluding VAT."""
    for member in members:
        if policies.within_limit(member, total) and member.user_id != order.author_id:
            yield member


def order_of(event: Event) -> Order:
    """Return the order that an event is about."""
    if event.order_id is None:
        raise ValueError(f"event {event.pk} is about no order")
    order: Order = Order.objects.get(pk=event.order_id)
    return order


def _to_desk(event: Event, side: str, title: str, *, skip: UUID | None) -> Iterator[Notice]:
    order = order_of(event)
    organisation_id = order.landlord_id if side == "landlord" else order.contractor_id
    if organisation_id is None:
        return
    slug = Organisation.objects.get(pk=organisation_id).slug
    url = reverse(f"orders:{side}_detail", args=[slug, order.pk])
    members = told_at(event, order, side, skip)
    if event.kind in _REMINDERS:
        members = bell.reachable(organisation_id, members)
    if event.kind in ("order.submitted", "order.reissue_asked"):  # who stands in hears of it too
        there = bell.present(organisation_id, members)
        members += [one for one in there if one not in members and one.user_id != skip]
    for member in members:
        yield Notice(
            title=f"{title} · {order.reference} {order.title}",
            url=url,
            bell_user_id=member.user_id,
            bell_organisation_id=organisation_id,
        )


_REMINDERS = (
    "hold.overdue",
    "variation.reminded",
    "regularisation.reminded",
    "reduction.reminded",
    "certificate.reminded",
    "reserve.overdue",
)
"""Nobody is reminded while he is absent; all else he finds when he is back."""
# To the party that doesn't know: see _is_theirs.
_REDUCTIONS = {
    "reduction.asked": "Moins-value proposée : à accepter ou refuser",
    "reduction.granted": "Moins-value acceptée",
    "reduction.rejected": "Moins-value refusée",
    "reduction.withdrawn": "Moins-value retirée",
    "reduction.certified": "Constat signé pour moins que la commande",
    "reduction.reminded": "Moins-value sans réponse",
}
_FOR_CONTRACTOR = {
    "order.issued": "Nouvelle commande à accepter",
    "order.cancelled": "Commande annulée",
    "order.reopened": "Signalée non réglée",
    "visit.confirmed": "Rendez-vous confirmé",
    "visit.cancelled": "Rendez-vous annulé",
    "visit.late_fact": "Fait arrivé après coup",
    "visit.lapsed": "Créneaux passés sans réponse : à planifier",
    "visit.tenant_answered": "Le locataire dit qu’il était là",
    "visit.no_show": "Absence de l’entreprise",
    "visit.no_access_upheld": "Votre passage est retenu",
    "order.attempt_asked": "Autre passage demandé",
    "order.stopped": "Arrêtée à ce qui est fait : à dire pour le constat",
    "order.superseded": "Confiée à une autre entreprise : n’intervenez pas",
    "order.closed": "Commande close",
    "order.closed_no_access": "Logement inaccessible : commande close",
    "variation.granted": "Devis complémentaire accordé",
    "variation.partly_granted": "Devis complémentaire accordé en partie",
    "variation.rejected": "Devis complémentaire refusé",
    "regularisation.granted": "Régularisation accordée",
    "regularisation.partly_granted": "Régularisation accordée en partie",
    "regularisation.rejected": "Régularisation refusée",
    **_REDUCTIONS,
    "hold.opened": "Mise en attente",
    "hold.lifted": "Attente levée",
    "hold.overdue": "Attente à lever ou à prolonger",
    "certificate.signed": "Constat de service fait signé",
    "certificate.refused": "Constat refusé : à corriger",
    "certificate.tacit": "Service fait réputé acquis",
    "reserve.noted": "Réserve à lever",
    "reserve.kept": "Réserve maintenue",
    "reserve.lifted": "Réserve levée",
    "reserve.overdue": "Réserve à lever, date passée",
    "sign_off.checked": "Vérification du bailleur",
    "piece.accepted": "Attachement signé par le bailleur",
    "piece.refused": "Attachement refusé : à corriger",
}
_FOR_LANDLORD = {
    "order.accepted": "Prise en charge",
    "order.returned": "À compléter",
    "order.declined": "Réserves du titulaire",
    "order.done": "Travaux réalisés",
    "order.partly_done": "Réalisée en partie",
    "order.reopened": "Signalée non réglée",
    "order.submitted": "À valider",
    "order.reissue_asked": "Complétée : à valider et à transmettre",
    "piece.added": "Attachement à signer",
    "order.reissue_refused": "À revoir avant de transmettre",
    "order.cancelled": "Commande annulée par l’entreprise",
    "order.department_given": "Confiée à votre service",
    "visit.no_access": "Absent au passage",
    "visit.late_fact": "Fait arrivé après coup",
    "visit.tenant_answered": "Le locataire répond après un passage sans accès",
    "visit.no_access_contested": "Deux versions : à trancher",
    "visit.no_show": "Absence de l’entreprise",
    "visit.slots_proposed": "Créneau à choisir",
    "variation.asked": "Devis complémentaire à examiner",
    "variation.withdrawn": "Devis complémentaire retiré",
    **_REDUCTIONS,
    "regularisation.asked": "Régularisation à régler",
    "order.opened_on_call": "Astreinte ouverte : à régulariser",
    "regularisation.withdrawn": "Régularisation retirée",
    "regularisation.reminded": "Régularisation : le délai court ou est passé",
    "hold.opened": "Mise en attente",
    "hold.lifted": "Attente levée",
    "hold.overdue": "Attente à lever ou à prolonger",
    "variation.reminded": "Réponse en retard : devis complémentaire",
    "certificate.submitted": "Constat de service fait à signer",
    "certificate.reminded": "Constat de service fait à signer",
    "certificate.tacit": "Service fait réputé acquis, sans signature",
    "reserve.claimed": "Reprise annoncée : à vérifier",
    "reserve.overdue": "Réserve non levée à sa date",
    "sign_off.signed": "Le locataire signale que ce n’est pas réglé",
}


@notices(
    "contractor_desk",
    on=_FOR_CONTRACTOR,
    channels=["bell"],
    label=_("Commandes, devis, passages, constats et réserves"),
    sides=[Side.CONTRACTOR],
)
def tell_contractor(event: Event) -> Iterator[Notice]:
    """Ring the contractor's desk, except whoever acted."""
    unasked = event.kind == "visit.tenant_answered" and not event.payload["was_here"]
    unasked |= _is_a_step(event)
    if event.contractor_id is not None and not unasked and _is_theirs(event, "contractor"):
        title = _FOR_CONTRACTOR[event.kind]
        if (
            event.kind == "order.superseded"
            and event.payload["reason"] == SupersedeReason.CORRECTED
        ):
            title = "Remplacée par une commande corrigée"
        yield from _to_desk(event, "contractor", title, skip=event.actor_user_id)


@notices(
    "landlord_desk",
    on=_FOR_LANDLORD,
    channels=["bell"],
    label=_("Commandes, devis, passages, constats et réserves"),
    sides=[Side.LANDLORD],
    # Silence has effects of law there: a certificate is deemed to be signed, a price granted.
    anyway=[
        "certificate.submitted",
        "certificate.reminded",
        "certificate.tacit",
        "regularisation.reminded",
        "variation.reminded",
    ],
)
def tell_landlord(event: Event) -> Iterator[Notice]:
    """Ring the landlord's desk, except whoever acted."""
    if _rings_landlord(event):
        yield from _to_desk(event, "landlord", _FOR_LANDLORD[event.kind], skip=event.actor_user_id)


def _is_theirs(event: Event, side: str) -> bool:
    """Tell whether a side is told of a reduction: answers to the asker, all else to the other."""
    if event.kind not in _REDUCTIONS:
        return True
    answers = event.kind in ("reduction.granted", "reduction.rejected")
    return bool((event.payload["by"] == side) == answers)


def _is_a_step(event: Event) -> bool:
    """Tell whether a late fact is one on the way to an end, which rings by itself."""
    return event.kind == "visit.late_fact" and event.payload["what"] not in LATE_ENDS


def _is_to_sign(event: Event) -> bool:
    """Of what a company joins, only the sheet of works by the hour asks for an answer."""
    if event.kind != "piece.added":
        return True
    sheet = event.payload["piece"] == InvoicePiece.MEASUREMENTS
    return bool(sheet and order_of(event).nature == Nature.BY_THE_HOUR)


def _rings_landlord(event: Event) -> bool:
    """One ring for one fact: finished works ring by themselves, a tenant who is content doesn't."""
    is_step = _is_a_step(event)
    if is_step or not (_is_theirs(event, "landlord") and _is_to_sign(event)):
        return False
    if event.kind == "order.cancelled":
        return event.actor_side == Side.CONTRACTOR.value
    if event.kind == "regularisation.asked":  # the first one on call comes with its order
        first = event.payload["number"] == 1
        return not (first and order_of(event).nature == Nature.ON_CALL)
    if event.kind == "visit.slots_proposed":
        return event.reader_case_id is None  # else the tenant chooses
    if event.kind == "certificate.submitted":
        return bool(event.payload.get("again"))
    return event.kind != "sign_off.signed" or not event.payload.get("satisfied")


_FOR_TECHNICIAN = {
    "visit.assigned": "Passage",
    "visit.confirmed": "Passage",
    "visit.cancelled": "Passage annulé :",
    "visit.rescheduled": "Passage déplacé :",
}


@notices(
    "technician_visit",
    on=_FOR_TECHNICIAN,
    channels=["bell"],
    label=_("Passages qui vous sont confiés"),
    sides=[Side.CONTRACTOR],
)
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
