"""``groundstation vehicle``: one look at an aircraft, or one order to it, for scripts and CI.

Exit code 0 when the aircraft did what was asked, 1 when it refused or failed to (the reason is told), 2 for a wrong
command line, 4 when no aircraft was heard. It sends no heartbeat: an aircraft would otherwise take it for its ground
station and act on the loss when it ends.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from groundstation.app.one_aircraft import choose_aircraft, running
from groundstation.app.vehicle_parameters import ParameterRequest, parameters
from groundstation.core.bus import Bus
from groundstation.core.clock import SystemClock
from groundstation.core.errors import ConfigError, LinkError
from groundstation.core.records import CommandOutcome, VehicleId, VehicleState
from groundstation.core.topics import STATUS_TEXT
from groundstation.link.open import open_link
from groundstation.vehicle.modes import mode_names
from groundstation.vehicle.service import VehicleService

_ROUND_S = 3.0
_JUDGED_S = 0.3


def run(options: argparse.Namespace) -> int:
    """Carry out the command line. Raises :class:`ConfigError` and :class:`LinkError`."""
    urls = getattr(options, "link", None)
    if not urls:
        raise ConfigError("no link to an aircraft", "give --link URL, e.g. --link tcp://127.0.0.1:5760")
    wanted = _vehicle_id(getattr(options, "vehicle", ""))
    timeout_s = float(getattr(options, "timeout_s", 15.0))
    result = asyncio.run(_run(options, urls, wanted, timeout_s))
    if getattr(options, "json", False):
        json.dump(result, sys.stdout, indent=2, allow_nan=False)
        print()
    else:
        _print(result)
    return 0 if result["ok"] else 1


def _vehicle_id(text: str) -> VehicleId | None:
    if not text:
        return None
    system, _, component = text.partition(".")
    if not (system.isascii() and system.isdigit() and (not component or component.isdigit())):
        raise ConfigError(f"--vehicle {text!r} is no system id", "give a number from 1 to 254, as status shows it")
    return VehicleId(int(system), int(component) if component else 1)


async def _run(
    options: argparse.Namespace, urls: Sequence[str], wanted: VehicleId | None, timeout_s: float
) -> dict[str, Any]:
    clock, bus = SystemClock(), Bus()
    texts = bus.subscribe(STATUS_TEXT)
    links = [open_link(url, clock) for url in urls]
    service = VehicleService(
        bus, links, clock, lambda plan: ["plans are not uploaded here"],
        wanted=None if wanted is None else lambda v: v == wanted, send_heartbeat=False,
    )  # fmt: skip
    async with running(service):
        vehicle_id = await _choose(service, wanted, timeout_s)
        begun_s = time.monotonic()
        result = await _act(options, service, vehicle_id)
        said = [t.text for t in texts.drain() if t.vehicle_id == vehicle_id]
        head = {"action": options.action, "vehicle": str(vehicle_id)}
        return {**head, **result, "took_s": round(time.monotonic() - begun_s, 3), "texts": said}


async def _choose(service: VehicleService, wanted: VehicleId | None, timeout_s: float) -> VehicleId:
    """The aircraft that is meant. Raises :class:`LinkError` without one and :class:`ConfigError` with several."""
    try:
        return await choose_aircraft(service, wanted is not None, timeout_s)
    except LinkError as error:
        if wanted is None:
            raise
        raise LinkError(f"aircraft {wanted}: {error.message}", error.remedy) from error


async def _act(options: argparse.Namespace, service: VehicleService, vehicle_id: VehicleId) -> dict[str, Any]:
    match options.action:
        case "status":
            return await _status(service, vehicle_id, options.wait_ready)
        case "params":
            request = ParameterRequest(tuple(options.names), options.like, options.anyway, options.cache, options.fresh)
            return await parameters(service, vehicle_id, request)
        case "takeoff":
            await service.wait_for_state(vehicle_id, _located, _ROUND_S)
            outcome = await service.take_off(vehicle_id, options.height_m)
            reached = not options.wait_s or await service.wait_for_state(
                vehicle_id, lambda s: s.alt_rel_home_m > 0.95 * options.height_m, options.wait_s
            )
            result = _outcome(service, vehicle_id, outcome)
            if outcome.ok and not reached:
                height_m = service.state(vehicle_id).alt_rel_home_m
                result.update(ok=False, reason=f"it is at {height_m:.1f} m after {options.wait_s:g} s")
            return result
        case "mode":
            outcome = await service.set_mode(vehicle_id, options.mode)
        case "rtl":
            outcome = await service.return_to_launch(vehicle_id, late_ok=options.late_ok)
        case "arm":
            outcome = await service.arm(vehicle_id)
        case "disarm":
            outcome = await service.disarm(vehicle_id)
        case _:
            outcome = await service.pause(vehicle_id)
    return _outcome(service, vehicle_id, outcome)


def _located(state: VehicleState) -> bool:
    return math.isfinite(state.alt_rel_home_m)


def _ready(state: VehicleState) -> bool:
    return state.position_ok and state.gps_fix_type >= 3 and state.prearm_ok is not False and _located(state)


async def _status(service: VehicleService, vehicle_id: VehicleId, wait_ready_s: float) -> dict[str, Any]:
    ready = await service.wait_for_state(vehicle_id, _ready, max(wait_ready_s, _ROUND_S))
    # What is asked for once comes with the round after the positions.
    await service.wait_for_state(vehicle_id, lambda s: bool(s.firmware), _ROUND_S)
    await service.wait_for_state(vehicle_id, lambda s: bool(s.modes_expected) or s.read_only, 1.0)
    await asyncio.sleep(_JUDGED_S)  # faults are those of the state that was waited for
    state = service.state(vehicle_id)
    ok = ready or not wait_ready_s
    reason = "" if ok else f"not ready after {wait_ready_s:g} s: " + "; ".join(f.text for f in state.faults)
    links = [asdict(quality) for quality in service.link_qualities(vehicle_id)]
    result: dict[str, Any] = {"ok": ok, "reason": reason, "ready": ready, "state": state_as_dict(state)}
    return {**result, "links": _plain(links)}


def state_as_dict(state: VehicleState) -> dict[str, Any]:
    """A state for JSON: NaN as None, modes by name."""
    values: dict[str, Any] = _plain(asdict(state))
    del values["t_mono_ns"]
    values["vehicle_id"] = str(state.vehicle_id)
    values["available_modes"] = list(mode_names(state))
    return values


def _plain(value: Any) -> Any:
    """For JSON, which knows neither NaN nor infinity."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


