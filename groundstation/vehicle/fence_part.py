"""Keeps the fence of one aircraft in sight: what it says and holds, the verdict on it, and when it will be breached."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from geofences.area import Zone
from geofences.shapes import HeightDatum
from geofences.terrain import TerrainGrid
from groundstation.core.forecast_records import BreachAhead, FlightForecast
from groundstation.core.records import Fault, VehicleId, VehicleState
from groundstation.core.safety_records import FenceReport
from groundstation.vehicle import fence_tables as t
from groundstation.vehicle.course_turn import CourseTurn
from groundstation.vehicle.fence_checks import fence_report
from groundstation.vehicle.fence_shapes import FenceRegion, FenceShapes
from groundstation.vehicle.fence_state import FENCE_PARAMETERS, FenceBits, FenceSight, FenceStatusSeen
from groundstation.vehicle.forecast import Breach, Limits, Movement, forecast
from groundstation.vehicle.forecast_countdown import Look
from groundstation.vehicle.forecast_fences import Fence, FenceSet, held_fences, zone_fences
from groundstation.vehicle.hysteresis import Standing
from groundstation.vehicle.modes import Family
from groundstation.vehicle.parameter_watch import ParameterWatch
from missions.codec import MissionKind, WireItem, decode, items_of
from missions.plan import Plan

MOVEMENT_PARAMETERS = ("WP_ACC", "ROLL_LIMIT_DEG", "AIRSPEED_CRUISE")
_STATUS_OLD_S = 5.0
_LEG_OLD_S = 3.0
_WIND_OLD_S = 10.0
_LOOK_S = 0.1
# The service calls at about this rate; a call that comes a little early must not be put off to the next.
_EARLY_S = 0.02
_WARN_S, _CRITICAL_S = 10.0, 4.0
_COMING_DOWN = frozenset({"RTL", "LAND", "SMART_RTL", "AUTO_RTL", "QRTL", "QLAND", "AUTOLAND", "BRAKE"})
_EDGE_WORDS = {"edge": "the edge", "ceiling": "the ceiling", "floor": "the floor"}
_CAUSE_WORDS = {
    "course": "it flies straight there",
    "stopping": "mostly its stopping distance",
    "wind": "mostly the wind from behind",
    "late_telemetry": "mostly the age of its telemetry",
}


class FencePart:
    """The fence of one aircraft. ``terrain``: to compare its ceiling with the ground."""

    def __init__(
        self,
        vehicle_id: VehicleId,
        family: Family,
        parameters: ParameterWatch | None = None,
        terrain: TerrainGrid | None = None,
    ) -> None:
        self._vehicle_id, self._family, self._terrain = vehicle_id, family, terrain
        self._parameters = parameters or ParameterWatch(vehicle_id)
        self._parameters.want((*FENCE_PARAMETERS, *MOVEMENT_PARAMETERS))
        self._bits: FenceBits | None = None
        self._status: tuple[float, FenceStatusSeen] | None = None
        self._items: tuple[WireItem, ...] | None = None
        self._reading: dict[int, WireItem] | None = None
        self._reading_count = 0
        self._plan: Plan | None = None
        self._position_s = math.nan
        self._wind_en_m_s = (0.0, 0.0)
        self._wind_s = -math.inf
        self._leg: tuple[float, float] = (-math.inf, math.nan)
        self._changes = 0
        self._seen: Any = None
        self._sight: FenceSight | None = None
        self._looked_s = -math.inf
        self._limits = Limits()
        self._zones: tuple[tuple[Zone, ...], tuple[Zone, ...]] = ((), ())
        self._turn = CourseTurn()
        self._coming: tuple[Breach, ...] = ()
        self._look: Look | None = None
        self._soon = {"warning": Standing(0.3, 2.0), "critical": Standing(0.0, 2.0)}
        self.region: FenceRegion | None = None
        """Where the areas that it holds let it be, in force or not; None while that cannot be told."""
        self.report = FenceReport(vehicle_id, 0)

    # -- what is told to it --------------------------------------------------------------------------------------

    def set_items(self, items: Sequence[WireItem] | None) -> None:
        """The fence items that were read back of the aircraft; None: what it holds is not known any more."""
        self._changes += 1
        self._items = None if items is None else tuple(items)

    def set_plan(self, plan: Plan | None) -> None:
        """The plan that is to be flown, to compare the fence with."""
        self._changes += 1
        self._plan = plan

    def set_zones(self, inclusions: tuple[Zone, ...], exclusions: tuple[Zone, ...]) -> None:
        """The zones of the area that hold now: the forecast counts those too that the aircraft cannot hold itself."""
        if self._zones != (inclusions, exclusions):
            self._changes += 1
            self._zones = (inclusions, exclusions)

    @property
    def coming(self) -> tuple[Breach, ...]:
        """The breaches ahead as they were reckoned last, the nearest first."""
        return self._coming

    def record(self, now_s: float) -> FlightForecast:
        """The wind, if the aircraft has told it lately, and the breaches ahead, for the bus."""
        wind = self._wind_en_m_s if now_s - self._wind_s < _WIND_OLD_S else None
        ahead = tuple(BreachAhead(b.edge, b.time_s, b.distance_m, b.fence, b.cause) for b in self._coming)
        return FlightForecast(self._vehicle_id, 0, wind, ahead)

    @property
    def items_known(self) -> bool:
        """Whether the areas that the aircraft holds have been read."""
        return self._items is not None

    def on_message(self, _link_name: str, message: Any, now_s: float) -> list[Any]:
        """Takes the fence's state, and reads along when anybody on our link downloads the fence."""
        if (message.get_srcSystem(), message.get_srcComponent()) != tuple(self._vehicle_id):
            return []
        kind = message.get_type()
        if kind == "SYS_STATUS":
            self._bits = FenceBits.of(message)
        elif kind == "FENCE_STATUS":
            seen = FenceStatusSeen(bool(message.breach_status), message.breach_count, message.breach_type)
            self._status = (now_s, seen)
        elif kind == "GLOBAL_POSITION_INT":
            self._position_s = now_s
            self._turn.add(now_s, message.vx / 100.0, message.vy / 100.0)
        elif kind == "WIND":
            if math.isfinite(message.direction) and math.isfinite(message.speed):
                # "direction" is where it comes from.
                towards = math.radians(message.direction + 180.0)
                self._wind_en_m_s = (message.speed * math.sin(towards), message.speed * math.cos(towards))
                self._wind_s = now_s
        elif kind == "NAV_CONTROLLER_OUTPUT":
            self._leg = (now_s, float(message.wp_dist))
        elif kind in ("MISSION_COUNT", "MISSION_ITEM_INT", "MISSION_ACK") and message.mission_type == MissionKind.FENCE:
            self._read_along(kind, message)
        return []

    def _read_along(self, kind: str, message: Any) -> None:
        if kind == "MISSION_COUNT":
            self._reading, self._reading_count = {}, message.count
            if message.count == 0:
                self._reading = None
                self.set_items(())
        elif kind == "MISSION_ITEM_INT" and self._reading is not None:
            self._reading[message.seq] = decode(message)
            if len(self._reading) == self._reading_count:
                self.set_items([self._reading[seq] for seq in sorted(self._reading)])
                self._reading = None
        elif kind == "MISSION_ACK" and message.type == 0:
            # Somebody has changed it: until it is read back nobody knows what it holds.
            self._reading = None
            self.set_items(None)

    def sight(self, state: VehicleState, now_s: float) -> FenceSight:
        """Everything known of the fence now."""
        status = self._status[1] if self._status is not None and now_s - self._status[0] < _STATUS_OLD_S else None
        return FenceSight(
            self._vehicle_id, self._family, self._bits, status, dict(self._parameters.values), self._items,
            state.home_lat_deg, state.home_lon_deg, state.home_alt_amsl_m, state.armed,
        )  # fmt: skip

    # -- what time brings ----------------------------------------------------------------------------------------

    def on_time(self, state: VehicleState, now_s: float) -> list[Any]:
        """Judges anew when anything changed, and looks ahead."""
        status_lives = self._status is not None and now_s - self._status[0] < _STATUS_OLD_S
        home = (state.home_lat_deg, state.home_lon_deg, state.home_alt_amsl_m)
        seen = (
            self._parameters.changes, self._bits, self._status[1] if self._status and status_lives else None,
            self._changes, None if math.isnan(home[0]) else home, state.armed,
        )  # fmt: skip
        if self._sight is None or seen != self._seen:
            self._seen, self._sight = seen, self.sight(state, now_s)
            self.report = fence_report(self._sight, state.t_utc_us, self._plan, self._terrain)
            self.region = self._sight.region()
            self._limits = self._limits_of(self._sight, state.t_utc_us)
        if now_s - self._looked_s >= _LOOK_S - _EARLY_S:
            self._looked_s = now_s
            self._coming = self._look_ahead(state, now_s)
        return []

    def _limits_of(self, sight: FenceSight, t_utc_us: int) -> Limits:
        """Only what acts, and the area's own zones: a fence that only reports is no reason to brake."""
        holds = {f.kind for f in self.report.fences if f.force in ("in_force", "by_command", "breached")}
        frame = sight.frame()
        fences = self._held(sight) if holds & {"areas", "home_circle"} else ()
        if frame is not None:
            fences = (*fences, *self._drawn(sight, {f.name for f in fences}, t_utc_us))
        return Limits(
            FenceSet(fences, frame) if fences and frame is not None else None,
            sight.value("FENCE_ALT_MAX") if "ceiling" in holds else None,
            sight.value("FENCE_ALT_MIN") if "floor" in holds else None,
        )

    def _held(self, sight: FenceSight) -> tuple[Fence, ...]:
        """The areas on the aircraft, by the names that the plan gives them where they are the plan's."""
        shapes, frame, region = sight.shapes, sight.frame(), self.region
        if shapes is None or frame is None or region is None or region.is_empty:
            return ()
        radius_m = sight.value("FENCE_RADIUS")
        around = None
        if sight.bit(t.TYPE_CIRCLE) and radius_m is not None:
            around = ((sight.home_lat_deg, sight.home_lon_deg), radius_m)
        names: list[str] = []
        if self._plan is not None and self._items == items_of(self._plan, MissionKind.FENCE):
            fence = self._plan.fence
            names = [a.name for a in (*fence.inclusions, *fence.exclusions)]
            names += [c.name for c in (*fence.inclusion_circles, *fence.exclusion_circles)]
        held = shapes if sight.bit(t.TYPE_AREAS) else FenceShapes()
        return held_fences(held, frame, bool(sight.union), around, names)

    def _drawn(self, sight: FenceSight, held: set[str], t_utc_us: int) -> tuple[Fence, ...]:
        """The area's zones, without those that the aircraft holds itself."""
        frame = sight.frame()
        if frame is None or not any(self._zones):
            return ()
        home = sight.home_alt_amsl_m
        datum = HeightDatum(home if math.isfinite(home) else None, self._terrain)
        inclusions, exclusions = (tuple(z for z in zones if z.name not in held) for zones in self._zones)
        return (
            *zone_fences(inclusions, "inclusion", frame, datum, t_utc_us),
            *zone_fences(exclusions, "exclusion", frame, datum, t_utc_us),
        )

    def _look_ahead(self, state: VehicleState, now_s: float) -> tuple[Breach, ...]:
        if not state.armed or not state.link_alive or math.isnan(self._position_s):
            return ()
        limits = self._limits
        if state.mode in _COMING_DOWN:
            limits = Limits(limits.fences, limits.ceiling_rel_home_m, None)
        told_s, left_m = self._leg
        # In GUIDED by velocity an aircraft tells 0: it flies to no place.
        follows = state.mode == "AUTO" or (state.mode == "GUIDED" and left_m > 1.0)
        leg_m = left_m if follows and now_s - told_s < _LEG_OLD_S else math.nan
        age_s = min(max(now_s - self._position_s, 0.0), 10.0)
        turn_deg_s = self._turn.deg_s(now_s)
        made_from = (id(self._limits), state.mode, self._leg if follows else None, self._wind_en_m_s)
        if self._look is not None:
            same = self._look.run_down(state, now_s, self._position_s, turn_deg_s, made_from)
            if same is not None:
                return same
        coming = forecast(state, age_s, limits, self._family, self._movement(), self._wind_en_m_s, leg_m, turn_deg_s)
        self._look = Look(now_s, self._position_s, state, turn_deg_s, made_from, coming)
        return coming

    def _movement(self) -> Movement:
        sight = self._sight
        accel = sight.value("WP_ACC") if sight is not None else None
        bank = sight.value("ROLL_LIMIT_DEG") if sight is not None else None
        return Movement(
            decel_m_s2=accel if accel else Movement.decel_m_s2, bank_deg=bank if bank else Movement.bank_deg
        )

    def faults(self, state: VehicleState, now_s: float) -> tuple[Fault, ...]:
        """A breach to come, and a verdict that is failed while the aircraft is armed."""
        found: list[Fault] = []
        nearest = self._coming[0] if self._coming else None
        # A breach that has happened is told by the aircraft itself.
        time_s = nearest.time_s if nearest is not None and not state.fence.breached else math.inf
        critical = self._soon["critical"].update(time_s < _CRITICAL_S, now_s)
        warning = self._soon["warning"].update(time_s < _WARN_S, now_s)
        if critical or warning:
            if nearest is not None and time_s < _WARN_S:
                when = f"in {time_s:.0f} s it must brake for" if time_s > 0.0 else "it cannot stop any more before"
                what = _EDGE_WORDS[nearest.edge] + (f" of {nearest.fence}" if nearest.fence else " of the fence")
                away_m = max(nearest.distance_m, 0.0)
                text = f"Breach ahead: {when} {what}, {away_m:.0f} m away: {_CAUSE_WORDS[nearest.cause]}"
            else:
                text = "Breach ahead: it has turned away"
            remedy = "hold or turn away now; at the edge it acts by its fence action"
            found.append(Fault("breach_ahead", "critical" if critical else "warning", text, remedy))
        failed = [f for f in self.report.findings if f.state == "failed" and f.id != "fence_breached"]
        if state.armed and failed:
            more = f" (and {len(failed) - 1} more)" if len(failed) > 1 else ""
            found.append(Fault("fence_verdict", "critical", f"{failed[0].text}{more}", failed[0].remedy))
        return tuple(found)
