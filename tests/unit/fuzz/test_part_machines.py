"""What an aircraft has beside its flying (cameras, gimbal, terrain, traffic, clocks, streams) against frames that mean no
good: nothing crashes, nothing grows without end, nobody is answered who did not ask, and nothing is invented."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from geofences.terrain import TerrainGrid
from groundstation.core.records import CommandResult, VehicleId, VehicleState
from groundstation.vehicle.boot_time import BootTimeMap
from groundstation.vehicle.camera import CameraPart, stream_url
from groundstation.vehicle.commands import Command
from groundstation.vehicle.failsafes import FailsafeView, check_failsafes
from groundstation.vehicle.gimbal import GimbalPart
from groundstation.vehicle.held_plans import HeldPlan, HeldPlanWatch, held_plan
from groundstation.vehicle.parameter_watch import ParameterWatch
from groundstation.vehicle.streams import DEFAULT_RATES_HZ, StreamWishes
from groundstation.vehicle.terrain_answer import TerrainPart
from groundstation.vehicle.timesync import LinkQuestions, RoundTrips
from groundstation.vehicle.traffic import TrafficPart
from missions.codec import MissionKind
from missions.mavlink import mavlink2 as m
from tests.unit.fuzz.hostile import STATION, VEHICLE, is_from_vehicle, messages, received
from tests.unit.vehicle_safety.states import flying

TARGET = VehicleId(*VEHICLE)
FEW = settings(max_examples=25, stateful_step_count=40, deadline=None, derandomize=True, phases=(Phase.generate,),
               suppress_health_check=list(HealthCheck))  # fmt: skip
_LIVE = ("udp", "rtp", "rtsp", "rtsps", "srt", "tcp", "http", "https")


class _Timed(RuleBasedStateMachine):
    """With a clock that is moved by hand and an aircraft that is heard now and then."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 100.0
        self.state = flying()

    @rule(alive=st.booleans(), known=st.booleans())
    def aircraft_is(self, alive: bool, known: bool) -> None:
        self.state = flying() if known else VehicleState(TARGET, 0, 0, link_alive=alive)


class CameraMachine(_Timed):
    """Cameras that say anything, of any component."""

    def __init__(self) -> None:
        super().__init__()
        self.part = CameraPart(TARGET)
        self.asked: Counter[tuple[int, int]] = Counter()

    @rule(message=messages(("CAMERA_INFORMATION", "VIDEO_STREAM_INFORMATION", "GIMBAL_MANAGER_INFORMATION",
                            "HEARTBEAT", "CAMERA_FOV_STATUS"), (b"file:///etc/passwd", b"5600", b"rtsp://1.2.3.4/a",
                                                                b"concat:a|b", b"RTSP://x", b"")))  # fmt: skip
    def hostile(self, message: Any) -> None:
        assert self.part.on_message("radio", message, self.now_s) == []

    @rule(seconds=st.sampled_from((0.0, 0.2, 1.1, 6.0)), no=st.booleans())
    def waits(self, seconds: float, no: bool) -> None:
        self.now_s += seconds
        for component, command in self.part.questions(self.now_s):
            message_id = int(command.param1)
            self.asked[component, message_id] += 1
            assert self.asked[component, message_id] <= 3, "asked three times at most"
            if no:
                self.part.answered_no(component, message_id)
        assert self.part.on_time(self.state, self.now_s) == []
        for fault in self.part.faults(self.state, self.now_s):
            assert "nan" not in fault.text

    @rule()
    def restarts(self) -> None:
        self.part.ask_again()
        self.asked.clear()

    def teardown(self) -> None:
        assert len(self.part.cameras) <= 256
        for component, camera in self.part.cameras.items():
            assert camera.component == component
            assert [s.stream_id for s in camera.streams] == sorted({s.stream_id for s in camera.streams})
            for stream in camera.streams:
                url = stream_url(stream)
                assert not url or url.partition("://")[0].lower() in _LIVE, "a camera opens no file of this machine"


TestCameras = CameraMachine.TestCase
TestCameras.settings = FEW


