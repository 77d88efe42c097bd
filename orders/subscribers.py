"""Reactions to events of orders: each time that what is printed changes, it is printed again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nexxio.core.actors import SYSTEM
from nexxio.core.jobs import Progress, job_kind
from nexxio.core.models import Event, Job
from nexxio.core.subscriptions import subscribe
from orders.models import DocumentState, OrderDocument
from orders.selectors.sheet import sheet
from orders.services import documents, variations

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
        documents.fail_document(actor=actor, document_id=document.pk)
        raise
    documents.keep_document(actor=actor, document_id=document.pk, pdf=pdf, in_clear=in_clear)
    return {"number": document.number}


def _print(document: OrderDocument) -> tuple[bool, bytes]:
    # WeasyPrint and Pango are loaded by the worker that prints, and by nobody else.
    from nexxio.core import documents as pdf

    url = documents.open_code(order_id=document.order_id)
    found = sheet(document, url)
    context = {"sheet": found, "qr": pdf.qr_svg(url) if url else ""}
    return found.in_clear, pdf.print_pdf(pdf.render_html(TEMPLATE, context))
