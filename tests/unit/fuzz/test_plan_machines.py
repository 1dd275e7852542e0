"""The machines of the mission protocol (missions, fences, rally points, by items and by files) against hostile frames."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from missions.codec import MissionKind, WireItem, compare_items, decode, encode
from missions.ftp import FtpPacket, FtpPeer, Opcode
from missions.item_download import DownloadTransfer
from missions.item_upload import ClearTransfer, UploadTransfer
from missions.mavlink import mavlink2 as m
from missions.transfer import Address, Outcome, TransferResult
from missions.verified import Download, VerifiedUpload
from tests.unit.fuzz.hostile import STATION, VEHICLE, is_for_us, is_from_vehicle, messages, received

# A mission's waypoints, a fence of one polygon, rally points: five of each.
_COMMANDS = {MissionKind.MISSION: (16, 3, 0.0), MissionKind.FENCE: (5001, 0, 5.0), MissionKind.RALLY: (5100, 3, 0.0)}
ITEMS = {
    kind: tuple(
        WireItem(kind, seq, command, frame, param1, x=490_000_000 + seq % 3 * 1000, y=200_000_000 + seq * 700, z=40.0)
        for seq in range(5)
    )
    for kind, (command, frame, param1) in _COMMANDS.items()
}
KINDS = (
    "MISSION_REQUEST", "MISSION_REQUEST_INT", "MISSION_ACK", "MISSION_COUNT", "MISSION_ITEM_INT", "MISSION_ITEM",
    "MISSION_CURRENT", "STATUSTEXT", "COMMAND_ACK", "FILE_TRANSFER_PROTOCOL",
)  # fmt: skip
MOST_S = 900.0
FEW = settings(max_examples=60, stateful_step_count=30, deadline=None, derandomize=True, phases=(Phase.generate,),
               suppress_health_check=list(HealthCheck))  # fmt: skip


class PlanMachine(RuleBasedStateMachine):
    """Whatever comes: no crash, one end, and nothing believed that was not said by the vehicle to this station."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 100.0
        self.machine: Any = None
        self.first_result: TransferResult | None = None
        self.true_items: list[WireItem] = []
        self.accepted = False
        self.asked: list[FtpPacket] = []

    @initialize(
        which=st.sampled_from(("upload", "download", "clear", "verified", "verified by file", "download by file")),
        kind=st.sampled_from(list(MissionKind)), window=st.integers(1, 8),
    )  # fmt: skip
    def begin(self, which: str, kind: MissionKind, window: int) -> None:
        vehicle, station = Address(*VEHICLE), Address(*STATION)
        peer = FtpPeer(_number=10, _session=3)
        self.which, self.kind, self.items = which, kind, ITEMS[kind]
        self.machine = {
            "upload": lambda: UploadTransfer(kind, self.items, vehicle, station, window),
            "download": lambda: DownloadTransfer(kind, vehicle, station, window),
            "clear": lambda: ClearTransfer(kind, vehicle, station),
            "verified": lambda: VerifiedUpload(kind, self.items, vehicle, station, window),
            "verified by file": lambda: VerifiedUpload(kind, self.items, vehicle, station, window, ftp=peer),
            "download by file": lambda: Download(kind, vehicle, station, window, ftp=peer),
        }[which]()
        out = self.machine.start(self.now_s)
        assert out
        self._sent(out)

    def _sent(self, out: list[Any]) -> None:
        for each in out:
            assert (each.target_system, each.target_component) == VEHICLE
            if each.get_type() == "FILE_TRANSFER_PROTOCOL":
                packet = FtpPacket.from_payload(each.payload)
                assert packet is not None
                self.asked = [*self.asked[-20:], packet]

    def _give(self, message: Any) -> None:
        ours = is_from_vehicle(message) and is_for_us(message)
        if ours and message.get_type() == "MISSION_ITEM_INT" and message.mission_type == self.kind:
            self.true_items.append(decode(message))
        if ours and message.get_type() == "MISSION_ACK" and message.type == 0 and message.mission_type == self.kind:
            self.accepted = True
        before = (self.machine.result, self.machine.next_deadline_s, self.machine.progress)
        out = self.machine.on_message(message, self.now_s)
        if not ours or before[0] is not None:
            assert out == [], "nothing is answered to others, nor after the end"
            assert (self.machine.result, self.machine.next_deadline_s, self.machine.progress) == before
        self._sent(out)

    @rule(message=messages(KINDS))
    def hostile(self, message: Any) -> None:
        self._give(message)

    @rule(seq=st.integers(0, 6), old=st.booleans())
    def asks(self, seq: int, old: bool) -> None:
        kind = m.MAVLink_mission_request_message if old else m.MAVLink_mission_request_int_message
        self._give(received(kind(*STATION, seq, int(self.kind))))

    @rule(result=st.sampled_from((0, 0, 1, 4, 13, 14, 15)))
    def acknowledges(self, result: int) -> None:
        self._give(received(m.MAVLink_mission_ack_message(*STATION, result, int(self.kind))))

    @rule(count=st.sampled_from((0, 4, 5, 5, 5, 6, 65535)))
    def counts(self, count: int) -> None:
        self._give(received(m.MAVLink_mission_count_message(*STATION, count, int(self.kind))))

    @rule(seq=st.integers(0, 4), right=st.booleans())
    def answers(self, seq: int, right: bool) -> None:
        item = self.items[seq] if right else WireItem(self.kind, seq, 16, 3, x=1, y=2, z=3.0)
        self._give(received(encode(item, *STATION)))

    @precondition(lambda self: self.asked)
    @rule(data=st.data(), good=st.booleans(), shift=st.sampled_from((0, 0, 0, 3)), content=st.binary(max_size=239))
    def answers_of_a_file(self, data: Any, good: bool, shift: int, content: bytes) -> None:
        asked = data.draw(st.sampled_from(self.asked))
        packet = FtpPacket(
            number=(asked.number + 1 + shift) % 65536, session=asked.session,
            opcode=Opcode.ACK if good else Opcode.NAK, size=len(content), asked_opcode=asked.opcode,
            burst_complete=False, offset=asked.offset, data=content,
        )  # fmt: skip
        self._give(received(packet.message(Address(*STATION))))

    @rule(seconds=st.sampled_from((0.0, 0.3, 1.0, 2.0, 9.5)))
    def waits(self, seconds: float) -> None:
        self.now_s += seconds
        self._sent(self.machine.on_time(self.now_s))

    @precondition(lambda self: self.first_result is None)
    @rule()
    def cancels_seldom(self) -> None:
        if self.now_s > 140.0:
            self.machine.cancel(self.now_s)

    @invariant()
    def ends_once(self) -> None:
        if self.machine is None:
            return
        result = self.machine.result
        if self.first_result is not None:
            assert result is self.first_result, "an end is an end"
        elif result is not None:
            self.first_result = result
            self._is_true(result)
        assert 0.0 <= self.machine.progress <= 1.0
        assert (self.machine.next_deadline_s is None) == (result is not None)

    def _is_true(self, result: TransferResult) -> None:
        if result.outcome is not Outcome.DONE:
            assert result.reason, "why not is always told"
            return
        if self.which in ("upload", "clear"):
            assert self.accepted, "the vehicle said so, to us"
            return
        if result.method != "ftp":
            assert all(item in self.true_items for item in result.items), "read from the vehicle"
        if self.which.startswith("verified"):
            newest = {item.seq: item for item in result.items}
            assert not compare_items(self.kind, self.items, [newest[seq] for seq in sorted(newest)])

    def teardown(self) -> None:
        if self.machine is None:
            return
        end_s = self.now_s + MOST_S
        while self.machine.result is None:
            assert self.now_s < end_s, "silence ends it too"
            self.now_s = max(self.now_s + 0.01, self.machine.next_deadline_s)
            self._sent(self.machine.on_time(self.now_s))
        self.ends_once()


TestPlanMachines = PlanMachine.TestCase
TestPlanMachines.settings = FEW
