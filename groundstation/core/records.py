"""The bodies of all messages on the station's bus. Frozen; times as DESIGN 5; altitudes never bare."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vision.records import CameraPose, GroundTracks, VideoHealth


class VehicleId(NamedTuple):
    """A MAVLink address: system and component id."""

    system_id: int
    component_id: int = 1

    def __str__(self) -> str:
        return f"{self.system_id}.{self.component_id}"


class CommandResult(Enum):
    """What became of a command. ``ACCEPTED`` is the aircraft's word, not the effect."""

    ACCEPTED = "accepted"
    DENIED = "denied"
    UNSUPPORTED = "unsupported"
    FAILED = "failed"
    TEMPORARILY_REJECTED = "temporarily rejected"
    TIMEOUT = "no answer"
    LINK_LOST = "link lost"
    CANCELLED = "cancelled"
    NOT_SENT = "not sent"
    """It could only have acted late: nothing left this station."""


@dataclass(frozen=True)
class CommandOutcome:
    """The result of a command with the aircraft's own words, if it said any."""

    result: CommandResult
    reason: str = ""

    @property
    def ok(self) -> bool:
        """Whether the aircraft accepted it."""
        return self.result is CommandResult.ACCEPTED


Severity = Literal["info", "warning", "critical"]


@dataclass(frozen=True)
class Fault:
    """A standing fault: on the thing until it is gone. ``remedy`` says what the operator should do."""

    key: str
    severity: Severity
    text: str
    remedy: str = ""


@dataclass(frozen=True)
class FenceState:
    """The fence as the aircraft sees it, never as it was sent."""

    present: bool = False
    enabled: bool = False
    healthy: bool = True
    breached: bool = False
    breach_count: int = 0
    breach_type: int = 0


@dataclass(frozen=True, order=True)
class FlightMode:
    """A mode as the aircraft itself lists it. ``index`` counts from 1, ``number`` is its ``custom_mode``."""

    index: int
    number: int
    name: str
    selectable: bool = True


LandedState = Literal["unknown", "on_ground", "in_air", "taking_off", "landing"]


@dataclass(frozen=True)
class VehicleState:
    """One aircraft, reduced from its messages. NaN where a value was never received.

    ``read_only``: this station shows the aircraft and orders nothing of it. ``prearm_ok`` holds for the mode it was
    judged in and is None until the aircraft has judged the present one. ``available_modes`` is the aircraft's own list,
    as far as it came; ``modes_expected`` how long that is, 0 when it has told none. ``link_name``, ``link_loss_fraction``
    and ``round_trip_s`` (the worst of the last seconds) are those of the link in use for sending.
    """

    vehicle_id: VehicleId
    t_mono_ns: int
    t_utc_us: int
    link_alive: bool = False
    heartbeat_age_s: float = float("nan")
    autopilot: str = ""
    vehicle_type: str = ""
    firmware: str = ""
    mode: str = ""
    armed: bool = False
    lat_deg: float = float("nan")
    lon_deg: float = float("nan")
    alt_amsl_m: float = float("nan")
    alt_rel_home_m: float = float("nan")
    roll_deg: float = float("nan")
    pitch_deg: float = float("nan")
    yaw_deg: float = float("nan")
    velocity_ned_m_s: tuple[float, float, float] = (float("nan"), float("nan"), float("nan"))
    battery_percent: float = float("nan")
    battery_v: float = float("nan")
    gps_fix_type: int = 0
    satellites: int = 0
    position_ok: bool = False
    home_lat_deg: float = float("nan")
    home_lon_deg: float = float("nan")
    home_alt_amsl_m: float = float("nan")
    gimbal_azimuth_deg: float = float("nan")
    gimbal_elevation_deg: float = float("nan")
    gimbal_roll_deg: float = float("nan")
    mission_seq: int = -1
    mission_total: int = 0
    mission_state: Literal["unknown", "none", "not_started", "active", "paused", "complete"] = "unknown"
    fence: FenceState = field(default_factory=FenceState)
    link_loss_fraction: float = 0.0
    faults: tuple[Fault, ...] = ()
    read_only: bool = False
    system_status: str = ""
    landed: LandedState = "unknown"
    prearm_ok: bool | None = None
    available_modes: tuple[FlightMode, ...] = ()
    modes_expected: int = 0
    link_name: str = ""
    round_trip_s: float = float("nan")
    wind_from_deg: float = float("nan")
    wind_m_s: float = float("nan")
    """As the aircraft estimates it; NaN for one that does not."""
    battery_left_s: float = float("nan")
    """The aircraft's own reckoning of the time until the battery is empty; NaN for one that tells none."""

    @property
    def speed_m_s(self) -> float:
        """Speed over ground."""
        return math.hypot(self.velocity_ned_m_s[0], self.velocity_ned_m_s[1])


