"""The whole path with three browsers at once: landlord, contractor with technician, tenant."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from nexxio.demo.characters import PASSWORD
from tests.factories.full import photo_bytes

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.xdist_group("e2e")]


def log_in(page, site, email):
    page.goto(f"{site.url}/compte/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.wait_for_url(lambda url: "/compte/login" not in url)


def live(page):
    """Wait until the page's event stream is open."""
    expect(page.locator("html[data-live-state=on]")).to_be_attached()


def settled(page):
    """Wait until what a choice has asked for stands on the page."""
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)


def tenant_link(site, title):
    code = f"""
from nexxio.core.links import url_of
from nexxio.core.models import Link
from nexxio.core.scoping import system_scope
with system_scope("tests"):
    links = Link.objects.filter(case__title={title!r}, party="tenant")
    print(url_of(links.latest("created_at").pk))
"""
    return site.python(code)


def test_an_order_travels_live_from_landlord_to_tenant(site, open_page, tmp_path):
    title = "Robinet de baignoire cassé"
    contractor = open_page()
    log_in(contractor, site, "helene.garnier@plomberie-lutece.example")
    contractor.goto(f"{site.url}/prestataire/plomberie-lutece/")
    live(contractor)

    # 1. Claire types the order; an incomplete one doesn't leave and says what is missing.
    landlord = open_page()
    log_in(landlord, site, "claire.morel@rivp.example")
    landlord.goto(f"{site.url}/bailleur/rivp/commandes/nouvelle/")
    landlord.locator("#groups a").first.click()
    landlord.fill("#numero", "5")
    landlord.get_by_role("button", name="Continuer").click()
    landlord.fill("#id_title", title)
    landlord.get_by_role("button", name="Transmettre à l’entreprise").click()
    expect(landlord.locator(".messages")).to_contain_text("Il manque")
    landlord.fill("#id_description", "Le robinet de la baignoire tourne dans le vide.")
    landlord.fill("#id_floor", "2")
    landlord.fill("#id_door", "Droite")
    with landlord.expect_response(re.compile("/saisie/lignes/")):  # whose turn it is
        landlord.select_option("#id_trade", "plomberie")
    settled(landlord)
    option = landlord.locator("#id_contract option", has_text="Plomberie").first
    with landlord.expect_response(re.compile("/saisie/lignes/")):
        landlord.select_option("#id_contract", option.get_attribute("value"))
    settled(landlord)
    item = landlord.locator("#id_lignes-0-price_item_q")
    if not item.count():
        with landlord.expect_response(re.compile("/saisie/lignes/")):
            landlord.get_by_role("button", name="Ajouter une ligne").click()
    item.fill("fuite")
    expect(landlord.locator("[data-combo-list] [data-value]")).to_have_count(1)
    item.press("Enter")
    expect(item).to_have_value(re.compile("^PLB-010 · Déplacement et diagnostic de fuite"))
    landlord.fill("#id_lignes-0-quantity", "1")
    landlord.fill("#id_contact_name", "Amina Diallo")
    landlord.fill("#id_phone", "06 12 34 56 78")
    landlord.get_by_label("Appeler en arrivant").check()
    landlord.select_option("#id_asbestos", "no_material")
    landlord.select_option("#id_vat_reason", "improvement")
    landlord.check("#id_vat_certified")
    landlord.get_by_role("button", name="Transmettre à l’entreprise").click()
    expect(landlord.locator("h1")).to_have_text(title)
    live(landlord)

    # 3. Hélène sees it appear without reloading, accepts it, fixes an appointment.
    contractor.get_by_role("link", name=title).click()
    expect(contractor.locator("body")).not_to_contain_text("06 12 34 56 78")
    contractor.get_by_role("button", name="Accepter").click()
    expect(landlord.locator("#order .badge").first).to_contain_text("Prise en charge")
    contractor.get_by_role("link", name="Fixer un rendez-vous").click()
    contractor.fill("#id_date", site.python("from nexxio.core import clock; print(clock.today())"))
    contractor.select_option("#id_slot", "16-18")
    contractor.select_option("#id_technician", label="Karim Haddad")
    code = "from nexxio.core import clock; print(clock.now().astimezone(clock.PARIS).hour)"
    if is_evening := int(site.python(code)) >= 17:
        contractor.fill(
            "#id_date",
            site.python(
                "from datetime import timedelta; from nexxio.core import clock;"
                "print(clock.today() + timedelta(days=1))"
            ),
        )
    contractor.get_by_role("button", name="Enregistrer le rendez-vous").click()
    contractor.get_by_role("button", name="Afficher les coordonnées").click()
    expect(contractor.locator("#contact")).to_contain_text("06")
    contractor.get_by_role("link", name="Revenir à la commande").click()

    # 5. Amina follows on her phone, without an account, and confirms.
    tenant = open_page(390, 844)
    tenant.goto(tenant_link(site, title))
    live(tenant)
    expect(tenant.locator("h1")).to_contain_text("Un rendez-vous vous est proposé")
    tenant.get_by_role("button", name="Je confirme").click()
    expect(tenant.locator("h1")).to_contain_text("confirmé")
    live(tenant)
    expect(landlord.locator("#order .badge").first).to_contain_text("Rendez-vous confirmé")

    # 4. Karim, on his phone: on the way, on site, photo, done. Each tap moves Amina's page.
    field = open_page(390, 844)
    log_in(field, site, "karim.haddad@plomberie-lutece.example")
    field.get_by_role("link", name=title).click()
    live(field)
    field.get_by_role("button", name="Je suis en route").click()
    if is_evening:  # the appointment is tomorrow's: it asks whether he means it
        field.locator("[data-confirm-yes]").click()
    expect(tenant.locator("h1")).to_have_text("Le technicien est en route")
    field.get_by_role("button", name="Je suis sur place").click()
    expect(tenant.locator("h1")).to_have_text("Le technicien est chez vous")
    field.get_by_text("Ajouter des photos").click()
    picture = tmp_path / "apres.jpg"
    picture.write_bytes(photo_bytes((3000, 2000)).getvalue())
    field.set_input_files("input[name=photo] >> nth=0", picture)
    field.get_by_role("button", name="Envoyer", exact=True).click()
    expect(field.locator(".photo img")).to_be_visible()
    field.locator("summary", has_text="Terminer").click()
    field.fill("#id_report", "Robinet remplacé")
    field.get_by_role("button", name="Tout est fait").click()
    expect(tenant.locator("h1")).to_contain_text("Terminé")
    expect(landlord.locator("#order .badge").first).to_contain_text("Travaux réalisés")
    expect(tenant.locator(".photo img")).to_be_visible()

    # 6. Everybody reads the same history in his own words.
    expect(landlord.locator(".timeline")).to_contain_text("Claire Morel a transmis la commande")
    expect(landlord.locator(".timeline")).to_contain_text("Plomberie Lutèce a déclaré les travaux")
    expect(landlord.locator(".timeline")).not_to_contain_text("Haddad")
    contractor.reload()
    expect(contractor.locator(".timeline")).to_contain_text("Karim Haddad a terminé les travaux")
    tenant.locator("summary", has_text="Tout l’historique").click()
    expect(tenant.locator(".timeline")).to_contain_text("L’entreprise a pris votre demande")


