"""What each aircraft was last seen to hold, kept over restarts of the station; a plan that somebody changed is noticed.

The lists are remembered as they were read back, by a hash of each. An aircraft tells little of them by itself: the length
of the mission (MISSION_CURRENT), the number of fence and rally items (parameters), and, on a link that several stations
share, the acknowledgement of somebody else's upload. Any of these that does not fit is told at once; after a restart or a
silence the numbers are asked for again. Only reading everything (:meth:`HeldPlans.check`) proves that nothing changed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import struct
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from groundstation.core.errors import StoreError
from groundstation.core.records import Fault, VehicleId, VehicleState
from groundstation.vehicle.parts import PartFactory
from groundstation.vehicle.plan_lists import NAMES
from missions.codec import MissionKind, WireItem
from missions.mavlink import mavlink2
from missions.rewind import Crumb

_log = logging.getLogger("groundstation.plan")

_TRAIL = 60
_KEEP_S = 5.0
_SILENCE_S = 5.0
_ASK_EACH_S, _ASK_TRIES = 2.0, 4
_COUNT_EVERY_S = 60.0
# "No mission" may be older than the first upload: during one this message comes seldom.
CLEARED_S = 10.0
_DOUBT_S = 3.0
_COUNTS = {"FENCE_TOTAL": MissionKind.FENCE, "RALLY_TOTAL": MissionKind.RALLY}


def list_digest(kind: MissionKind, items: Sequence[WireItem]) -> str:
    """SHA-256 of a list as an aircraft gives it, home left out. Two readings of an unchanged list are equal."""
    hashed = hashlib.sha256(kind.name.encode())
    for i in items:
        if kind is MissionKind.MISSION and i.seq == 0:
            continue
        hashed.update(
            struct.pack("<HBffffiif", i.command, i.frame, i.param1, i.param2, i.param3, i.param4, i.x, i.y, i.z)
        )
    return hashed.hexdigest()


def mission_fits(state: VehicleState, count: int) -> bool:
    """Whether the number of mission items that an aircraft tells may be ``count`` (home left out).

    0 is also said by firmware that does not fill it in, unless it says as well that it has no mission.
    """
    return state.mission_total == count or (state.mission_total == 0 and state.mission_state != "none")


@dataclass(frozen=True)
class HeldPlan:
    """The lists of one aircraft. ``counts`` and ``digests`` by kind name; a mission's count leaves out home.

    ``seq``, ``lat_deg``, ``lon_deg``, ``trail``: how far the mission was flown when it was last seen; ``seq`` -1: not.
    """

    plan_name: str
    plan_digest: str
    t_utc_us: int
    counts: Mapping[str, int]
    digests: Mapping[str, str]
    seq: int = -1
    lat_deg: float = float("nan")
    lon_deg: float = float("nan")
    trail: tuple[Crumb, ...] = ()
    uid: str = ""
    """The number of the autopilot itself (AUTOPILOT_VERSION), "" where it gives none."""

    def differences(self, items: Mapping[MissionKind, Sequence[WireItem]]) -> tuple[str, ...]:
        """What of lists that were read is not what was remembered, in words."""
        return tuple(
            f"the {NAMES[kind]} of the aircraft is not the one that was read back"
            for kind, held in items.items()
            if kind.name in self.digests and list_digest(kind, held) != self.digests[kind.name]
        )


def held_plan(
    plan_name: str, plan_digest: str, t_utc_us: int, items: Mapping[MissionKind, Sequence[WireItem]]
) -> HeldPlan:
    """Made of the lists as they were read back."""
    counts = {k.name: len([i for i in held if k is not MissionKind.MISSION or i.seq > 0]) for k, held in items.items()}
    return HeldPlan(
        plan_name, plan_digest, t_utc_us, counts, {k.name: list_digest(k, held) for k, held in items.items()}
    )


class HeldPlanStore(Protocol):
    """Where they are kept, by a key for the aircraft."""

    def get(self, key: str) -> HeldPlan | None: ...
    def put(self, key: str, held: HeldPlan) -> None: ...


class HeldPlanFile:
    """A small JSON file, written whole or not at all. Raises :class:`StoreError` for one that cannot be read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._plans: dict[str, HeldPlan] = {}
        if not path.exists():
            return
        try:
            for key, raw in json.loads(path.read_text(encoding="utf-8")).items():
                trail = tuple(Crumb(**crumb) for crumb in raw.pop("trail", ()))
                place = {k: float("nan") if raw.get(k) is None else raw[k] for k in ("lat_deg", "lon_deg")}
                self._plans[key] = HeldPlan(**{**raw, **place}, trail=trail)
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise StoreError(f"{path}: cannot be read: {error}", "delete it: plans are then verified anew") from error

    def get(self, key: str) -> HeldPlan | None:
        """What is known of an aircraft."""
        return self._plans.get(key)

    def put(self, key: str, held: HeldPlan) -> None:
        """Keep it. Raises :class:`StoreError`."""
        self._plans[key] = held
        document = {k: _plain(h) for k, h in self._plans.items()}
        temporary = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        try:
            temporary.write_text(json.dumps(document, indent=1, allow_nan=False), encoding="utf-8")
            os.replace(temporary, self._path)
        except OSError as error:
            raise StoreError(f"{self._path}: cannot be written: {error.strerror or error}", "free the disk") from error


