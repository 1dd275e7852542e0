"""The cameras of one aircraft: found, asked for their video streams, and held against our own geolocation.

A camera that hangs on the autopilot answers under the autopilot's component id; a MAVLink camera has a heartbeat and a
component id of its own (100 to 105). Each is asked for ``CAMERA_INFORMATION`` and then for all its streams.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from geofences.geodesy import LocalFrame
from groundstation.core.records import Fault, VehicleId, VehicleState
from groundstation.core.safety_records import CameraInfo, VideoStream
from groundstation.vehicle.commands import REQUEST_MESSAGE, Command
from groundstation.vehicle.gimbal import GIMBAL_MANAGER_INFORMATION
from groundstation.vehicle.hysteresis import Standing
from groundstation.vehicle.look import Ground, Viewpoint, ground_place

CAMERA_INFORMATION, VIDEO_STREAM_INFORMATION, CAMERA_FOV_STATUS = 259, 269, 271
SET_CAMERA_ZOOM = 531
_CAMERAS = range(100, 106)
_MAV_TYPE_CAMERA = 30
_HAS_ZOOM, _HAS_VIDEO = 64, 256
_RUNNING, _THERMAL = 1, 2
_ZOOM_CONTINUOUS, _ZOOM_RANGE = 1, 2
_TRIES, _TRY_S = 3, 5.0
_UNKNOWN_PLACE = 2_147_483_647
_OLD_S = 0.3
_FOV_FLOOR_M, _FOV_ANGLE_DEG = 25.0, 2.0
_STREAM_SCHEMES = frozenset({"udp", "rtp", "rtsp", "rtsps", "srt", "tcp", "http", "https"})
_ENCODINGS = {1: "H.264", 2: "H.265"}


def zoom_order(percent: float) -> Command:
    """Zoom to a share of the camera's range, 0 wide to 100 close. Raises ``ValueError`` for anything else."""
    if not 0.0 <= percent <= 100.0:
        raise ValueError(f"zoom {percent} is not between 0 and 100 %")
    return Command(SET_CAMERA_ZOOM, float(_ZOOM_RANGE), percent, deadline_s=2.0)


def zoom_rate_order(direction: int) -> Command:
    """Zoom in (1), out (-1) or stop (0)."""
    if direction not in (-1, 0, 1):
        raise ValueError(f"zoom direction {direction} is none of -1, 0, 1")
    return Command(SET_CAMERA_ZOOM, float(_ZOOM_CONTINUOUS), float(direction), deadline_s=2.0)


@dataclass
class _Asking:
    """What is still wanted of one component."""

    tries: dict[int, int]
    next_s: float = 0.0


@dataclass(frozen=True)
class FovCheck:
    """The aircraft's reckoning of the picture's centre against ours. ``range_m``: from the camera, ``elevation_deg``: of
    its axis."""

    difference_m: float
    range_m: float
    elevation_deg: float
    text: str

    @property
    def agrees(self) -> bool:
        """Whether the two are within 25 m, or what two degrees are on the ground at that range and elevation."""
        flat = max(math.sin(math.radians(-self.elevation_deg)), 0.02)
        return self.difference_m <= max(_FOV_FLOOR_M, math.radians(_FOV_ANGLE_DEG) * self.range_m / flat)


