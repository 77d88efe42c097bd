"""Invoices of our own making, valid and hostile, for the tests of the reader."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

import pikepdf
import pytest

REAL = Path(__file__).parents[3] / "shared" / "data" / "invoices"
needs_real_files = pytest.mark.skipif(
    not REAL.is_dir(), reason=f"the real invoices are not at {REAL}"
)

EN_16931 = "urn:cen.eu:en16931:2017"
BASIC = f"{EN_16931}#compliant#urn:factur-x.eu:1p0:basic"
BASIC_WL = "urn:factur-x.eu:1p0:basicwl"
MINIMUM = "urn:factur-x.eu:1p0:minimum"
EXTENDED = f"{EN_16931}#conformant#urn:factur-x.eu:1p0:extended"
XRECHNUNG = f"{EN_16931}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"

_DECLARATION = "<?xml version='1.0' encoding='UTF-8'?>"
_UN = "urn:un:unece:uncefact:data:standard:"
_SELLER = """<ram:SellerTradeParty><ram:Name>Plomberie du Canal</ram:Name>
<ram:SpecifiedLegalOrganization><ram:ID schemeID="0002">73282932000074</ram:ID></ram:SpecifiedLegalOrganization>
<ram:PostalTradeAddress>{address}<ram:CountryID>FR</ram:CountryID></ram:PostalTradeAddress>
<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">FR44732829320</ram:ID></ram:SpecifiedTaxRegistration>
</ram:SellerTradeParty>"""
_BUYER = (
    """<ram:BuyerTradeParty><ram:Name>Habitat de l’Été</ram:Name>{details}</ram:BuyerTradeParty>"""
)
_BUYER_DETAILS = """<ram:SpecifiedLegalOrganization><ram:ID schemeID="0002">552081317</ram:ID></ram:SpecifiedLegalOrganization>
<ram:PostalTradeAddress><ram:PostcodeCode>75011</ram:PostcodeCode><ram:CityName>Paris</ram:CityName>
<ram:CountryID>FR</ram:CountryID></ram:PostalTradeAddress>"""
_CII_LINE = """<ram:IncludedSupplyChainTradeLineItem>
<ram:AssociatedDocumentLineDocument><ram:LineID>{id}</ram:LineID></ram:AssociatedDocumentLineDocument>
<ram:SpecifiedTradeProduct><ram:Name>{name}</ram:Name></ram:SpecifiedTradeProduct>
<ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice><ram:ChargeAmount>{price}</ram:ChargeAmount>
<ram:BasisQuantity unitCode="{unit}">{per}</ram:BasisQuantity></ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>
<ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="{unit}">{quantity}</ram:BilledQuantity></ram:SpecifiedLineTradeDelivery>
<ram:SpecifiedLineTradeSettlement><ram:ApplicableTradeTax><ram:TypeCode>VAT</ram:TypeCode>
<ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>10</ram:RateApplicablePercent></ram:ApplicableTradeTax>
<ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>{amount}</ram:LineTotalAmount>
</ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement>
</ram:IncludedSupplyChainTradeLineItem>"""
_LINES = (
    ("1", "Remplacement d’un robinet", "100", "1", "HUR", "1.5", "150.00"),
    ("2", "Joints", "25", "100", "C62", "200", "50.00"),
)
_SETTLED = """<ram:ApplicableTradeTax><ram:CalculatedAmount>20.00</ram:CalculatedAmount><ram:TypeCode>VAT</ram:TypeCode>
<ram:BasisAmount>200.00</ram:BasisAmount><ram:CategoryCode>S</ram:CategoryCode>
<ram:RateApplicablePercent>10</ram:RateApplicablePercent></ram:ApplicableTradeTax>
<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime><udt:DateTimeString format="102">20260712</udt:DateTimeString></ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>"""
_ACCOUNT = """<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>30</ram:TypeCode>
<ram:PayeePartyCreditorFinancialAccount><ram:IBANID>FR7630006000011234567890189</ram:IBANID></ram:PayeePartyCreditorFinancialAccount>
</ram:SpecifiedTradeSettlementPaymentMeans>"""


def cii(
    guideline: str = EN_16931,
    *,
    date: str = "20260612",
    total: str = "220.00",
    lines: tuple[tuple[str, ...], ...] = _LINES,
    french: bool = True,
) -> str:
    """A CII invoice of 200 € and 20 € of VAT; MINIMUM and BASIC WL carry no lines."""
    least = guideline == MINIMUM
    short = guideline in {MINIMUM, BASIC_WL}
    names = ("id", "name", "price", "per", "unit", "quantity", "amount")
    written = "".join(_CII_LINE.format(**dict(zip(names, line, strict=True))) for line in lines)
    address = "" if least else "<ram:PostcodeCode>75010</ram:PostcodeCode>"
    buyer = (
        _BUYER_DETAILS.partition("<ram:PostalTradeAddress>")[0]
        if least
        else _BUYER_DETAILS
        if french
        else _BUYER_DETAILS.replace(">FR<", ">DE<")
    )
    return f"""{_DECLARATION}
