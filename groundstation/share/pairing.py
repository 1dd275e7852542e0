"""Pairing two stations: each makes its keys, writes one file, and accepts the other's file by a fingerprint read out.

Below a station's data folder::

    keys/share.key, keys/neighbours/<name>.pub     signing keys (groundstation.share.signing)
    share/<own>-ca.crt .key, share/<own>.crt .key  this station's authority and certificate
    share/invitations.json                         what this station has given out: endpoints and numbers
    share/peers/<name>.json, <name>-ca.crt         the neighbours that were accepted

An invitation holds nothing secret. What makes it trustworthy is the fingerprint: both officers compare it by telephone,
and nothing is pinned before it fits.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtensionOID

from groundstation.core.canonical import canonical_json
from groundstation.core.errors import CertificateError, ConfigError
from groundstation.share.agreement_file import STATION_NAME
from groundstation.share.certificates import CertificateFiles, fingerprint_sha256, make_pair, renew_certificate
from groundstation.share.deny import Denied, allow_again, deny, utc_now_text
from groundstation.share.settings import split_endpoint
from groundstation.share.signing import (
    StationPublicKey,
    neighbour_key,
    open_share_key,
    pin_neighbour_key,
    share_public_file,
)

FOLDER = "share"
INVITE = b"marchwarden share invitation, version 1\n"
FORMAT = "marchwarden-invitation-1"
MAX_INVITATION_BYTES = 20_000
AUTHORITY_DAYS = 5 * 365.0


@dataclass(frozen=True)
class Invitation:
    """One station introduces itself. ``endpoint``: where it listens; "" when it only connects."""

    name: str
    authority_pem: str
    signing_key: str
    endpoint: str
    nonce: str
    issued_utc: str

    def fingerprint(self) -> str:
        """Sixteen letters and digits in groups of four, for reading out: 80 bits of the SHA-256 of all that it says."""
        text = base64.b32encode(hashlib.sha256(INVITE + canonical_json(asdict(self))).digest()[:10]).decode()
        return "-".join(text[i : i + 4] for i in range(0, 16, 4))


@dataclass(frozen=True)
class PairedPeer:
    """A neighbour that was accepted. ``endpoint`` is its own, "" when it only connects."""

    name: str
    endpoint: str
    nonce: str
    issued_utc: str
    accepted_utc: str
    fingerprint: str
    agreement: str = ""


def own_files(data_dir: Path, name: str) -> CertificateFiles:
    """Where this station's files lie."""
    folder = data_dir / FOLDER
    return CertificateFiles(
        name,
        folder / f"{name}-ca.crt",
        folder / f"{name}-ca.key",
        folder / f"{name}.crt",
        folder / f"{name}.key",
    )


def peer_authority(data_dir: Path, name: str) -> Path:
    """The certificate of a neighbour's authority, that is trusted for this neighbour and nobody else."""
    return data_dir / FOLDER / "peers" / f"{name}-ca.crt"


def is_initialised(data_dir: Path, name: str) -> bool:
    """Whether :func:`init_station` was done here."""
    files = own_files(data_dir, name)
    return files.certificate.is_file() and files.key.is_file()


def init_station(data_dir: Path, name: str, hosts: list[str], days: float, renew: bool) -> CertificateFiles:
    """Make authority, certificate and signing key; what is there already stays, unless ``renew``.

    Raises :class:`ConfigError` for a name or a number of days that cannot be, :class:`CertificateError`.
    """
    if not STATION_NAME.fullmatch(name):
        raise ConfigError(f"station name {name!r} is not usable", "use a-z, 0-9, - and _")
    if not 0.01 <= days <= 90.0:
        raise ConfigError(f"--days {days:g} is out of range", "give 0.01 to 90: short, the station renews it itself")
    files = own_files(data_dir, name)
    if renew:
        for key in (data_dir / "keys" / "share.key", share_public_file(data_dir)):
            if key.exists():
                key.replace(key.with_name(f"{key.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"))
    try:
        if renew or not is_initialised(data_dir, name):
            make_pair(
                data_dir / FOLDER,
                name,
                days=days,
                hosts=list(dict.fromkeys(["localhost", "127.0.0.1", *hosts])),
                authority_days=AUTHORITY_DAYS,
            )
    except OSError as error:
        raise ConfigError(f"{data_dir}: cannot be written: {error.strerror}", "check the folder") from error
    open_share_key(data_dir)
    return files


