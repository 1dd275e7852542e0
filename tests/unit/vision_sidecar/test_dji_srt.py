"""DJI's subtitles: snippets written by hand in each dialect, the real files where they are, and rubbish."""

from __future__ import annotations

import contextlib
import math
import os
import time
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geofences.errors import VideoError
from vision.sidecar.dji_srt import parse_dji_srt, read_dji_srt
from vision.sidecar.samples import TelemetryLog
from vision.sidecar.subrip import cues

GPS_HOME = """1
00:00:01,000 --> 00:00:02,000
HOME(23.1001,-31.2002) 2019.03.04 10:11:12
GPS(23.1003,-31.2004,15) BAROMETER:12.5
ISO:100 Shutter:60 EV: Fnum:2.2

2
00:00:02,000 --> 00:00:03,000
HOME(23.1001,-31.2002) 2019.03.04 10:11:13
GPS(23.1004,-31.2004,15) BAROMETER:-0.4
ISO:100 Shutter:60 EV: Fnum:2.2
"""
OLD = GPS_HOME.replace("BAROMETER:12.5", "Hb:12.5 Hs:11.0").replace("2019.03.04", "2019.3.4")
METRES = (
    "1\r\n00:00:00,000 --> 00:00:01,000\r\n2022.06.21 16:06:17\r\nGPS(36.6146,-6.1120,0.0M) BAROMETER:30.4M\r\n\r\n"
)
PHANTOM = """1
00:00:00,000 --> 00:00:01,000
F/5.6, SS 400, ISO 100, EV 0, GPS (-58.851745, -34.237922, 15), HOME (-58.847509, -34.232707, -57.98m), D 698.70m, H 85.80m, H.S 2.88m/s, V.S 0.00m/s, F.PRY (2.7°, -7.0°, 110.1°), G.PRY (-24.4°, 0.0°, 110.4°)
"""  # noqa: E501
TENTHS = """1
00:00:00,000 --> 00:00:00,016
<font size="36">SrtCnt : 1, DiffTime : 16ms
2022-05-01 15:01:58,531,716
[iso : 100] [shutter : 1/500.0] [fnum : 280] [ev : 0] [ct : 5500] [color_md : default] [focal_len : 240] [latitude: 41.420684] [longitude: 2.162162] [altitude: 27.300000] </font>
"""  # noqa: E501
GIMBAL = """1
00:00:00,000 --> 00:00:00,033
<font size="28">FrameCnt: 1, DiffTime: 33ms
2023-09-10 11:12:13.456
[iso: 100] [shutter: 1/1000.0] [fnum: 2.8] [ev: 0] [color_md: default] [focal_len: 24.00] [dzoom_ratio: 20000, delta: 0] [latitude: 50.1] [longtitude: 8.2] [rel_alt: 60.100 abs_alt: 170.500] [gb_yaw: -110.5 gb_pitch: -45.0 gb_roll: 0.0]</font>
"""  # noqa: E501


def one(text: str) -> TelemetryLog:
    return parse_dji_srt(text, "x.srt")


def test_coordinates_with_longitude_first() -> None:
    for text in (GPS_HOME, OLD):
        log = one(text)
        first = log.samples[0]
        assert (log.dialect, len(log.samples), first.t_s) == ("gps-home", 2, 1.0)
        assert (first.lat_deg, first.lon_deg, first.alt_rel_home_m) == (-31.2004, 23.1003, 12.5)
        assert (first.home_lat_deg, first.home_lon_deg) == (-31.2002, 23.1001)
        assert log.started_local == datetime(2019, 3, 4, 10, 11, 11)
        # Four decimals are steps of 11 m.
        assert first.rounding_m == pytest.approx(11.13 / math.sqrt(12), rel=0.01)
    assert one(GPS_HOME).samples[1].alt_rel_home_m == -0.4


