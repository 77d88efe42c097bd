"""What becomes of a file that is a credit note: it reduces the invoice that it names.

Runs in a worker, as the system; the pair of organisations and the file are locked by the caller.
"""

from __future__ import annotations

from contractors import credit_events, policies, received_events
from contractors.incoming import Incoming, Problem
from contractors.models import Invoice, InvoiceLine, ReceivedInvoice
from contractors.received_states import ReceivedState
from contractors.services.credits import exceeds, left_of
from contractors.services.moves import lock_invoice, record_of
from contractors.services.received_rows import line_of, received_on, refuse, share
from contractors.states import (
    BILLS,
    CREDITABLE,
    GIVEN_UP,
    UNFILED,
    CreditReason,
    InvoiceKind,
    InvoiceState,
)
from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.outbox import record
from nexxio.core.templatetags.ui import money_text


def match_credit(received: ReceivedInvoice, said: Incoming, actor: Actor) -> ReceivedInvoice:
    """Make a credit note of the invoice of these two parties that the file names.

    Refused, and kept as evidence, where there is none such, and where it takes back more than is
    left of it. To a landlord that takes Chorus Pro only it waits to be filed there.
    """
    found = Invoice.objects.filter(
        landlord_id=received.landlord_id,
        contractor_id=received.contractor_id,
        number=said.credits_number,
        kind__in=BILLS,
        filed_at__isnull=False,
    ).first()
    if found is None:
        text = f"Cet avoir reprend la facture {said.credits_number}, que nous n’avons pas."
        return refuse(received, Problem("NX-CREDIT", text), actor)
    invoice = lock_invoice(found.pk)
    problem = _problem(received, said, invoice)
    if problem is not None:
        return refuse(received, problem, actor)
    return _turn(received, said, invoice, actor)


def _sender(received: ReceivedInvoice) -> Problem | None:
    """A credit note lowers what is owed: only the company itself says so."""
    if policies.waits_for_chorus(received):
        text = "Vos avoirs passent par Chorus Pro : invitez l’entreprise à l’y déposer."
        return Problem("NX-CHORUS", text)
    if received.side == Side.LANDLORD:
        text = "Un avoir se dépose par l’entreprise elle-même : invitez-la à l’envoyer."
        return Problem("NX-CREDIT-SENDER", text)
    return None


def _problem(received: ReceivedInvoice, said: Incoming, invoice: Invoice) -> Problem | None:
    sender = _sender(received)
    if sender is not None:
        return sender
    if invoice.state not in CREDITABLE:
        text = f"La facture {invoice.number} est déjà annulée, ou n’a pas été acceptée."
        return Problem("NX-CREDIT", text)
    own = {"landlord_id": invoice.landlord_id, "credits_id": invoice.pk}
    if Invoice.objects.filter(**own, state__in=UNFILED).exists():
        text = f"Un autre avoir de la facture {invoice.number} attend déjà d’être déposé."
        return Problem("NX-CREDIT", text)
    assert said.with_vat is not None
    assert said.without_vat is not None
    if exceeds(invoice, said.without_vat, said.with_vat):
        text = f"Cet avoir dépasse ce qui reste de la facture {invoice.number}."
        return Problem("NX-CREDIT-SUM", text)
    left, _with_vat = left_of(invoice)
    if invoice.state in GIVEN_UP and said.without_vat != left:
        text = (
            f"La facture {invoice.number} a été refusée : elle s’annule en entier, par un avoir de"
            f" {money_text(left)} HT."
        )
        return Problem("NX-CREDIT-PART", text)
    return None


def _turn(
    received: ReceivedInvoice, said: Incoming, invoice: Invoice, actor: Actor
) -> ReceivedInvoice:
    assert said.issued_on is not None
    assert said.without_vat is not None
    assert said.vat is not None
    assert said.with_vat is not None
    share(received)
    waits = policies.goes_by_chorus(received.landlord)
    on = received_on(received)
    credit = Invoice(
        landlord=received.landlord,
        contractor_id=received.contractor_id,
        kind=InvoiceKind.CREDIT_NOTE,
        credits=invoice,
        credit_reason=CreditReason.OTHER,
        order=invoice.order,
        department=invoice.department,
        number=received.number,
        state=InvoiceState.TO_FILE if waits else InvoiceState.RECEIVED,
        state_since=clock.now(),
        issued_on=said.issued_on,
        filed_at=None if waits else max(received.created_at, received.shared_at or clock.now()),
        received_on=None if waits else on,
        total_without_vat=said.without_vat,
        total_vat=said.vat,
        total_with_vat=said.with_vat,
        came_as_file=True,
    )
    credit.save(force_insert=True)
    InvoiceLine.objects.bulk_create(
        line_of(credit, line, rank) for rank, line in enumerate(said.lines, start=1)
    )
    received.state, received.invoice, received.problems = ReceivedState.TURNED, credit, []
    received.order = invoice.order
    received.save(update_fields=["state", "invoice", "problems", "order"])
    event = received_events.ReceivedTurned(number=credit.number)
    record(event, actor=actor, subject=received, subject_type="received")
    if not waits:
        received_event = credit_events.CreditNoteReceived(number=credit.number, on=on)
        record_of(received_event, credit, actor)
    return received
