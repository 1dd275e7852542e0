"""Two aircraft too close in time and space. Exact: both fly straight pieces evenly, so their way relative to each other is one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geofences.errors import PlanError
from geofences.geodesy import FloatArray, LocalFrame
from missions.checks.findings import CheckLimits, Finding
from missions.performance import KNOWN, Performance
from missions.plan import Plan
from missions.plan_time import plan_time

_AIRBORNE_M = 1.0
_PAIRS_AT_ONCE = 200_000


@dataclass(frozen=True, eq=False)
class _Timed:
    """Straight pieces: times ``(n, 2)``, places ``(n, 2, 3)`` east, north, up in a common frame, items ``(n,)``."""

    t_s: FloatArray
    enu_m: FloatArray
    seq: NDArray[np.int64]


def check_plans(
    plans: Sequence[Plan],
    performances: Sequence[Performance] | None = None,
    starts_s: Sequence[float] | None = None,
    limits: CheckLimits | None = None,
    wind_en_m_s: tuple[float, float] = (0.0, 0.0),
) -> list[Finding]:
    """One error for each pair that comes nearer than ``apart_m`` and ``apart_up_m`` at the same time, at the first such time.

    ``performances``: of each aircraft, or ordinary quadcopters; ``starts_s``: when each takes off, all at 0 without it. A plan
    that the wind does not allow is left out here; its own check says so.
    """
    kinds = list(performances) if performances is not None else [KNOWN["quadcopter"]] * len(plans)
    starts = list(starts_s) if starts_s is not None else [0.0] * len(plans)
    if not len(plans) == len(kinds) == len(starts):
        raise PlanError("there are not as many aircraft and starts as plans", "give one of each for every plan")
    if len(plans) < 2:
        return []
    limits = limits or CheckLimits()
    frame = LocalFrame(plans[0].home_lat_deg, plans[0].home_lon_deg)
    timed = [_timed(p, k, s, frame, wind_en_m_s) for p, k, s in zip(plans, kinds, starts, strict=True)]
    found: list[Finding] = []
    for i, one in enumerate(timed):
        for j in range(i + 1, len(timed)):
            other = timed[j]
            if one is None or other is None:
                continue
            close = _first_close(one, other, limits.apart_m, limits.apart_up_m)
            if close is not None:
                found.append(_told(plans, i, j, one, other, close, frame, limits))
    return found


def _timed(
    plan: Plan, performance: Performance, start_s: float, frame: LocalFrame, wind: tuple[float, float]
) -> _Timed | None:
    try:
        legs = plan_time(plan, performance, wind).legs
    except PlanError:
        return None
    legs = tuple(leg for leg in legs if math.isfinite(leg.duration_s))
    if not legs:
        return None
    own = LocalFrame(plan.home_lat_deg, plan.home_lon_deg)
    places = np.array([[leg.from_en_m, leg.to_en_m] for leg in legs])
    en = frame.to_plane(*own.from_plane(places))
    up = np.array([[leg.from_alt_rel_home_m, leg.to_alt_rel_home_m] for leg in legs]) + plan.home_alt_amsl_m
    begin = np.array([leg.start_s for leg in legs]) + start_s
    t = np.stack([begin, begin + [leg.duration_s for leg in legs]], axis=1)
    # On the ground nobody is too close.
    high = (up - plan.home_alt_amsl_m > _AIRBORNE_M).any(axis=1)
    return _Timed(
        t[high], np.concatenate([en, up[..., None]], axis=-1)[high], np.array([x.item_seq for x in legs])[high]
    )


def _first_close(one: _Timed, other: _Timed, apart_m: float, apart_up_m: float) -> tuple[float, int, int] | None:
    """The first time at which both distances are too small, with the piece of each."""
    best: tuple[float, int, int] | None = None
    block = max(1, _PAIRS_AT_ONCE // max(1, len(other.t_s)))
    for first in range(0, len(one.t_s), block):
        rows, columns = np.nonzero(
            (one.t_s[first : first + block, None, 0] <= other.t_s[None, :, 1])
            & (other.t_s[None, :, 0] <= one.t_s[first : first + block, None, 1])
        )
        rows = rows + first
        if not len(rows):
            continue
        begin = np.maximum(one.t_s[rows, 0], other.t_s[columns, 0])
        end = np.minimum(one.t_s[rows, 1], other.t_s[columns, 1])
        at_begin = _at(one, rows, begin) - _at(other, columns, begin)
        change = _at(one, rows, end) - _at(other, columns, end) - at_begin
        low, high = _near_share(at_begin, change, apart_m, apart_up_m)
        near = low <= high
        if near.any():
            when = np.where(near, begin + np.where(near, low, 0.0) * (end - begin), np.inf)
            k = int(np.argmin(when))
            if best is None or when[k] < best[0]:
                best = float(when[k]), int(rows[k]), int(columns[k])
    return best


def _at(timed: _Timed, rows: NDArray[np.int64], t_s: FloatArray) -> FloatArray:
    begin, end = timed.t_s[rows, 0], timed.t_s[rows, 1]
    share = np.where(end > begin, (t_s - begin) / np.maximum(end - begin, 1e-9), 0.0)
    places = timed.enu_m[rows]
    return np.asarray(places[:, 0] + share[:, None] * (places[:, 1] - places[:, 0]))


def _near_share(
    start: FloatArray, change: FloatArray, apart_m: float, apart_up_m: float
) -> tuple[FloatArray, FloatArray]:
    """From which to which share of an even relative way both are too close; the first above the second: never."""
    a = (change[:, :2] ** 2).sum(axis=1)
    b = (start[:, :2] * change[:, :2]).sum(axis=1)
    c = (start[:, :2] ** 2).sum(axis=1) - apart_m * apart_m
    still = a < 1e-12
    root = np.sqrt(np.maximum(b * b - a * c, 0.0))
    safe = np.where(still, 1.0, a)
    low = np.where(still, np.where(c < 0.0, 0.0, np.inf), np.where(b * b - a * c > 0.0, (-b - root) / safe, np.inf))
    high = np.where(still, np.where(c < 0.0, 1.0, -np.inf), np.where(b * b - a * c > 0.0, (-b + root) / safe, -np.inf))
    rise, up = change[:, 2], start[:, 2]
    level = np.abs(rise) < 1e-9
    steep = np.where(level, 1.0, rise)
    one, two = (-apart_up_m - up) / steep, (apart_up_m - up) / steep
    near_up = np.abs(up) < apart_up_m
    low_up = np.where(level, np.where(near_up, 0.0, np.inf), np.minimum(one, two))
    high_up = np.where(level, np.where(near_up, 1.0, -np.inf), np.maximum(one, two))
    return np.maximum(np.maximum(low, low_up), 0.0), np.minimum(np.minimum(high, high_up), 1.0)


def _told(
    plans: Sequence[Plan], i: int, j: int, one: _Timed, other: _Timed, close: tuple[float, int, int], frame: LocalFrame,
    limits: CheckLimits,
) -> Finding:  # fmt: skip
    when, row, column = close
    here = _at(one, np.array([row]), np.array([when]))[0]
    there = _at(other, np.array([column]), np.array([when]))[0]
    lat, lon = frame.from_plane(here[:2])
    text = (
        f"{plans[i].name!r} (to item {int(one.seq[row])}) and {plans[j].name!r} (to item {int(other.seq[column])}) are "
        f"{math.hypot(*(here - there)[:2]):.0f} m and {abs(here[2] - there[2]):.0f} m in height apart {when:.0f} s after the "
        f"first take-off, {limits.apart_m:g} m or {limits.apart_up_m:g} m in height are asked for"
    )
    return Finding("error", "too_close", text, float(lat), float(lon), int(one.seq[row]))
