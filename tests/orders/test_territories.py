"""Desks, lists, boards and notices follow the sector of whoever looks; orders follow residences."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core.actors import scope_of
from nexxio.core.models import Group, Unit
from nexxio.core.scoping import system_scope
from nexxio.core.territories import services as territories
from orders import services
from orders.models import Order
from orders.selectors import boards, desks, lists
from orders.selectors.territory import reach_of
from orders.services.territories import BATCH, follow_residences
from tests.factories.full import act, divided, followed, placed, visited
from tests.orders.test_notices import bells


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    return world.first


@pytest.fixture
def sectors(party):
    """North has the world's order; south has a residence, and two orders of its own."""
    north, south = divided(party)
    followed()
    with system_scope("tests"):
        group = Group.objects.create(
            landlord=party.landlord, name="Tour Sud", address="1 rue", postcode="75013", dwellings=9
        )
        unit = Unit.objects.create(landlord=party.landlord, group=group, number="1")
    act(
        party,
        "manager",
        territories.assign,
        group_ids=[group.pk],
        sector_id=south.pk,
        expected=0,
    )
    for title in ("Volet cassé", "Fuite au sud"):
        draft(party, unit, title)
    return north, south


def draft(party, unit, title):
    data = party.order_input(unit_id=unit.pk, title=title)
    return act(party, "manager", services.draft_order, data=data)


def order_of(pk) -> Order:
    with system_scope("tests"):
        return Order.objects.get(pk=pk)


def titles(actor, query):
    with scope_of(actor):
        page = lists.order_list(actor, lists.Filters.read(query, actor))
        assert page.count == len(page.rows)
        exported = lists.export_rows(actor, lists.Filters.read(query, actor))
    found = {row.order.title for row in page.rows}
    assert {row.order.title for row in exported} == found
    return found


NORTH, SOUTH = {"Fuite sous l’évier"}, {"Volet cassé", "Fuite au sud"}


def test_an_order_copies_the_sector_and_follows_its_residence(party, sectors):
    north, south = sectors
    order = order_of(party.order.pk)
    assert (order.sector_id, order.agency_id) == (north.pk, north.agency_id)
    move = {"group_ids": [party.unit.group_id], "expected": 1}
    act(party, "manager", territories.assign, sector_id=south.pk, **move)
    followed()
    assert order_of(order.pk).sector_id == south.pk
    act(party, "manager", territories.assign, sector_id=None, **move)
    followed()
    order = order_of(order.pk)
    assert (order.sector_id, order.agency_id) == (None, None)
    assert order.version == party.order.version


def test_a_draft_that_gets_another_dwelling_gets_its_sector(party, sectors):
    north, south = sectors
    order = draft(party, party.unit, "Interphone")
    assert order_of(order.pk).sector_id == north.pk
    with system_scope("tests"):
        unit = Unit.objects.get(group__name="Tour Sud")
    data = party.order_input(unit_id=unit.pk, title="Interphone")
    act(
        party, "manager", services.update_order, order_id=order.pk, version=order.version, data=data
    )
    assert order_of(order.pk).sector_id == south.pk


def test_many_orders_follow_in_batches_that_may_be_started_again(party, sectors, monkeypatch):
    monkeypatch.setattr("orders.services.territories.BATCH", 1)
    assert BATCH > 1
    with system_scope("tests"):
        group = Group.objects.get(name="Tour Sud")
        Group.objects.filter(pk=group.pk).update(sector=None)
    steps = []
    actor = party.actor("manager")
    with scope_of(actor):
        asked = {"landlord_id": party.landlord.pk, "group_ids": [group.pk]}
        assert follow_residences(**asked, step=steps.append) == 2
        assert follow_residences(**asked, step=steps.append) == 0
    assert steps == [1, 2]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({}, SOUTH),
        ({"perimetre": "secteur"}, SOUTH),
        ({"perimetre": "agence"}, NORTH | SOUTH),
        ({"perimetre": "tout"}, NORTH | SOUTH | {"Sans secteur"}),
        ({"perimetre": "n’importe"}, SOUTH),
        ({"q": "fuite"}, {"Fuite au sud"}),
        ({"q": "fuite", "tri": "echeance"}, {"Fuite au sud"}),
        ({"q": "fuite", "perimetre": "tout"}, {"Fuite au sud", *NORTH}),
        ({"etat": "open"}, set()),
        ({"etat": "open", "perimetre": "agence"}, NORTH),
        ({"tri": "etat"}, SOUTH),
    ],
)
def test_a_list_shows_and_counts_the_own_sector_first(party, sectors, query, wanted):
    _north, south = sectors
    with system_scope("tests"):
        group = Group.objects.create(
            landlord=party.landlord, name="Ailleurs", address="2 rue", postcode="75013"
        )
        unit = Unit.objects.create(landlord=party.landlord, group=group, number="1")
    draft(party, unit, "Sans secteur")
    placed(party.clerk, sector=south)
    assert titles(party.actor("clerk"), query) == wanted
    assert titles(party.actor("manager"), {}) == NORTH | SOUTH | {"Sans secteur"}


