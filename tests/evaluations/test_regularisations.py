"""A malus of a closed statement is given back when the landlord turns out to have failed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from contractors.models import Invoice
from evaluations import services, tasks
from evaluations.bonus_regularising import given_back
from evaluations.bonus_spans import Span
from evaluations.models import BonusRegularisation, BonusStatement
from nexxio.core import clock
from nexxio.core.ids import new_id
from nexxio.core.scoping import system_scope
from orders.models import Contract
from tests.evaluations.steps import client_of
from tests.evaluations.test_bonus_statements import FIRST, MADE, at, invoiced, lines, made, works
from tests.factories.acting import act
from tests.factories.bonused import accepted, contested, stated

NEXT = Span(FIRST).following
NEXT_MADE = MADE + 31


@pytest.fixture
def closed(world):
    """A closed statement of one order that cost 10 €: its technician came 40 minutes late."""
    party = world.first
    accepted(party)
    bill = paid_in_time(invoiced(party, works(party, late=40)))
    return party, bill, settled(party)


def settled(party) -> BonusStatement:
    statement = made(party)
    with at(MADE + 1):
        return act(party, "desk", services.close_statement, statement_id=statement.pk)


def paid_in_time(bill):
    """Let its due date be far away."""
    with system_scope("tests: a due date"):
        Invoice.objects.filter(pk=bill.pk).update(due_on=FIRST + timedelta(days=400))
    return bill


def paid_late(bill) -> None:
    with system_scope("tests: a due date that is over"):
        Invoice.objects.filter(pk=bill.pk).update(due_on=FIRST + timedelta(days=45))


def next_one(party) -> BonusStatement | None:
    with at(NEXT_MADE):
        return stated(party, NEXT.first)


def backs() -> list[BonusRegularisation]:
    with system_scope("tests: lines"):
        rows = BonusRegularisation.objects.select_related("line__order")
        return list(rows.order_by("line__rank"))


def test_the_next_statement_gives_back_what_a_late_payment_made_neutral(closed):
    party, bill, before = closed
    assert (before.total, before.malus) == (-6, 10)
    paid_late(bill)
    statement = next_one(party)
    (back,) = backs()
    assert (back.amount, back.neutral, back.line.order_id) == (10, "payment", bill.order_id)
    assert (statement.regularised, statement.total, statement.bonus) == (10, 10, 0)
    with system_scope("tests"):
        assert BonusStatement.objects.get(pk=before.pk).total == -6  # a closed one never changes
    for who, side in (("manager", "landlord"), ("desk", "contractor")):
        house = getattr(party, side)
        url = reverse(f"evaluations:{side}_bonus_statement", args=[house.slug, statement.pk])
        with at(NEXT_MADE):
            text = client_of(party, who).get(url).text
            files = {
                ending: client_of(party, who)
                .get(
                    reverse(
                        f"evaluations:{side}_bonus_file", args=[house.slug, statement.pk, ending]
                    )
                )
                .content
                for ending in ("csv", "xlsx")
            }
        assert f"Régularisation de {Span(FIRST)}" in text
        assert "Facture payée après l’échéance" in text
        assert "Malus rendu;10,00" in files["csv"].decode("utf-8-sig").replace(".", ",")


def test_nothing_is_given_back_twice_nor_while_nothing_was_late(closed):
    party, bill, _before = closed
    assert next_one(party).regularised == 0
    paid_late(bill)
    after = NEXT.following
    with at(NEXT_MADE + 31):
        assert stated(party, after.first).regularised == 10
    with at(NEXT_MADE + 62):
        assert stated(party, after.following.first).regularised == 0
    (back,) = backs()
    back.pk = new_id()
    with system_scope("tests"), transaction.atomic(), pytest.raises(IntegrityError):
        back.save(force_insert=True)


def test_what_is_still_open_or_too_old_gives_nothing_back(world):
    party = world.first
    accepted(party)
    bill = invoiced(party, works(party, late=40))
    made(party)
    paid_late(bill)
    assert next_one(party).regularised == 0  # it may still be contested, or closed next month
    with system_scope("tests"), at(NEXT_MADE):
        BonusStatement.objects.filter(first=FIRST).update(
            closed_at=clock.now(), closed_side="system"
        )
        contract = Contract.objects.get(pk=party.contract.pk)
        assert given_back(contract, NEXT.following.first)
        assert not given_back(contract, FIRST + timedelta(days=31 + 191))


def test_what_the_company_had_neutralised_by_contesting_is_not_given_again(world):
    party = world.first
    accepted(party)
    bill = invoiced(party, works(party, late=40))
    statement = made(party)
    with at(MADE + 1):
        contest = contested(party, lines()["appointment"])
        answer = {"contest_id": contest.pk, "keeps": False, "answer": "Accès bloqué."}
        act(party, "manager", services.answer_contest, **answer)
        act(party, "desk", services.close_statement, statement_id=statement.pk)
    paid_late(bill)
    assert next_one(party).regularised == 0


def test_a_cap_that_had_spared_the_company_is_not_paid_back(world):
    """62.50 € of works, a cap of 2 %: −6 was cut to −1.25. Without the malus it had been +4."""
    party = world.first
    accepted(party, cap_malus=Decimal(2))
    bill = invoiced(party, works(party, late=40))
    assert settled(party).total == Decimal("-1.25")
    paid_late(bill)
    statement = next_one(party)
    assert statement.regularised == Decimal("5.25")
    assert statement.total == Decimal("5.25")


def test_the_running_period_shows_what_will_come_back(closed):
    party, bill, _before = closed
    paid_late(bill)
    with at(NEXT_MADE - 20):
        for who, side in (("manager", "landlord"), ("desk", "contractor")):
            house = getattr(party, side)
            url = reverse(f"evaluations:{side}_bonus_now", args=[house.slug, party.contract.pk])
            page = client_of(party, who).get(url)
            assert page.context["page"].counted.sums.regularised == 10
            assert "Régularisation de" in page.text


def test_after_the_end_of_the_contract_a_statement_is_made_only_to_give_back(closed):
    party, bill, _before = closed
    with system_scope("tests: the end"):
        ends = {"ends_on": NEXT.first - timedelta(days=1)}
        Contract.objects.filter(pk=party.contract.pk).update(**ends)
    assert next_one(party) is None
    paid_late(bill)
    with at(NEXT_MADE):
        tasks.run_due()
    with system_scope("tests"):
        statement = BonusStatement.objects.get(first=NEXT.first)
    assert (statement.regularised, statement.total, statement.base) == (10, 10, 0)
