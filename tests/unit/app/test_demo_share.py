"""The two small players of the demonstration, between two real services: a lead is offered, accepted, and reported."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from groundstation.app.demo_share import DemoShare, share_html, share_report
from groundstation.app.stand_in_officer import StandInOfficer
from groundstation.core import topics
from groundstation.share import lost_between, make_pair, share_summary
from groundstation.share.certificates import CertificateFiles
from groundstation.share.summary import PeerSummary
from tests.unit.share.test_service import Two, incident
from tests.unit.share.things import OUTSIDE, T0_UTC_US


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> dict[str, CertificateFiles]:
    now_utc = datetime.fromtimestamp(T0_UTC_US / 1e6, UTC)
    return {n: make_pair(tmp_path_factory.mktemp(n), f"station-{n}", now_utc=now_utc) for n in ("a", "b")}


@pytest.fixture
def two(tmp_path: Path, pki: dict[str, CertificateFiles]) -> Iterator[Two]:
    made = Two(tmp_path, pki)
    made.start()
    yield made
    for station in (made.a, made.b):
        if hasattr(station, "service"):
            station.stop()


def test_a_lead_goes_over_and_the_report_tells_it(two: Two) -> None:
    said: list[str] = []
    sharing = DemoShare(two.a.bus, two.a.service.desk, "a", "b", said.append)
    officer = StandInOfficer(two.b.bus, two.b.service.desk, "b")
    for name, place in (("i1", {}), ("i2", {}), ("i3", {}), ("far", {"lat_deg": OUTSIDE[0], "lon_deg": OUTSIDE[1]})):
        record = incident(name, **place)
        sharing.on_incident(record)
        two.a.bus.publish(topics.INCIDENT, record)
    for _ in range(60):
        two.run(0.1)
        sharing.step()
        officer.step(two.clock.t_s)
    assert sum("b now leads" in text for text in said) == 2
    assert sum("has seen" in text for text in said) == 3
    two.stop()
    ours = share_summary(two.a.data_dir)["b"]
    report = share_report(two.a.data_dir, "b", ours, lost_between(ours, share_summary(two.b.data_dir)["a"]))
    assert report["acked_stored"] == report["sent"] > 3
    assert (report["acked_seen"], report["acked_accepted"], report["lead_transfers"]) == (3, 2, 2)
    assert (report["withheld"], report["lost"]) == (1, 0)
    assert "2 leads changed hands" in share_html(report)


def test_the_report_says_by_which_agreement(two: Two) -> None:
    two.stop()
    path = two.a.agreement_path
    report = share_report(two.a.data_dir, "b", PeerSummary(), 0, path)
    assert "signed by a and b" in report["agreement"]
    assert "500 m on either side of the border" in report["agreement"]
    assert "No pictures" in share_html(report)


def test_the_officer_does_nothing_before_having_looked(two: Two) -> None:
    officer = StandInOfficer(two.b.bus, two.b.service.desk, "b")
    two.a.bus.publish(topics.INCIDENT, incident("i1"))
    two.run(0.5)
    sent = len(two.b.sent())
    officer.step(two.clock.t_s)
    two.run(0.2)
    assert len(two.b.sent()) == sent
