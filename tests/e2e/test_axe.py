"""What a machine can find of accessibility: no violation on the main pages, wide and narrow."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.e2e.test_path import log_in, tenant_link

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.xdist_group("e2e")]

WCAG = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
}
ORDER = """
from nexxio.core.scoping import system_scope
from orders.models import Order
with system_scope("tests"):
    print(Order.objects.filter(title={title!r}).first().pk)
"""
LANDLORD = (
    "",
    "commandes/",
    "commandes/tableau/",
    "commandes/nouvelle/",
    "commandes/{order}/",
    "commandes/{order}/annuler/",
    "marches/",
    "patrimoine/",
    "notifications/",
    "attestations/",
    "banque/",
    *("evaluations/", "evaluations/resultats/", "evaluations/revues/", "bonus/", "pilotage/"),
    *("impact/", "pilotes/", "references/", "fiches/"),
)
CONTRACTOR = (
    *("", "commandes/", "commandes/{order}/", "commandes/{order}/renvoyer/", "planning/"),
    *("attestations/", "attestations/deposer/", "banque/"),
    *("evaluations/", "evaluations/resultats/", "evaluations/balance/", "bonus/"),
)


def violations(page) -> list[str]:
    """Return what axe finds, in one line each."""
    found = Axe().run(page, options=WCAG).response["violations"]
    return [
        f"{page.url} {rule['id']} ({rule['impact']}): {node['target']} {node['html'][:120]}"
        for rule in found
        for node in rule["nodes"]
    ]


def order_of(site, title: str) -> str:
    return site.python(ORDER.format(title=title))


def looked_at(page, addresses) -> list[str]:
    found = []
    for address in addresses:
        answer = page.goto(address)
        assert answer.status == 200, address
        found += violations(page)
    return found


@pytest.mark.parametrize("width", [1440, 390])
def test_the_landlords_pages(site, open_page, width):
    page = open_page(width, 844)
    log_in(page, site, "claire.morel@rivp.example")
    order = order_of(site, "Prise arrachée dans le séjour")
    home = f"{site.url}/bailleur/rivp/"
    assert looked_at(page, [home + path.format(order=order) for path in LANDLORD]) == []


@pytest.mark.parametrize("width", [1440, 390])
def test_the_contractors_pages(site, open_page, width):
    page = open_page(width, 844)
    log_in(page, site, "helene.garnier@plomberie-lutece.example")
    order = order_of(site, "Chasse d’eau qui coule sans arrêt")
    home = f"{site.url}/prestataire/plomberie-lutece/"
    assert looked_at(page, [home + path.format(order=order) for path in CONTRACTOR]) == []


def test_the_order_form(site, open_page):
    page = open_page()
    log_in(page, site, "claire.morel@rivp.example")
    page.goto(f"{site.url}/bailleur/rivp/commandes/nouvelle/")
    page.locator("#groups a").first.click()
    page.fill("#numero", "7")
    page.get_by_role("button", name="Continuer").click()
    expect(page.locator("#id_title")).to_be_visible()
    found = violations(page)
    page.get_by_role("button", name="Enregistrer en brouillon").click()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()
    assert found + violations(page) == []


def test_the_technicians_pages(site, open_page):
    page = open_page(390, 844)
    log_in(page, site, "karim.haddad@plomberie-lutece.example")
    found = violations(page)
    page.locator(".card--link a").first.click()
    expect(page.locator("#visit-head")).to_be_visible()
    assert found + violations(page) == []


def test_the_pages_without_account(site, open_page):
    page = open_page(390, 844)
    link = tenant_link(site, "Prise arrachée dans le séjour")
    addresses = [f"{site.url}/compte/login/", f"{site.url}/compte/login/code/", link]
    assert looked_at(page, addresses) == []
    page.goto(f"{site.url}/s/AAAAAAAAAAAAAAAAAAAAAAAA/")
    assert violations(page) == []


def test_the_current_tab_is_in_view_on_a_phone(site, open_page):
    page = open_page(390, 844)
    log_in(page, site, "claire.morel@rivp.example")
    page.goto(f"{site.url}/bailleur/rivp/pilotes/")
    expect(page.locator(".tabs [aria-current]")).to_be_in_viewport(ratio=0.9)


def test_the_machine_does_find_what_is_wrong(site, open_page):
    page = open_page()
    page.goto(f"{site.url}/compte/login/")
    page.evaluate(
        "document.querySelector('main').innerHTML = '<img src=\"/static/icon.svg\"><input>'"
    )
    rules = {line.split()[1] for line in violations(page)}
    assert {"image-alt", "label"} <= rules
