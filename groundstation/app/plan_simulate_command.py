"""``groundstation plan simulate``: a plan flown in the simulator, what it saw, and how near it came to its fences.

Exit code 0: flown and landed inside every fence with the reserve; 1: it left a fence, ran into its reserve or did not come
home; 2: bad input.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from geofences.area import Area
from geofences.errors import ConfigError, PlanError
from geofences.geodesy import LocalFrame
from geofences.shapes import FlyRoom
from geofences.weather import wind_towards_en_m_s
from groundstation.app.plan_check_command import Checked, load, own_wind_en_m_s
from groundstation.app.plan_margins import Margins, margins_of
from groundstation.app.plan_names import named_by
from groundstation.app.plan_seen import (
    Pictures,
    Pieces,
    Seen,
    border_pieces,
    cell_pieces,
    picture_centres,
    pictures_of,
    seen_by,
)
from missions.codec import DO_JUMP, MissionKind, items_of
from missions.coverage.grid import CoverageGrid
from missions.coverage.rule import CoverageRule
from missions.flown_path import flown_path
from missions.footprint import Camera
from missions.performance import Performance
from missions.plan import MissionItem, Plan
from sim.plan_flight import Airframe, Flown, PlanFlight, with_laps
from sim.plane_flight import PlaneFlight
from sim.wind import GustyAir

_SWEEPS = frozenset({"sweep"})
_SEARCHES = frozenset({"expanding_square", "sector", "orbit"})
_GUSTS = 0.15
_SWATH_CELL_M = 10.0
_MOST_EXCURSIONS = 50


@dataclass(frozen=True, eq=False)
class Simulated:
    """One plan after its flight."""

    given: Checked
    own: Mapping[str, Any]
    flown: Flown
    margins: Margins
    swung_m: float | None
    """The smallest margin round the corners, with the overshoot of a real aircraft; None without a fence or corners."""
    start_s: float
    laps: int
    reserve_fraction: float

    @property
    def battery_left(self) -> float:
        """Fraction on landing."""
        return float(self.flown.battery_left[-1])

    @property
    def margin_m(self) -> float | None:
        """The smaller of what the simulator flew and what a real aircraft may swing out to; None without a fence."""
        return min((m for m in (self.margins.smallest_m, self.swung_m) if m is not None), default=None)

    @property
    def fine(self) -> bool:
        """Inside its fences, with the reserve, home."""
        kept = self.battery_left >= self.reserve_fraction - 5e-4
        return (
            (self.swung_m is None or self.swung_m >= 0.0)
            and not self.margins.excursions
            and kept
            and self.flown.ended == "landed"
        )


def run(options: argparse.Namespace) -> int:
    """Carry out the command line. Raises :class:`ConfigError` and :class:`PlanError` for bad input (exit code 2)."""
    _check(options)
    starts = _starts(options)
    done = [_simulated(options, number, starts[number]) for number in range(len(options.plan))]
    result = _result(done, options)
    if options.json:
        json.dump(result, sys.stdout, indent=2, allow_nan=False)
        print()
    else:
        _print(result)
    return 0 if all(d.fine for d in done) else 1


def _check(options: argparse.Namespace) -> None:
    if not 0.1 <= options.pictures_hz <= 5.0:
        raise ConfigError(f"--pictures-hz {options.pictures_hz:g}: is not usable", "give 0.1 to 5")
    if options.laps is not None and not 1 <= options.laps <= 10_000:
        raise ConfigError(f"--laps {options.laps}: is no number of laps", "give 1 or more")
    if options.duration_s is not None and not 1.0 <= options.duration_s <= 21_600.0:
        raise ConfigError(f"--duration-s {options.duration_s:g}: is not usable", "give 1 to 21600 seconds")


def _starts(options: argparse.Namespace) -> list[float]:
    if options.start is None:
        return [0.0] * len(options.plan)
    try:
        starts = [float(part) for part in options.start.split(",")]
    except ValueError:
        starts = []
    if len(starts) != len(options.plan) or not all(0.0 <= s <= 86_400.0 for s in starts):
        raise ConfigError(f"--start {options.start!r}: is not one time for each plan", "give seconds, like 0,600")
    return starts


def _wind(options: argparse.Namespace, own: Mapping[str, Any]) -> tuple[tuple[float, float], float]:
    """Where the air moves to, east and north, and one sigma of its gusts."""
    if options.wind is None:
        mean = own_wind_en_m_s(own) or (0.0, 0.0)
        return mean, _GUSTS * math.hypot(*mean)
    try:
        numbers = [float(part) for part in options.wind.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in (2, 3) or not all(math.isfinite(v) for v in numbers):
        numbers = [-1.0, 0.0]
    speed, come_from = numbers[:2]
    gust = numbers[2] if len(numbers) == 3 else _GUSTS * speed
    if not (0.0 <= speed <= 60.0 and -360.0 <= come_from <= 360.0 and 0.0 <= gust <= 30.0):
        raise ConfigError(
            f"--wind {options.wind!r}: is no wind", "give m/s and degrees that it comes from, like 6,270 or 6,270,1.5"
        )
    return wind_towards_en_m_s(speed, come_from), gust


def _simulated(options: argparse.Namespace, number: int, start_s: float) -> Simulated:
    file = options.plan[number]
    # The wind of the checks has another form: it is read here.
    plain = argparse.Namespace(**{**vars(options), "wind": None})
    given = load(file, plain, number)
    own = given.own
    plan, performance = named_by(given.plan, given.area), given.given.performance
    mission = items_of(plan, MissionKind.MISSION)
    if len(mission) < 2:
        raise PlanError(f"{file}: has no mission to fly", "give a plan with a mission")
    jumps = [i for i in mission if i.command == DO_JUMP]
    if options.laps is not None:
        mission = with_laps(mission, options.laps)
    laps = options.laps or _laps(jumps[-1].param2 if jumps else 0.0)
    mean, gust = _wind(options, own)
    air = GustyAir(mean, gust, options.seed + number)
    if performance is not None and performance.family == "plane":
        flown = _plane(plan, performance, given, air, options)
        return _judged(given, plan, performance, flown, mean, start_s, laps, performance.reserve_fraction)
    airframe = Airframe() if performance is None else Airframe(performance.speed_m_s)
    if performance is not None and not given.given.assumed:
        airframe = Airframe(
            performance.speed_m_s, performance.climb_m_s, performance.sink_m_s, performance.decel_m_s2,
            max(performance.airspeed_max_m_s, performance.speed_m_s), performance.endurance_s,
            performance.reserve_fraction,
        )  # fmt: skip
    flight = PlanFlight(
        (plan.home_lat_deg, plan.home_lon_deg, plan.home_alt_amsl_m), mission, items_of(plan, MissionKind.RALLY),
        given.terrain, airframe, air, options.seed + number,
    )  # fmt: skip
    flown = flight.fly(options.duration_s)
    return _judged(given, plan, performance or Performance(), flown, mean, start_s, laps, airframe.reserve_fraction)


def _plane(plan: Plan, performance: Performance, given: Checked, air: GustyAir, options: argparse.Namespace) -> Flown:
    """A fixed wing, by its own model. Raises :class:`PlanError` in a wind that it cannot fly against."""
    wind = math.hypot(*air.mean_en_m_s)
    if wind >= performance.speed_m_s:
        raise PlanError(
            f"{given.file}: in a wind of {wind:.1f} m/s {performance.name} gets nowhere at {performance.speed_m_s:g} m/s",
            "wait for less wind, or take a faster aircraft",
        )
    laps = plan if options.laps is None else replace(plan, items=_plan_laps(plan, options.laps))
    return PlaneFlight(laps, performance, given.terrain, air).fly(options.duration_s)


def _plan_laps(plan: Plan, laps: int) -> tuple[MissionItem, ...]:
    jumps = [k for k, item in enumerate(plan.items) if item.command == DO_JUMP]
    if not jumps:
        raise PlanError("the mission has no jump, so it has no laps to choose", "leave the number of laps out")
    k = jumps[-1]
    return (*plan.items[:k], replace(plan.items[k], param2=float(laps - 1)), *plan.items[k + 1 :])


def _judged(
    given: Checked, plan: Plan, performance: Performance, flown: Flown, mean: tuple[float, float], start_s: float,
    laps: int, reserve_fraction: float,
) -> Simulated:  # fmt: skip
    """How near it came to the fences, in the simulator and by the corners of a real aircraft."""
    margins, swung = (
        margins_of(
            path, items_of(plan, MissionKind.FENCE), given.area, given.terrain,
            plan.fence.alt_max_rel_home_m if math.isfinite(plan.fence.alt_max_rel_home_m) else None,
            given.given.t_utc_us,
            [*plan.fence.inclusions, *plan.fence.exclusions, *plan.fence.inclusion_circles, *plan.fence.exclusion_circles],
            plan.fence.union_of_inclusions,
        )
        for path in (flown, _corners(given, performance, mean))
    )  # fmt: skip
    return Simulated(given, given.own, flown, margins, swung.smallest_m, start_s, laps, reserve_fraction)


def _corners(given: Checked, performance: Performance, wind_en_m_s: tuple[float, float]) -> Flown:
    """The corners with the overshoot of a real aircraft, as a path of their own: the simulated one stops more exactly."""
    path = flown_path(given.plan, performance, wind_en_m_s, given.terrain)
    some = np.flatnonzero(path.kind == "turn")
    lat, lon = path.frame.from_plane(path.en_m[some].reshape(-1, 2))
    count = len(some)
    zero, home_m = np.zeros(count), given.plan.home_alt_amsl_m
    return Flown(
        zero, lat, lon, path.alt_rel_home_m[some] + home_m, np.zeros((count, 3)), zero, zero, path.item_seq[some],
        np.ones(count), np.ones(count, dtype=np.bool_), home_m, "landed", "",
    )  # fmt: skip


def _laps(jumps: float) -> int:
    """How often a piece is passed at least: once more than it is jumped back; without end at least twice."""
    return 2 if jumps < 0 else int(jumps) + 1 if math.isfinite(jumps) else 1


# -- what was seen ---------------------------------------------------------------------------------------------------


def _seen(done: Sequence[Simulated], options: argparse.Namespace) -> tuple[Pieces, Seen]:
    """Everything that all of them together saw."""
    first = done[0]
    taken = [pictures_of(d.flown, options.pictures_hz) for d in done]
    camera, rule = first.given.given.camera or Camera(), CoverageRule()
    area, terrain = first.given.area, first.given.terrain
    home_m = first.flown.home_amsl_m
    over, pattern = options.over, str(first.own.get("pattern", ""))
    if over == "auto":
        over = "area" if pattern in _SWEEPS else "swath" if pattern in _SEARCHES else "border"
        over = over if area is not None else "swath"
    if over != "swath" and area is None:
        raise ConfigError(f"--over {over} needs an area", "give --area AREA.geojson")
    if over == "border" and area is not None:
        pieces = border_pieces(CoverageGrid.of_area(area, terrain, rule, home_m))
    elif over == "area" and area is not None:
        pieces = _area_pieces(area, rule, first)
    else:
        pieces = _swath_pieces(taken, rule, camera, first)
    pictures = Pictures(
        np.concatenate([p.t_s + d.start_s for p, d in zip(taken, done, strict=True)]),
        *(
            np.concatenate([getattr(p, name) for p in taken])
            for name in ("lat_deg", "lon_deg", "alt_amsl_m", "azimuth_deg", "elevation_deg")
        ),
    )
    return pieces, seen_by(pictures, pieces, camera, rule, terrain)


def _area_pieces(area: Area, rule: CoverageRule, first: Simulated) -> Pieces:
    """The cells of the room that the area leaves to fly in."""
    frame = area.frame()
    region = FlyRoom.from_area(area, frame).region
    if not area.inclusions or region.is_empty:
        raise ConfigError("the area has no inclusion to be looked through", "give --over border or --over swath")
    size = rule.cell_m
    west, south, east, north = region.bounds
    columns, rows = np.arange(west + size / 2, east, size), np.arange(south + size / 2, north, size)
    if len(columns) * len(rows) > 4_000_000:
        raise ConfigError("the area is too large to be counted in cells", "give --over border or --over swath")
    e, n = (v.ravel() for v in np.meshgrid(columns, rows))
    inside = shapely.contains_xy(region, e, n)
    en = np.stack([e, n], axis=1)[inside]
    return cell_pieces(en, frame, size, first.given.terrain, first.flown.home_amsl_m, "cells of the area")


def _swath_pieces(taken: Sequence[Pictures], rule: CoverageRule, camera: Camera, first: Simulated) -> Pieces:
    """The ground along the middle of the picture, in cells: what a plan without an area looked at."""
    plan = first.given.plan
    frame = LocalFrame(plan.home_lat_deg, plan.home_lon_deg)
    centres = [picture_centres(p, frame, first.flown.home_amsl_m, 20_000.0) for p in taken]
    en = np.concatenate(centres)
    en = en[np.isfinite(en).all(axis=1)]
    cells = np.unique(np.floor(en / _SWATH_CELL_M).astype(np.int64), axis=0) if len(en) else np.empty((0, 2))
    middles = np.asarray((cells + 0.5) * _SWATH_CELL_M, dtype=np.float64).reshape(-1, 2)
    return cell_pieces(
        middles, frame, _SWATH_CELL_M, first.given.terrain, first.flown.home_amsl_m,
        "ground along the middle of the picture",
    )  # fmt: skip


# -- telling ---------------------------------------------------------------------------------------------------------


def _result(done: Sequence[Simulated], options: argparse.Namespace) -> dict[str, Any]:
    pieces, seen = _seen(done, options)
    laps = max(min(d.laps for d in done), 1)
    median, longest = seen.gaps(pieces, laps if len(done) == 1 else 2)
    anywhere = seen.gaps_anywhere()
    if median is None:
        median, longest = anywhere
    smallest = [m for m in (d.margin_m for d in done) if m is not None]
    breaches = sum(len(d.margins.excursions) for d in done)
    mean, gust = _wind(options, done[0].own)
    return {
        "revisit_gap_s": {"median": _rounded(median, 1), "max": _rounded(longest, 1)},
        "seen_fraction": round(seen.fraction(pieces), 4),
        "fence_margin_m": _rounded(min(smallest, default=None), 2),
        "battery_left": round(min(d.battery_left for d in done), 4),
        "duration_s": round(max(d.flown.duration_s for d in done), 1),
        "breaches": breaches,
        "fine": all(d.fine for d in done),
        "measured_over": pieces.what,
        "seen": round(float(pieces.size[seen.visits > 0].sum()), 1),
        "seen_of": round(float(pieces.size.sum()), 1),
        "seen_unit": "m" if pieces.per_piece > 1 else "m2",
        "revisit_gap_anywhere_s": {"median": _rounded(anywhere[0], 1), "max": _rounded(anywhere[1], 1)},
        "visits": int(seen.visits.max(initial=0)),
        "wind": {
            "speed_m_s": round(math.hypot(*mean), 2),
            "from_deg": round(math.degrees(math.atan2(-mean[0], -mean[1])) % 360.0, 1),
            "gust_sigma_m_s": round(gust, 2),
        },
        "plans": [_plan_json(d) for d in done],
    }


def _plan_json(done: Simulated) -> dict[str, Any]:
    return {
        "plan": str(done.given.file),
        "duration_s": round(done.flown.duration_s, 1),
        "battery_left": round(done.battery_left, 4),
        "reserve_fraction": done.reserve_fraction,
        "ended": done.flown.ended,
        "sent_home": done.flown.sent_home,
        "fence_margin_m": _rounded(done.margin_m, 2),
        "fence_margin_flown_m": _rounded(done.margins.smallest_m, 2),
        "fence_margin_corners_m": _rounded(done.swung_m, 2),
        "highest_rel_home_m": round(float(done.flown.alt_amsl_m.max()) - done.flown.home_amsl_m, 1),
        "fences": [
            {"name": f.name, "margin_m": _rounded(f.margin_m, 2), "t_s": round(f.t_s, 1), "lat": f.lat_deg, "lon": f.lon_deg}
            for f in done.margins.fences
        ],
        "breaches": [
            {
                "fence": e.name, "t_s": round(e.from_s, 1), "duration_s": round(e.duration_s, 1),
                "depth_m": round(e.depth_m, 2), "lat": e.lat_deg, "lon": e.lon_deg,
            }
            for e in done.margins.excursions[:_MOST_EXCURSIONS]
        ],
        "promised": done.own.get("promised"),
        "notes": list(done.given.notes),
    }  # fmt: skip


def _rounded(value: float | None, digits: int) -> float | None:
    return round(value, digits) if value is not None and math.isfinite(value) else None


def _print(result: Mapping[str, Any]) -> None:
    gap, wind = result["revisit_gap_s"], result["wind"]
    for plan in result["plans"]:
        home = f", sent home: {plan['sent_home']}" if plan["sent_home"] else ""
        print(
            f"{plan['plan']}: {plan['duration_s']:.0f} s in the air, {plan['ended']}{home}; "
            f"battery {100 * plan['battery_left']:.0f} % left, {100 * plan['reserve_fraction']:.0f} % is the reserve"
        )
        for fence in plan["fences"][:5]:
            print(f"  {fence['margin_m']:.1f} m from {fence['name']} at {fence['t_s']:.0f} s")
        if plan["fence_margin_corners_m"] is not None:
            print(
                f"  {plan['fence_margin_corners_m']:.1f} m from a fence at a corner, with the overshoot of a real aircraft"
            )
        for breach in plan["breaches"][:10]:
            print(f"  BREACH of {breach['fence']} at {breach['t_s']:.0f} s, {breach['depth_m']:.1f} m deep")
    told = (
        "no place was seen twice"
        if gap["median"] is None
        else f"{gap['median']:.0f} s median, {gap['max']:.0f} s longest"
    )
    print(
        f"wind {wind['speed_m_s']:g} m/s from {wind['from_deg']:.0f} degrees; seen "
        f"{100 * result['seen_fraction']:.1f} % of the {result['measured_over']}; unseen between two visits: {told}"
    )
