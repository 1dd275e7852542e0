"""What the console asks of one aircraft, carried out on the station's loop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from typing import Any, Protocol, TypeVar

from groundstation.core.errors import MarchwardenError
from groundstation.core.records import CommandOutcome, CommandResult, VehicleId
from groundstation.core.safety_records import PreflightReport
from groundstation.vehicle.camera_control import CameraControl

T = TypeVar("T")


class FlightStation(Protocol):
    """What is needed of :class:`groundstation.app.station.Station`."""

    def preflight(self, vehicle_id: VehicleId) -> Future[PreflightReport]: ...
    def camera(self, vehicle_id: VehicleId) -> CameraControl: ...
    def on_loop(self, work: Coroutine[Any, Any, T]) -> Future[T]: ...


class FlightDesk:
    """Implements :class:`groundstation.core.flight_commands.FlightCommands`."""

    def __init__(self, station: FlightStation) -> None:
        self._station = station

    def preflight(self, vehicle_id: VehicleId) -> Future[PreflightReport]:
        """Read the list anew. Raises :class:`LinkError` in the future when the station has no link."""
        try:
            return self._station.preflight(vehicle_id)
        except MarchwardenError as error:
            failed: Future[PreflightReport] = Future()
            failed.set_exception(error)
            return failed

    def point_camera(
        self, vehicle_id: VehicleId, who: str, azimuth_deg: float, elevation_deg: float
    ) -> Future[CommandOutcome]:
        """Look in a direction."""
        return self._order(vehicle_id, lambda c: c.point_angles(who, azimuth_deg, elevation_deg))

    def turn_camera(
        self, vehicle_id: VehicleId, who: str, azimuth_deg_s: float, elevation_deg_s: float
    ) -> Future[CommandOutcome]:
        """Turn at rates."""
        return self._order(vehicle_id, lambda c: c.turn(who, azimuth_deg_s, elevation_deg_s))

    def look_here(self, vehicle_id: VehicleId, who: str, lat_deg: float, lon_deg: float) -> Future[CommandOutcome]:
        """Keep looking at a place."""
        return self._order(vehicle_id, lambda c: c.point_here(who, lat_deg, lon_deg))

    def look_along_border(self, vehicle_id: VehicleId, who: str) -> Future[CommandOutcome]:
        """Keep looking at the border ahead."""
        return self._order(vehicle_id, lambda c: c.look_along_border(who))

    def centre_camera(self, vehicle_id: VehicleId, who: str) -> Future[CommandOutcome]:
        """Look ahead."""
        return self._order(vehicle_id, lambda c: c.centre(who))

    def zoom_camera(self, vehicle_id: VehicleId, who: str, direction: int) -> Future[CommandOutcome]:
        """Zoom."""
        return self._order(vehicle_id, lambda c: c.zoom_by(who, direction))

    def take_camera(self, vehicle_id: VehicleId, who: str, reason: str) -> Future[CommandOutcome]:
        """Become the holder."""
        return self._order(vehicle_id, lambda c: c.take(who, reason))

    def release_camera(self, vehicle_id: VehicleId, who: str) -> Future[CommandOutcome]:
        """Let it go."""

        async def release(control: CameraControl) -> CommandOutcome:
            grant = control.release(who)
            return CommandOutcome(CommandResult.ACCEPTED if grant.ok else CommandResult.DENIED, grant.reason)

        return self._order(vehicle_id, release)

    def _order(
        self, vehicle_id: VehicleId, order: Callable[[CameraControl], Awaitable[CommandOutcome]]
    ) -> Future[CommandOutcome]:
        # The camera is looked up on the loop as well: its parts belong to that thread.
        async def carry_out() -> CommandOutcome:
            try:
                return await order(self._station.camera(vehicle_id))
            except MarchwardenError as error:
                return CommandOutcome(CommandResult.NOT_SENT, str(error))

        try:
            return self._station.on_loop(carry_out())
        except MarchwardenError as error:
            refused: Future[CommandOutcome] = Future()
            refused.set_result(CommandOutcome(CommandResult.NOT_SENT, str(error)))
            return refused
