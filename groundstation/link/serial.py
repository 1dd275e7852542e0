"""The serial transport: a telemetry radio or a USB cable; opened again when it was pulled out."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections.abc import Callable
from typing import Any

from groundstation.core.errors import LinkError
from groundstation.link.backoff import Backoff
from groundstation.link.base import LinkState, Peer, TransportOwner

# A slow radio must not hold back a command that is then too late: more than this time's worth is not queued.
_LONGEST_QUEUE_S = 0.6
_LEAST_QUEUE_BYTES = 1200
_CHUNK = 512
_BITS_PER_BYTE = 10  # with start and stop bit


def _port_errors() -> tuple[type[Exception], ...]:
    """What opening, setting up and closing a port may raise; a device that is pulled out while that is done included."""
    try:
        import termios
    except ImportError:
        return OSError, ValueError
    return OSError, ValueError, termios.error


_PORT_ERRORS = _port_errors()


def _nothing() -> None:
    return


class SerialTransport:
    """One serial port. On POSIX it is read by the event loop, elsewhere by a thread of its own."""

    def __init__(self, device: str, baud: int) -> None:
        self._device, self._baud = device, baud
        self._task: asyncio.Task[None] | None = None
        self._port: Any = None
        self._backlog = bytearray()
        self._queue_limit = max(int(baud / _BITS_PER_BYTE * _LONGEST_QUEUE_S), _LEAST_QUEUE_BYTES)
        self._wake_writer: Callable[[], None] = _nothing
        self._lock = threading.Lock()

    async def open(self, owner: TransportOwner) -> None:
        """Begin; a device that is not there yet is waited for."""
        try:
            import serial
        except ImportError as error:
            raise LinkError("serial links need pyserial", "install the package pyserial") from error
        self._task = asyncio.create_task(self._run(owner, serial))

    async def _run(self, owner: TransportOwner, serial: Any) -> None:
        backoff = Backoff()
        while True:
            reason = "the device is gone"
            try:
                # In a thread: some drivers (Bluetooth) take seconds, in which heartbeats must go on.
                self._port = await asyncio.to_thread(
                    serial.Serial, self._device, self._baud, timeout=0.1, write_timeout=0, exclusive=True
                )
                backoff.reset()
                owner.on_transport_state(LinkState.OPEN, f"{self._device} at {self._baud} baud")
                if os.name == "posix":
                    await self._pump_posix(owner)
                else:
                    await self._pump_thread(owner, serial)
            except serial.SerialException as error:
                reason = str(error)
            except _PORT_ERRORS as error:
                reason = getattr(error, "strerror", None) or str(error)
            finally:
                port, self._port = self._port, None
                self._backlog.clear()
                self._wake_writer = _nothing
                if port is not None:
                    with contextlib.suppress(*_PORT_ERRORS):
                        port.close()
            owner.on_transport_state(LinkState.CONNECTING, f"{self._device}: {reason}")
            await asyncio.sleep(backoff.next_s())

    async def _pump_posix(self, owner: TransportOwner) -> None:
        loop = asyncio.get_running_loop()
        descriptor = self._port.fileno()
        os.set_blocking(descriptor, False)
        gone: asyncio.Future[None] = loop.create_future()

        def fail(error: OSError | None) -> None:
            if not gone.done():
                if error is None:
                    gone.set_result(None)
                else:
                    gone.set_exception(error)

        def readable() -> None:
            try:
                data = os.read(descriptor, 4096)
            except BlockingIOError:
                return
            except OSError as error:
                fail(error)
                return
            if data:
                owner.on_bytes(data)
            else:
                fail(None)

        def writable() -> None:
            try:
                if self._backlog:
                    del self._backlog[: os.write(descriptor, self._backlog)]
            except BlockingIOError:
                return
            except OSError as error:
                fail(error)
                return
            if not self._backlog:
                loop.remove_writer(descriptor)

        self._wake_writer = lambda: loop.add_writer(descriptor, writable)
        loop.add_reader(descriptor, readable)
        if self._backlog:  # sent as soon as the port was open
            self._wake_writer()
        try:
            await gone
        finally:
            loop.remove_reader(descriptor)
            loop.remove_writer(descriptor)

    async def _pump_thread(self, owner: TransportOwner, serial: Any) -> None:
        loop = asyncio.get_running_loop()
        port = self._port
        gone: asyncio.Future[None] = loop.create_future()
        stop = threading.Event()

        def fail(reason: str) -> None:
            if not gone.done():
                gone.set_exception(OSError(reason))

        def run() -> None:
            try:
                while not stop.is_set():
                    with self._lock:
                        chunk = bytes(self._backlog[:_CHUNK])
                        del self._backlog[:_CHUNK]
                    if chunk:
                        port.write(chunk)
                    data = port.read(max(1, port.in_waiting))
                    if data:
                        loop.call_soon_threadsafe(owner.on_bytes, data)
            except (OSError, serial.SerialException) as error:
                if not stop.is_set():
                    loop.call_soon_threadsafe(fail, str(error))

        thread = threading.Thread(target=run, name=f"serial {self._device}", daemon=True)
        thread.start()
        try:
            await gone
        finally:
            stop.set()

    def _queued_bytes(self) -> int:
        """Bytes that wait here and in the system's own queue."""
        with contextlib.suppress(AttributeError, *_PORT_ERRORS):
            return len(self._backlog) + int(self._port.out_waiting)
        return len(self._backlog)

    def write(self, data: bytes, peer: Peer = None) -> bool:
        """Queue for sending; False when the port is not open or does not take what it was given before."""
        if self._port is None or self._queued_bytes() + len(data) > self._queue_limit:
            return False
        with self._lock:
            self._backlog += data
        self._wake_writer()
        return True

    async def close(self) -> None:
        """Close the port."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
