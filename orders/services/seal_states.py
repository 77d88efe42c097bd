"""The state of a sealed PDF, the same for a certificate and for a record of lifted reserves."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from nexxio.core import jobs
from nexxio.core.actors import SYSTEM, Actor
from nexxio.core.errors import Refused
from nexxio.core.models import Event
from orders import certificate_policies
from orders.models import Certificate, LiftingRecord, SealState

Sealed = Certificate | LiftingRecord
_Row = TypeVar("_Row", Certificate, LiftingRecord)


def open_job(row: Sealed, *, kind: str, name: str, event: Event) -> None:
    """Open the job that prints and seals, for a recorded event. As the system, in the relay.

    name: of the row's key in the job's payload.
    """
    if row.seal == SealState.PREPARING:
        actor = replace(SYSTEM, organisation_id=event.landlord_id)
        jobs.ask(kind=kind, actor=actor, payload={name: str(row.pk)})


def prepare_again(row: _Row | None, actor: Actor) -> _Row:
    """Have a locked row wait for its PDF again; raise Refused where there is none to ask."""
    if row is None or not certificate_policies.can_ask_seal(actor, row):
        raise Refused("Ce PDF est déjà prêt ou en préparation.", code="state")
    row.seal = SealState.PREPARING
    row.save(update_fields=["seal"])
    return row


def note_failed(row: Sealed) -> bool:
    """Note on a locked row that its PDF could not be sealed; False where none is prepared."""
    if row.seal != SealState.PREPARING:
        return False
    row.seal = SealState.FAILED
    row.save(update_fields=["seal"])
    return True
