"""The proof file of an order: each organisation's own, printed with its own eyes."""

from __future__ import annotations

import io
import re

import pypdf
import pytest

from contractors import services
from contractors.models import ProofFile, ProofState
from nexxio.core import relay
from nexxio.core.actors import scope_of
from nexxio.core.errors import Refused
from nexxio.core.models import Job
from nexxio.core.scoping import system_scope
from orders import services as order_services
from orders.models import Order
from tests.contractors.steps import client_of, url
from tests.factories.acting import act
from tests.factories.full import worked
from tests.factories.invoiced import filed_elsewhere

SPACES = re.compile(r"\s+")


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    return world.first


def invoiced(party) -> tuple[Order, str]:
    """Return an order that has an invoice, and the invoice's number."""
    invoice = filed_elsewhere(party)
    with system_scope("tests"):
        return Order.objects.get(pk=invoice.order_id), invoice.number


def printed() -> None:
    relay.deliver_one_by_one()
    with system_scope("tests: jobs"):
        for job in Job.objects.filter(kind="proof.pdf", state="queued"):
            worked(job)


def text_of(client, address: str) -> str:
    data = b"".join(client.get(address).streaming_content)
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    return SPACES.sub(" ", " ".join(page.extract_text() for page in pages))


def proof_of(organisation) -> ProofFile:
    with system_scope("tests"):
        return ProofFile.objects.get(organisation=organisation)


def test_each_side_gets_what_it_may_read_and_nothing_of_the_other(party):
    order, number = invoiced(party)
    note = "Rappeler le chef d’agence avant paiement"
    act(party, "manager", order_services.write_note, order_id=order.pk, text=note)
    for who, organisation, side in (
        ("manager", party.landlord, "landlord"),
        ("desk", party.contractor, "contractor"),
    ):
        client = client_of(party, who)
        asked = client.post(url(party, side, "ask_proof", order.pk), follow=True).text
        assert "En préparation" in asked
        printed()
        proof = proof_of(organisation)
        address = url(party, side, "proof", proof.pk)
        assert address in client.get(url(party, side, "detail", order.pk, app="orders")).text
        text = text_of(client, address)
        for words in (
            *(f"Dossier de preuve {order.reference}", f"Facture {number}", "Historique"),
            *("Lignes", "Prix HT", "Délai de paiement"),
        ):
            assert words in text, words
        assert note not in text
    landlords = proof_of(party.landlord)
    assert (
        client_of(party, "desk").get(url(party, "contractor", "proof", landlords.pk)).status_code
        == 404
    )
    with scope_of(party.actor("desk")):
        assert ProofFile.objects.count() == 1


def test_one_is_made_at_a_time_and_one_that_failed_may_be_asked_for_again(party):
    order, _number = invoiced(party)
    proof = act(party, "manager", services.ask_proof, order=order)
    with pytest.raises(Refused, match="déjà en préparation"):
        act(party, "manager", services.ask_proof, order=order)
    with pytest.raises(Refused, match="rôle"):
        act(party, "reader", services.ask_proof, order=order)
    with system_scope("tests"):
        services.fail_proof(actor=party.actor("manager"), proof_id=proof.pk)
    page = client_of(party, "manager").get(url(party, "landlord", "detail", order.pk, app="orders"))
    assert "Rien n’est perdu" in page.text
    again = act(party, "manager", services.ask_proof, order=order)
    assert (again.pk, again.state) != (proof.pk, ProofState.FAILED)
