"""Signed distances to the border: signs at vertices, ends, and against shapely."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, Polygon

from geofences.area import BorderLine
from geofences.border import BorderGeometry
from geofences.corridor import BorderCorridor
from geofences.errors import ConfigError
from geofences.geodesy import LocalFrame

FRAME = LocalFrame(49.05, 22.70, 300.0)
coordinate = st.integers(-500, 500)
polyline = st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=7, unique=True)


def simple(points) -> np.ndarray:
    assume(LineString(points).is_simple)
    return np.array(points, dtype=float)


def test_left_is_positive():
    line = BorderGeometry([(0, 0), (100, 0)])
    fix = line.locate([(50, 10), (50, -10), (50, 0)])
    assert fix.signed_distance_m == pytest.approx([10, -10, 0])
    assert fix.along_m == pytest.approx([50, 50, 50])
    assert fix.normal_en == pytest.approx(np.array([[0, 1]] * 3))
    assert not fix.beyond_end.any()


def test_both_sides_of_a_sharp_bend():
    """The wedge outside a bend lies on one side although one segment's own line says the other."""
    line = BorderGeometry([(0, 0), (100, 0), (20, 30)])  # a sharp turn to the left
    outside = line.locate([(110, 3), (120, -5), (102, 6)])
    assert (outside.signed_distance_m < 0).all()
    assert line.locate((70, 5)).signed_distance_m > 0
    mirrored = BorderGeometry([(0, 0), (100, 0), (20, -30)])
    assert (mirrored.locate([(110, -3), (120, 5), (102, -6)]).signed_distance_m > 0).all()


def test_beyond_the_ends_is_said():
    line = BorderGeometry([(0, 0), (100, 0), (100, 100)])
    fix = line.locate([(-5, 2), (98, 108), (50, 2), (103, -4)])
    assert fix.beyond_end.tolist() == [True, True, False, False]
    assert fix.along_m == pytest.approx([-5, 208, 50, 100])


@given(polyline, st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=20))
def test_distance_and_nearest_place_agree_with_shapely(points, queries):
    vertices = simple(points)
    line = LineString(vertices)
    fix = BorderGeometry(vertices).locate(np.array(queries, dtype=float))
    for i, query in enumerate(queries):
        assert abs(fix.signed_distance_m[i]) == pytest.approx(line.distance(Point(query)), abs=1e-6)
        assert line.distance(Point(fix.nearest_en_m[i])) < 1e-6
        assert np.hypot(*fix.normal_en[i]) == pytest.approx(1.0)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(polyline, st.tuples(coordinate, coordinate))
def test_side_agrees_with_the_area_between_line_and_a_detour(points, query):
    """An independent sign: close the line by a far detour on its left and ask whether the point is inside."""
    vertices = simple(points)
    first, last = vertices[0], vertices[-1]
    start_out, end_out = vertices[0] - vertices[1], vertices[-1] - vertices[-2]
    far = 1e5
    head = first + far * start_out / np.hypot(*start_out)
    tail = last + far * end_out / np.hypot(*end_out)
    open_line = np.concatenate([[head], vertices, [tail]])
    assume(LineString(open_line).is_simple)
    begin, end = np.arctan2(*head[::-1]), np.arctan2(*tail[::-1])
    # Left of the line: from its end counter-clockwise round the far circle back to its start.
    span = (begin - end) % (2 * np.pi)
    arc = [1.5 * far * np.array([np.cos(end + t), np.sin(end + t)]) for t in np.linspace(0.0, span, 40)]
    left = Polygon(np.concatenate([open_line, arc]))
    assume(left.is_valid)
    fix = BorderGeometry(vertices).locate(np.array(query, dtype=float))
    assume(not fix.beyond_end and abs(fix.signed_distance_m) > 1e-6)
    # Behind one of the prolongations there is no telling which line a point is beside.
    assume(LineString(open_line).distance(Point(query)) > abs(fix.signed_distance_m) - 1e-9)
    assert (fix.signed_distance_m > 0) == left.contains(Point(query))


