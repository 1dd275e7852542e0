"""What the autopilot does by itself: battery and ground-station failsafes, fence breaches, and what forbids arming."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from missions.mavlink import mavlink2 as m
from sim.autopilot.battery import Battery, BatteryEvent
from sim.autopilot.fence import GIVE_UP_DISTANCE_M, Fence, FenceType, Position, fence_names
from sim.autopilot.flight import Flight
from sim.autopilot.manoeuvres import Place
from sim.autopilot.modes import Mode
from sim.autopilot.outgoing import Outbox
from sim.autopilot.parameters import Parameters

_FENCE_PERIOD_S = 0.04
_CONTINUE_AUTO_ON_GCS_LOSS, _CONTINUE_PILOTED_ON_GCS_LOSS = 2, 16
_BATTERY_ACTIONS = {1: Mode.LAND, 2: Mode.RTL, 3: Mode.SMART_RTL, 4: Mode.SMART_RTL}
_GCS_ACTIONS = {1: Mode.RTL, 3: Mode.SMART_RTL, 4: Mode.SMART_RTL, 5: Mode.LAND, 6: Mode.RTL, 7: Mode.BRAKE}
# FENCE_ACTION: what to try, in this order. 1 and everything unknown is RTL.
_FENCE_ACTIONS = {
    2: (Mode.LAND,),
    3: (Mode.SMART_RTL, Mode.RTL, Mode.LAND),
    4: (Mode.BRAKE, Mode.LAND),
    5: (Mode.SMART_RTL, Mode.LAND),
}


class Safety:
    """Watches one vehicle. ``fence_status()`` builds the FENCE_STATUS message, or None.

    ``on_true_breach(what)`` is called when the vehicle has really left a fence, whatever it believes itself.
    """

    def __init__(
        self,
        parameters: Parameters,
        outbox: Outbox,
        flight: Flight,
        fence: Fence,
        battery: Battery,
        fence_status: Callable[[], Any | None],
        on_true_breach: Callable[[str], None],
    ) -> None:
        self._p, self._out, self._flight = parameters, outbox, flight
        self._fence, self._battery, self._fence_status = fence, battery, fence_status
        self._on_true_breach = on_true_breach
        self._next_fence_s = 0.0
        self._gcs_seen_s: float | None = None
        self._gcs_failsafe = False

    def gcs_alive(self, now_s: float) -> None:
        """The ground station that is in charge was heard."""
        self._gcs_seen_s = now_s
        if self._gcs_failsafe:
            self._gcs_failsafe = False
            self._out.text(m.MAV_SEVERITY_WARNING, "GCS Failsafe Cleared")

    def reset(self) -> None:
        """As after boot: the failsafe of a station never heard does not fire."""
        self._gcs_seen_s, self._gcs_failsafe = None, False

    def step(self, now_s: float, dt_s: float) -> None:
        """Check everything; called at every step of the flight."""
        f = self._flight
        event = self._battery.step(now_s, dt_s, f.armed and not f.landed, f.motion.vu_m_s, f.motion.speed_m_s)
        if event is not None:
            self._on_battery(event)
        self._check_gcs(now_s)
        if now_s >= self._next_fence_s:
            self._next_fence_s = now_s + _FENCE_PERIOD_S
            self._check_fence(now_s)

    def mode_changed(self, now_s: float) -> None:
        """Whoever changes the mode during a breach is left alone for a while."""
        if self._fence.breached:
            self._fence.start_manual_recovery(now_s)

    # Battery and ground station.

    def _on_battery(self, event: BatteryEvent) -> None:
        low, state = event is BatteryEvent.LOW, self._battery.state
        self._out.text(
            m.MAV_SEVERITY_WARNING,
            f"Battery 1 is {'low' if low else 'critical'} {state.voltage_v:.2f}V used {state.consumed_mah:.0f} mAh",
        )
        if not self._flight.armed or self._flight.landed:
            return
        self._out.text(m.MAV_SEVERITY_WARNING, "Battery Failsafe")
        self._act(_BATTERY_ACTIONS.get(self._p.integer("BATT_FS_LOW_ACT" if low else "BATT_FS_CRT_ACT")))

    def _act(self, mode: Mode | None) -> None:
        f = self._flight
        # A landing is not interrupted, least of all by a second failsafe.
        if mode is None or f.mode is Mode.LAND or (mode is Mode.RTL and f.mode is Mode.SMART_RTL):
            return
        for attempt in dict.fromkeys((mode, Mode.RTL, Mode.LAND)):
            if f.set_mode(attempt):
                return

    def _check_gcs(self, now_s: float) -> None:
        action = self._p.integer("FS_GCS_ENABLE")
        if action == 0 or self._gcs_seen_s is None or self._gcs_failsafe:
            return
        if now_s - self._gcs_seen_s <= self._p["FS_GCS_TIMEOUT"]:
            return
        self._gcs_failsafe = True
        f, options = self._flight, self._p.integer("FS_OPTIONS")
        if not f.armed:
            return
        if f.landed:
            f.disarm()
        elif (f.mode is Mode.AUTO and options & _CONTINUE_AUTO_ON_GCS_LOSS) or (
            f.piloted and options & _CONTINUE_PILOTED_ON_GCS_LOSS
        ):
            self._out.text(m.MAV_SEVERITY_WARNING, f"GCS Failsafe - Continuing {f.mode.name}")
        else:
            self._out.text(m.MAV_SEVERITY_WARNING, "GCS Failsafe")
            self._act(_GCS_ACTIONS.get(action))

    # Fence.

    def _position(self, east_m: float, north_m: float, up_m: float) -> Position:
        home = self._flight.home
        if home is None:
            return Position(east_m, north_m, 0.0, 0.0)
        return Position(east_m, north_m, up_m - home.up_m, math.hypot(east_m - home.east_m, north_m - home.north_m))

    def fence_allows(self, place: Place) -> bool:
        """Whether a GUIDED target is inside every fence in force."""
        return self._fence.allows(self._position(place.east_m, place.north_m, self._flight.nav().up_of(place)))

    def return_ceiling_m(self) -> float:
        """The height above home that a return must not climb through."""
        if FenceType.ALT_MAX & self._fence.in_force:
            return self._p["FENCE_ALT_MAX"] - self._p["FENCE_MARGIN"]
        return math.inf

    def _check_fence(self, now_s: float) -> None:
        f, fence = self._flight, self._fence
        if not fence.in_force or not f.ready:
            return
        airborne = f.armed and not f.landed
        # The true height is above the true launch height: where home was measured wrong, the ceiling is not moved.
        true_home_m = f.true_home_up_m
        s = f.motion
        position = self._position(s.east_m, s.north_m, s.up_m)
        if true_home_m is not None:
            position = Position(s.east_m, s.north_m, s.up_m - true_home_m, position.home_distance_m)
        left = fence.note_truth(position, airborne)
        if left:
            self._on_true_breach(fence_names(left))
        new, distance_m = fence.check(self._position(*f.position_m), now_s, airborne)
        if not new or not f.armed:
            return
        if not f.landed:
            self._out.text(m.MAV_SEVERITY_NOTICE, f"{fence_names(new)} breached")
        status = self._fence_status()
        if status is not None:
            self._out.send(None, status)
        action = self._p.integer("FENCE_ACTION")
        if action == 0:
            return
        if f.landed:
            f.disarm()
            return
        # Far outside, coming back would cross too much that is forbidden.
        modes = (Mode.LAND,) if distance_m > GIVE_UP_DISTANCE_M else _FENCE_ACTIONS.get(action, (Mode.RTL, Mode.LAND))
        for mode in modes:
            if f.set_mode(mode):
                break
        fence.start_manual_recovery(now_s)

    # Arming.

    def pre_arm_failure(self) -> str:
        """Why the vehicle must not be armed, as far as this file knows; empty when it may."""
        if self._battery.failsafe:
            return "Battery failsafe"
        needed_mah = self._p["BATT_ARM_MAH"]
        if needed_mah > 0 and self._p["BATT_CAPACITY"] - self._battery.state.consumed_mah < needed_mah:
            return "Battery 1 below minimum arming capacity"
        if self._gcs_failsafe:
            return "GCS failsafe on"
        types = self._fence.in_force & ~FenceType.ALT_MIN
        out = FenceType.NONE
        for kind, value in self._fence.excess_m(self._position(*self._flight.position_m), types).items():
            if value >= 0.0:
                out |= kind
        return f"Vehicle breaching {fence_names(out)}" if out else ""
