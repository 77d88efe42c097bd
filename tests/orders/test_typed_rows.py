"""Stored lines in a form, as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils.formats import localize_input

from orders.line_forms import typed_rows
from orders.services import LineInput


@pytest.mark.parametrize(
    ("quantity", "price", "shown"),
    [
        ("2.000", "12.5000", ("2", "12,50")),
        ("100.000", "1000.0000", ("100", "1000,00")),
        ("0.500", "0.1250", ("0,5", "0,125")),
    ],
)
def test_a_line_is_shown_without_needless_places_and_a_price_with_its_cents(quantity, price, shown):
    line = LineInput(None, Decimal(quantity), label="Fer", unit="kg", unit_price=Decimal(price))
    (row,) = typed_rows([line], {})
    assert (localize_input(row["quantity"]), localize_input(row["unit_price"])) == shown
