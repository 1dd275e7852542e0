"""Which picture may mark ground as seen: only one that is fresh, located, new and surely where it is said to be.

No clock and no bus: one record in, a footprint or the reason against it out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from shapely.geometry import MultiPolygon, Polygon

from geofences.geodesy import FloatArray, LocalFrame
from groundstation.core.records import VideoTracks
from missions.coverage.grid import Eye
from missions.footprint import Camera
from vision.records import CameraPose

MAX_AGE_S = 3.0
"""An older picture does not tell what the camera sees; the georeferencing of the console is as strict."""
MAX_AHEAD_S = 1.0
MAX_POSE_OFF_S = 0.5
MAX_SIGMA_M = 30.0
_SIGMAS = 2.0


@dataclass(frozen=True, eq=False)
class LocatedPicture:
    """What a picture shows for sure: ``outline_en_m`` ``(n, 2)`` in the grid's frame, drawn in by the pose's error."""

    t_utc_us: int
    outline_en_m: FloatArray
    eye: Eye


class CoverageGate:
    """Judges the pictures of all streams of a station, each stream's in the order in which they came."""

    def __init__(self, frame: LocalFrame) -> None:
        self._frame = frame
        self._newest: dict[str, tuple[int, int]] = {}

    def judge(
        self, record: VideoTracks, size_px: tuple[int, int], now_utc_us: int, now_mono_ns: int
    ) -> LocatedPicture | str:
        """The picture, or why it must not count. ``size_px``: width and height of the stream's pictures, 0 if unknown."""
        tracks, pose = record.tracks, record.pose
        if tracks.no_georeference:
            return f"not located: {tracks.no_georeference}"
        if pose is None or len(record.footprint_lat_lon) < 3:
            return "not located: the camera's pose is not known"
        newest = self._newest.get(record.stream)
        if newest is not None and newest[0] > now_utc_us + MAX_AHEAD_S * 1e6:
            newest = None  # our clock was set back since
        if newest is not None and (tracks.t_utc_us <= newest[0] or tracks.frame_id == newest[1]):
            return "the picture stands still or goes back"
        arrived_s = (now_mono_ns - tracks.t_mono_ns) / 1e9
        taken_s = (now_utc_us - tracks.t_utc_us) / 1e6
        if max(arrived_s, taken_s) > MAX_AGE_S:
            return f"the picture is {max(arrived_s, taken_s):.0f} s old"
        if taken_s < -MAX_AHEAD_S:
            return f"the picture's clock is {-taken_s:.0f} s ahead of ours"
        if abs(pose.t_utc_us - tracks.t_utc_us) > MAX_POSE_OFF_S * 1e6:
            return "the camera's pose is of another time"
        if min(size_px) < 1:
            return "the size of the pictures is not known yet"
        self._newest[record.stream] = (tracks.t_utc_us, tracks.frame_id)
        return self._located(record, pose, size_px)

    def _located(self, record: VideoTracks, pose: CameraPose, size_px: tuple[int, int]) -> LocatedPicture | str:
        outline = np.asarray(record.footprint_lat_lon, dtype=np.float64)
        numbers = [pose.lat_deg, pose.lon_deg, pose.alt_amsl_m, pose.hfov_deg]
        if not np.isfinite(outline).all() or not np.isfinite(numbers).all() or not 0.1 < pose.hfov_deg < 160.0:
            return "not located: the footprint is no number"
        en = self._frame.to_plane(outline[:, 0], outline[:, 1])
        eye_en = self._frame.to_plane(pose.lat_deg, pose.lon_deg)
        shape = Polygon(en)
        if not shape.is_valid:
            shape = shape.buffer(0.0)
        sigma_m = _sigma_m(pose, eye_en, en)
        if not sigma_m <= MAX_SIGMA_M:
            return f"the camera's pose is known to {sigma_m:.0f} m only"
        shape = shape.buffer(-_SIGMAS * sigma_m)
        if isinstance(shape, MultiPolygon):
            shape = max(shape.geoms, key=lambda part: part.area)
        if shape.is_empty:
            return "the camera's pose is not known well enough for so small a picture"
        camera = Camera(size_px[0], size_px[1], pose.hfov_deg)
        return LocatedPicture(
            record.tracks.t_utc_us,
            np.asarray(shape.exterior.coords)[:-1],
            Eye((float(eye_en[0]), float(eye_en[1])), pose.alt_amsl_m, camera),
        )


def _sigma_m(pose: CameraPose, eye_en: FloatArray, outline_en: FloatArray) -> float:
    """How far the outline may be off, one sigma, at its middle: by the camera's place and by its angles."""
    level_m = float(np.median(np.hypot(*(outline_en - eye_en).T)))
    # An error of the elevation moves the far ground by more than its arc; by how much the elevation itself tells.
    sine = max(math.sin(math.radians(-pose.elevation_deg)), 0.1)
    s = pose.sigma
    along = math.radians(s.elevation_deg) * level_m / sine
    across = math.radians(math.hypot(s.whole_azimuth_deg, s.roll_deg)) * level_m
    return math.hypot(s.horizontal_m, s.vertical_m, along, across)
