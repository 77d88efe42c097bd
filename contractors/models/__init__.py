"""Rows of the relation between landlord and contractor."""

from __future__ import annotations

from contractors.models.alerts import BlockedAlert, BlockedThreshold
from contractors.models.bank import BankAccount, BankCheck
from contractors.models.billing import BillingDetails, InvoiceFile, InvoiceFileState
from contractors.models.blocks import IN_CIRCUIT, Block, BlockHolder, BlockHow, BlockSide
from contractors.models.causes import Cause
from contractors.models.claims import ClaimLetter, ClaimState
from contractors.models.digests import MorningDigest
from contractors.models.final_accounts import FinalAccount
from contractors.models.imputations import AccountRule, LineAccount
from contractors.models.invoices import Invoice, InvoiceLine, InvoiceSeries, Payment, Suspension
from contractors.models.money import (
    Advance,
    LandlordDelay,
    MoneyRule,
    MoneyTerms,
    PaymentCalendar,
    Refund,
    Retention,
)
from contractors.models.papers import Paper, PaperAsk, PaperDemand, PaperRule, PaperShare
from contractors.models.proofs import ProofFile, ProofState
from contractors.models.received import ReceivedInvoice
from contractors.models.subcontracts import NamedSubcontractor, Subcontract, SubcontractShare
from contractors.models.transfers import PaymentTransfer

__all__ = [
    "IN_CIRCUIT",
    "AccountRule",
    "Advance",
    "BankAccount",
    "BankCheck",
    "BillingDetails",
    "Block",
    "BlockHolder",
    "BlockHow",
    "BlockSide",
    "BlockedAlert",
    "BlockedThreshold",
    "Cause",
    "ClaimLetter",
    "ClaimState",
    "FinalAccount",
    "Invoice",
    "InvoiceFile",
    "InvoiceFileState",
    "InvoiceLine",
    "InvoiceSeries",
    "LandlordDelay",
    "LineAccount",
    "MoneyRule",
    "MoneyTerms",
    "MorningDigest",
    "NamedSubcontractor",
    "Paper",
    "PaperAsk",
    "PaperDemand",
    "PaperRule",
    "PaperShare",
    "Payment",
    "PaymentCalendar",
    "PaymentTransfer",
    "ProofFile",
    "ProofState",
    "ReceivedInvoice",
    "Refund",
    "Retention",
    "Subcontract",
    "SubcontractShare",
    "Suspension",
]
