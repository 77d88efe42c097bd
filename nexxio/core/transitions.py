"""apply(): the one way a state changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast
from uuid import UUID

from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.events import EventType
from nexxio.core.machines import Machine
from nexxio.core.models import Event, PartyModel
from nexxio.core.outbox import record

R = TypeVar("R", bound=PartyModel)

# A telephone's clock may be a little ahead of ours.
CLOCK_SKEW = timedelta(minutes=2)

Policy = Callable[[Actor, R], Refused | None]


def apply(
    table: Machine,
    name: str,
    *,
    model: type[R],
    pk: UUID,
    actor: Actor,
    policy: Policy[R] | None = None,
    changes: Mapping[str, Any] | Callable[[R], Mapping[str, Any]] | None = None,
    late_changes: Mapping[str, Any] | None = None,
    since: Callable[[R], datetime | None] | None = None,
    late_event: Callable[[R], EventType] | None = None,
    event: EventType | Callable[[R], EventType],
    order_id: UUID | None = None,
    case_id: UUID | None = None,
    happened_at: datetime | None = None,
    on_behalf_of: str = "",
    state_field: str = "state",
) -> R:
    """Move a row by one transition. Must run inside the caller's transaction.

    Locks the row (of its own table only), checks side, source and policy, changes, saves the
    named fields, records the event. Raises Refused when the side or the policy forbids it,
    Conflict when the state isn't a source (somebody was faster), model.DoesNotExist when the
    actor can't see the row.

    A fact reported late (`late_from`) is recorded, as `late_event` where that is given, and leaves
    the state alone; of `late_changes` it fills what is still empty. It must have happened before
    the row came to its state (`since`): else it isn't late but contradicts what is known, which is
    a Conflict too. happened_at: raises Invalid when it is to come.
    """
    _refuse_future(happened_at)
    transition = table.transitions[name]
    row = cast("R", model.objects.select_for_update(of=("self",)).get(pk=pk))
    if actor.side not in transition.sides:
        raise Refused("Cette action n’est pas ouverte à votre côté.", code="side")
    state = getattr(row, state_field)
    late = state not in transition.sources and (
        happened_at is not None
        and state in transition.late_from
        and _is_before(happened_at, since(row) if since else None)
    )
    if state not in transition.sources and not late:
        raise _conflict(table, row, state, actor)
    refusal = policy(actor, row) if policy else None
    if refusal is not None:
        raise refusal
    if late:
        filled = late_changes or {}
        values = {key: value for key, value in filled.items() if getattr(row, key) in (None, "")}
    else:
        values = dict(changes(row) if callable(changes) else changes or {})
        values[state_field] = transition.target
    _save(row, values)
    told = late_event if late and late_event is not None else event
    record(
        told(row) if callable(told) else told,
        actor=actor,
        subject=row,
        subject_type=table.name,
        order_id=order_id,
        case_id=case_id,
        happened_at=happened_at,
        on_behalf_of=on_behalf_of,
    )
    return row


def _refuse_future(happened_at: datetime | None) -> None:
    if happened_at is not None and happened_at > clock.now() + CLOCK_SKEW:
        raise Invalid({"happened_at": ["Cette heure n’est pas encore passée."]})


def _is_before(happened_at: datetime, moment: datetime | None) -> bool:
    return moment is None or happened_at < moment


def _save(row: PartyModel, values: dict[str, Any]) -> None:
    """Save the named fields, as a new version."""
    if not values:
        return
    if hasattr(row, "version"):
        values["version"] = row.version + 1
    for key, value in values.items():
        setattr(row, key, value)
    row.save(update_fields=list(values))


def _conflict(table: Machine, row: R, state: str, actor: Actor) -> Conflict:
    # Who made what follows, as a PDF, isn't who moved it.
    movers = {
        side.value
        for transition in table.transitions.values()
        if transition.target == state
        for side in transition.sides
    }
    last = (
        Event.objects.filter(landlord_id=row.landlord_id, subject_id=row.pk, actor_side__in=movers)
        .select_related("actor_user")
        .order_by("-recorded_at", "-id")
        .first()
    )
    label = table.label(state, actor.side)
    if last is None:
        return Conflict(f"L’état a changé entre-temps : « {label} ».")
    # A tenant acts for his landlord's organisation: he is no colleague of its staff.
    inside = (
        actor.side is not Side.TENANT
        and last.actor_side == actor.side.value
        and last.actor_organisation_id == actor.organisation_id
        and last.actor_user is not None
    )
    who = str(last.actor_user) if inside else _SIDES[last.actor_side]
    return Conflict(f"Déjà fait : « {label} ».", by=who, at=last.recorded_at)


_SIDES = {
    Side.LANDLORD.value: "le bailleur",
    Side.CONTRACTOR.value: "l’entreprise",
    Side.TENANT.value: "le locataire",
    Side.SYSTEM.value: "Nexxio",
}
