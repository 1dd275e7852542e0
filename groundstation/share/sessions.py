"""The sessions with all neighbours: opened, closed for who is revoked, and opened anew with a renewed certificate."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from groundstation.core.clock import Clock
from groundstation.core.errors import CertificateError, LinkError, MarchwardenError
from groundstation.share.certificates import check_certificates, fingerprint_sha256, renew_certificate
from groundstation.share.deny import DenyWatch
from groundstation.share.settings import PeerSettings, ShareSettings
from groundstation.share.signing import StationPublicKey, neighbour_key
from groundstation.share.transport import NoWire, Wire
from groundstation.share.zenoh_wire import WireSettings

_log = logging.getLogger("groundstation.share.sessions")

OpenWire = Callable[[WireSettings, Callable[[], None]], Wire]
RENEW_LOOK_S = 60.0
REOPEN_S = 2.0
KEYS_LOOK_S = 5.0
RENEW_AT_FRACTION = 1.0 / 3.0
"""A certificate is renewed when less than this of its time is left."""


class Sessions:
    """Used by one thread. ``check`` and ``open`` raise what keeps a session from being opened at the start; later nothing
    is raised: a session that cannot be opened again is tried again, and :meth:`trouble` says why."""

    def __init__(
        self, settings: ShareSettings, clock: Clock, open_wire: OpenWire, on_event: Callable[[], None]
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._open_wire = open_wire
        self._on_event = on_event
        self._deny = DenyWatch(settings.data_dir)
        self._wires: dict[str, Wire] = {}
        self._expires: dict[str, datetime] = {}
        self._begins: datetime | None = None
        self._keys: dict[str, StationPublicKey | None] = {}
        self._authorities: dict[str, str] = {}
        self._denied: dict[str, str] = {}
        self._trouble: dict[str, str] = {}
        self._renewal_trouble = ""
        self._renew_look_s = 0.0
        self._reopen_at_s: dict[str, float] = {}
        self._keys_at_s = float("-inf")

    def check(self) -> None:
        """Look at all certificates. Raises :class:`CertificateError`."""
        s = self._settings
        now_utc = self._now_utc()
        for peer in s.peers:
            checked = check_certificates(s.certificate, s.key, peer.authority, now_utc, s.own_authority)
            self._expires[peer.name], self._begins = checked.expires_utc, checked.begins_utc
            if checked.common_name == peer.common_name:
                raise CertificateError(
                    f"{s.certificate}: has the common name {checked.common_name!r} of the neighbour {peer.name!r}",
                    "give this station's own certificate",
                )

    def open(self, peer: PeerSettings, now_s: float) -> Wire:
        """The first session with a neighbour; one to nowhere while it is revoked. Raises what the wire raises."""
        self._look_keys(now_s)
        self._deny.look(now_s)
        why = self._why_denied(peer)
        self._denied[peer.name] = why
        if why:
            _log.warning("no session with %s: %s", peer.name, why)
        wire = self._wires[peer.name] = NoWire() if why else self._open(peer)
        return wire

    def look(self, now_s: float) -> dict[str, Wire]:
        """What is due: the sessions that are other ones from now on, by neighbour."""
        self._deny.look(now_s)
        self._look_keys(now_s)
        renewed = self._renew(now_s)
        changed: dict[str, Wire] = {}
        for peer in self._settings.peers:
            name = peer.name
            why = self._why_denied(peer)
            if why and not self._denied.get(name):
                _log.warning("the session with %s is closed: %s", name, why)
                changed[name] = NoWire()
            elif not why and (renewed or self._denied.get(name) or self._due(name, now_s)):
                wire = self._reopen(peer, now_s)
                if wire is not None:
                    changed[name] = wire
            self._denied[name] = why
        self._wires.update(changed)
        return changed

    def _due(self, name: str, now_s: float) -> bool:
        return bool(self._trouble.get(name)) and now_s >= self._reopen_at_s.get(name, 0.0)

    def _reopen(self, peer: PeerSettings, now_s: float) -> Wire | None:
        # The old one first: it holds the port.
        self._wires[peer.name].close()
        try:
            wire = self._open(peer)
        except MarchwardenError as error:
            if not self._trouble.get(peer.name):
                _log.error("%s: no session: %s", peer.name, error)
            self._trouble[peer.name] = str(error)
            self._reopen_at_s[peer.name] = now_s + REOPEN_S
            return NoWire()
        self._trouble[peer.name] = ""
        return wire

    def _open(self, peer: PeerSettings) -> Wire:
        s = self._settings
        return self._open_wire(
            WireSettings(
                s.name, peer.name, peer.common_name, s.certificate, s.key, peer.authority, peer.connect, peer.listen
            ),
            self._on_event,
        )

    # ------------------------------------------------------------------------------------------------- revocation

    def _why_denied(self, peer: PeerSettings) -> str:
        key = self._keys.get(peer.name)
        authority = self._authorities.get(peer.name, "")
        return self._deny.why(peer.name, authority, key.raw.hex() if key is not None else "")

    def denied(self, name: str) -> str:
        """Why a neighbour has no session; "" when it may have one."""
        return self._denied.get(name, "")

    def trouble(self, name: str) -> str:
        """Why there is no session that should be."""
        return self._trouble.get(name, "")

    # ---------------------------------------------------------------------------------------------------- signatures

    def _look_keys(self, now_s: float) -> None:
        if now_s < self._keys_at_s:
            return
        self._keys_at_s = now_s + KEYS_LOOK_S
        for peer in self._settings.peers:
            try:
                self._keys[peer.name] = neighbour_key(self._settings.data_dir, peer.name)
                self._authorities[peer.name] = fingerprint_sha256(peer.authority)
            except CertificateError as error:
                _log.error("%s", error)

    def key_of(self, name: str) -> StationPublicKey | None:
        """The signing key that is known here to be the neighbour's."""
        return self._keys.get(name)

    # ------------------------------------------------------------------------------------------------------- renewal

    def expires(self, name: str) -> datetime:
        """When the certificate that is shown to this neighbour ends."""
        return self._expires[name]

    @property
    def renewal_trouble(self) -> str:
        """Why the certificate could not be renewed; "" when nothing is wrong."""
        return self._renewal_trouble

    def _renew(self, now_s: float) -> bool:
        s = self._settings
        if now_s < self._renew_look_s or s.own_authority is None or s.own_authority_key is None or not s.peers:
            return False
        self._renew_look_s = now_s + RENEW_LOOK_S
        expires, now_utc = min(self._expires.values()), self._now_utc()
        begins = self._begins or now_utc
        if expires - now_utc > (expires - begins) * RENEW_AT_FRACTION:
            return False
        try:
            new = renew_certificate(s.certificate, s.own_authority, s.own_authority_key, s.certificate_days, now_utc)
        except (CertificateError, LinkError) as error:
            self._renewal_trouble = str(error)
            return False
        _log.info("the station's certificate was renewed until %s", new)
        self._renewal_trouble = ""
        self._begins = now_utc - timedelta(minutes=10)
        self._expires = dict.fromkeys(self._expires, new)
        return True

    def _now_utc(self) -> datetime:
        return datetime.fromtimestamp(self._clock.utc_us() / 1e6, UTC)
