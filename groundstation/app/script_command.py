"""``groundstation script run``: an operator's Python script with a connected DroneKit vehicle, behind a router port.

The script runs in a process of its own and reaches the aircraft only through a router port on the loopback interface that
lets pass what ``--allow`` names. What is refused is told to the operator at once. Exit code 0 when the script ended by
itself without an error, 1 when it did not (or the time was over), 2 for a wrong command line, 4 when no aircraft was
heard. As ``groundstation vehicle`` it sends no heartbeat of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from dataclasses import dataclass, field

from groundstation.app.one_aircraft import choose_aircraft, running
from groundstation.app.script_permissions import check_words, hint_for, script_permissions
from groundstation.app.script_process import NO_DRONEKIT, NOT_CONNECTED
from groundstation.core.bus import Bus
from groundstation.core.clock import SystemClock
from groundstation.core.errors import ConfigError, LinkError
from groundstation.core.records import VehicleId
from groundstation.link.base import Link
from groundstation.link.open import open_link
from groundstation.link.router import Router
from groundstation.link.router_records import RouterEvent
from groundstation.vehicle.service import VehicleService

_END_S = 5.0
_TOLD = ("refused", "limited", "conflict", "loop")


@dataclass
class ScriptRun:
    """How a script ended. ``refused``: what it asked for and was not allowed, each once."""

    ok: bool = False
    reason: str = ""
    exit_code: int | None = None
    refused: list[str] = field(default_factory=list)
    at_end: str = ""
    mode: str = ""
    armed: bool = False
    took_s: float = 0.0


def run(options: argparse.Namespace) -> int:
    """Carry out the command line. Raises :class:`ConfigError` and :class:`LinkError`."""
    if not options.file.is_file():
        raise ConfigError(f"{options.file}: there is no such file", "name the Python file of the script")
    if options.vehicle is not None and not 1 <= options.vehicle <= 255:
        raise ConfigError(f"--vehicle {options.vehicle} is no system id", "give a number from 1 to 255")
    if not options.time_limit_s > 0:
        raise ConfigError(f"--time-limit-s {options.time_limit_s:g} leaves no time", "give more than 0")
    check_words(options.allow)
    ended = asyncio.run(_run(options))
    if options.json:
        json.dump(vars(ended), sys.stdout, indent=2)
        print()
    else:
        state = f"the aircraft is {'armed' if ended.armed else 'disarmed'} in {ended.mode or 'an unknown mode'}"
        print(f"script {'ended' if ended.ok else 'failed: ' + ended.reason}; {state} {ended.at_end}".rstrip())
    return 0 if ended.ok else 1


async def _run(options: argparse.Namespace) -> ScriptRun:
    clock = SystemClock()
    links = [open_link(url, clock) for url in options.link]
    wanted = options.vehicle
    service = VehicleService(
        Bus(), links, clock, lambda plan: ["plans are not uploaded here"],
        wanted=None if wanted is None else lambda v: v.system_id == wanted, send_heartbeat=False,
    )  # fmt: skip
    async with running(service):
        vehicle_id = await choose_aircraft(service, wanted is not None, options.timeout_s)
        ended = await _with_router(options, links, clock, vehicle_id)
        await _at_end(options, service, vehicle_id, ended)
        return ended


async def _with_router(
    options: argparse.Namespace, links: list[Link], clock: SystemClock, vehicle_id: VehicleId
) -> ScriptRun:
    ended = ScriptRun()

    def on_event(event: RouterEvent) -> None:
        if event.kind in _TOLD:
            text = f"{event.kind}: {event.text}"
            hint = hint_for(event.text) if event.kind == "refused" else ""
            print(f"groundstation script: {text}{f' ({hint} would allow it)' if hint else ''}", file=sys.stderr)
            if text not in ended.refused:
                ended.refused.append(text)

    router = Router(links, clock, on_event=on_event)
    try:
        port = await router.open_port("tcpin://127.0.0.1:0", script_permissions(options.allow, vehicle_id.system_id))
        begun_s = time.monotonic()
        await _run_process(options, port.local_port, vehicle_id, ended)
        ended.took_s = round(time.monotonic() - begun_s, 3)
    finally:
        await router.close()
    return ended


async def _run_process(options: argparse.Namespace, tcp_port: int, vehicle_id: VehicleId, ended: ScriptRun) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "groundstation.app.script_process", str(options.file), f"tcp:127.0.0.1:{tcp_port}",
        str(vehicle_id.system_id), *options.argument, stdin=asyncio.subprocess.PIPE,
        # What the script prints must not mix with our JSON.
        stdout=sys.stderr.fileno() if options.json else None,
    )  # fmt: skip
    try:
        async with asyncio.timeout(options.time_limit_s):
            ended.exit_code = await process.wait()
    except TimeoutError:
        ended.reason = f"the time of {options.time_limit_s:g} s is over, the script was ended"
    finally:
        await _end(process)
    if ended.exit_code is None:
        return
    reasons = {
        NOT_CONNECTED: "DroneKit did not get ready",
        NO_DRONEKIT: "DroneKit is not installed: pip install 'marchwarden[scripting]'",
    }
    ended.ok = ended.exit_code == 0
    if not ended.ok:
        ended.reason = reasons.get(ended.exit_code, f"it ended with code {ended.exit_code}")


async def _end(process: asyncio.subprocess.Process) -> None:
    """End it if it still runs: asked first, then by force."""
    if process.returncode is None:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), _END_S)
        except TimeoutError:
            process.kill()
            await process.wait()
    if process.stdin is not None:
        process.stdin.close()


async def _at_end(
    options: argparse.Namespace, service: VehicleService, vehicle_id: VehicleId, ended: ScriptRun
) -> None:
    state = service.state(vehicle_id)
    if state.armed and options.at_end == "return":
        try:
            outcome = await service.return_to_launch(vehicle_id)
        except LinkError as error:
            ended.at_end = f"and was not sent home: {error}"
        else:
            ended.at_end = "and was sent home" if outcome.ok else f"and was not sent home: {outcome.reason}"
    state = service.state(vehicle_id)
    ended.mode, ended.armed = state.mode, state.armed
