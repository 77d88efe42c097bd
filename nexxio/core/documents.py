"""PDF documents: a template and its style sheet, printed by WeasyPrint in a worker.

Tagged (PDF/UA-1), with the product's own fonts embedded. Nothing is fetched from anywhere: the
only files that a document may name are those of the front-end's bundle. Import this module where
a worker does its work only: it loads a library that the site's processes don't need.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import segno
from django.conf import settings
from django.template.loader import render_to_string
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

from nexxio.core.typography import typeset

# It warns of each thing in a style sheet that it doesn't know, for each document; the library of
# fonts tells each table that it cuts, at such length that a log that nobody reads stops the worker.
logging.getLogger("weasyprint").setLevel(logging.ERROR)
logging.getLogger("weasyprint.progress").setLevel(logging.ERROR)
logging.getLogger("fontTools").setLevel(logging.WARNING)

BUNDLE = Path(settings.BASE_DIR) / "static" / "dist"
PDF = "application/pdf"
ACCESSIBLE, ARCHIVED = "pdf/ua-1", "pdf/a-3b"
"""What a document promises: to be read aloud, or to be kept for ever (and tagged too)."""


class _OnlyOurs(URLFetcher):  # type: ignore[misc]
    """Gives files below the bundle, and pictures that are written in the document itself."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Return what `url` names. Raises ValueError for anything but our own files."""
        parts = urlsplit(url)
        if parts.scheme == "data":
            return super().fetch(url, headers)
        path = Path(unquote(parts.path)).resolve()
        if parts.scheme != "file" or not path.is_relative_to(BUNDLE.resolve()):
            raise ValueError("A document may use the files of the front-end's bundle only.")
        return super().fetch(url, headers)


def render_html(template: str, context: dict[str, Any]) -> str:
    """Return the HTML of a template of templates/documents/, set as French printers do."""
    return typeset(render_to_string(template, context))


def print_pdf(html: str, *, variant: str = ACCESSIBLE) -> bytes:
    """Return the PDF of a document's HTML. Slow: never inside a transaction."""
    document = HTML(
        string=html, base_url=f"{BUNDLE.as_uri()}/", url_fetcher=_OnlyOurs(), encoding="utf-8"
    )
    found: bytes = document.write_pdf(pdf_variant=variant, pdf_tags=True)
    return found


def qr_svg(text: str) -> str:
    """Return a QR code as a data address of an SVG picture (error correction M)."""
    return str(segno.make(text, error="m", micro=False).svg_data_uri(border=0, scale=4))
