"""The one door to each invoice and block: 404 if invisible, 403 only inside."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from contractors import policies
from contractors.models import Block, Invoice
from nexxio.core.actors import Actor


def get_invoice(actor: Actor, pk: UUID, *, to: str = "read") -> Invoice:
    """Return an invoice that the actor may see; raises Http404 otherwise.

    to: "read", or "act" (403 for a role that only reads). A landlord meets none before it is filed.
    """
    found: Invoice | None = (
        Invoice.objects.filter(pk=pk)
        .select_related("landlord", "contractor", "order__contract")
        .first()
    )
    if found is None or not policies.reads(actor):
        raise Http404
    if to == "act" and not policies.desk(actor):
        raise PermissionDenied
    return found


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
