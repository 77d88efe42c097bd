"""Monthly scorecards: made by the clock, printed by a worker, the same for both sides."""

from __future__ import annotations

import io
import re
from datetime import datetime, time
from decimal import Decimal

import pypdf
import pytest
from django.db import DatabaseError, transaction

from evaluations import services
from evaluations.models import Report, ReportState, Result
from evaluations.printing import html_of
from evaluations.quarters import Quarter
from nexxio.core import clock
from nexxio.core.actors import SYSTEM, scope_of
from nexxio.core.models import Job
from nexxio.core.scoping import system_scope
from tests.evaluations.steps import client_of, done, page, run_clock
from tests.factories.evaluated import C2L, L2C, T2R
from tests.factories.full import worked

SPACES = re.compile(r"\s+")


def printed_all() -> None:
    with system_scope("tests: jobs"):
        for job in Job.objects.filter(kind="evaluations.report", state="queued"):
            worked(job)


def result(party, quarter, direction, mean, **more) -> None:
    of_company = direction != C2L
    values = {
        "landlord": party.landlord,
        "contractor": party.contractor if of_company else None,
        "dimension": "contractor" if of_company else "overall",
        "key": str(party.contractor.pk) if of_company else "",
        "direction": direction,
        "quarter": quarter.first,
        "subject": "competence",
        "level": "published",
        "n": 12,
        "mean": mean,
        "low": mean and Decimal(mean) - Decimal("0.3"),
        "high": mean and Decimal(mean) + Decimal("0.3"),
        "asked": 20,
        "answered": 12,
        "dissatisfied": "0.25",
        **more,
    }
    with system_scope("tests: results"):
        Result.objects.create(**values)


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    done(world.first)
    return world.first


def next_month():
    """Move the clock to the third of the next month in Paris, 9 h."""
    day = clock.months_from(clock.today(), 1).replace(day=3)
    return clock.moved_to(datetime.combine(day, time(9), clock.PARIS))


def test_the_clock_makes_last_months_cards_once_and_both_sides_read_the_same_file(party):
    with next_month():
        run_clock()
        run_clock()
        printed_all()
        with system_scope("tests"):
            rows = list(Report.objects.filter(kind="scorecard", landlord=party.landlord))
        of_pair = next(row for row in rows if row.contractor_id)
        assert {row.contractor_id for row in rows} == {None, party.contractor.pk}
        assert {row.state for row in rows} == {ReportState.READY}
        read = {}
        for who, side in (("manager", "landlord"), ("desk", "contractor")):
            listed = client_of(party, who).get(page(party, side, "reports"))
            address = page(party, side, "report", of_pair.pk)
            assert address in listed.text
            read[side] = b"".join(client_of(party, who).get(address).streaming_content)
    assert read["landlord"] == read["contractor"]
    pages = pypdf.PdfReader(io.BytesIO(read["landlord"])).pages
    text = SPACES.sub(" ", " ".join(each.extract_text() for each in pages))
    for words in (party.contractor.name, "réparé du premier coup : 100 %", "Aucune note d’une"):
        assert words in text, words
    # The landlord's own card, of all its companies, is nobody else's.
    whole = next(row for row in rows if row.contractor_id is None)
    assert (
        client_of(party, "desk").get(page(party, "contractor", "report", whole.pk)).status_code
        == 404
    )


def test_a_card_tells_scores_only_through_the_selector_with_interval_trend_and_sector(party):
    quarter = Quarter.of(clock.today()).previous.previous  # told by now, whatever the day
    result(party, quarter.previous, L2C, "3.0")
    result(party, quarter, L2C, "4.0")
    result(party, quarter.previous, T2R, "4.1")
    result(party, quarter, T2R, "4.0")
    result(party, quarter, C2L, None, level="few", n=2, needed=5)
    with system_scope("tests"):
        report = services.ask_report(
            actor=SYSTEM,
            kind="scorecard",
            landlord_id=party.landlord.pk,
            contractor_id=party.contractor.pk,
            month=clock.today().replace(day=1),
        )
        html = SPACES.sub(" ", html_of(report))
    assert "3,7 à 4,3, n 12" in html
    assert "en hausse, 3,0 avant" in html
    assert "stable, 4,1 avant" in html
    assert "Pas encore assez de réponses (2 sur 5)" in html
    assert "Locataires insatisfaits : 25" in html
    assert "1 sur 3" in html


def test_nobody_writes_a_document_at_a_desk(party):
    with pytest.raises(DatabaseError), scope_of(party.actor("manager")), transaction.atomic():
        services.ask_report(
            actor=party.actor("manager"),
            kind="scorecard",
            landlord_id=party.landlord.pk,
            contractor_id=None,
            month=clock.today().replace(day=1),
        )
