"""Search patterns have the shapes that the IAMSAR Manual gives them, also about a datum that drifts."""

from __future__ import annotations

import numpy as np
import pytest

from geofences.errors import PlanError
from missions.checks import check_plan
from missions.patterns.expanding_square import (
    ExpandingSquareRequest,
    drifted,
    expanding_square_path,
    plan_expanding_square,
)
from missions.patterns.sector_search import SectorSearchRequest, plan_sector_search, sector_search_path
from tests.unit.missions.places import area, hills, lat_lon

LAT, LON = lat_lon((-300, 250))[0]
DATUM = np.array([10.0, 20.0])


def courses(way):
    step = np.diff(way, axis=0)
    return np.degrees(np.arctan2(step[:, 0], step[:, 1])) % 360.0


def lengths(way):
    return np.hypot(*np.diff(way, axis=0).T)


def test_legs_of_the_expanding_square_grow_by_a_spacing_every_other_leg():
    way = expanding_square_path(DATUM, 30.0, 50.0, 7)
    assert lengths(way) == pytest.approx([50, 50, 100, 100, 150, 150, 200])
    assert courses(way) == pytest.approx([30, 120, 210, 300, 30, 120, 210])
    assert (way[0] == DATUM).all()


def test_to_port_it_turns_the_other_way():
    assert courses(expanding_square_path(DATUM, 0.0, 50.0, 3, to_starboard=False)) == pytest.approx([0, 270, 180])


def test_tracks_of_the_expanding_square_lie_one_spacing_apart():
    way = expanding_square_path(np.zeros(2), 0.0, 40.0, 12)
    eastings = np.unique(np.round(way[:, 0], 6))
    assert np.diff(eastings) == pytest.approx(np.full(len(eastings) - 1, 40.0))


def test_the_sector_search_passes_its_datum_three_times_more_and_turns_by_120_degrees():
    way = sector_search_path(DATUM, 45.0, 200.0)
    assert len(way) == 10
    assert lengths(way) == pytest.approx(np.full(9, 200.0))
    assert way[[3, 6, 9]] == pytest.approx(np.stack([DATUM] * 3), abs=1e-9)
    turns = (np.diff(courses(way)) + 180.0) % 360.0 - 180.0
    assert turns == pytest.approx([120, 120, 0, 120, 120, 0, 120, 120], abs=1e-6)
    # The six ends of legs lie evenly round the datum.
    ends = way[[1, 2, 4, 5, 7, 8]] - DATUM
    bearings = np.sort(np.degrees(np.arctan2(ends[:, 0], ends[:, 1])) % 360.0)
    assert np.diff(bearings) == pytest.approx(np.full(5, 60.0))


def test_with_drift_the_pattern_keeps_its_shape_about_the_moving_datum():
    still = expanding_square_path(np.zeros(2), 0.0, 100.0, 6)
    moving = drifted(still, speed_m_s=5.0, drift_m_s=1.0, drift_deg=90.0)
    time_s = np.concatenate([[0.0], np.cumsum(lengths(moving) / 5.0)])
    assert moving - time_s[:, None] * np.array([1.0, 0.0]) == pytest.approx(still, abs=1e-6)


@pytest.mark.parametrize("terrain", [None, hills()], ids=["level", "hills"])
def test_both_searches_make_plans_that_pass_the_checks(terrain):
    place = area()
    square = plan_expanding_square(
        place, terrain, ExpandingSquareRequest(datum_lat_deg=LAT, datum_lon_deg=LON, spacing_m=25.0, legs=8)
    )
    sector = plan_sector_search(
        place, terrain, SectorSearchRequest(datum_lat_deg=LAT, datum_lon_deg=LON, radius_m=90.0, searches=2)
    )
    for plan in (square, sector):
        assert [f for f in check_plan(plan, place, terrain) if f.severity == "error"] == []


def test_a_search_that_leaves_the_fence_is_refused_or_cut():
    place = area()
    wide = {"datum_lat_deg": LAT, "datum_lon_deg": LON, "radius_m": 300.0}
    with pytest.raises(PlanError, match=r"m of the sector search lie outside"):
        plan_sector_search(place, None, SectorSearchRequest(**wide))
    cut = plan_sector_search(place, None, SectorSearchRequest(**wide, may_cut=True))
    assert [f for f in check_plan(cut, place) if f.severity == "error"] == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"spacing_m": 1.0}, "track spacing is 1 m"),
        ({"legs": 1}, "number of legs is 1"),
        ({"drift_m_s": 3.0}, "drifts at 3 m/s"),
        ({"speed_m_s": float("nan")}, "speed is nan"),
        ({"datum_lat_deg": 91.0}, "latitude"),
        ({"datum_lat_deg": LAT + 0.1}, "datum .* outside"),
        ({"laps": 2}, "laps"),
        ({"height_agl_m": 3.0}, "height above ground is 3 m"),
    ],
)
def test_bad_values_are_refused_by_name(change, says):
    request = ExpandingSquareRequest(**{"datum_lat_deg": LAT, "datum_lon_deg": LON, **change})
    with pytest.raises(PlanError, match=says) as raised:
        plan_expanding_square(area(), None, request)
    assert raised.value.remedy