def test_coordinates_with_latitude_first_and_the_option() -> None:
    log = one(METRES)
    assert (log.dialect, log.samples[0].lat_deg, log.samples[0].lon_deg) == ("gps-metres", 36.6146, -6.112)
    assert log.samples[0].alt_rel_home_m == 30.4
    assert "lat, lon" in log.notes[0]
    swapped = parse_dji_srt(METRES, "x", "lon-lat")
    assert (swapped.samples[0].lat_deg, swapped.samples[0].lon_deg) == (-6.112, 36.6146)


def test_gimbal_angles() -> None:
    log = one(PHANTOM)
    sample = log.samples[0]
    assert (log.dialect, sample.lat_deg, sample.lon_deg) == ("phantom", -34.237922, -58.851745)
    assert (sample.gimbal_elevation_deg, sample.gimbal_roll_deg, sample.gimbal_azimuth_deg) == (-24.4, 0.0, 110.4)
    assert (sample.alt_rel_home_m, sample.heading_deg) == (85.8, 110.1)
    log = one(GIMBAL)
    sample = log.samples[0]
    assert (sample.gimbal_azimuth_deg, sample.gimbal_elevation_deg) == (-110.5, -45.0)
    assert (sample.lat_deg, sample.lon_deg, sample.alt_rel_home_m, sample.alt_amsl_m) == (50.1, 8.2, 60.1, 170.5)
    assert log.started_local == datetime(2023, 9, 10, 11, 12, 13, 456000)


def test_the_field_of_view_follows_from_the_focal_length() -> None:
    # 24 mm, diagonal of 84 degrees: 2 atan(0.8 * 43.27 / 2 / 24) = 71.6 across.
    assert one(TENTHS).samples[0].hfov_deg == pytest.approx(71.6, abs=0.1)
    assert one(GIMBAL.replace("20000", "10000")).samples[0].hfov_deg == pytest.approx(71.6, abs=0.1)
    # Twice zoomed.
    assert one(GIMBAL).samples[0].hfov_deg == pytest.approx(39.7, abs=0.1)
    assert any("5 %" in note for note in one(TENTHS).notes)


def test_a_bare_altitude_is_said_to_be_a_guess() -> None:
    log = one(TENTHS)
    assert log.samples[0].alt_rel_home_m == 27.3
    assert any("altitude" in note for note in log.notes)


def test_lines_without_a_position_are_counted() -> None:
    log = one(GPS_HOME + "\n3\n00:00:03,000 --> 00:00:04,000\nGPS(0.0000,0.0000,0) BAROMETER:1\n\n"
              "4\n00:00:04,000 --> 00:00:05,000\nnothing\n\n5\n00:00:05,000 --> 00:00:06,000\nGPS(23.1,-131.2,9)\n")  # fmt: skip
    assert len(log.samples) == 2
    assert log.refused == {"no position fix (0, 0)": 1, "no position in it": 1, "position out of range": 1}


@pytest.mark.parametrize("text", ["", "\n\n", "WEBVTT", "1\n00:00:00,000 --> 00:00:01,000\n\n", "7" * 5000])
def test_files_without_telemetry_are_one_clear_error(text: str) -> None:
    with pytest.raises(VideoError, match="no usable position"):
        one(text)


def test_a_log_that_begins_anew_is_not_mixed() -> None:
    again = "\n".join(
        f"{i}\n00:00:{i % 5:02d},000 --> 00:00:{i % 5 + 1:02d},000\nGPS(23.1,-31.2,15) BAROMETER:{i}\n"
        for i in range(8)
    )
    log = one(again)
    assert [s.alt_rel_home_m for s in log.samples] == [0, 1, 2, 3, 4]
    assert log.refused == {"time jumps back": 3}


def shared() -> Path:
    root = Path(os.environ.get("MARCHWARDEN_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data")) / "dji_srt"
    if not root.exists():
        pytest.skip(f"no {root}: shared data is absent")
    return root


