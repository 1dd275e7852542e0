"""The console's side: a bus of its own that is fed by the station's, and commands that are carried there."""

from __future__ import annotations

import inspect
import itertools
import logging
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from groundstation.app.attach.wire import Answer, Call, Hello, Meeting, Offer, Records, prove
from groundstation.core.bus import Bus
from groundstation.core.errors import LinkError
from groundstation.core.records import Fault, StationFault
from groundstation.core.topics import ALL_TOPICS, STATION_FAULT

_log = logging.getLogger("groundstation.attach")
_ASK_WITHIN_S = 3.0
_TOPICS = {topic.name: topic for topic in ALL_TOPICS}


def methods_of(protocol: type) -> dict[str, bool]:
    """The public methods of a protocol: whether each returns a future."""
    found = {}
    for name, member in inspect.getmembers(protocol, inspect.isfunction):
        if not name.startswith("_"):
            found[name] = str(member.__annotations__.get("return", "")).startswith("Future")
    return found


class RemoteObject:
    """Stands for an object of the station. Methods that return a future there do so here; the others are waited for."""

    def __init__(self, station: AttachedStation, target: str, methods: dict[str, bool]) -> None:
        for name, gives_future in methods.items():
            setattr(self, name, station.caller(target, name, gives_future))


class AttachedStation:
    """A station in another process. ``bus`` says what its bus says.

    When the connection ends, all records just grow old, which the panels show, and a station fault says why.
    """

    def __init__(self, folder: Path) -> None:
        self.bus = Bus()
        self.hello: Hello | None = None
        self.plan: Any = None
        self._folder = folder
        self._numbers = itertools.count(1)
        self._waiting: dict[int, Future[Any]] = {}
        self._lock = threading.Lock()
        self._sending = threading.Lock()
        self._ended = threading.Event()
        self._said_hello = threading.Event()

    def connect(self, timeout_s: float = 10.0) -> Hello:
        """Attach. Raises :class:`ConfigError` or :class:`LinkError`."""
        meeting = Meeting.read(self._folder)
        try:
            sock = socket.create_connection(("127.0.0.1", meeting.port), timeout=timeout_s)
            sock.settimeout(None)
        except OSError as error:
            raise LinkError(
                f"the station of {self._folder} does not answer: {error}", "is it still running?"
            ) from error
        self._connection = prove(sock, meeting.key, first=False)
        threading.Thread(target=self._read, name="attach-read", daemon=True).start()
        if not self._said_hello.wait(timeout_s) or self.hello is None:
            self.close()
            raise LinkError("the station let us in and said nothing", "try again; see the station's log")
        return self.hello

    @property
    def attached(self) -> bool:
        """Whether the station still talks to us."""
        return not self._ended.is_set()

    def close(self) -> None:
        """Leave."""
        self._ended.set()
        with self._sending:
            self._connection.close()
        self._fail_all("the console has left the station")

    def object(self, target: str, protocol: type) -> Any:
        """Something that behaves like ``protocol`` and is carried out by the station."""
        return RemoteObject(self, target, methods_of(protocol))

    def caller(self, target: str, method: str, gives_future: bool) -> Callable[..., Any]:
        """One method of it."""

        def call(*arguments: Any, **named: Any) -> Any:
            future = self._ask(Call(next(self._numbers), target, method, arguments, named))
            if gives_future:
                return future
            try:
                return future.result(_ASK_WITHIN_S)
            except TimeoutError as error:
                raise LinkError(f"the station did not answer {target}.{method}", "try again") from error

        return call

    def _ask(self, call: Call) -> Future[Any]:
        future: Future[Any] = Future()
        if not self.attached:
            future.set_exception(LinkError("this console is no longer attached to a station", "open it again"))
            return future
        with self._lock:
            self._waiting[call.number] = future
        try:
            with self._sending:
                self._connection.send(call)
        except Exception as error:
            with self._lock:
                self._waiting.pop(call.number, None)
            future.set_exception(LinkError(f"the order did not reach the station: {error}", "open the console again"))
        return future

    def _read(self) -> None:
        try:
            while not self._ended.is_set():
                message = self._connection.recv()
                if isinstance(message, Records):
                    for name, records in message.batches:
                        topic = _TOPICS.get(name)
                        if topic is None:
                            continue  # of a newer station
                        for record in records:
                            self.bus.publish(topic, record)
                elif isinstance(message, Answer):
                    self._on_answer(message)
                elif isinstance(message, Offer):
                    self.plan = message.plan
                elif isinstance(message, Hello):
                    self.hello, self.plan = message, message.plan
                    self._said_hello.set()
        except Exception as error:
            if not self._ended.is_set():
                _log.error("the station does not talk to this console any more: %r", error)
                self._ended.set()
                fault = Fault(
                    "attached",
                    "critical",
                    "This console has lost the station: nothing here is live",
                    "Close it and open it again; the station may still be running",
                )
                self.bus.publish(STATION_FAULT, StationFault("console", fault, True, time.time_ns() // 1000))
        finally:
            self._said_hello.set()
            self._fail_all("the station does not talk to this console any more")

    def _on_answer(self, answer: Answer) -> None:
        with self._lock:
            future = self._waiting.pop(answer.number, None)
        if future is None:
            return
        if answer.error is not None:
            future.set_exception(answer.error)
        else:
            future.set_result(answer.result)

    def _fail_all(self, why: str) -> None:
        with self._lock:
            waiting, self._waiting = list(self._waiting.values()), {}
        for future in waiting:
            if not future.done():
                future.set_exception(LinkError(why, "open the console again"))
