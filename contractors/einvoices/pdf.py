"""The XML of an invoice, out of the PDF that carries it. Nothing else of the PDF is looked at."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from itertools import islice

import pikepdf

from contractors.einvoices.refusals import MAX_ATTACHMENTS, MAX_XML, Refused

INVOICES = frozenset({"factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml"})
ORDER = "order-x.xml"
_END = 2048
# What a broken structure makes of pikepdf: wrong types, missing keys, numbers out of range.
_BROKEN = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


def invoice_xml(data: bytes) -> bytes:
    """Return the one invoice inside. Raises Refused."""
    if b"%%EOF" not in data[-_END:]:  # otherwise half a file would be repaired, and believed
        raise Refused("NX-BROKEN-PDF")
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if pdf.is_encrypted:
                raise Refused("NX-ENCRYPTED")
            return _the_one(pdf)
    except pikepdf.PasswordError as error:
        raise Refused("NX-ENCRYPTED") from error
    except (pikepdf.PdfError, zlib.error, *_BROKEN) as error:
        raise Refused("NX-BROKEN-PDF") from error


def _the_one(pdf: pikepdf.Pdf) -> bytes:
    found: set[bytes] = set()
    ordered = False
    for names, file in _attachments(pdf):
        if names & INVOICES:
            found.update(_contents(file))
        ordered = ordered or ORDER in names
    if len(found) > 1:
        raise Refused("NX-SEVERAL-XML")
    if not found:
        raise Refused("NX-ORDER" if ordered else "NX-NO-XML")
    return found.pop()


def _attachments(pdf: pikepdf.Pdf) -> Iterator[tuple[set[str], pikepdf.Object]]:
    """Names and file specification of each attachment of the document, listed or associated."""
    # One more than may be, of either kind: the number itself is the sender's.
    keys = list(islice(pdf.attachments, MAX_ATTACHMENTS + 1))
    listed: list[tuple[str, pikepdf.Object]] = [(key, pdf.attachments[key].obj) for key in keys]
    associated = pdf.Root.get("/AF")
    if isinstance(associated, pikepdf.Array):
        listed += [("", file) for file in islice(associated, MAX_ATTACHMENTS + 1)]
    if len(listed) > 2 * MAX_ATTACHMENTS or len(keys) > MAX_ATTACHMENTS:
        raise Refused("NX-ATTACHMENTS")
    for key, file in listed:
        if isinstance(file, pikepdf.Dictionary):
            names = [key, *(str(file[name]) for name in ("/UF", "/F") if name in file)]
            yield {name.rpartition("/")[2].strip().lower() for name in names}, file


def _contents(file: pikepdf.Object) -> set[bytes]:
    # Readers differ in which of the two they open: both have to say the same.
    streams = file.get("/EF", pikepdf.Dictionary())
    return {_inflated(streams[key]) for key in ("/UF", "/F") if key in streams}


def _inflated(stream: pikepdf.Object) -> bytes:
    """Contents of a stream, given up at the first byte too many."""
    filters = stream.get("/Filter")
    if isinstance(filters, pikepdf.Array) and len(filters) == 1:
        filters = filters[0]
    if filters == pikepdf.Name.FlateDecode and "/DecodeParms" not in stream:
        data = zlib.decompressobj().decompress(stream.read_raw_bytes(), MAX_XML + 1)
    else:
        data = stream.read_bytes()
    if len(data) > MAX_XML:
        raise Refused("NX-XML-SIZE")
    return data
