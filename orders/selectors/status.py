"""What to call the state of an order, and who has the ball. Derived, never stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from nexxio.core.actors import Side
from orders import policies
from orders.access_states import ATTEMPTS, AccessCheckState
from orders.certificate_states import CertificateState
from orders.hold_states import HELD_BY_LANDLORD, HoldReason
from orders.models import Order, Visit
from orders.next_steps import LANDLORD_TURN, NEXT_BY_LANDLORD, OWN_TURN
from orders.states import (
    DERIVED_LABELS,
    FALLEN_AWAY,
    FINISHED,
    OPEN_VISIT,
    ORDER,
    PARTIAL,
    SERVICED,
    UNDER_WAY,
    VISIT,
    ClosedHow,
    OrderState,
    StopReason,
    VisitState,
)
from orders.waits import Waits

_LOOK: dict[str, tuple[str, str]] = {
    OrderState.DRAFT: ("neutral", "pencil"),
    OrderState.PENDING_APPROVAL: ("warning", "hourglass"),
    OrderState.ISSUED: ("info", "send"),
    OrderState.RETURNED: ("warning", "arrow-back-up"),
    OrderState.DECLINED: ("danger", "circle-x"),
    OrderState.ACCEPTED: ("info", "circle-check"),
    OrderState.DONE: ("success", "checks"),
    OrderState.PARTLY_DONE: ("warning", "progress-check"),
    OrderState.CERTIFIED_WITH_RESERVES: ("warning", "flag"),
    OrderState.CERTIFIED: ("success", "file-check"),
    OrderState.CLOSED: ("neutral", "archive"),
    OrderState.CANCELLED: ("neutral", "ban"),
    OrderState.SUPERSEDED: ("neutral", "replace"),
    OrderState.CLOSED_NO_ACCESS: ("danger", "lock"),
    "closed_without_invoice": ("neutral", "archive"),
    "certified_tacitly": ("success", "alarm"),
    "stopped_superseded": ("warning", "progress-check"),
    "stopped_no_access": ("warning", "progress-check"),
    "scheduled": ("info", "calendar-check"),
    "to_confirm": ("warning", "calendar-plus"),
    "on_the_way": ("info", "car"),
    "on_site": ("info", "map-pin"),
    "no_access": ("danger", "door-off"),
    "no_show": ("danger", "user-off"),
    "reopened": ("danger", "rotate"),
    "variation_pending": ("warning", "file-plus"),
    "regularisation_pending": ("warning", "file-alert"),
    "on_hold": ("warning", "player-pause"),
    "disputed": ("danger", "alert-triangle"),
}
STOPPED = tuple(f"stopped_{why}" for why in StopReason.values)
# Visits that are over: an order has no such look of its own.
_PAST: dict[str, tuple[str, str]] = {
    VisitState.DONE: ("success", "circle-check"),
    VisitState.PARTLY_DONE: ("warning", "progress-check"),
    VisitState.RESCHEDULED: ("neutral", "calendar-time"),
    VisitState.CANCELLED: ("neutral", "calendar-off"),
    VisitState.LAPSED: ("warning", "calendar-off"),
}
_DERIVED = {
    VisitState.PROPOSED: "to_confirm",
    VisitState.CONFIRMED: "scheduled",
    VisitState.ON_THE_WAY: "on_the_way",
    VisitState.ON_SITE: "on_site",
    VisitState.NO_ACCESS: "no_access",
    VisitState.CONTRACTOR_NO_SHOW: "no_show",
}


@dataclass(frozen=True)
class Status:
    """A state as one side reads it."""

    code: str
    label: str
    tone: str
    icon: str


@dataclass(frozen=True)
class Ball:
    """Who has to act, what is expected of him, and since when."""

    side: str
    who: str
    what: str
    since: datetime


def company_of(order: Order) -> str:
    """Return the company that has the order, or will: the contract's before it is issued; or "".

    Its contractor, or its contract with that one's contractor, is loaded.
    """
    if order.contractor is not None:
        return order.contractor.name
    return order.contract.contractor.name if order.contract is not None else ""


def status_of(order: Order, visits: list[Visit], side: Side, waits: Waits) -> Status:
    """Return the status of an order for a side. visits: the order's, in any order."""
    code = _code(order, visits, waits)
    labels = DERIVED_LABELS.get(code)
    label = str(labels.get(side, labels[Side.LANDLORD])) if labels else ORDER.label(code, side)
    if code == "on_hold" and side is not Side.TENANT:
        label = f"{label} : {HoldReason(waits.hold_reason).label}"
    if code == OrderState.CERTIFIED_WITH_RESERVES and side is Side.LANDLORD:
        label = str(PARTIAL) if order.nature in SERVICED else label
    tone, icon = _LOOK[code]
    return Status(code=code, label=label, tone=tone, icon=icon)


