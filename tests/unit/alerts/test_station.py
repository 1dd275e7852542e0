"""A whole station without aircraft and video: what its console is handed works, and outlives the station."""

from __future__ import annotations

import time
from pathlib import Path

from groundstation.app.config import StationConfig, StationSection
from groundstation.app.station import Station
from groundstation.core import topics
from groundstation.core.alert_state import fold
from tests.helpers import records as r


def test_alerts_go_through_a_station_and_are_there_after_a_restart(tmp_path: Path) -> None:
    config = StationConfig(station=StationSection(name="arvenia", data_dir=tmp_path))
    station = Station(config)
    station.start()
    try:
        services = station.services()
        assert {"alerts", "video", "shift"} <= set(services)
        station.bus.publish(topics.INCIDENT, r.make_incident(1))
        alerts = services["alerts"]
        deadline_s = time.monotonic() + 20
        while not alerts.snapshot().incidents and time.monotonic() < deadline_s:
            time.sleep(0.02)
        alerts.acknowledge("INC-0001", "anna").result(10)
        alerts.classify("INC-0001", "own_patrol", "anna").result(10)
        assert services["shift"].write("anna", "radio check").result(10).text == "radio check"
    finally:
        station.stop()
    again = Station(config)
    again.start()
    try:
        shown = again.services()["alerts"].snapshot()
        assert [(i.incident_id, i.acknowledged_by) for i in shown.incidents] == [("INC-0001", "anna")]
        assert fold(shown.acts)["INC-0001"].verdict == "own_patrol"
        assert shown.station == "arvenia"
        found = again.services()["shift"].entries(0, time.time_ns() // 1000 + 1, "radio").result(10)
        assert [e.text for e in found] == ["radio check"]
    finally:
        again.stop()
