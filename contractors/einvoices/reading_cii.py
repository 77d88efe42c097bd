"""Reads the CII syntax (UN/CEFACT Cross Industry Invoice), which Factur-X carries."""

from __future__ import annotations

from contractors.einvoices.opening import Element
from contractors.einvoices.profiles import CII
from contractors.einvoices.results import Line, Party, Preceding, ReadInvoice, Totals, VatPart
from contractors.einvoices.values import MAX_NOTES, Reader, siret_among

_BASE = "urn:un:unece:uncefact:data:standard:"
PREFIXES = {
    "rsm": f"{_BASE}CrossIndustryInvoice:100",
    "ram": f"{_BASE}ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{_BASE}UnqualifiedDataType:100",
    "qdt": f"{_BASE}QualifiedDataType:100",
}
_GUIDELINE = "rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID"
_SUMS = "ram:SpecifiedTradeSettlementHeaderMonetarySummation"
_ACCOUNT = "ram:SpecifiedTradeSettlementPaymentMeans/ram:PayeePartyCreditorFinancialAccount"


def guideline_of(root: Element) -> str:
    """The id of the profile (BT-24)."""
    return Reader(root, PREFIXES).text(_GUIDELINE)


def read(root: Element) -> ReadInvoice:
    """Everything that we keep of a CII invoice."""
    document = Reader(root, PREFIXES).at("rsm:ExchangedDocument")
    trade = Reader(root, PREFIXES).at("rsm:SupplyChainTradeTransaction")
    agreement = trade.at("ram:ApplicableHeaderTradeAgreement")
    settlement = trade.at("ram:ApplicableHeaderTradeSettlement")
    currency = settlement.text("ram:InvoiceCurrencyCode")
    terms = "ram:SpecifiedTradePaymentTerms"
    return ReadInvoice(
        syntax=CII,
        type_code=document.text("ram:TypeCode"),
        number=document.text("ram:ID"),
        issue_date=document.day("ram:IssueDateTime/udt:DateTimeString"),
        due_date=settlement.day(f"{terms}/ram:DueDateDateTime/udt:DateTimeString"),
        delivery_date=trade.day(
            "ram:ApplicableHeaderTradeDelivery/ram:ActualDeliverySupplyChainEvent"
            "/ram:OccurrenceDateTime/udt:DateTimeString"
        ),
        currency=currency,
        order_reference=agreement.text("ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID"),
        contract_reference=agreement.text("ram:ContractReferencedDocument/ram:IssuerAssignedID"),
        buyer_reference=agreement.text("ram:BuyerReference"),
        seller=_party(agreement.at("ram:SellerTradeParty")),
        buyer=_party(agreement.at("ram:BuyerTradeParty")),
        lines=tuple(_line(line) for line in trade.each("ram:IncludedSupplyChainTradeLineItem")),
        vat=tuple(_vat(part) for part in settlement.each("ram:ApplicableTradeTax")),
        totals=_totals(settlement.at(_SUMS), currency),
        preceding=tuple(
            Preceding(
                number=before.text("ram:IssuerAssignedID"),
                issue_date=before.day("ram:FormattedIssueDateTime/qdt:DateTimeString"),
            )
            for before in settlement.each("ram:InvoiceReferencedDocument")
        ),
        iban=settlement.text(f"{_ACCOUNT}/ram:IBANID").replace(" ", ""),
        payment_terms=settlement.text(f"{terms}/ram:Description"),
        notes=tuple(
            note.text("ram:Content") for note in document.each("ram:IncludedNote")[:MAX_NOTES]
        ),
    )


def _party(party: Reader) -> Party:
    legal = "ram:SpecifiedLegalOrganization/ram:ID"
    numbers = [
        (party.attribute(legal, "schemeID"), party.text(legal)),
        *(
            (each.attribute(".", "schemeID") or "?", each.text("."))
            for each in party.each("ram:GlobalID")
        ),
        *(("", each.text(".")) for each in party.each("ram:ID")),
    ]
    return Party(
        name=party.text("ram:Name"),
        legal_id=party.text(legal),
        siret=siret_among(numbers),
        vat_id=party.text("ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']"),
        country=party.text("ram:PostalTradeAddress/ram:CountryID"),
    )


def _line(line: Reader) -> Line:
    document = line.at("ram:AssociatedDocumentLineDocument")
    product = line.at("ram:SpecifiedTradeProduct")
    price = line.at("ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice")
    quantity = "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"
    settlement = line.at("ram:SpecifiedLineTradeSettlement")
    return Line(
        id=document.text("ram:LineID"),
        name=product.text("ram:Name"),
        details=product.text("ram:Description"),
        kind=document.text("ram:LineStatusReasonCode"),
        quantity=line.amount(quantity),
        unit=line.attribute(quantity, "unitCode"),
        unit_price=price.amount("ram:ChargeAmount"),
        price_quantity=price.amount("ram:BasisQuantity"),
        net_amount=settlement.amount(
            "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
        ),
        vat_category=settlement.text("ram:ApplicableTradeTax/ram:CategoryCode"),
        vat_rate=settlement.amount("ram:ApplicableTradeTax/ram:RateApplicablePercent"),
        code=product.text("ram:SellerAssignedID"),
        order_reference=line.text(
            "ram:SpecifiedLineTradeAgreement/ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID"
        ),
    )


def _vat(part: Reader) -> VatPart:
    return VatPart(
        category=part.text("ram:CategoryCode"),
        rate=part.amount("ram:RateApplicablePercent"),
        base=part.amount("ram:BasisAmount"),
        amount=part.amount("ram:CalculatedAmount"),
        exemption=part.text("ram:ExemptionReason", "ram:ExemptionReasonCode"),
    )


def _totals(sums: Reader, currency: str) -> Totals:
    return Totals(
        lines=sums.amount("ram:LineTotalAmount"),
        allowances=sums.amount("ram:AllowanceTotalAmount"),
        charges=sums.amount("ram:ChargeTotalAmount"),
        without_vat=sums.amount("ram:TaxBasisTotalAmount"),
        vat=sums.in_currency("ram:TaxTotalAmount", currency),
        with_vat=sums.amount("ram:GrandTotalAmount"),
        prepaid=sums.amount("ram:TotalPrepaidAmount"),
        payable=sums.amount("ram:DuePayableAmount"),
    )
