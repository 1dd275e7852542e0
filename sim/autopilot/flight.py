"""The vehicle that flies: arming, modes, home, and the manoeuvre of the moment. It steers by its sensors, not by truth."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass

from missions.mavlink import mavlink2 as m
from sim.autopilot.manoeuvres import Brake, Hold, Land, Leg, Manoeuvre, Nav, Place, TakeOff, Velocity
from sim.autopilot.modes import ARMABLE, DISPLAY_NAMES, NEED_POSITION, PILOTED, Mode
from sim.autopilot.outgoing import Outbox
from sim.autopilot.parameters import Parameters
from sim.dynamics import Demand, Limits, LocalGrid, MotionState, Vec3, step
from sim.state import SensorErrors

_log = logging.getLogger("sim.autopilot.flight")

EKF_READY_S = 2.0
_LAND_DETECT_S = 1.0
_BREADCRUMB_M = 5.0


def _bounded(value: float, least: float, most: float) -> float:
    """What the airframe makes of a parameter that it could not fly by."""
    return min(max(value, least), most)


@dataclass(frozen=True)
class Home:
    """Home as the vehicle believes it: grid position and height AMSL."""

    east_m: float
    north_m: float
    up_m: float


class Flight:
    """Owns the motion. ``ground_m(east_m, north_m)`` is the true ground height AMSL in the grid."""

    def __init__(
        self,
        parameters: Parameters,
        outbox: Outbox,
        grid: LocalGrid,
        ground_m: Callable[[float, float], float],
        wind_en_m_s: tuple[float, float] = (0.0, 0.0),
        yaw_deg: float = 0.0,
    ) -> None:
        self._p, self._out, self.grid, self._ground = parameters, outbox, grid, ground_m
        self._wind = wind_en_m_s
        self.air: Callable[[float, float], tuple[tuple[float, float], tuple[float, float]]] | None = None
        """``(now_s, dt_s)`` to the wind and what it carries the vehicle off; None: the mean wind, which carries nothing."""
        self.airspeed_m_s = math.inf
        self.motion = MotionState(up_m=ground_m(0.0, 0.0), yaw_deg=yaw_deg)
        self.errors = SensorErrors()
        self.now_s = 0.0
        self.mode = Mode.STABILIZE
        self.armed = False
        self.home: Home | None = None
        self.home_set_by_user = False
        self.true_home_up_m: float | None = None
        """True height of the ground where home was set: what a ceiling above home is really above."""
        self.manoeuvre: Manoeuvre | None = None
        self.paused = False
        self.landed = True
        self.speed_m_s = parameters["WPNAV_SPEED"] / 100.0
        self.climb_m_s, self.descent_m_s = parameters["WPNAV_SPEED_UP"] / 100.0, parameters["WPNAV_SPEED_DN"] / 100.0
        self.yaw_override_deg: float | None = None
        self.yaw_override_rate_deg_s = 60.0
        self._still_since_s: float | None = None
        self._idle_since_s: float | None = None
        self._rtl_phase = ""
        self._rtl_wait_s = 0.0
        self._breadcrumbs: list[Vec3] = []
        # Wired by the autopilot: modes that need more than this file knows.
        self.enter_auto: Callable[[], str] = lambda: "init failed"
        self.step_auto: Callable[[], None] = lambda: None
        self.leave_auto: Callable[[], None] = lambda: None
        self.on_disarm: Callable[[], None] = lambda: None
        self.on_mode_change: Callable[[], None] = lambda: None
        self.may_pause: Callable[[], bool] = lambda: self.mode is Mode.GUIDED
        self.pre_arm_failure: Callable[[], str] = lambda: ""
        self.rally_places: Callable[[], list[Place]] = list
        self.return_ceiling_m: Callable[[], float] = lambda: math.inf

    # What it believes.

    @property
    def ready(self) -> bool:
        """There is a position estimate."""
        return self.now_s >= EKF_READY_S

    @property
    def position_m(self) -> Vec3:
        """Where the vehicle believes to be: grid east, north, AMSL."""
        s, e = self.motion, self.errors
        return s.east_m + e.east_m, s.north_m + e.north_m, s.up_m + e.up_m

    @property
    def alt_rel_home_m(self) -> float:
        """Believed height above home."""
        return self.position_m[2] - (self.home.up_m if self.home else self.position_m[2])

    def ground_m(self, east_m: float, north_m: float) -> float:
        """Ground height AMSL from the terrain data on board."""
        return self._ground(east_m, north_m)

    def nav(self) -> Nav:
        """The controller's view."""
        p, s = self._p, self.motion
        position = self.position_m
        return Nav(
            now_s=self.now_s,
            position_m=position,
            velocity_m_s=(s.ve_m_s, s.vn_m_s, s.vu_m_s),
            yaw_deg=s.yaw_deg,
            on_ground=s.on_ground,
            speed_m_s=_bounded(self.speed_m_s, 0.1, 20.0),
            climb_m_s=_bounded(self.climb_m_s, 0.1, 10.0),
            descent_m_s=_bounded(self.descent_m_s, 0.1, 5.0),
            accel_m_s2=_bounded(p["WPNAV_ACCEL"] / 100.0, 0.5, 10.0),
            accel_z_m_s2=_bounded(p["WPNAV_ACCEL_Z"] / 100.0, 0.5, 10.0),
            radius_m=_bounded(p["WPNAV_RADIUS"] / 100.0, 0.1, 10.0),
            ground_m=self._ground,
            terrain_m=self._ground(position[0], position[1]),
        )

    def here(self) -> Place:
        """The believed position as a place."""
        return Place(*self.position_m)

    # Arming.

    def set_home_here(self) -> None:
        """Home is where the vehicle believes to be."""
        self.home = Home(*self.position_m)
        self.true_home_up_m = self.motion.up_m

    def arm(self, force: bool = False) -> bool:
        """Arm; says why not in STATUSTEXT."""
        if self.armed:
            return True
        if not force:
            reason = self.arming_failure()
            if reason:
                self._out.text(m.MAV_SEVERITY_CRITICAL, f"Arm: {reason}")
                return False
        self.armed = True
        self._idle_since_s = self.now_s
        if not self.home_set_by_user:
            self.set_home_here()
        self._breadcrumbs = [self.position_m]
        self._out.text(m.MAV_SEVERITY_INFO, "Arming motors")
        return True

    def arming_failure(self) -> str:
        """Why the vehicle would refuse to arm in this mode; empty when it would not."""
        if self._p["ARMING_CHECK"] != 0:
            if not self.ready and self.mode in NEED_POSITION:
                return "Need Position Estimate"
            if not self.ready:
                return "AHRS: waiting for home"
            reason = self.pre_arm_failure()
            if reason:
                return reason
        auto_ok = self.mode is Mode.AUTO and self._p.integer("AUTO_OPTIONS") & 1
        return "" if self.mode in ARMABLE or auto_ok else f"{DISPLAY_NAMES[self.mode]} mode not armable"

    def disarm(self, force: bool = False) -> bool:
        """Disarm; refused in the air unless forced."""
        if not self.armed:
            return True
        if not force and not self.landed:
            return False
        self.armed = False
        self.landed = True
        self.manoeuvre = None
        self._out.text(m.MAV_SEVERITY_INFO, "Disarming motors")
        self.on_disarm()
        return True

    # Modes.

    def set_mode(self, mode: Mode) -> bool:
        """Change the mode; says why not in STATUSTEXT. On a disarmed vehicle any mode can be set, arming then objects."""
        if mode is self.mode:
            return True
        reason = self._enter(mode)
        if reason:
            self._out.text(m.MAV_SEVERITY_WARNING, f"Mode change to {DISPLAY_NAMES[mode]} failed: {reason}")
            return False
        if self.mode is Mode.AUTO:
            self.leave_auto()
        _log.info("mode %s -> %s", self.mode.name, mode.name)
        self.mode = mode
        self.on_mode_change()
        return True

    def _enter(self, mode: Mode) -> str:
        if self.armed and mode in NEED_POSITION and not self.ready:
            return "requires position"
        if mode is Mode.SMART_RTL and not self.landed and len(self._breadcrumbs) < 2:
            return "init failed"
        self.reset_speeds()
        self.paused = False
        self.yaw_override_deg = None
        manoeuvre: Manoeuvre | None = None
        if mode is Mode.AUTO:
            before = self.manoeuvre
            self.manoeuvre = None
            reason = self.enter_auto() if self.armed else ""
            if reason:
                self.manoeuvre = before
            return reason
        if mode in (Mode.RTL, Mode.SMART_RTL):
            self._start_return(mode)
            return ""
        if mode is Mode.LAND:
            manoeuvre = self._landing(*self.position_m[:2]) if not self.landed else None
        elif not self.landed:
            manoeuvre = Brake()
        self.manoeuvre = manoeuvre
        return ""

    def reset_speeds(self) -> None:
        """Back to the speeds of the parameters."""
        p = self._p
        self.speed_m_s = p["WPNAV_SPEED"] / 100.0
        self.climb_m_s, self.descent_m_s = p["WPNAV_SPEED_UP"] / 100.0, p["WPNAV_SPEED_DN"] / 100.0

    def _landing(self, east_m: float, north_m: float) -> Land:
        fast = self._p["LAND_SPEED_HIGH"] / 100.0
        if fast > 0:
            self.descent_m_s = fast
        slow = _bounded(self._p["LAND_SPEED"] / 100.0, 0.3, 2.0)
        return Land(east_m, north_m, slow, self._p["LAND_ALT_LOW"] / 100.0)

    def take_off(self, alt_rel_home_m: float) -> bool:
        """``NAV_TAKEOFF``: needs a mode that can, armed, on the ground, and a height above the present one."""
        if not self.armed or not self.landed or alt_rel_home_m <= self.alt_rel_home_m or self.home is None:
            return False
        if self.mode not in (Mode.GUIDED, Mode.LOITER, Mode.POSHOLD, Mode.ALT_HOLD):
            return False
        self.start_take_off(self.home.up_m + alt_rel_home_m)
        return True

    def start_take_off(self, up_m: float) -> None:
        """Climb to a height AMSL from where the vehicle is."""
        e, n, _ = self.position_m
        self.landed = False
        self._still_since_s = None
        self.manoeuvre = TakeOff(e, n, up_m)

    def start_landing(self, place: Place | None = None) -> None:
        """Land here, or below ``place`` where the vehicle is now."""
        e, n, _ = self.position_m
        self.manoeuvre = self._landing(*(e, n) if place is None else (place.east_m, place.north_m))

    def go_to(self, place: Place, yaw_deg: float | None = None, end_speed_m_s: float = 0.0, face: bool = True) -> None:
        """Fly straight to a place from here."""
        face = face and self._p["WP_YAW_BEHAVIOR"] != 0
        self.manoeuvre = Leg(self.here(), place, end_speed_m_s, yaw_deg, face_along=face)

    # Return.

    def _start_return(self, mode: Mode) -> None:
        if self.landed:
            self.manoeuvre = None
            self._rtl_phase = "land"
            return
        self._rtl_phase = "retrace" if mode is Mode.SMART_RTL else "climb"
        speed = self._p["RTL_SPEED"] / 100.0
        if speed > 0:
            self.speed_m_s = speed
        e, n, u = self.position_m
        if mode is Mode.SMART_RTL:
            self.manoeuvre = Brake()
            return
        assert self.home is not None
        goal = self._return_goal()
        height = max(self._p["RTL_ALT"] / 100.0, u - self.home.up_m + max(0.0, self._p["RTL_CLIMB_MIN"] / 100.0))
        if goal.height_m - self.home.up_m > height:
            height = goal.height_m - self.home.up_m
        # Never climb through the ceiling on the way home, but never descend below where it is either.
        height = max(min(height, self.return_ceiling_m()), u - self.home.up_m)
        self._rtl_up_m = self.home.up_m + height
        self._rtl_goal = goal
        self.manoeuvre = TakeOff(e, n, self._rtl_up_m)

    def _return_goal(self) -> Place:
        """Home or the rally point that is nearer."""
        assert self.home is not None
        e, n, _ = self.position_m
        home = Place(self.home.east_m, self.home.north_m, self.home.up_m)

        def distance(place: Place) -> float:
            return math.hypot(place.east_m - e, place.north_m - n)

        rally = min(self.rally_places(), key=distance, default=None)
        if rally is None:
            return home
        limit_m = self._p["RALLY_LIMIT_KM"] * 1000.0
        nearer_home = distance(home) < distance(rally)
        if nearer_home and (self._p["RALLY_INCL_HOME"] or (limit_m > 0 and distance(rally) > limit_m)):
            return home
        return rally

    def _step_return(self) -> None:
        done = self.manoeuvre is not None and self.manoeuvre.done
        if self._rtl_phase == "retrace" and done:
            if self._breadcrumbs:
                self.manoeuvre = Leg(self.here(), Place(*self._breadcrumbs.pop()), self.speed_m_s / 2.0)
            else:
                self._rtl_phase = "land"
                self.start_landing()
        elif self._rtl_phase == "climb" and done:
            self._rtl_phase = "return"
            goal = self._rtl_goal
            face = self._p["WP_YAW_BEHAVIOR"] == 1
            self.go_to(Place(goal.east_m, goal.north_m, self._rtl_up_m), face=face)
        elif self._rtl_phase == "return" and done:
            self._rtl_phase, self._rtl_wait_s = "loiter", self.now_s + self._p["RTL_LOIT_TIME"] / 1000.0
            self.manoeuvre = Hold(Place(self._rtl_goal.east_m, self._rtl_goal.north_m, self._rtl_up_m))
        elif self._rtl_phase == "loiter" and self.now_s >= self._rtl_wait_s:
            self._rtl_phase = "land"
            self.start_landing(self._rtl_goal)

    def start_return(self) -> None:
        """The return of RTL as part of a mission."""
        self._start_return(Mode.RTL)

    def step_return(self) -> None:
        """Advance the return that :meth:`start_return` began."""
        self._step_return()

    # Time.

    def advance(self, dt_s: float) -> None:
        """Fly for ``dt_s`` up to ``now_s``, by what the sensors said last."""
        if self.armed:
            if self.mode in (Mode.RTL, Mode.SMART_RTL):
                self._step_return()
            elif self.mode is Mode.AUTO:
                self.step_auto()
        demand = Demand()
        if self.armed and self.manoeuvre is not None:
            demand = Demand(yaw_deg=None) if self.paused else self.manoeuvre.demand(self.nav())
        elif self.armed and not self.landed:
            self.manoeuvre = Brake()
        if self.yaw_override_deg is not None:
            demand = Demand(demand.velocity_m_s, self.yaw_override_deg, self.yaw_override_rate_deg_s)
        if not self.armed and not self.motion.on_ground:
            # Motors off in the air: it falls.
            demand = Demand((0.0, 0.0, -1000.0))
        limits = Limits(
            accel_horizontal_m_s2=_bounded(self._p["WPNAV_ACCEL"] / 100.0, 0.5, 10.0),
            accel_vertical_m_s2=_bounded(self._p["WPNAV_ACCEL_Z"] / 100.0, 0.5, 10.0) if self.armed else 9.8,
            climb_m_s=_bounded(self.climb_m_s, 0.1, 10.0),
            descent_m_s=_bounded(self.descent_m_s, 0.1, 5.0) if self.armed else 60.0,
            yaw_rate_deg_s=_bounded(self._p["ATC_SLEW_YAW"] / 100.0, 5.0, 180.0),
            bank_deg=_bounded(self._p["ANGLE_MAX"] / 100.0, 10.0, 80.0),
            airspeed_m_s=self.airspeed_m_s,
        )
        ground = self._ground(self.motion.east_m, self.motion.north_m)
        wind, push = (self._wind, (0.0, 0.0)) if self.air is None else self.air(self.now_s, dt_s)
        self.motion = step(self.motion, demand, limits, dt_s, ground, wind, push)
        self._detect_landing()
        self._drop_breadcrumb()

    def _detect_landing(self) -> None:
        climbing = isinstance(self.manoeuvre, TakeOff) and not self.manoeuvre.done
        if self.motion.on_ground and not climbing:
            if self._still_since_s is None:
                self._still_since_s = self.now_s
            if self.now_s - self._still_since_s >= _LAND_DETECT_S and not self.landed:
                self.landed = True
                landing = self.mode in (Mode.LAND, Mode.RTL, Mode.SMART_RTL)
                if landing:
                    self.disarm()
        elif not self.motion.on_ground:
            self._still_since_s = None
            self.landed = False
        if self.armed and self.landed and not climbing:
            if self._idle_since_s is None:
                self._idle_since_s = self.now_s
            delay = self._p["DISARM_DELAY"]
            if self.mode in (Mode.LAND, Mode.RTL, Mode.SMART_RTL) or (
                delay > 0 and self.now_s - self._idle_since_s >= delay
            ):
                self.disarm()
        else:
            self._idle_since_s = None

    def _drop_breadcrumb(self) -> None:
        if not self.armed or self.landed or self.mode in (Mode.RTL, Mode.SMART_RTL, Mode.LAND):
            return
        here = self.position_m
        last = self._breadcrumbs[-1] if self._breadcrumbs else None
        if last is None or math.dist(here, last) >= _BREADCRUMB_M:
            self._breadcrumbs.append(here)
            if len(self._breadcrumbs) > 4000:
                # Coarser instead of shorter: the way back must stay whole.
                self._breadcrumbs = [self._breadcrumbs[0], *self._breadcrumbs[1::2]]

    # GUIDED.

    def guided_to(self, place: Place, yaw_deg: float | None = None) -> None:
        """A new GUIDED target."""
        self.paused = False
        self.go_to(place, yaw_deg)

    def guided_velocity(self, velocity_m_s: Vec3, yaw_deg: float | None) -> None:
        """A GUIDED velocity, good for ``GUID_TIMEOUT`` seconds."""
        self.paused = False
        self.manoeuvre = Velocity(velocity_m_s, self.now_s + self._p["GUID_TIMEOUT"], yaw_deg)

    def pause(self, stop: bool) -> bool:
        """``DO_PAUSE_CONTINUE``; only where there is something to pause."""
        if not self.may_pause():
            return False
        if not stop and self.paused and isinstance(self.manoeuvre, Leg):
            # The leg goes on from the line, wherever the wind of the pause has left the vehicle.
            self.manoeuvre.done = False
        self.paused = stop
        return True

    @property
    def piloted(self) -> bool:
        """In a mode that a pilot flies."""
        return self.mode in PILOTED
