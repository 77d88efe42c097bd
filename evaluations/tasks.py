"""Tasks of evaluations: load, call a service, stop. What is due stands in the rows."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from celery import shared_task
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from evaluations import services
from evaluations.axes import Direction
from evaluations.bonus_spans import Span
from evaluations.bonus_terms import MAKING_DAYS, REGULARISED_DAYS, Rhythm
from evaluations.impact_terms import LONGEST, MEASURED_WEEKS
from evaluations.lattice import STAFF
from evaluations.models import (
    Ballot,
    BonusAnswer,
    BonusStatement,
    Campaign,
    CardReading,
    Evaluation,
    Pilot,
    Report,
    ReportKind,
    Result,
    Rollout,
    StaffSurvey,
    Thanks,
    TrainingTally,
)
from evaluations.policies import THANKS_MINUTES
from evaluations.quarters import REMINDER_DAYS, REPLY_DAYS, Quarter, campaign_due
from evaluations.services.inviting import REMIND_AFTER
from evaluations.states import EvaluationState
from nexxio.core import clock
from nexxio.core.actors import SYSTEM
from nexxio.core.models import Membership, Organisation, OrganisationKind, Partnership
from nexxio.core.scoping import system_scope
from orders.models import Order

logger = logging.getLogger(__name__)

STEP = 200
"""So many rows are looked up at once: the list is read again as long as anything is due."""
BUDGET_SECONDS = 240
"""A run begins no further step after so long; the next one goes on."""
_MOST_LEFT = 1000
_RUNNING = (EvaluationState.INVITED, EvaluationState.ANSWERED)


# The budget ends a run long before; one very large landlord's quarter may take longer than that.
@shared_task(
    name="nexxio.evaluations.keep_time", ignore_result=True, soft_time_limit=3000, time_limit=3060
)
def keep_time() -> None:
    """Do what the calendar says, of all that evaluations time.

    Telling thanks; campaigns, reminders, revealing, counting, publishing; the documents of last
    month; how far training has come; statements of bonus and malus.
    """
    run_due()


def run_due() -> int:
    """Do all that is due, each in a transaction of its own. Returns how many things were done."""
    return evaluations_due() + statements_due()


def evaluations_due() -> int:
    """Do what is due of opinions, their results and documents; return how many things.

    Each kind is read again until nothing of it is due; once BUDGET_SECONDS are over the kinds that
    follow do one step each, so that none waits for ever behind another.
    """
    until = time.monotonic() + BUDGET_SECONDS
    with system_scope("evaluations: what the calendar says"):
        return (
            _drain(_pairs_to_ask, _open_campaign, until)
            + _drain(_houses_to_ask, _open_staff_survey, until)
            + _each(services.tell_thanks, "thanks_id", _thanks_to_tell, until)
            + _each(services.remind_tenant, "evaluation_id", _tenants_to_remind, until)
            + _each(services.remind_campaign, "campaign_id", _campaigns_to_remind, until)
            + _each(services.close_campaign, "campaign_id", _campaigns_to_close, until)
            + _each(services.reveal_due, "evaluation_id", _to_reveal, until)
            + _each(services.count_evaluation, "evaluation_id", _to_count, until)
            + _publish(until)
            + _each(services.publish_staff, "survey_id", _staff_to_publish, until)
            + _ask_reports()
            + _each(services.tally_training, "organisation_id", _houses_to_tally, until)
        )


def statements_due() -> int:
    """Make and close the statements of bonus and malus that are due; return how many."""
    until = time.monotonic() + BUDGET_SECONDS
    with system_scope("evaluations: statements of bonus and malus"):
        return _make_statements() + _each(
            services.close_due, "statement_id", _statements_to_close, until
        )


@shared_task(name="nexxio.evaluations.measure_impact", ignore_result=True)
def measure_impact() -> None:
    """Estimate the roll-outs whose figures aren't of today."""
    measure_due()


