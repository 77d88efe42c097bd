"""French dates, sums and telephone numbers, and tags that hold markup."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.template import Context, Template

from nexxio.core.templatetags import ui

NOW = datetime(2026, 11, 24, 13, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


def plain(text: str) -> str:
    """Return the text with ordinary spaces."""
    return text.replace(ui.NBSP, " ")


def test_thousands_stand_apart_by_a_space_wide_enough_to_be_seen():
    assert ui.number(12500) == f"12{ui.NBSP}500"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Decimal("1234.5"), "1 234,50 €"),
        (Decimal("-0.005"), "−0,01 €"),
        (0, "0,00 €"),
        (None, "–"),
        ("", "–"),
    ],
)
def test_money_is_written_the_french_way(value, words):
    assert plain(ui.money_text(value)) == words


def test_sum_never_breaks_over_two_lines():
    assert " " not in ui.money_text(Decimal("1234567.89"))


@pytest.mark.parametrize(
    ("value", "style", "words"),
    [
        (NOW, "long", "mardi 24 novembre à 14 h 10"),
        (NOW, "near", "aujourd’hui à 14 h 10"),
        (NOW + timedelta(days=1, minutes=-10), "near", "demain à 14 h"),
        (datetime(2027, 5, 1, 8, 0, tzinfo=UTC), "long", "samedi 1er mai 2027 à 10 h"),
    ],
)
def test_moment_is_told_in_paris_time(value, style, words):
    assert plain(ui.moment(value, style)) == words


@pytest.mark.parametrize(
    ("elapsed", "words"),
    [
        (timedelta(seconds=20), "à l’instant"),
        (timedelta(minutes=59), "il y a 59 min"),
        (timedelta(hours=26), "il y a 1 jour"),
        (timedelta(days=-3), "dans 3 jours"),
        (timedelta(days=400), "il y a 1 an"),
    ],
)
def test_age_is_told_in_its_largest_unit(elapsed, words):
    assert plain(ui.ago(NOW - elapsed)) == words


def test_phone_is_written_as_it_is_read_aloud():
    assert plain(ui.phone("+33639981032")) == "06 39 98 10 32"
    assert ui.phone("à demander") == "à demander"


def test_status_escapes_words_and_always_has_an_icon():
    html = Template("{% status label tone='danger' %}").render(Context({"label": "<b>Non</b>"}))
    assert "&lt;b&gt;Non&lt;/b&gt;" in html
    assert "#alert-circle" in html


def test_card_sees_nothing_of_the_page_around_it():
    html = Template("{% card title='A' %}<p>{{ mine }}</p>{% endcard %}").render(
        Context({"mine": "corps", "icon": "ban", "tone": "danger"})
    )
    assert "<p>corps</p>" in html
    assert "tone-danger" not in html
    assert "#ban" not in html
