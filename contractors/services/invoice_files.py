"""Writes of the file of an invoice (Factur-X): opened when it is filed, made by a worker.

The parties, and where to pay, are kept when the file is opened. A worker that was down finds the
job when it is back.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.db import transaction

from contractors import events, policies
from contractors.models import Invoice, InvoiceFile, InvoiceFileState
from contractors.services.issuing import ACCOUNT, account_of, file_name, parties_of
from contractors.services.moves import lock_invoice, record_of
from nexxio.core import clock, jobs, made_files
from nexxio.core.actors import SYSTEM, Actor
from nexxio.core.errors import Refused
from nexxio.core.models import Event

MAKE = "invoice.pdf"


def open_file(invoice: Invoice) -> InvoiceFile:
    """Keep who the parties are, for the file of an invoice that is being handed over.

    Runs in the transaction of the filing, which locks the invoice. Where a mention is missing the
    file waits for it; one that has been opened before stays as it is unless it waits.
    """
    assert invoice.contractor_id is not None
    own = {"landlord_id": invoice.landlord_id, "invoice_id": invoice.pk}
    found = InvoiceFile.objects.filter(**own).select_for_update(of=("self",)).first()
    if found is not None and not policies.file_waits(found):
        return found
    if found is None:
        found = InvoiceFile(**own, contractor_id=invoice.contractor_id)
        found.save(force_insert=True)
    parties = parties_of(invoice)
    found.parties = {**parties.as_json(), ACCOUNT: account_of(invoice)}
    found.state = InvoiceFileState.PREPARING if parties.is_complete else InvoiceFileState.LACKING
    found.asked_at = clock.now() if parties.is_complete else None
    found.save(update_fields=["parties", "state", "asked_at"])
    return found


@transaction.atomic
def ask_invoice_file(*, actor: Actor, invoice_id: UUID) -> InvoiceFile:
    """Ask for the file of an invoice that was handed over without one. Locks the invoice.

    Raises Refused for another side, before it is handed over, while one is made or there, and as
    long as a mention is missing.
    """
    invoice = lock_invoice(invoice_id)
    own = {"landlord_id": invoice.landlord_id, "invoice_id": invoice.pk}
    former = InvoiceFile.objects.filter(**own).first()
    if not policies.asks_for_file(actor, invoice):
        raise Refused("Cette facture n’a pas encore de fichier à préparer.", code="state")
    if former is not None and not policies.file_waits(former):
        raise Refused("Le fichier de cette facture est déjà préparé.", code="repeated")
    found = open_file(invoice)
    if found.state == InvoiceFileState.LACKING:
        raise Refused("Il manque encore une mention obligatoire de la facture.", code="lacking")
    record_of(events.InvoiceFileAsked(number=invoice.number), invoice, actor)
    return found


def order_file(*, event: Event) -> None:
    """Open the job that makes a file that waits to be made. Runs in the relay's transaction."""
    own = {"landlord_id": event.landlord_id, "invoice_id": event.subject_id}
    found = InvoiceFile.objects.filter(**own, state=InvoiceFileState.PREPARING).first()
    if found is not None:
        printer = replace(SYSTEM, organisation_id=found.landlord_id)
        jobs.ask(kind=MAKE, actor=printer, payload={"file": str(found.pk)}, awaited=True)


@transaction.atomic
def keep_invoice_file(*, actor: Actor, file_id: UUID, pdf: bytes) -> InvoiceFile:
    """Keep the file that a worker has made. Locks the invoice, then the file's row.

    One that is ready already stays as it is: the worker before was only slow.
    """
    found, invoice = _lock(file_id)
    if made_files.keep(
        found,
        pdf,
        landlord_id=found.landlord_id,
        contractor_id=found.contractor_id,
        name=file_name(invoice),
    ):
        record_of(events.InvoiceFileMade(number=invoice.number), invoice, actor)
    return found


@transaction.atomic
def fail_invoice_file(*, actor: Actor, file_id: UUID) -> InvoiceFile:
    """Note that the file could not be made, so that the page offers to try again."""
    found, invoice = _lock(file_id)
    if made_files.give_up(found):
        record_of(events.InvoiceFileFailed(number=invoice.number), invoice, actor)
    return found


def _lock(file_id: UUID) -> tuple[InvoiceFile, Invoice]:
    invoice = lock_invoice(InvoiceFile.objects.values_list("invoice_id", flat=True).get(pk=file_id))
    found: InvoiceFile = InvoiceFile.objects.select_for_update(of=("self",)).get(pk=file_id)
    return found, invoice
