"""Telemetry in tables: columns, bad rows, rubbish."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geofences.errors import VideoError
from vision.sidecar.table import parse_csv

GOOD = """T_S;Lat_Deg;lon_deg;alt_amsl_m;heading_deg;gimbal_elevation_deg;comment
0.0;49.05;22.70;300;80;-45;take-off
0.1;49.0500012;22.70;300.5;;-45;"no; heading"
0.2;49.05;22.70;;80;-45;no height
0.3;91;22.70;300;80;-45;
0.4;0;0;300;80;-45;
later;49.05;22.70;300;80;-45;
0.6;49.05;22.70
0.05;49.05;22.70;300;80;-45;late
0.7;49.05;22.70;300;80;-45;
"""


def test_a_table_with_all_kinds_of_rows() -> None:
    log = parse_csv(GOOD, "x.csv")
    assert (log.source, log.time_base) == ("csv", "video")
    assert [s.t_s for s in log.samples] == [0.0, 0.1, 0.7]
    assert math.isnan(log.samples[1].heading_deg)
    assert (log.samples[0].gimbal_elevation_deg, log.samples[0].alt_amsl_m) == (-45.0, 300.0)
    assert log.refused == {
        "no height": 1, "position out of range": 1, "no position fix (0, 0)": 1, "time not readable": 1,
        "row with another number of fields than the header": 1, "time not after the line before": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("column", "value", "expected_s"),
    [
        ("t_utc_us", "1780000000500000", 1_780_000_000.5),
        ("t_utc", "2026-05-28T20:26:40.500Z", 1_780_000_000.5),
        ("t_utc", "2026-05-28T20:26:40.500", 1_780_000_000.5),
        ("t_utc", "2026-05-28T22:26:40.5+02:00", 1_780_000_000.5),
    ],
)
def test_times_of_day(column: str, value: str, expected_s: float) -> None:
    log = parse_csv(f"{column},lat_deg,lon_deg,alt_rel_home_m\n{value},49.05,22.7,60\n", "x.csv")
    assert log.time_base == "utc"
    assert log.samples[0].t_s == pytest.approx(expected_s)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("a,b\n1,2\n", "no column t_s, t_utc_us or t_utc, lat_deg, lon_deg, alt_amsl_m or alt_rel_home_m"),
        ("t_s,lat_deg,lon_deg\n1,2,3\n", "no column alt_amsl_m"),
        ("t_s,lat_deg,lon_deg,alt_amsl_m\n", "no usable position"),
        ("t_s,lat_deg,lon_deg,alt_amsl_m\nnan,49,22,1\n-1,49,22,1\n1e99,49,22,1\n", "time not readable: 3"),
    ],
)
def test_what_is_missing_is_named(text: str, words: str) -> None:
    with pytest.raises(VideoError, match=words):
        parse_csv(text, "x.csv")


FIELDS = st.one_of(
    st.sampled_from(
        ["49.05", "22.7", "nan", "inf", "-inf", "1e308", "", '"', '"a', "0", "-90.0001", "2026-05-01", "\0"]
    ),
    st.text(max_size=8),
    st.floats().map(str),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(FIELDS, min_size=1, max_size=5).map(",".join), max_size=12).map("\n".join), st.booleans())
def test_no_table_gives_anything_but_positions_or_the_error(text: str, headed: bool) -> None:
    try:
        log = parse_csv(("t_s,lat_deg,lon_deg,alt_amsl_m\n" if headed else "") + text, "x.csv")
    except VideoError:
        return
    for s in log.samples:
        assert math.isfinite(s.t_s)
        assert abs(s.lat_deg) <= 90.0
        assert abs(s.lon_deg) <= 180.0
        assert math.isfinite(s.alt_amsl_m)
    assert [s.t_s for s in log.samples] == sorted({s.t_s for s in log.samples})
