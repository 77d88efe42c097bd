"""Bonus and malus for tests: rules that both sides signed, a statement, what is contested of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from evaluations import services
from evaluations.bonus_spans import Span
from evaluations.models import (
    BonusAnswer,
    BonusContest,
    BonusDocument,
    BonusLine,
    BonusRegularisation,
    BonusRules,
    BonusStatement,
)
from evaluations.services import RulesInput, TermInput
from nexxio.core import clock
from nexxio.core.actors import SYSTEM
from nexxio.core.ids import new_id
from nexxio.core.scoping import system_scope
from orders.models import Order
from tests.factories.acting import act
from tests.factories.world import Party

TERMS = (
    TermInput(fact="appointment", bonus=Decimal(2), malus=Decimal(10), limit=15),
    TermInput(fact="status", bonus=Decimal(1), malus=Decimal(5), limit=15),
    TermInput(fact="first_time", bonus=Decimal(3), malus=Decimal(20)),
)


def next_month() -> date:
    """Return the first day of the month to come."""
    return Span(clock.today().replace(day=1)).following.first


def rules_input(**changes) -> RulesInput:
    """Return rules as typed: monthly, from next month on, with the widest caps."""
    values = {
        "rhythm": "month",
        "starts_on": next_month(),
        "cap_bonus": Decimal(20),
        "cap_malus": Decimal(10),
        "terms": TERMS,
    }
    return RulesInput(**{**values, **changes})


def drafted(party: Party, **changes) -> BonusRules:
    """Prepare a version."""
    return act(
        party,
        "manager",
        services.draft_rules,
        contract_id=party.contract.pk,
        data=rules_input(**changes),
    )


def proposed(party: Party, **changes) -> BonusRules:
    """Prepare a version and sign it for the landlord."""
    pk = drafted(party, **changes).pk
    return act(party, "manager", services.propose_rules, rules_id=pk)


def accepted(party: Party, **changes) -> BonusRules:
    """Let both sides sign a version."""
    rules = proposed(party, **changes)
    act(party, "desk", services.accept_rules, rules_id=rules.pk, sha256=rules.sha256)
    return rules


def stated(party: Party, first: date) -> BonusStatement | None:
    """Make the statement of a period, as the clock does once it is over."""
    with system_scope("tests: statement"):
        return services.make_statement(
            actor=replace(SYSTEM, organisation_id=party.landlord.pk),
            contract_id=party.contract.pk,
            first=first,
        )


def laid(
    party: Party, order: Order, rules: BonusRules, *, months: int = 1, closed: bool = False
) -> BonusLine:
    """Put the statement of so many months ago with one line of an order; return the line."""
    span = Span(clock.today().replace(day=1))
    for _n in range(months):
        span = span.previous
    now = clock.now()
    with system_scope("tests: statement"):
        statement = BonusStatement.objects.create(
            landlord=party.landlord,
            contractor=party.contractor,
            contract=party.contract,
            rules=rules,
            reference=f"BM-{party.contract.number}-{span.first:%Y-%m}",
            first=span.first,
            last=span.last,
            made_at=now,
            contest_until=now + timedelta(days=15),
            base=Decimal(1000),
            bonus=0,
            malus=10,
            perception=0,
            cap=0,
            total=-10,
            closed_at=now if closed else None,
            closed_side="system" if closed else "",
        )
        return BonusLine.objects.create(
            landlord=party.landlord,
            contractor=party.contractor,
            statement=statement,
            order=order,
            rank=1,
            fact="appointment",
            on=span.first,
            value=40,
            limit=15,
            outcome="missed",
            full=-10,
            amount=-10,
        )


def beside(line: BonusLine) -> BonusLine:
    """Put one more line, which nobody contests, below one of a statement."""
    with system_scope("tests: statement"):
        found = BonusLine.objects.get(pk=line.pk)
        found.pk, found.rank, found.fact = new_id(), line.rank + 1, "status"
        found.save(force_insert=True)
    return found


def contested(party: Party, line: BonusLine) -> BonusContest:
    """Contest a line for the company."""
    reason = f"Le gardien nous a retenus, {party.landlord.name}"
    return act(party, "desk", services.contest_line, line_id=line.pk, reason=reason)


def bonused(party: Party, order: Order) -> tuple[BonusRules, BonusLine, BonusContest]:
    """Put rows of the party into every table of bonus and malus.

    Returns the rules, the line of the open statement that isn't contested, and the contest.
    """
    rules = accepted(party)
    line = laid(party, order, rules)
    contest = contested(party, line)
    other = beside(line)
    old = laid(party, order, rules, months=2, closed=True)
    with system_scope("tests: its document, as a number was noted formerly"):
        BonusDocument.objects.create(
            landlord=party.landlord,
            contractor=party.contractor,
            statement_id=old.statement_id,
            number=f"AV-{party.landlord.slug}",
            noted_at=clock.now(),
            noted_by_id=party.desk.user_id,
        )
    with system_scope("tests: what comes back of the closed one"):
        BonusRegularisation.objects.create(
            landlord=party.landlord,
            contractor=party.contractor,
            statement_id=line.statement_id,
            line=old,
            neutral="payment",
            amount=0,
        )
    return rules, other, contest


def bonus_of(party: Party, order: Order, rows: int) -> tuple[BonusRules, UUID]:
    """Put so many versions and statements, one of which has as many lines, contested or not.

    The rules have held since long ago. Asked for again it adds more.
    """
    with system_scope("tests: many statements"):
        have = BonusStatement.objects.filter(landlord=party.landlord).count()
    rules = accepted(party)
    line = laid(party, order, rules, months=have + 1)
    for n in range(have + 2, have + rows + 1):
        laid(party, order, rules, months=n)
    contested(party, line)
    for _n in range(rows):
        line = beside(line)
    with system_scope("tests: rules of long ago"):
        long_ago = clock.today().replace(day=1) - timedelta(days=366)
        BonusAnswer.objects.filter(rules=rules).update(
            answered_on=long_ago.replace(day=1), applies_from=long_ago.replace(day=1)
        )
    return rules, line.statement_id
