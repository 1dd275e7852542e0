"""``groundstation vehicle`` and ``groundstation plan`` against a real ArduPilot, as a script calls them: answers, exit codes."""

import json
import subprocess
import sys
import time

import pytest

from sim.ardupilot import ArduPilotSitl, SitlHome, require_binary
from tests.sitl.field import COPTER_ONLY, GROUND_M, LAT, LON

pytestmark = COPTER_ONLY


def _call(*arguments):
    """The exit code, the JSON answer (None without one) and what was written beside it."""
    ran = subprocess.run(
        [sys.executable, "-m", "groundstation.app.main", *arguments],
        capture_output=True, text=True, timeout=400, check=False,
    )  # fmt: skip
    return ran.returncode, json.loads(ran.stdout) if ran.stdout.strip() else None, ran.stderr


def _until_ok(seconds, *arguments):
    """Again until it is done: a SITL that has only just got its position may want to think about its gyros first."""
    end_s = time.monotonic() + seconds
    while True:
        code, answer, said = _call(*arguments)
        if code == 0 or time.monotonic() > end_s:
            return code, answer, said


@pytest.mark.timeout(1800)
def test_one_flight_by_commands(tmp_path):
    with ArduPilotSitl(require_binary("copter"), SitlHome(LAT, LON, GROUND_M), tmp_path / "sitl", speedup=2.0) as sitl:
        vehicle = ("vehicle", "--link", sitl.url, "--json")

        code, answer, said = _call(*vehicle, "status", "--wait-ready", "60")
        assert code == 0, (answer, said)
        state = answer["state"]
        assert (state["autopilot"], state["armed"], state["read_only"]) == ("ArduPilot", False, False)
        assert state["firmware"][:1].isdigit()
        assert {"GUIDED", "AUTO", "RTL", "LOITER"} <= set(state["available_modes"])
        assert answer["links"][0]["received"] > 0

        code, answer, _ = _call(*vehicle, "params", "FENCE_ENABLE", "FENCE_MARGIN=3")
        assert code == 0, answer
        assert answer["params"] == {"FENCE_ENABLE": 0.0, "FENCE_MARGIN": 3.0}
        # Old and new firmware have names of their own: one of the two is there, and for the other it is told.
        answers = {name: _call(*vehicle, "params", name) for name in ("WPNAV_SPEED", "WP_SPD")}
        assert sorted(code for code, _, _ in answers.values()) == [0, 1]
        (other,) = (answer for code, answer, _ in answers.values() if code)
        assert "this aircraft calls it" in other["reason"]
        code, answer, _ = _call(*vehicle, "params", "NO_SUCH_NAME")
        assert (code, answer["ok"]) == (1, False)

        code, answer, _ = _call(*vehicle, "mode", "NOSUCH")
        assert (code, answer["ok"]) == (1, False)
        assert "NOSUCH" in answer["reason"]
        code, answer, _ = _until_ok(40.0, *vehicle, "mode", "GUIDED")
        assert (code, answer["mode"]) == (0, "GUIDED")
        code, answer, _ = _until_ok(60.0, *vehicle, "arm")
        assert (code, answer["armed"]) == (0, True), answer
        code, answer, _ = _call(*vehicle, "disarm")
        assert (code, answer["armed"]) == (0, False), answer

        code, answer, _ = _until_ok(60.0, *vehicle, "takeoff", "15", "--wait-s", "90")
        assert code == 0, answer
        assert answer["armed"]
        assert answer["alt_rel_home_m"] > 13.0
        code, answer, _ = _call(*vehicle, "takeoff", "15")
        assert code == 1, "it is in the air already"
        assert "in the air" in answer["reason"]
        code, answer, _ = _call(*vehicle, "rtl")
        assert (code, answer["mode"]) == (0, "RTL"), answer


@pytest.mark.timeout(900)
def test_nobody_there_is_exit_code_4_and_a_bad_plan_is_none(tmp_path):
    code, answer, said = _call("vehicle", "--link", "tcp://127.0.0.1:9", "--timeout-s", "2", "--json", "status")
    assert (code, answer) == (4, None)
    assert "no aircraft was heard" in said
    code, _, _ = _call("vehicle", "--json", "status")
    assert code == 2, "without a link"
    bad = tmp_path / "bad.plan"
    bad.write_text("{}")
    code, _, said = _call("plan", "upload", str(bad), "--link", "tcp://127.0.0.1:9", "--json")
    assert code != 0
    assert "bad.plan" in said


@pytest.mark.timeout(900)
def test_an_upload_that_the_aircraft_refuses_is_not_verified(tmp_path):
    """A mission larger than it can hold: exit code 1, its own words, and what it held before is still there."""
    with ArduPilotSitl(require_binary("copter"), SitlHome(LAT, LON, GROUND_M), tmp_path / "sitl") as sitl:

        def document(count):
            def item(number, command, lat, lon):
                return {
                    "type": "SimpleItem", "command": command, "frame": 3, "autoContinue": True, "doJumpId": number,
                    "params": [0, 0, 0, 0, lat, lon, 30],
                }  # fmt: skip

            items = [item(1, 22, 0, 0)]
            items += [item(n + 2, 16, LAT + 1e-5 * (n % 40), LON + 1e-5 * (n // 40)) for n in range(count - 1)]
            mission = {"version": 2, "firmwareType": 3, "vehicleType": 2, "items": items}
            mission |= {"cruiseSpeed": 5, "hoverSpeed": 5, "plannedHomePosition": [LAT, LON, GROUND_M]}
            empty = {
                "geoFence": {"version": 2, "circles": [], "polygons": []},
                "rallyPoints": {"version": 2, "points": []},
            }
            return {"fileType": "Plan", "version": 1, "groundStation": "test", "mission": mission, **empty}

        for name, count in (("fits", 30), ("large", 900)):
            (tmp_path / f"{name}.plan").write_text(json.dumps(document(count)))
        link = ("--link", sitl.url, "--json")
        code, answer, said = _call("plan", "upload", str(tmp_path / "fits.plan"), *link)
        assert (code, answer["verified"]) == (0, True), (answer, said)
        code, answer, _ = _call("plan", "upload", str(tmp_path / "large.plan"), *link)
        assert (code, answer["verified"]) == (1, False), answer
        assert set(answer) >= {"verified", "items", "method", "upload_s", "readback_s", "reason"}
        assert "650" in answer["reason"] or "no space" in answer["reason"], answer["reason"]
        back = tmp_path / "back.plan"
        code, answer, _ = _call("plan", "download", "-o", str(back), *link)
        assert code == 0, answer
        assert len(json.loads(back.read_text())["mission"]["items"]) == 30
