"""The vehicle's side of the mission protocol, for one kind of list: it pulls an upload and answers a download."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from missions.mavlink import mavlink2 as m
from sim.autopilot.items import Item, is_located
from sim.autopilot.outgoing import Outbox

UPLOAD_TIMEOUT_S = 8.0
REASK_S = 1.0

_NAMES = {m.MAV_MISSION_TYPE_MISSION: "Mission", m.MAV_MISSION_TYPE_FENCE: "Fence", m.MAV_MISSION_TYPE_RALLY: "Rally"}


class ItemStore(Protocol):
    """What holds the items of one kind."""

    max_items: int
    has_home: bool
    """Item 0 is home and can be read even from an empty list."""

    def count(self) -> int:
        """How many there are, home included in a mission."""
        ...

    def get(self, seq: int) -> Item:
        """The item at ``seq``; ``seq`` is below :meth:`count`."""
        ...

    def begin(self, count: int) -> None:
        """An upload of ``count`` items begins."""
        ...

    def put(self, seq: int, item: Item) -> int:
        """Replace or append one; ``MAV_MISSION_RESULT``."""
        ...

    def complete(self) -> tuple[int, tuple[str, ...]]:
        """The last item is in: ``(MAV_MISSION_RESULT, texts for the ground)``."""
        ...

    def abandon(self) -> None:
        """The upload ended before its last item."""
        ...

    def clear(self) -> bool:
        """Empty the list; False when that may not be done now."""
        ...


@dataclass
class _Upload:
    channel: int
    sysid: int
    compid: int
    want: int
    last: int
    received_s: float
    requested_s: float


def item_of(msg: Any) -> Item:
    """The content of ``MISSION_ITEM_INT`` or of the old ``MISSION_ITEM`` with its float degrees."""
    x, y = msg.x, msg.y
    if msg.get_type() == "MISSION_ITEM":
        # Rounded to nearest; the real harm is done by float32, 0.7 m at worst, before it comes here.
        scale, most = (1e7, 180.0) if is_located(msg.command) or msg.mission_type != 0 else (1.0, 2.0**31 - 1)
        # Off the globe, or no number: some value that is refused as a position.
        x, y = (round(v * scale) if abs(v) <= most else 0x7FFFFFFF for v in (x, y))
    return Item(
        msg.command, msg.frame, msg.param1, msg.param2, msg.param3, msg.param4, int(x), int(y), msg.z, msg.autocontinue
    )


class ItemProtocol:
    """State machine of one ``mission_type``: :meth:`handle` for each message, :meth:`step` for its timers."""

    def __init__(self, mission_type: int, store: ItemStore, outbox: Outbox) -> None:
        self.mission_type = mission_type
        self._store = store
        self._out = outbox
        self._upload: _Upload | None = None
        self._told_old_item = self._told_old_request = False

    @property
    def receiving(self) -> bool:
        """An upload is under way."""
        return self._upload is not None

    def handle(self, channel: int, msg: Any, now_s: float) -> None:
        """Take a message of this ``mission_type``."""
        handlers: dict[str, Callable[[int, Any, float], None]] = {
            "MISSION_COUNT": self._on_count,
            "MISSION_ITEM_INT": self._on_item,
            "MISSION_ITEM": self._on_item,
            "MISSION_REQUEST_LIST": self._on_request_list,
            "MISSION_REQUEST_INT": self._on_request,
            "MISSION_REQUEST": self._on_request,
            "MISSION_CLEAR_ALL": self._on_clear,
            "MISSION_WRITE_PARTIAL_LIST": self._on_write_partial,
        }
        handler = handlers.get(msg.get_type())
        if handler is not None:
            handler(channel, msg, now_s)

    def step(self, now_s: float) -> None:
        """Ask again after 1 s, give up 8 s after the last accepted item."""
        upload = self._upload
        if upload is None:
            return
        if now_s - upload.received_s > UPLOAD_TIMEOUT_S:
            self._end()
            self._out.text(m.MAV_SEVERITY_WARNING, f"{_NAMES[self.mission_type]} upload timeout", upload.channel)
            self._send_ack(upload.channel, upload.sysid, upload.compid, m.MAV_MISSION_OPERATION_CANCELLED)
        elif now_s - upload.requested_s > REASK_S:
            self._request(now_s)

    def _send_ack(self, channel: int, sysid: int, compid: int, result: int) -> None:
        self._out.send(channel, m.MAVLink_mission_ack_message(sysid, compid, int(result), self.mission_type))

    def _ack(self, channel: int, msg: Any, result: int) -> None:
        self._send_ack(channel, msg.get_srcSystem(), msg.get_srcComponent(), result)

    def _request(self, now_s: float) -> None:
        upload = self._upload
        assert upload is not None
        upload.requested_s = now_s
        # MISSION_REQUEST, not _INT: this is what ArduPilot sends, and takes MISSION_ITEM_INT for an answer.
        self._out.send(
            upload.channel,
            m.MAVLink_mission_request_message(upload.sysid, upload.compid, upload.want, self.mission_type),
        )

    def _end(self) -> None:
        if self._upload is not None:
            self._upload = None
            self._store.abandon()

    def _cancel_for(self, channel: int, msg: Any) -> bool:
        """End a running upload for its own client's sake; anybody else is denied."""
        if self._upload is None:
            return True
        if (msg.get_srcSystem(), msg.get_srcComponent()) != (self._upload.sysid, self._upload.compid):
            self._ack(channel, msg, m.MAV_MISSION_DENIED)
            return False
        self._end()
        return True

    def _begin(self, channel: int, msg: Any, first: int, last: int, now_s: float) -> None:
        self._told_old_item = self._told_old_request = False
        self._upload = _Upload(channel, msg.get_srcSystem(), msg.get_srcComponent(), first, last, now_s, now_s)
        self._request(now_s)

    def _on_count(self, channel: int, msg: Any, now_s: float) -> None:
        if not self._cancel_for(channel, msg):
            return
        if msg.count > self._store.max_items:
            self._ack(channel, msg, m.MAV_MISSION_NO_SPACE)
            self._out.text(m.MAV_SEVERITY_WARNING, f"Only {self._store.max_items} items are supported")
            return
        self._store.begin(msg.count)
        if msg.count == 0:
            self._complete(channel, msg)
            return
        self._begin(channel, msg, 0, msg.count - 1, now_s)

    def _on_write_partial(self, channel: int, msg: Any, now_s: float) -> None:
        if self._upload is not None:
            self._ack(channel, msg, m.MAV_MISSION_DENIED)
            return
        count = self._store.count()
        if not 0 <= msg.start_index <= msg.end_index <= count or self.mission_type != m.MAV_MISSION_TYPE_MISSION:
            self._ack(channel, msg, m.MAV_MISSION_ERROR)
            return
        self._begin(channel, msg, msg.start_index, msg.end_index, now_s)

    def _on_item(self, channel: int, msg: Any, now_s: float) -> None:
        upload = self._upload
        if upload is None:
            # ArduPilot says ERROR to an item that nobody asked for.
            self._ack(channel, msg, m.MAV_MISSION_ERROR)
            return
        if msg.get_type() == "MISSION_ITEM" and not self._told_old_item:
            self._told_old_item = True
            self._out.text(m.MAV_SEVERITY_WARNING, "got MISSION_ITEM; GCS should send MISSION_ITEM_INT")
        if msg.seq != upload.want:
            self._ack(channel, msg, m.MAV_MISSION_INVALID_SEQUENCE)
            return
        if (msg.get_srcSystem(), msg.get_srcComponent()) != (upload.sysid, upload.compid):
            self._ack(channel, msg, m.MAV_MISSION_DENIED)
            return
        result = self._store.put(msg.seq, item_of(msg))
        if result != m.MAV_MISSION_ACCEPTED:
            self._end()
            self._ack(channel, msg, result)
            return
        upload.received_s = now_s
        upload.want += 1
        if upload.want > upload.last:
            self._complete(upload.channel, msg)
        else:
            self._request(now_s)

    def _complete(self, channel: int, msg: Any) -> None:
        self._upload = None
        result, texts = self._store.complete()
        for text in texts:
            severity = m.MAV_SEVERITY_INFO if result == m.MAV_MISSION_ACCEPTED else m.MAV_SEVERITY_WARNING
            self._out.text(severity, text)
        self._ack(channel, msg, result)

    def _on_request_list(self, channel: int, msg: Any, now_s: float) -> None:
        if self._upload is not None:
            self._ack(channel, msg, m.MAV_MISSION_DENIED)
            return
        self._send_count(channel, msg)

    def _send_count(self, channel: int, msg: Any) -> None:
        self._out.send(
            channel,
            m.MAVLink_mission_count_message(
                msg.get_srcSystem(), msg.get_srcComponent(), self._store.count(), self.mission_type
            ),
        )

    def _on_request(self, channel: int, msg: Any, now_s: float) -> None:
        if self._upload is not None:
            self._ack(channel, msg, m.MAV_MISSION_DENIED)
            return
        if msg.seq >= self._store.count() and not (msg.seq == 0 and self._store.has_home):
            self._send_count(channel, msg)
            self._ack(channel, msg, m.MAV_MISSION_INVALID_SEQUENCE)
            return
        item = self._store.get(msg.seq)
        to = (msg.get_srcSystem(), msg.get_srcComponent())
        head = (*to, msg.seq, item.frame, item.command, 0, item.autocontinue)
        params = (item.param1, item.param2, item.param3, item.param4)
        if msg.get_type() == "MISSION_REQUEST_INT":
            self._out.send(
                channel, m.MAVLink_mission_item_int_message(*head, *params, item.x, item.y, item.z, self.mission_type)
            )
            return
        if not self._told_old_request:
            self._told_old_request = True
            self._out.text(m.MAV_SEVERITY_WARNING, "got MISSION_REQUEST; use MISSION_REQUEST_INT!")
        scale = 1e7 if self.mission_type != m.MAV_MISSION_TYPE_MISSION or is_located(item.command) else 1.0
        self._out.send(
            channel,
            m.MAVLink_mission_item_message(*head, *params, item.x / scale, item.y / scale, item.z, self.mission_type),
        )

    def _on_clear(self, channel: int, msg: Any, now_s: float) -> None:
        if not self._cancel_for(channel, msg):
            return
        self._ack(channel, msg, m.MAV_MISSION_ACCEPTED if self._store.clear() else m.MAV_MISSION_ERROR)
