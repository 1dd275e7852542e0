"""Keeps the camera of one aircraft in sight: a fault before its picture comes to show what must not be looked at."""

from __future__ import annotations

import math
from typing import Any

from geofences.geodesy import LocalFrame
from geofences.shapes import HeightDatum
from geofences.zone import Zone
from groundstation.core.records import Fault, VehicleId, VehicleState
from groundstation.vehicle.course_turn import CourseTurn
from groundstation.vehicle.forecast_fences import Fence, zone_fences
from groundstation.vehicle.forecast_look import Holds, LookAhead, level_footprint, look_ahead
from groundstation.vehicle.hysteresis import Standing
from groundstation.vehicle.look import Ground
from groundstation.vehicle.moving_edges import Motion

_LOOK_S, _EARLY_S = 0.1, 0.02
_GROUND_S = 1.0
_WARN_S = 10.0
_YAW_LOCK = 16  # GIMBAL_DEVICE_FLAGS_YAW_LOCK
_OLD_S = 3.0


class LookPart:
    """The picture of one aircraft. Does nothing until :meth:`set_rules` names an area."""

    hears = frozenset({"GLOBAL_POSITION_INT", "GIMBAL_DEVICE_ATTITUDE_STATUS"})

    def __init__(self, vehicle_id: VehicleId) -> None:
        self._vehicle_id = vehicle_id
        self._zones: tuple[Zone, ...] = ()
        self._fov_deg = (40.0, 23.1)
        self._ground = Ground()
        self._frame: LocalFrame | None = None
        self._areas: tuple[Fence, ...] = ()
        self._turn = CourseTurn()
        self._position_s = -math.inf
        self._locked = False
        self._azimuth: tuple[float, float] | None = None
        self._azimuth_rate_deg_s = 0.0
        self._looked_s = self._ground_s = -math.inf
        self._level_m = math.nan
        self._soon = Standing(0.3, 2.0)
        self.coming: tuple[LookAhead, ...] = ()
        """The areas that the picture shows or will come to show, the nearest first."""

    def set_rules(self, zones: tuple[Zone, ...], fov_deg: tuple[float, float], ground: Ground) -> None:
        """The areas not to be looked at, the camera's field of view (across, high; degrees) and the ground."""
        if zones != self._zones:
            self._zones, self._frame = zones, None
        self._fov_deg, self._ground = fov_deg, ground

    def on_message(self, _link_name: str, message: Any, now_s: float) -> list[Any]:
        """Takes the course, and whether the gimbal holds its azimuth, as the autopilot tells them and nobody else."""
        if (message.get_srcSystem(), message.get_srcComponent()) != tuple(self._vehicle_id):
            return []
        if message.get_type() == "GLOBAL_POSITION_INT":
            self._position_s = now_s
            self._turn.add(now_s, message.vx / 100.0, message.vy / 100.0)
        else:
            self._locked = bool(message.flags & _YAW_LOCK)
        return []

    def on_time(self, state: VehicleState, now_s: float) -> list[Any]:
        """Looks ahead."""
        if not self._zones or now_s - self._looked_s < _LOOK_S - _EARLY_S:
            return []
        self._looked_s = now_s
        self._note_azimuth(state, now_s)
        self.coming = self._look(state, now_s)
        return []

    def faults(self, state: VehicleState, now_s: float) -> tuple[Fault, ...]:
        """One, for the area that comes into the picture first."""
        nearest = self.coming[0] if self.coming else None
        soon = nearest is not None and nearest.time_s < _WARN_S
        if not self._soon.update(soon, now_s):
            return ()
        if nearest is None or not soon:
            text = "The camera has turned away from an area that must not be looked at"
        elif nearest.time_s == 0.0:
            text = f"The picture shows a part of {nearest.area}, which must not be looked at"
        else:
            text = f"In {nearest.time_s:.0f} s the picture will show {nearest.area}, which must not be looked at"
        return (Fault("no_look_ahead", "warning", text, "turn the camera away, or look further down"),)

    def _look(self, state: VehicleState, now_s: float) -> tuple[LookAhead, ...]:
        if not state.armed or not state.link_alive or now_s - self._position_s > _OLD_S:
            return ()
        north, east, _ = state.velocity_ned_m_s
        if not math.isfinite(state.lat_deg + state.lon_deg + state.alt_amsl_m + north + east):
            return ()
        frame = self._own_frame(state)
        e, n = frame.to_plane(state.lat_deg, state.lon_deg).tolist()
        turn_rad_s = math.radians(self._turn.deg_s(now_s))
        motion = Motion(e, n, east, north, turn_rad_s).moved(min(max(now_s - self._position_s, 0.0), _OLD_S))
        if now_s - self._ground_s >= _GROUND_S or math.isnan(self._level_m):
            self._ground_s, self._level_m = now_s, self._ground.height(state.lat_deg, state.lon_deg)
        height_m = state.alt_amsl_m - self._level_m
        azimuth, elevation = state.gimbal_azimuth_deg, state.gimbal_elevation_deg
        corners = level_footprint(motion.east_m, motion.north_m, height_m, azimuth, elevation, self._fov_deg)
        return look_ahead(corners, motion, self._areas, self._holds(motion, height_m, elevation))

    def _own_frame(self, state: VehicleState) -> LocalFrame:
        if self._frame is None:
            self._frame = LocalFrame(state.lat_deg, state.lon_deg)
            always = zone_fences(self._zones, "no_look", self._frame, HeightDatum(), None)
            self._areas = tuple(Fence(f.name, False, f.rings, f.circle) for f in always)
        return self._frame

    def _note_azimuth(self, state: VehicleState, now_s: float) -> None:
        """How fast the camera's azimuth turns, smoothed over half a second."""
        azimuth = state.gimbal_azimuth_deg
        if not math.isfinite(azimuth):
            self._azimuth = None
            return
        if self._azimuth is not None and now_s > self._azimuth[0]:
            step_s = now_s - self._azimuth[0]
            rate = ((azimuth - self._azimuth[1] + 180.0) % 360.0 - 180.0) / step_s
            self._azimuth_rate_deg_s += (rate - self._azimuth_rate_deg_s) * min(step_s / 0.5, 1.0)
        self._azimuth = (now_s, azimuth)

    def _holds(self, motion: Motion, height_m: float, elevation_deg: float) -> Holds:
        """What the gimbal keeps to: a place is held when the azimuth turns as fast as passing it by asks for."""
        if not self._locked:
            return "nose"
        down = math.tan(math.radians(-elevation_deg))
        if down > 0.0 and self._azimuth is not None and height_m > 0.0:
            azimuth = math.radians(self._azimuth[1])
            across_m_s = motion.ve_m_s * math.cos(azimuth) - motion.vn_m_s * math.sin(azimuth)
            asked = -math.degrees(across_m_s / (height_m / down))
            if abs(asked) > 0.5 and abs(self._azimuth_rate_deg_s - asked) < 0.4 * abs(asked):
                return "place"
        return "azimuth"
