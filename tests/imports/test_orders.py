"""Orders from a file: drafts with what is missing, twice the same changes nothing, undo."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from nexxio.core import clock, jobs
from nexxio.core.actors import scope_of
from nexxio.core.errors import Refused
from nexxio.core.imports import running, services
from nexxio.core.imports.registry import get_kind
from nexxio.core.imports.report import Report
from nexxio.core.imports.rows import Reading, TypedRows
from nexxio.core.models import (
    Case,
    Event,
    Group,
    ImportedRow,
    ImportMapping,
    Membership,
    Organisation,
    Unit,
)
from nexxio.core.scoping import system_scope
from orders import services as orders
from orders.imports.kind import _plain, _typed
from orders.models import (
    Contract,
    Order,
    OrderBudget,
    OrderContact,
    OrderLine,
    PriceItem,
)
from orders.services import ClausesInput, issue_order, update_order
from orders.services.bulk import input_of
from tests.imports.books import book_of, csv_of
from tests.imports.steps import applied, counts, fresh, lines, mentions_vat, rehearsed, sent, undone

HEAD = (
    "N° de commande",
    "Résidence",
    "N° logement",
    "Objet",
    "Description",
    "Corps d’état",
    "Marché",
    "Code article",
    "Quantité",
    "Échéance",
    "Accès",
    "Amiante",
)
SOON = f"{clock.today() + timedelta(days=30):%d/%m/%Y}"
DESCRIPTION = "L’eau coule sous l’évier depuis hier soir."


def row(number="BC-1", **changes):
    cells = {
        "Résidence": "Résidence des Lilas",
        "N° logement": 12,
        "Objet": "Fuite sous l’évier",
        "Description": DESCRIPTION,
        "Corps d’état": "Plombier",
        "Marché": "2026-PLB",
        "Code article": "PLB-01",
        "Quantité": "2,5",
        "Échéance": SOON,
        "Accès": "Interphone",
        "Amiante": "Exemption : l’intervention ne touche aucun matériau du bâti",
        **changes,
    }
    return [number, *(cells[name] for name in HEAD[1:])]


def book(*rows):
    return book_of(["Bons à reprendre"], [], HEAD, *rows)


def imported(party) -> list[Order]:
    with system_scope("tests"):
        found = Order.objects.filter(landlord=party.landlord).exclude(external_number="")
        return list(found.order_by("external_number").select_related("case"))


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    mentions_vat(world.first)
    return world.first


def test_a_complete_and_an_incomplete_row_become_drafts(party):
    run = applied(party, "orders", book(row(), row("BC-2", Description=None, Accès=None)))
    assert counts(run) == (2, 0, 0, 0, 0)
    created = run.job.result["lines"]["created"]
    assert [line["missing"] for line in created] == [
        [],
        [
            "Comment entrer (accès)",
            "Une description du problème (15 caractères au moins)",
        ],
    ]
    first, second = imported(party)
    assert (first.state, second.state) == ("draft", "draft")
    assert first.author_id == party.manager.user_id
    assert (first.place_floor, first.place_door) == ("3", "Gauche")
    assert first.case.tenant_id == party.tenant.pk
    with system_scope("tests"):
        contact = OrderContact.objects.get(order=first)
        assert (contact.name, contact.phone) == ("Amina Diallo", "+33612345678")
        assert OrderBudget.objects.get(order=first).total_without_vat == Decimal("156.25")
        (event,) = Event.objects.filter(order_id=first.pk)
        assert (event.kind, event.channel) == ("order.drafted", "import")
        summary = Event.objects.get(kind="import.applied")
    assert summary.payload == {"of": "orders", "created": 2, "changed": 0}


def test_the_rehearsal_says_the_same_and_writes_nothing(party):
    run = rehearsed(party, "orders", book(row(), row("BC-2", Échéance="demain")))
    assert counts(run) == (1, 0, 0, 0, 1)
    assert lines(run) == [
        (5, "Échéance", "date illisible : écrivez 12/03/2026, 2026-03-12 ou 12 mars 2026")
    ]
    assert imported(party) == []
    with system_scope("tests"):
        assert not ImportedRow.objects.exists()


def test_the_same_file_twice_changes_nothing(party):
    data = book(row(), row("BC-2"))
    applied(party, "orders", data)
    with system_scope("tests"):
        before = Event.objects.count()
    run = applied(party, "orders", data)
    assert counts(run) == (0, 0, 2, 0, 0)
    assert len(imported(party)) == 2
    with system_scope("tests"):
        assert Event.objects.count() == before


def test_rows_of_one_number_make_one_order_with_their_lines(party):
    with system_scope("tests"):
        PriceItem.objects.create(
            landlord=party.landlord,
            contractor=party.contractor,
            contract=party.contract,
            schedule=party.item.schedule,
            code="PLB-02",
            label="Joint",
            unit="u",
            unit_price=Decimal(10),
        )
    other = row(**{"Code article": "PLB-02", "Quantité": 1})
    apart = row(**{"Code article": "PLB-02", "Objet": "Autre chose"})
    run = applied(party, "orders", book(row(), other, apart, row("BC-2"), row()))
    assert counts(run) == (2, 0, 0, 0, 2)
    assert lines(run) == [
        (6, "Objet", "même numéro que la ligne 4, mais Objet diffère"),
        (8, "", "déjà à la ligne 4 du fichier : la première compte"),
    ]
    with system_scope("tests"):
        found = OrderLine.objects.filter(order=imported(party)[0]).order_by("rank")
        assert [(line.code, line.quantity) for line in found] == [
            ("PLB-01", Decimal("2.500")),
            ("PLB-02", Decimal("1.000")),
        ]


def test_refusals_name_line_and_column(party):
    run = rehearsed(
        party,
        "orders",
        book(
            row(None),
            row("B1", Résidence="Résidence des Lila"),
            row("B2", **{"N° logement": "13"}),
            row("B3", **{"Code article": "XX"}),
            row("B4", **{"Marché": None, "Corps d’état": None}),
            row("B5", Quantité="deux"),
        ),
    )
    assert lines(run) == [
        (4, "N° de commande", "Numéro de commande : cette case est obligatoire"),
        (
            5,
            "Résidence",
            "aucune résidence de ce nom ou à cette adresse dans votre patrimoine ;"
            " proches : « Résidence des Lilas, 75019 Paris »",
        ),
        (
            6,
            "N° logement",
            "aucun logement de ce numéro dans « Résidence des Lilas, 75019 Paris » ; connus : 12",
        ),
        (7, "Code article", "absent du bordereau de 2026-PLB"),
        (
            8,
            "Code article",
            "indiquez le marché : l’article se cherche à son bordereau, et ce corps d’état n’a"
            " pas un seul marché en vigueur",
        ),
        (9, "Quantité", "nombre illisible : écrivez 1234,50"),
    ]


def test_the_only_contract_of_a_trade_is_taken_where_the_file_names_none(party):
    run = applied(party, "orders", book(row("BC-9", Marché=None)))
    assert counts(run) == (1, 0, 0, 0, 0)
    with system_scope("tests"):
        assert Order.objects.get(external_number="BC-9").contract == party.contract


def test_a_contract_is_never_chosen_among_two(party):
    today = clock.today()
    with system_scope("tests"):
        assert orders.sole_contracts(party.landlord.pk, today) == {"plomberie": party.contract.pk}
        assert orders.sole_contracts(party.landlord.pk, today - timedelta(days=9000)) == {}
    with system_scope("tests"):
        Contract.objects.create(
            landlord=party.landlord,
            contractor=party.contractor,
            number="2026-BIS",
            title="Second marché",
            trades=["plomberie"],
            starts_on=party.contract.starts_on,
            ends_on=party.contract.ends_on,
        )
    with system_scope("tests"):
        assert orders.sole_contracts(party.landlord.pk, today) == {}


def test_a_file_says_its_vat_and_why_its_date(party):
    soon = f"{clock.today() + timedelta(days=3):%d/%m/%Y}"
    said = {"TVA": "10", "Mention du taux réduit": "oui", "Pourquoi cette date": "Bébé au foyer"}
    head = (*HEAD, *said)
    first, second = (
        tuple(row(number, Échéance=soon)) + tuple(more)
        for number, more in (("BC-1", said.values()), ("BC-2", ("20", None, None)))
    )
    run = applied(party, "orders", book_of(head, first, second))
    assert [line["missing"] for line in run.job.result["lines"]["created"]] == [
        [],
        [
            "Le motif du taux réduit de TVA et sa mention",
            "Des lignes au taux de TVA annoncé",
            "Une date limite que le délai du marché permet, ou pourquoi celle-ci",
        ],
    ]
    with scope_of(party.actor("manager")):
        kept = input_of(imported(party)[0])
    assert (kept.clauses.vat_reason, kept.clauses.vat_certified) == ("improvement", True)
    assert kept.target_note == "Bébé au foyer"


def test_another_landlords_dwelling_is_never_found(world, party):
    run = rehearsed(party, "orders", book(row(Résidence="Résidence des Lilas ZZ9")))
    assert counts(run) == (0, 0, 0, 0, 1)
    assert "ZZ9" not in run.job.result["lines"]["refused"][0]["reason"]


def test_a_changed_row_rewrites_the_draft_and_undo_gives_its_words_back(party):
    applied(party, "orders", book(row()))
    run = applied(party, "orders", book(row(Objet="Fuite au plafond")))
    assert counts(run) == (0, 1, 0, 0, 0)
    assert run.job.result["lines"]["changed"][0]["changes"] == [
        "Objet : Fuite sous l’évier → Fuite au plafond"
    ]
    assert imported(party)[0].title == "Fuite au plafond"
    run = undone(party, run)
    assert (run.job.result["removed"], run.job.result["restored"]) == (0, 1)
    assert imported(party)[0].title == "Fuite sous l’évier"
    assert counts(applied(party, "orders", book(row(Objet="Encore autre")))) == (0, 1, 0, 0, 0)


def test_what_an_undo_gives_back_says_its_clauses_too(party):
    applied(party, "orders", book(row()))
    (order,) = imported(party)
    with scope_of(party.actor("manager")):
        said = input_of(order)
    clauses = ClausesInput(
        company_id=party.contractor.pk, period_from=date(2026, 1, 1), vat_certified=True
    )
    data = replace(said, clauses=clauses, quote_cap=Decimal("120.50"))
    kept = json.loads(json.dumps(_plain(data)))
    again = _typed(kept)
    assert (again.clauses, again.quote_cap) == (clauses, Decimal("120.50"))
    for name in ("clauses", "quote_cap"):
        del kept[name]
    assert _typed(kept).clauses == ClausesInput()


def test_what_people_edited_or_sent_is_left_alone(party):
    applied(party, "orders", book(row(), row("BC-2")), options={"transmettre": False})
    edited, sent_one = imported(party)
    actor = party.actor("manager")
    with scope_of(actor):
        data = input_of(Order.objects.get(pk=edited.pk))
        update_order(actor=actor, order_id=edited.pk, version=edited.version, data=data)
        issue_order(actor=actor, order_id=sent_one.pk)
    run = applied(party, "orders", book(row(Objet="Autre"), row("BC-2", Objet="Autre")))
    assert counts(run) == (0, 0, 0, 2, 0)
    assert [reason for _line, _column, reason in lines(run, "skipped")] == [
        "brouillon modifié à la main depuis l’import : il reste tel quel",
        "la commande n’est plus un brouillon : l’import n’y touche plus",
    ]


def test_an_undo_takes_back_what_nobody_touched(party):
    run = applied(party, "orders", book(row(), row("BC-2"), row("BC-3")))
    actor = party.actor("manager")
    with scope_of(actor):
        issue_order(actor=actor, order_id=imported(party)[1].pk)
    run = undone(party, run)
    result = run.job.result
    assert result["removed"] == 2
    assert result["kept"] == [{"title": "BC-2", "reason": "la commande n’est plus un brouillon"}]
    assert [order.external_number for order in imported(party)] == ["BC-2"]
    with system_scope("tests"):
        assert Case.objects.filter(landlord=party.landlord).count() == 2
        assert Event.objects.filter(kind="import.undone").count() == 1
    with scope_of(actor), pytest.raises(Refused, match="déjà annulé"):
        services.ask_undo(actor=actor, run=run)


def test_a_worker_that_was_given_up_writes_nothing_after_the_undo(party):
    data = book(row(), row("BC-2"))
    run = applied(party, "orders", data)
    undone(party, run)
    actor, kind = party.actor("manager"), get_kind("orders")
    with scope_of(actor):
        reading = Reading(run.columns, run.translations, run.sheet)
        again = {
            "actor": actor,
            "kind": kind,
            "session": kind.session(actor, {}),
            "rows": TypedRows(io.BytesIO(data), kind, reading),
            "report": Report(),
        }
        with pytest.raises(Refused, match="annulé pendant"):
            running.apply(run=run, **again)
    assert imported(party) == []
    with system_scope("tests"):
        assert not ImportedRow.objects.filter(run=run).exists()


def test_an_older_import_is_not_undone_below_a_later_one(party):
    first = applied(party, "orders", book(row()))
    applied(party, "orders", book(row(Objet="Autre")))
    actor = party.actor("manager")
    with scope_of(actor), pytest.raises(Refused, match="annulez-le d’abord"):
        services.ask_undo(actor=actor, run=first)


def test_complete_orders_leave_within_the_authors_limit(party):
    with system_scope("tests"):
        Membership.objects.filter(pk=party.clerk.pk).update(spend_limit=Decimal(200))
    data = book(row(), row("BC-2", Quantité=4), row("BC-3", Accès=None))
    run = applied(party, "orders", data, who="clerk", options={"transmettre": True})
    assert [order.state for order in imported(party)] == ["issued", "pending_approval", "draft"]
    assert run.job.result["issued"] == 1
    notes = [line["note"] for line in run.job.result["lines"]["created"]]
    assert notes == ["transmise", "à valider : au-dessus de votre plafond", ""]


def test_a_person_who_left_since_writes_nothing(party):
    run = rehearsed(party, "orders", book(row()))
    actor = party.actor("manager")
    with scope_of(actor):
        services.ask_apply(actor=actor, run=run, options={})
    with system_scope("tests"):
        Membership.objects.filter(pk=party.manager.pk).update(is_active=False)
    jobs.run_open()
    assert fresh(run).job.error == "La personne qui a demandé cet import n’est plus active."
    assert imported(party) == []


def test_a_landlord_that_was_closed_since_gets_nothing_written(party):
    run = rehearsed(party, "orders", book(row()))
    actor = party.actor("manager")
    with scope_of(actor):
        services.ask_apply(actor=actor, run=run, options={})
    with system_scope("tests"):
        Organisation.objects.filter(pk=party.landlord.pk).update(is_active=False)
    jobs.run_open()
    assert fresh(run).job.state == "failed"
    assert imported(party) == []


def test_a_person_who_may_only_read_since_writes_nothing(party):
    run = rehearsed(party, "orders", book(row()))
    actor = party.actor("manager")
    with scope_of(actor):
        services.ask_apply(actor=actor, run=run, options={})
    with system_scope("tests"):
        Membership.objects.filter(pk=party.manager.pk).update(roles=["reader"])
    jobs.run_open()
    assert fresh(run).job.error == "Votre rôle ne permet pas cet import."
    assert imported(party) == []


def test_a_reader_imports_nothing(party):
    with pytest.raises(Refused, match="rôle"):
        sent(party, "orders", book(row()), who="reader")


def test_an_apply_that_stops_halfway_says_so_and_goes_on(party, monkeypatch):
    monkeypatch.setattr(running, "BATCH", 2)
    data = book(*(row(f"BC-{n}") for n in range(5)))
    run = rehearsed(party, "orders", data)
    actor = party.actor("manager")
    real, calls = running._apply_batch, []

    def stops(*args):
        calls.append(1)
        if len(calls) == 2:
            raise ConnectionError("the worker was killed")
        return real(*args)

    monkeypatch.setattr(running, "_apply_batch", stops)
    with scope_of(actor):
        services.ask_apply(actor=actor, run=run, options={})
    jobs.run_open()
    run = fresh(run)
    assert run.job.state == "failed"
    assert "2 éléments étaient déjà écrits" in run.job.error
    monkeypatch.setattr(running, "_apply_batch", real)
    with system_scope("tests"):
        run.job.state, run.job.finished_at = "queued", None
        run.job.save()
    jobs.run_open()
    assert counts(fresh(run)) == (5, 0, 0, 0, 0)
    assert len(imported(party)) == 5


def test_a_mapping_is_kept_and_proposed_for_the_same_header(party):
    rehearsed(party, "orders", book(row()), mapping_name="ERP  du mardi")
    with system_scope("tests"):
        mapping = ImportMapping.objects.get()
    assert mapping.name == "ERP du mardi"
    assert mapping.columns["external_number"] == "N° de commande"
    assert mapping.translations["trade"] == {"Plombier": "plomberie"}


def test_a_csv_from_excel_is_the_same(party):
    data = csv_of(HEAD, [str(cell) for cell in row()], encoding="cp1252")
    assert counts(applied(party, "orders", data)) == (1, 0, 0, 0, 0)


@pytest.fixture
def counted(party):
    """A group of an estate file: two streets, six dwellings, none of them named."""
    with system_scope("tests"):
        return Group.objects.create(
            landlord=party.landlord,
            identifier="P-6",
            name="31 rue Madame – 6 rue Honoré Chevalier",
            address="31 rue Madame – 6 rue Honoré Chevalier",
            postcode="75006",
            city="Paris",
            dwellings=6,
        )


def test_an_estate_that_only_counts_its_dwellings_gets_them_when_orders_are_written(party, counted):
    there = {"Résidence": "6 rue Honoré-Chevalier 75006"}
    file = book(
        row("B1", **there, **{"N° logement": "03"}),
        row("B2", **there, **{"N° logement": 3}),
        row("B3", **there, **{"N° logement": 7}),
    )
    run = rehearsed(party, "orders", file)
    assert counts(run) == (2, 0, 0, 0, 1)
    place = "« 31 rue Madame – 6 rue Honoré Chevalier, 75006 Paris »"
    assert lines(run) == [
        (6, "N° logement", f"aucun logement de ce numéro dans {place} : numéros de 1 à 6")
    ]
    with system_scope("tests"):
        assert not Unit.objects.filter(group=counted).exists()
    assert counts(applied(party, "orders", file)) == (2, 0, 0, 0, 1)
    with system_scope("tests"):
        unit = Unit.objects.get(group=counted)
        assert (unit.number, unit.is_placeholder) == ("3", True)
        assert [order.case.unit_id for order in imported(party)] == [unit.pk, unit.pk]
    assert counts(applied(party, "orders", file)) == (0, 0, 2, 0, 1)


def test_a_group_that_names_its_dwellings_gets_none_by_number(party, counted):
    with system_scope("tests"):
        Unit.objects.create(landlord=party.landlord, group=counted, number="A1")
    run = rehearsed(party, "orders", book(row("B1", Résidence="31 rue Madame")))
    assert counts(run) == (0, 0, 0, 0, 1)
    assert "connus : A1" in run.job.result["lines"]["refused"][0]["reason"]
