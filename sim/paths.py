"""Ways through the world: where each thing is at each moment, as piecewise linear functions of time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geofences.geodesy import FloatArray


@dataclass(frozen=True, eq=False)
class TimedPath:
    """``t_s`` ``(n,)`` not decreasing, ``en_m`` ``(n, 2)`` east, north; linear between, nowhere before and after.

    A pause is two times at one place.
    """

    t_s: FloatArray
    en_m: FloatArray

    def position(self, t_s: float) -> FloatArray:
        """East, north at ``t_s``; at the ends outside its time."""
        return np.array([np.interp(t_s, self.t_s, self.en_m[:, 0]), np.interp(t_s, self.t_s, self.en_m[:, 1])])


class PathBuilder:
    """Writes a path leg by leg."""

    def __init__(self, t_s: float, place: FloatArray) -> None:
        self._t = [t_s]
        self._en = [np.asarray(place, dtype=np.float64)]

    @property
    def t_s(self) -> float:
        """Time at the end of the path so far."""
        return self._t[-1]

    @property
    def place(self) -> FloatArray:
        """East, north at the end of the path so far."""
        return self._en[-1]

    def go(self, place: FloatArray, speed_m_s: float) -> PathBuilder:
        """Straight to ``place``."""
        place = np.asarray(place, dtype=np.float64)
        distance = float(np.hypot(*(place - self.place)))
        if distance > 1e-9:
            self._t.append(self.t_s + distance / speed_m_s)
            self._en.append(place)
        return self

    def wait(self, seconds: float) -> PathBuilder:
        """Stand still."""
        if seconds > 0:
            self._t.append(self.t_s + seconds)
            self._en.append(self.place)
        return self

    def build(self, shift_s: float = 0.0) -> TimedPath:
        """The finished path, moved in time by ``shift_s``."""
        return TimedPath(np.array(self._t) + shift_s, np.array(self._en))


def line_passages(path: TimedPath, vertices: FloatArray) -> list[tuple[float, FloatArray, int]]:
    """Every passage of the path over the polyline ``vertices`` ``(n, 2)``, in order of time.

    Each is ``(t_s, east-north, to_side)`` with ``to_side`` +1 when it ends up on the left. Exact intersection of the
    path's legs with the line's segments; a path with a corner on the line passes there once, or not at all when it
    turns back.
    """
    p, q = path.en_m[:-1], path.en_m[1:]
    a, b = vertices[:-1], vertices[1:]
    r, w = q - p, b - a
    cross = r[:, None, 0] * w[None, :, 1] - r[:, None, 1] * w[None, :, 0]
    # Which side a point is on is decided once per point and not once per leg: rounding must not put the end of one leg
    # on the near side of the line and the beginning of the next, which is the same point, on the far side.
    to_points = path.en_m[:, None] - a[None]
    on_left = w[None, :, 0] * to_points[..., 1] - w[None, :, 1] * to_points[..., 0] >= 0
    to_vertices = vertices[None] - p[:, None]
    vertex_left = r[:, None, 0] * to_vertices[..., 1] - r[:, None, 1] * to_vertices[..., 0] >= 0
    hit = (cross != 0) & (on_left[:-1] != on_left[1:]) & (vertex_left[:, :-1] != vertex_left[:, 1:])
    gap = a[None] - p[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        along_path = np.clip((gap[..., 0] * w[None, :, 1] - gap[..., 1] * w[None, :, 0]) / cross, 0.0, 1.0)
    found = []
    for leg, segment in zip(*np.nonzero(hit), strict=True):
        u = float(along_path[leg, segment])
        t = float(path.t_s[leg] + u * (path.t_s[leg + 1] - path.t_s[leg]))
        # r x w < 0: the walker turns left off the line's direction, so it goes to the line's left.
        found.append((t, p[leg] + u * r[leg], 1 if cross[leg, segment] < 0 else -1))
    found.sort(key=lambda hit: hit[0])
    return found
