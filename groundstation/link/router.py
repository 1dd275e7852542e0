"""Lets other programs (QGroundControl, MAVProxy, an operator's script) use the station's links, as far as they may.

What an aircraft sends goes to all clients; what a client sends goes to the aircraft only when its permissions allow it
(:mod:`groundstation.link.permissions`), never to other clients and never to a link on which no aircraft is heard.

**Addresses.** Ground stations call themselves 255 by habit, and an aircraft tells its own ground station from others by
that number alone: with a client's heartbeats under it, the aircraft's lost-link action would not begin when this station
has died. So every client gets an address of its own on the air (230 to 249, or the one in its permissions), put in on
the way out and taken out of what is addressed to it on the way back. That address is outside the range that
``MAV_GCS_SYSID`` .. ``MAV_GCS_SYSID_HI`` covers by default, so ArduPilot does not count a client as its ground station:
not for the failsafe, and not for stick input (MANUAL_CONTROL, RC_CHANNELS_OVERRIDE), which it ignores. PX4 counts every
ground station's heartbeat; so a client's heartbeats pass only while this station sends its own on that link. An aircraft
with ``MAV_OPTIONS`` bit 0 hears nobody but its ground station, clients included.

**Answers.** An aircraft answers who asked, by address. Firmware that does not say whom it answers is helped by a table
of commands without an answer; while the station's own command has none, a client's equal one is refused for the moment,
and the other way round it is told.

**Loops.** A packet is passed to clients once (its number tells), from one link of an aircraft at a time; a client's packet
in the name of an aircraft that is heard on a link is dropped and told, as are heartbeats that have come through another
router already.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

from groundstation.core.clock import Clock
from groundstation.core.errors import LinkError
from groundstation.link.base import Link
from groundstation.link.frame import read_header, seq_of, source_of, target_offset, with_target_system
from groundstation.link.open import SigningClocks, open_transport
from groundstation.link.permissions import (
    READ_COMMANDS,
    ClientPermissions,
    Decision,
    Judgement,
    command_name,
    target_of,
)
from groundstation.link.router_client import RouterClient, read_parameter, refusal, refusal_text
from groundstation.link.router_log import RouterLog
from groundstation.link.router_port import RouterPort
from groundstation.link.router_records import ClientStatus, RouterEvent, RouterEventKind
from groundstation.link.url import parse_link_url

_log = logging.getLogger("groundstation.router")

AIR_SYSTEM_IDS = range(230, 250)
_PORT_SCHEMES = ("tcpin", "udpin", "udpout", "tcp", "serial")
_ACK, _HEARTBEAT = 77, 0
_COMMANDS = frozenset({75, 76})
_IN_PROGRESS = 5
_NO_AUTOPILOT = 8  # MAV_AUTOPILOT_INVALID
_UNANSWERED_S = 4.0
_HEARTBEAT_GATE_S = 2.5
# An aircraft is passed on from one link until that link has not brought it for this long.
_LINK_SILENT_S = 3.0
_ADDRESS_FREE_S = 60.0

EventListener = Callable[[RouterEvent], None]


class Router:
    """All router ports of a station. Lives on the event loop of the links, which it neither opens nor closes.

    ``permissions``: what a port is given for which :meth:`open_port` names none; read only by default. ``on_event`` gets
    what belongs into the station's log. ``link_for``: the link to be used for an aircraft (the station's own choice);
    without it, or where it gives None, the link on which the aircraft is heard.
    """

    def __init__(
        self,
        links: Sequence[Link],
        clock: Clock,
        permissions: ClientPermissions | None = None,
        on_event: EventListener | None = None,
        link_for: Callable[[int], Link | None] | None = None,
        clocks: SigningClocks | None = None,
    ) -> None:
        self._links, self._clock = tuple(links), clock
        self._permissions = permissions or ClientPermissions()
        self._events, self._link_for = RouterLog(clock, on_event), link_for
        self._clocks = clocks or SigningClocks(clock)
        self._ports: list[RouterPort] = []
        self._heard: dict[int, tuple[Link, float]] = {}
        self._aircraft: set[int] = set()
        self._last_seq: dict[tuple[int, int], int] = {}
        self._ours: dict[tuple[int, int], float] = {}
        self._theirs: dict[tuple[int, int], tuple[RouterClient, float]] = {}
        self._addresses: dict[int, tuple[RouterClient, float]] = {}
        self._each_second: asyncio.Task[None] | None = None
        self._unhook: list[Callable[[], None]] = []
        for link in self._links:
            self._hook(link)

    def _hook(self, link: Link) -> None:
        def on_frame(frame: bytes, message: Any, fresh: bool) -> None:
            self._on_aircraft(link, frame, message, fresh)

        link.add_frame_listener(on_frame)
        link.add_sent_listener(self._on_own)
        self._unhook += [
            lambda: link.remove_frame_listener(on_frame),
            lambda: link.remove_sent_listener(self._on_own),
        ]

    # -- life ----------------------------------------------------------------------------------------------------

    async def open_port(self, url: str, client: ClientPermissions | None = None) -> RouterPort:
        """Open one port for clients; any number of them may come to a listening one.

        Raises :class:`LinkError` for a URL that is no port's or an address that is the station's own, and
        :class:`PortInUseError`.
        """
        permissions = client or self._permissions
        spec = parse_link_url(url)
        if spec.scheme not in _PORT_SCHEMES or spec.words:
            raise LinkError(
                f"router port {url!r}: cannot be a {'+'.join((spec.scheme, *spec.words))} link",
                f"use one of {', '.join(_PORT_SCHEMES)}, for example tcpin://127.0.0.1:5790",
            )
        if any(permissions.system_id == link.system_id for link in self._links):
            raise LinkError(
                f"router port {url!r}: system id {permissions.system_id} is this station's own",
                "choose another: the aircraft would take the client's heartbeat for the station's",
            )
        transport, signer = open_transport(spec, self._clocks)
        port = RouterPort(url, transport, signer, permissions, self)
        await transport.open(port)
        self._ports.append(port)
        if self._each_second is None:
            self._each_second = asyncio.create_task(self._run_each_second())
        _log.info("router port %s for %s%s", url, permissions.name, ", read only" if permissions.read_only else "")
        return port

    async def close(self) -> None:
        """Close all ports and let go of the links."""
        for unhook in self._unhook:
            unhook()
        self._unhook.clear()
        if self._each_second is not None:
            self._each_second.cancel()
            await asyncio.gather(self._each_second, return_exceptions=True)
            self._each_second = None
        for port in self._ports:
            await port.close()
        self._ports.clear()

    async def _run_each_second(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            now_s = self.now_s()
            self._events.on_time(now_s)
            for port in self._ports:
                port.drop_silent(now_s)
            self._ours = {k: until_s for k, until_s in self._ours.items() if until_s > now_s}
            self._theirs = {k: v for k, v in self._theirs.items() if v[1] > now_s}

    def now_s(self) -> float:
        """The station's monotonic clock."""
        return self._clock.mono_ns() / 1e9

    def clients(self) -> tuple[ClientStatus, ...]:
        """Everybody who is connected now."""
        now_s = self.now_s()
        return tuple(
            ClientStatus(
                c.name, port.url, c.address, c.own_system_id, c.air_system_id, now_s - c.heard_s, c.passed, c.refused,
                c.ignored, c.limited, c.sent, c.permissions.read_only,
            )
            for port in self._ports
            for c in port.clients
        )  # fmt: skip

    def tell(
        self, kind: RouterEventKind, client: RouterClient, text: str, system_id: int = 0, each: bool = False
    ) -> bool:
        """See :meth:`RouterLog.tell`."""
        return self._events.tell(kind, client.name, text, system_id, each)

    # -- from the aircraft ---------------------------------------------------------------------------------------

    def _is_from_its_link(self, link: Link, system_id: int, now_s: float) -> bool:
        """Whether this is the link from which this system is passed on; a silent one is replaced."""
        heard = self._heard.get(system_id)
        if heard is None or heard[0] is link or now_s - heard[1] > _LINK_SILENT_S or self._chosen(system_id) is link:
            self._heard[system_id] = (link, now_s)
            return True
        return False

    def _chosen(self, system_id: int) -> Link | None:
        return self._link_for(system_id) if self._link_for is not None else None

    def _on_aircraft(self, link: Link, frame: bytes, message: Any, fresh: bool) -> None:
        source = source_of(frame)
        now_s = self.now_s()
        first = self._is_from_its_link(link, source[0], now_s)
        if message is not None:
            message_id = message.get_msgId()
            if message_id == _ACK:
                self._on_answer(source[0], message, frame, now_s, link)
                return
            if message_id == _HEARTBEAT and message.autopilot != _NO_AUTOPILOT:
                self._aircraft.add(source[0])
        if not fresh or not first:
            return
        self._last_seq[source] = seq_of(frame)
        target = 0 if message is None or target_offset(message.get_msgId()) < 0 else message.target_system
        self._pass_down(frame, source[0], target, link)

    def _pass_down(self, frame: bytes, source_system: int, target: int, link: Link) -> None:
        if target == link.system_id:
            return  # a conversation of this station; a client that calls itself 255 too would take it for its own
        if target in self._addresses:
            client = self._addresses[target][0]
            if client.own_system_id != target:
                frame = with_target_system(frame, client.own_system_id)
            client.send(frame)
            return
        for port in self._ports:
            for client in port.clients:
                if client.permissions.sees(source_system):
                    client.send(frame)

    def _on_answer(self, system_id: int, ack: Any, frame: bytes, now_s: float, link: Link) -> None:
        """A COMMAND_ACK: to the one who asked."""
        key = (system_id, ack.command)
        target = ack.target_system
        if not target:
            # Says not to whom: to the client that asked, or else it is the station's own.
            asked = self._theirs.get(key)
            if asked is not None and asked[1] > now_s and self._ours.get(key, 0.0) <= now_s:
                asked[0].send(with_target_system(frame, asked[0].own_system_id))
        else:
            self._pass_down(frame, system_id, target, link)
        if ack.result != _IN_PROGRESS:
            if target in (0, link.system_id):
                self._ours.pop(key, None)
            if target != link.system_id:
                self._theirs.pop(key, None)

    # -- the station's own ---------------------------------------------------------------------------------------

    def _on_own(self, message: Any) -> None:
        if message.get_msgId() not in _COMMANDS:
            return
        now_s, key = self.now_s(), (message.target_system, message.command)
        self._ours[key] = now_s + _UNANSWERED_S
        asked = self._theirs.get(key)
        if asked is not None and asked[1] > now_s and message.command not in READ_COMMANDS:
            text = f"{command_name(message.command)}: the station gives it too while the client's has no answer"
            self.tell("conflict", asked[0], text, key[0])

    # -- from a client -------------------------------------------------------------------------------------------

    def on_client(self, client: RouterClient, source: tuple[int, int], message: Any) -> None:
        """One message of a client whose frame was found good; None is a message that the dialect does not know."""
        now_s = self.now_s()
        client.heard_s = now_s
        if not client.allowance.take(now_s):
            client.limited += 1
            self.tell("limited", client, f"more than {client.permissions.messages_s:g} messages a second")
            return
        if message is None:
            client.ignored += 1
            return
        if source[0] == 0 or source[0] in self._aircraft:
            client.ignored += 1
            self.tell("loop", client, f"sends in the name of {source[0]}.{source[1]}, which is heard on a link")
            return
        if not self._has_address(client, source, now_s):
            client.ignored += 1
            return
        message_id = message.get_msgId()
        if message_id == _HEARTBEAT and source[0] in AIR_SYSTEM_IDS and client.permissions.system_id != source[0]:
            client.ignored += 1  # came through another router: it must not go round
            return
        judgement = client.judge.judge(message)
        if judgement.decision is Decision.REFUSE:
            self._refuse(client, message, judgement)
        elif judgement.decision is Decision.IGNORE:
            client.ignored += 1
        elif self._collides(client, message, judgement, now_s):
            client.refused += 1
        else:
            self._pass_up(client, source, message, judgement, now_s)

    def _has_address(self, client: RouterClient, source: tuple[int, int], now_s: float) -> bool:
        """Give the client its address on the air with its first message; False when there is none left."""
        client.own_component_id = source[1]
        holder = self._addresses.get(client.air_system_id)
        if holder is not None and holder[0] is client:
            if client.own_system_id != source[0]:
                text = f"calls itself {source[0]} and {client.own_system_id}: only one is answered"
                self.tell("identity", client, text)
                client.own_system_id = source[0]
            self._addresses[client.air_system_id] = (client, now_s)
            return True
        wanted = (client.permissions.system_id,) if client.permissions.system_id else AIR_SYSTEM_IDS
        taken = {system_id for system_id in wanted if self._is_heard(system_id)}
        for address in wanted:
            holder = self._addresses.get(address)
            free = holder is None or now_s - holder[1] > _ADDRESS_FREE_S or not self._is_connected(holder[0])
            if free and address not in taken:
                client.air_system_id, client.own_system_id = address, source[0]
                self._addresses[address] = (client, now_s)
                same = any(source[0] == link.system_id for link in self._links)
                text = f"system {source[0]} at {client.address} is {address} to the aircraft"
                self.tell("identity", client, text + (" (it calls itself as this station does)" if same else ""))
                return True
        self.tell("identity", client, "no address on the air is left for it")
        return False

    def _is_heard(self, system_id: int) -> bool:
        """Whether anything of this system is heard on a link."""
        return any(system_id == source[0] for link in self._links for source in link.statistics.sources)

    def _is_connected(self, client: RouterClient) -> bool:
        return any(port.has(client) for port in self._ports)

    def _refuse(self, client: RouterClient, message: Any, judgement: Judgement) -> None:
        client.refused += 1
        target = target_of(message)
        told = self.tell("refused", client, judgement.what, target[0])
        seq = self._next_seq_of(target)
        for frame in refusal(client, message, seq):
            client.send(frame)
        text = refusal_text(message, judgement.what, seq) if told and client.permissions.sees(target[0]) else None
        if text is not None:
            client.send(text)
        question = read_parameter(message, client) if client.permissions.sees(target[0]) else None
        link = self._link_to(target[0]) if question is not None else None
        if link is not None and question is not None:
            source = (client.air_system_id, client.own_component_id)
            link.send_as(20, question, source, client.next_seq(), target)

    def _next_seq_of(self, target: tuple[int, int]) -> int:
        return (self._last_seq.get((target[0], target[1] or 1), -1) + 1) & 0xFF

    def _collides(self, client: RouterClient, message: Any, judgement: Judgement, now_s: float) -> bool:
        """Whether the same command to the same aircraft is still without an answer, ours or another client's."""
        if message.get_msgId() not in _COMMANDS or not judgement.acts:
            return False
        key = (message.target_system, message.command)
        other = self._theirs.get(key)
        whose = ""
        if self._ours.get(key, 0.0) > now_s:
            whose = "the station's own"
        elif other is not None and other[1] > now_s and other[0] is not client:
            whose = f"that of {other[0].name}"
        if not whose:
            return False
        self.tell("conflict", client, f"{judgement.what} is refused for now: {whose} has no answer yet", key[0])
        for frame in refusal(client, message, self._next_seq_of(target_of(message)), busy=True):
            client.send(frame)
        return True

    def _link_to(self, system_id: int) -> Link | None:
        heard = self._heard.get(system_id)
        return self._chosen(system_id) or (heard[0] if heard is not None else None)

    def _pass_up(
        self, client: RouterClient, source: tuple[int, int], message: Any, judgement: Judgement, now_s: float
    ) -> None:
        message_id, target = message.get_msgId(), target_of(message)
        if target[0]:
            link = self._link_to(target[0])
            links = [link] if link is not None else []
        else:
            seen = {s for s in self._heard if client.permissions.sees(s)}
            links = [k for k in self._links if any(self._heard[s][0] is k for s in seen)]
        if message_id == _HEARTBEAT:
            links = [k for k in links if now_s - k.heartbeat_sent_mono_ns / 1e9 < _HEARTBEAT_GATE_S]
        payload, passed = read_header(bytes(message.get_msgbuf())).payload, False
        for link in links:
            address = target if target[0] else None
            passed |= link.send_as(message_id, payload, (client.air_system_id, source[1]), client.next_seq(), address)
        if not passed:
            client.ignored += 1
            return
        client.passed += 1
        if message_id in _COMMANDS:
            self._theirs[message.target_system, message.command] = (client, now_s + _UNANSWERED_S)
        if judgement.acts:
            self.tell("passed", client, judgement.what, target[0], each=message_id in _COMMANDS)
