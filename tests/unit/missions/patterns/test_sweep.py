"""A sweep sees everything, stays inside, and is short: proven on random regions and on named ones."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, Polygon, box

from geofences.errors import PlanError
from missions.patterns.lanes import heading_axes
from missions.patterns.routing import Ways
from missions.patterns.sweep import END_TOLERANCE, sweep_path, turn_count, turning
from missions.patterns.sweep_finish import path_length_m
from tests.unit.missions.patterns.regions import ragged, regions

U = Polygon([(0, 0), (900, 0), (900, 700), (630, 700), (630, 250), (270, 250), (270, 700), (0, 700)])
RING = Point(0, 0).buffer(400).difference(Point(0, 0).buffer(150))


def missed_m2(path, region, radius_m):
    """What is further than the radius from the path; arcs drawn finely."""
    return region.difference(LineString(path).buffer(radius_m, quad_segs=64)).area


def plain(region, spacing_m, heading_deg):
    """All lanes in turn, joined inside: the sweep that ours must never exceed."""
    axes = heading_axes(heading_deg)
    turned = shapely.transform(region, lambda c: c @ axes.T)
    west, low, east, high = turned.bounds
    ways, points, forward = Ways(turned), [], True
    for k in range(math.ceil((high - low) / spacing_m - 1e-9)):
        y = min(low + (k + 0.5) * spacing_m, 0.5 * (high + low + k * spacing_m))
        cut = turned.intersection(LineString([(west - 1, y), (east + 1, y)]))
        parts = sorted((p.bounds[0], p.bounds[2]) for p in shapely.get_parts(cut) if p.length > 0)
        for a, b in parts if forward else [(b, a) for a, b in reversed(parts)]:
            for x in (a, b):
                here = np.array([x, y])
                points += list(ways.way(points[-1], here)[1:]) if points else [here]
        forward = not forward
    return path_length_m(np.array(points))


def check_sees_all(path, region, spacing_m):
    radius_m = 0.5 * spacing_m * (1.0 + END_TOLERANCE)
    assert missed_m2(path, region, 1.001 * radius_m) < 0.005 * spacing_m**2
    assert LineString(path).difference(region.buffer(0.02)).length < 1e-6, "it leaves the region"


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(regions(), st.floats(45.0, 130.0))
def test_every_place_of_any_region_comes_near_the_path_which_stays_inside(region, spacing_m):
    path = sweep_path(region, spacing_m)
    check_sees_all(path, region, spacing_m)


def test_a_strip_whose_corner_rounding_puts_outside_is_still_visited():
    """The overlay's corner of the missed strip lay 0.013 mm outside of the region."""
    region = Polygon(
        [(327.7119, 57.3203), (247.0619, -79.4802), (348.7322, -116.5908), (212.0622, -399.2858), (91.6844, -372.3088),
         (4.3098, -195.216), (0.743, -324.2833), (-330.0908, -106.3221), (-182.4981, -44.5949), (-471.8172, -35.11),
         (-358.3656, 107.7928), (-378.7744, 198.0393), (-317.8248, 203.9484), (-174.4544, 121.6075), (-164.6012, 300.6077),
         (-185.6971, 453.6936), (-74.5357, 214.6385), (-50.3225, 260.1676), (-27.1209, 349.8491), (118.3629, 393.1247),
         (300.8458, 383.6479), (328.7399, 368.3868)]
    )  # fmt: skip
    check_sees_all(sweep_path(region, 46.0), region, 46.0)


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(regions(), st.floats(60.0, 120.0), st.floats(0.0, 180.0))
def test_a_heading_that_is_asked_for_is_kept_and_sees_all(region, spacing_m, heading_deg):
    path = sweep_path(region, spacing_m, heading_deg)
    check_sees_all(path, region, spacing_m)


@pytest.mark.parametrize("heading_deg", [0.0, 90.0])
@pytest.mark.parametrize(
    "region",
    [U, RING, ragged(9, 4), box(0, 0, 700, 500).difference(box(300, 200, 420, 330))],
    ids=["U", "ring", "ragged", "hole"],
)
def test_never_longer_than_the_plain_sweep(region, heading_deg):
    assert path_length_m(sweep_path(region, 60.0)) <= plain(region, 60.0, heading_deg)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(3, 9), st.integers(0, 10**6), st.floats(40.0, 70.0))
