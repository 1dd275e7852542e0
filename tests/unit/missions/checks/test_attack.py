"""Proof by attack: fine samples of the flown path never leave the room where the check says that it stays, and come within
the margin and the tolerance of an edge where it says that it does not.

Fences: concave, thin, touching, with holes, slivers and collinear corners, circles, tiny and huge. Routes: random ones and
patterns, by copter and plane, in wind, with jumps and loiters.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from missions.checks import Circumstances, check_plan, limits_for
from missions.checks.legs import stretches
from missions.checks.room import TOLERANCE_M
from missions.codec import degrees_e7
from missions.flown_path import flown_path
from missions.performance import KNOWN
from missions.plan import FenceCircle, FencePlan, FencePolygon, MissionItem, Plan, RallyPoint
from tests.unit.missions.checks.attack import HOME, judge, samples, to_degrees

COPTER, PLANE = KNOWN["quadcopter"], KNOWN["plane"]
SHAPES = ("star", "star", "box", "comb", "sliver", "stairs", "needle")
LEAVES = {"leg_outside", "turn_outside"}
NEAR = {"leg_near_fence", "turn_near_fence"}
# A place to a tenth of a micro-degree, as in every fence and mission.
ROUNDED_M = 0.02


def degrees(points):
    return tuple((round(float(a), 7), round(float(b), 7)) for a, b in to_degrees(np.asarray(points, dtype=float)))


@st.composite
def outlines(draw, scale):
    """Corners in metres about home; many on a coarse lattice, so that edges touch, overlap and lie in one line."""
    kind = draw(st.sampled_from(SHAPES))
    east, north = (draw(st.integers(-6, 6)) * 50.0 * scale for _ in range(2))
    size = draw(st.integers(2, 16)) * 50.0 * scale
    if kind == "star":
        reach = draw(st.lists(st.floats(0.15, 1.0), min_size=3, max_size=14))
        turn = np.linspace(0.0, 2.0 * math.pi, len(reach), endpoint=False) + draw(st.floats(0.0, 0.4))
        corners = np.array(reach)[:, None] * np.stack([np.cos(turn), np.sin(turn)], axis=1) * size
    elif kind == "comb":
        teeth = draw(st.integers(2, 5))
        top = [(x, 0.9 if k % 2 else -0.6) for k, x in enumerate(np.linspace(-1.0, 1.0, 2 * teeth))]
        corners = np.array([*top, (1.0, -1.0), (-1.0, -1.0)]) * size
    elif kind == "sliver":
        thin = draw(st.floats(0.001, 0.05))
        corners = np.array([(-1.0, 0.0), (1.0, 0.3), (1.0, 0.3 + thin), (-1.0, thin)]) * size
    elif kind == "stairs":
        steps = draw(st.integers(2, 5))
        up = [(k // 2 + k % 2, k // 2) for k in range(2 * steps)]
        corners = (np.array([*up, (steps - 1, steps), (0, steps)]) / steps - 0.5) * 2.0 * size
    elif kind == "needle":
        corners = (
            np.array([(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (0.02, 1.0), (0.0, -0.9), (-0.02, 1.0), (-1.0, 1.0)])
            * size
        )
    else:
        corners = np.array([(-1.0, -1.0), (0.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]) * size
    return degrees(corners + np.array([east, north]))


@st.composite
def fences(draw, scale):
    """One to three inclusions, none to four exclusions, circles among both."""

    def polygons(word, most):
        return tuple(FencePolygon(f"{word} {k}", draw(outlines(scale))) for k in range(draw(st.integers(0, most))))

    def circles(word, most):
        found = []
        for k in range(draw(st.integers(0, most))):
            at = degrees([[draw(st.integers(-8, 8)) * 50.0 * scale, draw(st.integers(-8, 8)) * 50.0 * scale]])[0]
            found.append(FenceCircle(f"{word} circle {k}", *at, draw(st.floats(1.0, 700.0)) * scale))
        return tuple(found)

    around = FencePolygon(
        "around", degrees(np.array([(-1, -1), (1, -1), (1.1, 0.2), (0.9, 1), (-1, 1)]) * 900.0 * scale)
    )
    more = polygons("in", 2) if draw(st.booleans()) else ()
    inclusions = (*((around,) if draw(st.booleans()) else ()), *more)
    margin = draw(st.sampled_from([0.0, 2.0, 5.0, 10.0, 60.0]))
    return FencePlan(
        inclusions,
        polygons("out", draw(st.sampled_from([0, 1, 3]))),
        200.0,
        margin,
        draw(st.booleans()),
        circles("in", draw(st.sampled_from([0, 0, 1]))),
        circles("out", 2),
    )


@st.composite
def routes(draw, scale):
    """Mission items: a take-off, places, perhaps a jump or a loiter, the way home."""

    def place(east, north, command=16, **params):
        ((lat, lon),) = degrees([[east, north]])
        return MissionItem(command, 3, x=degrees_e7(lat), y=degrees_e7(lon), z=80.0, **params)

    if draw(st.booleans()):
        spacing, length = draw(st.integers(1, 4)) * 25.0 * scale, draw(st.integers(2, 10)) * 50.0 * scale
        east, north = (draw(st.integers(-8, 8)) * 25.0 * scale for _ in range(2))
        lanes = draw(st.integers(1, 4))
        spots = [(east + x, north + k * spacing) for k in range(lanes) for x in ((0, length) if k % 2 else (length, 0))]
    else:
        corner = st.tuples(st.integers(-16, 16), st.integers(-16, 16))
        spots = [(50.0 * scale * e, 50.0 * scale * n) for e, n in draw(st.lists(corner, min_size=1, max_size=6))]
    items = [place(e, n, param1=float(draw(st.sampled_from([0, 0, 0, 3])))) for e, n in spots]
    if draw(st.integers(0, 3)) == 0:
        items.append(place(*spots[-1], command=18, param1=1.0, param3=float(draw(st.integers(0, 60)))))
    if len(spots) > 2 and draw(st.integers(0, 3)) == 0:
        items.append(MissionItem(177, 2, 2.0, 2.0))
    return (MissionItem(22, 3, z=80.0), *items, MissionItem(20, 2))


@st.composite
def cases(draw):
    scale = draw(st.sampled_from([0.1, 1.0, 1.0, 1.0, 12.0]))
    rally = tuple(
        RallyPoint(
            *degrees([[draw(st.integers(-9, 9)) * 50.0 * scale, draw(st.integers(-9, 9)) * 50.0 * scale]])[0], 60.0
        )
        for _ in range(draw(st.integers(0, 2)))
    )
    plan = Plan("attack", *HOME, 200.0, draw(routes(scale)), draw(fences(scale)), rally)
    wind = draw(st.sampled_from([(0.0, 0.0), (6.0, 0.0), (-3.0, 7.0)]))
    return plan, draw(st.sampled_from([COPTER, COPTER, PLANE])), wind


def attack(case):
    plan, performance, wind = case
    findings = check_plan(plan, given=Circumstances(performance, wind_en_m_s=wind))
    codes = {f.code for f in findings}
    if codes & {"too_few_vertices", "self_intersection", "duplicate_vertex", "no_area", "bad_circle"}:
        event("no polygon")
        return
    limits = limits_for(performance)
    path = flown_path(plan, performance, wind, None, limits.rtl_alt_m)
    pieces = path.pieces()
    starts, ends = path.map_m[pieces[:, 0]], path.map_m[pieces[:, 1]]
    if "no_room" in codes:
        event("no room")
        points = np.random.default_rng(1).uniform(-1.0, 1.0, (4000, 2)) * np.abs(path.map_m).max(initial=100.0)
        assert judge(plan.fence, points).allowed.mean() < 0.01
        return
    need = max(plan.fence.margin_m, performance.speed_m_s / limits.check_hz)
    fence_findings = [f for f in findings if f.code in LEAVES | NEAR]
    slack = TOLERANCE_M + ROUNDED_M
    points_of_all, piece, gaps = samples(starts, ends)
    judged = judge(plan.fence, points_of_all)
    margins = np.where(judged.allowed, judged.edge_m, -judged.edge_m)
    for part in stretches(path):
        own = [f for f in fence_findings if f.text.startswith((f"{part.name} leaves", f"{part.name} comes"))]
        mine = np.isin(piece, part.rows)
        points, margin, gap = points_of_all[mine], margins[mine], gaps[part.rows].max()
        if not own:
            event("stays")
            assert margin.min() >= -slack, f"{part.name} was called safe and leaves by {-margin.min():.2f} m"
            # Next to a home that lies near the fence nothing more is said of its nearness.
            far = np.hypot(*points.T) > 3.0 * need + 1.0
            close = far & (margin < need - slack)
            # Edges inside other shapes bound nothing, so nearness is judged by what is forbidden nearby.
            assert not close.any() or not _forbidden_within(plan.fence, points[close], need - slack)
        elif own[0].code in LEAVES:
            event("leaves")
            assert margin.min() <= gap / 2.0 + slack, f"{part.name} was called unsafe, {margin.min():.2f} m inside"
        else:
            event("comes near")
            assert margin.min() <= need + gap / 2.0 + slack
    _returns(plan, performance, path, findings)


def _forbidden_within(fence, points, metres):
    """Whether any place within ``metres`` of the points is forbidden (on rings of places around each)."""
    turn = np.linspace(0.0, 2.0 * math.pi, 24, endpoint=False)
    ring = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    around = [p + metres * s * ring for p in points[:40] for s in (0.3, 0.6, 0.99)]
    return not judge(fence, np.concatenate(around)).allowed.all()


def _returns(plan, performance, path, findings):
    """A copter's straight way home from anywhere on the route."""
    if performance is PLANE:
        return
    goals = np.concatenate(
        [np.zeros((1, 2)), path.chart.to_map([r.lat_deg for r in plan.rally], [r.lon_deg for r in plan.rally])]
    )
    pieces = path.pieces()[np.isin(path.kind[path.pieces()[:, 1]], ("leg", "takeoff", "turn"))]
    whole = len(pieces)
    if len(pieces) > 40:
        pieces = pieces[:: len(pieces) // 40]
    legs = path.map_m[pieces]
    share = np.linspace(0.0, 1.0, 6)
    here = (legs[:, None, 0] + share[None, :, None] * (legs[:, None, 1] - legs[:, None, 0])).reshape(-1, 2)
    goal = goals[np.hypot(*(goals[None] - here[:, None]).transpose(2, 0, 1)).argmin(axis=1)]
    points, _, gaps = samples(here, goal, every_m=5.0, most=60)
    judged = judge(plan.fence, points)
    worst = np.where(judged.allowed, judged.edge_m, -judged.edge_m).min()
    widest = max(gaps.max(), float(np.hypot(*(legs[:, 1] - legs[:, 0]).T).max()) / 5.0)
    if any(f.code == "rtl_blocked" for f in findings):
        event("return blocked")
        if len(pieces) == whole:
            assert worst <= widest + TOLERANCE_M + ROUNDED_M
    else:
        event("return free")
        assert worst >= -TOLERANCE_M - ROUNDED_M


QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large]


@pytest.mark.timeout(600)
@settings(max_examples=200, deadline=None, suppress_health_check=QUIET)
@given(cases())
def test_what_the_check_says_of_a_fence_is_what_samples_say(case):
    attack(case)


@pytest.mark.slow
@pytest.mark.timeout(7200)
@settings(max_examples=4000, deadline=None, suppress_health_check=QUIET)
@given(cases())
def test_thousands_of_fences(case):
    attack(case)
