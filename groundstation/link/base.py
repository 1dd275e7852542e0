"""One MAVLink link: a transport that moves bytes, and around it the codec, the counters and the recorder."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from groundstation.core.clock import Clock
from groundstation.core.errors import LinkError
from groundstation.link.statistics import LinkStatistics
from groundstation.link.tlog import PacketRecorder
from missions.mavlink import mavlink2

_log = logging.getLogger("groundstation.link")

GCS_SYSTEM_ID = 255
GCS_COMPONENT_ID = 190  # MAV_COMP_ID_MISSIONPLANNER: what autopilots take for a ground station


class LinkState(Enum):
    """What a link is doing. ``OPEN`` means that bytes can be sent, not that an aircraft answers."""

    CLOSED = "closed"
    CONNECTING = "connecting"
    OPEN = "open"


MessageListener = Callable[[Any, int, int], None]
"""Called with ``(message, t_mono_ns, t_utc_us)`` of arrival, on the link's event loop."""

StateListener = Callable[[LinkState, str], None]


class TransportOwner(Protocol):
    """What a transport tells its link."""

    def on_bytes(self, data: bytes, t_utc_us: int | None = None) -> None:
        """Bytes came in; ``t_utc_us`` when they are from a recording, else now."""
        ...

    def on_transport_state(self, state: LinkState, detail: str) -> None:
        """The transport connected, or lost its peer."""
        ...


class Transport(Protocol):
    """Moves bytes. Lives on one asyncio loop; reconnects by itself until closed."""

    async def open(self, owner: TransportOwner) -> None:
        """Begin. Raises :class:`LinkError` or :class:`PortInUseError` for what waiting does not mend."""
        ...

    def write(self, data: bytes) -> bool:
        """Send one whole packet; False when there is nobody to send to."""
        ...

    async def close(self) -> None:
        """End; no call-back comes afterwards."""
        ...


@dataclass(frozen=True)
class Impairment:
    """What a test does to a good link: the fraction of packets lost, each way, and a delay, each way."""

    loss: float = 0.0
    delay_s: float = 0.0
    seed: int = 0


