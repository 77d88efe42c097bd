"""Reactions to events: what is printed is printed again, what is signed is sealed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from django.http import QueryDict

from nexxio.core.actors import SYSTEM, scope_of
from nexxio.core.jobs import Progress, job_kind
from nexxio.core.models import Event, Job
from nexxio.core.scoping import system_scope
from nexxio.core.subscriptions import subscribe
from orders.list_files import EVERY, TIMES, csv_bytes, xlsx_bytes
from orders.models import (
    AccessLetter,
    Certificate,
    DocumentState,
    ExportFormat,
    ExportState,
    LiftingRecord,
    OrderDocument,
    OrderExport,
    SealState,
    SignOff,
)
from orders.selectors import lists
from orders.selectors.access_letters import letter_sheet
from orders.selectors.certificates import certificate_sheet, lifting_sheet, sign_off_sheet
from orders.selectors.sheet import sheet
from orders.services import (
    access_ends,
    certificates,
    documents,
    exports,
    lifting,
    seal_states,
    sealing,
    sign_off_seals,
    talk,
    territories,
    variations,
)

TEMPLATE = "documents/order.html"
LETTER_TEMPLATE = "documents/access_letter.html"
CERTIFICATE_TEMPLATE = "documents/certificate.html"
LIFTING_TEMPLATE = "documents/lifting.html"
SIGN_OFF_TEMPLATE = "documents/sign_off.html"


@subscribe(
    "order_pdf",
    "order.issued",
    "order.accepted",
    "order.document_asked",
    "order.paper_renewed",
    "order.paper_revoked",
    "variation.granted",
    "variation.partly_granted",
    "regularisation.granted",
    "regularisation.partly_granted",
    "reduction.granted",
    "reduction.certified",
)
def print_order(event: Event) -> None:
    """Open the next version; a worker makes it."""
    documents.open_document(event=event)


@subscribe("order_territory", "territory.assigned", "territory.released")
def follow_residences(event: Event) -> None:
    """Open the job that lets orders follow residences into another sector."""
    territories.ask_to_follow(event=event)


@job_kind(territories.FOLLOW)
def move_orders(job: Job, progress: Progress) -> dict[str, Any]:
    """Let orders follow their residences, in their landlord's scope."""
    moved = territories.follow_residences(
        landlord_id=job.landlord_id,
        group_ids=[UUID(pk) for pk in job.payload["groups"]],
        step=lambda done: progress.step(done=done, total=done),
    )
    return {"moved": moved}


@subscribe(
    "certificate_renewal",
    "regularisation.granted",
    "regularisation.partly_granted",
    "reduction.granted",
)
def renew_certificate(event: Event) -> None:
    """Make the certificate that waits say what was granted."""
    if event.order_id is not None:
        certificates.renew_certificate(order_id=event.order_id)


@subscribe("variation_tolerance", "variation.asked", "regularisation.asked")
def grant_inside_the_tolerance(event: Event) -> None:
    """Grant extra works that need nobody's agreement, by their contract."""
    variations.grant_tolerated(landlord_id=event.landlord_id, variation_id=event.subject_id)


@job_kind(documents.PRINT)
def make_pdf(job: Job, _progress: Progress) -> dict[str, Any]:
    """Make the PDF of an order as it stands now, in its landlord's scope."""
    actor = replace(SYSTEM, organisation_id=job.landlord_id)
    document = OrderDocument.objects.get(pk=job.payload["document"])
    if document.state == DocumentState.READY:
        return {"number": document.number}
    try:
        in_clear, pdf = _print(document)
    except Exception:
        with _as_the_clock(document):
            documents.fail_document(actor=actor, document_id=document.pk)
        raise
    with _as_the_clock(document):
        documents.keep_document(actor=actor, document_id=document.pk, pdf=pdf, in_clear=in_clear)
    return {"number": document.number}


@subscribe("certificate_expires", "order.reopened")
def end_certificate(event: Event) -> None:
    """What waited for a signature is void: the works aren't done any more."""
    if event.order_id is not None:
        certificates.expire_certificate(order_id=event.order_id)


@subscribe("certificate_begins", "order.stopped")
def begin_certificate(event: Event) -> None:
    """Let the company say what is done of works that were stopped. Idempotent."""
    if event.order_id is not None:
        certificates.begin_certificate(order_id=event.order_id)


