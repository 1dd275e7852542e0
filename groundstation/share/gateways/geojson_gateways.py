"""The ways out for the GeoJSON feed: a file that is replaced whole, and a small server on the loopback interface."""

from __future__ import annotations

import http.server
import logging
import os
import socket
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from groundstation.share.gateways.base import Backoff, Told
from groundstation.share.gateways.feed import Feed, etag
from groundstation.share.gateways.url import GeoJsonFile, GeoJsonHttp

_log = logging.getLogger("groundstation.share.gateways")

TOUCH_PERIOD_S = 5.0
STALE_AFTER_S = 10.0
REQUEST_S = 5.0
MAX_REQUESTS = 8
_LIMITS = (
    "whoever has read it keeps what was in it: there is no recall",
    "it is not known who reads it",
)
_LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1")


class GeoJsonFileGateway:
    """The feed as a file. Readers see the old one or the new one, never half of one.

    While the station runs, the file is touched every 5 s: a file older than some 15 s belongs to a station that is dead.
    When it stops the feed is empty.
    """

    repeat_s = 0.0

    def __init__(self, target: GeoJsonFile, own_name: str, recipient: str) -> None:
        self.limits: tuple[str, ...] = _LIMITS
        self.detail = ""
        self._path = target.path
        self._names = own_name, recipient
        self._feed = Feed(own_name, recipient)
        self._written = b""
        self._touch_at_s = 0.0
        self._last_utc_us = 0
        self._backoff = Backoff()

    def ready(self, now_s: float) -> bool:
        """See :class:`~groundstation.share.gateways.base.Gateway`."""
        return self._backoff.due(now_s)

    def send(self, told: Sequence[Told], now_utc_us: int) -> None:
        """See :class:`~groundstation.share.gateways.base.Gateway`; the file follows in :meth:`idle`, some milliseconds on."""
        for t in told:
            self._feed.take(t)

    def idle(self, now_s: float, now_utc_us: int) -> None:
        """See :class:`~groundstation.share.gateways.base.Gateway`: writes what has changed."""
        if not self._backoff.due(now_s):
            return
        document = self._feed.render(now_utc_us)
        self._last_utc_us = now_utc_us
        try:
            if document != self._written:
                self._write(document)
            elif now_s >= self._touch_at_s:
                os.utime(self._path)
            else:
                return
            self._touch_at_s = now_s + TOUCH_PERIOD_S
            self.detail = ""
            self._backoff.worked()
        except OSError as error:
            self.detail = f"cannot be written: {error.strerror or error}"
            self._written = b""
            self._backoff.failed(now_s)

    def _write(self, document: bytes) -> None:
        beside = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        try:
            beside.write_bytes(document)
            os.replace(beside, self._path)
        except OSError:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise
        self._written = document

    def close(self) -> None:
        """See :class:`~groundstation.share.gateways.base.Gateway`: nothing is left in the file that could pass for live."""
        if self._written:
            with suppress(OSError):
                self._write(Feed(*self._names).render(self._last_utc_us))
            self._written = b""


class GeoJsonHttpGateway:
    """The feed at ``http://127.0.0.1:port/``, with ETag. Only for this machine: no passwords, no encryption.

    A request under another host name than this machine's is refused: so no web page in a browser here can read the feed.
    """

    repeat_s = 0.0

    def __init__(self, target: GeoJsonHttp, own_name: str, recipient: str) -> None:
        """Nothing is opened before :meth:`ready`."""
        self.limits: tuple[str, ...] = (*_LIMITS, "every program and every user of this machine can read it")
        self.detail = "not open yet"
        self._target = target
        self._feed = Feed(own_name, recipient)
        self._server: _Server | None = None
        self._backoff = Backoff()

    @property
    def port(self) -> int:
        """The port that is listened on; 0 before it is."""
        return int(self._server.server_address[1]) if self._server is not None else 0

    def ready(self, now_s: float) -> bool:
        """See :class:`~groundstation.share.gateways.base.Gateway`."""
        if self._server is None and self._backoff.due(now_s):
            try:
                self._server = _Server(self._target.host, self._target.port)
                self.detail = ""
            except OSError as error:
                self.detail = f"cannot listen: {error.strerror or error}"
                self._backoff.failed(now_s)
        return self._server is not None

    def send(self, told: Sequence[Told], now_utc_us: int) -> None:
        """See :class:`~groundstation.share.gateways.base.Gateway`; it is served from the next :meth:`idle` on."""
        for t in told:
            self._feed.take(t)

    def idle(self, now_s: float, now_utc_us: int) -> None:
        """See :class:`~groundstation.share.gateways.base.Gateway`."""
        if self._server is not None:
            self._server.show(self._feed.render(now_utc_us))

    def close(self) -> None:
        """See :class:`~groundstation.share.gateways.base.Gateway`."""
        if self._server is not None:
            self._server.stop()
            self._server = None


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    # Closing must not wait for a client that reads slowly.
    block_on_close = False

    def __init__(self, host: str, port: int) -> None:
        if ":" in host:
            self.address_family = socket.AF_INET6
        super().__init__((host, port), _Handler)
        self._document: tuple[bytes, float] = b"", float("-inf")
        self._slots = threading.BoundedSemaphore(MAX_REQUESTS)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.1,), name="geojson-http", daemon=True)
        self._thread.start()

    def show(self, document: bytes) -> None:
        self._document = document, time.monotonic()

    def document(self) -> bytes | None:
        """The document; None when nobody has renewed it lately, so that a stuck station does not look alive."""
        document, at_s = self._document
        return document if document and time.monotonic() - at_s <= STALE_AFTER_S else None

    def process_request(self, request: Any, client_address: Any) -> None:
        if not self._slots.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._slots.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        _log.debug("a reader of the feed went away", exc_info=True)

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join(2.0)


class _Handler(http.server.BaseHTTPRequestHandler):
    timeout = REQUEST_S
    server_version = "Marchwarden"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        self._answer(body=True)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def _answer(self, body: bool) -> None:
        host = (self.headers.get("Host") or "").strip()
        name = host[1 : host.find("]")] if host.startswith("[") else host.partition(":")[0]
        document = self.server.document()
        if name not in _LOOPBACK_NAMES:
            self._plain(403, "only for this machine")
        elif self.path.partition("?")[0] not in ("/", "/feed.geojson"):
            self._plain(404, "the feed is at /")
        elif document is None:
            self._plain(503, "no current picture")
        else:
            tag = etag(document)
            known = [t.strip().removeprefix("W/") for t in (self.headers.get("If-None-Match") or "").split(",")]
            same = tag in known or known == ["*"]
            self.send_response(304 if same else 200)
            self.send_header("ETag", tag)
            self.send_header("Cache-Control", "no-cache, private")
            if not same:
                self.send_header("Content-Type", "application/geo+json")
                self.send_header("X-Content-Type-Options", "nosniff")
                self.send_header("Content-Length", str(len(document)))
            self.end_headers()
            if body and not same:
                self.wfile.write(document)

    def _plain(self, status: int, text: str) -> None:
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        _log.debug(format, *args)
