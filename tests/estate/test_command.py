"""import_estate from a terminal."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from nexxio.core.models import Job
from nexxio.core.scoping import system_scope
from tests.estate.files import REAL_FILE, content, row, rows
from tests.estate.steps import events_of, groups_of, undo


def command(path, *options, landlord="RIVP"):
    out = StringIO()
    call_command("import_estate", str(path), "--landlord", landlord, *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "patrimoine.csv"
    path.write_bytes(content(*rows(2), row(bs="(vide)"), row(code_postal="code_75020")))
    return path


def test_a_dry_run_answers_json_and_writes_nothing(rivp, file):
    assert json.loads(command(file, "--dry-run", "--json")) == {
        "created": 2,
        "changed": 0,
        "unchanged": 0,
        "skipped": 1,
        "refused": [
            {
                "line": 5,
                "column": "code_postal",
                "value": "code_75020",
                "reason": "code postal : 5 chiffres attendus",
            }
        ],
    }
    assert groups_of(rivp) == []
    with system_scope("tests"):
        assert not Job.objects.exists()


def test_an_import_is_applied_once_and_can_be_undone_from_the_browser(rivp, file):
    assert json.loads(command(file, "--json"))["created"] == 2
    again = json.loads(command(file, "--json"))
    assert (again["created"], again["unchanged"]) == (0, 2)
    assert len(groups_of(rivp)) == 2
    assert len(events_of(rivp)) == 1
    with system_scope("tests"):
        applied = Job.objects.order_by("created_at").first()
    assert undo(rivp, applied).result["removed"] == 2


@pytest.mark.parametrize("name", ["rivp", "R.I.V.P.", "Rivage habitat", "rivage"])
def test_a_landlord_is_found_by_name_alias_or_slug(rivp, file, name):
    assert "created: 2" in command(file, "--dry-run", landlord=name)


def test_people_read_the_refusals(rivp, file):
    assert "line 5, code_postal: code postal : 5 chiffres attendus" in command(file)


def test_an_unknown_landlord_or_file_is_told(rivp, file, tmp_path):
    with pytest.raises(CommandError, match="No landlord"):
        command(file, landlord="Personne")
    with pytest.raises(CommandError, match=r"absent\.csv"):
        command(tmp_path / "absent.csv")


def test_a_broken_file_ends_with_its_place_and_writes_nothing(rivp, file, capsys):
    file.write_bytes(content(*rows(2)) + b"\xff\n")
    with pytest.raises(CommandError, match="Ligne 4, colonne 1"):
        command(file)
    out = StringIO()
    with pytest.raises(SystemExit) as caught:
        call_command("import_estate", str(file), "--landlord", "RIVP", "--json", stdout=out)
    assert caught.value.code == 1
    answer = json.loads(out.getvalue())
    assert (answer["line"], answer["column"]) == (4, 1)
    assert groups_of(rivp) == []


@pytest.mark.slow
def test_a_million_lines_of_one_landlord_are_refused_with_their_line(rivp, tmp_path):
    path = tmp_path / "huge.csv"
    head, line, _ = content(row()).split(b"\n")
    with path.open("wb") as target:
        target.write(head + b"\n")
        for number in range(1_000_000):
            target.write(line.replace(b"9000001", b"%d" % number) + b"\n")
    with pytest.raises(CommandError, match=r"Ligne 20002.*plus de 20000 programmes"):
        command(path)
    assert groups_of(rivp) == []


@pytest.mark.skipif(not REAL_FILE.exists(), reason=f"the real estate file is not at {REAL_FILE}")
def test_the_real_file_is_imported_and_unchanged_the_second_time(rivp):
    first = json.loads(command(REAL_FILE, "--json"))
    assert (first["created"], first["changed"], first["skipped"]) == (782, 0, 3_391)
    assert [refused["line"] for refused in first["refused"]] == [179]
    second = json.loads(command(REAL_FILE, "--json"))
    assert (second["created"], second["changed"], second["unchanged"]) == (0, 0, 782)
    assert len(groups_of(rivp)) == 782
