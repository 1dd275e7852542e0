"""The list that is read before a flight: every item with what was seen, where, and what to do about it. Pure.

It reads the aircraft, not what was sent to it. What nobody has seen is "unknown", and unknown is never ok.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from geofences.terrain import TerrainGrid
from groundstation.core.records import PlanStatus, StreamHealth, VehicleId, VehicleState
from groundstation.core.safety_records import (
    CameraState,
    CheckItem,
    CheckState,
    FenceReport,
    PreflightReport,
    TerrainServed,
    TrafficPicture,
)
from groundstation.vehicle.failsafes import FailsafeView, check_failsafes
from groundstation.vehicle.modes import Family
from missions.checks import NAVIGATION_COMMANDS
from missions.plan import Plan

MOUNT_PARAMETER = "MNT1_TYPE"
# AP_Mount_Servo::get_attitude_quaternion gives the demanded servo angles of a mount that it stabilises itself.
_SERVO_MOUNT = 1.0
_TERRAIN_FRAMES = frozenset({10, 11})
_LOSS_WARNING, _LOSS_FAILED = 0.05, 0.25
_ROUND_TRIP_WARNING_S = 1.0
_BATTERY_WARNING, _BATTERY_FAILED = 60.0, 30.0
_HEARD_S = 3.0
_FREE_WARNING, _FREE_FAILED = 10_000_000_000, 1_000_000_000
_CLOCK_WARNING_S = 1.0
_FENCE_STATES: dict[str, CheckState] = {
    "in_force": "ok", "absent": "ok", "on_arming": "warning", "by_command": "warning", "unknown": "unknown",
}  # fmt: skip


@dataclass(frozen=True)
class StationFacts:
    """What the station knows of itself. None: not known. ``video``: the health of the aircraft's stream, if one is set up."""

    station_sysid: int = 255
    clock_synchronised: bool | None = None
    clock_how: str = ""
    free_bytes: int | None = None
    video_expected: bool = False
    video: StreamHealth | None = None
    terrain: TerrainGrid | None = None


@dataclass(frozen=True)
class PreflightView:
    """Everything that one reading is made from. ``prearm_texts``: what the aircraft said about arming lately.

    ``aircraft_ahead_s``: how far the aircraft's UTC is ahead of ours, NaN when it tells none. ``fence`` None: not judged.
    """

    vehicle_id: VehicleId
    family: Family
    state: VehicleState
    parameters: Mapping[str, float] = field(default_factory=dict)
    facts: StationFacts = field(default_factory=StationFacts)
    fence: FenceReport | None = None
    plan_status: PlanStatus | None = None
    plan: Plan | None = None
    prearm_texts: tuple[str, ...] = ()
    round_trip_s: float = math.nan
    aircraft_ahead_s: float = math.nan
    traffic: TrafficPicture | None = None
    terrain_served: TerrainServed | None = None
    camera: CameraState | None = None
    battery_left_s: float = math.nan
    plan_unread: str = ""
    """Why a plan in force could not be read back once more."""


def preflight(view: PreflightView, t_utc_us: int) -> PreflightReport:
    """The whole list, in the order in which an operator goes through it."""
    sections: tuple[Callable[[PreflightView], Iterator[CheckItem]], ...] = (
        _link, _aircraft, _position, _battery, _plan, _fence, _failsafes, _terrain, _clock, _storage, _video, _mount, _around,
    )  # fmt: skip
    return PreflightReport(view.vehicle_id, t_utc_us, tuple(item for section in sections for item in section(view)))


def refusal(report: PreflightReport) -> str:
    """Why a start is refused, "" when it is not."""
    stops = (*report.failed, *report.unknown)
    if not stops:
        return ""
    told = [f"{i.text}{f' ({i.remedy})' if i.remedy else ''}" for i in stops[:5]]
    more = f"; and {len(stops) - 5} more" if len(stops) > 5 else ""
    return f"pre-flight: {'; '.join(told)}{more}"