def test_convex_shapes_are_swept_within_a_few_per_cent_of_the_bound(corners, seed, spacing_m):
    angle = np.sort(np.random.default_rng(seed).uniform(0.0, 2.0 * math.pi, corners))
    region = Polygon(np.stack([600.0 * np.cos(angle), 450.0 * np.sin(angle)], axis=1)).convex_hull
    if region.area < 60_000.0:
        return
    path = sweep_path(region, spacing_m)
    # Each U-turn takes at least a spacing, and there is one for two right angles.
    bound_m = region.area / spacing_m + 0.5 * turning(path) * spacing_m
    assert path_length_m(path) <= 1.15 * bound_m


def test_a_rectangle_is_swept_along_its_longer_side():
    path = sweep_path(box(0, 0, 900, 240), 60.0)
    assert turn_count(path) <= 8
    assert path_length_m(path) <= 4 * 900 + 3 * 60
    assert path[:, 1].min() == pytest.approx(30.0, abs=8.0)


def test_between_lanes_the_spacing_is_never_exceeded():
    path = sweep_path(box(0, 0, 900, 430), 60.0, heading_deg=90.0)
    middle = LineString(path).intersection(LineString([(450, -1), (450, 431)]))
    rows = np.sort([p.y for p in shapely.get_parts(middle)])
    assert np.diff(rows).max() <= 60.0 + 1e-6
    assert rows[0] <= 30.0 + 1e-6
    assert rows[-1] >= 400.0 - 1e-6


def test_it_begins_near_where_the_aircraft_comes_from():
    region = box(0, 0, 800, 400)
    for corner in ((0, 0), (800, 0), (0, 400), (800, 400)):
        path = sweep_path(region, 60.0, start_en_m=np.array(corner, dtype=float))
        assert np.hypot(*(path[0] - corner)) < 60.0


def test_turns_that_cost_much_are_avoided():
    region = ragged(14, 7)
    many, few = sweep_path(region, 60.0, turn_cost_m=0.0), sweep_path(region, 60.0, turn_cost_m=200.0)
    cost = [path_length_m(p) + 200.0 * turning(p) for p in (many, few)]
    assert cost[1] <= cost[0] + 1.0


def test_a_region_of_two_hundred_corners_and_ten_holes_is_swept_whole():
    region = ragged(200, 3, radius_m=900.0, holes=10, least=0.85)
    assert len(region.interiors) >= 5
    check_sees_all(sweep_path(region, 90.0), region, 90.0)


def test_a_region_narrower_than_a_lane_is_one_lane():
    path = sweep_path(box(0, 0, 500, 20), 60.0)
    assert path_length_m(path) <= 500.0
    check_sees_all(path, box(0, 0, 500, 20), 60.0)


def test_the_same_question_has_the_same_answer():
    assert np.array_equal(sweep_path(U, 70.0), sweep_path(U, 70.0))


@pytest.mark.parametrize(
    ("region", "spacing_m", "says"),
    [
        (Polygon(), 60.0, "empty"),
        (box(0, 0, 100, 100).union(box(500, 0, 600, 100)), 60.0, "2 parts"),
        (box(0, 0, 100, 100), 0.0, "spacing"),
        (box(0, 0, 100, 100), math.nan, "spacing"),
        (box(0, 0, 100, 100), math.inf, "spacing"),
        (box(0, 0, 1e6, 1e6), 1.0, "lanes"),
        (Polygon([(0, 0), (100, 100), (100, 0), (0, 100)]), 10.0, "no polygon"),
    ],
)
def test_what_cannot_be_swept_is_refused_with_a_reason(region, spacing_m, says):
    with pytest.raises(PlanError, match=says) as raised:
        sweep_path(region, spacing_m)
    assert raised.value.remedy


def test_a_hole_that_is_a_hair_from_the_edge_is_no_trouble():
    region = box(0, 0, 600, 400).difference(box(1, 8e-194, 61, 60))
    check_sees_all(sweep_path(region, 45.0), shapely.set_precision(region, 1e-4), 45.0)
