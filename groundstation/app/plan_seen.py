"""What the camera saw on a simulated flight: which places in which picture, and how long each went unseen.

The rule is that of the coverage ledger (:mod:`missions.coverage`): a piece of the border is seen when its middle and the
places to both sides of it are in the picture, no hill hides them, and the picture shows them finely enough. Pictures are
taken from the path as it was flown, a few a second; the camera hangs level.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geofences.geodesy import FloatArray, LocalFrame
from geofences.terrain import TerrainGrid
from missions.coverage.gaps import gaps_of_laps, visits_and_gaps
from missions.coverage.grid import CoverageGrid
from missions.coverage.rule import CoverageRule
from missions.footprint import Camera, ground_resolution_m
from missions.sight import Sight
from sim.plan_flight import Flown

_PICTURES_AT_ONCE = 400
_SWING_DEG_S = 20.0
"""A camera that turns faster shows nobody: a glimpse on the way from one order to the next is no visit."""


@dataclass(frozen=True, eq=False)
class Pieces:
    """What is to be seen. Piece k consists of the places ``per_piece * k`` and following; heights metres AMSL.

    ``size``: what each counts, metres of border or square metres of ground. ``what``: in words.
    """

    lat_deg: FloatArray
    lon_deg: FloatArray
    alt_amsl_m: FloatArray
    per_piece: int
    size: FloatArray
    what: str
    number: NDArray[np.int64] | None = None
    """Which piece along the line each is; None for cells."""

    def __len__(self) -> int:
        return len(self.size)


@dataclass(frozen=True, eq=False)
class Pictures:
    """Where the camera was and looked, ``(n,)`` each."""

    t_s: FloatArray
    lat_deg: FloatArray
    lon_deg: FloatArray
    alt_amsl_m: FloatArray
    azimuth_deg: FloatArray
    elevation_deg: FloatArray


@dataclass(frozen=True, eq=False)
class Seen:
    """Of each piece ``(k,)``: ``visits``, its usual and its longest time out of sight between two visits
    (:func:`missions.coverage.gaps.visits_and_gaps`)."""

    visits: NDArray[np.int64]
    usual_s: FloatArray
    max_s: FloatArray

    def fraction(self, pieces: Pieces) -> float:
        """Share of the pieces, by size, that was seen at all."""
        whole = float(pieces.size.sum())
        return float(pieces.size[self.visits > 0].sum()) / whole if whole > 0.0 else 0.0

    def gaps(self, pieces: Pieces, least_visits: int) -> tuple[float | None, float | None]:
        """``(median, longest)`` over the pieces with at least so many visits, counted as a plan's promise counts
        (:func:`missions.coverage.gaps.gaps_of_laps`); None when there is none."""
        return gaps_of_laps(self.visits, self.usual_s, self.max_s, least_visits, pieces.number)

    def gaps_anywhere(self) -> tuple[float | None, float | None]:
        """``(median, longest)`` over all pieces that were seen twice, a single one at a picture's rim too."""
        return gaps_of_laps(self.visits, self.usual_s, self.max_s, 2)


def border_pieces(grid: CoverageGrid) -> Pieces:
    """The pieces of a border that may be looked at."""
    middle, ahead = grid.line.at(0.5 * (grid.bin_from_m + grid.bin_to_m))
    left = np.stack([-ahead[:, 1], ahead[:, 0]], axis=-1) * grid.rule.strip_m
    keep = grid.bin_may_be_seen
    places = np.stack([middle, middle + left, middle - left], axis=1)[keep].reshape(-1, 2)
    lat, lon = grid.frame.from_plane(places)
    heights = _heights(grid.terrain, lat, lon, grid.ground_amsl_m)
    size = (grid.bin_to_m - grid.bin_from_m)[keep]
    return Pieces(lat, lon, heights, 3, size, "border", np.flatnonzero(keep))


