"""The messages between two stations, as bytes. Pure: no socket, no clock, no database.

A *record* is a numbered envelope of one outbox. Its hash covers its number, the outbox's epoch, the hash of the record
before it and the envelope, so two different histories under the same numbers are noticed at the first record.

::

    record   b"R" | epoch 16 | seq u64 | previous hash 32 | envelope (canonical JSON)
    base     b"B" | epoch 16 | seq u64 | hash 32              the outbox holds nothing older than seq + 1
    ack      canonical JSON {epoch, seq, hash, fork}

Integers are big endian. Every parser raises :class:`WireError` for anything else.
"""

from __future__ import annotations

import hashlib
import json
import math
import struct
from dataclasses import dataclass
from typing import Any

from groundstation.core.canonical import canonical_json

EPOCH_BYTES = 16
HASH_BYTES = 32
NO_HASH = bytes(HASH_BYTES)
MAX_ENVELOPE_BYTES = 16_384
_HEAD = struct.Struct(f">c{EPOCH_BYTES}sQ{HASH_BYTES}s")
_MAX_SEQ = 2**62


class WireError(ValueError):
    """Bytes from a neighbour that are not what they should be."""


@dataclass(frozen=True)
class Record:
    """One numbered envelope; ``seq`` counts from 1 in its epoch, ``previous`` is the hash of ``seq - 1``."""

    epoch: bytes
    seq: int
    previous: bytes
    envelope: bytes

    def digest(self) -> bytes:
        """The record's place in the chain."""
        return hashlib.sha256(self.to_bytes()).digest()

    def to_bytes(self) -> bytes:
        """As it travels."""
        return _HEAD.pack(b"R", self.epoch, self.seq, self.previous) + self.envelope


@dataclass(frozen=True)
class Base:
    """The outbox begins after ``seq``, whose hash is ``digest``: older records were stored by the neighbour once."""

    epoch: bytes
    seq: int
    digest: bytes

    def to_bytes(self) -> bytes:
        """As it travels."""
        return _HEAD.pack(b"B", self.epoch, self.seq, self.digest)


def parse_record(data: bytes) -> Record | Base:
    """A record or a base from bytes."""
    if not _HEAD.size <= len(data) <= _HEAD.size + MAX_ENVELOPE_BYTES:
        raise WireError(f"a record of {len(data)} bytes")
    mark, epoch, seq, digest = _HEAD.unpack_from(data)
    if seq > _MAX_SEQ:
        raise WireError(f"record number {seq}")
    if mark == b"R" and seq >= 1:
        return Record(epoch, seq, digest, data[_HEAD.size :])
    if mark == b"B" and len(data) == _HEAD.size:
        return Base(epoch, seq, digest)
    raise WireError(f"a record that begins with {mark!r}")


@dataclass(frozen=True)
class Ack:
    """The receiver has stored everything up to ``seq`` of ``epoch``; ``digest`` is the hash of that record.

    ``fork``: the next record that came does not follow what is stored here.
    """

    epoch: bytes
    seq: int
    digest: bytes
    fork: bool = False

    def to_bytes(self) -> bytes:
        """As it travels."""
        return canonical_json(
            {"epoch": self.epoch.hex(), "seq": self.seq, "hash": self.digest.hex(), "fork": self.fork}
        )


def parse_ack(data: bytes) -> Ack:
    """An acknowledgement from bytes."""
    try:
        document = json.loads(data[:1024])
        epoch, digest = bytes.fromhex(document["epoch"]), bytes.fromhex(document["hash"])
        seq, fork = document["seq"], document["fork"]
    except (ValueError, KeyError, TypeError) as error:
        raise WireError(f"an acknowledgement that cannot be read: {error!r}") from error
    if (
        len(epoch) != EPOCH_BYTES
        or len(digest) != HASH_BYTES
        or type(seq) is not int
        or not 0 <= seq <= _MAX_SEQ
        or type(fork) is not bool
    ):
        raise WireError("an acknowledgement with odd values")
    return Ack(epoch, seq, digest, fork)


@dataclass(frozen=True)
class Envelope:
    """What a record says: under which agreement, for what purpose, about what, and the body that was released."""

    agreement_id: str
    agreement_sha256: str
    originator: str
    recipient: str
    purpose: str
    kind: str
    subject: str
    t_released_utc_us: int
    retain_until_utc_us: int
    body: dict[str, Any]

    def to_bytes(self) -> bytes:
        """Canonical JSON."""
        return canonical_json(
            {
                "v": 1,
                "agreement": self.agreement_id,
                "agreement_sha256": self.agreement_sha256,
                "originator": self.originator,
                "recipient": self.recipient,
                "purpose": self.purpose,
                "kind": self.kind,
                "subject": self.subject,
                "t_released_utc_us": self.t_released_utc_us,
                "retain_until_utc_us": self.retain_until_utc_us,
                "body": self.body,
            }
        )


def parse_envelope(data: bytes) -> Envelope:
    """An envelope from bytes, its body checked for types and ranges; unknown keys of the body are dropped."""
    try:
        d = json.loads(data)
        if d["v"] != 1:
            raise WireError(f"an envelope of version {d['v']!r}")
        return Envelope(
            agreement_id=_text(d["agreement"]),
            agreement_sha256=_text(d["agreement_sha256"]),
            originator=_text(d["originator"]),
            recipient=_text(d["recipient"]),
            purpose=_text(d["purpose"]),
            kind=_text(d["kind"]),
            subject=_text(d["subject"]),
            t_released_utc_us=_time(d["t_released_utc_us"]),
            retain_until_utc_us=_time(d["retain_until_utc_us"]),
            body=_body(d["kind"], d["body"]),
        )
    except WireError:
        raise
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise WireError(f"an envelope that cannot be read: {error!r}") from error


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 200 or not value.isprintable():
        raise WireError(f"{value!r:.60} is not a short text")
    return value


def _time(value: Any) -> int:
    if type(value) is not int or not 0 <= value < _MAX_SEQ:
        raise WireError(f"{value!r:.60} is not a time")
    return value


def _number(value: Any, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise WireError(f"{value!r:.60} is not a number from {low:g} to {high:g}")
    return float(value)


def _body(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    if kind == "track_end":
        if body["state"] not in ("left_area", "ended"):
            raise WireError(f"{body['state']!r:.60} is no end of a track")
        return {"state": body["state"], "t_utc_us": _time(body["t_utc_us"])}
    if kind not in ("track", "incident"):
        raise WireError(f"{kind!r:.60} is not a kind of record")
    velocity = body.get("velocity_en_m_s", [math.nan, math.nan])
    if not isinstance(velocity, list) or len(velocity) != 2:
        raise WireError("a velocity that is not (east, north)")
    checked: dict[str, Any] = {
        "t_utc_us": _time(body["t_utc_us"]),
        "class": _text(body["class"]),
        "lat_deg": _number(body["lat_deg"], -90.0, 90.0),
        "lon_deg": _number(body["lon_deg"], -180.0, 180.0),
        "ce90_m": _number(body["ce90_m"], 0.0, 1e6) if "ce90_m" in body else math.nan,
        "velocity_en_m_s": (
            tuple(_number(v, -1e3, 1e3) for v in velocity) if "velocity_en_m_s" in body else (math.nan, math.nan)
        ),
    }
    if kind == "incident":
        checked["kind"] = _text(body["kind"])
        checked["direction"] = _text(body["direction"])
    return checked
