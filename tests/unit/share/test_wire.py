from __future__ import annotations

import contextlib
import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundstation.core.canonical import canonical_json
from groundstation.share.wire import (
    NO_HASH,
    Ack,
    Base,
    Envelope,
    Record,
    WireError,
    page_parts,
    pages,
    parse_ack,
    parse_envelope,
    parse_record,
)

EPOCH = bytes(range(16))
BODY = {
    "class": "person",
    "lat_deg": 47.0,
    "lon_deg": 15.0,
    "velocity_en_m_s": [1.0, -2.0],
    "ce90_m": 5.0,
    "t_utc_us": 123,
}
ENVELOPE = Envelope("AB-1", "ff", "a", "b", "BorderMonitoring", "track", "x-1", 5, 6, BODY)


@given(st.binary(min_size=16, max_size=16), st.integers(1, 2**62), st.binary(min_size=32, max_size=32), st.binary())
def test_records_come_back(epoch: bytes, seq: int, previous: bytes, envelope: bytes) -> None:
    record = Record(epoch, seq, previous, envelope)
    assert parse_record(record.to_bytes()) == record
    base = Base(epoch, seq, previous)
    assert parse_record(base.to_bytes()) == base
    ack = Ack(epoch, seq, previous, fork=bool(seq % 2))
    assert parse_ack(ack.to_bytes()) == ack


@given(st.binary(max_size=200))
def test_noise_is_an_error_and_nothing_else(data: bytes) -> None:
    for parse in (parse_record, parse_ack, parse_envelope):
        with contextlib.suppress(WireError):
            parse(data)  # type: ignore[operator]


def test_the_digest_covers_number_history_and_content() -> None:
    record = Record(EPOCH, 1, NO_HASH, b"{}")
    others = [
        replace(record, epoch=bytes(16)),
        replace(record, seq=2),
        replace(record, previous=b"x" * 32),
        replace(record, envelope=b"[]"),
    ]
    assert len({r.digest() for r in [record, *others]}) == 5


@pytest.mark.parametrize("data", [b"", b"R", Record(EPOCH, 0, NO_HASH, b"{}").to_bytes(), b"R" + b"\xff" * 90])
def test_odd_records(data: bytes) -> None:
    with pytest.raises(WireError):
        parse_record(data)


def test_a_record_that_is_too_large() -> None:
    with pytest.raises(WireError):
        parse_record(Record(EPOCH, 1, NO_HASH, b"x" * 20_000).to_bytes())


def test_an_envelope_comes_back() -> None:
    found = parse_envelope(ENVELOPE.to_bytes())
    assert found.body == {**BODY, "velocity_en_m_s": (1.0, -2.0)}
    assert replace(found, body=BODY) == ENVELOPE


def test_velocity_and_accuracy_may_be_missing() -> None:
    body = {k: v for k, v in BODY.items() if k not in ("velocity_en_m_s", "ce90_m")}
    found = parse_envelope(replace(ENVELOPE, body=body).to_bytes())
    assert math.isnan(found.body["ce90_m"])
    assert math.isnan(found.body["velocity_en_m_s"][0])


def test_what_is_not_agreed_does_not_come_in_either() -> None:
    found = parse_envelope(replace(ENVELOPE, body={**BODY, "picture": "..."}).to_bytes())
    assert "picture" not in found.body


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("lat_deg", 91.0),
        ("lat_deg", "47"),
        ("lat_deg", True),
        ("lon_deg", -181),
        ("ce90_m", -1.0),
        ("t_utc_us", 1.5),
        ("t_utc_us", -1),
        ("class", "x" * 500),
        ("class", "a\nb"),
        ("class", None),
        ("velocity_en_m_s", [1.0]),
        ("velocity_en_m_s", "fast"),
    ],
)
def test_odd_bodies_are_refused(key: str, value: Any) -> None:
    with pytest.raises(WireError):
        parse_envelope(replace(ENVELOPE, body={**BODY, key: value}).to_bytes())


def test_odd_envelopes_are_refused() -> None:
    for odd in (
        replace(ENVELOPE, kind="video"),
        replace(ENVELOPE, kind="track_end", body={"state": "?", "t_utc_us": 1}),
    ):
        with pytest.raises(WireError):
            parse_envelope(odd.to_bytes())
    with pytest.raises(WireError):
        parse_envelope(b"[" * 5_000)


def test_canonical_bytes() -> None:
    assert canonical_json({"b": 1, "a": [1.5, "ü"]}) == '{"a":[1.5,"ü"],"b":1}'.encode()
    with pytest.raises(ValueError):
        canonical_json(math.nan)


@given(st.lists(st.binary(min_size=1, max_size=300), max_size=60), st.integers(1, 2_000))
def test_a_page_gives_back_what_was_put_into_it(payloads: list[bytes], page_bytes: int) -> None:
    made = list(pages([b"R" + p for p in payloads], page_bytes))
    assert [part for page in made for part in page_parts(page)] == [b"R" + p for p in payloads]


@pytest.mark.parametrize("data", [b"P\x00\x00", b"P\x00\x00\x00\x05abc", b"P\x00\x00\x00\x00", b"P\xff\xff\xff\xffRR"])
def test_a_page_that_is_cut_off_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        page_parts(data)


def test_a_single_record_of_an_earlier_version_is_a_page_of_one() -> None:
    assert page_parts(b"Rabc") == [b"Rabc"]