def cell_pieces(en_m: FloatArray, frame: LocalFrame, cell_m: float, terrain: TerrainGrid | None, else_amsl_m: float,
                what: str) -> Pieces:  # fmt: skip
    """Cells of the ground by their middles ``(n, 2)``."""
    lat, lon = frame.from_plane(en_m)
    heights = _heights(terrain, lat, lon, else_amsl_m)
    return Pieces(lat, lon, heights, 1, np.full(len(en_m), cell_m * cell_m), what)


def _heights(terrain: TerrainGrid | None, lat: FloatArray, lon: FloatArray, else_amsl_m: float) -> FloatArray:
    if terrain is None or not len(lat):
        return np.full(len(lat), else_amsl_m)
    heights = terrain.height(lat, lon)
    return np.where(np.isfinite(heights), heights, else_amsl_m)


def pictures_of(flown: Flown, rate_hz: float) -> Pictures:
    """The pictures of a flight while it is in the air; none while the camera swings from one order to the next."""
    some = np.flatnonzero(flown.airborne)
    if not len(some):
        some = np.arange(1)
    t = np.arange(flown.t_s[some[0]], flown.t_s[some[-1]] + 1e-9, 1.0 / rate_hz)
    at = np.unique(np.clip(np.searchsorted(flown.t_s, t), 0, len(flown.t_s) - 1))
    still = at[_swing_deg_s(flown)[at] <= _SWING_DEG_S]
    at = still if len(still) else at
    return Pictures(
        flown.t_s[at], flown.lat_deg[at], flown.lon_deg[at], flown.alt_amsl_m[at], flown.camera_azimuth_deg[at],
        flown.camera_elevation_deg[at],
    )  # fmt: skip


def _swing_deg_s(flown: Flown) -> FloatArray:
    """How fast the camera turns at each moment, over the ground."""
    azimuth, elevation = np.radians(flown.camera_azimuth_deg), np.radians(flown.camera_elevation_deg)
    level = np.cos(elevation)
    look = np.stack([level * np.sin(azimuth), level * np.cos(azimuth), np.sin(elevation)], axis=1)
    step = np.linalg.norm(np.diff(look, axis=0), axis=1) / np.maximum(np.diff(flown.t_s), 1e-6)
    return np.asarray(np.degrees(np.concatenate([step[:1], step])) if len(step) else np.zeros(len(look)))


def picture_centres(pictures: Pictures, frame: LocalFrame, ground_amsl_m: float, farthest_m: float) -> FloatArray:
    """Where the picture's middle meets level ground, ``(n, 2)``; NaN where it does not within a distance."""
    here = frame.to_plane(pictures.lat_deg, pictures.lon_deg)
    height = np.maximum(pictures.alt_amsl_m - ground_amsl_m, 0.0)
    down = np.tan(np.radians(-pictures.elevation_deg))
    with np.errstate(divide="ignore", invalid="ignore"):
        level = np.where(down > 1e-6, height / down, np.nan)
    level[~(level <= farthest_m) | (height < 5.0)] = np.nan
    azimuth = np.radians(pictures.azimuth_deg)
    return np.asarray(here + level[:, None] * np.stack([np.sin(azimuth), np.cos(azimuth)], axis=1))


