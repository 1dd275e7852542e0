"""Orders to a gimbal manager: units, NaN for what is not meant, the lock in every one."""

import math

import pytest

from groundstation.core.records import VehicleId
from groundstation.vehicle import gimbal as g
from groundstation.vehicle.gimbal import GimbalPart
from missions.mavlink import mavlink2 as m
from sim.autopilot.gimbal import Gimbal, Targeting
from sim.autopilot.parameters import Parameters
from tests.helpers.mavlink_fakes import Sender
from tests.unit.vehicle_safety.states import flying

SENDER = Sender()
TARGET = VehicleId(1)


def on_the_wire(command):
    return SENDER.decoded(command.encode(TARGET, 0))


def test_the_command_is_in_degrees_with_flags_in_x_and_the_gimbal_in_z():
    c = on_the_wire(g.angles_order(-30.0, 200.0, gimbal_id=2))
    assert c.get_type() == "COMMAND_INT"
    assert (c.command, c.param1, c.param2, c.z) == (1000, -30.0, -160.0, 2.0)
    assert math.isnan(c.param3)
    assert math.isnan(c.param4)
    assert c.x & 16


def test_the_message_is_in_radians():
    message = SENDER.decoded(g.set_angles_message(TARGET, -30.0, 90.0))
    assert message.pitch == pytest.approx(math.radians(-30.0))
    assert message.yaw == pytest.approx(math.radians(90.0))
    assert math.isnan(message.pitch_rate)
    assert math.isnan(message.yaw_rate)
    assert message.flags & 16
    rates = SENDER.decoded(g.set_rates_message(TARGET, 1.0, -2.0))
    assert math.isnan(rates.pitch)
    assert rates.yaw_rate == pytest.approx(math.radians(-2.0))


def test_every_order_but_neutral_keeps_the_lock():
    for order in (g.angles_order(0.0, 0.0), g.rates_order(1.0, 1.0), g.lock_order(True)):
        assert on_the_wire(order).x & 16
    assert not on_the_wire(g.lock_order(False)).x & 16
    assert on_the_wire(g.neutral_order()).x == 2


def test_an_order_of_no_number_is_no_order():
    for make in (
        lambda: g.angles_order(math.nan, 0.0),
        lambda: g.rates_order(0.0, math.inf),
        lambda: g.look_at_order(1, 2, math.nan),
    ):
        with pytest.raises(ValueError, match="not a number"):
            make()


def test_a_place_goes_by_int_in_a_global_frame():
    c = on_the_wire(g.look_at_order(49.1234567, 20.7654321, 312.0))
    assert (c.command, c.frame, c.x, c.y, c.z) == (195, 0, 491234567, 207654321, 312.0)
    assert on_the_wire(g.look_at_order(49.0, 20.0, 12.0, above_home=True)).frame == 6
    assert on_the_wire(g.look_at_nothing_order()).command == 197


def test_the_simulated_gimbal_understands_both_forms_alike():
    # The simulator reads them by the same rules as ArduPilot: what it ends up doing is the judge.
    by_command, by_message = Gimbal(Parameters()), Gimbal(Parameters())
    c = on_the_wire(g.angles_order(-40.0, 100.0))
    assert by_command.order(c.x, c.param1, c.param2, c.param3, c.param4)
    w = SENDER.decoded(g.set_angles_message(TARGET, -40.0, 100.0))
    degrees = (math.degrees(v) for v in (w.pitch, w.yaw, w.pitch_rate, w.yaw_rate))
    assert by_message.order(w.flags, *degrees)
    for gimbal in (by_command, by_message):
        assert gimbal.target.kind is Targeting.ANGLES
        assert gimbal.target.pitch_deg == pytest.approx(-40.0, abs=1e-4)
        assert gimbal.target.yaw_deg == pytest.approx(100.0, abs=1e-4)
        assert gimbal.target.yaw_lock


def information(pitch=(-90.0, 20.0), flags=0x400, gimbal_id=1):
    low, high = (math.radians(v) for v in pitch)
    return SENDER.decoded(m.MAVLink_gimbal_manager_information_message(0, flags, gimbal_id, 0, 0, low, high, -3.1, 3.1))


def status(primary=(0, 0), secondary=(0, 0), flags=16):
    return SENDER.decoded(m.MAVLink_gimbal_manager_status_message(0, flags, 1, *primary, *secondary))


def test_ranges_and_lock_are_read():
    part = GimbalPart(TARGET)
    part.on_message("a", information(), 0.0)
    part.on_message("a", status(), 0.0)
    gimbal = part.gimbals[1]
    assert gimbal.pitch_range_deg == pytest.approx((-90.0, 20.0), abs=1e-4)
    assert gimbal.has_yaw_lock
    assert gimbal.yaw_lock
    assert part.reach_problem(-45.0) == ""
    assert "reaches -90 to 20" in part.reach_problem(40.0)
    assert GimbalPart(TARGET).reach_problem(40.0) == "", "what is not known is no reason"


def test_another_station_in_control_is_told_and_our_own_is_not():
    part = GimbalPart(TARGET, own=(255, 190))
    part.on_message("a", status(primary=(255, 190)), 0.0)
    assert not part.faults(flying(), 0.0)
    part.on_message("a", status(primary=(1, 1)), 0.0)
    assert not part.faults(flying(), 0.0), "the aircraft itself, by its mission or its transmitter"
    part.on_message("a", status(primary=(254, 190)), 0.0)
    (fault,) = part.faults(flying(), 0.0)
    assert (fault.key, "254.190" in fault.text) == ("camera_foreign", True)
