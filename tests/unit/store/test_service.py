from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.database import open_database, open_read_only
from groundstation.core.errors import StoreError
from groundstation.core.postgres import PostgresConnection, points_files
from groundstation.core.records import Acknowledgement, EvidenceReady, PlanStatus, RemoteIncident, VehicleId
from groundstation.store import StoreService, queries
from groundstation.store.schema import STATION_SCHEMA
from tests.helpers.waiting import wait_until
from tests.unit.store.records import T0_UTC_US, FakeClock, incident, vehicle_state, video_tracks
from vision.records import TrackStatus


@pytest.fixture
def tmp_path(folder_of_either: Path) -> Path:
    return folder_of_either


@pytest.fixture
def bus() -> Bus:
    return Bus()


def started(bus: Bus, data_dir: Path, flight_id: str = "f1") -> StoreService:
    service = StoreService(bus, data_dir, flight_id, FakeClock())
    service.start()
    return service


def test_an_incident_is_on_disk_without_any_flush(bus: Bus, tmp_path: Path) -> None:
    service = started(bus, tmp_path)
    bus.publish(topics.INCIDENT, incident())
    wait_until(lambda: queries.incidents(tmp_path) == [incident()])
    service.stop()


def test_a_later_record_of_an_incident_updates_it_and_forgets_nothing(bus: Bus, tmp_path: Path) -> None:
    service = started(bus, tmp_path)
    bus.publish(topics.EVIDENCE_READY, EvidenceReady("cam", "i1", "evidence/i1.mp4", True))
    bus.publish(topics.ACKNOWLEDGEMENT, Acknowledgement("i1", T0_UTC_US + 9, "duty officer"))
    bus.publish(topics.ACKNOWLEDGEMENT, Acknowledgement("i1", T0_UTC_US + 5, "operator"))
    bus.publish(topics.INCIDENT, incident(text="first"))
    bus.publish(topics.INCIDENT, incident(text="second", probability=0.99))
    assert service.flush()
    (found,) = queries.incidents(tmp_path, "f1")
    assert (found.text, found.probability) == ("second", 0.99)
    assert found.evidence == "evidence/i1.mp4"
    assert (found.acknowledged_utc_us, found.acknowledged_by) == (T0_UTC_US + 5, "operator")
    service.stop()


def test_a_failed_clip_is_no_evidence(bus: Bus, tmp_path: Path) -> None:
    service = started(bus, tmp_path)
    bus.publish(topics.INCIDENT, incident())
    bus.publish(topics.EVIDENCE_READY, EvidenceReady("cam", "i1", "evidence/i1.mp4", False, "disk full"))
    service.flush()
    assert queries.incidents(tmp_path)[0].evidence == ""
    service.stop()


def test_tracks_are_thinned_to_one_a_second_with_first_and_last(bus: Bus, tmp_path: Path) -> None:
    service = started(bus, tmp_path)
    bus.publish(topics.VIDEO_TRACKS, video_tracks(T0_UTC_US - 100_000, [(7, 47.0, 15.0)], TrackStatus.TENTATIVE))
    for i in range(36):  # 3.5 s at 10 Hz
        bus.publish(topics.VIDEO_TRACKS, video_tracks(T0_UTC_US + i * 100_000, [(7, 47.0 + i * 1e-6, 15.0)]))
    service.stop()
    (track,) = queries.tracks(tmp_path, "f1")
    assert track.track_id == "cam-7"
    assert [(p.t_utc_us - T0_UTC_US) / 1e6 for p in track.points] == [0.0, 1.0, 2.0, 3.0, 3.5]
    assert track.points[-1].lat_deg == pytest.approx(47.000035)
    assert track.class_name == "person"
    assert track.points[0].ce90_m == pytest.approx(2.0 * 2.146, rel=1e-3)


def test_tentative_tracks_are_not_kept(bus: Bus, tmp_path: Path) -> None:
    service = started(bus, tmp_path)
    bus.publish(topics.VIDEO_TRACKS, video_tracks(T0_UTC_US, [(3, 47.0, 15.0)], TrackStatus.TENTATIVE))
    service.stop()
    assert queries.tracks(tmp_path) == []


def test_telemetry_plans_actions_and_remote_incidents(bus: Bus, tmp_path: Path) -> None:
    service = started(bus, tmp_path)
    for i in range(5):
        bus.publish(topics.VEHICLE_STATE, vehicle_state(T0_UTC_US + i * 500_000))
        service.flush()
    for progress in (0.1, 0.5, 0.9):
        bus.publish(topics.PLAN_STATUS, PlanStatus(VehicleId(1), T0_UTC_US, "uploading", progress=progress))
        service.flush()
    bus.publish(topics.PLAN_STATUS, PlanStatus(VehicleId(1), T0_UTC_US, "in_force", mission_verified=True))
    remote = RemoteIncident("b", "r1", "crossing", 1, 2, "person", "X->Y", 47.0, 15.0, 5.0, "AG-1")
    bus.publish(topics.REMOTE_INCIDENT, remote)
    service.record_action("op", "start mission", "1.1")
    service.stop()
    with closing(open_read_only(tmp_path / "station.db")) as db:
        phases = [row[0] for row in db.execute("SELECT phase FROM plan_status ORDER BY id")]
        actions = db.execute("SELECT operator, action, subject, flight_id FROM operator_action").fetchall()
    (points,) = points_files(tmp_path)
    with closing(open_read_only(points)) as db:
        times = [(row[0] - T0_UTC_US) / 1e6 for row in db.execute("SELECT t_utc_us FROM telemetry ORDER BY t_utc_us")]
    assert phases == ["uploading", "in_force"]
    assert [tuple(a) for a in actions] == [("op", "start mission", "1.1", "f1")]
    assert times == [0.0, 1.0, 2.0]
    assert queries.remote_incidents(tmp_path) == [remote]


