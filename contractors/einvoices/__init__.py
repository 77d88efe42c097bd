"""Electronic invoices that come in: Factur-X, CII and UBL, read and checked. Pure: no models.

And messages of their life cycle (CDAR), read and written.

A file is only ever parsed in a process of its own; this package's front names nothing that parses.
"""

from contractors.einvoices.lifecycle import ReadLifecycle
from contractors.einvoices.process import check_file, read_lifecycle
from contractors.einvoices.results import Checked, Finding, ReadInvoice, Refusal

__all__ = [
    "Checked",
    "Finding",
    "ReadInvoice",
    "ReadLifecycle",
    "Refusal",
    "check_file",
    "read_lifecycle",
]
