"""One evidence package: members, a manifest that names the hash of each, and the station's signature over the manifest.

The manifest stands first, its signature second; together they say for every other byte of the file what it must be.
A package also names the one that the same station made before it, so that one taken away is missed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from groundstation.core.canonical import canonical_json
from groundstation.store.evidence_archive import Entry, PackageError, read_member, scan_archive, write_archive
from groundstation.store.evidence_key import PublicKey, SigningKey

FORMAT, VERSION = "marchwarden-evidence", 1
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
PACKAGE_SUFFIX = ".evidence.zip"
FIRST = "0" * 64
"""What the first package of a station names as the one before it."""
_MOST_MANIFEST_BYTES = 1 << 20


@dataclass(frozen=True)
class Link:
    """A package's place in the chain of its station: its number from 1, and the manifest hash of the one before."""

    number: int
    previous_sha256: str


@dataclass(frozen=True)
class Package:
    """A package whose every byte and whose signature were found right.

    ``signer`` is the key that signed it; ``known_signer`` whether it was checked against a key that the caller brought.
    Without one, anybody could have made the package anew with a key of his own.
    """

    path: Path
    manifest: Mapping[str, Any]
    manifest_sha256: str
    entries: tuple[Entry, ...]
    signer: PublicKey
    known_signer: bool

    @property
    def incident_id(self) -> str:
        """Of the incident that it is about."""
        return str(self.manifest["incident_id"])

    @property
    def created_utc_us(self) -> int:
        """When it was made."""
        return int(self.manifest["created_utc_us"])

    @property
    def link(self) -> Link | None:
        """Its place in the chain; None for an export."""
        chain = self.manifest.get("chain")
        return None if chain is None else Link(int(chain["number"]), str(chain["previous_sha256"]))

    def has(self, name: str) -> bool:
        """Whether there is a member of that name."""
        return any(e.name == name for e in self.entries)

    def read(self, name: str) -> bytes:
        """A member's content. Raises :class:`PackageError`."""
        for entry in self.entries:
            if entry.name == name:
                return read_member(self.path, entry)
        raise PackageError("members", f"{self.path}: holds no {name}")

    def read_json(self, name: str) -> Any:
        """A member's content, parsed. Raises :class:`PackageError`."""
        try:
            return json.loads(self.read(name))
        except ValueError as error:
            raise PackageError("format", f"{self.path}: {name} is not JSON: {error}") from error


