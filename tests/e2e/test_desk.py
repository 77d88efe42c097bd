"""A landlord's desk: the order form as it is typed, and pages whose parts arrive by themselves."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.test_path import log_in

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.xdist_group("e2e")]


def test_what_is_missing_stays_in_sight_and_follows_the_contract_that_is_proposed(site, open_page):
    desk = open_page(1440, 900)
    log_in(desk, site, "samir.benali@rivp.example")
    desk.goto(f"{site.url}/bailleur/rivp/commandes/nouvelle/")
    desk.get_by_role("link", name="rue de la Voûte").first.click()
    desk.get_by_role("link", name="Logement").first.click()
    missing = desk.locator(".completeness")
    expect(missing).to_contain_text("Un marché en vigueur")
    desk.select_option("[name=trade]", "plomberie")
    expect(missing).not_to_contain_text("Un marché en vigueur")
    article = desk.get_by_role("combobox", name="Article").first
    article.press_sequentially("robinet")
    desk.get_by_role("option", name="robinet").first.click()
    desk.fill("[name=lignes-0-quantity]", "9")
    desk.press("[name=lignes-0-quantity]", "Tab")
    expect(desk.locator(".form-side")).to_contain_text("Au-dessus de votre limite")
    desk.locator("[name=contact_name]").scroll_into_view_if_needed()
    expect(missing).to_be_in_viewport()


def test_a_part_that_arrives_leaves_the_page_its_title(site, open_page):
    desk = open_page(1440, 900)
    log_in(desk, site, "claire.morel@rivp.example")
    desk.goto(f"{site.url}/bailleur/rivp/marches/")
    desk.get_by_role("link", name="2025-PLO-RIV").first.click()
    expect(desk.locator("#clauses table").first).to_be_visible()
    expect(desk).to_have_title("2025-PLO-RIV · Nexxio")


def test_the_key_that_unfolds_a_refusal_leads_into_it(site, open_page):
    desk = open_page(1440, 900)
    log_in(desk, site, "claire.morel@rivp.example")
    desk.goto(f"{site.url}/bailleur/rivp/parapheur/serie/")
    desk.keyboard.press("r")
    expect(desk.locator(".series [name=reason]")).to_be_focused()
