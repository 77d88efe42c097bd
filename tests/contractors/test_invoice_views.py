"""Filters of the list of invoices, kept under a name."""

from __future__ import annotations

from django.urls import reverse


def test_filters_of_invoices_are_found_again_under_a_name(client, world):
    first = world.first
    slug = first.landlord.slug
    client.force_login(first.manager.user)
    url = reverse("contractors:landlord_invoices", args=[slug])
    views = reverse("contractors:landlord_invoice_views", args=[slug])
    shown = client.get(url, {"etat": "bloquees", "apres": "x", "autre": "1"})
    assert shown.context["query"] == "etat=bloquees"
    answer = client.post(views, {"name": "Bloquées", "query": shown.context["query"]})
    assert answer.headers["Location"] == f"{url}?etat=bloquees"
    again = client.get(answer.headers["Location"])
    assert [(chip.label, chip.current) for chip in again.context["chips"]] == [
        ("Toutes", False),
        ("Bloquées", True),
    ]
    page = client.get(views)
    (row,) = page.context["rows"]
    assert client.post(row["open_url"]).status_code == 302
    assert client.get(url).headers["Location"] == f"{url}?etat=bloquees"
    assert client.get(url, {"vue": "toutes"}).status_code == 200
    orders = reverse("orders:landlord_view", args=[slug, row["view"].pk, "supprimer"])
    assert client.post(orders).status_code == 404
    assert client.post(row["delete_url"]).status_code == 302
    assert client.get(url).status_code == 200