FleetVerb = Literal["start", "pause", "resume", "return", "arm", "disarm", "mode"]


@dataclass(frozen=True)
class FleetRequest:
    """A group order that waits for its confirmation: nothing has been sent. ``argument`` is the mode of "mode".

    ``token`` confirms it once, before ``expires_mono_ns``. ``warnings``: per aircraft, why it will probably refuse.
    """

    token: str
    verb: FleetVerb
    argument: str
    vehicle_ids: tuple[VehicleId, ...]
    expires_mono_ns: int
    warnings: tuple[tuple[VehicleId, str], ...] = ()


@dataclass(frozen=True)
class FleetOutcome:
    """What became of a group order, aircraft by aircraft, in the order asked; ``verb`` "" where none was found."""

    verb: FleetVerb | Literal[""]
    argument: str
    outcomes: tuple[tuple[VehicleId, CommandOutcome], ...] = ()
    reason: str = ""

    @property
    def ok(self) -> bool:
        """Whether every aircraft did it. An order that was never confirmed was done by none."""
        return bool(self.outcomes) and all(outcome.ok for _, outcome in self.outcomes)

    @property
    def failed(self) -> tuple[VehicleId, ...]:
        """The aircraft that did not."""
        return tuple(vehicle_id for vehicle_id, outcome in self.outcomes if not outcome.ok)


@dataclass(frozen=True)
class StatusText:
    """A text from the aircraft, chunks joined. ``severity`` 0 emergency .. 7 debug."""

    vehicle_id: VehicleId
    t_utc_us: int
    severity: int
    text: str


TransferPhase = Literal["idle", "checking", "uploading", "reading_back", "in_force", "failed"]


@dataclass(frozen=True)
class PlanStatus:
    """What became of a plan on one aircraft. Only ``in_force`` means: read back and found identical.

    ``upload_s`` is the whole transaction; ``lists_upload_s`` and ``readback_s`` are the sending and reading in it.
    """

    vehicle_id: VehicleId
    t_utc_us: int
    phase: TransferPhase
    plan_name: str = ""
    detail: str = ""
    progress: float = 0.0
    mission_items: int = 0
    fence_items: int = 0
    rally_items: int = 0
    mission_verified: bool = False
    fence_verified: bool = False
    rally_verified: bool = False
    upload_s: float = 0.0
    method: str = ""
    """How the lists went: "ftp", "items", "ftp, then items"."""
    lists_upload_s: float = 0.0
    readback_s: float = 0.0
    holds: tuple[str, ...] = ()
    """After a failure that could not be undone: what the aircraft can hold, list by list. Empty: what it held before."""
    overridden: tuple[str, ...] = ()
    """Errors of the checks that somebody answered for by name; empty for a plan without errors."""


@dataclass(frozen=True)
class VideoTracks:
    """Ground tracks of one video stream, with the aircraft that carries the camera and the pose that was used."""

    stream: str
    vehicle_id: VehicleId
    tracks: GroundTracks
    pose: CameraPose | None
    footprint_lat_lon: tuple[tuple[float, float], ...] = ()
    t_published_utc_us: int = 0


@dataclass(frozen=True, eq=False)
class Preview:
    """A picture for the operator: latest only. ``image_bgr`` ``(h, w, 3)`` uint8, at most 960 pixels wide.

    ``scale`` = preview pixels per pixel of the full picture, for drawing the boxes of the same ``frame_id``. It may come
    long before the tracks of its frame, or without any: not every picture is analysed. ``pose`` of the camera, where it is
    known, lets the newest tracks be carried on to it.
    """

    stream: str
    frame_id: int
    t_utc_us: int
    t_mono_ns: int
    image_bgr: NDArray[np.uint8]
    scale: float
    pose: CameraPose | None = None


@dataclass(frozen=True)
class StreamHealth:
    """Health of one video stream."""

    stream: str
    health: VideoHealth
    restarts: int = 0


