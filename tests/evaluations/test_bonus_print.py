"""A statement as a PDF: printed when it is made and again when it is closed, the same for both."""

from __future__ import annotations

import io
import re

import pypdf
import pytest

from evaluations import services
from evaluations.models import BonusStatement, Report, ReportState
from evaluations.printing import html_of
from nexxio.core import clock
from nexxio.core.actors import SYSTEM
from nexxio.core.models import Job
from nexxio.core.scoping import system_scope
from tests.evaluations.steps import client_of, deliver, done, page
from tests.factories.acting import act
from tests.factories.bonused import accepted, beside, contested, laid
from tests.factories.full import worked

SPACES = re.compile(r"\s+")


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    return world.first


def laid_statement(party):
    order = done(party)
    rules = accepted(party)
    line = laid(party, order, rules)
    return order, line, beside(line)


def print_due() -> int:
    with system_scope("tests: jobs"):
        jobs = list(Job.objects.filter(kind="evaluations.report", state="queued"))
        for job in jobs:
            worked(job)
    return len(jobs)


def test_a_closed_statement_is_printed_to_the_cent_and_both_sides_read_the_same_file(party):
    order, line, _other = laid_statement(party)
    with system_scope("tests"):  # two lines of ten euros
        BonusStatement.objects.filter(pk=line.statement_id).update(malus=20, total=-20)
    urls = {
        who: page(party, side, "bonus_file", line.statement_id, "pdf")
        for who, side in (("manager", "landlord"), ("desk", "contractor"))
    }
    shown = {
        who: page(party, side, "bonus_statement", line.statement_id)
        for who, side in (("manager", "landlord"), ("desk", "contractor"))
    }
    assert client_of(party, "desk").get(urls["desk"]).status_code == 404
    act(party, "desk", services.close_statement, statement_id=line.statement_id)
    deliver()
    assert "PDF en préparation" in client_of(party, "desk").get(shown["desk"]).text
    assert print_due() == 1
    read = {}
    for who, url in urls.items():
        assert url in client_of(party, who).get(shown[who]).text
        read[who] = b"".join(client_of(party, who).get(url).streaming_content)
    assert read["manager"] == read["desk"]
    pages = pypdf.PdfReader(io.BytesIO(read["desk"])).pages
    text = SPACES.sub(" ", " ".join(each.extract_text() for each in pages))
    for words in (
        order.reference,
        "BM-",
        "−10,00 €",
        "−20,00 €",
        "Avoir de 20,00 € HT à établir",
        party.contractor.name,
        "Règles appliquées",
    ):
        assert words in text, words
    # Nobody is named: each side would read another text than the other.
    assert str(party.desk.user) not in text
    assert str(party.manager.user) not in text


def test_until_it_is_closed_it_says_that_it_may_still_change(party):
    _order, line, _other = laid_statement(party)
    contested(party, line)
    with system_scope("tests"):
        report = services.ask_report(
            actor=SYSTEM,
            kind="statement",
            landlord_id=party.landlord.pk,
            contractor_id=party.contractor.pk,
            month=clock.today().replace(day=1),
            statement_id=line.statement_id,
        )
        html = SPACES.sub(" ", html_of(report))
    assert "L’entreprise peut contester chaque ligne jusqu’au" in html
    assert "Le gardien nous a retenus" in html
    assert "Sans réponse au jour de l’impression" in html


def test_it_is_asked_for_once_when_made_and_once_when_closed(party):
    _order, line, _other = laid_statement(party)
    given = {
        "kind": "statement",
        "landlord_id": party.landlord.pk,
        "contractor_id": party.contractor.pk,
        "month": clock.today().replace(day=1),
        "statement_id": line.statement_id,
    }
    with system_scope("tests"):
        assert services.ask_report(actor=SYSTEM, **given) is not None
        assert services.ask_report(actor=SYSTEM, **given) is None
        assert services.ask_report(actor=SYSTEM, **given, is_final=True) is not None
        states = Report.objects.filter(statement_id=line.statement_id)
        assert {one.state for one in states} == {ReportState.PREPARING}
    # It is on the statement's page, not among the monthly documents.
    listed = client_of(party, "desk").get(page(party, "contractor", "reports"))
    assert "Relevé" not in listed.text
