"""Distance and side of one place: the same as the geometry for many places at once, and as shapely's."""

from __future__ import annotations

import math

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geofences.area import BorderLine
from geofences.border import BorderGeometry
from geofences.geodesy import LocalFrame
from groundstation.share.corridor import Corridor
from tests.unit.share.things import BORDER

BENT = ((47.0, 15.0), (47.003, 15.004), (46.999, 15.009), (47.004, 15.013), (47.004, 15.02))
MANY = tuple((47.0 + 0.002 * math.sin(i), 15.0 + 0.001 * i) for i in range(120))


@pytest.mark.parametrize("border", [BENT, MANY, tuple(reversed(BENT)), BORDER[:2]])
@given(st.floats(-0.03, 0.03), st.floats(-0.03, 0.15))
def test_it_is_the_rule_of_the_geometry_for_many(
    border: tuple[tuple[float, float], ...], lat: float, lon: float
) -> None:
    place = 47.0 + lat, 15.0 + lon
    frame = LocalFrame(*border[len(border) // 2])
    geometry = BorderGeometry.from_line(BorderLine(border, "left", "right", "left"), frame)
    plane = frame.to_plane(*place)
    signed_m = float(geometry.locate(plane).signed_distance_m)
    distance_m, is_left = Corridor(border, 500.0).locate(*place)
    assert distance_m == pytest.approx(abs(signed_m), abs=1e-6)
    assert distance_m == pytest.approx(
        shapely.LineString(geometry.vertices_en_m).distance(shapely.Point(plane)), abs=1e-6
    )
    if abs(signed_m) > 1e-6:
        assert is_left == (signed_m > 0.0)


@pytest.mark.parametrize("at", range(1, 4))
def test_at_a_bend_both_sides_say_which_is_the_outer_one(at: int) -> None:
    corridor = Corridor(BENT, 500.0)
    frame = LocalFrame(*BENT[at])
    for angle_deg in range(0, 360, 7):
        angle = math.radians(angle_deg)
        lat, lon = frame.from_plane([300.0 * math.cos(angle), 300.0 * math.sin(angle)])
        geometry = BorderGeometry.from_line(BorderLine(BENT, "left", "right", "left"), frame)
        signed_m = float(geometry.locate(frame.to_plane(float(lat), float(lon))).signed_distance_m)
        if abs(signed_m) > 1.0:
            assert corridor.is_left(float(lat), float(lon)) == (signed_m > 0.0)


@pytest.mark.parametrize(
    "place", [(math.nan, 15.0), (91.0, 15.0), (47.0, 181.0), (math.inf, 15.0), (-47.0, 15.0), (47.0, -165.0)]
)
def test_what_is_far_away_or_no_place_is_at_no_distance(place: tuple[float, float]) -> None:
    assert Corridor(BENT, 500.0).distance_m(*place) == math.inf
