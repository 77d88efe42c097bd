"""What lists and desks ask is found by an index, in a table with many finished orders.

The planner decides as it would in production: nothing is switched off, and the policies apply.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.core.models import Partnership
from nexxio.core.scoping import owner_scope, system_scope
from orders.models import Certificate, Order, Trade, Visit, pressing
from orders.querysets import OPEN_STATES
from orders.selectors import lists
from orders.selectors.parapheur import parapheur
from orders.selectors.territory import reach_of
from orders.states import OPEN_VISIT
from tests.factories.certified import finished
from tests.factories.full import divided, placed, visited

pytestmark = pytest.mark.slow

ROWS = 6_000  # of each of the two parties
_WAITING = {"orders_certificate", "orders_order"}


def _copies(model, given: dict[str, str]) -> str:
    """SQL that copies each party's row many times, with the columns of `given`."""
    columns = [field.column for field in model._meta.local_concrete_fields]
    values = ", ".join(given.get(column, f"m.{column}") for column in columns)
    return (
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) SELECT {values}"
        f" FROM (SELECT *, row_number() OVER (ORDER BY landlord_id) AS party"
        f" FROM {model._meta.db_table}) m,"
        f" generate_series(1, {ROWS}) n"
    )


def _key(table: int) -> str:
    return f"('00000000-0000-7000-800{table}-' || lpad(to_hex(2 * n + m.party), 12, '0'))::uuid"


@pytest.fixture(scope="module", autouse=True)
def tidy(django_db_setup, django_db_blocker):
    """A rollback gives neither the pages back nor the planner's idea of the tables."""
    yield
    with django_db_blocker.unblock(), owner_scope(), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE orders_order, orders_visit, orders_certificate")


@pytest.fixture
def crowded(world):
    """Of a hundred orders ninety are done; five are open, two of them late; few are of a trade."""
    for party in (world.first, world.second):
        visited(party, state="no_access")
    with system_scope("tests"):
        Trade.objects.create(code="serrurerie", label="Serrurerie")
    with owner_scope(), connection.cursor() as cursor:
        cursor.execute(
            _copies(
                Order,
                {
                    "id": _key(1),
                    "reference": "'X' || n",
                    "created_at": "m.created_at - n * interval '1 minute'",
                    "state": "CASE WHEN n % 20 = 0 THEN 'accepted' ELSE 'done' END",
                    "target_date": "m.target_date - (n % 10)",
                    "priority": "CASE WHEN n % 50 = 0 THEN 'urgent' ELSE 'normal' END",
                    "trade_id": "CASE WHEN n % 500 = 0 THEN 'serrurerie' ELSE m.trade_id END",
                    "silent_at": "CASE WHEN n % 50 = 0 THEN m.created_at ELSE NULL END",
                    "chase_at": "NULL",
                    "done_at": "CASE WHEN n % 20 = 0 THEN NULL ELSE m.created_at END",
                },
            )
        )
        cursor.execute(
            _copies(
                Visit,
                {
                    "id": _key(2),
                    "order_id": _key(1),
                    "state": "CASE WHEN n % 40 = 0 THEN 'confirmed' ELSE 'done' END",
                    "window_start": "m.window_start - n * interval '1 minute'",
                    "window_end": "m.window_end - n * interval '1 minute'",
                },
            )
        )
        cursor.execute("ANALYZE orders_order, orders_visit")
    return world.first


def _nodes(plan: dict) -> Iterator[dict]:
    yield plan
    for inner in plan.get("Plans", []):
        yield from _nodes(inner)