class CameraPart:
    """Cameras of one aircraft. ``ground``: gives the ground for home's height (m AMSL), to reckon where it looks."""

    def __init__(self, vehicle_id: VehicleId, ground: Callable[[float], Ground] | None = None) -> None:
        self._vehicle_id = vehicle_id
        self._ground = ground or (lambda level_amsl_m: Ground(None, level_amsl_m))
        self._asking: dict[int, _Asking] = {
            vehicle_id.component_id: _Asking({CAMERA_INFORMATION: 0, GIMBAL_MANAGER_INFORMATION: 0})
        }
        self._fov: tuple[float, Any] | None = None
        self._fov_differs = Standing(5.0, 5.0)
        self.cameras: dict[int, CameraInfo] = {}
        self.fov_check: FovCheck | None = None

    # -- finding them --------------------------------------------------------------------------------------------

    def questions(self, now_s: float) -> list[tuple[int, Command]]:
        """Component and request that are due now; the caller sends them as commands, one in flight of each kind."""
        due: list[tuple[int, Command]] = []
        for component, asking in self._asking.items():
            if now_s < asking.next_s:
                continue
            message_id = next((i for i, tries in asking.tries.items() if tries < _TRIES), None)
            if message_id is None:
                continue
            asking.tries[message_id] += 1
            asking.next_s = now_s + (_TRY_S if asking.tries[message_id] > 1 else 1.0)
            due.append((component, Command(REQUEST_MESSAGE, float(message_id), deadline_s=2.0)))
        return due

    def answered_no(self, component: int, message_id: int) -> None:
        """The component has refused the request: it has no such thing."""
        asking = self._asking.get(component)
        if asking is not None and message_id in asking.tries:
            asking.tries[message_id] = _TRIES

    def ask_again(self) -> None:
        """The aircraft has restarted, or somebody has plugged in a camera."""
        for asking in self._asking.values():
            asking.tries = dict.fromkeys(asking.tries, 0)
            asking.next_s = 0.0

    def on_message(self, _link_name: str, message: Any, now_s: float) -> list[Any]:
        """Takes heartbeats of cameras and what cameras say, of any component of the system."""
        kind, component = message.get_type(), message.get_srcComponent()
        if kind == "HEARTBEAT":
            is_camera = component in _CAMERAS or message.type == _MAV_TYPE_CAMERA
            if is_camera and component not in self._asking:
                self._asking[component] = _Asking({CAMERA_INFORMATION: 0})
        elif kind == "CAMERA_INFORMATION":
            self._on_information(component, message)
        elif kind == "VIDEO_STREAM_INFORMATION":
            self._on_stream(component, message)
        elif kind == "GIMBAL_MANAGER_INFORMATION":
            self.answered_no(component, GIMBAL_MANAGER_INFORMATION)  # answered: need not be asked again
        elif kind == "CAMERA_FOV_STATUS":
            self._fov = (now_s, message)
        return []

    def _on_information(self, component: int, message: Any) -> None:
        asking = self._asking.setdefault(component, _Asking({}))
        asking.tries[CAMERA_INFORMATION] = _TRIES
        asking.tries.setdefault(VIDEO_STREAM_INFORMATION, 0)
        known = self.cameras.get(component)
        self.cameras[component] = CameraInfo(
            component, _bytes_text(message.vendor_name), _bytes_text(message.model_name), int(message.gimbal_device_id),
            bool(message.flags & _HAS_ZOOM), bool(message.flags & _HAS_VIDEO), known.streams if known else (),
        )  # fmt: skip

    def _on_stream(self, component: int, message: Any) -> None:
        asking = self._asking.setdefault(component, _Asking({}))
        if not message.uri and not message.resolution_h:
            # ArduPilot answers for a camera without a stream with an empty one.
            asking.tries[VIDEO_STREAM_INFORMATION] = _TRIES
            return
        stream = VideoStream(
            component, int(message.stream_id), _text(message.name), _text(message.uri),
            _ENCODINGS.get(message.encoding, "unknown"), int(message.resolution_h), int(message.resolution_v),
            float(message.framerate), int(message.bitrate), float(message.hfov) or math.nan,
            bool(message.flags & _THERMAL), bool(message.flags & _RUNNING),
        )  # fmt: skip
        known = self.cameras.get(component) or CameraInfo(component, "", "", 0, False, True)
        streams = {s.stream_id: s for s in known.streams}
        streams[stream.stream_id] = stream
        self.cameras[component] = replace(known, streams=tuple(streams[n] for n in sorted(streams)))
        if len(streams) >= message.count:
            asking.tries[VIDEO_STREAM_INFORMATION] = _TRIES

    # -- the cross-check -----------------------------------------------------------------------------------------

    def on_time(self, state: VehicleState, now_s: float) -> list[Any]:
        """Compares the newest ``CAMERA_FOV_STATUS`` with our own reckoning."""
        if self._fov is not None and now_s - self._fov[0] <= _OLD_S:
            self.fov_check = compare_fov(self._fov[1], state, self._ground(state.home_alt_amsl_m))
            self._fov = None
        return []

    def faults(self, _state: VehicleState, now_s: float) -> tuple[Fault, ...]:
        """Our geolocation and the aircraft's differ."""
        check = self.fov_check
        if not self._fov_differs.update(check is not None and not check.agrees, now_s) or check is None:
            return ()
        return (
            Fault(
                "camera_fov", "warning", f"Where the picture's centre lies: {check.text}",
                "check the gimbal's yaw, the clock and the terrain; positions of detections may be as wrong",
            ),
        )  # fmt: skip


def compare_fov(message: Any, state: VehicleState, ground: Ground) -> FovCheck | None:
    """A ``CAMERA_FOV_STATUS`` against where ``state`` and our own terrain put the picture's centre.

    None when either is not known. The two are a few tenths of a second apart, which shows while the camera turns.
    """
    if _UNKNOWN_PLACE in (message.lat_image, message.lon_image) or not (message.lat_image or message.lon_image):
        return None
    view = Viewpoint(state.lat_deg, state.lon_deg, state.alt_amsl_m, 1.0, 1.0)
    angles = (state.gimbal_azimuth_deg, state.gimbal_elevation_deg)
    if not view.known or not all(math.isfinite(a) for a in angles) or not state.position_ok:
        return None
    ours = ground_place(view, *angles, ground)
    if ours is None:
        return None
    frame = LocalFrame(state.lat_deg, state.lon_deg)
    own_en = frame.to_plane(ours.lat_deg, ours.lon_deg)
    difference_m = float(np.hypot(*(frame.to_plane(message.lat_image / 1e7, message.lon_image / 1e7) - own_en)))
    range_m = math.hypot(float(np.hypot(*own_en)), state.alt_amsl_m - ours.alt_amsl_m)
    text = f"the aircraft puts it {difference_m:.0f} m from where this station does, {range_m:.0f} m away"
    return FovCheck(difference_m, range_m, angles[1], text)


def stream_url(stream: VideoStream) -> str:
    """The URL under which this program opens a stream, "" when it is of a kind that it does not open.

    What a camera names is a stream over a network: never a file of this machine.
    """
    uri = stream.uri.strip()
    scheme, found, _ = uri.partition("://")
    if found:
        return uri if scheme.lower() in _STREAM_SCHEMES else ""
    return f"udp://0.0.0.0:{uri}" if uri.isdigit() else ""


def _bytes_text(values: Any) -> str:
    return bytes(values).split(b"\0")[0].decode("utf-8", "replace").strip()


def _text(raw: Any) -> str:
    return (raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)).rstrip("\0").strip()
