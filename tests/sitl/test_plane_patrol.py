"""A plan flown by a real ArduPlane and by ``plan simulate``'s own model of a plane: the same way in the same time."""

import asyncio
import dataclasses

import numpy as np
import pytest
import shapely

from missions.chart import Chart
from missions.codec import degrees_e7
from missions.performance import KNOWN
from missions.plan import FencePlan, FencePolygon, MissionItem, Plan
from sim.plane_flight import PlaneFlight
from tests.sitl.field import COPTER_ONLY, GROUND_M, LAT, LON, WITH_PLANE, Field
from tests.sitl.test_patrols import Track

pytestmark = [COPTER_ONLY[0], WITH_PLANE, pytest.mark.timeout(500)]

CHART = Chart(LAT, LON)
# Corners of all kinds, one back on itself; metres east and north of home.
SPOTS = [(0, 800), (900, 800), (300, 300), (1000, 300), (200, 330), (0, 0)]
SPEED_M_S = 22.0  # what ArduPlane's simulated aircraft cruises at


def a_plan() -> Plan:
    lat, lon = CHART.from_map(np.array(SPOTS, dtype=float))
    points = [
        MissionItem(16, 3, x=degrees_e7(float(a)), y=degrees_e7(float(b)), z=100.0)
        for a, b in zip(lat, lon, strict=True)
    ]
    far = np.array([(-3000, -3000), (3000, -3000), (3000, 3000), (-3000, 3000)], dtype=float)
    fence = FencePolygon("room", tuple((float(a), float(b)) for a, b in zip(*CHART.from_map(far), strict=True)))
    items = (MissionItem(22, 3, 15.0, z=60.0), *points, MissionItem(20, 2))
    return Plan("plane", LAT, LON, GROUND_M, items, FencePlan((fence,), alt_max_rel_home_m=250.0))


def between(t_s: np.ndarray, en_m: np.ndarray) -> tuple[float, np.ndarray]:
    """Of a flight ``(n,)``, ``(n, 2)``: seconds from nearest to the first spot to nearest to the last, and the way there."""
    begin = int(np.argmin(np.hypot(*(en_m - SPOTS[0]).T)))
    late = begin + int(0.5 * (len(t_s) - begin))
    end = late + int(np.argmin(np.hypot(*(en_m[late:] - SPOTS[-1]).T)))
    return float(t_s[end] - t_s[begin]), en_m[begin : end + 1]


def test_a_plane_flies_where_and_as_long_as_the_simulated_one(tmp_path):
    plan, track = a_plan(), Track()

    async def fly():
        async with Field(tmp_path / "sitl", 5.0, vehicle="plane", parts=(lambda *_: track,)) as field:
            assert (await field.service.upload_plan(field.vehicle, plan)).phase == "in_force"
            assert (await field.start()).ok
            assert await field.wait(lambda s: s.mission_seq >= len(plan.items) or s.mode == "RTL", 300), field.state

    asyncio.run(fly())
    rows = np.array(track.rows)
    theirs_s, theirs = between(rows[:, 0], CHART.to_map(rows[:, 1], rows[:, 2]))
    flown = PlaneFlight(plan, dataclasses.replace(KNOWN["plane"], speed_m_s=SPEED_M_S)).fly()
    # Up to the last spot: what follows is the way home, of which ArduPlane was not asked.
    some = flown.seq <= len(plan.items) - 1
    ours_s, ours = between(flown.t_s[some], CHART.to_map(flown.lat_deg[some], flown.lon_deg[some]))
    away = shapely.distance(shapely.points(theirs), shapely.LineString(ours))
    print(
        f"ArduPlane {theirs_s:.0f} s, simulated {ours_s:.0f} s, ratio {ours_s / theirs_s:.3f}; "
        f"apart {np.median(away):.0f} m median, {np.percentile(away, 95):.0f} m at 95 %, {away.max():.0f} m at most"
    )
    length = [float(np.hypot(*np.diff(p, axis=0).T).sum()) for p in (theirs, ours)]
    print(f"way {length[0]:.0f} m, simulated {length[1]:.0f} m, ratio {length[1] / length[0]:.3f}")
    assert ours_s == pytest.approx(theirs_s, rel=0.10)
    assert length[1] == pytest.approx(length[0], rel=0.10)
    assert np.median(away) < 20.0
    assert away.max() < 90.0, "within what the checks add for a plane's turns"
