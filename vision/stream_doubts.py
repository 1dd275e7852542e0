"""What makes a picture or a pose of a stream doubtful although nothing about it is formally wrong."""

from __future__ import annotations

from typing import Any

from vision.klv import (
    TAG_ALT_MSL,
    TAG_HEADING,
    TAG_LAT,
    TAG_LON,
    TAG_PITCH,
    TAG_PITCH_FULL,
    TAG_REL_AZIMUTH,
    TAG_REL_ELEVATION,
    TAG_REL_ROLL,
    TAG_ROLL,
    TAG_ROLL_FULL,
    LocalSet,
)

_REFRESHED_S = 2.0
_PLACE_TAGS = (TAG_LAT, TAG_LON, TAG_ALT_MSL)
_POSE_TAGS = (
    *_PLACE_TAGS, TAG_HEADING, TAG_PITCH, TAG_ROLL, TAG_PITCH_FULL, TAG_ROLL_FULL, TAG_REL_AZIMUTH, TAG_REL_ELEVATION,
    TAG_REL_ROLL,
)  # fmt: skip


class Damage:
    """Which pictures were decoded from less than was sent.

    What is missing is filled from older pictures, and goes on from picture to picture until a key frame; some streams
    have none and refresh the picture bit by bit, within two seconds as a rule.
    """

    def __init__(self) -> None:
        self._since_s: float | None = None

    def begin(self, pts_s: float | None) -> None:
        """A packet with that time was incomplete or could not be decoded."""
        self._since_s = pts_s if pts_s is not None else self._since_s

    def of(self, picture: Any) -> str:
        """Why a picture (PyAV's) is not to be trusted, or ""."""
        pts_s = float(picture.pts * picture.time_base)
        if picture.is_corrupt:
            self.begin(pts_s)
        elif self._since_s is not None and (
            (picture.key_frame and pts_s > self._since_s) or not 0.0 <= pts_s - self._since_s <= _REFRESHED_S
        ):
            self._since_s = None
        return "" if self._since_s is None else "picture damaged by lost packets"


class FrozenPose:
    """Notices a pose that stands still to the last bit while its time goes on: the sender repeats an old measurement.

    A camera on a mast stands still too: only a pose whose position has changed before can freeze.
    """

    def __init__(self, after_s: float) -> None:
        self._after_us = round(after_s * 1e6)
        self._place: bytes | None = None
        self._pose: bytes | None = None
        self._since_us = 0
        self._moved = False

    def observe(self, local_set: LocalSet, t_utc_us: int) -> float:
        """For how many seconds it has been frozen; 0 while it is not."""
        raw = local_set.raw
        place = b"".join(raw.get(tag, b"") for tag in _PLACE_TAGS)
        pose = b"".join(raw.get(tag, b"") for tag in _POSE_TAGS)
        if self._place is not None and place != self._place:
            self._moved = True
        if pose != self._pose:
            self._since_us = t_utc_us
        self._place, self._pose = place, pose
        still_us = t_utc_us - self._since_us
        return still_us / 1e6 if self._moved and still_us >= self._after_us else 0.0
