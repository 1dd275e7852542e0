"""From figures in metres to sprites in pixels, painted finer than the picture and with their shadows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from geofences.geodesy import FloatArray
from sim.figures import Capsule, Parts, figure
from sim.projection import Pinhole, ViewPose, project
from sim.sprites import Sprite
from sim.world import ObjectState

Image = NDArray[np.uint8]

_FINE = 4
_BITS = 3
_ONE = 1 << _BITS
_MAX_SIDE_PX = 900


@dataclass(eq=False)
class Body:
    """One object's parts set up in the world: ``enu_m`` ``(n, 3)`` their ends and corners, one part after the other."""

    state: ObjectState
    parts: Parts
    enu_m: FloatArray
    ground_m: float
    depth_m: float


def make_body(state: ObjectState, ground_m: float, depth_m: float) -> Body:
    """Stand the figure of ``state`` on the ground."""
    parts = figure(state.kind, state.look, state.travelled_m, state.speed_m_s)
    local = np.array([p for part in parts for p in ((part.a, part.b) if isinstance(part, Capsule) else part.corners)])
    angle = np.radians(state.heading_deg)
    sin, cos = float(np.sin(angle)), float(np.cos(angle))
    enu = np.empty_like(local)
    enu[:, 0] = local[:, 0] * sin - local[:, 1] * cos + state.east_m
    enu[:, 1] = local[:, 0] * cos + local[:, 1] * sin + state.north_m
    enu[:, 2] = local[:, 2] + ground_m
    return Body(state, parts, enu, ground_m, depth_m)


def outline_box(parts: Parts, xy_px: FloatArray, scale: float) -> tuple[float, float, float, float]:
    """The box around all parts, exactly: x0, y0, x1, y1 in pixels.

    ``xy_px`` ``(n, 2)`` are the projected points of :attr:`Body.enu_m`, ``scale`` pixels per metre at the body.
    """
    reach: list[float] = []
    for part in parts:
        if isinstance(part, Capsule):
            radius = max(part.radius_m * scale, 0.5 / _FINE)
            reach += (radius, radius)
        else:
            reach += (0.0,) * len(part.corners)
    around = np.array(reach)[:, None]
    low, high = (xy_px - around).min(axis=0).tolist(), (xy_px + around).max(axis=0).tolist()
    return low[0], low[1], high[0], high[1]