def test_the_desk_and_the_board_count_what_they_show(party, sectors):
    north, south = sectors
    visited(party, state="confirmed")
    for sector, drafts, scheduled in ((north, 0, 1), (south, 2, 0)):
        placed(party.clerk, sector=sector)
        actor = party.actor("clerk")
        with scope_of(actor):
            reach = reach_of(actor, {})
            desk = desks.landlord_desk(actor, reach)
            columns = {
                column.code: column for column in boards.board(actor, lists.Filters(reach=reach))
            }
        waiting = {group.code: group.count for group in desk.groups}
        assert waiting["draft"] == drafts
        assert desk.figures[0][1] == scheduled
        assert columns["scheduled"].total == len(columns["scheduled"].rows) == scheduled


def test_a_member_without_territory_and_a_contractor_have_nothing_to_choose(party, sectors):
    for who in ("manager", "desk", "technician"):
        reach = reach_of(party.actor(who), {"perimetre": "secteur"})
        assert (reach.choices, reach.is_narrow, reach.suffix) == ((), False, "")


def test_pages_keep_what_is_looked_at_in_their_addresses(party, sectors):
    _north, south = sectors
    placed(party.clerk, sector=south)
    client = Client()
    client.force_login(party.clerk.user)
    slug = [party.landlord.slug]
    home = client.get(reverse("orders:landlord_home", args=slug) + "?perimetre=tout")
    page = home.content.decode()
    assert "?etat=open&amp;perimetre=tout" in page
    assert 'href="?"' in page
    address = reverse("orders:landlord_list", args=slug)
    page = client.get(f"{address}?q=xyzzy").content.decode()
    assert "Chercher dans tout le patrimoine" in page
    assert "q=xyzzy&amp;perimetre=tout" in page
    page = client.get(f"{address}?etat=draft&perimetre=tout").content.decode()
    assert '<input type="hidden" name="perimetre" value="tout">' in page
    views = reverse("orders:landlord_views", args=slug)
    kept = client.post(views, {"name": "Tous les brouillons", "query": "etat=draft&perimetre=tout"})
    assert kept.url.endswith("?etat=draft&perimetre=tout")


# --- Who is told ----------------------------------------------------------------------------


def told(party, *who) -> dict[str, int]:
    return {name: len(bells(getattr(party, name))) for name in who}


def test_an_order_rings_at_those_who_look_after_it_and_at_those_who_have_all(party, sectors):
    north, south = sectors
    placed(party.clerk, sector=south)
    before = told(party, "clerk", "manager")
    act(party, "desk", services.accept_order, order_id=party.order.pk)
    after = told(party, "clerk", "manager")
    assert after == {"clerk": before["clerk"], "manager": before["manager"] + 1}
    placed(party.clerk, sector=north)
    order = party.order.pk
    act(party, "desk", services.return_order, order_id=order, items=["phone"])
    assert told(party, "clerk", "manager") == {
        "clerk": after["clerk"] + 1,
        "manager": after["manager"] + 1,
    }


def test_an_order_that_nobody_looks_after_rings_at_all(party, sectors):
    _north, south = sectors
    placed(party.clerk, sector=south)
    placed(party.manager, sector=south)
    before = told(party, "clerk", "manager")
    act(party, "desk", services.accept_order, order_id=party.order.pk)
    after = told(party, "clerk", "manager")
    assert all(after[who] == before[who] + 1 for who in after)


def test_what_waits_for_approval_rings_where_somebody_may_approve(party, sectors):
    north, south = sectors
    placed(party.clerk, sector=north)
    placed(party.manager, sector=south)
    line = services.LineInput(party.item.pk, 20)
    data = party.order_input(title="Colonne", lines=(line,))
    order = act(party, "clerk", services.draft_order, data=data)
    before = told(party, "manager")
    act(party, "clerk", services.issue_order, order_id=order.pk)
    assert told(party, "manager") == {"manager": before["manager"] + 1}
