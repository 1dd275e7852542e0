"""The coverage ledger on disk: what may mark, what survives, what is merged."""

from __future__ import annotations

import itertools
import os
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.errors import ConfigError, PlanError, StoreError
from groundstation.store.coverage_file import read_coverage, write_coverage
from groundstation.store.coverage_gate import CoverageGate, LocatedPicture
from groundstation.store.coverage_service import CoverageService
from groundstation.store.coverage_store import (
    COVERAGE_FILE,
    add_observations,
    border_named,
    known_borders,
    observation_row,
    period,
    read_observations,
)
from missions.coverage.ledger import NEVER, Ledger
from missions.coverage.rule import CoverageRule
from tests.unit.missions.coverage.support import sighting
from tests.unit.store.coverage_records import STREAM, grid, health, picture
from tests.unit.store.records import T0_UTC_US, FakeClock
from vision.georeference import Georeferencer
from vision.records import PoseSigma

GRID = grid()


class Clock(FakeClock):
    """Both clocks stand where they are put."""

    mono_s = 1000.0

    def mono_ns(self) -> int:
        return round(self.mono_s * 1e9)

    def go_to(self, t_s: float) -> None:
        self.t_utc_us, self.mono_s = T0_UTC_US + round(t_s * 1e6), 1000.0 + t_s


def opened(bus: Bus, data_dir: Path, clock: Clock, station: str = "east") -> CoverageService:
    service = CoverageService(bus, data_dir, GRID, station, clock)
    service.open()
    bus.publish(topics.STREAM_HEALTH, health())
    return service


def fly(bus: Bus, service: CoverageService, clock: Clock, seconds: float, start_s: float = 0.0) -> None:
    """Ten pictures a second along the border at 4 m/s."""
    for k in range(round(seconds * 10)):
        t_s = start_s + k / 10
        clock.go_to(t_s + 0.2)
        bus.publish(topics.VIDEO_TRACKS, picture(GRID, 200.0 + 4.0 * t_s, t_s, round((1000.0 + t_s) * 1e9)))
        if k % 3 == 0:
            service.step()


def test_a_flight_is_kept_about_one_observation_a_second_and_read_back(tmp_path: Path) -> None:
    bus, clock = Bus(), Clock()
    service = opened(bus, tmp_path, clock)
    fly(bus, service, clock, 12.0)
    assert service.stop()
    found = list(read_observations(tmp_path, GRID.digest))
    assert 10 <= len(found) <= 14
    assert {o.observer for o in found} == {"east/1.1"}
    told = service.state()
    again = opened(Bus(), tmp_path, clock)
    again.step()
    assert again.state().bin_t_utc_us.tolist() == told.bin_t_utc_us.tolist()
    assert again.state().cell_t_utc_us.tolist() == told.cell_t_utc_us.tolist()
    assert 15 < (told.bin_t_utc_us != NEVER).sum() < 60
    assert again.stop()
    assert again.stop()


def test_the_map_is_told_once_the_past_is_read_and_not_before(tmp_path: Path) -> None:
    clock = Clock()
    add_observations(tmp_path, GRID, [sighting(GRID, [3], -60.0)], T0_UTC_US)
    bus = Bus()
    feed = bus.subscribe(topics.COVERAGE)
    service = opened(bus, tmp_path, clock)
    service.step()
    assert feed.drain() == []
    service.step()
    (told,) = feed.drain()
    # The sighting's helper counts from its own time, long after this clock's.
    assert told.bin_t_utc_us[3] != NEVER
    assert told.edges_lat_lon.shape == (GRID.bins + 1, 2)
    service.stop()


def judged(clock: Clock, record, gate: CoverageGate | None = None, size=(1280, 720)):
    gate = gate or CoverageGate(GRID.frame)
    return gate.judge(record, size, clock.utc_us(), clock.mono_ns())


def test_only_a_fresh_located_new_picture_marks() -> None:
    clock = Clock()
    clock.go_to(5.0)
    mono = clock.mono_ns()
    good = picture(GRID, 700.0, 4.8, mono)
    assert isinstance(judged(clock, good), LocatedPicture)
    unlocated = replace(good, tracks=replace(good.tracks, no_georeference="stale pose"))
    cases = {
        "stale pose": unlocated,
        "pose is not known": replace(good, pose=None),
        "is not known": replace(good, footprint_lat_lon=()),
        "10 s old": picture(GRID, 700.0, -5.0, mono),
        "8 s old": picture(GRID, 700.0, 4.8, mono - 8_000_000_000),
        "ahead": picture(GRID, 700.0, 9.0, mono),
        "another time": picture(GRID, 700.0, 4.8, mono, t_utc_us=T0_UTC_US),
        "known to": picture(GRID, 700.0, 4.8, mono, sigma=PoseSigma(80.0, 2.0, 0.5, 0.5, 0.5)),
        "no number": picture(GRID, 700.0, 4.8, mono, alt_amsl_m=float("nan")),
    }
    for reason, record in cases.items():
        refused = judged(clock, record)
        assert isinstance(refused, str), reason
        assert reason in refused
    assert "size" in str(judged(clock, good, size=(0, 0)))
    gate = CoverageGate(GRID.frame)
    assert isinstance(judged(clock, good, gate), LocatedPicture)
    assert "stands still" in str(judged(clock, good, gate))
    frozen = replace(picture(GRID, 700.0, 4.9, mono), tracks=replace(good.tracks, t_utc_us=good.tracks.t_utc_us + 1))
    assert "stands still" in str(judged(clock, frozen, gate))


