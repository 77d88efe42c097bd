"""How many queries each main page takes: the numbers are in query_counts.json, under review.

A page that takes another number fails, more or less: `QUERY_COUNTS=write` before the test
writes the file anew, and the difference is then in the change. A page with few rows takes the
same number as with many.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nexxio.core import links
from nexxio.core.scoping import system_scope
from tests.factories.full import divided, placed
from tests.factories.world import build_world
from tests.pages.crowd import Crowd, gather
from tests.snapshots import Snapshot

FILE = Path(__file__).parents[1] / "query_counts.json"
FEW, MORE = 2, 4
# Of a list, the views that the person keeps included.
LIST_BUDGET = 8

Visitor = tuple[str, Callable[[Crowd], str]]


def landlord(name: str, query: str = "", *, order: bool = False) -> Visitor:
    return "manager", lambda crowd: _url(crowd, crowd.party.landlord.slug, name, query, order)


def clerk(name: str, query: str = "") -> Visitor:
    return "clerk", lambda crowd: _url(crowd, crowd.party.landlord.slug, name, query, False)


def contractor(name: str, query: str = "", *, order: bool = False) -> Visitor:
    return "desk", lambda crowd: _url(crowd, crowd.party.contractor.slug, name, query, order)


def _url(crowd: Crowd, slug: str, name: str, query: str, order: bool) -> str:
    args = [slug, crowd.busy.pk] if order else [slug]
    return reverse(name, args=args) + query.format(crowd=crowd)


PAGES: dict[str, Visitor] = {
    "landlord desk": landlord("orders:landlord_home"),
    "landlord list": landlord("orders:landlord_list"),
    "landlord list, open": landlord("orders:landlord_list", "?etat=open"),
    "landlord list, searched": landlord("orders:landlord_list", "?q=evier"),
    "landlord list, late": landlord("orders:landlord_list", "?retard=1"),
    "landlord list, filtered": landlord(
        "orders:landlord_list",
        "?entreprise={crowd.party.contractor.pk}&situation=rendez-vous&date=emission&du=2020-01-01",
    ),
    "landlord list, by amount": landlord("orders:landlord_list", "?tri=-montant"),
    "landlord list, by company": landlord("orders:landlord_list", "?tri=partie"),
    "contractor list, by landlord": contractor("orders:contractor_list", "?tri=-partie"),
    "landlord inbox": landlord("orders:landlord_inbox"),
    "contractor inbox": contractor("orders:contractor_inbox"),
    "landlord exports": landlord("orders:landlord_exports"),
    "history of a dwelling": (
        "manager",
        lambda crowd: reverse(
            "orders:landlord_unit", args=[crowd.party.landlord.slug, crowd.party.unit.pk]
        ),
    ),
    "history of a residence": (
        "manager",
        lambda crowd: reverse(
            "orders:landlord_group", args=[crowd.party.landlord.slug, crowd.party.unit.group_id]
        ),
    ),
    "contractor board": contractor("orders:contractor_board"),
    "landlord board": landlord("orders:landlord_board"),
    "landlord reserves": landlord("orders:landlord_reserves"),
    "contractor reserves": contractor("orders:contractor_reserves"),
    "landlord order": landlord("orders:landlord_detail", order=True),
    "landlord contracts": landlord("orders:landlord_contracts"),
    "contractor contracts": contractor("orders:contractor_contracts"),
    "landlord contract": (
        "manager",
        lambda crowd: reverse(
            "orders:landlord_contract", args=[crowd.party.landlord.slug, crowd.party.contract.pk]
        ),
    ),
    "landlord price schedule": (
        "manager",
        lambda crowd: reverse(
            "orders:landlord_schedule",
            args=[crowd.party.landlord.slug, crowd.party.item.schedule_id],
        ),
    ),
    "articles found while typing": landlord(
        "orders:landlord_items", "?contract={crowd.party.contract.pk}&q=siphon"
    ),
    "landlord bell": landlord("core:landlord_bell"),
    "residences to choose from": landlord("orders:landlord_units"),
    "units to choose from": landlord(
        "orders:landlord_units", "?groupe={crowd.party.unit.group_id}"
    ),
    "new order": landlord("orders:landlord_new"),
    "new order, with its place": landlord("orders:landlord_new", "?logement={crowd.party.unit.pk}"),
    "residences": landlord("estate:groups"),
    "imports": landlord("estate:imports"),
    "members": landlord("members:landlord_list"),
    "history of members": landlord("members:landlord_history"),
    "stays of platform staff": landlord("members:landlord_entries"),
    "agencies and sectors": landlord("territories:index"),
    "residences to assign": landlord("territories:residences", "?ou=tous"),
    "desk of a sector": clerk("orders:landlord_home"),
    "list of a sector": clerk("orders:landlord_list"),
    "list of a sector, searched": clerk("orders:landlord_list", "?q=evier"),
    "board of a sector": clerk("orders:landlord_board"),
    "landlord invoices, a list": landlord("contractors:landlord_invoices"),
    "landlord invoices, a list of blocked ones": landlord(
        "contractors:landlord_invoices", "?etat=bloquees&cause=B01"
    ),
    "landlord board of blocks": landlord("contractors:landlord_blocks"),
    "landlord late interest": landlord("contractors:landlord_interest"),
    "landlord payment days": landlord("contractors:landlord_delays"),
    "landlord accounts": landlord("contractors:landlord_accounts"),
    "landlord invoice": (
        "manager",
        lambda crowd: reverse(
            "contractors:landlord_invoice", args=[crowd.party.landlord.slug, crowd.invoice.pk]
        ),
    ),
    "landlord order, finished": (
        "manager",
        lambda crowd: reverse(
            "orders:landlord_detail", args=[crowd.party.landlord.slug, crowd.invoice.order_id]
        ),
    ),
    "contractor invoices, a list": contractor("contractors:contractor_invoices"),
    "contractor forecast": contractor("contractors:contractor_forecast"),
    "contractor claims": contractor("contractors:contractor_claims"),
    "landlord retentions, a list": landlord("contractors:landlord_retentions", "?voir=tenues"),
    "contractor retentions, a list": contractor(
        "contractors:contractor_retentions", "?voir=tenues"
    ),
    "landlord account rules": landlord("contractors:landlord_account_rules"),
    "landlord parapheur, a list": landlord("orders:landlord_parapheur"),
    "landlord parapheur, a list of extra works": landlord(
        "orders:landlord_parapheur", "?genre=devis"
    ),
    "landlord series": landlord("orders:landlord_series"),
    "landlord trend": landlord("contractors:landlord_trend"),
    "contractor trend": contractor("contractors:contractor_trend"),
    "landlord digest": landlord("contractors:landlord_digest"),
    "contractor digest": contractor("contractors:contractor_digest"),
    "contractor accounts": contractor("contractors:contractor_accounts"),
    "contractor board of blocks": contractor("contractors:contractor_blocks"),
    "contractor papers": contractor("contractors:contractor_papers"),
    "contractor bank details": contractor("contractors:contractor_bank"),
    "landlord papers": landlord("contractors:landlord_papers"),
    "landlord bank details": landlord("contractors:landlord_bank"),
    "landlord papers of a company": (
        "manager",
        lambda crowd: reverse(
            "contractors:landlord_company_papers",
            args=[crowd.party.landlord.slug, crowd.party.contractor.pk],
        ),
    ),
    "landlord bank details of a company": (
        "manager",
        lambda crowd: reverse(
            "contractors:landlord_company_bank",
            args=[crowd.party.landlord.slug, crowd.party.contractor.pk],
        ),
    ),
    "landlord evaluations": landlord("evaluations:landlord_home"),
    "landlord results of evaluations": landlord("evaluations:landlord_results"),
    "contractor evaluations": contractor("evaluations:contractor_home"),
    "contractor results of evaluations": contractor("evaluations:contractor_results"),
    "landlord monthly cards, a list": landlord("evaluations:landlord_reports"),
    "contractor monthly cards, a list": contractor("evaluations:contractor_reports"),
    "landlord reviews, a list": landlord("evaluations:landlord_reviews"),
    "contractor reviews, a list": contractor("evaluations:contractor_reviews"),
    "landlord own questions, a list": landlord("evaluations:landlord_questions"),
    "landlord teams": landlord("evaluations:landlord_staff"),
    "contractor teams": contractor("evaluations:contractor_staff"),
    "landlord steering": landlord("evaluations:landlord_steering"),
    "landlord impact": landlord("evaluations:landlord_impact"),
    "landlord pilots, a list": landlord("evaluations:landlord_pilots"),
    "landlord measured clauses": (
        "manager",
        lambda crowd: reverse(
            "evaluations:landlord_clauses",
            args=[crowd.party.landlord.slug, crowd.party.contract.pk],
        ),
    ),
    "landlord cards": landlord("evaluations:landlord_cards"),
    "contractor cards": contractor("evaluations:contractor_cards"),
    "landlord references": landlord("evaluations:landlord_references"),
    "contractor references": contractor("evaluations:contractor_references"),
    "contractor balance": contractor("evaluations:contractor_balance"),
    "contractor own answers": contractor("evaluations:contractor_given"),
    "landlord bonus, a list": landlord("evaluations:landlord_bonus"),
    "contractor bonus, a list": contractor("evaluations:contractor_bonus"),
    "landlord bonus rules": (
        "manager",
        lambda crowd: reverse(
            "evaluations:landlord_bonus_rules", args=[crowd.party.landlord.slug, crowd.rules.pk]
        ),
    ),
    "contractor bonus statement": (
        "desk",
        lambda crowd: reverse(
            "evaluations:contractor_bonus_statement",
            args=[crowd.party.contractor.slug, crowd.statement_id],
        ),
    ),
    "landlord bonus of the period": (
        "manager",
        lambda crowd: reverse(
            "evaluations:landlord_bonus_now",
            args=[crowd.party.landlord.slug, crowd.party.contract.pk],
        ),
    ),
    "contractor desk": contractor("orders:contractor_home"),
    "contractor list": contractor("orders:contractor_list"),
    "contractor order": contractor("orders:contractor_detail", order=True),
    "contractor history of an order": contractor("orders:contractor_history", order=True),
    "contractor planning": contractor("orders:contractor_planning"),
    "contractor bell": contractor("core:contractor_bell"),
    "technician day": (
        "technician",
        lambda crowd: reverse("orders:field_day", args=[crowd.party.contractor.slug]),
    ),
    "technician visit": (
        "technician",
        lambda crowd: reverse(
            "orders:field_visit", args=[crowd.party.contractor.slug, crowd.visit.pk]
        ),
    ),
    "tenant follow": (
        "tenant",
        lambda crowd: reverse("tenants:follow", args=[links.token_of(crowd.link.pk)]),
    ),
}


def queries_of(crowd: Crowd, name: str) -> int:
    """Return how many queries the page takes when it is asked for the second time."""
    who, address = PAGES[name]
    client = Client()
    if who != "tenant":
        client.force_login(getattr(crowd.party, who).user)
    url = address(crowd)
    assert client.get(url).status_code == 200, url
    with CaptureQueriesContext(connection) as seen:
        client.get(url)
    return len(seen)


def _crowd() -> Crowd:
    party = build_world().first
    sector, _other = divided(party)
    placed(party.clerk, sector=sector)
    return gather(party, FEW)


CROWD = Snapshot(_crowd)


@pytest.fixture
def crowd(db, monkeypatch) -> Crowd:
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    with system_scope("tests: crowd"):
        return CROWD.lay()


def test_each_page_takes_the_queries_that_the_file_says(crowd):
    few = {name: queries_of(crowd, name) for name in sorted(PAGES)}
    crowd = gather(crowd.party, MORE)
    found = {name: queries_of(crowd, name) for name in sorted(PAGES)}
    if os.environ.get("QUERY_COUNTS") == "write":
        FILE.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    assert found == json.loads(FILE.read_text(encoding="utf-8"))
    assert found == few
    assert max(found[name] for name in found if "list" in name) <= LIST_BUDGET


def test_the_pages_that_are_counted_show_rows(crowd):
    """A page that shows nothing counts nothing."""
    shown = {
        "landlord desk": crowd.drafts[0].title,
        "landlord list": crowd.busy.reference,
        "landlord list, searched": crowd.busy.reference,
        "landlord board": crowd.busy.title,
        "contractor desk": crowd.busy.place_address,
        "contractor list": crowd.busy.reference,
        "technician day": crowd.busy.place_address,
    }
    for name, words in shown.items():
        who, address = PAGES[name]
        client = Client()
        client.force_login(getattr(crowd.party, who).user)
        assert words in client.get(address(crowd)).text, name


@pytest.mark.parametrize("name", ["landlord list", "landlord order"])
def test_a_fragment_takes_fewer_queries_than_its_page(crowd, name):
    client = Client()
    client.force_login(crowd.party.manager.user)
    url = PAGES[name][1](crowd)
    client.get(url)
    with CaptureQueriesContext(connection) as page:
        client.get(url)
    with CaptureQueriesContext(connection) as fragment:
        client.get(url, headers={"HX-Request": "true"})
    assert len(fragment) < len(page)
