"""The machines of the mission protocol against frames that mean no good."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from missions.codec import MissionKind, WireItem, compare_items, decode, encode
from missions.item_download import DownloadTransfer
from missions.item_upload import ClearTransfer, UploadTransfer
from missions.mavlink import mavlink2 as m
from missions.transfer import Address, Outcome, TransferResult
from missions.verified import VerifiedUpload
from tests.unit.fuzz.hostile import STATION, VEHICLE, is_for_us, is_from_vehicle, messages, received

ITEMS = tuple(
    WireItem(MissionKind.MISSION, seq, 16, 3, x=490_000_000 + seq * 1000, y=200_000_000, z=40.0) for seq in range(5)
)
KINDS = (
    "MISSION_REQUEST", "MISSION_REQUEST_INT", "MISSION_ACK", "MISSION_COUNT", "MISSION_ITEM_INT", "MISSION_ITEM",
    "MISSION_CURRENT", "STATUSTEXT", "COMMAND_ACK",
)  # fmt: skip
MOST_S = 900.0
FEW = settings(max_examples=25, stateful_step_count=30, deadline=None, derandomize=True, phases=(Phase.generate,),
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

    @initialize(which=st.sampled_from(("upload", "download", "clear", "verified")), window=st.integers(1, 8))
    def begin(self, which: str, window: int) -> None:
        vehicle, station = Address(*VEHICLE), Address(*STATION)
        kind = MissionKind.MISSION
        self.which = which
        self.machine = {
            "upload": lambda: UploadTransfer(kind, ITEMS, vehicle, station, window),
            "download": lambda: DownloadTransfer(kind, vehicle, station, window),
            "clear": lambda: ClearTransfer(kind, vehicle, station),
            "verified": lambda: VerifiedUpload(kind, ITEMS, vehicle, station, window),
        }[which]()
        assert self.machine.start(self.now_s)

    def _give(self, message: Any) -> None:
        ours = is_from_vehicle(message) and is_for_us(message)
        if ours and message.get_type() == "MISSION_ITEM_INT" and message.mission_type == 0:
            self.true_items.append(decode(message))
        if ours and message.get_type() == "MISSION_ACK" and message.type == 0 and message.mission_type == 0:
            self.accepted = True
        before = (self.machine.result, self.machine.next_deadline_s, self.machine.progress)
        out = self.machine.on_message(message, self.now_s)
        if not ours or before[0] is not None:
            assert out == [], "nothing is answered to others, nor after the end"
            assert (self.machine.result, self.machine.next_deadline_s, self.machine.progress) == before
        for each in out:
            assert (each.target_system, each.target_component) == VEHICLE

    @rule(message=messages(KINDS))
    def hostile(self, message: Any) -> None:
        self._give(message)

    @rule(seq=st.integers(0, 6), old=st.booleans())
    def asks(self, seq: int, old: bool) -> None:
        kind = m.MAVLink_mission_request_message if old else m.MAVLink_mission_request_int_message
        self._give(received(kind(*STATION, seq, 0)))

    @rule(result=st.sampled_from((0, 0, 1, 4, 13, 14, 15)))
    def acknowledges(self, result: int) -> None:
        self._give(received(m.MAVLink_mission_ack_message(*STATION, result, 0)))

    @rule(count=st.sampled_from((0, 4, 5, 5, 5, 6, 65535)))
    def counts(self, count: int) -> None:
        self._give(received(m.MAVLink_mission_count_message(*STATION, count, 0)))

    @rule(seq=st.integers(0, 4), right=st.booleans())
    def answers(self, seq: int, right: bool) -> None:
        item = ITEMS[seq] if right else WireItem(MissionKind.MISSION, seq, 16, 3, x=1, y=2, z=3.0)
        self._give(received(encode(item, *STATION)))

    @rule(seconds=st.sampled_from((0.0, 0.3, 1.0, 2.0, 9.5)))
    def waits(self, seconds: float) -> None:
        self.now_s += seconds
        self.machine.on_time(self.now_s)

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
        elif self.which == "download":
            assert all(item in self.true_items for item in result.items)
        else:
            newest = {item.seq: item for item in result.items}
            assert all(item in self.true_items for item in result.items), "read back from the vehicle"
            assert not compare_items(MissionKind.MISSION, ITEMS, [newest[seq] for seq in sorted(newest)])

    def teardown(self) -> None:
        if self.machine is None:
            return
        end_s = self.now_s + MOST_S
        while self.machine.result is None:
            assert self.now_s < end_s, "silence ends it too"
            self.now_s = max(self.now_s + 0.01, self.machine.next_deadline_s)
            self.machine.on_time(self.now_s)
        self.ends_once()


TestPlanMachines = PlanMachine.TestCase
TestPlanMachines.settings = FEW
