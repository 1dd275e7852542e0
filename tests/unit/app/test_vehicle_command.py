"""``groundstation vehicle`` against the simulated aircraft over TCP: its JSON, its exit codes, its refusals."""

import asyncio
import contextlib
import json
import threading

import pytest

from groundstation.app.main import main
from groundstation.core.clock import SystemClock
from sim.autopilot import Autopilot
from sim.server import MavlinkServer, parse_mavlink_url


class Served(threading.Thread):
    """Simulated aircraft behind one TCP port each, in a loop of their own."""

    def __init__(self, *system_ids, speedup=8.0):
        super().__init__(daemon=True)
        self.speedup, self.ports, self.ready = speedup, [], threading.Event()
        clock = SystemClock()
        self.aircraft = [
            Autopilot(
                49.0,
                20.0 + n / 100,
                lambda lat, lon: 300.0,
                start_utc_us=clock.utc_us(),
                parameters={"SYSID_THISMAV": float(n)},
            )
            for n in system_ids
        ]
        self.loop = None

    def run(self):
        asyncio.run(self._serve())

    async def _serve(self):
        self.loop, self.stop_event = asyncio.get_running_loop(), asyncio.Event()
        servers = [
            MavlinkServer(a, [parse_mavlink_url("tcpin://127.0.0.1:0")], speedup=self.speedup) for a in self.aircraft
        ]
        for server in servers:
            await server.open()
        self.ports = [server.addresses[0].port for server in servers]
        self.ready.set()
        await asyncio.gather(*(server.run(self.stop_event) for server in servers))
        for server in servers:
            await server.close()


@pytest.fixture(scope="module")
def served():
    thread = Served(1, 2)
    thread.start()
    assert thread.ready.wait(20)
    yield thread
    thread.loop.call_soon_threadsafe(thread.stop_event.set)
    thread.join(20)


@pytest.fixture
def call(served, capsys):
    def run(*arguments, links=(0,)):
        urls = [part for n in links for part in ("--link", f"tcp://127.0.0.1:{served.ports[n]}")]
        code = main(["vehicle", *urls, *arguments])
        out, err = capsys.readouterr()
        result = None
        with contextlib.suppress(json.JSONDecodeError):
            result = json.loads(out)
        return code, result, out + err

    return run


def test_status_tells_the_state_and_the_links(call):
    code, result, _ = call("status", "--wait-ready", "20", "--json")
    assert (code, result["ok"], result["ready"], result["vehicle"]) == (0, True, True, "1.1")
    state = result["state"]
    assert (state["autopilot"], state["vehicle_type"], state["armed"]) == ("ArduPilot", "quadrotor", False)
    assert "GUIDED" in state["available_modes"]
    assert state["lat_deg"] == pytest.approx(49.0, abs=0.01)
    assert result["links"][0]["age_s"] < 5.0


def test_a_parameter_is_read_and_set_and_an_unknown_one_is_not(call):
    assert call("params", "FENCE_ENABLE", "--json")[1]["params"] == {"FENCE_ENABLE": 0.0}
    code, result, _ = call("params", "RTL_ALT=2500", "--json")
    assert (code, result["ok"], result["params"]) == (0, True, {"RTL_ALT": 2500.0})
    code, result, _ = call("params", "NO_SUCH", "--json")
    assert (code, result["params"]) == (1, {"NO_SUCH": None})
    code, _, text = call("params", "RTL_ALT=many")
    assert code == 2
    assert "not a number" in text


def test_a_value_out_of_range_is_set_only_when_asked_for_anyway(call):
    code, result, _ = call("params", "FENCE_MARGIN=300", "--json")
    assert (code, result["ok"]) == (1, False)
    assert "between 1 and 10 m" in result["reason"]
    assert result["params"]["FENCE_MARGIN"] < 300
    code, result, _ = call("params", "FENCE_MARGIN=12", "--anyway", "--json")
    assert (code, result["params"]) == (0, {"FENCE_MARGIN": 12.0})
    assert "set all the same" in result["notes"][0]
    code, result, _ = call("params", "NO_SUCH=1", "--anyway", "--json")
    assert (code, result["params"]) == (1, {"NO_SUCH": None})


def test_no_parameter_is_set_when_one_of_the_settings_makes_no_sense(call):
    before = call("params", "FENCE_ACTION", "--json")[1]["params"]
    assert call("params", "FENCE_ACTION=4", "RTL_ALT=high")[0] == 2
    assert call("params", "FENCE_ACTION=4", "fence_action=2")[0] == 2
    assert call("params", "FENCE_ACTION", "--json")[1]["params"] == before


def test_parameters_are_told_in_words_and_kept(call, tmp_path):
    code, result, _ = call("params", "--like", "fence_", "--cache", str(tmp_path), "--json")
    assert code == 0
    assert result["params"]
    assert all(name.startswith("FENCE_") for name in result["params"])
    assert result["meanings"]["FENCE_ENABLE"] == "0 (off)"
    assert list(tmp_path.glob("parameters-*.json"))
    assert "FENCE_ENABLE = 0 (off)" in call("params", "FENCE_ENABLE")[2]


def test_all_parameters(call):
    code, result, _ = call("params", "--json")
    assert code == 0
    assert result["count"] == len(result["params"]) > 50
    assert "FENCE_ENABLE" in result["params"]


def test_arm_mode_take_off_and_return(call, served):
    code, result, text = call("takeoff", "12", "--wait-s", "20", "--json")
    assert code == 0, text
    assert (result["armed"], result["mode"]) == (True, "GUIDED")
    assert served.aircraft[0].now_s > 0
    assert call("disarm")[0] == 1, "in the air"
    assert call("mode", "loiter", "--json")[1]["mode"] == "LOITER"
    code, result, _ = call("mode", "QLOITER", "--json")
    assert (code, result["result"]) == (1, "unsupported")
    assert "no mode QLOITER" in result["reason"]
    code, result, _ = call("rtl", "--json")
    assert (code, result["mode"]) == (0, "RTL")


def test_of_several_aircraft_one_must_be_named(call):
    code, _, text = call("status", links=(0, 1))
    assert code == 2
    assert "1.1 (ArduPilot quadrotor), 2.1 (ArduPilot quadrotor)" in text
    code, result, _ = call("--vehicle", "2", "status", "--json", links=(0, 1))
    assert (code, result["vehicle"]) == (0, "2.1")


def test_what_cannot_be_is_told_with_its_exit_code(call, capsys):
    assert main(["vehicle", "status"]) == 2
    assert "no link" in capsys.readouterr().err
    assert call("--vehicle", "abc", "status")[0] == 2
    code, _, text = call("--vehicle", "9", "--timeout-s", "1.5", "status")
    assert code == 4
    assert "aircraft 9.1" in text
