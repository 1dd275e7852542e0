"""The signed agreement: one JSON file that travels between two stations, signed by both over the same hash.

::

    {"format": "marchwarden-agreement-1", "agreement": {...}, "sha256": "...",
     "signatures": [{"party": "arvenia", "key": "...", "t_utc_us": ..., "signature": "..."}, ...],
     "termination": {"party": ..., "t_utc_us": ..., "reason": ..., "key": ..., "signature": ...}}

Sharing is off until both have signed, with the keys that are known here to be theirs (``keys/neighbours``), and off again
from the moment that either has signed a termination. A file can always be read and shown; whether it is in force is a
question of its own (:func:`standing`), and the answer is no by default.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from groundstation.core.canonical import canonical_json
from groundstation.core.errors import CertificateError, ConfigError
from groundstation.share.agreement_file import read_draft, read_terms
from groundstation.share.agreement_terms import Agreement
from groundstation.share.signing import (
    AGREEMENT,
    TERMINATION,
    StationKey,
    StationPublicKey,
    open_share_key,
    pin_neighbour_key,
)

FORMAT = "marchwarden-agreement-1"
MAX_BYTES = 4_000_000
_NOT_SIGNED = "sign it at both stations: groundstation share agreement sign FILE --station NAME --data-dir DIR"


@dataclass(frozen=True)
class Signature:
    """One party's word, and when it was given by that party's clock."""

    party: str
    t_utc_us: int
    key: StationPublicKey
    signature: bytes

    def content(self, digest: str) -> bytes:
        """What is signed."""
        return canonical_json({"sha256": digest, "party": self.party, "t_utc_us": self.t_utc_us})


@dataclass(frozen=True)
class Termination:
    """One party has ended the agreement; the other needs not agree."""

    party: str
    t_utc_us: int
    reason: str
    key: StationPublicKey
    signature: bytes

    def content(self, digest: str) -> bytes:
        """What is signed."""
        return canonical_json({"sha256": digest, "party": self.party, "t_utc_us": self.t_utc_us, "reason": self.reason})


@dataclass(frozen=True)
class SignedAgreement:
    """An agreement with the signatures that it has so far; each is valid for the key that stands beside it."""

    agreement: Agreement
    signatures: tuple[Signature, ...] = ()
    termination: Termination | None = None

    def signed_by(self, party: str) -> Signature | None:
        """That party's signature."""
        return next((s for s in self.signatures if s.party == party), None)

    @property
    def missing(self) -> tuple[str, ...]:
        """The parties that have not signed."""
        return tuple(p for p in self.agreement.parties if self.signed_by(p) is None)


@dataclass(frozen=True)
class Standing:
    """Whether an agreement is in force for a station: ``agreement`` is None when it is not, ``words`` say why."""

    agreement: Agreement | None
    words: str


def read_signed(path: Path) -> SignedAgreement:
    """Read the file and check its hash and every signature against the key beside it.

    Raises :class:`ConfigError`; a draft (TOML, or JSON without signatures' place) is told as such, with the remedy.
    """
    document = _document(path)
    try:
        terms, digest = document["agreement"], document["sha256"]
        signatures = [_signature(path, s) for s in document["signatures"]]
        ended = document.get("termination")
        termination = None if ended is None else _termination(path, ended)
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(path, f"{error!r:.100}") from error
    if not isinstance(terms, dict):
        raise _damaged(path, "no table of clauses")
    agreement = read_terms(terms, path)
    # The clauses as they stand there and as this program understands them are one and the same.
    if agreement.digest() != digest or canonical_json(agreement.terms()) != canonical_json(terms):
        raise _damaged(path, "its clauses are not those of its hash")
    signed = SignedAgreement(agreement, tuple(signatures), termination)
    seen = [s.party for s in signatures]
    if len(set(seen)) != len(seen) or not set(seen) <= set(agreement.parties):
        raise _damaged(path, "it is signed by others than its parties, or twice")
    for s in signatures:
        if not s.key.has_signed(AGREEMENT, s.signature, s.content(digest)):
            raise _damaged(path, f"the signature of {s.party} is not for these clauses")
    if termination is not None and (
        termination.party not in agreement.parties
        or not termination.key.has_signed(TERMINATION, termination.signature, termination.content(digest))
    ):
        raise _damaged(path, "its termination is signed by neither party")
    return signed