def _item(id_: str, text: str, state: CheckState, seen: str = "", remedy: str = "", source: str = "") -> CheckItem:
    return CheckItem(id_, text, state, seen, "" if state == "ok" else remedy, source)


def _link(view: PreflightView) -> Iterator[CheckItem]:
    s = view.state
    heard = s.link_alive and s.heartbeat_age_s < _HEARD_S
    yield _item("link", "The aircraft is heard" if heard else "The aircraft is not heard", "ok" if heard else "failed",
                f"{s.heartbeat_age_s:.1f} s ago", "check the link", "HEARTBEAT")  # fmt: skip
    loss = s.link_loss_fraction
    state: CheckState = "failed" if loss > _LOSS_FAILED else "warning" if loss > _LOSS_WARNING else "ok"
    yield _item("link_loss", f"Link loses {loss:.0%} of its packets", state, f"{loss:.1%}", "mend antenna or place",
                "sequence numbers")  # fmt: skip
    trip_s = view.round_trip_s
    if math.isnan(trip_s):
        yield _item(
            "link_round_trip", "The link's round trip is not known", "unknown", "", "wait for TIMESYNC", "TIMESYNC"
        )
    else:
        state = "warning" if trip_s > _ROUND_TRIP_WARNING_S else "ok"
        yield _item("link_round_trip", f"An order takes {trip_s * 1000:.0f} ms there and back", state,
                    f"{trip_s * 1000:.0f} ms", "orders may be refused as late", "TIMESYNC")  # fmt: skip


def _aircraft(view: PreflightView) -> Iterator[CheckItem]:
    s = view.state
    if s.read_only:
        yield _item("autopilot", f"{s.autopilot} is shown only: no orders are sent to it", "failed", s.autopilot,
                    "use its own ground station", "HEARTBEAT")  # fmt: skip
    else:
        yield _item("autopilot", f"{s.autopilot} {s.firmware}, {s.vehicle_type}".replace("  ", " "),
                    "ok" if s.firmware else "warning", s.firmware or "not told", "wait for its version",
                    "AUTOPILOT_VERSION")  # fmt: skip
    if s.prearm_ok:
        yield _item("prearm", f"Its own checks let it arm in {s.mode}", "ok", "healthy", "", "SYS_STATUS")
    elif s.prearm_ok is None:
        yield _item("prearm", "It has not judged its own checks for this mode", "unknown", "", "wait for SYS_STATUS",
                    "SYS_STATUS")  # fmt: skip
    else:
        why = "; ".join(view.prearm_texts) or "it does not say why"
        yield _item("prearm", f"Its own checks forbid arming: {why}", "failed", why, "mend what it names", "STATUSTEXT")
    for fault in s.faults:
        if fault.severity == "critical":
            yield _item(f"fault_{fault.key}", fault.text, "failed", fault.key, fault.remedy, "standing fault")
        elif fault.severity == "warning":
            yield _item(f"fault_{fault.key}", fault.text, "warning", fault.key, fault.remedy, "standing fault")


def _position(view: PreflightView) -> Iterator[CheckItem]:
    s = view.state
    yield _item("position", "It knows where it is" if s.position_ok else "It does not know where it is",
                "ok" if s.position_ok else "failed", f"{s.lat_deg:.5f}, {s.lon_deg:.5f}", "wait for GPS and estimator",
                "EKF_STATUS_REPORT")  # fmt: skip
    state: CheckState = "failed" if s.gps_fix_type < 3 else "warning" if s.satellites < 8 else "ok"
    yield _item("gps", f"GPS fix type {s.gps_fix_type} with {s.satellites} satellites", state,
                f"{s.gps_fix_type}, {s.satellites}", "give it a free view of the sky", "GPS_RAW_INT")  # fmt: skip
    home = math.isfinite(s.home_lat_deg)
    yield _item("home", "Home is set" if home else "Home is not set", "ok" if home else "unknown",
                f"{s.home_lat_deg:.5f}, {s.home_lon_deg:.5f}" if home else "", "wait for a position",
                "HOME_POSITION")  # fmt: skip


