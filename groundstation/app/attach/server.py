"""The station's side: lets consoles attach, tells them what the bus says, carries out what they ask."""

from __future__ import annotations

import contextlib
import logging
import pickle
import socket
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from groundstation.app.attach.wire import FILE_NAME, Answer, Call, Hello, Meeting, Offer, Records, prove
from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.errors import LinkError
from groundstation.core.topics import Delivery

_log = logging.getLogger("groundstation.attach")
_MOST = 8
_EVERY_S = 0.02
_NOT_FOR_CONSOLES = frozenset({topics.EVIDENCE_REQUEST.name})


class ConsoleServer:
    """``hello`` and ``targets`` (name -> object) are asked for with each console that comes. ``allowed`` tells for a target
    which of its methods may be called. Threads: one that accepts, two for each console; none of them is the station's own.
    """

    def __init__(
        self,
        bus: Bus,
        folder: Path,
        hello: Callable[[], Hello],
        targets: Callable[[], Mapping[str, Any]],
        allowed: Mapping[str, frozenset[str]],
    ) -> None:
        self._bus, self._folder, self._hello, self._targets, self._allowed = bus, folder, hello, targets, allowed
        self._stopping = threading.Event()
        self._consoles: set[_Console] = set()
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._meeting: Meeting | None = None

    def start(self) -> None:
        """Listen. Raises :class:`LinkError` when that is not possible."""
        try:
            listening = socket.create_server(("127.0.0.1", 0), backlog=4)
            meeting = Meeting.make(listening.getsockname()[1])
            meeting.write(self._folder)
        except OSError as error:
            raise LinkError(f"no console can attach: {error}", f"see the folder {self._folder}") from error
        self._socket, self._meeting = listening, meeting
        threading.Thread(target=self._accept, name="attach-accept", daemon=True).start()

    def stop(self) -> None:
        """Let all consoles go."""
        self._stopping.set()
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
        with self._lock:
            consoles = list(self._consoles)
        for console in consoles:
            console.close()
        if self._meeting is not None:
            (self._folder / FILE_NAME).unlink(missing_ok=True)

    def attached(self) -> int:
        """How many consoles there are."""
        with self._lock:
            return len(self._consoles)

    def offer(self, plan: Any) -> None:
        """Another plan to offer for upload."""
        with self._lock:
            consoles = list(self._consoles)
        for console in consoles:
            console.send(Offer(plan))

    def _accept(self) -> None:
        assert self._socket is not None
        while not self._stopping.is_set():
            try:
                sock, _ = self._socket.accept()
            except OSError:
                return
            if self.attached() >= _MOST:
                _log.warning("there are %d consoles already: another one was turned away", _MOST)
                sock.close()
                continue
            threading.Thread(target=self._welcome, args=(sock,), name="attach-console", daemon=True).start()

    def _welcome(self, sock: socket.socket) -> None:
        assert self._meeting is not None
        try:
            connection = prove(sock, self._meeting.key, first=True)
        except LinkError as error:
            _log.warning("a console was refused: %s", error)
            return
        console = _Console(self._bus, connection, self._carry_out)
        with self._lock:
            self._consoles.add(console)
        _log.info("a console attached, %d now", self.attached())
        try:
            console.run(self._hello())
        finally:
            with self._lock:
                self._consoles.discard(console)
            _log.info("a console left, %d now", self.attached())

    def _carry_out(self, call: Call) -> Any:
        if call.method not in self._allowed.get(call.target, frozenset()):
            raise LinkError(f"a console may not call {call.target}.{call.method}", "use the same version on both sides")
        target = self._targets().get(call.target)
        if target is None:
            raise LinkError(f"the station has no {call.target}", "see its configuration")
        return getattr(target, call.method)(*call.arguments, **call.named)


class _Console:
    """One attached console. A console that does not read for some seconds is let go: it can attach again."""

    def __init__(self, bus: Bus, connection: Connection[Any, Any], carry_out: Callable[[Call], Any]) -> None:
        self._bus, self._connection, self._carry_out = bus, connection, carry_out
        self._sending = threading.Lock()
        self._ended = threading.Event()

    def run(self, hello: Hello) -> None:
        """Until it leaves."""
        newest = {topics.VIDEO_TRACKS.name: topics.newest_frames}
        subscriptions = [
            self._bus.subscribe(t, newest_by=newest.get(t.name))
            for t in topics.ALL_TOPICS
            if t.name not in _NOT_FOR_CONSOLES
        ]
        reader = threading.Thread(target=self._read, name="attach-read", daemon=True)
        try:
            self.send(hello)
            known = [
                (t.name, tuple(self._bus.latest_all(t)))
                for t in topics.ALL_TOPICS
                if t.delivery is Delivery.LATEST and t.name not in _NOT_FOR_CONSOLES
            ]
            self.send(Records(tuple(batch for batch in known if batch[1])))
            reader.start()
            while not self._ended.wait(_EVERY_S):
                batches = tuple((s.topic.name, tuple(records)) for s in subscriptions if (records := s.drain()))
                if batches:
                    self.send(Records(batches))
        finally:
            for subscription in subscriptions:
                self._bus.unsubscribe(subscription)
            self.close()

    def send(self, message: Any) -> None:
        """From any thread; a console that does not take it is let go. What cannot be packed is left out, and logged."""
        try:
            packed = _pack(message)
        except Exception as error:
            _log.error("not told to a console: %r", error)
            return
        try:
            with self._sending:
                self._connection.send_bytes(packed)
        except Exception as error:
            if not self._ended.is_set():
                _log.warning("a console does not take what it is told and is let go: %r", error)
            self._ended.set()

    def close(self) -> None:
        """End it."""
        self._ended.set()
        with self._sending:
            self._connection.close()

    def _read(self) -> None:
        while not self._ended.is_set():
            try:
                if not self._connection.poll(0.2):
                    continue
                call = self._connection.recv()
            except Exception:
                self._ended.set()
                return
            if isinstance(call, Call):
                self._answer(call)

    def _answer(self, call: Call) -> None:
        try:
            result = self._carry_out(call)
        except Exception as error:
            self._reply(Answer(call.number, None, error))
            return
        if isinstance(result, Future):
            result.add_done_callback(lambda done: self._when_done(call.number, done))
        else:
            self._reply(Answer(call.number, result))

    def _when_done(self, number: int, done: Future[Any]) -> None:
        try:
            self._reply(Answer(number, done.result()))
        except BaseException as error:  # a cancelled future too
            self._reply(Answer(number, None, error))

    def _reply(self, answer: Answer) -> None:
        if answer.error is not None:
            answer = Answer(answer.number, None, _portable(answer.error))
        # On a thread of its own: the callback of a future runs on the station's loop, which must not wait for a console.
        threading.Thread(target=self.send, args=(answer,), name="attach-answer", daemon=True).start()


def _pack(message: Any) -> bytes:
    if isinstance(message, Answer):
        try:
            return pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        except Exception as error:
            message = Answer(
                message.number, None, LinkError(f"the answer cannot be carried: {error}", "tell the developers")
            )
    return pickle.dumps(message, pickle.HIGHEST_PROTOCOL)


def _portable(error: BaseException) -> BaseException:
    """The error, or its words where its class does not come through: on the other side it must not end the connection."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(str(error))
    return error
