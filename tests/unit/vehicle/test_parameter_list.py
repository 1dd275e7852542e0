"""All parameters by file and by list, over bad links; the cache; what is known of single ones."""

import asyncio
import json
from dataclasses import replace

import pytest

from groundstation.core.clock import SystemClock
from groundstation.vehicle.parameter_book import ParameterBook
from groundstation.vehicle.parameter_cache import ParameterCache, parameters_digest
from groundstation.vehicle.parameter_list import ParameterDownload
from groundstation.vehicle.parameter_table import FACTS, check_edit, facts_of
from missions.ftp import FtpPeer
from missions.ftp_parameters import ParameterValue
from tests.helpers.parked import ParkedAutopilot, SimVehicle
from tests.unit.missions.fake_vehicle import STATION, VEHICLE, BadLink, run
from tests.unit.vehicle.cut_link import SimPort


def truth(vehicle):
    table = vehicle.autopilot.parameters
    return {table.by_index(n).name: (table.by_index(n).value, table.by_index(n).kind) for n in range(len(table))}


@pytest.mark.parametrize("ftp", [FtpPeer, lambda: None], ids=["file", "list"])
@pytest.mark.parametrize("loss", [0.0, 0.1, 0.3])
def test_every_parameter_comes(ftp, loss):
    vehicle = SimVehicle()
    result = run(ParameterDownload(VEHICLE, STATION, ftp()), vehicle, BadLink(4, loss, delay_s=(0.02, 0.05)))
    assert result.ok, result.reason
    assert {n: (p.value, p.param_type) for n, p in result.values.items()} == truth(vehicle)


def test_an_aircraft_without_files_is_read_by_list():
    vehicle = SimVehicle()
    vehicle.autopilot.ftp._exists = lambda path: False
    result = run(ParameterDownload(VEHICLE, STATION, FtpPeer()), vehicle)
    assert result.ok
    assert result.method == "ftp, then list"


def test_a_silent_aircraft_ends_it():
    class Silent(SimVehicle):
        def on_message(self, message, now_s):
            return []

    result = run(ParameterDownload(VEHICLE, STATION), Silent())
    assert not result.ok
    assert "no answer" in result.reason


def test_one_that_never_comes_is_told():
    class Hole(SimVehicle):
        def _without(self, messages):
            return [m for m in messages if m.get_type() != "PARAM_VALUE" or m.param_index != 5]

        def on_message(self, message, now_s):
            return self._without(super().on_message(message, now_s))

        def on_time(self, now_s):
            return self._without(super().on_time(now_s))

    result = run(ParameterDownload(VEHICLE, STATION), Hole())
    assert "1 of" in result.reason
    assert "number 5" in result.reason


VALUES = {"A": ParameterValue("A", 1.5, 9), "B": ParameterValue("B", 2.0, 2)}


def test_what_was_read_is_kept_by_aircraft_and_firmware(tmp_path):
    cache = ParameterCache(tmp_path / "new")
    kept = cache.put("1.1", "4.6.0", 5, VALUES)
    again = ParameterCache(tmp_path / "new")
    assert again.get("1.1", "4.6.0") == kept
    assert again.get("1.1", "4.7.0") is None
    assert again.get("2.1", "4.6.0") is None
    assert cache.fits(kept, 2, {"A": 1.5, "OTHER": 9.0})
    assert not cache.fits(kept, 3, {})
    assert not cache.fits(kept, 2, {"A": 1.6})


def test_what_was_tampered_with_is_absent(tmp_path):
    cache = ParameterCache(tmp_path)
    cache.put("1.1", "4.6.0", 5, VALUES)
    (path,) = tmp_path.iterdir()
    document = json.loads(path.read_text())
    document["values"]["A"][0] = 99.0
    for text in (json.dumps(document), "{", "[]", "null", "{}"):
        path.write_text(text)
        assert cache.get("1.1", "4.6.0") is None


def test_the_digest_knows_no_order_and_every_value():
    a, b = VALUES.values()
    assert parameters_digest([a, b]) == parameters_digest([b, a])
    assert parameters_digest([a, replace(b, value=3.0)]) != parameters_digest([a, b])
    assert parameters_digest([a, replace(b, name="C")]) != parameters_digest([a, b])


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("FENCE_ALT_MAX", 5.0, "between 10 and 1000 m"),
        ("FENCE_ENABLE", 0.5, "whole"),
        ("FENCE_ENABLE", 2.0, "between"),
        ("FENCE_ALT_MAX", float("nan"), "not a number"),
    ],
)
def test_what_is_out_of_range_is_refused(name, value, word):
    check = check_edit(name, value, old=100.0)
    assert not check.ok
    assert word in check.errors[0]


def test_what_must_be_known_is_told():
    assert any("started again" in n for n in check_edit("BATT_MONITOR", 4, old=0).notes)
    assert check_edit("BATT_MONITOR", 4, old=4).notes == ()
    assert not check_edit("FENCE_ALT_MAX", 100.0).ok, "the aircraft has none"
    assert any("nothing is known" in n for n in check_edit("ATC_RAT_RLL_P", 0.1, old=0.2).notes)
    assert any("armed" in n for n in check_edit("FENCE_ALT_MAX", 100.0, old=90.0, armed=True).notes)
    assert any("none of" in n for n in check_edit("FENCE_ACTION", 5, old=1, family="plane").notes)


def test_the_same_number_means_another_thing_to_another_vehicle():
    facts = facts_of("BATT_FS_LOW_ACT")
    assert facts.words(2.0, "copter") == "2 (RTL)"
    assert facts.words(2.0, "plane") == "2 (land)"
    assert facts.words(2.0) == "2"
    assert facts_of("FENCE_TYPE").words(5.0) == "5 (max altitude, polygons and circles)"
    assert facts_of("SYSID_MYGCS") is FACTS["MAV_GCS_SYSID"], "a former name of the same unit"
    assert facts_of("RTL_ALT").unit == "cm"
    assert facts_of("RTL_ALT_M").unit == "m"


def test_the_book_reads_by_file_and_by_list_from_the_cache(tmp_path):
    async def main():
        book = ParameterBook(ParameterCache(tmp_path), SystemClock())
        by_file, by_list = SimPort(ParkedAutopilot()), SimPort(ParkedAutopilot(), files=False)
        assert (await book.read(by_file)).method == "ftp"
        first = await book.read(by_list)
        assert (first.method, first.ok) == ("cache", True), "the same aircraft, read by file before"
        assert (await book.read(by_list, fresh=True)).method == "list"
        by_list.autopilot.parameters.set("FENCE_TYPE", 5.0)
        again = await book.read(by_list)
        assert again.method == "list", "a value that was looked at is another"
        assert again.values["FENCE_TYPE"].value == 5.0

    asyncio.run(main())


def test_an_edit_is_checked_before_and_echoed_after():
    async def main():
        book, port = ParameterBook(None, SystemClock()), SimPort(ParkedAutopilot())
        edit = await book.edit(port, "FENCE_ALT_MAX", 80.0)
        assert edit.ok
        assert port.autopilot.parameters["FENCE_ALT_MAX"] == 80.0
        edit = await book.edit(port, "FENCE_ALT_MAX", 8000.0)
        assert not edit.ok
        assert "between" in edit.result.reason
        assert port.autopilot.parameters["FENCE_ALT_MAX"] == 80.0
        edit = await book.edit(port, "NOT_THERE", 1.0)
        assert "does not exist" in edit.result.reason  # what the aircraft itself says

    asyncio.run(main())
