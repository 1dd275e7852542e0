"""``groundstation plan upload | download``: one ``.plan`` file to or from one aircraft, for scripts and CI.

Exit code 0 only when what was sent was read back and is equal (upload), or when the file that was written reads as what
the aircraft holds (download); 1 when the aircraft or the link did not let it be so, 3 for a file that cannot be used or
whose plan has errors that nobody answers for by name (nothing is sent then), 4 when no aircraft was heard. No heartbeat
is sent, so that no aircraft takes this for its ground station.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from groundstation.app.one_aircraft import choose_aircraft, running
from groundstation.app.plan_check_command import blocking_findings, load
from groundstation.app.plan_overrides import note_override
from groundstation.core.bus import Bus
from groundstation.core.clock import SystemClock
from groundstation.core.errors import ConfigError
from groundstation.core.records import VehicleId
from groundstation.link.open import open_link
from groundstation.vehicle.aircraft import Aircraft
from groundstation.vehicle.list_transfer import ListDownload, ListUpload, download_lists, upload_lists
from groundstation.vehicle.plan_lists import NAMES
from groundstation.vehicle.service import VehicleService
from missions.checks import Override, require_ok
from missions.codec import MissionKind
from missions.plan_file import PlanFile, read_plan_file
from missions.plan_file_write import plan_document, same_content, write_plan_file

R = TypeVar("R")


def run(options: argparse.Namespace) -> int:
    """Carry out the command line. Raises :class:`PlanError`, :class:`LinkError` and :class:`ConfigError`."""
    if options.action == "upload":
        plan = read_plan_file(options.plan)
        answered = _judged(options)
        result = asyncio.run(_upload(options, plan, answered))
    else:
        result = asyncio.run(_download(options))
    if options.json:
        json.dump(result, sys.stdout, indent=2, allow_nan=False)
        print()
    else:
        _print(options.action, result)
    return 0 if result["verified"] else 1


@dataclass(frozen=True)
class _Answered:
    """Errors of a plan, and who answers for them; the one without the other does not come this far."""

    override: Override | None
    findings: tuple[str, ...]
    digest: str


def _judged(options: argparse.Namespace) -> _Answered:
    """Check the file by what stands in it. Raises :class:`PlanError` for errors that nobody answers for."""
    named = options.override_findings
    if named is None and options.reason is not None:
        raise ConfigError("--reason belongs to an override", "give --override-findings NAME too, or leave it out")
    override = Override(named, options.reason or "") if named is not None else None
    checked = load(options.plan, options)
    findings = blocking_findings(checked)
    if override is None:
        require_ok(findings, "correct it, or send it by --override-findings NAME --reason TEXT, which is logged")
    return _Answered(override, tuple(f.text for f in findings), checked.plan.digest())


async def _upload(options: argparse.Namespace, plan: PlanFile, answered: _Answered) -> dict[str, Any]:
    clock = SystemClock()
    name = Path(options.plan).stem

    async def work(aircraft: Aircraft) -> ListUpload:
        if answered.override is not None and answered.findings:
            vehicle = str(aircraft.vehicle_id)
            note_override(
                options.data_dir, clock.utc_us(), answered.override, vehicle, name, answered.digest, answered.findings
            )
        return await upload_lists(
            aircraft, clock, name, plan.items, not options.no_ftp, options.enable_fence, options.replace_all
        )

    vehicle_id, done = await _with_aircraft(options, clock, work)
    status = done.status
    counts = {
        MissionKind.MISSION: status.mission_items,
        MissionKind.FENCE: status.fence_items,
        MissionKind.RALLY: status.rally_items,
    }
    return {
        "verified": done.verified,
        "items": sum(counts.values()),
        "method": status.method,
        "upload_s": round(status.lists_upload_s, 3),
        "readback_s": round(status.readback_s, 3),
        "reason": status.detail,
        "vehicle": str(vehicle_id),
        "lists": {NAMES[k]: n for k, n in counts.items()},
        "kept": {NAMES[k]: n for k, n in done.kept.items()},
        "aircraft_holds": list(status.holds),
        "warnings": [*plan.notes, *done.warnings],
        "overridden": list(answered.findings),
        "took_s": round(status.upload_s, 3),
    }


async def _download(options: argparse.Namespace) -> dict[str, Any]:
    clock = SystemClock()

    async def work(aircraft: Aircraft) -> ListDownload:
        return await download_lists(aircraft, clock, not options.no_ftp)

    vehicle_id, held = await _with_aircraft(options, clock, work, changes=False)
    write_plan_file(options.out, plan_document(held.items))
    # What stands in the file now, not what was meant to.
    verified = same_content(read_plan_file(options.out).items, _without_bare_home(held))
    counts = {k: max(0, len(i) - (k is MissionKind.MISSION)) for k, i in held.items.items()}
    return {
        "verified": verified,
        "items": sum(counts.values()),
        "method": held.method,
        "upload_s": 0.0,
        "readback_s": round(held.took_s, 3),
        "reason": "" if verified else f"{options.out} does not read as what the aircraft holds",
        "vehicle": str(vehicle_id),
        "lists": {NAMES[k]: n for k, n in counts.items()},
        "file": str(options.out),
        "warnings": [],
    }


def _without_bare_home(held: ListDownload) -> dict[MissionKind, tuple[Any, ...]]:
    """A mission that is nothing but home is no mission to a file."""
    return {k: () if k is MissionKind.MISSION and len(i) == 1 else i for k, i in held.items.items()}


async def _with_aircraft(
    options: argparse.Namespace, clock: SystemClock, work: Callable[[Aircraft], Awaitable[R]], changes: bool = True
) -> tuple[VehicleId, R]:
    """Find the aircraft that is meant and do ``work`` with it."""
    wanted: int | None = options.vehicle
    service = VehicleService(
        Bus(), [open_link(options.link, clock)], clock, lambda plan: [],
        wanted=None if wanted is None else lambda v: v.system_id == wanted, send_heartbeat=False,
    )  # fmt: skip
    async with running(service):
        vehicle_id = await choose_aircraft(service, wanted is not None, options.timeout_s)
        return vehicle_id, await service.exclusively(vehicle_id, work, changes)


def _print(action: str, result: dict[str, Any]) -> None:
    lists = ", ".join(f"{count} {name}" for name, count in result["lists"].items())
    if result["verified"]:
        done = "on the aircraft, read back and equal" if action == "upload" else f"written to {result['file']}"
        print(
            f"aircraft {result['vehicle']}: {lists}: {done} ({result['method']}, {result['readback_s']:.2f} s to read)"
        )
    else:
        print(f"aircraft {result['vehicle']}: NOT verified: {result['reason']}")
    for text in result.get("overridden", ()):
        print(f"  overridden: {text}")
    for warning in result["warnings"]:
        print(f"  note: {warning}")