def make_invitation(data_dir: Path, name: str, to: str, endpoint: str, listen: str) -> tuple[Invitation, bytes]:
    """An invitation and the file's content. ``to`` "" is for any neighbour; the endpoint is kept for the session.

    Raises :class:`ConfigError` (not initialised, an endpoint that is none), :class:`CertificateError`.
    """
    if not is_initialised(data_dir, name):
        raise ConfigError(f"{name} has no certificate yet", f"groundstation share init --station {name}")
    files = own_files(data_dir, name)
    if endpoint:
        host, _ = split_endpoint(endpoint, "--endpoint")
        _add_host(files, host)
    if listen:
        split_endpoint(listen, "--listen")
        if not endpoint:
            raise ConfigError("--listen without --endpoint", "the neighbour needs to know where to connect to")
    if to and (not STATION_NAME.fullmatch(to) or to == name):
        raise ConfigError(f"--to {to!r} is no neighbour's name", "use its station name")
    key = open_share_key(data_dir)
    invitation = Invitation(
        name=name,
        authority_pem=files.authority.read_text(encoding="ascii"),
        signing_key=key.public.raw.hex(),
        endpoint=endpoint,
        nonce=secrets.token_hex(16),
        issued_utc=utc_now_text(),
    )
    given = _read_json(data_dir / FOLDER / "invitations.json", {})
    given[to or "*"] = {"endpoint": endpoint, "listen": listen or endpoint, "nonce": invitation.nonce}
    _write_json(data_dir / FOLDER / "invitations.json", given)
    signature = key.sign(INVITE, canonical_json(asdict(invitation)))
    document = {"format": FORMAT, "station": asdict(invitation), "signature": signature.hex()}
    return invitation, json.dumps(document, indent=1).encode() + b"\n"


def _add_host(files: CertificateFiles, host: str) -> None:
    """Neighbours check the name that they connect to: it has to stand in the certificate."""
    certificate = x509.load_pem_x509_certificate(files.certificate.read_bytes())
    names = certificate.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME).value
    hosts = [str(n.value) for n in names]  # type: ignore[attr-defined]
    if host not in hosts:
        days = (certificate.not_valid_after_utc - certificate.not_valid_before_utc).total_seconds() / 86_400
        renew_certificate(
            files.certificate, files.authority, files.authority_key, days, datetime.now(UTC), [*hosts, host]
        )


def read_invitation(path: Path) -> Invitation:
    """An invitation, checked as far as a file can be: form, name, authority, key, signature. Not whether it is really the
    neighbour's: that is what the fingerprint is for.

    Raises :class:`ConfigError` or :class:`CertificateError` naming the file.
    """
    try:
        content = path.read_bytes()
        if len(content) > MAX_INVITATION_BYTES:
            raise ValueError(f"it has {len(content)} bytes")
        document = json.loads(content)
        station, signature = document["station"], bytes.fromhex(document["signature"])
        if document["format"] != FORMAT or set(station) != set(Invitation.__dataclass_fields__):
            raise ValueError("it is of another kind")
        if not all(isinstance(v, str) for v in station.values()):
            raise ValueError("it holds something that is no text")
        invitation = Invitation(**station)
        authority = x509.load_pem_x509_certificate(invitation.authority_pem.encode())
        key = StationPublicKey(bytes.fromhex(invitation.signing_key))
        datetime.fromisoformat(invitation.issued_utc)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}", "check the path") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ConfigError(f"{path}: is no invitation: {error}", "ask the neighbour to send it again") from error
    if not STATION_NAME.fullmatch(invitation.name):
        raise ConfigError(f"{path}: {invitation.name!r:.60} is no station's name", "ask the neighbour")
    if invitation.endpoint:
        split_endpoint(invitation.endpoint, str(path))
    if not key.has_signed(INVITE, signature, canonical_json(asdict(invitation))):
        raise CertificateError(
            f"{path}: is not signed by the key in it", "it was changed on its way: have it sent again"
        )
    try:
        is_authority = authority.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        is_authority = False
    if not is_authority:
        raise CertificateError(f"{path}: its certificate is no authority's", "have it made with share invite")
    return invitation


def same_fingerprint(said: str, invitation: Invitation) -> bool:
    """Whether what somebody typed is the invitation's fingerprint; small letters, spaces and dashes do not matter."""
    typed = "".join(c for c in said.upper() if c.isalnum())
    return secrets.compare_digest(typed.encode(), invitation.fingerprint().replace("-", "").encode())