def test_accepting_twice_says_who_was_first(site, open_page):
    one, two = open_page(), open_page()
    for page in (one, two):
        log_in(page, site, "helene.garnier@plomberie-lutece.example")
        if page is two:  # it doesn't hear of it: its stream is cut
            two.route("**/flux/**", lambda route: route.abort())
        page.goto(f"{site.url}/prestataire/plomberie-lutece/commandes/?etat=issued")
        page.get_by_role("link", name="Évacuation de la douche bouchée").click()
        page.wait_for_url(re.compile(r"/commandes/[0-9a-f-]{36}/$"))
    two.evaluate("document.querySelector('[data-live]').removeAttribute('data-live')")
    one.get_by_role("button", name="Accepter").click()
    expect(one.locator(".messages")).to_contain_text("acceptée")
    if two.get_by_role("button", name="Accepter").count():
        two.get_by_role("button", name="Accepter").click()
        expect(two.locator(".messages")).to_contain_text("Déjà fait par Hélène Garnier")


def test_a_useless_link_tells_nothing(site, open_page):
    page = open_page(390, 844)
    page.goto(f"{site.url}/s/AAAAAAAAAAAAAAAAAAAAAAAA/")
    expect(page.locator("h1")).to_have_text("Ce lien ne mène plus nulle part")
