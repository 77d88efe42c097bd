"""Invoices for tests: prepared, filed, blocked, suspended, paid."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from contractors import services
from contractors.models import (
    IN_CIRCUIT,
    Block,
    BlockedAlert,
    BlockHolder,
    ClaimLetter,
    Invoice,
    InvoiceFile,
    ProofFile,
    Suspension,
)
from nexxio.core import clock, files
from nexxio.core.actors import SYSTEM
from nexxio.core.models import LegalForm, Organisation
from nexxio.core.scoping import system_scope
from orders.models import Order
from tests.factories.acting import act
from tests.factories.certified import finished, finished_elsewhere, signed
from tests.factories.world import Party


def becomes(party: Party, form: LegalForm) -> None:
    """Give the party's landlord another legal form: an OPH takes invoices by Chorus Pro only."""
    with system_scope("tests: legal form"):
        Organisation.objects.filter(pk=party.landlord.pk).update(legal_form=form)
    party.landlord.legal_form = form


SELLER = {
    "siret": "73282932000074",
    "vat_number": "FR44732829320",
    "line": "8 quai de Valmy",
    "postcode": "75010",
    "city": "Paris",
    "legal_form": "SARL",
    "capital": Decimal(10000),
    "register": "RCS Paris 732 829 320",
}
BUYER = {"siret": "55208131766522", "line": "1 rue du Bac", "postcode": "75007", "city": "Paris"}


def billed(party: Party) -> None:
    """Let both sides say who they are on invoices."""
    mark = party.landlord.name.removeprefix("Rivage Habitat")
    for who, said in (("desk", SELLER), ("manager", BUYER)):
        typed = services.BillingInput(**{**said, "more": f"Bâtiment B{mark}"})
        act(party, who, services.save_billing, typed=typed)


def prepared(party: Party, *, certified: bool = True) -> Invoice:
    """Finish the party's order (and let the landlord sign), then prepare its invoice."""
    (signed if certified else finished)(party)
    return act(party, "desk", services.prepare_invoice, order_id=party.order.pk)


def filed(party: Party, *, certified: bool = True) -> Invoice:
    """Prepare and file the invoice of the party's order, the way its landlord takes it."""
    return handed_over(party, prepared(party, certified=certified))


def handed_over(party: Party, invoice: Invoice) -> Invoice:
    """File an invoice, through Chorus Pro where the landlord takes no other way."""
    if party.landlord.legal_form != LegalForm.OPH:
        return act(party, "desk", services.file_invoice, invoice_id=invoice.pk)
    act(party, "desk", services.file_invoice, invoice_id=invoice.pk)
    return act(
        party,
        "desk",
        services.note_chorus,
        invoice_id=invoice.pk,
        chorus_number=f"CPP-{invoice.number}-{party.landlord.slug}",
        filed_on=clock.today(),
    )


def filed_elsewhere(party: Party) -> Invoice:
    """File the invoice of another order, whose certificate waits."""
    order_id = finished_elsewhere(party).order_id
    return handed_over(party, act(party, "desk", services.prepare_invoice, order_id=order_id))


def with_file(invoice: Invoice, pdf: bytes = b"%PDF-1.7") -> None:
    """Keep a file of the invoice, as a worker would, without printing one."""
    with system_scope("tests: invoice file"):
        pk = InvoiceFile.objects.get(invoice=invoice).pk
        services.keep_invoice_file(actor=SYSTEM, file_id=pk, pdf=pdf)


def claimed(party: Party, invoice: Invoice, pdf: bytes = b"%PDF-1.7") -> ClaimLetter:
    """Keep a claim letter about an invoice, as a worker would, without printing one."""
    with system_scope("tests: claim letter"):
        letter = ClaimLetter.objects.create(
            organisation=party.contractor,
            debtor=party.landlord,
            invoice_ids=[invoice.pk],
            as_of=clock.today(),
            asked_at=clock.now(),
        )
        return services.keep_claim(actor=SYSTEM, letter_id=letter.pk, pdf=pdf)


def proved(party: Party, who: str = "desk", pdf: bytes = b"%PDF-1.7") -> ProofFile:
    """Keep a proof file of the party's order for an organisation, as a worker would."""
    proof = act(party, who, services.ask_proof, order=party.order)
    with system_scope("tests: proof file"):
        return services.keep_proof(actor=SYSTEM, proof_id=proof.pk, name="dossier.pdf", pdf=pdf)


