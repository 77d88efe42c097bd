"""Invoices that come in as files, for tests: written by our own writer, read without a process."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from typing import Any

from contractors import services
from contractors.einvoices import Checked, Refusal
from contractors.einvoices.issued import Address, Company, IssuedInvoice, IssuedLine, Note
from contractors.einvoices.opening import open_invoice
from contractors.einvoices.reading_cii import read
from contractors.einvoices.refusals import refusal
from contractors.einvoices.writing import write
from contractors.models import ReceivedInvoice
from contractors.received_states import ReceivedState
from nexxio.core import clock, jobs, relay
from nexxio.core.actors import SYSTEM
from nexxio.core.models import Job
from nexxio.core.scoping import system_scope
from tests.factories.acting import act
from tests.factories.invoiced import BUYER, SELLER
from tests.factories.world import Party

NOTES = (
    Note("Indemnité forfaitaire pour frais de recouvrement : 40 €.", "PMT"),
    Note("Intérêts moratoires : taux de la BCE majoré de huit points.", "PMD"),
    Note("Pas d’escompte pour paiement anticipé.", "AAB"),
)
PLAIN_PDF = b"%PDF-1.7\n% no data inside\n"


def company(said: dict[str, Any], name: str) -> Company:
    """Return a party as files name it."""
    address = Address(said["line"], said["postcode"], said["city"])
    return Company(name, said["siret"], address, vat_number=said.get("vat_number", ""))


def invoice_file(
    party: Party,
    *,
    reference: str | None = None,
    quantity: str = "1",
    price: str = "62.5",
    rate: str = "10",
    **changes: Any,
) -> bytes:
    """Return the XML of an invoice of the party's order: its own single line, unless it differs."""
    total = (Decimal(quantity) * Decimal(price)).quantize(Decimal("0.01"))
    line = IssuedLine(
        label="Remplacement d’un siphon",
        code="PLB-01",
        quantity=Decimal(quantity),
        unit="u",
        unit_price=Decimal(price),
        vat_rate=Decimal(rate),
        total=total,
    )
    said = IssuedInvoice(
        number="FA-77",
        issued_on=clock.today(),
        seller=company(SELLER, "Plomberie du Canal"),
        buyer=company(BUYER, "Habitat de l’Été"),
        lines=(line,),
        terms="Paiement à 30 jours.",
        notes=NOTES,
        order_reference=party.order.reference if reference is None else reference,
    )
    return write(replace(said, **changes))


def sent(
    party: Party, data: bytes, *, who: str = "desk", name: str = "facture.xml", **more: Any
) -> ReceivedInvoice:
    """Send a file as one of the two desks."""
    partner = party.landlord if who == "desk" else party.contractor
    return act(
        party,
        who,
        services.send_invoice_file,
        partner_id=partner.pk,
        upload=io.BytesIO(data),
        name=name,
        **more,
    )


def settled(received: ReceivedInvoice, read_as: Checked | Refusal | None = None) -> ReceivedInvoice:
    """Go on with a file as its worker would, with what its reader said; return it as it is now."""
    actor = replace(SYSTEM, organisation_id=received.landlord_id)
    with system_scope("tests: received"):
        services.settle_received(actor=actor, received_id=received.pk, read=read_as)
        return ReceivedInvoice.objects.select_related("order", "invoice", "file").get(
            pk=received.pk
        )


def asked(party: Party, data: bytes, *, who: str = "desk", **more: Any) -> ReceivedInvoice:
    """Send a file and let it be read, without the rules that cost seconds; what would hold it is
    asked about first.
    """
    checked = Checked("EN 16931", read(open_invoice(data)), (), ())
    return settled(sent(party, data, who=who, **more), checked)


def taken(party: Party, data: bytes, *, who: str = "desk", **more: Any) -> ReceivedInvoice:
    """Send a file, and file it whatever would hold it."""
    return confirmed(party, asked(party, data, who=who, **more))


def confirmed(party: Party, received: ReceivedInvoice) -> ReceivedInvoice:
    """Let the company file its file all the same, where it is asked."""
    if received.state != ReceivedState.TO_CONFIRM:
        return received
    act(party, "desk", services.confirm_received, received_id=received.pk)
    return settled(received)


def typed_in(
    party: Party, *, number: str = "PAP-1", who: str = "desk", order_number: str = "", **more: Any
) -> ReceivedInvoice:
    """Send a plain PDF and type its figures: those of the party's order."""
    received = settled(sent(party, PLAIN_PDF, who=who, name="papier.pdf"), refusal("NX-NO-XML"))
    said = {
        "number": number,
        "issued_on": clock.today(),
        "total_without_vat": Decimal("62.50"),
        "total_vat": Decimal("6.25"),
        "total_with_vat": Decimal("68.75"),
        "order_number": order_number,
        **more,
    }
    typed = services.TypedInvoice(**said)
    act(party, who, services.complete_received, received_id=received.pk, typed=typed)
    return confirmed(party, settled(received))


def worked_off() -> None:
    """Deliver what happened, and let the worker read what waits."""
    relay.deliver_one_by_one()
    with system_scope("tests: jobs"):
        waiting = list(Job.objects.filter(kind="invoice.read", state="queued"))
    for _job in waiting:
        jobs.run_open()
