"""Bare lists (a ``.plan`` file, without the station's own fence settings) onto an aircraft, and off it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from groundstation.core.clock import Clock
from groundstation.core.errors import LinkError
from groundstation.core.records import PlanStatus
from groundstation.vehicle.fence_parameters import FENCE_ENABLE, FenceParameter
from groundstation.vehicle.plan_lists import NAMES, ORDER, PlanLists
from groundstation.vehicle.plan_transfer import AircraftPort, PlanTransfer
from missions.codec import FENCE_POLYGON_INCLUSION, MissionKind, WireItem

_FENCE_TYPE = "FENCE_TYPE"
_TYPE_POLYGON = 4
_OPTIONAL_TRIES = 3


@dataclass(frozen=True)
class ListUpload:
    """What became of it. ``kept``: lists that the file does not have and the aircraft holds, with their length."""

    status: PlanStatus
    kept: Mapping[MissionKind, int]
    warnings: tuple[str, ...]

    @property
    def verified(self) -> bool:
        """Whether everything that was sent was read back and found equal."""
        return self.status.phase == "in_force"


@dataclass(frozen=True)
class ListDownload:
    """What the aircraft holds, and how it was read."""

    items: Mapping[MissionKind, tuple[WireItem, ...]]
    method: str
    took_s: float


async def upload_lists(
    aircraft: AircraftPort,
    clock: Clock,
    name: str,
    items: Mapping[MissionKind, tuple[WireItem, ...]],
    use_ftp: bool = True,
    enable_fence: bool = False,
    replace_all: bool = False,
) -> ListUpload:
    """Send what is in ``items`` as one verified transaction.

    An empty list leaves the aircraft's as it is, so that a plan without a fence takes no fence away; with
    ``replace_all`` it empties it. No parameter is touched unless ``enable_fence``: then the kind of fence that was sent
    is added to ``FENCE_TYPE`` and the fence is switched on.
    """
    warnings: list[str] = []
    if enable_fence and not items.get(MissionKind.FENCE):
        enable_fence = False
        warnings.append("there is no fence in the file: none was switched on")
    sent = {kind: items.get(kind, ()) for kind in ORDER if items.get(kind) or replace_all}
    if not sent:
        return ListUpload(_nothing(aircraft, clock, name), {}, ())
    parameters = (FenceParameter(_FENCE_TYPE, float(_TYPE_POLYGON), keep_mask=~_TYPE_POLYGON),) if enable_fence else ()
    lists = PlanLists(name, sent, parameters, enable_fence)
    status = await PlanTransfer(aircraft, lists, lambda plan: (), lambda s: None, clock, use_ftp=use_ftp).upload()
    kept: dict[MissionKind, int] = {}
    if status.phase == "in_force":
        kept = await _kept(aircraft, clock, [kind for kind in ORDER if kind not in sent], use_ftp)
        for kind, count in kept.items():
            if count:
                warnings.append(
                    f"the file has no {NAMES[kind]}: the {count} items that the aircraft holds were left as they are"
                )
        if sent.get(MissionKind.FENCE):
            warnings += await _fence_warnings(aircraft, sent[MissionKind.FENCE])
    return ListUpload(status, {k: n for k, n in kept.items() if n}, tuple(warnings))


def _nothing(aircraft: AircraftPort, clock: Clock, name: str) -> PlanStatus:
    return PlanStatus(
        aircraft.vehicle_id, clock.utc_us(), "failed", name, "refused, nothing was sent: the plan is empty"
    )


async def _kept(
    aircraft: AircraftPort, clock: Clock, kinds: list[MissionKind], use_ftp: bool
) -> dict[MissionKind, int]:
    if not kinds:
        return {}
    reader = PlanTransfer(
        aircraft, PlanLists("", dict.fromkeys(kinds, ())), lambda plan: (), lambda s: None, clock, use_ftp=use_ftp
    )
    held = await reader.read()
    # A mission counts its home.
    return {k: len(i) - (1 if k is MissionKind.MISSION and i else 0) for k, i in held.items()} if held else {}


async def _fence_warnings(aircraft: AircraftPort, fence: tuple[WireItem, ...]) -> list[str]:
    """A fence that was uploaded and does nothing is the worst of both."""
    warnings = []
    on = await aircraft.get_param(FENCE_ENABLE, _OPTIONAL_TRIES)
    kinds = await aircraft.get_param(_FENCE_TYPE, _OPTIONAL_TRIES)
    if on.value is None:
        warnings.append("the aircraft does not tell whether its fence is on (FENCE_ENABLE)")
    elif on.value == 0.0:
        warnings.append("the fence was uploaded but is off (FENCE_ENABLE 0): --enable-fence switches it on")
    if kinds.value is not None and not int(kinds.value) & _TYPE_POLYGON:
        warnings.append(f"the aircraft ignores polygons and circles (FENCE_TYPE {kinds.value:g} is without 4)")
    starts, at = 0, 0
    while at < len(fence):
        starts += fence[at].command == FENCE_POLYGON_INCLUSION
        at += int(fence[at].param1) if fence[at].command in (5001, 5002) and fence[at].param1 >= 1 else 1
    if starts > 1:
        warnings.append(
            f"{starts} inclusion areas: the aircraft keeps within all of them at once unless FENCE_OPTIONS has 2"
        )
    return warnings


async def download_lists(aircraft: AircraftPort, clock: Clock, use_ftp: bool = True) -> ListDownload:
    """Read all three lists. Raises :class:`LinkError` with the aircraft's reason."""
    begun_s = aircraft.now_s()
    reader = PlanTransfer(
        aircraft, PlanLists("", dict.fromkeys(ORDER, ())), lambda plan: (), lambda s: None, clock, use_ftp=use_ftp
    )
    held = await reader.read()
    if held is None:
        raise LinkError(reader.failure, "try again, or with --no-ftp")
    # Home is the aircraft's own, and an aircraft without a mission has one too.
    mission = held[MissionKind.MISSION]
    held[MissionKind.MISSION] = tuple(replace(i, current=0) for i in mission)
    return ListDownload(held, reader.method, aircraft.now_s() - begun_s)