class GimbalMachine(_Timed):
    """Managers that say anything."""

    def __init__(self) -> None:
        super().__init__()
        self.part = GimbalPart(TARGET, STATION)
        self.controllers: dict[int, tuple[int, ...]] = {}

    @rule(message=messages(("GIMBAL_MANAGER_INFORMATION", "GIMBAL_MANAGER_STATUS", "GIMBAL_DEVICE_ATTITUDE_STATUS")))
    def hostile(self, message: Any) -> None:
        assert self.part.on_message("radio", message, self.now_s) == []
        if message.get_type() == "GIMBAL_MANAGER_STATUS":
            self.controllers[message.gimbal_device_id] = (
                message.primary_control_sysid, message.secondary_control_sysid,
            )  # fmt: skip
        others = {s for both in self.controllers.values() for s in both} - {0, STATION[0], VEHICLE[0]}
        assert bool(self.part.foreign_control) == bool(others)
        assert len(self.part.faults(self.state, self.now_s)) == bool(others)

    @rule(pitch_deg=st.floats(-180.0, 180.0))
    def is_asked(self, pitch_deg: float) -> None:
        problem = self.part.reach_problem(pitch_deg)
        assert "nan" not in problem
        assert "inf" not in problem

    def teardown(self) -> None:
        assert len(self.part.gimbals) <= 256


TestGimbals = GimbalMachine.TestCase
TestGimbals.settings = FEW


class TerrainMachine(_Timed):
    """Requests of anybody for anything: only the aircraft's own are answered, each piece with what it asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.part = TerrainPart(
            TARGET, TerrainGrid(np.full((40, 40), 321.0), 48.9, 19.9, 0.005, 0.005), pieces_per_s=20.0
        )
        self.asked: set[tuple[int, int, int, int]] = set()
        self.keys: set[tuple[int, int]] = set()
        self.began_s, self.sent = self.now_s, 0

    def _give(self, message: Any) -> None:
        if is_from_vehicle(message) and message.get_type() == "TERRAIN_REQUEST":
            self.asked |= {
                (message.lat, message.lon, message.grid_spacing, bit) for bit in range(56) if message.mask >> bit & 1
            }
        assert self.part.on_message("radio", message, self.now_s) == []

    @rule(message=messages(("TERRAIN_REQUEST", "TERRAIN_REPORT", "TERRAIN_DATA", "TERRAIN_CHECK")))
    def hostile(self, message: Any) -> None:
        self._give(message)

    @rule(lat=st.integers(489_000_000, 490_900_000), spacing=st.sampled_from((30, 100)), mask=st.integers(0, 2**56 - 1))
    def asks(self, lat: int, spacing: int, mask: int) -> None:
        self._give(received(m.MAVLink_terrain_request_message(lat, 200_000_000, spacing, mask)))

    @rule()
    def is_asked_for_its_own(self) -> None:
        self.keys.add(self.part.ask(49.0, 20.0))

    @rule(seconds=st.sampled_from((0.0, 0.1, 1.0, 30.0, -1.0)))
    def waits(self, seconds: float) -> None:
        self.now_s += seconds
        out = self.part.on_time(self.state, self.now_s)
        assert self.state.link_alive or not out
        for message in out:
            if message.get_type() == "TERRAIN_CHECK":
                assert (message.lat, message.lon) in self.keys
                continue
            self.sent += 1
            assert (message.lat, message.lon, message.grid_spacing, message.gridbit) in self.asked
            assert message.data == [321] * 16, "no height that the model does not hold"
        for fault in self.part.faults(self.state, self.now_s):
            assert "nan" not in fault.text

    def teardown(self) -> None:
        assert set(self.part.answers) <= self.keys
        assert len(self.part._waiting) <= 4 * 56


TestTerrain = TerrainMachine.TestCase
TestTerrain.settings = FEW


class TrafficMachine(_Timed):
    """Contacts with any content, by the hundred."""

    def __init__(self) -> None:
        super().__init__()
        self.part = TrafficPart(TARGET, own_icao=0xABCDEF)

    @rule(message=messages(("ADSB_VEHICLE",)), times=st.sampled_from((*[1] * 9, 220)))
    def hostile(self, message: Any, times: int) -> None:
        for number in range(times):
            message.ICAO_address = (message.ICAO_address + number) % 2**24
            assert self.part.on_message("radio", message, self.now_s) == []

    @rule(seconds=st.sampled_from((0.0, 0.1, 1.0, 30.0)))
    def waits(self, seconds: float) -> None:
        self.now_s += seconds
        assert self.part.on_time(self.state, self.now_s) == []
        contacts = self.part.picture.contacts
        assert len(contacts) <= 200
        assert all(c.age_s <= 10.0 for c in contacts), "what is old is not shown"
        assert all(c.icao_address != 0xABCDEF for c in contacts)
        faults = self.part.faults(self.state, self.now_s)
        assert len(faults) <= 1
        assert all("nan" not in fault.text for fault in faults)


TestTraffic = TrafficMachine.TestCase
TestTraffic.settings = FEW


class ParameterWatchMachine(_Timed):
    """Values of anybody: only the aircraft's own are kept, and it is not asked faster than it can answer."""

    def __init__(self) -> None:
        super().__init__()
        self.part = ParameterWatch(TARGET, ("FENCE_ENABLE", "FS_GCS_ENABLE"))
        self.told: dict[str, set[float]] = {}
        self.asked_s = -math.inf

    @rule(message=messages(("PARAM_VALUE", "GLOBAL_POSITION_INT", "SYSTEM_TIME", "ATTITUDE", "PARAM_ERROR"), tuple(
        name.ljust(16, b"\0") for name in (b"FENCE_ENABLE", b"FS_GCS_ENABLE"))))  # fmt: skip
    def hostile(self, message: Any) -> None:
        if is_from_vehicle(message) and message.get_type() == "PARAM_VALUE":
            self.told.setdefault(message.param_id, set()).add(float(message.param_value))
        assert self.part.on_message("radio", message, self.now_s) == []
        for name, value in self.part.values.items():
            assert value in self.told[name]
            assert math.isfinite(value), "what is no number is not read"
        assert check_failsafes(FailsafeView("copter", self.part.values)), "and what is kept can be judged"

    @rule(seconds=st.sampled_from((0.0, 0.05, 0.2, 2.5, 6.0)))
    def waits(self, seconds: float) -> None:
        self.now_s += seconds
        out = self.part.on_time(self.state, self.now_s)
        assert len(out) <= 1
        if out:
            assert self.state.link_alive
            assert self.now_s - self.asked_s >= 0.05 - 1e-9
            assert (out[0].target_system, out[0].target_component) == VEHICLE
            self.asked_s = self.now_s


