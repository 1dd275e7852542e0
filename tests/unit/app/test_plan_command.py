"""``groundstation plan`` as a script calls it, against the simulator on a loopback port."""

import asyncio
import json
import threading

import pytest

from groundstation.app.main import main
from missions.codec import MissionKind, items_of
from missions.plan_file_write import plan_document, write_plan_file
from sim.server import MavlinkServer, parse_mavlink_url
from tests.helpers.parked import GROUND_M, LAT, LON, ParkedAutopilot
from tests.helpers.patrol import small_plan

PLAN = small_plan(LAT, LON, GROUND_M)
LISTS = {kind: items_of(PLAN, kind) for kind in MissionKind}


class Served:
    """A parked aircraft behind a TCP port, on a thread of its own."""

    def __init__(self):
        self.autopilot = ParkedAutopilot()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))
        self._thread.start()
        assert self._ready.wait(10)

    async def _serve(self):
        server = MavlinkServer(self.autopilot, [parse_mavlink_url("tcpin://127.0.0.1:0")])
        await server.open()
        self.url = f"tcp://127.0.0.1:{server.addresses[0].port}"
        self._stop, self._loop = asyncio.Event(), asyncio.get_running_loop()
        self._ready.set()
        await server.run(self._stop)
        await server.close()

    def close(self):
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)


@pytest.fixture
def served():
    aircraft = Served()
    yield aircraft
    aircraft.close()


@pytest.fixture
def plan_file(tmp_path):
    def write(lists=LISTS, name="a.plan"):
        write_plan_file(tmp_path / name, plan_document(lists))
        return str(tmp_path / name)

    return write


