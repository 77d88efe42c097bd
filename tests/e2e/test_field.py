"""The technician's page moves by itself, and never takes away what is being typed."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.test_path import live, log_in, tenant_link

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.xdist_group("e2e")]

TITLE = "Robinet de cuisine qui goutte"
LEAK = "Fuite sous l’évier"
MOMENTS = f"""
from nexxio.core.scoping import system_scope
from orders.models import Visit
with system_scope("tests"):
    visit = Visit.objects.get(order__title={LEAK!r}, state="on_site",
                              order__landlord__slug="rivp")
    print(visit.left_at < visit.arrived_at)
"""
CANCEL = f"""
from nexxio.core.actors import scope_of
from nexxio.core.http import actor_of
from nexxio.core.models import Membership
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Order
with system_scope("tests"):
    order = Order.objects.get(title={TITLE!r})
    member = Membership.objects.select_related("organisation", "user").filter(
        organisation_id=order.landlord_id, roles__contains=["manager"]
    ).first()
    actor = actor_of(member)
with scope_of(actor):
    services.cancel_order(actor=actor, order_id=order.pk, reason="repaired")
"""
REVOKE = f"""
from nexxio.core import links
from nexxio.core.models import Link
from nexxio.core.scoping import system_scope
with system_scope("tests"):
    found = Link.objects.filter(case__title={TITLE!r}, party="tenant")
    links.revoke(link=found.latest("created_at"))
"""


def test_what_the_desk_cancels_vanishes_and_what_is_typed_stays(site, open_page):
    field = open_page(390, 844)
    log_in(field, site, "karim.haddad@plomberie-lutece.example")
    field.get_by_role("link", name=TITLE).click()
    live(field)
    expect(field.get_by_role("button", name="Je suis en route")).to_be_visible()
    field.get_by_text("Ajouter des photos").click()
    field.select_option("#visit-photo select", "after")
    site.python(CANCEL)
    expect(field.locator("#visit-head")).to_contain_text("Annulé")
    expect(field.get_by_role("button", name="Je suis en route")).to_be_hidden()
    expect(field.locator("#visit-finish")).to_be_hidden()
    expect(field.locator("#visit-photo select")).to_have_value("after")
    # Nothing is being typed there any more: the next news takes the rest away.
    field.select_option("#visit-photo select", "before")
    field.evaluate("document.activeElement.blur()")
    field.evaluate("document.querySelector('[data-live]').dispatchEvent(new CustomEvent('live'))")
    expect(field.locator("#visit-photo")).to_be_hidden()


def test_taps_without_network_wait_and_arrive_with_their_moments(site, open_page):
    field = open_page(390, 844)
    log_in(field, site, "karim.haddad@plomberie-lutece.example")
    field.get_by_role("link", name=LEAK).first.click()
    live(field)
    field.context.set_offline(True)
    field.get_by_role("button", name="Je suis en route").click()
    box = field.locator("[data-outbox-list]")
    expect(box).to_contain_text("En attente d’envoi")
    expect(box).to_contain_text("Je suis en route")
    expect(field.get_by_role("button", name="Je suis en route")).to_be_hidden()
    expect(field.locator("#visit-absent")).to_be_visible()  # it may follow what waits
    field.get_by_role("button", name="Je suis sur place").click()
    expect(box.locator(".outbox__item")).to_have_count(2)
    field.context.set_offline(False)
    expect(field.locator("#visit-head")).to_contain_text("Sur place", timeout=30_000)
    expect(box).to_be_hidden()
    # The server offers it now, with its boxes that nobody has touched.
    expect(field.locator("#visit-absent")).to_be_visible()
    assert site.python(MOMENTS).strip() == "True"


def test_an_emergency_that_is_refused_keeps_what_was_typed(site, open_page):
    phone = open_page(390, 844)
    log_in(phone, site, "karim.haddad@plomberie-lutece.example")
    phone.goto(f"{site.url}/prestataire/plomberie-lutece/terrain/astreinte/")
    contract = phone.locator("#marche option", has_text="RIVP").get_attribute("value")
    phone.select_option("#marche", contract)
    phone.fill("#q", "cascades")
    phone.press("#q", "Enter")
    phone.get_by_role("link", name="Cascades").first.click()
    said = "Colonne percée au sous-sol, j’isole."
    phone.select_option("[name=reason]", "water")
    phone.fill("[name=description]", said)
    phone.fill("[name=amount]", "99999")
    for name in ("number", "caller", "measures"):
        phone.fill(f"[name={name}]", "B 204")
    phone.fill("[name=phone]", "06 12 34 56 78")
    phone.get_by_role("button", name="Ouvrir l’astreinte").click()
    expect(phone.locator(".form-errors")).to_contain_text("Montant estimé HT")
    expect(phone.locator("[name=description]")).to_have_value(said)
    expect(phone.locator("[data-outbox-list]")).to_be_hidden()


def test_a_message_that_is_refused_is_corrected_with_what_was_typed(site, open_page):
    phone = open_page(390, 844)
    log_in(phone, site, "karim.haddad@plomberie-lutece.example")
    phone.get_by_role("link", name=LEAK).first.click()
    phone.get_by_role("link", name="Messages").click()
    book = {"name": "mesures.xlsx", "mimeType": "application/zip", "buffer": b"PK no picture"}
    phone.fill("textarea[name=text]", "Les mesures en pièce jointe.")
    phone.locator("input[name=uploads]").set_input_files([book])
    phone.get_by_role("button", name="Envoyer").click()
    box = phone.locator("[data-outbox-list]")
    expect(box).to_contain_text("ni une photo lisible")
    expect(phone.locator("textarea[name=text]")).to_have_value("")
    # From another page too, it is corrected where it was written.
    phone.goto(f"{site.url}/prestataire/plomberie-lutece/terrain/")
    phone.get_by_role("link", name=LEAK).first.click()
    box.get_by_role("button", name="Corriger").click()
    expect(phone.locator("textarea[name=text]")).to_have_value("Les mesures en pièce jointe.")
    phone.locator("input[name=uploads]").set_input_files([])
    phone.get_by_role("button", name="Envoyer").click()
    expect(phone.locator("#talk")).to_contain_text("Les mesures en pièce jointe.")
    expect(box).to_be_hidden()


def test_a_page_that_hears_nothing_more_says_so(site, open_page):
    tenant = open_page(390, 844)
    tenant.goto(tenant_link(site, TITLE))
    live(tenant)
    lost = tenant.locator("[data-live-lost]")
    expect(lost).to_be_hidden()
    site.python(REVOKE)
    expect(lost).to_be_visible(timeout=30_000)
    expect(lost).to_contain_text("rechargez-la")
