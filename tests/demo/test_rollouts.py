"""The demo world's roll-outs: one perimeter of each landlord goes live, another one will."""

from __future__ import annotations

from datetime import timedelta

import pytest

from evaluations import tasks
from evaluations.models import ImpactEstimate, ImpactNote, Rollout
from nexxio.core import clock
from nexxio.core.scoping import system_scope
from nexxio.demo import world
from nexxio.demo.rollouts import COMING, WHERE, Rollouts

pytestmark = pytest.mark.slow


def test_each_landlord_brings_one_perimeter_live(db, monkeypatch):
    monkeypatch.setattr(world, "STORIES", ())
    demo = world.DemoWorld()
    demo.build()
    today = clock.today()
    rollouts = Rollouts(demo, today, 365)
    for ago in range(365, 0, -1):
        rollouts.live(today - timedelta(days=ago))
    assert tasks.measure_due() == len(WHERE) + len(COMING)
    with system_scope("tests: roll-outs"):
        live = Rollout.objects.filter(starts_on__lte=today)
        assert live.count() == len(WHERE)
        assert all(clock.day_of(one.decided_at) < one.starts_on for one in live)
        assert Rollout.objects.filter(starts_on__gt=today).count() == len(COMING)
        assert ImpactNote.objects.count() == 2 * len(WHERE)
        # A small estate has few orders by perimeter: nothing is estimated of too few.
        assert not ImpactEstimate.objects.filter(effect__isnull=False).exists()