def run(capsys, *arguments):
    code = main(["plan", *arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("options", [(), ("--no-ftp",)], ids=["ftp", "items"])
def test_there_and_back(served, plan_file, tmp_path, capsys, options):
    code, result = run(capsys, "upload", plan_file(), "--link", served.url, *options)
    assert (code, result["verified"], result["reason"]) == (0, True, "")
    assert result["items"] == 4 + 7 + 1
    assert result["lists"] == {"mission": 4, "fence": 7, "rally points": 1}
    assert result["method"] == ("items" if options else "ftp")
    assert result["upload_s"] > 0
    assert result["readback_s"] > 0
    assert any("off (FENCE_ENABLE 0)" in w for w in result["warnings"]), "no parameter is touched, and that is told"
    assert served.autopilot.parameters["FENCE_ENABLE"] == 0.0
    back = tmp_path / "back.plan"
    code, result = run(capsys, "download", "--link", served.url, "-o", str(back), *options)
    assert (code, result["verified"]) == (0, True)
    again, _ = run(capsys, "upload", str(back), "--link", served.url)
    assert again == 0


def test_the_fence_is_switched_on_when_asked_for(served, plan_file, capsys):
    code, result = run(capsys, "upload", plan_file(), "--link", served.url, "--enable-fence")
    assert (code, result["warnings"]) == (0, [])
    assert served.autopilot.fence.in_force
    assert int(served.autopilot.parameters["FENCE_TYPE"]) & 4


def test_a_plan_without_a_fence_takes_none_away(served, plan_file, capsys):
    assert run(capsys, "upload", plan_file(), "--link", served.url)[0] == 0
    only = {MissionKind.MISSION: LISTS[MissionKind.MISSION]}
    code, result = run(capsys, "upload", plan_file(only), "--link", served.url)
    assert (code, result["kept"]) == (0, {"fence": 7, "rally points": 1})
    assert any("no fence" in w for w in result["warnings"])
    assert served.autopilot.fence_store.count() == 7
    code, result = run(capsys, "upload", plan_file(only), "--link", served.url, "--replace-all")
    assert (code, result["kept"]) == (0, {})
    assert served.autopilot.fence_store.count() == 0


def test_what_is_refused_changes_nothing_and_says_why(served, plan_file, capsys):
    assert run(capsys, "upload", plan_file(), "--link", served.url)[0] == 0
    bad = list(LISTS[MissionKind.MISSION])
    bad[2] = type(bad[2])(**{**bad[2].__dict__, "command": 999})
    code, result = run(capsys, "upload", plan_file({**LISTS, MissionKind.MISSION: bad}), "--link", served.url)
    assert (code, result["verified"]) == (1, False)
    assert "item 2: unsupported" in result["reason"]
    assert "put back" in result["reason"]
    assert served.autopilot.mission_store.count() == 5


def test_an_armed_aircraft_is_left_alone(served, plan_file, capsys):
    served.autopilot.flight.armed = True
    code, result = run(capsys, "upload", plan_file(), "--link", served.url)
    assert code == 1
    assert "armed" in result["reason"]
    assert served.autopilot.mission_store.count() == 0


def test_exit_codes_of_what_never_began(plan_file, tmp_path, capsys):
    (tmp_path / "bad.plan").write_text("{}")
    assert main(["plan", "upload", str(tmp_path / "bad.plan"), "--link", "tcp://127.0.0.1:9"]) == 3
    assert "fileType" in capsys.readouterr().err
    assert main(["plan", "upload", plan_file(), "--link", "tcp://127.0.0.1:9", "--timeout-s", "0.3"]) == 4
    assert "no aircraft" in capsys.readouterr().err


def test_a_plan_with_errors_is_refused_unless_somebody_answers_for_it(served, plan_file, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    far = list(LISTS[MissionKind.MISSION])
    far[2] = type(far[2])(**{**far[2].__dict__, "x": far[2].x + 1_000_000})
    file = plan_file({**LISTS, MissionKind.MISSION: far})
    assert main(["plan", "upload", file, "--link", served.url]) == 3
    told = capsys.readouterr().err
    assert "leaves the fence" in told
    assert "--override-findings" in told
    assert served.autopilot.mission_store.count() == 0
    assert main(["plan", "upload", file, "--link", served.url, "--override-findings", "Inspector Novak"]) == 3
    assert "reason" in capsys.readouterr().err
    assert main(["plan", "upload", file, "--link", served.url, "--reason", "because"]) == 2
    capsys.readouterr()
    by = ("--override-findings", "Inspector Novak", "--reason", "the fence is wrong here")
    code, result = run(capsys, "upload", file, "--link", served.url, *by)
    assert (code, result["verified"]) == (0, True)
    assert any("leaves the fence" in text for text in result["overridden"])
    (line,) = (tmp_path / "marchwarden-data" / "plan-overrides.jsonl").read_text().splitlines()
    entry = json.loads(line)
    assert (entry["name"], entry["reason"]) == ("Inspector Novak", "the fence is wrong here")
    assert entry["findings"] == result["overridden"]
    assert len(entry["plan_sha256"]) == 64


def test_an_override_that_cannot_be_logged_sends_nothing(served, plan_file, tmp_path, capsys):
    far = list(LISTS[MissionKind.MISSION])
    far[2] = type(far[2])(**{**far[2].__dict__, "x": far[2].x + 1_000_000})
    (tmp_path / "no-folder").write_text("a file")
    by = ("--override-findings", "N", "--reason", "r", "--data-dir", str(tmp_path / "no-folder"))
    assert main(["plan", "upload", plan_file({**LISTS, MissionKind.MISSION: far}), "--link", served.url, *by]) == 9
    assert "nothing was sent" in capsys.readouterr().err
    assert served.autopilot.mission_store.count() == 0


def test_a_good_plan_needs_no_override_and_none_is_logged(served, plan_file, tmp_path, capsys):
    by = ("--override-findings", "N", "--reason", "r", "--data-dir", str(tmp_path / "data"))
    code, result = run(capsys, "upload", plan_file(), "--link", served.url, *by)
    assert (code, result["overridden"]) == (0, [])
    assert not (tmp_path / "data").exists()
