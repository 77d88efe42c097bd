"""The price lines of the order form."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core.actors import scope_of
from nexxio.core.scoping import system_scope
from orders.line_forms import MAX_LINES, LineFormSet, line_inputs
from orders.models import Order, PriceItem
from tests.access.test_hostile import order_form


def _rows(item, count: int) -> dict[str, str]:
    rows = {"lignes-TOTAL_FORMS": str(count), "lignes-INITIAL_FORMS": "0"}
    for number in range(count):
        rows[f"lignes-{number}-price_item"] = str(item.pk)
        rows[f"lignes-{number}-quantity"] = "1"
    return rows


@pytest.mark.parametrize("count", [1, 20])
def test_the_schedule_is_read_once_however_many_rows(world, django_assert_num_queries, count):
    first = world.first
    with scope_of(first.actor("manager")), django_assert_num_queries(2):
        formset = LineFormSet(
            _rows(first.item, count),
            prefix="lignes",
            form_kwargs={"contract_id": first.contract.pk},
        )
        assert formset.is_valid(), formset.errors
        assert formset.as_p().count("PLB-01") >= count
        assert len(line_inputs(formset)) == count


def test_an_article_of_another_schedule_is_refused(world):
    first = world.first
    with system_scope("tests"):
        other = PriceItem.objects.get(pk=world.second.item.pk)
    with scope_of(first.actor("manager")):
        formset = LineFormSet(
            _rows(other, 1), prefix="lignes", form_kwargs={"contract_id": first.contract.pk}
        )
        assert not formset.is_valid()
    with scope_of(first.actor("manager")):
        bare = LineFormSet(_rows(first.item, 1), prefix="lignes", form_kwargs={"contract_id": None})
        assert not bare.is_valid()


@pytest.mark.parametrize(
    ("count", "claimed"), [(MAX_LINES + 1, MAX_LINES + 1), (2, 99999), (2, 1061)]
)
def test_too_many_rows_are_refused_not_cut(world, count, claimed):
    first = world.first
    client = Client()
    client.force_login(first.manager.user)
    url = reverse("orders:landlord_new", args=[first.landlord.slug])
    rows = {**_rows(first.item, count), "lignes-TOTAL_FORMS": str(claimed)}
    with system_scope("tests"):
        before = Order.objects.count()
    page = client.post(url, {**order_form(first), **rows})
    assert page.status_code == 422
    assert page.content.count(b'class="lines__row"') <= MAX_LINES
    assert f"au plus {MAX_LINES} " in page.content.decode()
    with system_scope("tests"):
        assert Order.objects.count() == before
    more = client.post(
        reverse("orders:landlord_lines", args=[first.landlord.slug]) + "?add=1", rows
    )
    assert more.content.count(b'class="lines__row"') <= MAX_LINES


def test_the_form_shows_the_article_that_was_chosen(world):
    first = world.first
    client = Client()
    client.force_login(first.manager.user)
    url = reverse("orders:landlord_lines", args=[first.landlord.slug])
    page = client.post(url, {**order_form(first), **_rows(first.item, 1)}).content.decode()
    assert f'value="{first.item.pk}" selected' in page


def test_a_line_off_the_schedule_is_typed_kept_and_marked(world):
    first = world.first
    client = Client()
    client.force_login(first.manager.user)
    url = reverse("orders:landlord_new", args=[first.landlord.slug])
    typed = {
        **order_form(first),
        "lignes-0-price_item": "",
        "lignes-0-quantity": "2",
        "lignes-0-label": "Dépose d’un meuble",
        "lignes-0-unit": "forfait",
        "lignes-0-unit_price": "40,50",
        "lignes-0-vat_rate": "20.00",
    }
    both = client.post(url, {**typed, "lignes-0-price_item": str(first.item.pk)})
    assert (both.status_code, "pas les deux" in both.content.decode()) == (422, True)
    bare = client.post(url, {**typed, "lignes-0-unit_price": ""})
    assert (bare.status_code, "prix unitaire" in bare.content.decode()) == (422, True)
    page = client.get(client.post(url, typed).headers["Location"]).content.decode()
    assert "Hors bordereau" in page
    assert "97,20" in page
    with system_scope("tests"):
        order = Order.objects.latest("created_at")
    again = client.get(reverse("orders:landlord_edit", args=[first.landlord.slug, order.pk]))
    (row,) = [form for form in again.context["formset"] if form["label"].value()]
    assert row["unit_price"].value() == 40.5
    assert row["vat_rate"].value() == "20.00"
