"""Writes a message of the life cycle as CDAR, one invoice in each.

Elements stand in the order that the schema (D22B) asks for; empty ones are left out.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from xml.etree import ElementTree  # writes only: nothing is parsed here

from contractors.einvoices.issued import CENT, Company
from contractors.einvoices.lifecycle import BUYER, PLATFORM, PREFIXES, SELLER, Lifecycle

Element = ElementTree.Element

PROCESS = "REGULATED"
GUIDELINE = "urn.cpro.gouv.fr:1p0:CDV:invoice"
TRANSPORT, TREATMENT = "305", "23"
"""What kind of answer it is: of a platform on the way, of a party that treats the invoice."""
SIREN, ADDRESS = "0002", "0225"


def write(said: Lifecycle) -> bytes:
    """Return the XML of a message."""
    for prefix, uri in PREFIXES.items():
        ElementTree.register_namespace(prefix, uri)
    root = Element(_name("rsm:CrossDomainAcknowledgementAndResponse"))
    context = _add(root, "rsm:ExchangedDocumentContext")
    process = _add(context, "ram:BusinessProcessSpecifiedDocumentContextParameter")
    _add(process, "ram:ID", PROCESS)
    guideline = _add(context, "ram:GuidelineSpecifiedDocumentContextParameter")
    _add(guideline, "ram:ID", GUIDELINE)
    _document(_add(root, "rsm:ExchangedDocument"), said)
    _answer(_add(root, "rsm:AcknowledgementDocument"), said)
    ElementTree.indent(root)
    found: bytes = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return found


def _document(parent: Element, said: Lifecycle) -> None:
    _add(parent, "ram:ID", f"{said.number}_{said.code}_{said.at:%Y%m%d%H%M%S}")
    _add(parent, "ram:Name", f"{said.number} {said.code} {said.label}")
    _moment(_add(parent, "ram:IssueDateTime"), said.at)
    # The sender bears no number: with one, the rules take it for the public portal's own.
    _add(_add(parent, "ram:SenderTradeParty"), "ram:RoleCode", said.sender)
    issuer = _add(parent, "ram:IssuerTradeParty")
    if said.sender != PLATFORM:
        _company(issuer, _of(said, said.sender))
    _add(issuer, "ram:RoleCode", said.sender)
    others = {PLATFORM: (SELLER, BUYER), SELLER: (BUYER,), BUYER: (SELLER,)}[said.sender]
    for role in others:
        company = _of(said, role)
        party = _add(parent, "ram:RecipientTradeParty")
        _company(party, company)
        _add(party, "ram:RoleCode", role)
        channel = _add(party, "ram:URIUniversalCommunication")
        reached_at = company.electronic_address or company.siren
        _add(channel, "ram:URIID", reached_at, schemeID=ADDRESS)


def _answer(parent: Element, said: Lifecycle) -> None:
    indicator = _add(parent, "ram:MultipleReferencesIndicator")
    _add(indicator, "udt:Indicator", "false")
    _add(parent, "ram:TypeCode", TRANSPORT if said.sender == PLATFORM else TREATMENT)
    _moment(_add(parent, "ram:IssueDateTime"), said.at)
    about = _add(parent, "ram:ReferenceReferencedDocument")
    _add(about, "ram:IssuerAssignedID", said.number)
    _add(about, "ram:TypeCode", said.type_code)
    if said.received_at is not None:
        _moment(_add(about, "ram:ReceiptDateTime"), said.received_at)
    issued = _add(about, "ram:FormattedIssueDateTime")
    _add(issued, "qdt:DateTimeString", f"{said.issued_on:%Y%m%d}", format="102")
    _add(about, "ram:ProcessConditionCode", said.code)
    _add(about, "ram:ProcessCondition", said.label)
    issuer = _add(about, "ram:IssuerTradeParty")
    _add(issuer, "ram:GlobalID", said.seller.siren, schemeID=SIREN)
    _add(issuer, "ram:RoleCode", SELLER)
    if said.reason or said.amounts:
        _status(_add(about, "ram:SpecifiedDocumentStatus"), said)


def _status(parent: Element, said: Lifecycle) -> None:
    if said.reason:
        _add(parent, "ram:ReasonCode", said.reason)
        if said.words.strip():
            _add(parent, "ram:Reason", said.words)
    _add(parent, "ram:SequenceNumeric", "1")
    for amount in said.amounts:
        found = _add(parent, "ram:SpecifiedDocumentCharacteristic")
        _add(found, "ram:TypeCode", amount.kind)
        _add(found, "ram:ValueAmount", f"{amount.euros.quantize(CENT):f}", currencyID="EUR")
        if amount.percent is not None:
            _add(found, "ram:ValuePercent", _plain(amount.percent))


def _company(parent: Element, company: Company) -> None:
    _add(parent, "ram:GlobalID", company.siren, schemeID=SIREN)
    _add(parent, "ram:Name", company.name)


def _of(said: Lifecycle, role: str) -> Company:
    return said.seller if role == SELLER else said.buyer


def _name(prefixed: str) -> str:
    prefix, _, name = prefixed.partition(":")
    return f"{{{PREFIXES[prefix]}}}{name}"


def _add(parent: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    found = ElementTree.SubElement(parent, _name(name), attributes)
    if text is not None:
        letters = (sign if sign.isprintable() else " " for sign in text)
        found.text = " ".join("".join(letters).split())
    return found


def _moment(parent: Element, at: datetime) -> None:
    _add(parent, "udt:DateTimeString", f"{at:%Y%m%d%H%M%S}", format="204")


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}" if number else "0"
