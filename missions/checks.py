"""What is wrong with a plan before anybody flies it. Findings name their place; errors forbid the upload.

The straight lines that the aircraft really flies are checked: home to the first item, leg by leg (jumps included), and
from the last item home by RTL. ArduPilot checks none of this on upload.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from geofences.area import Area
from geofences.border import BorderGeometry
from geofences.errors import PlanError
from geofences.geodesy import FloatArray, LocalFrame
from geofences.shapes import FlyRoom, polygon_problems
from geofences.terrain import TerrainGrid
from missions import codec
from missions.plan import MissionItem, Plan

NAVIGATION_COMMANDS = frozenset({16, 17, 18, 19, 21, 22, 31, 82})


@dataclass(frozen=True)
class Finding:
    """One thing about a plan. ``item_seq`` is the mission item (from 1), 0 for home, -1 for the fence or the whole."""

    severity: Literal["error", "warning"]
    code: str
    text: str
    lat_deg: float
    lon_deg: float
    item_seq: int = -1


@dataclass(frozen=True)
class CheckLimits:
    """What the aircraft and the rules allow. Storage and counts are ArduPilot Copter's defaults.

    ``rtl_alt_m``: height above home at which it returns (it never descends to it); ``min_agl_m``: least height above
    ground on a leg, the first and last ones near home apart.
    """

    max_mission_items: int = 650
    fence_storage_bytes: int = 560
    max_vertices: int = 255
    max_rally: int = 100
    rtl_alt_m: float = 15.0
    min_agl_m: float = 30.0
    home_clear_m: float = 50.0


@dataclass(frozen=True, eq=False)
class _Stop:
    seq: int
    en_m: FloatArray
    lat_deg: float
    lon_deg: float
    alt_rel_home_m: float
    name: str


def require_ok(findings: Sequence[Finding]) -> None:
    """Raise :class:`PlanError` that lists every error with its place; warnings pass."""
    errors = [f for f in findings if f.severity == "error"]
    if errors:
        lines = "; ".join(f"{f.text} (at {f.lat_deg:.6f}, {f.lon_deg:.6f})" for f in errors[:10])
        more = f"; and {len(errors) - 10} more" if len(errors) > 10 else ""
        raise PlanError(f"the plan must not be flown: {lines}{more}", "correct the plan and check it again")


def check_plan(
    plan: Plan, area: Area | None = None, terrain: TerrainGrid | None = None, limits: CheckLimits | None = None
) -> list[Finding]:
    """All findings, errors first. Without ``area`` only the plan's own fence counts; without ``terrain`` no ground."""
    findings = list(_Check(plan, area, terrain, limits or CheckLimits()).run())
    return sorted(findings, key=lambda f: f.severity != "error")


