"""The bell and the button of a block lead to where it is lifted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contractors import services
from contractors.causes import CauseCode
from contractors.models import Block
from contractors.selectors.gestures import gesture_of
from nexxio.core import clock, relay
from nexxio.core.models import LegalForm, Notification
from nexxio.core.scoping import system_scope
from nexxio.core.templatetags.ui import money_text
from orders import services as orders
from tests.contractors.steps import client_of, url
from tests.contractors.test_blocks import asks_for
from tests.factories.acting import act
from tests.factories.invoiced import becomes, blocks_of, filed


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    becomes(world.first, LegalForm.PRIVATE)
    return world.first


def held_by(party, invoice, cause: str, side: str) -> Block:
    """Return a block as it would be read, of any cause and side."""
    with system_scope("tests: a block"):
        row = Block(
            landlord_id=invoice.landlord_id,
            contractor_id=invoice.contractor_id,
            order_id=invoice.order_id,
            invoice_id=invoice.pk,
            cause=cause,
            side=side,
        )
        row.landlord, row.contractor = party.landlord, party.contractor
        row.order, row.invoice = party.order, invoice
        return row


def test_the_bell_of_a_missing_signature_opens_the_certificate(party):
    filed(party, certified=False)
    relay.deliver_one_by_one()
    with system_scope("tests: bells"):
        bell = Notification.objects.filter(kind="block_desk").first()
        certificate = party.order.certificates.latest("number")
    path = url(party, "landlord", "certificate", certificate.pk, app="orders")
    assert bell.url == path
    (block,) = blocks_of(party)
    page = client_of(party, "manager").get(url(party, "landlord", "blocks")).text
    assert f'href="{path}"' in page
    assert block.cause == "B01"
    assert client_of(party, "manager").get(path).status_code == 200


@pytest.mark.parametrize(
    ("cause", "side", "end"),
    [
        ("B01", "contractor", "/constat/"),
        ("B03", "contractor", "/avoir/"),
        ("B04", "landlord", "/engagement/"),
        ("B08", "landlord", "/approuver-en-partie/"),
        ("B09", "landlord", "/approuver-en-partie/"),
        ("B10", "contractor", "/avoir/"),
        ("B11", "contractor", "/avoir/"),
        ("B12", "contractor", "/facturation/"),
        ("B14", "landlord", "/reacheminer/"),
        ("B15", "landlord", "/marches/"),
        ("B17", "contractor", "/attestations/"),
        ("B19", "landlord", "/approuver-en-partie/"),
        ("B20", "landlord", "/factures/"),
    ],
)
def test_each_cause_has_its_own_way_that_opens(party, cause, side, end):
    invoice = filed(party)
    with system_scope("tests: gestures"):
        found = gesture_of(held_by(party, invoice, cause, side))
    assert found is not None
    assert end in found.url
    if cause == "B01":
        return  # its form is there only once the certificate is refused
    who = "manager" if side == "landlord" else "desk"
    assert client_of(party, who).get(found.url).status_code == 200


def test_every_cause_and_side_is_answered_and_a_suspended_invoice_is_completed(party):
    invoice = filed(party)
    with system_scope("tests: gestures"):
        for cause in CauseCode:
            for side in ("landlord", "contractor"):
                gesture_of(held_by(party, invoice, cause, side))
    typed = {"cause": "B11", "note": "Taux", "pieces": ["Facture corrigée"]}
    act(party, "manager", services.suspend, invoice_id=invoice.pk, **typed)
    (block,) = blocks_of(party)
    with system_scope("tests: gestures"):
        row = Block.objects.select_related("landlord", "contractor", "order", "invoice").get(
            pk=block.pk
        )
        found = gesture_of(row)
    assert found is not None
    assert found.url.endswith("/completer/")


@pytest.mark.parametrize("cause", ["B05", "B07"])
def test_a_proof_is_added_on_the_visit_of_the_works_or_to_the_suspended_invoice(party, cause):
    invoice = filed(party)
    desk = client_of(party, "desk")
    with system_scope("tests: gestures"):
        found = gesture_of(held_by(party, invoice, cause, "contractor"))
        visit = party.order.visits.get(state="done")
    assert found is not None
    assert found.url == url(party, "field", "visit", visit.pk, app="orders")
    page = desk.get(found.url).text
    assert "Ajouter des photos" in page
    # The order's own page leads there too: a block says so beside it.
    order = desk.get(url(party, "contractor", "detail", party.order.pk, app="orders")).text
    assert f'href="{found.url}"' in order
    landlord = client_of(party, "manager").get(
        url(party, "landlord", "detail", party.order.pk, app="orders")
    )
    assert "Ajouter photos ou signature" not in landlord.text
    typed = {"cause": cause, "note": "Manque", "pieces": ["Photo après"]}
    act(party, "manager", services.suspend, invoice_id=invoice.pk, **typed)
    with system_scope("tests: gestures"):
        invoice.refresh_from_db()
        found = gesture_of(held_by(party, invoice, cause, "contractor"))
    assert found is not None
    assert found.url.endswith("/completer/")


def test_the_forms_of_an_invoice_say_what_is_asked_and_for_how_much(party):
    invoice = filed(party)
    relay.deliver_one_by_one()
    manager, desk = client_of(party, "manager"), client_of(party, "desk")
    own = url(party, "landlord", "invoice", invoice.pk)
    page = manager.get(own).text
    assert "Circuit interne d’approbation" in page
    assert "Voir la facture et l’approuver" not in page  # it is this page
    part = manager.get(url(party, "landlord", "invoice_act", invoice.pk, "approuver-en-partie"))
    assert f"Cette facture vaut {money_text(invoice.net)} TTC" in part.text
    other = manager.get(url(party, "landlord", "invoice_act", invoice.pk, "reacheminer")).text
    assert "Comptabilité" in other
    assert "Équipe terrain" not in other
    typed = {"cause": "B07", "note": "Floue", "pieces": ["Photo après", "Photo avant"]}
    act(party, "manager", services.suspend, invoice_id=invoice.pk, **typed)
    form = desk.get(url(party, "contractor", "invoice_act", invoice.pk, "completer")).text
    assert "Photo après, Photo avant" in form
    assert "« Floue »" in form.replace("\N{NO-BREAK SPACE}", " ")


def test_a_delay_that_has_not_begun_says_so(party):
    """Until the certificate is signed the delay starts with it, or at the end of the check."""
    invoice = filed(party, certified=False)
    page = client_of(party, "desk").get(url(party, "contractor", "invoice", invoice.pk)).text
    assert "pas encore commencé" in page
    assert "il court" not in page


def gesture_on(party, cause: str):
    with system_scope("tests: gestures"):
        block = Block.objects.select_related("landlord", "contractor", "order", "invoice").get(
            cause=cause, closed_at__isnull=True
        )
        return gesture_of(block), block


def test_a_tenants_silence_leads_the_landlord_to_lifting_what_he_has_checked(party):
    asks_for(party, "sign_off")
    filed(party)
    with clock.moved_to(clock.now() + timedelta(hours=73)), system_scope("tests: later"):
        services.look_at_order(actor=party.actor("desk"), order_id=party.order.pk)
    found, block = gesture_on(party, "B05")
    assert found.url == url(party, "landlord", "block_act", block.pk, "lever")
    manager = client_of(party, "manager")
    page = manager.get(url(party, "landlord", "invoice", block.invoice_id)).text
    assert page.count(f'href="{found.url}"') == 1  # one button, not two
    form = manager.get(found.url).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Le locataire n’a pas signé : vérifiez avec lui" in form
    manager.post(found.url, {"note": "Vu avec le locataire : tout va bien"})
    with system_scope("tests: blocks"):
        assert not Block.objects.filter(cause="B05", closed_at__isnull=True).exists()


def test_what_a_tenant_contests_leads_the_landlord_to_his_check(party):
    asks_for(party, "sign_off")
    filed(party)
    said = orders.SignOffInput(name="Mme Petit", satisfied=False, reason="remains")
    with system_scope("tests: visit"):
        visit = party.order.visits.get(state="done")
    act(party, "desk", orders.sign_on_screen, visit_id=visit.pk, data=said)
    relay.deliver_one_by_one()
    found, _block = gesture_on(party, "B05")
    assert found.url == url(party, "landlord", "act", party.order.pk, "verifier", app="orders")
    manager = client_of(party, "manager")
    assert manager.get(found.url).status_code == 200
    order = manager.get(url(party, "landlord", "detail", party.order.pk, app="orders")).text
    assert "J’ai vérifié : lever" not in order  # there the check itself stands
