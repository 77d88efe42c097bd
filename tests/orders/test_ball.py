"""Who has an order and for how long: the fold, the columns, the panel, the filter."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from hypothesis import given, strategies

from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.core.scoping import system_scope
from orders import ball, services
from orders.ball import Happening, Holder, Memory
from orders.models import Certificate, Order
from orders.selectors import lists
from tests.factories.acting import act
from tests.factories.extras import asked
from tests.factories.full import visited

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def first(world):
    return world.first


@contextmanager
def later(hours):
    with clock.moved_to(clock.now() + timedelta(hours=hours)):
        yield


def held(party):
    """Return what stands on the party's order: whose turn, and since when."""
    with system_scope("tests: holder"):
        order = Order.objects.get(pk=party.order.pk)
    return order.holder, order.held_since


def told(*kinds, hours=1):
    return [Happening(kind, {}, START + timedelta(hours=hours * n)) for n, kind in enumerate(kinds)]


# --- The fold -------------------------------------------------------------------------------------


def test_each_party_has_the_time_between_its_turn_and_the_next_one():
    events = told("order.drafted", "order.issued", "order.returned", "order.issued")
    found = ball.spells(events)
    assert [(spell.holder, spell.since.hour, spell.until) for spell in found] == [
        (Holder.LANDLORD, 8, START + timedelta(hours=1)),
        (Holder.CONTRACTOR, 9, START + timedelta(hours=2)),
        (Holder.LANDLORD, 10, START + timedelta(hours=3)),
        (Holder.CONTRACTOR, 11, None),
    ]
    shares = ball.shares(found, START + timedelta(hours=4))
    assert [(share.holder, share.time, share.percent, share.is_current) for share in shares] == [
        (Holder.LANDLORD, timedelta(hours=2), 50, False),
        (Holder.CONTRACTOR, timedelta(hours=2), 50, True),
        (Holder.TENANT, timedelta(0), 0, False),
    ]


def test_a_fact_that_is_reported_late_passes_no_ball():
    on_site = Memory(state="accepted", visit="on_site", variation=True)
    assert ball.step(on_site, Happening("visit.on_the_way", {}, START)) == on_site
    done = Memory(state="done", visit="done")
    # That somebody was there is kept, for the clocks of urgency.
    there = ball.step(done, Happening("visit.on_site", {}, START))
    assert there == replace(done, arrived=True)
    assert ball.holder_of(there) == ball.holder_of(done)


def test_an_event_that_nobody_knows_changes_nothing():
    known = Memory(state="issued")
    assert ball.step(known, Happening("order.contact_read", {}, START)) == known
    assert Memory.read({**known.written(), "of_another_version": 1}) == known


@given(strategies.lists(strategies.integers(0, 10**9), min_size=1, max_size=8))
def test_shares_make_a_hundred_or_nothing(seconds):
    kinds = ("order.drafted", "order.issued", "order.returned", "order.issued") * 2
    at, events = START, []
    for kind, length in zip(kinds, seconds, strict=False):
        events.append(Happening(kind, {}, at))
        at += timedelta(seconds=length)
    shares = ball.shares(ball.spells(events), at)
    assert sum(share.percent for share in shares) == (100 if at > START else 0)
    assert sum((share.time for share in shares), timedelta(0)) == at - START


def absent(visit, *said, at=START):
    """A visit that found nobody, and what was said of it."""
    return [
        Happening("visit.no_access", {}, at, subject=visit),
        *(
            Happening(kind, {"visit_id": visit, **payload}, at, subject=visit)
            for kind, payload in said
        ),
    ]


HERE = ("visit.tenant_answered", {"was_here": True, "proven": False})
PROVEN = ("visit.tenant_answered", {"was_here": True, "proven": True})
AWAY = ("visit.tenant_answered", {"was_here": False, "proven": True})
CONTESTED = ("visit.no_access_contested", {"proven": True})
UPHELD = ("visit.no_access_upheld", {})
COUNTED = ("visit.no_show", {"how": "lapsed"})