@pytest.mark.parametrize(
    ("name", "dialect", "count", "lat_lon", "height_m"),
    [
        ("matrice_300.srt", "gps-metres", 381, (36.6146, -6.1120), 0.3),
        ("mavic_air2.srt", "brackets", 25, (41.420684, 2.162162), 27.3),
        ("mavic_pro.SRT", "gps-home", 468, (-20.2533, 149.0251), 1.9),
        ("old_format.SRT", "gps-home", 468, (-20.2533, 149.0251), 1.9),
        ("p4_rtk.SRT", "phantom", 55, (-34.237922, -58.851745), 85.8),
    ],
)
def test_real_files(name: str, dialect: str, count: int, lat_lon: tuple[float, float], height_m: float) -> None:
    log = read_dji_srt(shared() / name)
    first = log.samples[0]
    assert (log.dialect, len(log.samples), log.refused) == (dialect, count, {})
    assert (first.lat_deg, first.lon_deg) == lat_lon
    assert first.alt_rel_home_m == height_m


def test_the_real_broken_file() -> None:
    with pytest.raises(VideoError, match=r"broken_empty.SRT: no usable position"):
        read_dji_srt(shared() / "broken_empty.SRT")


PIECES = st.one_of(
    st.sampled_from([
        "1\n", "\n", "\n\n", "00:00:01,000 --> 00:00:02,000\n", "GPS(", "GPS(23.1,-31.2,15)", "HOME(", "HOME(99,999)",
        "BAROMETER:", "[latitude: 91.0]", "[latitude: 41.4] [longitude: 2.1]", "[altitude: 1e9]", "<font", "°", "G.PRY (",
        "G.PRY (-24.4°, 0.0°, 110.4°)", "[focal_len: 0]", "[focal_len : 99999999]", "[fnum : 280]", "nan", "-", "\0",
        "2019.13.45 99:99:99", "H 85.80m", "99:99:99,999 --> 0:0:0\n", "[gb_pitch: 999999]",
    ]),
    st.text(max_size=30),
    st.integers().map(str),
    st.floats().map(str),
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join))
def test_no_text_makes_it_raise_anything_else(text: str) -> None:
    for whole in (text, GPS_HOME + text, text + PHANTOM + text):
        try:
            log = one(whole)
        except VideoError:
            continue
        times = [s.t_s for s in log.samples]
        assert times == sorted(times)
        for s in log.samples:
            assert abs(s.lat_deg) <= 90.0
            assert abs(s.lon_deg) <= 180.0
            assert (s.lat_deg, s.lon_deg) != (0.0, 0.0)
            assert math.isnan(s.hfov_deg) or 0.0 < s.hfov_deg < 180.0


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 600), st.integers(0, 600))
def test_damaged_bytes(rubbish: bytes, at: int, to: int) -> None:
    data = bytearray((GPS_HOME + GIMBAL).encode())
    data[at:to] = rubbish
    with contextlib.suppress(VideoError):
        one(bytes(data).decode("utf-8", errors="replace"))


@pytest.mark.parametrize(
    "text",
    ["7" * 300_000, " " * 300_000, "\n" * 300_000, "<" * 300_000, "GPS(" * 80_000, "GPS(1" * 60_000, "a:" * 150_000,
     "1\n00:00:00,000 --> 00:00:01,000\n" * 20_000, "[latitude: " + "1" * 300_000, "00:" * 100_000, "F.PRY (" * 40_000],
)  # fmt: skip
def test_no_text_takes_long(text: str) -> None:
    began_s = time.process_time()
    with pytest.raises(VideoError):
        one("1\n00:00:00,000 --> 00:00:01,000\n" + text)
    assert time.process_time() - began_s < 2.0


def test_cues_survive_blank_lines_missing_numbers_and_a_missing_end() -> None:
    found = list(cues("00:00:00,5 --> 00:00:01\na\n\nb\n\n2\n00:00:01,000 --> 00:00:02,000 X1:0\nc"))
    assert [(c.start_s, c.end_s, c.text) for c in found] == [(0.5, 1.0, "a\n\nb"), (1.0, 2.0, "c")]
