"""The balance of transparency: counted from the company's own events, read by nobody else."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contractors.models import Block, Invoice
from evaluations import services
from evaluations.balance import counted
from evaluations.bonus_spans import Span
from evaluations.models import Report
from evaluations.printing import html_of
from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.core.ids import new_id
from nexxio.core.models import Event
from nexxio.core.scoping import system_scope
from tests.evaluations.steps import client_of, done, page, run_clock
from tests.factories.acting import act
from tests.factories.full import visited
from tests.factories.invoiced import filed_elsewhere


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    return world.first


def count(party, **of):
    """Count this month and the next one in the company's own scope: visits are hours ahead."""
    with scope_of(party.actor("desk")):
        (found,) = counted(party.contractor.pk, [Span(clock.today().replace(day=1), 2)], **of)
    return found


def test_it_counts_what_was_told_shown_and_thanked(world, party):
    order = done(party)
    act(party, "manager", services.give_thanks, order=order)
    act(party, "desk", services.give_thanks, order=order)  # its own isn't one it received
    with clock.moved_to(clock.now() + timedelta(minutes=6)):
        run_clock()
    found = count(party)
    assert (found.orders, found.thanks) == (1, 1)
    assert (found.told_in_time.part, found.late_entries) == (found.told_in_time.whole, 0)
    assert found.told_in_time.whole >= 3
    assert found.reports.part == found.reports.whole == 1
    assert found.photos.part == 1
    assert (found.arrivals.part, found.arrivals.whole) == (1, 1)
    assert count(party, landlord_id=world.second.landlord.pk).orders == 0


def test_an_absence_counts_as_proven_with_its_pack(party):
    visited(party, state="no_access")
    found = count(party)
    assert (found.absences.part, found.absences.whole) == (1, 1)


def test_an_invoice_is_unblocked_when_nothing_has_held_it(party):
    invoice = filed_elsewhere(party)
    with system_scope("tests"):
        held = Block.objects.filter(invoice=invoice).exists()
        assert Invoice.objects.get(pk=invoice.pk).filed_at is not None
        total = Invoice.objects.get(pk=invoice.pk).total_with_vat
    found = count(party)
    assert (found.unblocked.part, found.unblocked.whole) == (0 if held else 1, 1)
    assert (found.invoiced, found.blocked, found.paid) == (total, total if held else 0, 0)


def test_the_page_is_the_companys_and_its_pdf_is_made_each_month(world, party):
    done(party)
    month = f"{clock.today():%Y-%m}"
    address = page(party, "contractor", "balance")
    shown = client_of(party, "desk").get(address, {"mois": month})
    assert shown.status_code == 200
    assert "100 % (1 / 1)" in shown.text.replace("\xa0", " ").replace("\u202f", " ")
    assert client_of(party, "manager").get(address).status_code == 404
    assert client_of(party, "technician").get(address).status_code == 403
    second = clock.months_from(clock.today(), 1).replace(day=2)
    with clock.moved_to(datetime.combine(second, time(9), clock.PARIS)):
        run_clock()
        with system_scope("tests"):
            report = Report.objects.select_related("landlord", "contractor").get(kind="balance")
            html = html_of(report)
        assert client_of(party, "desk").get(page(party, "contractor", "reports")).status_code == 200
    assert report.landlord_id == report.contractor_id == party.contractor.pk
    assert "Balance de la transparence" in html
    with scope_of(party.actor("manager")):
        assert not Report.objects.filter(kind="balance").exists()


def test_what_a_tenant_settles_is_a_call_less_and_typing_has_its_minutes(party):
    order = done(party)
    before = count(party)
    assert before.acts > 0
    assert before.minutes == before.acts  # one order, a minute an act
    with system_scope("tests: the tenant moved his appointment"):
        told = Event.objects.filter(order_id=order.pk, kind="visit.done").get()
        for kind, side in (("visit.rescheduled", "tenant"), ("visit.rescheduled", "contractor")):
            told.pk, told._state.adding = new_id(), True
            told.kind, told.actor_side, told.channel = kind, side, "link"
            told.save(force_insert=True)
    found = count(party)
    assert (found.calls, found.acts) == (before.calls + 1, before.acts + 1)


def test_months_and_years_are_counted_together(party):
    done(party)
    month = Span(clock.today().replace(day=1), 2)
    with scope_of(party.actor("desk")), CaptureQueriesContext(connection) as asked:
        spans = [month, Span(clock.months_from(month.first, -12), 12)]
        here, before = counted(party.contractor.pk, spans)
    assert (here.orders, before.orders) == (1, 0)
    assert len([one for one in asked.captured_queries if "SELECT COUNT" in one["sql"]]) <= 8


def test_a_year_before_in_which_nothing_was_counted_has_no_column(party):
    done(party)
    address, desk = page(party, "contractor", "balance"), client_of(party, "desk")
    month = {"mois": f"{clock.today():%Y-%m}"}
    assert "Les douze d’avant" not in desk.get(address, month).text
    with clock.moved_to(clock.now() + timedelta(days=400)):
        assert "Les douze d’avant" in client_of(party, "desk").get(address).text
