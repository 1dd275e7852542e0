"""Crossings become incidents, once, and live on through evidence, acknowledgement and restart."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from geofences.area import BorderLine
from geofences.geodesy import LocalFrame
from groundstation.core.bus import Bus
from groundstation.core.records import Acknowledgement, EvidenceReady, FriendPosition, VehicleId, VideoTracks
from groundstation.core.topics import (
    ACKNOWLEDGEMENT,
    EVIDENCE_READY,
    EVIDENCE_REQUEST,
    FRIEND_POSITION,
    INCIDENT,
    VIDEO_TRACKS,
)
from groundstation.incidents.service import IncidentService, IncidentSettings, new_incident_id
from vision.records import GroundTracks, TrackStatus

FRAME = LocalFrame(49.05, 22.70)
START_US = 1_795_000_000_000_000
VEHICLE = VehicleId(1, 1)


class FakeClock:
    """Stands where it is put."""

    def __init__(self) -> None:
        self.now_us = START_US

    def mono_ns(self) -> int:
        return self.now_us * 1000

    def utc_us(self) -> int:
        return self.now_us


def border() -> BorderLine:
    lat, lon = FRAME.from_plane(np.array([(-500.0, 0.0), (500.0, 0.0)]))
    return BorderLine(tuple(zip(lat.tolist(), lon.tolist(), strict=True)), "Belmark", "Arvenia", "Arvenia")


def tracks(
    t_us: int,
    places: dict[int, tuple[float, float]],
    status=TrackStatus.CONFIRMED,
    class_id=0,
    stream="main",
    velocity=(0.0, 0.0),
):
    n = len(places)
    lat, lon = FRAME.from_plane(np.array(list(places.values())).reshape(n, 2))
    probability = np.full((n, 3), 0.1)
    probability[:, class_id] = 0.8
    ground = GroundTracks(
        frame_id=0, t_utc_us=t_us, t_mono_ns=t_us * 1000, track_id=np.array(list(places), dtype=np.int64),
        lat_deg=lat, lon_deg=lon, alt_amsl_m=np.zeros(n), velocity_en_m_s=np.tile(np.array(velocity), (n, 1)),
        covariance_en=np.tile(np.diag([1.0, 1.0, 0.1, 0.1]), (n, 1, 1)),
        pose_covariance_en_m2=np.tile(np.diag([0.8, 0.8]), (n, 1, 1)), class_probability=probability,
        status=np.full(n, int(status), dtype=np.int64), last_seen_utc_us=np.full(n, t_us, dtype=np.int64),
        xyxy=np.zeros((n, 4)),
    )  # fmt: skip
    return VideoTracks(stream, VEHICLE, ground, None)


class Bench:
    """A service with its bus and everything it published."""

    def __init__(self, tmp_path: Path | None = None) -> None:
        self.bus, self.clock = Bus(), FakeClock()
        self.data_dir = tmp_path or Path("data")
        self.incident_feed = self.bus.subscribe(INCIDENT)
        self.order_feed = self.bus.subscribe(EVIDENCE_REQUEST)
        self.service = self.new_service()
        self.incidents = []
        self.orders = []

    def new_service(self) -> IncidentService:
        numbers = itertools.count(1)
        settings = IncidentSettings(data_dir=self.data_dir)
        return IncidentService(
            self.bus, border(), FRAME, "flight-1", self.clock, settings, lambda _: f"INC-{next(numbers)}"
        )

    def step(self) -> None:
        self.service.step()
        self.incidents += self.incident_feed.drain()
        self.orders += self.order_feed.drain()

    def walk(self, number=1, start_m=-15.0, speed_m_s=1.5, seconds=20.0, sign=1.0, **kwargs) -> None:
        """Straight across from south to north (``sign`` 1), and the clock with it."""
        for _ in range(int(seconds * 10)):
            place = (10.0 * number, sign * (start_m + speed_m_s * (self.clock.now_us - START_US) / 1e6))
            self.bus.publish(VIDEO_TRACKS, tracks(self.clock.now_us, {number: place}, **kwargs))
            self.step()
            self.clock.now_us += 100_000


def test_a_crossing_becomes_one_incident():
    bench = Bench()
    bench.walk()
    (incident,) = bench.incidents
    assert incident.direction == "Arvenia->Belmark"
    assert incident.track_id == "main-1"
    assert incident.class_name == "person"
    assert (incident.vehicle_id, incident.flight_id) == (VEHICLE, "flight-1")
    assert incident.t_utc_us == pytest.approx(START_US + 10_000_000, abs=300_000)
    assert incident.t_raised_utc_us > incident.t_utc_us
    place = FRAME.to_plane(incident.lat_deg, incident.lon_deg)
    assert place == pytest.approx([10.0, 0.0], abs=0.5)
    assert incident.ce90_m == pytest.approx(2.146, abs=0.1)
    assert incident.probability > 0.95


def test_the_text_says_who_where_and_when():
    bench = Bench()
    bench.walk(class_id=2, sign=-1.0)
    text = bench.incidents[0].text
    assert text.startswith("Two-wheeler crossed from Belmark to Arvenia at ")
    assert "Z, 49.05000 N 22.7001" in text
    assert text.endswith(" E, ±2 m")


def walks_then_lies(bench: Bench, number: int, seconds: float, from_s: float = 0.0) -> None:
    """20 s of walking along the border, then still; a camera without errors."""
    for _ in range(round(seconds * 4)):
        t_s = (bench.clock.now_us - START_US) / 1e6 - from_s
        bench.bus.publish(VIDEO_TRACKS, tracks(bench.clock.now_us, {number: (1.2 * min(t_s, 20.0), -30.0)}))
        bench.step()
        bench.clock.now_us += 250_000


def test_a_person_who_may_need_help_is_an_incident_of_its_own_kind_with_a_clip():
    bench = Bench()
    walks_then_lies(bench, 1, 110)
    (incident,) = bench.incidents
    assert (incident.kind, incident.urgency, incident.rule) == ("person_down", "help", "person_down")
    assert incident.direction == ""
    assert incident.text.startswith("Help may be needed: person walked here and has not moved since ")
    assert [o.incident_id for o in bench.orders] == [incident.incident_id]


def test_the_same_person_under_a_new_number_is_not_told_again():
    bench = Bench()
    walks_then_lies(bench, 1, 110)
    # Lost and found: a new track, which "moves" for a moment by a jump of the tracker and lies at the same place.
    bench.clock.now_us += 30_000_000
    base_us = bench.clock.now_us
    for _ in range(110 * 4):
        east = 8.0 + min(1.2 * (bench.clock.now_us - base_us) / 1e6, 16.0)
        bench.bus.publish(VIDEO_TRACKS, tracks(bench.clock.now_us, {2: (east, -30.0)}))
        bench.step()
        bench.clock.now_us += 250_000
    assert len(bench.incidents) == 1


def test_a_friend_on_the_bus_is_not_raised_when_it_crosses():
    bench = Bench()
    for k in range(200):
        metres = -15.0 + 1.5 * k / 10
        if k % 10 == 0:
            lat, lon = FRAME.from_plane(np.array([10.0, metres]))
            bench.bus.publish(
                FRIEND_POSITION, FriendPosition("a", "Alpha", "patrol", bench.clock.now_us, float(lat), float(lon), 3.0)
            )
        bench.bus.publish(VIDEO_TRACKS, tracks(bench.clock.now_us, {1: (10.0, metres)}, velocity=(0.0, 1.5)))
        bench.step()
        bench.clock.now_us += 100_000
    bench.service.close()
    assert bench.incidents + bench.incident_feed.drain() == []


def test_times_that_fall_back_do_not_silence_the_rules():
    bench = Bench()
    bench.walk()
    bench.clock.now_us = START_US - 3_600_000_000
    start_us = bench.clock.now_us
    for _ in range(200):
        metres = -15.0 + 1.5 * (bench.clock.now_us - start_us) / 1e6
        bench.bus.publish(VIDEO_TRACKS, tracks(bench.clock.now_us, {2: (10.0, metres)}))
        bench.step()
        bench.clock.now_us += 100_000
    assert [i.track_id for i in bench.incidents] == ["main-1", "main-2"]


def test_streams_do_not_share_track_ids():
    bench = Bench()
    for _ in range(200):
        metres = -15.0 + 1.5 * (bench.clock.now_us - START_US) / 1e6
        for stream, sign in (("one", 1.0), ("two", -1.0)):
            bench.bus.publish(VIDEO_TRACKS, tracks(bench.clock.now_us, {7: (0.0, sign * metres)}, stream=stream))
        bench.step()
        bench.clock.now_us += 100_000
    assert {(i.track_id, i.direction) for i in bench.incidents} == {
        ("one-7", "Arvenia->Belmark"),
        ("two-7", "Belmark->Arvenia"),
    }


@pytest.mark.parametrize("status", [TrackStatus.TENTATIVE, TrackStatus.COASTING])
def test_only_confirmed_tracks_count(status):
    bench = Bench()
    bench.walk(status=status)
    assert bench.incidents == []


def test_the_clip_is_ordered_at_once_because_the_flight_may_end_before_its_last_picture(tmp_path):
    bench = Bench(tmp_path)
    ordered_at = []
    for _ in range(200):
        metres = -15.0 + 1.5 * (bench.clock.now_us - START_US) / 1e6
        bench.bus.publish(VIDEO_TRACKS, tracks(bench.clock.now_us, {1: (0.0, metres)}))
        bench.step()
        if bench.orders and not ordered_at:
            ordered_at.append(bench.clock.now_us)
        bench.clock.now_us += 100_000
    (order,) = bench.orders
    incident = bench.incidents[0]
    assert order.incident_id == incident.incident_id
    assert order.from_utc_us == incident.t_utc_us - 10_000_000
    assert order.to_utc_us == incident.t_utc_us + 10_000_000
    assert ordered_at[0] < order.to_utc_us
    assert ordered_at[0] == incident.t_raised_utc_us
    assert Path(order.path).parent == tmp_path / "evidence"


def test_evidence_and_acknowledgement_update_the_same_incident(tmp_path):
    bench = Bench(tmp_path)
    bench.walk()
    first = bench.incidents[0]
    bench.bus.publish(EVIDENCE_READY, EvidenceReady("main", first.incident_id, bench.orders[0].path, True))
    bench.bus.publish(ACKNOWLEDGEMENT, Acknowledgement(first.incident_id, 77, "Ada"))
    bench.bus.publish(ACKNOWLEDGEMENT, Acknowledgement(first.incident_id, 99, "Bob"))
    bench.step()
    assert {i.incident_id for i in bench.incidents} == {first.incident_id}
    last = bench.incidents[-1]
    assert last.evidence == f"evidence/{first.incident_id}.ts"
    assert (last.acknowledged_by, last.acknowledged_utc_us) == ("Ada", 77)
    assert len(bench.incidents) == 3, "the second acknowledgement changes nothing"


def test_a_clip_that_failed_leaves_the_incident_as_it_is():
    bench = Bench()
    bench.walk()
    bench.bus.publish(EVIDENCE_READY, EvidenceReady("main", bench.incidents[0].incident_id, "x.ts", False, "no disk"))
    bench.step()
    assert [i.evidence for i in bench.incidents] == [""]


def test_what_is_said_of_unknown_incidents_is_ignored():
    bench = Bench()
    bench.bus.publish(EVIDENCE_READY, EvidenceReady("main", "INC-unknown", "x.ts", True))
    bench.bus.publish(ACKNOWLEDGEMENT, Acknowledgement("INC-unknown", 1, "Ada"))
    bench.step()
    assert bench.incidents == []


def test_after_a_restart_nothing_is_told_again_and_the_acknowledgement_stays():
    bench = Bench()
    bench.walk()
    raised = bench.incidents[0]
    bench.bus.publish(ACKNOWLEDGEMENT, Acknowledgement(raised.incident_id, 77, "Ada"))
    bench.step()
    acknowledged = bench.incidents[-1]
    bench.service.close()

    bench.service = bench.new_service()
    bench.service.restore([acknowledged])
    assert bench.service.incidents == (acknowledged,)
    bench.clock.now_us = START_US
    bench.incidents.clear()
    bench.walk()
    assert bench.incidents == [], "the same track in the same direction was told already"
    bench.bus.publish(ACKNOWLEDGEMENT, Acknowledgement(raised.incident_id, 99, "Bob"))
    bench.step()
    assert bench.service.incidents[0].acknowledged_by == "Ada"


def test_a_closed_service_hears_nothing_more():
    bench = Bench()
    bench.service.close()
    bench.walk()
    assert bench.incidents == []


def test_frames_without_tracks_are_no_trouble():
    bench = Bench()
    empty = GroundTracks.empty(0, START_US, 0, "no pose")
    bench.bus.publish(VIDEO_TRACKS, VideoTracks("main", VEHICLE, empty, None))
    bench.step()
    assert bench.incidents == []


def test_ids_sort_by_time_and_differ():
    early, late = new_incident_id(START_US), new_incident_id(START_US + 5_000_000)
    assert early < late
    assert len({new_incident_id(START_US) for _ in range(50)}) == 50