TestParameterWatch = ParameterWatchMachine.TestCase
TestParameterWatch.settings = FEW


class _Memory:
    """Keeps what an aircraft holds for as long as the test runs."""

    def __init__(self) -> None:
        self.held: HeldPlan | None = None

    def get(self, key: str) -> HeldPlan | None:
        return self.held

    def put(self, key: str, held: HeldPlan) -> None:
        self.held = held


class HeldPlanMachine(_Timed):
    """What an aircraft says of its lists, and who says it in its name: doubted by its own words only, asked for seldom."""

    def __init__(self) -> None:
        super().__init__()
        self.part = HeldPlanWatch(TARGET, _Memory(), "1.1", STATION[0])
        self.part.remember(held_plan("old", "digest", 1, dict.fromkeys(MissionKind, ())))

    def _give(self, message: Any) -> None:
        before = self.part.faults(self.state, self.now_s + 100.0)
        assert self.part.on_message("radio", message, self.now_s) == []
        if not is_from_vehicle(message):
            assert self.part.faults(self.state, self.now_s + 100.0) == before

    @rule(message=messages(("PARAM_VALUE", "MISSION_ACK", "AUTOPILOT_VERSION", "SYSTEM_TIME", "GLOBAL_POSITION_INT"),
                           tuple(name.ljust(16, b"\0") for name in (b"FENCE_TOTAL", b"RALLY_TOTAL"))))  # fmt: skip
    def hostile(self, message: Any) -> None:
        self._give(message)

    @rule(seconds=st.sampled_from((0.1, 2.1, 6.0, 70.0)), total=st.sampled_from((0, 0, 4)), none=st.booleans())
    def waits(self, seconds: float, total: int, none: bool) -> None:
        self.now_s += seconds
        self.state = replace(self.state, mission_total=total, mission_state="none" if none else "active")
        for message in self.part.on_time(self.state, self.now_s):
            assert (message.target_system, message.target_component) == VEHICLE
            assert message.param_id in ("FENCE_TOTAL", "RALLY_TOTAL", b"FENCE_TOTAL", b"RALLY_TOTAL")
        faults = self.part.faults(self.state, self.now_s)
        assert len(faults) <= 1
        assert not faults or faults[0].text

    @rule()
    def is_verified(self) -> None:
        self.part.verified()
        assert self.part.faults(self.state, self.now_s) == ()


TestHeldPlans = HeldPlanMachine.TestCase
TestHeldPlans.settings = FEW


