"""From a URL to a link."""

from __future__ import annotations

import zlib
from pathlib import Path

from groundstation.core.clock import Clock
from groundstation.core.errors import LinkError
from groundstation.link.base import Impairment, Link, Transport
from groundstation.link.loopback import LoopbackTransport
from groundstation.link.replay import ReplayControl, ReplayTransport
from groundstation.link.serial import SerialTransport
from groundstation.link.signing import LinkSigner, SigningClock
from groundstation.link.signing_keys import KeyFile, default_key_file
from groundstation.link.tcp import TcpClientTransport, TcpServerTransport
from groundstation.link.tlog import PacketRecorder, TlogRecorder
from groundstation.link.udp import UdpTransport
from groundstation.link.url import LinkSpec, parse_link_url


def _transport(spec: LinkSpec) -> Transport:
    match spec.scheme:
        case "udpin" | "udpout":
            return UdpTransport(spec.url, spec.host, spec.port, listen=spec.scheme == "udpin")
        case "tcp":
            return TcpClientTransport(spec.host, spec.port)
        case "tcpin":
            return TcpServerTransport(spec.url, spec.host, spec.port)
        case "serial":
            return SerialTransport(spec.path, spec.baud)
        case "replay":
            return ReplayTransport(Path(spec.path), spec.speed)
        case _:
            return LoopbackTransport()


class SigningClocks:
    """One clock for all links that sign with the same key: a station's stamps rise over all of them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._clocks: dict[Path, SigningClock] = {}

    def of(self, path: Path) -> SigningClock:
        """The clock that is kept in this file."""
        if path not in self._clocks:
            self._clocks[path] = SigningClock(self._clock, path)
        return self._clocks[path]


def link_id_of(url: str) -> int:
    """The link id of a signed link that names none: made from the URL, so that it is the same after a restart."""
    return zlib.crc32(url.encode()) & 0xFF


def _signer(spec: LinkSpec, clocks: SigningClocks) -> LinkSigner:
    keys = KeyFile(Path(spec.keys) if spec.keys else default_key_file())
    link_id = spec.link_id if spec.link_id >= 0 else link_id_of(spec.url)
    return LinkSigner(keys.get(spec.sign), clocks.of(keys.clock_file(spec.sign)), link_id)


def open_transport(spec: LinkSpec, clocks: SigningClocks) -> tuple[Transport, LinkSigner | None]:
    """The bare transport of a URL, not yet open, and the signing that the URL asks for. Raises :class:`LinkError`."""
    return _transport(spec), _signer(spec, clocks) if spec.sign else None


def open_replay(path: Path, clock: Clock, speed: float = 1.0) -> tuple[Link, ReplayControl]:
    """A recording as a link, not yet open, and what winds and pauses it."""
    transport = ReplayTransport(path, speed)
    return Link(f"replay:{path}", transport, clock), transport.control


def open_link(
    url: str, clock: Clock, recorder: PacketRecorder | None = None, clocks: SigningClocks | None = None
) -> Link:
    """A link for ``url``, not yet open: ``await link.open()`` begins.

    ``recorder`` gets every packet, both ways; ``+record`` makes one from the URL where none is handed in. ``clocks``:
    to be shared by all links of a station that may sign with the same key. Raises :class:`LinkError` that lists
    everything that is wrong with the URL, or says what is wrong with the signing key that it names.
    """
    spec = parse_link_url(url)
    if "record" in spec.words and recorder is None:
        if not spec.record:
            raise LinkError(f"link {url!r}: '+record' needs record=FILE.tlog", "name the file to record into")
        recorder = TlogRecorder(Path(spec.record))
    impairment = Impairment(
        spec.loss, spec.delay_s, spec.seed, spec.jitter_s, spec.reorder, spec.reorder_s, spec.duplicate
    )
    transport, signer = open_transport(spec, clocks or SigningClocks(clock))
    return Link(url, transport, clock, recorder, impairment, signer=signer)