@subscribe("certificate_seal", "certificate.signed", "certificate.tacit", "certificate.seal_asked")
def seal_certificate(event: Event) -> None:
    """Open the job that prints and seals what was signed."""
    sealing.open_seal(event=event)


@job_kind(sealing.SEAL)
def make_sealed_pdf(job: Job, _progress: Progress) -> dict[str, Any]:
    """Print a signed certificate and seal it, in its landlord's scope.

    Without a key it fails, says so on the pages, and can be asked for again.
    """
    actor = replace(SYSTEM, organisation_id=job.landlord_id)
    certificate = Certificate.objects.get(pk=job.payload["certificate"])
    if certificate.seal == SealState.SEALED:
        return {"number": certificate.number}
    fail = partial(sealing.fail_seal, actor=actor, certificate_id=certificate.pk)
    with seal_states.sealing(job, partial(_as_system, job, fail)):
        pdf = seal_states.print_sealed(CERTIFICATE_TEMPLATE, certificate_sheet(certificate))
    with system_scope(f"certificate.pdf: {certificate.pk}"):
        sealing.keep_sealed(actor=actor, certificate_id=certificate.pk, pdf=pdf)
    return {"number": certificate.number}


@subscribe("lifting_seal", "reserves.lifting_recorded", "reserves.lifting_seal_asked")
def seal_lifting(event: Event) -> None:
    """Open the job that prints and seals the record of lifted reserves."""
    lifting.open_lifting_seal(event=event)


@job_kind(lifting.SEAL)
def make_sealed_lifting(job: Job, _progress: Progress) -> dict[str, Any]:
    """Print the record of lifted reserves and seal it, in its landlord's scope.

    Without a key it fails, says so on the page, and can be asked for again.
    """
    actor = replace(SYSTEM, organisation_id=job.landlord_id)
    row = LiftingRecord.objects.get(pk=job.payload["lifting"])
    if row.seal == SealState.SEALED:
        return {"number": row.number}
    fail = partial(lifting.fail_lifting_seal, actor=actor, lifting=row)
    with seal_states.sealing(job, partial(_as_system, job, fail)):
        pdf = seal_states.print_sealed(LIFTING_TEMPLATE, lifting_sheet(row))
    with system_scope(f"lifting.pdf: {row.pk}"):
        lifting.keep_sealed_lifting(actor=actor, lifting=row, pdf=pdf)
    return {"number": row.number}


@subscribe("sign_off_seal", "sign_off.signed", "sign_off.seal_asked")
def seal_sign_off(event: Event) -> None:
    """Open the job that prints and seals what the tenant signed."""
    sign_off_seals.open_sign_off_seal(event=event)


@job_kind(sign_off_seals.SEAL)
def make_sealed_sign_off(job: Job, _progress: Progress) -> dict[str, Any]:
    """Print what the tenant signed and seal it, in its landlord's scope.

    Without a key it fails, says so on the page, and can be asked for again.
    """
    actor = replace(SYSTEM, organisation_id=job.landlord_id)
    row = SignOff.objects.get(pk=job.payload["sign_off"])
    if row.seal == SealState.SEALED:
        return {"sealed": True}
    fail = partial(sign_off_seals.fail_sign_off_seal, actor=actor, sign_off_id=row.pk)
    with seal_states.sealing(job, partial(_as_system, job, fail)):
        pdf = seal_states.print_sealed(SIGN_OFF_TEMPLATE, sign_off_sheet(row))
    with system_scope(f"sign_off.pdf: {row.pk}"):
        sign_off_seals.keep_sealed_sign_off(actor=actor, sign_off_id=row.pk, pdf=pdf)
    return {"sealed": True}


@subscribe("order_unread", "message.sent")
def note_unread(event: Event) -> None:
    """Mark the order as unread for whoever reads the message."""
    talk.note_unread(message_id=event.subject_id)


@subscribe("order_export", "export.asked")
def order_export(event: Event) -> None:
    """Let a worker make an export."""
    exports.order_export(event=event)


