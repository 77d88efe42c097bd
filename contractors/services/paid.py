"""What was paid of an invoice, and what is left of it: read, nothing is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import OuterRef, Subquery, Sum
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce

from contractors.models import Invoice, Payment, SubcontractShare
from contractors.models.invoices import OWED
from contractors.money_states import PaymentPurpose
from contractors.services.subcontract_facts import own_part

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Paid:
    """The payments of an invoice itself, the first one first: said by either side."""

    payments: tuple[Payment, ...]

    @property
    def total(self) -> Decimal:
        """All of them, those of subcontractors too."""
        return sum((one.amount for one in self.payments), NOTHING)

    @property
    def own(self) -> Decimal:
        """What the contractor itself was paid."""
        return sum((one.amount for one in self.payments if one.share_id is None), NOTHING)

    @property
    def waiting(self) -> list[Payment]:
        """What was announced to the contractor and it hasn't confirmed."""
        return [one for one in self.payments if one.share_id is None and one.confirmed_at is None]


def paid_of(invoice: Invoice) -> Paid:
    """Return what was paid of an invoice itself. One query."""
    own = {"landlord_id": invoice.landlord_id, "invoice_id": invoice.pk}
    rows = Payment.objects.filter(**own, purpose=PaymentPurpose.INVOICE)
    return Paid(tuple(rows.order_by("paid_on", "id")))


def left_euros() -> CombinedExpression:
    """Return what is left to be paid of an invoice, as the database adds it up."""
    rows = Payment.objects.filter(
        landlord_id=OuterRef("landlord_id"),
        invoice_id=OuterRef("pk"),
        purpose=PaymentPurpose.INVOICE,
    )
    sums = rows.order_by().values("invoice_id").annotate(sum=Sum("amount")).values("sum")
    return OWED - Coalesce(Subquery(sums), NOTHING)


def left_for_company(invoice: Invoice, shares: Iterable[SubcontractShare], paid: Paid) -> Decimal:
    """Return what is still to be paid to the contractor itself."""
    return own_part(invoice, shares) - paid.own
