"""One other program at a router port: its address on the air, how much it may send, what it was allowed and refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from groundstation.link.base import Peer
from groundstation.link.frame import read_header
from groundstation.link.parser import FrameParser
from groundstation.link.permissions import ClientJudge, ClientPermissions, target_of
from missions.mavlink import mavlink2

_BURST_S = 2.0
_DENIED, _TEMPORARILY_REJECTED = 2, 1  # MAV_RESULT
_MISSION_DENIED = 14  # MAV_MISSION_RESULT
_FTP_NAK, _FTP_PROTECTED = 129, 9
_WARNING = 4


class Allowance:
    """So many a second, and two seconds' worth at once."""

    def __init__(self, per_s: float, now_s: float) -> None:
        self._per_s, self._most = per_s, max(per_s * _BURST_S, 1.0)
        self._left, self._at_s = self._most, now_s

    def take(self, now_s: float) -> bool:
        """Whether one more may pass now."""
        return self.take_up_to(now_s, 1) == 1

    def take_up_to(self, now_s: float, count: int) -> int:
        """How many of so many may pass now."""
        self._left = min(self._left + (now_s - self._at_s) * self._per_s, self._most)
        self._at_s = now_s
        taken = min(count, int(self._left))
        self._left -= taken
        return taken


@dataclass
class RouterClient:
    """One program, as far as the router knows it. ``own_system_id``: what it calls itself, 0 while it said nothing."""

    name: str
    port_name: str
    peer: Peer
    address: str
    permissions: ClientPermissions
    allowance: Allowance
    bytes_allowance: Allowance
    write: Callable[[RouterClient, bytes], bool]
    air_system_id: int = 0
    own_system_id: int = 0
    own_component_id: int = 0
    heard_s: float = 0.0
    seq: int = 0
    passed: int = 0
    refused: int = 0
    ignored: int = 0
    limited: int = 0
    sent: int = 0
    parser: FrameParser = field(default_factory=FrameParser)
    judge: ClientJudge = field(init=False)

    def __post_init__(self) -> None:
        self.judge = ClientJudge(self.permissions)

    def send(self, frame: bytes) -> None:
        """One frame to the program."""
        self.sent += self.write(self, frame)

    def next_seq(self) -> int:
        """The sequence number of its next packet on the air."""
        self.seq = (self.seq + 1) & 0xFF
        return self.seq


def frame_of(message: Any, source: tuple[int, int], seq: int) -> bytes:
    """A message of somebody as bytes."""
    codec = mavlink2.MAVLink(None, *source)
    codec.seq = seq
    return bytes(message.pack(codec))


def payload_of(message: Any) -> bytes:
    """The payload of a message."""
    return read_header(frame_of(message, (0, 0), 0)).payload


def refusal(client: RouterClient, message: Any, seq: int, busy: bool = False) -> list[bytes]:
    """What the aircraft would answer if it refused: frames for the client, in the aircraft's name.

    ``busy``: refused only for now, for the station itself has given the same command and has no answer yet.
    """
    target = target_of(message)
    if not target[0]:
        return []
    source = (target[0], target[1] or 1)
    own = (client.own_system_id, client.own_component_id)
    kind, answers = message.get_type(), list[Any]()
    if kind in ("COMMAND_LONG", "COMMAND_INT", "SET_MODE"):
        command = 11 if kind == "SET_MODE" else message.command  # ArduPilot answers SET_MODE with the message's own id
        result = _TEMPORARILY_REJECTED if busy else _DENIED
        answers.append(mavlink2.MAVLink_command_ack_message(command, result, 0, 0, *own))
    elif kind in (
        "MISSION_COUNT",
        "MISSION_ITEM",
        "MISSION_ITEM_INT",
        "MISSION_CLEAR_ALL",
        "MISSION_WRITE_PARTIAL_LIST",
    ):
        kind_of_plan = getattr(message, "mission_type", 0)
        answers.append(mavlink2.MAVLink_mission_ack_message(*own, _MISSION_DENIED, kind_of_plan))
    elif kind == "FILE_TRANSFER_PROTOCOL":
        data = bytes(message.payload)
        seq_number = (int.from_bytes(data[:2], "little") + 1) & 0xFFFF
        payload = seq_number.to_bytes(2, "little") + bytes(
            (data[2], _FTP_NAK, 1, data[3], 0, 0, 0, 0, 0, 0, _FTP_PROTECTED)
        )
        answers.append(mavlink2.MAVLink_file_transfer_protocol_message(0, *own, list(payload.ljust(251, b"\0"))))
    return [frame_of(answer, source, seq) for answer in answers]


def refusal_text(message: Any, what: str, seq: int) -> bytes | None:
    """A text in the aircraft's name, for those who wait for no answer."""
    target = target_of(message)
    if not target[0]:
        return None
    text = f"Station: not permitted: {what}"[:50].encode("ascii", errors="replace")
    return frame_of(mavlink2.MAVLink_statustext_message(_WARNING, text), (target[0], target[1] or 1), seq)


def read_parameter(message: Any, client: RouterClient) -> bytes | None:
    """The payload of a question for the parameter that the client was not allowed to set, so that it sees the value."""
    if message.get_type() != "PARAM_SET":
        return None
    question = mavlink2.MAVLink_param_request_read_message(
        message.target_system, message.target_component, message.param_id.encode("ascii", errors="replace"), -1
    )
    return payload_of(question)
