"""Seals on PDF documents: PAdES, with the site's own key (docs/adr/0018).

The seal says that the file is what Nexxio made, and that nothing was changed since; who signed,
when and how stands in the document. Import this module where a worker does its work only: it loads
a library, and a key, that the site's processes don't need.
"""

from __future__ import annotations

import io
from pathlib import Path

from django.conf import settings
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from nexxio.core.errors import Unavailable

FIELD = "Sceau"
_CERTIFICATE = "-----BEGIN CERTIFICATE-----"


class SealMissing(Unavailable):
    """There is no usable key to seal with; the message tells the operator what to set."""


def seal_pdf(pdf: bytes, *, reason: str) -> bytes:
    """Return the PDF with an invisible seal that allows no change (PAdES B-B, certified).

    Slow: never inside a transaction. Raises SealMissing without a key.
    """
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        reason=reason,
        name="Nexxio",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    out = io.BytesIO()
    signers.PdfSigner(metadata, signer=_signer()).sign_pdf(writer, output=out)
    return out.getvalue()


def _signer() -> signers.SimpleSigner:
    key, mark, certificates = _pem().partition(_CERTIFICATE)
    try:
        chain = list(load_certs_from_pemder_data((mark + certificates).encode()))
        private = load_private_key_from_pemder_data(key.encode(), passphrase=None)
        own, *others = chain
    except (ValueError, TypeError, IndexError) as error:
        raise SealMissing(
            "NEXXIO_SEAL is no private key followed by its certificate, both in PEM."
        ) from error
    store = SimpleCertificateStore.from_certs(others)  # type: ignore[no-untyped-call]  # theirs
    return signers.SimpleSigner(signing_cert=own, signing_key=private, cert_registry=store)


def _pem() -> str:
    """Return key and certificates: of the settings, or of set-up's own file on a developer's."""
    if settings.SEAL:
        return str(settings.SEAL)
    path = settings.SEAL_PATH
    if path and Path(path).is_file():
        return Path(path).read_text(encoding="ascii")
    raise SealMissing(
        "No key to seal documents: set NEXXIO_SEAL_FILE to a file with a private key followed by"
        " its certificate, both in PEM (docs/operations/install.md)."
    )
