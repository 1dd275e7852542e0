"""``groundstation plan`` against a real ArduPilot: by file and by items, there and back, as a script would call it."""

import json
import subprocess
import sys

import pytest

from sim.ardupilot import ArduPilotSitl, SitlHome, require_binary
from tests.helpers.patrol import around
from tests.sitl.field import COPTER_ONLY, GROUND_M, LAT, LON

pytestmark = COPTER_ONLY


def _plan_document(corners):
    """A .plan file as QGroundControl writes one: take-off, ``corners`` waypoints, return; a fence and a rally point."""

    def item(number, command, lat, lon, alt_m):
        return {
            "type": "SimpleItem", "command": command, "frame": 3, "autoContinue": True, "doJumpId": number,
            "params": [0, 0, 0, None if command == 16 else 0, lat, lon, alt_m],
        }  # fmt: skip

    places = [around(LAT, LON, 60 + 5 * (n % 7), 3 * n) for n in range(corners)]
    items = [item(1, 22, 0, 0, 30), *(item(n + 2, 16, *place, 40) for n, place in enumerate(places))]
    items.append({**item(len(items) + 1, 20, 0, 0, 0), "frame": 2})
    edge = [list(around(LAT, LON, n, e)) for n, e in ((-400, -400), (-400, 600), (400, 600), (400, -400))]
    return {
        "fileType": "Plan", "version": 1, "groundStation": "test",
        "mission": {
            "version": 2, "firmwareType": 3, "vehicleType": 2, "cruiseSpeed": 5, "hoverSpeed": 5, "items": items,
            "plannedHomePosition": [LAT, LON, GROUND_M],
        },
        "geoFence": {"version": 2, "circles": [], "polygons": [{"inclusion": True, "polygon": edge, "version": 1}]},
        "rallyPoints": {"version": 2, "points": [[*around(LAT, LON, 10, 10), 30]]},
    }  # fmt: skip


def _plan(*arguments):
    ran = subprocess.run(
        [sys.executable, "-m", "groundstation.app.main", "plan", *arguments, "--json"],
        capture_output=True, text=True, timeout=400, check=False,
    )  # fmt: skip
    assert ran.stdout.strip(), ran.stderr
    return ran.returncode, json.loads(ran.stdout)


@pytest.mark.timeout(1800)  # eight programs are started, one after the other
def test_a_plan_goes_by_file_and_by_items_and_comes_back_the_same(tmp_path):
    with ArduPilotSitl(require_binary("copter"), SitlHome(LAT, LON, GROUND_M), tmp_path / "sitl") as sitl:
        counts = {}
        for method, corners, options in (("ftp", 40, ()), ("items", 25, ("--no-ftp",))):
            file = tmp_path / f"{method}.plan"
            file.write_text(json.dumps(_plan_document(corners)))
            code, result = _plan("upload", str(file), "--link", sitl.url, *options)
            assert (code, result["verified"]) == (0, True), result
            assert result["method"] == method
            back = tmp_path / f"{method}-back.plan"
            code, result = _plan("download", "--link", sitl.url, "-o", str(back), *options)
            assert (code, result["verified"]) == (0, True), result
            held = json.loads(back.read_text())
            counts[method] = len(held["mission"]["items"])
            assert len(held["geoFence"]["polygons"][0]["polygon"]) == 4
            assert len(held["rallyPoints"]["points"]) == 1
            # What came back is a plan file like any other.
            code, result = _plan("upload", str(back), "--link", sitl.url, *options)
            assert (code, result["verified"]) == (0, True), result
        assert counts == {"ftp": 42, "items": 27}
