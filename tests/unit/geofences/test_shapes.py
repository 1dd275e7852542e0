"""Zones, what is wrong with them, and the room a fence leaves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geofences.geodesy import LocalFrame
from geofences.shapes import FlyRoom, polygon_problems, to_lat_lon

FRAME = LocalFrame(49.05, 22.70, 300.0)


def zone(*points):
    return to_lat_lon(np.array(points, dtype=float), FRAME)


BOX = zone((0, 0), (1000, 0), (1000, 600), (0, 600))
HOLE = zone((400, 200), (600, 200), (600, 400), (400, 400))
ROOM = FlyRoom([BOX], [HOLE], FRAME)


def test_point_margins_inside_outside_and_in_the_hole():
    margins = ROOM.margin_m([(100, 300), (500, 300), (-20, 300), (500, 100)])
    assert margins == pytest.approx([100, -100, -20, 100], abs=0.01)


def test_a_leg_that_cuts_a_corner_of_the_hole_is_seen():
    assert ROOM.path_margin_m([(100, 100), (900, 100)]) == pytest.approx(100, abs=0.01)
    assert ROOM.path_margin_m([(100, 300), (900, 300)]) == pytest.approx(-100, abs=1.0)
    assert ROOM.path_margin_m([(100, 100), (100, 700)]) == pytest.approx(-100, abs=1.0)


def test_the_worst_place_of_a_leg():
    assert ROOM.worst_place([(100, 100), (100, 700)]) == pytest.approx([100, 700], abs=1.0)


def test_a_concave_inclusion_is_not_its_hull():
    room = FlyRoom([zone((0, 0), (1000, 0), (1000, 1000), (900, 1000), (900, 100), (0, 100))], [], FRAME)
    assert room.path_margin_m([(50, 50), (950, 950)]) < -50


def test_several_inclusions_intersect_unless_told_otherwise():
    apart = [zone((0, 0), (100, 0), (100, 100), (0, 100)), zone((500, 0), (600, 0), (600, 100), (500, 100))]
    assert FlyRoom(apart, [], FRAME).is_empty
    assert FlyRoom(apart, [], FRAME).margin_m((50, 50)) == -np.inf
    union = FlyRoom(apart, [], FRAME, union_of_inclusions=True)
    assert not union.is_empty
    assert float(union.margin_m((50, 50))) == pytest.approx(50, abs=0.01)


def test_without_inclusions_only_the_exclusions_count():
    room = FlyRoom([], [HOLE], FRAME)
    assert float(room.margin_m((2000, 300))) == pytest.approx(1400, abs=0.1)


@given(st.floats(-200, 1200), st.floats(-200, 800))
def test_a_step_of_the_margin_stays_in_the_room(east, north):
    """Within the margin every direction is allowed: the promise that the planner builds on."""
    margin = float(ROOM.margin_m((east, north)))
    around = [(east + 0.99 * margin * np.cos(a), north + 0.99 * margin * np.sin(a)) for a in np.linspace(0, 6, 12)]
    allowed = ROOM.margin_m(around) >= -1e-6
    assert allowed.all() if margin > 0 else not allowed.any() or margin > -1e-3


@pytest.mark.parametrize(
    ("points", "code"),
    [
        (zone((0, 0), (100, 0)), "too_few_vertices"),
        (zone((0, 0), (100, 0), (100, 0), (0, 100)), "duplicate_vertex"),
        (zone((0, 0), (100, 100), (100, 0), (0, 100)), "self_intersection"),
        (zone((0, 0), (100, 0), (200, 0)), "no_area"),
        (((-49.0, -157.2), (-49.0, -157.3), (-49.1, -157.2)), "far_from_launch"),
        (((95.0, 22.7), (49.0, 22.7), (49.0, 22.8)), "bad_coordinate"),
    ],
)
def test_a_bad_polygon_is_explained(points, code):
    (problem,) = polygon_problems("box", points, FRAME)
    assert problem.code == code
    assert "box" in problem.text


def test_the_crossing_of_two_edges_is_named_with_its_place():
    (problem,) = polygon_problems("box", zone((0, 0), (100, 100), (100, 0), (0, 100)), FRAME)
    assert FRAME.to_plane(problem.lat_deg, problem.lon_deg) == pytest.approx([50, 50], abs=0.1)


def test_a_good_polygon_has_no_problems():
    assert polygon_problems("box", BOX, FRAME) == []


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([0.0, 49.0, 69.0, -60.0]), st.floats(-60_000, 60_000), st.floats(-60_000, 60_000))
def test_a_long_edge_is_straight_in_degrees_as_the_aircraft_keeps_it(lat, east, north):
    """ArduPilot asks with the raw degrees whether a place is in a polygon; the room must say the same."""
    frame = LocalFrame(lat, 179.8)
    south, north_lat, west, width = lat - 0.35, lat + 0.35, 179.3, 1.1
    room = FlyRoom(
        [((south, west), (south, west + width - 360.0), (north_lat, west + width - 360.0), (north_lat, west))],
        [],
        frame,
    )
    at_lat, at_lon = (float(v) for v in frame.from_plane((east, north)))
    inside = south < at_lat < north_lat and 0.0 < (at_lon - west) % 360.0 < width
    margin = float(room.margin_m((east, north)))
    assert abs(margin) < 0.2 or (margin > 0) == inside


def test_a_short_edge_gets_no_more_corners():
    assert len(FlyRoom([BOX], [], FRAME).region.exterior.coords) == 5
