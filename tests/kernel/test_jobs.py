"""Who holds a job ends it, and what its work has written is never denied."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from nexxio.core import clock, jobs, pulse
from nexxio.core.actors import Actor, Side, scope_of
from nexxio.core.errors import Refused
from nexxio.core.models import Job
from nexxio.core.platform import services
from nexxio.core.scoping import system_scope


@pytest.fixture(autouse=True)
def silent_push(monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)


@pytest.fixture
def job(world):
    manager = world.first.actor("manager")
    with scope_of(manager):
        return jobs.ask(kind="tests.work", actor=manager, payload={})


def working(monkeypatch, work) -> None:
    monkeypatch.setitem(jobs._kinds, "tests.work", work)


def stored(job) -> Job:
    with system_scope("tests"):
        return Job.objects.get(pk=job.pk)


def taken_over(job) -> Job:
    """Let the lease run out and another worker claim the job."""
    with clock.moved_to(clock.now() + jobs.LEASE + timedelta(seconds=1)):
        other = jobs._claim()
    assert other.pk == job.pk
    return other


def begun_anew(job) -> Job:
    """Let platform staff give the job up and run it again, and another worker claim it."""
    staff = Actor(side=Side.SYSTEM, name="Plateforme")
    with clock.moved_to(clock.now() + jobs.LEASE + timedelta(seconds=1)):
        with system_scope("tests"):
            services.abandon_job(actor=staff, job_id=job.pk)
            services.retry_job(actor=staff, job_id=job.pk)
        other = jobs._claim()
    assert (other.pk, other.attempts) == (job.pk, job.attempts)
    return other


def test_what_a_person_waits_for_comes_before_what_events_ask_for(world):
    manager = world.first.actor("manager")
    with scope_of(manager):
        nobodys = jobs.ask(kind="tests.work", actor=replace(manager, user_id=None), payload={})
        hers = jobs.ask(kind="tests.work", actor=manager, payload={})
        # An event's, which a person waits for all the same.
        proof = jobs.ask(
            kind="tests.work",
            actor=replace(manager, user_id=None),
            payload={},
            awaited=True,
        )
    claimed = [jobs._claim().pk for _each in range(3)]
    assert claimed == [hers.pk, proof.pk, nobodys.pk]


@pytest.mark.parametrize("end", ["result", "refusal", "step"])
def test_a_slow_worker_is_out_of_a_job_that_staff_let_run_again(job, monkeypatch, end):
    def work(mine, progress):
        begun_anew(mine)
        if end == "refusal":
            raise Refused("Trop tard.")
        if end == "step":
            progress.step(done=9, total=10)
        return {"by": "the slow one"}

    working(monkeypatch, work)
    jobs.run(jobs._claim())
    row = stored(job)
    assert (row.state, row.attempts, row.result, row.error) == ("running", 1, {}, "")
    assert (row.finished_at, row.done_steps) == (None, 0)


@pytest.mark.parametrize("end", ["result", "refusal", "crash"])
def test_a_slow_worker_does_not_end_what_another_has_taken(job, monkeypatch, end):
    def work(mine, _progress):
        taken_over(mine)
        if end == "refusal":
            raise Refused("Trop tard.")
        if end == "crash":
            raise ValueError("broken")
        return {"by": "the slow one"}

    working(monkeypatch, work)
    jobs.run(jobs._claim())
    row = stored(job)
    assert (row.state, row.attempts, row.result, row.error) == ("running", 2, {}, "")
    assert row.finished_at is None


def test_a_slow_worker_stops_at_its_next_step_and_renews_nothing(job, monkeypatch):
    went_on = []

    def work(mine, progress):
        progress.step(done=1, total=10)
        taken_over(mine)
        progress.step(done=9, total=10)
        went_on.append(mine)

    working(monkeypatch, work)
    jobs.run(jobs._claim())
    row = stored(job)
    assert went_on == []
    assert (row.state, row.attempts, row.done_steps) == ("running", 2, 1)


def test_what_was_kept_makes_the_job_done_whatever_breaks_afterwards(job, monkeypatch):
    def work(mine, _progress):
        Job.objects.filter(pk=mine.pk).update(result={"created": 3})
        raise ConnectionError("after the commit")

    working(monkeypatch, work)
    jobs.run(jobs._claim())
    row = stored(job)
    assert (row.state, row.result, row.error) == ("done", {"created": 3}, "")


def test_a_third_interruption_does_not_deny_what_was_kept(job, monkeypatch):
    working(monkeypatch, lambda _job, _progress: pytest.fail("a fourth attempt"))
    claimed = jobs._claim()
    with system_scope("tests"):
        Job.objects.filter(pk=job.pk).update(
            attempts=jobs.MAX_ATTEMPTS, result={"created": 3}, leased_until=clock.now()
        )
    taken_over(claimed)
    jobs.run(stored(job))
    assert (stored(job).state, stored(job).result) == ("done", {"created": 3})


def test_a_crash_that_wrote_nothing_says_so(job, monkeypatch):
    def work(_job, _progress):
        raise ValueError("broken")

    working(monkeypatch, work)
    jobs.run(jobs._claim())
    row = stored(job)
    assert (row.state, row.result) == ("failed", {})
    assert "Rien n’a été appliqué" in row.error


@pytest.mark.parametrize(
    ("error", "was_refused"), [(Refused("Fichier illisible."), True), (ValueError("ours"), False)]
)
def test_only_what_failed_on_us_worries_the_platform(job, monkeypatch, error, was_refused):
    def work(_mine, _progress):
        raise error

    working(monkeypatch, work)
    assert jobs.run_open() == 1
    row = stored(job)
    assert (row.state, row.was_refused) == ("failed", was_refused)
    with system_scope("tests"):
        assert pulse.measure().jobs_failed == (not was_refused)
