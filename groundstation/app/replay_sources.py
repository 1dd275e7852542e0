"""What a station has kept of a period, as one stream of records in the order in which a console would have heard them.

Aircraft come from the MAVLink recordings (where there is none, from the telemetry kept once a second), tracks from the
track log, alerts and what was done about them from the database, a neighbour's tracks from what the inbox may still hold, the
age map from the coverage ledger, pictures from recordings and evidence clips.
"""

from __future__ import annotations

import heapq
import logging
import math
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import av

from geofences.area import Area, parse_area
from geofences.errors import MarchwardenError
from groundstation.app.replay_ground import PastCoverage
from groundstation.core import topics
from groundstation.core.records import PlanStatus, Preview, StatusText, VehicleId, VehicleState, VideoTracks
from groundstation.core.topics import Topic
from groundstation.link.frame import decode_frame, message_id_of, source_of
from groundstation.link.tlog_index import TlogIndex, index_tlog
from groundstation.link.tlog_read import TlogRecord, open_tlog, scan_tlog
from groundstation.share.past import told_tracks
from groundstation.store import queries
from groundstation.store.queries import AREA_DOCUMENT, Flight
from groundstation.vehicle.reducer import StateReducer
from missions.mavlink import mavlink2
from vision.frames import open_video
from vision.preview import preview_of

_log = logging.getLogger("groundstation.replay")

_BEFORE_US = 15_000_000
"""Read so much earlier, for what is told anew all the time: at the first moment shown it is known."""
_CHUNKS_US = 25_000_000
_STATE_APART_US = 200_000
_PICTURE_APART_US = 100_000
_PICTURE_PX = 960
_OPEN_ENDED_US = 86_400_000_000
_TOLD = (
    "HEARTBEAT", "SYS_STATUS", "GLOBAL_POSITION_INT", "ATTITUDE", "GPS_RAW_INT", "VFR_HUD", "BATTERY_STATUS", "WIND",
    "MISSION_CURRENT", "FENCE_STATUS", "HOME_POSITION", "GIMBAL_DEVICE_ATTITUDE_STATUS", "EKF_STATUS_REPORT",
    "AUTOPILOT_VERSION", "EXTENDED_SYS_STATE", "STATUSTEXT",
)  # fmt: skip
_TOLD_IDS = frozenset(getattr(mavlink2, f"MAVLINK_MSG_ID_{name}") for name in _TOLD)


@dataclass(frozen=True)
class Played:
    """One record, and when it was heard. ``fading``: it tells how things were just then, and not what happened."""

    t_utc_us: int
    topic: Topic[Any]
    record: Any
    fading: bool = False


@dataclass(frozen=True)
class _Piece:
    """A recorded piece of video."""

    path: Path
    stream: str
    from_utc_us: int
    to_utc_us: int


