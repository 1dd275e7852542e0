"""The neighbour's land beyond a distance: on the right side, at the right distance, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geofences.area import Area, BorderLine, NamedPoint, Zone
from geofences.border import BorderGeometry
from geofences.errors import ConfigError
from geofences.geodesy import LocalFrame
from geofences.no_look import neighbours_land, no_look_zones
from geofences.outlines import to_lat_lon
from geofences.shapes import zone_region

FRAME = LocalFrame(49.05, 22.70)
LINE = np.array([(-3000.0, 0.0), (-500.0, 200.0), (0.0, -900.0), (600.0, 300.0), (3000.0, 100.0)])
HOME = Zone("home", to_lat_lon([(0, 500), (50, 500), (50, 550)], FRAME))


def area(own, beyond_m):
    border = BorderLine(to_lat_lon(LINE, FRAME), "Arvenia", "Belmark", own)
    base = NamedPoint("base", 49.05, 22.7)
    return Area(border, (), (), base, (), no_look=(HOME,), no_look_beyond_m=beyond_m)


@settings(max_examples=60, deadline=None)
@given(st.floats(-2500, 2500), st.floats(-6000, 6000), st.sampled_from([0.0, 300.0, 1500.0]), st.booleans())
def test_it_is_the_other_side_further_than_asked(east, north, beyond_m, own_is_left):
    land = neighbours_land(LINE, own_is_left, beyond_m)
    signed = float(BorderGeometry(LINE).locate((east, north)).signed_distance_m)
    foreign_m = -signed if own_is_left else signed
    covered = land.covers(shapely.Point(east, north))
    # A round corner of straight pieces lies up to 0.12 % of the distance nearer.
    if foreign_m > beyond_m + 1e-3:
        assert covered
    elif foreign_m < beyond_m * 0.998 - 1e-3:
        assert not covered


def test_the_zones_of_an_area_are_the_drawn_ones_and_the_land():
    assert no_look_zones(area("Arvenia", None)) == (HOME,)
    drawn, land = no_look_zones(area("Arvenia", 500.0))
    assert (drawn, land.name) == (HOME, "Belmark beyond 500 m of the border")
    region = zone_region(land, FRAME, "no_look")
    # Arvenia is left, north of the line; the camera may look 500 m into Belmark.
    assert not region.intersects(shapely.Point(-2000, 5000))
    assert region.covers(shapely.Point(-2000, -5000))
    assert region.distance(shapely.Point(3000.0, 100.0)) == pytest.approx(500.0, abs=1.0)
    _, other = no_look_zones(area("Belmark", 500.0))
    assert zone_region(other, FRAME, "no_look").covers(shapely.Point(-2000, 5000))


def test_a_border_whose_sides_cannot_be_told_is_refused():
    closing = to_lat_lon([(0, 0), (1000, 0), (1000, 1000), (500, 1000), (500, 300)], FRAME)
    crossed = area("Arvenia", 500.0)
    with pytest.raises(ConfigError, match="crosses itself"):
        no_look_zones(replace(crossed, border=replace(crossed.border, points=closing)))
