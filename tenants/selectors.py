"""The parcel view: big steps, what comes next, whom to call."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.models import Case
from orders import policies
from orders.hold_states import TENANT_SENTENCES
from orders.models import Order, Photo, Visit, VisitSlot
from orders.selectors.access_parts import AnswerPart, answer_part, place_of_next
from orders.selectors.appointments import other_slots, slots_by_visit
from orders.selectors.certificates import SignOffPart, sign_off_part
from orders.selectors.history import HistoryEntry, case_history
from orders.selectors.photos import Album, album_of
from orders.selectors.status import Status, current_visit, is_unanswered, status_of
from orders.states import FINISHED, OrderState, StopReason, VisitState
from orders.waits import waits_of, with_waits
from orders.windows import Window, free_windows, some_of
from orders.wording import in_sentence

_GOES_ON = (
    OrderState.ISSUED,
    OrderState.RETURNED,
    OrderState.DECLINED,
    OrderState.ACCEPTED,
    OrderState.PARTLY_DONE,
)
_CHOOSE = "Choisissez le créneau qui vous convient, ou dites qu’aucun ne convient."


@dataclass(frozen=True)
class Step:
    """One big step: done, current or to come."""

    title: str
    text: str
    state: str
    icon: str
    at: datetime | None


@dataclass(frozen=True)
class AppointmentPart:
    """An order's appointment as its tenant answers it; visit: None while nobody is to come.

    others: windows that the company offered; free: those that its calendar leaves.
    """

    order: Order
    status: Status
    next_sentence: str
    visit: Visit | None
    slots: list[VisitSlot]
    others: list[VisitSlot]
    free: list[Window]
    can_confirm: bool
    can_refuse_slot: bool
    is_agreed: bool
    cut_off: datetime | None
    can_miss: bool
    place: str


@dataclass(frozen=True)
class FollowPage(AppointmentPart):
    """What a tenant sees of a case. aside: its other orders that go on, of other companies."""

    case: Case
    steps: list[Step]
    can_reopen: bool
    sign_off: SignOffPart
    absence: AnswerPart | None
    aside: list[AppointmentPart]
    photos: list[Photo]
    history: list[HistoryEntry]
    replaces: str

    @property
    def album(self) -> Album:
        """The photos, before and after side by side."""
        return album_of(self.photos)


def follow_page(actor: Actor) -> FollowPage | None:
    """Return the page of the actor's case; None while nothing of it may be read."""
    now = clock.now()
    orders = list(
        with_waits(Order.objects.filter(reader_case_id=actor.case_id))
        .select_related("case", "contractor", "landlord", "trade")
        .order_by("-created_at")
    )
    if not orders:
        return None
    every: dict[UUID, list[Visit]] = {order.pk: [] for order in orders}
    for row in Visit.objects.filter(reader_case_id=actor.case_id).order_by("number"):
        every.setdefault(row.order_id, []).append(row)
    order = followed_of(orders, every, now)
    visits = every[order.pk]
    visit = current_visit(visits)
    part = _appointment_part(actor, order, visits, now)
    sign_off = sign_off_part(actor, order)
    if sign_off.is_settled and order.state == OrderState.DONE:
        part = replace(
            part,
            status=replace(part.status, label=_("Terminé, vous l’avez confirmé")),
            next_sentence="Le problème revient ? Dites-le ici, ou appelez votre bailleur.",
        )
    return FollowPage(
        **vars(part),
        case=order.case,
        steps=_steps(order, visit),
        can_reopen=policies.can_reopen(actor, order, now),
        sign_off=sign_off,
        absence=answer_part(actor, order, visits),
        aside=[
            _appointment_part(actor, other, every[other.pk], now)
            for other in orders
            if other.pk != order.pk and other.state in _GOES_ON
        ],
        photos=list(
            Photo.objects.filter(reader_case_id=actor.case_id, withdrawn_at__isnull=True).order_by(
                "created_at"
            )
        ),
        history=case_history(actor, order),
        replaces=_replaced(actor, order),
    )


