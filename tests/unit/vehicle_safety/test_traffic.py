"""Contacts: validity, age, altitude and closest approach."""

import math

import pytest

from groundstation.core.records import VehicleId
from groundstation.vehicle.traffic import TrafficPart
from missions.mavlink import mavlink2 as m
from tests.helpers.mavlink_fakes import Sender
from tests.helpers.patrol import around
from tests.unit.vehicle_safety.states import ALT, LAT, LON, flying

ALL = 1 | 2 | 4 | 8 | 16 | 32 | 128
SENDER = Sender()


def adsb(north_m=0.0, east_m=3000.0, alt_m=ALT + 50.0, heading_deg=270.0, speed_m_s=50.0, climb_m_s=0.0, tslc=0,
         flags=ALL, icao=0xABC123, geometric=True):  # fmt: skip
    lat, lon = around(LAT, LON, north_m, east_m)
    return SENDER.decoded(
        m.MAVLink_adsb_vehicle_message(
            icao, round(lat * 1e7), round(lon * 1e7), 1 if geometric else 0, round(alt_m * 1000), round(heading_deg * 100),
            round(speed_m_s * 100), round(climb_m_s * 100), b"TEST12", 1, tslc, flags, 1200,
        )
    )  # fmt: skip


def picture(*messages, state=None, now_s=100.0, heard_s=100.0):
    part = TrafficPart(VehicleId(1))
    for message in messages:
        part.on_message("a", message, heard_s)
    part.on_time(state or flying(), now_s)
    return part.picture


def test_one_that_comes_straight_at_us_is_told_with_its_time_and_place():
    (contact,) = picture(adsb(east_m=2900.0)).contacts
    assert contact.cpa_s == pytest.approx(58.0, rel=0.01)
    assert contact.cpa_distance_m == pytest.approx(0.0, abs=15.0)
    assert contact.level == "caution"
    assert contact.callsign == "TEST12"
    (near,) = picture(adsb(east_m=1000.0)).contacts
    assert near.level == "warning"


def test_one_that_flies_away_or_far_above_is_none():
    assert picture(adsb(heading_deg=90.0, east_m=4000.0)).level == "none"
    assert picture(adsb(alt_m=ALT + 1500.0)).level == "none"


def test_one_that_descends_through_our_height_is_told():
    descending = adsb(alt_m=ALT + 50.0 + 1000.0, climb_m_s=-1000.0 / 60.0)
    assert picture(descending).level == "advisory"


def test_our_own_movement_counts():
    towards = flying(velocity_ned_m_s=(0.0, 20.0, 0.0))
    (contact,) = picture(adsb(speed_m_s=0.0, east_m=1200.0), state=towards).contacts
    assert contact.cpa_s == pytest.approx(60.0, rel=0.01)


def test_invalid_fields_are_not_believed():
    assert picture(adsb(flags=ALL & ~1)).contacts == ()
    (blind,) = picture(adsb(east_m=700.0, alt_m=9000.0, flags=ALL & ~2)).contacts
    assert math.isnan(blind.alt_m)
    assert blind.altitude_kind == "unknown"
    assert blind.level == "caution" or blind.level == "warning", "an unknown height is taken for ours"
    (still,) = picture(adsb(east_m=2000.0, flags=ALL & ~8)).contacts
    assert math.isnan(still.speed_m_s)
    assert still.cpa_s == 0.0


def test_a_pressure_altitude_is_given_more_room():
    assert picture(adsb(east_m=1000.0, alt_m=ALT + 50.0 + 300.0, geometric=False)).level == "warning"
    assert picture(adsb(east_m=1000.0, alt_m=ALT + 50.0 + 300.0)).level == "advisory"


def test_age_is_that_of_its_own_word_and_old_ones_go():
    (contact,) = picture(adsb(tslc=4), now_s=102.0).contacts
    assert contact.age_s == pytest.approx(6.0)
    assert contact.distance_m == pytest.approx(3000.0 - 6 * 50.0, rel=0.02), "brought up to date along its way"
    assert picture(adsb(tslc=4), now_s=106.5).contacts == ()


def test_an_older_report_of_a_slower_link_does_not_replace_a_newer_one():
    (contact,) = picture(adsb(tslc=0, east_m=3000.0), adsb(tslc=6, east_m=9000.0)).contacts
    assert contact.distance_m == pytest.approx(3000.0, rel=0.02)


def test_the_most_urgent_comes_first_and_becomes_the_fault():
    part = TrafficPart(VehicleId(1))
    part.on_message("a", adsb(icao=1, east_m=9000.0, heading_deg=90.0), 100.0)
    part.on_message("a", adsb(icao=2, east_m=800.0), 100.0)
    part.on_time(flying(), 100.0)
    (fault,) = part.faults(flying(), 100.0)
    assert (fault.key, fault.severity) == ("traffic", "critical")
    assert "TEST12" in fault.text
    (grounded,) = part.faults(flying(armed=False), 100.1)
    assert grounded.severity == "info"


def test_the_fault_does_not_flicker_and_goes_in_the_end():
    part = TrafficPart(VehicleId(1))
    part.on_message("a", adsb(east_m=800.0), 100.0)
    part.on_time(flying(), 100.0)
    assert part.faults(flying(), 100.0)
    part.on_time(flying(), 111.0)
    assert part.picture.contacts == ()
    assert part.faults(flying(), 111.0), "still standing just after it was dropped"
    assert not part.faults(flying(), 117.0)


def test_our_own_transponder_is_no_traffic():
    part = TrafficPart(VehicleId(1), own_icao=0xABC123)
    part.on_message("a", adsb(), 100.0)
    part.on_time(flying(), 100.0)
    assert part.picture.contacts == ()


def test_nothing_breaks_before_our_own_position_is_known():
    nan = math.nan
    lost = flying(lat_deg=nan, lon_deg=nan, alt_amsl_m=nan, velocity_ned_m_s=(nan, nan, nan))
    (contact,) = picture(adsb(), state=lost).contacts
    assert contact.level == "none"
