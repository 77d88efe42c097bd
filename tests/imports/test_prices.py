"""A version of a price schedule from a file: rehearsed, compared, applied, taken back."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from nexxio.core import clock
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import OrderLine, PriceItem
from tests.factories.full import act
from tests.imports.books import book_of
from tests.imports.steps import applied, counts, lines, rehearsed, undone

HEADINGS = ("Code", "Désignation", "Unité", "PU HT", "TVA")


@pytest.fixture
def party(world):
    return world.first


@pytest.fixture
def version(party):
    """A version that is being prepared, with the articles in force."""
    return act(
        party,
        "manager",
        services.prepare_schedule,
        contract_id=party.contract.pk,
        effective_on=clock.today() + timedelta(days=10),
    )


def prices(version) -> dict[str, Decimal]:
    with system_scope("tests"):
        found = PriceItem.objects.filter(schedule_id=version.pk)
        return dict(found.order_by("code").values_list("code", "unit_price"))


FILE = book_of(
    HEADINGS,
    ("plb-01", "", "", "65,00", ""),
    ("PLB-02", "Joint de robinet", "u", 12.5, 20),
    ("PLB-03", "Sans unité", "", 1, ""),
    ("PLB-04", "Sans prix", "u", "", ""),
    ("PLB-02", "Deux fois", "u", 1, ""),
    ("PLB-05", "Taux inconnu", "u", 1, 7),
)


def test_a_rehearsal_compares_and_writes_nothing(party, version):
    run = rehearsed(party, "prices", FILE)
    assert counts(run) == (1, 1, 0, 0, 4)
    assert lines(run) == [
        (4, "Unité", "Indiquez la désignation et l’unité."),
        (5, "PU HT", "Prix unitaire HT : cette case est obligatoire"),
        (6, "", "déjà à la ligne 3 du fichier : la première compte"),
        (7, "TVA", "Ce taux de TVA n’existe pas : 20, 10, 5,5, 8,5, 2,1 ou 0."),
    ]
    (changed,) = run.job.result["lines"]["changed"]
    assert "(+4,0 %)" in str(changed)
    assert prices(version) == {"PLB-01": Decimal("62.5")}


def test_an_apply_fills_the_version_and_twice_changes_nothing(party, version):
    assert counts(applied(party, "prices", FILE)) == (1, 1, 0, 0, 4)
    assert prices(version) == {"PLB-01": 65, "PLB-02": Decimal("12.5")}
    with system_scope("tests"):
        item = PriceItem.objects.get(schedule_id=version.pk, code="PLB-01")
        assert (item.label, item.unit) == (party.item.label, "u")
        assert PriceItem.objects.get(pk=party.item.pk).unit_price == Decimal("62.5")
    assert counts(applied(party, "prices", FILE)) == (0, 0, 2, 0, 4)


def test_an_undo_takes_back_what_nobody_touched(party, version):
    run = applied(party, "prices", FILE)
    item = services.ItemInput("PLB-02", "Joint", "u", Decimal(13))
    act(party, "manager", services.write_items, schedule_id=version.pk, items=[item])
    result = undone(party, run).job.result
    assert (result["removed"], result["restored"], len(result["kept"])) == (0, 1, 1)
    assert prices(version) == {"PLB-01": Decimal("62.5"), "PLB-02": 13}


def test_an_undo_leaves_a_published_version(party, version):
    run = applied(party, "prices", FILE)
    act(party, "manager", services.publish_schedule, schedule_id=version.pk)
    result = undone(party, run).job.result
    assert (result["removed"], result["restored"], len(result["kept"])) == (0, 0, 2)
    assert prices(version) == {"PLB-01": 65, "PLB-02": Decimal("12.5")}


def test_without_a_version_in_preparation_every_row_says_what_to_do(party):
    run = rehearsed(party, "prices", FILE)
    assert counts(run)[:4] == (0, 0, 0, 0)
    assert "préparez d’abord une version" in lines(run)[0][2]


def test_what_is_exported_can_be_imported_again(party, version):
    client = Client()
    client.force_login(party.manager.user)
    url = reverse("orders:landlord_schedule_export", args=[party.landlord.slug, version.pk])
    answer = client.get(url)
    assert answer.headers["Content-Disposition"].endswith('-v2.xlsx"')
    assert counts(rehearsed(party, "prices", answer.content)) == (0, 0, 1, 0, 0)


def test_a_company_takes_its_own_prices_once_they_are_published(world, party, version):
    client = Client()
    client.force_login(party.desk.user)

    def asked(of, pk) -> int:
        args = [of.contractor.slug, pk]
        return client.get(reverse("orders:contractor_schedule_export", args=args))

    found = asked(party, party.item.schedule_id)
    sheet = load_workbook(io.BytesIO(found.content)).active
    assert [row[1] for row in sheet.iter_rows(min_row=2, values_only=True)] == [party.item.code]
    assert asked(party, version.pk).status_code == 404  # still being prepared
    assert asked(party, world.second.item.schedule_id).status_code == 404


def test_another_landlords_version_is_out_of_reach(world, version):
    run = rehearsed(world.second, "prices", FILE)
    assert counts(run)[0] == 0
    with system_scope("tests"):
        assert not OrderLine.objects.filter(price_item__schedule_id=version.pk).exists()
