"""The transaction, with an aircraft that fails where it is told to: in force only when everything is, else undone."""

import asyncio
from dataclasses import replace

import pytest

from groundstation.core.clock import SystemClock
from groundstation.core.records import CommandOutcome, CommandResult, FenceState, VehicleId, VehicleState
from groundstation.vehicle.parameters import ParameterResult
from groundstation.vehicle.plan_transfer import PlanTransfer
from missions.codec import MissionKind, WireItem, items_of
from missions.ftp import FtpPeer
from missions.transfer import Address, Outcome, TransferResult
from missions.verified import Download
from tests.helpers.patrol import small_plan

PLAN = small_plan(49.0, 20.0, 300.0)
OLD_PLAN = small_plan(49.0, 20.0, 300.0, "old", 90.0)
OLD_PARAMETERS = {
    "FENCE_ENABLE": 1.0, "FENCE_TYPE": 7.0, "FENCE_ALT_MAX": 100.0, "FENCE_MARGIN": 2.0, "FENCE_ACTION": 0.0,
    "FENCE_OPTIONS": 1.0, "FENCE_AUTOENABLE": 0.0,
}  # fmt: skip


class FakeAircraft:
    """Holds lists and parameters; ``fail`` names the one step that goes wrong, once."""

    def __init__(self, fail="", armed=False, alive=True):
        self.vehicle_id = VehicleId(1, 1)
        self.address, self.own_address = Address(1, 1), Address(255, 190)
        self.capabilities, self.ftp, self.slow_link = 1, FtpPeer(), False
        self.fence_told_s = 0.0
        self.commanded = []
        self.starting, self.starting_held = 0, dict.fromkeys(MissionKind, ())
        self.fail, self.stays_off, self.words = fail, False, "its own words"
        self.held = {kind: items_of(OLD_PLAN, kind) for kind in MissionKind}
        self.parameters = dict(OLD_PARAMETERS)
        self.writes = 0
        self._state = VehicleState(self.vehicle_id, 0, 0, link_alive=alive, heartbeat_age_s=0.0, armed=armed)

    @property
    def state(self):
        on = self.parameters["FENCE_ENABLE"] == 1.0 and not self.stays_off
        return replace(self._state, fence=FenceState(present=True, enabled=on))

    def now_s(self):
        return 0.0

    def _fails(self, step):
        if self.fail == step:
            self.fail = ""
            return True
        return False

    async def run_transfer(self, transfer, on_progress=None):
        if isinstance(transfer, Download):
            if self._fails(f"read {transfer.kind.name}"):
                return TransferResult(Outcome.TIMEOUT, "no answer")
            return TransferResult(
                Outcome.DONE, items=(self.starting_held if self.starting else self.held)[transfer.kind]
            )
        self.writes += 1
        self.words = "Only 0 items are supported" if self.starting else "its own words"
        if self._fails(f"write {transfer.kind.name}"):
            # As on ArduPilot: the list is cut and partly new.
            self.held[transfer.kind] = transfer._items[:1]
            transfer._holds = "mixture"
            return TransferResult(Outcome.REFUSED, "the aircraft refused: no space")
        if self.starting:
            self.starting -= 1
            transfer._holds = "mixture"
            return TransferResult(Outcome.REFUSED, "the aircraft refused: no space", ack_type=4)
        self.held[transfer.kind] = transfer._items
        return TransferResult(Outcome.DONE)

    async def command(self, command):
        self.commanded.append(command.command)
        if self._fails("enable"):
            return CommandOutcome(CommandResult.FAILED, "no fence")
        return CommandOutcome(CommandResult.ACCEPTED)

    async def get_param(self, name, tries=4):
        if name not in self.parameters:
            return ParameterResult(name, None, False, f"{name}: no answer")
        return ParameterResult(name, self.parameters[name], True)

    async def set_param(self, name, value):
        if self._fails(f"set {name}={value:g}"):
            return ParameterResult(name, None, False, f"{name}: no answer")
        self.parameters[name] = value
        return ParameterResult(name, value, True)

    async def wait_for(self, condition, timeout_s):
        return condition(self.state)

    def texts_since(self, since_s, worst_severity=4):
        return self.words


def _upload(aircraft, check=lambda plan: [], plan=PLAN):
    told = []
    transfer = PlanTransfer(aircraft, plan, check, told.append, SystemClock())
    status = asyncio.run(transfer.upload())
    assert told[-1] == status
    return status, told


def _as_before(aircraft):
    return aircraft.parameters == OLD_PARAMETERS and aircraft.held == {k: items_of(OLD_PLAN, k) for k in MissionKind}


def test_everything_right_is_in_force():
    aircraft = FakeAircraft()
    status, told = _upload(aircraft)
    assert status.phase == "in_force"
    assert (status.mission_verified, status.fence_verified, status.rally_verified) == (True, True, True)
    assert aircraft.held == {kind: items_of(PLAN, kind) for kind in MissionKind}
    assert aircraft.parameters["FENCE_TYPE"] == 5.0
    assert aircraft.parameters["FENCE_OPTIONS"] == 1.0, "other options stay"
    assert "FENCE_MARGIN_XY" not in aircraft.parameters, "absent and harmless"
    phases = [s.phase for s in told]
    assert phases[0] == "checking"
    assert phases.index("uploading") < phases.index("in_force") == len(phases) - 1


