"""A made-up moment of a shift for the pictures in the docs: nobody's place, nobody's people."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from typing import Any

import numpy as np

from geofences.area import Area
from geofences.geodesy import LocalFrame
from groundstation.core import safety_records as safety
from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.clock import Clock
from groundstation.core.records import (
    Fault,
    FenceState,
    Incident,
    IncidentKind,
    PeerStatus,
    PlanStatus,
    Preview,
    RemoteTrack,
    StreamHealth,
    Urgency,
    VehicleId,
    VehicleState,
    VideoTracks,
)
from groundstation.core.shift_records import LogEntry
from groundstation.incidents.alert_service import AlertService
from groundstation.incidents.procedures import default_procedures
from vision.records import GroundTracks, TrackStatus, VideoHealth

ONE, TWO, THREE = VehicleId(1), VehicleId(2), VehicleId(3)
_STREAM = "cam1"


class StillClock:
    """Three in the morning, and no time passes: a picture is the same whenever and however slowly it is made."""

    def mono_ns(self) -> int:
        """Ten minutes after the start."""
        return 600_000_000_000

    def utc_us(self) -> int:
        """2026-10-03 03:00:00 UTC."""
        return 1_790_996_400_000_000


class StillAlerts:
    """The alerts' service of the scene: the shipped procedures, and nothing is kept."""

    def __init__(self, bus: Bus, clock: Clock) -> None:
        self._service = AlertService(bus, clock, lambda act: Future(), default_procedures(), ("belmark",), "arvenia")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._service, name)


class StillShift:
    """The log book of the scene."""

    def __init__(self, clock: Clock) -> None:
        self._now_us = clock.utc_us()

    def entries(self, from_utc_us: int, to_utc_us: int, words: str = "") -> Future[tuple[LogEntry, ...]]:
        """A few lines of a night."""
        minute = 60_000_000
        done: Future[tuple[LogEntry, ...]] = Future()
        done.set_result(
            (
                LogEntry(self._now_us - 95 * minute, "flight", "", "20261003T012500Z", "The station began its watch."),
                LogEntry(self._now_us - 90 * minute, "plan", "anna", "1.1", "Border patrol: in force, 24 items"),
                LogEntry(self._now_us - 60 * minute, "note", "anna", "", "Battery 3 is weak, left on the charger"),
                LogEntry(self._now_us - 2 * minute, "incident", "", "INC-0001", "Crossing: person, Belmark to Arvenia"),
            )
        )
        return done


