"""Invoice numbers: they follow each other without a hole, for each contractor and year."""

from __future__ import annotations

from uuid import UUID

from contractors.models import Invoice, InvoiceSeries
from nexxio.core import clock


def next_number(*, contractor_id: UUID) -> str:
    """Return the contractor's next invoice number, in the caller's transaction.

    Locks its series until commit: whoever comes meanwhile waits, and a transaction that is rolled
    back leaves no hole. Law: CGI, annexe II, article 242 nonies A (one continuous sequence).
    """
    key = {"contractor_id": contractor_id, "year": clock.today().year}
    if not InvoiceSeries.objects.filter(**key).exists():
        InvoiceSeries.objects.bulk_create([InvoiceSeries(**key)], ignore_conflicts=True)
    series = InvoiceSeries.objects.select_for_update(of=("self",)).get(**key)
    number = ""
    while not number or Invoice.objects.filter(contractor_id=contractor_id, number=number).exists():
        series.last += 1  # past a number that came on a file of the company's own making
        number = f"F{series.year}-{series.last:05d}"
    series.save(update_fields=["last"])
    return number
