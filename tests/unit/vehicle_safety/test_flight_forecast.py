"""The wind and the fences ahead as the station tells them to its console."""

import math

import pytest

from groundstation.core.records import VehicleId
from groundstation.vehicle.fence_part import FencePart
from missions.mavlink import mavlink2
from tests.helpers.mavlink_fakes import Sender

VEHICLE = VehicleId(1, 1)


def heard(message: object, system: int = 1) -> object:
    sender = Sender(system)
    (decoded,) = sender._in.parse_buffer(sender.packet(message))
    return decoded


def test_wind_is_told_as_where_the_air_goes_and_only_while_it_is_new() -> None:
    part = FencePart(VEHICLE, "copter")
    assert part.record(100.0).wind_en_m_s is None, "never heard"
    part.on_message("a", heard(mavlink2.MAVLink_wind_message(270.0, 6.0, 0.0)), 100.0)
    east, north = part.record(101.0).wind_en_m_s
    assert east == pytest.approx(6.0, abs=1e-4), "from the west it blows to the east"
    assert math.isclose(north, 0.0, abs_tol=1e-4)
    assert part.record(111.0).wind_en_m_s is None


def test_the_wind_of_another_aircraft_is_not_ours() -> None:
    part = FencePart(VEHICLE, "copter")
    part.on_message("a", heard(mavlink2.MAVLink_wind_message(270.0, 6.0, 0.0), system=2), 100.0)
    assert part.record(101.0).wind_en_m_s is None
