"""Writes of clause annexes: asked for on a contract's page, printed by a worker."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from evaluations import pilot_events as events
from evaluations import policies
from evaluations.models import ClauseAnnex, ReportState
from nexxio.core import clock, jobs, made_files
from nexxio.core.actors import SYSTEM, Actor
from nexxio.core.errors import Refused
from nexxio.core.events import EventType
from nexxio.core.models import Event
from nexxio.core.outbox import Subject, record
from orders.models import Contract

PRINT = "evaluations.annex"
LIFE = timedelta(minutes=30)
"""How long one is waited for; after that it may be asked for again."""


@transaction.atomic
def ask_annex(*, actor: Actor, contract_id: UUID) -> ClauseAnnex:
    """Ask for the annex of a contract's clauses. Locks the contract, so that one is made at a time.

    Raises Refused for who doesn't write contracts, and while one is made.
    """
    if not policies.steers(actor):
        raise Refused("Seuls les responsables du bailleur établissent l’annexe.", code="role")
    contract: Contract = Contract.objects.select_for_update(of=("self",)).get(
        pk=contract_id, landlord_id=actor.own_id
    )
    mine = ClauseAnnex.objects.filter(
        landlord_id=contract.landlord_id, contract_id=contract.pk, state=ReportState.PREPARING
    )
    if any(is_awaited(one) for one in mine):
        raise Refused(
            "L’annexe est déjà en préparation : attendez qu’elle soit prête.", code="busy"
        )
    annex = ClauseAnnex(landlord_id=contract.landlord_id, contract=contract, asked_at=clock.now())
    annex.save(force_insert=True)
    _record(events.AnnexAsked(), annex, actor)
    return annex


def is_awaited(annex: ClauseAnnex) -> bool:
    """Tell whether a worker still makes it."""
    return annex.state == ReportState.PREPARING and annex.asked_at >= clock.now() - LIFE


def order_annex(*, event: Event) -> None:
    """Open the job that prints what was asked for. Runs in the relay's transaction."""
    found = ClauseAnnex.objects.filter(pk=event.subject_id, state=ReportState.PREPARING).first()
    if found is not None:
        printer = replace(SYSTEM, organisation_id=found.landlord_id)
        jobs.ask(kind=PRINT, actor=printer, payload={"annex": str(found.pk)}, awaited=True)


@transaction.atomic
def keep_annex(*, actor: Actor, annex_id: UUID, pdf: bytes, name: str) -> ClauseAnnex:
    """Keep what a worker has printed, as a file of the landlord alone. As the system. Locks it.

    One that is ready already stays as it is: the worker before was only slow.
    """
    found = _lock(annex_id)
    if made_files.keep(found, pdf, landlord_id=found.landlord_id, contractor_id=None, name=name):
        _record(events.AnnexMade(), found, actor)
    return found


@transaction.atomic
def fail_annex(*, actor: Actor, annex_id: UUID) -> ClauseAnnex:
    """Note that it could not be made, so that the page says so. As the system. Locks it."""
    found = _lock(annex_id)
    if made_files.give_up(found):
        _record(events.AnnexFailed(), found, actor)
    return found


# --- inside -----------------------------------------------------------------------------------


def _lock(annex_id: UUID) -> ClauseAnnex:
    found: ClauseAnnex = ClauseAnnex.objects.select_for_update(of=("self",)).get(pk=annex_id)
    return found


def _record(event: EventType, annex: ClauseAnnex, actor: Actor) -> None:
    subject = Subject(pk=annex.pk, landlord_id=annex.landlord_id)
    record(event, actor=actor, subject=subject, subject_type="annex")
