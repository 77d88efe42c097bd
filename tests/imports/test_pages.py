"""The pages of imports, in a browser without script: five steps, and who may not."""

from __future__ import annotations

import csv

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nexxio.core import jobs
from nexxio.core.imports.headings import propose_columns
from nexxio.core.imports.registry import all_kinds, may_import
from nexxio.core.models import ImportRun
from nexxio.core.scoping import system_scope
from tests.imports.books import book_of, csv_of
from tests.imports.steps import applied, fresh, mentions_vat, rehearsed, sent
from tests.imports.test_orders import HEAD, book, imported, row

MAX_QUERIES = 14


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    mentions_vat(world.first)
    return world.first


@pytest.fixture
def visit(client, party):
    """Log the manager in; return how she asks for a page of her landlord."""
    client.force_login(party.manager.user)

    def ask(name, *args, data=None, post=False, **query):
        url = reverse(f"imports:{name}", args=[party.landlord.slug, *args])
        return client.post(url, data or {}) if post else client.get(url, query)

    return ask


def upload(data, name="bons.xlsx"):
    return {"file": SimpleUploadedFile(name, data)}


def last() -> ImportRun:
    with system_scope("tests"):
        return ImportRun.objects.order_by("-created_at").first()


def selected(page, name) -> str:
    """The value that a page proposes in one of its lists."""
    bound = page.context["form"][name]
    return bound.value()


def test_the_five_steps(visit, party):
    answer = visit("start", "commandes", post=True, data=upload(book(row(), row("BC-2", Accès=""))))
    run = last()
    assert answer["Location"].endswith(f"/imports/{run.pk}/")
    assert "every 3s" in visit("run", run.pk).text
    jobs.run_open()
    assert visit("run", run.pk)["Location"].endswith("/colonnes/")

    page = visit("columns", run.pk)
    assert selected(page, "c-external_number") == "N° de commande"
    assert "En-têtes à la ligne 3" in page.text
    chosen = {f.name: f.value() for f in page.context["form"] if f.value()}
    data = {**chosen, "feuille": "Feuille1", "mapping_name": "ERP"}
    assert visit("columns", run.pk, post=True, data=data)["Location"].endswith("/valeurs/")

    page = visit("values", run.pk)
    proposed = {f.label: f.value() for _field, bound in page.context["form"].groups for f in bound}
    assert proposed["Plombier"] == "plomberie"
    assert proposed["2026-PLB"] == str(party.contract.pk)
    chosen = {f.name: f.value() for f in page.context["form"] if f.value()}
    visit("values", run.pk, post=True, data=chosen)
    jobs.run_open()

    page = visit("run", run.pk)
    assert "dont 1 incomplet" in page.text
    assert "Transmettre les commandes complètes" in page.text
    report = visit("report", run.pk)
    assert report["Content-Disposition"] == 'attachment; filename="rapport-commandes.csv"'
    assert "BC-2;Fuite sous l’évier;" in report.getvalue().decode("utf-8-sig")

    visit("act", run.pk, "appliquer", post=True)
    assert visit("act", run.pk, "appliquer", post=True).status_code == 409
    jobs.run_open()
    assert "Import terminé" in visit("run", run.pk).text
    assert len(imported(party)) == 2
    visit("act", run.pk, "annuler", post=True)
    jobs.run_open()
    assert "2 éléments retirés" in visit("run", run.pk).text
    assert imported(party) == []
    assert "bons.xlsx" in visit("index").text


def test_a_kept_mapping_is_proposed_for_the_same_header(visit, party):
    rehearsed(party, "orders", book(row()), mapping_name="ERP")
    with system_scope("tests"):
        run = ImportRun.objects.get()
    again = sent(party, "orders", book(row("BC-7")))
    page = visit("columns", again.pk)
    assert "« ERP »" in page.text.replace("\xa0", " ")
    assert selected(page, "mapping_name") == "ERP"
    assert run.pk != again.pk


def test_a_sheet_is_chosen(visit, party):
    run = sent(party, "orders", book_of(["N° de commande", "Autre"], ["1", "2"], title="Deux"))
    assert visit("columns", run.pk, feuille="Absente").status_code == 200
    answer = visit("columns", run.pk, post=True, data={"c-external_number": "Absent"})
    assert answer.status_code == 422