def write_package(
    path: Path, facts: Mapping[str, Any], members: Sequence[tuple[str, bytes]], key: SigningKey, link: Link | None
) -> str:
    """Write, sign and put on disk; returns the SHA-256 of the manifest.

    ``facts`` become part of the manifest: JSON values, among them ``incident_id`` and ``created_utc_us``. The file appears whole or
    not at all. Raises :class:`PackageError`, OSError, and ValueError for facts that are not JSON.
    """
    manifest = dict(facts) | {
        "format": FORMAT,
        "version": VERSION,
        "signer": {
            "algorithm": "Ed25519",
            "key_id": key.public.key_id,
            "public_key": base64.b64encode(key.public.raw).decode(),
        },
        "members": [
            {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in members
        ],
    }
    if link is not None:
        manifest["chain"] = {"number": link.number, "previous_sha256": link.previous_sha256}
    content = canonical_json(manifest)
    if len(content) > _MOST_MANIFEST_BYTES:
        raise ValueError(f"a manifest of {len(content)} bytes")
    write_archive(path, [(MANIFEST, content), (SIGNATURE, key.sign(content)), *members])
    return hashlib.sha256(content).hexdigest()


def open_package(path: Path, key: PublicKey | None = None) -> Package:
    """Check everything about a package and return it.

    ``key``: who must have signed it. Without one, only that it is whole since it was signed, by whomever; see
    :class:`Package`. Raises :class:`PackageError` with the first thing that is wrong.
    """
    entries = scan_archive(path)
    names = [e.name for e in entries]
    if names[:2] != [MANIFEST, SIGNATURE]:
        raise PackageError("members", f"{path}: does not begin with a manifest and its signature", "get it again")
    if entries[0].size > _MOST_MANIFEST_BYTES or entries[1].size != 64:
        raise PackageError("format", f"{path}: its manifest or signature has no possible size", "get it again")
    content = read_member(path, entries[0])
    manifest = _parse(path, content)
    signer = _signer(path, manifest)
    if key is not None and key.key_id != signer.key_id:
        raise PackageError(
            "key",
            f"{path}: is signed with the key {signer.key_id[:16]}, not with the given {key.key_id[:16]}",
            "ask the station that made it for its keys/evidence.pub",
        )
    if not signer.has_signed(read_member(path, entries[1]), content):
        raise PackageError("signature", f"{path}: its manifest is not what was signed", "get it again from the station")
    _check_members(path, manifest, entries[2:])
    _check_facts(path, manifest)
    if key is not None:
        _check_certificate(path, key, manifest)
    return Package(path, manifest, entries[0].sha256, tuple(entries), key or signer, key is not None)


def _parse(path: Path, content: bytes) -> dict[str, Any]:
    try:
        manifest = json.loads(content)
        whole = isinstance(manifest, dict) and canonical_json(manifest) == content
    except (ValueError, RecursionError):
        whole = False
    if not whole:
        raise PackageError("signature", f"{path}: its manifest was changed or is damaged", "get it again")
    if manifest.get("format") != FORMAT:
        raise PackageError("format", f"{path}: is not an evidence package", "give a file *.evidence.zip")
    if manifest.get("version") != VERSION:
        raise PackageError("format", f"{path}: is of version {manifest.get('version')}", "update this program")
    return dict(manifest)


def _signer(path: Path, manifest: Mapping[str, Any]) -> PublicKey:
    try:
        signer = PublicKey(base64.b64decode(manifest["signer"]["public_key"], validate=True))
        right = len(signer.raw) == 32 and signer.key_id == manifest["signer"]["key_id"]
    except (KeyError, TypeError, binascii.Error, ValueError):
        right = False
    if not right:
        raise PackageError("signature", f"{path}: its manifest does not tell a signing key", "get it again")
    return signer


def _check_certificate(path: Path, key: PublicKey, manifest: Mapping[str, Any]) -> None:
    if key.certificate is None:
        return
    made = datetime.fromtimestamp(int(manifest["created_utc_us"]) / 1e6, UTC)
    if not key.certificate.not_valid_before_utc <= made <= key.certificate.not_valid_after_utc:
        raise PackageError(
            "key", f"{path}: was made at {made:%Y-%m-%d %H:%M} UTC, when the given certificate was not valid",
            "give the certificate of that time",
        )  # fmt: skip


def _check_members(path: Path, manifest: Mapping[str, Any], found: Sequence[Entry]) -> None:
    try:
        named = {str(m["name"]): (int(m["size"]), str(m["sha256"])) for m in manifest["members"]}
        order = [str(m["name"]) for m in manifest["members"]]
    except (KeyError, TypeError, ValueError) as error:
        raise PackageError("format", f"{path}: its manifest does not name its members ({error!r})") from error
    names = [e.name for e in found]
    if missing := [n for n in order if n not in names]:
        raise PackageError("members", f"{path}: lacks {', '.join(missing)}", "get it again")
    if extra := [n for n in names if n not in named]:
        raise PackageError("members", f"{path}: holds {', '.join(extra)}, which nobody signed", "get it again")
    for entry in found:
        if named[entry.name] != (entry.size, entry.sha256):
            raise PackageError("changed", f"{path}: {entry.name} is not what was signed", "get it again")
    if names != order:
        raise PackageError("changed", f"{path}: its members are not in the order of its manifest", "get it again")


def _check_facts(path: Path, manifest: Mapping[str, Any]) -> None:
    chain = manifest.get("chain", {"number": 1, "previous_sha256": FIRST})
    right = (
        isinstance(manifest.get("incident_id"), str)
        and isinstance(manifest.get("created_utc_us"), int)
        and abs(manifest["created_utc_us"]) < 1 << 55
        and isinstance(chain, dict)
        and isinstance(chain.get("number"), int)
        and chain["number"] > 0
        and isinstance(chain.get("previous_sha256"), str)
    )
    if not right:
        raise PackageError("format", f"{path}: its manifest lacks the incident, the time or the place in the chain")
