"""The key with which a station signs its evidence: Ed25519, made on first use, readable by its owner only.

It is not the key of the station's certificate: that one is replaced every few days, and a signature has to be checked
years later. ``evidence.pub`` beside it is what others get; its ``key_id`` is the SHA-256 of the 32 raw bytes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from groundstation.core.errors import CertificateError
from groundstation.core.key_files import KEY_FOLDER, open_private_key

KEY_FILE, PUBLIC_FILE = "evidence.key", "evidence.pub"
_CONTEXT = b"marchwarden evidence manifest, version 1\n"
"""Goes before what is signed, so that a signature for this purpose is none for another."""


@dataclass(frozen=True)
class PublicKey:
    """A key to check signatures with. ``certificate`` is the one it came from, None for a bare key."""

    raw: bytes
    certificate: x509.Certificate | None = None

    @property
    def key_id(self) -> str:
        """SHA-256 of the raw key, hexadecimal."""
        return hashlib.sha256(self.raw).hexdigest()

    def has_signed(self, signature: bytes, content: bytes) -> bool:
        """Whether ``signature`` is this key's for ``content``."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, _CONTEXT + content)
        except InvalidSignature:
            return False
        return True


class SigningKey:
    """A station's private key."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = PublicKey(private.public_key().public_bytes_raw())

    def sign(self, content: bytes) -> bytes:
        """64 bytes."""
        return self._private.sign(_CONTEXT + content)


def public_key_file(data_dir: Path) -> Path:
    """Where a station's public evidence key lies."""
    return data_dir / KEY_FOLDER / PUBLIC_FILE


def open_signing_key(data_dir: Path) -> SigningKey:
    """The station's key, made when there is none yet. Raises :class:`CertificateError`."""
    return SigningKey(open_private_key(data_dir, KEY_FILE, PUBLIC_FILE))


def read_public_key(path: Path) -> PublicKey:
    """A public key or a certificate, PEM. Raises :class:`CertificateError`."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CertificateError(f"{path}: cannot be read: {error.strerror}", "check the path") from error
    certificate: x509.Certificate | None = None
    try:
        if b"BEGIN CERTIFICATE" in content:
            certificate = x509.load_pem_x509_certificate(content)
            key = certificate.public_key()
        else:
            key = serialization.load_pem_public_key(content)  # type: ignore[assignment]
    except ValueError as error:
        raise CertificateError(
            f"{path}: is neither a public key nor a certificate in PEM", "give the station's keys/evidence.pub"
        ) from error
    if not isinstance(key, Ed25519PublicKey):
        raise CertificateError(f"{path}: is not an Ed25519 key", "give the station's keys/evidence.pub")
    return PublicKey(key.public_bytes_raw(), certificate)