@pytest.mark.parametrize(
    ("events", "holder"),
    [
        (absent("a"), Holder.CONTRACTOR),
        (absent("a", HERE), Holder.CONTRACTOR),
        (absent("a", PROVEN), Holder.LANDLORD),
        (absent("a", PROVEN, AWAY), Holder.CONTRACTOR),
        (absent("a", HERE, CONTESTED), Holder.LANDLORD),
        (absent("a", PROVEN, UPHELD), Holder.CONTRACTOR),
        (absent("a", HERE, COUNTED), Holder.CONTRACTOR),
        (absent("a") + absent("b"), Holder.LANDLORD),
        (absent("a") + absent("b") + told("order.attempt_asked"), Holder.CONTRACTOR),
        (absent("a") + absent("b", HERE, COUNTED), Holder.CONTRACTOR),
        (absent("a", HERE) + absent("b") + absent("a", COUNTED)[1:], Holder.CONTRACTOR),
        (absent("a") + told("visit.done") + absent("b"), Holder.CONTRACTOR),
        (
            absent("a", HERE)
            + told("visit.done")
            + absent("b")
            + absent("a", COUNTED)[1:]
            + absent("c"),
            Holder.LANDLORD,
        ),
        (absent("a") + absent("b") + told("order.closed_no_access"), Holder.NOBODY),
        # An appointment made meanwhile and given up again leaves whose turn it was before.
        (absent("a", PROVEN) + told("visit.proposed", "visit.cancelled"), Holder.LANDLORD),
        (absent("a", HERE) + told("visit.proposed", "visit.cancelled"), Holder.CONTRACTOR),
        (absent("a") + told("visit.done", "visit.proposed", "visit.cancelled"), Holder.CONTRACTOR),
    ],
)
def test_after_a_visit_that_found_nobody_who_answers_settles_or_decides(events, holder):
    assert ball.holder_of(ball.fold(events, Memory(state="accepted", visit="on_site"))) == holder


# --- The columns ----------------------------------------------------------------------------------


def test_the_columns_follow_the_order_as_it_goes_from_hand_to_hand(first):
    assert held(first)[0] == "contractor"
    issued = held(first)[1]
    visit = visited(first, state="proposed")
    assert held(first)[0] == "tenant"
    assert held(first)[1] > issued
    act(first, "tenant", services.confirm_visit, visit_id=visit.pk)
    assert held(first)[0] == "contractor"
    variation = asked(first)
    assert held(first)[0] == "landlord"
    act(first, "manager", services.grant_variation, variation_id=variation.pk)
    assert held(first)[0] == "contractor"
    act(first, "technician", services.leave, visit_id=visit.pk)
    since = held(first)[1]
    act(first, "technician", services.complete_visit, visit_id=visit.pk, report="Joint changé.")
    assert held(first)[0] == "landlord"
    assert held(first)[1] > since
    with system_scope("tests: certificate"):
        certificate = Certificate.objects.get(order=first.order)
    act(first, "manager", services.sign_certificate, certificate_id=certificate.pk)
    assert held(first) == ("", None)


def test_a_tenants_act_keeps_what_he_does_not_read(first):
    """He confirms while extra works wait for the landlord, of which he reads nothing."""
    visit = visited(first, state="proposed")
    asked(first)
    since = held(first)
    assert since[0] == "landlord"
    act(first, "tenant", services.confirm_visit, visit_id=visit.pk)
    assert held(first) == since


def test_a_refused_act_leaves_holder_and_time_alone(first):
    before = held(first)
    with pytest.raises(services.orders.Refused):
        act(first, "reader", services.cancel_order, order_id=first.order.pk, reason="duplicate")
    assert held(first) == before


