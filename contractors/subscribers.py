"""Reactions to events: blocks open and close by themselves when a fact changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage

from contractors import alert_days, services
from contractors.einvoices import Checked, ReadLifecycle, Refusal, check_file, read_lifecycle
from contractors.models import (
    Block,
    ClaimLetter,
    ClaimState,
    FinalAccount,
    InvoiceFile,
    InvoiceFileState,
    NamedSubcontractor,
    PaperAsk,
    ProofFile,
    ProofState,
    ReceivedInvoice,
)
from contractors.received_states import ReceivedState
from contractors.selectors.claims import claim_sheet
from contractors.selectors.final_accounts import final_sheet
from contractors.selectors.proof_sheet import proof_sheet, reader_of
from contractors.selectors.sheet import sheet
from contractors.services import (
    claims,
    final_seals,
    invoice_files,
    looking,
    paper_clock,
    payment_terms,
    proofs,
    received,
)
from nexxio.core import clock
from nexxio.core.actors import SYSTEM, scope_of
from nexxio.core.jobs import Progress, job_kind
from nexxio.core.models import Event, Job
from nexxio.core.scoping import system_scope
from nexxio.core.subscriptions import subscribe
from orders.models import SealState
from orders.services import seal_states

TEMPLATE = "documents/invoice.html"
CLAIM = "documents/claim.html"
LIFECYCLE = "NX-LIFECYCLE"
PROOF = "documents/proof.html"
FINAL = "documents/final_account.html"
LOOKED_AT = 50
"""Orders between two signs of life of the job that looks at them again."""


@subscribe(
    "blocks",
    "order.accepted",
    "order.done",
    "order.certified",
    "order.reopened",
    "order.cancelled",
    "order.superseded",
    "order.stopped",
    "order.commitment_given",
    "certificate.submitted",
    "certificate.signed",
    "certificate.refused",
    "certificate.tacit",
    "certificate.expired",
    "variation.asked",
    "variation.granted",
    "variation.partly_granted",
    "variation.rejected",
    "variation.withdrawn",
    "regularisation.*",
    "reduction.*",
    "reserve.*",
    "sign_off.*",
    "visit.done",
    "visit.photo_added",
    "visit.photo_withdrawn",
    "piece.*",
    "subcontractor.*",
    "invoice.*",
    "block.closed",  # what was said may have hidden a fact
)
def look_again(event: Event) -> None:
    """Look at the order's facts again. Idempotent: what hasn't changed stays as it is."""
    if event.order_id is not None:
        actor = replace(SYSTEM, organisation_id=event.landlord_id)
        services.look_at_order(actor=actor, order_id=event.order_id)


@subscribe("blocks_apart", "invoice.*", "block.closed")
def look_at_what_no_order_asks_for(event: Event) -> None:
    """Say who has an invoice that no order asked for. Idempotent."""
    if event.order_id is not None:
        return
    invoice_id: UUID | None = None
    if event.subject_type == "invoice":
        invoice_id = event.subject_id
    elif event.subject_type == "block":
        rows = Block.objects.filter(landlord_id=event.landlord_id, pk=event.subject_id)
        invoice_id = rows.values_list("invoice_id", flat=True).first()
    if invoice_id is not None:
        actor = replace(SYSTEM, organisation_id=event.landlord_id)
        services.look_at_apart(actor=actor, invoice_id=invoice_id)


@subscribe(
    "blocks_of_pair",
    *("bank.called", "bank.refused", "bank.stopped", "bank.in_force", "bank.withdrawn"),
    *("billing.changed", "contract.changed"),
)
def look_at_all_of(event: Event) -> None:
    """Let a worker look again at what bank details, billing details or a contract's terms hold.

    Idempotent: what hasn't changed stays as it is.
    """
    if event.kind == "contract.changed":
        if looking.TERMS.intersection(event.payload["terms"]):
            looking.ask_look(landlord_id=event.landlord_id, contract_id=event.subject_id)
        return
    house = event.contractor_id or event.landlord_id
    if house == event.landlord_id:  # of one organisation alone, which the event names twice
        looking.ask_looks_of_house(organisation_id=house, as_landlord=event.contractor_id is None)
        return
    looking.ask_look(landlord_id=event.landlord_id, contractor_id=event.contractor_id)


@job_kind(looking.LOOK)
def look_at_orders(job: Job, progress: Progress) -> dict[str, Any]:
    """Look at a landlord's orders with a company, or of a contract, again; each by itself."""
    contractor, contract = job.payload["contractor"], job.payload["contract"]
    with system_scope(f"blocks.look: {job.landlord_id}"):
        keys = looking.orders_decided_by(
            landlord_id=job.landlord_id,
            contractor_id=UUID(contractor) if contractor else None,
            contract_id=UUID(contract) if contract else None,
        )
        _look_at_each(job, keys, progress)
    return {"orders": len(keys)}


