"""Replay of a flight that the real services wrote: the same rules say the same, other rules say other things."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from geofences.area import Area, NamedPoint, area_text
from groundstation.app.main import main
from groundstation.app.replay import ReplayOptions, compare, find_flight, run_replay
from groundstation.core.bus import Bus
from groundstation.core.clock import SystemClock
from groundstation.core.errors import ConfigError, StoreError
from groundstation.core.records import FriendPosition, VehicleId, VideoTracks
from groundstation.core.topics import FRIEND_POSITION, VIDEO_TRACKS
from groundstation.incidents.rule_file import default_rules
from groundstation.incidents.service import IncidentService, IncidentSettings
from groundstation.store import queries
from groundstation.store.queries import AREA_DOCUMENT, RULES_DOCUMENT
from groundstation.store.service import StoreService
from tests.helpers.records import make_incident
from tests.unit.incidents.people import BORDER, RATE_HZ, Someone, records
from tests.unit.incidents.test_friends import report

AREA = Area(BORDER, (), (), NamedPoint("launch", 49.05, 22.70), ())
FLIGHT = "20261123T000000Z-abc123"
PEOPLE = [
    Someone((0, -24), [(0.0, 1.4, 34)]),  # crosses to the north
    Someone((40, 26), [(0.1, -1.3, 38)]),  # crosses to the south
    Someone((80, -12), []),  # stands on our side
    Someone((-60, -24), [(0.0, 1.4, 34)]),  # own patrol crosses
]


@pytest.fixture(scope="module")
def flight(tmp_path_factory) -> Path:
    """A data folder as a station leaves it."""
    folder: Path = tmp_path_factory.mktemp("flight")
    bus, clock = Bus(), SystemClock()
    store = StoreService(bus, folder, FLIGHT, clock)
    store.start()
    service = IncidentService(bus, BORDER, AREA.frame(), FLIGHT, clock, IncidentSettings(data_dir=folder))
    store.record_document(AREA_DOCUMENT, area_text(AREA))
    store.record_document(RULES_DOCUMENT, default_rules().text)
    for k, record in enumerate(records(PEOPLE, 40, seed=3)):
        t_s = k / RATE_HZ
        if k % round(RATE_HZ) == 0:
            bus.publish(FRIEND_POSITION, report(PEOPLE[3], t_s))
        bus.publish(VIDEO_TRACKS, VideoTracks("cam1", VehicleId(1), record, None, (), record.t_utc_us + 300_000))
        service.step()
    service.close()
    assert store.stop()
    return folder


def answer(options: ReplayOptions) -> dict:
    out = io.StringIO()
    assert run_replay(options, out) == 0
    return json.loads(out.getvalue())


def test_the_rules_of_then_say_the_same(flight):
    said = answer(ReplayOptions(flight, as_json=True))
    then = queries.incidents(flight, FLIGHT)
    assert {(i.track_id, i.direction) for i in then} == {
        ("cam1-1", "Arvenia->Belmark"),
        ("cam1-2", "Belmark->Arvenia"),
    }, "live: two crossings, and the own patrol's is none"
    assert said["counts"] == {"same": 2, "new": 0, "gone": 0}
    for line in said["incidents"]:
        then_row, now_row = line["then"], line["now"]
        for name in ("kind", "t_utc_us", "direction", "track_id", "class", "ce90_m", "text", "urgency", "rule"):
            assert then_row[name] == now_row[name], name
        assert now_row["lat"] == pytest.approx(then_row["lat"], abs=1e-6)
        assert now_row["probability"] == pytest.approx(then_row["probability"], abs=1e-3)


RULES = """
[[rule]]
kind = "crossing"
on = {crossing}
sentence = "{{subject}} crossed"
[[rule]]
kind = "approach"
sentence = "{{subject}} comes to {{to}}"
"""


def test_other_rules_say_other_things_and_the_folder_stays_as_it_was(flight, tmp_path):
    rules = tmp_path / "my.toml"
    rules.write_text(RULES.format(crossing="false"))
    before = {p.name for p in flight.iterdir()}
    said = answer(ReplayOptions(flight, rules, as_json=True, out=tmp_path / "out"))
    assert {(i["verdict"], (i["then"] or i["now"])["kind"]) for i in said["incidents"]} == {
        ("gone", "crossing"),
        ("new", "approach"),
    }
    assert said["counts"] == {"same": 0, "new": 2, "gone": 2}, "the own patrol is no approach either"
    assert {p.name for p in flight.iterdir()} == before
    assert len(queries.incidents(flight, FLIGHT)) == 2
    assert json.loads((tmp_path / "out" / "replay.json").read_text()) == said
    features = json.loads((tmp_path / "out" / "incidents.geojson").read_text())["features"]
    assert [f["properties"]["kind"] for f in features] == ["approach", "approach"]


def test_the_table(flight, capsys):
    assert main(["replay", str(flight / FLIGHT)]) == 0
    table = capsys.readouterr().out
    assert f"flight {FLIGHT}" in table
    assert "2 the same, 0 new, 0 gone" in table
    assert "Person crossed from Arvenia to Belmark at" in table


def test_bad_input_is_told_with_its_exit_code(flight, tmp_path, capsys):
    broken = tmp_path / "broken.toml"
    broken.write_text('[[rule]]\nkind = "crosing"\n')
    empty = tmp_path / "empty"
    empty.mkdir()
    for arguments, code, text in (
        ([str(flight), "--rules", str(broken)], 2, "line 2: rule 1: kind"),
        ([str(flight), "--rules", str(tmp_path / "none.toml")], 2, "cannot be read"),
        ([str(flight), "--flight", "yesterday"], 2, FLIGHT),
        ([str(empty)], 9, "holds no flight"),
        ([str(tmp_path / "nowhere")], 9, "no such folder"),
    ):
        assert main(["replay", *arguments]) == code
        assert text in capsys.readouterr().err


def test_a_flight_without_its_log_or_its_area_is_told(flight, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(flight, copy)
    for points in copy.glob("points-*"):
        points.unlink()
    with pytest.raises(StoreError, match="no track log"):
        run_replay(ReplayOptions(copy), io.StringIO())
    other = StoreService(Bus(), copy, "20271123T000000Z-later", SystemClock())
    other.start()
    other.stop()
    assert find_flight(copy, "")[1].flight_id == "20271123T000000Z-later", "the newest is meant"
    with pytest.raises(ConfigError, match="kept no area"):
        run_replay(ReplayOptions(copy), io.StringIO())


def test_matching_is_one_to_one_and_by_the_nearest_time():
    one = make_incident(1, t_utc_us=100_000_000, track_id="c-1")
    late = make_incident(2, t_utc_us=130_000_000, track_id="c-1")
    near = make_incident(3, t_utc_us=128_000_000, track_id="c-1")
    far = make_incident(4, t_utc_us=100_000_000 + 61_000_000, track_id="c-1")
    other = make_incident(5, t_utc_us=100_000_000, track_id="c-2")
    found = [
        (c.verdict, c.then and c.then.incident_id, c.now and c.now.incident_id)
        for c in compare([one, late], [near, other])
    ]
    assert sorted(found, key=str) == sorted(
        [("gone", "INC-0001", None), ("same", "INC-0002", "INC-0003"), ("new", None, "INC-0005")], key=str
    )
    assert [c.verdict for c in compare([one], [far])] == ["gone", "new"]
    assert np.all([c.verdict == "same" for c in compare([one, other], [other, one])])


def test_own_patrols_are_known_to_the_log(flight):
    friends = queries.friend_positions(flight, FLIGHT)
    assert {f.name for f in friends} == {"Alpha"}
    assert isinstance(friends[0], FriendPosition)
