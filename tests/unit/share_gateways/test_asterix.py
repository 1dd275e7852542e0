"""CAT062, read back by a decoder that shares no code with ours."""

from __future__ import annotations

from typing import Any

import pytest

from groundstation.share.gateways.asterix import (
    DAY_US,
    MAX_BLOCK_BYTES,
    TrackNumbers,
    blocks,
    record,
    time_of_day,
    track_name,
)
from tests.unit.share_gateways.things import T0_UTC_US, told

pyasteryx = pytest.importorskip("pyasteryx", reason="pyasteryx, the second decoder, is in the dev extra")


def decode(data: bytes) -> list[dict[str, Any]]:
    return [m.items for m in pyasteryx.Decoder().decode(data)]


def one(**changes: object) -> dict[str, Any]:
    (data,) = blocks([record(told(**changes), 1017, 213, 7, T0_UTC_US)])
    (items,) = decode(data)
    return items


def test_a_track_is_read_by_another_decoder_as_it_was_meant() -> None:
    items = one()
    assert items["I062/010"] == {"SAC": 213, "SIC": 7}
    assert items["I062/040"]["TrkN"] == 1017
    assert items["I062/105"]["Lat"] == pytest.approx(47.1234567, abs=3e-6)
    assert items["I062/105"]["Lon"] == pytest.approx(15.7654321, abs=3e-6)
    assert items["I062/185"] == {"Vx": 1.0, "Vy": -1.0}
    # One sigma of CE90 4.6 m is 2.14 m, rounded up to the next half metre.
    assert items["I062/500"]["APC"] == {"APC_X": 2.5, "APC_Y": 2.5}
    assert items["I062/245"]["TId"] == track_name("takx-1")
    assert items["I062/080"]["MON"] == 1
    (track,) = pyasteryx.tracks(pyasteryx.Decoder().decode(blocks([record(told(), 9, 1, 2, T0_UTC_US)])[0]))
    assert "track=9" in repr(track)


def test_time_of_day_wraps_at_midnight() -> None:
    assert time_of_day(0) == 0
    assert time_of_day(DAY_US - 1) == 0  # rounds up to the next midnight
    assert time_of_day(DAY_US - 10_000) == 86_400 * 128 - 1
    assert time_of_day(DAY_US + 500_000) == 64
    items = one(body={"lat_deg": 1.0, "lon_deg": 2.0, "t_utc_us": 20_000 * DAY_US + 71_234_500_000})
    assert items["I062/070"]["ToT"] == 71234.5


def test_the_end_of_a_track_and_an_exercise_are_said() -> None:
    end = one(kind="track_end", body={"state": "ended", "t_utc_us": T0_UTC_US})
    assert end["I062/080"]["TSE"] == 1
    assert "I062/105" not in end
    assert one(exercise=True)["I062/080"]["SIM"] == 1
    assert end["I062/080"]["SIM"] == 0


@pytest.mark.parametrize(("lat", "lon"), [(-89.9, -179.9), (89.9, 179.99999), (0.0, 0.0)])
def test_places_all_over_the_earth(lat: float, lon: float) -> None:
    place = one(body={"lat_deg": lat, "lon_deg": lon, "t_utc_us": T0_UTC_US})["I062/105"]
    assert place["Lat"] == pytest.approx(lat, abs=3e-6)
    assert place["Lon"] == pytest.approx(lon, abs=3e-6)


def test_many_records_are_cut_into_datagrams_that_go_through_whole() -> None:
    records = [record(told(name=f"x-{i}"), i + 1, 1, 1, T0_UTC_US) for i in range(200)]
    made = blocks(records)
    assert all(len(b) <= MAX_BLOCK_BYTES for b in made)
    assert sum(len(decode(b)) for b in made) == 200


def test_track_numbers_rest_before_they_are_used_again() -> None:
    numbers = TrackNumbers(first=65_534, rest_us=600_000_000)
    assert [numbers.number(n, 0) for n in ("a", "b", "a")] == [65_535, 1, 65_535]
    numbers.release("a", 0)
    rest = [numbers.number(f"t{i}", 1) for i in range(65_533)]
    assert 65_535 not in rest
    assert None not in rest
    assert 0 not in rest
    assert numbers.number("late", 599_000_000) is None
    assert numbers.number("late", 601_000_000) == 65_535


def test_names_are_of_eight_characters_and_do_not_repeat() -> None:
    names = {track_name(f"run-{i}") for i in range(20_000)}
    assert len(names) == 20_000
    assert all(len(n) == 8 and n.isascii() and n.isalnum() for n in names)
