"""The table of misbehaviours and how they are switched on."""

from __future__ import annotations

from pathlib import Path

import pytest

from geofences.errors import ConfigError
from missions.mavlink import mavlink2 as m
from sim.autopilot.misbehave import CATALOGUE, check_names, table
from sim.runner import Simulator, run_sim
from tests.unit.sim_autopilot.bench import Bench

DOCUMENT = Path(__file__).parents[3] / "docs" / "simulator.md"


def test_each_has_a_name_an_explanation_and_a_source() -> None:
    assert len(CATALOGUE) >= 20
    for name, one in CATALOGUE.items():
        assert one.name == name
        assert name == name.lower()
        assert len(one.what) > 20
        assert one.source[0].isdigit(), "a section of the notes"


def test_the_document_has_the_whole_table() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert table() in text, "run: groundstation sim --misbehave list, and put it into docs/simulator.md"


def test_every_one_is_tried_somewhere() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    assert [name for name in CATALOGUE if f'"{name}"' not in tests] == []


def test_an_unknown_name_is_told_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ConfigError, match=r"'ack-los' \(did you mean 'ack-lost'\?\)"):
        check_names(["ack-los", "delay"])
    with pytest.raises(ConfigError, match="sticky"):
        Simulator("calm", 1, ["tcp:127.0.0.1:0"], None, misbehave=["sticky"])
    assert run_sim(["--misbehave", "list"]) == 0
    assert "| `ack-lost` |" in capsys.readouterr().out


def test_a_good_aircraft_has_none_and_a_bad_one_can_pause() -> None:
    assert not Bench().autopilot.misbehaviours
    bench = Bench(misbehave=["int-only", "ack-twice"])
    bench.run(3.0)
    assert bench.command(m.MAV_CMD_DO_SET_MODE, 1, 4) == m.MAV_RESULT_COMMAND_INT_ONLY
    bench.autopilot.misbehaviours.paused = True
    assert bench.command(m.MAV_CMD_DO_SET_MODE, 1, 4) == m.MAV_RESULT_ACCEPTED
    with pytest.raises(KeyError):
        bench.autopilot.misbehaviours["delay"]
