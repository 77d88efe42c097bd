"""The demo world's reviews: held once a quarter, signed by both, followed by the next one."""

from __future__ import annotations

from datetime import timedelta

from evaluations.models import ReviewDecision, ReviewSignature
from evaluations.quarters import Quarter
from nexxio.core import clock
from nexxio.core.scoping import system_scope
from nexxio.demo import meetings


def test_each_contract_meets_once_a_quarter_and_follows_what_it_decided(world):
    party = world.first
    quarter = Quarter.of(clock.today()).previous
    days = [one.publishes_on + timedelta(days=4) for one in (quarter.previous, quarter)]
    assert all(meetings.is_due(day) for day in days)
    assert not meetings.is_due(days[0] + timedelta(days=1))
    for day in days:
        assert meetings.hold([party.manager, party.desk], day) == 1
    with system_scope("tests: reviews"):
        assert ReviewSignature.objects.count() == 4
        decisions = list(ReviewDecision.objects.order_by("due_on"))
    assert [one.outcome for one in decisions] == ["done", ""]
