"""A TCP or TLS connection that comes back: bounded in time at every step, so that stopping never waits for a stranger."""

from __future__ import annotations

import logging
import socket
import ssl
from contextlib import suppress

from groundstation.core.errors import ConfigError
from groundstation.share.gateways.base import Backoff
from groundstation.share.gateways.url import CotStream

_log = logging.getLogger("groundstation.share.gateways")

CONNECT_S = 3.0
SEND_S = 3.0
PROVED_AFTER_S = 10.0
"""A connection that held this long resets the wait before the next try: one that is accepted and dropped at once does not."""
_READ_BYTES = 65_536


def tls_context(target: CotStream) -> ssl.SSLContext | None:
    """The TLS settings of a target, None without. Raises :class:`ConfigError` naming the file that cannot be used."""
    if target.ca is None or target.certificate is None or target.key is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_verify_locations(target.ca)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(
            f"{target.ca}: is no authority's certificate in PEM: {error}", "check ca= in the URL"
        ) from error
    try:
        # Without this a key with a password would wait for somebody to type it.
        context.load_cert_chain(target.certificate, target.key, password=lambda: "")
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(
            f"{target.certificate}, {target.key}: are no certificate with its key (without a password): {error}",
            "check cert= and key= in the URL",
        ) from error
    return context


class StreamLink:
    """One connection at a time to ``target``. Used by one thread."""

    def __init__(self, target: CotStream) -> None:
        """Raises :class:`ConfigError` for certificates that cannot be used."""
        self.detail = "not connected yet"
        self._target = target
        self._tls = tls_context(target)
        self._socket: socket.socket | None = None
        self._backoff = Backoff()
        self._since_s = 0.0

    @property
    def connected(self) -> bool:
        """Whether there is a connection, as far as is known."""
        return self._socket is not None

    def open(self, now_s: float) -> bool:
        """Connect if that is due; whether there is a connection now. Takes up to twice :data:`CONNECT_S`."""
        if self._socket is None and self._backoff.due(now_s):
            try:
                self._socket = self._connect()
                self._since_s = now_s
                self.detail = ""
                _log.info("connected to %s:%d", self._target.host, self._target.port)
            except OSError as error:
                self.detail = f"not reached: {_words(error)}"
                self._backoff.failed(now_s)
        return self._socket is not None

    def _connect(self) -> socket.socket:
        target = self._target
        plain = socket.create_connection((target.host, target.port), CONNECT_S)
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            if hasattr(socket, "TCP_USER_TIMEOUT"):
                # A cut line is noticed after 10 s without an acknowledgement of what was sent, not after a quarter of an hour.
                plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 10_000)
            if self._tls is None:
                return plain
            return self._tls.wrap_socket(plain, server_hostname=target.server_name or target.host)
        except BaseException:
            plain.close()
            raise

    def send(self, data: bytes, now_s: float) -> None:
        """Send all of ``data`` within :data:`SEND_S`; ``OSError`` when it broke, and the connection is gone."""
        if self._socket is None:
            raise OSError("not connected")
        try:
            self._socket.settimeout(SEND_S)
            self._socket.sendall(data)
        except OSError as error:
            self._drop(f"broke: {_words(error)}", now_s)
            raise

    def read_away(self, now_s: float) -> int:
        """Read and forget what came, so that the other side never waits for us; how many bytes. Never blocks."""
        count = 0
        if self._socket is None:
            return 0
        try:
            self._socket.settimeout(0.0)
            while count < 1_048_576:
                data = self._socket.recv(_READ_BYTES)
                if not data:
                    self._drop("the other side has closed the connection", now_s)
                    return count
                count += len(data)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            pass
        except OSError as error:
            self._drop(f"broke: {_words(error)}", now_s)
            return count
        if now_s - self._since_s > PROVED_AFTER_S:
            self._backoff.worked()
        return count

    def _drop(self, detail: str, now_s: float) -> None:
        self.detail = detail
        self._backoff.failed(now_s)
        self.close()

    def close(self) -> None:
        """Close the connection; harmless when called again."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
            self._socket = None


def _words(error: OSError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not accepted: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"TLS failed: {error.reason or error}"
    if isinstance(error, TimeoutError):
        return "no answer"
    return error.strerror or str(error)