def _outcome(service: VehicleService, vehicle_id: VehicleId, outcome: CommandOutcome) -> dict[str, Any]:
    state = service.state(vehicle_id)
    return {
        "ok": outcome.ok,
        "result": outcome.result.value,
        "reason": outcome.reason,
        "mode": state.mode,
        "armed": state.armed,
        "alt_rel_home_m": _plain(state.alt_rel_home_m),
    }


def _print(result: dict[str, Any]) -> None:
    lines: list[str] = []
    show: Callable[[str], None] = lines.append
    show(f"{result['vehicle']} {result['action']}: {'ok' if result['ok'] else result.get('result', 'failed')}")
    if result.get("reason"):
        show(f"  {result['reason']}")
    state = result.get("state")
    if state is not None:
        show(f"  {state['autopilot']} {state['vehicle_type']} {state['firmware']}, mode {state['mode']}, "
             f"{'armed' if state['armed'] else 'disarmed'}{', read only' if state['read_only'] else ''}")  # fmt: skip
        show(f"  position {state['lat_deg']}, {state['lon_deg']}, {state['alt_rel_home_m']} m above home")
        show(f"  battery {state['battery_percent']} %, {state['battery_v']} V; {state['satellites']} satellites")
        lines += [f"  {fault['severity']}: {fault['text']} ({fault['remedy']})" for fault in state["faults"]]
    for name, value in result.get("params", {}).items():
        words = result.get("meanings", {}).get(name)
        show(f"  {name} = {words or ('unknown' if value is None else format(value, 'g'))}")
    lines += [f"  note: {note}" for note in result.get("notes", ())]
    if not result["ok"]:
        lines += [f"  said: {text}" for text in result["texts"]]
    print("\n".join(lines))
