"""A company's own file: what would hold it is said before its landlord has it."""

from __future__ import annotations

import pytest

from contractors import services
from contractors.models import ReceivedInvoice
from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.core.errors import Refused
from nexxio.core.models import LegalForm
from nexxio.core.scoping import system_scope
from tests.contractors.steps import client_of, url
from tests.factories.acting import act
from tests.factories.certified import finished, signed
from tests.factories.invoiced import becomes
from tests.factories.received import asked, invoice_file, settled
from tests.factories.subcontracted import named


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    becomes(world.first, LegalForm.PRIVATE)
    return world.first


def confirm_page(party, received) -> str:
    return url(party, "contractor", "received_act", received.pk, "confirmer")


def key_of(page: str) -> str:
    return page.split('name="vu" value="')[1].split('"', maxsplit=1)[0]


def test_a_price_that_wasn_t_agreed_is_asked_about_before_it_goes(party):
    signed(party)
    received = asked(party, invoice_file(party, price="70"))
    assert (received.state, received.invoice) == ("to_confirm", None)
    with scope_of(party.actor("manager")):
        assert not ReceivedInvoice.objects.exists()
    desk = client_of(party, "desk")
    shown = desk.get(url(party, "contractor", "received", received.pk)).content.decode()
    assert "quelque chose la bloquerait" in shown
    page = desk.get(confirm_page(party, received)).content.decode()
    assert "B09" in page
    again = desk.post(confirm_page(party, received), {"vu": "autre chose"})
    assert again.status_code == 422
    assert desk.post(confirm_page(party, received), {"vu": key_of(page)}).status_code == 302
    done = settled(received)
    assert done.state == "turned_into_invoice"
    assert done.invoice.received_on == clock.today()
    assert desk.get(confirm_page(party, received)).status_code == 404


def test_what_its_company_owes_is_asked_about(party):
    with system_scope("tests: pieces"):
        party.contract.pieces = ["photos_after"]
        party.contract.save(update_fields=["pieces"])
    signed(party)
    received = asked(party, invoice_file(party))
    assert received.state == "to_confirm"
    page = client_of(party, "desk").get(confirm_page(party, received)).content.decode()
    assert "Photos" in page


def test_so_is_a_subcontractor_whom_nobody_declared(party):
    signed(party)
    named(party, name="Toiture Martin")
    assert asked(party, invoice_file(party)).state == "to_confirm"


def test_what_only_the_landlord_ends_holds_no_company_up(party):
    finished(party)
    assert asked(party, invoice_file(party)).state == "turned_into_invoice"


def test_a_landlord_s_file_has_come_already(party):
    signed(party)
    received = asked(party, invoice_file(party, price="70"), who="manager")
    assert received.state == "turned_into_invoice"


def test_it_may_be_put_aside_instead_and_sent_again_mended(party):
    signed(party)
    received = asked(party, invoice_file(party, price="70"))
    with pytest.raises((Refused, ReceivedInvoice.DoesNotExist)):
        act(party, "manager", services.confirm_received, received_id=received.pk)
    act(
        party,
        "desk",
        services.set_received_aside,
        received_id=received.pk,
        note="Prix à corriger",
    )
    assert asked(party, invoice_file(party)).state == "turned_into_invoice"
