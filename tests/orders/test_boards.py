"""The board and the lists stay right when there are more orders than a page shows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Order
from orders.selectors import boards, desks, lists
from tests.factories.acting import act
from tests.factories.world import build_world
from tests.pages.crowd import gather
from tests.snapshots import Snapshot

CROWD = Snapshot(lambda: gather(build_world().first, 3))


@pytest.fixture
def crowd(db, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    with system_scope("tests: crowd"):
        return CROWD.lay()


def columns(party, who="manager"):
    actor = party.actor(who)
    with scope_of(actor):
        return {column.code: column for column in boards.board(actor)}


def test_each_order_stands_in_its_column(crowd):
    found = columns(crowd.party)
    # Three in each state; the world's own order, and the busy one on site.
    assert {code: column.total for code, column in found.items()} == {
        "draft": 3,
        "pending": 0,
        "issued": 3 + 1,
        "ours": 3,
        "plan": 3,
        "scheduled": 3,
        "held": 0,
        "today": 1,
        "done": 3,
        "reserves": 0,
    }
    assert all(len(column.rows) == column.total for column in found.values())
    assert [row.order.pk for row in found["today"].rows] == [crowd.busy.pk]
    assert {row.order.state for row in found["scheduled"].rows} == {"accepted"}


def test_what_the_company_took_on_and_the_landlord_must_decide_is_the_landlords(crowd):
    """An absence to judge stood among what is to be planned, as if it were the company's turn."""
    order = next(row.order for row in columns(crowd.party)["plan"].rows)
    with system_scope("tests: an absence to be judged"):
        Order.objects.filter(pk=order.pk).update(holder="landlord")
    for who in ("manager", "desk"):
        found = columns(crowd.party, who)
        assert (found["ours"].total, found["plan"].total) == (4, 2)
        assert order.pk in [row.order.pk for row in found["ours"].rows]
        assert order.pk not in [row.order.pk for row in found["plan"].rows]


def test_newer_orders_of_one_column_hide_nothing_in_another(crowd, monkeypatch):
    """Six hundred open orders were looked at once; an older appointment fell out of the board."""
    monkeypatch.setattr(boards, "BOARD_COLUMN", 2)
    monkeypatch.setattr(boards, "COUNT_CAP", 3)
    found = columns(crowd.party)
    assert {code: len(column.rows) for code, column in found.items()} == {
        "draft": 2,
        "pending": 0,
        "issued": 2,
        "ours": 2,
        "plan": 2,
        "scheduled": 2,
        "held": 0,
        "today": 1,
        "done": 2,
        "reserves": 0,
    }
    assert (found["issued"].total, found["issued"].is_capped, found["issued"].more) == (3, True, 1)
    assert (found["plan"].total, found["plan"].is_capped, found["plan"].more) == (3, False, 1)
    newest = [row.order.created_at for row in found["issued"].rows]
    with scope_of(crowd.party.actor("manager")):
        assert newest == list(
            Order.objects.filter(state="issued")
            .order_by("-created_at")
            .values_list("created_at", flat=True)[:2]
        )
    client = Client()
    client.force_login(crowd.party.manager.user)
    page = client.get(reverse("orders:landlord_board", args=[crowd.party.landlord.slug])).text
    assert "3+</span>" in page
    assert "et plus de 1 autres" in page
    assert "et 1 autre</p>" in page


def test_the_desk_shows_the_oldest_of_each_group(crowd, monkeypatch):
    monkeypatch.setattr(desks, "DESK_GROUP", 2)
    actor = crowd.party.actor("manager")
    with scope_of(actor):
        desk = desks.landlord_desk(actor)
        groups = {
            group.code: ([row.order.title for row in group.rows], group.count)
            for group in desk.groups
            if group.rows
        }
    # Two are shown, three are counted.
    assert groups == {
        "returned": (["Évier bouché 0", "Évier bouché 1"], 3),
        "draft": (["Évier bouché 0", "Évier bouché 1"], 3),
        "a-signer": (["Fuite sous l’évier", "Fuite sous l’évier"], 3),
    }
    assert [count for _label, count, _query, _tone in desk.figures] == [14, 4, 0, 0, 0, 3]
    desk_actor = crowd.party.actor("desk")
    with scope_of(desk_actor):
        desk = desks.contractor_desk(desk_actor)
        groups = {group.code: (len(group.rows), group.count) for group in desk.groups}
    assert {code: counts for code, counts in groups.items() if counts[0]} == {
        "issued": (2, 4),
        "a-planifier": (2, 3),
    }
    assert [count for _label, count, _query, _tone in desk.figures] == [4, 14, 0, 0, 0, 3]


def test_pages_of_open_orders_follow_each_other(crowd, monkeypatch):
    monkeypatch.setattr(lists, "PAGE", 4)
    actor = crowd.party.actor("manager")
    with scope_of(actor):
        expected = list(
            Order.objects.filter(state__in=["issued", "returned", "accepted"])
            .order_by("-created_at", "-id")
            .values_list("pk", flat=True)
        )
        seen, key = [], ""
        for _ in range(4):
            page = lists.order_list(actor, lists.Filters(state="open", after=key))
            seen += [row.order.pk for row in page.rows]
            key = page.next_key
        assert not key
        assert seen == expected
        back = lists.order_list(actor, lists.Filters(state="open", before=page.previous_key))
        assert [row.order.pk for row in back.rows] == expected[8:12]


def test_what_is_left_of_each_ceiling_is_added_up_together(world):
    party = world.first
    with scope_of(party.actor("manager")):
        left = services.ceilings_left([party.contract])
        assert left == {party.contract.pk: services.ceiling_left(party.contract)}
        assert left[party.contract.pk] == party.contract.ceiling - party.item.unit_price
        party.contract.ceiling = None
        assert services.ceilings_left([party.contract]) == {party.contract.pk: None}


def test_the_filters_of_the_list_narrow_the_board(crowd):
    party = crowd.party
    client = Client()
    client.force_login(party.manager.user)
    url = reverse("orders:landlord_board", args=[party.landlord.slug])

    def titles(**query):
        response = client.get(url, query)
        assert response.status_code == 200
        found = [
            card["title"] for column in response.context["columns"] for card in column["cards"]
        ]
        assert sum(int(column["count"]) for column in response.context["columns"]) == len(found)
        return found

    whole = titles()
    assert len(whole) == 20
    assert titles(q=crowd.busy.reference) == [crowd.busy.title]
    with scope_of(party.actor("manager")):
        case = Order.objects.select_related("case").get(pk=party.order.pk).case.reference
    assert titles(q=case) == [party.order.title]
    assert len(titles(tour="contractor")) + len(titles(tour="landlord")) < len(whole) + 1
    assert titles(corps="inconnu") == titles(retard="1", q="xyzzy") == []


def test_what_waits_has_a_column_and_leaves_the_others(world):
    first = world.first
    act(first, "desk", services.accept_order, order_id=first.order.pk)
    for who in ("manager", "desk"):
        assert columns(first, who)["plan"].total == 1
    act(
        first,
        "desk",
        services.hold_order,
        order_id=first.order.pk,
        reason="material",
        expected_on=clock.today() + timedelta(days=3),
    )
    for who in ("manager", "desk"):
        found = columns(first, who)
        assert (found["held"].total, found["plan"].total) == (1, 0)
        assert [row.order.pk for row in found["held"].rows] == [first.order.pk]
    assert "draft" not in columns(first, "desk")
