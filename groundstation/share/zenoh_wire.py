"""The wire to one neighbour over zenoh: peer to peer, mutual TLS, default-deny access control.

One session per neighbour, trusting only that neighbour's authority: so no other authority can issue a certificate in
its name, and a station with several neighbours never relays between them.

Keys: ``bg/<from>/to/<to>/live`` and ``.../urgent`` (put, may be dropped), ``.../log`` (queryable), ``.../ack`` and
``.../hello`` (put).
"""

from __future__ import annotations

import contextlib
import json
import logging
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zenoh

from groundstation.core.errors import ConfigError, LinkError, PortInUseError
from groundstation.share.settings import split_endpoint
from groundstation.share.transport import (
    QUEUE_CAPACITY,
    AckReceived,
    Arrivals,
    Event,
    HelloReceived,
    Live,
    LogEnd,
    LogQuery,
    LogReply,
    PictureEnd,
    PictureReply,
)
from groundstation.share.wire import WireError, page_parts, pages

_log = logging.getLogger("groundstation.share.wire")

LEASE_MS = 4_000
LOOK_PERIOD_S = 0.1
"""The links are looked at so often at most: a station that is told a thousand things a second would do little else."""
_MESSAGES_WRITE = ["put", "delete", "reply", "declare_queryable", "liveliness_token"]
_MESSAGES_READ = ["declare_subscriber", "query", "declare_liveliness_subscriber", "liveliness_query"]


@dataclass(frozen=True)
class WireSettings:
    """One session; see :class:`groundstation.share.settings.PeerSettings`."""

    own_name: str
    peer_name: str
    peer_common_name: str
    certificate: Path
    key: Path
    peer_authority: Path
    connect: str = ""
    listen: str = ""


def access_control(own: str, peer: str, common_name: str) -> dict[str, Any]:
    """Deny everything but this: the holder of ``common_name`` reads what is addressed to it and writes what is to us.

    Neither side may speak for anybody else. ``**`` does not match chunks that begin with ``@``; none are used here.
    """
    mine, theirs = [f"bg/{own}/to/{peer}/**"], [f"bg/{peer}/to/{own}/**"]

    def rule(name: str, flow: str, messages: list[str], keys: list[str]) -> dict[str, Any]:
        return {"id": name, "permission": "allow", "flows": [flow], "messages": messages, "key_exprs": keys}

    rules = [
        rule("mine-out", "egress", _MESSAGES_WRITE, mine),
        rule("mine-asked", "ingress", _MESSAGES_READ, mine),
        rule("theirs-in", "ingress", _MESSAGES_WRITE, theirs),
        rule("theirs-ask", "egress", _MESSAGES_READ, theirs),
    ]
    return {
        "enabled": True,
        "default_permission": "deny",
        "rules": rules,
        "subjects": [{"id": "peer", "cert_common_names": [common_name], "link_protocols": ["tls"]}],
        "policies": [{"rules": [r["id"] for r in rules], "subjects": ["peer"]}],
    }


def session_config(s: WireSettings) -> dict[str, Any]:
    """The zenoh configuration of one session."""

    def tls(endpoint: str) -> list[str]:
        return [f"tls/{endpoint}"] if endpoint else []

    return {
        "mode": "peer",
        "scouting": {"multicast": {"enabled": False}, "gossip": {"enabled": False}},
        "listen": {"endpoints": tls(s.listen)},
        "connect": {
            "endpoints": tls(s.connect),
            # 0 would mean one attempt and then never: a neighbour that starts later would not be reached.
            "timeout_ms": -1,
            "exit_on_failure": False,
            "retry": {"period_init_ms": 200, "period_max_ms": 1000, "period_increase_factor": 1.5},
        },
        "timestamping": {"enabled": True},
        "transport": {
            "link": {
                "tx": {"lease": LEASE_MS},
                "tls": {
                    "root_ca_certificate": str(s.peer_authority),
                    "listen_private_key": str(s.key),
                    "listen_certificate": str(s.certificate),
                    "connect_private_key": str(s.key),
                    "connect_certificate": str(s.certificate),
                    "enable_mtls": True,
                    "verify_name_on_connect": True,
                    "close_link_on_expiration": True,
                },
            }
        },
        "access_control": access_control(s.own_name, s.peer_name, s.peer_common_name),
    }


