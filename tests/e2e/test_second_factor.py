"""Passkeys and codes in a real browser, under the site's own content security policy."""

from __future__ import annotations

import hashlib
import hmac
import re
import struct
import time
from base64 import b32decode

import pytest
from playwright.sync_api import expect

from nexxio.demo.characters import PASSWORD
from tests.e2e.conftest import wait_for

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.xdist_group("e2e")]

HELENE = "helene.garnier@plomberie-lutece.example"
CLAIRE = "claire.morel@rivp.example"


@pytest.fixture(autouse=True)
def nobody_keeps_a_factor(site):
    """The other browser tests log in as the same people, with a password alone."""
    yield
    site.python(
        "from allauth.mfa.models import Authenticator; Authenticator.objects.all().delete()"
    )


def authenticator(page):
    """Give the page's browser a platform authenticator that always says yes."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    answer = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools, answer["authenticatorId"]


def code_of(secret: str, *, later: int = 0) -> str:
    """Return the six digits that an application shows now, or `later` codes from now (RFC 6238)."""
    counter = struct.pack(">Q", int(time.time()) // 30 + later)
    digest = hmac.new(b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def type_password(page, site, email):
    page.goto(f"{site.url}/compte/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.wait_for_url(lambda url: "/compte/login" not in url)


def confirm(page):
    """Type the password again before what guards the account."""
    expect(page.get_by_role("heading", name="Confirmez que c’est vous")).to_be_visible()
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Continuer").click()


def log_out(page, site):
    page.goto(f"{site.url}/compte/")
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url("**/compte/login/")


def test_a_contractor_makes_a_passkey_and_comes_back_with_it_alone(site, open_page):
    page = open_page(390, 844)
    devtools, device = authenticator(page)
    type_password(page, site, HELENE)
    page.goto(f"{site.url}/compte/")
    page.get_by_role("link", name="Ajouter une clé").click()
    confirm(page)
    page.fill("input[name=name]", "Téléphone d’Hélène")
    page.get_by_role("button", name="Créer la clé").click()
    expect(page.get_by_role("heading", name="Codes de secours")).to_be_visible()
    expect(page.locator(".codes li")).to_have_count(10)
    (key,) = devtools.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
    assert key["rpId"] == "localhost"
    page.goto(f"{site.url}/compte/")
    expect(page.get_by_text("Téléphone d’Hélène")).to_be_visible()

    log_out(page, site)
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    expect(page.get_by_role("heading", name="Où voulez-vous travailler ?")).to_be_visible()

    # Without the device the password is not enough any more.
    log_out(page, site)
    devtools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": device})
    type_password(page, site, HELENE)
    expect(page.get_by_role("heading", name="Encore une preuve")).to_be_visible()
    page.goto(f"{site.url}/prestataire/plomberie-lutece/")
    expect(page).to_have_url(re.compile("/compte/securite/verification/"))


def test_a_refused_passkey_says_so_and_keeps_the_page(site, open_page):
    page = open_page()
    devtools, device = authenticator(page)
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.goto(f"{site.url}/compte/login/")
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    expect(page.locator("[data-passkey-problem]")).to_contain_text("n’a pas répondu")
    expect(page.get_by_role("button", name="Se connecter", exact=True)).to_be_enabled()


def test_an_organisation_asks_for_a_factor_and_a_code_opens_its_space(site, open_page):
    page, other = open_page(), open_page()
    type_password(page, site, CLAIRE)
    type_password(other, site, CLAIRE)
    other.goto(f"{site.url}/bailleur/rivp/")
    expect(other.locator("html[data-live-state=on]")).to_be_attached()
    switch(site, required=True)
    try:
        # The page that was open goes silent; every address of the space leads to the explanation.
        wait_for(lambda: other.locator("html[data-live-state=on]").count() == 0)
        page.goto(f"{site.url}/bailleur/rivp/commandes/")
        heading = page.get_by_role("heading", name="Protégez votre compte pour continuer")
        expect(heading).to_be_visible()
        expect(page.get_by_text("RIVP demande à chacun")).to_be_visible()
        page.get_by_role("link", name="Ajouter une application").click()
        confirm(page)
        page.get_by_text("Je ne peux pas viser le carré").click()
        secret = page.locator(".codes").inner_text()
        assert page.locator(".qr").evaluate("image => image.naturalWidth") > 0
        page.fill("input[name=code]", "000000")
        page.get_by_role("button", name="Activer").click()
        expect(page.locator(".form-errors")).to_contain_text("Ce n’est pas le code attendu")
        page.fill("input[name=code]", code_of(secret))
        page.get_by_role("button", name="Activer").click()
        expect(page.locator(".codes li")).to_have_count(10)
        page.get_by_role("link", name="Continuer vers mes pages").click()
        page.wait_for_url("**/bailleur/rivp/**")

        log_out(page, site)
        page.goto(f"{site.url}/bailleur/rivp/")
        page.fill("input[name=login]", CLAIRE)
        page.fill("input[name=password]", PASSWORD)
        page.get_by_role("button", name="Se connecter", exact=True).click()
        expect(page.get_by_role("heading", name="Encore une preuve")).to_be_visible()
        # The code that made the factor opens nothing more; the next one may come a little early.
        page.fill("input[name=code]", code_of(secret, later=1))
        page.get_by_role("button", name="Se connecter", exact=True).click()
        page.wait_for_url("**/bailleur/rivp/")
    finally:
        switch(site, required=False)


def switch(site, *, required: bool) -> None:
    """As a manager of the landlord would, on the members' page."""
    site.python(
        f"""
from nexxio.core.actors import scope_of
from nexxio.core.http import actor_of
from nexxio.core.identity.services import set_second_factor
from nexxio.core.models import Membership
from nexxio.core.scoping import Scope, ScopeKind, open_scope, system_scope
with system_scope("tests"):
    found = Membership.objects.filter(organisation__slug="rivp", roles__contains=["manager"])
    actor = actor_of(found.select_related("user", "organisation")[0])
with scope_of(actor):
    set_second_factor(actor=actor, required={required})
"""
    )