def visit_status(visit: Visit, side: Side) -> Status:
    """Return the status of one visit for a side, in the look that it gives to its order."""
    state = VisitState(visit.state)
    tone, icon = _PAST[state] if state in _PAST else _LOOK[_DERIVED[state]]
    return Status(code=state, label=VISIT.label(state, side), tone=tone, icon=icon)


def _code(order: Order, visits: list[Visit], waits: Waits) -> str:
    """Return the state, or the derived label that says more: the most pressing one first."""
    if order.state not in (OrderState.ACCEPTED, OrderState.PARTLY_DONE):
        return _code_without_works(order, waits)
    visit = current_visit(visits)
    on_the_way = visit is not None and visit.state == VisitState.ON_THE_WAY
    if waits.variation_since is not None and not on_the_way:
        return "variation_pending"
    if waits.hold_since is not None and not (visit is not None and visit.state in UNDER_WAY):
        return "on_hold"
    if order.state == OrderState.ACCEPTED and order.reopened and is_unanswered(visit):
        return "reopened"
    if visit is None or visit.state not in _DERIVED:
        return order.state
    return _DERIVED[VisitState(visit.state)]


def _code_without_works(order: Order, waits: Waits) -> str:
    """Return the code of an order whose company doesn't work on it: not yet, or not any more."""
    if order.state in FINISHED and waits.contested_since is not None:
        return "disputed"
    tacit = waits.certificate_state == CertificateState.TACIT
    if order.state == OrderState.CERTIFIED and tacit:
        return "certified_tacitly"
    if order.state == OrderState.CLOSED and order.closed_how == ClosedHow.NOTHING:
        return "closed_without_invoice"
    if order.state == OrderState.DONE and order.stopped_for:
        return f"stopped_{order.stopped_for}"
    unsettled = order.state == OrderState.DONE and waits.regularisation_since is not None
    return "regularisation_pending" if unsettled else order.state


def is_unanswered(visit: Visit | None) -> bool:
    """Tell whether nobody came, or said when, since the order was reopened.

    visit: its current one. Works that are done close the order, so that on an accepted one a
    finished visit is from before.
    """
    return visit is None or visit.state in (VisitState.DONE, VisitState.PARTLY_DONE)


def current_visit(visits: list[Visit]) -> Visit | None:
    """Return the open visit, else the last one that took place or was missed."""
    live = [v for v in visits if v.state in OPEN_VISIT]
    if live:
        return live[0]
    past = [v for v in visits if v.state not in FALLEN_AWAY]
    return max(past, key=lambda v: v.number) if past else None


def ball_of(
    order: Order, visits: list[Visit], waits: Waits, *, contractor: str, landlord: str
) -> Ball | None:
    """Return who has the ball; None when nothing is expected of anybody (works done, given up)."""
    code = _code(order, visits, waits)
    visit = current_visit(visits)
    since = order.state_since
    if code == "on_hold" and waits.hold_since is not None:
        return _ball_of_hold(waits, contractor=contractor, landlord=landlord)
    if code == "regularisation_pending" and waits.regularisation_since is not None:
        what = "régler la régularisation demandée"
        return Ball("landlord", landlord, what, since=waits.regularisation_since)
    if code in (*FINISHED, *STOPPED, "disputed"):
        return _ball_after_works(code, waits, since, contractor=contractor, landlord=landlord)
    if code == "no_access":
        return _ball_of_absence(visits, waits, since, contractor=contractor, landlord=landlord)
    expected = {
        OrderState.DRAFT: ("landlord", landlord, "compléter et transmettre"),
        OrderState.PENDING_APPROVAL: ("landlord", landlord, "valider le montant"),
        OrderState.ISSUED: ("contractor", contractor, "accepter ou renvoyer"),
        OrderState.RETURNED: ("landlord", landlord, "compléter et transmettre à nouveau"),
        OrderState.DECLINED: ("landlord", landlord, "répondre aux réserves"),
        OrderState.ACCEPTED: ("contractor", contractor, "proposer un rendez-vous"),
        OrderState.PARTLY_DONE: _next_turn(order, contractor=contractor, landlord=landlord),
        "to_confirm": ("tenant", "Locataire", "confirmer le rendez-vous"),
        "scheduled": ("contractor", contractor, "intervenir au rendez-vous"),
        "on_the_way": ("contractor", contractor, "arriver sur place"),
        "on_site": ("contractor", contractor, "terminer l’intervention"),
        "no_show": ("contractor", contractor, "proposer un rendez-vous pour revenir"),
        "reopened": ("contractor", contractor, "revenir : proposer un rendez-vous"),
        "variation_pending": ("landlord", landlord, "répondre au devis complémentaire"),
    }.get(code)
    if expected is None:
        return None
    if code == "to_confirm" and order.reader_case_id is None:
        # Nobody lives there: the landlord picks one of the windows.
        expected = ("landlord", landlord, "choisir un créneau")
    if code == "variation_pending" and waits.variation_since:
        since = waits.variation_since
    if code in ("to_confirm", "scheduled", "on_the_way", "on_site", "no_show") and visit:
        since = max(filter(None, _moments(visit)), default=since)
    return Ball(*expected, since=since)