def measure_due() -> int:
    """Estimate each roll-out that is due, and tell of each pilot whose review is; return how many.

    Each in a transaction of its own.
    """
    with system_scope("evaluations: the impact of roll-outs"):
        measured = sum(
            _one(_measure, actor=replace(SYSTEM, organisation_id=landlord_id), rollout_id=pk)
            for pk, landlord_id in _rollouts_to_measure()
        )
        return measured + sum(
            _one(
                services.tell_pilot_due,
                actor=replace(SYSTEM, organisation_id=landlord_id),
                pilot_id=pk,
            )
            for pk, landlord_id in _pilots_to_review()
        )


def keep_given_of_before() -> int:
    """Keep what companies gave of each quarter published before that was kept; return how many.

    Asked for once, from a terminal (`keep_given`): nothing of the sort comes after it.
    """
    with system_scope("evaluations: what companies gave before"):
        rows = Result.objects.filter(direction=Direction.CONTRACTOR_LANDLORD)
        told = rows.order_by("landlord_id", "quarter").values_list("landlord_id", "quarter")
        return sum(
            _one(
                services.keep_given_later,
                actor=replace(SYSTEM, organisation_id=landlord_id),
                landlord_id=landlord_id,
                quarter=Quarter(first),
            )
            for landlord_id, first in told.distinct()
        )


def _pilots_to_review() -> list[Any]:
    found = Pilot.objects.filter(
        withdrawn_at__isnull=True, outcome="", review_on__lte=clock.today()
    ).exclude(told_for=F("review_on"))
    return list(found.order_by("review_on").values_list("pk", "landlord_id")[:STEP])


# --- inside -----------------------------------------------------------------------------------


def _pairs_to_ask() -> QuerySet[Any]:
    """Return the partnerships with works done in the quarter that has ended, and no campaign."""
    quarter = campaign_due(clock.today())
    if quarter is None:
        return Partnership.objects.none()
    pair = {"landlord_id": OuterRef("landlord_id"), "contractor_id": OuterRef("contractor_id")}
    worked = Order.objects.filter(
        **pair, done_at__gte=quarter.starts_at, done_at__lt=quarter.ends_at
    )
    there = Campaign.objects.filter(**pair, quarter=quarter.first)
    due = Partnership.objects.filter(
        Exists(worked), ~Exists(there), landlord__is_active=True, contractor__is_active=True
    )
    return due.order_by("pk")


def _open_campaign(found: Partnership) -> bool:
    return _one(
        services.open_campaign,
        actor=replace(SYSTEM, organisation_id=found.landlord_id),
        landlord_id=found.landlord_id,
        contractor_id=found.contractor_id,
        quarter=campaign_due(clock.today()),
    )


def _houses_to_ask() -> QuerySet[Any]:
    """Return the houses with enough members that weren't asked about the quarter that has ended."""
    quarter = campaign_due(clock.today())
    if quarter is None:
        return Organisation.objects.none()
    there = StaffSurvey.objects.filter(organisation_id=OuterRef("pk"), quarter=quarter.first)
    members = (
        Membership.objects.filter(
            organisation_id=OuterRef("pk"),
            is_active=True,
            user__is_active=True,
            created_at__lt=quarter.ends_at,
        )
        .order_by()
        .values("organisation_id")
        .annotate(n=Count("user_id", distinct=True))
        .values("n")
    )
    due = Organisation.objects.annotate(members=Subquery(members)).filter(
        ~Exists(there), is_active=True, members__gte=STAFF.votes
    )
    return due.order_by("pk").values_list("pk", flat=True)


def _open_staff_survey(house_id: UUID) -> bool:
    return _one(
        services.open_staff_survey,
        actor=replace(SYSTEM, organisation_id=house_id),
        organisation_id=house_id,
        quarter=campaign_due(clock.today()),
    )


def _staff_to_publish() -> QuerySet[Any]:
    found = StaffSurvey.objects.filter(
        published_at__isnull=True,
        closes_at__lte=clock.now(),
        quarter__lte=_newest_due().first,
    )
    return found.order_by("closes_at").values_list("pk", flat=True)


def _thanks_to_tell() -> QuerySet[Any]:
    until = clock.now() - timedelta(minutes=THANKS_MINUTES)
    found = Thanks.objects.filter(
        told_at__isnull=True, withdrawn_at__isnull=True, given_at__lte=until
    )
    return found.order_by("given_at").values_list("pk", flat=True)


