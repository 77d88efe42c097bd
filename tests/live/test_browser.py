"""The page's side in a real browser: who holds the stream, what is told to whom, and when."""

from __future__ import annotations

import os
import time
import urllib.request
from itertools import count

import pytest

from nexxio.core import live
from tests.live.servers import stream_server

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LISTEN = """
window.heard = [];
document.addEventListener("live", (e) => heard.push({id: e.target.id, at: Date.now()}), true);
"""
IS_ON = "document.documentElement.dataset.liveState === 'on'"
serial = count(1)


@pytest.fixture(scope="module")
def site(broker):
    """The little site."""
    from django.conf import settings

    application = "tests.live.site:application"
    with stream_server(
        broker.url, secret_key=settings.SECRET_KEY, application=application
    ) as server:
        # A server that has just started asks every page for everything: let that time pass.
        time.sleep(2.5)
        yield server


@pytest.fixture(scope="module")
def chromium():
    """Debian's Chromium, headless."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH")
    if not path:
        pytest.skip("Chromium is not installed (make test installs it)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield browser
        browser.close()


class Visitor:
    """One browser of one person, with any number of tabs on one space."""

    def __init__(self, context, site):
        self.context, self.site = context, site
        self.name = f"v{next(serial)}"
        self.space = f"org.{self.name}"
        context.add_init_script(LISTEN)

    def open(self, extra="", *, wait=True):
        page = self.context.new_page()
        page.goto(self.url(f"page?space={self.space}&who={self.name}{extra}"))
        if wait:
            until(page, IS_ON)
            page.wait_for_timeout(100)
        return page

    def url(self, path):
        return f"http://127.0.0.1:{self.site.port}/{path}"

    def ask(self, path):
        with urllib.request.urlopen(self.url(path), timeout=5) as answer:
            return answer.read().decode()

    def say(self, *keys):
        live.publish([(self.space, key) for key in keys])

    def streams(self):
        return int(self.ask("nombre"))


@pytest.fixture
def visitor(chromium, site, push):
    """A person with a fresh browser."""
    context = chromium.new_context()
    time.sleep(0.2)
    yield Visitor(context, site)
    context.close()


def heard(page):
    return [event["id"] for event in page.evaluate("heard")]


def until(page, condition, seconds=6.0):
    """Wait for a condition; Playwright's own way needs eval, which the page's policy forbids."""
    deadline = time.monotonic() + seconds
    while not page.evaluate(condition):
        assert time.monotonic() < deadline, condition
        page.wait_for_timeout(30)


def until_heard(page, number):
    until(page, f"heard.length >= {number}")
    return heard(page)


def test_a_key_reaches_the_elements_that_list_it(visitor):
    page = visitor.open()
    visitor.say("order.2")
    assert until_heard(page, 1) == ["two"]
    visitor.say("order.3", "order.1")
    assert until_heard(page, 2) == ["two", "one"]
    visitor.say("orders")
    assert sorted(until_heard(page, 4)[2:]) == ["one", "two"]


def test_many_messages_cost_one_fetch_at_once_and_one_after_two_seconds(visitor):
    page = visitor.open()
    for _ in range(12):
        visitor.say("order.1")
        time.sleep(0.05)
    until_heard(page, 2)
    page.wait_for_timeout(2700)
    first, second = (event["at"] for event in page.evaluate("heard"))
    assert 1950 <= second - first <= 2900


def test_tabs_share_one_stream_and_the_next_takes_over(visitor):
    before = visitor.streams()
    first, second = visitor.open(), visitor.open()
    assert visitor.streams() == before + 1
    visitor.say("order.1")
    assert until_heard(first, 1) == until_heard(second, 1) == ["one"]
    first.close()
    visitor.say("order.2")  # perhaps while nobody holds the stream: the mark brings it back
    until(second, "heard.some((event) => event.id === 'two')")
    assert visitor.streams() == before + 1


def test_a_tab_whose_leader_is_silent_takes_the_lead(visitor):
    first = visitor.open()
    first.evaluate("BroadcastChannel.prototype.postMessage = () => {}")
    second = visitor.open(wait=False)
    until(second, IS_ON, 9)
    visitor.say("order.1")
    until_heard(second, 1)


def test_without_locks_each_tab_holds_its_own_stream(visitor):
    before = visitor.streams()
    visitor.context.add_init_script("delete Navigator.prototype.locks")
    first, second = visitor.open(), visitor.open()
    assert visitor.streams() == before + 2
    visitor.say("order.1")
    assert until_heard(first, 1) == until_heard(second, 1) == ["one"]


def test_a_page_with_an_old_token_asks_for_another(visitor):
    page = visitor.open("&old=1")
    visitor.say("order.1")
    assert "one" in until_heard(page, 1)


def test_the_end_of_the_session_is_said_in_all_tabs_and_nothing_is_asked_again(visitor):
    first, second = visitor.open(), visitor.open()
    asked = []
    for page in (first, second):
        page.on("request", lambda request: asked.append(request.url))
    visitor.ask(f"fin?who={visitor.name}")
    live.close_streams(visitor.name)
    for page in (first, second):
        page.wait_for_selector("[data-live-lost]:not([hidden])")
        assert page.evaluate("document.documentElement.dataset.liveState") == "off"
    asked.clear()
    first.wait_for_timeout(2500)
    assert asked == []


def test_a_closed_stream_of_a_living_session_comes_back(visitor):
    page = visitor.open()
    live.close_streams(visitor.name)
    page.wait_for_timeout(500)
    until(page, IS_ON)
    visitor.say("order.1")
    assert "one" in until_heard(page, 1)
    assert page.is_hidden("[data-live-lost]")


def test_a_hidden_tab_waits_until_somebody_looks(visitor):
    page = visitor.open()
    hide = """(value) => {
      Object.defineProperty(document, "hidden", {value, configurable: true});
      document.dispatchEvent(new Event("visibilitychange"));
    }"""
    page.evaluate(hide, True)
    visitor.say("order.1")
    page.wait_for_timeout(600)
    assert heard(page) == []
    page.evaluate(hide, False)
    assert until_heard(page, 1) == ["one"]


def test_a_message_during_a_fetch_leads_to_another_fetch(visitor):
    page = visitor.open()
    tell = """(name) => one.dispatchEvent(new CustomEvent(name,
      {bubbles: true, detail: {elt: one, xhr: {status: 200}}}))"""
    page.evaluate(tell, "htmx:beforeRequest")
    visitor.say("order.1")
    page.wait_for_timeout(600)
    assert heard(page) == []
    page.evaluate(tell, "htmx:afterRequest")
    assert until_heard(page, 1) == ["one"]


def test_coming_back_on_line_fetches_everything(visitor):
    page = visitor.open()
    page.evaluate("dispatchEvent(new Event('online'))")
    assert sorted(until_heard(page, 2)) == ["one", "two"]


def test_coming_back_from_the_back_cache_opens_the_stream_again(visitor):
    page = visitor.open()
    before = visitor.streams()
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    page.wait_for_timeout(300)
    assert visitor.streams() == before - 1
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    assert sorted(until_heard(page, 2)) == ["one", "two"]
    until(page, IS_ON)
    assert visitor.streams() == before
