"""Who has to act on an order, folded from its events: who, since when, how long each. Pure.

Of a party that doesn't read all events the fold knows what that party may know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from orders.access_states import ATTEMPTS, UNSETTLED, AccessCheckState
from orders.certificate_states import CertificateState
from orders.hold_states import HELD_BY_LANDLORD
from orders.next_steps import NEXT_BY_LANDLORD, NextStep
from orders.states import FINISHED, UNDER_WAY, OrderState, VisitState


class Holder(models.TextChoices):
    """Whose turn it is; NOBODY where nothing is expected any more."""

    NOBODY = "", _("Personne")
    LANDLORD = "landlord", _("Bailleur")
    CONTRACTOR = "contractor", _("Entreprise")
    TENANT = "tenant", _("Locataire")


@dataclass(frozen=True)
class Happening:
    """An event as the fold reads it.

    has_tenant: a tenant was told; subject: what it is about; by: whose side did it.
    """

    kind: str
    payload: Mapping[str, Any]
    at: datetime
    has_tenant: bool = False
    subject: str = ""
    by: str = ""


_SEVERAL = ("absences", "to_lift", "claimed")


@dataclass(frozen=True)
class Memory:
    """What the fold keeps between two events. has_tenant: one is asked about the visit.

    absences: the visits that found nobody since works were last done, the last one at the end;
    check: where the check of that one stands; again: the landlord wants another visit.
    visit_until, hold_until: the end of the appointment that stood last, and of the last wait.
    arrived: somebody has been on site since it was issued. to_lift, claimed: the reserves, by their
    number, that the company has to lift, and that it says are gone. next: the code of what follows
    works done in part, until it is settled; next_until: the day of materials that are waited for.
    past: what the last visit that took place or was missed came to; an appointment that falls away
    leaves that. replan: the tenant gave the last one up, or its windows passed without an answer.
    """

    state: str = ""
    visit: str = ""
    has_tenant: bool = False
    variation: bool = False
    regularisation: bool = False
    hold: str = ""
    contested: bool = False
    certificate: str = ""
    check: str = ""
    absences: tuple[str, ...] = ()
    again: bool = False
    visit_until: str = ""
    hold_until: str = ""
    arrived: bool = False
    to_lift: tuple[int, ...] = ()
    claimed: tuple[int, ...] = ()
    next: str = ""
    next_until: str = ""
    past: str = ""
    replan: bool = False

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Memory:
        """Read what `written` gave; what another version wrote beside it is left out."""
        known = {key: stored[key] for key in cls.__dataclass_fields__ if key in stored}
        return cls(**{**known, **{key: tuple(known.get(key, ())) for key in _SEVERAL}})

    def written(self) -> dict[str, Any]:
        """Return what is worth keeping."""
        known = {key: value for key, value in asdict(self).items() if value}
        return known | {key: list(known[key]) for key in _SEVERAL if key in known}


@dataclass(frozen=True)
class Spell:
    """A time with one holder; without end while it lasts."""

    holder: Holder
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True)
class Share:
    """All the time that a party had an order. percent: of the time with anybody, in whole ones."""

    holder: Holder
    time: timedelta
    percent: int
    is_current: bool


_O, _V, _C, _A = OrderState, VisitState, CertificateState, AccessCheckState
_MOVES: dict[str, dict[str, Any]] = {
    "order.drafted": {"state": _O.DRAFT},
    "order.submitted": {"state": _O.PENDING_APPROVAL},
    "order.sent_back": {"state": _O.DRAFT},
    "order.issued": {"state": _O.ISSUED, "arrived": False},
    "order.accepted": {"state": _O.ACCEPTED},
    "order.opened_on_call": {"state": _O.ACCEPTED, "arrived": False},
    "order.returned": {"state": _O.RETURNED, "visit": ""},
    "order.declined": {"state": _O.DECLINED, "visit": ""},
    "order.done": {"state": _O.DONE},
    # What is done of it is the company's to say, in the certificate that was begun with it.
    "order.stopped": {"state": _O.DONE, "visit": "", "certificate": _C.DRAFT},
    "order.reopened": {"state": _O.ACCEPTED},
    "order.cancelled": {"state": _O.CANCELLED, "visit": ""},
    "order.superseded": {"state": _O.SUPERSEDED, "visit": ""},
    "order.closed": {"state": _O.CLOSED},
    "order.closed_no_access": {"state": _O.CLOSED_NO_ACCESS, "visit": ""},
    "order.attempt_asked": {"again": True},
    "order.followed": {"next": NextStep.RETURN},
    "order.next_decided": {"next": NextStep.RETURN},
    "visit.done": {"visit": _V.DONE, "past": _V.DONE, "absences": (), "arrived": True},
    "variation.asked": {"variation": True},
    "variation.granted": {"variation": False},
    "variation.partly_granted": {"variation": False},
    "variation.rejected": {"variation": False},
    "variation.withdrawn": {"variation": False},
    "regularisation.asked": {"regularisation": True},
    "regularisation.granted": {"regularisation": False},
    "regularisation.partly_granted": {"regularisation": False},
    "regularisation.rejected": {"regularisation": False},
    "regularisation.withdrawn": {"regularisation": False},
    "hold.lifted": {"hold": ""},
    "certificate.drafted": {"certificate": _C.DRAFT},
    "certificate.submitted": {"certificate": _C.TO_SIGN},
    "certificate.signed": {"certificate": _C.SIGNED},
    "certificate.refused": {"certificate": _C.REFUSED},
    "certificate.tacit": {"certificate": _C.TACIT},
    "certificate.expired": {"certificate": _C.EXPIRED},
    "sign_off.checked": {"contested": False},
}
# Facts reported late are recorded and move nothing: these count only from the state before them.
_BEFORE: dict[str, tuple[VisitState, ...]] = {
    "visit.on_the_way": (_V.CONFIRMED,),
    "visit.on_site": (_V.CONFIRMED, _V.ON_THE_WAY),
}


def _offered(memory: Memory, event: Happening) -> Memory:
    offered = _V.PROPOSED.value
    return replace(memory, visit=offered, has_tenant=event.has_tenant, replan=False)


def _nearer(memory: Memory, event: Happening) -> Memory:
    arrived = memory.arrived or event.kind == "visit.on_site"
    if memory.visit not in _BEFORE[event.kind]:
        return replace(memory, arrived=arrived)
    return replace(memory, visit=event.kind.removeprefix("visit."), arrived=arrived)


def _late(memory: Memory, event: Happening) -> Memory:
    """A visit that has changed stays as it is; that somebody came, its phone says all the same."""
    return replace(memory, arrived=memory.arrived or event.payload["what"] != "left")


def _given_up(memory: Memory, _event: Happening) -> Memory:
    """An appointment that falls away leaves what the last visit that took place had left."""
    return replace(memory, visit=memory.past)


def _cancelled(memory: Memory, event: Happening) -> Memory:
    return replace(memory, visit=memory.past, replan=event.by == Side.TENANT.value)


def _lapsed(memory: Memory, _event: Happening) -> Memory:
    return replace(memory, visit=memory.past, replan=True)


def _confirmed(memory: Memory, event: Happening) -> Memory:
    return replace(
        memory, visit=_V.CONFIRMED.value, visit_until=str(event.payload.get("end") or "")
    )


def _held(memory: Memory, event: Happening) -> Memory:
    until = str(event.payload.get("expected_on") or "")
    return replace(memory, hold=event.payload["reason"], hold_until=until)


def _partly_done(memory: Memory, event: Happening) -> Memory:
    return replace(
        memory,
        state=_O.PARTLY_DONE.value,
        next=str(event.payload.get("next") or ""),
        next_until=str(event.payload.get("expected_on") or ""),
    )


def _certified(memory: Memory, event: Happening) -> Memory:
    reserves = event.payload["how"] == "reserves"
    return replace(memory, state=(_O.CERTIFIED_WITH_RESERVES if reserves else _O.CERTIFIED).value)


def _signed_off(memory: Memory, event: Happening) -> Memory:
    """A tenant who says that it is fixed takes back what he had said before."""
    return replace(memory, contested=not event.payload["satisfied"])


def _missed(memory: Memory, event: Happening) -> Memory:
    return replace(
        memory,
        visit=_V.NO_ACCESS.value,
        past=_V.NO_ACCESS.value,
        check=_A.ASKED.value,
        arrived=True,
        absences=(*memory.absences, event.subject),
        again=False,
    )


def _checked(memory: Memory, event: Happening) -> Memory:
    """Only the last visit that found nobody says whose turn it is."""
    if event.payload["visit_id"] not in memory.absences[-1:]:
        return memory
    state = _A.STANDS
    if event.kind == "visit.no_access_contested":
        state = _A.LANDLORD
    elif event.kind == "visit.tenant_answered":
        here = _A.LANDLORD if event.payload["proven"] else _A.COMPANY
        state = here if event.payload["was_here"] else _A.AWAY
    return replace(memory, check=state.value)


def _nobody_came(memory: Memory, event: Happening) -> Memory:
    """Declared of an appointment that stood, or counted of a visit that had found nobody."""
    if event.payload["how"] == "declared":
        missed = _V.CONTRACTOR_NO_SHOW.value
        return replace(memory, visit=missed, past=missed)
    left = tuple(visit for visit in memory.absences if visit != event.subject)
    known = replace(memory, absences=left)
    if event.subject not in memory.absences[-1:]:
        return known
    last = _V.CONTRACTOR_NO_SHOW.value if memory.visit == _V.NO_ACCESS else memory.visit
    past = _V.CONTRACTOR_NO_SHOW.value if memory.past == _V.NO_ACCESS else memory.past
    return replace(known, visit=last, past=past, check=_A.NO_SHOW.value)


def _reserved(memory: Memory, event: Happening) -> Memory:
    """Keep with whom each reserve is; one that is lifted is with nobody."""
    number = int(event.payload["number"])
    to_lift = tuple(one for one in memory.to_lift if one != number)
    claimed = tuple(one for one in memory.claimed if one != number)
    if event.kind in ("reserve.noted", "reserve.kept"):
        to_lift = (*to_lift, number)
    elif event.kind == "reserve.claimed":
        claimed = (*claimed, number)
    return replace(memory, to_lift=to_lift, claimed=claimed)


_READ: dict[str, Callable[[Memory, Happening], Memory]] = {
    "visit.proposed": _offered,
    "visit.slots_proposed": _offered,
    "visit.confirmed": _confirmed,
    "visit.rescheduled": _given_up,
    "visit.cancelled": _cancelled,
    "visit.lapsed": _lapsed,
    "visit.on_the_way": _nearer,
    "visit.on_site": _nearer,
    "visit.late_fact": _late,
    "visit.no_access": _missed,
    "visit.tenant_answered": _checked,
    "visit.no_access_contested": _checked,
    "visit.no_access_upheld": _checked,
    "visit.no_show": _nobody_came,
    "hold.opened": _held,
    "hold.postponed": _held,
    "order.partly_done": _partly_done,
    "order.certified": _certified,
    "reserve.noted": _reserved,
    "reserve.claimed": _reserved,
    "reserve.kept": _reserved,
    "reserve.lifted": _reserved,
    "sign_off.signed": _signed_off,
}
KINDS = frozenset({*_MOVES, *_READ})
"""The events that may pass the ball."""


def step(memory: Memory, event: Happening) -> Memory:
    """Return what is known after an event."""
    if event.kind in _MOVES:
        plain = {key: getattr(value, "value", value) for key, value in _MOVES[event.kind].items()}
        return replace(memory, **plain)
    read = _READ.get(event.kind)
    return read(memory, event) if read else memory


_BY_STATE: dict[str, Holder] = {
    _O.DRAFT: Holder.LANDLORD,
    _O.PENDING_APPROVAL: Holder.LANDLORD,
    _O.ISSUED: Holder.CONTRACTOR,
    _O.RETURNED: Holder.LANDLORD,
    _O.DECLINED: Holder.LANDLORD,
}


def holder_of(memory: Memory) -> Holder:
    """Return whose turn it is."""
    if memory.state in (_O.ACCEPTED, _O.PARTLY_DONE):
        return _while_working(memory)
    if memory.state in FINISHED:
        return _after_works(memory)
    return _BY_STATE.get(memory.state, Holder.NOBODY)


def _while_working(memory: Memory) -> Holder:
    if memory.variation and memory.visit != _V.ON_THE_WAY:
        return Holder.LANDLORD
    if memory.hold and memory.visit not in UNDER_WAY:
        return Holder.LANDLORD if memory.hold in HELD_BY_LANDLORD else Holder.CONTRACTOR
    if memory.visit == _V.PROPOSED:
        return Holder.TENANT if memory.has_tenant else Holder.LANDLORD
    if memory.visit == _V.NO_ACCESS:
        return _after_absence(memory)
    waits = memory.state == _O.PARTLY_DONE and memory.visit in ("", _V.DONE)
    if waits and memory.next in NEXT_BY_LANDLORD:
        return Holder.LANDLORD
    return Holder.CONTRACTOR


def _after_absence(memory: Memory) -> Holder:
    if memory.check in UNSETTLED:
        return Holder.CONTRACTOR if memory.check == _A.COMPANY else Holder.LANDLORD
    decides = len(memory.absences) >= ATTEMPTS and not memory.again
    return Holder.LANDLORD if decides else Holder.CONTRACTOR


def _after_works(memory: Memory) -> Holder:
    if memory.contested:
        return Holder.LANDLORD
    if memory.state == _O.CERTIFIED_WITH_RESERVES:
        checks = memory.claimed and not memory.to_lift
        return Holder.LANDLORD if checks else Holder.CONTRACTOR
    if memory.state != _O.DONE:
        return Holder.NOBODY
    if memory.certificate == _C.TO_SIGN or memory.regularisation:
        return Holder.LANDLORD
    corrects = memory.certificate in (_C.REFUSED, _C.DRAFT)
    return Holder.CONTRACTOR if corrects else Holder.NOBODY


def fold(events: Iterable[Happening], memory: Memory | None = None) -> Memory:
    """Return what is known after some events, the oldest first."""
    known = memory or Memory()
    for event in events:
        known = step(known, event)
    return known


def spells(events: Iterable[Happening]) -> list[Spell]:
    """Return who had an order one after the other; events: the oldest first."""
    memory, found = Memory(), list[Spell]()
    for event in events:
        memory = step(memory, event)
        if not memory.state:
            continue
        holder = holder_of(memory)
        if found and found[-1].holder == holder:
            continue
        if found:
            found[-1] = replace(found[-1], until=event.at)
        found.append(Spell(holder, event.at))
    return [spell for spell in found if spell.until != spell.since]


def shares(found: list[Spell], now: datetime) -> list[Share]:
    """Return how long each party had an order, the time with nobody left out; percents make 100."""
    times = dict.fromkeys((Holder.LANDLORD, Holder.CONTRACTOR, Holder.TENANT), timedelta(0))
    for spell in found:
        if spell.holder in times:
            times[spell.holder] += (spell.until or now) - spell.since
    percents = _percents(list(times.values()))
    current = found[-1].holder if found else Holder.NOBODY
    return [
        Share(holder, time, percent, is_current=holder == current)
        for (holder, time), percent in zip(times.items(), percents, strict=True)
    ]


def _percents(times: list[timedelta]) -> list[int]:
    """Return whole percents that add up to 100: what is cut off most is rounded up first."""
    total = sum(times, timedelta(0))
    if not total:
        return [0] * len(times)
    exact = [100 * time / total for time in times]
    whole = [int(value) for value in exact]
    by_rest = sorted(range(len(times)), key=lambda place: whole[place] - exact[place])
    for place in by_rest[: 100 - sum(whole)]:
        whole[place] += 1
    return whole
