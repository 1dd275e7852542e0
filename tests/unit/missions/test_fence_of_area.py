"""The fence that an area becomes never allows what the area forbids, and is the drawn one where it can be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from geofences.area import Area, BorderLine, Circle, Corridor, Height, NamedPoint, TimeWindow, Zone
from geofences.geodesy import LocalFrame
from geofences.outlines import drawn_zone, to_lat_lon
from geofences.shapes import FlyRoom
from missions.fence_of_area import fence_of_area, fence_remarks
from missions.fence_outlines import fence_outlines

FRAME = LocalFrame(49.05, 22.70)


def ring(*points):
    return to_lat_lon(np.array(points, dtype=float), FRAME)


def place(east, north):
    lat, lon = FRAME.from_plane((east, north))
    return float(lat), float(lon)


BIG = Zone("patrol", ring((-3000, -3000), (3000, -3000), (3000, 3000), (-3000, 3000)))
HOLED = Zone("holed", BIG.points, (ring((0, 0), (0, 500), (500, 500), (500, 0)),), buffer_m=20.0)
ROUND = drawn_zone("round", Circle(49.05, 22.70, 2500.0), "inclusion")
TOWER = drawn_zone("tower", Circle(*place(-900, 300), 400.0), "exclusion", ceiling=Height(120.0))
ROAD = drawn_zone("road", Corridor((place(-2000, -1500), place(800, -1200), place(2500, -1500)), 60.0), "exclusion")
YARD = Zone("yard", ring((800, 800), (1400, 800), (1400, 1400), (800, 1400)), (ring((1000, 1000), (1000, 1200), (1200, 1200)),),
            windows=(TimeWindow(0, 60),))  # fmt: skip
POINTS = np.stack(np.meshgrid(np.linspace(-3100, 3100, 60), np.linspace(-3100, 3100, 60)), axis=-1).reshape(-1, 2)


def area(inclusions, exclusions, union=False):
    border = BorderLine(((49.0, 22.6), (49.0, 22.8)), "A", "B", "A")
    home = NamedPoint("home", *place(-100, -100))
    return Area(border, inclusions, exclusions, home, (), union_of_inclusions=union)


@pytest.mark.parametrize(
    ("inclusions", "exclusions", "union"),
    [
        ((BIG,), (TOWER, ROAD, YARD), False),
        ((HOLED,), (), False),
        ((HOLED, ROUND), (TOWER,), False),
        ((HOLED, ROUND), (), True),
        ((), (YARD,), False),
    ],
)
def test_what_the_fence_allows_the_area_allows_but_for_the_buffer(inclusions, exclusions, union):
    it = area(inclusions, exclusions, union)
    fence = fence_of_area(it, 150.0, 5.0)
    allowed = FlyRoom(*fence_outlines(fence), FRAME, union_of_inclusions=fence.union_of_inclusions)
    drawn = area(tuple(replace(z, buffer_m=0.0) for z in inclusions), exclusions, union)
    truth = FlyRoom.from_area(drawn, FRAME).region
    inside = POINTS[allowed.margin_m(POINTS) > 0.01]
    assert len(inside) > 100
    assert shapely.covers(truth, shapely.points(inside)).all()
    # Nor does it forbid more than the holes of exclusions and a hair of the circles.
    exact = FlyRoom.from_area(it, FRAME)
    lost = exact.region.difference(allowed.region)
    filled = shapely.union_all([shapely.Polygon(FRAME.to_plane(*np.array(h).T)) for z in exclusions for h in z.holes])
    lost = lost.difference(filled)
    if union:
        lost = lost.difference(shapely.Polygon(FRAME.to_plane(*np.array(HOLED.holes[0]).T)))
    assert lost.buffer(-4.0).is_empty


def test_plain_zones_are_sent_as_they_were_drawn_and_circles_as_circles():
    fence = fence_of_area(area((BIG,), (YARD, TOWER)), 150.0, 5.0)
    assert [p.points for p in fence.inclusions] == [BIG.points]
    assert [p.points for p in fence.exclusions] == [YARD.points]
    assert [(c.name, round(c.radius_m, 1)) for c in fence.exclusion_circles] == [("tower", 400.5)]
    assert not fence_of_area(area((BIG,), (), union=True), 150.0, 5.0).union_of_inclusions


def test_what_the_fence_cannot_hold_is_said():
    told = " ".join(fence_remarks(area((HOLED,), (TOWER, YARD))))
    for word in ("heights of 'tower'", "hours of 'yard'", "buffer of 'holed'", "holes of the exclusion 'yard'"):
        assert word in told
    assert fence_remarks(area((BIG,), ())) == ()


@pytest.mark.parametrize("half_width_m", [5.0, 40.0, 250.0])
def test_a_corridor_costs_the_aircraft_few_corners_and_is_never_narrower(half_width_m):
    line = Corridor((place(-2000, -1500), place(800, -1200)), half_width_m)
    for role in ("exclusion", "inclusion"):
        zone = drawn_zone("road", line, role)
        it = area((BIG,), (zone,)) if role == "exclusion" else area((zone,), ())
        fence = fence_of_area(it, 150.0, 5.0)
        (polygon,) = fence.exclusions if role == "exclusion" else fence.inclusions
        assert len(polygon.points) <= 8 + 3.4 * np.sqrt(half_width_m)
        made = shapely.Polygon(FRAME.to_plane(*np.array(polygon.points).T))
        road = shapely.LineString(FRAME.to_plane(*np.array(line.points).T)).buffer(half_width_m, quad_segs=200)
        inner, outer = (road, made) if role == "exclusion" else (made, road)
        assert outer.buffer(0.02).covers(inner)
        # Half a metre at the round ends, and what the long edges bend.
        assert inner.hausdorff_distance(outer) < 1.0
