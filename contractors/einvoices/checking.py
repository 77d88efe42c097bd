"""The verdict of the official rules: the schema, then the schematron of the file's own profile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import saxonche
from lxml import etree

from contractors.einvoices.opening import Element
from contractors.einvoices.profiles import MINIMUM, PEPPOL, XRECHNUNG, Profile
from contractors.einvoices.results import Finding, ReadInvoice
from contractors.einvoices.values import plain

FRANCE = "FR"
MAX_FINDINGS = 200
MAX_MESSAGE = 1000
_SVRL = {"s": "http://purl.oclc.org/dsdl/svrl"}
_GUIDELINE = "GuidelineSpecifiedDocumentContextParameter/ID"
# Most of the time goes into compiling the rules: running them fast would cost more than it gives.
_NO_OPTIMISING = ("http://saxon.sf.net/feature/optimizationLevel", "0")
_RENUMBERED = "FX-SCH-"
_FATAL = {"", "fatal"}  # a rule without a flag is as strict as one that says so


@dataclass
class Findings:
    """What the rules say, each thing once."""

    errors: dict[Finding, None] = field(default_factory=dict)
    warnings: dict[Finding, None] = field(default_factory=dict)

    def add(self, finding: Finding, *, wrong: bool) -> None:
        """Keep it, unless there are too many already."""
        kept = self.errors if wrong else self.warnings
        if len(kept) < MAX_FINDINGS:
            kept[finding] = None


def check(root: Element, profile: Profile, invoice: ReadInvoice) -> Findings:
    """Judge the file by its schema, the rules of its profile, and the French ones."""
    found = Findings()
    for finding in _schema_faults(root, profile.schema):
        found.add(finding, wrong=True)
    text = etree.tostring(root, encoding="unicode")
    with saxonche.PySaxonProcessor(license=False) as saxon:
        saxon.set_configuration_property(*_NO_OPTIMISING)
        for finding, strict in _run(saxon, profile.rules, text):
            found.add(finding, wrong=strict and not _of_another_guideline(finding, profile))
        if _is_french(profile, invoice):
            # They bind the companies, not the file: its verdict is that of its own profile.
            for finding, _strict in _run(saxon, profile.french_rules, text):
                found.add(finding, wrong=False)
    _add_our_own(found, profile, invoice)
    return found


def _is_french(profile: Profile, invoice: ReadInvoice) -> bool:
    # Between two French companies; MINIMUM is no invoice for these rules.
    domestic = invoice.seller.country == invoice.buyer.country == FRANCE
    return domestic and profile.name != MINIMUM


def _of_another_guideline(finding: Finding, profile: Profile) -> bool:
    """Whether the rule only says that the guideline is another one than plain EN 16931."""
    return profile.name in {XRECHNUNG, PEPPOL} and finding.message.endswith(f"({_GUIDELINE})")


def _schema_faults(root: Element, path: Path) -> Iterator[Finding]:
    schema = etree.XMLSchema(etree.parse(str(path), etree.XMLParser(no_network=True)))
    if schema.validate(root):
        return
    for fault in list(schema.error_log)[:MAX_FINDINGS]:
        yield Finding("XSD", _short(f"ligne {fault.line} : {_without_namespaces(fault.message)}"))


def _run(
    saxon: saxonche.PySaxonProcessor, rules: Path, text: str
) -> Iterator[tuple[Finding, bool]]:
    """Findings of a compiled schematron, each with whether it makes the invoice wrong."""
    try:
        sheet = saxon.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(rules))
        report = sheet.transform_to_string(xdm_node=saxon.parse_xml(xml_text=text))
    except saxonche.PySaxonApiError as error:
        # A rule stumbled, over an amount that is none for example; what the others say is lost.
        message = _short(f"Les règles n’ont pas pu être appliquées : {error}")
        yield Finding("NX-RULES", message), True
        return
    for node in etree.fromstring(report.encode()).iterfind("s:*", _SVRL):
        kind = etree.QName(node).localname
        if kind in {"failed-assert", "successful-report"}:
            strict = kind == "failed-assert" and node.get("flag", "").lower() in _FATAL
            yield _finding(node), strict


def _finding(node: Element) -> Finding:
    words = " ".join("".join(node.find("s:text", _SVRL).itertext()).split())
    rule = node.get("id", "")
    standard, bracket, rest = words.removeprefix("[").partition("]")
    if words.startswith("[") and bracket:
        words = rest.lstrip(" -–:")
        # BASIC numbers its rules anew, and names the rule of the standard in the text only.
        if not rule or rule.startswith(_RENUMBERED):
            rule = standard.strip()
    place = _place(node.get("location", ""))
    return Finding(rule or "NX-UNUSED", f"{_short(words)} ({place})")


def _place(location: str) -> str:
    """The last two steps of a path, without namespaces: `ApplicableTradeTax[2]/BasisAmount`."""
    steps = []
    for step in location.split("/*:")[1:][-2:]:
        name, _, rest = step.partition("[")
        number = rest.rpartition("[")[2].rstrip("]")
        steps.append(f"{name}[{number}]" if number not in {"", "1"} else name)
    return "/".join(steps) or "document"


def _short(words: str) -> str:
    words = plain(words)  # rules quote what the file says
    return words if len(words) <= MAX_MESSAGE else f"{words[:MAX_MESSAGE]}…"


def _without_namespaces(words: str) -> str:
    parts = words.split("{")
    return parts[0] + "".join(part.partition("}")[2] for part in parts[1:])


def _add_our_own(found: Findings, profile: Profile, invoice: ReadInvoice) -> None:
    totals = invoice.totals
    if profile.name == MINIMUM and None not in (totals.with_vat, totals.without_vat, totals.vat):
        assert totals.with_vat is not None
        assert totals.without_vat is not None
        assert totals.vat is not None
        if totals.with_vat != totals.without_vat + totals.vat:
            message = "Le total TTC n’est pas la somme du total HT et de la TVA."
            found.add(Finding("NX-TOTAL", message), wrong=False)
    if not profile.name:
        message = "Le profil annoncé n’est pas connu : la facture est jugée selon EN 16931."
        found.add(Finding("NX-PROFILE", message), wrong=False)
    if profile.name in {XRECHNUNG, PEPPOL}:
        message = f"Seules les règles EN 16931 ont été vérifiées, pas celles de {profile.name}."
        found.add(Finding("NX-OWN-RULES", message), wrong=False)
