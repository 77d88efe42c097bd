"""Reactions to events: who is asked after an order, and when both sides have answered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from evaluations import services
from evaluations.models import (
    BonusStatement,
    ClauseAnnex,
    Report,
    ReportKind,
    ReportState,
    Review,
)
from evaluations.services import annexes
from evaluations.services.reports import MAKE
from nexxio.core.actors import SYSTEM
from nexxio.core.jobs import Progress, job_kind
from nexxio.core.models import Event, Job, Membership
from nexxio.core.scoping import system_scope
from nexxio.core.subscriptions import subscribe


@subscribe("evaluations_ask", "order.done", "order.stopped")
def ask(event: Event) -> None:
    """Ask the tenant, and both houses when something stood out. Idempotent.

    Of works that were stopped the houses only: the tenant's repair isn't finished.
    """
    if event.order_id is not None:
        actor = replace(SYSTEM, organisation_id=event.landlord_id)
        services.invite_for_order(actor=actor, order_id=event.order_id)


@subscribe("evaluations_reveal", "evaluation.answered")
def reveal(event: Event) -> None:
    """Show both sides theirs once both have given it. Idempotent.

    Of a company's the event is its own, so the landlord's row is found by the evaluation.
    """
    services.reveal_if_both(actor=SYSTEM, evaluation_id=event.subject_id)


@subscribe("evaluations_review", "review.signed")
def print_review(event: Event) -> None:
    """Let a worker print the minutes that both sides have signed. Idempotent."""
    if not event.payload.get("complete"):
        return
    review = Review.objects.get(pk=event.subject_id)
    services.ask_report(
        actor=SYSTEM,
        kind=ReportKind.REVIEW,
        landlord_id=review.landlord_id,
        contractor_id=review.contractor_id,
        month=review.meets_on.replace(day=1),
        review_id=review.pk,
    )


@subscribe("evaluations_statement", "bonus.stated", "bonus.closed")
def print_statement(event: Event) -> None:
    """Let a worker print a statement as it was made, and again once it is closed. Idempotent."""
    statement = BonusStatement.objects.get(pk=event.subject_id)
    services.ask_report(
        actor=SYSTEM,
        kind=ReportKind.STATEMENT,
        landlord_id=statement.landlord_id,
        contractor_id=statement.contractor_id,
        month=statement.first.replace(day=1),
        statement_id=statement.pk,
        is_final=event.kind == "bonus.closed",
    )


@subscribe("evaluations_member_left", "member.deactivated")
def end_calls(event: Event) -> None:
    """Let nobody be called who has left his house. Idempotent."""
    left = Membership.objects.get(pk=event.subject_id)
    stays = Membership.objects.filter(
        organisation_id=left.organisation_id, user_id=left.user_id, is_active=True
    )
    if not stays.exists():
        services.end_calls_of_member(
            actor=SYSTEM, organisation_id=left.organisation_id, user_id=left.user_id
        )


@subscribe("evaluations_named", "reference.rule_changed", "reference.published")
def name_houses(event: Event) -> None:
    """Let references say a landlord's name as its rule is now. Idempotent."""
    services.apply_peer_rule(actor=SYSTEM, landlord_id=event.landlord_id)


@subscribe("evaluations_showing", "answers.asked")
def settle_showing(event: Event) -> None:
    """Show what a company wishes to show, where the others stay hidden. Idempotent."""
    services.settle_showing(actor=SYSTEM, given_id=event.subject_id)


@job_kind(MAKE)
def make_report(job: Job, _progress: Progress) -> dict[str, Any]:
    """Print a document. What prints is loaded by the worker, and by nobody else."""
    from evaluations.printing import printed

    actor = replace(SYSTEM, organisation_id=job.landlord_id)
    with system_scope(f"{MAKE}: {job.payload['report']}"):
        found = Report.objects.select_related("landlord", "contractor").get(
            pk=job.payload["report"], landlord_id=job.landlord_id
        )
        if found.state == ReportState.READY:
            return {"report": str(found.pk)}
        try:
            pdf = printed(found)
        except Exception:
            services.fail_report(actor=actor, report_id=found.pk)
            raise
        services.keep_report(actor=actor, report_id=found.pk, pdf=pdf)
    return {"report": str(found.pk)}


@subscribe("evaluations_annex", "annex.asked")
def order_annex(event: Event) -> None:
    """Let a worker print the annex of a contract's clauses."""
    annexes.order_annex(event=event)


@job_kind(annexes.PRINT)
def make_annex(job: Job, _progress: Progress) -> dict[str, Any]:
    """Print an annex. What prints is loaded by the worker, and by nobody else."""
    from evaluations.printing import printed_annex

    actor = replace(SYSTEM, organisation_id=job.landlord_id)
    with system_scope(f"{annexes.PRINT}: {job.payload['annex']}"):
        found = ClauseAnnex.objects.select_related("contract__landlord").get(
            pk=job.payload["annex"], landlord_id=job.landlord_id
        )
        if found.state == ReportState.READY:
            return {"annex": str(found.pk)}
        try:
            pdf = printed_annex(found)
        except Exception:
            services.fail_annex(actor=actor, annex_id=found.pk)
            raise
        name = f"annexe-clauses-{found.asked_at:%Y-%m-%d}-{found.pk.hex[-6:]}.pdf"
        services.keep_annex(actor=actor, annex_id=found.pk, pdf=pdf, name=name)
    return {"annex": str(found.pk)}
