"""What a plan will show of the border, flown on paper: pictures along the timed legs, as the coverage ledger counts them.

A picture is taken every second or so where the plan's time says the aircraft is, and looks where its camera items say. A
piece of the border counts as seen by the ledger's own rule (:class:`missions.coverage.grid.CoverageGrid`), so that what is
promised is what is measured afterwards.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, Polygon

from geofences.area import Area
from geofences.geodesy import FloatArray, LocalFrame
from geofences.shapes import zone_region
from geofences.terrain import TerrainGrid
from missions.coverage.gaps import VISIT_JOIN_S, gaps_of_laps, visits_and_gaps
from missions.coverage.grid import CoverageGrid, grid_frame
from missions.footprint import Camera, ground_resolution_m
from missions.performance import Performance, WindEN
from missions.plan import Plan
from missions.plan_time import PlanTime, plan_time
from missions.planner.plans import with_laps
from missions.sight import Sight

_MOST_PICTURES = 4000
_LAPS = 3
_HILLS_M = 500.0
_AT_ONCE = 400
_RUN = 16
_YAW_LOCK = 16
_ROI, _ROI_NONE, _ROI_OLD, _MOUNT, _GIMBAL = 195, 197, 201, 205, 1000


@dataclass(frozen=True, eq=False)
class Promise:
    """``laps``: how many were looked at.

    Pieces of the border ``(n,)``, from ``from_m`` to ``to_m`` each: ``visits``, ``usual_s`` and ``max_s`` of the times out
    of sight between two visits of one sortie (:func:`missions.coverage.gaps.visits_and_gaps`).
    """

    laps: int
    from_m: FloatArray
    to_m: FloatArray
    visits: NDArray[np.int64]
    usual_s: FloatArray
    max_s: FloatArray

    @classmethod
    def not_worked_out(cls) -> Promise:
        """In place of one that nobody has waited for: it says nothing."""
        nothing = np.empty(0)
        return cls(0, nothing, nothing, np.empty(0, dtype=np.int64), nothing, nothing)

    @property
    def known(self) -> bool:
        """Whether it was worked out."""
        return self.laps > 0

    @property
    def median_gap_s(self) -> float | None:
        """Median over the pieces that are seen in every lap of their usual gap; None when none is seen twice."""
        return self._gaps[0]

    @property
    def max_gap_s(self) -> float | None:
        """The longest gap of any run of pieces (:func:`missions.coverage.gaps.gaps_of_laps`); None when none is seen twice."""
        return self._gaps[1]

    @cached_property
    def _gaps(self) -> tuple[float | None, float | None]:
        return gaps_of_laps(self.visits, self.usual_s, self.max_s, self.laps, np.arange(len(self.visits)))

    @property
    def seen_m(self) -> float:
        """Metres of the border that are seen at all."""
        return float((self.to_m - self.from_m)[self.visits > 0].sum())


def promise(
    plan: Plan,
    performance: Performance,
    wind_en_m_s: WindEN,
    camera: Camera,
    area: Area,
    terrain: TerrainGrid | None,
    grid: CoverageGrid | None = None,
) -> Promise:
    """Fly a plan on paper. A plan that repeats itself is looked at for three laps at most.

    Raises :class:`PlanError` like :func:`missions.plan_time.plan_time`.
    """
    grid = grid or border_grid(area, terrain, plan.home_alt_amsl_m)
    jumps = [i for i in plan.items if i.command == 177]
    laps = 1
    if jumps:
        again = jumps[-1].param2
        laps = _LAPS if again < 0 else min(_LAPS, int(again) + 1)
        plan = with_laps(plan, laps)
    time = plan_time(plan, performance, wind_en_m_s)
    return _Paper(plan, time, camera, terrain, grid, laps).fly()


def border_grid(area: Area, terrain: TerrainGrid | None, ground_amsl_m: float) -> CoverageGrid:
    """The pieces of an area's border, as the ledger has them, without cells on the ground."""
    frame = grid_frame(area.border)
    no_look = [zone_region(z, frame, "exclusion") for z in area.no_look]
    region = shapely.union_all(no_look) if no_look else None
    return CoverageGrid(area.border, None, terrain, Polygon(), region, area.no_look_beyond_m, ground_amsl_m)


