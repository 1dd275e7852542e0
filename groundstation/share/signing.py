"""The key with which a station signs towards its neighbours: agreements, checkpoints of the disclosure log, records.

Ed25519, made on first use as ``keys/share.key`` in the station's data folder, readable by its owner only. It is neither
the key of the certificate, which is replaced every few days, nor that of the evidence. The keys of the neighbours lie
in ``keys/neighbours/<name>.pub``: a signature counts only by the key that lies there.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from groundstation.core.errors import CertificateError
from groundstation.core.key_files import KEY_FOLDER, open_private_key

KEY_FILE, PUBLIC_FILE = "share.key", "share.pub"
NEIGHBOUR_FOLDER = "neighbours"

AGREEMENT = b"marchwarden agreement, version 1\n"
TERMINATION = b"marchwarden agreement termination, version 1\n"
CHECKPOINT = b"marchwarden ledger checkpoint, version 1\n"
RECORD = b"marchwarden share record, version 1\n"
"""What is signed begins with one of these, so that a signature for one purpose is none for another."""


@dataclass(frozen=True)
class StationPublicKey:
    """What others check with; ``raw`` are the 32 bytes."""

    raw: bytes

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the raw key, the first 16 bytes in groups of four, for reading out on the telephone."""
        digest = hashlib.sha256(self.raw).hexdigest()[:32]
        return " ".join(digest[i : i + 4] for i in range(0, 32, 4))

    def has_signed(self, context: bytes, signature: bytes, content: bytes) -> bool:
        """Whether ``signature`` is this key's for ``content`` under ``context``."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, context + content)
        except (InvalidSignature, ValueError):
            return False
        return True


class StationKey:
    """A station's private key for sharing."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = StationPublicKey(private.public_key().public_bytes_raw())

    def sign(self, context: bytes, content: bytes) -> bytes:
        """64 bytes."""
        return self._private.sign(context + content)


def open_share_key(data_dir: Path) -> StationKey:
    """The station's key, made when there is none yet. Raises :class:`CertificateError`."""
    return StationKey(open_private_key(data_dir, KEY_FILE, PUBLIC_FILE))


def share_public_file(data_dir: Path) -> Path:
    """Where a station's public key for sharing lies."""
    return data_dir / KEY_FOLDER / PUBLIC_FILE


def _neighbour_file(data_dir: Path, name: str) -> Path:
    return data_dir / KEY_FOLDER / NEIGHBOUR_FOLDER / f"{name}.pub"


def neighbour_key(data_dir: Path, name: str) -> StationPublicKey | None:
    """The key that is known here to be the neighbour's; None when none is. Raises :class:`CertificateError`."""
    path = _neighbour_file(data_dir, name)
    return read_share_key(path) if path.exists() else None


def pin_neighbour_key(data_dir: Path, name: str, key: StationPublicKey, replace: bool = False) -> None:
    """Know this key as the neighbour's from now on.

    Raises :class:`CertificateError` when another one is known and ``replace`` is not said: a neighbour that suddenly
    signs with another key is either a new machine, or somebody else.
    """
    known = neighbour_key(data_dir, name)
    if known == key:
        return
    path = _neighbour_file(data_dir, name)
    if known is not None and not replace:
        raise CertificateError(
            f"{path}: the key known here is {known.fingerprint}, and this one is {key.fingerprint}",
            f"ask {name} on the telephone; if it really has a new key, delete that file and do this again",
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(
        Ed25519PublicKey.from_public_bytes(key.raw).public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    part.replace(path)


def read_share_key(path: Path) -> StationPublicKey:
    """A public key in PEM. Raises :class:`CertificateError`."""
    try:
        key = serialization.load_pem_public_key(path.read_bytes())
    except OSError as error:
        raise CertificateError(f"{path}: cannot be read: {error.strerror}", "check the path") from error
    except ValueError as error:
        raise CertificateError(f"{path}: is not a public key in PEM", "give the station's keys/share.pub") from error
    if not isinstance(key, Ed25519PublicKey):
        raise CertificateError(f"{path}: is not an Ed25519 key", "give the station's keys/share.pub")
    return StationPublicKey(key.public_bytes_raw())