def _battery(view: PreflightView) -> Iterator[CheckItem]:
    percent, volts = view.state.battery_percent, view.state.battery_v
    if math.isnan(percent):
        yield _item("battery", "How full the battery is is not known", "unknown", f"{volts:.1f} V",
                    "set BATT_MONITOR and BATT_CAPACITY", "BATTERY_STATUS")  # fmt: skip
        return
    state: CheckState = "failed" if percent < _BATTERY_FAILED else "warning" if percent < _BATTERY_WARNING else "ok"
    left = f", {view.battery_left_s / 60.0:.0f} min at this rate" if math.isfinite(view.battery_left_s) else ""
    yield _item("battery", f"Battery at {percent:.0f} %{left}", state, f"{percent:.0f} %, {volts:.1f} V",
                "fit a full battery", "BATTERY_STATUS")  # fmt: skip


def _plan(view: PreflightView) -> Iterator[CheckItem]:
    status = view.plan_status
    if status is None:
        yield _item("plan", "No plan was uploaded or verified by this station", "failed", "", "upload the plan", "plan")
        return
    whole = status.mission_verified and status.fence_verified and status.rally_verified
    force = status.phase == "in_force" and whole
    yield _item("plan", f"Plan {status.plan_name!r} is in force, read back and equal" if force else
                f"Plan {status.plan_name!r} is not in force: {status.detail or status.phase}",
                "ok" if force else "failed", status.phase, "upload the plan", "read-back")  # fmt: skip
    if view.plan_unread:
        yield _item("plan_read_back", f"Whether it still holds the plan is not known: {view.plan_unread}", "unknown", "",
                    "look at the link and read the list again", "read-back")  # fmt: skip
    held, meant = view.state.mission_total, len(view.plan.items) if view.plan is not None else status.mission_items
    if held not in (0, meant):
        yield _item("plan_items", f"The aircraft holds {held} items, the plan has {meant}", "failed", str(held),
                    "somebody changed it: upload the plan", "MISSION_CURRENT")  # fmt: skip


def _fence(view: PreflightView) -> Iterator[CheckItem]:
    report = view.fence
    if report is None:
        yield _item("fence", "The fence was not judged", "unknown", "", "read the fence", "fence")
        return
    for fence in report.fences:
        if fence.force == "absent" and fence.kind != "areas":
            continue
        state = _FENCE_STATES.get(fence.force, "failed")
        if fence.force == "absent":
            state = "failed"  # a patrol without an area to stay in
        yield _item(
            f"fence_{fence.kind}", f"Fence: {fence.text}", state, fence.force, fence.remedy, "fence of the aircraft"
        )
    yield from report.findings


def _failsafes(view: PreflightView) -> Iterator[CheckItem]:
    own = FailsafeView(view.family, view.parameters, view.facts.station_sysid)
    yield from check_failsafes(own, view.plan, view.facts.terrain)


def _terrain(view: PreflightView) -> Iterator[CheckItem]:
    plan, terrain, served = view.plan, view.facts.terrain, view.terrain_served
    if plan is None:
        return
    stops = [i for i in plan.items if i.command in NAVIGATION_COMMANDS and (i.x or i.y)]
    if terrain is None:
        yield _item("terrain", "No terrain model: heights above ground are not checked", "warning", "",
                    "set [area] folder", "terrain model")  # fmt: skip
    else:
        missing = [i for i in stops if math.isnan(float(terrain.height(i.x / 1e7, i.y / 1e7)))]
        yield _item("terrain", "The terrain model covers the plan" if not missing else
                    f"{len(missing)} places of the plan lie outside the terrain model", "ok" if not missing else "warning",
                    f"{len(stops)} places", "load the terrain of the area", "terrain model")  # fmt: skip
    if any(i.frame in _TERRAIN_FRAMES for i in stops):
        pending = served.pending if served is not None else -1
        state: CheckState = "unknown" if pending < 0 else "ok" if pending == 0 else "failed"
        words = {"unknown": "has not told how much", "ok": "has all"}.get(state, f"still lacks {pending} pieces of")
        yield _item("terrain_loaded", f"The plan flies above terrain; the aircraft {words} terrain", state, str(pending),
                    "wait until it is loaded", "TERRAIN_REPORT")  # fmt: skip


