"""Writes an invoice as CII in the profile EN 16931, the one that Factur-X carries.

Elements stand in the order that the schema asks for; empty ones are left out. What is written is
proved by the reader of this package, never by itself.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from lxml import etree

from contractors.einvoices.issued import (
    CENT,
    EXEMPTIONS,
    PIECE,
    Account,
    Address,
    Company,
    IssuedInvoice,
    IssuedLine,
    VatGroup,
)
from contractors.einvoices.opening import Element
from contractors.einvoices.reading_cii import PREFIXES

GUIDELINE = "urn:cen.eu:en16931:2017"
SERVICES = "S1"
"""Business process (BT-23): a supplier files an invoice of services."""
SIRET, SIREN, ADDRESS = "0009", "0002", "0225"
CREDIT_TRANSFER = "30"


def write(invoice: IssuedInvoice) -> bytes:
    """Return the XML of an invoice."""
    root = etree.Element(_name("rsm:CrossIndustryInvoice"), nsmap=PREFIXES)
    context = _add(root, "rsm:ExchangedDocumentContext")
    process = _add(context, "ram:BusinessProcessSpecifiedDocumentContextParameter")
    _add(process, "ram:ID", SERVICES)
    guideline = _add(context, "ram:GuidelineSpecifiedDocumentContextParameter")
    _add(guideline, "ram:ID", GUIDELINE)
    _document(_add(root, "rsm:ExchangedDocument"), invoice)
    trade = _add(root, "rsm:SupplyChainTradeTransaction")
    for number, line in enumerate(invoice.lines, start=1):
        _line(_add(trade, "ram:IncludedSupplyChainTradeLineItem"), number, line)
    _agreement(_add(trade, "ram:ApplicableHeaderTradeAgreement"), invoice)
    _delivery(_add(trade, "ram:ApplicableHeaderTradeDelivery"), invoice)
    _settlement(_add(trade, "ram:ApplicableHeaderTradeSettlement"), invoice)
    found: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return found


def _document(parent: Element, invoice: IssuedInvoice) -> None:
    _add(parent, "ram:ID", invoice.number)
    _add(parent, "ram:TypeCode", invoice.type_code)
    _day(_add(parent, "ram:IssueDateTime"), invoice.issued_on)
    for note in invoice.notes:
        included = _add(parent, "ram:IncludedNote")
        _add(included, "ram:Content", note.text)
        _optional(included, "ram:SubjectCode", note.subject)


def _line(parent: Element, number: int, line: IssuedLine) -> None:
    """Write a line. A sum that no quantity explains is one piece of that price, and says why."""
    quantity, unit, price = line.quantity, line.unit_code, line.unit_price
    details = ""
    if line.is_lump:
        details = f"Montant accordé, pour {_plain(quantity)} {line.unit} à {_plain(price)} EUR"
        quantity, unit, price = Decimal(1), PIECE, line.total
    if price < 0:  # no price is below zero (BR-27), a quantity may be
        quantity, price = -quantity, -price
    _add(_add(parent, "ram:AssociatedDocumentLineDocument"), "ram:LineID", str(number))
    product = _add(parent, "ram:SpecifiedTradeProduct")
    _optional(product, "ram:SellerAssignedID", line.code)
    _add(product, "ram:Name", line.label)
    _optional(product, "ram:Description", details)
    agreement = _add(parent, "ram:SpecifiedLineTradeAgreement")
    _add(_add(agreement, "ram:NetPriceProductTradePrice"), "ram:ChargeAmount", _plain(price))
    delivery = _add(parent, "ram:SpecifiedLineTradeDelivery")
    _add(delivery, "ram:BilledQuantity", _plain(quantity), unitCode=unit)
    settlement = _add(parent, "ram:SpecifiedLineTradeSettlement")
    tax = _add(settlement, "ram:ApplicableTradeTax")
    _add(tax, "ram:TypeCode", "VAT")
    _add(tax, "ram:CategoryCode", line.category)
    _add(tax, "ram:RateApplicablePercent", _plain(line.vat_rate))
    sums = _add(settlement, "ram:SpecifiedTradeSettlementLineMonetarySummation")
    _add(sums, "ram:LineTotalAmount", _cents(line.total))


def _agreement(parent: Element, invoice: IssuedInvoice) -> None:
    _optional(parent, "ram:BuyerReference", invoice.buyer_reference)
    seller = _add(parent, "ram:SellerTradeParty")
    _party(seller, invoice.seller)
    if not invoice.seller.vat_number and invoice.seller.siren:
        # Whoever is exempt has no VAT number: the company's own number stands for it (BT-32).
        _registered(seller, "FC", invoice.seller.siren)
    _party(_add(parent, "ram:BuyerTradeParty"), invoice.buyer)
    for name, reference in (
        ("ram:BuyerOrderReferencedDocument", invoice.order_reference),
        ("ram:ContractReferencedDocument", invoice.contract_reference),
    ):
        if reference:
            _add(_add(parent, name), "ram:IssuerAssignedID", reference)


def _party(parent: Element, company: Company) -> None:
    if company.siret:
        _add(parent, "ram:GlobalID", company.siret, schemeID=SIRET)
    _add(parent, "ram:Name", company.name)
    _optional(parent, "ram:Description", company.legal)
    if company.siret:
        legal = _add(parent, "ram:SpecifiedLegalOrganization")
        _add(legal, "ram:ID", company.siren, schemeID=SIREN)
    _address(parent, company.address)
    reached_at = company.electronic_address or company.siren
    if reached_at:
        channel = _add(parent, "ram:URIUniversalCommunication")
        _add(channel, "ram:URIID", reached_at, schemeID=ADDRESS)
    if company.vat_number:
        _registered(parent, "VA", company.vat_number)


def _registered(party: Element, scheme: str, number: str) -> None:
    _add(_add(party, "ram:SpecifiedTaxRegistration"), "ram:ID", number, schemeID=scheme)


def _address(parent: Element, address: Address) -> None:
    place = _add(parent, "ram:PostalTradeAddress")
    _optional(place, "ram:PostcodeCode", address.postcode)
    _optional(place, "ram:LineOne", address.line)
    _optional(place, "ram:LineTwo", address.more)
    _optional(place, "ram:CityName", address.city)
    _add(place, "ram:CountryID", address.country)


def _delivery(parent: Element, invoice: IssuedInvoice) -> None:
    if invoice.delivered_at is not None:
        _address(_add(parent, "ram:ShipToTradeParty"), invoice.delivered_at)
    if invoice.delivered_on is not None:
        event = _add(parent, "ram:ActualDeliverySupplyChainEvent")
        _day(_add(event, "ram:OccurrenceDateTime"), invoice.delivered_on)


def _settlement(parent: Element, invoice: IssuedInvoice) -> None:
    _add(parent, "ram:PaymentReference", invoice.number)
    _add(parent, "ram:InvoiceCurrencyCode", invoice.currency)
    if invoice.account is not None:
        _account(_add(parent, "ram:SpecifiedTradeSettlementPaymentMeans"), invoice.account)
    for group in invoice.groups:
        _vat(_add(parent, "ram:ApplicableTradeTax"), group)
    terms = _add(parent, "ram:SpecifiedTradePaymentTerms")
    _add(terms, "ram:Description", invoice.terms)
    if invoice.due_on is not None:
        _day(_add(terms, "ram:DueDateDateTime"), invoice.due_on)
    sums = _add(parent, "ram:SpecifiedTradeSettlementHeaderMonetarySummation")
    _add(sums, "ram:LineTotalAmount", _cents(invoice.total_without_vat))
    _add(sums, "ram:TaxBasisTotalAmount", _cents(invoice.total_without_vat))
    _add(sums, "ram:TaxTotalAmount", _cents(invoice.total_vat), currencyID=invoice.currency)
    _add(sums, "ram:GrandTotalAmount", _cents(invoice.total_with_vat))
    _add(sums, "ram:DuePayableAmount", _cents(invoice.total_with_vat))
    if invoice.credited is not None:
        before = _add(parent, "ram:InvoiceReferencedDocument")
        _add(before, "ram:IssuerAssignedID", invoice.credited.number)
        _day(_add(before, "ram:FormattedIssueDateTime"), invoice.credited.issued_on, kind="qdt")


def _account(parent: Element, account: Account) -> None:
    _add(parent, "ram:TypeCode", CREDIT_TRANSFER)
    creditor = _add(parent, "ram:PayeePartyCreditorFinancialAccount")
    _add(creditor, "ram:IBANID", account.iban)
    _optional(creditor, "ram:AccountName", account.owner)
    if account.bic:
        bank = _add(parent, "ram:PayeeSpecifiedCreditorFinancialInstitution")
        _add(bank, "ram:BICID", account.bic)


def _vat(parent: Element, group: VatGroup) -> None:
    reason, code = EXEMPTIONS.get(group.category, ("", ""))
    _add(parent, "ram:CalculatedAmount", _cents(group.vat))
    _add(parent, "ram:TypeCode", "VAT")
    _optional(parent, "ram:ExemptionReason", reason)
    _add(parent, "ram:BasisAmount", _cents(group.base))
    _add(parent, "ram:CategoryCode", group.category)
    _optional(parent, "ram:ExemptionReasonCode", code)
    _add(parent, "ram:RateApplicablePercent", _plain(group.rate))


# --- Elements and values --------------------------------------------------------------------------


def _name(prefixed: str) -> str:
    prefix, _, name = prefixed.partition(":")
    return f"{{{PREFIXES[prefix]}}}{name}"


def _add(parent: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    found = etree.SubElement(parent, _name(name), attributes)
    if text is not None:
        found.text = _clean(text)
    return found


def _optional(parent: Element, name: str, text: str) -> None:
    if text.strip():
        _add(parent, name, text)


def _clean(text: str) -> str:
    """One line of what people typed, without signs that XML doesn't know."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _day(parent: Element, day: date, *, kind: str = "udt") -> None:
    _add(parent, f"{kind}:DateTimeString", f"{day:%Y%m%d}", format="102")


def _plain(number: Decimal) -> str:
    """Write a number without needless zeros, and never with an exponent."""
    return f"{number.normalize():f}" if number else "0"


def _cents(amount: Decimal) -> str:
    return f"{amount.quantize(CENT):f}"
