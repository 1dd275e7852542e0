"""What the picture of a plan shows, worked out in one plane: legs, the camera's swath, the ground's shade. No drawing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon

from geofences.geodesy import FloatArray, LocalFrame
from geofences.terrain import TerrainGrid
from missions.footprint import Camera, footprint
from missions.performance import Performance
from missions.plan import Plan
from missions.plan_time import TimedLeg, plan_time

_FARTHEST_M = 1500.0
_MOST_PRINTS = 160
_YAW_LOCK = 16
_GIMBAL, _MOUNT, _ROI, _ROI_OLD = 1000, 205, 195, 201


@dataclass(frozen=True, eq=False)
class DrawnLeg:
    """One leg on the ground, ``(2, 2)`` east, north metres; ``kind``: leg, out (from take-off), home."""

    en_m: FloatArray
    kind: str
    item_seq: int


@dataclass(frozen=True, eq=False)
class Drawing:
    """Everything about the way: ``stops`` item number to place; ``swath`` shapely or None."""

    legs: tuple[DrawnLeg, ...]
    stops: tuple[tuple[int, FloatArray], ...]
    swath: Any
    duration_s: float
    distance_m: float
    battery_left: float


def drawing_of(
    plan: Plan, frame: LocalFrame, performance: Performance, camera: Camera, terrain: TerrainGrid | None
) -> Drawing:
    """The plan's way, each leg once however many laps. Raises :class:`PlanError` like ``plan_time``."""
    time = plan_time(plan, performance)
    home = frame.to_plane(plan.home_lat_deg, plan.home_lon_deg)
    known: set[tuple[float, ...]] = set()
    once: list[TimedLeg] = []
    for leg in time.legs:
        key = (*np.round(leg.from_en_m, 1), *np.round(leg.to_en_m, 1), float(leg.kind == "rtl"))
        if key not in known and math.dist(leg.from_en_m, leg.to_en_m) > 0.5:
            known.add(key)
            once.append(leg)
    legs = tuple(
        DrawnLeg(
            home + np.array([leg.from_en_m, leg.to_en_m]),
            "home" if leg.kind == "rtl" else "out" if leg.look_seq == 0 else "leg",
            leg.item_seq,
        )
        for leg in once
    )
    stops: dict[int, FloatArray] = {}
    for leg in once:
        if leg.kind != "rtl":
            stops.setdefault(leg.item_seq, home + np.array(leg.to_en_m))
    swath = _swath(plan, once, frame, home, camera, terrain)
    return Drawing(legs, tuple(sorted(stops.items())), swath, time.airborne_s, time.distance_m, time.battery_left)


def _swath(
    plan: Plan, legs: Sequence[TimedLeg], frame: LocalFrame, home: FloatArray, camera: Camera,
    terrain: TerrainGrid | None,
) -> Any:  # fmt: skip
    """The ground that comes into the picture, out to a kilometre and a half."""
    looking = [leg for leg in legs if leg.look_seq]
    length = sum(math.dist(leg.from_en_m, leg.to_en_m) for leg in looking)
    step_m = max(length / _MOST_PRINTS, 15.0)
    prints = []
    for leg in looking:
        count = max(2, math.ceil(math.dist(leg.from_en_m, leg.to_en_m) / step_m) + 1)
        last = None
        for share in np.linspace(0.0, 1.0, count):
            en = np.asarray(leg.from_en_m) + share * (np.asarray(leg.to_en_m) - np.asarray(leg.from_en_m))
            alt = leg.from_alt_rel_home_m + share * (leg.to_alt_rel_home_m - leg.from_alt_rel_home_m)
            outline = _print(plan, leg, en, alt, frame, home, camera, terrain)
            if outline is not None:
                # Between two pictures the ground goes through all places between.
                prints.append(outline if last is None else shapely.union(outline, last).convex_hull)
                last = outline
    return shapely.union_all(prints) if prints else None


def _print(
    plan: Plan, leg: TimedLeg, en: FloatArray, alt: float, frame: LocalFrame, home: FloatArray, camera: Camera,
    terrain: TerrainGrid | None,
) -> Any:  # fmt: skip
    item = plan.items[leg.look_seq - 1]
    course = math.degrees(math.atan2(leg.to_en_m[0] - leg.from_en_m[0], leg.to_en_m[1] - leg.from_en_m[1]))
    if item.command == _GIMBAL:
        azimuth, elevation = item.param2 + (0.0 if item.x & _YAW_LOCK else course), item.param1
    elif item.command == _MOUNT:
        azimuth, elevation = item.param3 + course, item.param1
    elif item.command in (_ROI, _ROI_OLD):
        target = frame.to_plane(item.x / 1e7, item.y / 1e7) - home - en
        azimuth = math.degrees(math.atan2(target[0], target[1]))
        elevation = -math.degrees(math.atan2(alt - item.z, max(float(np.hypot(*target)), 0.1)))
    else:
        return None
    if not math.isfinite(azimuth + elevation):
        return None
    seen = footprint(
        camera, home + en, alt + plan.home_alt_amsl_m, azimuth, elevation, frame, terrain, plan.home_alt_amsl_m,
        range_m=_FARTHEST_M,
    )  # fmt: skip
    if seen.is_empty:
        return None
    shape = Polygon(seen.outline_en_m)
    return shape if shape.is_valid else shape.buffer(0.0)


def shade(terrain: TerrainGrid, lat_deg: FloatArray, lon_deg: FloatArray, metres_per_px: float) -> NDArray[np.uint8]:
    """A relief lit from the north-west for every pixel's place ``(h, w)``: red, green, blue ``(h, w, 3)``.

    Where the model knows no height the paper stays white.
    """
    height = np.asarray(terrain.height(lat_deg, lon_deg), dtype=np.float64)
    known = np.isfinite(height)
    if not known.any():
        return np.full((*height.shape, 3), 255, dtype=np.uint8)
    height = np.where(known, height, np.nanmean(height))
    south, east = np.gradient(height, metres_per_px)
    low, high = float(height[known].min()), float(height[known].max())
    # Flat country is drawn steeper than it is, or nothing would show.
    steeper = min(max(120.0 / max(high - low, 1.0), 1.0), 6.0)
    ex, sy = east * steeper, south * steeper
    light = np.array([-0.45, -0.45, 0.77])
    lit = (-ex * light[0] - sy * light[1] + light[2]) / np.sqrt(ex**2 + sy**2 + 1.0)
    part = ((height - low) / max(high - low, 1.0))[..., None]
    tint = np.array([226.0, 235.0, 214.0]) * (1 - part) + np.array([244.0, 233.0, 210.0]) * part
    rgb = tint * np.clip(0.62 + 0.48 * lit, 0.45, 1.06)[..., None]
    rgb[~known] = 255.0
    return np.asarray(np.clip(rgb, 0.0, 255.0), dtype=np.uint8)
