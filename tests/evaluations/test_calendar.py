"""What the calendar says is done to the last of it, and no opinion comes in after its results."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from evaluations import services, tasks
from evaluations.models import Ballot, Evaluation, Result
from evaluations.quarters import Quarter, counting_for
from evaluations.services.publishing import WAIT_DAYS
from evaluations.states import EvaluationState
from nexxio.core import clock
from nexxio.core.scoping import system_scope
from tests.evaluations.steps import later, run_clock
from tests.factories.evaluated import C2L, T2R, asked_of, balloted

LAST = Quarter.of(clock.today()).previous
DAY = clock.start_of(LAST.publishes_on) + timedelta(hours=12)


def three(world) -> list[Evaluation]:
    """Three evaluations that nobody answers."""
    first, second = world.first, world.second
    return [asked_of(first, T2R), asked_of(second, T2R), asked_of(first, C2L)]


def test_a_run_goes_on_until_nothing_is_due(world, monkeypatch):
    asked = three(world)
    monkeypatch.setattr(tasks, "STEP", 1)
    with later(20):
        run_clock()
    with system_scope("tests"):
        assert not Evaluation.objects.filter(pk__in=[one.pk for one in asked]).exists()
        assert Ballot.objects.count() == len(asked)


def test_a_run_that_is_over_time_does_one_step_of_each_kind(world, monkeypatch):
    three(world)
    monkeypatch.setattr(tasks, "STEP", 1)
    monkeypatch.setattr(tasks, "BUDGET_SECONDS", -1)
    with later(20):
        run_clock()
    with system_scope("tests"):
        assert Ballot.objects.count() == 1


def test_what_cannot_be_moved_holds_up_no_other_and_ends_the_run(world, monkeypatch):
    stuck, *others = three(world)
    monkeypatch.setattr(tasks, "STEP", 1)
    reveal = services.reveal_due

    def failing(*, actor, evaluation_id):
        if evaluation_id == stuck.pk:
            raise RuntimeError("tests")
        return reveal(actor=actor, evaluation_id=evaluation_id)

    monkeypatch.setattr(services, "reveal_due", failing)
    with later(20):
        run_clock()
    with system_scope("tests"):
        assert Evaluation.objects.get(pk=stuck.pk).state == EvaluationState.INVITED
        assert Ballot.objects.count() == len(others)


@pytest.mark.parametrize("direction", [T2R, C2L])
def test_results_wait_for_what_is_not_counted_yet(world, direction):
    """A worker that stood still: the quarter's day has come, an opinion of it isn't counted."""
    party = world.first
    waits = asked_of(
        party,
        direction,
        quarter=LAST.first,
        closes_at=DAY + timedelta(days=1),
        opened_at=DAY - timedelta(days=13),
    )
    balloted(party, {"competence": 4})
    with clock.moved_to(DAY):
        run_clock()
        with system_scope("tests"):
            assert not Result.objects.exists()
    with clock.moved_to(DAY + timedelta(days=2)):
        run_clock()
    with system_scope("tests"):
        assert not Evaluation.objects.filter(pk=waits.pk).exists()
        told = Result.objects.filter(direction=T2R, dimension="overall", subject="competence")
        assert told.exists()
        assert Ballot.objects.filter(quarter=LAST.first).count() == 2


def test_results_wait_neither_for_moderation_nor_for_ever(world):
    party = world.first
    common = {"quarter": LAST.first, "opened_at": DAY - timedelta(days=20)}
    asked_of(
        party,
        T2R,
        **common,
        state=EvaluationState.CONTESTED,
        closes_at=DAY - timedelta(days=6),
        revealed_at=DAY - timedelta(days=5),
        contested_at=DAY,
    )
    balloted(party, {"competence": 4})
    with clock.moved_to(DAY), system_scope("tests"):
        stuck = asked_of(party, C2L, **common, closes_at=DAY + timedelta(days=500))
        publish = {"actor": tasks.SYSTEM, "landlord_id": party.landlord.pk, "quarter": LAST}
        assert services.publish_quarter(**publish) == 0
        with clock.moved_to(DAY + timedelta(days=WAIT_DAYS)):
            assert services.publish_quarter(**publish) > 0
        assert Evaluation.objects.filter(pk=stuck.pk).exists()


def test_a_quarter_that_was_missed_is_published_with_the_next(world):
    party = world.first
    balloted(party, {"competence": 4})
    with clock.moved_to(clock.start_of(LAST.following.publishes_on) + timedelta(hours=12)):
        run_clock()
    with system_scope("tests"):
        assert Result.objects.filter(quarter=LAST.first).exists()


def test_an_opinion_counts_in_the_quarter_that_it_can_still_reach():
    works = date(2026, 3, 31)
    first = Quarter(date(2026, 1, 1))
    assert counting_for(works, works) == first
    assert counting_for(works, date(2026, 4, 16)) == first
    assert counting_for(works, first.publishes_on) == first.following
    assert counting_for(works, date(2026, 12, 1)) == Quarter(date(2026, 10, 1))
