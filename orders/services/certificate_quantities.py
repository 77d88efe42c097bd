"""How much of each line a certificate says: done, by the company; certified, by the landlord."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from nexxio.core.actors import Actor, Side
from nexxio.core.errors import Invalid
from orders.models import Certificate, Order
from orders.services.amounts import due_of
from orders.services.certificate_content import certified_less, fingerprint, kept_of
from orders.services.reductions import certify_less


def done_of(order: Order, quantities: Mapping[UUID, Decimal]) -> dict[str, str]:
    """Return what was done of the lines of which less was done than is due, as it is stored.

    Raises Invalid for more, and where nothing was done at all.
    """
    due = {each.key: each.quantity for each in due_of(order)}
    if set(quantities) - set(due) or any(
        not 0 <= quantities[key] <= due[key] for key in quantities
    ):
        raise Invalid({"quantities": ["Une quantité va de zéro à ce qui est dû."]})
    if due and not any({**due, **quantities}.values()):
        raise Invalid({"quantities": ["Rien n’a été fait : parlez-en au bailleur plutôt."]})
    return {str(key): str(value) for key, value in quantities.items() if value < due[key]}


def cut_of(
    certificate: Certificate, quantities: Mapping[UUID, Decimal], note: str
) -> dict[str, Any]:
    """Return the columns of a version of which less is certified than it says; none where all is.

    Raises Invalid for more, without a word of why, and where nothing is certified.
    """
    said = kept_of(certificate.content)
    if set(quantities) - set(said) or any(
        not 0 <= quantities[key] <= said[key] for key in quantities
    ):
        raise Invalid({"quantities": ["On ne constate pas plus que ce que dit l’entreprise."]})
    less = {str(key): value for key, value in quantities.items() if value < said[key]}
    if not less:
        return {}
    if not any({**said, **quantities}.values()):
        raise Invalid({"quantities": ["Rien n’est constaté : refusez plutôt, avec un motif."]})
    if not note:
        raise Invalid({"note": ["Dites à l’entreprise pourquoi vous constatez moins."]})
    content = certified_less(certificate.content, less, note=note[:500])
    return {
        "content": content,
        "content_sha256": fingerprint(content),
        "total_without_vat": Decimal(content["total_without_vat"]),
        "total_with_vat": Decimal(content["total_with_vat"]),
        "cut_note": note[:500],
    }


def take_off(certificate: Certificate, order: Order, actor: Actor) -> None:
    """Have the order come to what its certificate says."""
    by = Side.LANDLORD if certificate.cut_note else Side.CONTRACTOR
    note = certificate.cut_note or "Quantités déclarées par l’entreprise dans le constat."
    certify_less(order, actor, kept_of(certificate.content), by=by, note=note)
