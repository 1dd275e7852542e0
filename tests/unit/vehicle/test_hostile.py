"""Hostile and malformed input: whatever comes, nothing crashes and the protocols keep their promises."""

import math
import struct

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from groundstation.core.records import CommandResult, VehicleId, VehicleState
from groundstation.vehicle.commands import LATEST_S, Command, CommandSender, LinkProof, kind_of
from groundstation.vehicle.faults import FaultLimits, standing_faults
from groundstation.vehicle.reducer import StateReducer, reduce
from groundstation.vehicle.status_text import JoinedText
from missions.mavlink import mavlink2 as m
from tests.helpers.mavlink_fakes import Sender

ONE = VehicleId(1, 1)
NEW = VehicleState(ONE, 0, 0)
TOLD = frozenset(
    {
        "HEARTBEAT", "SYS_STATUS", "GLOBAL_POSITION_INT", "ATTITUDE", "GPS_RAW_INT", "VFR_HUD", "BATTERY_STATUS",
        "MISSION_CURRENT", "FENCE_STATUS", "HOME_POSITION", "GIMBAL_DEVICE_ATTITUDE_STATUS", "EKF_STATUS_REPORT",
        "ESTIMATOR_STATUS", "AUTOPILOT_VERSION", "EXTENDED_SYS_STATE", "AVAILABLE_MODES",
    }
)  # fmt: skip
IDS = sorted(number for number, kind in m.mavlink_map.items() if kind.msgname in TOLD)


def _message(number, payload):
    """A message of aircraft 1 with these bytes as its payload, as a hostile sender could make it."""
    kind = m.mavlink_map[number]
    size = kind.unpacker.size
    codec = m.MAVLink(None, 1, 1)
    head = struct.pack("<BBBBBBBBB", 0xFD, size, 0, 0, 0, 1, 1, number & 0xFF, number >> 8 & 0xFF) + b"\0"
    body = head + payload[:size].ljust(size, b"\0")
    crc = m.x25crc(body[1:] + bytes([kind.crc_extra])).crc
    (message,) = codec.parse_buffer(body + struct.pack("<H", crc))
    return message


def test_every_message_that_is_reduced_is_tried():
    assert len(IDS) == len(TOLD)


@settings(max_examples=200, deadline=None)
@given(parts=st.lists(st.tuples(st.sampled_from(IDS), st.binary(max_size=255)), min_size=1, max_size=8))
def test_no_payload_breaks_the_state_and_both_reducers_agree(parts):
    state, reducer = NEW, StateReducer(NEW)
    for step, (number, payload) in enumerate(parts):
        message = _message(number, payload)
        state = reduce(state, message, step, step)
        reducer.on_message(message, step, step)
    assert repr(reducer.state) == repr(state), "the same, NaN included"
    assert not abs(state.lat_deg) > 90.0
    assert not abs(state.lon_deg) > 180.0
    assert not math.isinf(state.yaw_deg)
    assert math.isnan(state.battery_percent) or 0.0 <= state.battery_percent <= 100.0
    assert len(state.available_modes) <= max(state.modes_expected, 0)
    assert all(fault.text for fault in standing_faults(state, FaultLimits()))


@settings(max_examples=50, deadline=None)
@given(number=st.sampled_from(IDS), payload=st.binary(max_size=255), system=st.integers(2, 255))
def test_a_state_changes_by_its_own_aircraft_only(number, payload, system):
    kind = m.mavlink_map[number]
    message = _message(number, payload)
    message._header.srcSystem = system
    assert reduce(NEW, message, 1, 1) is NEW
    reducer = StateReducer(NEW)
    assert not reducer.on_message(message, 1, 1)
    assert reducer.state is NEW, kind.msgname


# Few, so that answers often meet the command they belong to.
COMMANDS = (400, 176, 511, 207)


