"""The machines of MAVLink FTP against frames that mean no good."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from missions.ftp import FtpList, FtpOutcome, FtpPacket, FtpPeer, FtpResult, Opcode
from missions.ftp_read import FtpRead
from missions.ftp_write import FtpWrite
from missions.mavlink import mavlink2 as m
from missions.transfer import Address
from tests.unit.fuzz.hostile import STATION, VEHICLE, is_for_us, is_from_vehicle, messages, received

CONTENT = [(239, b"b" * 100), (0, b"a" * 239)]
FEW = settings(max_examples=25, stateful_step_count=30, deadline=None, derandomize=True, phases=(Phase.generate,),
               suppress_health_check=list(HealthCheck))  # fmt: skip


class FileMachine(RuleBasedStateMachine):
    """No crash, one end, no answer to anybody else, and it ends by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 100.0
        self.machine: Any = None
        self.asked: list[FtpPacket] = []
        self.first_result: FtpResult | None = None
        self.sent = 0

    def _sent(self, out: list[Any]) -> None:
        for message in out:
            assert (message.target_system, message.target_component) == VEHICLE
            packet = FtpPacket.from_payload(message.payload)
            assert packet is not None
            self.asked = [*self.asked[-20:], packet]
            self.sent += 1

    @initialize(which=st.sampled_from(("read", "write", "list")))
    def begin(self, which: str) -> None:
        vehicle, station, peer = Address(*VEHICLE), Address(*STATION), FtpPeer(_number=10, _session=3)
        self.machine = {
            "read": lambda: FtpRead("@PARAM/param.pck", vehicle, station, peer, most_bytes=100_000),
            "write": lambda: FtpWrite("@MISSION/mission.dat", CONTENT, vehicle, station, peer),
            "list": lambda: FtpList("/", vehicle, station, peer),
        }[which]()
        self._sent(self.machine.start(self.now_s))
        assert self.sent

    def _give(self, message: Any) -> None:
        ours = is_from_vehicle(message) and is_for_us(message)
        before = (self.machine.result, self.machine.progress)
        out = self.machine.on_message(message, self.now_s)
        if not ours or before[0] is not None:
            assert out == [], "nothing is answered to others, nor after the end"
            assert (self.machine.result, self.machine.progress) == before
        self._sent(out)

    @rule(message=messages(("FILE_TRANSFER_PROTOCOL", "STATUSTEXT", "MISSION_ACK")))
    def hostile(self, message: Any) -> None:
        self._give(message)

    @rule(
        data=st.data(), good=st.booleans(), shift=st.sampled_from((0, 0, 0, 1, 5)), content=st.binary(max_size=239),
        offset=st.sampled_from((0, 239, 339, 2**32 - 1)), complete=st.booleans(),
    )  # fmt: skip
    def answers(self, data: Any, good: bool, shift: int, content: bytes, offset: int, complete: bool) -> None:
        asked = data.draw(st.sampled_from(self.asked))
        packet = FtpPacket(
            number=(asked.number + 1 + shift) % 65536, session=asked.session,
            opcode=Opcode.ACK if good else Opcode.NAK, size=len(content), asked_opcode=asked.opcode,
            burst_complete=complete, offset=offset, data=content,
        )  # fmt: skip
        self._give(received(packet.message(Address(*STATION))))

    @rule(seconds=st.sampled_from((0.0, 0.05, 0.5, 2.0)))
    def waits(self, seconds: float) -> None:
        self.now_s += seconds
        self._sent(self.machine.on_time(self.now_s))

    @invariant()
    def ends_once(self) -> None:
        if self.machine is None:
            return
        result = self.machine.result
        if self.first_result is not None:
            assert result is self.first_result
        elif result is not None:
            self.first_result = result
            assert result.outcome is FtpOutcome.DONE or result.reason
        assert 0.0 <= self.machine.progress <= 1.0

    def teardown(self) -> None:
        if self.machine is None:
            return
        end_s = self.now_s + 600.0
        while self.machine.result is None:
            assert self.now_s < end_s, "silence ends it too"
            self.now_s = max(self.now_s + 0.01, self.machine.next_deadline_s)
            self._sent(self.machine.on_time(self.now_s))
        assert self.sent < 5000, "and does not flood the link"
        self.ends_once()


TestFileMachines = FileMachine.TestCase
TestFileMachines.settings = FEW


def test_payloads_of_the_wrong_length_are_passed_over() -> None:
    for length in (0, 1, 11, 12, 250):
        FtpPacket.from_payload([255] * length)
    assert received(m.MAVLink_file_transfer_protocol_message(0, *STATION, [255] * 251)).get_type()
