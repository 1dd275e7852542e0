"""Own patrols and devices on the ground whose place is known by their own report: what the camera's bias is told by."""

from __future__ import annotations

import math
from dataclasses import dataclass

from geofences.geodesy import LocalFrame

_LONGEST_S = 5.0
_EARLY_S = 1.0  # a report may be stamped a little later than the frame that is being worked on
_UNKNOWN_SPEED_M_S, _KNOWN_SPEED_SIGMA_M_S = 1.5, 0.4


@dataclass(frozen=True)
class KnownDevice:
    """An own patrol or device on the ground at the time of a frame; ``sigma_m`` of its place."""

    name: str
    lat_deg: float
    lon_deg: float
    sigma_m: float


@dataclass(frozen=True)
class DeviceReport:
    """What one of them said of itself. ``sigma_m``: of each of east and north; ``velocity_en_m_s`` None: not known."""

    name: str
    t_utc_us: int
    lat_deg: float
    lon_deg: float
    sigma_m: float
    velocity_en_m_s: tuple[float, float] | None = None


class DeviceBook:
    """The newest report of each. No clock of its own; one owner."""

    def __init__(self) -> None:
        self._newest: dict[str, DeviceReport] = {}

    def take(self, report: DeviceReport) -> None:
        """Keep a report; one that is older than the last of its device, or no place, is ignored."""
        numbers = (report.lat_deg, report.lon_deg, report.sigma_m, *(report.velocity_en_m_s or ()))
        if not all(math.isfinite(v) for v in numbers) or report.sigma_m <= 0.0 or not abs(report.lat_deg) < 90.0:
            return
        last = self._newest.get(report.name)
        if last is None or report.t_utc_us > last.t_utc_us:
            self._newest[report.name] = report

    def at(self, t_utc_us: int) -> tuple[KnownDevice, ...]:
        """Where they are at the time of a frame: those only whose movement since their report is uncertain by less than
        the report itself."""
        return tuple(d for d in (_moved_on(r, (t_utc_us - r.t_utc_us) / 1e6) for r in self._newest.values()) if d)


def _moved_on(report: DeviceReport, age_s: float) -> KnownDevice | None:
    velocity = report.velocity_en_m_s
    spread_m = (_UNKNOWN_SPEED_M_S if velocity is None else _KNOWN_SPEED_SIGMA_M_S) * abs(age_s)
    if not -_EARLY_S <= age_s <= _LONGEST_S or spread_m > report.sigma_m:
        return None
    east, north = velocity or (0.0, 0.0)
    lat, lon = LocalFrame(report.lat_deg, report.lon_deg).from_plane((east * age_s, north * age_s))
    return KnownDevice(report.name, float(lat), float(lon), math.hypot(report.sigma_m, spread_m))