class CommandSenderMachine(RuleBasedStateMachine):
    """Orders, answers, lies, silence and time in any order."""

    def __init__(self):
        super().__init__()
        self.sender = CommandSender()
        self.now_s = 100.0
        self.outcomes = {}
        self.asked_s = {}
        self.done = {}
        self.in_flight = {}
        self.commands = {}
        self.systems = {}
        self.ever_sent = set()

    # -- what the world does ---------------------------------------------------------------------------------------

    @rule(command=st.sampled_from(COMMANDS), system=st.integers(1, 2), ago_s=st.floats(0.0, 2.0), late_ok=st.booleans())
    def order(self, command, system, ago_s, late_ok):
        number = len(self.asked_s)
        self.asked_s[number] = self.now_s - ago_s
        self.commands[number] = (command, late_ok)
        self.systems[number] = system

        def done(outcome, number=number):
            self.outcomes.setdefault(number, []).append((outcome, self.now_s))

        self.done[number] = done
        # The order's number travels as a parameter, so that what is sent can be told apart.
        sent = self.sender.submit(
            VehicleId(system, 1), Command(command, param1=float(number), late_ok=late_ok), done, self.now_s,
            self.asked_s[number],
        )  # fmt: skip
        self._check_sent(sent)

    @rule(
        command=st.sampled_from((*COMMANDS, 12345)),
        system=st.sampled_from((1, 1, 2, 0)),
        component=st.sampled_from((1, 1, 1, 2)),
        result=st.sampled_from((0, 0, 0, 5, *range(1, 13))),
        to=st.sampled_from([(255, 190), (0, 0), (254, 190), (255, 0)]),
    )
    def answer(self, command, system, component, result, to):
        message = m.MAVLink_command_ack_message(command, result, 0, 0, *to)
        self._check_sent(self.sender.on_message(Sender(system, component).decoded(message), self.now_s))

    @precondition(lambda self: self.done)
    @rule(result=st.sampled_from((0, 0, 4, 5)))
    def answer_to_the_newest(self, result):
        """To an order that was given, whether or not it was ever sent."""
        number = max(self.done)
        message = m.MAVLink_command_ack_message(self.commands[number][0], result, 0, 0, 255, 190)
        self._check_sent(self.sender.on_message(Sender(self.systems[number], 1).decoded(message), self.now_s))

    @rule(system=st.integers(1, 2), ago_s=st.floats(0.0, 3.0), worst_s=st.floats(0.0, 3.0))
    def proof(self, system, ago_s, worst_s):
        worst_s = max(worst_s, ago_s)
        proof = LinkProof(self.now_s - ago_s, worst_s)
        sent = self.sender.on_proof(system, proof, self.now_s)
        for message in sent:
            number = int(message.param1)
            assert message.target_system == system
            assert self.now_s + worst_s <= self.asked_s[number] + LATEST_S + 1e-6
            assert proof.asked_s >= self.asked_s[number] - 1e-6
        self._check_sent(sent)

    @rule(seconds=st.sampled_from([0.01, 0.1, 0.3, 0.7, 1.0, 3.0, 40.0]))
    def time_passes(self, seconds):
        self.now_s += seconds
        self._check_sent(self.sender.on_time(self.now_s))

    @rule(text=st.text(max_size=20), severity=st.integers(0, 7), system=st.integers(1, 2))
    def says(self, text, severity, system):
        self.sender.on_status_text(VehicleId(system, 1), JoinedText(severity, text))

    @rule(system=st.integers(1, 2))
    def restarts(self, system):
        self.sender.cancel_all(VehicleId(system, 1), CommandResult.LINK_LOST, "gone")

    @precondition(lambda self: self.done)
    @rule(data=st.data())
    def is_overtaken(self, data):
        number = data.draw(st.sampled_from(sorted(self.done)))
        self._check_sent(self.sender.abandon(self.done[number], self.now_s, "overtaken"))

    # -- what must hold --------------------------------------------------------------------------------------------

    def _check_sent(self, messages):
        for message in messages:
            number = int(message.param1)
            command, late_ok = self.commands[number]
            assert message.command == command
            assert number not in self.outcomes, "nothing is sent after its outcome was told"
            if kind_of(command) == "acts" and not late_ok:
                assert self.now_s <= self.asked_s[number] + LATEST_S + 1e-6
            key = (message.target_system, command)
            before = self.in_flight.get(key)
            assert before in (None, number) or before in self.outcomes, "one in flight per aircraft and command"
            self.in_flight[key] = number
            self.ever_sent.add(number)

    @invariant()
    def every_outcome_is_told_once(self):
        assert all(len(told) == 1 for told in self.outcomes.values())

    @invariant()
    def what_is_told_as_not_sent_never_was(self):
        for number, ((outcome, _),) in self.outcomes.items():
            if outcome.result is CommandResult.NOT_SENT:
                assert number not in self.ever_sent
            if outcome.ok or outcome.result is CommandResult.TIMEOUT:
                assert number in self.ever_sent

    def teardown(self):
        for _ in range(4 * len(self.asked_s) + 4):
            self.now_s += 40.0
            self._check_sent(self.sender.on_time(self.now_s))
        assert set(self.outcomes) == set(self.asked_s), "every order has its outcome in the end"
        self.every_outcome_is_told_once()
        assert self.sender.next_deadline_s is None


CommandSenderMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestCommandSender = CommandSenderMachine.TestCase
