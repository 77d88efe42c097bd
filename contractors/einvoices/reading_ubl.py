"""Reads the UBL 2.1 syntax: Invoice and CreditNote."""

from __future__ import annotations

from decimal import Decimal

from contractors.einvoices.opening import Element
from contractors.einvoices.profiles import UBL
from contractors.einvoices.results import Line, Party, Preceding, ReadInvoice, Totals, VatPart
from contractors.einvoices.values import MAX_NOTES, Reader, siret_among

_BASE = "urn:oasis:names:specification:ubl:schema:xsd:"
PREFIXES = {
    "cac": f"{_BASE}CommonAggregateComponents-2",
    "cbc": f"{_BASE}CommonBasicComponents-2",
}


def guideline_of(root: Element) -> str:
    """The id of the profile (BT-24)."""
    return Reader(root, PREFIXES).text("cbc:CustomizationID")


def read(root: Element) -> ReadInvoice:
    """Everything that we keep of a UBL invoice or credit note."""
    whole = Reader(root, PREFIXES)
    currency = whole.text("cbc:DocumentCurrencyCode")
    vat = whole.in_currency("cac:TaxTotal/cbc:TaxAmount", currency)
    lines = [*whole.each("cac:InvoiceLine"), *whole.each("cac:CreditNoteLine")]
    return ReadInvoice(
        syntax=UBL,
        type_code=whole.text("cbc:InvoiceTypeCode", "cbc:CreditNoteTypeCode"),
        number=whole.text("cbc:ID"),
        issue_date=whole.day("cbc:IssueDate"),
        due_date=whole.day("cbc:DueDate", "cac:PaymentMeans/cbc:PaymentDueDate"),
        delivery_date=whole.day("cac:Delivery/cbc:ActualDeliveryDate"),
        currency=currency,
        order_reference=whole.text("cac:OrderReference/cbc:ID"),
        contract_reference=whole.text("cac:ContractDocumentReference/cbc:ID"),
        buyer_reference=whole.text("cbc:BuyerReference"),
        seller=_party(whole.at("cac:AccountingSupplierParty/cac:Party")),
        buyer=_party(whole.at("cac:AccountingCustomerParty/cac:Party")),
        lines=tuple(_line(line) for line in lines),
        vat=tuple(_vat(part) for part in whole.each("cac:TaxTotal/cac:TaxSubtotal")),
        totals=_totals(whole, vat),
        preceding=tuple(
            Preceding(before.text("cbc:ID"), before.day("cbc:IssueDate"))
            for before in whole.each("cac:BillingReference/cac:InvoiceDocumentReference")
        ),
        iban=whole.text("cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID").replace(" ", ""),
        payment_terms=whole.text("cac:PaymentTerms/cbc:Note"),
        notes=tuple(note.text(".") for note in whole.each("cbc:Note")[:MAX_NOTES]),
    )


def _party(party: Reader) -> Party:
    legal = "cac:PartyLegalEntity/cbc:CompanyID"
    numbers = [
        (party.attribute(legal, "schemeID"), party.text(legal)),
        *(
            (each.attribute(".", "schemeID"), each.text("."))
            for each in party.each("cac:PartyIdentification/cbc:ID")
        ),
    ]
    return Party(
        name=party.text("cac:PartyLegalEntity/cbc:RegistrationName", "cac:PartyName/cbc:Name"),
        legal_id=party.text(legal),
        siret=siret_among(numbers),
        vat_id=next(
            (
                tax.text("cbc:CompanyID")
                for tax in party.each("cac:PartyTaxScheme")
                if tax.text("cac:TaxScheme/cbc:ID") == "VAT"
            ),
            "",
        ),
        country=party.text("cac:PostalAddress/cac:Country/cbc:IdentificationCode"),
    )


def _line(line: Reader) -> Line:
    quantity = "cbc:InvoicedQuantity"
    if line.one(quantity) is None:
        quantity = "cbc:CreditedQuantity"
    tax = line.at("cac:Item/cac:ClassifiedTaxCategory")
    return Line(
        id=line.text("cbc:ID"),
        name=line.text("cac:Item/cbc:Name"),
        details=line.text("cac:Item/cbc:Description"),
        kind="",
        quantity=line.amount(quantity),
        unit=line.attribute(quantity, "unitCode"),
        unit_price=line.amount("cac:Price/cbc:PriceAmount"),
        price_quantity=line.amount("cac:Price/cbc:BaseQuantity"),
        net_amount=line.amount("cbc:LineExtensionAmount"),
        vat_category=tax.text("cbc:ID"),
        vat_rate=tax.amount("cbc:Percent"),
        code=line.text("cac:Item/cac:SellersItemIdentification/cbc:ID"),
        order_reference=line.text("cac:OrderLineReference/cac:OrderReference/cbc:ID"),
    )


def _vat(part: Reader) -> VatPart:
    category = part.at("cac:TaxCategory")
    return VatPart(
        category=category.text("cbc:ID"),
        rate=category.amount("cbc:Percent"),
        base=part.amount("cbc:TaxableAmount"),
        amount=part.amount("cbc:TaxAmount"),
        exemption=category.text("cbc:TaxExemptionReason", "cbc:TaxExemptionReasonCode"),
    )


def _totals(whole: Reader, vat: Decimal | None) -> Totals:
    sums = whole.at("cac:LegalMonetaryTotal")
    return Totals(
        lines=sums.amount("cbc:LineExtensionAmount"),
        allowances=sums.amount("cbc:AllowanceTotalAmount"),
        charges=sums.amount("cbc:ChargeTotalAmount"),
        without_vat=sums.amount("cbc:TaxExclusiveAmount"),
        vat=vat,
        with_vat=sums.amount("cbc:TaxInclusiveAmount"),
        prepaid=sums.amount("cbc:PrepaidAmount"),
        payable=sums.amount("cbc:PayableAmount"),
    )
