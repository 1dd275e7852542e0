"""Which zones bind when and at what height, against a plain reckoning place by place; buffers, holes, closed inclusions."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geofences.area import (
    Area,
    BorderLine,
    Circle,
    Height,
    NamedPoint,
    Obstacle,
    TimeWindow,
    Zone,
)
from geofences.binding import AreaAir, HeightDatum, binding_exclusions, binding_obstacles, open_inclusions, zone_region
from geofences.errors import ConfigError
from geofences.geodesy import LocalFrame
from geofences.outlines import drawn_zone, to_lat_lon
from geofences.shapes import FlyRoom
from geofences.terrain import TerrainGrid

FRAME = LocalFrame(49.05, 22.70)
HOME_AMSL_M = 300.0
NIGHT = (TimeWindow(1320, 240),)
NOON, MIDNIGHT = (
    int(datetime.fromisoformat(t + "+00:00").timestamp()) * 1_000_000
    for t in ("2026-11-23T12:00:00", "2026-11-23T00:00:00")
)


def ground() -> TerrainGrid:
    """A slope that rises 100 m per 0.01 degrees to the north, from 200 m, with a hill on it."""
    rows, columns = np.mgrid[0:61, 0:61]
    height = 200.0 + 20.0 * (60 - rows) + 60.0 * np.exp(-((rows - 30) ** 2 + (columns - 30) ** 2) / 20.0)
    return TerrainGrid(height.astype(np.float32), 49.08, 22.64, 0.001, 0.002)


DATUM = HeightDatum(HOME_AMSL_M, ground())


def ring(*points):
    return to_lat_lon(np.array(points, dtype=float), FRAME)


SQUARE = ring((-500, -500), (500, -500), (500, 500), (-500, 500))
HOLE = ring((-100, -100), (-100, 100), (100, 100), (100, -100))


def area(inclusions=(), exclusions=(), obstacles=(), union=False):
    border = BorderLine(((49.0, 22.6), (49.0, 22.8)), "A", "B", "A")
    return Area(
        border,
        tuple(inclusions),
        tuple(exclusions),
        NamedPoint("home", 49.05, 22.7),
        (),
        obstacles=tuple(obstacles),
        union_of_inclusions=union,
    )


def place(east, north):
    lat, lon = FRAME.from_plane((east, north))
    return float(lat), float(lon)


@pytest.mark.parametrize("role", ["inclusion", "exclusion", "no_look"])
@settings(max_examples=60, deadline=None)
@given(east=st.floats(-700, 700), north=st.floats(-700, 700), buffer_m=st.sampled_from([0.0, 10.0, 60.0]))
def test_holes_and_buffers_by_the_distance_to_the_outline(role, east, north, buffer_m):
    zone = Zone("z", SQUARE, (HOLE,), buffer_m=buffer_m)
    outer = max(abs(east), abs(north)) - 500.0
    to_outer = outer if outer <= 0 else float(np.hypot(max(abs(east) - 500, 0), max(abs(north) - 500, 0)))
    hole = 100.0 - max(abs(east), abs(north))
    to_hole = hole if hole >= 0 else -float(np.hypot(max(abs(east) - 100, 0), max(abs(north) - 100, 0)))
    outside_m = max(to_outer, to_hole)  # above 0: outside the drawn zone, by so much
    expected = -buffer_m if role == "inclusion" else buffer_m
    covered = bool(zone_region(zone, FRAME, role).covers(shapely.Point(east, north)))
    # The pieces of a round corner may take 0.25 % of the buffer more on the safe side, never less.
    slack = 0.0025 * buffer_m + 1e-6
    safe = (expected, expected + slack) if role != "inclusion" else (expected - slack, expected)
    if outside_m < safe[0] - 1e-6:
        assert covered
    elif outside_m > safe[1] + 1e-6:
        assert not covered


def test_a_zone_that_is_no_polygon_is_refused_not_guessed():
    bow_tie = Zone("bow tie", ring((0, 0), (100, 100), (100, 0), (0, 100)))
    for role in ("inclusion", "exclusion"):
        with pytest.raises(ConfigError, match="bow tie"):
            zone_region(bow_tie, FRAME, role)
    with pytest.raises(ConfigError, match="bow tie"):
        FlyRoom.from_area(area([bow_tie]), FRAME)


def test_the_hole_of_an_inclusion_may_not_be_flown_and_that_of_an_exclusion_may():
    room = FlyRoom.from_area(area([Zone("in", SQUARE, (HOLE,))]), FRAME)
    assert room.margin_m([(0, 0), (300, 0)]) == pytest.approx([-100, 200], abs=0.01)
    room = FlyRoom.from_area(area([], [Zone("out", SQUARE, (HOLE,))]), FRAME)
    assert room.margin_m([(0, 0), (300, 0)]) == pytest.approx([100, -200], abs=0.01)
    assert room.path_margin_m([(0, 0), (0, 700)]) == pytest.approx(-200, abs=1.5)


def test_a_buffer_that_leaves_nothing_of_an_inclusion_leaves_nothing():
    assert FlyRoom.from_area(area([Zone("in", SQUARE, buffer_m=600.0)]), FRAME).is_empty


@pytest.mark.parametrize(
    ("floor", "ceiling", "band", "binds"),
    [
        (None, Height(120.0, "home"), (430.0, 500.0), False),
        (None, Height(120.0, "home"), (410.0, 500.0), True),
        (None, Height(120.0, "home"), (100.0, 419.0), True),
        (Height(500.0, "amsl"), None, (300.0, 499.0), False),
        (Height(500.0, "amsl"), None, (300.0, 501.0), True),
        (Height(500.0, "amsl"), Height(600.0, "amsl"), (610.0, 700.0), False),
        (Height(500.0, "amsl"), Height(600.0, "amsl"), (400.0, 700.0), True),
        # The ground in the square lies between about 710 m and 1000 m.
        (None, Height(50.0, "ground"), (1200.0, 1300.0), False),
        (None, Height(50.0, "ground"), (900.0, 1300.0), True),
        (Height(50.0, "ground"), None, (600.0, 700.0), False),
        (Height(50.0, "ground"), None, (600.0, 950.0), True),
    ],
)
def test_an_exclusion_binds_in_its_slab(floor, ceiling, band, binds):
    place_of_it = area([], [Zone("z", SQUARE, floor=floor, ceiling=ceiling)])
    assert bool(binding_exclusions(place_of_it, None, band, DATUM)) is binds
    assert FlyRoom.from_area(place_of_it, FRAME, None, band, DATUM).margin_m((0, 0)) < 0 or not binds
    # Without a band of heights, or not knowing what it is measured from, it binds.
    assert binding_exclusions(place_of_it)
    relative = (floor or ceiling).reference != "amsl"
    assert not relative or binding_exclusions(place_of_it, None, band)


def test_ground_that_the_terrain_does_not_cover_binds():
    far = ring((9000, 0), (9500, 0), (9500, 500))
    z = Zone("z", far, ceiling=Height(50.0, "ground"))
    assert binding_exclusions(area([], [z]), None, (3000.0, 4000.0), DATUM)
    air = AreaAir(area([], [z]), FRAME, DATUM)
    assert not air.allowed(*place(9400, 100), 3000.0)
    assert not AreaAir(area([Zone("z", far, ceiling=Height(50.0, "ground"))]), FRAME, DATUM).allowed(
        *place(9400, 100), 300.0
    )


def test_a_window_frees_an_exclusion_and_closes_an_inclusion():
    out, inside = Zone("out", SQUARE, windows=NIGHT), Zone("in", SQUARE, windows=NIGHT)
    assert FlyRoom.from_area(area([], [out]), FRAME, NOON).margin_m((0, 0)) > 0
    assert FlyRoom.from_area(area([], [out]), FRAME, MIDNIGHT).margin_m((0, 0)) < 0
    assert FlyRoom.from_area(area([], [out]), FRAME).margin_m((0, 0)) < 0
    # The flight begins at noon and lasts into the night.
    assert FlyRoom.from_area(area([], [out]), FRAME, (NOON, NOON + 11 * 3_600_000_000)).margin_m((0, 0)) < 0
    # An inclusion outside its hours must not set the aircraft free.
    assert FlyRoom.from_area(area([inside]), FRAME, NOON).is_empty
    assert FlyRoom.from_area(area([inside], union=True), FRAME, NOON).is_empty
    assert not FlyRoom.from_area(area([inside]), FRAME, MIDNIGHT).is_empty
    assert not AreaAir(area([inside]), FRAME, DATUM, NOON).allowed(*place(0, 0), 400.0)
    other = Zone("other", ring((600, 0), (700, 0), (700, 100)))
    room = FlyRoom.from_area(area([inside, other], union=True), FRAME, NOON)
    assert room.margin_m([(0, 0), (680, 20)]).tolist() == pytest.approx([-600, 20], abs=0.1)
    assert FlyRoom.from_area(area([inside, other]), FRAME, NOON).is_empty
    assert open_inclusions(area([inside, other]), NOON) == (other,)


def test_obstacles_are_kept_out_below_their_tops():
    (lat, lon), top = place(200, 0), Height(60.0, "ground")
    mast = Obstacle("mast", lat, lon, 20.0, top)
    at_top = float(DATUM.amsl_m(top, lat, lon))
    place_of_it = area([Zone("in", SQUARE)], obstacles=[mast])
    assert FlyRoom.from_area(place_of_it, FRAME).margin_m((210, 0)) == pytest.approx(-10.0, abs=0.1)
    below, above = (at_top - 5.0, at_top + 50.0), (at_top + 5.0, at_top + 50.0)
    assert FlyRoom.from_area(place_of_it, FRAME, None, below, DATUM).margin_m((210, 0)) < 0
    assert FlyRoom.from_area(place_of_it, FRAME, None, above, DATUM).margin_m((210, 0)) > 0
    assert binding_obstacles(place_of_it, above, DATUM, clearance_m=10.0) == (mast,)
    assert binding_obstacles(place_of_it, above) == (mast,)
    assert FlyRoom.from_area(place_of_it, FRAME, obstacles=False).margin_m((210, 0)) > 0
    wire = Obstacle("wire", lat, lon, 0.0, top)
    assert FlyRoom.from_area(area([], obstacles=[wire]), FRAME).margin_m((200, 0)) < 0


references = st.sampled_from(["amsl", "home", "ground"])
limits = st.none() | st.builds(Height, st.sampled_from([0.0, 60.0, 150.0, 700.0, 900.0]), references)


@st.composite
def boxes(draw, name):
    west, south = draw(st.integers(-600, 400)), draw(st.integers(-600, 400))
    corners = ring((west, south), (west + 300, south), (west + 300, south + 250), (west, south + 250))
    floor, ceiling = draw(limits), draw(limits)
    if floor and ceiling and floor.reference == ceiling.reference and floor.metres >= ceiling.metres:
        ceiling = None
    windows = draw(st.sampled_from([(), NIGHT]))
    buffer_m = draw(st.sampled_from([0.0, 40.0]))
    if draw(st.booleans()):
        centre = Circle(*place(west, south), 150.0)
        return drawn_zone(name, centre, "exclusion", floor, ceiling, windows, buffer_m)
    return Zone(name, corners, (), floor, ceiling, windows, buffer_m)


POINTS = np.stack(np.meshgrid(np.linspace(-700, 800, 12), np.linspace(-700, 800, 12)), axis=-1).reshape(-1, 2) + 0.37


@settings(max_examples=60, deadline=None)
@given(
    st.lists(boxes("out"), max_size=3),
    st.sampled_from([None, NOON, MIDNIGHT]),
    st.floats(0, 1500),
    st.floats(0, 300),
    st.sampled_from([DATUM, HeightDatum(HOME_AMSL_M), HeightDatum()]),
)
def test_what_the_band_leaves_out_never_forbids_a_place_in_it(exclusions, t_utc_us, low, more, datum):
    """The room in two dimensions is on the safe side of the air in three, and where nothing depends on height equal."""
    it = area([], exclusions)
    room = FlyRoom.from_area(it, FRAME, t_utc_us, (low, low + more), datum)
    inside = room.margin_m(POINTS) > 1e-3
    lat, lon = FRAME.from_plane(POINTS)
    air = AreaAir(it, FRAME, datum, t_utc_us)
    for alt in (low, low + 0.5 * more, low + more):
        allowed = air.allowed(lat, lon, np.full(len(lat), alt))
        assert allowed[inside].all()
    flat = all(z.floor is None and z.ceiling is None for z in exclusions)
    if flat:
        assert (allowed == (room.margin_m(POINTS) >= 0)).all()


@settings(max_examples=60, deadline=None)
@given(st.lists(boxes("zone"), max_size=2), st.lists(boxes("out"), max_size=2), st.booleans(), st.floats(0, 1500))
def test_the_air_by_a_plain_reckoning(inclusions, exclusions, union, alt):
    it = area(inclusions, exclusions, union=union)
    lat, lon = FRAME.from_plane(POINTS)
    allowed = AreaAir(it, FRAME, DATUM, MIDNIGHT).allowed(lat, lon, np.full(len(lat), alt))
    terrain = ground().height(lat, lon)

    def above(height, k):
        return {"amsl": 0.0, "home": HOME_AMSL_M, "ground": float(terrain[k])}[height.reference] + height.metres

    def holds(zone, role, k):
        region = zone_region(zone, FRAME, role)
        return (
            region.contains(shapely.Point(POINTS[k]))
            and (zone.floor is None or alt >= above(zone.floor, k))
            and (zone.ceiling is None or alt <= above(zone.ceiling, k))
        )

    for k in range(0, len(POINTS), 7):
        inside = [holds(z, "inclusion", k) for z in inclusions]
        expected = (not inside or (any(inside) if union else all(inside))) and not any(
            holds(z, "exclusion", k) for z in exclusions
        )
        assert bool(allowed[k]) == expected


def test_the_height_limits_of_inclusions():
    low = Zone("low", SQUARE, ceiling=Height(120.0, "ground"), floor=Height(20.0, "home"))
    high = Zone("high", SQUARE, ceiling=Height(900.0, "amsl"))
    lat, lon = np.array([place(0, 0), place(0, 400)]).T
    terrain = ground().height(lat, lon)
    floor, ceiling = AreaAir(area([low, high]), FRAME, DATUM).height_limits_amsl_m(lat, lon)
    assert floor == pytest.approx([320.0, 320.0])
    assert ceiling == pytest.approx(np.minimum(terrain + 120.0, 900.0))
    floor, ceiling = AreaAir(area([low, high], union=True), FRAME, DATUM).height_limits_amsl_m(lat, lon)
    assert np.isneginf(floor).all()
    assert ceiling == pytest.approx(np.maximum(terrain + 120.0, 900.0))
    assert np.isnan(AreaAir(area([low]), FRAME).height_limits_amsl_m(lat, lon)[1]).all()
    assert np.isposinf(AreaAir(area(), FRAME).height_limits_amsl_m(lat, lon)[1]).all()


def test_a_band_or_a_time_that_is_none_is_refused():
    z = area([], [Zone("z", SQUARE, ceiling=Height(5.0), windows=NIGHT)])
    with pytest.raises(ValueError, match="band"):
        binding_exclusions(z, None, (100.0, 50.0), DATUM)
    with pytest.raises(ValueError, match="ends before"):
        binding_exclusions(z, (10, 5))
