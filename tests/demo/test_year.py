"""The demo world's year: a few weeks of it, lived by the real services."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from contractors.models import Invoice, Suspension
from evaluations.axes import Direction
from evaluations.models import (
    Answer,
    Ballot,
    BonusContest,
    BonusStatement,
    Evaluation,
    OwnQuestion,
    Result,
    StaffReceipt,
    TenantSurvey,
    Thanks,
)
from nexxio.core.models import Delivery, Event, Job, JobState, Membership
from nexxio.core.scoping import system_scope
from nexxio.core.views import demo
from nexxio.demo import bonuses, life, world, year
from nexxio.demo.manners import Pace
from orders.certificate_states import CertificateState
from orders.models import Certificate, Order, OrderDocument, Visit
from orders.states import VisitState

pytestmark = pytest.mark.slow
SETBACKS = {
    *("visit.no_show", "variation.asked", "variation.acknowledged", "certificate.refused"),
    *("invoice.disputed", "invoice.suspended", "invoice.completed", "hold.opened", "hold.lifted"),
}


def kinds_missing() -> set[str]:
    """Return which setbacks have not happened."""
    return SETBACKS - set(Event.objects.values_list("kind", flat=True).distinct())


def test_weeks_of_the_year_lead_to_money_and_opinions(db, monkeypatch):
    monkeypatch.setattr(year, "DAYS", 110)
    # Fewer orders, over the weeks that a first statement of bonus takes; and more goes wrong.
    fewer = {"rivp": (Pace(0, 0.12, 0.1),), "paris-habitat": (Pace(0, 0.06),)}
    monkeypatch.setattr(year, "PACES", fewer)
    clumsy = {
        slug: replace(one, fixed=0.5, misses=0.4, finds_more=0.7)
        for slug, one in life.COMPANIES.items()
    }
    monkeypatch.setattr(life, "COMPANIES", clumsy)
    strict = {
        slug: replace(one, refuses=0.5, suspends=0.4, disputes=0.4)
        for slug, one in life.LANDLORDS.items()
    }
    monkeypatch.setattr(life, "LANDLORDS", strict)
    monkeypatch.setattr(life, "LIVE", strict["rivp"])
    monkeypatch.setattr(life, "_ELSEWHERE", 1.0)
    # Rules from the next month on: of two statements the first one is over.
    monkeypatch.setattr(bonuses, "_KNOWN", timedelta(days=5))
    monkeypatch.setattr(world, "STORIES", ())
    months: list[str] = []
    before = world.clock.now()
    built = world.DemoWorld().build(year=True, tell=months.append)
    with system_scope("tests: what the year led to"):
        assert Order.objects.count() == built + 1  # and what was opened on call last night
        done = Order.objects.filter(done_at__isnull=False)
        assert done.count() > 5
        assert Invoice.objects.filter(state="paid").exists()
        assert Answer.objects.exists() or Ballot.objects.exists()
        assert BonusStatement.objects.filter(closed_at__isnull=False).exists()
        # Whatever day it is: one that can be read and contested for some days more.
        left = BonusStatement.objects.filter(
            closed_at__isnull=True,
            contest_until__gt=world.clock.now() + timedelta(days=9),
            contractor__slug=bonuses.TO_READ,
        )
        assert left.exists()
        assert not BonusContest.objects.filter(statement__in=left).exists()
        # All of a desk act on its orders: that is who a campaign asks.
        clerks = Membership.objects.filter(
            organisation__slug=bonuses.TO_READ, roles__overlap=["clerk", "manager"]
        )
        people = clerks.values("user_id")
        acted = Event.objects.filter(order_id__isnull=False, actor_user__in=people)
        assert acted.values("actor_user").distinct().count() == clerks.count() == 3
        assert TenantSurvey.objects.count() == 3
        assert Thanks.objects.filter(told_at__isnull=False).exists()
        assert not Delivery.objects.filter(dead_at__isnull=False).exists()
        first = Order.objects.earliest("created_at")
        assert (world.clock.now() - first.created_at).days > 60
        assert kinds_missing() == set()
        assert Visit.objects.filter(state=VisitState.CONTRACTOR_NO_SHOW).exists()
        assert Certificate.objects.filter(state=CertificateState.REFUSED).exists()
        assert Suspension.objects.filter(completed_at__isnull=False).exists()
        assert OwnQuestion.objects.count() == 3
        assert Evaluation.objects.exclude(language="fr").exists()
        told = Result.objects.filter(direction=Direction.STAFF)
        assert StaffReceipt.objects.exists() or told.exists()
        papers = Job.objects.filter(state=JobState.QUEUED)
        past = papers.filter(created_at__lt=before - timedelta(days=2))
        assert past.exists()
        # Nobody waits for it, and no date of it is another than that of its fact.
        assert not past.filter(is_awaited=True).exists()
        assert not papers.filter(created_at__gt=world.clock.now()).exists()
        # Nor does a printed order of the year stand as failed: it is made when it is asked for.
        printed = OrderDocument.objects.filter(created_at__lt=before - timedelta(days=2))
        assert not printed.exists()
    assert months


def test_the_log_ins_are_told_as_text(db, rf):
    answer = demo.log_ins(rf.get("/dev/log-ins/"))
    assert answer["Content-Type"].startswith("text/plain")
    assert "claire.morel@rivp.example" in answer.content.decode()
