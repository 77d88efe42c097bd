"""Managers hear once a month of the month's documents, and once of a quarter's results."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

import pytest

from evaluations import events, report_events
from evaluations.models import Report, Result
from evaluations.month_notices import KIND
from evaluations.quarters import Quarter
from nexxio.core import clock
from nexxio.core.actors import SYSTEM
from nexxio.core.models import Job, Notification
from nexxio.core.outbox import Subject, record
from nexxio.core.scoping import system_scope
from tests.evaluations.steps import deliver, done, run_clock
from tests.factories.evaluated import T2R
from tests.factories.full import worked

QUARTER = Quarter.of(clock.today()).previous


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    done(world.first)
    return world.first


def rung() -> list[tuple[Any, str]]:
    with system_scope("tests: bells"):
        rows = Notification.objects.filter(kind=KIND).order_by("created_at")
        return [(one.organisation_id, one.title) for one in rows]


def on_day(day: int, months: int = 1):
    first = clock.months_from(clock.today(), months)
    return clock.moved_to(datetime.combine(first.replace(day=day), time(9), clock.PARIS))


def told(party, contractor=None) -> Result:
    """Put a published result of the last quarter."""
    with system_scope("tests: results"):
        return Result.objects.create(
            landlord=party.landlord,
            contractor=contractor,
            dimension="contractor" if contractor else "overall",
            key=str(contractor.pk) if contractor else "",
            direction=T2R,
            quarter=QUARTER.first,
            subject="competence",
            level="published",
            n=12,
            mean="4.0",
            low="3.7",
            high="4.3",
        )


def publish(row: Result) -> None:
    with system_scope("tests: published"):
        record(
            events.ResultsPublished(quarter=str(QUARTER), cells=2),
            actor=SYSTEM,
            subject=Subject(pk=row.pk, landlord_id=row.landlord_id),
            subject_type="results",
        )
    deliver()


def test_the_documents_of_a_month_ring_each_house_once(party):
    with on_day(3):
        run_clock()
        with system_scope("tests: jobs"):
            for job in Job.objects.filter(kind="evaluations.report", state="queued"):
                worked(job)
        deliver()
        with system_scope("tests: documents"):
            made = Report.objects.filter(state="ready", landlord=party.landlord).count()
        found = rung()
    assert made > 1
    houses = [pk for pk, _title in found]
    assert sorted(houses) == sorted({party.landlord.pk, party.contractor.pk})
    assert all(title.startswith("Fiches d’évaluation du mois") for _pk, title in found)


def test_minutes_and_statements_have_their_own_bell(party):
    with system_scope("tests: document"):
        report = Report.objects.create(
            landlord=party.landlord,
            contractor=party.contractor,
            kind="scorecard",
            month=clock.today().replace(day=1),
            asked_at=clock.now(),
        )
        record(
            report_events.ReportMade(document="scorecard"),
            actor=SYSTEM,
            subject=Subject(
                pk=report.pk, landlord_id=party.landlord.pk, contractor_id=party.contractor.pk
            ),
            subject_type="report",
        )
    deliver()
    assert rung() == []


def test_results_ring_the_landlord_and_the_companies_of_which_something_is_told(world, party):
    row = told(party)
    told(party, party.contractor)
    publish(row)
    houses = [pk for pk, _title in rung()]
    assert sorted(houses) == sorted([party.landlord.pk, party.contractor.pk])
    assert str(QUARTER) in rung()[0][1]


def test_a_company_of_several_landlords_hears_once_a_month(world, party):
    told(party, party.contractor)
    publish(told(party))
    other = world.second
    told(other, party.contractor)
    publish(told(other))
    houses = [pk for pk, _title in rung()]
    assert houses.count(party.contractor.pk) == 1
    assert houses.count(other.landlord.pk) == 1
    with on_day(10):
        publish(told_again(party))
    assert [pk for pk, _title in rung()].count(party.contractor.pk) == 2


def told_again(party) -> Result:
    with system_scope("tests: results"):
        return Result.objects.filter(landlord=party.landlord, contractor__isnull=True).get()
