"""How many aircraft one I/O thread carries: CPU, lost messages, answered commands.

    python benchmarks/fleet.py --aircraft 250 --rate-hz 20 --seconds 20 [--transport udp|tcp] [--json]

A process of its own plays the aircraft: frames of the usual telemetry, packed by pymavlink with their own sequence
numbers, over one UDP socket per aircraft (or one TCP connection for all), and answers to TIMESYNC and to commands. The
station side is the real :class:`VehicleService` with its link and the bus, a subscriber to states and texts included, on
one thread; its CPU time is that of the whole process.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import platform
import socket
import statistics
import time
from multiprocessing.connection import Connection
from typing import Any

from groundstation.core.bus import Bus
from groundstation.core.clock import SystemClock
from groundstation.core.records import VehicleId
from groundstation.core.topics import LINK_QUALITY, STATUS_TEXT, VEHICLE_STATE
from groundstation.link.open import open_link
from groundstation.vehicle.commands import REQUEST_MESSAGE, Command
from groundstation.vehicle.safety_parts import safety_parts
from groundstation.vehicle.service import VehicleService
from missions.mavlink import mavlink2 as m

_STEP_S = 0.05
_SYSTEM_TIME = 2
# Message by message in twentieths of the rate: a usual mix, positions and attitudes most of it.
_MIX = (
    "HEARTBEAT", "GLOBAL_POSITION_INT", "ATTITUDE", "SYS_STATUS", "GLOBAL_POSITION_INT", "ATTITUDE",
    "EKF_STATUS_REPORT", "GLOBAL_POSITION_INT", "ATTITUDE", "GPS_RAW_INT", "GLOBAL_POSITION_INT", "ATTITUDE",
    "MISSION_CURRENT", "GLOBAL_POSITION_INT", "ATTITUDE", "GIMBAL_DEVICE_ATTITUDE_STATUS", "VFR_HUD",
    "GIMBAL_DEVICE_ATTITUDE_STATUS", "BATTERY_STATUS", "EXTENDED_SYS_STATE",
)  # fmt: skip


class _Played:
    """One aircraft of the generator."""

    def __init__(self, system_id: int, number: int) -> None:
        self.codec = m.MAVLink(None, system_id, 1)
        self.number = number
        self.mode = 0
        self.sent = 0
        self.turn = number  # not all send their heartbeat in the same step

    def pack(self, message: Any) -> bytes:
        data = bytes(message.pack(self.codec))
        self.codec.seq = (self.codec.seq + 1) % 256
        self.sent += 1
        return data

    def telemetry(self, boot_ms: int) -> bytes:
        kind = _MIX[self.turn % len(_MIX)]
        self.turn += 1
        lat = 490_000_000 + self.number * 1000 + boot_ms
        match kind:
            case "HEARTBEAT":
                message = m.MAVLink_heartbeat_message(2, 3, 1, self.mode, 4, 3)
            case "GLOBAL_POSITION_INT":
                message = m.MAVLink_global_position_int_message(
                    boot_ms, lat, 200_000_000, 300_000, 20_000, 100, 0, 0, 0
                )
            case "ATTITUDE":
                message = m.MAVLink_attitude_message(boot_ms, 0.01, 0.02, 1.0, 0.0, 0.0, 0.0)
            case "SYS_STATUS":
                message = m.MAVLink_sys_status_message(
                    1 << 28, 1 << 28, 1 << 28, 100, 12_000, 100, 80, 0, 0, 0, 0, 0, 0
                )
            case "EKF_STATUS_REPORT":
                message = m.MAVLink_ekf_status_report_message(831, 0.1, 0.1, 0.1, 0.1, 0.1)
            case "GPS_RAW_INT":
                message = m.MAVLink_gps_raw_int_message(0, 3, lat, 200_000_000, 300_000, 100, 100, 100, 0, 14)
            case "MISSION_CURRENT":
                message = m.MAVLink_mission_current_message(1, 10, 3, 1)
            case "GIMBAL_DEVICE_ATTITUDE_STATUS":
                message = m.MAVLink_gimbal_device_attitude_status_message(
                    0, 0, boot_ms, 0x2C, [1.0, 0.0, 0.0, 0.0], 0.0, 0.0, 0.0, 0
                )
            case "VFR_HUD":
                message = m.MAVLink_vfr_hud_message(0.0, 1.0, 0, 0, 300.0, 0.0)
            case "BATTERY_STATUS":
                message = m.MAVLink_battery_status_message(0, 0, 0, 0, [12_000] + [65_535] * 9, 0, 0, 0, 80)
            case _:
                message = m.MAVLink_extended_sys_state_message(0, 1)
        return self.pack(message)

    def answers(self, message: Any, boot_ns: int) -> list[bytes]:
        kind = message.get_type()
        if kind == "TIMESYNC" and message.tc1 == 0:
            return [self.pack(m.MAVLink_timesync_message(boot_ns, message.ts1))]
        if kind == "PARAM_REQUEST_READ" and message.target_system == self.codec.srcSystem:
            return [self.pack(m.MAVLink_param_value_message(message.param_id.encode(), 1.0, 9, 1000, 65_535))]
        if kind in ("COMMAND_INT", "COMMAND_LONG") and message.target_system == self.codec.srcSystem:
            if message.command == 176:
                self.mode = int(message.param2)
            return [self.pack(m.MAVLink_command_ack_message(message.command, 0, 0, 0, 255, 190))]
        return []


class _Wires:
    """The generator's sockets: one per aircraft over UDP, one for all over TCP."""

    def __init__(self, transport: str, port: int, count: int) -> None:
        self._tcp = transport == "tcp"
        self._sockets: list[socket.socket] = []
        for _ in range(1 if self._tcp else count):
            wire = socket.socket(socket.AF_INET, socket.SOCK_STREAM if self._tcp else socket.SOCK_DGRAM)
            wire.connect(("127.0.0.1", port))
            wire.setblocking(False)
            self._sockets.append(wire)
        self._parsers = [m.MAVLink(None) for _ in self._sockets]
        self.unsent = 0

    def send(self, number: int, data: bytes) -> None:
        try:
            if self._tcp:
                self._sockets[0].setblocking(True)
                self._sockets[0].sendall(data)
                self._sockets[0].setblocking(False)
            else:
                self._sockets[number].send(data)
        except (BlockingIOError, ConnectionRefusedError):
            self.unsent += 1

    def received(self) -> list[tuple[int, Any]]:
        """``(wire, message)`` of everything that has come; over TCP a message is for all."""
        out: list[tuple[int, Any]] = []
        for number, (wire, parser) in enumerate(zip(self._sockets, self._parsers, strict=True)):
            while True:
                try:
                    data = wire.recv(65_536)
                except (BlockingIOError, ConnectionRefusedError):
                    break
                if not data:
                    break
                out += [(number, message) for message in parser.parse_buffer(data) or ()]
        return out

    @property
    def shared(self) -> bool:
        return self._tcp