def check_port_free(endpoint: str, where: str) -> None:
    """Raise :class:`PortInUseError` when the endpoint is held by another program, ``ConfigError`` when it is not ours.

    zenoh itself would go on without the listener, or fail with a text that names no port.
    """
    host, port = split_endpoint(endpoint, where)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As the transport does: a connection of an earlier run that is still fading is no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            if error.errno in (98, 48, 10048):  # EADDRINUSE on Linux, macOS, Windows
                raise PortInUseError(
                    f"{where}: port {port} on {host} is in use", "end the other program, or listen on another port"
                ) from error
            raise ConfigError(
                f"{where}: cannot listen on {endpoint}: {error}", "give an address of this machine"
            ) from (error)


class ZenohWire:
    """A :class:`~groundstation.share.transport.Wire`. ``on_event`` is called from zenoh's threads when work has come."""

    def __init__(self, settings: WireSettings, on_event: Callable[[], None]) -> None:
        """Open the session; it goes on connecting by itself. Raises ConfigError, PortInUseError or LinkError."""
        self._own_prefix = f"bg/{settings.own_name}/to/{settings.peer_name}"
        self._peer_prefix = f"bg/{settings.peer_name}/to/{settings.own_name}"
        self._common_name = settings.peer_common_name
        self._arrivals = Arrivals(on_event)
        self._connected = False
        self._in_pages = False
        self._looked_until_s = 0.0
        self.strangers: set[str] = set()
        if settings.listen:
            check_port_free(settings.listen, f"neighbour {settings.peer_name}")
        try:
            self._session = zenoh.open(zenoh.Config.from_json5(json.dumps(session_config(settings))))
        except zenoh.ZError as error:
            raise LinkError(
                f"neighbour {settings.peer_name}: the session cannot be opened: {error}",
                "check its endpoints and certificates",
            ) from error
        self._closed = threading.Event()
        guard = threading.Thread(
            target=_close_with_main_thread, args=(self._session, self._closed), name="share-guard", daemon=False
        )
        guard.start()
        try:
            self._declare()
        except BaseException:
            self.close()
            raise

    def _declare(self) -> None:
        put, session = self._arrivals.put, self._session
        # No callback: a thousand positions a second would each stop the sharing's thread for its own one.
        positions = session.declare_subscriber(f"{self._peer_prefix}/live", zenoh.handlers.RingChannel(QUEUE_CAPACITY))

        parts: deque[bytes] = deque()

        def next_position() -> Event | None:
            while not parts:
                try:
                    sample = positions.try_recv()
                except zenoh.ZError:  # the session is closed
                    return None
                if sample is None:
                    return None
                parts.extend(self._parts(sample.payload.to_bytes()))
            return Live(parts.popleft())

        self._arrivals.positions_from(next_position)
        self._subscribers = [
            session.declare_subscriber(
                f"{self._peer_prefix}/urgent",
                lambda sample: self._arrivals.put_urgent(Live(sample.payload.to_bytes())),
            ),
            session.declare_subscriber(
                # Stamped here and not when the next step comes: this is what the clocks are compared by.
                f"{self._peer_prefix}/hello",
                lambda sample: put(HelloReceived(sample.payload.to_bytes(), time.monotonic_ns())),
            ),
            session.declare_subscriber(
                f"{self._peer_prefix}/ack", lambda sample: put(AckReceived(sample.payload.to_bytes()))
            ),
        ]
        log_key = f"{self._own_prefix}/log"
        self._queryable = session.declare_queryable(log_key, lambda query: self._asked(query, log_key))
        drop = zenoh.CongestionControl.DROP
        self._live = session.declare_publisher(f"{self._own_prefix}/live", congestion_control=drop, express=True)
        self._ack = session.declare_publisher(f"{self._own_prefix}/ack", congestion_control=drop, express=True)
        first = zenoh.Priority.INTERACTIVE_HIGH
        self._urgent = session.declare_publisher(
            f"{self._own_prefix}/urgent", congestion_control=drop, express=True, priority=first
        )
        self._hello = session.declare_publisher(
            f"{self._own_prefix}/hello", congestion_control=drop, express=True, priority=first
        )

    def _asked(self, query: zenoh.Query, key: str) -> None:
        self._in_pages = query.parameters.get("pages") == "1"  # it asks when the link is new
        _take_query(query, key, self._arrivals.put)

    def send_live(self, payload: bytes, urgent: bool = False) -> None:
        """See :class:`~groundstation.share.transport.Wire`."""
        with contextlib.suppress(zenoh.ZError):  # the outbox has it
            (self._urgent if urgent else self._live).put(payload)

    def send_positions(self, payloads: Sequence[bytes]) -> None:
        """See :class:`~groundstation.share.transport.Wire`."""
        for payload in pages(payloads) if self._in_pages else payloads:
            self.send_live(payload)

    def send_hello(self, payload: bytes) -> None:
        """See :class:`~groundstation.share.transport.Wire`."""
        with contextlib.suppress(zenoh.ZError):  # another one follows
            self._hello.put(payload)

    def send_ack(self, payload: bytes) -> None:
        """See :class:`~groundstation.share.transport.Wire`."""
        with contextlib.suppress(zenoh.ZError):  # another one follows
            self._ack.put(payload)

    def ask_log(self, epoch: bytes, seq: int) -> None:
        """See :class:`~groundstation.share.transport.Wire`."""
        self._ask(f"epoch={epoch.hex()};after={seq};pages=1", LogReply, LogEnd())

    def ask_picture(self, epoch: bytes, seq: int) -> None:
        """See :class:`~groundstation.share.transport.Wire`."""
        self._ask(f"epoch={epoch.hex()};after={seq};picture=1;pages=1", PictureReply, PictureEnd())

    def _ask(self, parameters: str, reply_event: Callable[[bytes], Event], end: Event) -> None:
        put = self._arrivals.put

        def reply(answer: zenoh.Reply) -> None:
            if answer.ok is None:
                return
            for part in self._parts(answer.ok.payload.to_bytes()):
                put(reply_event(part))

        try:
            self._session.get(
                f"{self._peer_prefix}/log?{parameters}",
                zenoh.handlers.Callback(reply, lambda: put(end)),
                consolidation=zenoh.ConsolidationMode.NONE,
                timeout=4.0,
            )
        except zenoh.ZError as error:
            _log.warning("%s: cannot ask: %s", self._peer_prefix, error)
            put(end)

    def _parts(self, payload: bytes) -> list[bytes]:
        try:
            return page_parts(payload)
        except WireError as error:
            _log.warning("%s: dropped what came: %s", self._peer_prefix, error)
            return []

    def poll(self, limit: int) -> list[Event]:
        """See :class:`~groundstation.share.transport.Wire`."""
        return self._arrivals.poll(limit)

    def connected(self) -> bool:
        """Whether a link is up whose certificate has the neighbour's common name; others go into ``strangers``.

        A stranger with a certificate of the neighbour's authority can hold a link, but the access control gives it
        nothing.
        """
        now_s = time.monotonic()
        if now_s < self._looked_until_s:
            return self._connected
        self._looked_until_s = now_s + LOOK_PERIOD_S
        if self._session.is_closed():
            self._connected = False
            return False
        names = {link.auth_identifier or "" for link in self._session.info.links()}
        self.strangers = names - {self._common_name}
        self._connected = self._common_name in names
        return self._connected

    def close(self) -> None:
        """See :class:`~groundstation.share.transport.Wire`."""
        self._closed.set()
        self._connected, self._looked_until_s = False, 0.0
        _close_session(self._session)


