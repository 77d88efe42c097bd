"""The demo world's pilot: running for some weeks, with needs beside it."""

from __future__ import annotations

from types import SimpleNamespace

from evaluations.models import Need, Pilot, PilotCriterion
from nexxio.core import clock
from nexxio.core.scoping import system_scope
from nexxio.demo import pilots


def test_one_pilot_runs_for_a_need_of_the_list(world):
    party = world.first
    demo = SimpleNamespace(now=clock.now(), manager=lambda _slug: party.actor("manager"))
    pilots.run(demo)
    with system_scope("tests"):
        pilot = Pilot.objects.get()
        needs = set(Need.objects.values_list("code", flat=True))
        verdicts = list(PilotCriterion.objects.order_by("rank").values_list("verdict", flat=True))
    assert pilot.need in needs
    assert pilot.starts_on < clock.today() < pilot.review_on
    assert verdicts == ["go", "go", "no_go", "no_go"]
