"""Autoliquidation: an invoice of subcontracted works, whose buyer owes the VAT. Read only.

Law: code général des impôts, article 283-2 nonies (works on buildings by a subcontractor of a
taxable main contractor), and 242 nonies A of its annexe II, I-13° (the words on the invoice). A
seller who is exempt (293 B) owes and names no VAT anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from uuid import UUID

from contractors.models import BillingDetails, InvoiceLine, MoneyTerms
from contractors.services.deductions import terms_of
from orders.models import Order

MENTION = "Autoliquidation : TVA due par le preneur, article 283-2 nonies du CGI."


def is_reversed(order: Order) -> bool:
    """Tell whether the invoices of an order are without VAT, due by its landlord. Two queries."""
    return bool(reversed_among([order]))


def reversed_among(orders: Sequence[Order]) -> set[UUID]:
    """Return those of many orders whose invoices are without VAT. Two queries."""
    contracts = set(
        MoneyTerms.objects.filter(
            landlord_id__in={order.landlord_id for order in orders},
            contract_id__in={order.contract_id for order in orders},
            is_reverse_charge=True,
        ).values_list("contract_id", flat=True)
    )
    found = {
        order.pk: order.contractor_id
        for order in orders
        if order.contract_id in contracts and order.contractor_id is not None
    }
    details = BillingDetails.objects.filter(
        organisation_id__in=set(found.values()), is_vat_exempt=True
    )
    exempt = set(details.values_list("organisation_id", flat=True))
    return {pk for pk, company in found.items() if company not in exempt}


def is_reversed_on(landlord_id: UUID, contract_id: UUID, contractor_id: UUID) -> bool:
    """Tell the same of a contract. Two queries."""
    terms = terms_of(landlord_id, contract_id)
    if terms is None or not terms.is_reverse_charge:
        return False
    exempt = BillingDetails.objects.filter(organisation_id=contractor_id, is_vat_exempt=True)
    return not exempt.exists()


def without_vat(lines: Iterable[InvoiceLine]) -> None:
    """Take the VAT off lines that weren't saved yet."""
    for line in lines:
        line.vat_rate = Decimal(0)


def has_vat_number(organisation_id: UUID) -> bool:
    """Tell whether an organisation has said its VAT number: the buyer's stands on the invoice."""
    rows = BillingDetails.objects.filter(organisation_id=organisation_id)
    return rows.exclude(vat_number="").exists()
