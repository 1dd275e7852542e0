"""The exercise's mark on the wire between two stations: real data never leave under an exercise's agreement, nor the reverse."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from groundstation.core import topics
from groundstation.share import make_pair
from tests.unit.share.test_service import Two
from tests.unit.share.things import INSIDE, T0_UTC_US, agreement
from tests.unit.share_gateways.things import incident, tracks


@pytest.mark.parametrize("exercise", [False, True])
def test_only_what_is_marked_like_the_agreement_reaches_the_neighbour(tmp_path: Path, exercise: bool) -> None:
    now_utc = datetime.fromtimestamp(T0_UTC_US / 1e6, UTC)
    pki = {n: make_pair(tmp_path / f"pki-{n}", f"station-{n}", now_utc=now_utc) for n in ("a", "b")}
    two = Two(tmp_path, pki)
    made = agreement(agreement_id="EX-1" if exercise else "AB-1")
    two.a.agree(made)
    two.b.agree(made)
    two.start()
    for stream, flight in (("cam1", "20260101-abc"), ("ex-cam1", "EX-20260101-abc"), ("ex-cam1", "20260101-abc")):
        two.a.bus.publish(topics.VIDEO_TRACKS, tracks(INSIDE, t_utc_us=two.clock.utc_us(), stream=stream))
        name = f"{stream}-{flight}"
        two.a.bus.publish(topics.INCIDENT, incident(incident_id=name, track_id=f"{stream}-1", flight_id=flight))
    two.run(1.0)
    assert len({t.track_id for t in two.b.tracks.drain()}) == 1
    mark = "ex-cam1-EX-20260101-abc" if exercise else "cam1-20260101-abc"
    assert [i.incident_id for i in two.b.incidents.drain()] == [mark]
    two.a.stop()
    two.b.stop()
