"""``groundstation preflight`` against a simulated aircraft: exit code, JSON, and that it leaves nothing behind."""

import asyncio
import json

import pytest

from groundstation.app.main import main as command_line
from groundstation.core.clock import SystemClock
from sim.autopilot import Autopilot
from sim.server import MavlinkServer, parse_mavlink_url


def preflight(*arguments, prepare=lambda autopilot: None):
    """The exit code, and the aircraft."""

    async def main():
        autopilot = Autopilot(49.0, 20.0, lambda lat, lon: 300.0, start_utc_us=SystemClock().utc_us())
        prepare(autopilot)
        server = MavlinkServer(autopilot, [parse_mavlink_url("tcpin://127.0.0.1:0")])
        await server.open()
        stop = asyncio.Event()
        runner = asyncio.create_task(server.run(stop))
        try:
            url = f"tcp://127.0.0.1:{server.addresses[0].port}"
            return await asyncio.to_thread(command_line, ["preflight", "--link", url, *arguments]), autopilot
        finally:
            stop.set()
            await runner
            await server.close()

    return asyncio.run(main())


def test_what_failed_is_in_the_json_with_its_remedy_and_the_exit_code_tells(capsys):
    code, autopilot = preflight("--json", "--wait-s", "2")
    told = json.loads(capsys.readouterr().out)
    assert code == 1
    assert not told["ok"]
    items = {i["id"]: i for i in told["items"]}
    assert items["lost_link"]["remedy"] == "set FS_GCS_ENABLE to 1"
    assert items["plan"]["state"] == "failed"
    assert items["link"]["state"] == "ok"
    assert {"position", "battery", "fence_areas", "clock", "storage"} <= items.keys()
    assert told["failed"] == sum(i["state"] == "failed" for i in told["items"])
    assert not autopilot.flight.armed


def test_without_an_aircraft_it_says_so(capsys):
    code = command_line(["preflight", "--link", "tcp://127.0.0.1:1", "--timeout-s", "0.5"])
    assert code == 4
    assert "no aircraft was heard" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["preflight"]])
def test_without_a_link_it_says_so(arguments, capsys):
    assert command_line(arguments) == 2
    assert "no link" in capsys.readouterr().err
