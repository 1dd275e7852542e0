"""Flies the mission: navigation items one after the other, DO and CONDITION items between them, as ArduPilot orders them.

The DO items behind a navigation item are carried out when that item is complete, while the next one is being flown; a
CONDITION item holds up the DO items behind it, and whatever is still waiting when the next navigation item completes is
dropped.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import Enum

from missions.mavlink import mavlink2 as m
from sim.autopilot.flight import Flight
from sim.autopilot.gimbal import Gimbal
from sim.autopilot.items import CONDITION_COMMANDS, NAV_COMMANDS, Item
from sim.autopilot.manoeuvres import Hold, Leg, Orbit, Place
from sim.autopilot.outgoing import Outbox
from sim.autopilot.parameters import Parameters
from sim.autopilot.stores import MissionStore
from sim.dynamics import wrap_180

_MOST_JUMPS = 100


class MissionState(Enum):
    """Life of the mission."""

    STOPPED = "stopped"
    RUNNING = "running"
    COMPLETE = "complete"


class MissionRunner:
    """``place_of(item)`` turns an item's frame, x, y, z into a place; raises nothing."""

    def __init__(
        self,
        parameters: Parameters,
        outbox: Outbox,
        flight: Flight,
        gimbal: Gimbal,
        store: MissionStore,
        place_of: Callable[[Item], Place],
    ) -> None:
        self._p, self._out, self._flight, self._gimbal, self._store = parameters, outbox, flight, gimbal, store
        self._place_of = place_of
        self.state = MissionState.STOPPED
        self.seq = 0
        """The navigation item being flown, or to be flown next; 0 before the first."""
        self._item: Item | None = None
        self._queue: list[int] = []
        self._delay_until_s: float | None = None
        self._yaw_goal_deg: float | None = None
        self._arrived_s: float | None = None
        self._jumps: dict[int, int] = {}
        self.go = False
        """Set by MISSION_START: lets a mission begin from the ground."""
        self.on_fence_enable: Callable[[int], None] = lambda action: None
        store.on_complete = self._on_upload

    # Orders.

    def enter(self) -> str:
        """AUTO begins; the reason when it cannot."""
        if self._store.count() < 2:
            return "init failed"
        if self._flight.armed and self._flight.landed and not self._starts_with_take_off():
            self._out.text(m.MAV_SEVERITY_CRITICAL, "Auto: Missing Takeoff Cmd")
            return "init failed"
        if not self._flight.landed:
            self.go = True
            self._start_or_resume()
        return ""

    def start(self) -> None:
        """MISSION_START while in AUTO; on a disarmed vehicle it does nothing."""
        self.go = self._flight.armed
        if self._flight.armed and self.state is not MissionState.RUNNING:
            self._start_or_resume()

    def leave(self) -> None:
        """AUTO ends; the mission keeps its place."""
        if self.state is MissionState.RUNNING:
            self.state = MissionState.STOPPED
        self._item = None
        self.go = False

    def reset(self) -> None:
        """Back to the first item, jump counters too."""
        self.seq = 0
        self._jumps.clear()
        self.state = MissionState.STOPPED
        self._item = None
        self.go = False

    def set_current(self, seq: int, reset: bool) -> bool:
        """Jump to an item; in AUTO it is flown at once."""
        if not 0 <= seq < self._store.count():
            return False
        if reset:
            self._jumps.clear()
        running = self.state is MissionState.RUNNING
        self.seq = max(seq, 1) if self._store.count() > 1 else 0
        flying_auto = self._flight.mode.name == "AUTO" and self._flight.armed and not self._flight.landed
        if self.state is MissionState.COMPLETE:
            self.state = MissionState.STOPPED
        if running or (reset and flying_auto):
            self._begin_at(self.seq)
        return True

    # Time.

    def step(self) -> None:
        """Called at every step in AUTO while armed."""
        if self.state is MissionState.STOPPED and self.go:
            self._start_or_resume()
        if self.state is not MissionState.RUNNING:
            return
        if self._flight.paused:
            return
        self._work_queue()
        if self._item is not None and self._nav_done(self._item):
            self._out.send(None, m.MAVLink_mission_item_reached_message(self.seq))
            self._begin_at(self.seq + 1)

    def _starts_with_take_off(self) -> bool:
        first = next((self._store.get(i) for i in range(1, self._store.count()) if self._is_nav(i)), None)
        return first is not None and first.command == m.MAV_CMD_NAV_TAKEOFF

    def _is_nav(self, seq: int) -> bool:
        return self._store.get(seq).command in NAV_COMMANDS

    def _start_or_resume(self) -> None:
        if self._p["MIS_RESTART"] != 0 or self.seq == 0 or self.state is MissionState.COMPLETE:
            self._jumps.clear()
            self.seq = 1
        self.state = MissionState.RUNNING
        self._begin_at(self.seq)

    def _begin_at(self, seq: int) -> None:
        """Walk from ``seq`` to the next navigation item, collecting the DO items on the way, and start it."""
        self._queue, self._delay_until_s, self._yaw_goal_deg = [], None, None
        jumps = 0
        while True:
            if not 1 <= seq < self._store.count():
                self._work_queue()
                self._complete()
                return
            item = self._store.get(seq)
            if item.command == m.MAV_CMD_DO_JUMP:
                jumps += 1
                if jumps > _MOST_JUMPS:
                    self._complete()
                    return
                seq = self._jump(seq, item)
            elif item.command in NAV_COMMANDS:
                break
            else:
                self._queue.append(seq)
                seq += 1
        self.seq, self._item, self._arrived_s = seq, item, None
        self.state = MissionState.RUNNING
        self._flight.yaw_override_deg = None
        self._out.text(m.MAV_SEVERITY_INFO, f"Mission: {seq} {_title(item.command)}")
        self._out.send(None, self.current_message())
        self._start_nav(item)
        self._work_queue()

    def _jump(self, seq: int, item: Item) -> int:
        times = int(item.param2)
        done = self._jumps.get(seq, 0)
        target = int(item.param1)
        if not 1 <= target < self._store.count():
            return self._store.count()
        if times >= 0:
            if done >= times:
                return seq + 1
            self._jumps[seq] = done + 1
        return target

    def _complete(self) -> None:
        self._item = None
        self.state = MissionState.COMPLETE
        self._out.send(None, self.current_message())
        if self._flight.landed:
            self._flight.disarm()
        elif not isinstance(self._flight.manoeuvre, Hold):
            self._flight.manoeuvre = Hold(self._hold_place())

    def _hold_place(self) -> Place:
        manoeuvre = self._flight.manoeuvre
        target = manoeuvre.target() if isinstance(manoeuvre, Leg) else None
        return target if target is not None else self._flight.here()

    # Navigation items.

    def _place(self, item: Item) -> Place:
        place = self._place_of(item)
        if item.x == 0 and item.y == 0:
            here = self._flight.here()
            place = Place(here.east_m, here.north_m, place.height_m, place.above_ground)
        if item.z == 0 and item.command != m.MAV_CMD_NAV_LAND:
            place = Place(place.east_m, place.north_m, self._flight.position_m[2])
        return place

    def _start_nav(self, item: Item) -> None:
        flight, command = self._flight, item.command
        if command == m.MAV_CMD_NAV_TAKEOFF:
            assert flight.home is not None
            up = flight.nav().up_of(self._place(item)) if item.z else flight.home.up_m
            flight.start_take_off(up)
        elif command == m.MAV_CMD_NAV_RETURN_TO_LAUNCH:
            flight.start_return()
        elif command == m.MAV_CMD_NAV_LAND:
            place = self._place(item)
            here = flight.here()
            # First over the place at the present height, then down.
            self._land_at = Place(place.east_m, place.north_m, here.height_m)
            if item.x == 0 and item.y == 0:
                flight.start_landing()
            else:
                flight.go_to(self._land_at)
        elif command == m.MAV_CMD_NAV_DELAY:
            self._arrived_s = flight.now_s
            flight.manoeuvre = Hold(self._hold_place())
        elif command == m.MAV_CMD_NAV_LOITER_TURNS:
            radius = abs(item.param3) or self._p["CIRCLE_RADIUS"] / 100.0
            flight.manoeuvre = Orbit(self._place(item), radius, max(item.param1, 0.0), item.param3 < 0)
        else:
            self._start_leg(item)

    def _start_leg(self, item: Item) -> None:
        flight = self._flight
        end = self._place(item)
        # Straight on from the last waypoint, so that the track is the planned line and not one from where it cut off.
        before = flight.manoeuvre
        start = before.end if isinstance(before, Leg) and before.done else flight.here()
        face = self._p["WP_YAW_BEHAVIOR"] != 0
        flight.manoeuvre = Leg(start, end, self._end_speed(item, start, end), face_along=face)

    def _end_speed(self, item: Item, start: Place, end: Place) -> float:
        """Speed over the end point: none to stop there, else what the corner to the next leg allows."""
        if item.command != m.MAV_CMD_NAV_WAYPOINT or item.param1 > 0:
            return 0.0
        seq = self.seq + 1
        while seq < self._store.count() and not self._is_nav(seq):
            if self._store.get(seq).command == m.MAV_CMD_DO_JUMP:
                return 0.0
            seq += 1
        if seq >= self._store.count():
            return 0.0
        following = self._store.get(seq)
        if following.command not in (m.MAV_CMD_NAV_WAYPOINT, m.MAV_CMD_NAV_LOITER_UNLIM, m.MAV_CMD_NAV_LOITER_TIME):
            return 0.0
        after = self._place(following)
        a, b = (
            (end.east_m - start.east_m, end.north_m - start.north_m),
            (
                after.east_m - end.east_m,
                after.north_m - end.north_m,
            ),
        )
        lengths = math.hypot(*a) * math.hypot(*b)
        if lengths < 1e-6:
            return 0.0
        cosine = (a[0] * b[0] + a[1] * b[1]) / lengths
        return self._flight.speed_m_s * cosine * cosine if cosine > 0.0 else 0.0

    def _nav_done(self, item: Item) -> bool:
        flight, command, now = self._flight, item.command, self._flight.now_s
        if command == m.MAV_CMD_NAV_RETURN_TO_LAUNCH:
            flight.step_return()
            return flight.landed
        if command == m.MAV_CMD_NAV_DELAY:
            return self._arrived_s is not None and now - self._arrived_s >= item.param1
        manoeuvre = flight.manoeuvre
        done = manoeuvre is not None and manoeuvre.done
        if command == m.MAV_CMD_NAV_LAND:
            if isinstance(manoeuvre, Leg):
                if done and flight.motion.speed_m_s < 0.5:
                    flight.start_landing(self._land_at)
                return False
            return flight.landed
        if not done or command == m.MAV_CMD_NAV_LOITER_UNLIM:
            return False
        hold_s = item.param1 if command in (m.MAV_CMD_NAV_WAYPOINT, m.MAV_CMD_NAV_LOITER_TIME) else 0.0
        if self._arrived_s is None:
            self._arrived_s = now
        return now - self._arrived_s >= hold_s

    # DO and CONDITION items.

    def _work_queue(self) -> None:
        while self._queue:
            item = self._store.get(self._queue[0]) if self._queue[0] < self._store.count() else None
            if item is None:
                self._queue.clear()
                return
            if item.command in CONDITION_COMMANDS:
                if not self._condition_done(item):
                    return
            else:
                self._do(item)
            self._queue.pop(0)

    def _condition_done(self, item: Item) -> bool:
        flight = self._flight
        if item.command == m.MAV_CMD_CONDITION_DELAY:
            if self._delay_until_s is None:
                self._delay_until_s = flight.now_s + item.param1
            if flight.now_s < self._delay_until_s:
                return False
            self._delay_until_s = None
            return True
        if item.command == m.MAV_CMD_CONDITION_DISTANCE:
            target = flight.manoeuvre.target() if flight.manoeuvre is not None else None
            e, n, _ = flight.position_m
            return target is None or math.hypot(target.east_m - e, target.north_m - n) <= item.param1
        if self._yaw_goal_deg is None:
            self._yaw_goal_deg = turn_to(flight, item.param1, item.param2, item.param3, item.param4)
        if abs(wrap_180(self._yaw_goal_deg - flight.motion.yaw_deg)) > 2.0:
            return False
        self._yaw_goal_deg = None
        return True

    def _do(self, item: Item) -> None:
        flight, gimbal, command = self._flight, self._gimbal, item.command
        if command == m.MAV_CMD_DO_CHANGE_SPEED:
            change_speed(flight, item.param1, item.param2)
        elif command in (m.MAV_CMD_DO_SET_ROI_LOCATION, m.MAV_CMD_DO_SET_ROI):
            if item.x == 0 and item.y == 0:
                gimbal.neutral()
            else:
                place = self._place_of(item)
                gimbal.look_at((place.east_m, place.north_m, flight.nav().up_of(place)))
        elif command == m.MAV_CMD_DO_SET_ROI_NONE:
            gimbal.neutral()
        elif command == m.MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW:
            # Whole numbers cannot say "not given": angles are what is meant, unless they are out of all reason.
            angles = abs(item.param1) <= 90 and abs(item.param2) <= 360
            pitch_yaw = (item.param1, item.param2) if angles else (math.nan, math.nan)
            rates = (math.nan, math.nan) if angles else (item.param3, item.param4)
            gimbal.order(item.x, *pitch_yaw, *rates)
        elif command == m.MAV_CMD_DO_MOUNT_CONTROL:
            gimbal.point(item.param1, item.param3, math.nan, math.nan, yaw_lock=False)
        elif command == m.MAV_CMD_DO_FENCE_ENABLE:
            self.on_fence_enable(int(item.param1))

    # Telemetry and changes.

    def current_message(self) -> m.MAVLink_mission_current_message:
        """``MISSION_CURRENT`` with ArduPilot's extensions: ``total`` without home, state never "paused"."""
        count = self._store.count()
        state = {
            MissionState.STOPPED: m.MISSION_STATE_NOT_STARTED,
            MissionState.RUNNING: m.MISSION_STATE_ACTIVE,
            MissionState.COMPLETE: m.MISSION_STATE_COMPLETE,
        }[self.state]
        if count <= 1:
            state = m.MISSION_STATE_NO_MISSION
        mode = 1 if self._flight.mode.name == "AUTO" else 2
        return m.MAVLink_mission_current_message(self.seq, max(count - 1, 0), state, mode)

    def _on_upload(self) -> None:
        """A new list is in. In flight the leg is begun again when its item has changed."""
        if self.state is MissionState.RUNNING:
            if self.seq >= self._store.count():
                self._complete()
            elif self._store.get(self.seq) != self._item:
                self._begin_at(self.seq)
        elif self.state is MissionState.COMPLETE:
            self.state = MissionState.STOPPED
            self.seq = 0
        elif self.seq >= self._store.count():
            self.seq = 0