<rsm:CrossIndustryInvoice xmlns:rsm="{_UN}CrossIndustryInvoice:100" xmlns:udt="{_UN}UnqualifiedDataType:100"
 xmlns:ram="{_UN}ReusableAggregateBusinessInformationEntity:100">
<rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>{guideline}</ram:ID>
</ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
<rsm:ExchangedDocument><ram:ID>F-2026-017</ram:ID><ram:TypeCode>380</ram:TypeCode>
<ram:IssueDateTime><udt:DateTimeString format="102">{date}</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>{"" if short else written}
<ram:ApplicableHeaderTradeAgreement>{_SELLER.format(address=address)}{_BUYER.format(details=buyer)}
<ram:BuyerOrderReferencedDocument><ram:IssuerAssignedID>B-2026-00042-7</ram:IssuerAssignedID></ram:BuyerOrderReferencedDocument>
</ram:ApplicableHeaderTradeAgreement>
<ram:ApplicableHeaderTradeDelivery/>
<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
{"" if least else _ACCOUNT + _SETTLED}
<ram:SpecifiedTradeSettlementHeaderMonetarySummation>{"" if least else "<ram:LineTotalAmount>200.00</ram:LineTotalAmount>"}
<ram:TaxBasisTotalAmount>200.00</ram:TaxBasisTotalAmount><ram:TaxTotalAmount currencyID="EUR">20.00</ram:TaxTotalAmount>
<ram:GrandTotalAmount>{total}</ram:GrandTotalAmount><ram:DuePayableAmount>{total}</ram:DuePayableAmount>
</ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>
</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>
"""


def _ubl_party(role: str, name: str, siren: str, siret: str, vat: str) -> str:
    tax = f"""<cac:PartyTaxScheme><cbc:CompanyID>{vat}</cbc:CompanyID>
<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"""
    return f"""<cac:{role}><cac:Party>
<cac:PartyIdentification><cbc:ID schemeID="0009">{siret}</cbc:ID></cac:PartyIdentification>
<cac:PostalAddress><cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
{tax if vat else ""}<cac:PartyLegalEntity><cbc:RegistrationName>{name}</cbc:RegistrationName>
<cbc:CompanyID schemeID="0002">{siren}</cbc:CompanyID></cac:PartyLegalEntity></cac:Party></cac:{role}>"""


def ubl(kind: str = "Invoice", *, total: str = "110.00") -> str:
    """A UBL invoice or credit note of 100 € and 10 € of VAT."""
    credit = kind == "CreditNote"
    unit = "Credited" if credit else "Invoiced"
    category = """<cbc:ID>S</cbc:ID><cbc:Percent>10</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"""
    before = """<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>F-2026-011</cbc:ID>
