"""What a console may ask about one aircraft beyond its plan: the list before a flight, and its camera."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Protocol

from groundstation.core.records import CommandOutcome, VehicleId
from groundstation.core.safety_records import PreflightReport


class FlightCommands(Protocol):
    """All calls return at once. ``who`` is the operator: a camera has one holder at a time, and a refusal names the holder."""

    def preflight(self, vehicle_id: VehicleId) -> Future[PreflightReport]:
        """Read the list anew."""
        ...

    def point_camera(
        self, vehicle_id: VehicleId, who: str, azimuth_deg: float, elevation_deg: float
    ) -> Future[CommandOutcome]:
        """Look in a direction: azimuth from true north, elevation up from the horizon."""
        ...

    def turn_camera(
        self, vehicle_id: VehicleId, who: str, azimuth_deg_s: float, elevation_deg_s: float
    ) -> Future[CommandOutcome]:
        """Turn at rates until the next order; both 0 to stop."""
        ...

    def look_here(self, vehicle_id: VehicleId, who: str, lat_deg: float, lon_deg: float) -> Future[CommandOutcome]:
        """Keep looking at a place on the ground."""
        ...

    def look_along_border(self, vehicle_id: VehicleId, who: str) -> Future[CommandOutcome]:
        """Keep looking at the border ahead of the aircraft."""
        ...

    def centre_camera(self, vehicle_id: VehicleId, who: str) -> Future[CommandOutcome]:
        """Look ahead, following the nose."""
        ...

    def zoom_camera(self, vehicle_id: VehicleId, who: str, direction: int) -> Future[CommandOutcome]:
        """Zoom in (1), out (-1), stop (0)."""
        ...

    def take_camera(self, vehicle_id: VehicleId, who: str, reason: str) -> Future[CommandOutcome]:
        """Become the holder; against another one only with a reason, which is logged."""
        ...

    def release_camera(self, vehicle_id: VehicleId, who: str) -> Future[CommandOutcome]:
        """Let the camera go."""
        ...