class _Check:
    def __init__(self, plan: Plan, area: Area | None, terrain: TerrainGrid | None, limits: CheckLimits) -> None:
        self.plan, self.area, self.terrain, self.limits = plan, area, terrain, limits
        self.frame = area.frame() if area is not None else LocalFrame(plan.home_lat_deg, plan.home_lon_deg)
        self.home = self._stop(0, plan.home_lat_deg, plan.home_lon_deg, 0.0, "home")

    def _stop(self, seq: int, lat: float, lon: float, alt: float, name: str) -> _Stop:
        return _Stop(seq, self.frame.to_plane(lat, lon), lat, lon, alt, name)

    def run(self) -> Iterator[Finding]:
        """All findings."""
        yield from self._fence_polygons()
        stops, structure = self._stops()
        yield from structure
        yield from self._counts()
        if any(f.severity == "error" for f in self._fence_polygons()):
            return  # legs cannot be judged by polygons that are none
        legs = list(self._legs(stops))
        room = self._room()
        if room is not None:
            yield from self._fences(room, legs, stops)
        if self.area is not None:
            yield from self._sides(legs)
        yield from self._heights(legs, stops)

    def _error(self, code: str, text: str, at: _Stop | None = None, seq: int | None = None) -> Finding:
        place = at or self.home
        return Finding("error", code, text, place.lat_deg, place.lon_deg, place.seq if seq is None else seq)

    # -- the lists -----------------------------------------------------------------------------------------------

    def _fence_polygons(self) -> Iterator[Finding]:
        fence = self.plan.fence
        for word, polygons in (("inclusion", fence.inclusions), ("exclusion", fence.exclusions)):
            for polygon in polygons:
                for p in polygon_problems(polygon.name, polygon.points, self.frame):
                    yield Finding("error", p.code, f"{word} {p.text}", p.lat_deg, p.lon_deg)
        if not fence.inclusions:
            yield Finding("warning", "no_inclusion", "the fence has no inclusion polygon", *self._home_place())

    def _home_place(self) -> tuple[float, float]:
        return self.home.lat_deg, self.home.lon_deg

    def _counts(self) -> Iterator[Finding]:
        plan, limits = self.plan, self.limits
        if len(plan.items) + 1 > limits.max_mission_items:
            text = f"the mission has {len(plan.items)} items, the aircraft takes {limits.max_mission_items - 1}"
            yield self._error("too_many_items", text, seq=-1)
        polygons = (*plan.fence.inclusions, *plan.fence.exclusions)
        for polygon in polygons:
            if len(polygon.points) > limits.max_vertices:
                text = f"{polygon.name!r} has {len(polygon.points)} corners, the aircraft takes {limits.max_vertices}"
                yield self._error("too_many_vertices", text, seq=-1)
        # AC_PolyFence_loader: 4 bytes, and per polygon 2 and 8 for every vertex; items count against size / 8.
        used = 4 + sum(2 + 8 * len(p.points) for p in polygons)
        count = sum(len(p.points) for p in polygons)
        if used > limits.fence_storage_bytes or count > limits.fence_storage_bytes // 8:
            text = (
                f"the fence needs {used} bytes in {count} corners, the aircraft has {limits.fence_storage_bytes} bytes"
            )
            yield self._error("fence_too_big", text, seq=-1)
        if len(plan.rally) > limits.max_rally:
            yield self._error("too_many_rally", f"{len(plan.rally)} rally points are too many", seq=-1)

    def _stops(self) -> tuple[list[_Stop], list[Finding]]:
        stops: list[_Stop] = []
        findings: list[Finding] = []
        items = self.plan.items
        if not items:
            findings.append(self._error("empty_mission", "the mission has no items", seq=-1))
        last = self.home
        for seq, item in enumerate(items, start=1):
            if item.command in NAVIGATION_COMMANDS:
                last = self._located(seq, item, last)
                stops.append(last)
                if item.frame not in (0, 3, 5, 6, 10, 11):
                    text = f"item {seq} has frame {item.frame}, which no aircraft flies by"
                    findings.append(self._error("bad_frame", text, last))
            elif item.command == codec.DO_JUMP:
                target = int(item.param1)
                if not 1 <= target < len(items) + 1 or target == seq:
                    text = f"item {seq} jumps to item {target}, which is not in the mission"
                    findings.append(self._error("jump_out_of_range", text, last, seq))
                elif not any(target <= s.seq for s in stops) and target < seq:
                    findings.append(
                        self._error("jump_without_leg", f"item {seq} jumps without a leg to fly", last, seq)
                    )
                elif item.param2 < 0:
                    text = f"item {seq} jumps for ever: the aircraft never comes home by itself"
                    findings.append(Finding("warning", "endless_jump", text, last.lat_deg, last.lon_deg, seq))
        if items and items[0].command not in (codec.NAV_TAKEOFF,):
            findings.append(
                Finding("warning", "no_takeoff", "the mission does not begin with a take-off", *self._home_place(), 1)
            )
        if items and not any(i.command in (codec.NAV_RETURN_TO_LAUNCH, codec.NAV_LAND) for i in items):
            text = "the mission neither returns nor lands"
            findings.append(Finding("warning", "no_return", text, last.lat_deg, last.lon_deg, len(items)))
        return stops, findings

    def _located(self, seq: int, item: MissionItem, last: _Stop) -> _Stop:
        # 0, 0 is "where it is": a take-off without a place.
        here = item.x == 0 and item.y == 0
        lat, lon = (last.lat_deg, last.lon_deg) if here else (item.x / 1e7, item.y / 1e7)
        alt = float(item.z)
        if item.frame in (0, 5):
            alt -= self.plan.home_alt_amsl_m
        elif item.frame in (10, 11) and self.terrain is not None:
            alt += float(self.terrain.height(lat, lon)) - self.plan.home_alt_amsl_m
        return self._stop(seq, lat, lon, alt, f"item {seq}")

    def _legs(self, stops: list[_Stop]) -> Iterator[tuple[_Stop, _Stop, str]]:
        """Every straight line that is flown: start, end, what to call it."""
        previous = self.home
        by_seq = {s.seq: s for s in stops}
        ended = False
        for seq, item in enumerate(self.plan.items, start=1):
            if seq in by_seq:
                stop = by_seq[seq]
                yield previous, stop, f"the leg from {previous.name} to {stop.name}"
                previous = stop
                ended = item.command == codec.NAV_LAND
            elif item.command == codec.NAV_RETURN_TO_LAUNCH:
                yield previous, self._return_stop(previous), f"the way home from {previous.name}"
                ended = True
            elif item.command == codec.DO_JUMP:
                target = next((s for s in stops if s.seq >= int(item.param1)), None)
                if target is not None:
                    yield previous, target, f"the jump from {previous.name} to {target.name}"
        if stops and not ended:
            yield previous, self._return_stop(previous), f"the way home from {previous.name}"

    def _return_stop(self, start: _Stop) -> _Stop:
        alt = max(start.alt_rel_home_m, self.limits.rtl_alt_m)
        return self._stop(0, self.home.lat_deg, self.home.lon_deg, alt, "home")

    # -- the fences ----------------------------------------------------------------------------------------------

    def _room(self) -> FlyRoom | None:
        fence = self.plan.fence
        inclusions = [p.points for p in fence.inclusions]
        exclusions = [p.points for p in fence.exclusions]
        if not inclusions and not exclusions:
            return None
        return FlyRoom(inclusions, exclusions, self.frame, fence.union_of_inclusions)

    def _fences(self, room: FlyRoom, legs: list[tuple[_Stop, _Stop, str]], stops: list[_Stop]) -> Iterator[Finding]:
        fence = self.plan.fence
        if room.is_empty:
            text = "the fence leaves no room at all"
            if len(fence.inclusions) > 1 and not fence.union_of_inclusions:
                text = f"the {len(fence.inclusions)} inclusion polygons have no place in common; set them as a union"
            yield self._error("no_room", text, seq=-1)
            return
        if len(fence.inclusions) > 1 and not fence.union_of_inclusions:
            text = "several inclusion polygons are intersected: only what lies in all of them may be flown"
            yield Finding("warning", "intersected_inclusions", text, *self._home_place())
        if self.area is not None:
            yield from self._zones_in_force()
        home_margin = float(room.margin_m(self.home.en_m))
        if home_margin < 0.0:
            yield self._error("home_outside", f"home lies {-home_margin:.0f} m outside the fence", self.home)
        elif home_margin < fence.margin_m:
            text = f"home is only {home_margin:.0f} m from the fence"
            yield Finding("warning", "home_near_fence", text, *self._home_place(), 0)
        for start, end, what in legs:
            yield from self._leg_in_room(room, start, end, what)
        for number, rally in enumerate(self.plan.rally, start=1):
            margin = float(room.margin_m(self.frame.to_plane(rally.lat_deg, rally.lon_deg)))
            if margin < fence.margin_m:
                text = f"rally point {number} lies outside the fence or on its edge"
                yield Finding("error", "rally_outside", text, rally.lat_deg, rally.lon_deg)
        blocked = [s for s in stops if room.path_margin_m(np.stack([s.en_m, self.home.en_m])) < 0.0]
        if blocked:
            names = ", ".join(str(s.seq) for s in blocked[:8])
            text = f"a straight return from item {names} would leave the fence: steer round before RTL"
            yield Finding("warning", "rtl_blocked", text, blocked[0].lat_deg, blocked[0].lon_deg, blocked[0].seq)

    def _leg_in_room(self, room: FlyRoom, start: _Stop, end: _Stop, what: str) -> Iterator[Finding]:
        path = np.stack([start.en_m, end.en_m])
        margin = room.path_margin_m(path)
        if margin >= self.plan.fence.margin_m:
            return
        lat, lon = self.frame.from_plane(room.worst_place(path))
        place = float(lat), float(lon)
        if margin < 0.0:
            text = f"{what} leaves the fence by {-margin:.0f} m"
            yield Finding("error", "leg_outside", text, *place, end.seq)
        elif min(self._home_distance(start), self._home_distance(end)) > 1.0:
            text = f"{what} comes to {margin:.1f} m from the fence, {self.plan.fence.margin_m:g} m are asked for"
            yield Finding("error", "leg_near_fence", text, *place, end.seq)

    def _home_distance(self, stop: _Stop) -> float:
        return float(np.hypot(*(stop.en_m - self.home.en_m)))

    def _zones_in_force(self) -> Iterator[Finding]:
        """Every zone of the area must be kept by the plan's own fence: the aircraft knows no other."""
        assert self.area is not None
        fence = self.plan.fence
        for word, zones, polygons in (
            ("inclusion", self.area.inclusions, fence.inclusions),
            ("exclusion", self.area.exclusions, fence.exclusions),
        ):
            have = {tuple((round(a, 6), round(b, 6)) for a, b in p.points) for p in polygons}
            for zone in zones:
                if tuple((round(a, 6), round(b, 6)) for a, b in zone.points) not in have:
                    text = f"the fence lacks the {word} {zone.name!r} of the area"
                    yield Finding("error", "zone_missing", text, *zone.points[0])

    def _sides(self, legs: list[tuple[_Stop, _Stop, str]]) -> Iterator[Finding]:
        assert self.area is not None
        border = BorderGeometry.from_line(self.area.border, self.frame)
        sign = 1.0 if self.area.border.own_side == "left" else -1.0
        for start, end, what in legs:
            count = max(2, int(np.hypot(*(end.en_m - start.en_m)) / 2.0) + 1)
            points = start.en_m + np.linspace(0.0, 1.0, count)[:, None] * (end.en_m - start.en_m)
            fix = border.locate(points)
            over = ~fix.beyond_end & (sign * fix.signed_distance_m <= 0.0)
            if over.any():
                lat, lon = self.frame.from_plane(points[int(np.argmax(over))])
                text = f"{what} leaves our own side of the border"
                yield Finding("error", "foreign_side", text, float(lat), float(lon), end.seq)

    # -- heights -------------------------------------------------------------------------------------------------

    def _heights(self, legs: list[tuple[_Stop, _Stop, str]], stops: list[_Stop]) -> Iterator[Finding]:
        ceiling = self.plan.fence.alt_max_rel_home_m
        for stop in stops:
            if not np.isfinite(stop.alt_rel_home_m):
                yield self._error("bad_altitude", f"item {stop.seq} has no altitude", stop)
            elif stop.alt_rel_home_m > ceiling:
                text = f"item {stop.seq} is {stop.alt_rel_home_m:.0f} m above home, the ceiling is {ceiling:g} m"
                yield self._error("above_ceiling", text, stop)
        if self.limits.rtl_alt_m > ceiling:
            text = f"it returns at {self.limits.rtl_alt_m:g} m above home, the ceiling is {ceiling:g} m"
            yield self._error("rtl_above_ceiling", text, seq=-1)
        for number, rally in enumerate(self.plan.rally, start=1):
            if rally.alt_rel_home_m > ceiling:
                text = f"rally point {number} is above the ceiling of {ceiling:g} m"
                yield Finding("error", "rally_above_ceiling", text, rally.lat_deg, rally.lon_deg)
        if self.terrain is not None:
            for start, end, what in legs:
                yield from self._clearance(start, end, what)

    def _clearance(self, start: _Stop, end: _Stop, what: str) -> Iterator[Finding]:
        assert self.terrain is not None
        count = max(2, int(np.hypot(*(end.en_m - start.en_m)) / 5.0) + 1)
        share = np.linspace(0.0, 1.0, count)
        points = start.en_m + share[:, None] * (end.en_m - start.en_m)
        alt = start.alt_rel_home_m + share * (end.alt_rel_home_m - start.alt_rel_home_m)
        lat, lon = self.frame.from_plane(points)
        ground = self.terrain.height(lat, lon)
        if not np.isfinite(ground).all():
            k = int(np.argmin(np.isfinite(ground)))
            text = f"the terrain under {what} is not known"
            yield Finding("error", "terrain_unknown", text, float(lat[k]), float(lon[k]), end.seq)
            return
        agl = alt + self.plan.home_alt_amsl_m - ground
        # Taking off and landing are low by nature.
        counted = np.hypot(*(points - self.home.en_m).T) > self.limits.home_clear_m
        if counted.any():
            k = int(np.argmin(np.where(counted, agl, np.inf)))
            if agl[k] < self.limits.min_agl_m:
                text = f"{what} comes to {agl[k]:.0f} m above ground, {self.limits.min_agl_m:g} m are asked for"
                yield Finding("error", "too_low", text, float(lat[k]), float(lon[k]), end.seq)
