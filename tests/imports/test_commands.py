"""import_orders and import_reference from a terminal."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from nexxio.core.models import ImportRun, Unit
from nexxio.core.scoping import system_scope
from orders.models import Order
from tests.imports.books import REAL_FILE, book_of
from tests.imports.steps import command, mentions_vat, rehearsed, undone
from tests.imports.test_orders import book, imported, row

REAL = pytest.mark.skipif(not REAL_FILE.exists(), reason=f"the real workbook is not at {REAL_FILE}")


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    mentions_vat(world.first)
    return world.first


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "bons.xlsx"
    path.write_bytes(book(row(), row("BC-2", Accès=None), row("BC-3", **{"N° logement": 13})))
    return path


def test_by_the_name_of_a_mapping(party, file):
    rehearsed(party, "orders", file.read_bytes(), mapping_name="ERP")
    answer = command("import_orders", file, "--map", "erp", "--dry-run")
    assert {name: answer[name] for name in ("created", "changed", "unchanged", "skipped")} == {
        "created": 2,
        "changed": 0,
        "unchanged": 0,
        "skipped": 0,
    }
    assert answer["incomplete"] == [
        {"line": 5, "key": "BC-2", "missing": ["Comment entrer (accès)"]}
    ]
    (refused,) = answer["refused"]
    assert (refused["line"], refused["column"], refused["value"]) == (6, "N° logement", "13")
    assert imported(party) == []


def test_applied_once_and_undone_from_the_browser(party, file):
    assert command("import_orders", file)["created"] == 2
    again = command("import_orders", file)
    assert (again["created"], again["unchanged"]) == (0, 2)
    with system_scope("tests"):
        first = ImportRun.objects.order_by("created_at").first()
    assert undone(party, first).job.result["removed"] == 2


def test_an_unreadable_file_ends_with_2_and_a_sentence(party, tmp_path):
    path = tmp_path / "bons.xlsx"
    path.write_bytes(b"PK\x03\x04")
    out = StringIO()
    with pytest.raises(SystemExit) as caught:
        call_command("import_orders", str(path), "--landlord", "rivage", "--json", stdout=out)
    assert caught.value.code == 2
    assert "abîmé" in json.loads(out.getvalue())["error"]
    for bad in (path, tmp_path / "absent.xlsx"):
        with pytest.raises(CommandError) as refused:
            call_command("import_orders", str(bad), "--landlord", "rivage")
        assert refused.value.returncode == 2


def test_an_unknown_mapping_or_landlord_is_told(party, file):
    with pytest.raises(CommandError, match="none is kept"):
        command("import_orders", file, "--map", "ERP")
    with pytest.raises(CommandError, match="No landlord"):
        command("import_orders", file, landlord="Personne")


def test_a_file_without_the_key_says_which_column_is_missing(party, tmp_path):
    path = tmp_path / "x.xlsx"
    path.write_bytes(book_of(["Objet", "Logement"], ["Fuite", "12"]))
    with pytest.raises(CommandError, match="« Numéro de commande »"):
        call_command("import_orders", str(path), "--landlord", "rivage")


@REAL
def test_the_real_workbook_brings_estate_tenants_and_orders(party):
    tree = command("import_reference", REAL_FILE, "--kind", "estate_tree")
    assert (tree["created"], tree["refused"]) == (10, [])
    with system_scope("tests"):
        kinds = Unit.objects.filter(group__name__contains="Victoria").values_list("kind", flat=True)
        assert sorted(kinds) == [
            *["common_area"] * 2,
            *["dwelling"] * 4,
            *["parking"] * 2,
            *["shop"] * 2,
        ]
    people = command("import_reference", REAL_FILE, "--kind", "tenants")
    assert (people["created"], people["refused"]) == (10, [])
    found = command("import_orders", REAL_FILE)
    assert found["created"] == 4
    assert [refused["line"] for refused in found["refused"]] == [6, 7, 8, 9, 10, 11]
    assert found["refused"][0]["column"] == "Número de propiedad"
    with system_scope("tests"):
        order = Order.objects.get(external_number="№37")
        assert order.place_address == "Av. de la Victoria, 27, Madrid"
    again = command("import_orders", REAL_FILE)
    assert (again["created"], again["unchanged"]) == (0, 4)
