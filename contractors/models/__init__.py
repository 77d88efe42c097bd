"""Rows of the relation between landlord and contractor."""

from __future__ import annotations

from contractors.models.alerts import BlockedAlert, BlockedThreshold
from contractors.models.billing import BillingDetails, InvoiceFile, InvoiceFileState
from contractors.models.blocks import Block, BlockHow, BlockSide
from contractors.models.causes import Cause
from contractors.models.claims import ClaimLetter, ClaimState
from contractors.models.digests import MorningDigest
from contractors.models.invoices import Invoice, InvoiceLine, InvoiceSeries, Payment, Suspension
from contractors.models.proofs import ProofFile, ProofState
from contractors.models.received import ReceivedInvoice

__all__ = [
    "BillingDetails",
    "Block",
    "BlockHow",
    "BlockSide",
    "BlockedAlert",
    "BlockedThreshold",
    "Cause",
    "ClaimLetter",
    "ClaimState",
    "Invoice",
    "InvoiceFile",
    "InvoiceFileState",
    "InvoiceLine",
    "InvoiceSeries",
    "MorningDigest",
    "Payment",
    "ProofFile",
    "ProofState",
    "ReceivedInvoice",
    "Suspension",
]
