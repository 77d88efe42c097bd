"""What an order waits for beside its state: found from rows that are open, by their own indexes.

One table for the desks' groups, the filters of lists and boards, and what their figures count.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Actor, Side
from orders.access_states import AccessCheckState
from orders.ball import Holder
from orders.certificate_states import CertificateState, ReserveState
from orders.hold_states import HELD_BY_LANDLORD, HoldReason, HoldState
from orders.models import (
    AccessCheck,
    Certificate,
    Hold,
    Order,
    OrderUnread,
    Reserve,
    SignOff,
    Variation,
    Visit,
)
from orders.states import FALLEN_AWAY, OPEN_VISIT, OrderState, VisitState
from orders.variation_states import ANSWERED, VariationKind, VariationState

WITH_CONTRACTOR = (OrderState.ACCEPTED, OrderState.PARTLY_DONE)
"""Only in these states has an order an appointment to come."""
Own = dict[str, Any]
_REOPENED = Q(state=OrderState.ACCEPTED, reopened__gt=0)
_WORKED_ON = Q(order__state__in=WITH_CONTRACTOR)
_OF_CONTRACTOR = [reason for reason in HoldReason if reason not in HELD_BY_LANDLORD]


@dataclass(frozen=True)
class Situation:
    """One of them. rows: what tells it, of one side's own, each with its order.

    order: which row waits most, first. labels: as a filter says it; none for a side without it.
    key: how a row names its order.
    """

    code: str
    labels: dict[Side, str | Promise]
    rows: Callable[[Own], QuerySet[Any]]
    order: tuple[str, ...] = ("created_at", "id")
    key: str = "order_id"

    @property
    def prefix(self) -> str:
        """How its rows name their order ("order__"); "" when they are orders themselves."""
        return "order__" if self.key == "order_id" else ""


def own_of(actor: Actor) -> Own:
    """Return the explicit filter that finds the index of the actor's own rows."""
    side = "landlord_id" if actor.side is Side.LANDLORD else "contractor_id"
    return {side: actor.own_id}


def _visits(*states: VisitState) -> Callable[[Own], QuerySet[Any]]:
    return lambda own: Visit.objects.filter(**own, state__in=states)


def _variations(*states: VariationState, kind: VariationKind | None = None) -> Any:
    wanted = {"kind": kind} if kind else {}
    return lambda own: Variation.objects.filter(**own, state__in=states, **wanted)


def _to_read(own: Own) -> QuerySet[Any]:
    """Answers that a company hasn't read yet; nobody acknowledges one to a reduction."""
    found = Variation.objects.filter(**own, state__in=ANSWERED)
    return found.exclude(kind=VariationKind.REDUCTION)


def _reductions(own: Own) -> QuerySet[Any]:
    """Works less that the other side has proposed."""
    other = "contractor" if "landlord_id" in own else "landlord"
    asked = Variation.objects.filter(
        **own, state=VariationState.ASKED, kind=VariationKind.REDUCTION
    )
    return asked.filter(asked_by=other)


def _holds(*reasons: HoldReason) -> Callable[[Own], QuerySet[Any]]:
    wanted = {"reason__in": reasons} if reasons else {}
    return lambda own: Hold.objects.filter(_WORKED_ON, **own, state=HoldState.OPEN, **wanted)


def _contested(own: Own) -> QuerySet[Any]:
    return SignOff.objects.filter(**own, satisfied=False, checked_at__isnull=True)


def _no_access(own: Own) -> QuerySet[Any]:
    """Visits that found nobody, of orders on which nothing came after."""
    mine = {"landlord_id": OuterRef("landlord_id"), "order_id": OuterRef("order_id")}
    later = Visit.objects.filter(**mine, number__gt=OuterRef("number")).exclude(
        state__in=FALLEN_AWAY
    )
    missed = Visit.objects.filter(_WORKED_ON, **own, state=VisitState.NO_ACCESS)
    return missed.exclude(Exists(later))


def _absences(own: Own) -> QuerySet[Any]:
    """Of these the ones on which the landlord has to decide, and that wait for nothing else."""
    mine = {"landlord_id": OuterRef("landlord_id"), "order_id": OuterRef("order_id")}
    asked = Variation.objects.filter(
        **mine, state=VariationState.ASKED, kind=VariationKind.VARIATION
    )
    held = Hold.objects.filter(**mine, state=HoldState.OPEN)
    found = _no_access(own).filter(order__holder=Holder.LANDLORD)
    return found.exclude(Exists(asked)).exclude(Exists(held))


def _unplanned(own: Own) -> QuerySet[Any]:
    """What has no appointment, and neither waits for something else nor was said to be unfixed."""
    mine = Order.objects.filter(**own, state__in=WITH_CONTRACTOR).exclude(_REOPENED)
    return _unheld(unplanned(mine))


def _reopened(own: Own) -> QuerySet[Any]:
    """What a tenant said isn't fixed, and has no new appointment yet."""
    return _unheld(unplanned(Order.objects.filter(_REOPENED, **own)))


def _to_reissue(own: Own) -> QuerySet[Any]:
    """What was completed after a return over the limit of whoever did."""
    returned = Order.objects.filter(**own, state=OrderState.RETURNED)
    return returned.filter(reissue_asked_at__isnull=False)


def _unheld(orders: QuerySet[Order]) -> QuerySet[Order]:
    mine = {"landlord_id": OuterRef("landlord_id"), "order_id": OuterRef("pk")}
    return orders.exclude(Exists(Hold.objects.filter(**mine, state=HoldState.OPEN)))


