"""The import on the real database: rehearse, apply, again, undo; nothing half applied."""

from __future__ import annotations

import json
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from nexxio.core import jobs
from nexxio.core.actors import scope_of
from nexxio.core.errors import Refused
from nexxio.core.estate import services
from nexxio.core.models import Event, Group, Job, JobState, Organisation, Unit
from nexxio.core.scoping import system_scope

DEMO = Path(__file__).parents[2] / "nexxio" / "demo" / "estate.csv"
REAL = Path(__file__).parents[3] / "shared/data/estate/logements-sociaux-paris.csv"


@pytest.fixture
def rivp(world):
    with system_scope("tests"):
        Organisation.objects.filter(pk=world.first.landlord.pk).update(aliases=["RIVP"])
    return world.first


def ask(party, data=None):
    actor = party.actor("manager")
    with scope_of(actor):
        return services.ask_rehearsal(
            actor=actor, upload=BytesIO(data or DEMO.read_bytes()), name="estate.csv"
        )


def fresh(job):
    with system_scope("tests"):
        return Job.objects.get(pk=job.pk)


def groups_of(party):
    with system_scope("tests"):
        return Group.objects.filter(landlord=party.landlord).exclude(source_key="").count()


def test_rehearsal_apply_again_and_undo(rivp):
    rehearsal = ask(rivp)
    assert jobs.run_open() == 1
    rehearsal = fresh(rehearsal)
    assert rehearsal.state == JobState.DONE, rehearsal.error
    planned = rehearsal.result["created"]
    assert planned > 10
    assert groups_of(rivp) == 0
    manager = rivp.actor("manager")
    with scope_of(manager):
        applied = services.ask_apply(actor=manager, rehearsal=rehearsal)
        with pytest.raises(Refused):
            services.ask_apply(actor=manager, rehearsal=rehearsal)
    jobs.run_open()
    applied = fresh(applied)
    assert applied.state == JobState.DONE, applied.error
    assert groups_of(rivp) == planned
    again = ask(rivp)
    jobs.run_open()
    again = fresh(again)
    assert (again.result["created"], again.result["changed"]) == (0, 0)
    with system_scope("tests"):
        group = Group.objects.filter(landlord=rivp.landlord).exclude(source_key="").first()
        Unit.objects.create(landlord=rivp.landlord, group=group, number="1")
    with scope_of(manager):
        undo = services.ask_undo(actor=manager, applied=applied)
    jobs.run_open()
    undo = fresh(undo)
    assert undo.state == JobState.DONE, undo.error
    assert undo.result["removed"] == planned - 1
    assert len(undo.result["kept"]) == 1
    assert groups_of(rivp) == 1
    with system_scope("tests"):
        assert list(
            Event.objects.filter(kind__startswith="estate.").order_by("id").values_list("kind")
        ) == [("estate.imported",), ("estate.undone",)]


def test_a_killed_worker_does_not_apply_twice(rivp):
    rehearsal = ask(rivp)
    jobs.run_open()
    manager = rivp.actor("manager")
    with scope_of(manager):
        applied = services.ask_apply(actor=manager, rehearsal=fresh(rehearsal))
    jobs.run_open()
    count = groups_of(rivp)
    with system_scope("tests"):
        # As if the worker had died after the commit and before the job's last word.
        Job.objects.filter(pk=applied.pk).update(
            state=JobState.RUNNING, finished_at=None, leased_until=applied.created_at
        )
    jobs.run_open()
    assert groups_of(rivp) == count
    assert fresh(applied).result["created"] == count


def test_a_broken_file_says_line_and_column_and_applies_nothing(rivp):
    head, rest = DEMO.read_bytes().split(b"\n", 1)
    broken = head + b"\n" + rest[:2000] + b"\xff\xfe" + rest[2000:]
    job = ask(rivp, broken)
    jobs.run_open()
    job = fresh(job)
    assert job.state == JobState.FAILED
    assert "Ligne" in job.error
    assert "colonne" in job.error
    assert groups_of(rivp) == 0


def test_a_clerk_does_not_import(rivp):
    clerk = rivp.actor("clerk")
    with scope_of(clerk), pytest.raises(Refused):
        services.ask_rehearsal(actor=clerk, upload=BytesIO(b"x"), name="x.csv")


def test_the_command_answers_json(rivp):
    out = StringIO()
    call_command(
        "import_estate", str(DEMO), "--landlord", "rivp", "--dry-run", "--json", stdout=out
    )
    answer = json.loads(out.getvalue())
    assert set(answer) == {"created", "changed", "unchanged", "skipped", "refused"}
    assert all(set(row) == {"line", "reason"} for row in answer["refused"])
    assert groups_of(rivp) == 0
    out = StringIO()
    call_command("import_estate", str(DEMO), "--landlord", "rivp", "--json", stdout=out)
    assert groups_of(rivp) == json.loads(out.getvalue())["created"] == answer["created"]


@pytest.mark.skipif(not REAL.exists(), reason="../shared/data is not there (a clone alone)")
def test_the_real_file_is_imported_and_unchanged_the_second_time(rivp):
    for expected in ("created", "unchanged"):
        out = StringIO()
        call_command("import_estate", str(REAL), "--landlord", "RIVP", "--json", stdout=out)
        answer = json.loads(out.getvalue())
        assert answer[expected] > 500
    assert answer["created"] == answer["changed"] == 0
    assert groups_of(rivp) > 500
