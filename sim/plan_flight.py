"""Flies a plan as fast as the machine can: the simulated autopilot and its dynamics, no socket, no clock, no telemetry.

The same arming, mission runner, manoeuvres, gimbal and battery as the whole simulator, stepped at 20 Hz with sensors that
tell the truth. Failsafes and the fence do not act here: the plan is flown as it stands, and what it breached is read from
the path. A mission without an end is sent home while the battery still brings it there with the reserve.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from geofences.errors import PlanError
from geofences.geodesy import FloatArray
from geofences.terrain import TerrainGrid
from missions.codec import DO_JUMP, WireItem
from sim.autopilot.battery import Battery
from sim.autopilot.core import Autopilot
from sim.autopilot.items import Item
from sim.autopilot.mission import MissionState
from sim.autopilot.modes import Mode
from sim.autopilot.sensors import ErrorSizes
from sim.autopilot.stores import MissionStore, RallyStore
from sim.wind import GustyAir

STEP_S = 0.05
_RECORD_EVERY = 4
_AFTER_LANDING_S = 3.0
_LONGEST_S = 6.0 * 3600.0
_LOITER_UNLIMITED = 17

Ended = Literal["landed", "battery empty", "time limit", "never took off"]


@dataclass(frozen=True)
class Airframe:
    """What the copter can do; the defaults are the simulator's own. ``endurance_s``: None for its 22 Ah pack as it is."""

    speed_m_s: float = 10.0
    climb_m_s: float = 5.0
    descent_m_s: float = 2.5
    accel_m_s2: float = 2.5
    airspeed_m_s: float = 20.0
    endurance_s: float | None = None
    reserve_fraction: float = 0.2
    parameters: dict[str, float] = field(default_factory=dict)

    def autopilot_parameters(self) -> dict[str, float]:
        """In the words of ArduCopter."""
        made = {
            "WPNAV_SPEED": self.speed_m_s * 100.0,
            "WPNAV_SPEED_UP": self.climb_m_s * 100.0,
            "WPNAV_SPEED_DN": self.descent_m_s * 100.0,
            "WPNAV_ACCEL": self.accel_m_s2 * 100.0,
        }
        if self.endurance_s is not None:
            made["BATT_CAPACITY"] = max(Battery.capacity_for(self.endurance_s, self.speed_m_s), 1.0)
        return {**made, **self.parameters}


@dataclass(frozen=True, eq=False)
class Flown:
    """A flight, five times a second, from arming on. Places east, north metres of ``frame_lat_deg, frame_lon_deg`` as
    ``lat_deg``, ``lon_deg``; ``seq``: the navigation item being flown; angles of the camera as in :mod:`sim.state`."""

    t_s: FloatArray
    lat_deg: FloatArray
    lon_deg: FloatArray
    alt_amsl_m: FloatArray
    velocity_enu_m_s: FloatArray
    camera_azimuth_deg: FloatArray
    camera_elevation_deg: FloatArray
    seq: NDArray[np.int64]
    battery_left: FloatArray
    airborne: NDArray[np.bool_]
    home_amsl_m: float
    ended: Ended
    sent_home: str
    """Why it was sent home before the mission was done; empty when it was not."""

    @property
    def duration_s(self) -> float:
        """From take-off to landing."""
        return float(np.ptp(self.t_s[self.airborne])) if self.airborne.any() else 0.0


class QuickGround:
    """Ground heights by bilinear interpolation in a table made once; plain numbers, for one place at a time."""

    def __init__(
        self, terrain: TerrainGrid, south: float, west: float, north: float, east: float, else_m: float
    ) -> None:
        rows = min(max(int((north - south) * 111_000 / 10.0), 2), 1200)
        columns = min(max(int((east - west) * 111_000 * math.cos(math.radians(south)) / 10.0), 2), 1200)
        lat, lon = np.linspace(south, north, rows), np.linspace(west, east, columns)
        heights = np.asarray(terrain.height(*np.meshgrid(lat, lon, indexing="ij")), dtype=np.float64)
        self._heights: list[list[float]] = np.where(np.isfinite(heights), heights, else_m).tolist()
        self._south, self._west = south, west
        self._per_lat, self._per_lon = (rows - 1) / (north - south), (columns - 1) / (east - west)
        self._rows, self._columns = rows, columns

    def __call__(self, lat_deg: float, lon_deg: float) -> float:
        """Metres AMSL; beyond the table that of its edge."""
        r = min(max((lat_deg - self._south) * self._per_lat, 0.0), self._rows - 1.000001)
        c = min(max((lon_deg - self._west) * self._per_lon, 0.0), self._columns - 1.000001)
        i, j = int(r), int(c)
        u, v = r - i, c - j
        low, high = self._heights[i], self._heights[i + 1]
        return (low[j] * (1 - v) + low[j + 1] * v) * (1 - u) + (high[j] * (1 - v) + high[j + 1] * v) * u


