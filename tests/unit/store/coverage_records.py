"""A border, a grid and pictures for the coverage store's tests."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from groundstation.core.records import StreamHealth, VehicleId, VideoTracks
from missions.coverage.grid import CoverageGrid
from missions.footprint import footprint
from tests.unit.missions.coverage.support import CAMERA, border
from tests.unit.store.records import T0_UTC_US, ground_tracks
from vision.records import CameraPose, PoseSigma, VideoHealth

STREAM = "cam"


def grid(**settings: object) -> CoverageGrid:
    return CoverageGrid(border(), ground_amsl_m=100.0, **settings)  # type: ignore[arg-type]


def picture(
    of: CoverageGrid, s_m: float, t_s: float, t_mono_ns: int, vehicle: int = 1, **pose_changes: object
) -> VideoTracks:
    """A live picture of the border at ``s_m``, from 110 m above ground and 75 m to its north."""
    place, ahead = of.line.at(s_m)
    left = np.array([-ahead[1], ahead[0]])
    en = place + 75.0 * left
    azimuth = float(np.degrees(np.arctan2(-left[0], -left[1])))
    seen = footprint(CAMERA, en, 210.0, azimuth, -55.0, of.frame, None, 100.0)
    t = T0_UTC_US + round(t_s * 1e6)
    lat, lon = (float(v) for v in of.frame.from_plane(en))
    pose = CameraPose(
        t,
        lat,
        lon,
        210.0,
        azimuth,
        -55.0,
        0.0,
        CAMERA.hfov_deg,
        CAMERA.vfov_deg,
        "klv",
        PoseSigma(0.5, 0.5, 0.1, 0.1, 0.1),
    )
    pose = replace(pose, **pose_changes)  # type: ignore[arg-type]
    tracks = replace(ground_tracks(t, []), frame_id=round(t_s * 10) + 1, t_mono_ns=t_mono_ns)
    outline = tuple(zip(*(v.tolist() for v in of.frame.from_plane(seen.outline_en_m)), strict=True))
    return VideoTracks(STREAM, VehicleId(vehicle), tracks, pose, outline)


def health() -> StreamHealth:
    return StreamHealth(STREAM, VideoHealth(T0_UTC_US, "running", width=CAMERA.width_px, height=CAMERA.height_px))
