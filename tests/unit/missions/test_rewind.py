"""Where a mission is taken up again, on a straight way, round a corner, in a loop and at its beginning."""

import math

from missions.codec import MissionKind, WireItem, degrees_e7
from missions.rewind import Crumb, resume_point
from tests.helpers.patrol import around

LAT, LON = 49.0, 20.0


def item(seq, command=16, north_m=0.0, east_m=0.0, **more):
    lat, lon = around(LAT, LON, north_m, east_m)
    return WireItem(MissionKind.MISSION, seq, command, 3, x=degrees_e7(lat), y=degrees_e7(lon), z=40.0, **more)


def crumb(seq, from_seq, north_m, east_m=0.0):
    return Crumb(seq, from_seq, *around(LAT, LON, north_m, east_m))


# Take-off, then 200 m north, 200 m east, 200 m north.
ITEMS = (
    item(0), item(1, 22), item(2, 178, param2=8.0), item(3, 16, 0, 0), item(4, 16, 200, 0), item(5, 16, 200, 200),
    item(6, 16, 400, 200),
)  # fmt: skip
TRAIL = (crumb(3, 1, 0), crumb(4, 3, 0), crumb(5, 4, 200), crumb(6, 5, 200, 200))


def at(north_m, east_m, rewind_m, trail=TRAIL):
    return resume_point(ITEMS, trail, *around(LAT, LON, north_m, east_m), rewind_m)


def test_a_short_way_back_stays_on_the_leg():
    """50 m beyond waypoint 5 and 30 m back: the leg 5 to 6 is flown again from its beginning."""
    point = at(250, 200, 30)
    assert point.seq == 5
    assert math.isclose(point.repeated_m, 50, abs_tol=1)


def test_a_longer_way_back_goes_round_the_corner():
    assert at(250, 200, 60).seq == 4
    point = at(250, 200, 260)
    assert point.seq == 3
    assert math.isclose(point.repeated_m, 450, abs_tol=2)


def test_what_is_longer_than_what_was_flown_says_so():
    point = at(250, 200, 5000)
    assert point.seq == 3, "there is no waypoint at which the first leg began"
    assert any(note.startswith("only 4") for note in point.notes)
    assert 440 < point.repeated_m < 460


def test_what_was_set_before_is_told_to_be_forgotten():
    assert any("speed of item 2" in note for note in at(250, 200, 30).notes)


def test_a_loop_is_followed_as_it_was_flown():
    """3, 4, 5, then by a jump 3 again: 20 m after 5 on the way to 3, and 50 m back."""
    trail = (crumb(3, 1, 0), crumb(4, 3, 0), crumb(5, 4, 200), crumb(3, 5, 200, 200))
    assert at(190, 190, 10, trail).seq == 5
    assert at(190, 190, 50, trail).seq == 4


def test_nothing_known_gives_no_place():
    assert resume_point(ITEMS, (), LAT, LON, 50) is None
    assert resume_point(ITEMS, (crumb(40, 39, 0),), LAT, LON, 50) is None
    assert resume_point(ITEMS, TRAIL, float("nan"), LON, 50) is None
