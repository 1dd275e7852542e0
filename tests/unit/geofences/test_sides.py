"""The land on both sides of a line: straight, bent like a horseshoe, and wound so far round that nobody can tell."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, Point

from geofences.border import BorderGeometry
from geofences.errors import ConfigError
from geofences.geodesy import LocalFrame
from geofences.sides import sides_of

LOW, HIGH = np.array([-5000.0, -5000.0]), np.array([5000.0, 5000.0])


def sides(points):
    return sides_of(np.array(points, dtype=float), LOW, HIGH)


@given(st.lists(st.tuples(st.integers(20, 300), st.integers(-200, 200)), min_size=1, max_size=12), st.integers(0, 99))
def test_what_lies_beside_a_line_is_on_the_side_that_its_distance_says(steps, seed):
    line = np.cumsum([(-1500.0, 0.0), *[(float(e), float(n)) for e, n in steps]], axis=0)
    both = sides(line)
    assert both.left.area + both.right.area == pytest.approx(1e8, rel=1e-9)
    geometry = BorderGeometry(line)
    for place in np.random.default_rng(seed).uniform((-1600.0, -800.0), (2000.0, 800.0), (40, 2)):
        fix = geometry.locate(place)
        # Nearer to what the line goes on by than to the line itself, that decides.
        by_line = LineString(line).distance(Point(place)) <= both.line.distance(Point(place)) + 1e-6
        if by_line and not fix.beyond_end and abs(float(fix.signed_distance_m)) > 0.1:
            assert both.left.covers(Point(place)) == (float(fix.signed_distance_m) > 0.0)


def test_a_horseshoe_whose_ends_point_at_each_other_has_an_inside_and_an_outside():
    both = sides([(-200, -600), (-800, 0), (-500, 800), (500, 800), (800, 0), (200, -600)])
    # Drawn clockwise: the inside is on its right.
    assert both.right.covers(Point(0, 0))
    assert both.left.covers(Point(0, 1500))
    assert both.left.covers(Point(1500, 0))
    assert both.left.covers(Point(-1500, 0))
    assert both.left.intersection(both.right).area == pytest.approx(0.0, abs=1e-3)


def test_a_line_that_would_run_into_itself_far_from_where_anything_is_still_has_sides():
    line = [(-3000, 0), (0, 0), (3000, 100), (3000, 2000), (2900, 3000), (2000, 3500)]
    both = sides(line)
    assert both.left.covers(Point(0, 500))
    assert both.right.covers(Point(0, -500))
    assert LineString(line).distance(both.line) == 0.0


def test_a_line_wound_round_itself_is_refused_with_the_place():
    turn = np.linspace(0.0, 9.0, 60)
    spiral = np.stack([(200 + 120 * turn) * np.cos(turn), (200 + 120 * turn) * np.sin(turn)], axis=1)
    frame = LocalFrame(47.0, 9.0)
    with pytest.raises(ConfigError, match=r"crosses itself at 46\.99\d+, 8\.99\d+: its sides cannot be told"):
        sides_of(spiral, LOW, HIGH, frame)
