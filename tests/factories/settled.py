"""Final accounts for tests: submitted by a party's company, without its situations."""

from __future__ import annotations

from contractors.models import FinalAccount, Invoice
from contractors.services.final_facts import digest_of, figures_of
from nexxio.core import clock
from nexxio.core.scoping import system_scope
from orders.models import Order
from tests.factories.world import Party


def settled(party: Party, invoice: Invoice) -> FinalAccount:
    """Put the account of an invoice's order between the two houses: it waits for the landlord."""
    with system_scope("tests: a final account"):
        figures = figures_of(Order.objects.get(pk=invoice.order_id))
        content = figures.as_json()
        return FinalAccount.objects.create(
            landlord=party.landlord,
            contractor=party.contractor,
            order_id=invoice.order_id,
            number=1,
            state="submitted",
            as_of=figures.as_of,
            content=content,
            digest=digest_of(content, figures.as_of),
            total_without_vat=figures.without_vat("bill", "credit"),
            total=figures.total,
            balance=figures.balance,
            held=figures.held,
            submitted_at=clock.now(),
        )
