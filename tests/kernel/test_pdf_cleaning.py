"""A PDF of a stranger costs seconds and some memory at most, whatever it says it holds."""

from __future__ import annotations

import io
import resource
import time
import zlib

import pikepdf
import pytest

from nexxio.core import attachments
from nexxio.core.attachments import clean_all
from nexxio.core.errors import Invalid


def _zipped(head: bytes, filling: bytes, megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    parts = [packer.compress(head), *(packer.compress(filling * 10**6) for _ in range(megabytes))]
    return b"".join(parts) + packer.flush()


def _of_objects(*bodies: bytes) -> bytes:
    """A PDF of numbered objects, the first of them its root."""
    out, places = io.BytesIO(b"%PDF-1.5\n"), []
    out.seek(0, io.SEEK_END)
    for number, body in enumerate(bodies, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer\n<< /Root 1 0 R /Size %d >>\n" % (len(bodies) + 1))
    out.write(b"startxref\n%d\n%%%%EOF" % table)
    return out.getvalue()


def _with_content(entries: bytes, data: bytes) -> bytes:
    return _of_objects(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Contents 4 0 R >>",
        b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(data), entries, data),
    )


def _with_packed_objects(megabytes: int) -> bytes:
    """A PDF whose root and page stand in a stream that inflates to so much."""
    head = b"1 0 2 40 3 90 "
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>".ljust(40)
        + b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".ljust(50)
        + b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>"
    )
    data = _zipped(head + objects, b" ", megabytes)
    out = io.BytesIO(b"%PDF-1.5\n")
    out.seek(0, io.SEEK_END)
    packed = out.tell()
    kind = b"/Type /ObjStm /N 3 /First %d /Filter /FlateDecode" % len(head)
    out.write(b"5 0 obj\n<< %b /Length %d >>\nstream\n" % (kind, len(data)))
    out.write(data + b"\nendstream\nendobj\n")
    table = out.tell()
    rows = [(0, 0, 0), *((2, 5, place) for place in range(3)), (0, 0, 0)]
    rows += [(1, packed, 0), (1, table, 0)]
    told = b"".join(bytes([kind]) + at.to_bytes(3, "big") + bytes([n]) for kind, at, n in rows)
    kind = b"/Type /XRef /W [1 3 1] /Size 7 /Root 1 0 R"
    out.write(b"6 0 obj\n<< %b /Length %d >>\nstream\n" % (kind, len(told)))
    out.write(told + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % table)
    return out.getvalue()


def _cleaned(data: bytes) -> bytes:
    (found,) = clean_all([io.BytesIO(data)], field="file")
    return found.data


def _reason(data: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        _cleaned(data)
    return caught.value.errors["file"][0]


def test_what_a_page_inflates_to_is_never_inflated():
    """Packed twice, a few kilobytes are days of work for whoever unpacks them."""
    inner = _zipped(b"", b"\0", 300)
    bomb = _with_content(b"/Filter [/FlateDecode /FlateDecode]", zlib.compress(inner, 9))
    assert len(bomb) < 5_000
    began = time.monotonic()
    assert len(_cleaned(bomb)) < 5_000
    assert time.monotonic() - began < 5


def test_a_file_that_inflates_to_more_than_the_bound_is_refused():
    assert len(pikepdf.open(io.BytesIO(_with_packed_objects(1))).pages) == 1
    assert _cleaned(_with_packed_objects(1))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    bomb = _with_packed_objects(600)
    assert len(bomb) < 1_000_000
    assert _reason(bomb) == "Ce PDF n’est pas lisible."
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kilobytes


def test_a_cleaner_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(attachments, "_SECONDS", 0.01)
    assert _reason(_with_content(b"", b"q Q")) == "Ce PDF n’est pas lisible."


def test_a_locked_and_a_long_pdf_say_why():
    for pages, options, words in (
        (1, {"encryption": pikepdf.Encryption(owner="a", user="b")}, "mot de passe"),
        (201, {}, "200 pages"),
    ):
        out = io.BytesIO()
        with pikepdf.new() as pdf:
            for _ in range(pages):
                pdf.add_blank_page()
            pdf.save(out, **options)
        assert words in _reason(out.getvalue())
