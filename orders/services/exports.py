"""Writes of exports: asked for on the list, made by a worker with that person's own eyes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from nexxio.core import clock, jobs, made_files
from nexxio.core.actors import SYSTEM, Actor, Role, Side
from nexxio.core.errors import Refused
from nexxio.core.events import EventType
from nexxio.core.models import Event, Membership, OrganisationKind
from nexxio.core.outbox import of_house, record
from orders import export_events as events
from orders.models import ExportFormat, ExportState, OrderExport

MAKE = "orders.export"
LIFE = timedelta(minutes=30)
"""How long one is waited for; after that it is taken for lost, and may be asked for again."""
_TYPES = {
    ExportFormat.CSV: "text/csv",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@transaction.atomic
def ask_export(*, actor: Actor, query: str, file_format: str) -> OrderExport:
    """Ask for a list of orders as a file. query: the list's query string.

    Locks the person's exports that are being made. Raises Refused for a technician, for a stay of
    platform staff, and while one is made.
    """
    if actor.user_id is None or actor.entry_id or not actor.has(*_READERS):
        raise Refused("Votre rôle ne permet pas d’exporter les commandes.", code="role")
    if file_format not in ExportFormat.values:
        raise Refused("Ce format de fichier n’existe pas.", code="format")
    mine = OrderExport.objects.filter(
        organisation_id=actor.own_id, user_id=actor.user_id, state=ExportState.PREPARING
    )
    if any(is_awaited(found) for found in mine.select_for_update(of=("self",))):
        raise Refused("Un export est déjà en préparation : attendez qu’il soit prêt.", code="busy")
    export = OrderExport(
        organisation_id=actor.own_id,
        user_id=actor.user_id,
        query=query[:600],
        file_format=file_format,
        asked_at=clock.now(),
    )
    export.save(force_insert=True)
    _record(events.ExportAsked(), export, actor, actor.side)
    return export


_READERS = (Role.MANAGER, Role.CLERK, Role.READER)


def is_awaited(export: OrderExport) -> bool:
    """Tell whether a worker still makes it."""
    return export.state == ExportState.PREPARING and export.asked_at >= clock.now() - LIFE


def order_export(*, event: Event) -> None:
    """Open the job that makes what was asked for. Runs in the relay's transaction."""
    found = OrderExport.objects.filter(pk=event.subject_id, state=ExportState.PREPARING).first()
    if found is not None:
        maker = replace(SYSTEM, organisation_id=found.organisation_id)
        jobs.ask(kind=MAKE, actor=maker, payload={"export": str(found.pk)}, awaited=True)


def reader_of(export: OrderExport) -> Actor:
    """Return whoever asked, as he may read today. Raises Refused when he has left since."""
    member = (
        Membership.objects.select_related("organisation")
        .filter(user_id=export.user_id, organisation_id=export.organisation_id, is_active=True)
        .first()
    )
    if member is None:
        raise Refused("Cette personne n’a plus accès à l’espace.", code="role")
    return Actor(
        side=Side(member.organisation.kind),
        name="",
        user_id=member.user_id,
        membership_id=member.pk,
        organisation_id=member.organisation_id,
        department=member.department,
        agency_id=member.agency_id,
        sector_id=member.sector_id,
        roles=frozenset(Role(role) for role in member.roles),
    )


def note_progress(*, actor: Actor, export_id: UUID, rows: int, total: int) -> None:
    """Keep how far it is, for the page that looks."""
    OrderExport.objects.filter(
        pk=export_id, organisation_id=actor.own_id, state=ExportState.PREPARING
    ).update(rows=rows, total=max(rows, total))


@transaction.atomic
def keep_export(
    *, actor: Actor, export_id: UUID, name: str, data: bytes, rows: int, is_cut: bool
) -> OrderExport:
    """Keep what a worker has made, as a file of its organisation alone. Locks its row.

    One that is ready already stays as it is: the worker before was only slow.
    """
    found = _lock(export_id)
    side = _side_of(found)
    if made_files.keep(
        found,
        data,
        landlord_id=found.organisation_id,
        contractor_id=found.organisation_id if side is Side.CONTRACTOR else None,
        media_type=_TYPES[ExportFormat(found.file_format)],
        name=name,
        also={"rows": rows, "total": rows, "is_cut": is_cut},
    ):
        _record(events.ExportMade(), found, actor, side)
    return found


@transaction.atomic
def fail_export(*, actor: Actor, export_id: UUID) -> OrderExport:
    """Note that it could not be made, so that the page says so. Locks its row."""
    found = _lock(export_id)
    if made_files.give_up(found):
        _record(events.ExportFailed(), found, actor, _side_of(found))
    return found


def _side_of(export: OrderExport) -> Side:
    is_company = export.organisation.kind == OrganisationKind.CONTRACTOR
    return Side.CONTRACTOR if is_company else Side.LANDLORD


def _lock(export_id: UUID) -> OrderExport:
    found: OrderExport = (
        OrderExport.objects.select_related("organisation")
        .select_for_update(of=("self",))
        .get(pk=export_id)
    )
    return found


def _record(event: EventType, export: OrderExport, actor: Actor, side: Side) -> None:
    subject = of_house(pk=export.pk, organisation_id=export.organisation_id, side=side)
    record(event, actor=actor, subject=subject, subject_type="export")