def test_after_our_clock_was_set_back_pictures_count_again() -> None:
    clock, gate = Clock(), CoverageGate(GRID.frame)
    clock.go_to(3600.0)
    assert isinstance(judged(clock, picture(GRID, 700.0, 3599.9, clock.mono_ns()), gate), LocatedPicture)
    clock.go_to(10.0)
    assert isinstance(judged(clock, picture(GRID, 700.0, 9.9, clock.mono_ns()), gate), LocatedPicture)


def test_the_worse_the_pose_is_known_the_less_is_marked() -> None:
    clock = Clock()
    clock.go_to(5.0)
    seen = []
    for sigma in (PoseSigma(0.1, 0.1, 0.01, 0.01, 0.01), PoseSigma(3.0, 3.0, 0.5, 0.5, 0.5)):
        located = judged(clock, picture(GRID, 700.0, 4.8, clock.mono_ns(), sigma=sigma))
        assert isinstance(located, LocatedPicture)
        seen.append(set(GRID.observe(0, located.outline_en_m, "x", located.eye).bins.tolist()))
    assert seen[1] < seen[0]


def test_a_stale_picture_marks_nothing_in_the_ledger(tmp_path: Path) -> None:
    bus, clock = Bus(), Clock()
    service = opened(bus, tmp_path, clock)
    for k in range(50):
        clock.go_to(100.0 + k / 10)
        bus.publish(topics.VIDEO_TRACKS, picture(GRID, 700.0, k / 10, round((1000.0 + k / 10) * 1e9)))
        service.step()
    service.stop()
    assert list(read_observations(tmp_path, GRID.digest)) == []
    assert "old" in service.state().refused


KILLED = """
import sys
from pathlib import Path
from groundstation.core import topics
from groundstation.core.bus import Bus
from tests.unit.store.test_coverage import GRID, Clock, opened
from tests.unit.store.coverage_records import picture
bus, clock = Bus(), Clock()
service = opened(bus, Path(sys.argv[1]), clock)
for k in range(100000):
    t_s = k / 2
    clock.go_to(t_s + 0.1)
    bus.publish(topics.VIDEO_TRACKS, picture(GRID, 200.0 + t_s, t_s, round((1000.0 + t_s) * 1e9)))
    service.step()
    print(t_s, flush=True)
"""