def change_speed(flight: Flight, kind: float, speed_m_s: float) -> bool:
    """``DO_CHANGE_SPEED``: 0 and 1 over the ground, 2 climb, 3 descent."""
    if not 0.0 < speed_m_s < math.inf:
        return False
    if kind in (0, 1):
        flight.speed_m_s = speed_m_s
    elif kind == 2:
        flight.climb_m_s = speed_m_s
    elif kind == 3:
        flight.descent_m_s = speed_m_s
    else:
        return False
    return True


def turn_to(flight: Flight, angle_deg: float, rate_deg_s: float, direction: float, relative: float) -> float:
    """``CONDITION_YAW``: sets the heading to hold and returns it."""
    if relative:
        sign = -1.0 if direction < 0 else 1.0
        angle_deg = flight.motion.yaw_deg + sign * angle_deg
    flight.yaw_override_deg = angle_deg % 360.0
    flight.yaw_override_rate_deg_s = rate_deg_s if 0.0 < rate_deg_s < math.inf else 60.0
    return flight.yaw_override_deg


_TITLES = {
    m.MAV_CMD_NAV_WAYPOINT: "WP",
    m.MAV_CMD_NAV_SPLINE_WAYPOINT: "SplineWP",
    m.MAV_CMD_NAV_TAKEOFF: "Takeoff",
    m.MAV_CMD_NAV_LAND: "Land",
    m.MAV_CMD_NAV_RETURN_TO_LAUNCH: "RTL",
    m.MAV_CMD_NAV_LOITER_UNLIM: "LoiterUnlim",
    m.MAV_CMD_NAV_LOITER_TIME: "LoiterTime",
    m.MAV_CMD_NAV_LOITER_TURNS: "LoiterTurns",
    m.MAV_CMD_NAV_DELAY: "Delay",
}


def _title(command: int) -> str:
    return _TITLES.get(command, str(command))
