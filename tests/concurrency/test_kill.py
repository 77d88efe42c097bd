"""Kills the real processes with SIGKILL, by pid, and counts what arrives.

Whatever is killed: no answer that a person got is taken back, each event reaches each of its
subscribers, and the page that shows it learns of it within five seconds of the return.
"""

from __future__ import annotations

import itertools
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from nexxio.core import subscriptions
from tests.concurrency.ledger import Ledger
from tests.concurrency.product import Product
from tests.concurrency.visitor import Answer, Page, Visitor
from tools.base import wait_until

# One product serves all tests here: they must not be spread over workers.
pytestmark = [pytest.mark.slow, pytest.mark.concurrency, pytest.mark.xdist_group("kill")]

CATCH_UP_SECONDS = 5.0
OUTAGE_SECONDS = 8.0
ORDERS = 24


@dataclass(frozen=True)
class Act:
    """One POST: the order, and what the site answered."""

    order: str
    answer: Answer

    @property
    def key(self) -> str:
        """What a page hears of it."""
        return f"order.{self.order}"


class Stage:
    """The running product, its people, and the landlord's page that is open all the time."""

    def __init__(self, product: Product) -> None:
        self.product = product
        self.ledger = Ledger(product)
        self.scene: dict[str, Any] = product.ask(
            "-m", "tests.concurrency.scene", str(ORDERS), login="system"
        )
        self.orders = itertools.cycle(self.scene["orders"])
        product.start("site")
        product.start("relay")
        product.start("worker")
        product.start("clock")
        self.page = Page(product.site_port, self.scene["landlord_token"]).open()
        self.desks = {
            side: Visitor(product.site_port, self.scene["sessions"][side])
            for side in ("landlord", "contractor")
        }
        self.turns: dict[str, Iterator[str]] = {}
        assert within(180, lambda: self.ledger.pending() == 0), "the scene’s events stay"

    def act(self, order: str = "") -> Act:
        """Move an order by one step, over and over: accepted, returned, issued again."""
        order = order or next(self.orders)["order"]
        turn = next(self.turns.setdefault(order, itertools.cycle(("accept", "return", "issue"))))
        return Act(order, self.step(order, turn))

    def step(self, order: str, turn: str, desks: dict[str, Visitor] | None = None) -> Answer:
        """Do one step through the site, by these desks' connections or the stage's own."""
        desks = desks or self.desks
        there = f"/prestataire/{self.scene['contractor']}/commandes/{order}"
        here = f"/bailleur/{self.scene['landlord']}/commandes/{order}"
        if turn == "accept":
            return desks["contractor"].post(f"{there}/accepter/")
        if turn == "return":
            return desks["contractor"].post(f"{there}/renvoyer/", items="access")
        return desks["landlord"].post(f"{here}/transmettre-a-nouveau/")

    def unseen(self, acts: list[Act]) -> list[Act]:
        """Acts that the open page has heard nothing of, nor been told to fetch everything."""
        return [act for act in acts if not self.page.knows_since(act.key, act.answer.began)]

    def caught_up(self, acts: list[Act], since: float) -> float:
        """Wait until all is delivered and seen; return the seconds since a moment."""
        assert within(
            CATCH_UP_SECONDS + 5, lambda: not self.unseen(acts) and self.ledger.pending() == 0
        ), (len(self.unseen(acts)), self.ledger.counts())
        return time.perf_counter() - since

    def wait_for(self, name: str, text: str, count: int) -> float:
        """Wait until a process has written a text so many times; return the moment."""
        assert within(40, lambda: self.product.log(name).count(text) >= count), text
        return time.perf_counter()


def within(seconds: float, condition: Callable[[], bool]) -> bool:
    """Wait for a condition, looking at it fifty times a second."""
    return wait_until(condition, seconds)


@pytest.fixture(scope="module")
def stage():
    with Product(f"kill-{os.getpid()}") as product:
        stage = Stage(product)
        yield stage
        stage.page.leave()
    assert product.survivors() == []
    assert not product.home.exists()


@pytest.fixture(autouse=True)
def nothing_is_lost(stage):
    """After each test: deliveries = events × subscribers, all done, and no position skipped."""
    yield
    assert within(15, lambda: stage.ledger.pending() == 0)
    expected = sum(
        count * len(list(subscriptions.subscribers_of(kind)))
        for kind, count in stage.ledger.kinds().items()
    )
    counts = stage.ledger.counts()
    assert counts.deliveries == counts.done == expected
    assert (counts.dead, counts.positions, counts.gaps) == (0, counts.events, 0)


def all_accepted(acts: list[Act]) -> bool:
    return {act.answer.status for act in acts} == {302}


def test_worker_killed_between_commit_and_relay(stage):
    stage.product.kill("relay")
    acts = [stage.act() for _ in range(6)]
    assert all_accepted(acts)
    assert stage.ledger.pending("push") == 6, "committed, and nobody there to push"
    assert len(stage.unseen(acts)) == 6
    readies = stage.product.log("relay").count(" ready.")
    stage.product.start("relay")
    back = stage.wait_for("relay", " ready.", readies + 1)
    assert stage.caught_up(acts, back) < CATCH_UP_SECONDS


