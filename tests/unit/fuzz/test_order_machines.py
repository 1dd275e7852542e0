"""Commands and parameters against frames that mean no good: each ends exactly once, with the truth."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from groundstation.core.records import CommandOutcome, CommandResult, VehicleId
from groundstation.vehicle.commands import Command, CommandSender, LinkProof
from groundstation.vehicle.parameter_list import ParameterDownload
from groundstation.vehicle.parameters import ParameterClient, ParameterResult
from groundstation.vehicle.status_text import StatusTextJoiner
from missions.ftp import FtpPeer
from missions.mavlink import mavlink2 as m
from missions.transfer import Address
from tests.unit.fuzz.hostile import STATION, VEHICLE, is_for_us, is_from_vehicle, messages, received

TARGET = VehicleId(*VEHICLE)
NUMBERS = (400, 176, 300, 512, 511, 207)
NAMES = ("FENCE_ENABLE", "FENCE_ALT_MAX")
FEW = settings(max_examples=25, stateful_step_count=40, deadline=None, derandomize=True, phases=(Phase.generate,),
               suppress_health_check=list(HealthCheck))  # fmt: skip


@dataclass
class _Order:
    number: int
    asked_s: float
    ends: list[CommandOutcome] = field(default_factory=list)


class CommandMachine(RuleBasedStateMachine):
    """Whatever is acknowledged by whomever."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 100.0
        self.sender = CommandSender(*STATION)
        self.orders: list[_Order] = []
        self.accepted: set[int] = set()

    def _sent(self, out: list[Any]) -> None:
        for message in out:
            assert (message.target_system, message.target_component) == VEHICLE

    @rule(number=st.sampled_from(NUMBERS), late_ok=st.booleans())
    def orders_something(self, number: int, late_ok: bool) -> None:
        order = _Order(number, self.now_s)
        self.orders.append(order)
        self._sent(self.sender.submit(TARGET, Command(number, 1.0, late_ok=late_ok), order.ends.append, self.now_s))

    @rule(round_trip_s=st.sampled_from((0.01, 0.3, 0.9, 3.0)))
    def link_shows_itself(self, round_trip_s: float) -> None:
        if self.sender.wants_proof(TARGET.system_id):
            asked_s, self.now_s = self.now_s, self.now_s + min(round_trip_s, 0.4)
            self._sent(self.sender.on_proof(TARGET.system_id, LinkProof(asked_s, round_trip_s), self.now_s))

    def _give(self, message: Any) -> None:
        ours = is_from_vehicle(message) and is_for_us(message)
        ends = sum(len(order.ends) for order in self.orders)
        if ours and message.get_type() == "COMMAND_ACK" and message.result == 0:
            self.accepted.add(message.command)
        out = self.sender.on_message(message, self.now_s)
        self._sent(out)
        if not ours:
            assert out == []
            assert sum(len(order.ends) for order in self.orders) == ends

    @rule(message=messages(("COMMAND_ACK", "COMMAND_ACK", "COMMAND_LONG", "STATUSTEXT", "MISSION_ACK")))
    def hostile(self, message: Any) -> None:
        self._give(message)

    @rule(number=st.sampled_from(NUMBERS), result=st.sampled_from((0, 1, 2, 3, 4, 5, 6, 9, 77)))
    def acknowledges(self, number: int, result: int) -> None:
        self._give(received(m.MAVLink_command_ack_message(number, result, 0, 0, *STATION)))

    @rule(seconds=st.sampled_from((0.0, 0.2, 0.7, 1.1, 4.1, 31.0)))
    def waits(self, seconds: float) -> None:
        self.now_s += seconds
        self._sent(self.sender.on_time(self.now_s))
        self._check()

    @rule()
    def vehicle_restarts(self) -> None:
        if self.now_s > 150.0:
            self.sender.cancel_all(TARGET, CommandResult.LINK_LOST, "the aircraft has restarted")

    def _check(self) -> None:
        for order in self.orders:
            assert len(order.ends) <= 1, "one end each"
            if order.ends and order.ends[0].result is CommandResult.ACCEPTED:
                assert order.number in self.accepted, "the vehicle said so, to us"

    def teardown(self) -> None:
        end_s = self.now_s + 600.0
        while self.sender.busy:
            assert self.now_s < end_s, "silence ends them too"
            deadline_s = self.sender.next_deadline_s
            assert deadline_s is not None
            self.now_s = max(self.now_s + 0.01, deadline_s)
            self._sent(self.sender.on_time(self.now_s))
        self._check()
        assert all(len(order.ends) == 1 for order in self.orders), "and each has one"


TestCommands = CommandMachine.TestCase
TestCommands.settings = FEW


@dataclass
class _Wish:
    name: str
    wanted: float | None
    ends: list[ParameterResult] = field(default_factory=list)


