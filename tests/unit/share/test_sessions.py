"""Sessions: a certificate that is renewed in time, a neighbour that is revoked and accepted again, a port that is held."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509

from groundstation.core.errors import PortInUseError
from groundstation.share.certificates import check_certificates, make_pair
from groundstation.share.deny import Denied, allow_again, deny
from groundstation.share.sessions import Sessions
from groundstation.share.settings import PeerSettings, ShareSettings
from groundstation.share.transport import NoWire
from groundstation.share.zenoh_wire import WireSettings
from tests.unit.share.things import T0_UTC_US, FakeClock


class Wires:
    """Opens wires that only know whether they are closed."""

    def __init__(self) -> None:
        self.opened: list[_Wire] = []
        self.refuse = False

    def open(self, settings: WireSettings, on_event: Callable[[], None]) -> _Wire:
        if self.refuse:
            raise PortInUseError("port 7447 is in use", "end the other program")
        self.opened.append(_Wire())
        return self.opened[-1]


class _Wire(NoWire):
    closed = False

    def close(self) -> None:
        self.closed = True


class Station:
    def __init__(self, folder: Path) -> None:
        self.clock, self.wires = FakeClock(), Wires()
        now_utc = datetime.fromtimestamp(T0_UTC_US / 1e6, UTC)
        self.files = make_pair(folder / "a", "a", days=1.0, authority_days=100.0, now_utc=now_utc)
        other = make_pair(folder / "b", "b", days=30.0, now_utc=now_utc)
        self.peer = PeerSettings("b", "b", other.authority, connect="127.0.0.1:1")
        settings = ShareSettings(
            "a",
            self.files.certificate,
            self.files.key,
            folder / "data",
            (self.peer,),
            self.files.authority,
            self.files.authority_key,
            certificate_days=1.0,
        )
        self.data_dir = settings.data_dir
        self.sessions = Sessions(settings, self.clock, self.wires.open, lambda: None)
        self.sessions.check()
        self.sessions.open(self.peer, 0.0)

    def look(self, t_s: float) -> dict[str, object]:
        self.clock.t_s = t_s
        return dict(self.sessions.look(t_s))


@pytest.fixture
def station(tmp_path: Path) -> Station:
    return Station(tmp_path)


def test_a_certificate_is_renewed_before_its_last_third(station: Station) -> None:
    before = x509.load_pem_x509_certificate(station.files.certificate.read_bytes())
    assert station.look(12 * 3600.0) == {}
    changed = station.look(17 * 3600.0)
    assert changed == {"b": station.wires.opened[1]}
    assert station.wires.opened[0].closed
    after = x509.load_pem_x509_certificate(station.files.certificate.read_bytes())
    assert after.not_valid_after_utc > before.not_valid_after_utc
    assert after.public_key() == before.public_key()
    assert after.subject == before.subject
    now_utc = datetime.fromtimestamp(T0_UTC_US / 1e6 + 30 * 3600, UTC)  # the old one has ended by then
    check_certificates(
        station.files.certificate, station.files.key, station.peer.authority, now_utc, station.files.authority
    )
    assert station.look(17 * 3600.0 + 120.0) == {}  # once


def test_a_certificate_that_cannot_be_renewed_is_said_and_the_session_stays(station: Station) -> None:
    station.files.authority_key.write_text("no key")
    assert station.look(17 * 3600.0) == {}
    assert "ca.key" in station.sessions.renewal_trouble
    assert not station.wires.opened[0].closed


def test_a_revoked_neighbour_is_cut_off_and_one_accepted_anew_comes_back(station: Station) -> None:
    deny(station.data_dir, Denied("b", "2026-11-23T00:00:00Z", "lost laptop", "00", "11"))
    (wire,) = station.look(2.0).values()
    assert isinstance(wire, NoWire)
    assert "lost laptop" in station.sessions.denied("b")
    assert station.look(4.0) == {}
    allow_again(station.data_dir, "b", "22", "33")
    (wire,) = station.look(6.0).values()
    assert wire is station.wires.opened[-1]
    assert station.sessions.denied("b") == ""


def test_a_session_that_cannot_be_opened_again_is_tried_again(station: Station) -> None:
    deny(station.data_dir, Denied("b", "2026-11-23T00:00:00Z"))
    station.look(2.0)
    station.wires.refuse = True
    allow_again(station.data_dir, "b", "22", "33")
    (wire,) = station.look(4.0).values()
    assert isinstance(wire, NoWire)
    assert "7447" in station.sessions.trouble("b")
    assert station.look(5.0) == {}
    station.wires.refuse = False
    (wire,) = station.look(8.0).values()
    assert wire is station.wires.opened[-1]
    assert station.sessions.trouble("b") == ""
