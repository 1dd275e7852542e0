"""All checks of one plan, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from geofences.area import Area
from geofences.terrain import TerrainGrid
from missions.chart import Chart
from missions.checks import air, zones
from missions.checks.findings import CheckLimits, Circumstances, Finding, limits_for
from missions.checks.ground import check_clearance, check_return_ground, check_sight
from missions.checks.legs import check_ceiling, check_fence, stretches
from missions.checks.lists import check_counts, check_items, check_shapes
from missions.checks.looks import check_looks
from missions.checks.return_zones import check_return_zones
from missions.checks.returns import check_returns
from missions.checks.room import FenceRoom
from missions.flown_path import flown_path
from missions.performance import KNOWN, Performance
from missions.plan import Plan


def check_plan(
    plan: Plan,
    area: Area | None = None,
    terrain: TerrainGrid | None = None,
    limits: CheckLimits | None = None,
    given: Circumstances | None = None,
) -> list[Finding]:
    """All findings, errors first.

    Without ``area`` only the plan's own fence counts; without ``terrain`` no ground. ``limits`` None: those of the aircraft
    in ``given``, or of an ordinary quadcopter.
    """
    given = given or Circumstances()
    performance = given.performance or KNOWN["quadcopter"]
    if limits is None:
        limits = limits_for(performance)
    return sorted(_Check(plan, area, terrain, limits, given, performance).run(), key=lambda f: f.severity != "error")


@dataclass(frozen=True)
class _Check:
    plan: Plan
    area: Area | None
    terrain: TerrainGrid | None
    limits: CheckLimits
    given: Circumstances
    performance: Performance

    def run(self) -> Iterator[Finding]:
        """Everything that can be said; what is no polygon or no place keeps the rest from being judged."""
        plan, limits, given = self.plan, self.limits, self.given
        chart = Chart(plan.home_lat_deg, plan.home_lon_deg)
        shapes = list(check_shapes(plan, chart))
        items = list(check_items(plan))
        yield from shapes
        yield from items
        yield from check_counts(plan, limits)
        if any(f.severity == "error" for f in shapes) or any(f.code == "bad_coordinate" for f in items):
            return
        path = flown_path(plan, self.performance, given.wind, self.terrain, limits.rtl_alt_m)
        parts = stretches(path)
        fence = plan.fence
        if fence.has_areas:
            room = FenceRoom(fence, chart)
            need_m = max(fence.margin_m, self.performance.speed_m_s / limits.check_hz)
            yield from check_fence(plan, path, parts, room, need_m, limits)
            radius_m = self.performance.turn_radius_m
            yield from check_returns(plan, path, parts, room, self.performance.family, radius_m)
            if self.area is not None:
                yield from zones.check_in_force(self.area, room, given.t_utc_us)
        yield from check_ceiling(plan, path, parts, limits)
        if self.area is not None and parts:
            datum = zones.datum_of(plan, self.terrain)
            yield from zones.check_zones(self.area, path, parts, datum, self._span_us())
            yield from zones.check_obstacles(self.area, path, parts, datum, limits)
            yield from zones.check_side(self.area, path, parts)
            yield from check_return_zones(
                plan,
                path,
                self.area,
                datum,
                limits,
                self.performance.family,
                self.performance.turn_radius_m,
                self._span_us(),
            )
            yield from check_looks(plan, self.area, self.terrain, given.camera)
        if self.terrain is not None:
            yield from check_clearance(plan, path, parts, self.terrain, limits)
            yield from check_return_ground(plan, path, self.terrain, limits, self.performance.family)
        yield from air.check_weather(plan, given, self.area.weather if self.area is not None else None)
        if given.performance is not None:
            yield from air.check_battery(plan, given)
            yield from air.check_range(plan, path, parts, given)
            if self.terrain is not None:
                yield from check_sight(plan, path, self.terrain, limits)

    def _span_us(self) -> tuple[int, int] | None:
        begin = self.given.t_utc_us
        return None if begin is None else (begin, begin + round(1e6 * air.flight_s(self.plan, self.given)))