class BodyPainter:
    """Draws bodies as one camera sees them; ``thermal`` chooses warmth instead of colour, ``gain`` is the light's
    strength in blue, green, red, ``sun`` the unit vector towards it (east, north, up)."""

    def __init__(self, camera: Pinhole, thermal: bool, sun: tuple[float, float, float], gain: FloatArray) -> None:
        self._camera, self._thermal, self._gain = camera, thermal, np.asarray(gain)
        self._sun = np.array(sun)

    def sprites(self, pose: ViewPose, bodies: list[Body]) -> list[Sprite | None]:
        """One sprite per body; None for one that is too near or behind the camera."""
        if not bodies:
            return []
        xy, _ = project(pose, self._camera, np.concatenate([b.enu_m for b in bodies]))
        result, row = [], 0
        for body in bodies:
            count = len(body.enu_m)
            result.append(self._sprite(body, xy[row : row + count]))
            row += count
        return result

    def cast_shadows(self, pose: ViewPose, bodies: list[Body], image: Image, strength: float) -> None:
        """Darken ``image`` where the bodies' shadows fall on level ground beneath them."""
        if not bodies or strength <= 0:
            return
        enu = np.concatenate([b.enu_m for b in bodies])
        ground = np.concatenate([np.full(len(b.enu_m), b.ground_m) for b in bodies])
        flat = enu - (enu[:, 2] - ground)[:, None] * (self._sun / max(float(self._sun[2]), 0.3))
        flat[:, 2] = ground
        xy, _ = project(pose, self._camera, flat)
        shape = image.shape
        mask: Image = np.zeros(shape[:2], np.uint8)
        boxes, row = [], 0
        for body in bodies:
            count = len(body.enu_m)
            points = xy[row : row + count]
            row += count
            if not np.isfinite(points).all() or np.abs(points).max() > 20_000:
                continue
            scale = self._camera.focal_px / body.depth_m
            self._stamp_shadow(mask, body, points, scale)
            margin = 0.5 * scale + 3
            x0, y0 = (int(v) for v in points.min(axis=0) - margin)
            x1, y1 = (int(v) for v in points.max(axis=0) + margin)
            boxes.append((max(x0, 0), max(y0, 0), min(x1, shape[1]), min(y1, shape[0])))
        for x0, y0, x1, y1 in boxes:
            if x0 >= x1 or y0 >= y1:
                continue
            soft = cv2.blur(mask[y0:y1, x0:x1], (3, 3))
            keep = 256 - (soft.astype(np.uint16) * round(strength * 255) >> 8)
            part = image[y0:y1, x0:x1]
            part[:] = part * keep[..., None] >> 8
            # Where two shadows' boxes overlap the ground is darkened once.
            mask[y0:y1, x0:x1] = 0

    def _stamp_shadow(self, mask: Image, body: Body, points: FloatArray, scale: float) -> None:
        fixed = np.round((points - 0.5) * _ONE).astype(np.int32)
        ends = fixed.tolist()
        row = 0
        for part in body.parts:
            if isinstance(part, Capsule):
                # Thin parts cast no shadow that could be seen.
                thick = round(2 * part.radius_m * scale)
                if thick > 0:
                    cv2.line(mask, ends[row], ends[row + 1], 255, thick, cv2.LINE_8, _BITS)
                row += 2
            else:
                count = len(part.corners)
                cv2.fillConvexPoly(mask, fixed[row : row + count], 255, cv2.LINE_8, _BITS)
                row += count

    def _inks(self, parts: Parts) -> tuple[list[Any], list[Any]]:
        """Colour with full coverage of each part, and of its lighter core."""
        if self._thermal:
            warmth = np.array([part.warmth for part in parts])
            ink = np.full((len(parts), 4), 255.0)
            ink[:, :3] = np.minimum(warmth, 255.0)[:, None]
            core = ink.copy()
            core[:, :3] = np.minimum(warmth + 10.0, 255.0)[:, None]
            return ink.tolist(), core.tolist()
        colour = np.array([part.colour for part in parts]) * self._gain
        ink = np.full((len(parts), 4), 255.0)
        ink[:, :3] = np.minimum(colour * 0.84, 255.0)
        core = ink.copy()
        core[:, :3] = np.minimum(colour * 1.12, 255.0)
        return ink.tolist(), core.tolist()

    def _sprite(self, body: Body, xy: FloatArray) -> Sprite | None:
        if not np.isfinite(xy).all():
            return None
        scale = self._camera.focal_px / body.depth_m
        x0, y0, x1, y1 = outline_box(body.parts, xy, scale)
        left, top = int(x0) - 2 if x0 >= 0 else int(x0) - 3, int(y0) - 2 if y0 >= 0 else int(y0) - 3
        width, height = int(x1) + 3 - left, int(y1) + 3 - top
        if width > _MAX_SIDE_PX or height > _MAX_SIDE_PX:
            return None
        canvas: Image = np.zeros((height * _FINE, width * _FINE, 4), np.uint8)
        fine = np.round(((xy - (left, top)) * _FINE - 0.5) * _ONE).astype(np.int32)
        ends = fine.tolist()
        inks, cores = self._inks(body.parts)
        row = 0
        for index, part in enumerate(body.parts):
            if isinstance(part, Capsule):
                radius = part.radius_m * scale * _FINE
                a, b = ends[row], ends[row + 1]
                cv2.line(canvas, a, b, inks[index], max(1, round(2 * radius)), cv2.LINE_8, _BITS)
                if radius > 2.0:
                    # A lighter core gives a limb its roundness; by day it sits towards the sky.
                    lift = 0 if self._thermal else round(radius * 0.3) * _ONE
                    a, b = [a[0], a[1] - lift], [b[0], b[1] - lift]
                    cv2.line(canvas, a, b, cores[index], max(1, round(1.15 * radius)), cv2.LINE_8, _BITS)
                row += 2
            else:
                count = len(part.corners)
                self._face(
                    canvas, fine[row : row + count], ends[row : row + count], body.enu_m[row : row + count], part
                )
                row += count
        pixels = np.asarray(cv2.resize(canvas, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)
        mask = pixels[..., 3].copy()
        return Sprite(left, top, pixels, (x0, y0, x1, y1), mask, float(mask.sum()))

    def _face(self, canvas: Image, corners: Any, points: list[list[int]], enu_m: FloatArray, part: Any) -> None:
        area = 0
        for i, (x1, y1) in enumerate(points):
            x0, y0 = points[i - 1]
            area += x0 * y1 - x1 * y0
        # Pixels have y down: a face that looks at the camera, its corners counter-clockwise, has a negative area here.
        if area >= 0:
            return
        ux, uy, uz = (enu_m[1] - enu_m[0]).tolist()
        vx, vy, vz = (enu_m[2] - enu_m[0]).tolist()
        normal = (uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx)
        length = float(np.sqrt(normal[0] ** 2 + normal[1] ** 2 + normal[2] ** 2)) or 1.0
        lit = max(0.0, sum(n * float(s) for n, s in zip(normal, self._sun, strict=True)) / length)
        if self._thermal:
            ink = (min(part.warmth, 255.0),) * 3 + (255.0,)
        else:
            b, g, r = (
                min(c * float(t) * (0.62 + 0.5 * lit), 255.0) for c, t in zip(part.colour, self._gain, strict=True)
            )
            ink = (b, g, r, 255.0)
        cv2.fillConvexPoly(canvas, corners, ink, cv2.LINE_8, _BITS)
