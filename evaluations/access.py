"""The one door to each evaluation: 404 if invisible, 403 only inside."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from evaluations import policies
from evaluations.axes import Direction
from evaluations.models import (
    BonusContest,
    BonusLine,
    BonusRules,
    BonusStatement,
    Campaign,
    ClauseAnnex,
    Evaluation,
    GivenAnswers,
    ImpactNote,
    Need,
    OwnQuestion,
    PeerContact,
    PeerReference,
    Pilot,
    Report,
    Review,
    ReviewDecision,
    Rollout,
    StaffSurvey,
    TenantSurvey,
    Voice,
)
from evaluations.respondents import has_seat
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.models import StoredFile

_MOST_OF_A_CASE = 50


def get_evaluation(actor: Actor, pk: UUID, *, to: str = "read") -> Evaluation:
    """Return an evaluation that the actor may see at a desk; raises Http404 otherwise.

    to: "read", or "act" (403 for a role that only reads). Of a withdrawn one there is the decision.
    """
    found: Evaluation | None = (
        Evaluation.objects.filter(pk=pk)
        .select_related("landlord", "contractor", "order", "campaign")
        .first()
    )
    if found is None or not policies.reads(actor):
        raise Http404
    if to == "act" and not policies.desk(actor):
        raise PermissionDenied
    return found


def get_campaign(actor: Actor, pk: UUID) -> Campaign:
    """Return a campaign of the actor's house; 403 to whoever isn't asked by it."""
    found: Campaign | None = (
        Campaign.objects.filter(pk=pk).select_related("landlord", "contractor").first()
    )
    if found is None or not policies.reads(actor):
        raise Http404
    # A closed one asks nobody any more: the service says so.
    is_asked = has_seat(actor, found) or found.closed_at is not None
    if not (policies.desk(actor) and is_asked):
        raise PermissionDenied
    return found


def get_voice(actor: Actor, pk: UUID) -> Voice:
    """Return a tenant's comment that the actor's house reads, to report it; its words are there."""
    found: Voice | None = Voice.objects.filter(pk=pk, withdrawn_at__isnull=True).first()
    if found is None or not policies.reads(actor):
        raise Http404
    return found


def tenants_evaluation(actor: Actor) -> Evaluation | None:
    """Return the evaluation of the case that a tenant follows; None where none is asked.

    Of several orders: the oldest one that may be given still, whose time is over first; then the
    newest.
    """
    if actor.case_id is None:
        return None
    rows = list(
        Evaluation.objects.filter(reader_case_id=actor.case_id, direction=Direction.TENANT_REPAIR)
        .select_related("order", "contractor", "landlord")
        .order_by("-opened_at", "-id")[:_MOST_OF_A_CASE]
    )
    now = clock.now()
    still = [row for row in rows if policies.is_open(row, now)]
    return min(still, key=lambda row: row.closes_at) if still else next(iter(rows), None)


def open_for_tenant(actor: Actor) -> Evaluation | None:
    """Return the evaluation that the tenant may give now; None otherwise."""
    found = tenants_evaluation(actor)
    return found if found is not None and policies.is_open(found, clock.now()) else None


def get_bonus_rules(actor: Actor, pk: UUID) -> BonusRules:
    """Return a version of bonus rules that the actor may see, its contract and houses loaded."""
    found: BonusRules | None = (
        BonusRules.objects.filter(pk=pk)
        .select_related("contract__landlord", "contract__contractor", "proposed_by")
        .prefetch_related("terms")
        .first()
    )
    if found is None or not policies.reads(actor):
        raise Http404
    return found


def get_statement(actor: Actor, pk: UUID) -> BonusStatement:
    """Return a statement that the actor may see, its contract and houses loaded."""
    found: BonusStatement | None = (
        BonusStatement.objects.filter(pk=pk)
        .select_related("contract__landlord", "contract__contractor", "rules", "closed_by")
        .first()
    )
    if found is None or not policies.reads(actor):
        raise Http404
    return found


def get_statement_file(actor: Actor, statement: BonusStatement) -> StoredFile:
    """Return a statement's PDF, the one of its closing if there is one; Http404 before any."""
    found: Report | None = (
        Report.objects.filter(
            landlord_id=statement.landlord_id, statement_id=statement.pk, file__isnull=False
        )
        .select_related("file")
        .order_by("-is_final")
        .first()
    )
    if found is None or found.file is None or not policies.reads(actor):
        raise Http404
    return found.file


def get_bonus_line(actor: Actor, pk: UUID) -> BonusLine:
    """Return a line of a statement that the actor may see; 403 to who may never contest one."""
    found: BonusLine | None = (
        BonusLine.objects.filter(pk=pk).select_related("statement", "order").first()
    )
    if found is None or not policies.reads(actor):
        raise Http404
    return found


def get_bonus_contest(actor: Actor, pk: UUID) -> BonusContest:
    """Return a contested line that the actor may see, the line and its order loaded."""
    found: BonusContest | None = (
        BonusContest.objects.filter(pk=pk).select_related("statement", "line__order").first()
    )
    if found is None or not policies.reads(actor):
        raise Http404
    return found


def get_report_file(actor: Actor, pk: UUID) -> StoredFile:
    """Return the PDF of a document that the actor's house reads; Http404 before it is printed."""
    found: Report | None = Report.objects.filter(pk=pk).select_related("file").first()
    if found is None or found.file is None or not policies.reads(actor):
        raise Http404
    return found.file


def get_question(actor: Actor, pk: UUID) -> OwnQuestion:
    """Return a question of the actor's own landlord; 403 to who doesn't write any."""
    found: OwnQuestion | None = OwnQuestion.objects.filter(pk=pk, landlord_id=actor.own_id).first()
    if found is None:
        raise Http404
    if not policies.writes_questions(actor):
        raise PermissionDenied
    return found


