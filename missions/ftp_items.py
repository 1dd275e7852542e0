"""Missions, fences and rally points as ArduPilot's files ``@MISSION/mission.dat``, ``fence.dat`` and ``rally.dat``.

The layout was read in ArduPilot's ``AP_Filesystem_Mission``: five little-endian 16-bit numbers (magic 0x763d, mission
type, options, first sequence number, count), then each item as the 38 bytes of a ``MISSION_ITEM_INT``.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

from geofences.errors import PlanError
from missions.codec import MissionKind, WireItem
from missions.ftp import DATA_BYTES, FtpMachine, FtpOutcome, FtpPeer, FtpResult
from missions.ftp_read import FtpRead
from missions.ftp_write import FtpWrite, Piece
from missions.transfer import Address, Outcome, TransferResult

FILES = {
    MissionKind.MISSION: "@MISSION/mission.dat",
    MissionKind.FENCE: "@MISSION/fence.dat",
    MissionKind.RALLY: "@MISSION/rally.dat",
}
MAGIC = 0x763D
_HEADER = struct.Struct("<HHHHH")
# param1..4, x, y, z, seq, command, target system, target component, frame, current, autocontinue, mission type
_ITEM = struct.Struct("<ffffiifHHBBBBBB")


def encode_file(kind: MissionKind, items: Sequence[WireItem], target: Address) -> bytes:
    """The whole file. Raises ``ValueError`` for items that are not one list of ``kind`` numbered from 0."""
    if any(i.seq != n or i.kind is not kind for n, i in enumerate(items)):
        raise ValueError(f"the items are not one {kind.name.lower()} numbered from 0")
    head = _HEADER.pack(MAGIC, int(kind), 0, 0, len(items))
    return head + b"".join(
        _ITEM.pack(
            i.param1, i.param2, i.param3, i.param4, i.x, i.y, i.z, i.seq, i.command,
            target.system_id, target.component_id, i.frame, i.current, i.autocontinue, int(kind),
        )
        for i in items
    )  # fmt: skip


def decode_file(kind: MissionKind, data: bytes) -> tuple[WireItem, ...]:
    """The items of a file. Raises :class:`PlanError` for what is no such file, or not whole."""
    name = FILES[kind]
    if len(data) < _HEADER.size:
        raise PlanError(f"{name}: only {len(data)} bytes", "read it again")
    magic, mission_type, _, start, count = _HEADER.unpack_from(data)
    if magic != MAGIC or mission_type != kind or start != 0:
        raise PlanError(f"{name}: the header is {data[: _HEADER.size].hex()}", "use the item protocol instead")
    if len(data) != _HEADER.size + count * _ITEM.size:
        raise PlanError(f"{name}: {len(data)} bytes for {count} items", "read it again")
    items = []
    for seq in range(count):
        p1, p2, p3, p4, x, y, z, number, command, _, _, frame, current, autocontinue, item_type = _ITEM.unpack_from(
            data, _HEADER.size + seq * _ITEM.size
        )
        if number != seq or item_type != kind:
            raise PlanError(f"{name}: item {seq} says it is item {number} of list {item_type}", "read it again")
        items.append(WireItem(kind, seq, command, frame, p1, p2, p3, p4, x, y, z, current, autocontinue))
    return tuple(items)


def file_size(head: bytes) -> int | None:
    """How long a file is by its first bytes."""
    if len(head) < _HEADER.size:
        return None
    magic, *_, count = _HEADER.unpack_from(head)
    return _HEADER.size + int(count) * _ITEM.size if magic == MAGIC else None


def pieces(data: bytes) -> tuple[Piece, ...]:
    """A file in the order of writing: the piece with the header last."""
    more = [(start, data[start : start + DATA_BYTES]) for start in range(DATA_BYTES, len(data), DATA_BYTES)]
    return (*more, (0, data[:DATA_BYTES]))


_OUTCOMES = {
    FtpOutcome.DONE: Outcome.DONE,
    FtpOutcome.REFUSED: Outcome.REFUSED,
    FtpOutcome.TIMEOUT: Outcome.TIMEOUT,
    FtpOutcome.CANCELLED: Outcome.CANCELLED,
}


class _FileTransfer:
    """A file machine with the face of :class:`missions.transfer.Transfer`."""

    def __init__(self, kind: MissionKind, machine: FtpMachine) -> None:
        self.kind = kind
        self._machine = machine
        self._result: TransferResult | None = None

    @property
    def result(self) -> TransferResult | None:
        """None while it runs."""
        return self._result

    @property
    def next_deadline_s(self) -> float | None:
        """When :meth:`on_time` wants to be called."""
        return self._machine.next_deadline_s

    @property
    def progress(self) -> float:
        """0 to 1."""
        return self._machine.progress

    def start(self, now_s: float) -> list[Any]:
        """The first messages."""
        return self._machine.start(now_s)

    def on_message(self, message: Any, now_s: float) -> list[Any]:
        """Answers to a message."""
        return self._then(self._machine.on_message(message, now_s))

    def on_time(self, now_s: float) -> list[Any]:
        """What is due now."""
        return self._then(self._machine.on_time(now_s))

    def cancel(self, now_s: float) -> list[Any]:
        """Give up."""
        return self._then(self._machine.cancel(now_s))

    def _then(self, messages: list[Any]) -> list[Any]:
        if self._result is None and self._machine.result is not None:
            self._result = self._translate(self._machine.result)
        return messages

    def _translate(self, result: FtpResult) -> TransferResult:
        return TransferResult(
            _OUTCOMES[result.outcome], result.reason, elapsed_s=result.elapsed_s,
            may_take_effect=result.may_take_effect,
        )  # fmt: skip


class FileUpload(_FileTransfer):
    """A list onto the aircraft in one file. An empty list empties the aircraft's."""

    def __init__(
        self, kind: MissionKind, items: Sequence[WireItem], target: Address, own: Address, peer: FtpPeer
    ) -> None:
        content = pieces(encode_file(kind, items, target))
        self._write = FtpWrite(FILES[kind], content, target, own, peer)
        super().__init__(kind, self._write)

    @property
    def may_take_effect(self) -> bool:
        """Whether the aircraft may have all of it already."""
        return self._write.may_take_effect


class FileDownload(_FileTransfer):
    """A list from the aircraft in one file."""

    def __init__(self, kind: MissionKind, target: Address, own: Address, peer: FtpPeer) -> None:
        super().__init__(kind, FtpRead(FILES[kind], target, own, peer, file_size, most_bytes=65536 * _ITEM.size))

    def _translate(self, result: FtpResult) -> TransferResult:
        if result.ok:
            try:
                items = decode_file(self.kind, result.data)
            except PlanError as error:
                return TransferResult(Outcome.REFUSED, str(error), elapsed_s=result.elapsed_s)
            return TransferResult(Outcome.DONE, items=items, elapsed_s=result.elapsed_s)
        return super()._translate(result)
