"""Recorded footage from end to end: the simulator films, the station watches, the simulator's truth judges."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from groundstation.app.main import main
from groundstation.app.watch import run_watch
from groundstation.app.watch_options import WatchOptions
from groundstation.core.errors import ConfigError, VideoError
from groundstation.incidents import rule_file
from tests.helpers.recording import START_US, WHOLE_PICTURE, Recording, film


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    return film(tmp_path_factory.mktemp("flight"))


def watch(recording: Recording, out: Path, **changes: Any) -> dict[str, Any]:
    """The report of a run that sees what is there."""
    values: dict[str, Any] = {
        "video": recording.ts, "make_detector": recording.detector, "attention": WHOLE_PICTURE, **changes,
    }  # fmt: skip
    assert run_watch(WatchOptions(border=recording.border, out=out, **values)) == 0
    report: dict[str, Any] = json.loads((out / "report.json").read_text(encoding="utf-8"))
    return report


def errors_m(recording: Recording, out: Path, behind_us: int = 0) -> list[float]:
    """How far the crosser's track is from the truth, point by point; ``behind_us``: of the recording's clock."""
    tracks = json.loads((out / "tracks.geojson").read_text(encoding="utf-8"))["features"]
    frame = recording.world.frame
    found: list[float] = []
    for track in tracks:
        if track["properties"]["class"] != "vehicle" or track["geometry"]["type"] != "LineString":
            continue
        distances = []
        for (lon, lat), t_us in zip(track["geometry"]["coordinates"], track["properties"]["t_utc_us"], strict=True):
            truth = recording.place(recording.crossing.object_id, t_us + behind_us)
            distances.append(float(np.hypot(*(frame.to_plane(lat, lon) - np.array(truth)))))
        # A parked car is a track too.
        if np.median(distances) < 15.0:
            found += distances
    return found


def told_ce90_m(out: Path) -> list[float]:
    tracks = json.loads((out / "tracks.geojson").read_text(encoding="utf-8"))["features"]
    return [c for track in tracks for c in track["properties"]["ce90_m"]]


def check_crossing(recording: Recording, report: dict[str, Any], within_m: float, within_s: float) -> None:
    (incident,) = [i for i in report["incidents"] if i["kind"] == "crossing"]
    truth = recording.crossing
    assert incident["direction"] == truth.direction
    assert incident["class"] == "vehicle"
    assert incident["t_utc_us"] == pytest.approx(START_US + truth.t_s * 1e6, abs=within_s * 1e6)
    place = recording.world.frame.to_plane(incident["lat"], incident["lon"])
    assert math.dist(place, (truth.east_m, truth.north_m)) < within_m


def test_a_video_with_klv(recording: Recording, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    report = watch(recording, out, dem=recording.dem)
    video, telemetry = report["video"], report["telemetry"]
    assert (video["codec"], video["width"], video["height"], video["has_klv"]) == ("h264", 640, 360, True)
    assert video["frames"] == video["processed"] == len(recording.truths)
    assert (telemetry["source"], telemetry["coverage"], telemetry["refused"]) == ("klv", 1.0, {})
    check_crossing(recording, report, 3.0, 0.4)
    distances = errors_m(recording, out)
    # Without sensor errors what is left is the box: at 70 m and 50 degrees far below 2 m.
    assert len(distances) >= 4
    assert float(np.median(distances)) < 2.0
    (incident,) = json.loads((out / "incidents.geojson").read_text(encoding="utf-8"))["features"]
    assert (out / incident["properties"]["evidence"]).stat().st_size > 10_000
    assert report["incidents"][0]["text"] in (out / "report.html").read_text(encoding="utf-8").replace("&#x27;", "'")
    with av.open(str(out / "annotated.mp4")) as annotated:
        stream = annotated.streams.video[0]
        assert (stream.codec_context.name, stream.width, stream.height) == ("h264", 1280, 720)
        assert annotated.duration / 1e6 == pytest.approx(len(recording.truths) / 10, abs=0.3)
        picture = next(annotated.decode(video=0)).to_ndarray(format="bgr24").astype(int)
    # The border's violet is in it.
    assert ((picture[..., 0] > 190) & (picture[..., 1] < 140) & (picture[..., 2] > 100)).sum() > 500
    assert "frames looked at, 100 %" in capsys.readouterr().err


def test_the_same_flight_with_djis_subtitles_on_flat_ground(recording: Recording, tmp_path: Path) -> None:
    srt = recording.write_srt(tmp_path / "flight.SRT")
    report = watch(recording, tmp_path / "out", video=recording.mp4, telemetry=srt, hfov_deg=40.0, no_video=True)
    telemetry = report["telemetry"]
    assert (telemetry["source"], telemetry["coverage"]) == ("dji-srt", 1.0)
    # The clock of the subtitles is the recording's: 20:26:40 of the 28th of May, to be taken as UTC.
    assert report["time"]["from_utc_us"] == 1_780_000_000_000_000
    assert "zone is not known" in report["time"]["clock"]
    assert report["ground"]["flat"]
    assert report["ground"]["shift_m_per_m_of_height"] == pytest.approx(0.8, abs=0.2)
    # A consumer drone over ground of unknown height: less sure than with metadata and a terrain model, and says so.
    behind_us = recording.truths[0].t_utc_us - 1_780_000_000_000_000
    distances, ce90_m = errors_m(recording, tmp_path / "out", behind_us), told_ce90_m(tmp_path / "out")
    assert len(distances) >= 4
    assert 6.0 < float(np.median(ce90_m)) < 15.0
    assert float(np.mean(np.array(distances) < np.median(ce90_m))) > 0.8
    assert not (tmp_path / "out" / "annotated.mp4").exists()


def test_a_table_with_times_of_day_and_a_gap_in_it(recording: Recording, tmp_path: Path) -> None:
    table = recording.write_csv(tmp_path / "flight.csv")
    lines = table.read_text(encoding="utf-8").splitlines()
    table.write_text("\n".join(lines[:21] + lines[41:]), encoding="utf-8")
    start = recording.truths[0].t_utc_us / 1e6
    report = watch(
        recording, tmp_path / "out", video=recording.mp4, telemetry=table, dem=recording.dem, hfov_deg=40.0,
        start_utc=datetime.fromtimestamp(start, UTC), no_video=True,
    )  # fmt: skip
    telemetry = report["telemetry"]
    frames = len(recording.truths)
    # Two seconds are missing: not bridged; a quarter of a second after the last and before the next is good enough.
    refused = telemetry["refused"]["gap in the telemetry"]
    assert 14 <= refused <= 20
    assert telemetry["coverage"] == pytest.approx((frames - refused) / frames, abs=1e-4)
    tracks = json.loads((tmp_path / "out" / "tracks.geojson").read_text(encoding="utf-8"))["features"]
    gap_us = (recording.truths[24].t_utc_us, recording.truths[36].t_utc_us)
    assert not [t for f in tracks for t in f["properties"]["t_utc_us"] if gap_us[0] < t < gap_us[1]]


def test_ctrl_c_writes_what_there_is(recording: Recording, tmp_path: Path) -> None:
    class Impatient:
        def __init__(self) -> None:
            self.inner = recording.detector(None)
            self.left = 25

        def detect(self, image_bgr: Any) -> Any:
            self.left -= 1
            if self.left < 0:
                raise KeyboardInterrupt
            return self.inner.detect(image_bgr)

    out = tmp_path / "out"
    options = WatchOptions(
        recording.ts, recording.border, out, dem=recording.dem, attention=WHOLE_PICTURE,
        make_detector=lambda _: Impatient(),
    )  # fmt: skip
    assert run_watch(options) == 130
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert report["interrupted"]
    assert report["video"]["processed"] == 25
    assert json.loads((out / "tracks.geojson").read_text(encoding="utf-8"))["features"]
    with av.open(str(out / "annotated.mp4")) as annotated:
        assert len(list(annotated.decode(video=0))) == 25
    # And again into the same folder, every third frame this time.
    report = watch(recording, out, dem=recording.dem, every=3, no_video=True)
    assert report["video"]["processed"] == math.ceil(len(recording.truths) / 3)
    assert not report["interrupted"]


def test_what_cannot_work_is_said_at_once(
    recording: Recording, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def error(**changes: Any) -> str:
        with pytest.raises((ConfigError, VideoError)) as raised:
            watch(recording, tmp_path / "out", **changes)
        return str(raised.value)

    assert "no telemetry beside it" in error(video=recording.mp4)
    assert "--ground-alt-m" in error(video=recording.mp4, telemetry=_absolute(tmp_path), hfov_deg=40.0)
    assert "--hfov-deg" in error(
        video=recording.mp4, telemetry=recording.write_srt(tmp_path / "a.srt"), dem=recording.dem
    )
    assert "--start-utc" in error(video=recording.mp4, telemetry=recording.write_csv(tmp_path / "a.csv"))
    assert "does not hold" in error(telemetry=tmp_path / "a.kml") or "unknown kind" in error(
        telemetry=tmp_path / "a.kml"
    )
    assert "km from the border" in error(telemetry=_elsewhere(tmp_path), ground_alt_m=100.0)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "report.json").write_text('{"scenario": "demo"}', encoding="utf-8")
    with pytest.raises(ConfigError, match="something else"):
        watch(recording, tmp_path / "other")
    arguments = ["watch", str(tmp_path / "no.mp4"), "--border", str(recording.border), "--out", str(tmp_path / "x")]
    assert main(arguments) == VideoError.exit_code
    assert "no.mp4 cannot be read" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def _absolute(folder: Path) -> Path:
    path = folder / "absolute.csv"
    path.write_text("t_s,lat_deg,lon_deg,alt_amsl_m\n0,49.05,22.7,300\n1,49.05,22.7,300\n", encoding="utf-8")
    return path


def _elsewhere(folder: Path) -> Path:
    path = folder / "elsewhere.csv"
    path.write_text("t_s,lat_deg,lon_deg,alt_amsl_m\n0,22.7,49.05,300\n", encoding="utf-8")
    return path


def test_own_rules_and_a_calibrated_lens(recording: Recording, tmp_path: Path) -> None:
    rules, lens = tmp_path / "rules.toml", tmp_path / "lens.toml"
    shipped = (Path(rule_file.__file__).parent / "rules.toml").read_text(encoding="utf-8")
    rules.write_text(shipped.replace("on = true", "on = false"), encoding="utf-8")
    focal = 320.0 / math.tan(math.radians(20.0))
    lens.write_text(f"width = 640\nheight = 360\nfx = {focal}\nfy = {focal}\ncx = 319.5\ncy = 179.5\n")
    out = tmp_path / "out"
    report = watch(recording, out, dem=recording.dem, rules=rules, calibration=lens, no_video=True)
    assert report["incidents"] == []
    assert (report["rules"], report["calibration"]) == ("rules.toml", "lens.toml")
    # A lens without distortion: the positions are as good as without a calibration.
    distances = errors_m(recording, out)
    assert len(distances) >= 4
    assert float(np.median(distances)) < 2.0


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("rules", '[[rule]]\nkind = "crosing"\n', "crosing"),
        ("rules", None, "rules.toml"),
        ("calibration", None, "calibration cannot be read"),
        ("calibration", "width = 640\nheight = 360\n", "fx is missing"),
        (
            "calibration",
            "width = 640\nheight = 480\nfx = 554\nfy = 554\ncx = 320\ncy = 240\n",
            "is for pictures of 640x480, the video's are 640x360",
        ),
    ],
)
def test_rules_and_calibrations_that_cannot_be_used(
    name: str, content: str | None, words: str, recording: Recording, tmp_path: Path
) -> None:
    file, out = tmp_path / f"{name}.toml", tmp_path / "out"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    given: dict[str, Any] = {name: file}
    with pytest.raises(ConfigError, match=words):
        run_watch(WatchOptions(recording.ts, recording.border, out, dem=recording.dem, **given))
    assert not out.exists()
