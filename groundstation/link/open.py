"""From a URL to a link."""

from __future__ import annotations

from pathlib import Path

from groundstation.core.clock import Clock
from groundstation.core.errors import LinkError
from groundstation.link.base import Impairment, Link, Transport
from groundstation.link.loopback import LoopbackTransport
from groundstation.link.replay import ReplayTransport
from groundstation.link.serial import SerialTransport
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


def open_link(url: str, clock: Clock, recorder: PacketRecorder | None = None) -> Link:
    """A link for ``url``, not yet open: ``await link.open()`` begins.

    ``recorder`` gets every packet, both ways; ``+record`` makes one from the URL where none is handed in. Raises
    :class:`LinkError` that lists everything that is wrong with the URL.
    """
    spec = parse_link_url(url)
    if "record" in spec.words and recorder is None:
        if not spec.record:
            raise LinkError(f"link {url!r}: '+record' needs record=FILE.tlog", "name the file to record into")
        recorder = TlogRecorder(Path(spec.record))
    impairment = Impairment(spec.loss, spec.delay_s, spec.seed)
    return Link(url, _transport(spec), clock, recorder, impairment)
