"""What completeness asks of a stored order."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from nexxio.core.errors import Incomplete
from orders.completeness import check
from orders.models import Order, OrderBudget, OrderLine
from orders.order_facts import Facts, facts_from
from orders.services.attribution import due_of
from orders.services.ceilings import ceiling_left
from orders.services.clauses import CLAUSES, clauses_of
from orders.services.families import family_spent
from orders.services.house import house_rules
from orders.services.order_files import files_of
from orders.services.pricing import gone_codes, price_date
from orders.states import Nature


def typed_values(order: Order) -> dict[str, Any]:
    """Return a stored order by the names of the form's fields."""
    contact, budget, clauses = order.contact, order.budget, clauses_of(order)
    return {
        "unit": order.unit_id,
        "nature": order.nature,
        "priority": order.priority,
        "title": order.title,
        "description": order.description,
        "trade": order.trade_id,
        "contract": order.contract_id,
        "target_date": order.target_date,
        "entrance": order.place_entrance,
        "floor": order.place_floor,
        "door": order.place_door,
        "contact_name": contact.name,
        "phone": contact.phone,
        "second_phone": contact.second_phone,
        "email": contact.email,
        "access": contact.access,
        "access_code": contact.access_code,
        "asbestos": order.asbestos,
        "asbestos_measures": order.asbestos_measures,
        "access_duty": order.access_duty,
        "hazard": order.hazard,
        "commitment_number": budget.commitment_number,
        "service_code": budget.service_code,
        "external_number": order.external_number,
        "target_note": order.target_note,
        "rule_reason": order.rule_reason,
        "rule_note": order.rule_note,
        "quote_cap": budget.quote_cap,
        "company": clauses.company_id,
        **{name: getattr(clauses, name) for name in CLAUSES if name != "company_id"},
    }


def facts_of(order: Order) -> Facts:
    """Return what completeness asks of a stored order."""
    lines = OrderLine.objects.filter(landlord_id=order.landlord_id, order_id=order.pk)
    held = list(lines)
    house = house_rules(order.landlord_id)
    values = typed_values(order)
    return facts_from(
        values,
        contract=order.contract,
        ceiling_left=ceiling_left(order.contract, excluding=order.pk) if order.contract else None,
        line_count=len(held),
        vat_rates=[line.vat_rate for line in held],
        unpriced=sum(line.lacks_price for line in held),
        total=committed_of(order),
        gone=gone_codes(order),
        # Once a company has it, an order keeps its contract, whoever's turn it is by now.
        due=due_of(order) if order.issued_at is None else None,
        house_needs_commitment=house.needs_commitment,
        house_mentions_vat=house.vat_mention,
        family_spent=_family_spent(order, values),
        family_threshold=house.family_threshold,
        file_kinds=[row.kind for row in files_of(order)],
        where=order.where,
        on=price_date(order),
        typed_at=order.created_at,
        unit_kind=order.unit.kind,
    )


def require_complete(facts: Facts) -> None:
    """Raise Incomplete with what an order lacks before it leaves."""
    found = check(facts)
    if not found.is_complete:
        raise Incomplete(
            "La commande ne peut pas partir : il manque des éléments.",
            missing=[(rule.code, str(rule.sentence)) for rule in found.missing],
        )


def _family_spent(order: Order, values: dict[str, Any]) -> Decimal:
    if order.nature != Nature.OFF_CONTRACT:
        return Decimal(0)
    name = values["purchase_family"]
    return family_spent(order.landlord_id, name, price_date(order), excluding=order.pk)


# --- inside -----------------------------------------------------------------------------------


def committed_of(order: Order) -> Decimal:
    """Return what a stored order commits, euros excluding VAT: its total, or its cap above it."""
    return OrderBudget.objects.get(order_id=order.pk).committed
