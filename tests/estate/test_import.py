"""The import on the real database: rehearse, apply, again, undo; nothing half applied."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.db.models import QuerySet

from nexxio.core.actors import scope_of
from nexxio.core.errors import Invalid, Refused
from nexxio.core.estate import applying, services
from nexxio.core.models import Group, Job, JobState, Unit
from nexxio.core.scoping import system_scope
from tests.estate.files import content, row, rows
from tests.estate.steps import (
    apply,
    ask_apply,
    ask_undo,
    done,
    events_of,
    fresh,
    groups_of,
    rehearse,
    undo,
)

DEMO = Path(__file__).parents[2] / "nexxio" / "demo" / "estate.csv"
COUNTS = ("created", "changed", "unchanged", "skipped", "refused")


def counts(job):
    assert job.state == JobState.DONE, job.error
    return {name: job.result[name] for name in COUNTS if job.result[name]}


def test_a_rehearsal_tells_every_line_and_writes_nothing(rivp):
    job = rehearse(rivp, content(row(), row(bs="AXIMO"), row(bs="(vide)"), row(annee="x")))
    assert counts(job) == {"created": 1, "skipped": 2, "refused": 1}
    assert job.result["lines"] == [
        {
            "line": 2,
            "sheet": 2,
            "outcome": "created",
            "identifier": "9000001",
            "name": "12 rue des Lilas Blancs",
            "where": "75012 Paris",
            "year": 2014,
            "nature": "logement familial",
            "dwellings": 24,
            "changes": [],
        }
    ]
    assert job.result["refusals"] == [
        {
            "line": 5,
            "sheet": 5,
            "identifier": "9000001",
            "column": "annee",
            "value": "x",
            "reason": "année : nombre entier positif ou nul attendu",
        }
    ]
    assert job.result["others"] == [["AXIMO", 1]]
    assert job.result["nobody"] == 1
    assert groups_of(rivp) == []
    assert events_of(rivp) == []


def test_an_import_creates_groups_with_readable_names(rivp):
    job = apply(rivp, content(row(adresse_programme="LOT D1B - 86 RUE DES HAIES")))
    assert counts(job) == {"created": 1}
    (group,) = groups_of(rivp)
    assert group.name == "86 rue des Haies (lot D1B)"
    assert group.address == "86 rue des Haies"
    assert group.raw_address == "LOT D1B - 86 RUE DES HAIES"
    assert (group.identifier, group.year, group.dwellings) == ("9000001", 2014, 24)
    assert (group.latitude, group.longitude) == (Decimal("48.841235"), Decimal("2.391235"))
    assert str(group.landlord_id) == str(rivp.landlord.pk)
    assert events_of(rivp) == [("estate.imported", {"created": 1, "changed": 0})]


def test_run_again_it_changes_nothing_and_records_nothing(rivp):
    data = content(*rows(3))
    apply(rivp, data)
    before = [(group.pk, group.name) for group in groups_of(rivp)]
    assert counts(rehearse(rivp, data)) == {"unchanged": 3}
    assert counts(apply(rivp, data)) == {"unchanged": 3}
    assert [(group.pk, group.name) for group in groups_of(rivp)] == before
    assert len(events_of(rivp)) == 1


def test_changed_fields_are_written_and_undone(rivp):
    apply(rivp, content(row()))
    changed = apply(
        rivp, content(row(adresse_programme="14 RUE DES LILAS BLANCS", geo_point_2d=""))
    )
    (group,) = groups_of(rivp)
    assert (group.name, group.latitude) == ("14 rue des Lilas Blancs", None)
    assert changed.result["lines"][0]["changes"][0] == {
        "field": "adresse",
        "before": "12 RUE DES LILAS BLANCS",
        "after": "14 RUE DES LILAS BLANCS",
    }
    result = undo(rivp, changed).result
    assert result == {"removed": 0, "restored": 1, "kept": []}
    (group,) = groups_of(rivp)
    assert (group.name, group.latitude) == ("12 rue des Lilas Blancs", Decimal("48.841235"))


def test_a_name_given_by_hand_stays_when_the_address_changes(rivp):
    apply(rivp, content(row()))
    rename(groups_of(rivp)[0], "Résidence Arc-en-ciel")
    apply(rivp, content(row(adresse_programme="14 RUE DES LILAS BLANCS")))
    (group,) = groups_of(rivp)
    assert group.name == "Résidence Arc-en-ciel"
    assert group.address == "14 rue des Lilas Blancs"


def test_undo_removes_what_nothing_stands_on_and_names_the_rest(rivp):
    applied = apply(rivp, content(*rows(4)))
    first, second, *_others = groups_of(rivp)
    with system_scope("tests"):
        Unit.objects.create(landlord=rivp.landlord, group=first, number="1")
    rename(second, "Résidence Arc-en-ciel")
    job = undo(rivp, applied)
    assert (job.result["removed"], job.result["restored"]) == (2, 0)
    assert {(kept["name"], kept["reason"]) for kept in job.result["kept"]} == {
        ("12 rue des Lilas Blancs", "des logements y sont déjà saisis"),
        ("Résidence Arc-en-ciel", "renommée depuis l’import"),
    }
    assert groups_of(rivp) == [first, second]
    assert events_of(rivp)[-1] == ("estate.undone", {"removed": 2, "restored": 0, "kept": 2})


def test_undone_fields_that_moved_since_are_left(rivp):
    apply(rivp, content(row()))
    changed = apply(rivp, content(row(ville="Paris 12")))
    with system_scope("tests"):
        Group.objects.filter(pk=groups_of(rivp)[0].pk).update(city="Ailleurs")
    job = undo(rivp, changed)
    assert job.result["restored"] == 0
    assert job.result["kept"][0]["reason"] == "modifiée depuis l’import"
    assert groups_of(rivp)[0].city == "Ailleurs"


def test_after_an_undo_the_same_file_creates_again(rivp):
    data = content(*rows(2))
    undo(rivp, apply(rivp, data))
    assert groups_of(rivp) == []
    assert counts(apply(rivp, data)) == {"created": 2}


def test_an_import_below_a_later_one_is_undone_only_after_it(rivp, assert_nothing_happened):
    first = apply(rivp, content(*rows(2)))
    later = apply(rivp, content(*rows(3)))
    unchanged = apply(rivp, content(*rows(3)))
    with assert_nothing_happened(), pytest.raises(Refused, match="plus récent"):
        ask_undo(rivp, first)
    undo(rivp, later)
    assert unchanged.state == JobState.DONE  # wrote nothing, so it stands on nothing
    assert undo(rivp, first).result["removed"] == 2


def test_an_apply_is_refused_when_the_estate_moved_since_the_rehearsal(rivp):
    rehearsal = rehearse(rivp, content(*rows(3)))
    apply(rivp, content(*rows(1)))
    job = done(ask_apply(rivp, rehearsal))
    assert (job.state, job.error) == (JobState.FAILED, applying.CHANGED_SINCE)
    assert len(groups_of(rivp)) == 1


def test_two_clicks_ask_once(rivp, assert_nothing_happened):
    rehearsal = rehearse(rivp, content(row()))
    applied = ask_apply(rivp, rehearsal)
    with assert_nothing_happened(), pytest.raises(Refused, match="déjà demandé"):
        ask_apply(rivp, rehearsal)
    done(applied)
    ask_undo(rivp, fresh(applied))
    with assert_nothing_happened(), pytest.raises(Refused, match="déjà demandée"):
        ask_undo(rivp, fresh(applied))


def test_what_failed_may_be_asked_again(rivp):
    rehearsal = rehearse(rivp, content(row()))
    fail(ask_apply(rivp, rehearsal))
    applied = done(ask_apply(rivp, rehearsal))
    fail(ask_undo(rivp, applied))
    assert done(ask_undo(rivp, applied)).result["removed"] == 1


def test_an_open_rehearsal_is_not_applied(rivp, assert_nothing_happened):
    manager = rivp.actor("manager")
    with scope_of(manager):
        job = services.ask_rehearsal(actor=manager, upload=BytesIO(content(row())), name="x.csv")
    with assert_nothing_happened(), pytest.raises(Refused, match="pas terminé"):
        ask_apply(rivp, job)


def test_a_write_that_breaks_in_the_middle_leaves_nothing(rivp, monkeypatch):
    apply(rivp, content(row()))
    rehearsal = rehearse(rivp, content(row(ville="Lyon"), *rows(5)[1:]))
    monkeypatch.setattr(QuerySet, "bulk_update", broken)
    job = done(ask_apply(rivp, rehearsal))
    assert job.state == JobState.FAILED
    assert job.result == {}
    assert [group.city for group in groups_of(rivp)] == ["Paris"]
    assert len(events_of(rivp)) == 1


def test_a_broken_file_says_line_and_column_and_applies_nothing(rivp):
    data = content(*rows(3)).replace(b"9000003;", b"9000003\xe9;")
    job = rehearse(rivp, data)
    assert job.state == JobState.FAILED
    assert job.error.startswith("Ligne 4, colonne 8 (« id_livraison ») : ")
    assert groups_of(rivp) == []
    with pytest.raises(Refused):
        ask_apply(rivp, job)


def test_a_worker_that_died_after_the_commit_does_not_apply_twice(rivp):
    applied = apply(rivp, content(*rows(3)))
    with system_scope("tests"):
        Job.objects.filter(pk=applied.pk).update(
            state=JobState.RUNNING, finished_at=None, leased_until=applied.created_at
        )
    again = done(applied)
    assert counts(again) == {"created": 3}
    assert again.result == applied.result
    assert len(groups_of(rivp)) == 3
    assert len(events_of(rivp)) == 1


@pytest.mark.parametrize("who", ["clerk", "reader"])
def test_only_a_manager_imports(rivp, who, assert_nothing_happened):
    rehearsal = rehearse(rivp, content(row()))
    actor = rivp.actor(who)
    with scope_of(actor):
        with assert_nothing_happened(), pytest.raises(Refused):
            services.ask_rehearsal(actor=actor, upload=BytesIO(b"x"), name="x.csv")
        with assert_nothing_happened(), pytest.raises(Refused):
            services.ask_apply(actor=actor, rehearsal=rehearsal)


def test_each_landlord_has_her_own_estate(rivp, world, assert_nothing_happened):
    apply(rivp, content(row()))
    assert groups_of(world.second) == []
    job = rehearse(world.second, content(row(), row(bs=world.second.landlord.name)))
    assert counts(job) == {"created": 1, "skipped": 1}
    manager = rivp.actor("manager")
    with scope_of(manager), assert_nothing_happened(), pytest.raises(Job.DoesNotExist):
        services.ask_apply(actor=manager, rehearsal=job)


def test_empty_and_huge_files_are_refused_at_once(rivp, monkeypatch, assert_nothing_happened):
    monkeypatch.setattr("nexxio.core.imports.uploads.MAX_UPLOAD_BYTES", 100)
    manager = rivp.actor("manager")
    with scope_of(manager):
        for data in (b"", b"x" * 101):
            with assert_nothing_happened(), pytest.raises(Invalid) as caught:
                services.ask_rehearsal(actor=manager, upload=BytesIO(data), name="x.csv")
            assert list(caught.value.errors) == ["file"]
        assert not Job.objects.exists()


def test_the_demo_file_goes_through(rivp):
    job = apply(rivp, DEMO.read_bytes())
    assert counts(job) == {"created": 15, "skipped": 46, "refused": 1}
    assert undo(rivp, job).result["removed"] == 15


def rename(group, name):
    with system_scope("tests"):
        Group.objects.filter(pk=group.pk).update(name=name)


def fail(job):
    """As if a worker had failed at it."""
    with system_scope("tests"):
        Job.objects.filter(pk=job.pk).update(state=JobState.FAILED, finished_at=job.created_at)


def broken(*_args, **_kwargs):
    raise RuntimeError("the machine broke")
