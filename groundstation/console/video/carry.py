"""Tracks of one frame carried on to a picture of another moment, by where they stand on the ground. Pure.

The camera turns and the tracks walk between the two. A track's place on the ground, moved on by its velocity, is projected
through the pose of each picture; its box moves by the difference. What is wrong with the place or with both poses alike thus
cancels out: only the change between the two is taken from the model, over a quarter of a second as a rule.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from groundstation.core.records import VideoTracks
from vision.camera import CameraView
from vision.records import CameraPose

MOST_CARRIED_S = 1.0
"""A box that is carried further says more about the past than about the picture."""

_M_PER_DEG = 111_320.0


def carried(record: VideoTracks, pose: CameraPose, t_utc_us: int, size: tuple[int, int]) -> VideoTracks | None:
    """The tracks as they stand in a ``size`` (width, height) picture taken at ``t_utc_us`` with ``pose``.

    Earlier or later by :data:`MOST_CARRIED_S` at most; None when that is exceeded, or when the frame of the record had no
    pose. What could not be put on the ground is left out: nothing tells where it would be.
    """
    tracks = record.tracks
    ahead_s = (t_utc_us - tracks.t_utc_us) / 1e6
    if record.pose is None or abs(ahead_s) > MOST_CARRIED_S:
        return None
    pose = _corrected(pose, record.pose)
    try:
        before, now = CameraView.of(record.pose, *size), CameraView.of(pose, *size)
    except ValueError:
        return None
    lat, lon, alt = tracks.lat_deg, tracks.lon_deg, tracks.alt_amsl_m
    east, north = (tracks.velocity_en_m_s * ahead_s).T
    # Metres to degrees on a sphere: over the few metres that somebody walks in a second no better is needed.
    lat_now = lat + north / _M_PER_DEG
    lon_now = lon + east / (_M_PER_DEG * np.cos(np.radians(lat)))
    shift = now.project_geodetic(lat_now, lon_now, alt) - before.project_geodetic(lat, lon, alt)
    xyxy = tracks.xyxy + np.concatenate([shift, shift], axis=1)
    moved = replace(
        tracks, t_utc_us=t_utc_us, lat_deg=lat_now, lon_deg=lon_now, xyxy=xyxy,
        unlocated_xyxy=np.zeros((0, 4)), unlocated_track_id=np.zeros(0, dtype=np.int64),
    )  # fmt: skip
    return replace(record, tracks=moved, pose=pose)


def _corrected(pose: CameraPose, as_in: CameraPose) -> CameraPose:
    """The same bias taken off that was taken off another pose of this camera (:class:`vision.records.PoseError`)."""
    if as_in.error is None:
        return pose
    east, north, up, azimuth, elevation, roll = (float(v) for v in as_in.error.removed)
    return replace(
        pose,
        lat_deg=pose.lat_deg - north / _M_PER_DEG,
        lon_deg=pose.lon_deg - east / (_M_PER_DEG * float(np.cos(np.radians(pose.lat_deg)))),
        alt_amsl_m=pose.alt_amsl_m - up,
        azimuth_deg=pose.azimuth_deg - azimuth,
        elevation_deg=pose.elevation_deg - elevation,
        roll_deg=pose.roll_deg - roll,
        error=as_in.error,
    )