<cbc:IssueDate>2026-05-02</cbc:IssueDate></cac:InvoiceDocumentReference></cac:BillingReference>"""
    code = (
        "<cbc:CreditNoteTypeCode>381</cbc:CreditNoteTypeCode>"
        if credit
        else "<cbc:DueDate>2026-07-12</cbc:DueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>"
    )
    seller = _ubl_party(
        "AccountingSupplierParty",
        "Plomberie du Canal",
        "732829320",
        "73282932000074",
        "FR44732829320",
    )
    buyer = _ubl_party("AccountingCustomerParty", "Habitat", "552081317", "55208131766522", "")
    return f"""{_DECLARATION}
<{kind} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{kind}-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:CustomizationID>{EN_16931}</cbc:CustomizationID><cbc:ID>U-7</cbc:ID><cbc:IssueDate>2026-06-12</cbc:IssueDate>
{code}<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cac:OrderReference><cbc:ID>B-2026-00042-7</cbc:ID></cac:OrderReference>{before if credit else ""}
{seller}{buyer}<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode>
<cac:PayeeFinancialAccount><cbc:ID>FR76 3000 6000 0112 3456 7890 189</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>
<cac:PaymentTerms><cbc:Note>30 jours</cbc:Note></cac:PaymentTerms>
<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">10.00</cbc:TaxAmount>
<cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">100.00</cbc:TaxableAmount><cbc:TaxAmount currencyID="EUR">10.00</cbc:TaxAmount>
<cac:TaxCategory>{category}</cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount>
<cbc:TaxExclusiveAmount currencyID="EUR">100.00</cbc:TaxExclusiveAmount>
<cbc:TaxInclusiveAmount currencyID="EUR">{total}</cbc:TaxInclusiveAmount>
<cbc:PayableAmount currencyID="EUR">{total}</cbc:PayableAmount></cac:LegalMonetaryTotal>
<cac:{kind}Line><cbc:ID>1</cbc:ID><cbc:{unit}Quantity unitCode="HUR">2</cbc:{unit}Quantity>
<cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount>
<cac:Item><cbc:Name>Débouchage</cbc:Name><cac:ClassifiedTaxCategory>{category}</cac:ClassifiedTaxCategory></cac:Item>
<cac:Price><cbc:PriceAmount currencyID="EUR">50</cbc:PriceAmount></cac:Price></cac:{kind}Line></{kind}>
"""


def pdf(*files: tuple[str, bytes], encryption: pikepdf.Encryption | None = None) -> bytes:
    """A PDF that carries these files."""
    document = pikepdf.new()
    document.add_blank_page()
    for name, data in files:
        document.attachments[name] = pikepdf.AttachedFileSpec(document, data, filename=name)
    saved = io.BytesIO()
    if encryption is None:
        document.save(saved)
    else:
        document.save(saved, encryption=encryption)
    return saved.getvalue()


def deflated_zeros(megabytes: int) -> bytes:
    """A small zlib stream that inflates to so many megabytes, made at once."""
    packer = zlib.compressobj(9)
    head = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + block * (megabytes - 1) + packer.flush()


def pdf_with_a_bomb(megabytes: int) -> bytes:
    """A PDF whose factur-x.xml inflates to so many megabytes."""
    document = pikepdf.new()
    document.add_blank_page()
    file = pikepdf.AttachedFileSpec(document, b"<a/>", filename="factur-x.xml")
    file.obj.EF.F.write(deflated_zeros(megabytes), filter=pikepdf.Name.FlateDecode)
    if "/UF" in file.obj.EF:
        file.obj.EF.UF = file.obj.EF.F
    document.attachments["factur-x.xml"] = file
    saved = io.BytesIO()
    document.save(saved, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return saved.getvalue()


def pdf_that_inflates_when_opened(megabytes: int) -> bytes:
    """A PDF whose cross-reference table itself is a stream that inflates to so many megabytes."""
    data = deflated_zeros(megabytes)
    body = b"%PDF-1.5\n1 0 obj\n<</Type/Catalog>>\nendobj\n"
    place = len(body)
    head = (
        f"2 0 obj\n<</Type/XRef/Size 3/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length {len(data)}>>"
    )
    end = f"\nendstream\nendobj\nstartxref\n{place}\n%%EOF\n"
    return body + head.encode() + b"\nstream\n" + data + end.encode()
