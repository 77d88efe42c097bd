"""The demo world's year: a few weeks of it, lived by the real services."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contractors.models import Invoice
from evaluations.models import Answer, Ballot, BonusStatement, Thanks
from nexxio.core.models import Delivery
from nexxio.core.scoping import system_scope
from nexxio.core.views import demo
from nexxio.demo import bonuses, world, year
from orders.models import Order

pytestmark = pytest.mark.slow


def test_weeks_of_the_year_lead_to_money_and_opinions(db, monkeypatch):
    monkeypatch.setattr(year, "DAYS", 110)
    # Fewer orders, over the weeks that a first statement of bonus takes.
    fewer = {slug: replace(one, orders=one.orders / 2) for slug, one in year.LANDLORDS.items()}
    monkeypatch.setattr(year, "LANDLORDS", fewer)
    monkeypatch.setattr(bonuses, "_FIRST_MONTHS", 1)
    monkeypatch.setattr(world, "STORIES", ())
    months: list[str] = []
    built = world.DemoWorld().build(year=True, tell=months.append)
    with system_scope("tests: what the year led to"):
        assert Order.objects.count() == built + 1  # and what was opened on call last night
        done = Order.objects.filter(done_at__isnull=False)
        assert done.count() > 5
        assert Invoice.objects.filter(state="paid").exists()
        assert Answer.objects.exists() or Ballot.objects.exists()
        assert BonusStatement.objects.filter(closed_at__isnull=False).exists()
        assert Thanks.objects.filter(told_at__isnull=False).exists()
        assert not Delivery.objects.filter(dead_at__isnull=False).exists()
        first = Order.objects.earliest("created_at")
        assert (world.clock.now() - first.created_at).days > 60
    assert months


def test_the_log_ins_are_told_as_text(db, rf):
    answer = demo.log_ins(rf.get("/dev/log-ins/"))
    assert answer["Content-Type"].startswith("text/plain")
    assert "claire.morel@rivp.example" in answer.content.decode()
