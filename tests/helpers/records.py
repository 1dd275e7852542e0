"""Believable records for tests that need a bus with something on it."""

from __future__ import annotations

import time

import numpy as np

from geofences.area import Area, BorderLine, NamedPoint, Zone
from geofences.geodesy import LocalFrame
from geofences.terrain import TerrainGrid
from groundstation.core.records import (
    FenceState,
    Incident,
    PeerStatus,
    PlanStatus,
    Preview,
    RemoteTrack,
    StreamHealth,
    VehicleId,
    VehicleState,
    VideoTracks,
)
from missions.plan import FencePlan, FencePolygon, MissionItem, Plan
from vision.records import GroundTracks, TrackStatus, VideoHealth

VEHICLE = VehicleId(1, 1)
LAUNCH = (49.05, 22.70)
FRAME = LocalFrame(*LAUNCH)


def place(east_m: float, north_m: float) -> tuple[float, float]:
    """(lat, lon) of a point east and north of the launch point."""
    lat, lon = FRAME.from_plane([east_m, north_m])
    return float(lat), float(lon)


def make_area() -> Area:
    """A border 150 m north of the launch point, our side to the south (right of a line drawn eastwards)."""
    return Area(
        BorderLine(
            tuple(place(e, 150 + 20 * np.sin(e / 150)) for e in range(-600, 601, 60)), "Belmark", "Arvenia", "Arvenia"
        ),
        (Zone("patrol box", (place(-420, -60), place(420, -60), place(420, 125), place(-420, 125))),),
        (Zone("village", (place(120, -40), place(220, -40), place(220, 20), place(120, 20))),),
        NamedPoint("launch", *LAUNCH),
        (NamedPoint("rally", *place(-100, 0)),),
    )


def make_terrain() -> TerrainGrid:
    """Gentle hills around the launch point."""
    south, west = place(-900, -700)
    north, east = place(900, 700)
    rows, columns = np.mgrid[0:140, 0:180]
    heights = 300 + 15 * np.sin(rows / 22.0) * np.cos(columns / 31.0) + 5 * np.sin(columns / 9.0)
    return TerrainGrid(heights.astype(np.float32), north, west, (north - south) / 139, (east - west) / 179)


def make_plan(area: Area) -> Plan:
    """A two-waypoint patrol in the area's fences."""
    corners = [place(-350, 75), place(350, 75)]
    return Plan(
        "patrol A",
        *LAUNCH,
        300.0,
        tuple(MissionItem(16, 6, x=round(lat * 1e7), y=round(lon * 1e7), z=110.0) for lat, lon in corners),
        FencePlan(
            tuple(FencePolygon(z.name, z.points) for z in area.inclusions),
            tuple(FencePolygon(z.name, z.points) for z in area.exclusions),
        ),
    )


def make_state(**changes: object) -> VehicleState:
    """An aircraft on patrol."""
    lat, lon = place(-40, 75)
    values: dict[str, object] = {
        "vehicle_id": VEHICLE,
        "t_mono_ns": time.monotonic_ns(),
        "t_utc_us": time.time_ns() // 1000,
        "link_alive": True,
        "heartbeat_age_s": 0.4,
        "autopilot": "ArduPilot",
        "vehicle_type": "copter",
        "firmware": "4.6.0",
        "mode": "AUTO",
        "armed": True,
        "lat_deg": lat,
        "lon_deg": lon,
        "alt_amsl_m": 410.0,
        "alt_rel_home_m": 110.0,
        "roll_deg": 1.0,
        "pitch_deg": -2.0,
        "yaw_deg": 88.0,
        "velocity_ned_m_s": (0.1, 4.0, 0.0),
        "battery_percent": 71.0,
        "battery_v": 22.8,
        "gps_fix_type": 3,
        "satellites": 14,
        "position_ok": True,
        "gimbal_azimuth_deg": 1.0,
        "gimbal_elevation_deg": -52.0,
        "gimbal_roll_deg": 0.0,
        "mission_seq": 6,
        "mission_total": 24,
        "mission_state": "active",
        "fence": FenceState(True, True, True),
    }
    return VehicleState(**(values | changes))  # type: ignore[arg-type]