def followed_of(orders: list[Order], visits: dict[UUID, list[Visit]], now: datetime) -> Order:
    """Return which of a case's orders its tenant has to do with now.

    Where another trade goes on, two of them live: the one that comes to him, else the one of which
    he may still say that it isn't fixed, else one that goes on, the newest.
    """

    def rank(order: Order) -> tuple[bool, bool, bool, datetime]:
        visit = current_visit(visits[order.pk])
        is_coming = visit is not None and policies.is_open(visit)
        goes_on = order.state in _GOES_ON
        contestable = order.state in FINISHED and policies.is_contestable(order, now)
        return is_coming, contestable, goes_on, order.created_at

    return max(orders, key=rank)


def _appointment_part(
    actor: Actor, order: Order, visits: list[Visit], now: datetime
) -> AppointmentPart:
    visit = current_visit(visits)
    slots = slots_by_visit([visit]).get(visit.pk, []) if visit else []
    others = other_slots(visit) if visit and policies.can_switch(actor, visit, now) else []
    status = status_of(order, visits, actor.side, waits_of(order))
    return AppointmentPart(
        order=order,
        status=status,
        next_sentence=_next_of_waits(order, status.code)
        or (_CHOOSE if slots else "")
        or _next(order, visit, now),
        visit=visit if visit and policies.is_open(visit) else None,
        slots=slots,
        others=others,
        free=_free(actor, order, visit, [*slots, *others], now),
        can_confirm=visit is not None and not slots and policies.can_confirm(actor, visit, now),
        can_refuse_slot=visit is not None and policies.can_visit("cancel_visit", actor, visit),
        is_agreed=visit is not None and visit.state == VisitState.CONFIRMED,
        cut_off=policies.cut_off_before(visit.window_start)
        if visit is not None and not policies.is_past_cut_off(visit, now)
        else None,
        can_miss=visit is not None and policies.can_miss(actor, visit, now),
        place=place_of_next(visit, len(policies.attempts_of(visits)))
        if visit is not None and policies.is_open(visit)
        else "",
    )


def _free(
    actor: Actor,
    order: Order,
    visit: Visit | None,
    offered: list[VisitSlot],
    now: datetime,
) -> list[Window]:
    """Return some windows that the tenant may take beside what was offered."""
    if visit is None or not policies.can_take_window(actor, visit, now):
        return []
    known = {slot.window_start for slot in offered}
    return some_of([found for found in free_windows(visit, order) if found[0] not in known])


def _replaced(actor: Actor, order: Order) -> str:
    """Return the reference of the order that another company had; "" where there was none."""
    if order.supersedes_id is None:
        return ""
    former = Order.objects.filter(reader_case_id=actor.case_id, pk=order.supersedes_id).first()
    return former.reference if former else ""


def _next_of_waits(order: Order, code: str) -> str:
    """Return what a tenant reads while something holds his order up; "" while nothing does."""
    if code == "variation_pending":
        return (
            "L’entreprise a signalé des travaux en plus : votre bailleur doit donner son accord."
            " Vous n’avez rien à faire."
        )
    if code == "on_hold":
        return str(TENANT_SENTENCES[waits_of(order).hold_reason])
    return ""


def _next(order: Order, visit: Visit | None, now: datetime) -> str:
    """Return the one sentence that says what comes next."""
    state = order.state
    if state == OrderState.ACCEPTED and order.reopened and is_unanswered(visit):
        return "Vous avez signalé que ce n’est pas réglé : l’entreprise va vous proposer un retour."
    if state in FINISHED:
        return _next_after_works(order, now)
    if state == OrderState.PARTLY_DONE and (visit is None or not policies.is_open(visit)):
        return f"La suite : {order.next_step}"
    if state in (OrderState.ACCEPTED, OrderState.PARTLY_DONE):
        return _next_of_visit(visit, now)
    return {
        OrderState.ISSUED: "L’entreprise va accepter votre demande, puis proposer un rendez-vous.",
        OrderState.RETURNED: "Votre bailleur complète le dossier. Vous n’avez rien à faire.",
        OrderState.DECLINED: "Votre bailleur cherche une autre entreprise."
        " Vous n’avez rien à faire.",
        OrderState.CANCELLED: _why(order) + "Une question ? Appelez votre bailleur.",
        OrderState.SUPERSEDED: "Votre bailleur prévoit une autre entreprise. Vous n’avez rien à"
        " faire.",
        OrderState.CLOSED_NO_ACCESS: "Nous n’avons pas pu entrer chez vous. Appelez votre"
        " bailleur : une nouvelle demande sera ouverte.",
    }.get(OrderState(state), "")