def _clock(view: PreflightView) -> Iterator[CheckItem]:
    facts = view.facts
    state: CheckState = "ok" if facts.clock_synchronised else "warning"
    words = {
        True: "is synchronised",
        False: "is not synchronised",
        None: "may be wrong: nobody tells whether it is set",
    }
    yield _item("clock", f"This station's clock {words[facts.clock_synchronised]}", state, facts.clock_how,
                "start NTP, or times in reports are wrong and signed links are refused", "system clock")  # fmt: skip
    ahead_s = view.aircraft_ahead_s
    if math.isfinite(ahead_s):
        state = "ok" if abs(ahead_s) < _CLOCK_WARNING_S else "warning"
        yield _item("clock_aircraft", f"The aircraft's clock is {ahead_s:+.1f} s from this station's", state,
                    f"{ahead_s:+.2f} s", "find out which one is wrong", "SYSTEM_TIME")  # fmt: skip


def _storage(view: PreflightView) -> Iterator[CheckItem]:
    free = view.facts.free_bytes
    if free is None:
        yield _item("storage", "How much room the recording has is not known", "unknown", "", "check the disk", "disk")
        return
    state: CheckState = "failed" if free < _FREE_FAILED else "warning" if free < _FREE_WARNING else "ok"
    yield _item("storage", f"{free / 1e9:.1f} GB free for the recording", state, f"{free / 1e9:.1f} GB",
                "make room on the disk", "disk")  # fmt: skip


def _video(view: PreflightView) -> Iterator[CheckItem]:
    if not view.facts.video_expected:
        return
    health = view.facts.video
    if health is None:
        yield _item("video", "Nothing was heard of the video", "unknown", "", "check camera and network", "video")
    else:
        running = health.health.state == "running"
        yield _item("video", "The video runs" if running else f"The video: {health.health.detail or health.health.state}",
                    "ok" if running else "failed", health.health.state, "check camera and network", "video")  # fmt: skip
    turned = math.isfinite(view.state.gimbal_azimuth_deg)
    yield _item("gimbal", "The camera's direction is known" if turned else "The camera's direction is not known",
                "ok" if turned else "unknown", "", "check the gimbal: nothing can be put on the ground",
                "GIMBAL_DEVICE_ATTITUDE_STATUS")  # fmt: skip


def _mount(view: PreflightView) -> Iterator[CheckItem]:
    """A servo gimbal's reported angles are those of its servos, the aircraft's lean already taken off."""
    if view.parameters.get(MOUNT_PARAMETER) != _SERVO_MOUNT:
        return
    yield _item("gimbal_frame", "The gimbal tells its servos' angles, not the camera's: positions of detections are wrong "
                "by the aircraft's lean", "warning", "MNT1_TYPE 1",
                "use a gimbal that stabilises itself (MNT1_TYPE 7 or its own driver), or KLV from the camera",
                "MNT1_TYPE")  # fmt: skip


def _around(view: PreflightView) -> Iterator[CheckItem]:
    if view.traffic is not None and view.traffic.level in ("caution", "warning"):
        yield _item("traffic", f"{len(view.traffic.contacts)} aircraft near, one of them on its way here", "warning",
                    view.traffic.level, "wait until it has passed", "ADSB_VEHICLE")  # fmt: skip
    if view.camera is not None and view.camera.foreign_control:
        yield _item("camera", f"The camera is steered by {view.camera.foreign_control}", "warning",
                    view.camera.foreign_control, "agree who holds it", "GIMBAL_MANAGER_STATUS")  # fmt: skip
