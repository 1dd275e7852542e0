"""How transfers run: questions of an upload that is long over, and one that never ends."""

import asyncio

from groundstation.core.records import VehicleId
from groundstation.vehicle.transfer_runner import LONGEST_S, RunningTransfer, TransferRunner
from missions.codec import MissionKind, items_of
from missions.item_upload import UploadTransfer
from missions.mavlink import mavlink2 as m
from missions.transfer import Address, Outcome, TransferResult
from tests.helpers.mavlink_fakes import Sender
from tests.helpers.patrol import small_plan
from tests.helpers.virtual_field import run_virtual


def _request(seq, kind=0):
    return Sender().decoded(m.MAVLink_mission_request_message(255, 190, seq, kind))


def test_a_late_question_of_an_earlier_upload_is_not_an_answer_to_this_one():
    async def main():
        items = items_of(small_plan(49.0, 20.0, 300.0), MissionKind.MISSION)
        upload = UploadTransfer(MissionKind.MISSION, items, Address(1, 1), Address(255, 190))
        running = RunningTransfer(upload, asyncio.get_running_loop().create_future())
        assert running.is_stale(_request(4))
        assert running.is_stale(_request(0, kind=1)), "the question of another list"
        assert not running.is_stale(_request(0))
        assert not running.is_stale(_request(4))
        assert not running.is_stale(Sender().decoded(m.MAVLink_mission_ack_message(255, 190, 0, 0)))

    asyncio.run(main())


class _Endless:
    """A machine that comes to no end."""

    result = None
    next_deadline_s = None
    progress = 0.5

    def start(self, now_s):
        return []

    on_time = start

    def on_message(self, message, now_s):
        return []

    def cancel(self, now_s):
        self.result = TransferResult(Outcome.CANCELLED)
        return ["given up"]


def test_a_transfer_that_never_ends_is_ended():
    sent = []

    async def main(clock):
        runner = TransferRunner(VehicleId(1, 1), sent.extend, lambda: clock.now_s)
        begun_s = clock.now_s
        result = await runner.run(_Endless())
        assert not result.ok
        assert "30 min" in result.reason
        assert clock.now_s - begun_s < LONGEST_S + 1.0
        assert not runner.busy

    run_virtual(main, limit_s=2 * LONGEST_S)
    assert sent == ["given up"]


def test_when_the_station_stops_nothing_begins():
    async def main(clock):
        runner = TransferRunner(VehicleId(1, 1), lambda messages: None, lambda: clock.now_s)
        runner.close("the station stops")
        assert (await runner.run(_Endless())).reason == "the station stops"

    run_virtual(main)