def _plain(held: HeldPlan) -> dict[str, Any]:
    values = asdict(held)
    return {k: None if isinstance(v, float) and v != v else v for k, v in values.items()}


@dataclass
class _Doubt:
    since_s: float | None = None
    text: str = ""


@dataclass
class HeldPlanWatch:
    """One aircraft's plan: a part (see :mod:`groundstation.vehicle.parts`) that notices changes and the way flown."""

    vehicle_id: VehicleId
    store: HeldPlanStore
    key: str
    own_system_id: int = 255
    uid: str = ""
    _trail: list[Crumb] = field(default_factory=list)
    _kept_s: float = float("-inf")
    _heard_s: float | None = None
    _counted_s: float | None = None
    _boot_ms: int = -1
    _ask: dict[str, tuple[float, int]] = field(default_factory=dict)
    _doubts: dict[str, _Doubt] = field(default_factory=dict)

    @property
    def held(self) -> HeldPlan | None:
        """What the aircraft was last seen to hold."""
        return self.store.get(self.key)

    def remember(self, held: HeldPlan) -> None:
        """A plan was read back and found equal. How far it was flown is kept when it is the same as before."""
        known = self.held
        if known is not None and known.digests == held.digests:
            held = replace(held, seq=known.seq, lat_deg=known.lat_deg, lon_deg=known.lon_deg, trail=known.trail)
        self._trail = list(held.trail)
        self._doubts.clear()
        self._ask.clear()
        self._put(replace(held, uid=self.uid))

    def verified(self) -> None:
        """Everything was read and found as remembered."""
        self._doubts.clear()

    def doubt(self, key: str, text: str) -> None:
        """Somebody found that it is not as remembered."""
        self._doubts[key] = _Doubt(float("-inf"), text)

    def on_message(self, link_name: str, message: Any, now_s: float) -> list[Any]:
        """Takes what an aircraft says of its lists by itself."""
        if (message.get_srcSystem(), message.get_srcComponent()) != tuple(self.vehicle_id):
            return []
        kind = message.get_type()
        if kind == "PARAM_VALUE":
            self._on_value(message, now_s)
        elif kind == "MISSION_ACK" and message.type == 0:
            self._on_other_upload(message)
        elif kind == "AUTOPILOT_VERSION":
            self._on_version(message)
        if self._heard_s is not None and now_s - self._heard_s > _SILENCE_S:
            self._ask_counts(now_s)
        self._heard_s = now_s
        boot_ms = getattr(message, "time_boot_ms", None)
        if isinstance(boot_ms, int) and boot_ms > 0 and kind in ("SYSTEM_TIME", "GLOBAL_POSITION_INT", "ATTITUDE"):
            if boot_ms < self._boot_ms - 2000:
                self._ask_counts(now_s)
            self._boot_ms = boot_ms
        return []

    def _ask_counts(self, now_s: float) -> None:
        self._counted_s = now_s
        if self.held is not None:
            self._ask = dict.fromkeys(_COUNTS, (now_s, _ASK_TRIES))

    def _on_value(self, message: Any, now_s: float) -> None:
        name = message.param_id if isinstance(message.param_id, str) else message.param_id.decode("ascii", "replace")
        name = name.rstrip("\0")
        held = self.held
        if held is None or name not in _COUNTS:
            return
        self._ask.pop(name, None)
        kind = _COUNTS[name]
        expected = held.counts.get(kind.name)
        if expected is not None and message.param_value != expected:
            self._suspect(kind.name, f"it holds {message.param_value:g} {NAMES[kind]} items, not {expected}", now_s)
        else:
            self._doubts.pop(kind.name, None)

    def _on_version(self, message: Any) -> None:
        long_uid = bytes(message.uid2).hex() if any(message.uid2) else ""
        self.uid = long_uid or (f"{message.uid:x}" if message.uid else "")
        held = self.held
        if held is not None and held.uid and self.uid and held.uid != self.uid:
            self.doubt("uid", "another autopilot answers under the number of this aircraft")

    def _on_other_upload(self, message: Any) -> None:
        # 0 is an aircraft that does not fill it in.
        if (
            self.held is None
            or message.target_system in (0, self.own_system_id)
            or message.mission_type not in (0, 1, 2)
        ):
            return
        name = NAMES[MissionKind(message.mission_type)]
        self.doubt(f"other {name}", f"station {message.target_system} has changed the {name}")

    def _suspect(self, key: str, text: str, now_s: float) -> None:
        known = self._doubts.get(key)
        since_s = now_s if known is None or known.since_s is None else known.since_s
        self._doubts[key] = _Doubt(since_s, text)

    def on_time(self, state: VehicleState, now_s: float) -> list[Any]:
        """Follow the mission; ask for what a restart or a silence made uncertain."""
        held = self.held
        if held is None:
            return []
        mission = held.counts.get("MISSION")
        if state.link_alive and mission is not None and state.mission_state != "unknown":
            if not mission_fits(state, mission):
                text = f"it holds a mission of {state.mission_total} items, not {mission}"
                self._suspect("MISSION", text, now_s if state.mission_total else now_s + CLEARED_S - _DOUBT_S)
            else:
                self._doubts.pop("MISSION", None)
        self._follow(held, state, now_s)
        if self._counted_s is None:
            self._counted_s = now_s
        if state.link_alive and now_s - self._counted_s >= _COUNT_EVERY_S:
            self._ask_counts(now_s)
        messages = []
        for name, (at_s, tries) in list(self._ask.items()):
            if state.link_alive and now_s >= at_s:
                self._ask[name] = (now_s + _ASK_EACH_S, tries - 1)
                if tries == 1:
                    del self._ask[name]
                messages.append(mavlink2.MAVLink_param_request_read_message(*self.vehicle_id, name.encode("ascii"), -1))
        return messages

    def _follow(self, held: HeldPlan, state: VehicleState, now_s: float) -> None:
        flying = state.armed and state.mode == "AUTO" and state.mission_seq > 0 and state.link_alive
        if not flying or state.lat_deg != state.lat_deg:
            return
        if not self._trail:
            self._trail = list(held.trail)
        changed = not self._trail or self._trail[-1].seq != state.mission_seq
        if changed:
            before = self._trail[-1].seq if self._trail else -1
            self._trail = [*self._trail, Crumb(state.mission_seq, before, state.lat_deg, state.lon_deg)][-_TRAIL:]
        if changed or now_s - self._kept_s >= _KEEP_S:
            self._kept_s = now_s
            self._put(
                replace(
                    held, seq=state.mission_seq, lat_deg=state.lat_deg, lon_deg=state.lon_deg, trail=tuple(self._trail)
                )
            )

    def _put(self, held: HeldPlan) -> None:
        try:
            self.store.put(self.key, held)
        except StoreError as error:
            _log.error("vehicle %s: %s", self.vehicle_id, error)

    def faults(self, state: VehicleState, now_s: float) -> tuple[Fault, ...]:
        """One fault with all reasons, once they have lasted."""
        texts = [d.text for d in self._doubts.values() if d.since_s is not None and now_s - d.since_s >= _DOUBT_S]
        if not texts:
            return ()
        text = "The plan on the aircraft is not the one that was verified: " + "; ".join(dict.fromkeys(texts))
        return (Fault("plan_changed", "critical", text, "verify the plan or upload it again before flight"),)


def held_plan_parts(path: Path, own_system_id: int) -> PartFactory:
    """The factory of an aircraft's watch, all of them with one file. A file that cannot be read is put aside."""
    try:
        store = HeldPlanFile(path)
    except StoreError as error:
        _log.error("%s", error)
        with contextlib.suppress(OSError):
            os.replace(path, path.with_suffix(".damaged"))
        store = HeldPlanFile(path if not path.exists() else path.with_suffix(".new"))
    return lambda vehicle_id, family: HeldPlanWatch(vehicle_id, store, str(vehicle_id), own_system_id)