def with_laps(items: Sequence[WireItem], laps: int) -> tuple[WireItem, ...]:
    """The mission with another number of laps by its last jump. Raises :class:`PlanError` when it has none."""
    jumps = [k for k, item in enumerate(items) if item.command == DO_JUMP]
    if not jumps:
        raise PlanError("the mission has no jump, so it has no laps to choose", "leave the number of laps out")
    k = jumps[-1]
    item = items[k]
    changed = WireItem(
        item.kind, item.seq, item.command, item.frame, item.param1, float(laps - 1), item.param3, item.param4, item.x,
        item.y, item.z, item.current, item.autocontinue,
    )  # fmt: skip
    return (*items[:k], changed, *items[k + 1 :])


class PlanFlight:
    """One flight of ``mission`` (home first) with ``rally`` from ``home`` (latitude, longitude, metres AMSL)."""

    def __init__(
        self,
        home: tuple[float, float, float],
        mission: Sequence[WireItem],
        rally: Sequence[WireItem] = (),
        terrain: TerrainGrid | None = None,
        airframe: Airframe | None = None,
        air: GustyAir | None = None,
        seed: int = 1,
    ) -> None:
        """Raises :class:`PlanError` for a mission that the simulated autopilot does not take."""
        self._airframe = airframe or Airframe()
        lat, lon, home_m = home
        ground: Callable[[float, float], float] = lambda lat_deg, lon_deg: home_m  # noqa: E731
        if terrain is not None:
            ground = _ground_round(mission, home, terrain)
        self._air = air or GustyAir((0.0, 0.0))
        self._autopilot = Autopilot(
            lat, lon, ground, seed=seed, error_sizes=ErrorSizes.none(), wind_en_m_s=self._air.mean_en_m_s,
            parameters=self._airframe.autopilot_parameters(),
        )  # fmt: skip
        flight = self._autopilot.flight
        flight.airspeed_m_s = self._airframe.airspeed_m_s
        flight.air = self._air.step
        _fill(self._autopilot.mission_store, mission, "mission")
        _fill(self._autopilot.rally_store, rally, "rally")
        self._endless = any(
            (i.command == DO_JUMP and i.param2 < 0) or i.command == _LOITER_UNLIMITED for i in mission[1:]
        )
        self._rows: list[tuple[float, ...]] = []
        self._sent_home = ""

    def fly(self, duration_s: float | None = None) -> Flown:
        """Fly to the end. ``duration_s``: sent home after so long in the air. Raises :class:`PlanError` when it does not
        take off."""
        a = self._autopilot
        f, mission, battery = a.flight, a.mission, a.battery
        f.now_s = 10.0
        f.set_home_here()
        if not (f.set_mode(Mode.AUTO) and f.arm(force=True) and self._starts()):
            raise PlanError("the simulated aircraft does not start this mission", "let it begin with a take-off")
        home_m = f.motion.up_m
        mission.start()
        capacity = max(a.parameters["BATT_CAPACITY"], 1.0)
        ended: Ended = "time limit"
        began: float | None = None
        landed_s = 0.0
        for step in range(int(_LONGEST_S / STEP_S)):
            t_s = step * STEP_S
            f.now_s = 10.0 + t_s
            f.advance(STEP_S)
            a.gimbal.step(STEP_S, f.position_m, f.motion.yaw_deg)
            wind = self._air.at(f.now_s)
            airspeed = math.hypot(f.motion.ve_m_s - wind[0], f.motion.vn_m_s - wind[1])
            battery.step(t_s, STEP_S, f.armed and not f.landed, f.motion.vu_m_s, airspeed)
            left = 1.0 - battery.state.consumed_mah / capacity
            airborne = not f.motion.on_ground
            if airborne and began is None:
                began = t_s
            if step % _RECORD_EVERY == 0:
                self._record(t_s, left)
            a.outbox.take()
            if step % 20 == 0 and airborne:
                self._send_home(t_s - (began or 0.0), left, duration_s, capacity)
            if began is not None and not f.armed:
                landed_s = landed_s or t_s
                ended = "landed"
                break
            if left <= 0.0:
                ended = "battery empty"
                break
            if began is None and t_s > 60.0:
                raise PlanError("the simulated aircraft does not take off", "let the mission begin with a take-off")
        self._record(t_s, left)
        return self._flown(home_m, ended)

    def _starts(self) -> bool:
        return self._autopilot.mission_store.count() > 1

    def _send_home(self, airborne_s: float, left: float, duration_s: float | None, capacity_mah: float) -> None:
        f, mission = self._autopilot.flight, self._autopilot.mission
        if f.mode is not Mode.AUTO:
            return
        reason = ""
        if duration_s is not None and airborne_s >= duration_s:
            reason = f"{duration_s:g} s are over"
        elif mission.state is MissionState.COMPLETE:
            reason = "the mission has no return"
        elif self._endless and left - self._return_takes(capacity_mah) <= self._airframe.reserve_fraction:
            reason = "the battery, with the reserve kept"
        if reason:
            self._sent_home = reason
            f.set_mode(Mode.RTL)

    def _return_takes(self, capacity_mah: float) -> float:
        """Share of the battery that coming home from here draws, straight and into the mean wind."""
        f = self._autopilot.flight
        assert f.home is not None
        e, n, u = f.position_m
        speed = max(f.speed_m_s, 0.5)
        way_s = math.hypot(e - f.home.east_m, n - f.home.north_m) / speed + (u - f.home.up_m) / max(f.descent_m_s, 0.1)
        wind = math.hypot(*self._air.mean_en_m_s)
        return (way_s + 30.0) * Battery.current_a(0.0, speed + wind) / 3.6 / capacity_mah

    def _record(self, t_s: float, left: float) -> None:
        a = self._autopilot
        s = a.flight.motion
        lat, lon = a.grid.to_geodetic(s.east_m, s.north_m)
        self._rows.append(
            (t_s, lat, lon, s.up_m, s.ve_m_s, s.vn_m_s, s.vu_m_s, a.gimbal.azimuth_deg, a.gimbal.elevation_deg,
             a.mission.seq if a.flight.mode is Mode.AUTO else 0, left, not s.on_ground)
        )  # fmt: skip

    def _flown(self, home_m: float, ended: Ended) -> Flown:
        rows = np.array(self._rows, dtype=np.float64)
        return Flown(
            rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3], rows[:, 4:7], rows[:, 7], rows[:, 8],
            rows[:, 9].astype(np.int64), np.maximum(rows[:, 10], 0.0), rows[:, 11] > 0.0, home_m, ended, self._sent_home,
        )  # fmt: skip


def _fill(store: MissionStore | RallyStore, items: Sequence[WireItem], what: str) -> None:
    """Put a list into the aircraft as an upload would."""
    store.begin(len(items))
    for seq, i in enumerate(items):
        item = Item(i.command, i.frame, i.param1, i.param2, i.param3, i.param4, i.x, i.y, i.z, i.autocontinue)
        result = store.put(seq, item)
        if result != 0:
            raise PlanError(
                f"{what} item {seq}: the simulated autopilot does not take command {i.command} (result {result})",
                "leave it out, or try the plan on ArduPilot's own simulator",
            )
    store.complete()


def _ground_round(
    mission: Sequence[WireItem], home: tuple[float, float, float], terrain: TerrainGrid
) -> Callable[[float, float], float]:
    lats = [home[0], *(i.x / 1e7 for i in mission if i.x or i.y)]
    lons = [home[1], *(i.y / 1e7 for i in mission if i.x or i.y)]
    spare_lat = 600.0 / 111_000.0
    spare_lon = spare_lat / max(math.cos(math.radians(home[0])), 0.05)
    return QuickGround(
        terrain, min(lats) - spare_lat, min(lons) - spare_lon, max(lats) + spare_lat, max(lons) + spare_lon, home[2]
    )
