"""A certificate for localhost that this machine makes for itself: good for trying, not for owners."""

import ipaddress
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_LIFE = timedelta(days=365)
_RENEWED_BEFORE = timedelta(days=30)


@dataclass(frozen=True)
class Certificate:
    """Two PEM files.

    public    the certificate alone: what a program has to trust that is to reach the proxy
    with_key  the certificate and its key, readable by its owner only: what the proxy is given
    """

    public: Path
    with_key: Path


def kept(directory: Path, *more_names: str) -> Certificate:
    """The certificate in `directory`; made when there is none, or when its last month has begun.

    more_names  host names that it is for, beside localhost
    """
    certificate = Certificate(directory / "certificate.pem", directory / "certificate-and-key.pem")
    if not _is_good(certificate):
        _make(certificate, more_names)
    return certificate


def _is_good(certificate: Certificate) -> bool:
    if not (certificate.public.exists() and certificate.with_key.exists()):
        return False
    there = x509.load_pem_x509_certificate(certificate.public.read_bytes())
    return there.not_valid_after_utc - _RENEWED_BEFORE > datetime.now(UTC)


def _make(certificate: Certificate, more_names: tuple[str, ...]) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "moncompte on this machine")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName(
        [
            *(x509.DNSName(host) for host in ("localhost", *more_names)),
            x509.IPAddress(ipaddress.IPv4Address("127.0.0.1")),
        ]
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))  # clocks differ
        .not_valid_after(now + _LIFE)
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    public = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _write(certificate.with_key, public + private)
    _write(certificate.public, public)


def _write(file: Path, content: bytes) -> None:
    """Whole or not at all, for its owner only."""
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
    new.replace(file)