def _play(pipe: Connection, transport: str, port: int, count: int, rate_hz: float) -> None:
    """The generator: plays until told to stop, then tells how many packets each aircraft has sent."""
    fleet = [_Played(number + 1, number) for number in range(count)]
    wires = _Wires(transport, port, count)
    begun_s = time.monotonic()
    owed = 0.0
    done = 0
    while not pipe.poll():
        now_s = time.monotonic()
        boot_s = 100.0 + now_s - begun_s
        for wire, message in wires.received():
            for each in fleet if wires.shared else (fleet[wire],):
                for answer in each.answers(message, int(boot_s * 1e9)):
                    wires.send(each.number, answer)
        owed = (now_s - begun_s) * rate_hz * count
        while done < owed:
            each = fleet[done % count]
            wires.send(each.number, each.telemetry(int(boot_s * 1000)))
            done += 1
        time.sleep(0.002)
    pipe.send(([each.sent for each in fleet], wires.unsent))


async def _measure(options: argparse.Namespace) -> dict[str, Any]:
    clock, bus = SystemClock(), Bus()
    topics = [bus.subscribe(topic) for topic in (VEHICLE_STATE, STATUS_TEXT, LINK_QUALITY)]
    scheme = "udpin" if options.transport == "udp" else "tcpin"
    link = open_link(f"{scheme}://127.0.0.1:{options.port}", clock)
    parts = safety_parts() if options.parts else ()
    service = VehicleService(bus, [link], clock, lambda plan: [], lambda vehicle, pose: None, parts=parts)
    await service.start()
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    player = multiprocessing.get_context("spawn").Process(
        target=_play, args=(theirs, options.transport, options.port, options.aircraft, options.rate_hz), daemon=True
    )
    player.start()
    try:
        return await _run(options, service, link, topics, ours)
    finally:
        if player.is_alive():
            player.terminate()
        player.join()
        await service.stop()