def unplanned(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Keep those without an appointment."""
    visits = Visit.objects.filter(
        landlord_id=OuterRef("landlord_id"), order_id=OuterRef("pk"), state__in=OPEN_VISIT
    )
    return orders.exclude(Exists(visits))


def _answers(own: Own) -> QuerySet[Any]:
    return AccessCheck.objects.filter(**own, state=AccessCheckState.COMPANY)


def _to_sign(own: Own) -> QuerySet[Any]:
    return Certificate.objects.filter(**own, state=CertificateState.TO_SIGN)


def _refused(own: Own) -> QuerySet[Any]:
    """Certificates that the landlord refused, or that are being corrected: the newest version."""
    mine = {"landlord_id": OuterRef("landlord_id"), "order_id": OuterRef("order_id")}
    newer = Certificate.objects.filter(**mine, number__gt=OuterRef("number"))
    states = [CertificateState.REFUSED, CertificateState.DRAFT]
    found = Certificate.objects.filter(**own, state__in=states, order__state=OrderState.DONE)
    return found.exclude(Exists(newer))


def _reserves(state: ReserveState) -> Callable[[Own], QuerySet[Any]]:
    return lambda own: Reserve.objects.filter(**own, state=state)


L, C = Side.LANDLORD, Side.CONTRACTOR
SITUATIONS: dict[str, Situation] = {
    found.code: found
    for found in (
        Situation("a-planifier", {L: _("À planifier"), C: _("À planifier")}, _unplanned, key="pk"),
        Situation(
            "a-confirmer",
            {L: _("Rendez-vous à confirmer"), C: _("Rendez-vous à confirmer")},
            _visits(VisitState.PROPOSED),
        ),
        Situation(
            "rendez-vous",
            {L: _("Rendez-vous pris"), C: _("Rendez-vous pris")},
            _visits(*(state for state in OPEN_VISIT if state != VisitState.PROPOSED)),
        ),
        Situation(
            "devis",
            {L: _("Devis à examiner"), C: _("Devis chez le bailleur")},
            _variations(VariationState.ASKED, kind=VariationKind.VARIATION),
            ("asked_at", "id"),
        ),
        Situation(
            "regularisation",
            {L: _("Régularisation à régler"), C: _("Régularisation chez le bailleur")},
            _variations(VariationState.ASKED, kind=VariationKind.REGULARISATION),
            ("answer_due_at", "id"),
        ),
        Situation(
            "moins-value",
            {L: _("Moins-value à examiner"), C: _("Moins-value à examiner")},
            _reductions,
            ("asked_at", "id"),
        ),
        Situation(
            "a-replanifier",
            {L: _("Non réglée, à replanifier"), C: _("Non réglée, à replanifier")},
            _reopened,
            key="pk",
        ),
        Situation(
            "reponse-a-lire",
            {C: _("Réponse du bailleur à lire")},
            _to_read,
            ("answered_at", "id"),
        ),
        Situation("devis-a-envoyer", {C: _("Devis à envoyer")}, _variations(VariationState.DRAFT)),
        Situation(
            "a-retransmettre",
            {L: _("Complétée, à valider")},
            _to_reissue,
            ("reissue_asked_at", "id"),
            key="pk",
        ),
        Situation("en-attente", {L: _("En attente"), C: _("En attente")}, _holds()),
        Situation(
            "attente-chez-nous",
            {L: _("En attente : à nous de lever")},
            _holds(*HELD_BY_LANDLORD),
        ),
        Situation(
            "attente-a-suivre",
            {C: _("En attente : à nous de lever")},
            _holds(*_OF_CONTRACTOR),
        ),
        Situation(
            "contestee",
            {L: _("Non réglée selon le locataire"), C: _("Non réglée selon le locataire")},
            _contested,
        ),
        Situation("sans-acces", {L: _("Sans accès"), C: _("Sans accès")}, _no_access),
        Situation("absence", {L: _("Absence à trancher")}, _absences),
        Situation("absence-a-repondre", {C: _("Absence : réponse à donner")}, _answers),
        Situation("a-signer", {L: _("Constat à signer")}, _to_sign, ("asked_at", "id")),
        Situation("constat-refuse", {C: _("Constat refusé")}, _refused),
        Situation(
            "reserves-a-lever",
            {L: _("Réserve à lever"), C: _("Réserve à lever")},
            _reserves(ReserveState.OPEN),
            ("due_on", "id"),
        ),
        Situation(
            "reserves-reprises",
            {L: _("Réserve reprise, à vérifier"), C: _("Réserve reprise, chez le bailleur")},
            _reserves(ReserveState.CLAIMED),
            ("claimed_at", "id"),
        ),
    )
}


_UNREAD = Situation(
    "messages-non-lus",
    {L: _("Messages non lus"), C: _("Messages non lus")},
    lambda own: OrderUnread.objects.filter(
        **own, side="landlord" if "landlord_id" in own else "contractor"
    ),
    ("latest_at", "id"),
)
SITUATIONS[_UNREAD.code] = _UNREAD


def choices(side: Side) -> list[tuple[str, str]]:
    """Return what a side may narrow a list to."""
    return [(s.code, str(s.labels[side])) for s in SITUATIONS.values() if side in s.labels]


def is_known(code: str, side: Side) -> bool:
    """Tell whether a side has it."""
    return code in SITUATIONS and side in SITUATIONS[code].labels


def orders_in(code: str, own: Own) -> QuerySet[Any]:
    """Return, for `pk__in`, the orders that a situation holds."""
    found = SITUATIONS[code]
    return found.rows(own).order_by().values(found.key)


def narrowed(orders: QuerySet[Order], code: str, own: Own) -> QuerySet[Order]:
    """Keep the orders of a situation."""
    return orders.filter(pk__in=orders_in(code, own))