def _tenants_to_remind() -> QuerySet[Any]:
    found = Evaluation.objects.filter(
        direction=Direction.TENANT_REPAIR,
        state=EvaluationState.INVITED,
        reminded_at__isnull=True,
        opened_at__lte=clock.now() - REMIND_AFTER,
        closes_at__gt=clock.now(),
    )
    return found.order_by("closes_at").values_list("pk", flat=True)


def _campaigns_to_remind() -> QuerySet[Any]:
    due = clock.now() - timedelta(days=REMINDER_DAYS)
    found = Campaign.objects.filter(
        closed_at__isnull=True, reminded_at__isnull=True, opened_at__lte=due
    )
    return found.values_list("pk", flat=True)


def _campaigns_to_close() -> QuerySet[Any]:
    found = Campaign.objects.filter(closed_at__isnull=True, closes_at__lte=clock.now())
    return found.values_list("pk", flat=True)


def _to_reveal() -> QuerySet[Any]:
    found = Evaluation.objects.filter(state__in=_RUNNING, closes_at__lte=clock.now())
    return found.order_by("closes_at").values_list("pk", flat=True)


def _to_count() -> QuerySet[Any]:
    """Return what is over, at random: the order of ballots must tell nothing either."""
    over = Q(state__in=[EvaluationState.EXPIRED, EvaluationState.WITHDRAWN])
    replied = Q(revealed_at__lte=clock.now() - timedelta(days=REPLY_DAYS))
    found = Evaluation.objects.filter(over | replied, counted_at__isnull=True)
    settled = found.exclude(state=EvaluationState.CONTESTED)
    return settled.order_by("?").values_list("pk", flat=True)


def _newest_due() -> Quarter:
    """Return the newest quarter whose day of publishing has come."""
    quarter = Quarter.of(clock.today()).previous
    return quarter if clock.today() >= quarter.publishes_on else quarter.previous


def _publish(until: float) -> int:
    """Publish the newest quarters whose day has come, of each landlord that has ballots of one.

    Two of them: a clock that stood still until the next quarter's day catches up.
    """
    newest = _newest_due()
    return sum(_publish_quarter(quarter, until) for quarter in (newest.previous, newest))


def _publish_quarter(quarter: Quarter, until: float) -> int:
    of_quarter = {"landlord_id": OuterRef("pk"), "quarter": quarter.first}
    done = Result.objects.filter(~Q(direction=Direction.STAFF), **of_quarter)

    def due() -> QuerySet[Any]:
        houses = Organisation.objects.filter(
            Exists(Ballot.objects.filter(**of_quarter)),
            ~Exists(done),
            kind=OrganisationKind.LANDLORD,
        )
        return houses.order_by("pk").values_list("pk", flat=True)

    def publish(landlord_id: UUID) -> bool:
        return _one(
            services.publish_quarter,
            actor=replace(SYSTEM, organisation_id=landlord_id),
            landlord_id=landlord_id,
            quarter=quarter,
        )

    return _drain(due, publish, until)


def _ask_reports() -> int:
    """Ask for last month's scorecards and balances, those that were never asked for."""
    month = Span.of(Rhythm.MONTH, clock.today()).previous
    return sum(
        _one(
            services.ask_report,
            actor=SYSTEM,
            kind=kind,
            landlord_id=landlord_id,
            contractor_id=contractor_id,
            month=month.first,
        )
        for kind, landlord_id, contractor_id in islice(_reports_due(month), STEP)
    )


def _reports_due(month: Span) -> Iterator[tuple[str, UUID, UUID | None]]:
    """Yield kind, landlord and company of what isn't there yet of a month's works.

    A scorecard of each company with works that ended in it, and one of its landlord's together; a
    balance of the company, which stands at its own house. Two queries a landlord, each by an index.
    """
    houses = Organisation.objects.filter(kind=OrganisationKind.LANDLORD).order_by("pk")
    yielded: set[UUID] = set()
    for landlord_id in houses.values_list("pk", flat=True):
        done = Order.objects.filter(
            landlord_id=landlord_id,
            done_at__gte=month.starts_at,
            done_at__lt=month.ends_at,
            contractor__isnull=False,
        ).order_by()
        companies = list(done.values_list("contractor_id", flat=True).distinct())
        if not companies:
            continue
        there = Report.objects.filter(
            landlord_id__in=[landlord_id, *companies],
            month=month.first,
            kind__in=[ReportKind.SCORECARD, ReportKind.BALANCE],
        )
        asked = set(there.values_list("kind", "landlord_id", "contractor_id"))
        for company in (None, *companies):
            if (ReportKind.SCORECARD, landlord_id, company) not in asked:
                yield ReportKind.SCORECARD, landlord_id, company
        for company in companies:
            if company not in yielded and (ReportKind.BALANCE, company, company) not in asked:
                yielded.add(company)
                yield ReportKind.BALANCE, company, company


