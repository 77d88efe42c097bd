"""Writes of reported comments: a house reports, the platform keeps or withdraws."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from evaluations import policies
from evaluations import voice_events as events
from evaluations.models import Voice, VoiceReport
from evaluations.services.reactions import MOST_REASON, words_of
from evaluations.voice_terms import ReportGround, ReportOutcome
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.events import EventType
from nexxio.core.outbox import Subject, record


@transaction.atomic
def report_voice(*, actor: Actor, voice_id: UUID, ground: str, note: str = "") -> VoiceReport:
    """Ask the platform to look at a tenant's comment that the actor's house reads.

    It stays as it is until then. Nothing is locked: the database lets one in for each comment.
    Raises Refused for a role that only reads, Invalid for no ground or a second time, Conflict
    for a comment that was withdrawn.
    """
    if not policies.desk(actor):
        raise Refused("Votre rôle ne signale pas de commentaire.", code="role")
    voice = Voice.objects.get(pk=voice_id)
    if voice.withdrawn_at is not None:
        raise Conflict("Ce commentaire est déjà retiré.")
    if ground not in ReportGround.values:
        raise Invalid({"ground": ["Choisissez un motif."]})
    if ground == ReportGround.OTHER:
        note = words_of(note, "note", MOST_REASON)
    report = VoiceReport(
        landlord_id=voice.landlord_id,
        contractor_id=voice.contractor_id,
        voice=voice,
        side=actor.side.value,
        ground=ground,
        note=" ".join(note.split())[:MOST_REASON],
        reported_at=clock.now(),
    )
    with explained():
        report.save(force_insert=True)
    _tell(events.VoiceReported(ground=ground), report, actor)
    return report


@transaction.atomic
def keep_voice(*, actor: Actor, report_id: UUID, reason: str) -> VoiceReport:
    """Let a reported comment stand, and say why: both houses read it.

    By platform staff, as the system; logged. Locks the report. Raises Invalid without a reason,
    Conflict where it was decided.
    """
    report = _decide(report_id, ReportOutcome.KEPT, reason)
    _tell(events.VoiceKept(), report, actor)
    return report


@transaction.atomic
def withdraw_voice(*, actor: Actor, report_id: UUID, reason: str) -> VoiceReport:
    """Take a reported comment back for good: its words are erased, and say why.

    By platform staff, as the system; logged. Marks and results stay: they were never its. Locks
    report and comment. Raises Invalid without a reason, Conflict where it was decided.
    """
    report = _decide(report_id, ReportOutcome.WITHDRAWN, reason)
    voice = Voice.objects.select_for_update(of=("self",)).get(pk=report.voice_id)
    voice.text, voice.withdrawn_at = "", report.decided_at
    voice.save(update_fields=["text", "withdrawn_at"])
    _tell(events.VoiceWithdrawn(), report, actor)
    return report


# --- inside -----------------------------------------------------------------------------------


def _decide(report_id: UUID, outcome: ReportOutcome, reason: str) -> VoiceReport:
    report: VoiceReport = VoiceReport.objects.select_for_update(of=("self",)).get(pk=report_id)
    words = words_of(reason, "reason", MOST_REASON)
    if report.outcome:
        raise Conflict(f"Déjà fait : « {report.get_outcome_display()} ».")
    report.outcome, report.decided_at, report.decision_reason = outcome, clock.now(), words
    report.save(update_fields=["outcome", "decided_at", "decision_reason"])
    return report


def _tell(event: EventType, report: VoiceReport, actor: Actor) -> None:
    subject = Subject(
        pk=report.pk, landlord_id=report.landlord_id, contractor_id=report.contractor_id
    )
    record(event, actor=actor, subject=subject, subject_type="voice_report")
