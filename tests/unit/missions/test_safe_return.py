"""The way home keeps out of the zones that a straight return would cross."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from shapely.geometry import LineString, Polygon

from missions.plan import FencePolygon
from missions.safe_return import return_corners
from tests.helpers.records import FRAME, make_area, make_plan, place

PLAN = make_plan(make_area())  # village: east 120..220 m, north -40..20 m


def _way(east_m: float, north_m: float) -> LineString:
    corners = return_corners(PLAN, *place(east_m, north_m))
    assert corners is not None
    points = [(east_m, north_m), *(FRAME.to_plane(*c) for c in corners), (0.0, 0.0)]
    return LineString(np.array([np.asarray(p, dtype=float) for p in points]))


def test_straight_home_where_nothing_is_in_the_way() -> None:
    assert return_corners(PLAN, *place(-300, 80)) == ()


@pytest.mark.parametrize(("east_m", "north_m"), [(300, -10), (400, 10), (260, -45), (330, 30)])
def test_round_the_village(east_m: float, north_m: float) -> None:
    village = Polygon([FRAME.to_plane(*p) for p in PLAN.fence.exclusions[0].points])
    straight = LineString([(east_m, north_m), (0, 0)])
    assert straight.distance(village) == 0.0
    way = _way(east_m, north_m)
    assert way.distance(village) >= PLAN.fence.margin_m - 0.1
    box = Polygon([FRAME.to_plane(*p) for p in PLAN.fence.inclusions[0].points])
    assert box.covers(way)
    assert way.length < 1.5 * straight.length


def test_no_way_is_said_not_guessed() -> None:
    wall = FencePolygon("wall", (place(150, -200), place(180, -200), place(180, 300), place(150, 300)))
    walled = replace(PLAN, fence=replace(PLAN.fence, exclusions=(wall,)))
    assert return_corners(walled, *place(300, 50)) is None