class BorderInView:
    """Which pieces of a border a picture shows, by the ledger's rule: the middle of a piece and the places to both sides of
    it, within the picture's edges, fine enough, and not behind a hill."""

    def __init__(self, grid: CoverageGrid, camera: Camera) -> None:
        self.grid, self.camera = grid, camera
        middle, ahead = grid.line.at(0.5 * (grid.bin_from_m + grid.bin_to_m))
        left = np.stack([-ahead[:, 1], ahead[:, 0]], axis=-1) * grid.rule.strip_m
        self._places = np.stack([middle, middle + left, middle - left], axis=1)
        self._ground = np.full(self._places.shape[:2], grid.ground_amsl_m)
        if grid.terrain is not None:
            height = grid.terrain.height(*grid.frame.from_plane(self._places))
            self._ground = np.where(np.isfinite(height), height, self._ground)
        self._lowest_m = float(self._ground.min(initial=math.inf))
        self._highest_m = float(self._ground.max(initial=-math.inf))
        self._usable = np.flatnonzero(grid.bin_may_be_seen)
        # Rectangles round runs of pieces: most of a long border is left out by them.
        self._en = middle[self._usable]
        starts = np.arange(0, len(self._en), _RUN)
        self._run_low = np.minimum.reduceat(self._en, starts, axis=0) if len(starts) else self._en
        self._run_high = np.maximum.reduceat(self._en, starts, axis=0) if len(starts) else self._en

    def shown(
        self, eyes_en_m: FloatArray, alt_amsl_m: FloatArray, looks_deg: FloatArray
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """What level cameras at ``(n, 2)`` and heights ``(n,)`` show that look to ``(azimuth, elevation)`` ``(n, 2)``: pieces,
        and which of the pictures shows each."""
        found = [
            self._some(np.arange(k, min(k + _AT_ONCE, len(eyes_en_m))), eyes_en_m, alt_amsl_m, looks_deg)
            for k in range(0, len(eyes_en_m), _AT_ONCE)
        ]
        none = np.empty(0, dtype=np.int64)
        bins, pictures = zip(*found, strict=True) if found else ((none,), (none,))
        return np.concatenate(bins), np.concatenate(pictures)

    def _some(
        self, some: NDArray[np.int64], eyes: FloatArray, amsl: FloatArray, looks: FloatArray
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        # Beyond this no place is shown finely enough: a pixel is at least slant^2 / (focal length x drop).
        drop = np.maximum(amsl[some] - self._lowest_m, 0.0)
        reach = np.sqrt(self.grid.rule.gsd_max_m * self.camera.focal_px * drop) + 1.0
        ahead, radius = self._picture(np.maximum(amsl[some] - self._highest_m, 0.0), drop, reach, looks[some, 1])
        azimuth = np.radians(looks[some, 0])
        middle = eyes[some] + ahead[:, None] * np.stack([np.sin(azimuth), np.cos(azimuth)], axis=1)
        near, of = self._within(middle, radius)
        bins, picture = self._usable[near], some[of]
        # Most are out of the picture by their middle already.
        turned = self._turned(looks)
        for place in range(self._places.shape[1]):
            off = self._places[bins, place] - eyes[picture]
            inside = self._inside(off, amsl[picture] - self._ground[bins, place], turned[:, picture])
            bins, picture = bins[inside], picture[inside]
        if self.grid.terrain is not None and len(bins):
            order = np.argsort(picture, kind="stable")
            bins, picture = bins[order], picture[order]
            clear = self._clear(bins, picture, eyes, amsl)
            bins, picture = bins[clear], picture[clear]
        return bins, picture

    def _picture(
        self, least_m: FloatArray, drop_m: FloatArray, reach_m: FloatArray, elevation_deg: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Circles that hold all that pictures show of ground ``least_m`` to ``drop_m`` below, not further than ``reach_m``:
        how far ahead their middles are, and their radius."""
        sine, cosine = np.sin(np.radians(elevation_deg)), np.cos(np.radians(elevation_deg))
        high, wide = self.camera.half_height, self.camera.half_width
        with np.errstate(divide="ignore", invalid="ignore"):
            # The picture's upper edge meets the ground ahead, unless it is at the horizon; its lower edge under the aircraft.
            upper, lower = sine + high * cosine, high * cosine - sine
            far = np.where(upper < 0.0, drop_m * (cosine - high * sine) / -upper, np.inf)
            down = cosine + high * sine
            near = np.where(lower > 0.0, np.where(down > 0.0, least_m, drop_m) * down / lower, -np.inf)
        far, near = np.clip(far, -reach_m, reach_m), np.clip(near, -reach_m, reach_m)
        beside = wide * np.maximum(far * cosine - np.where(sine < 0.0, drop_m, least_m) * sine, 0.0)
        half = np.maximum(0.5 * (far - near), 0.0)
        radius = np.hypot(half, beside) + 1.0
        whole = radius >= reach_m
        return np.where(whole, 0.0, 0.5 * (far + near)), np.where(whole, reach_m, radius)

    def _within(self, eyes: FloatArray, reach_m: FloatArray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Pieces whose middles lie within ``reach_m`` ``(n,)`` of places ``(n, 2)``, and of which of these."""
        low, high = (eyes - reach_m[:, None]).min(axis=0), (eyes + reach_m[:, None]).max(axis=0)
        runs = np.flatnonzero((self._run_low <= high).all(axis=1) & (self._run_high >= low).all(axis=1))
        east, north = eyes[:, :1], eyes[:, 1:]
        low, high = self._run_low[runs], self._run_high[runs]
        far_east = np.maximum(np.maximum(low[:, 0] - east, east - high[:, 0]), 0.0)
        far_north = np.maximum(np.maximum(low[:, 1] - north, north - high[:, 1]), 0.0)
        of, some = np.nonzero(far_east * far_east + far_north * far_north <= (reach_m * reach_m)[:, None])
        pieces = (runs[some][:, None] * _RUN + np.arange(_RUN)).ravel()
        of = np.repeat(of, _RUN)[pieces < len(self._en)]
        pieces = pieces[pieces < len(self._en)]
        off = self._en[pieces] - eyes[of]
        close = off[:, 0] ** 2 + off[:, 1] ** 2 <= reach_m[of] ** 2
        return pieces[close], of[close]

    @staticmethod
    def _turned(looks_deg: FloatArray) -> FloatArray:
        """Sine and cosine of azimuths, and of elevations, ``(4, n)``."""
        azimuth, elevation = np.radians(looks_deg).T
        return np.stack([np.sin(azimuth), np.cos(azimuth), np.sin(elevation), np.cos(elevation)])

    def _inside(self, off: FloatArray, drop: FloatArray, turned: FloatArray) -> NDArray[np.bool_]:
        """Whether places ``off`` from cameras and ``drop`` below them are within the picture's edges, finely enough."""
        sine, cosine, sine_up, cosine_up = turned
        east, north = off.T
        ahead = east * sine + north * cosine
        depth = ahead * cosine_up - drop * sine_up
        right = east * cosine - north * sine
        inside = (depth > 0.0) & (np.abs(right) <= self.camera.half_width * depth)
        below = ahead * sine_up + drop * cosine_up
        inside &= np.abs(below) <= self.camera.half_height * depth
        some = np.flatnonzero(inside)
        along, across = ground_resolution_m(self.camera, np.hypot(east[some], north[some]), drop[some])
        inside[some] = np.maximum(along, across) <= self.grid.rule.gsd_max_m
        return np.asarray(inside)

    def _clear(
        self, bins: NDArray[np.int64], picture: NDArray[np.int64], eyes: FloatArray, amsl: FloatArray
    ) -> NDArray[np.bool_]:
        """Which pieces no hill hides, of pictures in order."""
        clear = np.zeros(len(bins), dtype=np.bool_)
        lat, lon = self.grid.frame.from_plane(eyes)
        first = np.flatnonzero(np.diff(picture, prepend=-1))
        for low, high in zip(first, np.append(first[1:], len(picture)), strict=True):
            k, some = picture[low], bins[low:high]
            sight = Sight(float(lat[k]), float(lon[k]), float(amsl[k]), self.grid.terrain, self.grid.ground_amsl_m)
            off = (self._places[some] - eyes[k]).reshape(-1, 2)
            seen = np.asarray(sight.sees(off, ground_amsl_m=self._ground[some].ravel()))
            clear[low:high] = seen.reshape(len(some), -1).all(axis=1)
        return clear


class _Paper:
    def __init__(
        self,
        plan: Plan,
        time: PlanTime,
        camera: Camera,
        terrain: TerrainGrid | None,
        grid: CoverageGrid,
        laps: int,
    ) -> None:
        self.plan, self.time, self.camera, self.terrain, self.grid = plan, time, camera, terrain, grid
        self.laps = laps
        self.home = LocalFrame(plan.home_lat_deg, plan.home_lon_deg, plan.home_alt_amsl_m)

    def fly(self) -> Promise:
        """Look at every piece in every picture."""
        legs = [leg for leg in self.time.legs if leg.duration_s > 0.0]
        step = max(1.0, self.time.airborne_s / _MOST_PICTURES)
        t = np.arange(0.0, self.time.airborne_s, step)
        which = np.maximum(np.searchsorted([leg.start_s for leg in legs], t, side="right") - 1, 0)
        start = np.array([leg.start_s for leg in legs])[which]
        share = np.minimum((t - start) / np.array([leg.duration_s for leg in legs])[which], 1.0)[:, None]
        ends = np.array(
            [[[*leg.from_en_m, leg.from_alt_rel_home_m], [*leg.to_en_m, leg.to_alt_rel_home_m]] for leg in legs]
        )
        here = ends[which, 0] + share * (ends[which, 1] - ends[which, 0])
        eyes = self.grid.frame.to_plane(*self.home.from_plane(here[:, :2]))
        amsl = here[:, 2] + self.plan.home_alt_amsl_m
        # Far from the border no look has to be worked out.
        drop = np.maximum(amsl - self.grid.ground_amsl_m, 1.0) + (0.0 if self.terrain is None else _HILLS_M)
        reach = np.sqrt(self.grid.rule.gsd_max_m * self.camera.focal_px * drop) + 50.0
        line = LineString(self.grid.line.vertices_en_m)
        shapely.prepare(line)
        near = shapely.dwithin(line, shapely.points(eyes), reach)
        looks = np.full((len(t), 2), np.nan)
        for k in np.flatnonzero(near):
            leg = legs[which[k]]
            course = math.degrees(math.atan2(leg.to_en_m[0] - leg.from_en_m[0], leg.to_en_m[1] - leg.from_en_m[1]))
            look = self._look(leg.look_seq, here[k, :2], float(here[k, 2]), course) if leg.look_seq else None
            looks[k] = look if look is not None else np.nan
        some = np.flatnonzero(np.isfinite(looks[:, 0]))
        border = BorderInView(self.grid, self.camera)
        bins, picture = border.shown(eyes[some], amsl[some], looks[some])
        visits, usual, longest = visits_and_gaps(bins, t[some][picture], self.grid.bins, max(VISIT_JOIN_S, 1.5 * step))
        return Promise(self.laps, self.grid.bin_from_m, self.grid.bin_to_m, visits, usual, longest)

    def _look(self, seq: int, en_m: FloatArray, alt_rel_home_m: float, course_deg: float) -> tuple[float, float] | None:
        """Azimuth and elevation that an item asks for; None when the camera is off its target."""
        item = self.plan.items[seq - 1]
        if item.command == _GIMBAL:
            earth = item.x & _YAW_LOCK
            return (item.param2 if earth else item.param2 + course_deg), item.param1
        if item.command == _MOUNT:
            return item.param3 + course_deg, item.param1
        if item.command in (_ROI, _ROI_OLD):
            target = self.home.to_plane(item.x / 1e7, item.y / 1e7)
            east, north = float(target[0] - en_m[0]), float(target[1] - en_m[1])
            down = alt_rel_home_m - item.z
            return math.degrees(math.atan2(east, north)), -math.degrees(math.atan2(down, math.hypot(east, north)))
        return None
