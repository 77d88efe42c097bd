"""Reads a message of the life cycle (CDAR) out of its XML."""

from __future__ import annotations

from datetime import date

from contractors.einvoices.lifecycle import PREFIXES, ReadLifecycle
from contractors.einvoices.opening import Element
from contractors.einvoices.refusals import Refused
from contractors.einvoices.values import Reader

ROOT = f"{{{PREFIXES['rsm']}}}CrossDomainAcknowledgementAndResponse"
_ISSUED = "ram:FormattedIssueDateTime/qdt:DateTimeString"


def read(root: Element) -> ReadLifecycle:
    """Return what a message says of its one invoice. Raises Refused for several, or for none."""
    if root.tag != ROOT:
        raise Refused("NX-NOT-A-STATUS")
    answer = Reader(root, PREFIXES).at("rsm:AcknowledgementDocument")
    about = answer.each("ram:ReferenceReferencedDocument")
    if len(about) != 1:
        raise Refused("NX-SEVERAL-STATUSES")
    one = about[0]
    status = one.at("ram:SpecifiedDocumentStatus")
    found = ReadLifecycle(
        code=one.text("ram:ProcessConditionCode"),
        label=one.text("ram:ProcessCondition"),
        at=_day(answer.text("ram:IssueDateTime/udt:DateTimeString")),
        number=one.text("ram:IssuerAssignedID"),
        issued_on=one.day(_ISSUED),
        seller_siren=_siren(one),
        reason=status.text("ram:ReasonCode"),
        words=status.text("ram:Reason"),
    )
    if not (found.code and found.number):
        raise Refused("NX-NOT-A-STATUS")
    return found


def _day(moment: str) -> date | None:
    """The day of a moment as 20260930101500."""
    try:
        return date(int(moment[:4]), int(moment[4:6]), int(moment[6:8]))
    except ValueError:
        return None


def _siren(about: Reader) -> str:
    """The SIREN of whoever issued the invoice, among the numbers that are given."""
    for number in about.each("ram:IssuerTradeParty/ram:GlobalID"):
        digits = number.text(".").replace(" ", "")
        if digits.isascii() and digits.isdecimal() and len(digits) in {9, 14}:
            return digits[:9]
    return ""
