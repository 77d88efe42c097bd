"""Rows of the relation between landlord and contractor."""

from __future__ import annotations

from contractors.models.blocks import Block, BlockHow, BlockSide
from contractors.models.causes import Cause
from contractors.models.invoices import Invoice, InvoiceLine, InvoiceSeries, Payment, Suspension

__all__ = [
    "Block",
    "BlockHow",
    "BlockSide",
    "Cause",
    "Invoice",
    "InvoiceLine",
    "InvoiceSeries",
    "Payment",
    "Suspension",
]
