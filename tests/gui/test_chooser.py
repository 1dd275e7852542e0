"""Several aircraft in one console: the panels and the orders stay with the one that the operator chose."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from groundstation.console.panels.chooser import AircraftChooser
from groundstation.core import topics
from groundstation.core.records import Fault, VehicleId
from tests.gui.test_console import Bench
from tests.helpers import records as r

ONE, TWO = VehicleId(1, 1), VehicleId(2, 1)


@pytest.fixture
def bench(qtbot: QtBot):
    made = Bench(qtbot)
    yield made
    made.window.close()


def _publish(bench: Bench, vehicle_id: VehicleId, **changes: object) -> None:
    bench.bus.publish(topics.VEHICLE_STATE, replace(r.make_state(**changes), vehicle_id=vehicle_id))
    bench.window.bridge.drain()


def test_another_aircraft_that_is_heard_later_takes_nothing_over(bench: Bench) -> None:
    _publish(bench, ONE, mode="AUTO", armed=True)
    assert not bench.window.chooser.isVisible()
    _publish(bench, TWO, mode="LOITER", armed=False)
    assert bench.window.chooser.isVisible()
    assert bench.window.telemetry.value("Mode") == "AUTO"
    assert bench.window.controls._vehicle_id == ONE
    bench.window.chooser.setCurrentIndex(1)
    assert bench.window.telemetry.value("Mode").startswith("LOITER")
    assert bench.window.controls._vehicle_id == TWO
    _publish(bench, ONE, mode="RTL", armed=True)
    assert bench.window.controls._vehicle_id == TWO
    assert bench.window.chooser.itemText(0).startswith("1.1 RTL")


def test_a_plan_in_force_on_one_is_not_shown_on_the_other(bench: Bench) -> None:
    _publish(bench, ONE)
    _publish(bench, TWO)
    bench.bus.publish(topics.PLAN_STATUS, replace(r.make_plan_status(), vehicle_id=ONE))
    bench.window.bridge.drain()
    assert "IN FORCE" in bench.window.controls.status_text()
    bench.window.chooser.setCurrentIndex(1)
    assert "IN FORCE" not in bench.window.controls.status_text()
    assert not bench.window.controls._in_force
    bench.bus.publish(topics.PLAN_STATUS, replace(r.make_plan_status(), vehicle_id=ONE))
    bench.window.bridge.drain()
    assert "IN FORCE" not in bench.window.controls.status_text()
    bench.window.chooser.setCurrentIndex(0)
    assert "IN FORCE" in bench.window.controls.status_text()


def test_a_critical_fault_of_an_aircraft_that_is_not_shown_is_marked(qtbot: QtBot) -> None:
    chooser = AircraftChooser()
    qtbot.addWidget(chooser)
    chooser.on_vehicle_state(replace(r.make_state(), vehicle_id=ONE))
    chooser.on_vehicle_state(
        replace(r.make_state(faults=(Fault("position", "critical", "No position estimate"),)), vehicle_id=TWO)
    )
    assert chooser.itemText(1).endswith("!")
    assert chooser.chosen == ONE
