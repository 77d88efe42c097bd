"""apply(): the one way a state changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar, cast
from uuid import UUID

from nexxio.core.actors import Actor, Side
from nexxio.core.errors import Conflict, Refused
from nexxio.core.events import EventType
from nexxio.core.machines import Machine
from nexxio.core.models import Event, PartyModel
from nexxio.core.outbox import record

R = TypeVar("R", bound=PartyModel)


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
    actor can't see the row. A fact reported late (`late_from`) is recorded, nothing else moves.
    """
    transition = table.transitions[name]
    row = cast("R", model.objects.select_for_update(of=("self",)).get(pk=pk))
    if actor.side not in transition.sides:
        raise Refused("Cette action n'est pas ouverte à votre côté.", code="side")
    state = getattr(row, state_field)
    late = state not in transition.sources and (
        happened_at is not None and state in transition.late_from
    )
    if state not in transition.sources and not late:
        raise _conflict(table, row, state, actor)
    refusal = policy(actor, row) if policy else None
    if refusal is not None:
        raise refusal
    if not late:
        values = dict(changes(row) if callable(changes) else changes or {})
        values[state_field] = transition.target
        if hasattr(row, "version"):
            values["version"] = row.version + 1
        for key, value in values.items():
            setattr(row, key, value)
        row.save(update_fields=list(values))
    record(
        event(row) if callable(event) else event,
        actor=actor,
        subject=row,
        subject_type=table.name,
        order_id=order_id,
        case_id=case_id,
        happened_at=happened_at,
        on_behalf_of=on_behalf_of,
    )
    return row


def _conflict(table: Machine, row: R, state: str, actor: Actor) -> Conflict:
    last = (
        Event.objects.filter(landlord_id=row.landlord_id, subject_id=row.pk)
        .select_related("actor_user")
        .order_by("-recorded_at", "-id")
        .first()
    )
    label = table.label(state, actor.side)
    if last is None:
        return Conflict(f"L'état a changé entre-temps : « {label} ».")
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
    Side.CONTRACTOR.value: "l'entreprise",
    Side.TENANT.value: "le locataire",
    Side.SYSTEM.value: "Nexxio",
}