def test_many_drafts_at_once_are_their_landlords(first):
    data = [first.order_input(title=f"Lot {number}") for number in range(3)]
    made = act(first, "manager", services.draft_orders, drafts=data)
    with system_scope("tests: holder"):
        rows = Order.objects.filter(pk__in=[order.pk for order in made])
        assert set(rows.values_list("holder", flat=True)) == {"landlord"}
        assert not rows.filter(held_since=None).exists()


# --- What people read -----------------------------------------------------------------------------


def pages(client, party, who, side, name, **query):
    client.force_login(getattr(party, who).user)
    slug = getattr(party, side).slug
    args = [slug, party.order.pk] if name == "detail" else [slug]
    return client.get(reverse(f"orders:{side}_{name}", args=args), query)


@pytest.mark.parametrize(
    ("who", "side", "labels"),
    [
        ("manager", "landlord", ["Vous", "Plomberie Lutèce", "Le locataire"]),
        ("desk", "contractor", ["Vous", "Rivage Habitat", "Le locataire"]),
    ],
)
def test_each_side_reads_how_long_everybody_took_in_its_words(client, first, who, side, labels):
    with later(30):
        visit = visited(first, state="proposed")
    with later(31):
        act(first, "tenant", services.confirm_visit, visit_id=visit.pk)
        asked(first)
    with later(50):
        response = pages(client, first, who, side, "detail")
    turns = response.context["page"].turns
    assert [turn.label for turn in turns] == labels
    assert sum(turn.percent for turn in turns) == 100
    # The contractor doesn't know how long the landlord prepared the order.
    often = {"contractor": 1, "tenant": 1, "landlord": 2 if side == "landlord" else 1}
    times = {turn.side: (turn.time.total_seconds() // 3600, turn.times) for turn in turns}
    assert times == {
        "contractor": (30, often["contractor"]),
        "tenant": (1, often["tenant"]),
        "landlord": (19, often["landlord"]),
    }
    assert [turn.side for turn in turns if turn.is_current] == ["landlord"]
    assert "Temps passé chez chacun" in response.text


def test_an_order_that_nobody_had_for_a_minute_shows_no_panel(client, first):
    order = act(first, "manager", services.draft_order, data=first.order_input())
    client.force_login(first.manager.user)
    with clock.moved_to(order.state_since):
        url = reverse("orders:landlord_detail", args=[first.landlord.slug, order.pk])
        page = client.get(url).text
    assert order.title in page
    assert "Temps passé" not in page


def test_the_list_says_since_when_and_is_narrowed_to_one_holder(client, first):
    act(first, "manager", services.draft_order, data=first.order_input(title="Un brouillon"))
    with later(73):
        ours = pages(client, first, "manager", "landlord", "list", tour="landlord")
        theirs = pages(client, first, "manager", "landlord", "list", tour="contractor")
        company = pages(client, first, "desk", "contractor", "list", tour="contractor")
    assert [row.order.title for row in ours.context["page"].rows] == ["Un brouillon"]
    assert "Chez vous depuis 3\N{NO-BREAK SPACE}jours" in ours.text
    assert [row.order.pk for row in theirs.context["page"].rows] == [first.order.pk]
    assert theirs.context["page"].count == 1
    assert "Chez Plomberie Lutèce depuis 3\N{NO-BREAK SPACE}jours" in theirs.text
    assert "Chez vous depuis" in company.text
    nonsense = pages(client, first, "manager", "landlord", "list", tour="personne")
    assert nonsense.context["page"].count == 2


def test_words_and_a_holder_are_searched_together(first):
    title = "Chasse qui fuit"
    act(first, "manager", services.draft_order, data=first.order_input(title=title))
    manager = first.actor("manager")
    with scope_of(manager):
        for holder, count in (("landlord", 1), ("contractor", 0)):
            wanted = lists.Filters.read({"q": "chasse", "tour": holder}, manager)
            found = lists.order_list(manager, wanted)
            assert (len(found.rows), found.count) == (count, count)
