"""One MAVLink link: a transport that moves bytes, and around it frames, signing, the counters and the recorder."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from groundstation.core.clock import Clock
from groundstation.core.errors import LinkError
from groundstation.link.frame import (
    SETUP_SIGNING,
    build_frame,
    decode_frame,
    is_signed,
    message_id_of,
    seq_of,
    source_of,
)
from groundstation.link.impairment import Impairer, Impairment
from groundstation.link.parser import FrameParser
from groundstation.link.signing import LinkSigner, Verdict
from groundstation.link.signing_faults import SigningFaults
from groundstation.link.statistics import LinkStatistics
from groundstation.link.tlog import PacketRecorder
from groundstation.link.transport import (
    FaultListener,
    FrameListener,
    LinkState,
    MessageListener,
    Peer,
    SentListener,
    StateListener,
    Transport,
    TransportOwner,
)
from missions.mavlink import mavlink2

__all__ = ["Impairment", "Link", "LinkState", "MessageListener", "Peer", "StateListener", "Transport", "TransportOwner"]

_log = logging.getLogger("groundstation.link")

GCS_SYSTEM_ID = 255
GCS_COMPONENT_ID = 190  # MAV_COMP_ID_MISSIONPLANNER: what autopilots take for a ground station
_HEARTBEAT = 0
_MOST_ROUTES = 4096
_MOST_PARSERS = 1024
_MOST_WAYS = 8
# A system that is heard over several ways is answered over all of them: one may only go down, not up.
_ROUTE_LIFE_NS = 3_000_000_000


class Link:
    """A MAVLink 2 link. All methods belong to the event loop on which :meth:`open` was awaited.

    Every packet has this link's own sequence number. Packets that are damaged, and with a ``signer`` those that are not
    signed rightly, are counted and never delivered, recorded or otherwise believed.

    Where several senders share the link (a listening port), what is addressed to a system goes only to where that was
    heard; what is addressed to nobody goes to all.
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
        signer: LinkSigner | None = None,
    ) -> None:
        self.name = name
        self.state = LinkState.CLOSED
        self.detail = ""
        self.attempts = 0
        """Failed attempts to connect since the link was open last."""
        self.statistics = LinkStatistics(name)
        self.system_id = system_id
        self.component_id = component_id
        self.heartbeat_sent_mono_ns = -(1 << 62)
        self._transport = transport
        self._clock = clock
        self._recorder = recorder
        self._signer = signer
        impairment = impairment or Impairment()
        self._impaired = not impairment.harmless
        self._impair_in, self._impair_out = Impairer(impairment, 0), Impairer(impairment, 1)
        self._codec = mavlink2.MAVLink(None, srcSystem=system_id, srcComponent=component_id)
        self._parsers: dict[Peer, FrameParser] = {}
        self._routes: dict[tuple[int, int], dict[Peer, int]] = {}
        self._listeners: tuple[MessageListener, ...] = ()
        self._frame_listeners: tuple[FrameListener, ...] = ()
        self._sent_listeners: tuple[SentListener, ...] = ()
        self._state_listeners: tuple[StateListener, ...] = ()
        self._signing_faults = SigningFaults(name)
        self._connected = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._each_second: asyncio.Task[None] | None = None

    # -- listeners -----------------------------------------------------------------------------------------------

    def add_listener(self, listener: MessageListener) -> None:
        """Deliver every good message to ``listener``."""
        self._listeners = (*self._listeners, listener)

    def remove_listener(self, listener: MessageListener) -> None:
        """Stop delivering to ``listener``."""
        self._listeners = tuple(each for each in self._listeners if each != listener)

    def add_frame_listener(self, listener: FrameListener) -> None:
        """Show ``listener`` every good frame as it came, those of unknown messages too."""
        self._frame_listeners = (*self._frame_listeners, listener)

    def remove_frame_listener(self, listener: FrameListener) -> None:
        """Stop showing frames to ``listener``."""
        self._frame_listeners = tuple(each for each in self._frame_listeners if each != listener)

    def add_sent_listener(self, listener: SentListener) -> None:
        """Show ``listener`` every message that :meth:`send` has sent."""
        self._sent_listeners = (*self._sent_listeners, listener)

    def remove_sent_listener(self, listener: SentListener) -> None:
        """Stop showing what is sent to ``listener``."""
        self._sent_listeners = tuple(each for each in self._sent_listeners if each != listener)

    def add_state_listener(self, listener: StateListener) -> None:
        """Tell ``listener`` of every change of state, with a text for the operator."""
        self._state_listeners = (*self._state_listeners, listener)

    def add_fault_listener(self, listener: FaultListener) -> None:
        """Tell ``listener`` of standing faults: refused packets and clocks that are off, with what to do."""
        self._signing_faults.add_listener(listener)

    # -- life ----------------------------------------------------------------------------------------------------

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
        self._each_second = asyncio.create_task(self._run_each_second())

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
        if self._each_second is not None:
            self._each_second.cancel()
            await asyncio.gather(self._each_second, return_exceptions=True)
            self._each_second = None
        if self._recorder is not None:
            self._recorder.close()
        if self._signer is not None:
            self._signer.keep()
        self._set_state(LinkState.CLOSED, "")

    @property
    def signed(self) -> bool:
        """Whether this link signs what it sends and believes only what is signed."""
        return self._signer is not None

    @property
    def signer(self) -> LinkSigner | None:
        """What it signs with."""
        return self._signer

    def sign_with(self, signer: LinkSigner | None) -> None:
        """Sign from now on, with another key, or not any more."""
        if self._signer is not None:
            self._signer.keep()
        self._signer = signer

    # -- out -----------------------------------------------------------------------------------------------------

    def send(self, message: Any) -> bool:
        """Pack and send a message; False when there is nobody to send to (it is not kept for later)."""
        if self._loop is None:
            return False
        packet = bytes(message.pack(self._codec))
        self._codec.seq = (self._codec.seq + 1) % 256
        if self._signer is not None:
            packet = self._signer.sign(packet)
        target = getattr(message, "target_system", 0)
        sent = self._send_packet(packet, (target, getattr(message, "target_component", 0)) if target else None)
        if sent and message.get_msgId() == _HEARTBEAT:
            self.heartbeat_sent_mono_ns = self._clock.mono_ns()
        if sent:
            for listener in self._sent_listeners:
                listener(message)
        return sent

    def send_as(
        self, message_id: int, payload: bytes, source: tuple[int, int], seq: int, target: tuple[int, int] | None
    ) -> bool:
        """Send for somebody else, whose address stands in the packet; signed with this link's key where it has one.

        Raises ``KeyError`` for a message that the dialect does not know.
        """
        if self._loop is None:
            return False
        packet = build_frame(message_id, payload, *source, seq)
        return self._send_packet(packet if self._signer is None else self._signer.sign(packet), target)

    def _send_packet(self, packet: bytes, target: tuple[int, int] | None) -> bool:
        if self._impaired and self._loop is not None:
            now_s = self._loop.time()
            arrivals = self._impair_out.arrivals(now_s)
            if arrivals != (now_s,):  # lost in the air: the sender cannot know
                for due_s in arrivals:
                    self._loop.call_at(due_s, self._write, packet, target)
                return True
        return self._write(packet, target)

    def _write(self, packet: bytes, target: tuple[int, int] | None) -> bool:
        if self._loop is None or not self._write_to(packet, target):
            return False
        self.statistics.bytes_out += len(packet)
        self.statistics.packets_out += 1
        if self._recorder is not None and message_id_of(packet) != SETUP_SIGNING:  # a key belongs in no recording
            self._recorder.write(self._clock.utc_us(), packet, self._clock.mono_ns())
        return True

    def _write_to(self, packet: bytes, target: tuple[int, int] | None) -> bool:
        if target is None or not self._routes:
            return self._transport.write(packet)
        now_ns = self._clock.mono_ns()
        peers: set[Peer] = set()
        for source, heard in self._routes.items() if not target[1] else ((target, self._routes.get(target, {})),):
            if source[0] == target[0] and heard:
                newest_ns = max(heard.values())
                peers.update(p for p, at_ns in heard.items() if at_ns == newest_ns or now_ns - at_ns < _ROUTE_LIFE_NS)
        sent = [self._transport.write(packet, peer) for peer in peers]
        return any(sent) or self._transport.write(packet)

    # -- in ------------------------------------------------------------------------------------------------------

    def on_bytes(self, data: bytes, t_utc_us: int | None = None, peer: Peer = None) -> None:
        """Bytes from the transport."""
        if self._loop is None:
            return
        statistics = self.statistics
        statistics.bytes_in += len(data)
        parser = self._parsers.get(peer)
        if parser is None:
            if len(self._parsers) >= _MOST_PARSERS:
                self.on_peer_gone(next(iter(self._parsers)))
            parser = self._parsers[peer] = FrameParser()
        bad = parser.bad
        for frame in parser.feed(data, self._loop.time()):
            if self._impaired:
                now_s = self._loop.time()
                for due_s in self._impair_in.arrivals(now_s):
                    if due_s > now_s:
                        self._loop.call_at(due_s, self._deliver, frame, t_utc_us, peer)
                    else:
                        self._deliver(frame, t_utc_us, peer)
            else:
                self._deliver(frame, t_utc_us, peer)
        statistics.bad_packets += parser.bad - bad

    def _deliver(self, frame: bytes, t_utc_us: int | None, peer: Peer) -> None:
        if self._loop is None:
            return
        t_mono_ns = self._clock.mono_ns()
        authentic = False
        if self._signer is not None:
            verdict = self._signer.check(frame)
            if not verdict.ok:
                self._signing_faults.refused(verdict, self.statistics, source_of(frame))
                return
            authentic = verdict is Verdict.ACCEPTED
        elif t_utc_us is None and is_signed(frame):
            self.statistics.signed_unchecked += 1
        try:
            message = decode_frame(frame, authentic)
        except (ValueError, TypeError, ArithmeticError):
            _log.exception("link %s: a packet of message %d cannot be read", self.name, message_id_of(frame))
            self.statistics.bad_packets += 1
            return
        source = source_of(frame)
        arrival_utc_us = self._clock.utc_us() if t_utc_us is None else t_utc_us
        fresh = self.statistics.add(source, seq_of(frame), t_mono_ns, len(frame))
        if peer is not None:
            self._learn_route(source, peer, t_mono_ns)
        for shown in self._frame_listeners:
            try:
                shown(frame, message, fresh)
            except Exception:
                _log.exception("link %s: a frame listener failed", self.name)
        if message is None:
            return
        if self._recorder is not None and message.get_msgId() != SETUP_SIGNING:
            self._recorder.write(arrival_utc_us, frame, t_mono_ns)
        for listener in self._listeners:
            try:
                listener(message, t_mono_ns, arrival_utc_us)
            except Exception:
                # One consumer's defect must not cost the others the aircraft.
                _log.exception("link %s: a listener failed on %s", self.name, message.get_type())

    def _learn_route(self, source: tuple[int, int], peer: Peer, t_mono_ns: int) -> None:
        heard = self._routes.get(source)
        if heard is None:
            if len(self._routes) >= _MOST_ROUTES:
                self._routes.clear()
            heard = self._routes[source] = {}
        elif len(heard) >= _MOST_WAYS and peer not in heard:
            del heard[min(heard, key=heard.__getitem__)]
        heard[peer] = t_mono_ns

    # -- what the transport tells --------------------------------------------------------------------------------

    def on_transport_state(self, state: LinkState, detail: str) -> None:
        """The transport connected, or lost its other end."""
        if self._loop is None:
            return
        if state is LinkState.OPEN:
            self.statistics.connections += 1
            self.attempts = 0
            # Half a packet of the old connection must not swallow the first one of the new.
            self._parsers.pop(None, None)
        elif detail:
            self.attempts += 1
        self._set_state(state, detail)

    def on_peer_open(self, peer: Peer) -> None:
        """One of several other ends connected: nothing to do before it speaks."""

    def on_peer_gone(self, peer: Peer) -> None:
        """One of several other ends is not there any more."""
        self._parsers.pop(peer, None)
        for source, heard in tuple(self._routes.items()):
            if heard.pop(peer, None) is not None and not heard:
                del self._routes[source]

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
        for listener in self._state_listeners:
            listener(state, detail)

    async def _run_each_second(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            if self._recorder is not None:
                self._recorder.flush(self._clock.mono_ns())
            self._signing_faults.on_time(self._clock.mono_ns() / 1e9, self.statistics, self._signer)
