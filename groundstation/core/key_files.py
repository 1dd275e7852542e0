"""A station's Ed25519 keys as files: made on first use, readable by their owner only, the public half beside them."""

from __future__ import annotations

import contextlib
import logging
import os
import stat
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from groundstation.core.errors import CertificateError

_log = logging.getLogger("groundstation.core.keys")

KEY_FOLDER = "keys"
"""Below a station's data folder."""


def open_private_key(data_dir: Path, key_file: str, public_file: str) -> Ed25519PrivateKey:
    """The key ``keys/<key_file>`` of a station, made when there is none yet. Raises :class:`CertificateError`."""
    folder = data_dir / KEY_FOLDER
    path, public = folder / key_file, folder / public_file
    try:
        if not path.exists():
            _make(folder, path, public)
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
    if not public.exists():
        _write_public(public, private)
    return private


def _make(folder: Path, path: Path, public: Path) -> None:
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
            _write_public(public, private)
            _log.info("a new key was made: keep a copy of %s outside this machine", public)
    finally:
        part.unlink(missing_ok=True)


def _write_public(path: Path, private: Ed25519PrivateKey) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_bytes(
        private.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    part.replace(path)
