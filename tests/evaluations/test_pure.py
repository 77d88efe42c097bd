"""What of evaluations needs no database: questions in turn, quarters, scores, radar."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from evaluations.axes import Axis
from evaluations.notable import notable_of
from evaluations.quarters import Quarter, campaign_due
from evaluations.radar import radar
from evaluations.rotation import chosen
from evaluations.scoring import score, symmetry
from evaluations.states import EVALUATION
from evaluations.wording import fact_text, too_few
from nexxio.core.actors import Side

POOL = [f"q{n}" for n in range(9)]


def test_an_order_is_always_asked_the_same_two_and_all_axes_are_covered():
    keys = [UUID(int=n * 7919) for n in range(900)]
    asked = [chosen(key, POOL) for key in keys]
    assert asked == [chosen(key, POOL) for key in keys]
    assert all(len(set(pair)) == 2 for pair in asked)
    counts = Counter(name for pair in asked for name in pair)
    assert set(counts) == set(POOL)
    assert 150 < min(counts.values()) <= max(counts.values()) < 250
    assert chosen(keys[0], ["a"]) == ["a"]


def test_quarters_know_their_days():
    quarter = Quarter.of(date(2026, 11, 30))
    assert (quarter.first, quarter.last) == (date(2026, 10, 1), date(2026, 12, 31))
    assert str(quarter) == "4e trimestre 2026"
    assert quarter.following.previous == quarter
    assert str(quarter.following) == "1er trimestre 2027"
    assert campaign_due(date(2027, 1, 14)) == quarter
    assert campaign_due(date(2027, 1, 15)) is None
    # The last answers, replies and contests are over before anything is published.
    assert (quarter.publishes_on - quarter.last).days > 42


def test_a_score_has_its_interval_and_says_when_it_is_drawn_in():
    found = score([4, 4, 5, 3, 4, 4, 5, 3, 4, 4])
    assert (found.n, found.mean, found.shrunk) == (10, Decimal("4.0"), False)
    assert found.low < found.mean < found.high
    small = score([5, 5, 5], prior=Decimal("3.0"))
    assert small.shrunk
    assert small.mean == Decimal("3.8")
    assert score([]) is None
    assert score([1, 2, 5, 5]).dissatisfied == Decimal("0.50")


@pytest.mark.parametrize(("mark", "edge", "mean"), [(5, "high", "4.8"), (1, "low", "1.2")])
def test_an_anonymous_mean_never_tells_everybodys_mark(mark, edge, mean):
    found = score([mark] * 6, anonymous=True)
    assert (found.edge, found.mean) == (edge, Decimal(mean))
    assert found.low < found.high


def test_symmetry_is_the_gap_over_the_scale():
    assert symmetry(Decimal("4.0"), Decimal("4.0")) == 1
    assert symmetry(Decimal("5.0"), Decimal("1.0")) == 0
    assert symmetry(Decimal("4.0"), Decimal("3.0")) == Decimal("0.75")


def test_the_first_notable_thing_makes_the_question():
    found = notable_of({"variation.asked", "visit.no_show"}, urgent=True)
    assert (found.of_contractor, found.of_landlord) == (Axis.TRUST, Axis.CONSIDERATION)
    assert notable_of(set(), urgent=True).of_contractor == Axis.ADAPTABILITY
    assert notable_of({"order.accepted"}, urgent=False) is None


def test_a_radar_leaves_gaps_where_nothing_is_told():
    labels = [axis.label for axis in Axis]
    values = [Decimal(4) if n < 3 else None for n in range(len(labels))]
    found = radar(labels, [("Le bailleur", values)])
    assert len(found.spokes) == 11
    assert len(found.lines[0].points) == 3
    assert found.lines[0].path.count("M") == 2
    assert radar(labels, [("Personne", [None] * 11)]) is None


def test_words_in_the_place_of_a_score():
    assert too_few(3, 5) == "Pas encore assez de réponses (3 sur 5)"
    assert "trahirait" in too_few(7, 5)
    assert "trois entreprises" in too_few(0, 0)
    assert (
        fact_text("first_time", Decimal(92))
        == "réparé du premier coup\N{NO-BREAK SPACE}: 92\N{NO-BREAK SPACE}%"
    )
    assert fact_text("", None) == ""


def test_only_the_platform_settles_and_only_the_evaluated_reacts():
    for name in ("keep", "withdraw", "reveal", "expire"):
        assert EVALUATION.transitions[name].sides == {Side.SYSTEM}
    for name in ("reply", "contest"):
        assert EVALUATION.transitions[name].sides == {Side.CONTRACTOR}
