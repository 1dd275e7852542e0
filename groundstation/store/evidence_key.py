"""The key with which a station signs its evidence: Ed25519, made on first use, readable by its owner only.

It is not the key of the station's certificate: that one is replaced every few days, and a signature has to be checked
years later. ``evidence.pub`` beside it is what others get; its ``key_id`` is the SHA-256 of the 32 raw bytes.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from groundstation.core.errors import CertificateError

_log = logging.getLogger("groundstation.store.evidence")

KEY_FOLDER = "keys"
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
    folder = data_dir / KEY_FOLDER
    path = folder / KEY_FILE
    try:
        if not path.exists():
            _make(folder, path)
        content = path.read_bytes()
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            _log.warning("%s: other users can read this key: chmod 600 it", path)
    except OSError as error:
        raise CertificateError(
            f"{path}: {error.strerror}", "check the owner, rights and space of the folder"
        ) from error
    try:
        private = serialization.load_pem_private_key(content, password=None)
    except (ValueError, TypeError) as error:
        raise CertificateError(f"{path}: is not a private key in PEM: {error}", "restore it from a backup") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise CertificateError(f"{path}: is not an Ed25519 key", "restore it from a backup")
    key = SigningKey(private)
    public = public_key_file(data_dir)
    if not public.exists():
        _write_public(public, private)
    return key


def _make(folder: Path, path: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    private = Ed25519PrivateKey.generate()
    part = folder / f".{path.name}.{os.getpid()}.part"
    part.unlink(missing_ok=True)
    # Made with its final rights: there is no moment at which others could read it.
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(
                private.private_bytes(
                    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
                )
            )
            file.flush()
            os.fsync(file.fileno())
        # A link fails where a file is already: of two processes that begin at once, one key wins and both use it.
        with contextlib.suppress(FileExistsError):
            try:
                os.link(part, path)
            except FileExistsError:
                raise
            except OSError:  # a file system without links, as on some sticks
                if path.exists():
                    return
                part.replace(path)
            _write_public(folder / PUBLIC_FILE, private)
            _log.info("a new evidence key was made: keep a copy of %s outside this machine", folder / PUBLIC_FILE)
    finally:
        part.unlink(missing_ok=True)


def _write_public(path: Path, private: Ed25519PrivateKey) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_bytes(
        private.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    part.replace(path)


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
