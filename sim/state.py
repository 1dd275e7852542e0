"""What the simulator's parts tell each other: the aircraft's true state, and what its sensors make of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class VehicleTruth:
    """The aircraft as it really is at ``t_s`` (seconds since the simulator started) = ``t_utc_us``.

    ``yaw_deg`` and ``gimbal_azimuth_deg`` clockwise from true north; ``gimbal_elevation_deg`` of the boresight above
    the horizon (negative looks down); ``gimbal_roll_deg`` in the earth frame, positive: picture's right side down.
    """

    t_s: float
    t_utc_us: int
    lat_deg: float
    lon_deg: float
    alt_amsl_m: float
    roll_deg: float
    pitch_deg: float
    yaw_deg: float
    velocity_ned_m_s: tuple[float, float, float]
    gimbal_azimuth_deg: float
    gimbal_elevation_deg: float
    gimbal_roll_deg: float
    armed: bool
    mode: str


@dataclass(frozen=True)
class SensorErrors:
    """What to add to the truth to get what the sensors say, at one instant: metres and degrees.

    ``gimbal_*`` is the whole error of the reported boresight in the earth frame: the gimbal's own and the attitude's.
    """

    north_m: float = 0.0
    east_m: float = 0.0
    up_m: float = 0.0
    roll_deg: float = 0.0
    pitch_deg: float = 0.0
    yaw_deg: float = 0.0
    gimbal_azimuth_deg: float = 0.0
    gimbal_elevation_deg: float = 0.0
    gimbal_roll_deg: float = 0.0


class TruthSource(Protocol):
    """Where the camera learns how the aircraft hangs in the air. Called from the camera's thread."""

    def truth(self) -> VehicleTruth:
        """The newest true state."""
        ...

    def errors(self) -> SensorErrors:
        """The sensor errors of the same instant, the same ones that telemetry carries."""
        ...