def _close_session(session: zenoh.Session) -> None:
    if not session.is_closed():
        session.close()  # type: ignore[no-untyped-call]


def _close_with_main_thread(session: zenoh.Session, closed: threading.Event) -> None:
    """Close the session when the main thread has ended and nobody has closed it (an exception, a forgotten stop).

    WORKAROUND for zenoh's callback threads: they are not daemons, so the interpreter waits for them before it runs any
    exit handler, and they end only with their session: a session left open keeps the process for ever. This thread is
    no daemon either: it must not be cut off while it is inside ``close``.
    """
    main = threading.main_thread()
    while not closed.wait(0.25):
        if not main.is_alive():
            _close_session(session)
            return


def _take_query(query: zenoh.Query, key: str, put: Callable[[Event], None]) -> None:
    parameters = query.parameters
    try:
        epoch, seq = bytes.fromhex(parameters.get("epoch") or ""), int(parameters.get("after") or "0")
    except ValueError:
        return

    in_pages = parameters.get("pages") == "1"  # a station of an earlier version knows none

    def answer(payloads: list[bytes]) -> None:
        # Leaving the block ends the question at the asker.
        with query, contextlib.suppress(zenoh.ZError):
            for payload in pages(payloads) if in_pages else payloads:
                query.reply(key, payload)

    put(LogQuery(epoch, seq, answer, parameters.get("picture") == "1"))
