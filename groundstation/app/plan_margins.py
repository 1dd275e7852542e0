"""How near a flown path came to each fence: signed metres, in three dimensions where a fence has heights.

Positive where the aircraft may be. A fence between two heights is a block of air: its distance is that to the block. What
the aircraft itself would hold (polygons, circles, a ceiling) and what only the area says (floors, ceilings, hours) are
judged alike; each by its name.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon

from geofences.area import Area
from geofences.geodesy import FloatArray, LocalFrame
from geofences.shapes import HeightDatum
from geofences.terrain import TerrainGrid
from groundstation.vehicle.fence_shapes import read_shapes
from groundstation.vehicle.forecast_fences import Fence, held_fences, zone_fences
from missions.codec import WireItem
from sim.plan_flight import Flown

_LEAST_M = 0.01


class Named(Protocol):
    """Something with a name."""

    @property
    def name(self) -> str:
        """The name."""
        ...


@dataclass(frozen=True)
class FenceMargin:
    """One fence: the smallest margin, and where and when."""

    name: str
    margin_m: float
    t_s: float
    lat_deg: float
    lon_deg: float


@dataclass(frozen=True)
class Excursion:
    """One time outside a fence: how long and how deep."""

    name: str
    from_s: float
    duration_s: float
    depth_m: float
    lat_deg: float
    lon_deg: float


@dataclass(frozen=True, eq=False)
class Margins:
    """All fences, the nearest first; every excursion in order of time."""

    fences: tuple[FenceMargin, ...]
    excursions: tuple[Excursion, ...]

    @property
    def smallest_m(self) -> float | None:
        """None without a fence."""
        return self.fences[0].margin_m if self.fences else None


def margins_of(
    flown: Flown,
    fence_items: Sequence[WireItem],
    area: Area | None = None,
    terrain: TerrainGrid | None = None,
    ceiling_rel_home_m: float | None = None,
    t_utc_us: int | None = None,
    named: Sequence[Named] = (),
    union_of_inclusions: bool = False,
) -> Margins:
    """Judge a flight in the air against the plan's fence, a ceiling above home, and an area's zones.

    ``named``: the plan's areas in the order of the items, for their names. Without ``t_utc_us`` every zone holds.
    """
    some = np.flatnonzero(flown.airborne)
    if not len(some):
        return Margins((), ())
    frame = LocalFrame(float(flown.lat_deg[0]), float(flown.lon_deg[0]))
    en = frame.to_plane(flown.lat_deg[some], flown.lon_deg[some])
    alt = flown.alt_amsl_m[some] - flown.home_amsl_m
    shapes = read_shapes(fence_items)
    names = [n.name for n in named]
    fences = list(held_fences(shapes, frame, union_of_inclusions, names=names))
    if area is not None:
        datum = HeightDatum(flown.home_amsl_m, terrain)
        held = [np.sort(np.round(f.rings[0], 1), axis=0) for f in fences if f.rings]
        zones = (
            *zone_fences(area.inclusions, "inclusion", frame, datum, t_utc_us),
            *zone_fences(area.exclusions, "exclusion", frame, datum, t_utc_us),
        )
        fences += [z for z in zones if not (z.all_heights and _among(z, held))]
    margins: dict[str, FloatArray] = {}
    for fence in fences:
        margin = _margin(fence, en, alt)
        # Two fences of one name are told as one.
        margins[fence.name] = np.minimum(margins[fence.name], margin) if fence.name in margins else margin
    if ceiling_rel_home_m is not None:
        margins["ceiling"] = ceiling_rel_home_m - alt
    told, excursions = [], []
    for name, margin in margins.items():
        worst = int(np.argmin(margin))
        at = some[worst]
        told.append(
            FenceMargin(
                name, float(margin[worst]), float(flown.t_s[at]), float(flown.lat_deg[at]), float(flown.lon_deg[at])
            )
        )
        excursions += _excursions(name, margin, flown, some)
    return Margins(
        tuple(sorted(told, key=lambda f: f.margin_m)), tuple(sorted(excursions, key=lambda e: (e.from_s, e.name)))
    )


def _among(zone: Fence, held: list[FloatArray]) -> bool:
    """Whether the plan's own fence holds a zone of the area, corner for corner."""
    if len(zone.rings) != 1:
        return False
    ring = np.sort(np.round(zone.rings[0], 1), axis=0)
    return any(ring.shape == h.shape and np.abs(ring - h).max() < 0.5 for h in held)


def _margin(fence: Fence, en: FloatArray, alt: FloatArray) -> FloatArray:
    """Signed distance ``(n,)`` of a path to what the fence forbids."""
    outside = _outside_m(fence, en)
    if fence.inclusion:
        # Its floor is not counted: every flight begins and ends below it.
        margin = -outside
        return np.minimum(margin, fence.high_rel_home_m - alt) if math.isfinite(fence.high_rel_home_m) else margin
    if fence.all_heights:
        return outside
    beyond = np.maximum(fence.low_rel_home_m - alt, alt - fence.high_rel_home_m)
    both = (outside > 0.0) & (beyond > 0.0)
    return np.where(both, np.hypot(outside, beyond), np.maximum(outside, beyond))


def _outside_m(fence: Fence, en: FloatArray) -> FloatArray:
    """Distance to the outline, positive outside it."""
    if fence.circle is not None:
        e, n, r = fence.circle
        return np.asarray(np.hypot(en[:, 0] - e, en[:, 1] - n) - r)
    points = shapely.points(en)
    inside = np.zeros(len(en), dtype=np.bool_)
    distance = np.full(len(en), np.inf)
    for ring in fence.rings:
        polygon = Polygon(ring)
        shape = polygon if polygon.is_valid else shapely.make_valid(polygon)
        shapely.prepare(shape)
        inside ^= shapely.contains(shape, points)
        edge = shapely.linearrings(ring)
        shapely.prepare(edge)
        distance = np.minimum(distance, shapely.distance(edge, points))
    return np.asarray(np.where(inside, -distance, distance))


def _excursions(name: str, margin: FloatArray, flown: Flown, some: NDArray[np.intp]) -> list[Excursion]:
    out = margin < -_LEAST_M
    change = np.flatnonzero(np.diff(np.concatenate([[False], out, [False]]).astype(np.int8)))
    found = []
    for first, last in zip(change[::2], change[1::2], strict=True):
        worst = first + int(np.argmin(margin[first:last]))
        at = some[worst]
        duration = float(flown.t_s[some[last - 1]] - flown.t_s[some[first]])
        found.append(
            Excursion(
                name,
                float(flown.t_s[some[first]]),
                duration,
                float(-margin[worst]),
                float(flown.lat_deg[at]),
                float(flown.lon_deg[at]),
            )
        )
    return found
