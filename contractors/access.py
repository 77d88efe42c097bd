"""The one door to each invoice and block: 404 if invisible, 403 only inside."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from contractors import policies
from contractors.models import Block, ClaimLetter, Invoice, InvoiceFile, ProofFile, ReceivedInvoice
from nexxio.core.actors import Actor
from nexxio.core.models import StoredFile


def get_invoice(actor: Actor, pk: UUID, *, to: str = "read") -> Invoice:
    """Return an invoice that the actor may see; raises Http404 otherwise.

    to: "read", or "act" (403 for a role that only reads). A landlord meets none before it is filed.
    """
    found: Invoice | None = (
        Invoice.objects.filter(pk=pk)
        .select_related("landlord", "contractor", "order__contract", "credits")
        .first()
    )
    if found is None or not policies.reads(actor):
        raise Http404
    if to == "act" and not policies.desk(actor):
        raise PermissionDenied
    return found


def get_invoice_file(actor: Actor, pk: UUID) -> tuple[StoredFile, UUID | None]:
    """Return the Factur-X of an invoice and its order, whose log of files notes who opens it.

    The invoice's own door is passed first; Http404 without a file.
    """
    invoice = get_invoice(actor, pk)
    own = {"landlord_id": invoice.landlord_id, "invoice_id": invoice.pk}
    found = InvoiceFile.objects.filter(**own).select_related("file").first()
    if found is None or found.file is None:
        raise Http404
    return found.file, invoice.order_id


def get_claim_file(actor: Actor, pk: UUID) -> StoredFile:
    """Return the file of a company's own claim letter; Http404 without one, or to a reader."""
    found = ClaimLetter.objects.filter(pk=pk).select_related("file").first()
    if found is None or found.file is None or not policies.claims(actor):
        raise Http404
    return found.file


def get_proof_file(actor: Actor, pk: UUID) -> StoredFile:
    """Return the file of an organisation's own proof file; Http404 without one, or to a reader."""
    found = ProofFile.objects.filter(pk=pk).select_related("file").first()
    if found is None or found.file is None or not policies.desk(actor):
        raise Http404
    return found.file


def get_block(actor: Actor, pk: UUID, *, to: str = "read") -> Block:
    """Return a block that the actor may see, as `get_invoice` its invoice."""
    found: Block | None = (
        Block.objects.filter(pk=pk)
        .select_related("landlord", "contractor", "order", "invoice")
        .first()
    )
    if found is None or not policies.reads(actor):
        raise Http404
    if to == "act" and not policies.desk(actor):
        raise PermissionDenied
    return found


def get_received(actor: Actor, pk: UUID, *, to: str = "read") -> ReceivedInvoice:
    """Return an invoice's file that the actor may see, as `get_invoice` its invoice."""
    found: ReceivedInvoice | None = (
        ReceivedInvoice.objects.filter(pk=pk)
        .select_related("landlord", "contractor", "file", "order")
        .first()
    )
    if found is None or not policies.reads(actor):
        raise Http404
    if to == "act" and not policies.desk(actor):
        raise PermissionDenied
    return found


def get_received_file(actor: Actor, pk: UUID) -> StoredFile:
    """Return the bytes of a file as they came; Http404 as long as they aren't known to be safe."""
    received = get_received(actor, pk)
    if not policies.file_is_served(received):
        raise Http404
    return received.file
