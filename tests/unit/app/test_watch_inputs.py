"""What a recording is watched with: borders, flight logs."""

from __future__ import annotations

import json
import math
import struct
from pathlib import Path
from typing import Any

import pytest

from groundstation.app.border_file import read_border
from groundstation.app.main import _parser
from groundstation.app.watch_options import watch_options
from groundstation.app.watch_tlog import read_tlog_telemetry
from groundstation.core.errors import ConfigError, VideoError
from missions.mavlink import mavlink2

LINE = {"type": "LineString", "coordinates": [[22.70, 49.05], [22.71, 49.05, 210.0]]}
START_US = 1_780_000_000_000_000


def write(folder: Path, document: Any) -> Path:
    path = folder / "border.geojson"
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return path


def test_a_border_in_any_form(tmp_path: Path) -> None:
    bare = read_border(write(tmp_path, LINE))
    assert bare.points == ((49.05, 22.70), (49.05, 22.71))
    assert (bare.left, bare.right, bare.own) == ("left", "right", "left")
    feature = {"type": "Feature", "properties": {"left": "North", "right": "South", "own": "South"}, "geometry": LINE}
    named = read_border(write(tmp_path, feature))
    assert (named.left, named.right, named.own) == ("North", "South", "South")
    assert read_border(write(tmp_path, feature), ("A", "B")).left == "A"
    point = {"type": "Feature", "properties": None, "geometry": {"type": "Point", "coordinates": [22.7, 49.05]}}
    assert read_border(write(tmp_path, {"type": "FeatureCollection", "features": [point, feature]})).left == "North"
    # An area file has one line with that role.
    area = {"type": "FeatureCollection", "features": [{**feature, "properties": {"role": "border"}}, feature]}
    assert read_border(write(tmp_path, area)).left == "left"


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("{", "is no GeoJSON"),
        ([1, 2], "no LineString"),
        ({"type": "FeatureCollection", "features": [LINE] * 2}, "no LineString"),
        ({"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": LINE}] * 2}, "2 LineStrings"),
        ({"type": "LineString", "coordinates": [[1, 2]]}, "fewer than two"),
        ({"type": "LineString", "coordinates": [[1, "x"], [2, 3]]}, "not readable"),
        ({"type": "LineString", "coordinates": [[1, 95], [2, 3]]}, "95, 1 is no position"),
    ],
)
def test_a_border_that_is_none(document: Any, words: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=words):
        read_border(write(tmp_path, document))


def test_the_command_line() -> None:
    words = (
        "watch v.mp4 --border b.json --out o --side-names North,South --heading-deg course --start-utc 2026-05-01T10:00"
    )
    options = watch_options(_parser().parse_args(words.split()))
    assert options.side_names == ("North", "South")
    assert options.heading_deg == "course"
    assert options.start_utc is not None
    assert options.start_utc.isoformat() == "2026-05-01T10:00:00+00:00"
    assert math.isnan(options.hfov_deg)
    assert (options.rules, options.calibration) == (None, None)
    given = watch_options(_parser().parse_args([*words.split(), "--rules", "r.toml", "--calibration", "lens.yml"]))
    assert (given.rules, given.calibration) == (Path("r.toml"), Path("lens.yml"))
    for bad in ("--every 0", "--hfov-deg 200", "--side-names A", "--start-utc noon"):
        with pytest.raises(SystemExit):
            _parser().parse_args([*["watch", "v.mp4", "--border", "b.json", "--out", "o"], *bad.split()])


def flight(path: Path, gimbal: bool) -> Path:
    """Ten seconds at 5 m/s towards the north, heading 30 degrees, nose down by 4."""
    codec = mavlink2.MAVLink(None, srcSystem=7, srcComponent=1)
    half = math.radians(-45.0) / 2.0
    with path.open("wb") as out:

        def put(t_s: float, message: Any) -> None:
            out.write(struct.pack(">Q", START_US + round(t_s * 1e6)) + message.pack(codec))

        for i in range(100):
            t_s, boot_ms = i / 10, 5000 + i * 100
            lat = round((49.05 + t_s * 5.0 / 111_132.95) * 1e7)
            put(t_s, mavlink2.MAVLink_global_position_int_message(
                boot_ms, lat, 227_000_000, 250_000, 60_000, 500, 0, 0, 3000))  # fmt: skip
            put(t_s, mavlink2.MAVLink_attitude_message(
                boot_ms, math.radians(2.0), math.radians(-4.0), math.radians(30.0), 0, 0, 0))  # fmt: skip
            if gimbal:
                put(t_s, mavlink2.MAVLink_gimbal_device_attitude_status_message(
                    1, 0, boot_ms, 0, [math.cos(half), 0.0, math.sin(half), 0.0], 0, 0, 0, 0))  # fmt: skip
        out.write(b"\0\1\2")
    return path


@pytest.mark.parametrize("gimbal", [True, False])
def test_a_flight_log(gimbal: bool, tmp_path: Path) -> None:
    log = read_tlog_telemetry(flight(tmp_path / "f.tlog", gimbal))
    assert (log.source, log.time_base) == ("tlog", "utc")
    assert "system 7" in log.dialect
    assert len(log.samples) >= 95
    middle = log.samples[len(log.samples) // 2]
    t_s = middle.t_s - START_US / 1e6
    assert middle.lat_deg == pytest.approx(49.05 + t_s * 5.0 / 111_132.95, abs=2e-6)
    assert (middle.alt_amsl_m, middle.alt_rel_home_m) == (pytest.approx(250.0), pytest.approx(60.0))
    if gimbal:
        assert middle.gimbal_elevation_deg == pytest.approx(-45.0, abs=0.01)
        assert middle.gimbal_azimuth_deg == pytest.approx(30.0, abs=0.01)
    else:
        assert (middle.heading_deg, middle.pitch_deg) == (pytest.approx(30.0), pytest.approx(-4.0))
        assert math.isnan(middle.gimbal_elevation_deg)


def test_a_log_without_an_aircraft(tmp_path: Path) -> None:
    codec = mavlink2.MAVLink(None, srcSystem=255, srcComponent=190)
    path = tmp_path / "gcs.tlog"
    heartbeat = mavlink2.MAVLink_heartbeat_message(6, 8, 0, 0, 4, 3)
    path.write_bytes(struct.pack(">Q", START_US) + heartbeat.pack(codec))
    with pytest.raises(VideoError, match="no position of an aircraft"):
        read_tlog_telemetry(path)
