"""Saved views on the pages: named, found again, renamed, thrown away."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse

from nexxio.core import clock, saved_views
from nexxio.core.actors import scope_of
from nexxio.core.errors import Refused
from nexxio.core.models import SavedView


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


def views_of(party, who):
    actor = party.actor(who)
    with scope_of(actor):
        shelf = saved_views.shelf_of(actor, page="orders")
        return [view.name for view in shelf.mine], [view.name for view in shelf.shared]


def test_a_shared_view_is_found_by_colleagues_until_it_is_withdrawn(client, world):
    first = world.first
    slug = first.landlord.slug
    clerk = first.actor("clerk")
    with scope_of(clerk):
        view = saved_views.save_view(
            actor=clerk, page="orders", name="Urgences", query="priorite=urgent"
        )

    def post(action, **data):
        url = reverse("orders:landlord_view", args=[slug, view.pk, action])
        return client.post(url, data).status_code

    client.force_login(first.manager.user)
    assert post("ouvrir") == 404
    client.force_login(first.clerk.user)
    assert post("partager", audience="comptables") == 302
    assert views_of(first, "manager") == ([], [])
    assert post("partager", audience="house") == 302
    assert views_of(first, "manager") == ([], ["Urgences"])
    assert views_of(first, "desk") == views_of(world.second, "manager") == ([], [])

    client.force_login(first.manager.user)
    url = reverse("orders:landlord_list", args=[slug])
    page = client.get(url).text
    assert f"Urgences · {first.clerk.user}" in page
    assert post("renommer", name="À moi") == post("supprimer") == post("partager") == 404
    # It opens the list for whoever asks for that, and "Toutes" shows all the rest.
    assert post("ouvrir") == 302
    assert client.get(url).headers["Location"] == f"{url}?priorite=urgent"
    whole = client.get(url, {"vue": "toutes"})
    assert [chip.label for chip in whole.context["chips"]] == ["Toutes"]
    assert whole.context["chips"][0].current

    client.force_login(first.reader.user)
    assert post("retirer") == 409
    client.force_login(first.manager.user)
    assert post("retirer") == 302
    assert views_of(first, "manager") == ([], [])
    assert views_of(first, "clerk") == (["Urgences"], [])
    assert client.get(url).status_code == 200
    assert post("ouvrir") == 404


def test_a_department_shares_among_itself(world):
    first = world.first
    clerk, reader = first.actor("clerk"), first.actor("reader")
    with scope_of(clerk):
        view = saved_views.save_view(actor=clerk, page="orders", name="Nous", query="retard=1")
        saved_views.share_view(actor=clerk, pk=view.pk, audience=clerk.department)
    elsewhere = replace(reader, department="comptabilite")
    for actor, found in ((replace(reader, department=clerk.department), 1), (elsewhere, 0)):
        with scope_of(actor):
            assert len(saved_views.shelf_of(actor, page="orders").shared) == found
    with scope_of(reader):
        mine = saved_views.save_view(actor=reader, page="orders", name="À moi", query="retard=1")
        with pytest.raises(Refused):
            saved_views.share_view(actor=reader, pk=mine.pk, audience="house")


def test_the_database_lets_nobody_share_into_another_house(world):
    first, second = world.first, world.second
    clerk = first.actor("clerk")
    with scope_of(clerk), pytest.raises(ProgrammingError), transaction.atomic():
        SavedView.objects.create(
            user_id=clerk.user_id,
            organisation=second.landlord,
            page="orders",
            name="Piège",
            query="q=x",
            audience="house",
            shared_at=clock.now(),
        )


def test_columns_are_chosen_and_remembered(client, world):
    first = world.first
    slug = first.landlord.slug
    client.force_login(first.manager.user)
    url = reverse("orders:landlord_list", args=[slug])
    usual = client.get(url)
    sorted_by_creation = re.compile(r'class="sort"[^>]*>Créée le ')
    by_place = re.compile(r'class="sort"[^>]*>Lieu')
    assert not sorted_by_creation.search(usual.text)
    assert by_place.search(usual.text)
    columns = reverse("orders:landlord_columns", args=[slug])
    data = {"colonne": ["creation", "etat", "pirate"], "retour": "etat=open&colonnes=lieu"}
    assert client.post(columns, data).headers["Location"] == f"{url}?etat=open"
    kept = client.get(url, {"etat": "open"})
    assert kept.context["columns"] == ("etat", "creation")
    assert sorted_by_creation.search(kept.text)
    assert not by_place.search(kept.text)
    # A fragment shows what its page shows; a view keeps its columns with it.
    again = client.get(f"{url}?{kept.context['again']}", headers={"HX-Request": "true"})
    assert again.context["columns"] == ("etat", "creation")
    assert kept.context["view_query"] == "colonnes=etat%2Ccreation&etat=open"
    asked = client.get(url, {"colonnes": "montant,lieu"})
    assert asked.context["columns"] == ("lieu", "montant")
    # The file has the chosen columns, or all of them.
    files = reverse("orders:landlord_export", args=[slug])
    heads = client.get(files, {"fichier": "affichees"}).content.decode("utf-8-sig").splitlines()[0]
    assert heads == "Référence;Objet;État;Créée le"
    assert "Montant TTC" in client.get(files).content.decode("utf-8-sig").splitlines()[0]
    client.post(columns, {"usuelles": "1"})
    assert client.get(url).context["columns"] == usual.context["columns"]
