"""The database goes away under a form: nothing that was typed is lost, and the page says so."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.test_path import log_in

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.xdist_group("e2e")]

WORDS = "Le robinet goutte depuis lundi, la voisine du dessous a une tache au plafond."
SHOTS = os.environ.get("OUTAGE_SHOTS", "")


def real_answer(site, *, htmx: bool) -> str:
    """What the product's own code answers to an OperationalError."""
    header = "{'HTTP_HX_REQUEST': 'true'}" if htmx else "{}"
    return site.python(
        "from django.db import OperationalError\n"
        "from django.test import RequestFactory\n"
        "from nexxio.ops.outage import server_error\n"
        "try:\n"
        "    raise OperationalError('gone')\n"
        "except OperationalError:\n"
        f"    answer = server_error(RequestFactory().get('/', **{header}))\n"
        "assert answer.status_code == 503\n"
        "print(answer.content.decode())"
    )


def new_order(page, site):
    log_in(page, site, "claire.morel@rivp.example")
    page.goto(f"{site.url}/bailleur/rivp/commandes/nouvelle/")
    page.locator("#groups a").first.click()
    page.fill("#numero", "5")
    page.get_by_role("button", name="Continuer").click()
    page.fill("#id_title", "Robinet qui goutte")
    page.fill("#id_description", WORDS)


@pytest.mark.parametrize("width", [1440, 390])
def test_going_back_from_the_page_of_an_outage_finds_the_form_as_it_was(site, open_page, width):
    page = open_page(width=width)
    new_order(page, site)
    body = real_answer(site, htmx=False)

    def away(route):
        if route.request.method == "POST":
            route.fulfill(status=503, body=body, content_type="text/html; charset=utf-8")
        else:
            route.continue_()

    page.route("**/commandes/nouvelle/**", away)
    page.get_by_role("button", name="Transmettre à l’entreprise").click()
    heading = page.get_by_role("heading", name="Le service redémarre, réessayez dans un instant")
    expect(heading).to_be_visible()
    expect(page.get_by_text("toujours dans la page précédente")).to_be_visible()
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"outage-{width}.png")
    page.go_back()
    expect(page.locator("#id_description")).to_have_value(WORDS)
    page.unroute("**/commandes/nouvelle/**")
    page.get_by_role("button", name="Transmettre à l’entreprise").click()
    expect(page.locator(".messages")).to_contain_text("Il manque")


def test_a_fragment_that_can_not_be_had_is_told_in_a_toast_and_can_be_asked_again(site, open_page):
    page = open_page()
    new_order(page, site)
    text = real_answer(site, htmx=True)
    page.route(
        re.compile("/saisie/"),
        lambda route: route.fulfill(
            status=503, body=text, content_type="text/plain; charset=utf-8"
        ),
    )
    page.select_option("#id_trade", "plomberie")
    option = page.locator("#id_contract option", has_text="Plomberie").first
    page.select_option("#id_contract", option.get_attribute("value"))
    toast = page.locator("[data-toasts] .toast").last
    expect(toast).to_contain_text("Le service redémarre, réessayez dans un instant.")
    expect(page.locator("#id_description")).to_have_value(WORDS)
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / "outage-toast.png")
    page.unroute(re.compile("/saisie/"))
    with page.expect_response(re.compile("/saisie/")) as again:
        toast.get_by_role("button", name="Réessayer").click()
    assert again.value.status == 200
