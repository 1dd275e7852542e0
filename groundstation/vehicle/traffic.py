"""Manned aircraft and other drones near an aircraft, from its ADS-B receiver: who comes how close, and when.

A contact's own words are not taken at their face: each field counts only when its flag says it is valid, a pressure
altitude is not a height above sea level, and a report is as old as its ``tslc`` plus the time since it came.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from geofences.geodesy import LocalFrame
from groundstation.core.records import Fault, Severity, VehicleId, VehicleState
from groundstation.core.safety_records import AlertLevel, TrafficContact, TrafficPicture
from groundstation.vehicle.hysteresis import Standing
from groundstation.vehicle.modes import Family
from missions.mavlink import mavlink2

ADSB_VEHICLE = 246
_COORDS, _ALTITUDE, _HEADING, _VELOCITY, _CALLSIGN, _SQUAWK = 1, 2, 4, 8, 16, 32
_VERTICAL_VELOCITY = 128
_GEOMETRIC = 1  # ADSB_ALTITUDE_TYPE_GEOMETRIC
_MOST_CONTACTS = 200
_ORDER: dict[AlertLevel, int] = {"none": 0, "advisory": 1, "caution": 2, "warning": 3}


@dataclass(frozen=True)
class Volume:
    """A contact that comes within both distances before the time is over reaches the level."""

    level: AlertLevel
    horizontal_m: float
    vertical_m: float
    within_s: float


@dataclass(frozen=True)
class TrafficLimits:
    """``forget_s``: age at which a contact is dropped. ``pressure_error_m``: what a pressure altitude may be off.

    A pressure altitude is above the 1013.25 hPa level: off by about 8 m for each hPa that the day differs from it.
    """

    volumes: tuple[Volume, ...] = (
        Volume("warning", 500.0, 120.0, 30.0),
        Volume("caution", 1_000.0, 200.0, 60.0),
        Volume("advisory", 3_000.0, 400.0, 120.0),
    )
    forget_s: float = 10.0
    pressure_error_m: float = 250.0
    clear_s: float = 5.0


@dataclass(frozen=True)
class _Report:
    received_s: float
    message: Any

    def age_s(self, now_s: float) -> float:
        return now_s - self.received_s + float(self.message.tslc)


class TrafficPart:
    """The contacts of one aircraft's receiver. ``own_icao``: our own transponder's address, 0 for none."""

    def __init__(self, vehicle_id: VehicleId, limits: TrafficLimits | None = None, own_icao: int = 0) -> None:
        self._vehicle_id, self._limits, self._own_icao = vehicle_id, limits or TrafficLimits(), own_icao
        self._reports: dict[int, _Report] = {}
        self._standing = {v.level: Standing(0.0, self._limits.clear_s) for v in self._limits.volumes}
        self.picture = TrafficPicture(vehicle_id, 0)

    @classmethod
    def make(cls, vehicle_id: VehicleId, _family: Family) -> TrafficPart:
        """For :data:`groundstation.vehicle.parts.PartFactory`."""
        return cls(vehicle_id)

    def on_message(self, _link_name: str, message: Any, now_s: float) -> list[Any]:
        """Takes ``ADSB_VEHICLE`` from the autopilot or from a receiver of the same system."""
        if message.get_type() != "ADSB_VEHICLE" or not message.flags & _COORDS:
            return []
        address = int(message.ICAO_address)
        if address == self._own_icao and address:
            return []
        known = self._reports.get(address)
        report = _Report(now_s, message)
        # The same report may come on two links, or late on a slow one.
        if known is None or report.age_s(now_s) <= known.age_s(now_s) + 0.5:
            self._reports[address] = report
        if len(self._reports) > _MOST_CONTACTS:
            oldest = max(self._reports, key=lambda a: self._reports[a].age_s(now_s))
            del self._reports[oldest]
        return []

    def on_time(self, state: VehicleState, now_s: float) -> list[Any]:
        """Ages the list and reckons again."""
        self._reports = {a: r for a, r in self._reports.items() if r.age_s(now_s) <= self._limits.forget_s}
        contacts = [contact_of(r.message, r.age_s(now_s), state, self._limits) for r in self._reports.values()]
        contacts.sort(key=lambda c: (-_ORDER[c.level], c.cpa_distance_m))
        self.picture = TrafficPicture(self._vehicle_id, state.t_utc_us, tuple(contacts))
        return []

    def faults(self, state: VehicleState, now_s: float) -> tuple[Fault, ...]:
        """The most urgent contact as a standing fault; on the ground only a note."""
        level, worst = self.picture.level, (self.picture.contacts[0] if self.picture.contacts else None)
        standing: AlertLevel = "none"
        for volume in self._limits.volumes:
            if self._standing[volume.level].update(_ORDER[level] >= _ORDER[volume.level], now_s) and standing == "none":
                standing = volume.level
        if standing == "none":
            return ()
        severity: Severity = {"warning": "critical", "caution": "warning"}.get(standing, "info")  # type: ignore[assignment]
        if not state.armed:
            severity = "info"
        text = f"Traffic: {describe(worst)}" if worst is not None and level != "none" else "Traffic: passing away"
        remedy = "descend, hold or return to stay clear: it has the right of way" if severity != "info" else "watch it"
        return (Fault("traffic", severity, text, remedy),)


def describe(contact: TrafficContact) -> str:
    """A contact in one line for an operator."""
    name = contact.callsign or f"{contact.icao_address:06X}"
    height = "height unknown"
    if math.isfinite(contact.cpa_height_m):
        height = f"{abs(contact.cpa_height_m):.0f} m {'above' if contact.cpa_height_m >= 0 else 'below'}"
        height += " by pressure altitude" if contact.altitude_kind == "pressure" else ""
    when = f"in {contact.cpa_s:.0f} s" if contact.cpa_s >= 1.0 else "now"
    return f"{name} {contact.distance_m:.0f} m away, closest {when}: {contact.cpa_distance_m:.0f} m, {height}"


def contact_of(message: Any, age_s: float, state: VehicleState, limits: TrafficLimits) -> TrafficContact:
    """A contact as it is now: brought up to date along its velocity, with its closest point of approach.

    Both fly straight on. Without a velocity of its own it stands still; with an altitude that is not known it is taken
    for level with us, because that is the dangerous case.
    """
    flags = int(message.flags)
    lat, lon = message.lat / 1e7, message.lon / 1e7
    speed = message.hor_velocity / 100.0 if flags & _VELOCITY else math.nan
    heading = message.heading / 100.0 if flags & _HEADING else math.nan
    climb = message.ver_velocity / 100.0 if flags & _VERTICAL_VELOCITY else math.nan
    moving = math.isfinite(speed) and math.isfinite(heading)
    velocity = (
        speed * np.array([math.sin(math.radians(heading)), math.cos(math.radians(heading))]) if moving else np.zeros(2)
    )
    alt_m = message.altitude / 1000.0 if flags & _ALTITUDE else math.nan
    own_known = math.isfinite(state.lat_deg) and math.isfinite(state.lon_deg)
    frame = LocalFrame(state.lat_deg, state.lon_deg) if own_known else LocalFrame(lat, lon)
    relative = frame.to_plane(lat, lon) + velocity * age_s
    now_lat, now_lon = (float(v) for v in frame.from_plane(relative))
    north, east, down = (v if math.isfinite(v) else 0.0 for v in state.velocity_ned_m_s)
    relative_velocity = velocity - np.array([east, north])
    horizon_s = limits.volumes[-1].within_s
    closing2 = float(relative_velocity @ relative_velocity)
    cpa_s = min(max(-float(relative @ relative_velocity) / closing2, 0.0), horizon_s) if closing2 > 0.01 else 0.0
    climb_relative = (climb if math.isfinite(climb) else 0.0) + down
    difference = alt_m + (climb if math.isfinite(climb) else 0.0) * age_s - state.alt_amsl_m
    kind: Literal["amsl_geometric", "pressure", "unknown"] = "unknown"
    if math.isfinite(alt_m):
        kind = "amsl_geometric" if message.altitude_type == _GEOMETRIC else "pressure"
    distance_m = float(np.hypot(*relative)) if own_known else math.nan
    cpa_m = float(np.hypot(*(relative + relative_velocity * cpa_s))) if own_known else math.nan
    cpa_height_m = difference + climb_relative * cpa_s
    slack_m = limits.pressure_error_m if kind == "pressure" else 0.0
    level: AlertLevel = "none"
    for volume in limits.volumes:
        near_height = min(abs(difference), abs(cpa_height_m)) if math.isfinite(difference) else 0.0
        if cpa_m <= volume.horizontal_m and cpa_s <= volume.within_s and near_height <= volume.vertical_m + slack_m:
            level = volume.level
            break
    emitter = mavlink2.enums["ADSB_EMITTER_TYPE"].get(message.emitter_type)
    return TrafficContact(
        icao_address=int(message.ICAO_address),
        callsign=_text(message.callsign) if flags & _CALLSIGN else "",
        emitter=str(emitter.name).removeprefix("ADSB_EMITTER_TYPE_").replace("_", " ").lower() if emitter else "",
        lat_deg=now_lat, lon_deg=now_lon, alt_m=alt_m, altitude_kind=kind, heading_deg=heading, speed_m_s=speed,
        climb_m_s=climb, age_s=age_s, distance_m=distance_m, height_difference_m=difference, cpa_s=cpa_s,
        cpa_distance_m=cpa_m, cpa_height_m=cpa_height_m, level=level,
        squawk=int(message.squawk) if flags & _SQUAWK else 0,
    )  # fmt: skip


def _text(raw: Any) -> str:
    text = raw.decode("ascii", "replace") if isinstance(raw, bytes) else str(raw)
    return text.rstrip("\0 ").strip()
