"""The generator of docs/ notices what is stale, and the import order holds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from nexxio.devtools import docgen

ROOT = Path(__file__).parents[2]


def test_a_stale_document_is_noticed(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(docgen, "DOCS", tmp_path)
    assert docgen.main(["--check"]) == 1
    assert docgen.main([]) == 0
    assert docgen.main(["--check"]) == 0
    (tmp_path / "events.md").write_text("else")
    assert docgen.main(["--check"]) == 1
    assert "docs/events.md is stale" in capsys.readouterr().err


def test_every_transition_is_drawn():
    text = docgen.states()
    for table in docgen.MACHINES:
        for transition in table.transitions.values():
            for source in transition.sources:
                assert f"{source} --> {transition.target}: {transition.name}\n" in text


def test_imports_run_one_way():
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
