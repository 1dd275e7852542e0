"""Which wire leads to a neighbour: its address says it."""

from __future__ import annotations

from collections.abc import Callable

from groundstation.share.nats_url import is_nats
from groundstation.share.transport import Wire
from groundstation.share.zenoh_wire import WireSettings, ZenohWire


def open_wire(settings: WireSettings, on_event: Callable[[], None]) -> Wire:
    """Straight to the neighbour over zenoh, or over a NATS server for ``nats+tls://``. Raises what the wires raise."""
    if is_nats(settings.connect):
        from groundstation.share.nats_wire import NatsWire  # an extra: not everybody has the library

        return NatsWire(settings, on_event)
    return ZenohWire(settings, on_event)
