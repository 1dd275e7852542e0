"""Parts of an aircraft: which messages reach them, where their answers go, and that one that fails harms nobody."""

import asyncio

from groundstation.core.bus import Bus
from groundstation.core.clock import SystemClock
from groundstation.core.records import Fault, VehicleId, VehicleState
from groundstation.link.base import Link
from groundstation.link.loopback import loopback_pair
from groundstation.vehicle.parts import PartSet
from groundstation.vehicle.service import VehicleService
from missions.mavlink import mavlink2 as m
from tests.helpers.mavlink_fakes import Sender, heartbeat
from tests.helpers.waiting import until

CAR = VehicleId(1, 1)
ASK = m.MAVLink_system_time_message(1, 2)


class Listener:
    """Remembers what it heard and answers every SYSTEM_TIME."""

    def __init__(self, vehicle_id, family):
        self.made_for = (vehicle_id, family)
        self.heard = []
        self.told = 0

    def on_message(self, link_name, message, now_s):
        self.heard.append((link_name, message.get_type(), message.get_srcComponent()))
        return [m.MAVLink_ping_message(7, 8, 1, 1)] if message.get_type() == "SYSTEM_TIME" else []

    def on_time(self, state, now_s):
        self.told += 1
        return []

    def faults(self, state, now_s):
        return (Fault("traffic", "critical", "An aeroplane is near", "descend"),)


class Broken:
    def on_message(self, link_name, message, now_s):
        raise RuntimeError("broken")

    def on_time(self, state, now_s):
        raise RuntimeError("broken")

    def faults(self, state, now_s):
        raise RuntimeError("broken")


def test_parts_hear_the_whole_system_and_answer_on_the_link_that_asked():
    async def main():
        near, far = loopback_pair()
        link, wire = Link("radio", near, SystemClock()), Link("aircraft", far, SystemClock(), system_id=1)
        answers = []
        wire.add_listener(lambda message, *_: answers.append(message.get_type()))
        service = VehicleService(Bus(), [link], SystemClock(), lambda plan: [], parts=(lambda v, f: Broken(), Listener))
        await service.start()
        await wire.open()
        autopilot, camera, stranger = Sender(1, 1), Sender(1, 100), Sender(9, 100)
        for sender, message in [
            (autopilot, heartbeat()),
            (camera, m.MAVLink_heartbeat_message(30, 8, 0, 0, 4, 3)),
            (autopilot, ASK),
            (stranger, ASK),
        ]:
            link.on_bytes(sender.packet(message))
        part = service.part(CAR, Listener)
        await until(lambda: "PING" in answers and any(f.key == "traffic" for f in service.state(CAR).faults))
        assert part.made_for == (CAR, "copter")
        assert part.heard == [("radio", "HEARTBEAT", 1), ("radio", "HEARTBEAT", 100), ("radio", "SYSTEM_TIME", 1)]
        assert "PING" in answers
        assert [f.severity for f in service.state(CAR).faults if f.key == "traffic"] == ["critical"]
        assert part.told >= 1
        assert service.part(CAR, int) is None
        await service.stop()
        await wire.close()

    asyncio.run(main())


def test_a_part_that_fails_is_told_once_and_the_others_go_on(caplog):
    parts = PartSet(CAR, "copter", (lambda v, f: Broken(), Listener))
    message = Sender().decoded(ASK)
    for step in range(5):
        assert [a.get_type() for a in parts.on_message("a", message, step * 0.1)] == ["PING"]
    assert len(parts.faults(VehicleState(CAR, 0, 0), 1.0)) == 1
    assert len([r for r in caplog.records if "Broken failed" in r.message]) == 1
