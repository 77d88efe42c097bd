"""Generated documents say what the tables say."""

from __future__ import annotations

from nexxio.devtools import docgen


def test_the_states_document_is_current():
    assert (docgen.DOCS / "states.md").read_text(encoding="utf-8") == docgen.states()


def test_the_events_document_is_current():
    assert (docgen.DOCS / "events.md").read_text(encoding="utf-8") == docgen.events()
