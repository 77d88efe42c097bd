"""From bytes to the XML of one invoice, trusting nothing.

The XML is walked twice: by a parser that keeps nothing and stops at the first DTD, at too many
elements or too deep ones; then by the one that builds the tree, which all later steps share, so
that what is checked and what is read can't differ.
"""

from __future__ import annotations

import codecs
from typing import Any
from xml.parsers import expat

from lxml import etree

from contractors.einvoices.pdf import invoice_xml
from contractors.einvoices.refusals import MAX_DEPTH, MAX_ELEMENTS, MAX_FILE, MAX_XML, Refused

# An lxml element: the library has no types of its own.
Element = Any

ENCODINGS = frozenset(
    {
        *("utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "us-ascii"),
        *("iso-8859-1", "iso-8859-15", "latin1", "windows-1252"),
    }
)
_PDF_HEADER = 1024
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ENCODING_FAULTS = frozenset(
    {
        expat.errors.codes[expat.errors.XML_ERROR_UNKNOWN_ENCODING],
        expat.errors.codes[expat.errors.XML_ERROR_INCORRECT_ENCODING],
    }
)


def open_invoice(data: bytes) -> Element:
    """Return the root of the invoice's XML, from an XML or out of a PDF. Raises Refused."""
    if not data.strip():
        raise Refused("NX-EMPTY")
    if len(data) > MAX_FILE:
        raise Refused("NX-SIZE")
    if b"%PDF-" in data[:_PDF_HEADER]:
        data = invoice_xml(data)
    elif not _looks_like_xml(data):
        raise Refused("NX-FORMAT")
    return parse(data)


def _looks_like_xml(data: bytes) -> bool:
    start = data[:200]
    for mark in _BOMS:
        start = start.removeprefix(mark)
    return start.replace(b"\0", b"").lstrip()[:1] == b"<"


def parse(data: bytes) -> Element:
    """Build the tree of an XML that holds no danger. Raises Refused."""
    if len(data) > MAX_XML:
        raise Refused("NX-XML-SIZE")
    _Walk().over(data)
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Refused("NX-BROKEN-XML", f"ligne {error.lineno}") from error


class _Walk:
    """One pass over an XML that keeps nothing but counts."""

    def __init__(self) -> None:
        self.depth = self.elements = 0

    def over(self, data: bytes) -> None:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            parser.Parse(data, True)  # noqa: FBT003 (expat takes no keyword)
        except expat.ExpatError as error:
            if error.code in _ENCODING_FAULTS:
                raise Refused("NX-ENCODING") from error
            place = f"ligne {error.lineno}, colonne {error.offset + 1}"
            raise Refused("NX-BROKEN-XML", place) from error
        except LookupError as error:  # an encoding that Python does not know either
            raise Refused("NX-ENCODING") from error

    def _start(self, _name: str, _attributes: dict[str, str]) -> None:
        self.depth += 1
        self.elements += 1
        if self.depth > MAX_DEPTH:
            raise Refused("NX-DEPTH")
        if self.elements > MAX_ELEMENTS:
            raise Refused("NX-ELEMENTS")

    def _end(self, _name: str) -> None:
        self.depth -= 1

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in ENCODINGS:
            raise Refused("NX-ENCODING")

    def _doctype(self, *_declared: Any) -> None:
        raise Refused("NX-DTD")
