"""The one picture: pairs found, fused and withheld from fusing, operators' words kept, exercise apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from geofences.geodesy import LocalFrame
from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.picture_records import PairJudgement, TrackPair
from groundstation.core.records import RemoteTrack
from groundstation.core.share_records import PeerClock
from groundstation.share.correlate.service import MAX_TRACKS, PictureService
from tests.unit.share.things import T0_UTC_US, FakeClock
from tests.unit.share_gateways.things import tracks
from vision.records import TrackStatus

FRAME = LocalFrame(47.0, 15.0)
SECOND_US = 1_000_000


class Stage:
    """One station, its neighbour ``b``, people who walk east at 1.5 m/s on ``north_m``."""

    def __init__(self, offset_us: float = 0.0, stream: str = "cam1", agreement_id: str = "AB-1") -> None:
        self.clock, self.bus = FakeClock(), Bus()
        self.pairs = self.bus.subscribe(topics.TRACK_PAIR)
        self.faults = self.bus.subscribe(topics.STATION_FAULT)
        self.service = PictureService(self.bus, "a", self.clock)
        self.offset_us, self.stream, self.agreement_id = offset_us, stream, agreement_id
        self.known_us = 5_000.0
        self.fit = True
        self.own_m2 = np.diag([4.0, 4.0])

    def place(self, north_m: float, t_s: float, shift: tuple[float, float] = (0.0, 0.0)) -> tuple[float, float]:
        lat, lon = FRAME.from_plane([1.5 * t_s + shift[0], north_m + shift[1]])
        return float(lat), float(lon)

    def run(
        self,
        seconds: float,
        own: tuple[float, ...],
        theirs: tuple[float, ...],
        shift: tuple[float, float] = (0.0, 0.0),
        clock: bool = True,
    ) -> dict[str, TrackPair]:
        """Both see people on their lines; the neighbour's places are shifted by its pose's error."""
        for _ in range(round(seconds * 5)):
            self.clock.t_s += 0.2
            t_s, now = self.clock.t_s, self.clock.utc_us()
            if own:
                places = [self.place(n, t_s) for n in own]
                record = tracks(*places, t_utc_us=now, stream=self.stream, velocity=(1.5, 0.0))
                record.tracks.covariance_en[:, :2, :2] = self.own_m2
                self.bus.publish(topics.VIDEO_TRACKS, record)
            if round(t_s * 5) % 5 == 0:
                if clock:
                    self.bus.publish(topics.PEER_CLOCK, PeerClock("b", now, self.offset_us, self.known_us, self.fit, 9))
                for i, north_m in enumerate(theirs):
                    lat, lon = self.place(north_m, t_s, shift)
                    self.bus.publish(topics.REMOTE_TRACK, self.remote(f"t{i}", lat, lon))
            self.service.step()
        return {p.remote_track_id: p for p in self.pairs.drain()}

    def remote(self, name: str, lat: float, lon: float) -> RemoteTrack:
        now = self.clock.utc_us()
        return RemoteTrack(
            "b", name, now + round(self.offset_us), now, "person", lat, lon, (1.5, 0.0), 5.0, self.agreement_id
        )


def test_the_same_person_is_found_and_fused_between_both_places_with_both_in_the_lineage() -> None:
    stage = Stage()
    stage.own_m2 = np.diag([16.0, 1.0])  # long along the look, as a camera that looks at a slant has it
    pair = stage.run(8.0, (0.0, 60.0), (0.0,), shift=(2.0, 1.0))["t0"]
    assert pair.state == "same"
    assert pair.own_track_id == "cam1-1"
    assert pair.distance_m == pytest.approx(np.hypot(2.0, 1.0), abs=0.1)
    assert pair.samples >= 3
    assert pair.lineage == ("a/cam1-1", "b/t0")
    assert 0.0 < pair.fused_ce90_m < 6.0  # ours alone has 6.6
    east_m, north_m = FRAME.to_plane(pair.fused_lat_deg, pair.fused_lon_deg)
    assert 1.5 * stage.clock.t_s - 1.0 <= east_m <= 1.5 * stage.clock.t_s + 3.0
    assert -0.5 <= north_m <= 1.5


def test_a_neighbour_who_knows_no_better_in_any_direction_adds_nothing() -> None:
    pair = Stage().run(8.0, (0.0,), (0.0,), shift=(2.0, 1.0))["t0"]
    assert pair.state == "same"
    assert pair.lineage == ("a/cam1-1",)
    assert pair.fused_ce90_m == pytest.approx(4.29, abs=0.01)


def test_a_common_error_of_the_cameras_does_not_swap_a_row_of_people() -> None:
    stage = Stage()
    lines = (0.0, 7.0, 21.0, 30.0)
    pairs = stage.run(10.0, lines, lines, shift=(1.0, 6.0))
    same = {p.remote_track_id: p.own_track_id for p in pairs.values() if p.state == "same"}
    # Laid beside itself further on the row does not fit: the gaps are of different lengths.
    assert same == {"t0": "cam1-1", "t1": "cam1-2", "t2": "cam1-3", "t3": "cam1-4"}


def test_somebody_else_is_told_as_different() -> None:
    pair = Stage().run(8.0, (0.0,), (40.0,))["t0"]
    assert pair.state == "different"
    assert np.isnan(pair.fused_lat_deg)
    assert pair.lineage == ()


def test_a_clock_that_is_off_but_known_is_taken_off() -> None:
    pair = Stage(offset_us=1_500_000.0).run(8.0, (0.0,), (0.0,))["t0"]
    assert pair.state == "same"
    assert pair.distance_m < 0.2  # 2.25 m if the offset were not taken off


@pytest.mark.parametrize("measured", [True, False])
def test_nothing_is_joined_by_a_clock_that_is_not_fit_and_that_is_told(measured: bool) -> None:
    stage = Stage(offset_us=90e6)
    stage.fit = False
    pair = stage.run(8.0, (0.0,), (0.0,), clock=measured)["t0"]
    assert pair.state == "not_comparable"
    assert pair.own_track_id == ""
    (fault,) = [f for f in stage.faults.drain() if f.fault.key == "picture-clock-b"]
    assert fault.active
    # Their clock is set right, and what they said by the wrong one is forgotten; or it is measured at last.
    stage.offset_us, stage.fit = (0.0, True) if measured else (90e6, True)
    assert stage.run(12.0, (0.0,), (0.0,))["t0"].state == "same"
    assert [f.active for f in stage.faults.drain()] == [False]


def test_an_old_measurement_of_the_clock_counts_as_none() -> None:
    stage = Stage()
    stage.run(8.0, (0.0,), (0.0,))
    assert stage.run(62.0, (0.0,), (0.0,), clock=False)["t0"].state == "not_comparable"


def test_an_operators_word_holds_and_can_be_taken_back() -> None:
    stage = Stage()
    stage.run(8.0, (0.0,), (0.0,))
    judgement = PairJudgement("b", "t0", "cam1-1", "disagree", "Kestrel", stage.clock.utc_us())
    stage.bus.publish(topics.PAIR_JUDGEMENT, judgement)
    assert stage.run(3.0, (0.0,), (0.0,))["t0"].state == "not_comparable"
    stage.bus.publish(topics.PAIR_JUDGEMENT, replace(judgement, verdict="undecided"))
    assert stage.run(3.0, (0.0,), (0.0,))["t0"].state == "same"
    stage = Stage()
    stage.bus.publish(topics.PAIR_JUDGEMENT, replace(judgement, verdict="agree", t_utc_us=T0_UTC_US + 5 * SECOND_US))
    pair = stage.run(8.0, (0.0,), (9.0,))["t0"]
    assert (pair.state, pair.verdict, pair.verdict_by) == ("same", "agree", "Kestrel")


@pytest.mark.parametrize(("stream", "agreement_id"), [("ex-cam1", "AB-1"), ("cam1", "EX-AB-1")])
def test_exercise_and_real_tracks_are_never_compared(stream: str, agreement_id: str) -> None:
    pair = Stage(stream=stream, agreement_id=agreement_id).run(8.0, (0.0,), (0.0,))["t0"]
    assert pair.state == "not_comparable"
    assert pair.own_track_id == ""


def test_an_exercise_has_its_own_picture() -> None:
    assert Stage(stream="ex-cam1", agreement_id="EX-AB-1").run(8.0, (0.0,), (0.0,))["t0"].state == "same"


def test_a_track_that_was_withdrawn_is_gone_at_once() -> None:
    stage = Stage()
    stage.run(8.0, (0.0,), (0.0,))
    lat, lon = stage.place(0.0, stage.clock.t_s)
    stage.bus.publish(topics.REMOTE_TRACK, replace(stage.remote("t0", lat, lon), state="withdrawn"))
    assert stage.run(2.0, (0.0,), ()) == {}


def test_tracks_without_an_accuracy_or_a_place_are_not_compared() -> None:
    stage = Stage()
    stage.run(4.0, (0.0,), ())
    for changes in ({"ce90_m": float("nan")}, {"lat_deg": float("nan")}, {"ce90_m": 0.0}):
        odd = replace(stage.remote("odd", *stage.place(0.0, 1.0)), **changes)  # type: ignore[arg-type]
        stage.bus.publish(topics.REMOTE_TRACK, odd)
    assert stage.run(4.0, (0.0,), ()) == {}


def test_a_crowd_is_bounded_and_said() -> None:
    stage = Stage()
    lines = tuple(float(i * 20) for i in range(3))
    stage.run(6.0, lines, lines)
    lat, lon = stage.place(0.0, stage.clock.t_s)
    for i in range(MAX_TRACKS + 1):
        stage.bus.publish(topics.REMOTE_TRACK, stage.remote(f"m{i}", lat, lon))
    stage.run(1.2, lines, lines)
    assert any("newest are compared" in f.fault.text for f in stage.faults.drain())


def test_a_deleted_own_track_pairs_with_nothing() -> None:
    stage = Stage()
    stage.run(8.0, (0.0,), (0.0,))
    record = tracks(stage.place(0.0, stage.clock.t_s), t_utc_us=stage.clock.utc_us(), status=TrackStatus.DELETED)
    stage.bus.publish(topics.VIDEO_TRACKS, record)
    assert stage.run(2.0, (), (0.0,))["t0"].own_track_id == ""
