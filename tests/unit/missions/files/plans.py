"""Plans for the tests of files: any that MAVLink can carry, with numbers as MAVLink carries them."""

import math
from dataclasses import astuple

from hypothesis import strategies as st

from missions.codec import MissionKind, WireItem
from missions.files.fence_parts import FencePart, fence_of
from missions.places import has_place
from missions.plan_file import PlanFile

MISSION, FENCE, RALLY = MissionKind.MISSION, MissionKind.FENCE, MissionKind.RALLY

float32 = st.floats(width=32, allow_nan=False, allow_infinity=False)
param = st.one_of(float32, st.just(math.nan))
lat_e7 = st.integers(-900_000_000, 900_000_000)
lon_e7 = st.integers(-1_800_000_000, 1_800_000_000)
place_e7 = st.tuples(lat_e7, lon_e7)
WITH_PLACE = (16, 17, 19, 21, 22, 31, 82, 189, 195, 201, 4501)
WITHOUT_PLACE = (93, 112, 178, 181, 203, 206, 1000)
anyhow = st.booleans()
int32 = st.integers(-(2**31) + 1, 2**31 - 1)
height = st.floats(-1000, 9000, width=32)


@st.composite
def items(draw, seq):
    placed = draw(st.booleans())
    command = draw(st.sampled_from(WITH_PLACE if placed else WITHOUT_PLACE))
    assert has_place(command) == placed
    frame = draw(st.sampled_from((0, 2, 3, 5, 6, 10, 11)))
    x, y = draw(place_e7 if placed else st.tuples(int32, int32))
    z = draw(height if placed else float32)
    params = draw(st.tuples(param, param, param, param))
    flags = draw(st.tuples(st.integers(0, 1), st.integers(0, 1)))
    return WireItem(MISSION, seq, command, frame, *params, x, y, z, *flags)


corners = st.lists(place_e7, min_size=3, max_size=8, unique=True)
parts = st.one_of(
    st.builds(lambda p, i: FencePart("polygon", tuple(p), i), corners, st.booleans()),
    st.builds(lambda p, i, r: FencePart("circle", (p,), i, r), place_e7, st.booleans(), st.floats(1, 5000, width=32)),
    st.builds(lambda p, z: FencePart("return", (p,), z=z), place_e7, height),
)


@st.composite
def plans(draw, with_mission=anyhow, rally_frames=(0, 3, 10)):
    mission = ()
    home = WireItem(MISSION, 0, 16, 0, x=draw(lat_e7), y=draw(lon_e7), z=draw(height), current=1)
    if draw(with_mission):
        mission = (home, *(draw(items(n)) for n in range(1, draw(st.integers(2, 6)))))
    fence = fence_of(draw(st.lists(parts, max_size=4)))
    rally = tuple(
        WireItem(RALLY, n, 5100, draw(st.sampled_from(rally_frames)), x=x, y=y, z=draw(height))
        for n, (x, y) in enumerate(draw(st.lists(place_e7, max_size=3)))
    )
    return PlanFile(
        {MISSION: mission, FENCE: fence, RALLY: rally}, (home.x / 1e7, home.y / 1e7, home.z), (), 12.5, 4.25
    )


def rows(items):
    """Items as tuples that compare equal also where a number is NaN."""
    return [tuple("nan" if isinstance(v, float) and math.isnan(v) else v for v in astuple(i)) for i in items]


def lists(plan):
    return {k: rows(plan.items.get(k, ())) for k in MissionKind}
