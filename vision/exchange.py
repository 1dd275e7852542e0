"""What crosses the border between the station and a vision worker through shared memory: poses in, pictures out.

Both are newest-wins and must never block: a pose is written by the thread that reads the aircraft's link, and a worker
that hangs must not hang that too (a pipe would, once it is full). Everything else goes through the worker's pipe.

The station creates the memory and unlinks it; the worker only attaches, so a worker that is killed leaves nothing.
Slots are written in turn and carry a counter before and after: a reader that was overtaken sees it and drops the slot.
"""

from __future__ import annotations

import struct
from dataclasses import astuple, fields
from multiprocessing.shared_memory import SharedMemory

import numpy as np
from numpy.typing import NDArray

from vision.records import CameraPose, PoseSigma, PoseSource

MAX_PREVIEW_PX = 960
_POSE_SLOTS = 64
_PICTURE_SLOTS = 3
_COUNT = struct.Struct("<Q")
_SIGMAS = len(fields(PoseSigma))
_POSE = struct.Struct(f"<Qq8d{_SIGMAS}d?Q")
_POSE_STRIDE = 192
_PICTURE_HEAD = struct.Struct("<QII")
_PICTURE_STRIDE = 64 + MAX_PREVIEW_PX * MAX_PREVIEW_PX * 3
_POSES_AT = 64
_PICTURES_AT = _POSES_AT + _POSE_SLOTS * _POSE_STRIDE
SIZE = _PICTURES_AT + _PICTURE_SLOTS * _PICTURE_STRIDE
assert _POSE.size <= _POSE_STRIDE


class Exchange:
    """One block of shared memory for one worker. Writers: the station for poses, the worker for pictures."""

    def __init__(self, memory: SharedMemory, owner: bool) -> None:
        self._memory = memory
        self._owner = owner
        self._poses_read = 0
        self._pictures_written = 0

    @classmethod
    def create(cls) -> Exchange:
        """New memory; whoever creates it must :meth:`close` it, which also removes it."""
        memory = SharedMemory(create=True, size=SIZE)
        exchange = cls(memory, owner=True)
        exchange._buffer[:_PICTURES_AT] = bytes(_PICTURES_AT)
        for slot in range(_PICTURE_SLOTS):
            _PICTURE_HEAD.pack_into(exchange._buffer, _PICTURES_AT + slot * _PICTURE_STRIDE, 0, 0, 0)
        return exchange

    @classmethod
    def attach(cls, name: str) -> Exchange:
        """Memory that the station made."""
        return cls(SharedMemory(name=name), owner=False)

    @property
    def name(self) -> str:
        """What :meth:`attach` needs."""
        return self._memory.name

    @property
    def _buffer(self) -> memoryview:
        buffer = self._memory.buf
        if buffer is None:
            raise ValueError("the shared memory is closed")
        return buffer

    def close(self) -> None:
        """Give the memory back; the owner removes it. Safe to call twice."""
        self._memory.close()
        if self._owner:
            self._owner = False
            self._memory.unlink()

    # --------------------------------------------------------------------------------------------------------- poses

    def write_pose(self, pose: CameraPose) -> None:
        """Add a pose; never blocks. One thread at a time."""
        buffer = self._buffer
        number = _COUNT.unpack_from(buffer, 0)[0] + 1
        at = _POSES_AT + number % _POSE_SLOTS * _POSE_STRIDE
        _COUNT.pack_into(buffer, at, 0)
        _POSE.pack_into(
            buffer, at, number, pose.t_utc_us, pose.lat_deg, pose.lon_deg, pose.alt_amsl_m, pose.azimuth_deg,
            pose.elevation_deg, pose.roll_deg, pose.hfov_deg, pose.vfov_deg, *astuple(pose.sigma),
            pose.source == "klv", number,
        )  # fmt: skip
        _COUNT.pack_into(buffer, 0, number)

    def read_poses(self) -> list[CameraPose]:
        """Poses that came since the last call, oldest first; after a long pause the last 60 or so."""
        buffer = self._buffer
        count = int(_COUNT.unpack_from(buffer, 0)[0])
        poses: list[CameraPose] = []
        for number in range(max(self._poses_read + 1, count - _POSE_SLOTS + 4), count + 1):
            at = _POSES_AT + number % _POSE_SLOTS * _POSE_STRIDE
            values = _POSE.unpack_from(buffer, at)
            if values[0] != number or values[-1] != number:
                continue  # overtaken while reading
            t_us, lat, lon, alt, azimuth, elevation, roll, hfov, vfov = values[1:10]
            sigma = PoseSigma(*values[10 : 10 + _SIGMAS])
            source: PoseSource = "klv" if values[10 + _SIGMAS] else "vehicle"
            poses.append(CameraPose(t_us, lat, lon, alt, azimuth, elevation, roll, hfov, vfov, source, sigma))
        self._poses_read = count
        return poses

    # ------------------------------------------------------------------------------------------------------- pictures

    def write_picture(self, image_bgr: NDArray[np.uint8]) -> int:
        """Put a picture ``(h, w, 3)`` of at most 960 x 960 into the next slot; the number to read it by."""
        height, width = image_bgr.shape[:2]
        if height > MAX_PREVIEW_PX or width > MAX_PREVIEW_PX:
            raise ValueError(f"preview of {width}x{height} pixels, at most {MAX_PREVIEW_PX}")
        self._pictures_written += 1
        number = self._pictures_written
        at = _PICTURES_AT + number % _PICTURE_SLOTS * _PICTURE_STRIDE
        _PICTURE_HEAD.pack_into(self._buffer, at, 0, height, width)
        slot = np.frombuffer(self._buffer, np.uint8, image_bgr.size, at + 64)
        slot[:] = image_bgr.reshape(-1)
        del slot  # a view would keep the memory from closing
        _PICTURE_HEAD.pack_into(self._buffer, at, number, height, width)
        return number

    def read_picture(self, number: int) -> NDArray[np.uint8] | None:
        """A copy of a picture, or None when newer ones have replaced it."""
        at = _PICTURES_AT + number % _PICTURE_SLOTS * _PICTURE_STRIDE
        found, height, width = _PICTURE_HEAD.unpack_from(self._buffer, at)
        if found != number or height > MAX_PREVIEW_PX or width > MAX_PREVIEW_PX:
            return None
        image = np.frombuffer(self._buffer, np.uint8, height * width * 3, at + 64).reshape(height, width, 3).copy()
        if _PICTURE_HEAD.unpack_from(self._buffer, at)[0] != number:
            return None
        return image
