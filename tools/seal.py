"""A key and a certificate to seal PDFs with, on a developer's machine: ``python -m tools.seal``.

Made once at set-up, below ``.local``, readable by its owner only, and never committed. Nobody else
trusts it: a real site has its own (docs/operations/install.md).
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tools.base import LOCAL, write_private

PATH = LOCAL / "seal.pem"
LIFE = dt.timedelta(days=3650)


def make(path: Path = PATH) -> bool:
    """Write key and certificate unless they are there. Tells whether it wrote."""
    if path.is_file():
        return False
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Nexxio"),
            x509.NameAttribute(NameOID.COMMON_NAME, "Nexxio, cachet de développement"),
        ]
    )
    now = dt.datetime.now(dt.UTC)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = certificate.public_bytes(serialization.Encoding.PEM)
    write_private(path, (private + public).decode("ascii"))
    return True


if __name__ == "__main__":
    make()
    sys.exit(0)
