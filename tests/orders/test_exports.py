"""A whole list as a file: made by a worker, with the eyes of the person who asked."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from nexxio.core import relay
from nexxio.core.errors import Refused
from nexxio.core.models import Job, Membership, Notification
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import ExportState, OrderExport
from orders.selectors import lists
from tests.factories.acting import act
from tests.factories.full import worked


def made(party, who="manager", query="") -> OrderExport:
    """Ask for an export and let the worker make it."""
    export = act(party, who, services.ask_export, query=query, file_format="csv")
    relay.deliver_one_by_one()
    with system_scope("tests: job"):
        worked(Job.objects.get(kind="orders.export", payload__export=str(export.pk)))
    relay.deliver_one_by_one()
    with system_scope("tests: what was made"):
        return OrderExport.objects.select_related("file").get(pk=export.pk)


def rows_of(export: OrderExport) -> list[dict[str, str]]:
    with default_storage.open(export.file.storage_path) as kept:
        return list(csv.DictReader(io.StringIO(kept.read().decode("utf-8-sig")), delimiter=";"))


def test_everything_is_written_step_by_step_whatever_the_list_shows(world, monkeypatch):
    monkeypatch.setattr(lists, "EXPORT_STEP", 2)
    first = world.first
    for number in range(4):
        data = first.order_input(title=f"Volet {number}")
        act(first, "manager", services.draft_order, data=data)
    export = made(first)
    assert (export.state, export.rows, export.is_cut) == (ExportState.READY, 5, False)
    rows = rows_of(export)
    assert [row["Objet"] for row in rows] == [f"Volet {n}" for n in (3, 2, 1, 0)] + [
        first.order.title
    ]
    told = rows[-1]
    assert told["Marché"] == first.contract.number
    assert told["Nature"] == "Entretien courant"
    assert told["Jours chez l’entreprise"] == "0,0"
    with system_scope("tests: bell"):
        assert Notification.objects.filter(
            title="Votre export de commandes est prêt", user=first.manager.user
        ).exists()


def test_filters_hold_and_what_is_cut_is_said(world, monkeypatch):
    first = world.first
    for number in range(3):
        data = first.order_input(title=f"Volet {number}")
        act(first, "manager", services.draft_order, data=data)
    assert [row["Objet"] for row in rows_of(made(first, query="etat=issued"))] == [
        first.order.title
    ]
    monkeypatch.setattr(lists, "EXPORT_MOST", 2)
    export = made(first)
    assert (export.rows, export.is_cut) == (2, True)


def test_a_company_exports_its_own_orders_only(world):
    first, second = world.first, world.second
    act(first, "manager", services.draft_order, data=first.order_input(title="Brouillon"))
    assert [row["Référence"] for row in rows_of(made(first, "desk"))] == [first.order.reference]
    assert [row["Référence"] for row in rows_of(made(second, "desk"))] == [second.order.reference]


def test_one_at_a_time_and_for_whoever_asked_alone(world, client):
    first = world.first
    export = act(first, "manager", services.ask_export, query="", file_format="csv")
    with pytest.raises(Refused, match="déjà en préparation"):
        act(first, "manager", services.ask_export, query="", file_format="xlsx")
    with pytest.raises(Refused, match="rôle"):
        act(first, "technician", services.ask_export, query="", file_format="csv")
    client.force_login(first.clerk.user)
    url = reverse("orders:landlord_export_file", args=[first.landlord.slug, export.pk])
    assert client.get(url).status_code == 404


def test_who_has_left_gets_nothing(world):
    first = world.first
    export = act(first, "manager", services.ask_export, query="", file_format="csv")
    relay.deliver_one_by_one()
    with system_scope("tests: left"):
        Membership.objects.filter(pk=first.manager.pk).update(is_active=False)
        worked(Job.objects.get(kind="orders.export"))
        export.refresh_from_db()
    assert export.state == ExportState.FAILED


def test_the_list_says_that_a_file_ends_early(world, client, monkeypatch):
    first = world.first
    act(first, "manager", services.draft_order, data=first.order_input())
    client.force_login(first.manager.user)
    url = reverse("orders:landlord_list", args=[first.landlord.slug])
    assert "Tout exporter" not in client.get(url).text
    monkeypatch.setattr(lists, "COUNT_CAP", 1)
    page = client.get(url, {"q": ""}).text
    assert "s’arrêtent aux 2\N{NO-BREAK SPACE}000" in page.replace(
        "\N{NARROW NO-BREAK SPACE}", "\xa0"
    )
    assert reverse("orders:landlord_exports", args=[first.landlord.slug]) in page
