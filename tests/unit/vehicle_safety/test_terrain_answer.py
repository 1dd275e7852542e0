"""Terrain for an aircraft: the posts where ArduPilot reads them, echoed blocks, no invented heights, a radio left usable."""

import math

import numpy as np
import pytest

from geofences.terrain import TerrainGrid
from groundstation.core.records import VehicleId
from groundstation.vehicle.terrain_answer import TerrainPart
from groundstation.vehicle.terrain_grid_maths import M_PER_E7, piece_places
from missions.mavlink import mavlink2 as m
from tests.helpers.mavlink_fakes import Sender
from tests.unit.vehicle_safety.states import flying

SENDER = Sender()
ALL = (1 << 56) - 1


class ArduPilotTerrain:
    """The aircraft's side, written from AP_Terrain's description: blocks, indices and bilinear reading."""

    def __init__(self, spacing_m=100):
        self.spacing_m = spacing_m
        self.blocks = {}

    @staticmethod
    def scale(lat_e7):
        return max(math.cos(math.radians(lat_e7 * 1e-7)), 0.01)

    def locate(self, lat_deg, lon_deg):
        """(block's corner, whole and fractional indices) of a place."""
        lat, lon = round(lat_deg * 1e7), round(lon_deg * 1e7)
        ref_lat, ref_lon = math.floor(lat / 1e7) * 10_000_000, math.floor(lon / 1e7) * 10_000_000
        north = (lat - ref_lat) * M_PER_E7
        east = (lon - ref_lon) * M_PER_E7 * self.scale((lat + ref_lat) / 2)
        ix, iy = int(north / self.spacing_m), int(east / self.spacing_m)
        bx, by = ix // 24, iy // 28
        d_lat = int(bx * 24 * self.spacing_m / M_PER_E7)
        d_lon = int(by * 28 * self.spacing_m / M_PER_E7 / self.scale(ref_lat + d_lat // 2))
        frac = north / self.spacing_m - ix, east / self.spacing_m - iy
        return (ref_lat + d_lat, ref_lon + d_lon), (ix % 24, iy % 28), frac

    def request(self, lat_deg, lon_deg, mask=ALL):
        corner, _, _ = self.locate(lat_deg, lon_deg)
        self.blocks.setdefault(corner, np.full((28, 32), np.nan))
        return SENDER.decoded(m.MAVLink_terrain_request_message(*corner, self.spacing_m, mask))

    def take(self, message):
        assert message.gridbit < 56
        assert message.grid_spacing == self.spacing_m
        x, y = message.gridbit // 8 * 4, message.gridbit % 8 * 4
        self.blocks[message.lat, message.lon][x : x + 4, y : y + 4] = np.reshape(message.data, (4, 4))

    def height(self, lat_deg, lon_deg):
        corner, (i, j), (fx, fy) = self.locate(lat_deg, lon_deg)
        h = self.blocks[corner]
        return (h[i, j] * (1 - fx) + h[i + 1, j] * fx) * (1 - fy) + (h[i, j + 1] * (1 - fx) + h[i + 1, j + 1] * fx) * fy


def slope(lat0, lon0, size_deg=0.12, step_deg=0.001):
    """A ground that rises 2 m per 0.001 degree north and 3 m per 0.001 degree east; exact under bilinear reading."""
    n = round(size_deg / step_deg)
    rows, columns = np.meshgrid(np.arange(n), np.arange(n), indexing="ij")
    north = lat0 + size_deg / 2
    return TerrainGrid(
        (500.0 - 2.0 * rows + 3.0 * columns).astype(np.float32), north, lon0 - size_deg / 2, step_deg, step_deg
    )


def answered(part, until_s=20.0):
    out, now_s = [], 0.0
    while now_s < until_s:
        out += [SENDER.decoded(a) for a in part.on_time(flying(), now_s)]
        now_s += 0.1
    return out


@pytest.mark.parametrize(("lat", "lon"), [(49.9, 20.9), (49.001, 20.02), (-33.4, -70.6), (0.5, 0.5), (69.7, 18.95)])
def test_the_aircraft_reads_our_ground_within_a_metre(lat, lon):
    terrain = slope(lat, lon)
    part, aircraft = TerrainPart(VehicleId(1), terrain), ArduPilotTerrain()
    part.on_message("a", aircraft.request(lat, lon), 0.0)
    answers = answered(part)
    assert len(answers) == 56
    for answer in answers:
        aircraft.take(answer)
    corner = aircraft.locate(lat, lon)[0]
    rng = np.random.default_rng(3)
    worst, tried = 0.0, 0
    for _ in range(300):
        place = lat + rng.uniform(-0.01, 0.01), lon + rng.uniform(-0.01, 0.01)
        if aircraft.locate(*place)[0] != corner:
            continue
        tried += 1
        worst = max(worst, abs(aircraft.height(*place) - float(terrain.height(*place))))
    assert tried > 20
    # Half a metre of rounding, and the ground between posts.
    assert worst < 1.0


def test_stepping_from_the_corner_instead_would_be_tens_of_metres_off():
    # Far from the whole degree: why the posts are not simply stepped from the block's corner.
    _, lon = piece_places(499_000_000, 209_000_000, 100, 55)
    stepped_lon = 20.9 + 31 * 100 / (M_PER_E7 * 1e7 * math.cos(math.radians(49.9)))
    off_m = abs(lon[3, 3] - stepped_lon) * 111_320 * math.cos(math.radians(49.9))
    assert 10.0 < off_m < 80.0


def test_latitude_longitude_and_spacing_come_back_exactly():
    part, aircraft = TerrainPart(VehicleId(1), slope(49.5, 20.5)), ArduPilotTerrain(30)
    request = aircraft.request(49.5, 20.5, mask=1 << 55 | 1)
    part.on_message("a", request, 0.0)
    answers = answered(part)
    assert {a.gridbit for a in answers} == {0, 55}
    assert {(a.lat, a.lon, a.grid_spacing) for a in answers} == {(request.lat, request.lon, 30)}


def test_bits_beyond_the_grid_and_a_spacing_of_nothing_are_not_answered():
    part = TerrainPart(VehicleId(1), slope(49.5, 20.5))
    part.on_message("a", SENDER.decoded(m.MAVLink_terrain_request_message(495000000, 205000000, 100, 1 << 60)), 0.0)
    part.on_message("a", SENDER.decoded(m.MAVLink_terrain_request_message(495000000, 205000000, 0, 1)), 0.0)
    assert answered(part) == []
    with pytest.raises(ValueError, match="no piece 56"):
        piece_places(0, 0, 100, 56)


def test_heights_that_are_not_known_are_not_sent():
    terrain = slope(49.5, 20.5, size_deg=0.012)
    part, aircraft = TerrainPart(VehicleId(1), terrain), ArduPilotTerrain()
    part.on_message("a", aircraft.request(49.5, 20.5), 0.0)
    answers = answered(part)
    assert 0 < len(answers) < 56
    assert part.served.blocks_unknown == 56 - len(answers)
    silent = TerrainPart(VehicleId(1), None)
    silent.on_message("a", aircraft.request(49.5, 20.5), 0.0)
    assert answered(silent) == []


def test_a_radio_is_left_usable_and_repeated_requests_are_not_queued_twice():
    part, aircraft = TerrainPart(VehicleId(1), slope(49.5, 20.5), pieces_per_s=10.0), ArduPilotTerrain()
    for _ in range(5):
        part.on_message("a", aircraft.request(49.5, 20.5), 0.0)
    assert len(answered(part, 2.0)) <= 21
    assert len(answered(part, 60.0)) <= 56


def report(lat, lon, height, spacing=100, pending=0):
    return SENDER.decoded(
        m.MAVLink_terrain_report_message(round(lat * 1e7), round(lon * 1e7), spacing, height, 50.0, pending, 56)
    )


def test_the_aircraft_can_be_asked_for_its_own_height():
    part = TerrainPart(VehicleId(1), slope(49.5, 20.5))
    key = part.ask(49.51, 20.49)
    (question,) = part.on_time(flying(), 0.0)
    assert question.get_type() == "TERRAIN_CHECK"
    part.on_message("a", report(49.5, 20.5, 400.0), 0.1)
    assert key not in part.answers, "that was the place where it is"
    part.on_message("a", report(49.51, 20.49, 412.0), 0.2)
    assert part.answers[key].height_amsl_m == 412.0
    empty = part.ask(49.6, 20.6)
    part.on_time(flying(), 1.0)
    part.on_message("a", report(49.6, 20.6, 0.0, spacing=0), 1.1)
    assert math.isnan(part.answers[empty].height_amsl_m)


def test_another_ground_than_ours_and_no_ground_at_all_are_faults():
    part = TerrainPart(VehicleId(1), slope(49.5, 20.5))
    ours = float(slope(49.5, 20.5).height(49.5, 20.5))
    keys = []
    for second in range(30):
        part.on_message("a", report(49.5, 20.5, ours + 50.0), float(second))
        keys = [f.key for f in part.faults(flying(), float(second))]
    assert keys == ["terrain_differs"]
    for second in range(30, 60):
        part.on_message("a", report(49.5, 20.5, 0.0, spacing=0), float(second))
        keys = [f.key for f in part.faults(flying(), float(second))]
    assert keys == ["terrain_missing"]
