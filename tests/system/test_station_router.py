"""The station's own router port, as its file asks for it: a second program sees the aircraft and may not fly it."""

import asyncio
import socket
import sqlite3

from groundstation.app.config import StationConfig
from groundstation.app.station import Station
from groundstation.core.clock import SystemClock
from groundstation.link.open import open_link
from groundstation.link.router import AIR_SYSTEM_IDS
from missions.mavlink import mavlink2 as m
from sim.autopilot import Autopilot
from sim.server import MavlinkServer, parse_mavlink_url

ARM, DENIED = 400, 2


def _free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def test_a_second_program_beside_the_station(tmp_path):
    async def main():
        autopilot = Autopilot(49.0, 20.0, lambda lat, lon: 300.0, start_utc_us=SystemClock().utc_us())
        server = MavlinkServer(autopilot, [parse_mavlink_url("tcpin://127.0.0.1:0")])
        await server.open()
        stop = asyncio.Event()
        runner = asyncio.create_task(server.run(stop))
        port = _free_port()
        station = Station(
            StationConfig.model_validate(
                {
                    "station": {"data_dir": tmp_path / "data"},
                    "link": {"url": f"tcp://127.0.0.1:{server.addresses[0].port}"},
                    "router": {"ports": [{"url": f"tcpin://127.0.0.1:{port}", "name": "qgc"}]},
                }
            )
        )
        assert f"port for qgc tcpin://127.0.0.1:{port}" in station.describe()
        await asyncio.to_thread(station.start)
        qgc = open_link(f"tcp://127.0.0.1:{port}", SystemClock())
        seen = {}
        qgc.add_listener(lambda message, t_mono_ns, t_utc_us: seen.setdefault(message.get_type(), message))
        try:
            await qgc.open()
            async with asyncio.timeout(20):
                while not {"HEARTBEAT", "GLOBAL_POSITION_INT", "COMMAND_ACK"} <= seen.keys():
                    qgc.send(m.MAVLink_heartbeat_message(6, 8, 0, 0, 4, 3))
                    qgc.send(m.MAVLink_command_long_message(1, 1, ARM, 0, 1, 0, 0, 0, 0, 0, 0))
                    await asyncio.sleep(0.2)
            assert (seen["HEARTBEAT"].get_srcSystem(), seen["COMMAND_ACK"].result) == (1, DENIED)
        finally:
            await qgc.close()
            await asyncio.to_thread(station.stop)
            stop.set()
            await runner
            await server.close()

    asyncio.run(asyncio.wait_for(main(), 60))
    with sqlite3.connect(tmp_path / "data" / "station.db") as database:
        rows = database.execute("SELECT operator, action, detail FROM operator_action").fetchall()
    database.close()
    assert any(r[:2] == ("client qgc", "router refused") and "COMPONENT_ARM_DISARM" in r[2] for r in rows)
    assert any(r[1] == "router identity" and str(AIR_SYSTEM_IDS[0]) in r[2] for r in rows)
