"""Reactions to events: what is printed is printed again, orders follow their residences."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any
from uuid import UUID

from nexxio.core.actors import SYSTEM
from nexxio.core.jobs import Progress, job_kind
from nexxio.core.models import Event, Job
from nexxio.core.scoping import system_scope
from nexxio.core.subscriptions import subscribe
from orders.models import DocumentState, OrderDocument
from orders.selectors.sheet import sheet
from orders.services import documents, territories, variations

TEMPLATE = "documents/order.html"


@subscribe(
    "order_pdf",
    "order.issued",
    "order.accepted",
    "order.document_asked",
    "order.paper_renewed",
    "order.paper_revoked",
    "variation.granted",
    "variation.partly_granted",
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


@subscribe("variation_tolerance", "variation.asked")
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