class ParameterMachine(RuleBasedStateMachine):
    """Whatever values come, by whatever name, from whomever."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 100.0
        self.client = ParameterClient()
        self.wishes: list[_Wish] = []
        self.told: dict[str, set[float]] = {name: set() for name in NAMES}

    @rule(name=st.sampled_from(NAMES), wanted=st.sampled_from((None, 0.0, 1.0, 120.0)))
    def wishes_for(self, name: str, wanted: float | None) -> None:
        wish = _Wish(name, wanted)
        self.wishes.append(wish)
        if wanted is None:
            out = self.client.get(TARGET, name, wish.ends.append, self.now_s)
        else:
            out = self.client.set(TARGET, name, wanted, wish.ends.append, self.now_s)
        assert out

    def _give(self, message: Any) -> None:
        ends = sum(len(wish.ends) for wish in self.wishes)
        if is_from_vehicle(message) and message.get_type() == "PARAM_VALUE" and message.param_id in NAMES:
            self.told[message.param_id].add(float(message.param_value))
        self.client.on_message(message, self.now_s)
        if not is_from_vehicle(message):
            assert sum(len(wish.ends) for wish in self.wishes) == ends

    @rule(message=messages(("PARAM_VALUE", "PARAM_ERROR", "PARAM_SET", "PARAM_EXT_VALUE"), tuple(
        name.encode().ljust(16, b"\0") for name in NAMES)))  # fmt: skip
    def hostile(self, message: Any) -> None:
        self._give(message)

    @rule(name=st.sampled_from(NAMES), value=st.sampled_from((0.0, 1.0, 100.0, 120.0)))
    def tells(self, name: str, value: float) -> None:
        self._give(received(m.MAVLink_param_value_message(name.encode(), value, 9, 900, 65535)))

    @rule(seconds=st.sampled_from((0.0, 0.3, 0.6, 2.0)))
    def waits(self, seconds: float) -> None:
        self.now_s += seconds
        self.client.on_time(self.now_s)
        self._check()

    def _check(self) -> None:
        for wish in self.wishes:
            assert len(wish.ends) <= 1, "one end each"
            for result in wish.ends:
                assert result.ok or result.reason
                if result.value is not None:
                    assert any(result.value == value or value != value for value in self.told[wish.name])
                if result.ok and wish.wanted is not None:
                    assert result.value == wish.wanted

    def teardown(self) -> None:
        end_s = self.now_s + 120.0
        while self.client.next_deadline_s is not None:
            assert self.now_s < end_s, "silence ends them too"
            self.now_s = max(self.now_s + 0.01, self.client.next_deadline_s)
            self.client.on_time(self.now_s)
        self._check()
        assert all(len(wish.ends) == 1 for wish in self.wishes), "and each has one"


TestParameters = ParameterMachine.TestCase
TestParameters.settings = FEW


class ParameterListMachine(RuleBasedStateMachine):
    """All parameters, by list and by file, while anybody says anything: it ends once, by itself, with what was told."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 100.0
        self.machine = ParameterDownload(Address(*VEHICLE), Address(*STATION))
        self.told: set[tuple[str, float]] = set()
        self.sent = 0

    @initialize(by_file=st.booleans())
    def begin(self, by_file: bool) -> None:
        peer = FtpPeer(_number=10, _session=3) if by_file else None
        self.machine = ParameterDownload(Address(*VEHICLE), Address(*STATION), peer)
        self._sent(self.machine.start(self.now_s))
        assert self.sent

    def _sent(self, out: list[Any]) -> None:
        self.sent += len(out)
        for message in out:
            assert (message.target_system, message.target_component) == VEHICLE

    def _give(self, message: Any) -> None:
        before = (self.machine.result, self.machine.progress)
        if is_from_vehicle(message) and message.get_type() == "PARAM_VALUE":
            self.told.add((message.param_id, float(message.param_value)))
        out = self.machine.on_message(message, self.now_s)
        if not is_from_vehicle(message) or before[0] is not None:
            assert out == []
            assert (self.machine.result, self.machine.progress) == before
        self._sent(out)

    @rule(message=messages(("PARAM_VALUE", "PARAM_VALUE", "FILE_TRANSFER_PROTOCOL", "PARAM_ERROR"), tuple(
        name.encode().ljust(16, b"\0") for name in NAMES)))  # fmt: skip
    def hostile(self, message: Any) -> None:
        self._give(message)

    @rule(index=st.integers(0, 6), count=st.sampled_from((5, 5, 5, 5, 6, 0)), value=st.sampled_from((0.0, 7.0)))
    def tells(self, index: int, count: int, value: float) -> None:
        self._give(received(m.MAVLink_param_value_message(b"P%d" % index, value, 9, count, index)))

    @rule(seconds=st.sampled_from((0.0, 0.3, 1.1, 2.1)))
    def waits(self, seconds: float) -> None:
        self.now_s += seconds
        self._sent(self.machine.on_time(self.now_s))

    def teardown(self) -> None:
        # One and the same value for ever, as from another station's questions, is not what is waited for.
        again = received(m.MAVLink_param_value_message(b"P0", 7.0, 9, 5, 0))
        end_s = self.now_s + 600.0
        while self.machine.result is None:
            assert self.now_s < end_s, "it ends by itself"
            self.now_s += 0.25
            self._give(again)
            self._sent(self.machine.on_time(self.now_s))
        result = self.machine.result
        assert self.sent < 5000
        assert result.ok or result.reason
        if result.method != "ftp":
            assert {(name, p.value) for name, p in result.values.items() if p.value == p.value} <= self.told


TestParameterList = ParameterListMachine.TestCase
TestParameterList.settings = FEW


class TextMachine(RuleBasedStateMachine):
    """Chunks in any order, of any length, never ending: no more is kept than comes in a while."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 100.0
        self.joiner = StatusTextJoiner()

    @rule(message=messages(("STATUSTEXT",)))
    def says(self, message: Any) -> None:
        for text in self.joiner.on_message(message, self.now_s):
            assert isinstance(text.text, str)

    @rule(seconds=st.sampled_from((0.0, 0.5, 3.0)))
    def waits(self, seconds: float) -> None:
        self.now_s += seconds
        self.joiner.on_time(self.now_s)

    def teardown(self) -> None:
        self.joiner.on_time(self.now_s + 10.0)
        assert self.joiner.on_time(self.now_s + 20.0) == [], "nothing is kept for ever"


TestTexts = TextMachine.TestCase
TestTexts.settings = settings(FEW, max_examples=10)
