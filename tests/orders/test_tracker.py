"""The tenant's tracker: the step that is coloured, and when the past ones were."""

from __future__ import annotations

import pytest

from orders import services
from orders.models import Visit
from tenants.selectors import follow_page
from tests.factories.full import act, visited


@pytest.fixture
def first(world):
    return world.first


def steps(party):
    page = act(party, "tenant", lambda *, actor: follow_page(actor))
    return page.steps


def current(party):
    return [step.title for step in steps(party) if step.state == "current"]


def test_a_proposal_that_waits_colours_the_appointment(first):
    visited(first, state="proposed")

    assert current(first) == ["Rendez-vous proposé"]
    assert steps(first)[2].at is None


def test_a_confirmed_appointment_says_since_when(first):
    visit = visited(first, state="confirmed")
    stored = act(first, "tenant", lambda *, actor: Visit.objects.get(pk=visit.pk))

    assert current(first) == ["Rendez-vous confirmé"]
    assert stored.confirmed_at
    assert steps(first)[2].at == stored.confirmed_at


def test_a_missed_visit_takes_the_tracker_back(first):
    visited(first, state="no_access")

    assert current(first) == ["Prise en charge"]
    assert [step.at for step in steps(first)[2:]] == [None, None, None]


def test_done_work_keeps_the_time_of_every_step(first):
    visit = visited(first, state="on_site")
    act(
        first,
        "technician",
        services.complete_visit,
        visit_id=visit.pk,
        report="Joint remplacé.",
        next_step="",
        in_part=False,
    )

    found = steps(first)
    assert all(step.state == "done" and step.at for step in found)
    assert found[3].title == "Technicien sur place"
