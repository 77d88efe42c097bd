"""The rules of tools/semgrep: each has samples, and lets no file pass that is gone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tools" / "semgrep"
TEXTS = {path: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yml"))}
RULES = [
    pytest.param(path, name, id=name)
    for path, text in TEXTS.items()
    for name in re.findall(r"- id: (\S+)", text)
]


@pytest.mark.parametrize(("path", "name"), RULES)
def test_a_rule_has_a_bad_and_a_good_sample(path, name):
    (sample,) = (found for found in FOLDER.glob(f"{path.stem}.*") if found != path)
    marks = [line for line in sample.read_text(encoding="utf-8").splitlines() if name in line]
    assert any("ruleid: " in line for line in marks)
    assert any("ok: " in line for line in marks)


def test_a_module_that_a_rule_lets_pass_is_there():
    named = [place for text in TEXTS.values() for place in re.findall(r"- /(\S+\.py)", text)]
    assert named
    assert [place for place in named if not (ROOT / place).exists()] == []
