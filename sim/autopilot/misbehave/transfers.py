"""Misbehaviours of the mission protocol: mission, fence and rally lists."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from missions.mavlink import mavlink2 as m
from sim.autopilot.misbehave.base import FENCE, MISSION, STATION_TWO, Misbehaviour, Said, is_upload_of, kind_of

if TYPE_CHECKING:
    from sim.autopilot.core import Autopilot

_FTP_TERMINATE, _FTP_WRITE, _FTP_NAK, _FTP_FAIL = 1, 7, 129, 1


class UploadAckLost(Misbehaviour):
    name = "upload-ack-lost"
    what = "the MISSION_ACK at the end of every upload is lost"
    source = "1, timers"

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        if kind_of(msg) == "MISSION_ACK" and msg.type == m.MAV_MISSION_ACCEPTED:
            self.times += 1
            return []
        return super().says(channel, msg, now_s)


class ItemsReasked(Misbehaviour):
    name = "items-reasked"
    what = "asks for every item again after 50 ms, whether it has come or not"
    source = "1, timers"

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        if kind_of(msg) == "MISSION_REQUEST":
            self.times += 1
            return [(0.0, channel, msg), (0.05, channel, msg)]
        return super().says(channel, msg, now_s)


class WrongSequenceAcks(Misbehaviour):
    name = "wrong-sequence-acks"
    what = "sends MISSION_ACK INVALID_SEQUENCE beside every request of an upload, which goes on all the same"
    source = "1, errors during upload"

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        if kind_of(msg) == "MISSION_REQUEST":
            self.times += 1
            to = (msg.target_system, msg.target_component)
            noise = m.MAVLink_mission_ack_message(*to, m.MAV_MISSION_INVALID_SEQUENCE, msg.mission_type)
            return [(0.0, channel, noise), (0.0, channel, msg)]
        return super().says(channel, msg, now_s)


class UploadGivenUp(Misbehaviour):
    name = "upload-given-up"
    what = "hears nothing of a mission upload after item 1, once: CANCELLED and a text after 8 s, half a mission stays"
    source = "1, timers; not atomic"

    def hears(self, channel: int, msg: Any, now_s: float) -> float | None:
        if is_upload_of(msg, MISSION) and msg.seq >= 2 and not self._over(now_s):
            self.times += 1
            return None
        return 0.0

    def __init__(self, vehicle: Autopilot, rng: random.Random) -> None:
        super().__init__(vehicle, rng)
        self._since_s: float | None = None

    def _over(self, now_s: float) -> bool:
        if self._since_s is None:
            self._since_s = now_s
        return now_s - self._since_s > 8.5


class OtherUploader(Misbehaviour):
    name = "other-uploader"
    what = "another station begins a mission upload when ours does and never goes on: DENIED for 8 s"
    source = "1, who may upload"

    def hears(self, channel: int, msg: Any, now_s: float) -> float | None:
        ours = kind_of(msg) == "MISSION_COUNT" and msg.get_srcSystem() != STATION_TWO[0]
        if ours and msg.mission_type == MISSION and self.times == 0:
            self.times += 1
            self._vehicle.other_station_says(m.MAVLink_mission_count_message(1, 1, 3, MISSION), *STATION_TWO)
        return 0.0


class ReadBackUnanswered(Misbehaviour):
    name = "read-back-unanswered"
    what = "every fifth request for an item is not answered"
    source = "2, once in about 230 read-backs"

    def __init__(self, vehicle: Autopilot, rng: random.Random) -> None:
        super().__init__(vehicle, rng)
        self._asked = 0

    def hears(self, channel: int, msg: Any, now_s: float) -> float | None:
        if kind_of(msg) == "MISSION_REQUEST_INT":
            self._asked += 1
            if self._asked % 5 == 0:
                self.times += 1
                return None
        return 0.0


class NoSpace(Misbehaviour):
    name = "no-space"
    what = "refuses any mission of more than three items: NO_SPACE at once, the reason in a text"
    source = "1, size"

    def hears(self, channel: int, msg: Any, now_s: float) -> float | None:
        if kind_of(msg) == "MISSION_COUNT":
            self._vehicle.mission_store.max_items = 3
        return 0.0

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        if kind_of(msg) == "MISSION_ACK" and msg.type == m.MAV_MISSION_NO_SPACE:
            self.times += 1
        return super().says(channel, msg, now_s)


class FenceRefusedLateText(Misbehaviour):
    name = "fence-refused-late-text"
    what = "refuses every fence with ERROR and no index; the reason comes as a text 0.4 s later"
    source = "2, wrong vertex count"

    def hears(self, channel: int, msg: Any, now_s: float) -> float | None:
        if kind_of(msg) == "MISSION_COUNT":
            self._vehicle.fence_store.refuses_all = True
        return 0.0

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        if kind_of(msg) == "MISSION_ACK" and msg.mission_type == FENCE and msg.type == m.MAV_MISSION_ERROR:
            self.times += 1
            text = m.MAVLink_statustext_message(m.MAV_SEVERITY_WARNING, b"Fence exceeds storage size")
            return [(0.0, channel, msg), (0.4, None, text)]
        return super().says(channel, msg, now_s)


class TailLost(Misbehaviour):
    name = "mission-tail-lost"
    what = "accepts a mission and keeps all but its last item"
    source = "1, verify"

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        if kind_of(msg) == "MISSION_ACK" and msg.mission_type == MISSION and msg.type == m.MAV_MISSION_ACCEPTED:
            store = self._vehicle.mission_store
            if store.count() > 3:
                self.times += 1
                store.begin(store.count() - 1)
                store.abandon()
        return super().says(channel, msg, now_s)


class ItemAltered(Misbehaviour):
    name = "item-altered"
    what = "accepts a mission and keeps its second waypoint 11 m north of where it was sent"
    source = "1, verify"

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        if kind_of(msg) == "MISSION_ACK" and msg.mission_type == MISSION and msg.type == m.MAV_MISSION_ACCEPTED:
            store = self._vehicle.mission_store
            if store.count() > 3:
                self.times += 1
                store.put(3, replace(store.get(3), x=store.get(3).x + 1000))
        return super().says(channel, msg, now_s)


class IntFrames(Misbehaviour):
    name = "int-frames"
    what = "reads back GLOBAL_RELATIVE_ALT_INT where GLOBAL_RELATIVE_ALT was sent, and the other way round"
    source = "1, verify: frames normalised"

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        other = {0: 5, 3: 6, 5: 0, 6: 3}
        if kind_of(msg) == "MISSION_ITEM_INT" and msg.mission_type == MISSION and msg.frame in other:
            self.times += 1
            msg.frame = other[msg.frame]
        return super().says(channel, msg, now_s)


class ItemsTwice(Misbehaviour):
    name = "items-twice"
    what = "answers every request of a read-back twice, the second time 0.1 s late"
    source = "1, timers"

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        if kind_of(msg) in ("MISSION_ITEM_INT", "MISSION_COUNT"):
            self.times += 1
            return [(0.0, channel, msg), (0.1, channel, msg)]
        return super().says(channel, msg, now_s)


class UploadAckLate(Misbehaviour):
    name = "upload-ack-late"
    what = "says every MISSION_ACK twice, the second time 1.5 s later, in the middle of the next transfer"
    source = "1, errors during upload"

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        if kind_of(msg) == "MISSION_ACK":
            self.times += 1
            return [(0.0, channel, msg), (1.5, channel, msg)]
        return super().says(channel, msg, now_s)


class AckBeforeItems(Misbehaviour):
    name = "ack-before-items"
    what = "sends MISSION_ACK ACCEPTED at once after MISSION_COUNT, before any item has come"
    source = "1, errors during upload"

    def hears(self, channel: int, msg: Any, now_s: float) -> float | None:
        if kind_of(msg) == "MISSION_COUNT":
            self.times += 1
            to = (msg.get_srcSystem(), msg.get_srcComponent())
            ack = m.MAVLink_mission_ack_message(*to, m.MAV_MISSION_ACCEPTED, msg.mission_type)
            self._vehicle.outbox.send(channel, ack)
        return 0.0


class AckToAnother(Misbehaviour):
    name = "ack-to-another"
    what = "loses our items after item 1 and sends MISSION_ACK ACCEPTED that is meant for another station"
    source = "1, who may upload; 5, routing"

    def hears(self, channel: int, msg: Any, now_s: float) -> float | None:
        if is_upload_of(msg, MISSION) and msg.seq >= 2:
            self.times += 1
            ack = m.MAVLink_mission_ack_message(*STATION_TWO, m.MAV_MISSION_ACCEPTED, MISSION)
            self._vehicle.outbox.send(channel, ack)
            return None
        return 0.0


class AsksBeyondTheEnd(Misbehaviour):
    name = "asks-beyond-the-end"
    what = "asks for an item that does not exist before every true question"
    source = "1, who drives"

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        if kind_of(msg) == "MISSION_REQUEST":
            self.times += 1
            to = (msg.target_system, msg.target_component)
            beyond = m.MAVLink_mission_request_message(*to, 60_000, msg.mission_type)
            return [(0.0, channel, beyond), (0.0, channel, msg)]
        return super().says(channel, msg, now_s)


class AsksWithInt(Misbehaviour):
    name = "asks-with-int"
    what = "pulls an upload with MISSION_REQUEST_INT, as the guide says and ArduPilot does not"
    source = "1, who drives"

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        if kind_of(msg) == "MISSION_REQUEST":
            self.times += 1
            to = (msg.target_system, msg.target_component)
            return [(0.0, channel, m.MAVLink_mission_request_int_message(*to, msg.seq, msg.mission_type))]
        return super().says(channel, msg, now_s)


class FenceForgotten(Misbehaviour):
    name = "fence-forgotten"
    what = "accepts a fence and holds none"
    source = "2, verify"

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        if kind_of(msg) == "MISSION_ACK" and msg.mission_type == FENCE and msg.type == m.MAV_MISSION_ACCEPTED:
            self.times += 1
            self._vehicle.fence_store.clear()
        return super().says(channel, msg, now_s)


class EmptyAfterUpload(Misbehaviour):
    name = "empty-at-first"
    what = "answers the first question for each list with a count of 0, as ArduPilot does just after its start"
    source = "2, read-back"

    def __init__(self, vehicle: Autopilot, rng: random.Random) -> None:
        super().__init__(vehicle, rng)
        self._told: set[int] = set()

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        if kind_of(msg) == "MISSION_COUNT" and msg.mission_type not in self._told and msg.count:
            self._told.add(msg.mission_type)
            self.times += 1
            msg.count = 0
        return super().says(channel, msg, now_s)


class NoFtp(Misbehaviour):
    name = "no-ftp"
    what = "firmware built without file transfer: no capability bit, no answer to FILE_TRANSFER_PROTOCOL"
    source = "1, bulk over FTP where the aircraft has it"

    def hears(self, channel: int, msg: Any, now_s: float) -> float | None:
        if kind_of(msg) == "FILE_TRANSFER_PROTOCOL":
            self.times += 1
            return None
        return 0.0

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        if kind_of(msg) == "AUTOPILOT_VERSION":
            self.times += 1
            msg.capabilities &= ~m.MAV_PROTOCOL_CAPABILITY_FTP
        return super().says(channel, msg, now_s)


class FtpSilent(Misbehaviour):
    name = "ftp-silent"
    what = "says that it has file transfer and never answers it"
    source = "1, bulk over FTP: fall back to the item protocol"

    def hears(self, channel: int, msg: Any, now_s: float) -> float | None:
        if kind_of(msg) == "FILE_TRANSFER_PROTOCOL":
            self.times += 1
            return None
        return 0.0


class FtpRefusesClose(Misbehaviour):
    name = "ftp-refuses-close"
    what = "takes every byte of a plan's file and answers its closing with a NAK that gives no reason; the plan stays"
    source = "1, bulk over FTP: failure shows only on close"

    def __init__(self, vehicle: Autopilot, rng: random.Random) -> None:
        super().__init__(vehicle, rng)
        self._writing = False

    def hears(self, channel: int, msg: Any, now_s: float) -> float | None:
        if kind_of(msg) != "FILE_TRANSFER_PROTOCOL":
            return 0.0
        payload = bytes(msg.payload)
        self._writing = self._writing or payload[3] == _FTP_WRITE
        if payload[3] != _FTP_TERMINATE or not self._writing:
            return 0.0
        self._writing = False
        self.times += 1
        # What was written is thrown away before it could be closed.
        self._vehicle.ftp.clear()
        number = (payload[0] | payload[1] << 8) + 1 & 0xFFFF
        head = bytes((number & 255, number >> 8, payload[2], _FTP_NAK, 1, _FTP_TERMINATE, 0, 0, 0, 0, 0, 0, _FTP_FAIL))
        to = (msg.get_srcSystem(), msg.get_srcComponent())
        answer = m.MAVLink_file_transfer_protocol_message(0, *to, list(head.ljust(251, b"\0")))
        self._vehicle.outbox.send(channel, answer)
        return None


ALL: tuple[type[Misbehaviour], ...] = (
    UploadAckLost, ItemsReasked, WrongSequenceAcks, UploadGivenUp, OtherUploader, ReadBackUnanswered, NoSpace,
    FenceRefusedLateText, TailLost, ItemAltered, IntFrames, ItemsTwice, UploadAckLate, AckBeforeItems, AckToAnother,
    AsksBeyondTheEnd, AsksWithInt, FenceForgotten, EmptyAfterUpload, NoFtp, FtpSilent, FtpRefusesClose,
)  # fmt: skip