def _look_at_each(job: Job, keys: list[UUID], progress: Progress) -> None:
    """Read many at once, written each by itself; taken up again after a crash, it goes on."""
    actor = replace(SYSTEM, organisation_id=job.landlord_id)
    days = alert_days.load()
    for done in range(0, len(keys), LOOKED_AT):
        some = keys[done : done + LOOKED_AT]
        services.look_at_orders(actor=actor, order_ids=some, days=days)
        progress.step(done=done + len(some), total=len(keys))


@subscribe("subcontracts", "subcontract.*")
def look_at_who_comes(event: Event) -> None:
    """Look at the orders that name a subcontractor whose declaration has changed. Idempotent."""
    rows = NamedSubcontractor.objects.filter(
        landlord_id=event.landlord_id, subcontract_id=event.subject_id
    )
    actor = replace(SYSTEM, organisation_id=event.landlord_id)
    keys = rows.order_by("order_id").values_list("order_id", flat=True).distinct()
    services.look_at_orders(actor=actor, order_ids=list(keys))


@subscribe("suspensions", "block.closed")
def complete_what_came(event: Event) -> None:
    """End a suspension once what it was for is there. Idempotent."""
    if event.order_id is not None:
        actor = replace(SYSTEM, organisation_id=event.landlord_id)
        services.complete_by_fact(
            actor=actor,
            order_id=event.order_id,
            cause=str(event.payload["cause"]),
            at=event.happened_at,
        )


@subscribe(
    "sums",
    "invoice.approved",
    "invoice.partly_approved",
    "invoice.part_paid",
    "invoice.part_received",
    "invoice.reduced",
)
def settle_by_sum(event: Event) -> None:
    """Let an invoice's state follow what was paid and what is owed. Idempotent."""
    actor = replace(SYSTEM, organisation_id=event.landlord_id)
    services.settle_by_sum(actor=actor, invoice_id=event.subject_id)


@subscribe("retentions", "order.done", "order.stopped", "order.certified")
def date_retentions(event: Event) -> None:
    """Say when what is held of an order is to be paid. Idempotent."""
    if event.order_id is not None:
        services.date_retentions(order_id=event.order_id)


@subscribe("credit", "credit_note.received")
def reduce_its_invoice(event: Event) -> None:
    """Let a filed credit note reduce its invoice. Idempotent."""
    actor = replace(SYSTEM, organisation_id=event.landlord_id)
    services.apply_credit(actor=actor, credit_id=event.subject_id)


@subscribe(
    *("invoice_file", "invoice.queued", "invoice.filed", "invoice.file_asked"),
    *("credit_note.queued", "credit_note.filed"),
)
def order_file(event: Event) -> None:
    """Let a worker make the file of an invoice that was handed over."""
    invoice_files.order_file(event=event)


@job_kind(invoice_files.MAKE)
def make_invoice_file(job: Job, _progress: Progress) -> dict[str, Any]:
    """Make the Factur-X of an invoice: its page and its XML in one PDF.

    As the clock: a landlord reads no invoice before it is filed, and one for Chorus Pro has its
    file before.
    """
    actor = replace(SYSTEM, organisation_id=job.landlord_id)
    with system_scope(f"invoice.pdf: {job.payload['file']}"):
        found = InvoiceFile.objects.get(pk=job.payload["file"], landlord_id=job.landlord_id)
        if found.state == InvoiceFileState.READY:
            return {"file": str(found.pk)}
        try:
            pdf = _print(found)
        except Exception:
            services.fail_invoice_file(actor=actor, file_id=found.pk)
            raise
        services.keep_invoice_file(actor=actor, file_id=found.pk, pdf=pdf)
    return {"file": str(found.pk)}