class Link:
    """A MAVLink 2 link. All methods belong to the event loop on which :meth:`open` was awaited.

    Every packet has this link's own sequence number. Packets that are damaged are counted and never delivered.
    """

    def __init__(
        self,
        name: str,
        transport: Transport,
        clock: Clock,
        recorder: PacketRecorder | None = None,
        impairment: Impairment | None = None,
        system_id: int = GCS_SYSTEM_ID,
        component_id: int = GCS_COMPONENT_ID,
    ) -> None:
        self.name = name
        self.state = LinkState.CLOSED
        self.detail = ""
        self.statistics = LinkStatistics(name)
        self.system_id = system_id
        self.component_id = component_id
        self._transport = transport
        self._clock = clock
        self._recorder = recorder
        self._impairment = impairment or Impairment()
        self._random = random.Random(self._impairment.seed)
        self._codec = mavlink2.MAVLink(None, srcSystem=system_id, srcComponent=component_id)
        self._codec.robust_parsing = True
        self._listeners: list[MessageListener] = []
        self._state_listeners: list[StateListener] = []
        self._connected = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._flusher: asyncio.Task[None] | None = None

    def add_listener(self, listener: MessageListener) -> None:
        """Deliver every good message to ``listener``."""
        self._listeners.append(listener)

    def remove_listener(self, listener: MessageListener) -> None:
        """Stop delivering to ``listener``."""
        if listener in self._listeners:
            self._listeners.remove(listener)

    def add_state_listener(self, listener: StateListener) -> None:
        """Tell ``listener`` of every change of state, with a text for the operator."""
        self._state_listeners.append(listener)

    async def open(self) -> None:
        """Begin; returns at once for links that connect later (see :meth:`wait_connected`).

        Raises :class:`LinkError` or :class:`PortInUseError` for what waiting does not mend.
        """
        if self._loop is not None:
            raise LinkError(f"link {self.name}: is open already")
        self._loop = asyncio.get_running_loop()
        self._set_state(LinkState.CONNECTING, "")
        try:
            await self._transport.open(self)
        except BaseException:
            self._loop = None
            self._set_state(LinkState.CLOSED, "could not be opened")
            raise
        if self._recorder is not None:
            self._flusher = asyncio.create_task(self._flush_each_second(self._recorder))

    async def wait_connected(self, timeout_s: float) -> None:
        """Wait until bytes can be sent. Raises :class:`LinkError` with the last reason when that takes too long."""
        try:
            await asyncio.wait_for(self._connected.wait(), timeout_s)
        except TimeoutError as error:
            raise LinkError(
                f"link {self.name}: no connection within {timeout_s:g} s{': ' + self.detail if self.detail else ''}",
                "check the address, and that the aircraft or simulator is running",
            ) from error

    async def close(self) -> None:
        """End; nothing is delivered afterwards. Calling it twice does no harm."""
        if self._loop is None:
            return
        await self._transport.close()
        self._loop = None
        if self._flusher is not None:
            self._flusher.cancel()
            await asyncio.gather(self._flusher, return_exceptions=True)
            self._flusher = None
        if self._recorder is not None:
            self._recorder.close()
        self._set_state(LinkState.CLOSED, "")

    def send(self, message: Any) -> bool:
        """Pack and send a message; False when there is nobody to send to (it is not kept for later)."""
        if self._loop is None:
            return False
        packet = bytes(message.pack(self._codec))
        self._codec.seq = (self._codec.seq + 1) % 256
        if self._impairment.loss and self._random.random() < self._impairment.loss:
            return True  # lost in the air: the sender cannot know
        if self._impairment.delay_s:
            self._loop.call_later(self._impairment.delay_s, self._write, packet)
            return True
        return self._write(packet)

    def _write(self, packet: bytes) -> bool:
        if self._loop is None or not self._transport.write(packet):
            return False
        self.statistics.bytes_out += len(packet)
        self.statistics.packets_out += 1
        if self._recorder is not None:
            self._recorder.write(self._clock.utc_us(), packet, self._clock.mono_ns())
        return True

    def on_bytes(self, data: bytes, t_utc_us: int | None = None) -> None:
        """Bytes from the transport."""
        if self._loop is None:
            return
        self.statistics.bytes_in += len(data)
        for message in self._codec.parse_buffer(data) or ():
            if message.get_type() == "BAD_DATA":
                self.statistics.bad_packets += 1
                continue
            if self._impairment.loss and self._random.random() < self._impairment.loss:
                continue
            if self._impairment.delay_s:
                self._loop.call_later(self._impairment.delay_s, self._deliver, message, t_utc_us)
            else:
                self._deliver(message, t_utc_us)
        if self._codec.buf_index > 65_536:
            # WORKAROUND for the codec, which frees its buffer only when a read happens to end with a packet.
            del self._codec.buf[: self._codec.buf_index]
            self._codec.buf_index = 0

    def _deliver(self, message: Any, t_utc_us: int | None) -> None:
        if self._loop is None:
            return
        t_mono_ns = self._clock.mono_ns()
        arrival_utc_us = self._clock.utc_us() if t_utc_us is None else t_utc_us
        self.statistics.add(
            (message.get_srcSystem(), message.get_srcComponent()),
            message.get_seq(),
            t_mono_ns,
            len(message.get_msgbuf()),
        )
        if self._recorder is not None:
            self._recorder.write(arrival_utc_us, bytes(message.get_msgbuf()), t_mono_ns)
        if message.get_type().startswith("UNKNOWN_"):
            return
        for listener in tuple(self._listeners):
            try:
                listener(message, t_mono_ns, arrival_utc_us)
            except Exception:
                # One consumer's defect must not cost the others the aircraft.
                _log.exception("link %s: a listener failed on %s", self.name, message.get_type())

    def on_transport_state(self, state: LinkState, detail: str) -> None:
        """The transport connected, or lost its peer."""
        if self._loop is None:
            return
        if state is LinkState.OPEN:
            self.statistics.connections += 1
            # Half a packet of the old connection must not swallow the first one of the new.
            self._codec.buf, self._codec.buf_index = bytearray(), 0
        self._set_state(state, detail)

    def _set_state(self, state: LinkState, detail: str) -> None:
        if state is LinkState.OPEN:
            self._connected.set()
        else:
            self._connected.clear()
        changed = state is not self.state
        if not changed and detail == self.detail:
            return
        self.state, self.detail = state, detail
        if changed:
            _log.info("link %s: %s%s", self.name, state.value, f": {detail}" if detail else "")
        for listener in tuple(self._state_listeners):
            listener(state, detail)

    async def _flush_each_second(self, recorder: PacketRecorder) -> None:
        while True:
            await asyncio.sleep(1.0)
            recorder.flush(self._clock.mono_ns())
