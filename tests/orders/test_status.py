"""How the state of one visit looks."""

from __future__ import annotations

import pytest

from nexxio.core.actors import Side
from nexxio.core.templatetags.ui import TONES
from orders.models import Visit
from orders.selectors.status import visit_status
from orders.states import VISIT, VisitState


@pytest.mark.parametrize("side", [Side.LANDLORD, Side.CONTRACTOR, Side.TENANT])
@pytest.mark.parametrize("state", list(VisitState))
def test_every_state_of_a_visit_has_words_and_a_look_for_every_side(state, side):
    status = visit_status(Visit(state=state), side)

    assert status.label == VISIT.label(state, side)
    assert status.tone in TONES
    assert status.icon


def test_a_done_visit_does_not_look_like_a_missed_one():
    done, missed = (
        visit_status(Visit(state=state), Side.CONTRACTOR)
        for state in (VisitState.DONE, VisitState.NO_ACCESS)
    )

    assert (done.tone, missed.tone) == ("success", "danger")
    assert done.icon != missed.icon