def _print(found: InvoiceFile) -> bytes:
    # What prints and writes is loaded by the worker, and by nobody else.
    from contractors.einvoices.embedding import embed
    from contractors.einvoices.writing import write
    from nexxio.core import documents

    page = sheet(found)
    html = documents.render_html(TEMPLATE, {"sheet": page})
    pdf = documents.print_pdf(html, variant=documents.ARCHIVED)
    return embed(pdf, write(page.issued), at=clock.now())


@subscribe("claim_letter", "claim.asked")
def order_letter(event: Event) -> None:
    """Let a worker print a claim letter."""
    claims.order_claim(event=event)


@job_kind(claims.MAKE)
def make_claim_letter(job: Job, _progress: Progress) -> dict[str, Any]:
    """Print a claim letter. As the clock: it names the landlord as invoices do."""
    actor = replace(SYSTEM, organisation_id=job.landlord_id)
    with system_scope(f"claim.pdf: {job.payload['letter']}"):
        found = ClaimLetter.objects.get(pk=job.payload["letter"], organisation_id=job.landlord_id)
        if found.state == ClaimState.READY:
            return {"letter": str(found.pk)}
        try:
            pdf = _print_claim(found)
        except Exception:
            services.fail_claim(actor=actor, letter_id=found.pk)
            raise
        services.keep_claim(actor=actor, letter_id=found.pk, pdf=pdf)
    return {"letter": str(found.pk)}


def _print_claim(found: ClaimLetter) -> bytes:
    from nexxio.core import documents  # loaded by the worker only, as above

    return documents.print_pdf(documents.render_html(CLAIM, {"sheet": claim_sheet(found)}))


@subscribe("final_account_seal", "final_account.agreed", "final_account.seal_asked")
def seal_final(event: Event) -> None:
    """Open the job that prints and seals a definitive account."""
    final_seals.open_final_seal(event=event)


@job_kind(final_seals.SEAL)
def make_sealed_final(job: Job, _progress: Progress) -> dict[str, Any]:
    """Print a definitive account and seal it, in its landlord's scope.

    Without a key it fails, says so on the page, and can be asked for again.
    """
    actor = replace(SYSTEM, organisation_id=job.landlord_id)
    account = FinalAccount.objects.select_related("landlord", "contractor", "order__contract").get(
        pk=job.payload["account"]
    )
    if account.seal == SealState.SEALED:
        return {"number": account.number}

    def fail() -> None:
        with system_scope(f"final_account.pdf: {account.pk}"):
            services.fail_final_seal(actor=actor, account_id=account.pk)

    with seal_states.sealing(job, fail):
        pdf = seal_states.print_sealed(FINAL, final_sheet(account))
    with system_scope(f"final_account.pdf: {account.pk}"):
        services.keep_sealed_final(actor=actor, account_id=account.pk, pdf=pdf)
    return {"number": account.number}


@subscribe("proof_file", "proof.asked")
def order_proof(event: Event) -> None:
    """Let a worker print a proof file."""
    proofs.order_proof(event=event)


@job_kind(proofs.MAKE)
def make_proof_file(job: Job, _progress: Progress) -> dict[str, Any]:
    """Print a proof file with the eyes of the organisation that asked for it, and no others."""
    actor = replace(SYSTEM, organisation_id=job.landlord_id)
    with system_scope(f"proof.pdf: {job.payload['proof']}"):
        found = ProofFile.objects.select_related("organisation").get(
            pk=job.payload["proof"], organisation_id=job.landlord_id
        )
        if found.state == ProofState.READY:
            return {"proof": str(found.pk)}
        try:
            name, pdf = _print_proof(found)
        except Exception:
            services.fail_proof(actor=actor, proof_id=found.pk)
            raise
        services.keep_proof(actor=actor, proof_id=found.pk, name=name, pdf=pdf)
    return {"proof": str(found.pk)}


def _print_proof(found: ProofFile) -> tuple[str, bytes]:
    from nexxio.core import documents  # loaded by the worker only, as above

    reader = reader_of(found)
    with scope_of(reader):
        page = proof_sheet(reader, found)
        html = documents.render_html(PROOF, {"sheet": page})
    return f"dossier-{page.order.reference}.pdf", documents.print_pdf(html)


