"""Standing faults with memory: they come when they should, say what to do, and do not flicker."""

import itertools
import math

import pytest

from groundstation.core.records import VehicleId
from groundstation.vehicle.health import BatteryClock, HealthPart
from missions.mavlink import mavlink2 as m
from tests.helpers.mavlink_fakes import Sender
from tests.helpers.patrol import around
from tests.unit.vehicle_safety.states import LAT, LON, flying

SENDER = Sender()


def position(time_s, north_m=0.0, vx_m_s=0.0):
    lat, lon = around(LAT, LON, north_m, 0.0)
    return SENDER.decoded(
        m.MAVLink_global_position_int_message(
            round(time_s * 1000), round(lat * 1e7), round(lon * 1e7), 350_000, 50_000, round(vx_m_s * 100), 0, 0, 0
        )
    )


def gps(fix=3, eph=80, satellites=14):
    return SENDER.decoded(
        m.MAVLink_gps_raw_int_message(0, fix, 490000000, 200000000, 300000, eph, 100, 0, 0, satellites)
    )


def ekf(flags=831, position_variance=0.1, compass=0.1):
    return SENDER.decoded(m.MAVLink_ekf_status_report_message(flags, 0.1, position_variance, 0.1, compass, 0.0))


def battery(percent, used_mah=0, time_s=0):
    return SENDER.decoded(
        m.MAVLink_battery_status_message(0, 0, 0, 0, [4000] * 10, 1000, used_mah, -1, percent, time_s)
    )


def sys_status(bad_bits):
    present = 0x3F
    return SENDER.decoded(
        m.MAVLink_sys_status_message(present, present, present & ~bad_bits, 0, 24000, 0, 80, 0, 0, 0, 0, 0, 0)
    )


def run(part, feed, end_s, start_s=0.0, state=None, step_s=0.5):
    """Positions at 2 Hz and whatever ``feed`` gives; the faults at the end and every set of keys on the way."""
    keys, faults, now_s = [], (), start_s
    while now_s <= end_s:
        part.on_message("a", position(now_s), now_s)
        for message in feed(now_s):
            part.on_message("a", message, now_s)
        faults = part.faults(state or flying(), now_s)
        keys.append({f.key for f in faults})
        now_s += step_s
    return faults, keys


def keys_of(*messages, state=None):
    faults, _ = run(HealthPart(VehicleId(1)), lambda _: messages, 5.0, state=state)
    return {f.key: f for f in faults}


def test_a_healthy_aircraft_has_no_fault():
    assert keys_of(gps(), ekf(), battery(80), sys_status(0)) == {}


def test_late_positions_are_told_but_not_while_a_transfer_slows_the_streams():
    part = HealthPart(VehicleId(1))
    part.on_message("a", position(0.0), 0.0)
    assert not part.faults(flying(), 2.9)
    assert part.faults(flying(), 3.1)[0].key == "telemetry"
    part.on_message("a", position(4.0), 4.0)
    assert "were late" in part.faults(flying(), 4.1)[0].text
    assert not part.faults(flying(), 5.5)
    request = SENDER.decoded(m.MAVLink_mission_request_message(255, 190, 3, 0))
    part.on_message("a", request, 8.0)
    assert not part.faults(flying(), 12.0), "four times slower"
    for _ in range(5):
        part.on_message("a", SENDER.decoded(m.MAVLink_param_value_message(b"A", 1.0, 9, 1, 0)), 12.0)
    part.on_message("a", request, 12.0)
    assert not part.faults(flying(), 16.5), "and four times again"
    assert part.faults(flying(), 30.0)
    part.on_message("a", position(31.0), 31.0)
    part.faults(flying(), 31.0)
    assert not part.faults(flying(), 32.1)
    part.on_message("a", SENDER.decoded(m.MAVLink_param_value_message(b"A", 1.0, 9, 1, 0)), 34.0)
    assert part.faults(flying(), 34.5), "one parameter is no transfer"


def test_nothing_is_told_of_old_values_once_the_link_is_lost():
    assert keys_of(gps(fix=0), state=flying(link_alive=False)) == {}


def test_gps_faults():
    assert set(keys_of(gps(fix=2))) == {"gps_fix"}
    assert set(keys_of(gps(satellites=6))) == {"gps_satellites"}
    assert keys_of(gps(eph=250))["gps_hdop"].severity == "warning"
    assert keys_of(gps(eph=450))["gps_hdop"].severity == "critical"
    assert "gps_hdop" not in keys_of(gps(eph=65_535))