def make_tracks(east_north: list[tuple[float, float]], frame_id: int = 1) -> VideoTracks:
    """Confirmed persons at places, walking north."""
    n = len(east_north)
    positions = np.array([place(*p) for p in east_north]).reshape(-1, 2)
    covariance = np.tile(np.diag([4.0, 7.0, 0.2, 0.2]), (n, 1, 1))
    boxes = np.array([[300 + 90 * i, 250 + 30 * i, 312 + 90 * i, 274 + 30 * i] for i in range(n)], dtype=float)
    now_us = time.time_ns() // 1000
    tracks = GroundTracks(
        frame_id,
        now_us,
        time.monotonic_ns(),
        np.arange(1, n + 1),
        positions[:, 0],
        positions[:, 1],
        np.full(n, 300.0),
        np.tile([0.2, 1.3], (n, 1)),
        covariance,
        covariance[:, :2, :2] * 0.8,
        np.tile([0.9, 0.05, 0.05], (n, 1)),
        np.full(n, int(TrackStatus.CONFIRMED)),
        np.full(n, now_us),
        boxes.reshape(-1, 4),
    )
    footprint = (place(-95, 105), place(15, 105), place(30, 205), place(-110, 205))
    return VideoTracks("cam1", VEHICLE, tracks, None, footprint, now_us)


def make_preview(frame_id: int = 1) -> Preview:
    """A noisy green picture."""
    image = np.random.default_rng(3).normal(0, 9, (405, 720, 3)) + np.array([62, 92, 78])
    return Preview(
        "cam1",
        frame_id,
        time.time_ns() // 1000,
        time.monotonic_ns(),
        np.clip(image, 0, 255).astype(np.uint8),
        720 / 1280,
    )


def make_incident(number: int, **changes: object) -> Incident:
    """A person who crossed to us."""
    lat, lon = place(-60 + 35 * number, 145)
    now_us = time.time_ns() // 1000
    values: dict[str, object] = {
        "incident_id": f"INC-{number:04d}",
        "kind": "crossing",
        "t_utc_us": now_us - number * 9_000_000,
        "t_raised_utc_us": now_us,
        "lat_deg": lat,
        "lon_deg": lon,
        "ce90_m": 5.4,
        "direction": "Belmark->Arvenia",
        "class_name": "person",
        "probability": 0.97,
        "track_id": f"cam1-{number}",
        "vehicle_id": VEHICLE,
        "flight_id": "flight-1",
    }
    return Incident(**(values | changes))  # type: ignore[arg-type]


def make_health(**changes: object) -> StreamHealth:
    """A stream that runs."""
    values: dict[str, object] = {
        "t_utc_us": time.time_ns() // 1000,
        "state": "running",
        "codec": "h264",
        "width": 1280,
        "height": 720,
        "has_klv": True,
        "processed_per_s": 7.4,
        "inference_ms": 92.0,
    }
    return StreamHealth("cam1", VideoHealth(**(values | changes)))  # type: ignore[arg-type]


def make_plan_status(phase: str = "in_force") -> PlanStatus:
    """What became of the plan."""
    return PlanStatus(
        VEHICLE,
        time.time_ns() // 1000,
        phase,
        "patrol A",
        mission_items=24,
        fence_items=8,
        mission_verified=True,  # type: ignore[arg-type]
    )


def make_peer_status(**changes: object) -> PeerStatus:
    """A neighbour who listens."""
    values: dict[str, object] = {
        "peer": "belmark",
        "t_utc_us": time.time_ns() // 1000,
        "connected": True,
        "last_sent_seq": 120,
        "stored_seq": 120,
        "withheld": 31,
        "received": 4,
    }
    return PeerStatus(**(values | changes))  # type: ignore[arg-type]


def make_remote_track(track_id: str = "b-7") -> RemoteTrack:
    """A track that the neighbour told us."""
    lat, lon = place(90, 190)
    now_us = time.time_ns() // 1000
    return RemoteTrack("belmark", track_id, now_us, now_us, "vehicle", lat, lon, (2.0, -1.0), 9.0, "agreement-1")