IncidentKind = Literal["crossing", "approach", "loitering", "group", "vehicle_stopped", "person_down"]
Urgency = Literal["help", "alarm", "notice"]
"""Somebody may need help; something has happened; something to know. The list of alerts shows an alarm before a call for
help before a notice."""


@dataclass(frozen=True)
class Incident:
    """Something a person has to decide about.

    ``direction`` is ``BorderLine.direction`` of a crossing, and of an approach the crossing that it would become; "" for
    the other kinds. ``ce90_m`` is the radius that holds the true place with 90 %; ``track_id`` is station-wide
    (``"<stream>-<n>"``), of a group the member that came first; ``evidence`` a path below the station's data folder,
    or "". ``rule`` is the name of the rule that raised it, in the rule file in force.
    """

    incident_id: str
    kind: IncidentKind
    t_utc_us: int
    t_raised_utc_us: int
    lat_deg: float
    lon_deg: float
    ce90_m: float
    direction: str
    class_name: str
    probability: float
    track_id: str
    vehicle_id: VehicleId
    flight_id: str
    evidence: str = ""
    acknowledged_utc_us: int = 0
    acknowledged_by: str = ""
    text: str = ""
    urgency: Urgency = "alarm"
    rule: str = ""


FriendKind = Literal["patrol", "vehicle", "drone", "device"]


@dataclass(frozen=True)
class FriendPosition:
    """Where one of our own is, by its own report: a patrol on foot, a vehicle, a drone, or a device somebody carries.

    ``sigma_m``: one-sigma error of each of east and north; ``people``: how many tracks it may explain at a time.
    """

    friend_id: str
    name: str
    kind: FriendKind
    t_utc_us: int
    lat_deg: float
    lon_deg: float
    sigma_m: float = 5.0
    velocity_en_m_s: tuple[float, float] | None = None
    people: int = 1


@dataclass(frozen=True)
class Acknowledgement:
    """An operator has seen an incident."""

    incident_id: str
    t_utc_us: int
    operator: str


@dataclass(frozen=True)
class EvidenceRequest:
    """Ask a stream's worker for a clip of what it has just seen."""

    stream: str
    incident_id: str
    from_utc_us: int
    to_utc_us: int
    path: str


@dataclass(frozen=True)
class EvidenceReady:
    """A clip was written (``ok``), or not, and why."""

    stream: str
    incident_id: str
    path: str
    ok: bool
    detail: str = ""


@dataclass(frozen=True)
class RemoteTrack:
    """A track that a neighbour told us, within its agreement.

    Every ``state`` but "live" comes once, with the last known position: take it off the live picture. "withdrawn" and
    "erased": its originator has taken it back; it must not be used any more.
    """

    peer: str
    track_id: str
    t_utc_us: int
    received_utc_us: int
    class_name: str
    lat_deg: float
    lon_deg: float
    velocity_en_m_s: tuple[float, float]
    ce90_m: float
    agreement_id: str
    state: Literal["live", "left_area", "ended", "withdrawn", "erased"] = "live"


@dataclass(frozen=True)
class RemoteIncident:
    """An incident that a neighbour told us."""

    peer: str
    incident_id: str
    kind: str
    t_utc_us: int
    received_utc_us: int
    class_name: str
    direction: str
    lat_deg: float
    lon_deg: float
    ce90_m: float
    agreement_id: str


@dataclass(frozen=True)
class PeerStatus:
    """The link to one neighbour in numbers. ``stored_seq`` is what they have acknowledged as stored."""

    peer: str
    t_utc_us: int
    connected: bool
    last_sent_seq: int = 0
    stored_seq: int = 0
    waiting: int = 0
    received: int = 0
    withheld: int = 0
    last_ack_utc_us: int = 0
    detail: str = ""


@dataclass(frozen=True)
class Disclosure:
    """One thing told to a neighbour, and one acknowledgement of its being stored there."""

    peer: str
    seq: int
    subject: Literal["track", "incident"]
    subject_id: str
    t_source_utc_us: int
    t_sent_utc_us: int
    t_stored_utc_us: int


@dataclass(frozen=True)
class StationFault:
    """A standing fault of the station itself; ``active=False`` clears it."""

    source: str
    fault: Fault
    active: bool
    t_utc_us: int
