"""The one door to each invoice and block: 404 if invisible, 403 only inside."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from contractors import policies
from contractors.models import (
    AccountRule,
    BankAccount,
    Block,
    ClaimLetter,
    FinalAccount,
    Invoice,
    InvoiceFile,
    NamedSubcontractor,
    Paper,
    PaperShare,
    PaymentTransfer,
    ProofFile,
    ReceivedInvoice,
    Retention,
    Subcontract,
    Suspension,
)
from nexxio.core.actors import Actor, Side
from nexxio.core.models import Organisation, Partnership, StoredFile


def get_invoice(actor: Actor, pk: UUID, *, to: str = "read") -> Invoice:
    """Return an invoice that the actor may see; raises Http404 otherwise.

    to: "read", or "act" (403 for a role that only reads). A landlord meets none before it is filed.
    """
    found: Invoice | None = (
        Invoice.objects.filter(pk=pk)
        .select_related(
            "landlord__payment_calendar",
            "contractor",
            "order__contract",
            "order__unit",
            "credits",
        )
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


def get_suspension_file(actor: Actor, pk: UUID) -> tuple[StoredFile, UUID | None]:
    """Return the piece that completed a suspended invoice, and its order. Http404 without one."""
    found = Suspension.objects.filter(pk=pk).select_related("file", "invoice").first()
    if found is None or found.file is None or not policies.reads(actor):
        raise Http404
    return found.file, found.invoice.order_id


def get_claim_letter(actor: Actor, pk: UUID) -> ClaimLetter:
    """Return a company's own claim letter; Http404 to a reader."""
    found = ClaimLetter.objects.filter(pk=pk).select_related("file").first()
    if found is None or not policies.claims(actor):
        raise Http404
    return found


def get_claim_file(actor: Actor, pk: UUID) -> StoredFile:
    """Return the file of a company's own claim letter; Http404 without one, or to a reader."""
    found = get_claim_letter(actor, pk)
    if found.file is None:
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


def get_account_rule(actor: Actor, pk: UUID) -> AccountRule:
    """Return one of the landlord's own rules; Http404 for any other."""
    found = AccountRule.objects.filter(pk=pk, landlord_id=actor.own_id).first()
    if found is None or not policies.pays(actor):
        raise Http404
    return found


def get_transfer(actor: Actor, pk: UUID) -> PaymentTransfer:
    """Return an act that the actor's landlord was notified of.

    Http404 to all others, 403 to who doesn't pay there.
    """
    found: PaymentTransfer | None = (
        PaymentTransfer.objects.filter(pk=pk, landlord_id=actor.own_id)
        .select_related("contractor")
        .first()
    )
    if found is None or not policies.reads(actor):
        raise Http404
    if not policies.pays(actor):
        raise PermissionDenied
    return found


def get_retention(actor: Actor, pk: UUID, *, to: str = "read") -> Retention:
    """Return a retention that the actor may see, as `get_invoice` its invoice."""
    found: Retention | None = (
        Retention.objects.filter(pk=pk)
        .select_related("landlord", "contractor", "invoice__order")
        .first()
    )
    if found is None or not policies.reads(actor):
        raise Http404
    if to == "act" and not policies.releases(actor):
        raise PermissionDenied
    return found


def get_subcontract(actor: Actor, pk: UUID, *, to: str = "read") -> Subcontract:
    """Return a declared subcontractor that the actor may see, as `get_invoice` its invoice."""
    found: Subcontract | None = (
        Subcontract.objects.filter(pk=pk)
        .select_related("landlord", "contractor", "contract__landlord", "contract__contractor")
        .select_related("file")
        .first()
    )
    if found is None or not policies.reads(actor):
        raise Http404
    if to == "act" and not policies.desk(actor):
        raise PermissionDenied
    return found


def get_final(actor: Actor, pk: UUID, *, to: str = "read") -> FinalAccount:
    """Return a final account that the actor may see, as `get_invoice` its invoice."""
    found: FinalAccount | None = (
        FinalAccount.objects.filter(pk=pk)
        .select_related("landlord", "contractor", "order", "file")
        .first()
    )
    if found is None or not policies.reads(actor):
        raise Http404
    if to == "act" and not policies.desk(actor):
        raise PermissionDenied
    return found


def get_named(actor: Actor, pk: UUID) -> NamedSubcontractor:
    """Return who comes to an order of the actor's own company; Http404 for any other."""
    found = NamedSubcontractor.objects.filter(pk=pk, contractor_id=actor.own_id).first()
    if found is None or not policies.declares(actor):
        raise Http404
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


def get_company(actor: Actor, pk: UUID) -> Organisation:
    """Return a company that the actor's landlord works with; Http404 for any other."""
    pair = {"landlord_id": actor.own_id, "contractor_id": pk}
    found = Partnership.objects.filter(**pair).select_related("contractor").first()
    if actor.side is not Side.LANDLORD or found is None:
        raise Http404
    return found.contractor


def get_paper_file(actor: Actor, pk: UUID) -> StoredFile:
    """Return the file of one of the company's own papers, older ones included."""
    found = Paper.objects.filter(pk=pk, organisation_id=actor.own_id).select_related("file").first()
    if found is None or not policies.reads(actor):
        raise Http404
    return found.file


def get_share(actor: Actor, pk: UUID, *, to: str = "read") -> PaperShare:
    """Return a landlord's copy of a paper, as `get_invoice` an invoice."""
    found: PaperShare | None = (
        PaperShare.objects.filter(pk=pk, landlord_id=actor.own_id)
        .select_related("paper", "file", "contractor")
        .first()
    )
    if found is None or not policies.reads(actor):
        raise Http404
    if to == "act" and not policies.answers_papers(actor):
        raise PermissionDenied
    return found


def get_account(actor: Actor, pk: UUID) -> BankAccount:
    """Return bank details that the actor's desk may act on: its own, or those of a company.

    Http404 to outsiders, 403 to who neither pays nor is at the company's desk.
    """
    found = BankAccount.objects.filter(pk=pk).select_related("organisation").first()
    if found is None or not policies.reads(actor):
        raise Http404
    own = found.organisation_id == actor.own_id
    if not (policies.desk(actor) if own else policies.pays(actor)):
        raise PermissionDenied
    return found
