"""The whole product for the browser: real site, workers, broker, database."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from tests.product import CHROMIUM_ARGS, Site, free_port, running

# A page that is left in mid-request says so, and htmx tells of an outage that a test makes.
EXPECTED = (
    "Failed to load resource",
    "htmx:afterRequest",
    "htmx:sendError",
    "htmx:sendAbort",
    "Response Status Error Code 503",
)


@pytest.fixture(scope="package")
def site() -> Iterator[Site]:
    """The whole product with the demo world, once for the tests here: they are one group."""
    name = f"e2e-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with running(name, free_port(28000 + os.getpid() % 900)) as site:
        yield site


def wait_for(condition, seconds: float = 15, pause: float = 0.1):
    """Poll until the condition holds; fail with what it was."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(pause)
    raise AssertionError(f"not within {seconds} s: {condition}")


# One Playwright at a time in a process, and none while other modules run their own loops.
@pytest.fixture(scope="module")
def browser(site):
    """Debian's Chromium, headless."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH")
    if not path:
        pytest.skip("Chromium is not installed (make test installs it)")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser):
    """Open a page in a browser context of its own; a console error fails the test."""
    contexts, errors = [], []

    def make(width: int = 1440, height: int = 900):
        context = browser.new_context(viewport={"width": width, "height": height}, locale="fr-FR")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda message: (
                errors.append(message.text)
                if message.type == "error" and not message.text.startswith(EXPECTED)
                else None
            ),
        )
        return page

    yield make
    for context in contexts:
        context.close()
    assert errors == []