def test_relay_killed_in_the_middle_of_a_batch(stage):
    # It gives positions under this lock, in the transaction that would say "done".
    landlord = stage.scene["landlord_id"]
    lock = "SELECT pg_advisory_xact_lock(7401, hashtext(%s))"
    with stage.ledger.holding(lock, landlord):
        acts = [stage.act() for _ in range(4)]
        assert within(10, stage.ledger.somebody_waits_for_a_lock)
        stage.product.kill("relay")
    assert all_accepted(acts)
    assert stage.ledger.pending("positions") > 0, "the batch was rolled back"
    readies = stage.product.log("relay").count(" ready.")
    stage.product.start("relay")
    back = stage.wait_for("relay", " ready.", readies + 1)
    assert stage.caught_up(acts, back) < CATCH_UP_SECONDS


def test_worker_killed_while_it_writes_notifications(stage):
    with stage.ledger.holding("LOCK TABLE core_notification IN SHARE MODE"):
        acts = [stage.act() for _ in range(3)]
        assert within(10, stage.ledger.somebody_waits_for_a_lock)
        stage.product.kill("worker")
    assert all_accepted(acts)
    assert stage.ledger.pending("notifications") == 3
    readies = stage.product.log("worker").count(" ready.")
    stage.product.start("worker")
    back = stage.wait_for("worker", " ready.", readies + 1)
    assert stage.caught_up(acts, back) < CATCH_UP_SECONDS
    twice = "SELECT 1 FROM core_notification GROUP BY event_id, user_id, kind HAVING count(*) > 1"
    assert stage.ledger.rows(twice) == []


def test_broker_killed_for_eight_seconds(stage):
    acts = [stage.act() for _ in range(2)]
    stage.product.kill("valkey")
    gone = time.perf_counter()
    while time.perf_counter() - gone < OUTAGE_SECONDS:
        acts.append(stage.act())
        assert stage.desks["landlord"].get("/compte/password/change/").status == 200
        time.sleep(0.2)
    assert all_accepted(acts), "the change is kept although nobody can be told"
    assert max(act.answer.seconds for act in acts) < 1.0, "pages stay fast"
    assert stage.ledger.pending("push") >= len(acts) - 2
    stage.product.start_broker()
    assert stage.caught_up(acts, time.perf_counter()) < CATCH_UP_SECONDS
    # And not only by the sweep, which comes every two seconds: pushes are prompt again.
    assert within(10, lambda: all(_is_prompt(stage) for _ in range(4)))


def _is_prompt(stage: Stage) -> bool:
    act = stage.act()
    return within(0.5, lambda: bool(stage.page.heard[act.key][-1:] > [act.answer.began]))


class Load:
    """Desks that work all the time, each in a thread of its own, on orders of their own."""

    def __init__(self, stage: Stage, desks: int) -> None:
        self.acts: list[Act] = []
        self._stage = stage
        self._over = threading.Event()
        shares = [stage.scene["orders"][number::desks] for number in range(desks)]
        self._threads = [threading.Thread(target=self._work, args=(share,)) for share in shares]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(30)

    def accepted_since(self, moment: float) -> int:
        """How many acts that began after a moment were accepted."""
        return sum(act.answer.status == 302 for act in self.acts if act.answer.began > moment)

    def _work(self, orders: list[dict[str, str]]) -> None:
        stage = self._stage
        desks = {
            side: Visitor(stage.product.site_port, stage.scene["sessions"][side])
            for side in ("landlord", "contractor")
        }
        for order in itertools.cycle(orders):
            if self._over.is_set():
                return
            self.acts.append(Act(order["order"], self._next_step(order["order"], desks)))

    def _next_step(self, order: str, desks: dict[str, Visitor]) -> Answer:
        """Do the step that follows; after a broken answer, look where the order stands."""
        stage = self._stage
        turns = stage.turns.setdefault(order, itertools.cycle(("accept", "return", "issue")))
        turn = next(turns)
        answer = stage.step(order, turn, desks)
        if answer.status not in (302, 409):
            # Nobody knows whether it was done: try again, as a person would; 409 says it was.
            stage.turns[order] = itertools.chain([turn], turns)
        return answer


def test_database_killed_under_load(stage):
    before = stage.ledger.counts().events
    with Load(stage, 4) as load:
        assert within(15, lambda: load.accepted_since(0) >= 40)
        stage.product.kill("postgres")
        stage.product.start_database()
        back = time.perf_counter()
        assert within(15, lambda: load.accepted_since(back) >= 40), "the site recovers"
    accepted = [act for act in load.acts if act.answer.status == 302]
    assert len(accepted) < len(load.acts), "nothing was under way when the database was killed"
    # 409: what a broken answer left open had been done. Never 500, never a broken connection.
    assert {act.answer.status for act in load.acts} <= {302, 409, 503}
    broken = [act.answer for act in load.acts if act.answer.status == 503]
    assert broken
    assert all("Le service redémarre" in answer.body for answer in broken)
    first = min(act.answer.ended for act in accepted if act.answer.began > back)
    assert first - back < CATCH_UP_SECONDS
    last = max(act.answer.ended for act in accepted)
    assert stage.caught_up(accepted, last) < CATCH_UP_SECONDS
    assert stage.ledger.counts().events - before >= len(accepted), "an answer was taken back"
    for order in stage.scene["orders"]:
        answered = sum(act.order == order["order"] for act in accepted)
        assert len(stage.ledger.events_of(order["order"])) >= answered
