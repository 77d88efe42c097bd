"""Puts an invoice's XML into its PDF/A-3: together they are a Factur-X.

The attachment stands both among the files of the document and among those associated with it;
the document's metadata say which file is the invoice, and describe the words in which they say so.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pikepdf
from lxml import etree

FILE_NAME = "factur-x.xml"
LEVEL = "EN 16931"
VERSION = "1.0"
RELATIONSHIP = "/Alternative"
"""The XML says the same as the pages (profiles from BASIC on)."""

_FX = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_PROPERTIES = {
    "DocumentFileName": (FILE_NAME, "name of the embedded XML invoice file"),
    "DocumentType": ("INVOICE", "kind of document that the XML holds"),
    "Version": (VERSION, "version of the standard that the XML follows"),
    "ConformanceLevel": (LEVEL, "profile of the standard that the XML follows"),
}


def embed(pdf: bytes, xml: bytes, *, at: datetime) -> bytes:
    """Return the Factur-X of a PDF/A-3 without attachments and an XML. at: aware.

    Raises ValueError for a PDF that doesn't say that it is a PDF/A-3.
    """
    moment = f"{at.astimezone(UTC):D:%Y%m%d%H%M%S}Z"
    with pikepdf.open(io.BytesIO(pdf)) as document:
        metadata = document.Root.Metadata
        metadata.write(_told(metadata.read_bytes()))
        file = pikepdf.AttachedFileSpec(
            document,
            xml,
            filename=FILE_NAME,
            description="Facture électronique Factur-X",
            mime_type="text/xml",
            creation_date=moment,
            mod_date=moment,
            relationship=pikepdf.Name(RELATIONSHIP),
        )
        document.attachments[FILE_NAME] = file
        document.Root.AF = pikepdf.Array([document.attachments[FILE_NAME].obj])
        saved = io.BytesIO()
        document.save(saved, deterministic_id=True)
    return saved.getvalue()


def _told(packet: bytes) -> bytes:
    """Return the metadata with what Factur-X adds: in the one RDF that a packet may hold."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_pis=True)
    root = etree.fromstring(packet, parser)
    rdf = root if root.tag == f"{{{_RDF}}}RDF" else root.find(f"{{{_RDF}}}RDF")
    if rdf is None or b"http://www.aiim.org/pdfa/ns/id/" not in packet:
        raise ValueError("the PDF is no PDF/A")
    for part in etree.fromstring(_added(), parser):
        rdf.append(part)
    begin = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'.encode()
    written: bytes = etree.tostring(root, encoding="utf-8")
    return begin + written + b'\n<?xpacket end="w"?>'


def _added() -> str:
    values = "".join(f"<fx:{name}>{value}</fx:{name}>" for name, (value, _) in _PROPERTIES.items())
    described = "".join(
        f"""<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name>
<pdfaProperty:valueType>Text</pdfaProperty:valueType>
<pdfaProperty:category>external</pdfaProperty:category>
<pdfaProperty:description>{words}</pdfaProperty:description></rdf:li>"""
        for name, (_, words) in _PROPERTIES.items()
    )
    return f"""<rdf:RDF xmlns:rdf="{_RDF}" xmlns:fx="{_FX}"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<rdf:Description rdf:about="">{values}</rdf:Description>
<rdf:Description rdf:about=""><pdfaExtension:schemas><rdf:Bag>
<rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{_FX}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq>{described}</rdf:Seq></pdfaSchema:property></rdf:li>
</rdf:Bag></pdfaExtension:schemas></rdf:Description></rdf:RDF>"""