def test_kill_9_loses_no_more_than_the_last_second_of_looking(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        last_s = 0.0
        for line in process.stdout:
            last_s = float(line)
            if last_s >= 20.0:
                break
        os.kill(process.pid, signal.SIGKILL)
        process.stdout.read()
        process.wait(10)
    found = sorted(read_observations(tmp_path, GRID.digest), key=lambda o: o.from_utc_us)
    assert found[0].from_utc_us == T0_UTC_US
    assert found[-1].to_utc_us >= T0_UTC_US + round((last_s - 1.5) * 1e6)
    assert all(b.from_utc_us - a.to_utc_us <= 500_000 for a, b in itertools.pairwise(found))
    # And it goes on.
    bus, clock = Bus(), Clock()
    service = opened(bus, tmp_path, clock)
    fly(bus, service, clock, 3.0, start_s=1000.0)
    assert service.stop()
    assert len(list(read_observations(tmp_path, GRID.digest))) > len(found)


def test_the_ledger_is_append_only(tmp_path: Path) -> None:
    add_observations(tmp_path, GRID, [sighting(GRID, [1], 0.0)], T0_UTC_US)
    with sqlite3.connect(tmp_path / COVERAGE_FILE) as db:
        for sql in ("DELETE FROM coverage_observation", "UPDATE coverage_observation SET observer='me'"):
            with pytest.raises(sqlite3.IntegrityError, match="append only"):
                db.execute(sql)
    db.close()


def test_a_damaged_row_is_left_out_and_told_and_the_others_stay(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    good, other = sighting(GRID, [1], 0.0), sighting(GRID, [2], 1.0)
    add_observations(tmp_path, GRID, [good], T0_UTC_US)
    row = observation_row(other)
    with sqlite3.connect(tmp_path / COVERAGE_FILE) as db:
        sql = "INSERT INTO coverage_observation VALUES (?, ?, ?, ?, ?, ?)"
        db.execute(sql, (*row[:5], b"garbage"))
        db.execute(sql, (b"\x00" * 16, *row[1:]))  # under a name that is not its own
    db.close()
    assert list(read_observations(tmp_path, GRID.digest)) == [good]
    assert "left out" in caplog.text


def test_a_neighbours_ledger_is_merged_once_and_only_for_the_same_border(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "east", tmp_path / "west"
    add_observations(ours, GRID, [sighting(GRID, [1, 2], 0.0)], T0_UTC_US)
    add_observations(theirs, GRID, [sighting(GRID, [2, 3], 5.0, "west/1.1"), sighting(GRID, [1, 2], 0.0)], T0_UTC_US)
    path = tmp_path / "west.coverage"
    assert write_coverage(path, GRID.border, GRID.rule, read_observations(theirs, GRID.digest)) == 2
    given = read_coverage(path)
    assert add_observations(ours, GRID, given.observations, T0_UTC_US) == 1
    assert add_observations(ours, GRID, given.observations, T0_UTC_US) == 0
    merged = Ledger(GRID, read_observations(ours, GRID.digest))
    assert np.flatnonzero(merged.bins_last_seen().ever).tolist() == [1, 2, 3]
    assert merged.bins_last_seen().observer(2) == "west/1.1"
    other = grid(rule=CoverageRule(bin_m=10.0))
    with pytest.raises(PlanError, match="another border"):
        add_observations(ours, GRID, [sighting(GRID, [7], 9.0), sighting(other, [1], 0.0)], T0_UTC_US)
    assert len(list(read_observations(ours, GRID.digest))) == 2
    assert border_named(ours).digest == GRID.digest
    assert [b.rule for b in known_borders(ours)] == [GRID.rule]
    assert period(ours, GRID.digest) is not None


def test_the_same_ledger_gives_the_same_file(tmp_path: Path) -> None:
    observations = [sighting(GRID, [k], float(k)) for k in range(5)]
    one, other = tmp_path / "a", tmp_path / "b"
    write_coverage(one, GRID.border, GRID.rule, observations)
    write_coverage(other, GRID.border, GRID.rule, reversed(observations))
    assert one.read_bytes() == other.read_bytes()
    assert list(read_coverage(one).observations) == observations


def test_a_file_that_was_changed_or_cut_is_refused_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "x.coverage"
    write_coverage(path, GRID.border, GRID.rule, [sighting(GRID, [k], float(k)) for k in range(5)])
    whole = path.read_bytes()
    lines = whole.split(b"\n")
    bad = {
        "line": b"\n".join([*lines[:3], b"not base64!", *lines[4:]]),
        "cut": whole[: len(whole) // 2],
        "no end": b"\n".join(lines[:-2]) + b"\n",
        "one less": b"\n".join([*lines[:2], *lines[3:]]),
        "head": b"{}\n" + b"\n".join(lines[1:]),
        "other": b"\x89PNG\r\n\x1a\n" * 30,
        "empty": b"",
    }
    for name, data in bad.items():
        path.write_bytes(data)
        with pytest.raises(ConfigError, match=r"x\.coverage"):
            read_coverage(path)
        assert name
    with pytest.raises(ConfigError):
        read_coverage(tmp_path / "none")


def test_a_disk_that_does_not_take_it_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    bus, clock = Bus(), Clock()
    faults = bus.subscribe(topics.STATION_FAULT)
    service = opened(bus, tmp_path, clock)
    blocker = sqlite3.connect(tmp_path / COVERAGE_FILE, isolation_level=None)
    blocker.execute("BEGIN EXCLUSIVE")
    fly(bus, service, clock, 3.0)
    assert [f.active for f in faults.drain()] == [True]
    blocker.execute("ROLLBACK")
    blocker.close()
    clock.go_to(10.0)
    service.step()
    assert [f.active for f in faults.drain()] == [False]
    assert service.stop()
    assert len(list(read_observations(tmp_path, GRID.digest))) >= 3


def test_no_ledger_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        list(read_observations(tmp_path, GRID.digest))
    with pytest.raises(StoreError):
        border_named(tmp_path)


def test_the_thread_keeps_what_comes_and_ends(tmp_path: Path) -> None:
    bus, clock = Bus(), FakeClock()
    service = CoverageService(bus, tmp_path, GRID, "east", clock)
    service.start()
    bus.publish(topics.STREAM_HEALTH, health())
    bus.publish(topics.VIDEO_TRACKS, picture(GRID, 700.0, 0.0, time.monotonic_ns()))
    time.sleep(0.1)
    assert service.stop()
    assert [o.observer for o in read_observations(tmp_path, GRID.digest)] == ["east/1.1"]
    assert STREAM == "cam"


def test_the_footprint_of_the_vision_worker_marks_what_the_missions_own_does() -> None:
    clock = Clock()
    clock.go_to(5.0)
    own = picture(GRID, 700.0, 4.8, clock.mono_ns(), sigma=PoseSigma(0.0, 0.0, 0.0, 0.0, 0.0))
    assert own.pose is not None
    eyes = Georeferencer(GRID.frame, None, 100.0)
    theirs = replace(own, footprint_lat_lon=eyes.footprint(eyes.view(own.pose, 1280, 720)))
    marks = []
    for record in (own, theirs):
        located = judged(clock, record)
        assert isinstance(located, LocatedPicture)
        marks.append(GRID.observe(0, located.outline_en_m, "x", located.eye))
    assert len(marks[0].bins) > 10
    assert marks[0].bins.tolist() == marks[1].bins.tolist()
    assert marks[0].cells.tolist() == marks[1].cells.tolist()
