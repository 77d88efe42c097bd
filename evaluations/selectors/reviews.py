"""Pages of contract reviews: their list, one review, and what a contract's page says of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from evaluations import policies
from evaluations.models import (
    Report,
    Review,
    ReviewDecision,
    ReviewPoint,
    ReviewSide,
    ReviewSignature,
)
from evaluations.quarters import Quarter
from evaluations.selectors.agenda import Section, agenda_of, open_decisions, sections_of
from evaluations.selectors.reports import report_of_review
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.models import Organisation
from orders.models import Contract
from orders.selectors.history import HistoryEntry, subject_history
from orders.selectors.status import Status

PER_PAGE = 50
_SHOWN = 3


@dataclass(frozen=True)
class ReviewRow:
    """A review in a list. open: decisions of it that nobody has settled."""

    review: Review
    quarter: str
    status: Status
    open: int


@dataclass(frozen=True)
class Signed:
    """One side's signature, or its place. name: whoever signs for a house says so to the other."""

    house: Organisation
    signature: ReviewSignature | None
    name: str


@dataclass(frozen=True)
class Followed:
    """A decision and where it stands."""

    decision: ReviewDecision
    status: Status
    can_settle: bool


@dataclass(frozen=True)
class ReviewPage:
    """The page of one review, and what the reader may do."""

    row: ReviewRow
    sections: list[Section]
    points: list[ReviewPoint]
    decisions: list[Followed]
    former: list[Followed]
    signed: list[Signed]
    history: list[HistoryEntry]
    report: Report | None
    can_write: bool
    can_close: bool
    can_reopen: bool
    can_sign: bool

    @property
    def review(self) -> Review:
        """The review itself."""
        return self.row.review


def reviews(*, page: str = "1") -> Page[Any]:
    """Return the reviews in the reader's scope, the newest meeting first. Two queries."""
    shown: Page[Any] = Paginator(_listed().order_by("-meets_on", "-id"), PER_PAGE).get_page(page)
    shown.object_list = [_row(each) for each in shown.object_list]
    return shown


def reviews_of(contract: Contract) -> list[ReviewRow]:
    """Return a contract's newest reviews. One query."""
    rows = _listed().filter(landlord_id=contract.landlord_id, contract_id=contract.pk)
    return [_row(each) for each in rows.order_by("-meets_on", "-id")[:_SHOWN]]


def review_page(actor: Actor, review: Review) -> ReviewPage:
    """Return one review; its contract and houses are loaded (access.get_review)."""
    own = {"landlord_id": review.landlord_id, "review_id": review.pk}
    points = ReviewPoint.objects.filter(**own, withdrawn_at__isnull=True)
    decisions = ReviewDecision.objects.filter(**own, withdrawn_at__isnull=True)
    signatures = {
        one.side: one for one in ReviewSignature.objects.filter(**own).select_related("user")
    }
    is_open = review.closed_at is None
    is_desk, signs = policies.desk(actor), policies.signs_reviews(actor)
    made = list(decisions.order_by("due_on", "id"))
    return ReviewPage(
        row=ReviewRow(review, str(Quarter(review.quarter)), _status(review, len(signatures)), 0),
        sections=sections_of(agenda_of(actor, review)),
        points=list(points.order_by("created_at", "id")),
        decisions=[_followed(one, can_settle=is_desk and not is_open) for one in made],
        former=[_followed(one, can_settle=is_desk) for one in open_decisions(review)],
        signed=[
            _signed(house, signatures.get(side))
            for side, house in (
                (ReviewSide.LANDLORD, review.contract.landlord),
                (ReviewSide.CONTRACTOR, review.contract.contractor),
            )
        ],
        history=subject_history(actor, review.contract, [review.pk]),
        report=report_of_review(review.landlord_id, review.pk),
        can_write=is_desk and is_open,
        can_close=signs and is_open and bool(review.minutes),
        can_reopen=signs and not is_open and not signatures,
        can_sign=signs and not is_open and actor.side.value not in signatures,
    )


@dataclass(frozen=True)
class ReviewSheet:
    """What is printed of a signed review. signatures: who, when, with which hash."""

    review: Review
    quarter: str
    sections: list[Section]
    points: list[ReviewPoint]
    decisions: list[ReviewDecision]
    signatures: list[Signed]


def review_sheet(actor: Actor, review: Review) -> ReviewSheet:
    """Return what is printed, the same for both sides. Runs in the scope of `actor`."""
    page = review_page(actor, review)
    return ReviewSheet(
        review=review,
        quarter=page.row.quarter,
        sections=page.sections,
        points=page.points,
        decisions=[one.decision for one in page.decisions],
        signatures=[one for one in page.signed if one.signature is not None],
    )


def next_quarter_of(contract: Contract) -> date:
    """Return the quarter that a new review of a contract is about: the last one that is over."""
    quarter = Quarter.of(clock.today()).previous
    there = Review.objects.filter(
        landlord_id=contract.landlord_id, contract_id=contract.pk, quarter=quarter.first
    )
    return Quarter.of(clock.today()).first if there.exists() else quarter.first


# --- inside -----------------------------------------------------------------------------------


def _listed() -> QuerySet[Any]:
    open_ones = Q(
        decisions__settled_at__isnull=True,
        decisions__withdrawn_at__isnull=True,
        decisions__isnull=False,
    )
    return Review.objects.select_related("contract", "landlord", "contractor").annotate(
        signed=Count("signatures", distinct=True),
        open=Count("decisions", filter=open_ones, distinct=True),
    )


def _row(review: Any) -> ReviewRow:
    return ReviewRow(
        review, str(Quarter(review.quarter)), _status(review, review.signed), review.open
    )


def _status(review: Review, signed: int) -> Status:
    if signed == len(ReviewSide):
        return Status("signed", _("Signée des deux côtés"), "success", "circle-check")
    if signed:
        return Status("half", _("Signée d’un côté"), "waiting", "signature")
    if review.closed_at is not None:
        return Status("closed", _("À signer"), "waiting", "signature")
    if review.meets_on >= clock.today():
        return Status("planned", _("En préparation"), "info", "calendar")
    return Status("open", _("Compte rendu à arrêter"), "warning", "pencil")


def _followed(decision: ReviewDecision, *, can_settle: bool) -> Followed:
    if decision.settled_at is not None:
        tone = "success" if decision.outcome == "done" else "neutral"
        status = Status(decision.outcome, decision.get_outcome_display(), tone, "circle-check")
        return Followed(decision, status, can_settle=False)
    if decision.due_on < clock.today():
        status = Status("late", _("Échéance dépassée"), "danger", "alarm")
    else:
        status = Status("open", _("En cours"), "info", "clock")
    return Followed(decision, status, can_settle=can_settle)


def _signed(house: Organisation, signature: ReviewSignature | None) -> Signed:
    return Signed(house, signature, str(signature.user) if signature is not None else "")
