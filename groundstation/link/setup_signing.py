"""Giving an aircraft a signing key, or taking it away, and believing it only when the aircraft has shown it.

``SETUP_SIGNING`` has no answer. ArduPilot refuses it while armed, keeps the key in its storage and uses it at once on all
its links; a key of zeros with the time 0 takes it away.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from groundstation.core.errors import LinkError
from groundstation.link.base import Link
from groundstation.link.frame import SIGNED_FLAG
from groundstation.link.signing import RADIO, RADIO_STATUS, LinkSigner
from missions.mavlink import mavlink2

_TRIES = 3
_SHOWN_WITHIN_S = 4.0
_ASK_S = 0.5
_REQUEST_MESSAGE, _AUTOPILOT_VERSION = 512, 148
_ARMED = 0x80
_NO_AUTOPILOT = 8
_HEARTBEAT = 0


@dataclass
class Heard:
    """What a link has brought so far: the autopilots by their address, whether armed; and whether a radio is on the way."""

    autopilots: dict[tuple[int, int], bool]
    radio: bool = False

    def on_message(self, message: Any, t_mono_ns: int, t_utc_us: int) -> None:
        """A listener of the link."""
        if message.get_msgId() in (RADIO, RADIO_STATUS):
            self.radio = True
        elif message.get_msgId() == _HEARTBEAT and message.autopilot != _NO_AUTOPILOT:
            source = (message.get_srcSystem(), message.get_srcComponent())
            self.autopilots[source] = bool(message.base_mode & _ARMED)


def _ask(link: Link, system_id: int, component_id: int) -> None:
    """A harmless question, so that there is something to answer, and an address to answer to."""
    link.send(
        mavlink2.MAVLink_command_long_message(
            system_id, component_id, _REQUEST_MESSAGE, 0, _AUTOPILOT_VERSION, 0, 0, 0, 0, 0, 0
        )
    )


async def find_aircraft(link: Link, system_id: int, timeout_s: float) -> tuple[tuple[int, int], Heard]:
    """The one aircraft that is meant. Raises :class:`LinkError` when none, or more than one, is heard."""
    heard = Heard({})
    link.add_listener(heard.on_message)
    loop = asyncio.get_running_loop()
    end_s = loop.time() + timeout_s
    settled_s = 0.0
    try:
        while loop.time() < end_s and (not settled_s or loop.time() < settled_s):
            _ask(link, 0, 0)
            await asyncio.sleep(_ASK_S)
            if not settled_s and any(system_id in (0, s[0]) for s in heard.autopilots):
                settled_s = loop.time() + 1.5  # a heartbeat a second: by then all others are known
    finally:
        link.remove_listener(heard.on_message)
    found = [s for s in heard.autopilots if system_id in (0, s[0])]
    if not found:
        hint = ""
        if link.signed:
            hint = " signed with this key"
        elif link.statistics.sources:
            hint = f" (heard: {', '.join('{}.{}'.format(*s) for s in sorted(link.statistics.sources))})"
        raise LinkError(
            f"link {link.name}: no aircraft{f' {system_id}' if system_id else ''} was heard{hint} in {timeout_s:g} s",
            "check the link, the system id, and the key if the link names one",
        )
    if len({s[0] for s in found}) > 1:
        ids = ", ".join(str(s[0]) for s in sorted(found))
        raise LinkError(f"link {link.name}: several aircraft are heard: {ids}", "say which with --system")
    return found[0], heard


async def change_key(link: Link, target: tuple[int, int], key: bytes | None, stamp: int, new: LinkSigner | None) -> int:
    """Send a key (None: take it away), then wait until the aircraft's heartbeats show it.

    ``stamp``: the time stamp to begin with; ``new``: what the link signs with afterwards, and so keeps when this
    succeeds. Returns how many times it was sent. Raises :class:`LinkError` for an armed aircraft, before anything is
    sent, and when the aircraft does not show the change; the link is then as it was.
    """
    old = link.signer
    message = mavlink2.MAVLink_setup_signing_message(*target, list(key or bytes(32)), stamp if key else 0)
    for attempt in range(1, _TRIES + 1):
        await _require_disarmed(link, target)
        link.send(message)
        await asyncio.sleep(0.2)
        link.sign_with(new)
        if await _shown(link, target, signed=new is not None):
            return attempt
        link.sign_with(old)
    raise LinkError(
        f"aircraft {target[0]}: {'does not sign with the key' if key else 'still signs'} after {_TRIES} tries",
        "look at its messages; signing may be off on that port (MAVn_OPTIONS bit 0) or not be in its firmware",
    )


async def _require_disarmed(link: Link, target: tuple[int, int]) -> None:
    heard = Heard({})
    link.add_listener(heard.on_message)
    try:
        async with asyncio.timeout(_SHOWN_WITHIN_S):
            while target not in heard.autopilots:
                _ask(link, *target)
                await asyncio.sleep(_ASK_S / 5)
    except TimeoutError as error:
        raise LinkError(f"aircraft {target[0]}: is not heard any more", "check the link") from error
    finally:
        link.remove_listener(heard.on_message)
    if heard.autopilots[target]:
        raise LinkError(
            f"aircraft {target[0]}: is armed, and takes no signing key then", "land and disarm it, then try again"
        )


async def _shown(link: Link, target: tuple[int, int], signed: bool) -> bool:
    """Whether the aircraft sends rightly signed packets, or unsigned ones where no key is left."""
    shown = asyncio.Event()

    def on_message(message: Any, t_mono_ns: int, t_utc_us: int) -> None:
        if (message.get_srcSystem(), message.get_srcComponent()) == target:
            carries = bool(message.get_header().incompat_flags & SIGNED_FLAG)
            if message.get_msgId() == _HEARTBEAT and (message.get_signed() if signed else not carries):
                shown.set()

    link.add_listener(on_message)
    try:
        async with asyncio.timeout(_SHOWN_WITHIN_S):
            while not shown.is_set():
                _ask(link, *target)
                await asyncio.sleep(_ASK_S / 5)
        return True
    except TimeoutError:
        return False
    finally:
        link.remove_listener(on_message)
