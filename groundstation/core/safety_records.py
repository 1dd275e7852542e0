"""Records about the safety of an aircraft, its camera and what flies near it. Frozen; NaN where nothing is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from groundstation.core.records import VehicleId

CheckState = Literal["ok", "warning", "failed", "unknown"]
"""``unknown`` is never as good as ``ok``: nobody has seen it."""

FenceKind = Literal["areas", "home_circle", "ceiling", "floor"]
FenceForce = Literal[
    "in_force", "breached", "report_only", "not_enabled", "on_arming", "by_command", "type_bit_missing", "absent",
    "unknown",
]  # fmt: skip
"""``by_command``: switched on by a command, so a restart switches it off, and which kinds it was is not told.
``type_bit_missing``: areas are held that ``FENCE_TYPE`` leaves out. ``absent``: there is nothing of this kind."""


@dataclass(frozen=True)
class CheckItem:
    """One thing that was looked at. ``seen``: the value found, in words; ``source``: where it was read."""

    id: str
    text: str
    state: CheckState
    seen: str = ""
    remedy: str = ""
    source: str = ""


@dataclass(frozen=True)
class FenceVerdict:
    """What one kind of fence does on the aircraft, as the aircraft sees it."""

    kind: FenceKind
    force: FenceForce
    text: str
    remedy: str = ""


@dataclass(frozen=True)
class FenceReport:
    """The fences of one aircraft. ``findings`` holds only what is not ok, worst first."""

    vehicle_id: VehicleId
    t_utc_us: int
    fences: tuple[FenceVerdict, ...] = ()
    findings: tuple[CheckItem, ...] = ()

    def force_of(self, kind: FenceKind) -> FenceForce:
        """How one kind stands; ``unknown`` when it was not judged."""
        return next((f.force for f in self.fences if f.kind == kind), "unknown")


@dataclass(frozen=True)
class PreflightReport:
    """The list that is read before a flight."""

    vehicle_id: VehicleId
    t_utc_us: int
    items: tuple[CheckItem, ...] = ()

    @property
    def failed(self) -> tuple[CheckItem, ...]:
        """What forbids the start."""
        return tuple(i for i in self.items if i.state == "failed")

    @property
    def unknown(self) -> tuple[CheckItem, ...]:
        """What nobody has seen."""
        return tuple(i for i in self.items if i.state == "unknown")

    @property
    def ok(self) -> bool:
        """Whether all was seen and nothing failed; warnings may stand."""
        return not self.failed and not self.unknown


AlertLevel = Literal["none", "advisory", "caution", "warning"]


@dataclass(frozen=True)
class TrafficContact:
    """One manned aircraft or drone near one of ours.

    ``age_s``: since its own last word. ``altitude_kind`` says what ``alt_m`` is measured from. ``cpa_*``: time to and
    distances at the closest point of approach if both fly straight on.
    """

    icao_address: int
    callsign: str
    emitter: str
    lat_deg: float
    lon_deg: float
    alt_m: float
    altitude_kind: Literal["amsl_geometric", "pressure", "unknown"]
    heading_deg: float
    speed_m_s: float
    climb_m_s: float
    age_s: float
    distance_m: float
    height_difference_m: float
    cpa_s: float
    cpa_distance_m: float
    cpa_height_m: float
    level: AlertLevel
    squawk: int = 0


@dataclass(frozen=True)
class TrafficPicture:
    """All contacts of one aircraft's receiver, most urgent first."""

    vehicle_id: VehicleId
    t_utc_us: int
    contacts: tuple[TrafficContact, ...] = ()

    @property
    def level(self) -> AlertLevel:
        """The worst level."""
        return self.contacts[0].level if self.contacts else "none"


@dataclass(frozen=True)
class VideoStream:
    """One stream that a camera offers."""

    camera_component: int
    stream_id: int
    name: str
    uri: str
    encoding: str
    width_px: int
    height_px: int
    rate_hz: float
    bitrate_bit_s: int
    hfov_deg: float
    thermal: bool
    running: bool


@dataclass(frozen=True)
class CameraInfo:
    """One camera. ``component``: 1 for one that hangs on the autopilot. ``gimbal_id`` 0: it is fixed, or not told."""

    component: int
    vendor: str
    model: str
    gimbal_id: int
    can_zoom: bool
    has_video: bool
    streams: tuple[VideoStream, ...] = ()


@dataclass(frozen=True)
class GimbalInfo:
    """One gimbal as its manager tells it. Angles in degrees; the holder is whom the manager names, (0, 0) nobody."""

    gimbal_id: int
    pitch_range_deg: tuple[float, float]
    yaw_range_deg: tuple[float, float]
    has_yaw_lock: bool
    yaw_lock: bool = False
    primary: tuple[int, int] = (0, 0)
    secondary: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class CameraState:
    """Cameras and gimbals of one aircraft, and who holds the camera.

    ``foreign_control``: the address of another station that the gimbal manager names as in control, "" for none.
    ``fov_check_m``: how far the aircraft's own reckoning of where the picture's centre lies is from ours.
    """

    vehicle_id: VehicleId
    t_utc_us: int
    cameras: tuple[CameraInfo, ...] = ()
    gimbals: tuple[GimbalInfo, ...] = ()
    holder: str = ""
    held_until_utc_us: int = 0
    asked_by: str = ""
    foreign_control: str = ""
    looking_at: str = ""
    fov_check_m: float = float("nan")
    fov_check_text: str = ""


@dataclass(frozen=True)
class TerrainServed:
    """What an aircraft asked of our terrain model."""

    vehicle_id: VehicleId
    t_utc_us: int
    requests: int = 0
    blocks_sent: int = 0
    blocks_unknown: int = 0
    pending: int = -1
    loaded: int = -1
    report_difference_m: float = float("nan")
