"""Works that were stopped: no finished work of the company's, and no question to the tenant."""

from __future__ import annotations

from datetime import timedelta

import pytest

from evaluations import services as evaluations
from evaluations.axes import Axis, Criterion, Direction
from evaluations.bonus_facts import units_of
from evaluations.bonus_spans import Span
from evaluations.clause_facts import NORMAL, Limits, clause_facts
from evaluations.facts import facts_of
from evaluations.models import Evaluation
from evaluations.perimeter_facts import Days, Part, measured
from evaluations.pilot_book import PilotFact
from evaluations.quarters import Quarter
from nexxio.core import clock
from nexxio.core.actors import SYSTEM, scope_of
from nexxio.core.models import Event
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Contract, Order
from tests.evaluations.steps import deliver, done, evaluation_of, later
from tests.factories.acting import act
from tests.factories.attributed import contract_beside
from tests.factories.full import visited

NOW = Quarter.of(clock.today())


@pytest.fixture
def stopped(world):
    """Works are done in part, and another company goes on."""
    party = world.first
    contract = contract_beside(party, world.second.contractor)
    visit = visited(party, state="confirmed")
    part = {"in_part": True, "next_step": "Revenir avec la pièce", "report": "Fuite arrêtée."}
    act(party, "technician", services.complete_visit, visit_id=visit.pk, **part)
    values = {"contract_id": contract.pk, "reason": "default", "note": ""}
    made = act(party, "manager", services.draft_successor, order_id=party.order.pk, **values)
    act(party, "manager", services.issue_order, order_id=made.pk)
    deliver()
    return party


def row(party) -> Order:
    with system_scope("tests"):
        return Order.objects.get(pk=party.order.pk)


def facts(party):
    with scope_of(party.actor("manager")):
        return facts_of(NOW, landlord_id=party.landlord.pk, contractor_id=party.contractor.pk)


def first_times(party) -> list:
    with system_scope("tests: units"):
        contract = Contract.objects.get(pk=row(party).contract_id)
        return [one.fact for one in units_of(contract, Span(clock.today().replace(day=1)))]


def test_the_tenant_is_asked_nothing_and_each_house_one_question(stopped):
    assert row(stopped).stopped_for == "superseded"
    with system_scope("tests"):
        asked = set(
            Evaluation.objects.filter(order_id=stopped.order.pk).values_list("direction", flat=True)
        )
        assert not Event.objects.filter(
            kind="evaluation.invited", reader_case_id=stopped.order.case_id
        ).exists()
    assert asked == {Direction.LANDLORD_CONTRACTOR, Direction.CONTRACTOR_LANDLORD}
    deliver()
    with system_scope("tests: nobody twice"):
        assert evaluations.invite_for_order(actor=SYSTEM, order_id=stopped.order.pk) == []


def test_an_end_that_is_delivered_late_asks_no_tenant_either(world):
    party = world.first
    done(party)
    with system_scope("tests: stopped since"):
        Evaluation.objects.filter(order_id=party.order.pk).delete()
        Order.objects.filter(pk=party.order.pk).update(stopped_for="superseded")
        made = evaluations.invite_for_order(actor=SYSTEM, order_id=party.order.pk)
    assert Direction.TENANT_REPAIR not in {one.direction for one in made}


@pytest.mark.parametrize("why", ["", "superseded"])
def test_no_reminder_once_the_works_were_stopped(world, why):
    party = world.first
    done(party)
    found = evaluation_of(Direction.TENANT_REPAIR)
    with system_scope("tests: stopped since"):
        Order.objects.filter(pk=party.order.pk).update(stopped_for=why)
    with later(6), system_scope("tests: the clock"):
        told = evaluations.remind_tenant(actor=SYSTEM, evaluation_id=found.pk)
    assert told is (why == "")


def test_no_figure_counts_it_as_finished(world):
    party = world.first
    done(party)
    with system_scope("tests: a date"):
        Order.objects.filter(pk=party.order.pk).update(
            target_date=clock.today() + timedelta(days=3)
        )
    assert {Axis.COMPETENCE.value, Criterion.QUALITY.value} <= set(facts(party))
    assert (measures(party), first_times(party).count("first_time")) == ([1, 1, 1], 1)
    with system_scope("tests: stopped"):
        Order.objects.filter(pk=party.order.pk).update(stopped_for="no_access")
    assert Criterion.QUALITY.value not in facts(party)
    assert measures(party) == [0, 0, 0]
    left = first_times(party)
    assert "first_time" not in left
    assert "appointment" in left  # that its company came is counted all the same


def measures(party) -> list[int]:
    """Return of how many orders clauses and pilots tell the date, and pilots the first visit."""
    day = clock.today()
    with system_scope("tests: measures"):
        contract = Contract.objects.get(pk=row(party).contract_id)
        clauses = clause_facts(contract, Span(day.replace(day=1)), Limits())
        pilots = measured(
            Part(party.landlord.pk, contract_id=contract.pk), Days(day - timedelta(days=20), day)
        )
    found = [clauses[NORMAL], pilots[PilotFact.IN_TIME], pilots[PilotFact.FIRST_TIME]]
    return [one.n for one in found]
