"""The wire to one neighbour over a NATS server: for many stations, where everybody is linked to a server and not to each other.

The same envelopes, numbers, acknowledgements and signatures as over zenoh: the server carries, the outbox and the inbox are
the truth. Subjects are ``bg.<from>.to.<to>.live|urgent|ack|hello|here|log|reply.<n>``, so that an account at the server needs
two lines: may publish ``bg.<own>.to.>``, may subscribe ``bg.*.to.<own>.>``. Each record carries its number as
``Nats-Msg-Id``; a JetStream stream at the server that takes these subjects keeps each of them once.

The library works on an asyncio loop, which is a thread of its own here. The link is to the server: that the *neighbour* is
there is known by a sign of life that it sends every second, and that a record is its own by its signature.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import logging
import ssl
import threading
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from groundstation.core.errors import CertificateError, ConfigError, LinkError
from groundstation.share.nats_url import NatsAddress, parse_nats_url
from groundstation.share.transport import (
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
from groundstation.share.zenoh_wire import WireSettings

_log = logging.getLogger("groundstation.share.wire")

HERE_S = 1.0
GONE_S = 4.0
"""Without a sign of life for this long the neighbour is told as not connected."""
ASK_S = 4.0
_RETRY_S = 0.5
_CLOSE_S = 3.0
_MAX_QUESTION_BYTES = 200


class NatsWire:
    """A :class:`~groundstation.share.transport.Wire`. ``on_event`` is called from the wire's thread when work has come."""

    def __init__(self, settings: WireSettings, on_event: Callable[[], None]) -> None:
        """Begin to connect; it goes on by itself. Raises ConfigError, CertificateError, LinkError (no ``nats-py``)."""
        where = f"neighbour {settings.peer_name}"
        if settings.listen:
            raise ConfigError(f"{where}: both stations connect to the NATS server, none listens", "take listen out")
        self._address = parse_nats_url(settings.connect, where)
        self._tls = _tls(self._address, settings) if self._address.tls else None
        self._nats = _library()
        self._name = settings.own_name
        self._mine = f"bg.{settings.own_name}.to.{settings.peer_name}"
        self._theirs = f"bg.{settings.peer_name}.to.{settings.own_name}"
        self._arrivals = Arrivals(on_event)
        self.strangers: set[str] = set()
        self._heard_s = float("-inf")
        self._client: Any = None
        self._tokens = itertools.count(1)
        self._asked: dict[str, tuple[Callable[[bytes], Event], Event, asyncio.TimerHandle]] = {}
        self._loop = asyncio.new_event_loop()
        self._closing = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name=f"nats-{settings.peer_name}", daemon=True)
        self._thread.start()

    # -------------------------------------------------------------------------------------------- the wire's thread

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._live_on())
        except Exception:
            _log.exception("%s: the wire has failed", self._mine)
        finally:
            self._loop.close()

    async def _live_on(self) -> None:
        client = self._client = self._nats()
        while not self._closing.is_set() and not await self._unless_closing(self._connect(client)):
            await _sleep(self._closing, _RETRY_S)
        while not self._closing.is_set():
            await self._publish("here", b"")
            await _sleep(self._closing, HERE_S)
        with contextlib.suppress(Exception):
            await asyncio.wait_for(client.close(), _CLOSE_S)
        for task in asyncio.all_tasks(self._loop) - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0)

    async def _unless_closing(self, work: Coroutine[Any, Any, bool]) -> bool:
        """The library tries a server that refuses for ever: what is closed meanwhile must not wait for it."""
        task = self._loop.create_task(work)
        closing = self._loop.create_task(self._closing.wait())
        await asyncio.wait({task, closing}, return_when=asyncio.FIRST_COMPLETED)
        closing.cancel()
        if not task.done():
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            return False
        return task.result()

    async def _connect(self, client: Any) -> bool:
        async def on_error(error: Exception) -> None:
            _log.debug("%s: %s", self._mine, error)

        try:
            await client.connect(
                self._address.server,
                name=self._name,
                tls=self._tls,
                tls_hostname=self._address.host if self._tls is not None else None,
                connect_timeout=2,
                allow_reconnect=True,
                max_reconnect_attempts=-1,
                reconnect_time_wait=_RETRY_S,
                ping_interval=5,
                max_outstanding_pings=2,
                error_cb=on_error,
            )
            await self._subscribe(client)
        except Exception as error:  # the library raises anything, from ssl.SSLError to its own
            _log.info("%s: no link to %s yet: %s", self._mine, self._address.server, error)
            with contextlib.suppress(Exception):
                await client.close()
            return False
        return True

    async def _subscribe(self, client: Any) -> None:
        async def live(message: Any) -> None:
            self._arrivals.put_position(Live(message.data))

        async def urgent(message: Any) -> None:
            self._arrivals.put_urgent(Live(message.data))

        if self._address.stream:
            # What came while this station was down is read from the stream; the inbox knows what it has already.
            await client.jetstream().subscribe(
                f"{self._theirs}.live",
                stream=self._address.stream,
                durable=f"{self._theirs}.live".replace(".", "_"),
                cb=live,
            )
        else:
            await client.subscribe(f"{self._theirs}.live", cb=live)
        await client.subscribe(f"{self._theirs}.urgent", cb=urgent)
        for what in ("ack", "hello", "here", "log", "reply.*"):
            await client.subscribe(f"{self._theirs}.{what}", cb=self._take)

    async def _take(self, message: Any) -> None:
        now_ns = time.monotonic_ns()
        self._heard_s = now_ns / 1e9
        what = message.subject[len(self._theirs) + 1 :]
        if what == "hello":
            self._arrivals.put(HelloReceived(message.data, now_ns))
        elif what == "ack":
            self._arrivals.put(AckReceived(message.data))
        elif what == "log":
            self._take_question(message.data)
        elif what.startswith("reply."):
            self._take_reply(what[len("reply.") :], message.data)

    def _take_question(self, data: bytes) -> None:
        try:
            asked = json.loads(data[:_MAX_QUESTION_BYTES])
            epoch, seq, picture, token = bytes.fromhex(asked["epoch"]), asked["after"], asked["picture"], asked["token"]
        except (ValueError, KeyError, TypeError):
            return
        if type(seq) is not int or type(picture) is not bool or type(token) is not int:
            return

        def answer(payloads: list[bytes]) -> None:
            # An empty message is the end.
            self._soon(lambda: self._send_all(f"reply.{token}", [*payloads, b""]))

        self._arrivals.put(LogQuery(epoch, seq, answer, picture))

    def _take_reply(self, token: str, data: bytes) -> None:
        asked = self._asked.get(token)
        if asked is None:
            return
        if data:
            self._arrivals.put(asked[0](data))
        else:
            self._end_question(token)

    def _end_question(self, token: str) -> None:
        asked = self._asked.pop(token, None)
        if asked is not None:
            asked[2].cancel()
            self._arrivals.put(asked[1])

    async def _publish(self, what: str, payload: bytes, headers: dict[str, str] | None = None) -> None:
        client = self._client
        # While the link is down nothing is kept here: the outbox has it.
        if client is not None and client.is_connected:
            with contextlib.suppress(Exception):
                await client.publish(f"{self._mine}.{what}", payload, headers=headers)

    async def _send_all(self, what: str, payloads: list[bytes]) -> None:
        for payload in payloads:
            await self._publish(what, payload)

    # -------------------------------------------------------------------------------------------- the sharing's thread

    def _soon(self, make: Callable[[], Any]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(lambda: self._loop.create_task(make()))

    def send_live(self, payload: bytes, urgent: bool = False) -> None:
        """See :class:`~groundstation.share.transport.Wire`."""
        # Epoch and number: a stream keeps each record once, however often it is sent.
        headers = {"Nats-Msg-Id": payload[1:25].hex()}
        self._soon(lambda: self._publish("urgent" if urgent else "live", payload, headers))

    def send_positions(self, payloads: Sequence[bytes]) -> None:
        """See :class:`~groundstation.share.transport.Wire`."""
        for payload in payloads:
            self.send_live(payload)

    def send_hello(self, payload: bytes) -> None:
        """See :class:`~groundstation.share.transport.Wire`."""
        self._soon(lambda: self._publish("hello", payload))

    def send_ack(self, payload: bytes) -> None:
        """See :class:`~groundstation.share.transport.Wire`."""
        self._soon(lambda: self._publish("ack", payload))

    def ask_log(self, epoch: bytes, seq: int) -> None:
        """See :class:`~groundstation.share.transport.Wire`."""
        self._ask(epoch, seq, False, LogReply, LogEnd())

    def ask_picture(self, epoch: bytes, seq: int) -> None:
        """See :class:`~groundstation.share.transport.Wire`."""
        self._ask(epoch, seq, True, PictureReply, PictureEnd())

    def _ask(self, epoch: bytes, seq: int, picture: bool, reply: Callable[[bytes], Event], end: Event) -> None:
        token = next(self._tokens)
        question = json.dumps({"epoch": epoch.hex(), "after": seq, "picture": picture, "token": token}).encode()

        async def ask() -> None:
            timer = self._loop.call_later(ASK_S, self._end_question, str(token))
            self._asked[str(token)] = (reply, end, timer)
            await self._publish("log", question)

        try:
            self._loop.call_soon_threadsafe(lambda: self._loop.create_task(ask()))
        except RuntimeError:  # the loop has ended
            self._arrivals.put(end)

    def poll(self, limit: int) -> list[Event]:
        """See :class:`~groundstation.share.transport.Wire`."""
        return self._arrivals.poll(limit)

    def connected(self) -> bool:
        """Whether the server is reached and the neighbour has been heard within :data:`GONE_S`."""
        client = self._client
        return bool(client is not None and client.is_connected and time.monotonic_ns() / 1e9 - self._heard_s < GONE_S)

    def close(self) -> None:
        """See :class:`~groundstation.share.transport.Wire`."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join(_CLOSE_S + 2.0)
        if self._thread.is_alive():
            _log.error("%s: the wire did not end in time; it is left to end with the process", self._mine)


async def _sleep(closing: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(asyncio.TimeoutError):
        await asyncio.wait_for(closing.wait(), seconds)


def _library() -> Any:
    try:
        from nats.aio import client
    except ImportError as error:
        raise LinkError(
            "a neighbour is reached over NATS, and nats-py is not installed", "install marchwarden[scale]"
        ) from error
    return client.Client


def _tls(address: NatsAddress, settings: WireSettings) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    authority = address.authority or settings.peer_authority
    try:
        context.load_verify_locations(authority)
        context.load_cert_chain(settings.certificate, settings.key)
    except (OSError, ssl.SSLError) as error:
        raise CertificateError(
            f"{authority}, {settings.certificate}: cannot be used for NATS: {error}", "check the files"
        ) from error
    return context