async def _run(
    options: argparse.Namespace, service: VehicleService, link: Any, topics: list[Any], pipe: Connection
) -> dict[str, Any]:
    states, stall_s = 0, 0.0

    async def consume() -> None:
        nonlocal states, stall_s
        at_s = time.monotonic()
        while True:
            stall_s, at_s = max(stall_s, time.monotonic() - at_s - 0.05), time.monotonic()
            service.feed_watchdog()
            for number, topic in enumerate(topics):
                records = topic.drain()
                states += len(records) if number == 0 else 0
            await asyncio.sleep(0.05)

    consumer = asyncio.create_task(consume())
    for _ in range(600):
        if len(service.vehicle_ids) >= options.aircraft:
            break
        await asyncio.sleep(0.1)
    await asyncio.sleep(options.settle_s)  # the message intervals of all are asked for
    heard = len(service.vehicle_ids)
    trips_s: list[float] = []
    failed = 0

    async def command(vehicle_id: VehicleId) -> None:
        nonlocal failed
        begun_s = time.monotonic()
        outcome = await service.command(vehicle_id, Command(REQUEST_MESSAGE, float(_SYSTEM_TIME)))
        failed += not outcome.ok
        trips_s.append(time.monotonic() - begun_s)

    cpu_s, wall_s, states, stall_s = time.process_time(), time.monotonic(), 0, 0.0
    received = sum(s.received for s in link.statistics.sources.values())
    lost_before = sum(s.lost for s in link.statistics.sources.values())
    vehicles = service.vehicle_ids
    while time.monotonic() - wall_s < options.seconds:
        await asyncio.gather(*(command(v) for v in vehicles[len(trips_s) % len(vehicles) :][:10]))
        await asyncio.sleep(0.1)
    cpu_s, wall_s = time.process_time() - cpu_s, time.monotonic() - wall_s
    received = sum(s.received for s in link.statistics.sources.values()) - received
    states_s, stalled_s = states / wall_s, stall_s
    lost_while = sum(s.lost for s in link.statistics.sources.values()) - lost_before
    # An order to all of them at once.
    begun_s = time.monotonic()
    outcomes = await asyncio.gather(*(service.set_mode(v, "LOITER") for v in vehicles))
    all_s = time.monotonic() - begun_s
    pipe.send("stop")
    await asyncio.to_thread(pipe.poll, 10.0)
    sent, unsent = pipe.recv()
    await asyncio.sleep(0.5)
    consumer.cancel()
    sources = link.statistics.sources
    missing = (
        sum(sent) - unsent - sum(sources[n + 1, 1].received for n in range(options.aircraft) if (n + 1, 1) in sources)
    )
    trips_s.sort()
    return {
        "aircraft": heard,
        "rate_hz": options.rate_hz,
        "transport": options.transport,
        "parts": options.parts,
        "seconds": round(wall_s, 1),
        "messages_s": round(received / wall_s),
        "cpu_s_per_s": round(cpu_s / wall_s, 3),
        "sent": sum(sent),
        "lost": missing,
        "lost_by_sequence": sum(s.lost for s in sources.values()),
        "lost_while_measured": lost_while,
        "longest_stall_ms": round(stalled_s * 1000, 1),
        "states_s": round(states_s),
        "commands": len(trips_s),
        "commands_failed": failed,
        "command_ms_p50": round(statistics.median(trips_s) * 1000, 1),
        "command_ms_p99": round(trips_s[int(len(trips_s) * 0.99)] * 1000, 1),
        "order_to_all_ok": sum(o.ok for o in outcomes),
        "order_to_all_s": round(all_s, 2),
        "order_to_all_failures": sorted({o.reason for o in outcomes if not o.ok})[:3],
        "machine": f"{platform.processor() or platform.machine()}, Python {platform.python_version()}",
    }


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--aircraft", type=int, default=250)
    parser.add_argument("--rate-hz", type=float, default=20.0, help="messages a second of each")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--settle-s", type=float, default=8.0)
    parser.add_argument("--transport", choices=("udp", "tcp"), default="udp")
    parser.add_argument("--parts", action="store_true", help="with all that a station adds: fence, health, traffic ...")
    parser.add_argument("--port", type=int, default=14_777)
    parser.add_argument("--profile", metavar="FILE", help="write a profile of the station's process there")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.profile:
        import cProfile

        profile = cProfile.Profile()
        profile.enable()
        result = asyncio.run(_measure(options))
        profile.disable()
        profile.dump_stats(options.profile)
    else:
        result = asyncio.run(_measure(options))
    if options.json:
        print(json.dumps(result, indent=2))
        return
    for name, value in result.items():
        print(f"{name:24} {value}")


if __name__ == "__main__":
    main()
