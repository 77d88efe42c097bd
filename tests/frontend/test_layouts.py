"""Every layout with a live stream can say that it hears nothing more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

LAYOUTS = Path(__file__).parents[2] / "templates" / "layouts"
VISIT = LAYOUTS.parent / "orders" / "field" / "visit.html"


@pytest.mark.parametrize("name", ["office", "field", "tenant"])
def test_a_layout_has_words_for_a_lost_stream(name):
    text = (LAYOUTS / f"{name}.html").read_text(encoding="utf-8")
    assert re.search(r"data-live-lost hidden>.*rechargez", text)


def test_every_part_of_the_visit_is_fetched_again():
    text = VISIT.read_text(encoding="utf-8")
    (listed,) = re.findall(r'hx-select-oob="([^"]+)"', text)
    assert set(re.findall(r'id="([^"]+)" data-live-part', text)) == {
        part.removeprefix("#") for part in listed.split(",")
    }