class KeptPeriod:
    """What there is between two times (UTC, microseconds). ``lacks``: what there is not, by the names in
    ``groundstation.console.replay.words``.

    Opening reads every recording of the period once. Raises :class:`~groundstation.core.errors.StoreError` for a store that
    cannot be read.
    """

    def __init__(self, data_dir: Path, from_utc_us: int, to_utc_us: int, now_utc_us: int | None = None) -> None:
        """``now_utc_us``: the present; what a neighbour told and may be kept no longer is not shown."""
        self._data_dir = data_dir
        self._now_us = time.time_ns() // 1000 if now_utc_us is None else now_utc_us
        self.from_utc_us, self.to_utc_us = from_utc_us, to_utc_us
        self.flights = [f for f in queries.flights(data_dir) if _overlaps(f, from_utc_us, to_utc_us)]
        self._tlogs = self._find_tlogs()
        self._pieces = self._find_video()
        lacks = [] if self._tlogs else ["no_tlog"]
        if not self._pieces:
            lacks.append("no_video")
        if next(self._neighbour(from_utc_us), None) is None:
            lacks.append("no_neighbour")
        area = self.area()
        self._coverage = None if area is None else PastCoverage(data_dir, area, to_utc_us)
        if self._coverage is None or not self._coverage.ever(from_utc_us):
            self._coverage = None
            lacks.append("no_age_map")
        self.lacks = tuple(lacks)

    def area(self) -> Area | None:
        """The area of the newest flight of the period that kept one."""
        for flight in reversed(self.flights):
            kept = queries.document(self._data_dir, flight.flight_id, AREA_DOCUMENT)
            if kept is not None:
                return parse_area(kept, f"{AREA_DOCUMENT} of flight {flight.flight_id}")
        return None

    def records(self, at_utc_us: int) -> Iterator[Played]:
        """All from then on, in order; before them what had happened in the period, and how things were a moment ago."""
        since_us = max(at_utc_us - _BEFORE_US, self.from_utc_us - _BEFORE_US)
        parts = [self._happened(), self._tracks(since_us), self._friends(since_us), self._neighbour(since_us)]
        parts.append(self._age_map(since_us))
        parts += [self._aircraft(index, since_us) for index in self._tlogs]
        if not self._tlogs:
            parts.append(self._telemetry(since_us))
        parts += [self._video(stream, at_utc_us) for stream in sorted({p.stream for p in self._pieces})]
        return heapq.merge(*parts, key=lambda p: p.t_utc_us)

    def _within(self, t_utc_us: int) -> bool:
        return self.from_utc_us <= t_utc_us < self.to_utc_us

    # -- what happened -------------------------------------------------------------------------------------------------

    def _happened(self) -> Iterator[Played]:
        found: list[Played] = []
        for incident in queries.incidents(self._data_dir):
            # Who has acknowledged it comes as an act, at its time.
            bare = replace(incident, acknowledged_utc_us=0, acknowledged_by="")
            found.append(Played(incident.t_raised_utc_us, topics.INCIDENT, bare))
        for told in queries.remote_incidents(self._data_dir):
            found.append(Played(told.received_utc_us, topics.REMOTE_INCIDENT, told))
        for act in queries.alert_acts(self._data_dir, self.from_utc_us):
            found.append(Played(act.t_utc_us, topics.ALERT_ACT, act))
        for row in queries.rows_between(self._data_dir, "plan_status", self.from_utc_us, self.to_utc_us):
            status = PlanStatus(
                VehicleId(row["system_id"], row["component_id"]), row["t_utc_us"], row["phase"], row["plan_name"],
                row["detail"], mission_items=row["mission_items"], fence_items=row["fence_items"],
                mission_verified=bool(row["mission_verified"]), fence_verified=bool(row["fence_verified"]),
            )  # fmt: skip
            found.append(Played(status.t_utc_us, topics.PLAN_STATUS, status))
        return iter(sorted((p for p in found if self._within(p.t_utc_us)), key=lambda p: p.t_utc_us))

    def _tracks(self, since_us: int) -> Iterator[Played]:
        for flight in self.flights:
            log = queries.track_log(self._data_dir, flight.flight_id, since_us, self.to_utc_us)
            for played in _in_order(_heard(record) for record in log):
                if since_us <= played.t_utc_us < self.to_utc_us:
                    yield played

    def _friends(self, since_us: int) -> Iterator[Played]:
        for flight in self.flights:
            for friend in queries.friend_positions(self._data_dir, flight.flight_id):
                if since_us <= friend.t_utc_us < self.to_utc_us:
                    yield Played(friend.t_utc_us, topics.FRIEND_POSITION, friend, fading=True)

    def _neighbour(self, since_us: int) -> Iterator[Played]:
        for told in told_tracks(self._data_dir, since_us, self.to_utc_us, self._now_us):
            yield Played(told.received_utc_us, topics.REMOTE_TRACK, told, fading=told.state == "live")

    def _age_map(self, since_us: int) -> Iterator[Played]:
        if self._coverage is not None:
            for state in self._coverage.states(since_us):
                yield Played(state.t_utc_us, topics.COVERAGE, state)

    # -- aircraft ------------------------------------------------------------------------------------------------------

    def _find_tlogs(self) -> list[TlogIndex]:
        found = []
        for path in sorted(self._data_dir.glob("*.tlog")):
            try:
                index = index_tlog(path)
            except MarchwardenError as error:
                _log.warning("%s", error)
                continue
            if index.start_utc_us < self.to_utc_us and index.end_utc_us >= self.from_utc_us - _BEFORE_US:
                found.append(index)
        return found

    def _aircraft(self, index: TlogIndex, since_us: int) -> Iterator[Played]:
        aircraft = {s for s, summary in index.sources.items() if summary.is_aircraft}
        reducers: dict[VehicleId, StateReducer] = {}
        told_us: dict[VehicleId, int] = {}
        with open_tlog(index.path) as data:
            for item in scan_tlog(data, index.offset_of(since_us)):
                if not isinstance(item, TlogRecord) or message_id_of(item.packet) not in _TOLD_IDS:
                    continue
                if item.t_utc_us >= self.to_utc_us:
                    return
                if item.t_utc_us < since_us or source_of(item.packet) not in aircraft:
                    continue
                message = decode_frame(bytes(item.packet))
                if message is None:
                    continue
                vehicle, t_us = VehicleId(*source_of(item.packet)), item.t_utc_us
                if message.get_type() == "STATUSTEXT":
                    text = StatusText(vehicle, t_us, message.severity, str(message.text))
                    yield Played(t_us, topics.STATUS_TEXT, text, fading=True)
                    continue
                reducer = reducers.setdefault(vehicle, StateReducer(VehicleState(vehicle, t_us * 1000, t_us)))
                reducer.on_message(message, t_us * 1000, t_us)
                if t_us - told_us.get(vehicle, 0) >= _STATE_APART_US:
                    told_us[vehicle] = t_us
                    yield Played(t_us, topics.VEHICLE_STATE, reducer.state, fading=True)

    def _telemetry(self, since_us: int) -> Iterator[Played]:
        for row in queries.telemetry(self._data_dir, since_us, self.to_utc_us):
            vehicle, t_us = VehicleId(row["system_id"], row["component_id"]), row["t_utc_us"]
            yaw, speed = _number(row["yaw_deg"]), _number(row["speed_m_s"])
            north, east = speed * math.cos(math.radians(yaw)), speed * math.sin(math.radians(yaw))
            state = VehicleState(
                vehicle, t_us * 1000, t_us, link_alive=bool(row["link_alive"]), mode=row["mode"],
                armed=bool(row["armed"]), lat_deg=_number(row["lat_deg"]), lon_deg=_number(row["lon_deg"]),
                alt_amsl_m=_number(row["alt_amsl_m"]), alt_rel_home_m=_number(row["alt_rel_home_m"]), yaw_deg=yaw,
                velocity_ned_m_s=(north, east, math.nan), battery_percent=_number(row["battery_percent"]),
            )  # fmt: skip
            yield Played(t_us, topics.VEHICLE_STATE, state, fading=True)

    # -- video ---------------------------------------------------------------------------------------------------------

    def _find_video(self) -> list[_Piece]:
        found = []
        tracks = {i.incident_id: i.track_id for i in queries.incidents(self._data_dir)}
        for path in sorted(p for folder in ("recordings", "evidence") for p in (self._data_dir / folder).glob("*.ts")):
            stream = tracks.get(path.stem, "").rpartition("-")[0] or _stream_of(path.stem)
            piece = _piece(path, stream)
            if piece is not None and piece.from_utc_us < self.to_utc_us and piece.to_utc_us >= self.from_utc_us:
                found.append(piece)
        return sorted(found, key=lambda p: (p.stream, p.from_utc_us))

    def _video(self, stream: str, at_utc_us: int) -> Iterator[Played]:
        """One piece after the other: a clip of what was recorded besides is shown once."""
        told_us = max(at_utc_us, self.from_utc_us) - 1
        for piece in self._pieces:
            if piece.stream == stream and piece.to_utc_us > told_us:
                for played in self._pictures(piece, told_us):
                    told_us = played.t_utc_us
                    yield played

    def _pictures(self, piece: _Piece, told_us: int) -> Iterator[Played]:
        try:
            with open_video(piece.path) as reader:
                for frame in reader:
                    if frame.t_utc_us >= self.to_utc_us:
                        return
                    if frame.t_utc_us <= told_us:
                        continue
                    told_us = frame.t_utc_us + _PICTURE_APART_US
                    image, scale = preview_of(frame.image_bgr, _PICTURE_PX)
                    t_us = frame.t_utc_us
                    picture = Preview(piece.stream, frame.frame_id, t_us, t_us * 1000, image.copy(), scale, frame.pose)
                    yield Played(t_us, topics.PREVIEW, picture, fading=True)
        except MarchwardenError as error:
            _log.warning("%s", error)