def plan_of(party, who: str, ask) -> tuple[set[str], set[str]]:
    """Return the indexes that a query uses, and the tables that it reads whole."""
    actor = party.actor(who)
    with scope_of(actor):
        own = {"landlord": "landlord_id", "contractor": "contractor_id"}[actor.side.value]
        rows: QuerySet = ask(Order.objects.filter(**{own: actor.organisation_id}))
        (plan,) = json.loads(rows.explain(format="json"))
    nodes = list(_nodes(plan["Plan"]))
    return (
        {node["Index Name"] for node in nodes if "Index Name" in node},
        {node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"},
    )


def _late(orders):
    return orders.filter(state__in=OPEN_STATES, target_date__lt=clock.today()).order_by()[:1001]


def _open(orders):
    return orders.filter(state__in=OPEN_STATES).order_by()[:1001]


def _urgent(orders):
    return orders.filter(pressing()).order_by()[:1001]


def _urgent_page(orders):
    return orders.filter(pressing()).order_by("-created_at", "-id")[:51]


def _silent(orders):
    return lists.silent(orders).order_by()[:1001]


def _silent_page(orders):
    return lists.silent(orders).order_by("-created_at", "-id")[:51]


def _of_a_trade(orders):
    return orders.filter(trade_id="serrurerie").order_by("-created_at", "-id")[:51]


@pytest.mark.parametrize("who", ["manager", "desk"])
def test_no_filter_and_no_figure_reads_the_table_whole(crowded, who):
    whole = {
        ask.__name__: plan_of(crowded, who, ask)[1]
        for ask in (_late, _open, _urgent, _urgent_page, _silent, _silent_page, _of_a_trade)
    }
    assert {name: tables for name, tables in whole.items() if tables} == {}


@pytest.mark.parametrize(
    ("who", "index"),
    [("manager", "order_landlord_pressing"), ("desk", "order_contractor_pressing")],
)
def test_urgent_orders_are_found_by_their_index(crowded, who, index):
    for ask in (_urgent, _urgent_page):
        assert plan_of(crowded, who, ask)[0] == {index}


@pytest.mark.parametrize(
    ("who", "index"), [("manager", "order_landlord_silent"), ("desk", "order_contractor_silent")]
)
def test_silent_orders_are_counted_by_their_index(crowded, who, index):
    assert plan_of(crowded, who, _silent)[0] == {index}


@pytest.mark.parametrize("who", ["manager", "desk"])
def test_a_column_of_a_board_is_found_by_the_index_of_its_filter(crowded, who):
    side = {"manager": "landlord", "desk": "contractor"}[who]

    def of_a_trade(orders):
        found = orders.filter(state="done", trade_id="serrurerie")
        return found.order_by("-created_at", "-id").values("pk")[:1001]

    def overdue(orders):
        found = orders.filter(state="accepted", target_date__lt=clock.today())
        return found.order_by("target_date", "id").values("pk")[:1001]

    assert plan_of(crowded, who, of_a_trade) == ({f"order_{side}_trade"}, set())
    assert plan_of(crowded, who, overdue) == ({f"order_{side}_overdue"}, set())


@pytest.mark.parametrize(("part", "code"), [("sector", "secteur"), ("agency", "agence")])
def test_a_part_of_the_estate_is_read_from_its_own_indexes(crowded, part, code):
    north, _south = divided(crowded)
    with owner_scope(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE orders_order SET sector_id = %s, agency_id = %s WHERE landlord_id = %s"
            " AND right(reference, -1) ~ '^[0-9]+$' AND right(reference, -1)::int %% 12 < 2",
            [north.pk, north.agency_id, crowded.landlord.pk],
        )
        cursor.execute("ANALYZE orders_order")
    placed(crowded.clerk, sector=north)
    reach = reach_of(crowded.actor("clerk"), {"perimetre": code})

    def page(orders):
        return reach.narrow(orders).order_by("-created_at", "-id")[:51]

    def of_a_state(orders):
        found = reach.narrow(orders).filter(state="accepted")
        return found.order_by("-created_at", "-id").values("pk")[:51]

    assert plan_of(crowded, "clerk", page) == ({f"order_{part}_list"}, set())
    used, whole = plan_of(crowded, "clerk", of_a_state)
    # The planner may cross it with another one.
    assert (f"order_{part}_state" in used, whole) == (True, set())
    # Open and late ones are few, in one's own part and in all: any index of them will do.
    for ask in (_open, _late):
        _used, whole = plan_of(crowded, "clerk", lambda orders, ask=ask: ask(reach.narrow(orders)))
        assert whole == set()


def test_what_a_contractor_must_plan_is_found_by_the_open_visits(crowded):
    def unplanned(orders):
        planned = Visit.objects.filter(
            contractor_id=crowded.contractor.pk, state__in=OPEN_VISIT
        ).values("order_id")
        waiting = orders.filter(state__in=["accepted", "partly_done"])
        return waiting.exclude(pk__in=planned).order_by("created_at", "id")[:8]

    indexes, whole = plan_of(crowded, "desk", unplanned)
    assert indexes & {"visit_contractor_open", "visit_contractor_by_state"}
    assert whole == set()


def test_companies_of_the_parapheur_are_found_by_one_certificate_each(world):
    for party in (world.first, world.second):
        finished(party)
    first = world.first
    with system_scope("tests"):  # a company on which nothing waits
        Partnership.objects.create(landlord=first.landlord, contractor=world.second.contractor)
    with owner_scope(), connection.cursor() as cursor:
        cursor.execute(_copies(Order, {"id": _key(1), "reference": "'X' || n"}))
        cursor.execute(_copies(Certificate, {"id": _key(2), "order_id": _key(1)}))
        cursor.execute("ANALYZE orders_order, orders_certificate")
    actor = first.actor("manager")
    with scope_of(actor), CaptureQueriesContext(connection) as seen, connection.cursor() as cursor:
        assert parapheur(actor).companies == [(str(first.contractor.pk), first.contractor.name)]
        (sql,) = (query["sql"] for query in seen if 'FROM "core_partnership"' in query["sql"][:150])
        cursor.execute("EXPLAIN (ANALYZE, FORMAT json) " + sql)
        ((plan,),) = cursor.fetchone()
    nodes = list(_nodes(plan["Plan"]))
    # A join may read all that waits, for the one company that has none.
    assert "Semi" not in {node.get("Join Type") for node in nodes}
    read = [node for node in nodes if node.get("Relation Name") in _WAITING]
    assert sum(node["Actual Rows"] * node["Actual Loops"] for node in read) <= 4