def _next_turn(order: Order, *, contractor: str, landlord: str) -> tuple[str, str, str]:
    """Return who has to act on works done in part, by the code of what follows."""
    if order.next_kind in NEXT_BY_LANDLORD:
        return "landlord", landlord, LANDLORD_TURN[order.next_kind]
    return "contractor", contractor, OWN_TURN.get(order.next_kind, "prévoir la suite")


def _ball_of_absence(
    visits: list[Visit], waits: Waits, since: datetime, *, contractor: str, landlord: str
) -> Ball:
    """Return who has to act after a visit that found nobody: answer, settle, decide, come again."""
    found = policies.attempts_of(visits)
    spoken = waits.access_since or since
    if waits.access_state == AccessCheckState.COMPANY:
        what = "répondre au locataire, qui dit qu’il était là"
        return Ball("contractor", contractor, what, since=spoken)
    if waits.access_state == AccessCheckState.LANDLORD:
        what = "trancher : absence du locataire, ou de l’entreprise"
        return Ball("landlord", landlord, what, since=spoken)
    since = max(filter(None, _moments(found[-1])), default=since) if found else since
    if waits.retry_at is not None:
        what = "proposer un autre passage, demandé par le bailleur"
        return Ball("contractor", contractor, what, since=waits.retry_at)
    if len(found) >= ATTEMPTS:
        return Ball("landlord", landlord, "décider après le deuxième passage", since=since)
    return Ball("contractor", contractor, "proposer un nouveau rendez-vous", since=since)


def _ball_after_works(
    code: str, waits: Waits, since: datetime, *, contractor: str, landlord: str
) -> Ball | None:
    """Return who has to act once the works are done: check, sign, correct, lift reserves."""
    if code == "disputed":
        what = "vérifier ce que le locataire signale"
        return Ball("landlord", landlord, what, since=waits.contested_since or since)
    if code == OrderState.CERTIFIED_WITH_RESERVES:
        if waits.claimed_since is not None and waits.reserves_until is None:
            what = "vérifier la reprise des réserves"
            return Ball("landlord", landlord, what, since=waits.claimed_since)
        return Ball("contractor", contractor, "lever les réserves", since=since)
    # A landlord reads no draft: to him there is no certificate yet.
    if code in STOPPED and waits.certificate_state in ("", CertificateState.DRAFT):
        what = "dire ce qui a été fait, pour le constat"
        return Ball("contractor", contractor, what, since=since)
    if code not in (OrderState.DONE, *STOPPED):
        return None
    since = waits.certificate_since or since
    return _ball_of_certificate(waits, since, contractor=contractor, landlord=landlord)


def _ball_of_certificate(
    waits: Waits, since: datetime, *, contractor: str, landlord: str
) -> Ball | None:
    if waits.certificate_state == CertificateState.TO_SIGN:
        return Ball("landlord", landlord, "signer le constat de service fait", since=since)
    if waits.certificate_state in (CertificateState.REFUSED, CertificateState.DRAFT):
        what = "corriger le constat de service fait"
        return Ball("contractor", contractor, what, since=since)
    return None


def _ball_of_hold(waits: Waits, *, contractor: str, landlord: str) -> Ball:
    """Return who has to clear what the order waits for."""
    assert waits.hold_since is not None
    what = f"lever l’attente ({HoldReason(waits.hold_reason).label})"
    if waits.hold_reason in HELD_BY_LANDLORD:
        return Ball("landlord", landlord, what, since=waits.hold_since)
    return Ball("contractor", contractor, what, since=waits.hold_since)


def _moments(visit: Visit) -> list[datetime | None]:
    return [
        visit.created_at,
        visit.confirmed_at,
        visit.left_at,
        visit.arrived_at,
        visit.finished_at,
    ]
