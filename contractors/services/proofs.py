"""Writes of proof files: asked for at a desk, printed by a worker with that desk's own eyes."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.db import transaction

from contractors import desk_events as events
from contractors import policies
from contractors.models import ProofFile, ProofState
from nexxio.core import clock, jobs, made_files
from nexxio.core.actors import SYSTEM, Actor, Side
from nexxio.core.errors import Refused
from nexxio.core.events import EventType
from nexxio.core.models import Event, OrganisationKind
from nexxio.core.outbox import of_house, record
from orders.models import Order
from orders.services.moves import lock_order

MAKE = "proof.pdf"


@transaction.atomic
def ask_proof(*, actor: Actor, order: Order) -> ProofFile:
    """Ask for the proof file of an order that the actor's organisation reads (its door is passed).

    Locks the order, so that two at once make one. Raises Refused for another role, and while one
    is made.
    """
    if not policies.desk(actor):
        raise Refused("Votre rôle ne permet pas de demander un dossier de preuve.", code="role")
    lock_order(order.pk)
    former = latest_proof(actor, order.pk)
    if former is not None and policies.proof_waits(former):
        raise Refused("Ce dossier est déjà en préparation.", code="repeated")
    proof = ProofFile(organisation_id=actor.own_id, order_id=order.pk, asked_at=clock.now())
    proof.save(force_insert=True)
    _record(events.ProofAsked(), proof, actor, actor.side)
    return proof


def latest_proof(actor: Actor, order_id: UUID) -> ProofFile | None:
    """Return the newest proof file of the actor's organisation; None before one was asked for."""
    found: ProofFile | None = (
        ProofFile.objects.filter(organisation_id=actor.own_id, order_id=order_id)
        .order_by("-asked_at", "-id")
        .first()
    )
    return found


def order_proof(*, event: Event) -> None:
    """Open the job that prints a file that was asked for. Runs in the relay's transaction."""
    found = ProofFile.objects.filter(pk=event.subject_id, state=ProofState.PREPARING).first()
    if found is not None:
        printer = replace(SYSTEM, organisation_id=found.organisation_id)
        jobs.ask(kind=MAKE, actor=printer, payload={"proof": str(found.pk)}, awaited=True)


@transaction.atomic
def keep_proof(*, actor: Actor, proof_id: UUID, name: str, pdf: bytes) -> ProofFile:
    """Keep what a worker has printed, as a file of its organisation alone. Locks its row.

    One that is ready already stays as it is: the worker before was only slow.
    """
    found = _lock(proof_id)
    side = side_of(found)
    if made_files.keep(
        found,
        pdf,
        landlord_id=found.organisation_id,
        contractor_id=found.organisation_id if side is Side.CONTRACTOR else None,
        name=name,
    ):
        _record(events.ProofMade(), found, actor, side)
    return found


@transaction.atomic
def fail_proof(*, actor: Actor, proof_id: UUID) -> ProofFile:
    """Note that it could not be made, so that the page says so. Locks its row."""
    found = _lock(proof_id)
    if made_files.give_up(found):
        _record(events.ProofFailed(), found, actor, side_of(found))
    return found


def side_of(proof: ProofFile) -> Side:
    """Return the side of the organisation whose file it is."""
    is_company = proof.organisation.kind == OrganisationKind.CONTRACTOR
    return Side.CONTRACTOR if is_company else Side.LANDLORD


# --- inside -----------------------------------------------------------------------------------


def _lock(proof_id: UUID) -> ProofFile:
    found: ProofFile = (
        ProofFile.objects.select_related("organisation")
        .select_for_update(of=("self",))
        .get(pk=proof_id)
    )
    return found


def _record(event: EventType, proof: ProofFile, actor: Actor, side: Side) -> None:
    subject = of_house(pk=proof.pk, organisation_id=proof.organisation_id, side=side)
    record(event, actor=actor, subject=subject, subject_type="proof", order_id=proof.order_id)
