"""The annotated video: what the station saw, drawn into the pictures in which it saw it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from geofences.area import BorderLine
from geofences.border import BorderGeometry
from geofences.geodesy import FloatArray, LocalFrame
from groundstation.app.watch_inputs import utc_words
from groundstation.core.accuracy import ce90_m
from groundstation.core.errors import VideoError
from vision.camera import CameraView
from vision.lens import CameraCalibration
from vision.records import CLASS_NAMES, CameraPose, Frame, GroundTracks, TrackStatus
from vision.strip import GroundHeight

Image = NDArray[np.uint8]
Colour = tuple[int, int, int]

_CLASS_BGR: tuple[Colour, ...] = ((64, 200, 255), (255, 190, 60), (120, 255, 120))
_BORDER_BGR: Colour = (246, 92, 139)
_UNLOCATED_BGR: Colour = (170, 170, 170)
_TEXT_BGR: Colour = (255, 255, 255)
_WARN_BGR: Colour = (90, 120, 255)
_SPACING_M = 4.0
_FARTHEST_M = 2000.0
_CLOCK = Fraction(1, 90_000)
_LONGEST_PAUSE_S = 5.0
_MAX_WIDTH_PX = 1920
_SMALL_HEIGHT_PX = 540


class Annotator:
    """Draws one border's line and a frame's tracks. ``ground_height``: metres AMSL of latitudes and longitudes;
    ``calibration``: the lens with which the pictures were taken."""

    def __init__(
        self,
        border: BorderLine,
        frame: LocalFrame,
        ground_height: GroundHeight,
        calibration: CameraCalibration | None = None,
    ) -> None:
        self._border, self._calibration = border, calibration
        geometry = BorderGeometry.from_line(border, frame)
        along = np.linspace(0.0, geometry.length_m, max(2, min(50_000, int(geometry.length_m / _SPACING_M) + 1)))
        place, direction = geometry.at(along)
        left = np.stack([-direction[:, 1], direction[:, 0]], axis=-1)
        lat, lon = frame.from_plane(np.stack([place, place + 9.0 * left, place - 9.0 * left]))
        alt = np.asarray(ground_height(lat, lon), dtype=np.float64)
        self._lat, self._lon, self._alt = lat, lon, alt  # (3, n): the line, a place to its left and one to its right

    def draw(
        self, frame: Frame, tracks: GroundTracks, pose: CameraPose | None, pose_age_s: float, incidents: int
    ) -> Image:
        """A copy of the frame's picture, twice as large where it is small, with everything in it.

        ``pose_age_s``: how far the nearest measured pose is from the frame's time.
        """
        enlarge = 2 if frame.image_bgr.shape[0] < _SMALL_HEIGHT_PX else 1
        image = frame.image_bgr.copy()
        if enlarge > 1:
            image = np.asarray(
                cv2.resize(image, None, fx=enlarge, fy=enlarge, interpolation=cv2.INTER_LINEAR), dtype=np.uint8
            )
        pen = _Pen(image)
        height, width = image.shape[:2]
        view = None if pose is None else CameraView.of(pose, width, height, self._calibration)
        if view is not None:
            self._draw_border(pen, view)
            self._draw_coasting(pen, view, tracks)
        for box, number in zip(tracks.unlocated_xyxy, tracks.unlocated_track_id.tolist(), strict=True):
            pen.box(enlarge * box, _UNLOCATED_BGR, str(number % 1_000_000) if number > 0 else "")
        for i in np.flatnonzero(np.isfinite(tracks.xyxy).all(axis=1)):
            if tracks.status[i] != TrackStatus.DELETED:
                pen.box(enlarge * tracks.xyxy[i], _colour(tracks, i), _label(tracks, int(i)))
        pen.text(utc_words(frame.t_utc_us), 0, _TEXT_BGR)
        if tracks.no_georeference:
            pen.text(f"no position: {tracks.no_georeference}", 1, _WARN_BGR)
        else:
            pen.text(f"pose age {pose_age_s * 1000.0:.0f} ms", 1, _TEXT_BGR)
        if incidents:
            pen.text(f"{incidents} incident{'s' if incidents > 1 else ''} so far", 2, _TEXT_BGR)
        return image

    def _draw_border(self, pen: _Pen, view: CameraView) -> None:
        enu = view.frame.to_enu(self._lat, self._lon, self._alt)
        near = np.linalg.norm(enu[0], axis=-1) < _FARTHEST_M
        px = view.project(enu)
        line, height, width = px[0], pen.image.shape[0], pen.image.shape[1]
        drawable = near & np.isfinite(line).all(axis=1) & (np.abs(line) < 4.0 * max(width, height)).all(axis=1)
        for k in np.flatnonzero(drawable[:-1] & drawable[1:]):
            pen.line(line[k], line[k + 1], _BORDER_BGR)
        inside = drawable & view.inside(line, 0.05 * width)
        if not inside.any():
            return
        middle = np.array([width / 2.0, height / 2.0])
        at = int(np.argmin(np.where(inside, np.linalg.norm(line - middle, axis=1), np.inf)))
        for row, name in ((1, self._border.left), (2, self._border.right)):
            if np.isfinite(px[row, at]).all():
                pen.word(name, px[row, at], _BORDER_BGR)

    def _draw_coasting(self, pen: _Pen, view: CameraView, tracks: GroundTracks) -> None:
        """Where a track is believed that is not seen at present."""
        hidden = tracks.status == TrackStatus.COASTING
        if hidden.any():
            px = view.project_geodetic(tracks.lat_deg, tracks.lon_deg, tracks.alt_amsl_m)
            for i in np.flatnonzero(hidden & view.inside(px)):
                pen.cross(px[i], _colour(tracks, i), f"({_number(tracks, int(i))})")


def _number(tracks: GroundTracks, i: int) -> str:
    return str(int(tracks.track_id[i]) % 1_000_000)


def _colour(tracks: GroundTracks, i: int | np.intp) -> Colour:
    return _CLASS_BGR[int(np.argmax(tracks.class_probability[i]))]


def _label(tracks: GroundTracks, i: int) -> str:
    name = CLASS_NAMES[int(np.argmax(tracks.class_probability[i]))]
    if tracks.status[i] == TrackStatus.TENTATIVE:
        return f"{_number(tracks, i)} {name}?"
    return f"{_number(tracks, i)} {name} +-{ce90_m(tracks.covariance_en[i]):.0f} m"


class _Pen:
    """OpenCV drawing in sizes that fit the picture. Text has a dark rim: it must be legible on snow and on asphalt."""

    def __init__(self, image: Image) -> None:
        self.image = image
        self._scale = float(np.clip(image.shape[0] / 1080.0 * 0.8, 0.42, 1.6))
        self._thick = max(1, round(1.6 * self._scale))
        self._row_px = round(30 * self._scale)

    def _put(self, text: str, x: float, y: float, colour: Colour) -> None:
        # OpenCV's letters are ASCII only.
        plain = text.encode("ascii", "replace").decode("ascii")
        at = (round(x), round(y))
        for ink, thick in (((20, 20, 20), self._thick + 2), (colour, self._thick)):
            cv2.putText(self.image, plain, at, cv2.FONT_HERSHEY_SIMPLEX, self._scale, ink, thick, cv2.LINE_AA)

    def text(self, text: str, row: int, colour: Colour) -> None:
        """A line at the top left."""
        self._put(text, 0.4 * self._row_px, (row + 1) * self._row_px, colour)

    def word(self, text: str, xy: FloatArray, colour: Colour) -> None:
        """A word around a place."""
        (w, h), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, self._scale, self._thick)
        self._put(text, float(xy[0]) - w / 2.0, float(xy[1]) + h / 2.0, colour)

    def line(self, a: FloatArray, b: FloatArray, colour: Colour) -> None:
        """A straight line."""
        start, end = (tuple(int(v) for v in np.round(p)) for p in (a, b))
        cv2.line(self.image, start, end, colour, self._thick + 1, cv2.LINE_AA)

    def box(self, xyxy: FloatArray, colour: Colour, label: str) -> None:
        """A box with its label above it, or below where there is no room."""
        x0, y0, x1, y1 = (int(v) for v in np.round(np.clip(xyxy, -1e4, 1e4)))
        cv2.rectangle(self.image, (x0, y0), (x1, y1), colour, self._thick)
        if label:
            above = y0 - 0.25 * self._row_px
            self._put(label, x0, above if above > 4 * self._row_px else y1 + 0.9 * self._row_px, colour)

    def cross(self, xy: FloatArray, colour: Colour, label: str) -> None:
        """A place without a box."""
        at = tuple(int(v) for v in np.round(xy))
        cv2.drawMarker(self.image, at, colour, cv2.MARKER_TILTED_CROSS, round(12 * self._scale), self._thick)
        self._put(label, float(xy[0]) + 0.3 * self._row_px, float(xy[1]), colour)


class AnnotatedVideo:
    """An H.264 file with the recording's own timing. Pictures of another size than the first are scaled to it.

    Raises :class:`VideoError` when the file cannot be written. Close it, also after an error: a file without its index
    cannot be played.
    """

    def __init__(self, path: Path, width: int, height: int) -> None:
        self._path = path
        shrink = min(1.0, _MAX_WIDTH_PX / width)
        self._size = (max(2, round(width * shrink) // 2 * 2), max(2, round(height * shrink) // 2 * 2))
        self._last_s = self._last_in_s = 0.0
        self._written = 0
        self._out: Any = None
        try:
            self._out = av.open(str(path), "w", format="mp4")
            stream: Any = self._out.add_stream("libx264", rate=30)
            stream.width, stream.height, stream.pix_fmt = *self._size, "yuv420p"
            stream.codec_context.time_base = _CLOCK
            stream.options = {"preset": "veryfast", "crf": "23"}
            self._stream = stream
        except (OSError, ValueError, av.error.FFmpegError) as error:
            self.close()
            raise VideoError(f"{path}: cannot be written: {error}", "check the folder and the disk") from error

    def write(self, image: Image, pts_s: float) -> None:
        """One picture. Where the recording's time stamps jump, the video goes on after a tenth of a second."""
        step_s = pts_s - self._last_in_s
        if not 1e-3 <= step_s <= _LONGEST_PAUSE_S:
            step_s = 0.1
        self._last_s = self._last_s + step_s if self._written else 0.0
        self._last_in_s = pts_s
        self._written += 1
        if (image.shape[1], image.shape[0]) != self._size:
            image = np.asarray(cv2.resize(image, self._size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        frame = av.VideoFrame.from_ndarray(image, format="bgr24")
        frame.pts, frame.time_base = round(self._last_s / _CLOCK), _CLOCK
        try:
            for packet in self._stream.encode(frame):
                self._out.mux(packet)
        except (OSError, ValueError, av.error.FFmpegError) as error:
            raise VideoError(f"{self._path}: cannot be written: {error}", "free space on the disk") from error

    def close(self) -> None:
        """Flush and close. Harmless when called again. Raises :class:`VideoError` when the end cannot be written."""
        out, self._out = self._out, None
        if out is None:
            return
        try:
            if self._written:
                for packet in self._stream.encode(None):
                    out.mux(packet)
            out.close()
        except (OSError, ValueError, av.error.FFmpegError) as error:
            raise VideoError(f"{self._path}: cannot be written: {error}", "free space on the disk") from error