@job_kind(exports.MAKE)
def make_export(job: Job, progress: Progress) -> dict[str, Any]:
    """Make a list's file with the eyes of the person who asked, and no others."""
    actor = replace(SYSTEM, organisation_id=job.landlord_id)
    with system_scope(f"orders.export: {job.payload['export']}"):
        found = OrderExport.objects.get(pk=job.payload["export"], organisation_id=job.landlord_id)
        if found.state == ExportState.READY:
            return {"export": str(found.pk)}
        try:
            data, rows, is_cut = _write_export(found, progress)
        except Exception:
            exports.fail_export(actor=actor, export_id=found.pk)
            raise
        exports.keep_export(
            actor=actor,
            export_id=found.pk,
            name=f"commandes-{found.asked_at:%Y-%m-%d}.{found.file_format}",
            data=data,
            rows=rows,
            is_cut=is_cut,
        )
    return {"export": str(found.pk)}


def _write_export(found: OrderExport, progress: Progress) -> tuple[bytes, int, bool]:
    """Return the file, how many rows it has, and whether there were more."""
    reader = exports.reader_of(found)
    filters = lists.Filters.read(QueryDict(found.query), reader)
    with scope_of(reader):
        total = lists.export_total(reader, filters)
    most, written = min(total, lists.EXPORT_MOST), 0

    def rows() -> Iterator[lists.OrderRow]:
        nonlocal written
        key, is_first = "", True
        while (key or is_first) and written < most:
            with scope_of(reader):
                chunk, key = lists.export_chunk(reader, filters, key)
            is_first = False
            chunk = chunk[: most - written]
            written += len(chunk)
            yield from chunk
            exports.note_progress(actor=progress_of, export_id=found.pk, rows=written, total=most)
            progress.step(done=written, total=max(most, written))

    progress_of = replace(SYSTEM, organisation_id=found.organisation_id)
    write = csv_bytes if found.file_format == ExportFormat.CSV else xlsx_bytes
    data = write(rows(), (*EVERY, *TIMES))
    return data, written, total > lists.EXPORT_MOST


@subscribe("access_letter", "order.letter_asked")
def write_letter(event: Event) -> None:
    """Open the next version of a letter about access; a worker makes it."""
    access_ends.open_letter(event=event)


@job_kind(access_ends.LETTER)
def make_letter(job: Job, _progress: Progress) -> dict[str, Any]:
    """Make the PDF of a letter about access, in its landlord's scope."""
    actor = replace(SYSTEM, organisation_id=job.landlord_id)
    letter = AccessLetter.objects.select_related("order__landlord").get(pk=job.payload["letter"])
    if letter.state == DocumentState.READY:
        return {"number": letter.number}
    try:
        pdf = _print_letter(letter)
    except Exception:
        with system_scope(f"order.pdf: letter {letter.pk}"):
            access_ends.fail_letter(actor=actor, letter_id=letter.pk)
        raise
    with system_scope(f"order.pdf: letter {letter.pk}"):
        access_ends.keep_letter(actor=actor, letter_id=letter.pk, pdf=pdf)
    return {"number": letter.number}


def _print_letter(letter: AccessLetter) -> bytes:
    # WeasyPrint and Pango are loaded by the worker that prints, and by nobody else.
    from nexxio.core import documents as pdf

    context = {"sheet": letter_sheet(letter)}
    return pdf.print_pdf(pdf.render_html(LETTER_TEMPLATE, context))


def _as_system(job: Job, act: Callable[[], object]) -> None:
    """Note what became of a job: nobody's act."""
    with system_scope(f"{job.kind}: {job.payload}"):
        act()


def _as_the_clock(document: OrderDocument) -> AbstractContextManager[None]:
    """In a landlord's scope events are in the landlord's name; this is nobody's act."""
    return system_scope(f"order.pdf: {document.pk}")


def _print(document: OrderDocument) -> tuple[bool, bytes]:
    # WeasyPrint and Pango are loaded by the worker that prints, and by nobody else.
    from nexxio.core import documents as pdf

    url = documents.open_code(order_id=document.order_id)
    found = sheet(document, url)
    context = {"sheet": found, "qr": pdf.qr_svg(url) if url else ""}
    return found.in_clear, pdf.print_pdf(pdf.render_html(TEMPLATE, context))