class Scene:
    """Publishes records of one moment on a bus; ``places`` are metres east and north of the launch point."""

    def __init__(self, bus: Bus, area: Area, clock: Clock) -> None:
        self._bus, self._clock = bus, clock
        self._frame = LocalFrame(area.launch.lat_deg, area.launch.lon_deg)
        line = np.array([self._frame.to_plane(*point) for point in area.border.points])
        middle = line[int(np.argmin(np.hypot(*line.T)))]
        # On our side of the border: away from it towards the launch point.
        self._border_en, self._towards_us = middle, -middle / max(float(np.hypot(*middle)), 1.0)

    def _place(self, from_border_m: float, along_m: float = 0.0) -> tuple[float, float]:
        sideways = np.array([-self._towards_us[1], self._towards_us[0]])
        lat, lon = self._frame.from_plane(self._border_en + from_border_m * self._towards_us + along_m * sideways)
        return float(lat), float(lon)

    def publish(self, lost_s: float = 0.0) -> None:
        """All of it. With ``lost_s`` the first aircraft was last heard so long ago."""
        now_us = self._clock.utc_us()
        state = self._state(ONE, self._place(70.0), lost_s)
        self._bus.publish(topics.VEHICLE_STATE, state)
        faults = (Fault("battery", "warning", "Battery at 31 %", "bring it home within 6 minutes"),)
        self._bus.publish(
            topics.VEHICLE_STATE,
            replace(self._state(TWO, self._place(90.0, 160.0)), mode="RTL", battery_percent=31.0, faults=faults),
        )
        self._bus.publish(
            topics.VEHICLE_STATE,
            replace(self._state(THREE, self._place(200.0, -60.0)), mode="STABILIZE", armed=False, landed="on_ground",
                    battery_percent=98.0, alt_rel_home_m=0.0, velocity_ned_m_s=(0.0, 0.0, 0.0)),
        )  # fmt: skip
        for vehicle in (ONE, TWO):
            self._bus.publish(
                topics.PLAN_STATUS,
                PlanStatus(vehicle, now_us, "in_force", "Border patrol", mission_items=24, fence_items=12,
                           mission_verified=True, fence_verified=True),
            )  # fmt: skip
        self._bus.publish(
            topics.FENCE_REPORT,
            safety.FenceReport(ONE, now_us, (safety.FenceVerdict("areas", "in_force", "The areas are kept."),)),
        )
        self._bus.publish(
            topics.FENCE_REPORT,
            safety.FenceReport(TWO, now_us, (safety.FenceVerdict(
                "areas", "report_only", "The fence only reports.", "set FENCE_ACTION"),)),
        )  # fmt: skip
        self._bus.publish(topics.PREFLIGHT, self._list(now_us))
        self._bus.publish(
            topics.CAMERA_STATE, safety.CameraState(ONE, now_us, holder="anna", looking_at="along the border")
        )
        self._video(now_us)
        told: tuple[tuple[IncidentKind, Urgency], ...] = (
            ("crossing", "alarm"),
            ("person_down", "help"),
            ("group", "notice"),
        )
        for number, (kind, urgency) in enumerate(told):
            lat, lon = self._place(-4.0 - 9 * number, 30.0 * number)
            self._bus.publish(
                topics.INCIDENT,
                Incident(f"INC-{number + 1:04d}", kind, now_us - 9_000_000 * number, now_us - 8_000_000 * number, lat, lon,
                         4.8, "Belmark->Arvenia" if kind == "crossing" else "", "person", 0.97, f"{_STREAM}-{number}", ONE,
                         "flight", urgency=urgency, text="One to look at"),
            )  # fmt: skip
        lat, lon = self._place(-60.0, 120.0)
        self._bus.publish(
            topics.REMOTE_TRACK,
            RemoteTrack("belmark", "b-7", now_us, now_us, "vehicle", lat, lon, (2.0, -1.0), 9.0, "agreement-1"),
        )
        self._bus.publish(
            topics.PEER_STATUS,
            PeerStatus("belmark", now_us, True, last_sent_seq=120, stored_seq=120, withheld=31, received=4),
        )

    def _state(self, vehicle: VehicleId, place: tuple[float, float], lost_s: float = 0.0) -> VehicleState:
        return VehicleState(
            vehicle, self._clock.mono_ns() - round(lost_s * 1e9), self._clock.utc_us() - round(lost_s * 1e6),
            link_alive=lost_s < 3.0, heartbeat_age_s=0.4, autopilot="ArduPilot", vehicle_type="copter", firmware="4.6.0",
            mode="AUTO", armed=True, lat_deg=place[0], lon_deg=place[1], alt_amsl_m=512.0, alt_rel_home_m=110.0,
            roll_deg=7.0, pitch_deg=-3.0, yaw_deg=88.0, velocity_ned_m_s=(0.3, 6.0, -0.4), battery_percent=71.0,
            battery_v=22.8, battery_left_s=1080.0, gps_fix_type=3, satellites=14, position_ok=True,
            gimbal_azimuth_deg=2.0, gimbal_elevation_deg=-52.0, mission_seq=6, mission_total=24, mission_state="active",
            fence=FenceState(True, True, True), wind_from_deg=300.0, wind_m_s=5.0,
        )  # fmt: skip

    def _list(self, now_us: int) -> safety.PreflightReport:
        item = safety.CheckItem
        return safety.PreflightReport(
            ONE,
            now_us - 40_000_000,
            (
                item("link", "Link", "ok", "0 % lost, 40 ms"),
                item("position", "Position", "ok", "14 satellites"),
                item("battery", "Battery", "ok", "71 %"),
                item("fence", "Fence", "ok", "in force, read back"),
                item("failsafe", "Lost-link failsafe", "failed", "FS_GCS_ENABLE = 0", "set it to 1 (return)"),
                item("video", "Video", "warning", "no KLV for 2 s", "look at the camera's plug"),
                item("mount", "Camera mount", "unknown", "", "ask the aircraft again"),
            ),
        )

    def _video(self, now_us: int) -> None:
        random = np.random.default_rng(5)
        rows, columns = np.mgrid[0:540, 0:960]
        ground = 70 + 14 * np.sin(rows / 60.0) * np.cos(columns / 90.0) + random.normal(0, 5, (540, 960))
        picture = np.stack([0.62 * ground, ground, 0.78 * ground], axis=-1)
        people = ((380, 250), (424, 262), (520, 300))
        for x, y in people:
            picture[y : y + 16, x : x + 7] = (150, 160, 175)
        self._bus.publish(
            topics.PREVIEW,
            Preview(_STREAM, 7, now_us, self._clock.mono_ns(), picture.clip(0, 255).astype(np.uint8), 1.0),
        )
        places = np.array([self._place(*p) for p in ((-6.0, 4.0), (2.0, 12.0), (9.0, 26.0))])
        n, covariance = len(places), np.tile(np.diag([4.0, 7.0, 0.2, 0.2]), (3, 1, 1))
        tracks = GroundTracks(
            7, now_us, self._clock.mono_ns(), np.arange(1, n + 1), places[:, 0], places[:, 1], np.full(n, 300.0),
            np.tile([0.2, 1.3], (n, 1)), covariance, covariance[:, :2, :2] * 0.8, np.tile([0.9, 0.05, 0.05], (n, 1)),
            np.full(n, int(TrackStatus.CONFIRMED)), np.full(n, now_us),
            np.array([[x - 2.0, y - 2.0, x + 9.0, y + 18.0] for x, y in people]),
        )  # fmt: skip
        footprint = tuple(self._place(*p) for p in ((-45.0, -50.0), (-45.0, 60.0), (35.0, 45.0), (35.0, -35.0)))
        self._bus.publish(topics.VIDEO_TRACKS, VideoTracks(_STREAM, ONE, tracks, None, footprint, now_us))
        self._bus.publish(
            topics.STREAM_HEALTH,
            StreamHealth(_STREAM, VideoHealth(now_us, "running", processed_per_s=7.4, inference_ms=92.0, has_klv=True)),
        )