def _document(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ConfigError(f"{path}: is larger than any agreement", "check the path")
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ConfigError(
            f"{path}: there is no such agreement yet", "make one, or check the path: groundstation share agreement new"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: the agreement cannot be read: {error}", "check the path") from error
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        if path.suffix == ".toml":
            raise _draft(path) from error
        raise _damaged(path, str(error)) from error
    if not isinstance(document, dict):
        raise _damaged(path, "not a table")
    if document.get("format") != FORMAT:
        if "parties" in document:
            raise _draft(path)
        raise _damaged(path, f"its format is {document.get('format')!r:.60}")
    return document


def _draft(path: Path) -> ConfigError:
    return ConfigError(
        f"{path}: is a draft that nobody has signed, so nothing is shared by it",
        f"make the file that both sign: groundstation share agreement new --from {path} --out FILE, then {_NOT_SIGNED}",
    )


def _damaged(path: Path, what: str) -> ConfigError:
    return ConfigError(f"{path}: the signed agreement is damaged: {what}", "take it from the other station again")


def _hex(value: Any, length: int) -> bytes:
    raw = bytes.fromhex(value)
    if len(raw) != length:
        raise ValueError(f"{len(raw)} bytes in place of {length}")
    return raw


def _time(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**62:
        raise ValueError(f"{value!r:.40} is no time")
    return value


def _signature(path: Path, d: dict[str, Any]) -> Signature:
    return Signature(
        str(d["party"]), _time(d["t_utc_us"]), StationPublicKey(_hex(d["key"], 32)), _hex(d["signature"], 64)
    )


def _termination(path: Path, d: dict[str, Any]) -> Termination:
    return Termination(
        str(d["party"]), _time(d["t_utc_us"]), str(d["reason"]), StationPublicKey(_hex(d["key"], 32)),
        _hex(d["signature"], 64),
    )  # fmt: skip


def signed_document(signed: SignedAgreement) -> dict[str, Any]:
    """The file's content."""
    document: dict[str, Any] = {
        "format": FORMAT,
        "agreement": signed.agreement.terms(),
        "sha256": signed.agreement.digest(),
        "signatures": [
            {"party": s.party, "t_utc_us": s.t_utc_us, "key": s.key.raw.hex(), "signature": s.signature.hex()}
            for s in sorted(signed.signatures, key=lambda s: s.party)
        ],
    }
    if signed.termination is not None:
        document["termination"] = termination_document(signed.termination)
    return document


def termination_document(termination: Termination) -> dict[str, Any]:
    """As it stands in the file, and as it may travel alone."""
    t = termination
    return {
        "party": t.party, "t_utc_us": t.t_utc_us, "reason": t.reason, "key": t.key.raw.hex(),
        "signature": t.signature.hex(),
    }  # fmt: skip


def write_signed(signed: SignedAgreement, path: Path) -> None:
    """Write the file whole or not at all. Raises :class:`ConfigError`."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("w", encoding="utf-8") as file:
            json.dump(signed_document(signed), file, indent=1, ensure_ascii=False, allow_nan=False)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror}", "check the folder and its space") from error
    finally:
        part.unlink(missing_ok=True)


def sign(signed: SignedAgreement, party: str, key: StationKey, now_utc_us: int) -> SignedAgreement:
    """With ``party``'s signature. Raises :class:`ConfigError` for one that is no party, or after a termination."""
    if party not in signed.agreement.parties:
        raise ConfigError(
            f"{party} is no party: the agreement is between {' and '.join(signed.agreement.parties)}", "give --station"
        )
    if signed.termination is not None:
        raise ConfigError(f"{signed.termination.party} has ended this agreement", "make a new one with a new id")
    made = Signature(party, now_utc_us, key.public, b"")
    made = replace(made, signature=key.sign(AGREEMENT, made.content(signed.agreement.digest())))
    others = tuple(s for s in signed.signatures if s.party != party)
    return replace(signed, signatures=(*others, made))


def terminate(
    signed: SignedAgreement, party: str, key: StationKey, now_utc_us: int, reason: str = ""
) -> SignedAgreement:
    """Ended by ``party`` alone, from now. The first termination stays. Raises :class:`ConfigError`."""
    if party not in signed.agreement.parties:
        raise ConfigError(
            f"{party} is no party: the agreement is between {' and '.join(signed.agreement.parties)}", "give --station"
        )
    if signed.termination is not None:
        return signed
    made = Termination(party, now_utc_us, reason[:200], key.public, b"")
    made = replace(made, signature=key.sign(TERMINATION, made.content(signed.agreement.digest())))
    return replace(signed, termination=made)


def with_termination(signed: SignedAgreement, document: dict[str, Any], peer_key: StationPublicKey) -> SignedAgreement:
    """With the termination that the neighbour has sent. Raises :class:`ConfigError` when it is not the neighbour's."""
    try:
        ended = _termination(Path(), document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ConfigError(f"a termination that cannot be read: {error!r:.100}", "ask the neighbour") from error
    if (
        ended.party not in signed.agreement.parties
        or ended.key != peer_key
        or not peer_key.has_signed(TERMINATION, ended.signature, ended.content(signed.agreement.digest()))
    ):
        raise ConfigError("a termination that the neighbour has not signed", "ask the neighbour")
    return signed if signed.termination is not None else replace(signed, termination=ended)


def standing(
    signed: SignedAgreement, own: str, peer: str, own_key: StationPublicKey, peer_key: StationPublicKey | None
) -> Standing:
    """Whether ``own`` may share with ``peer`` by this agreement, apart from its time in force (the policy sees to that).

    ``peer_key`` is the one known here to be the neighbour's.
    """
    agreement, ended = signed.agreement, signed.termination
    if {own, peer} != set(agreement.parties):
        return Standing(None, f"the agreement is between {' and '.join(agreement.parties)}")
    if ended is not None:
        # Even one by an unknown key: who could write it here could as well delete the file.
        why = f": {ended.reason}" if ended.reason else ""
        return Standing(None, f"ended by {ended.party} at {time_text(ended.t_utc_us)}{why}")
    ours, theirs = signed.signed_by(own), signed.signed_by(peer)
    if ours is None or theirs is None:
        return Standing(None, f"waits for the signature of {' and '.join(signed.missing)}")
    if ours.key != own_key:
        return Standing(None, f"the signature of {own} is not by this station's key: sign it again here")
    if peer_key is None:
        return Standing(None, f"the key of {peer} is not known here: look at the agreement and sign it again here")
    if theirs.key != peer_key:
        return Standing(None, f"the signature is by {theirs.key.fingerprint}, {peer}'s key is {peer_key.fingerprint}")
    return Standing(agreement, "signed by both")


def read_agreement(path: Path) -> Agreement:
    """The agreement of a file that both have signed and nobody has ended; keys are those in the file.

    Raises :class:`ConfigError` with the remedy for anything else. A station asks :class:`AgreementWatch
    <groundstation.share.agreement_watch.AgreementWatch>`, which also knows whose keys these have to be.
    """
    signed = read_signed(path)
    if signed.termination is not None:
        raise ConfigError(f"{path}: {signed.termination.party} has ended this agreement", "make a new one")
    if signed.missing:
        raise ConfigError(f"{path}: {' and '.join(signed.missing)} has not signed it", _NOT_SIGNED)
    return signed.agreement


def make_signed(agreement: Agreement, path: Path, stations: dict[str, Path], now_utc_us: int) -> None:
    """Write an agreement signed by both, where both data folders are on this machine: demonstration, tests, exercises.

    ``stations``: name to data folder. Each key is made where there is none, and known at the other station afterwards.
    """
    keys = {name: open_share_key(data_dir) for name, data_dir in stations.items()}
    signed = SignedAgreement(agreement)
    for name, key in keys.items():
        signed = sign(signed, name, key, now_utc_us)
    for name, data_dir in stations.items():
        for other, key in keys.items():
            if other != name:
                pin_neighbour_key(data_dir, other, key.public)
    write_signed(signed, path)


def open_any(path: Path) -> SignedAgreement:
    """A signed file, or a draft as an agreement without signatures; for showing and trying. Raises ConfigError."""
    try:
        return read_signed(path)
    except ConfigError as error:
        try:
            return SignedAgreement(read_draft(path))
        except (ConfigError, CertificateError):
            raise error from None


def time_text(t_utc_us: int) -> str:
    """A time as people read it."""
    return f"{datetime.fromtimestamp(t_utc_us / 1e6, UTC):%Y-%m-%d %H:%M:%S} UTC"
