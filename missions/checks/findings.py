"""What a check says, and the figures that it goes by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from geofences.errors import PlanError
from geofences.weather import Weather
from missions.performance import Performance

if TYPE_CHECKING:
    from missions.footprint import Camera

Severity = Literal["error", "warning"]
WindEN = tuple[float, float]

NAVIGATION_COMMANDS = frozenset({16, 17, 18, 19, 21, 22, 31, 82})


@dataclass(frozen=True)
class Finding:
    """One thing about a plan. ``item_seq`` is the mission item (from 1), 0 for home, -1 for the fence or the whole."""

    severity: Severity
    code: str
    text: str
    lat_deg: float
    lon_deg: float
    item_seq: int = -1

    def as_json(self) -> dict[str, object]:
        """For programs: severity, code, message, lat, lon, item (null for the fence or the whole)."""
        return {
            "severity": self.severity,
            "code": self.code,
            "message": self.text,
            "lat": round(self.lat_deg, 7),
            "lon": round(self.lon_deg, 7),
            "item": None if self.item_seq < 0 else self.item_seq,
        }


@dataclass(frozen=True)
class CheckLimits:
    """What the aircraft and the rules allow. Storage and counts are ArduPilot Copter's defaults.

    ``rtl_alt_m``: height above home at which it returns (it never descends to it); ``min_agl_m``: least height above
    ground on a leg, the first and last ones near home apart. ``check_hz``: how often the aircraft looks at its fence.
    ``obstacle_clear_m``: kept from obstacles, to the side and above. ``antenna_m``: height of the station's antenna above
    the ground at home. ``apart_m``, ``apart_up_m``: two aircraft are too close when they are nearer both ways.
    """

    max_mission_items: int = 650
    fence_storage_bytes: int = 560
    max_vertices: int = 255
    max_rally: int = 100
    rtl_alt_m: float = 15.0
    min_agl_m: float = 30.0
    home_clear_m: float = 50.0
    check_hz: float = 25.0
    obstacle_clear_m: float = 10.0
    antenna_m: float = 2.0
    apart_m: float = 50.0
    apart_up_m: float = 20.0


def limits_for(performance: Performance) -> CheckLimits:
    """The limits of an ArduPilot aircraft of this kind. A plane looks at its fence three times a second."""
    if performance.family == "plane":
        return CheckLimits(
            performance.mission_items_max, performance.fence_bytes_max, rtl_alt_m=100.0, check_hz=3.0, apart_m=150.0,
            apart_up_m=30.0,
        )  # fmt: skip
    return CheckLimits(performance.mission_items_max, performance.fence_bytes_max)


@dataclass(frozen=True)
class Circumstances:
    """With what and in what the plan is flown.

    ``performance`` None: not known; an ordinary quadcopter is taken for what it flies, and battery and link are not judged.
    ``assumed``: they are, but what they say is only a warning, since nobody named the aircraft. ``t_utc_us``: time of
    take-off; None: every zone holds at any time. ``wind_en_m_s``: velocity of the air over the ground, east and north;
    None: not known, calm is taken. ``camera`` None: the simulator's.
    """

    performance: Performance | None = None
    assumed: bool = False
    wind_en_m_s: WindEN | None = None
    weather: Weather | None = None
    t_utc_us: int | None = None
    camera: Camera | None = None

    @property
    def wind(self) -> WindEN:
        """Calm where it is not known."""
        return self.wind_en_m_s or (0.0, 0.0)


def errors_of(findings: Iterable[Finding]) -> list[Finding]:
    """The errors among them."""
    return [f for f in findings if f.severity == "error"]


def require_ok(findings: Sequence[Finding], remedy: str = "correct the plan and check it again") -> None:
    """Raise :class:`PlanError` that lists every error with its place; warnings pass."""
    errors = errors_of(findings)
    if errors:
        lines = "; ".join(f"{f.text} (at {f.lat_deg:.6f}, {f.lon_deg:.6f})" for f in errors[:10])
        more = f"; and {len(errors) - 10} more" if len(errors) > 10 else ""
        raise PlanError(f"the plan must not be flown: {lines}{more}", remedy)
