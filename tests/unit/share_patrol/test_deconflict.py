"""Volumes of two stations: what is too near is found, what is told is coarse, what is odd is refused."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geofences.geodesy import LocalFrame
from groundstation.core.errors import ConfigError
from groundstation.share.deconflict import (
    SLOT_US,
    Separation,
    Volume,
    deconflict,
    read_volumes,
    volume_of_path,
    volumes_text,
)

T0 = 1_790_000_000_000_000 // SLOT_US * SLOT_US
FRAME = LocalFrame(47.0, 15.0)


def box(east_m: float, north_m: float, size_m: float = 1000.0) -> tuple[tuple[float, float], ...]:
    corners = [(0, 0), (size_m, 0), (size_m, size_m), (0, size_m)]
    lat, lon = FRAME.from_plane([(east_m + e, north_m + n) for e, n in corners])
    return tuple(zip(lat.tolist(), lon.tolist(), strict=True))


def volume(station: str, east_m: float = 0.0, low_m: float = 400.0, start_s: float = 0.0) -> Volume:
    start = T0 + round(start_s * 1e6)
    return Volume(station, f"{station} sector", box(east_m, 0.0), low_m, low_m + 100.0, start, start + SLOT_US)


@pytest.mark.parametrize(
    ("east_m", "low_m", "start_s", "severity"),
    [
        (500.0, 450.0, 300.0, "error"),
        (1100.0, 400.0, 0.0, "warning"),  # 100 m to the side
        (1201.0, 400.0, 0.0, None),
        (0.0, 520.0, 0.0, "warning"),  # 20 m in height
        (0.0, 530.0, 0.0, None),
        (0.0, 400.0, 660.0, "warning"),  # a minute after
        (0.0, 400.0, 720.0, None),
        (0.0, 400.0, -660.0, "warning"),  # a minute before
    ],
)
def test_what_is_too_near(east_m: float, low_m: float, start_s: float, severity: str | None) -> None:
    found = deconflict([volume("a")], [volume("b", east_m, low_m, start_s)])
    assert [f.severity for f in found] == ([severity] if severity else [])


def test_each_remedy_is_enough() -> None:
    ours, theirs = volume("a"), volume("b", 500.0, 450.0, 300.0)
    (finding,) = deconflict([ours], [theirs])
    assert "begin" in finding.remedies[0]
    later = theirs.until_utc_us + 120_000_000
    assert not deconflict([replace(ours, from_utc_us=later, until_utc_us=later + SLOT_US)], [theirs])
    assert "580 m" in finding.remedies[1]
    assert not deconflict([replace(ours, low_amsl_m=580.0, high_amsl_m=680.0)], [theirs])


def test_a_clock_that_is_not_well_known_widens_the_times() -> None:
    ours, theirs = volume("a"), volume("b", start_s=720.0)
    assert not deconflict([ours], [theirs])
    assert deconflict([ours], [theirs], Separation(), clock_uncertainty_us=30e6)


def test_the_worst_comes_first_and_nobody_is_compared_with_himself() -> None:
    found = deconflict([volume("a"), volume("a", 300.0)], [volume("b", 1100.0), volume("b")])
    assert [f.severity for f in found] == sorted((f.severity for f in found), key=lambda s: s != "error")
    assert deconflict([volume("a")], []) == []


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.floats(-3000, 3000), st.floats(-3000, 3000), st.floats(100, 900)), min_size=1, max_size=12),
    st.integers(0, 10**10),
    st.integers(1, 10**10),
)
def test_a_told_volume_holds_all_of_the_path_and_is_coarse(
    places: list[tuple[float, float, float]], start_us: int, length_us: int
) -> None:
    lat, lon = FRAME.from_plane([p[:2] for p in places])
    path = [(float(a), float(o), p[2]) for a, o, p in zip(lat, lon, places, strict=True)]
    told = volume_of_path("a", "sector", path, 100.0, 20.0, T0 + start_us, T0 + start_us + length_us)
    outline = shapely.Polygon(FRAME.to_plane([p[0] for p in told.outline], [p[1] for p in told.outline]))
    for e, n, alt in places:
        assert outline.buffer(1.0).contains(shapely.Point(e, n).buffer(99.0))
        assert told.low_amsl_m <= alt - 20.0
        assert told.high_amsl_m >= alt + 20.0
    assert told.low_amsl_m % 30.0 == told.high_amsl_m % 30.0 == 0.0
    assert told.from_utc_us % SLOT_US == told.until_utc_us % SLOT_US == 0
    assert told.from_utc_us <= T0 + start_us
    assert told.until_utc_us >= T0 + start_us + length_us
    assert outline.area >= 250.0**2


def test_a_document_comes_back_as_it_was() -> None:
    volumes = [volume("b"), volume("b", 500.0)]
    assert read_volumes(volumes_text(volumes), "their file", "b") == volumes


@pytest.mark.parametrize(
    "change",
    [
        {"station": "c"},
        {"name": "<script>"},
        {"outline": [[47.0, 15.0], [47.0, 15.1]]},
        {"outline": [[47.0, 15.0], [91.0, 15.1], [47.1, 15.1]]},
        {"low_amsl_m": 600.0},
        {"high_amsl_m": "high"},
        {"until_utc_us": 0},
        {"from_utc_us": 1.5},
    ],
)
def test_what_is_odd_is_refused(change: dict[str, object]) -> None:
    document = json.loads(volumes_text([volume("b")]))
    document["volumes"][0].update(change)
    with pytest.raises(ConfigError, match="their file"):
        read_volumes(json.dumps(document), "their file", "b")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": "marchwarden-volumes-1", "heights": "HAE", "volumes": []}']
)
def test_what_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        read_volumes(text, "their file", "b")