def test_a_jump_of_the_position_is_told_and_a_fast_flight_is_not():
    part = HealthPart(VehicleId(1))
    for n in range(10):
        part.on_message("a", position(n, 20.0 * n, 20.0), float(n))
    assert not part.faults(flying(), 9.0)
    part.on_message("a", position(10.0, 20.0 * 10 + 80.0, 20.0), 10.0)
    (fault,) = part.faults(flying(), 10.1)
    assert fault.key == "gps_jump"
    assert "80 m" in fault.text
    for n in range(11, 25):
        part.on_message("a", position(n, 280.0 + 20.0 * (n - 10), 20.0), float(n))
        last = part.faults(flying(), float(n))
    assert not last


def test_estimator_flags_and_variances_against_the_threshold_of_the_aircraft():
    told = keys_of(ekf(flags=831 & ~0x10))
    assert "not trusted" in told["ekf_position"].remedy
    assert keys_of(ekf(compass=0.7))["ekf_variance"].severity == "warning"
    assert "compass" in keys_of(ekf(compass=0.9))["ekf_variance"].text
    assert keys_of(ekf(position_variance=0.9))["ekf_variance"].severity == "critical"
    part = HealthPart(VehicleId(1))
    part._parameters.learn({"FS_EKF_THRESH": 2.0})
    faults, _ = run(part, lambda _: [ekf(position_variance=0.9)], 5.0)
    assert not faults


@pytest.mark.parametrize(("bit", "key"), [(4, "sensor_compass"), (1, "sensor_gyroscope"), (8, "sensor_barometer")])
def test_sensors_by_their_health_bits(bit, key):
    assert set(keys_of(sys_status(bit))) == {key}


def test_a_value_on_the_edge_does_not_flicker():
    _, keys = run(HealthPart(VehicleId(1)), lambda t: [gps(satellites=7 if int(t) % 2 else 8)], 30.0)
    changes = sum(a != b for a, b in itertools.pairwise(keys))
    assert changes <= 1


def test_vibration_and_clipping():
    def vibration(level, clips):
        return SENDER.decoded(m.MAVLink_vibration_message(0, level, 1.0, 1.0, clips, 0, 0))

    assert keys_of(vibration(40.0, 0))["vibration"].severity == "warning"
    assert keys_of(vibration(70.0, 0))["vibration"].severity == "critical"
    assert "vibration" not in keys_of(vibration(5.0, 7)), "old clips are no fault"
    faults, _ = run(HealthPart(VehicleId(1)), lambda t: [vibration(5.0, int(t))], 5.0)
    assert "clip" in faults[0].text


def test_wind():
    wind = SENDER.decoded(m.MAVLink_wind_message(270.0, 12.0, 0.0))
    assert keys_of(wind)["wind"].severity == "warning"


def test_battery_time_by_what_was_used_not_by_percent_alone():
    clock = BatteryClock()
    for second in range(0, 100, 10):
        clock.add(float(second), 60.0, 10.0 * second, math.nan)
    assert clock.left_s(10_000.0) == pytest.approx(600.0), "6 Ah left at 10 mAh/s"
    assert math.isnan(clock.left_s(None)), "percent has not moved yet"
    by_percent = BatteryClock()
    for second in range(0, 121, 10):
        by_percent.add(float(second), 60.0 - second // 30, math.nan, math.nan)
    assert by_percent.left_s(None) == pytest.approx(56.0 * 30.0)
    by_percent.add(130.0, 100.0, math.nan, math.nan)
    assert math.isnan(by_percent.left_s(None)), "a fresh battery starts anew"


def test_the_aircrafts_own_estimate_comes_first():
    clock = BatteryClock()
    clock.add(0.0, 50.0, 0.0, 240.0)
    assert clock.left_s(None) == 240.0


def test_a_battery_that_does_not_last_for_the_way_home_is_critical():
    lat, lon = around(LAT, LON, 3000.0, 0.0)
    far = flying(lat_deg=lat, lon_deg=lon)
    told = keys_of(battery(40, 0, 500), state=far)["battery_time"]
    assert (told.severity, told.remedy) == ("critical", "return now")
    assert "10 min" in told.text
    assert keys_of(battery(40, 0, 900), state=far)["battery_time"].severity == "warning"
    assert "battery_time" not in keys_of(battery(40, 0, 1500), state=far)
    assert "battery_time" not in keys_of(battery(40, 0, 100), state=flying(armed=False, lat_deg=lat, lon_deg=lon))
