"""The printed invoice: what it says, and the words around it."""

from __future__ import annotations

from dataclasses import dataclass

from contractors.einvoices.issued import EXEMPTIONS, IssuedInvoice
from contractors.models import Invoice, InvoiceFile
from contractors.selectors.invoices import situation_words
from contractors.services.issuing import issued_of
from contractors.states import InvoiceKind
from orders.models import Order


@dataclass(frozen=True)
class InvoiceSheet:
    """All that the printed invoice says: the same as its XML, which is written from `issued`."""

    invoice: Invoice
    issued: IssuedInvoice
    order: Order | None

    @property
    def title(self) -> str:
        """The document's own title."""
        return f"{self.kind} {self.issued.number}, {self.issued.seller.name}"

    @property
    def kind(self) -> str:
        """What it is."""
        if self.invoice.is_credit:
            return "Avoir"
        return situation_words(self.invoice) if self.is_situation else "Facture"

    @property
    def is_situation(self) -> bool:
        """Whether it asks for works that go on, or for what such left."""
        return self.invoice.kind == InvoiceKind.SITUATION

    @property
    def exemptions(self) -> list[str]:
        """Why lines have no VAT, each reason once."""
        found = {group.category: None for group in self.issued.groups}
        return [EXEMPTIONS[category][0] for category in found if category in EXEMPTIONS]


def sheet(file: InvoiceFile) -> InvoiceSheet:
    """Return what is printed, with the parties that were kept with the file.

    Raises ValueError where its lines don't come to the sums that the invoice has: such a file
    must not leave.
    """
    invoice = Invoice.objects.select_related(
        "landlord", "contractor", "order__contract", "credits"
    ).get(pk=file.invoice_id)
    issued = issued_of(invoice, file.parties)
    said = (issued.total_without_vat, issued.total_vat, issued.total_with_vat)
    kept = (invoice.total_without_vat, invoice.total_vat, invoice.total_with_vat)
    if said != kept:
        raise ValueError(f"invoice {invoice.pk}: its lines come to {said}, it says {kept}")
    return InvoiceSheet(invoice=invoice, issued=issued, order=invoice.order)