@given(polyline, st.tuples(coordinate, coordinate))
def test_reversing_the_line_swaps_the_sides(points, query):
    vertices = simple(points)
    p = np.array(query, dtype=float)
    forward, backward = BorderGeometry(vertices).locate(p), BorderGeometry(vertices[::-1]).locate(p)
    assume(abs(forward.signed_distance_m) > 1e-6 and not forward.beyond_end and not backward.beyond_end)
    assert float(forward.signed_distance_m) == pytest.approx(-float(backward.signed_distance_m))


@given(polyline, st.tuples(coordinate, coordinate))
def test_the_normal_is_the_gradient(points, query):
    vertices = simple(points)
    line, p = BorderGeometry(vertices), np.array(query, dtype=float)
    fix = line.locate(p)
    assume(abs(fix.signed_distance_m) > 0.1)
    ahead = line.locate(p + 1e-4 * fix.normal_en)
    assume(not fix.beyond_end)
    assert float(ahead.signed_distance_m - fix.signed_distance_m) == pytest.approx(1e-4, rel=1e-3)


def test_section_and_place_along_the_line():
    line = BorderGeometry([(0, 0), (100, 0), (100, 100)])
    assert line.section(50, 150).tolist() == [[50, 0], [100, 0], [100, 50]]
    assert line.at(150)[0].tolist() == [100, 50]
    assert line.at(500)[0].tolist() == [100, 100]


@pytest.mark.parametrize(
    ("vertices", "says"),
    [
        ([(0, 0)], "two points"),
        ([(0, 0), (0, 0), (5, 5)], "same point twice"),
        ([(0, 0), (10, 0), (10, 10), (5, -10)], "crosses itself"),
        ([(0, 0), (10, 0), (2, 0)], "crosses itself"),
        ([(0, 0), (np.nan, 0)], "finite"),
    ],
)
def test_a_line_without_sides_is_refused(vertices, says):
    with pytest.raises(ConfigError, match=says):
        BorderGeometry(vertices)


def corridor(half_width_m: float) -> tuple[BorderLine, BorderCorridor]:
    lat, lon = FRAME.from_plane(np.array([(0, 0), (1000, 0), (1000, 800)]))
    border = BorderLine(tuple(zip(lat.tolist(), lon.tolist(), strict=True)), "Belmark", "Arvenia", "Arvenia")
    return border, BorderCorridor(border, FRAME, half_width_m)


def test_corridor_holds_both_sides_and_its_edge():
    _, c = corridor(300.0)
    lat, lon = FRAME.from_plane(np.array([(500, 299.9), (500, -299.9), (500, -300.1), (1301, 400), (-200, 0)]))
    assert c.contains(lat, lon).tolist() == [True, True, False, False, True]
    assert not c.contains(np.nan, 22.7)


def test_corridor_outline_encloses_what_it_contains():
    _, c = corridor(150.0)
    outline = c.outline()
    polygon = Polygon(FRAME.to_plane([p[0] for p in outline], [p[1] for p in outline]))
    rng = np.random.default_rng(3)
    points = rng.uniform((-300, -300), (1300, 1100), (400, 2))
    lat, lon = FRAME.from_plane(points)
    distance = c.distance_m(lat, lon)
    for point, inside, d in zip(points, c.contains(lat, lon), distance, strict=True):
        if abs(d - 150.0) > 1.0:
            assert polygon.contains(Point(point)) == inside


@pytest.mark.parametrize("width", [0.0, -5.0, float("nan")])
def test_a_corridor_without_width_is_refused(width):
    with pytest.raises(ConfigError, match="corridor"):
        corridor(width)


def test_many_points_along_a_long_border_lie_where_each_of_them_does():
    rng = np.random.default_rng(4)
    x = np.arange(0.0, 60_000.0, 200.0)
    border = BorderGeometry(np.stack([x, 500.0 * np.sin(x / 900.0)], axis=-1))
    way = np.stack([np.linspace(-500.0, 60_500.0, 700), rng.normal(0.0, 900.0, 700)], axis=-1)
    together = border.locate(way.reshape(70, 10, 2))
    for name in ("signed_distance_m", "along_m", "nearest_en_m", "normal_en", "beyond_end"):
        one_by_one = np.array([getattr(border.locate(p), name) for p in way])
        assert getattr(together, name).shape[:2] == (70, 10)
        np.testing.assert_allclose(getattr(together, name).reshape(one_by_one.shape), one_by_one, atol=1e-9)
