"""The messages between two stations, as bytes. Pure: no socket, no clock, no database.

A *record* is a numbered envelope of one outbox. Its hash covers its number, the outbox's epoch, the hash of the record
before it and the envelope, so two different histories under the same numbers are noticed at the first record. The
originator signs that hash: a signature vouches for its record and for all before it.

::

    record   b"R" | epoch 16 | seq u64 | previous hash 32 | signature 64 | envelope (canonical JSON)
    base     b"B" | epoch 16 | seq u64 | hash 32 | signature 64    the outbox holds nothing older than seq + 1
    page     b"P" | (length u32 | record or base) ...    the answer to a question that says ``pages=1``
    ack      canonical JSON {epoch, seq, hash, fork, ahead}
    hello    canonical JSON {n, t_utc_us, echo_n, echo_t_utc_us, echo_at_utc_us, waiting}

Integers are big endian. Every parser raises :class:`WireError` for anything else.
"""

from __future__ import annotations

import hashlib
import json
import math
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from groundstation.core.canonical import canonical_json
from groundstation.share.bodies import BODIES

EPOCH_BYTES = 16
HASH_BYTES = 32
NO_HASH = bytes(HASH_BYTES)
SIGNATURE_BYTES = 64
NO_SIGNATURE = bytes(SIGNATURE_BYTES)
MAX_ENVELOPE_BYTES = 16_384
MAX_AHEAD = 100
_HEAD = struct.Struct(f">c{EPOCH_BYTES}sQ{HASH_BYTES}s")
_LENGTH = struct.Struct(">I")
_FOLLOWS = struct.Struct(">Q")
_MAX_SEQ = 2**62
PAGE_BYTES = 60_000


class WireError(ValueError):
    """Bytes from a neighbour that are not what they should be."""


@dataclass(frozen=True)
class Record:
    """One numbered envelope; ``seq`` counts from 1 in its epoch, ``previous`` is the hash of ``seq - 1``.

    ``follows``: where it is an incident that is being sent, the number of the incident before it (0: of none), so that it may
    pass positions but no incident. It belongs to the sending, not to the record; -1: not said.
    """

    epoch: bytes
    seq: int
    previous: bytes
    envelope: bytes
    signature: bytes = NO_SIGNATURE
    follows: int = field(default=-1, compare=False)

    def digest(self) -> bytes:
        """The record's place in the chain, and what is signed."""
        return hashlib.sha256(_HEAD.pack(b"R", self.epoch, self.seq, self.previous) + self.envelope).digest()

    def to_bytes(self) -> bytes:
        """As it travels."""
        said = self.follows >= 0
        head = _HEAD.pack(b"U" if said else b"R", self.epoch, self.seq, self.previous)
        return head + self.signature + self.envelope + (_FOLLOWS.pack(self.follows) if said else b"")


@dataclass(frozen=True)
class Base:
    """The outbox begins after ``seq``, whose hash is ``digest``: older records were stored by the neighbour once."""

    epoch: bytes
    seq: int
    digest: bytes
    signature: bytes = NO_SIGNATURE

    def signed(self) -> bytes:
        """What is signed."""
        return hashlib.sha256(_HEAD.pack(b"B", self.epoch, self.seq, self.digest)).digest()

    def to_bytes(self) -> bytes:
        """As it travels."""
        return _HEAD.pack(b"B", self.epoch, self.seq, self.digest) + self.signature


def parse_record(data: bytes) -> Record | Base:
    """A record or a base from bytes."""
    if not _HEAD.size <= len(data) <= _HEAD.size + SIGNATURE_BYTES + MAX_ENVELOPE_BYTES + _FOLLOWS.size:
        raise WireError(f"a record of {len(data)} bytes")
    mark, epoch, seq, digest = _HEAD.unpack_from(data)
    if seq > _MAX_SEQ:
        raise WireError(f"record number {seq}")
    begin, end = _HEAD.size + SIGNATURE_BYTES, len(data) - (_FOLLOWS.size if mark == b"U" else 0)
    if mark in (b"R", b"U") and seq >= 1 and begin <= end <= begin + MAX_ENVELOPE_BYTES:
        follows = _FOLLOWS.unpack_from(data, end)[0] if mark == b"U" else -1
        return Record(epoch, seq, digest, data[begin:end], data[_HEAD.size : begin], follows)
    if mark == b"B" and len(data) == _HEAD.size + SIGNATURE_BYTES:
        return Base(epoch, seq, digest, data[_HEAD.size :])
    raise WireError(f"a record that begins with {mark!r}")


def pages(payloads: Sequence[bytes], page_bytes: int = PAGE_BYTES) -> Iterator[bytes]:
    """Records or bases as few larger messages: each message costs as much as twenty records in one."""
    page = bytearray(b"P")
    for payload in payloads:
        if len(page) > 1 and len(page) + len(payload) > page_bytes:
            yield bytes(page)
            page = bytearray(b"P")
        page += _LENGTH.pack(len(payload)) + payload
    if len(page) > 1:
        yield bytes(page)


