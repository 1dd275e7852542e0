"""A patrol that cannot be predicted: when it comes next, from where and how far are drawn from a secret.

The aircraft stands at an end of its stretch, waits for a drawn time, and then either flies through to the other end or,
after a drawn decision, only out to a drawn turning point and back (a *feint*; never two in a row). Whoever watches the
border sees no rhythm, yet:

* **the mean gap is what was demanded.** A flight through takes T = length / speed and passes every place once. Feints
  begin at either end alike and turn at a place drawn evenly, so the mean feint takes T as well, and passes every place
  once on average (out and back, with half of the chance). With waits of mean w every place is thus passed once per
  T + w on average: w = demanded mean - T.
* **no gap exceeds the cap.** The longest: away through (T), wait, feint from the far end all the way (2 T), wait, back (T):
  4 T + 2 waits; without feints 2 T + 1 wait. The longest wait is set by that.
* **the waits are as uncertain as these two allow:** of all densities on [0, longest] with a given mean the one of greatest
  differential entropy is the truncated exponential (E. T. Jaynes, Physical Review 106, 1957; T. M. Cover and J. A. Thomas,
  Elements of Information Theory, chapter 12). With a mean of half of the longest it is uniform.

The draws are HMAC-SHA-256 of a counter under the secret: without it, what has been flown tells nothing of what comes.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from dataclasses import dataclass

import numpy as np

from geofences.area import Area
from geofences.errors import PlanError
from geofences.geodesy import FloatArray
from geofences.terrain import TerrainGrid
from missions import codec
from missions.patterns.beside_line import corridor_path
from missions.patterns.border_loop import stretch_of
from missions.patterns.building import FRAME_MISSION, look_at_border, require_range
from missions.patterns.orbit import NAV_LOITER_TIME
from missions.patterns.request import PatternRequest
from missions.plan import MissionItem, Plan

_FEINTS = 1.0 / 3.0
_LEAST_SECRET_BYTES = 16


@dataclass(frozen=True, kw_only=True)
class RandomGapRequest(PatternRequest):
    """``secret_hex``: at least 16 bytes as hexadecimal digits, from ``secrets.token_hex``, another one for every flight.

    ``mean_gap_s`` between passes of a place, ``cap_gap_s`` None: three times as long. ``duration_s`` on the line, after
    which the aircraft comes home from wherever it is. ``stretch_m``: (from, to) along the border.
    """

    secret_hex: str
    mean_gap_s: float = 300.0
    cap_gap_s: float | None = None
    duration_s: float = 1200.0
    standoff_m: float = 75.0
    stretch_m: tuple[float, float] | None = None
    leg_max_m: float = 150.0
    name: str = "Random-gap patrol"


@dataclass(frozen=True)
class Move:
    """Wait ``wait_s`` at an end, fly to ``to_m`` along the stretch and, when that is no end, back."""

    wait_s: float
    from_m: float
    to_m: float
    feint: bool


class SecretDraws:
    """Numbers evenly from 0 up to 1, told by nobody who lacks the secret."""

    def __init__(self, secret: bytes) -> None:
        self._secret, self._count = secret, 0

    def next(self) -> float:
        """The next one; 53 bits."""
        digest = hmac.digest(self._secret, self._count.to_bytes(8, "big"), hashlib.sha256)
        self._count += 1
        return (int.from_bytes(digest[:7], "big") >> 3) / float(1 << 53)


class WaitLaw:
    """Truncated exponential on [0, longest] with a given mean: density ~ exp(rate * t)."""

    def __init__(self, mean_s: float, longest_s: float) -> None:
        self.mean_s, self.longest_s = mean_s, longest_s
        low, high = -700.0, 700.0
        for _ in range(200):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if _mean_share(middle) < mean_s / longest_s else (low, middle)
        self.tilt = 0.5 * (low + high)
        """Rate times longest; 0 is the uniform density."""

    def quantile_s(self, share: float) -> float:
        """The wait that a share of all waits is shorter than."""
        if abs(self.tilt) < 1e-6:
            return share * self.longest_s
        if self.tilt > 0.0:
            # From the other end, where exp() does not overflow.
            return self.longest_s * (1.0 + math.log(share + (1.0 - share) * math.exp(-self.tilt)) / self.tilt)
        return self.longest_s * math.log1p(share * math.expm1(self.tilt)) / self.tilt


def _mean_share(tilt: float) -> float:
    """Mean of the density ~ exp(tilt * x) on [0, 1]."""
    if abs(tilt) < 1e-4:
        return 0.5 + tilt / 12.0
    return 1.0 / -math.expm1(-tilt) - 1.0 / tilt


def random_moves(
    length_m: float, speed_m_s: float, mean_gap_s: float, cap_gap_s: float, duration_s: float, draws: SecretDraws
) -> list[Move]:
    """What to fly for about ``duration_s``, beginning at 0 m.

    Raises :class:`PlanError` when the stretch is too long for the mean or the cap, and says what would do.
    """
    through_s = length_m / speed_m_s
    wait_s = mean_gap_s - through_s
    if wait_s < 0.0:
        raise PlanError(
            f"a mean gap of {mean_gap_s:g} s cannot be kept over {length_m:.0f} m at {speed_m_s:g} m/s, which take "
            f"{through_s:.0f} s",
            f"shorten the stretch to {mean_gap_s * speed_m_s:.0f} m, fly faster, or allow longer gaps",
        )
    longest_s, feints = 0.5 * (cap_gap_s - 4.0 * through_s), _FEINTS
    if wait_s > 0.8 * longest_s:
        # Long waits are worth more than feints.
        longest_s, feints = cap_gap_s - 2.0 * through_s, 0.0
    if longest_s <= 0.0 or wait_s > 0.98 * longest_s:
        raise PlanError(
            f"a mean gap of {mean_gap_s:g} s leaves no choice under a cap of {cap_gap_s:g} s on this stretch",
            f"allow gaps of {2.0 * through_s + 1.25 * max(wait_s, 1.0):.0f} s or more, or ask for a shorter mean",
        )
    law = WaitLaw(wait_s, longest_s) if wait_s > 0.0 else None
    moves: list[Move] = []
    at_m, time_s, feinted = 0.0, 0.0, False
    while time_s < duration_s:
        wait = law.quantile_s(draws.next()) if law is not None else 0.0
        feinted = not feinted and draws.next() < feints
        far_m = length_m - at_m
        if feinted:
            to_m = at_m + draws.next() * (far_m - at_m)
            time_s += wait + 2.0 * abs(to_m - at_m) / speed_m_s
            moves.append(Move(wait, at_m, to_m, True))
        else:
            time_s += wait + through_s
            moves.append(Move(wait, at_m, far_m, False))
            at_m = far_m
    return moves


def pass_times_s(moves: list[Move], place_m: float, speed_m_s: float) -> FloatArray:
    """When a place of the stretch (not an end) is passed, seconds from the beginning."""
    times, now = [], 0.0
    for move in moves:
        now += move.wait_s
        leg_s, reach_s = abs(move.to_m - move.from_m) / speed_m_s, abs(place_m - move.from_m) / speed_m_s
        if reach_s <= leg_s:
            times.append(now + reach_s)
            if move.feint:
                times.append(now + 2.0 * leg_s - reach_s)
        now += leg_s * (2.0 if move.feint else 1.0)
    return np.array(times)


def plan_random_gap(area: Area, terrain: TerrainGrid | None, request: RandomGapRequest) -> Plan:
    """The plan. Raises :class:`PlanError` for values out of range and for what cannot be flown."""
    require_range("distance from the border", request.standoff_m, request.own_side_m, 5000.0, "m")
    require_range("mean gap", request.mean_gap_s, 10.0, 86_400.0, "s")
    cap_s = 3.0 * request.mean_gap_s if request.cap_gap_s is None else request.cap_gap_s
    require_range("longest gap", cap_s, request.mean_gap_s, 864_000.0, "s")
    require_range("time on the line", request.duration_s, 10.0, 86_400.0, "s")
    require_range("longest leg", request.leg_max_m, 20.0, 10_000.0, "m")
    if request.laps != 1:
        raise PlanError(f"a random-gap patrol has {request.laps} laps", "give 1: laps would repeat what was drawn")
    secret = _secret(request.secret_hex)
    low, high = stretch_of(request.stretch_m)
    site = request.site(area, terrain)
    line = site.border.vertices_en_m
    way = corridor_path(line, site.sign * request.standoff_m, site.region, low, high, request.leg_max_m)
    if np.hypot(*(way[-1] - site.home)) < np.hypot(*(way[0] - site.home)):
        way = way[::-1]
    builder = request.builder(site)
    way, alt = builder.heights(way)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(way, axis=0).T))])
    moves = random_moves(
        float(along[-1]), request.speed_m_s, request.mean_gap_s, cap_s, request.duration_s, SecretDraws(secret)
    )
    out, out_alt = builder.heights(site.way(site.home, way[0]), from_home=True)
    items = [
        builder.located(codec.NAV_TAKEOFF, site.home, out_alt[0]),
        MissionItem(codec.DO_CHANGE_SPEED, FRAME_MISSION, 1.0, request.speed_m_s, -1.0),
        *(builder.located(codec.NAV_WAYPOINT, p, a) for p, a in zip(out[1:], out_alt[1:], strict=True)),
    ]
    look: MissionItem | None = None
    at_m = 0.0
    for move in moves:
        here, here_alt = _at(way, alt, along, at_m)
        if round(move.wait_s) > 0:
            items.append(builder.located(NAV_LOITER_TIME, here, here_alt, param1=float(round(move.wait_s))))
        for target_m in (move.to_m, move.from_m) if move.feint else (move.to_m,):
            for place_m in _stops(along, at_m, target_m):
                point, height = _at(way, alt, along, place_m)
                aim = look_at_border(site, here, point, 0.5 * (here_alt + height))
                if aim != look:
                    items.append(aim)
                    look = aim
                items.append(builder.located(codec.NAV_WAYPOINT, point, height))
                here, here_alt = point, height
            at_m = target_m
    here, _ = _at(way, alt, along, at_m)
    back, back_alt = builder.heights(site.way(site.home, here), from_home=True)
    items += [builder.located(codec.NAV_WAYPOINT, p, a) for p, a in zip(back[-2::-1], back_alt[-2::-1], strict=True)]
    items.append(MissionItem(codec.NAV_RETURN_TO_LAUNCH, FRAME_MISSION))
    return builder.finish(items, float(max(alt.max(), out_alt.max(), back_alt.max())))


def _at(way: FloatArray, alt: FloatArray, along: FloatArray, place_m: float) -> tuple[FloatArray, float]:
    """Place and height at a distance along the way."""
    east, north = (float(np.interp(place_m, along, way[:, k])) for k in (0, 1))
    return np.array([east, north]), float(np.interp(place_m, along, alt))


def _stops(along: FloatArray, from_m: float, to_m: float) -> list[float]:
    """Corners of the way between two places of it, in the order flown, and the second place."""
    low, high = sorted((from_m, to_m))
    # A corner within a metre of the turning point would be flown twice over.
    corners = along[(along > low + 1.0) & (along < high - 1.0)]
    return [*(float(c) for c in (corners if to_m > from_m else corners[::-1])), to_m]


def _secret(digits: str) -> bytes:
    try:
        secret = bytes.fromhex(digits)
    except ValueError:
        raise PlanError("the secret is no row of hexadecimal digits", "take one from secrets.token_hex(32)") from None
    if len(secret) < _LEAST_SECRET_BYTES:
        raise PlanError(
            f"the secret has {len(secret)} bytes, at least {_LEAST_SECRET_BYTES} are needed",
            "take one from secrets.token_hex(32), another for every flight",
        )
    return secret