@pytest.mark.parametrize(
    "step",
    [
        "write FENCE", "write RALLY", "write MISSION", "set FENCE_ENABLE=0", "set FENCE_TYPE=5", "set FENCE_ALT_MAX=120",
        "set FENCE_ENABLE=1", "enable",
    ],
)  # fmt: skip
def test_a_step_that_fails_is_undone(step):
    aircraft = FakeAircraft(fail=step)
    status, told = _upload(aircraft)
    assert aircraft.fail == "", "the step was reached"
    assert status.phase == "failed"
    assert "put back" in status.detail
    assert (status.mission_verified, status.fence_verified, status.rally_verified) == (False, False, False)
    assert _as_before(aircraft)
    assert "in_force" not in {s.phase for s in told}


@pytest.mark.parametrize("step", ["read FENCE", "read RALLY", "read MISSION"])
def test_what_cannot_be_put_back_is_not_touched(step):
    aircraft = FakeAircraft(fail=step)
    status, _ = _upload(aircraft)
    assert status.phase == "failed"
    assert "not changed" in status.detail
    assert aircraft.writes == 0
    assert _as_before(aircraft)


def test_a_fence_that_the_aircraft_does_not_report_is_not_in_force():
    aircraft = FakeAircraft()
    aircraft.stays_off = True
    status, _ = _upload(aircraft)
    assert status.phase == "failed"
    assert "does not report its fence" in status.detail
    assert "its own words" in status.detail
    assert _as_before(aircraft)


def test_a_report_from_before_the_fence_was_switched_on_is_not_believed():
    """The old fence was on, and what was heard of it last still says so."""
    aircraft = FakeAircraft()
    aircraft.fence_told_s = -5.0
    status, _ = _upload(aircraft)
    assert status.phase == "failed"
    assert "does not report its fence" in status.detail
    assert 512 in aircraft.commanded, "it was asked, not waited for"
    aircraft.fence_told_s = 0.0
    assert _upload(aircraft)[0].phase == "in_force"


def test_an_aircraft_that_has_only_just_started_is_waited_for():
    """It has room for nothing and reads as empty in its first seconds: neither is believed."""
    aircraft = FakeAircraft()
    aircraft.starting = 3
    assert _upload(aircraft)[0].phase == "in_force"
    aircraft = FakeAircraft(fail="write RALLY")
    aircraft.starting = 3
    status, _ = _upload(aircraft)
    assert status.phase == "failed"
    assert "put back" in status.detail
    assert _as_before(aircraft), "the old plan, not the empty lists of the first reading"


def test_an_aircraft_that_never_has_room_is_told():
    aircraft = FakeAircraft()
    aircraft.starting = 100
    status, _ = _upload(aircraft)
    assert status.phase == "failed"
    assert "Only 0 items" in status.detail


def test_an_aircraft_without_a_fence_type_gets_no_plan():
    aircraft = FakeAircraft()
    del aircraft.parameters["FENCE_TYPE"]
    status, _ = _upload(aircraft)
    assert status.phase == "failed"
    assert "FENCE_TYPE" in status.detail
    assert aircraft.writes == 0


@pytest.mark.parametrize(
    ("aircraft", "check", "word"),
    [
        (FakeAircraft(), lambda plan: ["item 3 is outside"], "item 3 is outside"),
        (FakeAircraft(armed=True), lambda plan: [], "armed"),
        (FakeAircraft(alive=False), lambda plan: [], "not heard"),
    ],
)
def test_a_refusal_sends_nothing(aircraft, check, word):
    status, _ = _upload(aircraft, check)
    assert status.phase == "failed"
    assert word in status.detail
    assert "nothing was sent" in status.detail
    assert aircraft.writes == 0


def test_a_failure_that_cannot_be_undone_says_so():
    class Stubborn(FakeAircraft):
        async def run_transfer(self, transfer, on_progress=None):
            if not isinstance(transfer, Download) and transfer.kind is MissionKind.MISSION:
                return TransferResult(Outcome.REFUSED, "no")
            return await super().run_transfer(transfer, on_progress)

    status, _ = _upload(Stubborn())
    assert status.phase == "failed"
    assert "could not be put back" in status.detail


def _verify(aircraft):
    return asyncio.run(PlanTransfer(aircraft, PLAN, lambda p: [], lambda s: None, SystemClock()).verify())


def test_verify_finds_every_difference():
    aircraft = FakeAircraft()
    assert _verify(aircraft).phase == "failed"
    _upload(aircraft)
    writes = aircraft.writes
    assert _verify(aircraft).phase == "in_force"
    assert aircraft.writes == writes
    first = aircraft.held[MissionKind.FENCE][0]
    aircraft.held[MissionKind.FENCE] = (replace(first, x=first.x + 1), *aircraft.held[MissionKind.FENCE][1:])
    assert "item 0 x" in _verify(aircraft).detail
    _upload(aircraft)
    aircraft.parameters["FENCE_ALT_MAX"] = 500.0
    assert "FENCE_ALT_MAX is 500" in _verify(aircraft).detail
    aircraft.parameters["FENCE_ALT_MAX"] = 120.0
    aircraft.parameters["FENCE_ENABLE"] = 0.0
    assert _verify(aircraft).phase == "failed"


def test_items_are_the_codecs():
    assert all(isinstance(i, WireItem) for i in items_of(PLAN, MissionKind.FENCE))
