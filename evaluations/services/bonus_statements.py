"""Writes of statements: made once a period is over, contested and answered, then closed for ever.

The clock makes them; the site's role may change a statement's sums and close it, never its lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from evaluations import bonus_events as events
from evaluations import policies
from evaluations.bonus_counting import Counted, count, nothing_of
from evaluations.bonus_regularising import given_back
from evaluations.bonus_rules import in_force, terms_of
from evaluations.bonus_spans import Span
from evaluations.bonus_sums import sums_of, waived
from evaluations.bonus_terms import (
    ANSWER_DAYS,
    CONTEST_DAYS,
    MAKING_DAYS,
    WAIVED,
    ContestOutcome,
)
from evaluations.models import (
    BonusContest,
    BonusLine,
    BonusRegularisation,
    BonusRules,
    BonusStatement,
)
from evaluations.services.bonus_rules import words
from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Conflict, Refused
from nexxio.core.events import EventType
from nexxio.core.outbox import Subject, record
from orders.models import Contract

_OVER = "Ce relevé est clos : rien n’y change plus."


@transaction.atomic
def make_statement(*, actor: Actor, contract_id: UUID, first: date) -> BonusStatement | None:
    """Count a period that is over and keep it, line by line. As the system.

    With what closed statements of earlier periods give back (`bonus_regularising`); after the
    contract's end there is nothing else in it. None where no rules held on its first day, before
    its day has come, where nothing is in it after the end, and where it is there already. Nothing
    is locked: the database lets one in.
    """
    contract = Contract.objects.get(pk=contract_id)
    rules = in_force(contract, first)
    if rules is None:
        return None
    span = Span.of(rules.rhythm, first)
    if span.first != first or clock.today() < span.following.first + timedelta(days=MAKING_DAYS):
        return None
    rules.contract = contract
    back = given_back(contract, span.first)
    if span.first > contract.ends_on:
        if not back:
            return None
        counted = nothing_of(rules, span)
    else:
        (counted,) = count(rules, [span])
    counted = counted.with_back(back)
    statement = _statement(rules, counted)
    BonusStatement.objects.bulk_create([statement], ignore_conflicts=True)
    if not BonusStatement.objects.filter(pk=statement.pk).exists():
        return None
    BonusLine.objects.bulk_create(_lines(statement, counted))
    BonusRegularisation.objects.bulk_create(_regularisations(statement, counted))
    event = events.StatementMade(reference=statement.reference, total=str(statement.total))
    _tell(event, statement, actor)
    return statement


@transaction.atomic
def contest_line(*, actor: Actor, line_id: UUID, reason: str) -> BonusContest:
    """Contest a line of one's company's statement, within 15 days. Locks the statement.

    Raises Refused later, or for another role; Invalid without a reason; Conflict a second time.
    """
    line = BonusLine.objects.get(pk=line_id)
    statement = _locked(line.statement_id)
    if not policies.may_contest(actor, statement, clock.now()):
        raise Refused("Le délai pour contester est passé, ou votre rôle ne le permet pas.")
    text = words(reason, "reason")
    assert actor.user_id is not None
    contest = BonusContest(
        landlord_id=statement.landlord_id,
        contractor_id=statement.contractor_id,
        statement=statement,
        line=line,
        reason=text,
        contested_at=clock.now(),
        contested_by_id=actor.user_id,
    )
    with explained():
        contest.save(force_insert=True)
    _tell(events.LineContested(reference=statement.reference), statement, actor)
    return contest


@transaction.atomic
def answer_contest(*, actor: Actor, contest_id: UUID, keeps: bool, answer: str) -> BonusContest:
    """Keep a contested line, or neutralise it, with a reason; the sums follow. At the landlord's.

    Locks the statement, then the contest. Raises Conflict when it was answered, Invalid without
    words.
    """
    contest = BonusContest.objects.get(pk=contest_id)
    statement = _locked(contest.statement_id)
    if not policies.answers_contests(actor):
        raise Refused("Seul le bailleur répond aux contestations.", code="role")
    contest = BonusContest.objects.select_for_update(of=("self",)).get(pk=contest_id)
    if contest.outcome or statement.closed_at is not None:
        raise Conflict("Cette contestation a déjà sa réponse.")
    contest.outcome = ContestOutcome.KEPT if keeps else ContestOutcome.NEUTRALISED
    contest.answer = words(answer, "answer")
    contest.answered_at, contest.answered_by_id = clock.now(), actor.user_id
    contest.save(update_fields=["outcome", "answer", "answered_at", "answered_by"])
    _sum_again(statement)
    event = events.ContestAnswered(reference=statement.reference, outcome=contest.outcome)
    _tell(event, statement, actor)
    return contest


@transaction.atomic
def close_statement(*, actor: Actor, statement_id: UUID) -> BonusStatement:
    """Close a statement by hand: the company as soon as it agrees, the landlord after its 15 days.

    Locks it. Raises Conflict once it is closed, Refused while a contest waits for its answer.
    """
    statement = _locked(statement_id)
    if statement.closed_at is not None:
        raise Conflict(_OVER)
    if not policies.may_close(actor, statement, clock.now()):
        raise Refused("L’entreprise peut encore contester ce relevé.", code="early")
    if _waiting(statement):
        raise Refused("Une contestation attend encore sa réponse.", code="contested")
    return _close(statement, actor)


@transaction.atomic
def close_due(*, actor: Actor, statement_id: UUID) -> bool:
    """Close a statement whose time is over. As the system. Locks it; returns whether it did.

    With contests that the landlord hasn't answered 15 days later, and they are for the company.
    """
    statement, now = _locked(statement_id), clock.now()
    if statement.closed_at is not None or now < statement.contest_until:
        return False
    waiting = _waiting(statement)
    if waiting and now < statement.contest_until + timedelta(days=ANSWER_DAYS):
        return False
    for contest in waiting:
        contest.outcome, contest.answered_at = ContestOutcome.SILENT, now
        contest.save(update_fields=["outcome", "answered_at"])
    if waiting:
        _sum_again(statement)
    _close(statement, actor)
    return True


# --- inside -----------------------------------------------------------------------------------


def _statement(rules: BonusRules, counted: Counted) -> BonusStatement:
    now, sums, opinion = clock.now(), counted.sums, counted.opinion
    return BonusStatement(
        landlord_id=rules.landlord_id,
        contractor_id=rules.contractor_id,
        contract_id=rules.contract_id,
        rules=rules,
        reference=f"BM-{rules.contract.number}-{counted.span.first:%Y-%m}",
        first=counted.span.first,
        last=counted.span.last,
        made_at=now,
        contest_until=now + timedelta(days=CONTEST_DAYS),
        base=sums.base,
        bonus=sums.bonus,
        malus=sums.malus,
        perception=sums.perception,
        cap=sums.cap,
        regularised=sums.regularised,
        total=sums.total,
        mean=opinion.mean if opinion else None,
        quarter=opinion.quarter.first if opinion else None,
    )


def _lines(statement: BonusStatement, counted: Counted) -> Iterable[BonusLine]:
    for rank, line in enumerate(counted.lines, start=1):
        yield BonusLine(
            landlord_id=statement.landlord_id,
            contractor_id=statement.contractor_id,
            statement=statement,
            order_id=line.unit.order_id,
            rank=rank,
            fact=line.unit.fact,
            on=line.unit.on,
            value=line.unit.value,
            failed=line.unit.failed,
            limit=line.limit,
            outcome=line.outcome,
            neutral=line.neutral,
            full=line.full,
            amount=line.amount,
        )


def _regularisations(statement: BonusStatement, counted: Counted) -> Iterable[BonusRegularisation]:
    for each in counted.back:
        yield BonusRegularisation(
            landlord_id=statement.landlord_id,
            contractor_id=statement.contractor_id,
            statement=statement,
            line=each.line,
            neutral=each.neutral,
            amount=each.amount,
        )


def _locked(pk: UUID) -> BonusStatement:
    found: BonusStatement = BonusStatement.objects.select_for_update(of=("self",)).get(pk=pk)
    return found


def _waiting(statement: BonusStatement) -> list[BonusContest]:
    own = {"landlord_id": statement.landlord_id, "statement_id": statement.pk}
    return list(BonusContest.objects.filter(**own, outcome=""))


def _sum_again(statement: BonusStatement) -> None:
    """Add up a locked statement once more: what was neutralised costs nothing."""
    own: dict[str, Any] = {"landlord_id": statement.landlord_id, "statement_id": statement.pk}
    rows = BonusContest.objects.filter(**own, outcome__in=WAIVED)
    free = set(rows.values_list("line_id", flat=True))
    lines = BonusLine.objects.filter(**own).values_list("pk", "amount")
    amounts: list[Decimal] = [waived(amount) if pk in free else amount for pk, amount in lines]
    terms = terms_of(BonusRules.objects.prefetch_related("terms").get(pk=statement.rules_id))
    sums = sums_of(terms, amounts, base=statement.base, mean=statement.mean)
    statement.bonus, statement.malus = sums.bonus, sums.malus
    statement.perception, statement.cap = sums.perception, sums.cap
    statement.total = sums.total + statement.regularised
    statement.save(update_fields=["bonus", "malus", "perception", "cap", "total"])


def _close(statement: BonusStatement, actor: Actor) -> BonusStatement:
    statement.closed_at, statement.closed_by_id = clock.now(), actor.user_id
    statement.closed_side = Side(actor.side).value
    statement.save(update_fields=["closed_at", "closed_by", "closed_side"])
    event = events.StatementClosed(reference=statement.reference, total=str(statement.total))
    _tell(event, statement, actor)
    return statement


def _tell(event: EventType, statement: BonusStatement, actor: Actor) -> None:
    subject = Subject(
        pk=statement.pk,
        landlord_id=statement.landlord_id,
        contractor_id=statement.contractor_id,
    )
    record(event, actor=actor, subject=subject, subject_type="bonus_statement")
