"""What an operator does with the camera of one aircraft: point, zoom, look along the border, slew to a cue.

Every order goes through the holder (one at a time) and through the rules of what may be looked at. An order is believed
when the aircraft has accepted it; where the camera really looks is in the aircraft's state.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from geofences.border import BorderGeometry
from geofences.geodesy import LocalFrame
from groundstation.core.clock import Clock
from groundstation.core.records import CommandOutcome, CommandResult, VehicleId, VehicleState
from groundstation.core.safety_records import CameraState
from groundstation.vehicle import gimbal as g
from groundstation.vehicle.camera import CameraPart, zoom_order, zoom_rate_order
from groundstation.vehicle.camera_holder import CameraHolder, Grant
from groundstation.vehicle.commands import REQUEST_MESSAGE, Command
from groundstation.vehicle.gimbal import GimbalPart
from groundstation.vehicle.look import (
    BorderLook,
    LookRules,
    Place,
    Viewpoint,
    allowed_border_look,
    angles_to,
    border_target,
)

_log = logging.getLogger("groundstation.camera")

BORDER_EVERY_S = 1.0
_CUE_OLD_S = 10.0
_NEVER = frozenset({CommandResult.UNSUPPORTED, CommandResult.DENIED, CommandResult.FAILED})


class CommandPort(Protocol):
    """What is needed of :class:`groundstation.vehicle.service.VehicleService`."""

    def state(self, vehicle_id: VehicleId) -> VehicleState: ...
    async def command(
        self, vehicle_id: VehicleId, command: Command, component_id: int | None = None
    ) -> CommandOutcome: ...


@dataclass(frozen=True, eq=False)
class BorderLine:
    """The border in the plane of its frame."""

    geometry: BorderGeometry
    frame: LocalFrame


@dataclass(frozen=True)
class Cue:
    """Something to look at: a track, a report of a neighbour, a click. ``age_s``: of its position."""

    name: str
    place: Place
    age_s: float = 0.0


class CameraControl:
    """The camera of one aircraft. ``field_of_view_deg``: horizontal and vertical, for the footprint; ``rules`` are asked
    for at each order, so that they may follow the fence."""

    def __init__(
        self,
        port: CommandPort,
        vehicle_id: VehicleId,
        clock: Clock,
        cameras: CameraPart,
        gimbals: GimbalPart,
        rules: Callable[[], LookRules],
        field_of_view_deg: tuple[float, float] = (40.0, 23.1),
        border: BorderLine | None = None,
        holder: CameraHolder | None = None,
    ) -> None:
        self._port, self._vehicle_id, self._clock = port, vehicle_id, clock
        self._cameras, self._gimbals, self._rules = cameras, gimbals, rules
        self._fov_deg, self._border = field_of_view_deg, border
        self.holder = holder or CameraHolder(f"camera of {vehicle_id}")
        self._along: tuple[str, float] | None = None
        self._last_look: BorderLook | None = None
        self._next_border_s = 0.0
        self.looking_at = ""

    def _now_s(self) -> float:
        return self._clock.mono_ns() / 1e9

    @property
    def view(self) -> Viewpoint:
        """Where the camera is."""
        state = self._port.state(self._vehicle_id)
        return Viewpoint(state.lat_deg, state.lon_deg, state.alt_amsl_m, *self._fov_deg)

    # -- orders --------------------------------------------------------------------------------------------------

    async def point_here(self, who: str, lat_deg: float, lon_deg: float) -> CommandOutcome:
        """Keep looking at a place on the ground."""
        rules = self._rules()
        place = Place(lat_deg, lon_deg, rules.ground.height(lat_deg, lon_deg))
        return await self._look(who, place, f"{lat_deg:.5f}, {lon_deg:.5f}", rules)

    async def slew_to_cue(self, who: str, cue: Cue) -> CommandOutcome:
        """Look at a track or a report; refused with the reason outside the fence or near an area not to be looked at."""
        if cue.age_s > _CUE_OLD_S:
            return _refused(f"the position of {cue.name} is {cue.age_s:.0f} s old")
        return await self._look(who, cue.place, cue.name, self._rules())

    async def _look(self, who: str, place: Place, name: str, rules: LookRules) -> CommandOutcome:
        grant = self.holder.use(who, self._now_s())
        if not grant.ok:
            return _refused(grant.reason)
        refusal = self.refusal(place, rules)
        if refusal:
            return _refused(refusal)
        self._along = None
        return await self._send(g.look_at_order(place.lat_deg, place.lon_deg, place.alt_amsl_m), name)

    def refusal(self, place: Place, rules: LookRules | None = None) -> str:
        """Why a place would not be looked at, "" when it would: to grey out what would be refused."""
        refusal = (rules or self._rules()).refusal(self.view, place)
        if refusal or not self.view.known:
            return refusal
        return self._gimbals.reach_problem(angles_to(self.view, place)[1])

    async def point_angles(self, who: str, azimuth_deg: float, elevation_deg: float) -> CommandOutcome:
        """Look in a direction from true north; it keeps to it while the aircraft turns."""
        return await self._steer(
            who,
            lambda: g.angles_order(elevation_deg, azimuth_deg),
            f"{azimuth_deg:.0f} degrees, {elevation_deg:.0f} up",
        )

    async def turn(self, who: str, azimuth_deg_s: float, elevation_deg_s: float) -> CommandOutcome:
        """Turn at rates until the next order, both 0 to stop."""
        return await self._steer(who, lambda: g.rates_order(elevation_deg_s, azimuth_deg_s), "by hand")

    async def centre(self, who: str) -> CommandOutcome:
        """Back to the neutral angles, following the nose."""
        return await self._steer(who, g.neutral_order, "ahead")

    async def let_go(self, who: str) -> CommandOutcome:
        """Stop looking at a place."""
        return await self._steer(who, g.look_at_nothing_order, "")

    async def _steer(self, who: str, order: Callable[[], Command], name: str) -> CommandOutcome:
        grant = self.holder.use(who, self._now_s())
        if not grant.ok:
            return _refused(grant.reason)
        try:
            command = order()
        except ValueError as error:
            return _refused(str(error))
        self._along = None
        return await self._send(command, name)

    async def zoom(self, who: str, percent: float) -> CommandOutcome:
        """Zoom to a share of the range, 0 wide to 100 close."""
        return await self._zoom(who, lambda: zoom_order(percent))

    async def zoom_by(self, who: str, direction: int) -> CommandOutcome:
        """Zoom in (1), out (-1), stop (0)."""
        return await self._zoom(who, lambda: zoom_rate_order(direction))

    async def _zoom(self, who: str, order: Callable[[], Command]) -> CommandOutcome:
        grant = self.holder.use(who, self._now_s())
        if not grant.ok:
            return _refused(grant.reason)
        able = [c.component for c in self._cameras.cameras.values() if c.can_zoom]
        if self._cameras.cameras and not able:
            return _refused("no camera of this aircraft says that it can zoom")
        try:
            command = order()
        except ValueError as error:
            return _refused(str(error))
        component = able[0] if able and able[0] != self._vehicle_id.component_id else None
        return await self._port.command(self._vehicle_id, command, component)

    async def _send(self, command: Command, name: str) -> CommandOutcome:
        outcome = await self._port.command(self._vehicle_id, command)
        if outcome.ok:
            self.looking_at = name
        return outcome

    # -- along the border ----------------------------------------------------------------------------------------

    async def look_along_border(self, who: str, ahead_m: float = 150.0) -> CommandOutcome:
        """Keep looking at the border ahead of the aircraft while it flies, until the next order or :meth:`let_go`."""
        if self._border is None:
            return _refused("no border is drawn in this area")
        grant = self.holder.use(who, self._now_s())
        if not grant.ok:
            return _refused(grant.reason)
        self._along, self._last_look = (who, ahead_m), None
        outcome = await self._follow_border()
        if not outcome.ok:
            self._along = None
        return outcome

    async def _follow_border(self) -> CommandOutcome:
        assert self._along is not None
        assert self._border is not None
        state, rules, line = self._port.state(self._vehicle_id), self._rules(), self._border
        if not self.view.known:
            return _refused("where the aircraft is is not known")
        before = self._last_look
        look = border_target(
            line.geometry, line.frame, (state.lat_deg, state.lon_deg), state.velocity_ned_m_s[:2], rules.ground,
            self._along[1], before.forward if before is not None else True,
        )  # fmt: skip
        allowed = allowed_border_look(look, line.geometry, line.frame, self.view, rules)
        if isinstance(allowed, str):
            return _refused(allowed)
        # Small steps are not worth an order each.
        if before is not None and abs(allowed.along_m - before.along_m) < 5.0:
            return CommandOutcome(CommandResult.ACCEPTED)
        self._last_look = allowed
        place = allowed.place
        return await self._send(g.look_at_order(place.lat_deg, place.lon_deg, place.alt_amsl_m), "along the border")

    # -- holding -------------------------------------------------------------------------------------------------

    async def take(self, who: str, reason: str = "") -> CommandOutcome:
        """Become the holder; with a reason also against another. Tells the gimbal manager too, which does not enforce it."""
        grant = self.holder.take(who, reason, self._now_s()) if reason else self.holder.use(who, self._now_s())
        if not grant.ok:
            return _refused(grant.reason)
        outcome = await self._port.command(self._vehicle_id, g.take_control_order())
        if not outcome.ok:
            _log.info("camera of %s: the gimbal manager does not note the holder: %s", self._vehicle_id, outcome.reason)
        return CommandOutcome(CommandResult.ACCEPTED)

    def hand_over(self, who: str, to: str) -> Grant:
        """Give it to another."""
        return self.holder.hand_over(who, to, self._now_s())

    def keep(self, who: str) -> Grant:
        """The holder says no to one who asks."""
        return self.holder.keep(who, self._now_s())

    def release(self, who: str) -> Grant:
        """Let it go."""
        if self._along is not None and self._along[0] == who:
            self._along = None
        return self.holder.release(who, self._now_s())

    # -- what time brings ----------------------------------------------------------------------------------------

    async def step(self) -> None:
        """Ask cameras for what is not known, move along the border; to be called about once a second."""
        now_s = self._now_s()
        self.holder.on_time(now_s)
        if not self._port.state(self._vehicle_id).link_alive:
            return
        for component, command in self._cameras.questions(now_s):
            outcome = await self._port.command(
                self._vehicle_id, command, component if component != self._vehicle_id.component_id else None
            )
            assert command.command == REQUEST_MESSAGE
            if outcome.result in _NEVER:
                self._cameras.answered_no(component, int(command.param1))
        if self._along is None or now_s < self._next_border_s:
            return
        who = self._along[0]
        if self.holder.holder not in ("", who):
            self._along = None  # it was handed on
            return
        self._next_border_s = now_s + BORDER_EVERY_S
        # Following is using: it stays with who asked for it until another asks.
        if not self.holder.asked_by:
            self.holder.use(who, now_s)
        outcome = await self._follow_border()
        if not outcome.ok:
            _log.warning("camera of %s: no longer along the border: %s", self._vehicle_id, outcome.reason)
            self._along, self.looking_at = None, ""

    def record(self) -> CameraState:
        """For the bus."""
        now_s, now_us = self._now_s(), self._clock.utc_us()
        held_us = now_us + round((self.holder.until_s - now_s) * 1e6) if self.holder.holder else 0
        check = self._cameras.fov_check
        return CameraState(
            self._vehicle_id, now_us, tuple(self._cameras.cameras.values()), tuple(self._gimbals.gimbals.values()),
            self.holder.holder, held_us, self.holder.asked_by, self._gimbals.foreign_control, self.looking_at,
            check.difference_m if check is not None else math.nan, check.text if check is not None else "",
        )  # fmt: skip


def _refused(reason: str) -> CommandOutcome:
    return CommandOutcome(CommandResult.DENIED, reason)