@subscribe(
    *("received", "received.uploaded", "received.completed"),
    *("received.attached", "received.confirmed", "received.chorus_noted"),
)
def order_reading(event: Event) -> None:
    """Let a worker read a file, or go on with it."""
    received.order_reading(event=event)


@subscribe("received_orders", "order.done", "order.stopped")
def match_waiting(event: Event) -> None:
    """Go on with the invoices that came before their works were over. Idempotent."""
    if event.order_id is not None:
        actor = replace(SYSTEM, organisation_id=event.landlord_id)
        services.match_waiting(actor=actor, order_id=event.order_id)


@job_kind(received.READ)
def read_received(job: Job, _progress: Progress) -> dict[str, Any]:
    """Read a file, in a process of its own, and do what follows from it. As the clock."""
    actor = replace(SYSTEM, organisation_id=job.landlord_id)
    key = UUID(job.payload["received"])
    with system_scope(f"invoice.read: {key}"):
        found = ReceivedInvoice.objects.select_related("file").get(
            pk=key, landlord_id=job.landlord_id
        )
        try:
            services.settle_received(actor=actor, received_id=key, read=_read(found))
        except Exception:
            services.fail_received(actor=actor, received_id=key)
            raise
    return {"received": str(key)}


def _read(found: ReceivedInvoice) -> Checked | Refusal | ReadLifecycle | None:
    """Return what the reader says; None of a file whose figures are known."""
    if found.state != ReceivedState.READING or found.number:
        return None
    with default_storage.open(found.file.storage_path) as kept:
        data = kept.read()
    read = check_file(data)
    if isinstance(read, Refusal) and read.reason.rule == LIFECYCLE:
        return read_lifecycle(data)
    return read


@subscribe(
    "order_closing",
    "invoice.paid",
    "invoice.reduced",
    "invoice.credited",
    "order.certified",
    "sign_off.checked",
    "block.closed",  # the landlord has let a sum pass that was too much
)
def close_what_is_settled(event: Event) -> None:
    """Close the order once it is certified and nothing is left to pay. Idempotent."""
    if event.order_id is not None:
        actor = replace(SYSTEM, organisation_id=event.landlord_id)
        services.close_if_settled(actor=actor, order_id=event.order_id)


@subscribe("papers", "paper.*", "papers.*")
def look_at_papers(event: Event) -> None:
    """Note what a company owes its landlords after a paper or a demand changed. Idempotent."""
    if event.kind.startswith("papers."):
        asks = PaperAsk.objects.filter(landlord_id=event.landlord_id)
    elif event.landlord_id == event.contractor_id:  # of the company's own house: all of them
        asks = PaperAsk.objects.filter(contractor_id=event.contractor_id)
    else:
        asks = PaperAsk.objects.filter(
            landlord_id=event.landlord_id, contractor_id=event.contractor_id
        )
    if event.kind == "papers.asked":
        asks = asks.filter(pk=event.subject_id)
    for ask_id in asks.order_by("pk").values_list("pk", flat=True):
        services.look_at_papers(ask_id=ask_id)


@job_kind(paper_clock.LOOK)
def look_at_orders_of(job: Job, progress: Progress) -> dict[str, Any]:
    """Look at the orders of a landlord and a company again: what lacks blocks them, or no longer.

    Each in a transaction of its own; taken up again after a crash, it goes on with what is left.
    """
    with system_scope(f"papers.look: {job.payload['ask']}"):
        ask = PaperAsk.objects.get(pk=job.payload["ask"], landlord_id=job.landlord_id)
        keys = paper_clock.orders_to_look_at(ask)
        _look_at_each(job, keys, progress)
    return {"orders": len(keys)}


@job_kind(payment_terms.DATE_AGAIN)
def date_invoices_again(job: Job, progress: Progress) -> dict[str, Any]:
    """Write the due dates of a landlord's open invoices anew, or of one contract's, one by one."""
    contract = job.payload.get("contract")
    with system_scope(f"invoices.date_again: {job.landlord_id}"):
        rows = payment_terms.open_invoices(job.landlord_id, UUID(contract) if contract else None)
        keys = list(rows.values_list("pk", flat=True))
        for done, key in enumerate(keys, start=1):
            services.date_again(invoice_id=key)
            if done % LOOKED_AT == 0:
                progress.step(done=done, total=len(keys))
    return {"invoices": len(keys)}