def _in_order(played: Iterable[Played]) -> Iterator[Played]:
    """The log is kept in chunks by stream: what lies at most :data:`_CHUNKS_US` apart is put in order."""
    waiting: list[tuple[int, int, Played]] = []
    for number, each in enumerate(played):
        heapq.heappush(waiting, (each.t_utc_us, number, each))
        while waiting[0][0] < each.t_utc_us - _CHUNKS_US:
            yield heapq.heappop(waiting)[2]
    while waiting:
        yield heapq.heappop(waiting)[2]


def _stream_of(stem: str) -> str:
    """The stream in the name of a recording: ``ID-STREAM-NUMBER``."""
    return stem.rpartition("-")[0].rpartition("-")[2] or stem


def _overlaps(flight: Flight, from_us: int, to_us: int) -> bool:
    ended_us = flight.ended_utc_us or flight.started_utc_us + _OPEN_ENDED_US
    return flight.started_utc_us < to_us and ended_us >= from_us


def _heard(record: VideoTracks) -> Played:
    """A frame's tracks when they came, some time after it was taken; on the clock of the replay."""
    t_us = max(record.t_published_utc_us, record.tracks.t_utc_us)
    tracks = replace(record.tracks, t_mono_ns=record.tracks.t_utc_us * 1000)
    return Played(t_us, topics.VIDEO_TRACKS, replace(record, tracks=tracks), fading=True)


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)


def _piece(path: Path, stream: str) -> _Piece | None:
    """When a recorded file begins and ends; None when it cannot be read."""
    try:
        with open_video(path) as reader:
            first = next(iter(reader), None)
        with av.open(str(path)) as container:
            length_us = int(container.duration or 0)
    except (MarchwardenError, OSError, av.error.FFmpegError) as error:
        _log.warning("%s: %s", path, error)
        return None
    return _Piece(path, stream, first.t_utc_us, first.t_utc_us + length_us) if first is not None else None