def test_geojson_of_incidents_and_tracks(bus: Bus, tmp_path: Path) -> None:
    service = started(bus, tmp_path / "data")
    bus.publish(topics.INCIDENT, incident(ce90_m=float("nan")))
    bus.publish(topics.INCIDENT, incident("other", flight_id="f0"))
    for i in range(3):
        bus.publish(topics.VIDEO_TRACKS, video_tracks(T0_UTC_US + i * 1_000_000, [(7, 47.0, 15.0 + i * 1e-4)]))
    assert service.export_incidents(tmp_path / "incidents.geojson") == 1
    assert service.export_tracks(tmp_path / "tracks.geojson") == 1
    service.stop()
    (point,) = json.loads((tmp_path / "incidents.geojson").read_text())["features"]
    assert point["geometry"] == {"type": "Point", "coordinates": [15.7654321, 47.1234567]}
    assert point["properties"]["direction"] == "Arvenia->Belmark"
    assert point["properties"]["ce90_m"] is None
    (line,) = json.loads((tmp_path / "tracks.geojson").read_text())["features"]
    assert line["geometry"]["coordinates"] == [[15.0, 47.0], [15.0001, 47.0], [15.0002, 47.0]]
    assert line["properties"]["t_utc_us"] == [T0_UTC_US + i * 1_000_000 for i in range(3)]


def test_a_locked_database_is_a_fault_that_goes_away_and_costs_nothing(bus: Bus, tmp_path: Path) -> None:
    service = started(bus, tmp_path)
    faults = bus.subscribe(topics.STATION_FAULT)
    other = open_database(tmp_path / "station.db", STATION_SCHEMA, "FULL")
    other.execute("BEGIN IMMEDIATE")
    if isinstance(other, PostgresConnection):
        other.run("LOCK TABLE incident IN SHARE MODE")
    bus.publish(topics.INCIDENT, incident())
    seen = []
    wait_until(lambda: bool(seen.extend(faults.drain()) or seen))
    assert (seen[0].active, seen[0].fault.severity) == (True, "critical")
    assert not service.flush(timeout_s=0.1)
    other.execute("ROLLBACK")
    other.close()
    wait_until(lambda: len(queries.incidents(tmp_path)) == 1)
    wait_until(lambda: any(not f.active for f in faults.drain()))
    service.stop()


def test_flights_end_in_order_or_are_found_interrupted(bus: Bus, tmp_path: Path) -> None:
    started(bus, tmp_path, "f1").stop()
    crashed = started(bus, tmp_path, "f2")
    following = started(bus, tmp_path, "f3")
    states = {f.flight_id: f.state for f in queries.flights(tmp_path)}
    assert states == {"f1": "ended", "f2": "interrupted", "f3": "open"}
    following.stop()
    crashed.stop()


def test_stop_is_harmless_twice_and_writes_what_waits(bus: Bus, tmp_path: Path) -> None:
    service = started(bus, tmp_path)
    for i in range(200):
        bus.publish(topics.INCIDENT, incident(f"i{i}"))
    assert service.stop()
    assert service.stop()
    assert len(queries.incidents(tmp_path)) == 200


def test_a_database_of_a_newer_program_is_refused(bus: Bus, tmp_path: Path) -> None:
    started(bus, tmp_path).stop()
    with closing(open_database(tmp_path / "station.db", STATION_SCHEMA, "FULL")) as db:
        db.execute("INSERT INTO schema_version VALUES (?, 0)", (len(STATION_SCHEMA) + 1,))
    with pytest.raises(StoreError, match="newer"):
        started(bus, tmp_path)


KILLED = """
import sys
from pathlib import Path
from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.store import StoreService, queries
from tests.unit.store.records import FakeClock, incident
data = Path(sys.argv[1])
bus = Bus()
service = StoreService(bus, data, "killed", FakeClock())
service.start()
for i in range(100000):
    bus.publish(topics.INCIDENT, incident(f"i{i:06d}", flight_id="killed"))
    while len(queries.incidents(data)) <= i:
        pass
    print(i, flush=True)
"""


def test_kill_9_keeps_every_incident_that_was_committed(bus: Bus, tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        last = 0
        for line in process.stdout:
            last = int(line)
            if last >= 20:
                break
        os.kill(process.pid, signal.SIGKILL)
        process.stdout.read()
        process.wait(10)
    service = started(bus, tmp_path, "next")
    found = [i.incident_id for i in queries.incidents(tmp_path, "killed")]
    assert found[: last + 1] == [f"i{i:06d}" for i in range(last + 1)]
    assert {f.flight_id: f.state for f in queries.flights(tmp_path)}["killed"] == "interrupted"
    service.stop()