def alerted(party: Party) -> None:
    """Note that what is blocked between the two houses has been looked at."""
    with system_scope("tests: blocked alert"):
        BlockedAlert.objects.create(landlord=party.landlord, contractor=party.contractor)


def seen_to(party: Party, invoice: Invoice) -> BlockHolder:
    """Let the landlord's manager see to what he holds of an invoice."""
    with system_scope("tests: blocks"):
        block = Block.objects.get(invoice=invoice, side="landlord", closed_at__isnull=True)
    return act(party, "manager", services.see_to_block, block_id=block.pk)


def aged(invoice: Invoice, received_on: date, with_vat: Decimal, *, days: int = 30) -> Invoice:
    """Let an invoice have been received on a day of the past, for another sum; return it."""
    vat = (with_vat / 11).quantize(Decimal("0.01"))
    long_ago = datetime.combine(received_on - timedelta(days=60), time(9), clock.PARIS)
    with system_scope("tests: an old invoice"):
        Invoice.objects.filter(pk=invoice.pk).update(
            issued_on=received_on,
            received_on=received_on,
            due_on=received_on + timedelta(days=days),
            total_without_vat=with_vat - vat,
            total_vat=vat,
            total_with_vat=with_vat,
        )
        Order.objects.filter(pk=invoice.order_id).update(done_at=long_ago)
    return again(invoice)


def suspended(party: Party, invoice: Invoice) -> Invoice:
    """Let the landlord suspend an invoice for a wrong rate; return it."""
    act(
        party,
        "manager",
        services.suspend,
        invoice_id=invoice.pk,
        cause="B11",
        note=f"Taux à corriger, {party.landlord.name}",
        pieces=["Facture corrigée"],
    )
    return again(invoice)


def pieced(invoice: Invoice) -> Suspension:
    """Let an invoice have been completed with a piece once, long after the others."""
    with system_scope("tests: a piece"):
        kept = files.store(
            b"%PDF-1.7",
            landlord_id=invoice.landlord_id,
            contractor_id=invoice.contractor_id,
            tenant_id=None,
            reader_case_id=None,
            media_type="application/pdf",
            name=f"piece-{invoice.number}.pdf",
        )
        return Suspension.objects.create(
            landlord_id=invoice.landlord_id,
            contractor_id=invoice.contractor_id,
            invoice=invoice,
            number=9,
            cause="B07",
            note="Photo",
            pieces=["Photo"],
            notified_at=clock.now(),
            completed_at=clock.now(),
            file=kept,
        )


def paid_elsewhere(party: Party) -> Invoice:
    """Admit a part of another order's invoice, and announce its payment."""
    invoice = filed_elsewhere(party)
    act(
        party,
        "manager",
        services.approve_in_part,
        invoice_id=invoice.pk,
        admitted=invoice.total_with_vat / 2,
        cause="B08",
        note=f"La moitié est faite, {party.landlord.name}",
    )
    act(
        party,
        "manager",
        services.announce_payment,
        invoice_id=invoice.pk,
        paid_on=clock.today(),
    )
    return again(invoice)


def again(invoice: Invoice) -> Invoice:
    """Return an invoice as it is now."""
    with system_scope("tests: invoices"):
        return Invoice.objects.select_related("order").get(pk=invoice.pk)


def blocks_of(party: Party, *, open_only: bool = True) -> list[Block]:
    """Return what holds the invoices of the party's own order, or would, by cause."""
    with system_scope("tests: blocks"):
        rows = Block.objects.filter(~IN_CIRCUIT, order=party.order)
        rows = rows.filter(closed_at__isnull=True) if open_only else rows
        return list(rows.order_by("cause", "side", "opened_at"))


def circuit_of(party: Party, *, open_only: bool = True) -> list[Block]:
    """Return who has the invoices of the party's own order that nothing holds, the oldest first."""
    with system_scope("tests: circuit"):
        rows = Block.objects.filter(IN_CIRCUIT, order=party.order)
        rows = rows.filter(closed_at__isnull=True) if open_only else rows
        return list(rows.order_by("opened_at"))
