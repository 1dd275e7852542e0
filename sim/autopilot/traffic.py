"""Other aircraft that the vehicle's ADS-B receiver hears."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from missions.mavlink import mavlink2 as m
from sim.dynamics import LocalGrid


@dataclass(frozen=True)
class TrafficAircraft:
    """An aircraft that flies straight on: where it is at second 0, in metres from the launch point, and its motion.

    ``heard`` false is one whose transmitter falls silent; ``altitude_known`` false sends no height at all.
    """

    icao: int
    callsign: str
    east_m: float
    north_m: float
    alt_amsl_m: float
    track_deg: float = 0.0
    speed_m_s: float = 0.0
    climb_m_s: float = 0.0
    emitter_type: int = int(m.ADSB_EMITTER_TYPE_LIGHT)
    altitude_known: bool = True
    silent_from_s: float = math.inf


class Traffic:
    """Tells of one aircraft at a time, in turn, as the real stream does."""

    def __init__(self, aircraft: Sequence[TrafficAircraft], grid: LocalGrid) -> None:
        self._aircraft, self._grid, self._next = tuple(aircraft), grid, 0

    def build(self, now_s: float) -> Any | None:
        """``ADSB_VEHICLE`` of the next one, or None when there is none to tell of."""
        for _ in range(len(self._aircraft)):
            one = self._aircraft[self._next % len(self._aircraft)]
            self._next += 1
            if now_s < one.silent_from_s:
                return self._message(one, now_s)
        return None

    def _message(self, one: TrafficAircraft, now_s: float) -> Any:
        track = math.radians(one.track_deg)
        along_m = one.speed_m_s * now_s
        lat, lon = self._grid.to_geodetic(
            one.east_m + along_m * math.sin(track), one.north_m + along_m * math.cos(track)
        )
        flags = m.ADSB_FLAGS_VALID_COORDS | m.ADSB_FLAGS_VALID_HEADING | m.ADSB_FLAGS_VALID_VELOCITY
        flags |= m.ADSB_FLAGS_VALID_CALLSIGN
        if one.altitude_known:
            flags |= m.ADSB_FLAGS_VALID_ALTITUDE
        alt_mm = round((one.alt_amsl_m + one.climb_m_s * now_s) * 1000.0) if one.altitude_known else 0
        return m.MAVLink_adsb_vehicle_message(
            one.icao, round(lat * 1e7), round(lon * 1e7), m.ADSB_ALTITUDE_TYPE_GEOMETRIC, alt_mm,
            round(one.track_deg * 100) % 36000, round(one.speed_m_s * 100), round(one.climb_m_s * 100),
            one.callsign.encode("ascii", "replace")[:8], one.emitter_type, 0, flags, 7000,
        )  # fmt: skip
