"""The state of a sealed PDF and the code on it: of certificates, liftings and sign-offs alike."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, TypeVar
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from nexxio.core import jobs, links
from nexxio.core.actors import SYSTEM, Actor
from nexxio.core.errors import Refused
from nexxio.core.models import Event
from orders import certificate_policies
from orders.models import Certificate, LiftingRecord, SealState, SignOff

Sealed = Certificate | LiftingRecord | SignOff
Kind = Literal["certificate", "lifting", "sign_off"]
_Row = TypeVar("_Row", Certificate, LiftingRecord, SignOff)


def verify_token(kind: Kind, pk: UUID) -> str:
    """Return the token by which anybody who holds the document may verify it."""
    return links.token_from(links.keyed(kind, pk.bytes))


def verify_hash(kind: Kind, pk: UUID) -> str:
    """Return what the database keeps of that token."""
    return links.hash_of(verify_token(kind, pk))


def verify_url(kind: Kind, pk: UUID) -> str:
    """Return the address that is printed on the document."""
    return settings.SITE_URL + reverse("orders:verify", args=[verify_token(kind, pk)])


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
