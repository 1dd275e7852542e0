"""Zones that are none: explained with the place, repaired only when asked, and never into something smaller unsaid."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon

from geofences.area import Zone
from geofences.errors import ConfigError
from geofences.geodesy import LocalFrame
from geofences.outlines import polygon_in, to_lat_lon, to_plane
from geofences.validity import explain, remarks, repair

FRAME = LocalFrame(49.05, 22.70, 300.0)


def ring(*points):
    return to_lat_lon(np.array(points, dtype=float), FRAME)


SQUARE = ring((0, 0), (1000, 0), (1000, 1000), (0, 1000))
INNER = ring((100, 100), (100, 300), (300, 300), (300, 100))


def zone(*points, holes=()):
    return Zone("Quarry", ring(*points), holes)


def with_holes(*holes):
    return Zone("Quarry", SQUARE, holes)


CASES = {
    "too_few_vertices": (Zone("Quarry", SQUARE[:2]), (0, 0)),
    "bad_coordinate": (Zone("Quarry", (*SQUARE, (95.0, 22.7))), None),
    "duplicate_vertex": (Zone("Quarry", (*SQUARE[:2], *SQUARE[1:])), (1000, 0)),
    "self_intersection": (zone((0, 0), (100, 100), (100, 0), (0, 100)), (50, 50)),
    "self_touch": (zone((0, 0), (100, 0), (50, 50), (100, 100), (0, 100), (50, 50)), (50, 50)),
    "spike": (zone((0, 0), (1000, 0), (1400, 0), (1000, 0.0), (1000, 1000), (0, 1000)), (1400, 0)),
    "no_area": (zone((0, 0), (100, 0), (200, 0)), (0, 0)),
    "swapped_coordinates": (Zone("Quarry", tuple((lon, lat) for lat, lon in SQUARE)), None),
    "far_from_launch": (Zone("Quarry", (*SQUARE[:3], (48.0, 11.0))), None),
    "hole_outside": (with_holes(ring((2000, 0), (2000, 100), (2100, 100))), (2000, 0)),
    "hole_crosses_outline": (with_holes(ring((900, 100), (900, 200), (1100, 200), (1100, 100))), (1050, 150)),
    "holes_overlap": (with_holes(INNER, ring((200, 200), (200, 400), (400, 400), (400, 200))), (250, 250)),
    "touching_holes": (with_holes(INNER, ring((300, 100), (300, 300), (400, 300), (400, 100))), None),
}


@pytest.mark.parametrize("code", CASES)
def test_each_mistake_is_explained_with_its_name_and_place(code):
    bad, place = CASES[code]
    problems = explain(bad, FRAME)
    assert problems[0].code == code or code in {p.code for p in problems}
    assert all("Quarry" in p.text for p in problems)
    if place is not None:
        at = FRAME.to_plane(problems[0].lat_deg, problems[0].lon_deg)
        assert at == pytest.approx(np.array(place, dtype=float), abs=0.5)


def test_the_far_side_of_the_earth_is_far():
    """The plane of a frame folds the antipodes onto its origin; they must not pass for a zone at home."""
    antipodes = Zone("Quarry", tuple((-lat, lon - 180.0) for lat, lon in SQUARE))
    assert [p.code for p in explain(antipodes, FRAME)] == ["far_from_launch"]
    with pytest.raises(ConfigError, match="km from the launch point"):
        repair(antipodes, FRAME)


def test_a_good_zone_has_no_problems_and_stays_the_very_same():
    for good in (Zone("Quarry", SQUARE, (INNER,), buffer_m=5.0), zone((0, 0), (10_000, 0), (10_000, 20))):
        assert explain(good, FRAME) == []
        assert repair(good, FRAME) == (good, [])


@pytest.mark.parametrize(
    "code",
    ["duplicate_vertex", "self_intersection", "spike", "swapped_coordinates", "hole_outside", "hole_crosses_outline",
     "holes_overlap", "touching_holes"],
)  # fmt: skip
def test_what_can_be_mended_is_mended_and_said(code):
    bad, _ = CASES[code]
    mended, done = repair(bad, FRAME)
    assert explain(mended, FRAME) == []
    assert done
    assert all("Quarry" in text for text in done)
    assert repair(mended, FRAME)[0] == mended


@pytest.mark.parametrize("code", ["too_few_vertices", "bad_coordinate", "no_area", "far_from_launch", "self_touch"])
def test_what_would_be_a_guess_is_refused(code):
    with pytest.raises(ConfigError, match="Quarry"):
        repair(CASES[code][0], FRAME)


def test_a_bow_tie_becomes_the_square_whose_corners_were_in_the_wrong_order():
    mended, done = repair(CASES["self_intersection"][0], FRAME)
    assert set(mended.points) == set(CASES["self_intersection"][0].points)
    assert polygon_in(mended, FRAME).area == pytest.approx(10_000, rel=1e-6)
    assert "10000 m² instead of 5000 m²" in done[0]


def test_a_star_keeps_its_middle():
    """An even-odd repair would set the middle of an exclusion free."""
    star = zone(*[(100 * np.sin(k * 4 * np.pi / 5), 100 * np.cos(k * 4 * np.pi / 5)) for k in range(5)])
    mended, _ = repair(star, FRAME)
    assert not mended.holes
    assert polygon_in(mended, FRAME).covers(shapely.Point(0, 0))


def test_corners_that_stay_keep_their_exact_coordinates():
    bad = CASES["spike"][0]
    mended, _ = repair(bad, FRAME)
    assert set(mended.points) < set(bad.points)
    swapped, _ = repair(CASES["swapped_coordinates"][0], FRAME)
    assert swapped.points == SQUARE


def test_remarks_are_for_zones_that_can_be_used():
    assert remarks(CASES["self_intersection"][0], FRAME) == []
    assert [r.code for r in remarks(Zone("Quarry", SQUARE[::-1]), FRAME)] == ["wrong_order"]
    turned, done = repair(Zone("Quarry", SQUARE[::-1]), FRAME)
    assert turned.points == SQUARE
    assert "order" in done[0]
    assert [r.code for r in remarks(Zone("Quarry", SQUARE, buffer_m=600.0), FRAME)] == ["lost_to_buffer"]
    assert remarks(Zone("Quarry", SQUARE, (INNER,), buffer_m=60.0), FRAME) == []
    corner = ring((300, 300), (300, 400), (400, 400), (400, 300))
    assert [r.code for r in remarks(with_holes(INNER, corner), FRAME)] == ["touching_holes"]
    far = LocalFrame(50.4, 22.70)
    assert [r.code for r in remarks(Zone("Quarry", SQUARE), far)] == ["far_from_launch"]


def test_across_the_180th_meridian_and_at_85_degrees():
    for lat in (0.0, 85.0, -85.0):
        frame = LocalFrame(lat, 179.999)
        across = Zone("Quarry", to_lat_lon([(-500, -500), (500, -500), (500, 500), (-500, 500)], frame))
        assert np.ptp([p[1] for p in across.points]) > 300.0
        assert explain(across, frame) == []
        assert [r.code for r in remarks(across, frame)] == ["crosses_antimeridian"]
        assert polygon_in(across, frame).area == pytest.approx(1e6, rel=1e-6)
        crossed = Zone("Quarry", (across.points[0], across.points[2], across.points[1], across.points[3]))
        assert [p.code for p in explain(crossed, frame)] == ["self_intersection"]
        assert explain(repair(crossed, frame)[0], frame) == []


corner = st.tuples(st.integers(-4, 4), st.integers(-4, 4)).map(lambda p: (100.0 * p[0], 100.0 * p[1]))
drawn = st.lists(corner, min_size=3, max_size=9)


def gone_round(en, place):
    """How often a ring runs round places, by its angle: not the way the program reckons."""
    to = np.concatenate([en, en[:1]]) - place[:, None]
    turn = np.diff(np.unwrap(np.arctan2(to[..., 0], to[..., 1]), axis=1))
    return np.round(turn.sum(axis=1) / (2 * np.pi))


@settings(max_examples=40, deadline=None)
@given(drawn, st.lists(drawn, max_size=2))
def test_any_scribble_is_explained_or_fine_and_its_repair_is_a_zone_that_loses_nothing(outline, holes):
    scribble = Zone("Quarry", ring(*outline), tuple(ring(*h) for h in holes))
    problems = explain(scribble, FRAME)
    polygon = polygon_in(scribble, FRAME)
    once = all(a != b for r in (outline, *holes) for a, b in zip(r, [*r[1:], r[0]], strict=True))
    fine = once and polygon.is_valid and polygon.area >= 1.0
    # On a grid of 100 m nothing is nearly valid; rounding decides only where holes touch the outline or each other.
    assert not problems or not fine or any("hole" in p.code or "hole" in p.text for p in problems)
    assert problems or fine
    try:
        mended, done = repair(scribble, FRAME)
    except ConfigError:
        assert problems
        return
    assert explain(mended, FRAME) == []
    region = polygon_in(mended, FRAME)
    assert region.is_valid
    assert region.area >= 1.0
    assert done or mended == scribble
    assert problems or set(mended.points) == set(scribble.points)
    if not holes:
        places = np.stack(np.meshgrid(np.arange(-375.0, 400.0, 50.0), np.arange(-375.0, 400.0, 50.0)), -1)
        places = places.reshape(-1, 2) + np.array([3.371, 11.913])  # on no line through corners
        inside = places[gone_round(to_plane(scribble.points, FRAME), places) != 0]
        assert shapely.covers(region.buffer(0.02), shapely.points(inside)).all()


def test_ten_thousand_corners_are_explained():
    angle = np.linspace(0, 2 * np.pi, 10_000, endpoint=False)
    radius = 2000.0 + 300.0 * np.sin(40 * angle)
    big = to_lat_lon(np.stack([radius * np.cos(angle), radius * np.sin(angle)], -1), FRAME)
    assert explain(Zone("Quarry", big), FRAME) == []
    tangled = (*big[:5000], big[5100], *big[5001:5100], big[5000], *big[5101:])
    problems = explain(Zone("Quarry", tangled), FRAME)
    assert {p.code for p in problems} == {"self_intersection"}
    mended, _ = repair(Zone("Quarry", tangled), FRAME)
    assert Polygon(to_plane(mended.points, FRAME)).is_valid
