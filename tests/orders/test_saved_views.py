"""Saved views on the pages: named, found again, renamed, thrown away."""

from __future__ import annotations

from django.urls import reverse

from nexxio.core import saved_views
from nexxio.core.actors import scope_of


def test_a_list_under_a_name_is_found_again(client, world):
    first = world.first
    client.force_login(first.manager.user)
    url = reverse("orders:landlord_list", args=[first.landlord.slug])
    views = reverse("orders:landlord_views", args=[first.landlord.slug])
    shown = client.get(url, {"etat": "open", "tri": "echeance", "apres": "x"})
    query = shown.context["query"]
    assert query == "etat=open&tri=echeance"
    response = client.post(views, {"name": "Bientôt dues", "query": query})
    assert response.headers["Location"] == f"{url}?{query}"
    again = client.get(response.headers["Location"])
    assert [(chip.label, chip.current) for chip in again.context["chips"]] == [
        ("Toutes", False),
        ("Bientôt dues", True),
    ]
    assert "Enregistrer cette vue" not in again.content.decode()
    assert "Bientôt dues" in client.get(views).content.decode()


def test_a_view_that_is_refused_keeps_what_was_typed(client, world):
    first = world.first
    client.force_login(first.manager.user)
    views = reverse("orders:landlord_views", args=[first.landlord.slug])
    client.post(views, {"name": "Urgentes", "query": "priorite=urgent"})
    response = client.post(views, {"name": "urgentes", "query": "etat=open"})
    assert response.status_code == 422
    html = response.content.decode()
    assert "Vous avez déjà une vue « urgentes »." in html
    assert 'value="urgentes"' in html
    assert 'value="etat=open"' in html
    assert client.post(views, {}).status_code == 422
    with scope_of(first.actor("manager")):
        (view,) = saved_views.views_of(first.actor("manager"), page="orders")
    rename = reverse("orders:landlord_view", args=[first.landlord.slug, view.pk, "renommer"])
    assert client.post(rename, {"name": ""}).status_code == 422
    assert client.post(rename, {"name": "Les urgentes"}).status_code == 302
    delete = reverse("orders:landlord_view", args=[first.landlord.slug, view.pk, "supprimer"])
    assert client.post(delete).status_code == 302
    assert client.post(delete).status_code == 404
