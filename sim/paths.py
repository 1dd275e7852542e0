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


_SAME_PLACE = 1e-9
_SAME_TIME_S, _SAME_PLACE_M = 1e-6, 1e-6


def line_passages(path: TimedPath, vertices: FloatArray) -> list[tuple[float, FloatArray, int]]:
    """Every passage of the path over the polyline ``vertices`` ``(n, 2)``, in order of time.

    Each is ``(t_s, east-north, to_side)`` with ``to_side`` +1 when it ends up on the left. Exact intersection of the
    path's legs with the line's segments. A corner of the path on the line belongs to both of its legs, and a corner of
    the line to both of its segments; rounding decides which of them are found. So all are, and those of one moment, or
    of a rest on the line, count once when they go the same way and not at all when they do not: the path only touches it.
    """
    p, q = path.en_m[:-1], path.en_m[1:]
    a, b = vertices[:-1], vertices[1:]
    r, w = q - p, b - a
    cross = r[:, None, 0] * w[None, :, 1] - r[:, None, 1] * w[None, :, 0]
    gap = a[None] - p[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        along_path = (gap[..., 0] * w[None, :, 1] - gap[..., 1] * w[None, :, 0]) / cross
        along_line = (gap[..., 0] * r[:, None, 1] - gap[..., 1] * r[:, None, 0]) / cross
        hit = cross != 0
        for along in (along_path, along_line):
            hit &= (along >= -_SAME_PLACE) & (along <= 1.0 + _SAME_PLACE)
    found = []
    for leg, segment in zip(*np.nonzero(hit), strict=True):
        u = min(max(float(along_path[leg, segment]), 0.0), 1.0)
        t = float(path.t_s[leg] + u * (path.t_s[leg + 1] - path.t_s[leg]))
        # r x w < 0: the walker turns left off the line's direction, so it goes to the line's left.
        found.append((t, p[leg] + u * r[leg], 1 if cross[leg, segment] < 0 else -1))
    found.sort(key=lambda hit: hit[0])
    passages: list[tuple[float, FloatArray, int]] = []
    together: list[tuple[float, FloatArray, int]] = []
    for one in [*found, None]:
        if together and (one is None or not _is_same(together[0], one)):
            if len({to_side for _, _, to_side in together}) == 1:
                passages.append(together[0])
            together = []
        if one is not None:
            together.append(one)
    return passages


def _is_same(a: tuple[float, FloatArray, int], b: tuple[float, FloatArray, int]) -> bool:
    """At one moment, or after a rest at the same place."""
    return b[0] - a[0] <= _SAME_TIME_S or float(np.hypot(*(b[1] - a[1]))) <= _SAME_PLACE_M