def test_a_column_with_too_many_values_is_no_translation(visit, party):
    data = csv_of(HEAD, *(row(f"B{n}", **{"Corps d’état": f"métier {n}"}) for n in range(201)))
    run = sent(party, "orders", data)
    answer = visit(
        "columns",
        run.pk,
        post=True,
        data={"c-external_number": "N° de commande", "c-trade": "Corps d’état"},
    )
    assert answer.status_code == 422
    assert "plus de 200 valeurs différentes" in answer.text


def test_a_hostile_file_fails_with_its_reason(visit, party):
    run = sent(party, "orders", b"PK\x03\x04 broken")
    page = visit("run", run.pk)
    assert "Le classeur est abîmé" in page.text.replace("\xa0", " ")
    assert visit("columns", run.pk).status_code == 302


@pytest.mark.parametrize(
    ("data", "message"),
    [({}, "Choisissez un fichier."), (upload(b""), "Le fichier est vide.")],
)
def test_a_missing_or_empty_file_answers_422(visit, data, message):
    answer = visit("start", "commandes", post=True, data=data)
    assert answer.status_code == 422
    assert message in answer.text


def test_hostile_words_are_only_shown(visit, party):
    bad = "<script>alert(1)</script>"
    run = rehearsed(party, "orders", book(row(bad, Objet=bad), row("B2", **{"N° logement": bad})))
    for page in (
        visit("run", run.pk),
        visit("run", run.pk, voir="refused"),
        visit("columns", run.pk),
        visit("values", run.pk),
    ):
        assert bad not in page.text


def test_a_report_never_holds_a_formula(visit, party):
    run = rehearsed(party, "orders", book(row("-1+1"), row("B2", Objet="@SUM(A1)")))
    text = visit("report", run.pk).getvalue().decode("utf-8-sig")
    assert ";'-1+1;" in text
    assert ";'@SUM(A1);" in text


@pytest.mark.parametrize(
    ("who", "orders", "staff"), [("clerk", 200, 403), ("reader", 403, 403), ("desk", 404, 404)]
)
def test_who_may_import_what(client, party, who, orders, staff):
    client.force_login(getattr(party, who).user)
    for slug, status in (("commandes", orders), ("collaborateurs", staff)):
        url = reverse("imports:start", args=[party.landlord.slug, slug])
        assert client.get(url).status_code == status
    data = book_of(["E-mail", "Service", "Rôle"], ["a@b.example", "Patrimoine", "Lecture seule"])
    run = sent(party, "staff", data)
    url = reverse("imports:columns", args=[party.landlord.slug, run.pk])
    assert client.get(url).status_code == staff


def test_the_other_landlord_sees_none_of_it(client, world, party):
    run = applied(party, "orders", book(row()))
    client.force_login(world.second.manager.user)
    slug = world.second.landlord.slug
    for name in ("run", "columns", "values", "report"):
        assert client.get(reverse(f"imports:{name}", args=[slug, run.pk])).status_code == 404
    assert "fichier.xlsx" not in client.get(reverse("imports:index", args=[slug])).text


def test_pages_take_few_queries(visit, party):
    run = rehearsed(party, "orders", book(*(row(f"B{n}") for n in range(120))))
    for name, args in (
        ("index", []),
        ("run", [run.pk]),
        ("columns", [run.pk]),
        ("values", [run.pk]),
    ):
        visit(name, *args)
        with CaptureQueriesContext(connection) as seen:
            visit(name, *args)
        assert len(seen) <= MAX_QUERIES, f"{name}: {len(seen)}"
    assert fresh(run).job.state == "done"


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.slug)
def test_a_template_has_headings_that_are_recognised(client, party, kind):
    member, portal = party.manager, "imports"
    if not may_import(party.actor("manager"), kind):
        member, portal = party.desk, "contractor_imports"
    client.force_login(member.user)

    def visit(name):
        return client.get(reverse(f"{portal}:{name}", args=[member.organisation.slug, kind.slug]))

    answer = visit("template")
    assert answer["Content-Disposition"] == f'attachment; filename="modele-{kind.slug}.csv"'
    (line,) = csv.reader(answer.content.decode("utf-8-sig").splitlines(), delimiter=";")
    read = propose_columns(kind.fields, line)
    assert read == {field.code: str(field.label) for field in kind.fields}
    assert f"/{kind.slug}/modele.csv" in visit("start").text