def page_parts(data: bytes) -> list[bytes]:
    """What is in a page; what is none comes back as it is. Raises :class:`WireError` for one that is cut off."""
    if data[:1] != b"P":
        return [data]
    parts, at = [], 1
    while at < len(data):
        if at + _LENGTH.size > len(data):
            raise WireError("a page that is cut off")
        (length,) = _LENGTH.unpack_from(data, at)
        at += _LENGTH.size
        if length == 0 or at + length > len(data):
            raise WireError("a page that is cut off")
        parts.append(data[at : at + length])
        at += length
    return parts


@dataclass(frozen=True)
class Ack:
    """The receiver has stored everything up to ``seq`` of ``epoch``; ``digest`` is the hash of that record.

    ``fork``: the next record that came does not follow what is stored here. ``ahead``: numbers above ``seq`` that are
    stored before their turn.
    """

    epoch: bytes
    seq: int
    digest: bytes
    fork: bool = False
    ahead: tuple[int, ...] = ()

    def to_bytes(self) -> bytes:
        """As it travels."""
        return canonical_json(
            {
                "epoch": self.epoch.hex(),
                "seq": self.seq,
                "hash": self.digest.hex(),
                "fork": self.fork,
                "ahead": list(self.ahead),
            }
        )


def parse_ack(data: bytes) -> Ack:
    """An acknowledgement from bytes."""
    try:
        document = json.loads(data[:4096])
        epoch, digest = bytes.fromhex(document["epoch"]), bytes.fromhex(document["hash"])
        seq, fork, ahead = document["seq"], document["fork"], document.get("ahead", [])
    except (ValueError, KeyError, TypeError) as error:
        raise WireError(f"an acknowledgement that cannot be read: {error!r}") from error
    if (
        len(epoch) != EPOCH_BYTES
        or len(digest) != HASH_BYTES
        or type(seq) is not int
        or not 0 <= seq <= _MAX_SEQ
        or type(fork) is not bool
        or not isinstance(ahead, list)
        or len(ahead) > MAX_AHEAD
        or any(type(n) is not int or not 0 < n <= _MAX_SEQ for n in ahead)
    ):
        raise WireError("an acknowledgement with odd values")
    return Ack(epoch, seq, digest, fork, tuple(ahead))


@dataclass(frozen=True)
class Hello:
    """A probe of the clocks, and a sign of life. The ``echo`` values tell the last probe that came from the other side:
    its number, its time by their clock, and how long ago (by ours, microseconds) it came; number 0 for none."""

    n: int
    t_utc_us: int
    echo_n: int = 0
    echo_t_utc_us: int = 0
    echo_held_us: int = 0
    waiting: int = 0

    def to_bytes(self) -> bytes:
        """As it travels."""
        return canonical_json(vars(self))


def parse_hello(data: bytes) -> Hello:
    """A probe from bytes."""
    try:
        document = json.loads(data[:1024])
        values = {name: document[name] for name in Hello.__dataclass_fields__}
    except (ValueError, KeyError, TypeError) as error:
        raise WireError(f"a probe that cannot be read: {error!r}") from error
    return Hello(**{name: _time(value) for name, value in values.items()})


@dataclass(frozen=True)
class Marking:
    """The security marking of what is told, in the words of the CISE data model."""

    level: str = "NonClassified"
    sensitivity: str = "Amber"
    personal: bool = False
    releasable_to: tuple[str, ...] = ()
    basis: str = ""


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
    marking: Marking = field(default_factory=Marking)

    def to_bytes(self) -> bytes:
        """Canonical JSON; made once."""
        return self._bytes

    @cached_property
    def _bytes(self) -> bytes:
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
                "marking": {
                    "level": self.marking.level,
                    "sensitivity": self.marking.sensitivity,
                    "personal": self.marking.personal,
                    "releasable_to": list(self.marking.releasable_to),
                    "basis": self.marking.basis,
                },
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
            marking=_marking(d["marking"]),
        )
    except WireError:
        raise
    except ValidationError as error:
        raise WireError(f"a body that cannot be read: {error.errors()[0]['msg']:.200}") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise WireError(f"an envelope that cannot be read: {error!r}") from error


def _marking(d: dict[str, Any]) -> Marking:
    names, personal = d["releasable_to"], d["personal"]
    if not isinstance(names, list) or len(names) > 20 or type(personal) is not bool:
        raise WireError("an odd marking")
    texts = tuple(_text(name) for name in names)
    return Marking(_text(d["level"]), _text(d["sensitivity"]), personal, texts, _text(d["basis"]))


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
    model = BODIES.get(kind)
    if model is not None:
        return model.model_validate(body).model_dump()
    if kind not in ("track", "incident", "own_force"):
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
