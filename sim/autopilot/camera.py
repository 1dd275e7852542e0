"""The payload camera as MAVLink tells it: who it is, where its video is, its zoom; behind the autopilot or on its own.

A camera on the autopilot's own port answers as component 1; a MAVLink camera has a component id and a heartbeat of its
own (100 to 105). The picture itself is :mod:`sim.video`'s.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from missions.mavlink import mavlink2 as m

AUTOPILOT_CAMERA, MAVLINK_CAMERA = 1, 100
_VENDOR, _MODEL = b"Marchwarden", b"Simulated payload"
_SENSOR_WIDTH_MM = 6.4


@dataclass(frozen=True)
class CameraFacts:
    """What the camera is. ``most_zoom`` 1 is a camera without zoom; more only where nobody renders its picture."""

    width_px: int = 1280
    height_px: int = 720
    fps: float = 15.0
    hfov_deg: float = 40.0
    bitrate_bit_s: int = 4_500_000
    thermal: bool = False
    video_uri: str = ""
    component: int = AUTOPILOT_CAMERA
    most_zoom: float = 1.0


class Camera:
    """Answers for one camera. ``boot_ms()`` is the vehicle's time since boot."""

    def __init__(self, facts: CameraFacts, boot_ms: Callable[[], int]) -> None:
        self.facts = facts
        self._boot_ms = boot_ms
        self.zoom = 1.0
        self._builders: dict[int, Callable[[], Any]] = {
            m.MAVLINK_MSG_ID_CAMERA_INFORMATION: self._information,
            m.MAVLINK_MSG_ID_CAMERA_SETTINGS: self._settings,
            m.MAVLINK_MSG_ID_VIDEO_STREAM_INFORMATION: self._stream_information,
            m.MAVLINK_MSG_ID_VIDEO_STREAM_STATUS: self._stream_status,
        }

    @property
    def message_ids(self) -> tuple[int, ...]:
        """What :meth:`build` knows."""
        return tuple(self._builders)

    @property
    def fov_deg(self) -> tuple[float, float]:
        """The horizontal and vertical field of view at the present zoom."""
        half = math.tan(math.radians(self.facts.hfov_deg) / 2.0) / self.zoom
        upright = half * self.facts.height_px / self.facts.width_px
        return math.degrees(2.0 * math.atan(half)), math.degrees(2.0 * math.atan(upright))

    def heartbeat(self) -> Any:
        """``HEARTBEAT`` of a camera with a component id of its own."""
        return m.MAVLink_heartbeat_message(m.MAV_TYPE_CAMERA, m.MAV_AUTOPILOT_INVALID, 0, 0, m.MAV_STATE_ACTIVE, 3)

    def build(self, message_id: int) -> Any | None:
        """A message about the camera, or None for one that it does not have."""
        builder = self._builders.get(message_id)
        return builder() if builder is not None else None

    def set_zoom(self, kind: float, value: float) -> int:
        """``SET_CAMERA_ZOOM``: 0 a step in or out, 2 a percentage of the range; the ``MAV_RESULT``."""
        most = self.facts.most_zoom
        if most <= 1.0:
            return int(m.MAV_RESULT_UNSUPPORTED)
        if not math.isfinite(value):
            return int(m.MAV_RESULT_DENIED)
        if kind == m.ZOOM_TYPE_STEP:
            zoom = self.zoom * (1.25 if value > 0 else 0.8)
        elif kind == m.ZOOM_TYPE_RANGE and 0.0 <= value <= 100.0:
            zoom = 1.0 + (most - 1.0) * value / 100.0
        else:
            return int(m.MAV_RESULT_DENIED)
        self.zoom = min(max(zoom, 1.0), most)
        return int(m.MAV_RESULT_ACCEPTED)

    def _information(self) -> Any:
        f = self.facts
        focal_mm = _SENSOR_WIDTH_MM / 2.0 / math.tan(math.radians(f.hfov_deg) / 2.0)
        flags = 0
        if f.video_uri:
            flags |= m.CAMERA_CAP_FLAGS_HAS_VIDEO_STREAM | m.CAMERA_CAP_FLAGS_CAPTURE_VIDEO
        if f.most_zoom > 1.0:
            flags |= m.CAMERA_CAP_FLAGS_HAS_BASIC_ZOOM
        return m.MAVLink_camera_information_message(
            self._boot_ms(), list(_VENDOR.ljust(32, b"\0")), list(_MODEL.ljust(32, b"\0")), 1, focal_mm,
            _SENSOR_WIDTH_MM, _SENSOR_WIDTH_MM * f.height_px / f.width_px, f.width_px, f.height_px, 0, flags, 0, b"",
            1, 1 if f.component == AUTOPILOT_CAMERA else 0,
        )  # fmt: skip

    def _settings(self) -> Any:
        most = self.facts.most_zoom
        level = 100.0 * (self.zoom - 1.0) / (most - 1.0) if most > 1.0 else math.nan
        return m.MAVLink_camera_settings_message(self._boot_ms(), m.CAMERA_MODE_VIDEO, level, math.nan)

    def _stream_facts(self) -> tuple[int, float, int, int, int, int, int]:
        f = self.facts
        flags = m.VIDEO_STREAM_STATUS_FLAGS_RUNNING | (m.VIDEO_STREAM_STATUS_FLAGS_THERMAL if f.thermal else 0)
        return flags, f.fps, f.width_px, f.height_px, f.bitrate_bit_s, 0, round(self.fov_deg[0])

    def _stream_information(self) -> Any | None:
        f = self.facts
        if not f.video_uri:
            return None
        kind = m.VIDEO_STREAM_TYPE_RTSP if f.video_uri.startswith("rtsp") else m.VIDEO_STREAM_TYPE_MPEG_TS
        name = b"thermal" if f.thermal else b"colour"
        return m.MAVLink_video_stream_information_message(
            1, 1, kind, *self._stream_facts(), name, f.video_uri.encode("ascii", "replace")[:160],
            m.VIDEO_STREAM_ENCODING_H264,
        )  # fmt: skip

    def _stream_status(self) -> Any | None:
        return m.MAVLink_video_stream_status_message(1, *self._stream_facts()) if self.facts.video_uri else None
