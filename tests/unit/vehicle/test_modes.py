"""Modes by the firmware's table, by the aircraft's own list, and of PX4."""

from dataclasses import replace

import pytest

from groundstation.core.records import FlightMode, VehicleId, VehicleState
from groundstation.vehicle.modes import canonical, choose_mode, mode_name, mode_names, modes_complete
from groundstation.vehicle.reducer import StateReducer, reduce
from missions.mavlink import MODE_MESSAGES
from missions.mavlink import mavlink2 as m
from tests.helpers.mavlink_fakes import Sender, heartbeat

COPTER = VehicleState(VehicleId(1, 1), 0, 0, autopilot="ArduPilot", vehicle_type="quadrotor")
AVAILABLE, _, _ = MODE_MESSAGES


def _listed(*modes, count=None, state=COPTER):
    sender = Sender()
    for index, (number, name, properties) in enumerate(modes, start=1):
        message = AVAILABLE(count or len(modes), index, 0, number, properties, name.encode())
        state = reduce(state, sender.decoded(message), 5, 6)
    return state


OWN = [(0, "Stabilize", 0), (6, "RTL", 0), (27, "Auto RTL", 2), (104, "My Script", 0)]


def test_without_a_list_the_firmwares_table_decides():
    assert choose_mode(COPTER, "GUIDED").number == 4
    assert choose_mode(COPTER, "smart rtl").number == 21
    assert "no mode QLOITER" in choose_mode(COPTER, "QLOITER").reason
    assert choose_mode(replace(COPTER, vehicle_type="fixed wing"), "GUIDED").number == 15
    assert choose_mode(replace(COPTER, vehicle_type="ground rover"), "GUIDED").number == 15


def test_the_aircrafts_own_list_decides_when_it_is_whole():
    part = _listed(*OWN[:2], count=4)
    assert not modes_complete(part)
    assert choose_mode(part, "GUIDED").number == 4, "half a list says nothing of what is not on it"
    whole = _listed(*OWN)
    assert modes_complete(whole)
    assert mode_names(whole) == ("STABILIZE", "RTL", "MY_SCRIPT")
    assert choose_mode(whole, "my_script").number == 104
    assert "has no mode GUIDED" in choose_mode(whole, "GUIDED").reason
    assert "enters it by itself" in choose_mode(whole, "AUTO_RTL").reason


def test_a_list_of_another_length_is_another_list_and_nonsense_is_none():
    whole = _listed(*OWN)
    changed = _listed((0, "Stabilize", 0), count=3, state=whole)
    assert changed.modes_expected == 3
    assert len(changed.available_modes) == 1
    sender = Sender()
    for count, index in ((0, 0), (4, 5), (4, 0), (255, 200)):
        nonsense = sender.decoded(AVAILABLE(count, index, 0, 1, 0, b"x"))
        assert reduce(whole, nonsense, 7, 8).available_modes == whole.available_modes


def test_a_modes_name_is_the_firmwares_even_where_the_aircraft_says_it_otherwise():
    state = reduce(_listed(*OWN), Sender().decoded(heartbeat(custom_mode=6)), 7, 8)
    assert state.mode == "RTL"
    assert reduce(state, Sender().decoded(heartbeat(custom_mode=104)), 7, 8).mode == "MY_SCRIPT"
    assert reduce(state, Sender().decoded(heartbeat(custom_mode=99)), 7, 8).mode == "MODE 99"
    assert canonical(" Altitude  Hold ") == "ALTITUDE_HOLD"


@pytest.mark.parametrize(
    ("main", "sub", "name"),
    [(1, 0, "MANUAL"), (3, 0, "POSITION"), (3, 1, "ORBIT"), (4, 4, "MISSION"), (4, 5, "RETURN"), (6, 0, "OFFBOARD"),
     (4, 0, "AUTO"), (4, 12, "MODE 201588736"), (77, 0, "MODE 5046272")],
)  # fmt: skip
def test_px4_modes(main, sub, name):
    custom = main << 16 | sub << 24
    assert mode_name(2, custom, autopilot=12) == name
    own = (FlightMode(1, 4 << 16 | 12 << 24, "Precision Patrol"),)
    assert mode_name(2, 4 << 16 | 12 << 24, 12, own) == "PRECISION_PATROL"


def test_px4_is_shown_and_read_only():
    state = reduce(COPTER, Sender().decoded(m.MAVLink_heartbeat_message(2, 12, 0x81, 4 << 16 | 3 << 24, 4, 3)), 7, 8)
    assert (state.autopilot, state.mode, state.armed, state.read_only) == ("PX4", "HOLD", True, True)
    estimate = m.MAVLink_estimator_status_message(0, 831, 0, 0, 0, 0, 0, 0, 0, 0)
    assert reduce(state, Sender().decoded(estimate), 7, 8).position_ok


def test_the_pre_arm_bit_holds_for_the_mode_it_was_judged_in():
    bit = 0x10000000
    reducer, sender = StateReducer(COPTER), Sender()

    def hear(message):
        reducer.on_message(sender.decoded(message), 7, 8)
        return reducer.state.prearm_ok

    def status(health, enabled=bit):
        return m.MAVLink_sys_status_message(bit, enabled, health, 0, 12_000, 0, 50, 0, 0, 0, 0, 0, 0)

    assert hear(heartbeat(custom_mode=0)) is None
    assert hear(status(bit)) is True
    assert hear(heartbeat(custom_mode=0)) is True
    assert hear(heartbeat(custom_mode=4)) is None, "nobody has judged GUIDED yet"
    assert hear(status(0)) is False
    assert hear(status(bit, enabled=0)) is None, "the checks are switched off"
