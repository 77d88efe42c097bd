"""Electronic invoices that come in: Factur-X, CII and UBL, read and checked. Pure: no models.

A file is only ever parsed in a process of its own; this package's front names nothing that parses.
"""

from contractors.einvoices.process import check_file
from contractors.einvoices.results import Checked, Finding, ReadInvoice, Refusal

__all__ = ["Checked", "Finding", "ReadInvoice", "Refusal", "check_file"]
