"""``groundstation preflight``: the list before a flight, read from the aircraft itself.

Exit code 0 when everything was seen and nothing failed (warnings may stand), 1 otherwise, 4 when no aircraft was heard. It
changes nothing and sends no heartbeat: an aircraft would take it for its ground station and act on the loss of it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from dataclasses import asdict
from typing import Any

from groundstation.app.config import StationConfig, read_config
from groundstation.app.one_aircraft import running
from groundstation.app.safety_setup import StationFactsReader, camera_settings
from groundstation.app.station import Station
from groundstation.core.bus import Bus
from groundstation.core.clock import SystemClock
from groundstation.core.errors import ConfigError
from groundstation.core.records import VehicleId, VehicleState
from groundstation.core.safety_records import PreflightReport
from groundstation.link.open import open_link
from groundstation.vehicle.safety_parts import SAFETY_RATES_HZ, safety_parts
from groundstation.vehicle.safety_service import SafetyService
from groundstation.vehicle.service import VehicleService
from missions.plan import Plan

_SIGNS = {"ok": "ok     ", "warning": "WARNING", "failed": "FAILED ", "unknown": "UNKNOWN"}


def run(options: argparse.Namespace) -> int:
    """Carry out the command line. Raises :class:`ConfigError` and :class:`LinkError`."""
    config = read_config(options.config) if options.config is not None else StationConfig()
    url = options.link or config.link.url
    if not url:
        raise ConfigError("no link to an aircraft", "give --link URL, e.g. --link tcp://127.0.0.1:5760")
    report, plan_name = asyncio.run(_read(options, config, url))
    if options.json:
        json.dump(as_json(report, plan_name), sys.stdout, indent=2)
        print()
    else:
        for item in report.items:
            seen = f" [{item.seen}]" if item.seen else ""
            print(f"{_SIGNS[item.state]} {item.text}{seen}" + (f": {item.remedy}" if item.remedy else ""))
        print("ready" if report.ok else f"not ready: {len(report.failed)} failed, {len(report.unknown)} unknown")
    return 0 if report.ok else 1


def as_json(report: PreflightReport, plan_name: str) -> dict[str, Any]:
    """The report for scripts."""
    return {
        "vehicle": str(report.vehicle_id),
        "plan": plan_name,
        "ok": report.ok,
        "failed": len(report.failed),
        "unknown": len(report.unknown),
        "warnings": sum(i.state == "warning" for i in report.items),
        "items": [asdict(i) for i in report.items],
    }


async def _read(options: argparse.Namespace, config: StationConfig, url: str) -> tuple[PreflightReport, str]:
    station = Station(config)
    clock, bus = SystemClock(), Bus()
    wanted = options.vehicle
    service = VehicleService(
        bus, [open_link(url, clock)], clock, lambda _: ["nothing is uploaded here"], rates_hz=dict(SAFETY_RATES_HZ),
        parts=safety_parts(station.terrain, answer_terrain=False),
        wanted=(lambda v: v.system_id == wanted) if wanted else None, send_heartbeat=False,
    )  # fmt: skip
    # The video is the running station's: whether it comes cannot be seen from here.
    facts = StationFactsReader(config.model_copy(update={"video": type(config.video)()}), None, station.terrain)
    safety = SafetyService(
        service, bus, clock, facts, camera_settings(config, station.area, station.terrain), enforce=False
    )
    async with running(service):
        vehicle_id = await service.wait_for_vehicle(options.timeout_s)
        safety.start()
        try:
            await service.wait_for_state(vehicle_id, _settled, options.wait_s)
            plan = await _verified_plan(station, service, vehicle_id)
            # The safety service hands the plan to the parts at its next step.
            await asyncio.sleep(1.0)
            return await safety.preflight(vehicle_id), plan.name if plan is not None else ""
        finally:
            await safety.stop()


async def _verified_plan(station: Station, service: VehicleService, vehicle_id: VehicleId) -> Plan | None:
    """The border patrol of the station's file, compared with what the aircraft holds; None without an area."""
    if station.area is None:
        return None
    plan = station.plan_patrol(vehicle_id)
    await service.verify_plan(vehicle_id, plan)
    return plan


def _settled(state: VehicleState) -> bool:
    return (
        state.position_ok
        and bool(state.prearm_ok)
        and bool(state.firmware)
        and state.home_lat_deg == state.home_lat_deg
    )
