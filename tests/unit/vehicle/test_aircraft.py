"""What an aircraft on a link does with questions of an upload that is long over."""

import asyncio

from groundstation.vehicle.aircraft import _RunningTransfer
from missions.codec import MissionKind, items_of
from missions.item_upload import UploadTransfer
from missions.mavlink import mavlink2 as m
from missions.transfer import Address
from tests.helpers.mavlink_fakes import Sender
from tests.helpers.patrol import small_plan


def _request(seq, kind=0):
    return Sender().decoded(m.MAVLink_mission_request_message(255, 190, seq, kind))


def test_a_late_question_of_an_earlier_upload_is_not_an_answer_to_this_one():
    async def main():
        items = items_of(small_plan(49.0, 20.0, 300.0), MissionKind.MISSION)
        upload = UploadTransfer(MissionKind.MISSION, items, Address(1, 1), Address(255, 190))
        running = _RunningTransfer(upload, asyncio.get_running_loop().create_future())
        assert running.is_stale(_request(4))
        assert running.is_stale(_request(0, kind=1)), "the question of another list"
        assert not running.is_stale(_request(0))
        assert not running.is_stale(_request(4))
        assert not running.is_stale(Sender().decoded(m.MAVLink_mission_ack_message(255, 190, 0, 0)))

    asyncio.run(main())