class TimesyncMachine(RuleBasedStateMachine):
    """Answers of anybody to anything: only what was asked is an answer, and no round trip is shorter than it was."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 100.0
        self.questions, self.trips, self.boot = LinkQuestions(), RoundTrips(), BootTimeMap()
        self.asked: dict[int, float] = {}
        self.answered_s: list[tuple[float, float]] = []

    def _give(self, message: Any) -> None:
        question = self.questions.match(message)
        if question is None:
            return
        assert message.tc1 != 0
        assert self.asked[message.ts1] == question.asked_s, "one of ours"
        self.trips.on_answer(question, self.now_s)
        self.answered_s.append((self.now_s, self.now_s - question.asked_s))
        self.boot.on_timesync(message.tc1, question.asked_utc_us, round(self.now_s * 1e6))

    @rule(message=messages(("TIMESYNC",)))
    def hostile(self, message: Any) -> None:
        self._give(message)

    @rule(data=st.data(), clock=st.sampled_from((0, 1, -1, 5_000_000_000, 2**63 - 1)))
    def answers(self, data: Any, clock: int) -> None:
        if self.asked:
            self._give(received(m.MAVLink_timesync_message(clock, data.draw(st.sampled_from(sorted(self.asked))))))

    @rule(boot_ms=st.one_of(st.integers(0, 2**32 - 1), st.sampled_from((1, 5_000, 2**32 - 1))))
    def stamps(self, boot_ms: int) -> None:
        before = self.boot.restarts
        restarted = self.boot.on_boot_time(boot_ms, round(self.now_s * 1e6))
        assert self.boot.restarts == before + restarted
        assert isinstance(self.boot.to_utc_us(boot_ms), int)

    @rule(wanted=st.booleans(), seconds=st.sampled_from((0.0, 0.01, 0.06, 1.1, 31.0)))
    def asks(self, wanted: bool, seconds: float) -> None:
        self.now_s += seconds
        if self.questions.due(self.now_s, wanted):
            message = self.questions.ask(self.now_s, round(self.now_s * 1e6))
            assert message.ts1 not in self.asked
            self.asked[message.ts1] = self.now_s
        worst_s = self.trips.worst_s(self.now_s)
        lately = [took_s for at_s, took_s in self.answered_s if self.now_s - at_s <= 5.0][-64:]
        assert (worst_s == max(lately)) if lately else math.isnan(worst_s), "as slow as it showed itself"

    def teardown(self) -> None:
        assert len(self.questions._open) <= 30 / 0.05 + 2


TestTimesync = TimesyncMachine.TestCase
TestTimesync.settings = FEW


class StreamMachine(RuleBasedStateMachine):
    """Any answer to any wish: what was refused is left alone, and what helps not is asked for ever more rarely."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 100.0
        self.wishes = StreamWishes(TARGET, "radio", DEFAULT_RATES_HZ)
        self.open: list[Command] = []
        self.refused: Counter[int] = Counter()
        self.rounds_s: list[float] = []

    @rule(seconds=st.sampled_from((0.1, 1.0, 3.1, 70.0)), slowed=st.booleans())
    def waits(self, seconds: float, slowed: bool) -> None:
        self.now_s += seconds
        if self.wishes.due(self.now_s, slowed):
            assert not slowed
            self.open = self.wishes.begin(self.now_s)
            assert all(c.command == 511 for c in self.open)
            assert all(self.refused[int(c.param1)] < 2 for c in self.open), "refused at the slow rate too"
            self.rounds_s.append(self.now_s)

    @rule(result=st.sampled_from(list(CommandResult)), data=st.data())
    def answers(self, result: CommandResult, data: Any) -> None:
        if not self.open:
            return
        command = self.open.pop(data.draw(st.integers(0, len(self.open) - 1)))
        instead = self.wishes.on_outcome(command, result)
        if result in (CommandResult.DENIED, CommandResult.UNSUPPORTED, CommandResult.FAILED):
            self.refused[int(command.param1)] += 1 if instead is not None else 2
        else:
            assert instead is None
        if instead is not None:
            assert instead.param2 > command.param2, "slower"
            self.open.append(instead)

    @rule(message_id=st.integers(0, 500), result=st.sampled_from(list(CommandResult)))
    def answers_what_nobody_asked(self, message_id: int, result: CommandResult) -> None:
        if message_id not in DEFAULT_RATES_HZ:
            assert self.wishes.on_outcome(Command(511, float(message_id), 1e5), result) is None

    @rule()
    def position_comes(self) -> None:
        self.wishes.on_position(self.now_s)

    @rule()
    def restarts(self) -> None:
        self.wishes.restart()
        self.refused.clear()
        self.open.clear()

    def teardown(self) -> None:
        # Silence: the pauses grow to a minute.
        for _ in range(600):
            self.now_s += 1.0
            if self.wishes.due(self.now_s, False):
                self.wishes.begin(self.now_s)
                self.rounds_s.append(self.now_s)
        late = [s for s in self.rounds_s if s > self.now_s - 300.0]
        assert len(late) <= 6, "a wish that is never answered costs next to nothing"


TestStreams = StreamMachine.TestCase
TestStreams.settings = FEW
