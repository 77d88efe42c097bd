"""The list as CSV and as a workbook: the same rows, typed cells, no formulas."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from nexxio.core import clock
from nexxio.core.scoping import system_scope
from orders import list_files, services
from orders.models import Order
from orders.selectors import lists
from tests.factories.acting import act


@pytest.fixture
def first(world):
    return world.first


def fetched(client, party, name, who="manager", side="landlord", **query):
    client.force_login(getattr(party, who).user)
    url = reverse(f"orders:{side}_{name}", args=[getattr(party, side).slug])
    response = client.get(url, query)
    assert response.status_code == 200
    return response


def sheet_of(response):
    sheet = load_workbook(io.BytesIO(response.content)).active
    heads, *rows = list(sheet.iter_rows())
    return [[cell.value for cell in heads], *rows]


def test_cells_are_typed_and_headed(client, first):
    response = fetched(client, first, "workbook")
    heads, row = sheet_of(response)
    assert heads == [column.heading for column in list_files.EVERY]
    cells = dict(zip(heads, row, strict=True))
    assert cells["Référence"].value == first.order.reference
    created = cells["Créée le"]
    assert isinstance(created.value, datetime)
    assert created.value.date() == clock.today()
    assert created.number_format == "dd/mm/yyyy"
    total = cells["Montant TTC"]
    assert total.data_type == "n"
    assert round(Decimal(total.value), 2) > 0
    assert cells["À qui le tour"].value == first.contractor.name
    assert cells["Depuis le"].value.date() == clock.today()
    assert response["Content-Disposition"].endswith('.xlsx"')


def test_what_looks_like_a_formula_is_text(client, first):
    for title in ("=1+1", "+33 1", "-2", "@SUM(A1)"):
        act(first, "manager", services.draft_order, data=first.order_input(title=title))
    _heads, *rows = sheet_of(fetched(client, first, "workbook", etat="draft"))
    titles = [row[1] for row in rows]
    assert sorted(cell.value for cell in titles) == ["'+33 1", "'-2", "'=1+1", "'@SUM(A1)"]
    assert {cell.data_type for cell in titles} == {"s"}


def test_both_files_hold_the_rows_of_the_filtered_list(client, first):
    act(first, "manager", services.draft_order, data=first.order_input(title="Un brouillon"))
    for query, titles in (
        ({}, ["Un brouillon", first.order.title]),
        ({"etat": "draft"}, ["Un brouillon"]),
        ({"tour": "contractor"}, [first.order.title]),
    ):
        _heads, *rows = sheet_of(fetched(client, first, "workbook", **query))
        assert [row[1].value for row in rows] == titles
        text = fetched(client, first, "export", **query).content.decode("utf-8-sig")
        heads, *lines = csv.reader(io.StringIO(text), delimiter=";")
        assert heads == [column.heading for column in list_files.EVERY]
        assert [line[1] for line in lines] == titles


def test_a_file_ends_where_the_export_ends(client, first, monkeypatch):
    for number in range(3):
        act(first, "manager", services.draft_order, data=first.order_input(title=f"N° {number}"))
    monkeypatch.setattr(lists, "EXPORT_CAP", 2)
    assert len(sheet_of(fetched(client, first, "workbook"))) == 1 + 2


def test_a_contractor_takes_only_its_own_orders(client, world):
    rows = sheet_of(fetched(client, world.first, "workbook", "desk", "contractor"))[1:]
    assert [row[0].value for row in rows] == [world.first.order.reference]
    assert [row[3].value for row in rows] == [world.first.landlord.name]


def test_what_no_workbook_may_hold_is_left_out(client, first):
    with system_scope("tests"):
        Order.objects.filter(pk=first.order.pk).update(title="Fuite\x02 cuisine")
    _heads, row = sheet_of(fetched(client, first, "workbook"))
    assert row[1].value == "Fuite cuisine"