def _why(order: Order) -> str:
    """Return why an order was given up, by its code; what was said on top isn't for tenants."""
    reason = in_sentence(order.get_cancel_reason_display())
    return f"Pourquoi : {reason}. " if reason else ""


def _next_after_works(order: Order, now: datetime) -> str:
    if waits_of(order).contested_since is not None:
        return "Vous avez signalé que ce n’est pas réglé : votre bailleur vérifie et vous répond."
    if order.closed_at is not None:
        return "Tout est terminé. Le problème revient ? Dites-le ici, ou appelez votre bailleur."
    if order.stopped_for == StopReason.NO_ACCESS:
        return "Nous n’avons pas pu revenir chez vous. Appelez votre bailleur pour la suite."
    if order.stopped_for:
        return "Votre bailleur confie la suite à une autre entreprise. Vous n’avez rien à faire."
    if policies.is_contestable(order, now):
        return "Si le problème n’est pas réglé, dites-le-nous dans les 72 heures, ici même."
    return "Le problème revient ? Dites-le ici, ou appelez votre bailleur."


def _next_of_visit(visit: Visit | None, now: datetime) -> str:
    if visit is None:
        return "L’entreprise va vous proposer un rendez-vous."
    if visit.state == VisitState.PROPOSED and visit.window_end <= now:
        return "Ce créneau est passé : l’entreprise va vous en proposer un autre."
    return {
        VisitState.PROPOSED: "Confirmez le rendez-vous, ou dites qu’il ne vous convient pas.",
        VisitState.CONFIRMED: "Soyez chez vous sur ce créneau. Nous vous prévenons au départ.",
        VisitState.ON_THE_WAY: "Le technicien arrive. Pensez à dégager l’accès.",
        VisitState.ON_SITE: "Le technicien travaille chez vous.",
        VisitState.NO_ACCESS: "Dites-nous si vous étiez là. L’entreprise va vous proposer un autre"
        " rendez-vous.",
        VisitState.CONTRACTOR_NO_SHOW: "L’entreprise doit vous proposer un autre rendez-vous.",
    }.get(VisitState(visit.state), "L’entreprise va vous proposer un rendez-vous.")


def _steps(order: Order, visit: Visit | None) -> list[Step]:
    contractor = order.contractor.name if order.contractor else "L’entreprise"
    live = visit if visit and policies.is_open(visit) else None
    proposed = live is not None and live.state == VisitState.PROPOSED
    reached = 0
    if order.accepted_at and order.state not in (OrderState.RETURNED, OrderState.ISSUED):
        reached = 1
    if live is not None:
        reached = 2
    if live is not None and live.state in (VisitState.ON_THE_WAY, VisitState.ON_SITE):
        reached = 3
    if order.state in FINISHED:
        reached = 4
    arrived = order.state in FINISHED or (live is not None and live.state == VisitState.ON_SITE)
    titles = [
        ("Demande transmise", "", "send", order.issued_at),
        ("Prise en charge", f"par {contractor}", "circle-check", order.accepted_at),
        ("Rendez-vous proposé", "à confirmer", "calendar-plus", None)
        if proposed
        else ("Rendez-vous confirmé", "", "calendar-check", visit.confirmed_at if visit else None),
        (
            "Technicien sur place" if arrived else "Technicien en route",
            "",
            "map-pin" if arrived else "car",
            (visit.arrived_at or visit.left_at) if visit else None,
        ),
        ("Intervention terminée", "", "checks", order.done_at),
    ]
    return [
        Step(
            title=title,
            text=text if index <= reached else "",
            state="done"
            if index < reached or reached == len(titles) - 1
            else ("current" if index == reached else "todo"),
            icon=icon,
            at=at if index <= reached else None,
        )
        for index, (title, text, icon, at) in enumerate(titles)
    ]