def seen_by(
    pictures: Pictures, pieces: Pieces, camera: Camera, rule: CoverageRule, terrain: TerrainGrid | None
) -> Seen:
    """Look at every piece in every picture. Without ``terrain`` nothing is hidden."""
    if not len(pieces) or not len(pictures.t_s):
        return Seen(*visits_and_gaps(np.empty(0, dtype=np.int64), np.empty(0), len(pieces)))
    frame = LocalFrame(float(pictures.lat_deg[0]), float(pictures.lon_deg[0]))
    eyes = frame.to_plane(pictures.lat_deg, pictures.lon_deg)
    places = frame.to_plane(pieces.lat_deg, pieces.lon_deg)
    tree = cKDTree(places)
    lowest = float(pieces.alt_amsl_m.min())
    found: list[NDArray[np.int64]] = []
    times: list[FloatArray] = []
    for start in range(0, len(eyes), _PICTURES_AT_ONCE):
        some = slice(start, start + _PICTURES_AT_ONCE)
        drop = np.maximum(pictures.alt_amsl_m[some] - lowest, 0.0)
        # Beyond this the picture is too coarse whichever way it looks.
        reach = np.sqrt(rule.gsd_max_m * camera.focal_px * drop) + 1.0
        near = tree.query_ball_point(eyes[some], reach)
        count = np.array([len(n) for n in near])
        if not count.sum():
            continue
        picture = np.repeat(np.arange(start, start + len(count)), count)
        place = np.concatenate([np.asarray(n, dtype=np.int64) for n in near])
        inside = _in_picture(pictures, eyes, places, pieces, camera, rule, picture, place)
        picture, place = picture[inside], place[inside]
        if terrain is not None:
            clear = _not_hidden(pictures, eyes, places, pieces, terrain, picture, place)
            picture, place = picture[clear], place[clear]
        whole, parts = np.unique(picture * len(pieces) + place // pieces.per_piece, return_counts=True)
        whole = whole[parts == pieces.per_piece]
        found.append(whole % len(pieces))
        times.append(pictures.t_s[whole // len(pieces)])
    if not found:
        return Seen(*visits_and_gaps(np.empty(0, dtype=np.int64), np.empty(0), len(pieces)))
    return Seen(*visits_and_gaps(np.concatenate(found), np.concatenate(times), len(pieces)))


def _in_picture(
    pictures: Pictures, eyes: FloatArray, places: FloatArray, pieces: Pieces, camera: Camera, rule: CoverageRule,
    picture: NDArray[np.int64], place: NDArray[np.int64],
) -> NDArray[np.bool_]:  # fmt: skip
    """Whether places lie within the edges of pictures, finely enough; pairs ``(n,)``."""
    off = places[place] - eyes[picture]
    drop = pictures.alt_amsl_m[picture] - pieces.alt_amsl_m[place]
    azimuth, elevation = np.radians(pictures.azimuth_deg[picture]), np.radians(pictures.elevation_deg[picture])
    sine, cosine = np.sin(azimuth), np.cos(azimuth)
    ahead = off[:, 0] * sine + off[:, 1] * cosine
    right = off[:, 0] * cosine - off[:, 1] * sine
    depth = ahead * np.cos(elevation) - drop * np.sin(elevation)
    high = ahead * np.sin(elevation) + drop * np.cos(elevation)  # below the axis
    in_sight = (depth > 0.0) & (np.abs(right) <= camera.half_width * depth)
    in_sight &= np.abs(high) <= camera.half_height * depth
    along, across = ground_resolution_m(camera, np.hypot(off[:, 0], off[:, 1]), drop)
    return np.asarray(in_sight & (np.maximum(along, across) <= rule.gsd_max_m))


def _not_hidden(
    pictures: Pictures, eyes: FloatArray, places: FloatArray, pieces: Pieces, terrain: TerrainGrid,
    picture: NDArray[np.int64], place: NDArray[np.int64],
) -> NDArray[np.bool_]:  # fmt: skip
    """Whether no hill stands between; pairs ``(n,)``, ordered by picture."""
    clear = np.zeros(len(picture), dtype=np.bool_)
    for number in np.unique(picture):
        low, high = np.searchsorted(picture, [number, number + 1])
        at = place[low:high]
        sight = Sight(
            float(pictures.lat_deg[number]), float(pictures.lon_deg[number]), float(pictures.alt_amsl_m[number]),
            terrain, float(pieces.alt_amsl_m[at].min()),
        )  # fmt: skip
        clear[low:high] = sight.sees(places[at] - eyes[number], ground_amsl_m=pieces.alt_amsl_m[at])
    return clear
