"""Writes of documents: asked for by the clock, printed by a worker, read by both sides alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db import transaction

from evaluations import report_events as events
from evaluations.models import Report, ReportKind
from nexxio.core import clock, jobs, made_files
from nexxio.core.actors import SYSTEM, Actor
from nexxio.core.events import EventType
from nexxio.core.outbox import Subject, record

MAKE = "evaluations.report"
_NAMES = {
    ReportKind.SCORECARD: "fiche-evaluation",
    ReportKind.BALANCE: "balance-transparence",
    ReportKind.REVIEW: "revue",
    ReportKind.STATEMENT: "releve-bonus-malus",
}


@transaction.atomic
def ask_report(
    *,
    actor: Actor,
    kind: str,
    landlord_id: UUID,
    contractor_id: UUID | None,
    month: date,
    review_id: UUID | None = None,
    statement_id: UUID | None = None,
    is_final: bool = False,
) -> Report | None:
    """Ask for a document and open the job that prints it; None where it was asked for before.

    As the system. month: its first day. is_final: of a statement, once it was closed. One of a kind
    is let in by the key; nothing is locked.
    """
    report = Report(
        landlord_id=landlord_id,
        contractor_id=contractor_id,
        kind=kind,
        month=month,
        review_id=review_id,
        statement_id=statement_id,
        is_final=is_final,
        asked_at=clock.now(),
    )
    Report.objects.bulk_create([report], ignore_conflicts=True)
    if not Report.objects.filter(pk=report.pk).exists():
        return None
    printer = replace(SYSTEM, organisation_id=landlord_id)
    jobs.ask(kind=MAKE, actor=printer, payload={"report": str(report.pk)})
    _record(events.ReportAsked(document=kind), report, actor)
    return report


@transaction.atomic
def keep_report(*, actor: Actor, report_id: UUID, pdf: bytes) -> Report:
    """Keep what a worker has printed, as a file of its readers. As the system. Locks its row.

    One that is ready already stays as it is: the worker before was only slow.
    """
    found = _lock(report_id)
    if made_files.keep(
        found,
        pdf,
        landlord_id=found.landlord_id,
        contractor_id=found.contractor_id,
        name=f"{_NAMES[ReportKind(found.kind)]}-{found.month:%Y-%m}-{found.pk.hex[-6:]}.pdf",
    ):
        _record(events.ReportMade(document=found.kind), found, actor)
    return found


@transaction.atomic
def fail_report(*, actor: Actor, report_id: UUID) -> Report:
    """Note that it could not be made, so that the page says so. As the system. Locks its row."""
    found = _lock(report_id)
    if made_files.give_up(found):
        _record(events.ReportFailed(document=found.kind), found, actor)
    return found


# --- inside -----------------------------------------------------------------------------------


def _lock(report_id: UUID) -> Report:
    found: Report = Report.objects.select_for_update(of=("self",)).get(pk=report_id)
    return found


def _record(event: EventType, report: Report, actor: Actor) -> None:
    subject = Subject(
        pk=report.pk, landlord_id=report.landlord_id, contractor_id=report.contractor_id
    )
    record(event, actor=actor, subject=subject, subject_type="report")