def get_staff_survey(actor: Actor, pk: UUID) -> StaffSurvey:
    """Return what the actor's own house asks its members; Http404 to whoever isn't one."""
    found: StaffSurvey | None = StaffSurvey.objects.filter(
        pk=pk, organisation_id=actor.own_id
    ).first()
    if found is None or not policies.is_member(actor):
        raise Http404
    return found


def get_reference(actor: Actor, pk: UUID, *, to: str = "read") -> PeerReference:
    """Return a reference that is read by the actor: his company's own, or a live one.

    to: "read", "publish" (403 to whoever isn't the company's direction) or "answer" (404 for
    another landlord's, 403 for a role that only reads).
    """
    found: PeerReference | None = PeerReference.objects.filter(pk=pk).first()
    if found is None or not policies.reads(actor):
        raise Http404
    own = actor.own_id in (found.landlord_id, found.contractor_id)
    if (found.withdrawn_at is not None and not own) or (to == "answer" and not own):
        raise Http404
    if to == "publish" and not policies.publishes_references(actor):
        raise PermissionDenied
    if to == "answer" and not policies.answers_peers(actor, found):
        raise PermissionDenied
    return found


def get_given(actor: Actor, pk: UUID) -> GivenAnswers:
    """Return what the actor's own company gave, to show it; 403 to whoever isn't its direction."""
    found: GivenAnswers | None = (
        GivenAnswers.objects.filter(pk=pk, contractor_id=actor.own_id)
        .select_related("landlord")
        .first()
    )
    if found is None:
        raise Http404
    if not policies.shows_answers(actor):
        raise PermissionDenied
    return found


def get_peer_contact(actor: Actor, pk: UUID) -> PeerContact:
    """Return who is called at the actor's own landlord; 403 to whoever may not withdraw him."""
    found: PeerContact | None = PeerContact.objects.filter(pk=pk, landlord_id=actor.own_id).first()
    if found is None:
        raise Http404
    if not policies.ends_call(actor, found):
        raise PermissionDenied
    return found


def get_review(actor: Actor, pk: UUID, *, to: str = "read") -> Review:
    """Return a contract review of the actor's house, its contract and houses loaded.

    to: "read", or "act" (403 for a role that only reads).
    """
    found: Review | None = (
        Review.objects.filter(pk=pk)
        .select_related("contract__landlord", "contract__contractor")
        .first()
    )
    if found is None or not policies.reads(actor):
        raise Http404
    if to == "act" and not policies.desk(actor):
        raise PermissionDenied
    return found


def get_decision(actor: Actor, pk: UUID) -> ReviewDecision:
    """Return a decision of a review of the actor's house; 403 for a role that only reads."""
    found: ReviewDecision | None = (
        ReviewDecision.objects.filter(pk=pk, withdrawn_at__isnull=True)
        .select_related("review")
        .first()
    )
    if found is None or not policies.reads(actor):
        raise Http404
    if not policies.desk(actor):
        raise PermissionDenied
    return found


def get_rollout(actor: Actor, pk: UUID) -> Rollout:
    """Return a roll-out of the actor's own landlord; 403 to whoever decides none."""
    found: Rollout | None = (
        Rollout.objects.filter(pk=pk, landlord_id=actor.own_id)
        .select_related("agency", "trade")
        .first()
    )
    if found is None:
        raise Http404
    if not policies.plans_rollouts(actor):
        raise PermissionDenied
    return found


def get_need(actor: Actor, pk: UUID) -> Need:
    """Return a need of the actor's own list; 403 to who doesn't keep it."""
    found: Need | None = Need.objects.filter(pk=pk, landlord_id=actor.own_id).first()
    if found is None:
        raise Http404
    if not policies.steers(actor):
        raise PermissionDenied
    return found


def get_pilot(actor: Actor, pk: UUID, *, to: str = "read") -> Pilot:
    """Return a pilot of the actor's own landlord, which is loaded.

    to: "read", or "act" (403 to who doesn't run pilots).
    """
    found: Pilot | None = (
        Pilot.objects.filter(pk=pk, landlord_id=actor.own_id)
        .select_related("landlord", "agency", "trade")
        .first()
    )
    if found is None or not policies.reads(actor):
        raise Http404
    if to == "act" and not policies.steers(actor):
        raise PermissionDenied
    return found


def get_note(actor: Actor, pk: UUID) -> ImpactNote:
    """Return a note of the diary of the actor's own landlord; 403 to who may not withdraw it."""
    found: ImpactNote | None = ImpactNote.objects.filter(pk=pk, landlord_id=actor.own_id).first()
    if found is None:
        raise Http404
    if not policies.may_withdraw_note(actor, found):
        raise PermissionDenied
    return found


def get_tenant_survey(actor: Actor, pk: UUID) -> TenantSurvey:
    """Return a figure of the actor's own landlord's survey; 403 to who doesn't withdraw any."""
    found: TenantSurvey | None = TenantSurvey.objects.filter(
        pk=pk, landlord_id=actor.own_id
    ).first()
    if found is None:
        raise Http404
    if not policies.steers(actor):
        raise PermissionDenied
    return found


def get_annex_file(actor: Actor, pk: UUID) -> StoredFile:
    """Return the PDF of an annex of the actor's own landlord; Http404 before it is printed."""
    found: ClauseAnnex | None = (
        ClauseAnnex.objects.filter(pk=pk, landlord_id=actor.own_id).select_related("file").first()
    )
    if found is None or found.file is None or not policies.reads(actor):
        raise Http404
    return found.file