def accept_invitation(
    data_dir: Path, own: str, invitation: Invitation, fingerprint: str, agreement: str = "", replace: bool = False
) -> PairedPeer:
    """Trust the neighbour's authority and key, for this neighbour alone. Nothing is changed when anything is wrong.

    Raises :class:`CertificateError` for a fingerprint that does not fit or another key than the one known (``replace``
    allows that), :class:`ConfigError` for this station's own invitation, an older one than was accepted, or a revoked key.
    """
    if not same_fingerprint(fingerprint, invitation):
        raise CertificateError(
            f"the fingerprint {fingerprint!r:.60} is not that of this invitation",
            "nothing was changed; call the neighbour again and compare all sixteen characters",
        )
    if invitation.name == own:
        raise ConfigError("this is this station's own invitation", "give the neighbour's")
    name = invitation.name
    known = read_peer(data_dir, name)
    if known is not None and invitation.issued_utc < known.issued_utc:
        raise ConfigError(
            f"this invitation of {name} is older than the one accepted on {known.accepted_utc}",
            "ask for the newest one",
        )
    authority = x509.load_pem_x509_certificate(invitation.authority_pem.encode())
    key = StationPublicKey(bytes.fromhex(invitation.signing_key))
    path = peer_authority(data_dir, name)
    other = path.is_file() and path.read_text(encoding="ascii") != invitation.authority_pem
    if known is not None and other and not replace:
        raise CertificateError(
            f"{name} is known here with another authority", "if it really has a new one, accept with --replace"
        )
    allow_again(data_dir, name, authority.fingerprint(hashes.SHA256()).hex(), key.raw.hex())
    pin_neighbour_key(data_dir, name, key, replace)
    peer = PairedPeer(
        name=name,
        endpoint=invitation.endpoint,
        nonce=invitation.nonce,
        issued_utc=invitation.issued_utc,
        accepted_utc=utc_now_text(),
        fingerprint=invitation.fingerprint(),
        agreement=agreement or (known.agreement if known is not None else ""),
    )
    _write(path, invitation.authority_pem.encode())
    _write_json(data_dir / FOLDER / "peers" / f"{name}.json", asdict(peer))
    return peer


def read_peer(data_dir: Path, name: str) -> PairedPeer | None:
    """One accepted neighbour; None when there is none of that name. Raises :class:`ConfigError` for a damaged file."""
    path = data_dir / FOLDER / "peers" / f"{name}.json"
    document = _read_json(path, None)
    if document is None:
        return None
    try:
        return PairedPeer(**document)
    except TypeError as error:
        raise ConfigError(f"{path}: is damaged: {error}", "accept the neighbour's invitation again") from error


def paired_peers(data_dir: Path) -> list[PairedPeer]:
    """All accepted neighbours, by name. Raises :class:`ConfigError`."""
    folder = data_dir / FOLDER / "peers"
    names = sorted(p.stem for p in folder.glob("*.json")) if folder.is_dir() else []
    return [peer for name in names if (peer := read_peer(data_dir, name)) is not None]


def endpoints(data_dir: Path, own: str, peer: PairedPeer) -> tuple[str, str]:
    """Where to connect to and where to listen, one of them "". Raises :class:`ConfigError` when neither side listens."""
    given = _read_json(data_dir / FOLDER / "invitations.json", {})
    mine = given.get(peer.name) or given.get("*") or {}
    listen = str(mine.get("listen", ""))
    # Where both could listen, the one whose name comes first does: two links between two stations help nobody.
    if listen and (not peer.endpoint or own < peer.name):
        return "", listen
    if peer.endpoint:
        return peer.endpoint, ""
    raise ConfigError(
        f"neither {own} nor {peer.name} has said where it listens",
        f"groundstation share invite --endpoint HOST:PORT --to {peer.name}, and send the file again",
    )


def revoke_peer(data_dir: Path, name: str, reason: str) -> Denied:
    """Close the door: a running station does within seconds. Raises :class:`ConfigError` for an unknown neighbour."""
    authority, key = peer_authority(data_dir, name), neighbour_key(data_dir, name)
    if read_peer(data_dir, name) is None and key is None:
        raise ConfigError(f"{name} is no neighbour of this station", "see groundstation share status")
    entry = Denied(
        name,
        utc_now_text(),
        reason[:200],
        fingerprint_sha256(authority) if authority.is_file() else "",
        key.raw.hex() if key is not None else "",
    )
    deny(data_dir, entry)
    return entry


def _read_json(path: Path, missing: Any) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return missing
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: is damaged: {error}", "restore it, or pair again") from error


def _write_json(path: Path, document: Any) -> None:
    _write(path, json.dumps(document, indent=1).encode() + b"\n")


def _write(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror}", "check the folder") from error
