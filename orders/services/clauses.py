"""What an order says by its nature, and of its VAT."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from nexxio.core.errors import Invalid
from nexxio.core.models import Partnership
from orders.models import Order, OrderClauses, OrderLine
from orders.natures import CLAUSES_OF, RATE_OF, VatReason


@dataclass(frozen=True, kw_only=True)
class ClausesInput:
    """The clauses as typed (models/clauses.py); what another nature says is not kept."""

    insurer: str = ""
    claim_number: str = ""
    awaits_expert: bool = False
    company_id: UUID | None = None
    off_reason: str = ""
    purchase_family: str = ""
    relet_on: date | None = None
    former_share: int | None = None
    period_from: date | None = None
    period_to: date | None = None
    vat_reason: str = ""
    vat_certified: bool = False


CLAUSES = tuple(one.name for one in fields(ClausesInput))


def clauses_of(order: Order) -> OrderClauses:
    """Return the clauses of an order; unsaved ones that say nothing where it has none."""
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    found = OrderClauses.objects.filter(**own).select_related("company").first()
    return found or OrderClauses(**own)


def typed_clauses(order: Order) -> ClausesInput:
    """Return the clauses of an order as they would be typed."""
    found = clauses_of(order)
    return ClausesInput(**{name: getattr(found, name) for name in CLAUSES})


def company_of(order: Order) -> UUID | None:
    """Return whose an order is when it leaves: its contract's company, or the one it names."""
    contract = order.contract
    return contract.contractor_id if contract else clauses_of(order).company_id


def company_typed(typed: ClausesInput, nature: str) -> UUID | None:
    """Return the company that clauses name, where the nature may name one."""
    return typed.company_id if "company_id" in _kept(nature) else None


def write_clauses(order: Order, typed: ClausesInput) -> None:
    """Keep what the order's nature may say; no row where that is nothing. The caller holds it.

    Raises Invalid for a company that isn't a partner, and for a period that ends before it starts.
    """
    kept = _kept(order.nature)
    values: dict[str, Any] = {
        name: " ".join(value.split()) if isinstance(value, str) else value
        for name, value in asdict(typed).items()
        if name in kept
    }
    if family := values.get("purchase_family"):
        values["purchase_family"] = _as_before(order.landlord_id, family)
    _require_sane(order, values)
    own: dict[str, Any] = {"landlord_id": order.landlord_id, "order_id": order.pk}
    if any(values.values()):
        blank = asdict(ClausesInput())
        more = {"contractor_id": order.contractor_id}
        OrderClauses.objects.update_or_create(**own, defaults={**blank, **values, **more})
    else:
        OrderClauses.objects.filter(**own).delete()


def mention_vat(order: Order) -> None:
    """Make the mention of the reduced rate that the lines of an order that leaves have.

    For a landlord that makes it once for all; nothing where the order says something of its VAT.
    The caller holds it.
    """
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    rates = set(OrderLine.objects.filter(**own).values_list("vat_rate", flat=True))
    said = clauses_of(order)
    reduced = (VatReason.IMPROVEMENT, VatReason.ENERGY)
    reason = next((one.value for one in reduced if RATE_OF[one] in rates), "")
    if reason and not said.vat_reason:
        said.contractor_id = order.contractor_id
        said.vat_reason, said.vat_certified = reason, True
        said.save()


# --- inside -----------------------------------------------------------------------------------


def _kept(nature: str) -> set[str]:
    return {*CLAUSES_OF[""], *CLAUSES_OF.get(nature, ())}


def _as_before(landlord_id: UUID, family: str) -> str:
    """Return a family as its landlord wrote it first: « bois » counts with « Bois »."""
    known = OrderClauses.objects.filter(landlord_id=landlord_id, purchase_family__iexact=family)
    found = known.order_by("created_at", "id").values_list("purchase_family", flat=True).first()
    return found or family


def _require_sane(order: Order, values: dict[str, Any]) -> None:
    company = values.get("company_id")
    partners = Partnership.objects.filter(landlord_id=order.landlord_id, contractor_id=company)
    if company and not partners.exists():
        raise Invalid({"company": ["Cette entreprise ne travaille pas avec vous."]})
    if not 0 <= (values.get("former_share") or 0) <= 100:  # noqa: PLR2004 (percent)
        raise Invalid({"former_share": ["Entre 0 et 100 %."]})
    start, end = values.get("period_from"), values.get("period_to")
    if start and end and end < start:
        raise Invalid({"period_to": ["La période finit avant de commencer."]})