def _houses_to_tally() -> QuerySet[Any]:
    """Return the houses with readers of cards that weren't counted today."""
    today = TrainingTally.objects.filter(organisation_id=OuterRef("pk"), on=clock.today())
    readers = CardReading.objects.filter(organisation_id=OuterRef("pk"))
    due = Organisation.objects.filter(~Exists(today), Exists(readers), is_active=True)
    return due.order_by("pk").values_list("pk", flat=True)


def _make_statements() -> int:
    """Make the statements of periods that are over, the oldest first, of each contract with rules.

    A period is looked for since the rules apply, so that a clock that stood still catches up; one
    statement of a contract at a time.
    """
    answers = BonusAnswer.objects.filter(accepted=True, applies_from__lt=clock.today())
    first_days: dict[UUID, tuple[Any, Any]] = {}
    for answer in answers.select_related("rules__contract").order_by("applies_from"):
        first_days.setdefault(
            answer.rules.contract_id, (answer.rules.contract, answer.applies_from)
        )
    made = BonusStatement.objects.filter(contract_id__in=first_days).order_by("first")
    ends = dict(made.values_list("contract_id", "last"))  # the newest one of each stays
    count = 0
    for pk, (contract, since) in first_days.items():
        first = ends[pk] + timedelta(days=1) if pk in ends else since
        over = contract.ends_on + timedelta(days=REGULARISED_DAYS)  # something may still come back
        if first > over or clock.today() < first + timedelta(days=28 + MAKING_DAYS):
            continue
        actor = replace(SYSTEM, organisation_id=contract.landlord_id)
        count += _one(services.make_statement, actor=actor, contract_id=pk, first=first)
    return count


def _statements_to_close() -> QuerySet[Any]:
    found = BonusStatement.objects.filter(closed_at__isnull=True, contest_until__lte=clock.now())
    return found.order_by("contest_until").values_list("pk", flat=True)


def _rollouts_to_measure() -> list[tuple[UUID, UUID]]:
    """Return what wasn't measured today, as long as something of it may still change."""
    today = clock.today()
    changing = today - timedelta(weeks=MEASURED_WEEKS, days=LONGEST + 1)
    rows = Rollout.objects.filter(
        Q(measured_on__isnull=True) | Q(measured_on__lt=today, starts_on__gte=changing),
        cancelled_at__isnull=True,
    )
    return list(rows.order_by("measured_on", "pk").values_list("pk", "landlord_id")[:STEP])


def _measure(**row: Any) -> bool:
    services.measure_rollout(**row)
    return True


def _each(
    service: Callable[..., Any], name: str, due: Callable[[], QuerySet[Any]], until: float
) -> int:
    return _drain(due, lambda key: _one(service, actor=SYSTEM, **{name: key}), until)


def _drain(due: Callable[[], QuerySet[Any]], act: Callable[[Any], bool], until: float) -> int:
    """Act on what is due, a step at a time, until nothing is left or the time is over.

    What couldn't be moved waits for the next run, and holds up no other.
    """
    count, left = 0, set[UUID]()
    while len(left) < _MOST_LEFT:
        rows = list(due().exclude(pk__in=left)[:STEP])
        for row in rows:
            if act(row):
                count += 1
            else:
                left.add(row if isinstance(row, UUID) else row.pk)
        if len(rows) < STEP or time.monotonic() >= until:
            break
    return count


def _one(service: Callable[..., Any], **row: Any) -> bool:
    """Do one; a failure is logged and holds up no other."""
    try:
        return service(**row) not in (None, False, 0)
    except Exception:
        logger.exception("an evaluation could not be moved on")
        return False
