"""Saved views: a person's own, in one organisation."""

from __future__ import annotations

import pytest

from nexxio.core import saved_views
from nexxio.core.actors import scope_of
from nexxio.core.errors import Invalid
from nexxio.core.http import actor_of
from nexxio.core.models import Membership, SavedView
from nexxio.core.scoping import system_scope


def save(actor, name, query="etat=open"):
    with scope_of(actor):
        return saved_views.save_view(actor=actor, page="orders", name=name, query=query)


def names(actor):
    with scope_of(actor):
        return [view.name for view in saved_views.views_of(actor, page="orders")]


def test_a_view_is_ones_own(world):
    manager = world.first.actor("manager")
    save(manager, "Mes retards")
    assert names(manager) == ["Mes retards"]
    assert names(world.first.actor("clerk")) == []
    assert names(world.second.actor("manager")) == []


def test_a_view_belongs_to_one_organisation_of_the_person(world):
    manager = world.first.actor("manager")
    with system_scope("tests"):
        elsewhere = Membership.objects.create(
            organisation=world.second.landlord,
            user=world.first.manager.user,
            department="patrimoine",
            roles=["manager"],
        )
    view = save(manager, "Mes retards")
    other = actor_of(elsewhere)
    assert names(other) == []
    with scope_of(other):
        assert saved_views.get_view(other, view.pk) is None
        with pytest.raises(SavedView.DoesNotExist):
            saved_views.delete_view(actor=other, pk=view.pk)
    assert names(manager) == ["Mes retards"]


def test_a_colleague_neither_renames_nor_deletes(world):
    view = save(world.first.actor("manager"), "Mes retards")
    clerk = world.first.actor("clerk")
    with scope_of(clerk):
        with pytest.raises(SavedView.DoesNotExist):
            saved_views.rename_view(actor=clerk, pk=view.pk, name="À moi")
        with pytest.raises(SavedView.DoesNotExist):
            saved_views.delete_view(actor=clerk, pk=view.pk)
    assert names(world.first.actor("manager")) == ["Mes retards"]


@pytest.mark.parametrize(
    ("name", "query", "words"),
    [
        ("  ", "etat=open", "Donnez un nom à cette vue."),
        ("x" * 41, "etat=open", "Ce nom est trop long : 40 caractères au plus."),
        ("MES  retards", "etat=open", "Vous avez déjà une vue « MES retards »."),
        ("Tout", "", "Choisissez d’abord des filtres ou un tri."),
    ],
)
def test_a_wrong_view_says_why(world, name, query, words):
    manager = world.first.actor("manager")
    save(manager, "Mes retards")
    with pytest.raises(Invalid) as refused:
        save(manager, name, query)
    assert refused.value.errors == {"name": [words]}
    assert names(manager) == ["Mes retards"]


def test_there_is_an_end_to_views(world, monkeypatch):
    monkeypatch.setattr(saved_views, "MOST", 2)
    manager = world.first.actor("manager")
    save(manager, "Une")
    save(manager, "Deux")
    with pytest.raises(Invalid, match="Vous avez déjà 2 vues"):
        save(manager, "Trois")


def test_renaming_keeps_the_query_and_its_own_name(world):
    manager = world.first.actor("manager")
    view = save(manager, "Une", "retard=1")
    save(manager, "Deux")
    with scope_of(manager):
        saved_views.rename_view(actor=manager, pk=view.pk, name="UNE")
        with pytest.raises(Invalid):
            saved_views.rename_view(actor=manager, pk=view.pk, name="deux")
        saved = SavedView.objects.get(pk=view.pk)
    assert (saved.name, saved.query) == ("UNE", "retard=1")


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("retard=1&etat=open", "etat=open&retard=1"),
        ("etat=&retard=1&apres=abc", "retard=1"),
        ("evil=1&etat=done&etat=open", "etat=open"),
        ("q=%C3%A9vier+bouch%C3%A9", "q=%C3%A9vier+bouch%C3%A9"),
        ("", ""),
    ],
)
def test_a_query_is_kept_in_one_spelling(query, kept):
    assert saved_views.canonical(query, ("etat", "retard", "q")) == kept
